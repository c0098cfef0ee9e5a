#include "plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>

namespace sekimori::test {
namespace {

constexpr const char* kPlc = "00:1b:1b:00:00:01";
constexpr const char* kPc = "00:1b:1b:00:00:02";
constexpr const char* kHmi = "00:00:bc:00:00:03";
constexpr const char* kRouter = "00:00:0c:11:22:33";
constexpr const char* kVrrp = "00:00:5e:00:01:0a";

std::size_t count(const Inference& made, AssetKind kind) {
  return static_cast<std::size_t>(
      std::count_if(made.assets.begin(), made.assets.end(),
                    [&](const AssetRow& row) { return row.kind == kind; }));
}

TEST_CASE("Assets: a station with two addresses is one", "[assets]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1").station(kPlc, "10.0.0.2").sends(kPlc, "fe80::1", 255);
  const auto made = infer(plant.facts, {});
  CHECK(made.assets.size() == 1);
  CHECK(made.addresses.size() == 3);
  CHECK(made.assets[0].name == "10.0.0.1");
  CHECK(made.assets[0].vendor == "Siemens");
}

TEST_CASE("Assets: hosts behind a router are assets of their own", "[assets]") {
  Plant plant;
  plant.station(kRouter, "10.0.0.254").station(kPlc, "10.0.0.1");
  plant.sends(kRouter, "10.1.0.1", 63).sends(kRouter, "10.1.0.2", 63);
  const auto made = infer(plant.facts, {});
  CHECK(made.assets.size() == 4);
  CHECK(asset_of(made, "10.1.0.1") != asset_of(made, "10.0.0.254"));
  CHECK(row_of(made, "10.1.0.1").vendor.empty());
  CHECK(row_of(made, "10.0.0.254").role.role == Role::router);
}

TEST_CASE("Assets: a host seen here and behind a router elsewhere is one", "[assets]") {
  Plant plant;
  plant.station(kPlc, "10.1.0.1", "vlan 1");
  plant.station(kRouter, "10.2.0.254", "vlan 2").sends(kRouter, "10.1.0.1", 63, "vlan 2");
  const auto made = infer(plant.facts, {});
  CHECK(made.assets.size() == 2);
  CHECK(asset_of(made, "10.1.0.1", "vlan 1") == asset_of(made, "10.1.0.1", "vlan 2"));
}

TEST_CASE("Assets: equal private addresses in two cells are two", "[assets]") {
  Plant plant;
  plant.station(kPlc, "192.168.0.1", "vlan 11").station(kPc, "192.168.0.1", "vlan 12");
  plant.talk("192.168.0.9", "192.168.0.1", 502, "modbus", "vlan 11");
  plant.talk("192.168.0.9", "192.168.0.1", 502, "modbus", "vlan 12");
  const auto made = infer(plant.facts, {});
  CHECK(asset_of(made, "192.168.0.1", "vlan 11") != asset_of(made, "192.168.0.1", "vlan 12"));
  CHECK(made.conversations[0].server != made.conversations[1].server);
  CHECK(made.conversations[0].copy_of == kNoRow);
  CHECK(made.conversations[1].copy_of == kNoRow);
}

TEST_CASE("Assets: DHCP leases that pass from machine to machine join none", "[assets]") {
  Plant plant;
  for (int day = 0; day < 5; ++day)
    for (int host = 0; host < 5; ++host)
      plant.station("00:1b:1b:00:01:0" + std::to_string(host),
                    "10.0.0." + std::to_string(100 + (host + day) % 5));
  CHECK(infer(plant.facts, {}).assets.size() == 5);

  Plant one_each;  // each had the address, one after the other
  one_each.station(kPlc, "10.0.0.1").station(kPc, "10.0.0.1");
  CHECK(infer(one_each.facts, {}).assets.size() == 2);
}

TEST_CASE("Assets: interfaces of a team are one", "[assets]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1").station(kPc, "10.0.0.1");
  plant.station(kPlc, "10.0.0.1").station(kPc, "10.0.0.1");  // by turns
  CHECK(infer(plant.facts, {}).assets.size() == 1);
  plant.station(kHmi, "10.0.0.1");  // of another maker: a conflict
  CHECK(infer(plant.facts, {}).assets.size() == 2);
}

TEST_CASE("Assets: a redundant pair of networks shows one station, not two", "[assets]") {
  Plant plant;  // PRP: the same MAC and IP on LAN A and LAN B
  plant.station(kPlc, "10.0.0.1", "vlan 1").station(kPlc, "10.0.0.1", "vlan 2");
  CHECK(infer(plant.facts, {}).assets.size() == 1);
}

