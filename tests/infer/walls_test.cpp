#include "plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace sekimori::test {
namespace {

constexpr const char* kPc = "00:80:64:00:00:01";
constexpr const char* kPlc = "00:1b:1b:00:00:01";
constexpr const char* kRouter = "00:00:0c:11:22:33";

ZonePlan declared() {
  return ZonePlan::parse(R"({ "zones": [
    { "name": "Office", "kind": "office", "subnets": ["10.1.0.0/16"] },
    { "name": "Control", "kind": "control", "subnets": ["10.3.0.0/16"] } ] })",
                         "zones.json");
}

const WallSign* sign(const WallRow& wall, std::string_view text) {
  const auto found = std::find_if(wall.signs.begin(), wall.signs.end(),
                                  [&](const WallSign& one) { return one.sign == text; });
  return found == wall.signs.end() ? nullptr : &*found;
}

WallRow wall(const Plant& plant) {
  const auto made = infer(plant.facts, declared());
  REQUIRE(made.walls.size() == 1);
  CHECK(made.walls[0].from == 1);
  CHECK(made.walls[0].to == 2);
  for (const auto& one : made.walls[0].signs) CHECK(one.first.frame > 0);
  return made.walls[0];
}

/// An office PC and a controller behind a router, seen from the controller's side.
Plant routed() {
  Plant plant;
  plant.station(kPlc, "10.3.0.1").station(kRouter, "10.3.0.254");
  plant.sends(kRouter, "10.1.0.1", 127);
  plant.talk("10.1.0.1", "10.3.0.1", 443, "tls");
  return plant;
}

TEST_CASE("Walls: a router alone proves none", "[walls]") {
  const auto found = wall(routed());
  CHECK(found.verdict == WallVerdict::unknown);
  CHECK(found.confidence == 0);
  REQUIRE(sign(found, "router-between") != nullptr);
  CHECK(sign(found, "router-between")->count == 1);
  CHECK(sign(found, "few-fixed-services") != nullptr);
}

TEST_CASE("Walls: whoever forbids by ICMP is one", "[walls]") {
  auto plant = routed();
  plant.prohibits("10.3.0.254", "10.1.0.1", "10.3.0.1", 502);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::present);
  CHECK(found.confidence >= 80);
  REQUIRE(sign(found, "icmp-prohibited") != nullptr);
  CHECK(sign(found, "icmp-prohibited")->detail ==
        "10.3.0.254 forbade 10.1.0.1 to 10.3.0.1 tcp/502");
}

TEST_CASE("Walls: a host that forbids for itself is none, nor is port unreachable", "[walls]") {
  auto plant = routed();
  plant.prohibits("10.3.0.1", "10.1.0.1", "10.3.0.1", 502, 10);
  plant.prohibits("10.3.0.254", "10.1.0.1", "10.3.0.1", 502, 3);
  CHECK(wall(plant).verdict == WallVerdict::unknown);
}

TEST_CASE("Walls: what is served to others but not across was stopped", "[walls]") {
  auto plant = routed();
  plant.talk("10.3.0.7", "10.3.0.1", 502, "modbus");
  plant.unanswered("10.1.0.1", "10.3.0.1", 502);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::present);
  CHECK(sign(found, "unanswered-but-served-to-others") != nullptr);
  CHECK(found.confidence < 80);
}

TEST_CASE("Walls: refused across, though served to others", "[walls]") {
  auto plant = routed();
  plant.talk("10.3.0.7", "10.3.0.1", 502, "modbus");
  plant.refused("10.1.0.1", "10.3.0.1", 502);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::present);
  CHECK(sign(found, "refused-but-served-to-others") != nullptr);
}

TEST_CASE("Walls: a closed port is no wall", "[walls]") {
  auto plant = routed();
  plant.refused("10.1.0.1", "10.3.0.1", 23);
  CHECK(wall(plant).verdict == WallVerdict::unknown);
}

TEST_CASE("Walls: silence beside answers of the same server is a sign", "[walls]") {
  auto plant = routed();
  plant.unanswered("10.1.0.1", "10.3.0.1", 22);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::present);
  CHECK(sign(found, "unanswered-beside-answered") != nullptr);
  CHECK(found.confidence <= 60);
}

TEST_CASE("Walls: silence alone proves nothing", "[walls]") {
  Plant plant;
  plant.station(kPlc, "10.3.0.1");
  for (std::uint64_t port = 1; port < 50; ++port) plant.unanswered("10.1.0.1", "10.3.0.1", port);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::unknown);
  REQUIRE(sign(found, "only-unanswered") != nullptr);
  CHECK(sign(found, "only-unanswered")->count == 49);
}

TEST_CASE("Walls: one way only is told, and proves nothing", "[walls]") {
  Plant plant;
  auto& talk = plant.talk("10.3.0.1", "10.1.0.1", 514, "", "", "udp");
  talk.server_packets = talk.server_bytes = talk.established = 0;
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::unknown);
  CHECK(sign(found, "one-way-only") != nullptr);
}

