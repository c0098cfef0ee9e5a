// Several answers to one sheet, and what was agreed on.

#include "sekimori/report/committee.h"

#include "sekimori/bytes/error.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const QuestionSet& ssat() {
  static const auto set = built_in_question_set("ssat");
  return set;
}

Answers sheet(const std::string& rows, const std::string& cover = "") {
  return parse_answers(cover + "id,answer,after,answered_by\n" + rows, "sheet.csv", ssat());
}

TEST_CASE("Committee: agreement is told by question", "[committee]") {
  // As in the published trial, Q65 was agreed on against what a member said.
  const auto consensus = sheet("65,no,yes,\n9,yes,,\n10,partial,,\n16,no,,\n18,yes,,\n");
  const std::vector<Answers> members{sheet("65,no,,A\n9,yes,,A\n10,yes,,A\n16,no,,A\n"),
                                     sheet("65,no,,B\n9,yes,,B\n10,no,,B\n16,yes,,B\n"),
                                     sheet("65,yes,,\n9,yes,,\n16,yes,,\n", "person,Sato\n")};
  const auto section = committee_section(ssat(), consensus, members);
  CHECK(section["members"] == nlohmann::json({"A", "B", "Sato"}));
  REQUIRE(section["questions"].size() == 5);
  struct Row {
    std::string question, agreement;
    bool moved;
    std::vector<std::string> answers;
  };
  const std::vector<Row> rows{{"9", "all", false, {"yes", "yes", "yes"}},
                              {"10", "split", true, {"yes", "no", ""}},
                              {"16", "most", true, {"no", "yes", "yes"}},
                              {"18", "", false, {"", "", ""}},
                              {"65", "most", false, {"no", "no", "yes"}}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].question);
    const auto& found = section["questions"][i];
    CHECK(found["question"] == rows[i].question);
    CHECK(found["agreement"] == rows[i].agreement);
    CHECK(found["moved"] == rows[i].moved);
    CHECK(found["answers"] == nlohmann::json(rows[i].answers));
  }
  CHECK(section["all"] == 1);
  CHECK(section["most"] == 2);
  CHECK(section["split"] == 1);
  CHECK(section["moved"] == 2);
}

TEST_CASE("Committee: SCADA and telemetry, and other systems, are kept apart", "[committee]") {
  const auto consensus = sheet("9,yes,,\n", "kind,scada\nsystem,Line 1\n");
  CHECK_THROWS_WITH(
      committee_section(ssat(), consensus, {sheet("9,yes,,\n", "kind,telemetry\n")}),
      "sheet.csv: kind: \"telemetry\", and the consensus is of \"scada\": such systems are "
      "assessed apart");
  CHECK_THROWS_AS(committee_section(ssat(), consensus, {sheet("9,yes,,\n", "system,Line 2\n")}),
                  Error);
  CHECK_NOTHROW(committee_section(ssat(), consensus, {sheet("9,yes,,\n", "kind,scada\n")}));
}

}  // namespace
}  // namespace sekimori::test
