// What the checks say of networks that others recorded: office and Internet traffic, and a plant
// that uses a public range inside.

#include "sekimori/assess/run_checks.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"

#include "folder.h"
#include "real_captures.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

/// The checks that are violated on a capture.
std::set<std::string> violated(const fs::path& capture, const ZonePlan& plan) {
  const auto facts = observe({capture}, {});
  const Folder folder;
  const auto file = folder / "model.sekimori";
  conclude_and_save(facts, plan, file);
  Database database{file, Database::Mode::read_write};
  std::set<std::string> ids;
  for (const auto& outcome : run_checks(Rules::builtin(), database))
    if (outcome.result == CheckResult::violated) ids.insert(outcome.id);
  return ids;
}

TEST_CASE("Real captures: nothing is found in an office that nobody calls a plant", "[real]") {
  for (const auto& capture : real_captures("it")) {
    CAPTURE(capture);
    CHECK(violated(capture, {}) == std::set<std::string>{});
  }
}

TEST_CASE("Real captures: an office called a control network is one that browses", "[real]") {
  const auto plan = ZonePlan::parse(R"({ "zones": [ { "name": "Control", "kind": "control",
      "subnets": ["10.0.0.0/24", "59.120.208.0/24", "141.142.220.0/24", "192.168.0.0/16"] } ] })",
                                    "plan");
  for (const auto& capture : real_captures("it")) {
    for (const auto& id : violated(capture, plan)) {
      CAPTURE(capture, id);
      // No scan, no conflict, no second leg, no command: what is there is the Internet and old
      // systems.
      for (const auto* other : {"SEG-", "CTL-", "SAF-", "REM-", "MON-", "HYG-05", "HYG-06"})
        CHECK_FALSE(id.starts_with(other));
    }
  }
}

TEST_CASE("Real captures: a plant with a public range of its own has no Internet", "[real]") {
  for (const auto& capture : real_captures("modbus-tcp")) {
    if (!capture.filename().string().starts_with("derived-plant1")) continue;
    CAPTURE(capture);
    for (const auto& id : violated(capture, {})) {
      CAPTURE(id);
      for (const auto* other : {"INT-", "SEG-", "HYG-05", "HYG-06"})
        CHECK_FALSE(id.starts_with(other));
    }
  }
}

}  // namespace
}  // namespace sekimori::test
