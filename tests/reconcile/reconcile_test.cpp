#include "sekimori/reconcile/reconcile.h"

#include "builds.h"
#include "questionnaire.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::test {
namespace {

TEST_CASE("Evidence: radio is a step down, and silence needs a radio capture", "[evidence]") {
  const auto found = [](const std::string& vantage, const Build& build) {
    Plant plant;
    plant.capture(vantage, kCovered);
    build(plant);
    return gather_evidence(plant.model(), ssat(), answers("yes"), policy()).at("35").evidence;
  };
  const Build access_point = [](Plant& plant) {
    plant.event(0, "wireless", "CAPWAP", plant.host("ap", Plant::control, "access_point"));
  };
  CHECK(found("C", access_point) == Evidence::limited);
  CHECK(found("C", quiet) == Evidence::uncovered);
  CHECK(found("W", quiet) == Evidence::silent);
  CHECK(found("C", [](Plant& plant) {
          plant.property(plant.host("sw", Plant::field, "switch"), "capability", "wlan-ap", "lldp");
        }) == Evidence::limited);
  CHECK(found("W", [](Plant& plant) {
          plant.event(0, "wireless", "CAPWAP", plant.host("ap", Plant::control, "access_point"));
          plant.allow("ap", "");
        }) == Evidence::silent);
}

TEST_CASE("Evidence: silence needs vantage, a week with a weekend, both ways, little loss",
          "[evidence]") {
  const auto found = [](const std::string& vantage, double days, const std::string& change) {
    Plant plant;
    plant.capture(vantage, days);
    if (!change.empty()) plant.run("UPDATE capture SET " + change);
    quiet(plant);
    const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
    const auto& verdict = of(result, "20");
    CHECK(verdict.adjusted == verdict.claimed);
    return std::string{to_text(verdict.code)} + ' ' + verdict.note.en;
  };
  const std::string not_observed{"NOT_OBSERVED "};
  CHECK(found("B", 8, "") == "NOT_CONTRADICTED ");
  CHECK(found("F", 8, "") == not_observed + "No capture taken at vantage point B / C.");
  CHECK(found("", 8, "") == not_observed + "No capture taken at vantage point B / C.");
  CHECK(found("B", 4.5, "") == not_observed + "Seen for 4.5 days of 7. No weekend was seen.");
  CHECK(found("B", 8, "two_way = 94, one_way = 6") ==
        not_observed + "Both directions seen of 94 % of the TCP flows; 95 % are needed.");
  CHECK(found("B", 8, "two_way = 0") ==
        not_observed + "No TCP flow with payload shows that both directions are seen.");
  CHECK(found("B", 8, "kernel_drops = 11") ==
        not_observed + "Capture loss 1.1 %; at most 1 % is allowed.");
}

TEST_CASE("Evidence: overlapping captures count their time once", "[evidence]") {
  Plant plant;
  plant.capture("B", 5);
  plant.capture("B", 5);
  plant.run("UPDATE capture SET first_seen = 1704067200, last_seen = 1704067200 + 5 * 86400");
  quiet(plant);
  const auto evidence = gather_evidence(plant.model(), ssat(), answers("yes"), policy());
  CHECK(evidence.at("20").coverage.days == Approx(5));
  CHECK(evidence.at("20").evidence == Evidence::uncovered);
}

TEST_CASE("Evidence: what was seen counts, wherever it was seen", "[evidence]") {
  Plant plant;
  plant.capture("");
  link(Plant::office, Plant::control)(plant);
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "18").code == VerdictCode::contradicted);
}

TEST_CASE("Evidence: by assumed zones a verdict takes one step", "[evidence]") {
  Plant plant;
  plant.capture("B");
  link(Plant::office, Plant::control)(plant);
  plant.assume_zones();
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "18").code == VerdictCode::partly_contradicted);
  CHECK(of(result, "23").code == VerdictCode::partly_contradicted);
  CHECK(points(result.total.adjusted) == 120.5);
}

TEST_CASE("Evidence: a controller's default password needs no zone to be declared", "[evidence]") {
  Plant plant;
  plant.capture("C");
  with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
             "ftp, user USER, password default")(plant);
  plant.assume_zones();
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "51").code == VerdictCode::contradicted);
}

// ------------------------------------------------- the tests that the merge rules ask for (5.10)

TEST_CASE("Merge rules: all yes and no capture", "[evidence]") {
  Plant plant;
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(points(result.total.claimed) == 122);
  CHECK(points(result.total.adjusted) == 122);
  for (const auto& verdict : result.verdicts) {
    const bool never = ssat().find(verdict.question)->testability == Testability::never;
    CHECK(verdict.code == (never ? VerdictCode::not_testable : VerdictCode::not_observed));
  }
  CHECK(of(result, "18").note.en == "No capture was given.");
}

