#include "sekimori/model/database.h"
#include "sekimori/model/store.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

const std::string kZones = R"({ "zones": [
    { "name": "Office", "kind": "office", "subnets": ["10.1.0.0/16"] },
    { "name": "Control", "kind": "control", "subnets": ["10.3.0.0/16"] } ] })";

std::string text_of(const Inference& made) {
  std::ostringstream out;
  const auto seen = [&](const Sighting& one) {
    out << one.capture << '/' << one.frame << '@' << one.time << ' ';
  };
  for (const auto& row : made.assets) {
    out << to_text(row.kind) << '|' << row.name << '|' << to_text(row.role.role)
        << row.role.confidence << row.role.reason << '|' << row.level.value_or(-1)
        << row.level_confidence << row.level_reason << '|' << row.zone << row.zone_reason << '|'
        << row.vendor << row.model << row.firmware << row.serial << row.os;
    seen(row.seen.first);
    seen(row.seen.last);
    out << '\n';
  }
  for (const auto& row : made.addresses)
    out << row.asset << to_text(row.mac) << to_text(row.ip) << row.segment
        << static_cast<int>(row.on_link) << '\n';
  for (const auto& row : made.services)
    out << row.asset << row.transport << row.port << row.protocol << row.clients << '\n';
  for (const auto& row : made.zones)
    out << row.name << to_text(row.kind) << row.confidence << row.reason << '\n';
  for (const auto& row : made.conduits)
    out << row.from << row.to << row.conversations << row.protocols << row.packets << '\n';
  for (const auto& row : made.walls) {
    out << row.from << row.to << to_text(row.verdict) << row.confidence;
    for (const auto& sign : row.signs) {
      out << sign.sign << sign.count << sign.detail;
      seen(sign.first);
    }
    out << '\n';
  }
  for (const auto& row : made.conversations)
    out << row.client << row.server << row.client_zone << row.server_zone << row.copy_of << '\n';
  for (const auto asset : made.property_assets) out << asset << ',';
  for (const auto asset : made.event_assets) out << asset << ';';
  return out.str();
}

/// A plant of random hosts, each fact under a frame of its own.
Facts random_plant(std::mt19937& random) {
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const auto host = [&] {
    return "10." + std::to_string(1 + pick(3)) + ".0." + std::to_string(1 + pick(12));
  };
  const auto station = [&] {
    const auto n = std::to_string(10 + pick(30));
    return "00:1b:1b:00:00:" + n;
  };
  const std::vector<std::string> segments{"", "vlan 1", "vlan 3"};
  const std::vector<std::string> protocols{"modbus", "http", "rdp", "dns", "s7comm", ""};
  Plant plant;
  for (int i = 0; i < 60; ++i) {
    const auto& segment = segments[static_cast<std::size_t>(pick(3))];
    switch (pick(8)) {
      case 0:
      case 1:
        plant.station(station(), host(), segment);
        break;
      case 2:
        plant.sends("00:00:0c:11:22:33", host(), 63, segment);
        break;
      case 3:
        plant.sends(station(), host(), 64, segment);
        break;
      case 4:
        plant.unanswered(host(), host(), 502, segment);
        break;
      case 5:
        plant.prohibits("10.1.0.254", host(), host(), 23);
        break;
      case 6:
        plant.property(host(), "name", "host-" + std::to_string(i), 90, Target::kNoUnit, segment);
        break;
      default: {
        const auto& protocol = protocols[static_cast<std::size_t>(pick(6))];
        plant.operation(plant.talk(host(), host(), 502, protocol, segment), 3, Access::read,
                        static_cast<std::uint32_t>(pick(3)));
      }
    }
  }
  return plant.facts;
}

/// Moves every fact over one by one, in another order.
Facts shuffled(const Facts& facts, std::mt19937& random) {
  Facts moved;
  moved.captures = facts.captures;
  std::vector<std::function<void()>> steps;
  const auto add = [&steps](auto& to, const auto& from) {
    for (const auto& entry : from) steps.push_back([&to, &entry] { to.insert(entry); });
  };
  add(moved.bindings, facts.bindings);
  add(moved.properties, facts.properties);
  add(moved.conversations, facts.conversations);
  add(moved.blocked, facts.blocked);
  std::shuffle(steps.begin(), steps.end(), random);
  for (const auto& step : steps) step();
  return moved;
}

