// The asset ledger: prefilled from what was observed, and reckoned from what people write.

#include "sekimori/reconcile/ledger.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"

#include "../../src/reconcile/xlsx.h"
#include "folder.h"
#include "plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

std::string cell(const std::vector<CsvRow>& rows, std::size_t row, const std::string& column) {
  const auto at = std::ranges::find(rows.at(0), column) - rows.at(0).begin();
  return rows.at(row).at(static_cast<std::size_t>(at));
}

void put(std::vector<CsvRow>& rows, std::size_t row, const std::string& column,
         const std::string& text) {
  const auto at = std::ranges::find(rows.at(0), column) - rows.at(0).begin();
  rows.at(row).at(static_cast<std::size_t>(at)) = text;
}

TEST_CASE("Ledger: it is prefilled from the observed assets and nothing is reckoned", "[ledger]") {
  Plant plant;
  plant.host("=PLC-1", Plant::control, "plc");
  plant.host("HMI", Plant::control);
  const auto rows = risk_ledger(plant.model(), built_in_risk_policy(), {}, "");
  REQUIRE(rows.size() == 3);
  CHECK(cell(rows, 1, "name") == "=PLC-1");
  CHECK(cell(rows, 1, "role") == "plc");
  CHECK(cell(rows, 1, "zone") == "control");
  CHECK_FALSE(cell(rows, 1, "key").empty());
  CHECK(cell(rows, 1, "risk").empty());
  CHECK(ledger_csv(rows).find(",'=PLC-1,") != std::string::npos);
}

struct Case {
  std::string c, i, a, threat, vulnerability, importance, likelihood, risk;
};

TEST_CASE("Ledger: risk is importance times likelihood", "[ledger]") {
  const auto& c = GENERATE(from_range(std::vector<Case>{
      {"1", "1", "1", "1", "1", "1", "1", "1"},
      {"1", "2", "1", "1", "2", "2", "1", "2"},
      {"1", "1", "3", "1", "3", "3", "2", "6"},
      {"", "", "3", "3", "3", "3", "3", "9"},
      {"2", "", "", "2", "2", "2", "2", "4"},
      {"２", "", "", "３", "1", "2", "2", "4"},
      {"", "", "", "3", "3", "", "3", ""},
      {"3", "", "", "", "3", "3", "", ""},
  }));
  Plant plant;
  plant.host("PLC", Plant::control, "plc");
  auto filled = risk_ledger(plant.model(), built_in_risk_policy(), {}, "");
  put(filled, 1, "confidentiality", c.c);
  put(filled, 1, "integrity", c.i);
  put(filled, 1, "availability", c.a);
  put(filled, 1, "threat", c.threat);
  put(filled, 1, "vulnerability", c.vulnerability);
  const auto rows = risk_ledger(plant.model(), built_in_risk_policy(), filled, "l.csv");
  CHECK(cell(rows, 1, "importance") == c.importance);
  CHECK(cell(rows, 1, "likelihood") == c.likelihood);
  CHECK(cell(rows, 1, "risk") == c.risk);
  CHECK(cell(rows, 1, "residual_risk") == c.risk);
}

TEST_CASE("Ledger: measures leave a residual risk, and what is gone stays in it", "[ledger]") {
  Plant before;
  before.host("PLC", Plant::control, "plc");
  before.host("HMI", Plant::control);
  auto filled = risk_ledger(before.model(), built_in_risk_policy(), {}, "");
  for (const auto* column : {"availability", "threat", "vulnerability"})
    put(filled, 1, column, "3");
  put(filled, 1, "measures", "a wall");
  put(filled, 1, "residual_threat", "1");
  put(filled, 1, "residual_vulnerability", "1");
  put(filled, 2, "owner", "Sato");
  const Folder folder;
  write_ledger_workbook(filled, folder / "l.xlsx");
  std::ofstream{folder / "l.csv"} << ledger_csv(filled);
  for (const auto* file : {"l.xlsx", "l.csv"}) {
    CAPTURE(file);
    Plant after;
    after.host("PLC", Plant::control, "plc");
    const auto rows =
        risk_ledger(after.model(), built_in_risk_policy(), load_ledger(folder / file), file);
    REQUIRE(rows.size() == 3);
    CHECK(cell(rows, 1, "risk") == "9");
    CHECK(cell(rows, 1, "residual_risk") == "3");
    CHECK(cell(rows, 1, "acceptable") == "yes");
    CHECK(cell(rows, 1, "measures") == "a wall");
    CHECK(cell(rows, 2, "owner") == "Sato");
    CHECK(cell(rows, 2, "seen").empty());
  }
}