TEST_CASE("Merge rules: one Modbus read from office to control", "[evidence]") {
  Plant plant;
  plant.capture("B");
  const auto client = plant.host("pc", Plant::office);
  const auto server = plant.host("plc", Plant::control, "plc");
  plant.operation(plant.talk(client, server), "read-holding-registers", "read");
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "18").evidence == Evidence::strong);
  CHECK(of(result, "23").evidence == Evidence::strong);
  CHECK(of(result, "14").flag);
  CHECK(of(result, "14").code == VerdictCode::not_observed);
  CHECK(points(result.total.adjusted) == 119);
  for (const auto& verdict : result.verdicts)
    if (verdict.question != "18" && verdict.question != "23")
      CHECK(verdict.adjusted == verdict.claimed);

  const auto& fact = of(result, "18").facts.at(0);
  CHECK(fact.rule == "R18.1");
  CHECK(fact.strength == Strength::s3);
  CHECK(fact.text.en == "pc (office) and plc (control) exchanged modbus directly (flows: 1).");
  CHECK(fact.frame == 10);
}

TEST_CASE("Merge rules: the same exchange as a declared exception", "[evidence]") {
  Plant plant;
  plant.capture("B");
  link(Plant::office, Plant::control)(plant);
  plant.allow(Plant::ip(1), Plant::ip(2), "tcp", 502);
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "18").code == VerdictCode::partly_contradicted);
  CHECK(of(result, "23").code == VerdictCode::contradicted);
  CHECK(points(result.total.adjusted) == 120);
}

TEST_CASE("Merge rules: unanswered calls to the Internet are a flag only", "[evidence]") {
  Plant plant;
  plant.capture("B");
  link(Plant::control, Plant::internet, tcp("", 443, "S1", 3), "server")(plant);
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "20").flag);
  CHECK(of(result, "20").code == VerdictCode::not_observed);
  CHECK(result.total.adjusted == result.total.claimed);
}

TEST_CASE("Merge rules: remote access claimed weak, seen encrypted to a jump host", "[evidence]") {
  Plant plant;
  plant.capture("R");
  jump(sealed("ssh", 22))(plant);
  const auto result = reconcile(plant.model(), ssat(), answers("yes", {{"31", "no"}}), policy());
  CHECK(of(result, "31").code == VerdictCode::understated);
  CHECK(of(result, "31").adjusted.means == Answer::no);
  CHECK(points(result.total.claimed) == 121);
}

TEST_CASE("Merge rules: no safety system claimed, a safety protocol decoded", "[evidence]") {
  Plant plant;
  plant.capture("F");
  link(Plant::safety, Plant::safety, {}, "safety_controller", "safety_controller")(plant);
  const auto result = reconcile(plant.model(), ssat(), answers("yes", {{"26", "na"}}), policy());
  CHECK(of(result, "26").code == VerdictCode::na_disputed);
  CHECK(points(result.total.most) == 121);
  CHECK(points(result.total.adjusted_most) == 122);
  CHECK_FALSE(of(result, "26").facts.empty());
}

TEST_CASE("Reconcile: verdicts and their facts stand in the model, once", "[evidence]") {
  Plant plant;
  plant.capture("B");
  link(Plant::office, Plant::control)(plant);
  for (int i = 0; i < 2; ++i)
    static_cast<void>(reconcile(plant.model(), ssat(), answers("yes"), policy()));
  auto rows = plant.model().prepare(
      "SELECT claimed, evidence, adjusted, verdict, weight, area FROM verdict WHERE question = "
      "'18'");
  REQUIRE(rows.step());
  CHECK(rows.text(0) == "yes");
  CHECK(rows.text(1) == "strong");
  CHECK(rows.text(2) == "no");
  CHECK(rows.text(3) == "CONTRADICTED");
  CHECK(rows.real(4) == 2);
  CHECK(rows.text(5) == "3a");
  CHECK_FALSE(rows.step());
  auto count = plant.model().prepare("SELECT COUNT(*) FROM verdict");
  REQUIRE(count.step());
  CHECK(count.integer(0) == 101);
  auto facts = plant.model().prepare(
      "SELECT rule, kind, strength, text_ja, conversation, frame FROM verdict_fact "
      "WHERE question = '18'");
  REQUIRE(facts.step());
  CHECK(facts.text(0) == "R18.1");
  CHECK(facts.text(1) == "against");
  CHECK(facts.text(2) == "S3");
  CHECK(facts.text(3).find("直接通信") != std::string::npos);
  CHECK(facts.integer(4) == 1);
  CHECK(facts.integer(5) == 10);
  CHECK_FALSE(facts.step());
}

TEST_CASE("Reconcile: facts beyond the bound are counted, not hidden", "[evidence]") {
  Plant plant;
  plant.capture("B");
  many(25, link(Plant::office, Plant::control))(plant);
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), policy());
  CHECK(of(result, "18").facts.size() == policy().facts_per_rule);
  CHECK(of(result, "18").note.en == "5 more pieces of evidence.");
}

