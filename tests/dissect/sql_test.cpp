#include "sekimori/dissect/sql.h"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sekimori::test {
namespace {

struct Case {
  std::string_view text;
  std::string_view word;
};

const std::vector<Case> cases{
    {"SELECT 1", "SELECT"},
    {"  \r\n( select * from t)", "SELECT"},
    {"/* a */ -- b\n# c\nUPDATE t", "UPDATE"},
    {"insert into t", "INSERT"},
    {"SELECTED", "other"},
    {"select_all()", "other"},
    {"", "other"},
    {"   ", "other"},
    {"-- no end", "other"},
    {"/* no end", "other"},
    {"delete;drop", "DELETE"},
    {"\xff\xfe", "other"},
};

TEST_CASE("SQL: a statement is told by its first word", "[sql]") {
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(kSqlVerbs[sql_verb_of(c.text)].word == c.word);
  }
}

TEST_CASE("SQL: comments without end are not followed for ever", "[sql]") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "/**/";
  CHECK(sql_verb_of(text + "SELECT") == 0);
}

TEST_CASE("SQL: every carrier has every verb once", "[sql]") {
  constexpr auto kTable = with_sql(std::to_array<Operation>({{1, "own", Access::read}}),
                                   std::to_array<std::uint32_t>({3, 7}));
  static_assert(kTable.size() == 1 + 2 * kSqlVerbs.size());
  CHECK(find_operation(kTable, 1).name == "own");
  CHECK(find_operation(kTable, (3U << 8U) | sql_verb_of("UPDATE t")).access == Access::write);
  CHECK(find_operation(kTable, (7U << 8U) | sql_verb_of("SELECT 1")).access == Access::read);
  CHECK(find_operation(kTable, 7U << 8U).access == Access::unknown);
}

}  // namespace
}  // namespace sekimori::test
