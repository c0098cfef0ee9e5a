#include "sekimori/reconcile/reconcile.h"

#include "questionnaire.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Given = std::map<std::string, std::string>;
using Found = std::map<std::string, Evidence>;

Reconciliation merged(const Answers& given, const Found& found = {}) {
  std::map<std::string, QuestionEvidence> evidence;
  for (const auto& [question, each] : found) evidence[question].evidence = each;
  return judge(ssat(), given, policy(), evidence);
}

const Score& area(const Reconciliation& result, const std::string& id) {
  for (const auto& each : result.areas)
    if (each.area == id) return each.score;
  throw std::out_of_range(id);
}

struct Cell {
  std::string claimed;
  Evidence evidence;
  std::string adjusted, verdict;
};

std::ostream& operator<<(std::ostream& out, const Cell& cell) {
  return out << cell.claimed << " and " << to_text(cell.evidence);
}

const std::vector<Cell> cells{
    {"yes", Evidence::strong, "no", "CONTRADICTED"},
    {"yes", Evidence::limited, "partial", "PARTLY_CONTRADICTED"},
    {"yes", Evidence::silent, "yes", "NOT_CONTRADICTED"},
    {"yes", Evidence::supporting, "yes", "CORROBORATED"},
    {"yes", Evidence::uncovered, "yes", "NOT_OBSERVED"},
    {"partial", Evidence::strong, "no", "CONTRADICTED"},
    {"partial", Evidence::limited, "partial", "CONFIRMED_GAP"},
    {"partial", Evidence::silent, "partial", "NOT_CONTRADICTED"},
    {"partial", Evidence::supporting, "partial", "UNDERSTATED"},
    {"partial", Evidence::uncovered, "partial", "NOT_OBSERVED"},
    {"no", Evidence::strong, "no", "CONFIRMED_GAP"},
    {"no", Evidence::limited, "no", "CONFIRMED_GAP"},
    {"no", Evidence::silent, "no", "NOT_CONTRADICTED"},
    {"no", Evidence::supporting, "no", "UNDERSTATED"},
    {"no", Evidence::uncovered, "no", "NOT_OBSERVED"},
    {"na", Evidence::strong, "no", "NA_DISPUTED"},
    {"na", Evidence::limited, "no", "NA_DISPUTED"},
    {"na", Evidence::silent, "na", ""},
    {"na", Evidence::supporting, "no", "NA_DISPUTED"},
    {"na", Evidence::uncovered, "na", ""},
    {"", Evidence::strong, "", "SUGGESTED"},
    {"", Evidence::limited, "", "SUGGESTED"},
    {"", Evidence::silent, "", ""},
    {"", Evidence::supporting, "", "SUGGESTED"},
    {"", Evidence::uncovered, "", ""},
};

TEST_CASE("Merge: each cell of the adjustment table", "[merge]") {
  const auto& cell = GENERATE(from_range(cells));
  CAPTURE(cell);
  const auto result = merged(answers("", {{"18", cell.claimed}}), {{"18", cell.evidence}});
  const auto& verdict = of(result, "18");
  CHECK(ssat().text(verdict.claimed) == cell.claimed);
  CHECK(ssat().text(verdict.adjusted) == cell.adjusted);
  CHECK(to_text(verdict.code) == cell.verdict);
}

TEST_CASE("Merge: evidence never raises a score", "[merge]") {
  const auto claimed = GENERATE(as<std::string>{}, "yes", "partial", "no", "");
  const auto evidence = GENERATE(Evidence::strong, Evidence::limited, Evidence::silent,
                                 Evidence::supporting, Evidence::uncovered, Evidence::none);
  for (const auto& question : ssat().questions) {
    CAPTURE(question.id, claimed, to_text(evidence));
    if (claimed == "partial" && question.choices.size() == 2) continue;
    const auto mark = read_answer_cell(claimed, ssat())->mark;
    for (const bool one_step : {false, true}) {
      const auto judged = apply(mark, evidence, one_step, question, ssat(), policy());
      CHECK(ssat().units(question, judged.adjusted) <= ssat().units(question, mark));
    }
  }
}

TEST_CASE("Merge: an unanswered question stays at 0 and gets a suggestion", "[merge]") {
  const auto suggested = [&](Evidence evidence) {
    const auto result = merged(answers(""), {{"18", evidence}});
    CHECK(result.total.adjusted == 0);
    return of(result, "18").suggested;
  };
  CHECK(suggested(Evidence::strong) == Answer::no);
  CHECK(suggested(Evidence::limited) == Answer::partial);
  CHECK(suggested(Evidence::supporting) == Answer::yes);
  CHECK(suggested(Evidence::silent) == Answer::unanswered);
}

