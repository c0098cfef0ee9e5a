#include "sekimori/assess/ruleset.h"

#include "sekimori/bytes/error.h"

#include "folder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

namespace sekimori::test {
namespace {

using Json = nlohmann::json;

std::string error_of(const auto& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Json both(const std::string& text) {
  return {{"en", text}, {"ja", text}};
}

/// A ruleset with which nothing is wrong.
Json good() {
  const Json check{{"id", "TST-01"},
                   {"title", both("t")},
                   {"why", both("w")},
                   {"remedy", both("r")},
                   {"severity", "low"},
                   {"violated", {"SELECT name AS subject, name, capture, frame", "FROM asset"}},
                   {"seen", {"SELECT 1 FROM asset"}},
                   {"finding", both("{name} is bad.")},
                   {"maps_to", {"SSAT 1"}},
                   {"proof", {{"violated", {"a"}}, {"met", {"b-c"}}, {"unseen", {"arp-only"}}}}};
  return {{"ruleset", "test"}, {"title", both("Tests")}, {"revision", 1}, {"checks", {check}}};
}

Json patched(const char* pointer, const Json& value) {
  auto json = good();
  json[Json::json_pointer{pointer}] = value;
  return json;
}

std::string error_in(const Json& json) {
  return error_of([&] {
    Rules rules;
    rules.add(parse_ruleset(json.dump(), "x.json"));
  });
}

TEST_CASE("Ruleset: what is well is taken, its SQL lines joined by newlines", "[assess]") {
  Rules rules;
  rules.add(parse_ruleset(good().dump(), "x.json"));
  const auto& check = rules.at("TST-01");
  CHECK(check.severity == Severity::low);
  CHECK(check.violated == "SELECT name AS subject, name, capture, frame\nFROM asset\n");
  CHECK(check.proof.met == std::vector<std::string>{"b-c"});
  CHECK(rules.find("TST-02") == nullptr);
  CHECK(error_of([&] { (void)rules.at("TST-02"); }) ==
        "no such check: \"TST-02\"; did you mean \"TST-01\"?");
}

TEST_CASE("Ruleset: what is wrong is told with file, place and reason", "[assess]") {
  struct Case {
    Json json;
    std::string error;
  };
  auto twice = good();
  twice["checks"].push_back(twice["checks"][0]);
  auto lacking = good();
  lacking["checks"][0].erase("why");
  const std::vector<Case> cases{
      {patched("/checks/0/remdy", 1),
       "x.json: /checks/0: no such key: \"remdy\"; did you mean \"remedy\"?"},
      {patched("/extra", 1), "x.json: /: no such key: \"extra\""},
      {lacking, "x.json: /checks/0: no \"why\""},
      {patched("/checks/0/title", {{"en", "t"}}), "x.json: /checks/0/title: no \"ja\""},
      {patched("/checks/0/title/ja", ""), "x.json: /checks/0/title/ja: an empty text"},
      {patched("/checks/0/title/de", "t"), "x.json: /checks/0/title: no such key: \"de\""},
      {patched("/checks/0/id", "tst-1"),
       "x.json: /checks/0/id: \"tst-1\" is not of the form AB-01"},
      {twice, "x.json: /checks/1/id: the id TST-01 stands twice"},
      {patched("/checks/0/severity", "bad"),
       "x.json: /checks/0/severity: \"bad\" is not one of \"info\", \"low\", \"medium\", \"high\", "
       "\"critical\""},
      {patched("/checks/0/finding/ja", "{nam}"),
       "x.json: /checks/0/finding/ja: the query returns no column \"nam\"; did you mean \"name\"?"},
      {patched("/checks/0/finding/en", "{name"),
       "x.json: /checks/0/finding/en: a brace is not closed"},
      {patched("/checks/0/finding/en", "a } b"),
       "x.json: /checks/0/finding/en: a brace or letter out of place at character 3: {column} is "
       "expected"},
      {patched("/checks/0/violated", {"SELECT client_zon AS subject, capture, frame FROM talk"}),
       "x.json: /checks/0/violated: no such column: \"client_zon\"; did you mean \"client_zone\"?"},
      {patched("/checks/0/violated", {"SELECT 1 AS subject, 1 AS capture, 1 AS frame FROM talks"}),
       "x.json: /checks/0/violated: no such table: \"talks\"; did you mean \"talk\"?"},
      {patched("/checks/0/violated", {"SELECT name, capture, frame FROM asset"}),
       "x.json: /checks/0/violated: the query returns no column \"subject\""},
      {patched("/checks/0/violated", {"SELECT name AS subject, name, capture FROM asset"}),
       "x.json: /checks/0/violated: the query returns neither \"capture\" and \"frame\" nor "
       "\"frames\", so nothing would prove a finding"},
      {patched("/checks/0/violated",
               {"SELECT name AS subject, name, name, capture, frame FROM asset"}),
       "x.json: /checks/0/violated: the query returns the column \"name\" twice"},
      {patched("/checks/0/seen", {"SELEC 1"}),
       "x.json: /checks/0/seen: near \"SELEC\": syntax error"},
      {patched("/checks/0/seen", {"DELETE FROM asset"}),
       "x.json: /checks/0/seen: not authorized: only reading is allowed here"},
      {patched("/checks/0/seen", {"SELECT 1;", "SELECT 2"}),
       "x.json: /checks/0/seen: more than one statement"},
      {patched("/checks/0/seen", Json::array()),
       "x.json: /checks/0/seen: at least one line is expected"},
      {patched("/checks/0/seen", "SELECT 1"), "x.json: /checks/0/seen: a list is expected"},
      {patched("/checks/0/seen", {"SELECT strftime('%s', 'Now')"}),
       "x.json: /checks/0/seen: a check does not read the clock: the same model gives the same "
       "report"},
      {patched("/checks/0/needs", {{"dyas", 7}}),
       "x.json: /checks/0/needs: no such key: \"dyas\"; did you mean \"days\"?"},
      {patched("/checks/0/needs", {{"loss", 1.5}}),
       "x.json: /checks/0/needs/loss: a number from 0.0 to 1.0 is expected"},
      {patched("/checks/0/needs", {{"vantage", {"X"}}}),
       "x.json: /checks/0/needs/vantage/0: \"X\" is not of the form B, C, D, F, R, M or W"},
      {patched("/checks/0/proof/met", Json::array()),
       "x.json: /checks/0/proof/met: at least one capture is expected"},
      {patched("/checks/0/maps_to", {7}), "x.json: /checks/0/maps_to/0: a text is expected"},
      {patched("/checks", Json::array()), "x.json: /checks: at least one check is expected"},
      {patched("/ruleset", "A b"),
       "x.json: /ruleset: \"A b\" is not of the form words-with-dashes"},
      {patched("/revision", 0), "x.json: /revision: a whole number from 1 to 1000000 is expected"},
      {Json::array(), "x.json: /: an object is expected"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.json.dump());
    CHECK_THAT(error_in(c.json), Catch::StartsWith(c.error));
  }
  CHECK(error_in(good()).empty());
}

TEST_CASE("Ruleset: text that is no JSON, or hides a key behind another, is refused", "[assess]") {
  const auto error = [](const std::string& text) {
    return error_of([&] { (void)parse_ruleset(text, "x.json"); });
  };
  CHECK_THAT(error(""), Catch::StartsWith("x.json: "));
  CHECK_THAT(error("{\"ruleset\": }"), Catch::StartsWith("x.json: ") && Catch::Contains("line 1"));
  CHECK(error(R"({"ruleset": "a", "ruleset": "b"})") ==
        "x.json: the key \"ruleset\" stands twice in one object");
  CHECK_THAT(error(std::string(100'000, '[')), Catch::StartsWith("x.json: "));
  CHECK_THAT(error("{\"title\": \"\xff\"}"), Catch::StartsWith("x.json: "));
}

TEST_CASE("Ruleset: a ruleset cut anywhere is refused", "[assess]") {
  const auto whole = good().dump();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(parse_ruleset(whole.substr(0, size), "x.json"), Error);
  }
}

TEST_CASE("Ruleset: a user's file or folder is added, and may not take an id", "[assess]") {
  const Folder folder;
  std::ofstream{folder / "mine.json"} << good().dump();
  std::ofstream{folder / "notes.txt"} << "not a ruleset";
  Rules rules;
  rules.add(folder.path());
  CHECK(rules.find("TST-01") != nullptr);
  CHECK_THAT(error_of([&] { rules.add(folder / "mine.json"); }),
             Catch::Contains("/checks/0/id: the id TST-01 stands in"));
  CHECK_THAT(error_of([&] { rules.add(folder / "none.json"); }), Catch::Contains("No such file"));

  const Folder empty;
  CHECK_THAT(error_of([&] { rules.add(empty.path()); }), Catch::Contains("without a ruleset"));
}

TEST_CASE("Ruleset: checks are listed by id, whatever file they stand in", "[assess]") {
  auto other = patched("/checks/0/id", "AAA-07");
  other["ruleset"] = "other";
  Rules rules;
  rules.add(parse_ruleset(good().dump(), "x.json"));
  rules.add(parse_ruleset(other.dump(), "y.json"));
  REQUIRE(rules.entries().size() == 2);
  CHECK(rules.entries()[0].check->id == "AAA-07");
  CHECK(rules.entries()[0].ruleset->name == "other");
}

TEST_CASE("Template: text and columns by turns", "[assess]") {
  using Pieces = std::vector<std::string>;
  CHECK(split_template("a {b} c") == Pieces{"a ", "b", " c"});
  CHECK(split_template("{b}{c_1}") == Pieces{"", "b", "", "c_1", ""});
  CHECK(split_template("") == Pieces{""});
  for (const char* wrong : {"{", "}", "{}", "{a b}", "{a{b}}", "{A}"})
    CHECK_THROWS_AS(split_template(wrong), std::invalid_argument);
}

}  // namespace
}  // namespace sekimori::test
