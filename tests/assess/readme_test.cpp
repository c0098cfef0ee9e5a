// rulesets/README.md is the contract of those who write checks; here it is held against the schema.

#include "sekimori/assess/ruleset.h"
#include "sekimori/model/database.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Columns = std::set<std::string>;

std::string readme() {
  std::ifstream in{SEKIMORI_SOURCE_DIR "/rulesets/README.md"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::map<std::string, Columns> of_schema() {
  Database database{":memory:", Database::Mode::create};
  database.execute(schema_sql());
  std::map<std::string, Columns> tables;
  auto rows = database.prepare(
      "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c "
      "WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'");
  while (rows.step()) tables[rows.text(0)].insert(rows.text(1));
  return tables;
}

/// `**`name`**: what it is` and then `Columns: as `talk`, and `a` `b`.`
std::map<std::string, Columns> of_readme() {
  const auto text = readme();
  const std::regex entry{"\\*\\*`([a-z_]+)`\\*\\*: [^\\n]*\\n\\nColumns: ([^\\n]*)\\n"};
  const std::regex as_other{"^as `([a-z_]+)`"};
  const std::regex word{"`([a-z_0-9]+)`"};
  std::map<std::string, Columns> tables;
  for (std::sregex_iterator at{text.begin(), text.end(), entry}, end; at != end; ++at) {
    auto list = (*at)[2].str();
    auto& columns = tables[(*at)[1].str()];
    std::smatch other;
    if (std::regex_search(list, other, as_other)) {
      columns = tables.at(other[1].str());
      list = other.suffix();
    }
    for (std::sregex_iterator name{list.begin(), list.end(), word}; name != end; ++name)
      columns.insert((*name)[1].str());
  }
  return tables;
}

TEST_CASE("README: its tables and views are those of the schema, to the column", "[assess]") {
  const auto schema = of_schema();
  const auto told = of_readme();
  for (const auto& [table, columns] : schema) {
    CAPTURE(table);
    REQUIRE(told.contains(table));
    CHECK(told.at(table) == columns);
  }
  CHECK(told.size() == schema.size());
}

TEST_CASE("README: its example is a ruleset", "[assess]") {
  const auto text = readme();
  const auto from = text.find("```json\n") + 8;
  const auto to = text.find("```", from);
  REQUIRE(to != std::string::npos);
  Rules rules;
  CHECK_NOTHROW(rules.add(parse_ruleset(text.substr(from, to - from), "README.md")));
  CHECK(rules.find("OUR-01") != nullptr);
}

}  // namespace
}  // namespace sekimori::test