TEST_CASE("Assets: a virtual router is one, beside the two that play it", "[assets]") {
  Plant plant;
  plant.claims(kVrrp, "10.0.0.1");
  plant.station(kRouter, "10.0.0.2").station(kPc, "10.0.0.3");
  plant.sends(kRouter, "10.0.0.1", 255);
  const auto made = infer(plant.facts, {});
  CHECK(made.assets.size() == 3);
  CHECK(row_of(made, "10.0.0.1").role.role == Role::router);
  CHECK(row_of(made, "10.0.0.1").vendor.empty());
}

TEST_CASE("Assets: a station of layer 2 alone is an asset", "[assets]") {
  Plant plant;
  plant.frames(kPlc, "01:0c:cd:01:00:01", "goose").server_packets = 0;
  plant.layer_2(kPlc);
  const auto made = infer(plant.facts, {});
  REQUIRE(made.assets.size() == 2);
  CHECK(made.assets[0].name == kPlc);
  CHECK(made.assets[0].role.role == Role::ied);
  CHECK(count(made, AssetKind::group) == 1);
}

TEST_CASE("Assets: kinds follow the addresses", "[assets]") {
  Plant plant;
  plant.station(kPc, "10.0.0.2");
  plant.talk("10.0.0.2", "8.8.8.8", 53, "dns", "", "udp");
  plant.talk("10.0.0.2", "141.81.0.9", 80, "http");
  plant.talk("10.0.0.2", "239.1.1.1", 5000, "", "", "udp").server_packets = 0;
  plant.talk("10.0.0.2", "10.0.0.255", 137, "nbns", "", "udp").server_packets = 0;
  plant.talk("10.0.0.2", "255.255.255.255", 67, "dhcp", "", "udp").server_packets = 0;
  const auto plan =
      ZonePlan::parse(R"({"zones":[],"internal_public_ranges":["141.81.0.0/16"]})", "zones.json");
  const auto made = infer(plant.facts, plan);
  CHECK(row_of(made, "8.8.8.8").kind == AssetKind::external);
  CHECK(row_of(made, "8.8.8.8").role.role == Role::external);
  CHECK(row_of(made, "141.81.0.9").kind == AssetKind::device);
  CHECK(row_of(made, "239.1.1.1").kind == AssetKind::group);
  CHECK(row_of(made, "10.0.0.255").kind == AssetKind::group);
  CHECK(row_of(made, "255.255.255.255").kind == AssetKind::group);
  CHECK(row_of(infer(plant.facts, {}), "141.81.0.9").kind == AssetKind::external);
}

TEST_CASE("Assets: a public address whose station answers ARP is on site", "[assets]") {
  Plant plant;
  plant.station(kPlc, "141.81.0.9");
  plant.unanswered("141.81.0.9", "141.81.0.77", 502);
  plant.talk("141.81.0.9", "141.81.0.255", 137, "nbns", "", "udp").server_packets = 0;
  plant.talk("141.81.0.9", "141.82.0.1", 80, "http");
  const auto made = infer(plant.facts, {});
  CHECK(row_of(made, "141.81.0.9").kind == AssetKind::device);
  CHECK(row_of(made, "141.81.0.77").kind == AssetKind::device);  // beside it
  CHECK(row_of(made, "141.81.0.255").kind == AssetKind::group);
  CHECK(row_of(made, "141.82.0.1").kind == AssetKind::external);
}

TEST_CASE("Assets: a public address that but passes by is not on site", "[assets]") {
  Plant plant;
  plant.sends(kRouter, "8.8.8.8", 64);
  CHECK(row_of(infer(plant.facts, {}), "8.8.8.8").kind == AssetKind::external);
  // Two stations of one public subnet, each with its own MAC, are neighbours.
  Plant site;
  site.sends(kPlc, "141.81.0.9", 64).sends(kPc, "141.81.0.10", 128);
  CHECK(row_of(infer(site.facts, {}), "141.81.0.9").kind == AssetKind::device);
}

TEST_CASE("Assets: a host that ends in 255 and speaks is no broadcast", "[assets]") {
  Plant plant;
  plant.talk("10.0.0.2", "10.0.1.255", 502, "modbus");
  CHECK(row_of(infer(plant.facts, {}), "10.0.1.255").kind == AssetKind::device);
}

TEST_CASE("Assets: several units behind an address are assets, one is the device", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.9", "10.0.0.1", 502, "modbus");
  plant.operation(talk, 3, Access::read, 1);
  CHECK(count(infer(plant.facts, {}), AssetKind::unit) == 0);

  plant.operation(talk, 3, Access::read, 2).operation(talk, 3, Access::read, 255);
  plant.property("10.0.0.1", "product", "Meter", 90, 2);
  const auto made = infer(plant.facts, {});
  CHECK(count(made, AssetKind::unit) == 2);
  CHECK(row_of(made, "10.0.0.1").role.role == Role::gateway);
  const auto unit = made.property_assets.at(0);
  REQUIRE(unit != kNoRow);
  CHECK(made.assets[unit - 1].name == "unit 2 behind 10.0.0.1");
  CHECK(made.assets[unit - 1].model == "Meter");
  CHECK(made.assets[unit - 1].level == 1.0);
}

