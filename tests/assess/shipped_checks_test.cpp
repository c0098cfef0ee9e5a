// Every check that the program ships, on models made by hand.

#include "sekimori/assess/run_checks.h"

#include "cases/cleartext.h"
#include "cases/control.h"
#include "cases/hygiene.h"
#include "cases/internet.h"
#include "cases/monitoring.h"
#include "cases/remote-access.h"
#include "cases/safety.h"
#include "cases/segmentation.h"

#include <catch2/catch.hpp>

#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

Cases all_cases() {
  Cases all;
  for (const auto* cases :
       {&segmentation_cases, &safety_cases, &cleartext_cases, &internet_cases, &remote_access_cases,
        &control_cases, &hygiene_cases, &monitoring_cases})
    all.insert(all.end(), cases->begin(), cases->end());
  return all;
}

TEST_CASE("Shipped checks: each answers as it should", "[assess]") {
  static const auto rules = Rules::builtin();
  static const auto cases = all_cases();
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Plant plant;
  c.plant(plant);
  for (const auto& outcome : run_checks(rules, plant.database())) {
    CAPTURE(outcome.id, outcome.note);
    CHECK_FALSE(outcome.note.starts_with("failed"));
    if (outcome.id == c.id) CHECK(to_text(outcome.result) == c.result);
  }
  // Whatever is found is proven by a frame and said in two languages without a gap.
  auto findings = plant.database().prepare(
      "SELECT finding, text_en, text_ja, capture, frame, first_seen FROM finding");
  while (findings.step()) {
    CAPTURE(findings.text(0), findings.text(1), findings.text(2));
    CHECK_FALSE(findings.is_null(3));
    CHECK(findings.integer(4) > 0);
    for (const int text : {1, 2}) {
      CHECK(findings.text(text).find("  ") == std::string::npos);
      CHECK(findings.text(text).find('{') == std::string::npos);
      CHECK(findings.text(text).find("()") == std::string::npos);
    }
  }
}

TEST_CASE("Shipped checks: each has a case for each answer", "[assess]") {
  const auto rules = Rules::builtin();
  std::set<std::string> have;
  for (const auto& c : all_cases()) have.insert(c.id + ' ' + c.result);
  std::set<std::string> want;
  for (const auto& entry : rules.entries())
    for (const char* result : {" violated", " met", " unseen"})
      want.insert(entry.check->id + result);
  CHECK(have == want);
}

TEST_CASE("Shipped checks: nothing is met by an empty model", "[assess]") {
  Database database{":memory:", Database::Mode::create};
  database.execute(schema_sql());
  for (const auto& outcome : run_checks(Rules::builtin(), database)) {
    CAPTURE(outcome.id, outcome.note);
    CHECK(outcome.result == CheckResult::unseen);
    CHECK(outcome.note.empty());
  }
}

TEST_CASE("Shipped checks: references are of known form, and SSAT is always among them",
          "[assess]") {
  const auto rules = Rules::builtin();
  const std::regex known{R"(SSAT \d{1,2}a?|IEC 62443-3-3 SR \d\.\d{1,2}|IEC 62443-3-2 ZCR \d\.\d|)"
                         R"(NIST SP 800-82 \d\.\d(\.\d){0,2}|CISA CPG 1\.0\.1 \d\.[A-Z]|)"
                         R"(NERC CIP-005 R\d\.\d|ATT&CK-ICS T0\d{3})"};
  CHECK(rules.entries().size() >= 18);
  for (const auto& [ruleset, check] : rules.entries()) {
    CAPTURE(check->id);
    CHECK(ruleset->file == ruleset->name + ".json");
    bool ssat = false;
    for (const auto& reference : check->maps_to) {
      CAPTURE(reference);
      CHECK(std::regex_match(reference, known));
      ssat = ssat || reference.starts_with("SSAT ");
    }
    CHECK(ssat);
  }
}

TEST_CASE("Shipped checks: each speaks English in ASCII, and Japanese", "[assess]") {
  const auto rules = Rules::builtin();
  for (const auto& entry : rules.entries()) {
    const auto& check = *entry.check;
    CAPTURE(check.id);
    for (const auto* text : {&check.title, &check.why, &check.remedy, &check.finding}) {
      CAPTURE(text->en, text->ja);
      CHECK(std::ranges::all_of(text->en,
                                [](char letter) { return letter >= ' ' && letter <= '~'; }));
      // Hiragana is U+3040 to U+309F: E3 81, E3 82.
      CHECK((text->ja.find("\xe3\x81") != std::string::npos ||
             text->ja.find("\xe3\x82") != std::string::npos));
    }
    CHECK_FALSE(check.title.en.ends_with('.'));
    CHECK(check.finding.en.ends_with('.'));
    CHECK(check.finding.ja.ends_with("\xe3\x80\x82"));  // the full stop
  }
}

}  // namespace
}  // namespace sekimori::test
