#pragma once

#include "sekimori/assess/run_checks.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/store.h"
#include "sekimori/report/report.h"

#include "../infer/plant.h"
#include "folder.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace sekimori::test {

using Json = nlohmann::ordered_json;

inline const std::string sha_of_capture(64, 'a');

/// An office PC writes to a controller across the wall; the PC's name is what an attacker would
/// call it.
inline Facts small_plant(const std::string& name = "OFFICE-33") {
  Plant plant;
  auto& capture = plant.facts.captures.front();
  capture.name = "secret-site.pcap";
  capture.path_hint = "/home/somebody/secret-site.pcap";
  capture.sha256 = sha_of_capture;
  capture.format = "pcap";
  capture.link_type = "ETHERNET";
  capture.vantage = "B";
  capture.packets = 40;
  capture.bytes = 4000;
  capture.two_way = 3;
  capture.one_way = 1;
  capture.first_seen = 1'000'000'000;
  capture.last_seen = 40'000'000'000;
  plant.station("00:80:f4:00:00:12", "10.40.0.12");
  plant.station("00:50:56:00:00:33", "10.10.0.33");
  plant.station("00:50:56:00:00:20", "10.40.0.20");
  plant.property("10.10.0.33", "name", name, 60);
  for (const auto* client : {"10.10.0.33", "10.40.0.20"}) {
    auto& talk = plant.talk(client, "10.40.0.12", 502, "modbus");
    auto& done = talk.operations[{"modbus", 5, Sender::client, 1, "coil"}];
    done.name = "write-coil";
    done.notation = "5";
    done.access = Access::write;
    done.requests = done.executed = 3;
    done.low = done.high = 7;
    done.seen = plant.next();
    const auto seen = plant.next();
    talk.seen.join(seen);
    done.seen.join(seen);
  }
  return std::move(plant.facts);
}

inline ZonePlan small_zones() {
  return ZonePlan::parse(
      R"({"zones": [{"name": "Office", "kind": "office", "subnets": ["10.10.0.0/24"]},
                    {"name": "Control", "kind": "control", "subnets": ["10.40.0.0/24"]}]})",
      "zones.json");
}

/// The report of facts, all the way through a model file.
/// `after` may add to what the checks found.
inline Json report_of(const Facts& facts, const ZonePlan& zones,
                      const std::optional<std::string>& answers_csv,
                      const std::function<void(Database&)>& after = {}) {
  const Folder folder;
  const auto rules = Rules::builtin();
  const auto set = built_in_question_set("ssat");
  const auto policy = built_in_merge_policy();
  std::optional<Answers> answers;
  if (answers_csv) answers = parse_answers(*answers_csv, "answers.csv", set);
  Json report;
  conclude_and_save(facts, zones, folder / "m.sekimori", [&](Database& model) {
    run_checks(rules, model);
    if (after) after(model);
    const auto verdicts = reconcile(model, set, answers ? *answers : Answers{}, policy);
    report = make_report({model,
                          rules,
                          set,
                          policy,
                          verdicts,
                          answers ? &*answers : nullptr,
                          {{"answers", std::string(64, 'b')}}});
  });
  return report;
}

inline const Json& small_report() {
  static const auto report = report_of(small_plant(), small_zones(),
                                       "system,Line 2\nquestion_id,answer\n18,yes\n23,yes\n9,no\n");
  return report;
}

}  // namespace sekimori::test