TEST_CASE("Walls: two zones in one VLAN have none between them", "[walls]") {
  Plant plant;
  plant.station(kPc, "10.1.0.1", "vlan 5").station(kPlc, "10.3.0.1", "vlan 5");
  const auto tagged = wall(plant);
  CHECK(tagged.verdict == WallVerdict::absent);
  CHECK(sign(tagged, "shared-vlan") != nullptr);

  Plant untagged;
  untagged.station(kPc, "10.1.0.1").station(kPlc, "10.3.0.1");
  const auto weaker = wall(untagged);
  CHECK(weaker.verdict == WallVerdict::absent);
  CHECK(weaker.confidence < tagged.confidence);
}

TEST_CASE("Walls: two zones in different VLANs say nothing", "[walls]") {
  Plant plant;
  plant.station(kPc, "10.1.0.1", "vlan 1").station(kPlc, "10.3.0.1", "vlan 3");
  CHECK(infer(plant.facts, declared()).walls.empty());
}

TEST_CASE("Walls: the same untagged segment of two captures is two places", "[walls]") {
  Plant plant;
  plant.facts.captures.resize(2);
  plant.station(kPc, "10.1.0.1");
  plant.capture = 1;
  plant.station(kPlc, "10.3.0.1");
  CHECK(infer(plant.facts, declared()).walls.empty());
}

TEST_CASE("Walls: stations that hear each other directly have none between them", "[walls]") {
  Plant plant;
  plant.station(kPc, "10.1.0.1").station(kPlc, "10.3.0.1");
  plant.talk("10.1.0.1", "10.3.0.1", 502, "modbus");
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::absent);
  CHECK(sign(found, "direct-exchange") != nullptr);
  CHECK(found.confidence >= 85);
}

TEST_CASE("Walls: a mirror of both sides of a router is no shared segment", "[walls]") {
  Plant plant;  // untagged frames of two VLANs in one mirror
  plant.station(kPc, "10.1.0.1").station(kPlc, "10.3.0.1");
  plant.station(kRouter, "10.1.0.254").station(kRouter, "10.3.0.254");
  plant.sends(kRouter, "10.1.0.1", 63).sends(kRouter, "10.3.0.1", 63);
  plant.talk("10.1.0.1", "10.3.0.1", 502, "modbus");
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::unknown);
  CHECK(sign(found, "router-between") != nullptr);
  CHECK(sign(found, "direct-exchange") == nullptr);
  CHECK(sign(found, "shared-segment") == nullptr);
}

TEST_CASE("Walls: a machine in both zones does not join their segments", "[walls]") {
  Plant plant;
  plant.station(kPc, "10.1.0.1", "vlan 1").station(kPc, "10.3.0.9", "vlan 3");
  plant.station(kPlc, "10.3.0.1", "vlan 3");
  plant.talk("10.3.0.9", "10.3.0.1", 502, "modbus", "vlan 3");
  const auto made = infer(plant.facts, declared());
  CHECK(std::none_of(made.walls.begin(), made.walls.end(),
                     [](const WallRow& row) { return row.verdict == WallVerdict::absent; }));
}

TEST_CASE("Walls: many services across, and no sign of a filter", "[walls]") {
  auto plant = routed();
  for (std::uint64_t port = 1000; port < 1020; ++port)
    plant.talk("10.1.0.1", "10.3.0.1", port, "http");
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::absent);
  CHECK(found.confidence == 40);
  plant.prohibits("10.3.0.254", "10.1.0.1", "10.3.0.1", 502);
  CHECK(wall(plant).verdict == WallVerdict::present);
}

TEST_CASE("Walls: a path around a filter is as good as none", "[walls]") {
  Plant plant;
  plant.station(kPc, "10.1.0.1", "vlan 5").station(kPlc, "10.3.0.1", "vlan 5");
  plant.talk("10.1.0.1", "10.3.0.1", 502, "modbus", "vlan 5");
  plant.prohibits("10.3.0.254", "10.1.0.7", "10.3.0.1", 23);
  const auto found = wall(plant);
  CHECK(found.verdict == WallVerdict::absent);
  CHECK(found.confidence < 85);
  CHECK(sign(found, "icmp-prohibited") != nullptr);
}

TEST_CASE("Walls: attempts on the Internet that die where others' live", "[walls]") {
  Plant plant;
  plant.talk("10.1.0.1", "8.8.8.8", 443, "tls");
  plant.unanswered("10.3.0.1", "8.8.8.8", 443);
  const auto made = infer(plant.facts, declared());
  const auto found = std::find_if(made.walls.begin(), made.walls.end(),
                                  [](const WallRow& row) { return row.from == 2; });
  REQUIRE(found != made.walls.end());
  CHECK(found->verdict == WallVerdict::present);
}

}  // namespace
}  // namespace sekimori::test
