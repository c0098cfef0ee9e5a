// Every check of every ruleset is seen to be violated, met and unseen, on captures of this project
// that it names itself.

#include "sekimori/assess/plant_list.h"
#include "sekimori/assess/run_checks.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
const fs::path captures{fs::path{SEKIMORI_SOURCE_DIR} / "captures"};

/// What all checks say of a capture, by their ids.
using Outcomes = std::map<std::string, CheckOutcome>;

Outcomes assess(const std::string& name, const Rules& rules, const ZonePlan& plan) {
  ObserveOptions options;
  options.vantage = "BCF";  // the mirror port of the core switch sees every VLAN
  const auto facts = observe({captures / (name + ".pcap")}, options);
  const Folder folder;
  const auto file = folder / "model.sekimori";
  conclude_and_save(facts, plan, file);
  Database database{file, Database::Mode::read_write};
  // A check that compares with the plant's list finds it beside the capture.
  const auto list = captures / (name + "-exceptions.csv");
  if (fs::exists(list)) write_lists({load_list("exceptions", list)}, database);
  Outcomes outcomes;
  for (auto& outcome : run_checks(rules, database)) outcomes[outcome.id] = outcome;
  return outcomes;
}

TEST_CASE("Checks: each is violated, met and unseen on the captures that it names", "[checks]") {
  const auto rules = Rules::builtin();
  const auto plan = ZonePlan::load(captures / "zones.json");
  std::map<std::string, Outcomes> known;

  std::size_t proven = 0;
  for (const auto& [ruleset, check] : rules.entries()) {
    const std::map<CheckResult, std::vector<std::string>> proofs{
        {CheckResult::violated, check->proof.violated},
        {CheckResult::met, check->proof.met},
        {CheckResult::unseen, check->proof.unseen}};
    for (const auto& [expected, names] : proofs) {
      CAPTURE(check->id, to_text(expected), names);
      CHECK_FALSE(names.empty());
      for (const auto& name : names) {
        if (!fs::exists(captures / (name + ".pcap"))) {
          FAIL_CHECK(check->id << ": no capture " << name);
          continue;
        }
        if (!known.contains(name)) known[name] = assess(name, rules, plan);
        const auto& outcome = known[name].at(check->id);
        CAPTURE(name, outcome.note, outcome.findings);
        CHECK(to_text(outcome.result) == to_text(expected));
        ++proven;
      }
    }
  }
  CHECK(proven >= 3 * rules.entries().size());
}

TEST_CASE("Checks: each file of rulesets/checks is in force", "[checks]") {
  std::size_t files = 0;
  for (const auto& entry :
       fs::directory_iterator{fs::path{SEKIMORI_SOURCE_DIR} / "rulesets/checks"})
    if (entry.path().extension() == ".json") ++files;
  CHECK(files > 0);
  CHECK(Rules::builtin().rulesets().size() == files);
}

}  // namespace
}  // namespace sekimori::test
