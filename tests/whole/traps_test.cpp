// The usual false contradictions (merge rules, 5.7): each trap is a capture, what the plant
// declares, and exactly those checks that are then violated.

#include "sekimori/assess/plant_list.h"
#include "sekimori/assess/run_checks.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
using Ids = std::set<std::string>;

constexpr const char* kZones = R"(
  { "name": "Office", "kind": "office", "subnets": ["10.10.0.0/24"] },
  { "name": "DMZ", "kind": "dmz", "subnets": ["10.20.0.0/24"], "vlans": [20] },
  { "name": "Control", "kind": "control", "subnets": ["10.30.0.0/24"], "vlans": [30] },
  { "name": "Field", "kind": "field", "subnets": ["10.40.0.0/24"], "vlans": [40] })";

struct Trap {
  std::string name;
  std::string capture;
  std::string plan;        ///< beside the zones
  std::string exceptions;  ///< the list as CSV, or ""
  Ids violated;
};

std::ostream& operator<<(std::ostream& out, const Trap& trap) {
  return out << trap.name;
}

/// A trap's capture as the program judges it.
class Judged {
 public:
  explicit Judged(const Trap& trap) {
    ObserveOptions options;
    options.vantage = "BCF";
    const auto capture =
        fs::path{SEKIMORI_SOURCE_DIR} / "captures" / ("trap-" + trap.capture + ".pcap");
    const auto facts = observe({capture}, options);
    const auto plan =
        ZonePlan::parse(std::string{R"({ "zones": [)"} + kZones + "]" + trap.plan + "}", "plan");
    conclude_and_save(facts, plan, file_);
    Database database{file_, Database::Mode::read_write};
    if (!trap.exceptions.empty())
      write_lists({parse_list("exceptions", "client,server,transport,port,note\n" + trap.exceptions,
                              "exceptions.csv")},
                  database);
    for (const auto& outcome : run_checks(Rules::builtin(), database)) {
      if (outcome.result == CheckResult::violated) violated.insert(outcome.id);
      if (outcome.result == CheckResult::met) met.insert(outcome.id);
    }
  }

  /// The first column of a query's rows.
  [[nodiscard]] std::vector<std::string> ask(const std::string& sql) const {
    Database database{file_, Database::Mode::read_only};
    auto rows = database.prepare(sql);
    std::vector<std::string> found;
    while (rows.step()) found.push_back(rows.text(0));
    return found;
  }

  Ids violated, met;

 private:
  Folder folder_;
  fs::path file_ = folder_ / "trap.sekimori";
};

const std::vector<Trap> traps{
    {"a public range inside, declared",
     "public-range-on-link",
     R"(, "internal_public_ranges": ["141.81.0.0/24"])",
     "",
     {}},
    {"a public range inside, not declared but on the link", "public-range-on-link", "", "", {}},
    {"a public range behind a router, declared",
     "public-range-routed",
     R"(, "internal_public_ranges": ["141.81.0.0/24"])",
     "",
     {}},
    {"a public range behind a router, of which nobody says anything",
     "public-range-routed",
     "",
     "",
     {"INT-01", "SEG-04"}},
    {"a layer-3 switch that answers in every VLAN", "layer-3-switch", "", "", {}},
    {"a pair of networks by PRP", "prp-pair", "", "", {"HYG-07"}},
    {"the assessor's laptop, left out by its MAC",
     "assessor",
     R"(, "exclude": ["f4:a8:0d:30:00:99"])",
     "",
     {}},
    {"the assessor's laptop, left out by its address",
     "assessor",
     R"(, "exclude": ["10.30.0.99"])",
     "",
     {}},
    {"the assessor's laptop, of which nobody says anything",
     "assessor",
     "",
     "",
     {"CLR-03", "HYG-03", "HYG-04", "HYG-06", "HYG-07", "INT-01"}},
    {"attempts on the Internet that nobody answers", "nobody-answers", "", "", {"INT-03"}},
    {"a historian that talks both ways, declared",
     "historian-mirrors",
     "",
     "10.30.0.30,10.20.0.10,tcp,443,history\n10.20.0.10,10.30.0.30,tcp,8443,gaps are asked for\n",
     {}},
    {"a historian that talks both ways, not declared", "historian-mirrors", "", "", {"SEG-10"}},
};

TEST_CASE("Traps: exactly these checks are violated", "[traps]") {
  const auto& trap = GENERATE(from_range(traps));
  CAPTURE(trap);
  CHECK(Judged{trap}.violated == trap.violated);
}

TEST_CASE("Traps: a plant's own public range is no Internet", "[traps]") {
  for (const auto& trap : traps) {
    if (!trap.capture.starts_with("public-range")) continue;
    CAPTURE(trap);
    const bool taken_for_outside = trap.violated.contains("INT-01");
    CHECK(Judged{trap}.ask("SELECT kind FROM asset WHERE name = '141.81.0.86'") ==
          std::vector<std::string>{taken_for_outside ? "external" : "device"});
  }
}

TEST_CASE("Traps: attempts that nobody answers speak for the wall", "[traps]") {
  for (const auto& trap : traps) {
    if (trap.capture != "nobody-answers") continue;
    const Judged judged{trap};
    for (const auto* id : {"INT-01", "INT-02", "HYG-03", "HYG-06"}) {
      CAPTURE(id);
      CHECK(judged.met.contains(id));
    }
  }
}

TEST_CASE("Traps: what was seen twice counts once", "[traps]") {
  for (const auto& trap : traps) {
    if (trap.capture != "historian-mirrors" && trap.capture != "prp-pair") continue;
    CAPTURE(trap);
    CHECK(Judged{trap}.ask("SELECT requests FROM action WHERE access = 'write'") ==
          std::vector<std::string>{"1"});
  }
}

}  // namespace
}  // namespace sekimori::test
