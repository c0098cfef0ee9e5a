// The merge, all the way: each question that traffic tests directly is claimed with yes, and
// contradicted, supported, or not observed. What the plant does is played by captures/scenarios.cpp
// into a temporary folder.

#include "scenarios.h"

#include "sekimori/assess/plant_list.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"
#include "sekimori/reconcile/reconcile.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

/// Lists that the plant hands over, by their names.
using Lists = std::map<std::string, std::string>;

const Lists none;
// The router shows its MAC in every network, so it is an asset as others are.
const Lists all_assets{{"assets", "ip,mac\n10.30.0.10,\n10.40.0.11,\n,00:00:0c:9f:f0:01\n"}};
const Lists one_asset{{"assets", "ip,mac\n10.30.0.10,\n,00:00:0c:9f:f0:01\n"}};
const Lists inner_flows{{"flows", "client,server,protocol\nControl,Field,modbus\n"}};
const Lists push_flow{
    {"flows", "client,server,protocol\nControl,Field,modbus\n10.30.0.30,10.20.0.10,tls\n"}};
const Lists no_path{{"remote-access", "client,server\n"}};
const Lists ssh_path{{"remote-access", "client,server,protocol\n130.225.0.0/24,DMZ,ssh\n"}};
const Lists one_station{{"engineering", "host\n10.30.0.20\n"}};
const Lists other_party{{"third-parties", "name,address\nOther,203.0.113.0/24\n"}};
const Lists vendor_party{{"third-parties", "name,address\nVendor,130.225.0.0/24\n"}};

struct Row {
  std::string question, claim, scenario;
  const Lists& lists;
  std::string verdict, adjusted;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.question << ", claimed " << row.claim << ": " << row.scenario;
}