TEST_CASE("Merge: a question about paper loses one step at most", "[merge]") {
  const auto id = GENERATE(as<std::string>{}, "5", "16", "35", "50", "59");
  CAPTURE(id);
  const auto yes = merged(answers("yes"), {{id, Evidence::strong}});
  CHECK(ssat().text(of(yes, id).adjusted) == "partial");
  CHECK(of(yes, id).code == VerdictCode::partly_contradicted);
  CHECK(of(yes, id).note.en.find("limited to one step") != std::string::npos);
  const auto partial = merged(answers("yes", {{id, "partial"}}), {{id, Evidence::strong}});
  CHECK(ssat().text(of(partial, id).adjusted) == "no");
}

TEST_CASE("Merge: assumed zones allow one step only", "[merge]") {
  std::map<std::string, QuestionEvidence> evidence;
  evidence["18"].evidence = Evidence::strong;
  evidence["18"].assumed = true;
  const auto result = judge(ssat(), answers("yes"), policy(), evidence);
  CHECK(of(result, "18").code == VerdictCode::partly_contradicted);
  CHECK(points(result.total.claimed - result.total.adjusted) == 1);
  CHECK(of(result, "18").note.en.find("not declared") != std::string::npos);
}

TEST_CASE("Merge: limited evidence is only a flag on a yes/no line", "[merge]") {
  const auto id = GENERATE(as<std::string>{}, "30", "39a");
  CAPTURE(id);
  const auto given = answers("yes", {{"39", "no"}});  // so that 39a is asked
  const auto limited = merged(given, {{id, Evidence::limited}});
  CHECK(ssat().text(of(limited, id).adjusted) == "yes");
  CHECK(of(limited, id).code == VerdictCode::not_observed);
  CHECK(of(limited, id).flag);
  CHECK(of(limited, id).note.en.find("only a flag") != std::string::npos);
  const auto strong = merged(given, {{id, Evidence::strong}});
  CHECK(ssat().text(of(strong, id).adjusted) == "no");
  CHECK(of(strong, id).code == VerdictCode::contradicted);
  CHECK(points(strong.total.claimed - strong.total.adjusted) == 0.5);
}

TEST_CASE("Merge: yes/no lines for the interview stay as claimed", "[merge]") {
  const auto id = GENERATE(as<std::string>{}, "78", "78a");
  const auto evidence = GENERATE(Evidence::limited, Evidence::strong);
  CAPTURE(id, to_text(evidence));
  const auto result = merged(answers("yes"), {{id, evidence}});
  CHECK(ssat().find(id)->choices.size() == 2);
  CHECK(of(result, id).code == VerdictCode::not_testable);
  CHECK(result.total.adjusted == result.total.claimed);
}

TEST_CASE("Merge: all yes and nothing seen leaves 122 of 122", "[merge]") {
  const auto result = merged(answers("yes"));
  CHECK(points(result.total.most) == 122);
  CHECK(points(result.total.claimed) == 122);
  CHECK(points(result.total.adjusted) == 122);
  CHECK(result.total.verified == 0);
  for (const auto& verdict : result.verdicts) {
    const auto testable = ssat().find(verdict.question)->testability != Testability::never;
    CHECK(verdict.code == (testable ? VerdictCode::not_observed : VerdictCode::not_testable));
    CHECK(verdict.evidence == (testable ? Evidence::uncovered : Evidence::none));
  }
}

TEST_CASE("Merge: no evidence can touch a question for the interview", "[merge]") {
  const auto result = merged(answers("yes"), {{"8", Evidence::strong}});
  CHECK(of(result, "8").code == VerdictCode::not_testable);
  CHECK(result.total.adjusted == result.total.claimed);
}

