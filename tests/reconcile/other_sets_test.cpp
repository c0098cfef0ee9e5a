// The sets beside SSAT: each adds up by its own rule, its words are understood, its queries run,
// and what the checks found bears on it.

#include "plant.h"
#include "questionnaire.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

/// Every question answered so.
Answers all(const QuestionSet& set, const std::string& word) {
  std::string csv{"id,answer\n"};
  for (const auto& question : set.questions) csv += question.id + ',' + word + '\n';
  return parse_answers(csv, "a.csv", set);
}

struct Case {
  std::string set, word;
  double points;
};

TEST_CASE("Other sets: each scores by its own rule", "[sets]") {
  const auto& c = GENERATE(from_range(std::vector<Case>{{"ipa5min", "実施している", 100},
                                                        {"ipa5min", "一部実施", 50},
                                                        {"ipa5min", "×", 0},
                                                        {"ipa5min", "わからない", -25},
                                                        {"meti10", "5", 50},
                                                        {"meti10", "レベル３", 30},
                                                        {"meti10", "1", 10},
                                                        {"basics5", "はい", 5},
                                                        {"basics5", "△", 2.5},
                                                        {"cloud15", "○", 15},
                                                        {"cloud15", "いいえ", 0}}));
  CAPTURE(c.set, c.word);
  const auto set = built_in_question_set(c.set);
  const auto result = judge(set, all(set, c.word), policy(), {});
  CHECK(set.points(result.total.claimed) == Approx(c.points));
  CHECK(set.points(result.total.adjusted) == Approx(c.points));
}

TEST_CASE("Other sets: the five-minute check has parts of 20, 52 and 28 points", "[sets]") {
  const auto set = built_in_question_set("ipa5min");
  REQUIRE(set.areas.size() == 3);
  CHECK(set.points(set.areas[0].most) == 20);
  CHECK(set.points(set.areas[1].most) == 52);
  CHECK(set.points(set.areas[2].most) == 28);
}

TEST_CASE("Other sets: which wait for the checks, because they ask what those found", "[sets]") {
  CHECK_FALSE(asks_for_findings(built_in_question_set("ssat")));
  for (const auto* const id : {"ipa5min", "basics5", "cloud15", "meti10"}) {
    CAPTURE(id);
    CHECK(asks_for_findings(built_in_question_set(id)));
  }
}

TEST_CASE("Other sets: every query runs over the model's schema", "[sets]") {
  Plant plant;
  for (const auto& id : built_in_question_sets()) {
    CAPTURE(id);
    CHECK_NOTHROW(check_queries(plant.model(), built_in_question_set(id)));
  }
}

TEST_CASE("Other sets: a default login contradicts a claim of good passwords", "[sets]") {
  Plant plant;
  plant.capture("B");
  plant.model().execute(
      "INSERT INTO finding (finding, check_id, subject, severity, text_en, text_ja, strength, "
      "count, capture, frame) VALUES ('CLR-04.1', 'CLR-04', 'PLC-1', 'critical', 'a', 'b', 'S3', "
      "1, 1, 7)");
  plant.model().execute(
      "INSERT INTO check_result (check_id, ruleset, result, findings) VALUES ('CLR-04', "
      "'cleartext', 'violated', 1)");
  for (const auto& [id, question, word] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"ipa5min", "3", "実施している"},
           {"basics5", "3", "はい"},
           {"cloud15", "9", "はい"},
           {"meti10", "5", "5"}}) {
    CAPTURE(id);
    const auto set = built_in_question_set(id);
    const auto given = all(set, word);
    const auto evidence = gather_evidence(plant.model(), set, given, policy());
    const auto result = judge(set, given, policy(), evidence);
    const auto& verdict = of(result, question);
    CHECK(verdict.code == VerdictCode::partly_contradicted);
    REQUIRE(verdict.facts.size() == 1);
    CHECK(verdict.facts[0].frame == 7);
    CHECK(verdict.facts[0].text.ja.find("PLC-1") != std::string::npos);
    CHECK(result.total.adjusted < result.total.claimed);
  }
}

}  // namespace
}  // namespace sekimori::test
