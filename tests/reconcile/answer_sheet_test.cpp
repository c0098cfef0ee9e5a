// Blank sheets: what is filled into them comes back through our own reader.

#include "sekimori/reconcile/answer_sheet.h"

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/file.h"
#include "sekimori/reconcile/answers.h"

#include "../../src/reconcile/xlsx.h"
#include "folder.h"
#include "questionnaire.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

struct Case {
  Language language;
  std::string yes, first_area;
};

const std::vector<Case> cases{{Language::en, "yes", "1 Understand the business risk"},
                              {Language::ja, "はい", "1 事業リスクの理解"},
                              {Language::both, "はい", "1 事業リスクの理解 / 1 Understand"}};

std::string blank_book(Language language) {
  const Folder folder;
  write_answer_workbook(ssat(), language, folder / "a.xlsx");
  return read_file(folder / "a.xlsx");
}

TEST_CASE("Answer sheets: a blank one of each form says nothing", "[sheet]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c.yes);
  for (const auto& sheet :
       {answer_csv(ssat(), c.language), answer_json(ssat()), blank_book(c.language)}) {
    const auto read = parse_answers(sheet, "a", ssat());
    CHECK(read.given.empty());
    CHECK(read.notices.empty());
    CHECK(read.unknown.empty());
  }
}

TEST_CASE("Answer sheets: what is written into a CSV's row comes back", "[sheet]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c.yes);
  auto table = parse_csv(std::string_view{answer_csv(ssat(), c.language)}.substr(3), ',');
  std::string filled;
  std::size_t answer = 0;
  for (auto& row : table.rows) {
    if (row.size() > 4 && answer == 0)
      while (row[answer] != "answer" && row[answer] != "回答") ++answer;
    else if (row.size() > 4)
      row[answer] = c.yes;
    else if (row[0].ends_with("Organisation") || row[0] == "組織名")
      row[1] = "Acme, Ltd.";
    for (std::size_t i = 0; i < row.size(); ++i) filled += (i == 0 ? "" : ",") + csv_cell(row[i]);
    filled += '\n';
  }
  const auto read = parse_answers(filled, "a.csv", ssat());
  CHECK(read.given.size() == ssat().questions.size());
  CHECK(ssat().text(read.given.at("39a").mark) == "yes");
  CHECK(read.cover.at("organisation") == "Acme, Ltd.");
  CHECK(read.notices.empty());
}

TEST_CASE("Answer sheets: a workbook has the cover and a sheet an area", "[sheet]") {
  const auto& c = GENERATE(from_range(cases));
  const auto sheets = read_xlsx(blank_book(c.language), "a.xlsx");
  REQUIRE(sheets.size() == 1 + ssat().areas.size());
  CHECK(sheets[1].rows[0][0].starts_with(c.first_area));
  std::size_t questions = 0;
  for (std::size_t i = 0; i < ssat().areas.size(); ++i) {
    const auto& rows = sheets[i + 1].rows;
    REQUIRE(rows.size() == 2 + ssat().areas[i].questions.size());
    for (std::size_t j = 2; j < rows.size(); ++j, ++questions) {
      const auto& question = ssat().questions[ssat().areas[i].questions[j - 2]];
      CHECK(rows[j][0] == question.id);
      if (c.language == Language::ja) CHECK(rows[j][1].starts_with(question.text.ja));
      if (c.language == Language::en) CHECK(rows[j][2] == question.yes_when.en);
    }
  }
  CHECK(questions == 101);
  CHECK(blank_book(c.language) == blank_book(c.language));
}

TEST_CASE("Answer sheets: answers drop down, questions are protected", "[sheet]") {
  const auto book = blank_book(Language::ja);
  const auto part = read_part(book, "a.xlsx", "xl/worksheets/sheet5.xml");  // 3a: 13 to 35
  CHECK(part.find("<formula1>\"はい,一部,いいえ,対象外\"</formula1>") != std::string::npos);
  CHECK(part.find("<formula1>\"はい,いいえ,対象外\"</formula1>") != std::string::npos);  // 30
  CHECK(part.find("<sheetProtection") != std::string::npos);
  CHECK(part.find("<f>") == std::string::npos);
}

TEST_CASE("Answer sheets: the form holds the set, and fetches nothing", "[sheet]") {
  auto set = ssat();
  set.questions[0].text.ja = "</script><script>alert(1)</script>";
  const auto page = answer_form(set);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  for (const auto* part : {"innerHTML", "insertAdjacentHTML", "document.write", "fetch(", "eval(",
                           "src=", "url(", "{{", "http://", "https://"})
    CHECK(page.find(part) == std::string::npos);
  const std::string open{"id=\"set\">"};
  const auto begin = page.find(open) + open.size();
  const auto json =
      nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  std::size_t questions = 0;
  for (const auto& area : json.at("areas")) questions += area.at("questions").size();
  CHECK(questions == 101);
  CHECK(json["areas"][0]["questions"][0]["text"]["ja"] == set.questions[0].text.ja);
}

TEST_CASE("Answer sheets: an improvement's means, difficulty and obstacle are read", "[sheet]") {
  const auto read = parse_answers(
      "設問番号,回答,手段,難易度,障害,備考\n9,いいえ→はい,役割を割り当てる,低,,\n"
      "10,いいえ→はい 規程を作る。難易度：中,,,,\n16,no,,,cost,\n",
      "a.csv", ssat());
  CHECK(read.given.at("9").fix == "R");
  CHECK(read.given.at("9").difficulty == "L");
  CHECK(read.given.at("10").difficulty == "M");
  CHECK(read.given.at("16").obstacle == "cost");
  CHECK_THROWS_WITH(parse_answers("id,answer,fix\n9,no,magic\n", "a.csv", ssat()),
                    "a.csv: row 2, column fix: \"magic\" is not one of C, D, E, L, R, T, X");
}

}  // namespace
}  // namespace sekimori::test
