// The report as a workbook: every sheet is there, and what devices call themselves stays text.

#include "sekimori/bytes/file.h"
#include "sekimori/report/tables.h"

#include "../../src/reconcile/xlsx.h"
#include "small_plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

std::string workbook(const std::string& name, Language language,
                     std::uint32_t most_rows = kMostSheetRows) {
  const Folder folder;
  const auto rules = Rules::builtin();
  const auto set = built_in_question_set("ssat");
  const auto policy = built_in_merge_policy();
  const auto answers = parse_answers("id,answer,after\n18,yes,\n9,no,yes\n", "a.csv", set);
  conclude_and_save(small_plant(name), small_zones(), folder / "m.sekimori", [&](Database& model) {
    run_checks(rules, model);
    const auto verdicts = reconcile(model, set, answers, policy);
    auto report = make_report({model, rules, set, policy, verdicts, &answers, {}});
    keep_language(report, language);
    ReportWorkbook{model, language, folder / "r.xlsx", {}, most_rows}.finish(report);
  });
  return read_file(folder / "r.xlsx");
}

TEST_CASE("Report workbook: seven sheets with their rows", "[report]") {
  const auto bytes = workbook("OFFICE-33", Language::en);
  CHECK(bytes == workbook("OFFICE-33", Language::en));
  const auto sheets = read_xlsx(bytes, "r.xlsx");
  std::vector<std::string> names;
  for (const auto& sheet : sheets) names.push_back(sheet.name);
  CHECK(names == std::vector<std::string>{"Assets", "Conversations", "Inter-zone connections",
                                          "Findings", "Questions", "Improvement plan", "By area"});
  CHECK(sheets[0].rows.size() == 4);
  CHECK(sheets[1].rows.size() == 3);
  CHECK(sheets[2].rows.at(1).at(0) == "Office");
  CHECK(sheets[3].rows.size() ==
        1 + report_of(small_plant(), small_zones(), "id,answer\n18,yes\n").at("findings").size());
  CHECK(sheets[4].rows.size() == 102);
  const auto plan =
      std::ranges::find(sheets[5].rows, "9", [](const CsvRow& row) { return row[0]; });
  REQUIRE(plan != sheets[5].rows.end());
  CHECK(plan->at(3) == "no");
  CHECK(plan->at(5) == "yes");
  CHECK(sheets[6].rows.size() == 15);
  const auto japanese = read_xlsx(workbook("OFFICE-33", Language::ja), "r.xlsx");
  CHECK(japanese[5].name == "改善計画");
  CHECK(read_xlsx(workbook("OFFICE-33", Language::both), "r.xlsx")[5].name ==
        "改善計画   Improvement plan");
}

TEST_CASE("Report workbook: a table that is cut says where the rest is", "[report]") {
  const auto whole = read_xlsx(workbook("OFFICE-33", Language::en), "r.xlsx");
  const auto cut = read_xlsx(workbook("OFFICE-33", Language::en, 2), "r.xlsx");
  REQUIRE(cut[0].rows.size() == 4);
  CHECK(cut[0].rows[2] == whole[0].rows[2]);
  CHECK(cut[0].rows[3][0] == "There are more rows, all of them in assets.csv");
  CHECK(cut[1].rows == whole[1].rows);  // two conversations fit
}

std::vector<Worksheet> sheets_of(Json report, Language language) {
  const Folder folder;
  keep_language(report, language);
  conclude_and_save(small_plant(), small_zones(), folder / "m.sekimori", [&](Database& model) {
    model.execute("UPDATE zone SET name_ja = '事務所' WHERE name = 'Office'");
    ReportWorkbook{model, language, folder / "r.xlsx"}.finish(report);
  });
  return read_xlsx(read_file(folder / "r.xlsx"), "r.xlsx");
}

TEST_CASE("Report workbook: zones have their Japanese names", "[report]") {
  auto report = small_report();
  report["legend"]["zone"]["Office"]["ja"] = "事務所";
  const auto sheets = sheets_of(report, Language::ja);
  CHECK(sheets[2].rows.at(1).at(0) == "事務所");
  bool found = false;
  for (const auto& row : sheets[0].rows)
    found = found || std::ranges::find(row, "事務所") != row.end();
  CHECK(found);
  for (const auto& row : sheets[0].rows) CHECK(std::ranges::find(row, "Office") == row.end());
}

TEST_CASE("Report workbook: a committee has a sheet, with a column for each member", "[report]") {
  auto report = small_report();
  report["committee"] = {{"members", {"Sato", "=1+1"}},
                         {"all", 0},
                         {"most", 0},
                         {"split", 1},
                         {"moved", 1},
                         {"questions",
                          {{{"question", "18"},
                            {"consensus", "yes"},
                            {"answers", {"no", ""}},
                            {"agreement", "split"},
                            {"moved", true}}}}};
  const auto sheets = sheets_of(report, Language::en);
  REQUIRE(sheets.size() == 8);
  CHECK(sheets[7].name == "Committee");
  CHECK(sheets[7].rows.at(0) == CsvRow{"Question", "Consensus", "Sato", "=1+1", "Agreement",
                                       "Consensus is not the commonest answer"});
  CHECK(sheets[7].rows.at(1) == CsvRow{"18", "yes", "no", "unanswered", "split", "\xe2\x9c\x93"});
}

TEST_CASE("Report workbook: a name from the wire is a text and never a formula", "[report]") {
  const auto& name = GENERATE(from_range(
      std::vector<std::string>{"=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)",
                               "http://example.com/x", "</t></si><f>1</f>", "\"a\"", "&amp;"}));
  CAPTURE(name);
  const auto bytes = workbook(name, Language::both);
  for (int i = 1; i <= 6; ++i) {
    const auto part =
        read_part(bytes, "r.xlsx", "xl/worksheets/sheet" + std::to_string(i) + ".xml");
    CHECK(part.find("<f>") == std::string::npos);
    CHECK(part.find("<hyperlink") == std::string::npos);
  }
  bool found = false;
  const auto sheets = read_xlsx(bytes, "r.xlsx");
  for (const auto& row : sheets[0].rows) found = found || std::ranges::find(row, name) != row.end();
  CHECK(found);
}

}  // namespace
}  // namespace sekimori::test
