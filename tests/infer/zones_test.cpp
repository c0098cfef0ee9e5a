#include "plant.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

const std::string kZones = R"({ "zones": [
  { "name": {"en": "Office", "ja": "事務所"}, "kind": "office", "subnets": ["10.1.0.0/16"] },
  { "name": "DMZ", "kind": "dmz", "subnets": ["10.2.0.0/16"] },
  { "name": "Control", "kind": "control", "subnets": ["10.3.0.0/16"], "macs": ["00:1b:1b:00:00:09"] },
  { "name": "Cell", "kind": "field", "level": 0, "vlans": [40] } ],
  "exclude": ["10.3.0.99"] })";

ZonePlan declared() {
  return ZonePlan::parse(kZones, "zones.json");
}

std::string zone_of(const Inference& made, std::string_view address) {
  return zone_name(made, row_of(made, address).zone);
}

TEST_CASE("Zones: a declared zone holds its subnets, VLANs and MACs", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "10.1.0.1").station("00:1b:1b:00:00:02", "10.3.0.1");
  plant.station("00:1b:1b:00:00:03", "192.168.0.1", "vlan 40");
  plant.station("00:1b:1b:00:00:09", "10.1.0.9");
  plant.layer_2("00:1b:1b:00:00:0a", "vlan 40");
  const auto made = infer(plant.facts, declared());
  CHECK(made.zones.size() == 4);
  CHECK(made.zones[0].declared);
  CHECK(made.zones[0].name_ja == "事務所");
  CHECK(zone_of(made, "10.1.0.1") == "Office");
  CHECK(zone_of(made, "10.3.0.1") == "Control");
  CHECK(zone_of(made, "192.168.0.1") == "Cell");
  CHECK(zone_of(made, "10.1.0.9") == "Control");
  CHECK(zone_name(made, made.assets.at(asset_with(made, "00:1b:1b:00:00:0a") - 1).zone) == "Cell");
  CHECK(row_of(made, "10.1.0.1").zone_confidence == 95);
}

TEST_CASE("Zones: levels come from what is declared, then from roles", "[zones]") {
  Plant plant;
  plant.talk("10.3.0.5", "10.3.0.1", 502, "modbus", "");
  plant.station("00:1b:1b:00:00:03", "192.168.0.1", "vlan 40");
  plant.talk("10.1.0.1", "10.2.0.1", 80, "http");
  plant.talk("10.9.0.1", "10.9.0.2", 502, "modbus");
  plant.talk("10.8.0.1", "10.8.0.2", 9, "");
  const auto made = infer(plant.facts, declared());
  CHECK(row_of(made, "10.3.0.1").level == 1.0);     // a PLC in a control zone
  CHECK(row_of(made, "10.3.0.5").level == 2.0);     // usual for a control zone
  CHECK(row_of(made, "192.168.0.1").level == 0.0);  // as declared
  CHECK(row_of(made, "192.168.0.1").level_confidence == 95);
  CHECK(row_of(made, "10.1.0.1").level == 4.0);
  CHECK(row_of(made, "10.2.0.1").level == 3.5);
  CHECK(row_of(made, "10.9.0.2").level == 1.0);  // by its role alone
  CHECK_FALSE(row_of(made, "10.8.0.2").level);
  CHECK(row_of(made, "10.8.0.2").level_confidence == 0);
  for (const auto& row : made.assets) CHECK_FALSE(row.level_reason.empty());
}

TEST_CASE("Zones: what crosses has a zone at either end", "[zones]") {
  Plant plant;
  auto& talk = plant.talk("10.1.0.1", "10.3.0.1", 502, "modbus");
  plant.operation(talk, 3, Access::read).operation(talk, 6, Access::write);
  plant.talk("10.1.0.1", "10.3.0.1", 80, "http");
  plant.unanswered("10.1.0.1", "10.3.0.2", 22);
  plant.talk("10.3.0.7", "10.3.0.1", 502, "modbus");
  const auto made = infer(plant.facts, declared());
  REQUIRE(made.conduits.size() == 1);
  const auto& conduit = made.conduits[0];
  CHECK(zone_name(made, conduit.from) == "Office");
  CHECK(zone_name(made, conduit.to) == "Control");
  CHECK(conduit.conversations == 3);
  CHECK(conduit.services == 3);
  CHECK(conduit.two_way == 2);
  CHECK(conduit.controls == 1);
  CHECK(conduit.protocols == "http,modbus,tcp");
}