TEST_CASE("Assets: units that did not answer are none", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.9", "10.0.0.1", 502, "modbus");
  for (std::uint32_t unit = 1; unit <= 20; ++unit) {
    auto& done = talk.operations[{"", 3, Sender::client, unit, ""}];
    done.access = Access::read;
    done.requests = 2;
    done.unanswered = 1;
    done.rejected = 1;
    done.rejections[0x0b] = {1, {}};  // the gateway: nobody there
  }
  CHECK(count(infer(plant.facts, {}), AssetKind::unit) == 0);
}

/// What a CIP module says of itself; slots count from 0.
void module(Plant& plant, const std::string& serial, std::uint32_t slot = Target::kNoUnit) {
  SubjectKey subject;
  subject.ip = ip("10.0.0.1");
  subject.unit = slot;
  auto& fact = plant.facts.properties[{subject, "serial", serial, "cip"}];
  fact.confidence = 90;
  fact.seen = plant.next();
}

void ask_slot(Plant& plant, ConversationFact& talk, std::uint32_t slot, std::uint32_t refused = 0) {
  auto& done = talk.operations[{"cip", 1, Sender::client, slot, ""}];
  done.access = Access::read;
  done.requests = 1;
  done.executed = refused == 0 ? 1 : 0;
  if (refused != 0) done.rejections[refused] = {1, {}};
  done.seen = plant.next();
}

TEST_CASE("Assets: a controller in slot 0 is another than the module at the address", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.9", "10.0.0.1", 44818, "enip");
  module(plant, "0x01");
  ask_slot(plant, talk, 0);
  CHECK(count(infer(plant.facts, {}), AssetKind::unit) == 0);  // it has not said who it is
  module(plant, "0x02", 0);
  const auto made = infer(plant.facts, {});
  CHECK(count(made, AssetKind::unit) == 1);
  CHECK(row_of(made, "10.0.0.1").serial == "0x01");
}

TEST_CASE("Assets: a slot of the module's own serial number is the module", "[assets]") {
  Plant compact;  // the controller has the port itself
  auto& talk = compact.talk("10.0.0.9", "10.0.0.1", 44818, "enip");
  ask_slot(compact, talk, 0);
  module(compact, "0x01");
  module(compact, "0x01", 0);
  CHECK(count(infer(compact.facts, {}), AssetKind::unit) == 0);

  Plant chassis;
  auto& other = chassis.talk("10.0.0.9", "10.0.0.1", 44818, "enip");
  for (std::uint32_t slot = 0; slot < 3; ++slot) ask_slot(chassis, other, slot);
  module(chassis, "0x01");
  module(chassis, "0x02", 0);
  module(chassis, "0x01", 1);
  CHECK(count(infer(chassis.facts, {}), AssetKind::unit) == 2);
}

TEST_CASE("Assets: an empty slot is no device", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.9", "10.0.0.1", 44818, "enip");
  ask_slot(plant, talk, 0);
  ask_slot(plant, talk, 1, 8);  // the module refuses, and so is there
  ask_slot(plant, talk, 2, 1);  // the router could not reach it
  CHECK(count(infer(plant.facts, {}), AssetKind::unit) == 2);
}

TEST_CASE("Assets: a server that answers for any unit is one device", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.9", "10.0.0.1", 502, "modbus");
  for (std::uint32_t unit = 1; unit <= 247; ++unit) plant.operation(talk, 3, Access::read, unit);
  const auto made = infer(plant.facts, {});
  CHECK(count(made, AssetKind::unit) == 0);
  CHECK(row_of(made, "10.0.0.1").role.role == Role::plc);
}

TEST_CASE("Assets: the better founded property stands, then the more frequent", "[assets]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1");
  plant.property("10.0.0.1", "name", "guess", 30).property("10.0.0.1", "name", "PLC-7", 90);
  plant.property("10.0.0.1", "vendor", "Acme", 60).property("10.0.0.1", "firmware", "V1", 90);
  plant.property("10.0.0.1", "firmware", "V2", 90).property("10.0.0.1", "serial", "S 1", 90);
  plant.facts.properties.rbegin()->second.count = 1;
  for (auto& [key, fact] : plant.facts.properties)
    if (key.value == "V2") fact.count = 9;
  const auto made = infer(plant.facts, {});
  const auto& row = row_of(made, "10.0.0.1");
  CHECK(row.name == "PLC-7");
  CHECK(row.vendor == "Acme");
  CHECK(row.firmware == "V2");
  CHECK(row.serial == "S 1");
  for (const auto asset : made.property_assets) CHECK(asset == asset_of(made, "10.0.0.1"));
}