TEST_CASE("Merge: the worked example, 103.5 to 94.0", "[merge]") {
  Given named;
  for (const auto* const id : {"5", "34", "38", "60", "72", "84", "88", "89", "98"})
    named[id] = "no";
  for (const auto* const id : {"1", "2", "16", "39", "45", "67", "71"}) named[id] = "partial";
  const auto result = merged(answers("yes", named), {{"18", Evidence::strong},
                                                     {"20", Evidence::strong},
                                                     {"51", Evidence::strong},
                                                     {"1", Evidence::strong},
                                                     {"22", Evidence::limited},
                                                     {"24", Evidence::limited},
                                                     {"32", Evidence::limited},
                                                     {"41", Evidence::limited}});
  CHECK(points(result.total.claimed) == 103.5);
  CHECK(points(result.total.adjusted) == 94.0);
  CHECK(*result.total.claimed_percent() == Approx(84.8).margin(0.05));
  CHECK(*result.total.adjusted_percent() == Approx(77.0).margin(0.05));
  CHECK(result.claimed_rating == "good");
  CHECK(result.rating == "caution");
  const auto moved = [&](const std::string& id) {
    return std::pair{points(area(result, id).claimed), points(area(result, id).adjusted)};
  };
  CHECK(moved("3a") == std::pair{25.0, 19.5});
  CHECK(moved("3b") == std::pair{12.5, 12.0});
  CHECK(moved("3c") == std::pair{9.0, 7.0});
  CHECK(moved("1") == std::pair{7.0, 5.5});
}

TEST_CASE("Merge: the published model result, 39.5 of 122", "[merge]") {
  // Answers that sum to the published points of each area, with 20 numbered questions at yes.
  Given named;
  const auto set = [&](const std::string& mark, const std::vector<std::string>& ids) {
    for (const auto& id : ids) named[id] = mark;
  };
  set("yes", {"6",  "8",  "14", "15", "18", "19", "20", "36", "37", "38", "39a",
              "40", "61", "62", "64", "67", "75", "76", "77", "91", "95"});
  set("partial", {"1", "13", "16", "17", "21", "22", "23", "41", "42", "43", "44", "50", "65", "68",
                  "69", "71", "80", "81"});
  const auto result = merged(answers("no", named));
  const std::vector<std::pair<std::string, double>> expected{
      {"1", 1.5}, {"1a", 3}, {"2", 1}, {"3a", 12}, {"3b", 6.5}, {"3c", 0.5}, {"3d", 0},
      {"3e", 2},  {"3f", 3}, {"4", 3}, {"5", 1},   {"6", 4},    {"7", 1},    {"8", 1}};
  for (const auto& [id, sum] : expected) {
    CAPTURE(id);
    CHECK(points(area(result, id).claimed) == sum);
  }
  CHECK(points(result.total.claimed) == 39.5);
  CHECK(points(result.total.most) == 122);
  CHECK(*result.total.claimed_percent() == Approx(32.4).margin(0.05));
  CHECK(result.rating == "poor");
  CHECK(result.total.yes == 20);
}

TEST_CASE("Merge: what does not apply leaves sum and maximum", "[merge]") {
  const auto result = merged(answers("yes", {{"26", "na"}, {"18", "na"}}));
  CHECK(points(result.total.most) == 119);
  CHECK(points(result.total.claimed) == 119);
  CHECK(*result.total.claimed_percent() == 100);
}

TEST_CASE("Merge: a claim that something does not apply is disputed where it was seen", "[merge]") {
  std::map<std::string, QuestionEvidence> evidence;
  evidence["26"].evidence = Evidence::uncovered;
  evidence["26"].subject_seen = true;
  const auto result = judge(ssat(), answers("yes", {{"26", "na"}}), policy(), evidence);
  CHECK(of(result, "26").code == VerdictCode::na_disputed);
  CHECK(points(result.total.most) == 121);
  CHECK(points(result.total.adjusted_most) == 122);
  CHECK(points(result.total.adjusted) == 121);
}

TEST_CASE("Merge: an area in which nothing applies has no rating", "[merge]") {
  const auto result =
      merged(answers("yes", {{"91", "na"}, {"92", "na"}, {"93", "na"}, {"94", "na"}}));
  for (const auto& each : result.areas) CHECK(each.rating == (each.area == "7" ? "" : "good"));
  CHECK_FALSE(area(result, "7").claimed_percent().has_value());
}

TEST_CASE("Merge: the verified share is what traffic corroborates of the yes", "[merge]") {
  const auto result =
      merged(answers("no", {{"18", "yes"}, {"20", "yes"}, {"22", "yes"}, {"8", "yes"}}),
             {{"18", Evidence::supporting}, {"20", Evidence::silent}});
  CHECK(points(result.total.yes_weight) == 6);
  CHECK(points(result.total.verified) == 2);
  CHECK(*result.total.verified_percent() == Approx(100.0 / 3));
}