// Where 5.6 knows nothing that supports the claim, eight silent days leave it not contradicted.
// clang-format off
const std::vector<Row> table{
    // question, claimed, what the plant does, lists, verdict, adjusted
    {"1", "yes", "a quiet week", one_asset, "CONTRADICTED", "no"},
    {"1", "yes", "a quiet week", all_assets, "CORROBORATED", "yes"},
    {"1", "yes", "a short look", all_assets, "NOT_OBSERVED", "yes"},
    {"2", "yes", "office reads a controller", inner_flows, "CONTRADICTED", "no"},
    {"2", "yes", "collector pushes into the DMZ", push_flow, "CORROBORATED", "yes"},
    {"2", "yes", "a short look", inner_flows, "NOT_OBSERVED", "yes"},
    {"13", "yes", "vendor reaches the engineering station", push_flow, "CONTRADICTED", "no"},
    {"13", "yes", "collector pushes into the DMZ", push_flow, "CORROBORATED", "yes"},
    {"13", "yes", "a short look", inner_flows, "NOT_OBSERVED", "yes"},
    {"14", "yes", "office PC in the control VLAN", none, "CONTRADICTED", "no"},
    {"14", "yes", "router forbids", none, "CORROBORATED", "yes"},
    {"14", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"15", "yes", "office browses six control hosts", push_flow, "CONTRADICTED", "no"},
    {"15", "yes", "one pair, others refused", push_flow, "CORROBORATED", "yes"},
    {"15", "yes", "a short look", inner_flows, "NOT_OBSERVED", "yes"},
    {"18", "yes", "office reads a controller", none, "CONTRADICTED", "no"},
    {"18", "yes", "collector pushes into the DMZ", none, "CORROBORATED", "yes"},
    {"18", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"19", "yes", "three protocols on both sides", none, "CONTRADICTED", "no"},
    {"19", "yes", "a protocol for each side", none, "CORROBORATED", "yes"},
    {"19", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"20", "yes", "HMI on the Internet", none, "CONTRADICTED", "no"},
    {"20", "yes", "Internet tried in vain", none, "CORROBORATED", "yes"},
    {"20", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"21", "yes", "control reaches office six times", push_flow, "CONTRADICTED", "no"},
    {"21", "yes", "collector pushes into the DMZ", push_flow, "CORROBORATED", "yes"},
    {"21", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"22", "yes", "office telnets to a switch", none, "CONTRADICTED", "no"},
    {"22", "yes", "office goes by SSH", none, "CORROBORATED", "yes"},
    {"22", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"23", "yes", "office reads a controller", none, "CONTRADICTED", "no"},
    {"23", "yes", "a quiet week", none, "CORROBORATED", "yes"},
    {"23", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"24", "yes", "HMI asks a public DNS", none, "CONTRADICTED", "no"},
    {"24", "yes", "time from the DMZ", none, "CORROBORATED", "yes"},
    {"24", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"25", "yes", "one host, two legs", none, "CONTRADICTED", "no"},
    {"25", "yes", "one leg each", none, "NOT_CONTRADICTED", "yes"},
    {"25", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"26", "yes", "office reads a safety controller", none, "CONTRADICTED", "no"},
    {"26", "yes", "safety among itself", none, "CORROBORATED", "yes"},
    {"26", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"27", "yes", "vendor telnets to a switch", none, "CONTRADICTED", "no"},
    {"27", "yes", "switch managed by SSH", none, "CORROBORATED", "yes"},
    {"27", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"29", "yes", "vendor has two paths", no_path, "CONTRADICTED", "no"},
    {"29", "yes", "vendor has one path", ssh_path, "CORROBORATED", "yes"},
    {"29", "yes", "a short look", ssh_path, "NOT_OBSERVED", "yes"},
    {"32", "yes", "vendor reads a controller", none, "CONTRADICTED", "no"},
    {"32", "yes", "vendor goes on from the jump host", none, "CORROBORATED", "yes"},
    {"32", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"40", "yes", "updates from the Internet", none, "CONTRADICTED", "no"},
    {"40", "yes", "updates from the DMZ", none, "CORROBORATED", "yes"},
    {"40", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"41", "yes", "SCADA sends mail", none, "CONTRADICTED", "no"},
    {"41", "yes", "a quiet week", none, "NOT_CONTRADICTED", "yes"},
    {"41", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"42", "yes", "three hosts browse", none, "CONTRADICTED", "no"},
    {"42", "yes", "a quiet week", none, "NOT_CONTRADICTED", "yes"},
    {"42", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"43", "yes", "three hosts answer FTP", none, "CONTRADICTED", "no"},
    {"43", "yes", "hosts share files", none, "CORROBORATED", "yes"},
    {"43", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"44", "yes", "two controllers have pages", none, "CONTRADICTED", "no"},
    {"44", "yes", "a quiet week", inner_flows, "CORROBORATED", "yes"},
    {"44", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"49", "yes", "HMI shares files of the office", none, "CONTRADICTED", "no"},
    {"49", "yes", "collector pushes into the DMZ", none, "NOT_CONTRADICTED", "yes"},
    {"49", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"51", "yes", "switch takes community public", none, "CONTRADICTED", "no"},
    {"51", "yes", "switch takes a password", none, "CORROBORATED", "yes"},
    {"51", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"55", "yes", "one realm on both sides", none, "CONTRADICTED", "no"},
    {"55", "yes", "a realm of its own", none, "CORROBORATED", "yes"},
    {"55", "yes", "a short look", none, "NOT_OBSERVED", "yes"},
    {"56", "yes", "office loads a program", one_station, "CONTRADICTED", "no"},
    {"56", "yes", "engineer loads a program", one_station, "CORROBORATED", "yes"},
    {"56", "yes", "a short look", one_station, "NOT_OBSERVED", "yes"},
    {"75", "yes", "two strangers connect", other_party, "CONTRADICTED", "no"},
    {"75", "yes", "vendor has one path", vendor_party, "CORROBORATED", "yes"},
    {"75", "yes", "a short look", vendor_party, "NOT_OBSERVED", "yes"},
};
// clang-format on