TEST_CASE("Reconcile: the first facts are told, by their frames or as the query has them",
          "[evidence]") {
  Plant plant;
  plant.capture("B");
  const auto most = static_cast<std::int64_t>(policy().facts_per_rule);
  many(static_cast<int>(most) + 5, link(Plant::office, Plant::control))(plant);
  plant.run("UPDATE conversation SET frame = 1000 - conversation");  // the last came first
  auto set = ssat();
  const auto frames = [&] {
    const auto found = gather_evidence(plant.model(), set, answers("yes"), policy()).at("18");
    std::vector<std::int64_t> all;
    for (const auto& fact : found.facts)
      if (fact.rule == "R18.1") all.push_back(fact.frame.value());
    return all;
  };
  std::vector<std::int64_t> expected;
  for (std::int64_t i = 0; i < most; ++i) expected.push_back(1000 - (most + 5) + i);
  CHECK(frames() == expected);

  for (auto& question : set.questions)
    for (auto& rule : question.evidence)
      if (rule.id == "R18.1")
        rule.query +=
            GENERATE(" ORDER BY frame DESC", " order by frame desc", "\nORDER\n\tBY frame DESC");
  for (std::int64_t i = 0; i < most; ++i) expected[static_cast<std::size_t>(i)] = 999 - i;
  CHECK(frames() == expected);
}

TEST_CASE("Evidence: what asks no view is made ready before views are held", "[evidence]") {
  Plant plant;
  plant.capture("B");
  many(3, link(Plant::office, Plant::control))(plant);
  const auto is_held = [&](const std::string& table) {
    auto rows = plant.model().prepare("SELECT 1 FROM temp.sqlite_master WHERE name = ?");
    rows.bind(1, std::string_view{table});
    return rows.step();
  };
  int told = 0;
  const auto found = gather_evidence(plant.model(), ssat(), answers("yes"), policy(), [&] {
    ++told;
    CHECK(is_held("update_site rows"));        // of events
    CHECK_FALSE(is_held("link"));              // of talk
    CHECK_FALSE(is_held("conduit_use rows"));  // of link
  });
  CHECK(told == 1);
  CHECK_FALSE(is_held("update_site rows"));
  const auto texts = [](const GatheredEvidence& evidence) {
    std::vector<std::string> all;
    for (const auto& [question, of] : evidence)
      for (const auto& fact : of.facts) all.push_back(question + ' ' + fact.rule + fact.text.en);
    return all;
  };
  const auto usual = gather_evidence(plant.model(), ssat(), answers("yes"), policy());
  CHECK_FALSE(texts(found).empty());
  CHECK(texts(found) == texts(usual));
}

TEST_CASE("Evidence: rules that ask the same say what they say alone", "[evidence]") {
  Plant plant;
  plant.capture("B");
  many(25, link(Plant::office, Plant::control))(plant);
  auto set = ssat();
  const auto rule = [&](const std::string& question, const std::string& id) -> EvidenceRule& {
    for (auto& asked : set.questions)
      if (asked.id == question)
        for (auto& each : asked.evidence)
          if (each.id == id) return each;
    throw std::invalid_argument(id);
  };
  REQUIRE(rule("14", "R14.N1").query == rule("18", "R18.1").query);
  const auto facts = [&] {
    const auto evidence = gather_evidence(plant.model(), set, answers("yes"), policy());
    std::vector<std::string> all;
    for (const auto* const question : {"14", "18"})
      for (const auto& fact : evidence.at(question).facts)
        all.push_back(fact.rule + ' ' + std::to_string(fact.frame.value_or(0)) + fact.text.en);
    return all;
  };
  const auto together = facts();
  rule("18", "R18.1").query += " -- by itself";
  CHECK(facts() == together);
  const auto starts = [&](const std::string& with) {
    return std::ranges::any_of(together, [&](const auto& fact) { return fact.starts_with(with); });
  };
  CHECK(starts("R14.N1 "));
  CHECK(starts("R18.1 "));
}

TEST_CASE("Reconcile: of facts in one frame, that of the lesser conversation comes first",
          "[evidence]") {
  Plant plant;
  plant.capture("B");
  many(3, link(Plant::office, Plant::control))(plant);
  plant.run("UPDATE conversation SET frame = 7");
  const auto found = gather_evidence(plant.model(), ssat(), answers("yes"), policy()).at("18");
  std::vector<std::int64_t> conversations;
  for (const auto& fact : found.facts)
    if (fact.rule == "R18.1") conversations.push_back(fact.conversation.value());
  CHECK(conversations == std::vector<std::int64_t>{1, 2, 3});
}

}  // namespace
}  // namespace sekimori::test