TEST_CASE("Inference: the order of facts does not matter", "[inference]") {
  const auto seed = GENERATE(range(0U, 40U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto facts = random_plant(random);
  const auto plan = seed % 2 == 0 ? ZonePlan{} : ZonePlan::parse(kZones, "zones.json");
  const auto made = infer(facts, plan);
  CHECK(text_of(infer(shuffled(facts, random), plan)) == text_of(made));
  CHECK(text_of(infer(facts, plan)) == text_of(made));
}

TEST_CASE("Inference: every reference is to a row", "[inference]") {
  const auto seed = GENERATE(range(0U, 40U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto facts = random_plant(random);
  const auto plan = seed % 2 == 0 ? ZonePlan{} : ZonePlan::parse(kZones, "zones.json");
  const auto made = infer(facts, plan);
  CHECK(made.conversations.size() == facts.conversations.size());
  CHECK(made.property_assets.size() == facts.properties.size());
  for (const auto& row : made.assets) {
    CHECK(row.zone <= made.zones.size());
    CHECK_FALSE(row.name.empty());
    CHECK_FALSE(row.role.reason.empty());
    CHECK_FALSE(row.zone_reason.empty());
    CHECK(row.seen.first.frame > 0);
  }
  for (const auto& row : made.addresses) {
    CHECK(row.asset > 0);
    CHECK(row.asset <= made.assets.size());
  }
  for (std::size_t i = 0; i < made.conversations.size(); ++i) {
    const auto& link = made.conversations[i];
    CHECK(link.client > 0);
    CHECK(link.server > 0);
    CHECK(link.client_zone > 0);
    CHECK(link.copy_of != i + 1);
    if (link.copy_of != kNoRow) {
      const auto& original = made.conversations.at(link.copy_of - 1);
      CHECK(original.copy_of == kNoRow);
      CHECK(original.client == link.client);
    }
  }
  for (const auto& row : made.walls) {
    CHECK(row.from < row.to);
    CHECK(row.to <= made.zones.size());
    CHECK((row.confidence > 0) == (row.verdict != WallVerdict::unknown));
  }
}

TEST_CASE("Inference: of nothing, nothing", "[inference]") {
  const auto made = infer({}, {});
  CHECK(made.assets.empty());
  CHECK(made.zones.empty());
  CHECK(made.walls.empty());
}

/// A folder of its own that goes when the test does.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("sekimori-infer-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string one(Database& database, const std::string& sql) {
  auto statement = database.prepare(sql);
  std::string text;
  while (statement.step()) {
    if (!text.empty()) text += '\n';
    for (int i = 0; i < statement.columns(); ++i) text += (i == 0 ? "" : "|") + statement.text(i);
  }
  return text;
}

TEST_CASE("Inference: the model file holds what was concluded", "[inference]") {
  Plant plant;
  plant.facts.captures[0].sha256 = "00";
  plant.station("00:80:64:00:00:01", "10.1.0.1").station("00:1b:1b:00:00:01", "10.3.0.1");
  auto& talk = plant.talk("10.1.0.1", "10.3.0.1", 502, "modbus");
  plant.operation(talk, 6, Access::write);
  SubjectKey subject;
  subject.ip = ip("10.3.0.1");
  talk.events[{"mode-change", subject, "stop"}] = {1, plant.next()};
  plant.property("10.3.0.1", "name", "PLC-7");
  plant.property("10.3.0.1", "firmware", "V2.1");
  plant.unanswered("10.1.0.1", "10.3.0.9", 502);

  const Folder folder;
  const auto path = folder.path / "model.sekimori";
  const auto plan = ZonePlan::parse(kZones, "zones.json");
  conclude_and_save(plant.facts, plan, path);

  Database database{path, Database::Mode::read_only};
  CHECK(one(database,
            "SELECT name, role, is_controller, vendor, firmware, level FROM asset "
            "WHERE name = 'PLC-7'") == "PLC-7|plc|1|Siemens|V2.1|1.0");
  CHECK(one(database,
            "SELECT client_name, server_name, crosses, client_side, server_side "
            "FROM talk WHERE protocol = 'modbus'") == "10.1.0.1|PLC-7|1|IT|OT");
  CHECK(one(database, "SELECT COUNT(*) FROM crossing") == "2");
  CHECK(one(database, "SELECT changes FROM crossing_action") == "1");
  CHECK(one(database, "SELECT DISTINCT a.name FROM property p JOIN asset a USING (asset)") ==
        "PLC-7");
  CHECK(one(database, "SELECT a.name FROM event e JOIN asset a USING (asset)") == "PLC-7");
  CHECK(one(database, "SELECT name, kind, side, declared FROM zone ORDER BY zone") ==
        "Office|office|IT|1\nControl|control|OT|1");
  CHECK(one(database, "SELECT from_zone, to_zone, conversations, controls FROM conduit") ==
        "1|2|2|1");
  CHECK(one(database,
            "SELECT verdict, json_extract(signs, '$[0].sign'), "
            "json_extract(signs, '$[0].frame') > 0, capture FROM wall") ==
        "absent|direct-exchange|1|1");
  CHECK(one(database, "SELECT mac, ip, on_link FROM address ORDER BY ip LIMIT 1") ==
        "00:80:64:00:00:01|10.1.0.1|1");
  CHECK(one(database, "SELECT port, protocol, clients, strength FROM service") ==
        "502|modbus|1|S3");
  CHECK(one(database,
            "SELECT COUNT(*) FROM asset a LEFT JOIN capture c USING (capture) "
            "WHERE c.capture IS NULL") == "0");
}

}  // namespace
}  // namespace sekimori::test