TEST_CASE("Zones: multicasts and broadcasts cross nothing", "[zones]") {
  Plant plant;
  plant.talk("10.1.0.1", "239.1.1.1", 5000, "", "", "udp").server_packets = 0;
  plant.talk("10.3.0.1", "10.3.255.255", 137, "nbns", "", "udp").server_packets = 0;
  const auto made = infer(plant.facts, declared());
  for (const auto& link : made.conversations) {
    CHECK(link.client_zone != kNoRow);
    CHECK(link.client_zone == link.server_zone);
  }
  CHECK(made.conduits.empty());
  CHECK(row_of(made, "239.1.1.1").zone == kNoRow);
}

TEST_CASE("Zones: the assessor's own laptop is in none", "[zones]") {
  Plant plant;
  plant.talk("10.3.0.99", "10.1.0.1", 80, "http");
  const auto made = infer(plant.facts, declared());
  CHECK(row_of(made, "10.3.0.99").zone == kNoRow);
  CHECK(made.conversations[0].client_zone == kNoRow);
  CHECK(made.conversations[0].server_zone == kNoRow);
  CHECK(made.conversations[0].excluded);
  CHECK(made.conduits.empty());
  CHECK(made.walls.empty());
}

TEST_CASE("Zones: the Internet is a zone wherever it is seen", "[zones]") {
  Plant plant;
  plant.talk("10.3.0.1", "8.8.8.8", 53, "dns", "", "udp");
  const auto made = infer(plant.facts, declared());
  REQUIRE(made.zones.size() == 5);
  CHECK(made.zones[4].name == "external");
  CHECK(made.zones[4].kind == ZoneKind::external);
  CHECK_FALSE(made.zones[4].declared);
  CHECK(zone_of(made, "8.8.8.8") == "external");
  CHECK(row_of(made, "8.8.8.8").level == 5.0);

  const auto plan =
      ZonePlan::parse(R"({"zones":[{"name":"Out there","kind":"external"}]})", "zones.json");
  CHECK(zone_of(infer(plant.facts, plan), "8.8.8.8") == "Out there");
  const auto vendor = ZonePlan::parse(
      R"({"zones":[{"name":"external","kind":"external","subnets":["9.9.9.0/24"]}]})", "z.json");
  CHECK(zone_of(infer(plant.facts, vendor), "8.8.8.8") == "external (other)");
}

TEST_CASE("Zones: a machine in two zones has a zone for each address", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "10.1.0.1", "vlan 1");
  plant.station("00:1b:1b:00:00:01", "10.3.0.1", "vlan 3");
  plant.talk("10.1.0.1", "10.1.0.7", 80, "http", "vlan 1");
  plant.talk("10.3.0.1", "10.3.0.7", 502, "modbus", "vlan 3");
  const auto made = infer(plant.facts, declared());
  CHECK(made.conduits.empty());
  CHECK(asset_of(made, "10.1.0.1") == asset_of(made, "10.3.0.1"));
}