TEST_CASE("Merge: 39 yes and 39a no: 39a is not asked and counts as yes", "[merge]") {
  const auto result = merged(answers("yes", {{"39a", "no"}}));
  const auto& verdict = of(result, "39a");
  CHECK(ssat().text(verdict.claimed) == "yes");
  CHECK(verdict.automatic);
  CHECK(points(result.total.claimed) == 122);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].en ==
        "Question 39a is not asked here: it follows question 39 and counts as yes; the answer no "
        "was passed over.");
  CHECK(result.warnings[0].ja.find("自動") != std::string::npos);
  CHECK(verdict.note.ja.find("自動") != std::string::npos);
}

TEST_CASE("Merge: 78 no and 78a yes: 78a is not asked and counts as no", "[merge]") {
  const auto result = merged(answers("yes", {{"78", "no"}}));
  CHECK(ssat().text(of(result, "78a").claimed) == "no");
  CHECK(of(result, "78a").automatic);
  CHECK(points(result.total.claimed) == 121);
  CHECK(result.warnings.size() == 1);
}

TEST_CASE("Merge: a follow-up that is asked counts as answered", "[merge]") {
  const auto result = merged(answers("yes", {{"39", "partial"}, {"39a", "no"}}));
  CHECK(ssat().text(of(result, "39a").claimed) == "no");
  CHECK_FALSE(of(result, "39a").automatic);
  CHECK(result.warnings.empty());
  CHECK(points(area(result, "3b").claimed) == 13.5);
}

TEST_CASE("Merge: a follow-up of what does not apply costs nothing", "[merge]") {
  const auto result =
      merged(answers("yes", {{"39", "na"}, {"39a", ""}, {"78", "na"}, {"78a", ""}}));
  CHECK(of(result, "39a").claimed.means == Answer::not_applicable);
  CHECK(of(result, "78a").claimed.means == Answer::not_applicable);
  CHECK(points(result.total.most) == 119.5);
  CHECK(points(result.total.claimed) == 119.5);
}

TEST_CASE("Merge: the what-if counts planned improvements, by claim alone", "[merge]") {
  const auto given = answers("no", {{"1", "no→yes 台帳を作る"},
                                    {"2", "partial→yes"},
                                    {"39", "no→yes"},
                                    {"39a", "no"},
                                    {"3", "yes"}});
  const auto result = merged(given, {{"1", Evidence::strong}});
  CHECK(points(result.total.claimed) == 3.5);
  CHECK(points(result.total.after) == 9.5);  // 3 + 3 + 2 + 1, and 39a inherits a half
  CHECK(result.total.yes == 1);
  CHECK(result.total.after_yes == 4);
  CHECK(result.total.numbered == 99);
  CHECK(result.total.lines == 101);
  CHECK(of(result, "1").memo.find("台帳を作る") != std::string::npos);
}

TEST_CASE("Merge: an alternate measure counts as yes and is marked for review", "[merge]") {
  const auto result = merged(answers("no", {{"41", "代替"}}));
  CHECK(ssat().text(of(result, "41").claimed) == "yes");
  CHECK(of(result, "41").alternate);
  CHECK(of(result, "41").note.en.find("review it") != std::string::npos);
}

TEST_CASE("Merge: a verdict that needs a list says which", "[merge]") {
  const auto result = merged(answers("yes"));
  CHECK(of(result, "1").note.en == "A full test also needs a list of assets (--assets).");
  CHECK(of(result, "1").note.ja == "十分な判定には資産台帳（--assets）も必要。");
  CHECK(of(result, "34").note.en ==
        "Traffic can support this or raise a flag, and never contradict it.");
  for (const auto& question : ssat().questions) {
    CAPTURE(question.id);
    for (const auto& need : question.needs) {
      const auto& note = of(result, question.id).note;
      CHECK(note.en.find(ssat().inputs.at(need).en) != std::string::npos);
      CHECK(note.ja.find(ssat().inputs.at(need).ja) != std::string::npos);
    }
  }
}

TEST_CASE("Merge: every question that traffic can test has a rule", "[merge]") {
  std::size_t rows = 0;
  for (const auto& question : ssat().questions) {
    CAPTURE(question.id);
    const bool testable = question.testability != Testability::never;
    CHECK(question.evidence.empty() != testable);
    if (testable) ++rows;
  }
  CHECK(rows == 62);
}

}  // namespace
}  // namespace sekimori::test