const QuestionSet& ssat() {
  static const auto set = built_in_question_set("ssat");
  return set;
}

/// Scenarios played and observed, each once.
class Played {
 public:
  const Facts& facts(const std::string& name) {
    const auto known = facts_.find(name);
    if (known != facts_.end()) return known->second;
    for (const auto& recipe : captures::scenario_recipes()) {
      if (recipe.name != name) continue;
      captures::Plant plant;
      recipe.play(plant);
      const auto file = folder_ / (std::to_string(facts_.size()) + ".pcap");
      plant.scene.write(file);
      ObserveOptions options;
      options.vantage = "BCDFMR";  // the mirror port of the core switch sees every VLAN
      return facts_.emplace(name, observe({file}, options)).first->second;
    }
    throw std::out_of_range("no scenario " + name);
  }

  const ZonePlan& zones() {
    if (!plan_) {
      const auto file = folder_ / "zones.json";
      std::ofstream{file} << captures::scenario_zones();
      plan_ = ZonePlan::load(file);
    }
    return *plan_;
  }

 private:
  Folder folder_;
  std::map<std::string, Facts> facts_;
  std::optional<ZonePlan> plan_;
};

Verdict judged(const Row& row) {
  static Played played;
  const Folder folder;
  const auto file = folder / "model.sekimori";
  const auto& facts = played.facts(row.scenario);
  conclude_and_save(facts, played.zones(), file);
  Database model{file, Database::Mode::read_write};
  std::vector<PlantList> lists;
  for (const auto& [kind, text] : row.lists) lists.push_back(parse_list(kind, text, kind));
  write_lists(lists, model);

  auto set = ssat();
  for (auto& question : set.questions)
    if (question.id != row.question) question.evidence.clear();
  const auto answers =
      parse_answers("id,answer\n" + row.question + ',' + row.claim + '\n', "answers.csv", set);
  for (auto& verdict : reconcile(model, set, answers, built_in_merge_policy()).verdicts)
    if (verdict.question == row.question) return verdict;
  throw std::out_of_range(row.question);
}

TEST_CASE("Scenarios: claim and traffic make the verdict", "[scenarios]") {
  const auto& row = GENERATE(from_range(table));
  CAPTURE(row);
  const auto verdict = judged(row);
  std::string facts;
  for (const auto& fact : verdict.facts)
    facts += std::string{to_text(fact.kind)} + ' ' + fact.rule + ": " + fact.text.en + '\n';
  CAPTURE(verdict.note.en, facts);
  CHECK(to_text(verdict.code) == row.verdict);
  CHECK(ssat().text(verdict.adjusted) == row.adjusted);
  const bool rests_on_traffic = row.verdict == "CONTRADICTED" || row.verdict == "CORROBORATED";
  bool cites = false;
  for (const auto& fact : verdict.facts)
    cites = cites || (fact.kind != RuleKind::flag && fact.capture && fact.frame);
  CHECK(cites == rests_on_traffic);
}

TEST_CASE("Scenarios: three for each question that traffic tests directly", "[scenarios]") {
  std::map<std::string, std::set<std::string>> verdicts;
  for (const auto& row : table) verdicts[row.question].insert(row.verdict);
  std::size_t questions = 0;
  for (const auto& question : ssat().questions) {
    if (question.testability != Testability::testable) continue;
    CAPTURE(question.id);
    ++questions;
    const auto& found = verdicts[question.id];
    CHECK(found.size() == 3);
    CHECK(found.contains("CONTRADICTED"));
    CHECK(found.contains("NOT_OBSERVED"));
    const bool can_support =
        std::any_of(question.evidence.begin(), question.evidence.end(),
                    [](const EvidenceRule& rule) { return rule.kind == RuleKind::supports; });
    CHECK(found.contains(can_support ? "CORROBORATED" : "NOT_CONTRADICTED"));
  }
  CHECK(questions == 27);
  CHECK(table.size() == 81);
}

}  // namespace
}  // namespace sekimori::test
