#include "sekimori/reconcile/question_set.h"

#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/merge_policy.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Json = nlohmann::json;

std::string ssat_text() {
  std::ifstream in{SEKIMORI_SOURCE_DIR "/rulesets/questionnaires/ssat.json"};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

std::string complaint(const Json& set) {
  try {
    static_cast<void>(parse_question_set(set.dump(), "set.json"));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("SSAT: areas, maxima and sums are those of the questionnaire", "[question-set]") {
  const auto set = built_in_question_set("ssat");
  const std::vector<std::pair<std::string, double>> expected{
      {"1", 10}, {"1a", 10}, {"2", 5}, {"3a", 26.5}, {"3b", 14.5}, {"3c", 9}, {"3d", 3},
      {"3e", 3}, {"3f", 6},  {"4", 5}, {"5", 5},     {"6", 16},    {"7", 4},  {"8", 5}};
  REQUIRE(set.areas.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(set.areas[i].id == expected[i].first);
    CHECK(set.points(set.areas[i].most) == expected[i].second);
  }
  CHECK(set.points(set.most_units()) == 122);
  CHECK(set.questions.size() == 101);
  CHECK(set.numbered() == 99);
}

TEST_CASE("SSAT: 79 of 122 points can be touched by traffic, 43 rest on the interview",
          "[question-set]") {
  const auto set = built_in_question_set("ssat");
  const auto share = [&](Testability testability) {
    const auto& each = set.testability[static_cast<std::size_t>(testability)];
    return std::pair{each.lines, set.points(each.units)};
  };
  CHECK(share(Testability::testable) == std::pair{std::size_t{27}, 36.0});
  CHECK(share(Testability::partly) == std::pair{std::size_t{35}, 43.0});
  CHECK(share(Testability::never) == std::pair{std::size_t{39}, 43.0});
}

TEST_CASE("SSAT: every number from 1 to 99 is there, and 39a and 78a", "[question-set]") {
  const auto set = built_in_question_set("ssat");
  for (int number = 1; number <= 99; ++number) {
    CAPTURE(number);
    CHECK(set.find(std::to_string(number)) != nullptr);
  }
  REQUIRE(set.find("39a") != nullptr);
  REQUIRE(set.find("78a") != nullptr);
  CHECK(set.find("39a")->follow_up->of == "39");
  CHECK(set.find("78a")->follow_up->asked_when == std::vector{Answer::yes});
}

TEST_CASE("SSAT: the half-point lines take yes and no only", "[question-set]") {
  const auto set = built_in_question_set("ssat");
  std::set<std::string> two_valued;
  for (const auto& question : set.questions)
    if (question.choices.size() == 2) two_valued.insert(question.id);
  CHECK(two_valued == std::set<std::string>{"30", "39a", "78", "78a"});
}

TEST_CASE("SSAT: questions about paper are capped at one step", "[question-set]") {
  const auto set = built_in_question_set("ssat");
  std::set<std::string> capped;
  for (const auto& question : set.questions)
    if (question.one_step) capped.insert(question.id);
  CHECK(capped == std::set<std::string>{"5", "16", "35", "50", "59"});
}

TEST_CASE("SSAT: every question says in one line of each language when to answer yes",
          "[question-set]") {
  const auto set = built_in_question_set("ssat");
  std::set<std::string> criteria;
  for (const auto& question : set.questions) {
    CAPTURE(question.id);
    for (const auto& text : {question.yes_when.en, question.yes_when.ja}) {
      CHECK(text.size() > 30);
      CHECK(text.find('\n') == std::string::npos);
      CHECK(criteria.insert(text).second);
    }
    CHECK(question.yes_when.en.ends_with('.'));
    CHECK(question.yes_when.ja.ends_with("。"));
  }
}

TEST_CASE("SSAT: the rule rows that the first checks feed have rules", "[question-set]") {
  const auto set = built_in_question_set("ssat");
  for (const auto* const id : {"13", "14", "15", "18", "20", "22", "23", "25", "29", "31", "32",
                               "41", "42", "43", "44", "49", "51", "56"}) {
    CAPTURE(id);
    const auto& rules = set.find(id)->evidence;
    CHECK(std::any_of(rules.begin(), rules.end(),
                      [](const auto& rule) { return rule.kind == RuleKind::against; }));
  }
}

TEST_CASE("Question set: the program carries the file of the source tree", "[question-set]") {
  CHECK(built_in_question_sets() ==
        std::vector<std::string>{"basics5", "cloud15", "ipa5min", "meti10", "ssat"});
  const auto from_file =
      load_question_set(SEKIMORI_SOURCE_DIR "/rulesets/questionnaires/ssat.json");
  const auto built_in = built_in_question_set("ssat");
  CHECK(from_file.questions.size() == built_in.questions.size());
  CHECK(from_file.find("18")->evidence.front().query ==
        built_in.find("18")->evidence.front().query);
  CHECK_THROWS_WITH(built_in_question_set("ipa"),
                    "no such question set: \"ipa\"; there are: basics5, cloud15, "
                    "ipa5min, meti10, ssat");
}

struct Fault {
  std::string name;
  std::function<void(Json&)> make;
  std::string complaint;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.name;
}

const std::vector<Fault> faults{
    {"a misspelt key", [](Json& set) { set["areas"][0]["questions"][2]["wieght"] = 1; },
     "set.json: /areas/0/questions/2: no such key: \"wieght\"; did you mean \"weight\"?"},
    {"a weight that breaks the area's sum",
     [](Json& set) { set["areas"][2]["questions"][0]["weight"] = 2; },
     "set.json: /areas/2/points: the questions sum to 6.0"},
    {"a total that is not the sum", [](Json& set) { set["totals"]["points"] = 99; },
     "set.json: /totals/points: the questions sum to 122.0"},
    {"a wrong count of lines", [](Json& set) { set["totals"]["N"]["lines"] = 40; },
     "set.json: /totals/N/lines: there are 39"},
    {"a partial answer to a half-point line",
     [](Json& set) {
       set["areas"][3]["questions"][17]["answers"] = {"yes", "partial", "no"};
     },
     "set.json: /areas/3/questions/17/answers/1: \"partial\" scores 0.25, which is no multiple of "
     "0.5"},
    {"two questions of one number", [](Json& set) { set["areas"][1]["questions"][0]["id"] = "4"; },
     "set.json: /areas/1/questions/0/id: \"4\" stands twice"},
    {"an id that is not in its normal form",
     [](Json& set) { set["areas"][0]["questions"][0]["id"] = "Q１"; },
     "set.json: /areas/0/questions/0/id: an id is in lower case, half width, without blanks at its "
     "ends"},
    {"a word that means two answers",
     [](Json& set) { set["scale"]["choices"][2]["words"].push_back("ＹＥＳ"); },
     "set.json: /scale/choices/2/words/8: the word already stands at /scale/choices/0/words/1"},
    {"a follow-up of nothing",
     [](Json& set) { set["areas"][4]["questions"][4]["follow_up"]["of"] = "93"; },
     "set.json: /areas/4/questions/4/follow_up/of: no such question stands before it"},
    {"evidence for what traffic cannot test",
     [](Json& set) { set["areas"][2]["questions"][0]["evidence"] = Json::array({Json::object()}); },
     "set.json: /areas/2/questions/0/evidence: what traffic cannot test has no evidence"},
    {"a contradiction by one-way signs",
     [](Json& set) { set["areas"][3]["questions"][5]["evidence"][0]["min_strength"] = "S1"; },
     "set.json: /areas/3/questions/5/evidence/0/min_strength: one-way signs contradict nothing: S2 "
     "or S3 is expected"},
    {"a measure that nobody knows",
     [](Json& set) {
       set["areas"][3]["questions"][5]["evidence"][0]["effect"]["strong"][0] = {{"average:x", 1}};
     },
     "set.json: /areas/3/questions/5/evidence/0/effect/strong/0/average:x: rows are counted by "
     "\"rows\", \"flows\", \"distinct:COLUMN\" or \"sum:COLUMN\""},
    {"a text that names a column in one language only",
     [](Json& set) { set["areas"][3]["questions"][5]["evidence"][0]["text"]["ja"] = "通信 {foo}"; },
     "set.json: /areas/3/questions/5/evidence/0/text: the two languages name different columns"},
    {"a vantage point that nobody knows",
     [](Json& set) { set["areas"][3]["questions"][5]["vantage"] = {"X"}; },
     "set.json: /areas/3/questions/5/vantage/0: \"X\" is not one of \"B\", \"C\", \"D\", \"F\", "
     "\"R\", \"M\", \"W\", \"any\""},
    {"a scoring rule of another program", [](Json& set) { set["scoring"]["rule"] = "median"; },
     "set.json: /scoring/rule: \"median\" is not one of \"sum\""},
};

TEST_CASE("Question set: a fault is refused where it stands", "[question-set]") {
  const auto& fault = GENERATE(from_range(faults));
  CAPTURE(fault);
  auto set = Json::parse(ssat_text());
  fault.make(set);
  const auto said = complaint(set);
  CHECK(said.substr(0, fault.complaint.size()) == fault.complaint);
}

TEST_CASE("Question set: any part left out is missed", "[question-set]") {
  const auto whole = Json::parse(ssat_text());
  CHECK(complaint(whole).empty());
  for (const auto& [key, value] : whole.items()) {
    // Without `given` no input is ever in hand, without the others nothing is easy or in the way,
    // and every table is worked out ahead.
    if (key == "given" || key == "easy_fixes" || key == "obstacles" || key == "views") continue;
    CAPTURE(key);
    auto set = whole;
    set.erase(key);
    CHECK(complaint(set) == "set.json: /: no \"" + key + '"');
  }
}

TEST_CASE("Question set: a view has a name of its own", "[question-set]") {
  auto set = Json::parse(ssat_text());
  set["views"]["conduit_use"] = {"SELECT * FROM talk"};
  CHECK(complaint(set) == "set.json: /views/conduit_use: a table is called so");
  const auto parsed = built_in_question_set("ssat");
  CHECK(parsed.views.contains("link"));
  CHECK_FALSE(parsed.views.contains("conduit_use"));
  CHECK(parsed.with_tables("SELECT 1 FROM boundary").find("link AS (") != std::string::npos);
}

TEST_CASE("Question set: text that is no JSON is refused with its line", "[question-set]") {
  CHECK_THROWS_WITH(parse_question_set("{\n\"id\": }", "set.json"),
                    Catch::StartsWith("set.json: parse error at line 2, column 7"));
  CHECK_THROWS_WITH(parse_question_set(R"({"id": "a", "id": "b"})", "set.json"),
                    "set.json: the key \"id\" stands twice in one object");
  const std::string deep(10000, '[');
  CHECK_THROWS_WITH(parse_question_set(deep, "set.json"), "set.json: nested too deep");
}

/// A set with a scale of its own, as other self-assessments have it: 4, 2, 0 and -1.
Json small_set() {
  auto set = Json::parse(ssat_text());
  set["id"] = "five-minutes";
  set["scoring"]["unit"] = 1;
  const auto title = [](const char* text) { return Json{{"en", text}, {"ja", text}}; };
  set["scale"] = {
      {"choices",
       {{{"id", "done"},
         {"means", "yes"},
         {"value", 4},
         {"title", title("done")},
         {"words", {"4"}}},
        {{"id", "part"},
         {"means", "partial"},
         {"value", 2},
         {"title", title("part")},
         {"words", {"2"}}},
        {{"id", "not"}, {"means", "no"}, {"value", 0}, {"title", title("not")}, {"words", {"0"}}},
        {{"id", "unknown"},
         {"means", ""},
         {"value", -1},
         {"title", title("unknown")},
         {"words", {"-1"}}}}},
      {"not_applicable", {{"title", title("na")}, {"words", {"na"}}}},
      {"unanswered", {{"title", title("blank")}, {"words", Json::array()}}}};
  auto question = set["areas"][2]["questions"][0];
  question["answers"] = {"done", "part", "not", "unknown"};
  auto area = set["areas"][2];
  area["questions"] = Json::array();
  for (const auto* const id : {"1", "2", "3"}) {
    question["id"] = id;
    area["questions"].push_back(question);
  }
  area["points"] = 12;
  set["areas"] = Json::array({area});
  const Json none{{"lines", 0}, {"points", 0}};
  set["totals"] = {{"points", 12}, {"lines", 3}, {"numbered", 3},
                   {"T", none},    {"P", none},  {"N", {{"lines", 3}, {"points", 12}}}};
  return set;
}

TEST_CASE("Question set: another scale with other values is carried too", "[question-set]") {
  const auto set = parse_question_set(small_set().dump(), "small.json");
  const auto& question = set.questions.front();
  CHECK(set.points(set.most_units()) == 12);
  CHECK(set.units(question, {Answer::yes, 0}) == 4);
  CHECK(set.units(question, {Answer::partial, 1}) == 2);
  CHECK(set.units(question, {Answer::unanswered, 3}) == -1);
  CHECK(set.text({Answer::unanswered, 3}) == "unknown");
}

std::string policy_text() {
  std::ifstream in{SEKIMORI_SOURCE_DIR "/rulesets/merge.json"};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

TEST_CASE("Merge policy: the thresholds are those of the rules", "[question-set]") {
  const auto policy = built_in_merge_policy();
  CHECK(policy.min_days == 7);
  CHECK(policy.weekend);
  CHECK(policy.min_both_directions == 0.95);
  CHECK(policy.max_loss == 0.01);
  CHECK(policy.rating_of(80).id == "good");
  CHECK(policy.rating_of(79.99).id == "caution");
  CHECK(policy.rating_of(50).id == "caution");
  CHECK(policy.rating_of(49.99).id == "poor");
}

TEST_CASE("Merge policy: evidence never raises an answer", "[question-set]") {
  auto policy = Json::parse(policy_text());
  policy["adjustment"]["no"]["supporting"]["adjusted"] = "yes";
  CHECK_THROWS_WITH(parse_merge_policy(policy.dump(), "merge.json"),
                    "merge.json: /adjustment/no/supporting/adjusted: evidence may lower an answer, "
                    "never raise it");

  policy = Json::parse(policy_text());
  policy["adjustment"]["yes"].erase("silent");
  CHECK_THROWS_WITH(parse_merge_policy(policy.dump(), "merge.json"),
                    "merge.json: /adjustment/yes: no \"silent\"");

  policy = Json::parse(policy_text());
  policy["rating"][2]["at_least"] = 10;
  CHECK_THROWS_WITH(parse_merge_policy(policy.dump(), "merge.json"),
                    "merge.json: /rating: the last step begins at 0");

  policy = Json::parse(policy_text());
  policy["notes"].erase("loss");
  CHECK_THROWS_WITH(parse_merge_policy(policy.dump(), "merge.json"),
                    "merge.json: /notes: no \"loss\"");
}

}  // namespace
}  // namespace sekimori::test