TEST_CASE("Assets: a conversation seen on both sides of a router counts once", "[assets]") {
  Plant plant;
  plant.station(kPc, "10.1.0.5", "vlan 1").station(kRouter, "10.1.0.254", "vlan 1");
  plant.station(kPlc, "10.2.0.5", "vlan 2").station(kRouter, "10.2.0.254", "vlan 2");
  plant.sends(kRouter, "10.2.0.5", 63, "vlan 1").sends(kRouter, "10.1.0.5", 63, "vlan 2");
  plant.talk("10.1.0.5", "10.2.0.5", 502, "modbus", "vlan 2").client_packets = 900;
  plant.talk("10.1.0.5", "10.2.0.5", 502, "modbus", "vlan 1");
  const auto made = infer(plant.facts, {});
  // In the order of the facts, vlan 1 is the first: there the client itself stands.
  CHECK(made.conversations[0].copy_of == kNoRow);
  CHECK(made.conversations[1].copy_of == 1);
  REQUIRE(made.conduits.size() == 1);
  CHECK(made.conduits[0].conversations == 1);
  CHECK(made.services.size() == 1);
}

TEST_CASE("Assets: there one way and back another is no copy", "[assets]") {
  Plant plant;
  plant.station(kPc, "10.1.0.5", "vlan 1").sends(kRouter, "10.1.0.5", 63, "vlan 2");
  plant.talk("10.1.0.5", "10.2.0.5", 502, "modbus", "vlan 1").server_packets = 0;
  plant.talk("10.1.0.5", "10.2.0.5", 502, "modbus", "vlan 2").client_packets = 0;
  const auto made = infer(plant.facts, {});
  CHECK(made.conversations[0].copy_of == kNoRow);
  CHECK(made.conversations[1].copy_of == kNoRow);
}

TEST_CASE("Assets: services are what answered", "[assets]") {
  Plant plant;
  plant.talk("10.0.0.2", "10.0.0.1", 502, "modbus");
  plant.talk("10.0.0.3", "10.0.0.1", 502, "modbus");
  plant.talk("10.0.0.3", "10.0.0.1", 443, "tls").encrypted_flows = 1;
  plant.facts.conversations.rbegin()->second.clear_flows = 0;
  plant.refused("10.0.0.2", "10.0.0.1", 23);
  plant.unanswered("10.0.0.2", "10.0.0.1", 22);
  const auto made = infer(plant.facts, {});
  REQUIRE(made.services.size() == 2);
  CHECK(made.services[0].port == 443);
  CHECK(made.services[1].port == 502);
  CHECK(made.services[1].clients == 2);
  CHECK(made.services[1].strength == "S3");
}

TEST_CASE("Assets: events are about the asset of their subject", "[assets]") {
  Plant plant;
  auto& talk = plant.talk("10.0.0.2", "10.0.0.1", 21, "ftp");
  SubjectKey subject;
  subject.ip = ip("10.0.0.2");
  talk.events[{"cleartext-login", subject, "user a"}] = {1, plant.next()};
  talk.events[{"version", {}, "1"}] = {1, plant.next()};
  const auto made = infer(plant.facts, {});
  REQUIRE(made.event_assets.size() == 2);
  CHECK(made.event_assets[0] == asset_of(made, "10.0.0.2"));
  CHECK(made.event_assets[1] == kNoRow);
}

TEST_CASE("Assets: every row of the facts that has an address has an asset", "[assets]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1").layer_2(kHmi).sends(kRouter, "10.3.0.1", 61);
  plant.talk("10.0.0.2", "10.0.0.1", 502, "modbus");
  plant.property("10.77.0.1", "name", "heard of");
  plant.prohibits("10.0.0.254", "10.0.0.2", "10.4.0.1", 80);
  const auto made = infer(plant.facts, {});
  for (const auto& link : made.conversations) {
    CHECK(link.client != kNoRow);
    CHECK(link.server != kNoRow);
  }
  for (const auto asset : made.property_assets) CHECK(asset != kNoRow);
  CHECK(asset_of(made, "10.4.0.1") != kNoRow);
  std::set<RowId> with_address;
  for (const auto& row : made.addresses) with_address.insert(row.asset);
  CHECK(with_address.size() == made.assets.size());
  for (const auto& row : made.assets) CHECK(row.seen.first.frame > 0);
}

}  // namespace
}  // namespace sekimori::test
