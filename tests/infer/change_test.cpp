// What is other than the baseline: one change of each kind, and none where nothing changed.

#include "sekimori/infer/change.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

constexpr const char* kPlc = "00:1b:1b:00:00:01";
constexpr const char* kPanel = "00:1b:1b:00:00:02";
constexpr const char* kRouter = "00:00:0c:11:22:33";
constexpr const char* kLaptop = "00:80:64:00:00:09";

ZonePlan declared() {
  return ZonePlan::parse(R"({ "zones": [
    { "name": "Office", "kind": "office", "subnets": ["10.1.0.0/16"] },
    { "name": "Control", "kind": "control", "subnets": ["10.3.0.0/16"] } ] })",
                         "zones.json");
}

/// A panel reads a controller; an office PC behind a router asks it for a page, and the router
/// forbids it Modbus.
Plant usual(const std::string& capture) {
  Plant plant;
  plant.facts.captures[0].sha256 = plant.facts.captures[0].name = capture;
  plant.station(kPlc, "10.3.0.1").station(kPanel, "10.3.0.2").station(kRouter, "10.3.0.254");
  plant.sends(kRouter, "10.1.0.1", 127);
  plant.operation(plant.talk("10.3.0.2", "10.3.0.1", 502, "modbus"), 3, Access::read);
  plant.talk("10.1.0.1", "10.3.0.1", 443, "tls");
  plant.prohibits("10.3.0.254", "10.1.0.1", "10.3.0.1", 502);
  return plant;
}

std::vector<std::string> told(const std::vector<Change>& changes) {
  std::vector<std::string> lines;
  for (const auto& change : changes) {
    auto line = std::string{to_text(change.kind)};
    for (const auto& part : {change.client, change.server, change.client_zone, change.server_zone})
      line += part.empty() ? " -" : ' ' + part;
    lines.push_back(line);
    CHECK(change.seen.frame > 0);
    CHECK(change.capture == "now");
  }
  return lines;
}

std::vector<std::string> changes(const Plant& now) {
  const auto before = usual("before");
  return told(find_changes(&before.facts, now.facts, declared()));
}

using Lines = std::vector<std::string>;

TEST_CASE("Change: the same again is none", "[change]") {
  CHECK(changes(usual("now")).empty());
}

TEST_CASE("Change: a station that sends is a new asset, once, by its address", "[change]") {
  auto now = usual("now");
  now.station(kLaptop, "10.3.0.9");
  now.talk("10.3.0.9", "10.3.0.1", 80, "http");
  now.talk("10.3.0.9", "10.3.0.1", 443, "tls");
  CHECK(changes(now) == Lines{"new-asset 10.3.0.9 - Control -"});
}

TEST_CASE("Change: an address that only was asked for is no asset", "[change]") {
  auto now = usual("now");
  now.unanswered("10.3.0.2", "10.3.0.77", 502);
  CHECK(changes(now).empty());
}

TEST_CASE("Change: a known station under a new address is no new asset", "[change]") {
  auto now = usual("now");
  now.station(kPanel, "10.3.0.22");
  now.talk("10.3.0.22", "10.3.0.1", 80, "http");
  CHECK(changes(now).empty());
}

TEST_CASE("Change: one behind a known router is new", "[change]") {
  auto now = usual("now");
  now.sends(kRouter, "10.1.0.7", 127);
  now.talk("10.1.0.7", "10.3.0.1", 443, "tls");
  CHECK(changes(now) == Lines{"new-asset 10.1.0.7 - Office -"});
}

TEST_CASE("Change: the other direction is a new conduit", "[change]") {
  auto now = usual("now");
  now.talk("10.3.0.2", "10.1.0.1", 445, "smb");
  now.talk("10.3.0.1", "10.1.0.1", 445, "smb");
  // Once for the two zones, by whoever was first.
  CHECK(changes(now) == Lines{"new-conduit 10.3.0.2 10.1.0.1 Control Office"});
}

TEST_CASE("Change: another operation is a new kind, another target is not", "[change]") {
  auto now = usual("now");
  auto& polls = now.talk("10.3.0.2", "10.3.0.1", 502, "modbus");
  now.operation(polls, 3, Access::read, 17);
  CHECK(changes(now).empty());
  now.operation(polls, 6, Access::write);
  now.operation(polls, 6, Access::write, 17);
  CHECK(changes(now) == Lines{"new-operation 10.3.0.2 10.3.0.1 Control Control"});
}

TEST_CASE("Change: downloads and changes of mode are told with or without a baseline", "[change]") {
  auto now = usual("now");
  auto& polls = now.talk("10.3.0.2", "10.3.0.1", 502, "modbus");
  now.operation(polls, 0x5a, Access::program);
  now.operation(polls, 0x5b, Access::control);
  auto& event = polls.events[{"mode-change", {}, "stop"}];
  event.count = 1;
  event.seen = now.next();
  const auto ends = std::string{" 10.3.0.2 10.3.0.1 Control Control"};
  CHECK(told(find_changes(nullptr, now.facts, declared())) ==
        Lines{"program-download" + ends, "mode-change" + ends, "mode-change" + ends});
  CHECK(told(find_changes(&now.facts, now.facts, declared())).size() == 3);
}

TEST_CASE("Change: stations across a wall that reach each other break it", "[change]") {
  auto now = usual("now");
  now.station(kLaptop, "10.1.0.9");
  now.talk("10.1.0.9", "10.3.0.1", 443, "tls");
  CHECK(changes(now) == Lines{"new-asset 10.1.0.9 - Office -", "wall-broken - - Control Office"});
}

TEST_CASE("Change: an asset is called by the address that it used first", "[change]") {
  auto now = usual("now");
  now.station(kLaptop, "10.3.0.9").station(kLaptop, "10.3.0.4");
  now.talk("10.3.0.9", "10.3.0.1", 80, "http");
  now.talk("10.3.0.4", "10.3.0.1", 80, "http");
  CHECK(changes(now) == Lines{"new-asset 10.3.0.9 - Control -"});
}

TEST_CASE("Change: what is found again has the same key", "[change]") {
  auto now = usual("now");
  now.station(kLaptop, "10.3.0.9");
  now.talk("10.3.0.9", "10.3.0.1", 80, "http");
  auto later = now;
  later.talk("10.3.0.9", "10.3.0.1", 8080, "http");
  const auto before = usual("before");
  const auto first = find_changes(&before.facts, now.facts, declared());
  const auto second = find_changes(&before.facts, later.facts, declared());
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first[0].key() == second[0].key());
}

}  // namespace
}  // namespace sekimori::test
