#include "sekimori/infer/on_link.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

constexpr const char* kPlc = "00:1b:1b:00:00:01";
constexpr const char* kPc = "00:1b:1b:00:00:02";
constexpr const char* kRouter = "00:00:0c:11:22:33";
constexpr const char* kVrrp = "00:00:5e:00:01:0a";

LinkVerdict verdict(const Plant& plant, std::string_view m, std::string_view address,
                    const std::string& segment = "", const ZonePlan& plan = {}) {
  const auto test = test_on_link(plant.facts, plan);
  std::size_t place = 0;
  for (const auto& [key, fact] : plant.facts.bindings) {
    if (key.mac == mac(m) && key.ip == ip(address) && key.segment == segment)
      return test.bindings.at(place);
    ++place;
  }
  throw std::out_of_range("no such binding");
}

bool is_own(const LinkVerdict& verdict) {
  return verdict.on_link == OnLink::yes && verdict.joins;
}

TEST_CASE("On-link test: a claim makes an address the station's own", "[on_link]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1");
  CHECK(is_own(verdict(plant, kPlc, "10.0.0.1")));
}

TEST_CASE("On-link test: without a claim the TTL of one address decides", "[on_link]") {
  struct Case {
    std::uint8_t ttl;
    OnLink on_link;
    bool joins;
  };
  const auto one = GENERATE(values<Case>({{30, OnLink::yes, true},
                                          {32, OnLink::yes, true},
                                          {64, OnLink::yes, true},
                                          {128, OnLink::yes, true},
                                          {255, OnLink::yes, true},
                                          {63, OnLink::no, false},
                                          {127, OnLink::no, false},
                                          {120, OnLink::no, false},
                                          {60, OnLink::unknown, true},  // an old initial value
                                          {100, OnLink::unknown, true},
                                          {1, OnLink::unknown, true},     // multicast on purpose
                                          {0, OnLink::unknown, true}}));  // no IP packet seen
  CAPTURE(int{one.ttl});
  Plant plant;
  plant.sends(kPlc, "10.0.0.1", one.ttl);
  const auto said = verdict(plant, kPlc, "10.0.0.1");
  CHECK(said.on_link == one.on_link);
  CHECK(said.joins == one.joins);
}

TEST_CASE("On-link test: no router carries packets within a subnet", "[on_link]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1").sends(kPc, "10.0.0.2", 61);
  const auto said = verdict(plant, kPc, "10.0.0.2");
  CHECK(said.on_link == OnLink::unknown);
  CHECK(said.joins);
  plant.sends(kPc, "10.9.0.2", 61);  // a second one, of another subnet: a router after all
  CHECK(verdict(plant, kPc, "10.0.0.2").on_link == OnLink::no);
}

TEST_CASE("On-link test: a router's MAC does not swallow the hosts behind it", "[on_link]") {
  Plant plant;
  plant.station(kRouter, "10.0.0.254");
  plant.station(kPlc, "10.0.0.1");
  for (int i = 1; i <= 40; ++i) {
    plant.sends(kRouter, "10.1.0." + std::to_string(i), 63);
    plant.sends(kRouter, "10.2.0." + std::to_string(i), 126);
  }
  plant.sends(kRouter, "8.8.8.8", 117);
  CHECK(is_own(verdict(plant, kRouter, "10.0.0.254")));
  CHECK(is_own(verdict(plant, kPlc, "10.0.0.1")));
  CHECK(verdict(plant, kRouter, "10.1.0.7").on_link == OnLink::no);
  CHECK(verdict(plant, kRouter, "10.2.0.40").on_link == OnLink::no);
  CHECK(verdict(plant, kRouter, "8.8.8.8").on_link == OnLink::no);

  const auto test = test_on_link(plant.facts, {});
  REQUIRE(test.routers.size() == 1);
  CHECK(test.routers[0].mac == mac(kRouter));
  CHECK(test.routers[0].forwarded == 81);
}

TEST_CASE("On-link test: a router that never claims is known by its many subnets", "[on_link]") {
  Plant plant;
  for (int i = 1; i <= 3; ++i) plant.sends(kRouter, "10." + std::to_string(i) + ".0.9", 0);
  CHECK(verdict(plant, kRouter, "10.1.0.9").on_link == OnLink::no);
  // Packets of full TTL were not passed on; whose they are cannot be told.
  Plant full;
  for (int i = 1; i <= 6; ++i) full.sends(kRouter, "10." + std::to_string(i) + ".0.9", 64);
  CHECK(verdict(full, kRouter, "10.1.0.9").on_link == OnLink::unknown);
  CHECK_FALSE(verdict(full, kRouter, "10.1.0.9").joins);
}