TEST_CASE("Zones: without a plan each subnet is proposed, and told to be a proposal", "[zones]") {
  Plant plant;
  for (int i = 1; i <= 3; ++i) {
    const auto n = std::to_string(i);
    plant.station("00:1b:1b:00:03:0" + n, "10.3.0." + n, "vlan 3");
    plant.operation(plant.talk("10.3.0.9", "10.3.0." + n, 502, "modbus", "vlan 3"), 3,
                    Access::read);
    plant.station("00:80:64:00:01:0" + n, "10.1.0." + n, "vlan 1");
    plant.property("10.1.0." + n, "os", "Windows 10", 90, Target::kNoUnit, "vlan 1");
    plant.talk("10.1.0." + n, "10.1.0.9", 445, "smb", "vlan 1");
  }
  const auto made = infer(plant.facts, {});
  REQUIRE(made.zones.size() == 2);
  CHECK(zone_of(made, "10.3.0.1") == "10.3.0.0/24");
  CHECK(zone_of(made, "10.1.0.1") == "10.1.0.0/24");
  CHECK(made.zones[row_of(made, "10.3.0.1").zone - 1].kind == ZoneKind::control);
  CHECK(made.zones[row_of(made, "10.1.0.1").zone - 1].kind == ZoneKind::office);
  for (const auto& zone : made.zones) {
    CHECK_FALSE(zone.declared);
    CHECK(zone.confidence <= 70);
    CHECK(zone.reason.starts_with("proposed: "));
  }
}

TEST_CASE("Zones: controllers asked from another subnet are a field zone", "[zones]") {
  Plant plant;
  for (int i = 1; i <= 3; ++i)
    plant.operation(plant.talk("10.3.0.9", "10.4.0." + std::to_string(i), 502, "modbus"), 3,
                    Access::read);
  const auto made = infer(plant.facts, {});
  CHECK(made.zones[row_of(made, "10.4.0.1").zone - 1].kind == ZoneKind::field);
  CHECK(made.zones[row_of(made, "10.3.0.9").zone - 1].kind == ZoneKind::control);
}

TEST_CASE("Zones: servers that talk with both sides are a DMZ", "[zones]") {
  Plant plant;
  plant.talk("10.3.0.9", "10.3.0.1", 102, "s7comm");
  plant.property("10.1.0.1", "os", "Windows 10").talk("10.1.0.1", "10.1.0.2", 445, "smb");
  plant.talk("10.1.0.1", "10.2.0.1", 443, "tls");
  plant.talk("10.3.0.1", "10.2.0.1", 443, "tls");
  const auto made = infer(plant.facts, {});
  CHECK(made.zones[row_of(made, "10.2.0.1").zone - 1].kind == ZoneKind::dmz);
}

TEST_CASE("Zones: a historian between both sides is in a DMZ, too", "[zones]") {
  Plant plant;
  plant.talk("10.3.0.9", "10.3.0.1", 102, "s7comm");
  plant.property("10.1.0.1", "os", "Windows 10").talk("10.1.0.1", "10.1.0.2", 445, "smb");
  plant.property("10.2.0.1", "product", "Plant Historian");
  plant.talk("10.1.0.1", "10.2.0.1", 443, "tls");
  plant.talk("10.3.0.1", "10.2.0.1", 443, "tls");
  const auto made = infer(plant.facts, {});
  CHECK(made.zones[row_of(made, "10.2.0.1").zone - 1].kind == ZoneKind::dmz);
}

TEST_CASE("Zones: what nothing is known of stays unknown", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "10.7.0.1");
  const auto made = infer(plant.facts, {});
  REQUIRE(made.zones.size() == 1);
  CHECK(made.zones[0].kind == ZoneKind::unknown);
  CHECK(side_of(made.zones[0].kind).empty());
}

TEST_CASE("Zones: cells of equal addresses are two zones, named by their VLAN", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "192.168.0.1", "vlan 11");
  plant.station("00:1b:1b:00:00:02", "192.168.0.1", "vlan 12");
  const auto made = infer(plant.facts, {});
  REQUIRE(made.zones.size() == 2);
  CHECK(made.zones[0].name == "192.168.0.0/24 in vlan 11");
  CHECK(made.zones[1].name == "192.168.0.0/24 in vlan 12");
}

TEST_CASE("Zones: a mirror that shows a subnet tagged and untagged makes one zone", "[zones]") {
  Plant plant;
  for (const auto* segment : {"", "vlan 3"})
    for (int i = 1; i <= 3; ++i)
      plant.station("00:1b:1b:00:03:0" + std::to_string(i), "10.3.0." + std::to_string(i), segment);
  const auto made = infer(plant.facts, {});
  REQUIRE(made.zones.size() == 1);
  CHECK(made.zones[0].name == "10.3.0.0/24");
}