TEST_CASE("Ledger: the workbook speaks the reader's language, and is read back whatever it is",
          "[ledger]") {
  const auto language = GENERATE(Language::en, Language::ja, Language::both);
  Plant plant;
  plant.host("PLC", Plant::control, "plc");
  plant.run("UPDATE zone SET name_ja = '制御' WHERE name = 'control'");
  auto filled = risk_ledger(plant.model(), built_in_risk_policy(), {}, "", language);
  CHECK(cell(filled, 1, "zone") == (language == Language::en   ? "control"
                                    : language == Language::ja ? "制御"
                                                               : "制御 / control"));
  for (const auto* column : {"availability", "threat", "vulnerability"})
    put(filled, 1, column, "3");
  put(filled, 1, "measures", "3");  // a text that looks like a number
  const auto reckoned = risk_ledger(plant.model(), built_in_risk_policy(), filled, "");
  const Folder folder;
  write_ledger_workbook(reckoned, folder / "l.xlsx", language);
  const auto sheets = read_xlsx(read_file(folder / "l.xlsx"), "l.xlsx");
  REQUIRE(sheets.size() == 1);
  const auto& words = sheets.front().rows.at(2);
  CHECK(words.at(16) == (language == Language::en   ? "Risk"
                         : language == Language::ja ? "リスク値"
                                                    : "リスク値\nRisk"));
  for (const auto& word : words) CHECK_FALSE(word.empty());
  CHECK(words.size() == filled.front().size());
  const auto part = read_part(read_file(folder / "l.xlsx"), "l.xlsx", "xl/worksheets/sheet1.xml");
  CHECK(part.find("<f>") == std::string::npos);
  CHECK(part.find("<v>9</v>") != std::string::npos);  // a number, to sort and add by
  const auto rows =
      risk_ledger(plant.model(), built_in_risk_policy(), load_ledger(folder / "l.xlsx"), "l.xlsx");
  CHECK(cell(rows, 1, "risk") == "9");
  CHECK(cell(rows, 1, "measures") == "3");
}

TEST_CASE("Ledger: what is wrong is said with its place", "[ledger]") {
  Plant plant;
  const auto policy = built_in_risk_policy();
  CHECK_THROWS_WITH(risk_ledger(plant.model(), policy, {{"key", "threat"}, {"a", "4"}}, "l.csv"),
                    "l.csv: row 2, column threat: \"4\" is not 1, 2 or 3");
  CHECK_THROWS_WITH(risk_ledger(plant.model(), policy, {{"key"}, {"a"}, {"a"}}, "l.csv"),
                    "l.csv: row 3: \"a\" stands twice");
  CHECK_THROWS_WITH(risk_ledger(plant.model(), policy, {{"name"}}, "l.csv"),
                    "l.csv: no column is headed \"key\"");
  CHECK_THROWS_AS(parse_risk_policy(R"({"format": "risk-policy", "version": 1,
      "likelihood": [[1, 1, 2], [1, 2, 3]], "acceptable": 3})",
                                    "r.json"),
                  Error);
  CHECK_THROWS_AS(parse_risk_policy(R"({"format": "risk-policy", "version": 1,
      "likelihood": [[1, 1, 2], [1, 2, 4], [2, 3, 3]], "acceptable": 3})",
                                    "r.json"),
                  Error);
}

}  // namespace
}  // namespace sekimori::test