TEST_CASE("On-link test: the router's own address is the one of full TTL", "[on_link]") {
  Plant plant;
  plant.sends(kRouter, "10.0.0.254", 255);
  plant.sends(kRouter, "10.1.0.1", 63);
  plant.sends(kRouter, "10.1.0.2", 63);
  CHECK(is_own(verdict(plant, kRouter, "10.0.0.254")));
  CHECK(verdict(plant, kRouter, "10.1.0.1").on_link == OnLink::no);
}

TEST_CASE("On-link test: a layer-3 switch keeps its address in every VLAN", "[on_link]") {
  Plant plant;
  for (int i = 10; i < 30; ++i)
    plant.claims(kRouter, "10.0." + std::to_string(i) + ".1", "vlan " + std::to_string(i));
  CHECK(is_own(verdict(plant, kRouter, "10.0.10.1", "vlan 10")));
  CHECK(is_own(verdict(plant, kRouter, "10.0.29.1", "vlan 29")));
}

TEST_CASE("On-link test: one that answers ARP for many subnets answers for others", "[on_link]") {
  Plant plant;
  for (int i = 1; i <= 9; ++i) plant.claims(kRouter, "10." + std::to_string(i) + ".0.9", "");
  CHECK(verdict(plant, kRouter, "10.3.0.9").on_link == OnLink::no);
}

TEST_CASE("On-link test: proxy ARP for a host that stands elsewhere is no claim", "[on_link]") {
  Plant plant;
  plant.station(kPlc, "10.1.0.5", "vlan 1");
  plant.station(kRouter, "10.2.0.254", "vlan 2");
  plant.claims(kRouter, "10.1.0.5", "vlan 2").sends(kRouter, "10.1.0.5", 63, "vlan 2");
  CHECK(verdict(plant, kRouter, "10.1.0.5", "vlan 2").on_link == OnLink::no);
  CHECK(is_own(verdict(plant, kPlc, "10.1.0.5", "vlan 1")));
}

TEST_CASE("On-link test: a virtual router's MAC carries others and claims its own", "[on_link]") {
  Plant plant;
  plant.claims(kVrrp, "10.0.0.1", "").sends(kVrrp, "10.7.0.3", 128);
  CHECK(is_own(verdict(plant, kVrrp, "10.0.0.1")));
  CHECK(verdict(plant, kVrrp, "10.7.0.3").on_link == OnLink::no);
  CHECK(redundancy_of(mac(kVrrp)) == "VRRP");
  CHECK(redundancy_of(mac("00:00:0c:07:ac:05")) == "HSRP");
  CHECK(redundancy_of(mac("00:00:0c:9f:f0:01")) == "HSRP");
  CHECK(redundancy_of(mac("00:00:0c:9f:00:01")).empty());
  CHECK(redundancy_of(mac("00:07:b4:00:01:02")) == "GLBP");
  CHECK(redundancy_of(mac(kPlc)).empty());
}

TEST_CASE("On-link test: equal addresses in two cells are each their station's own", "[on_link]") {
  Plant plant;
  plant.station(kPlc, "192.168.0.1", "vlan 11").station(kPc, "192.168.0.1", "vlan 12");
  CHECK(is_own(verdict(plant, kPlc, "192.168.0.1", "vlan 11")));
  CHECK(is_own(verdict(plant, kPc, "192.168.0.1", "vlan 12")));
}

TEST_CASE("On-link test: an address that another station claims is not a silent one's",
          "[on_link]") {
  Plant plant;
  plant.station(kPlc, "10.0.0.1").sends(kPc, "10.0.0.1", 0);
  CHECK(verdict(plant, kPc, "10.0.0.1").on_link == OnLink::no);
}

TEST_CASE("On-link test: link-local addresses are never routed", "[on_link]") {
  Plant plant;
  plant.sends(kPlc, "fe80::1", 1).sends(kPlc, "169.254.3.4", 0);
  CHECK(is_own(verdict(plant, kPlc, "fe80::1")));
  CHECK(is_own(verdict(plant, kPlc, "169.254.3.4")));
}

TEST_CASE("On-link test: a declared router owns only what it claims", "[on_link]") {
  const auto plan =
      ZonePlan::parse(R"({"zones":[],"routers":["00:00:0c:11:22:33"]})", "zones.json");
  Plant plant;
  plant.sends(kRouter, "10.0.0.9", 64);
  CHECK(verdict(plant, kRouter, "10.0.0.9", "", plan).on_link == OnLink::no);
  CHECK(is_own(verdict(plant, kRouter, "10.0.0.9")));
}

TEST_CASE("On-link test: unset, group and loopback addresses are nobody's", "[on_link]") {
  CHECK_FALSE(is_station({}));
  CHECK_FALSE(is_station(ip("0.0.0.0")));
  CHECK_FALSE(is_station(ip("239.1.2.3")));
  CHECK_FALSE(is_station(ip("255.255.255.255")));
  CHECK_FALSE(is_station(ip("127.0.0.1")));
  CHECK(is_station(ip("10.0.0.255")));
}

}  // namespace
}  // namespace sekimori::test