TEST_CASE("Zones: IPv6 beside IPv4 makes no second zone", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "10.3.0.1").station("00:1b:1b:00:00:01", "fd00::1");
  plant.station("00:1b:1b:00:00:02", "fd00::2");
  const auto made = infer(plant.facts, {});
  CHECK(made.zones.size() == 1);
  CHECK(zone_of(made, "fd00::2") == "10.3.0.0/24");
}

TEST_CASE("Zones: what talks below IP crosses nothing by a guess", "[zones]") {
  Plant plant;
  for (int i = 1; i <= 3; ++i)
    plant.station("00:80:64:00:01:0" + std::to_string(i), "10.1.0." + std::to_string(i));
  plant.station("00:1b:1b:00:00:01", "10.3.0.1").layer_2("00:1b:1b:00:00:02");
  plant.frames("00:1b:1b:00:00:01", "00:1b:1b:00:00:02", "profinet_rt").server_packets = 1;
  const auto made = infer(plant.facts, {});
  REQUIRE(made.conversations.size() == 1);
  CHECK(zone_name(made, made.conversations[0].client_zone) == "10.3.0.0/24");
  CHECK(made.conversations[0].server_zone == made.conversations[0].client_zone);
  for (const auto& wall : made.walls)
    for (const auto& sign : wall.signs) CHECK(sign.sign != "layer-2-exchange");
}

TEST_CASE("Zones: a router's ARP crosses nothing", "[zones]") {
  Plant plant;
  plant.station("00:00:0c:11:22:33", "10.1.0.254")
      .station("00:00:0c:11:22:33", "10.3.0.254", "vlan 3");
  plant.station("00:1b:1b:00:00:01", "10.3.0.1", "vlan 3");
  plant.frames("00:00:0c:11:22:33", "00:1b:1b:00:00:01", "arp", "vlan 3").server_packets = 1;
  plant.frames("00:00:0c:11:22:33", "ff:ff:ff:ff:ff:ff", "arp", "vlan 3");
  const auto made = infer(plant.facts, declared());
  CHECK(zone_of(made, "10.1.0.254") == "Office");
  for (const auto& link : made.conversations) {
    CHECK(zone_name(made, link.client_zone) == "Control");
    CHECK(link.server_zone == link.client_zone);
  }
}

TEST_CASE("Zones: what passes through a declared VLAN is not of its zone", "[zones]") {
  Plant plant;
  plant.talk("192.168.0.1", "8.8.8.8", 53, "dns", "vlan 40", "udp");
  plant.station("00:1b:1b:00:00:03", "192.168.0.1", "vlan 40");
  CHECK(zone_of(infer(plant.facts, declared()), "192.168.0.1") == "Cell");
  CHECK(zone_of(infer(plant.facts, declared()), "8.8.8.8") == "external");
}

TEST_CASE("Zones: hosts outside every declared zone are proposed one", "[zones]") {
  Plant plant;
  plant.station("00:1b:1b:00:00:01", "172.16.5.1");
  const auto made = infer(plant.facts, declared());
  REQUIRE(made.zones.size() == 5);
  CHECK(zone_of(made, "172.16.5.1") == "172.16.5.0/24");
  CHECK_FALSE(made.zones[4].declared);
}

TEST_CASE("Zones: a station in many segments is one asset of one zone", "[zones]") {
  Plant plant;
  constexpr std::size_t kSegments = 400;
  for (std::size_t i = 0; i < kSegments; ++i)
    plant.claims("00:1b:1b:00:00:01", "10.1.0.1", "vlan " + std::to_string(i));
  const auto made = infer(plant.facts, ZonePlan{});
  CHECK(made.assets.size() == 1);
  CHECK(made.addresses.size() == kSegments);
  CHECK(made.zones.size() == 1);
}

}  // namespace
}  // namespace sekimori::test
