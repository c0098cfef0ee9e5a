#include "sekimori/infer/zone_plan.h"

#include "sekimori/bytes/error.h"

#include <catch2/catch.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ZonePlan plan(const std::string& json) {
  return ZonePlan::parse(json, "zones.json");
}

std::string error_of(const std::string& json) {
  try {
    plan(json);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

IpAddress ip(std::string_view text) {
  return parse_ip(text).value();
}

const std::string kPlant = R"({
  "zones": [
    { "name": { "en": "Office", "ja": "事務所" }, "kind": "office", "subnets": ["10.0.0.0/8"] },
    { "name": "Control", "kind": "control", "level": 3, "subnets": ["10.1.0.0/16"],
      "vlans": [10], "macs": ["00:1b:1b:01:02:03"] },
    { "name": "Cell", "kind": "field", "subnets": ["10.1.7.0/24", "fd00:7::/64"] },
    { "name": "Vendor", "kind": "external", "subnets": ["203.0.114.0/24"] }
  ],
  "internal_public_ranges": ["141.81.0.0/16"],
  "exclude": ["10.9.9.9", "00-00-5E-00-53-01"],
  "routers": ["10.1.0.1"]
})";

TEST_CASE("Zone plan: the longest subnet wins", "[zone_plan]") {
  const auto zones = plan(kPlant);
  CHECK(zones.zone_of(ip("10.2.0.1"), "") == 0U);
  CHECK(zones.zone_of(ip("10.1.2.3"), "") == 1U);
  CHECK(zones.zone_of(ip("10.1.7.3"), "") == 2U);
  CHECK(zones.zone_of(ip("fd00:7::9"), "") == 2U);
  CHECK_FALSE(zones.zone_of(ip("192.168.0.1"), ""));
  CHECK(zones.zone_of(parse_mac("00:1b:1b:01:02:03").value()) == 1U);
  CHECK(zones.zone_of_segment("vlan 10") == 1U);
  CHECK_FALSE(zones.zone_of_segment("vlan 11"));
}

TEST_CASE("Zone plan: names, levels and lists are kept as told", "[zone_plan]") {
  const auto zones = plan(kPlant);
  REQUIRE(zones.zones().size() == 4);
  CHECK(zones.zones()[0].name_en == "Office");
  CHECK(zones.zones()[0].name_ja == "事務所");
  CHECK_FALSE(zones.zones()[0].level);
  CHECK(zones.zones()[1].name_ja == "Control");
  CHECK(zones.zones()[1].level == 3.0);
  CHECK(zones.excludes(ip("10.9.9.9")));
  CHECK(zones.excludes(parse_mac("00:00:5e:00:53:01").value()));
  CHECK_FALSE(zones.excludes(ip("10.9.9.8")));
  CHECK(zones.is_router(ip("10.1.0.1")));
}

TEST_CASE("Zone plan: a public range that the plant uses is not the Internet", "[zone_plan]") {
  const auto zones = plan(kPlant);
  CHECK(zones.is_external(ip("8.8.8.8")));
  CHECK(zones.is_external(ip("203.0.114.9")));
  CHECK_FALSE(zones.is_external(ip("141.81.3.4")));
  CHECK_FALSE(zones.is_external(ip("10.1.2.3")));
  CHECK_FALSE(plan(R"({"zones":[{"name":"a","kind":"dmz","subnets":["8.8.8.0/24"]}]})")
                  .is_external(ip("8.8.8.8")));
}

TEST_CASE("Zone plan: the last address of a declared subnet is its broadcast", "[zone_plan]") {
  const auto zones = plan(R"({"zones":[{"name":"a","kind":"field","subnets":["10.1.4.0/22"]}]})");
  CHECK(zones.is_directed_broadcast(ip("10.1.7.255")));
  CHECK_FALSE(zones.is_directed_broadcast(ip("10.1.4.255")));
}

TEST_CASE("Zone plan: VLANs tell cells of equal subnets apart", "[zone_plan]") {
  const auto zones = plan(R"({"zones":[
    {"name":"cell 1","kind":"field","subnets":["192.168.0.0/24"],"vlans":[11]},
    {"name":"cell 2","kind":"field","subnets":["192.168.0.0/24"],"vlans":["100.12"]}]})");
  CHECK(zones.zone_of(ip("192.168.0.1"), "vlan 11") == 0U);
  CHECK(zones.zone_of(ip("192.168.0.1"), "vlan 100.12") == 1U);
  CHECK_FALSE(zones.zone_of(ip("192.168.0.1"), ""));
}

struct Wrong {
  std::string json, error;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) {
  return out << wrong.json;
}

std::string zone(const std::string& rest) {
  return R"({"zones":[{"name":"a","kind":"office")" + rest + "}]}";
}

TEST_CASE("Zone plan: an error names its place", "[zone_plan]") {
  const auto& wrong = GENERATE(from_range(std::vector<Wrong>{
      {"[]", "zones.json: /: an object is expected"},
      {"{}", "zones.json: /: no \"zones\""},
      {R"({"zones":[],"zoness":1})",
       "zones.json: /: no such key: \"zoness\"; did you mean \"zones\"?"},
      {R"({"zones":{}})", "zones.json: /zones: a list is expected"},
      {R"({"zones":[1]})", "zones.json: /zones/0: an object is expected"},
      {R"({"zones":[{"kind":"office"}]})", "zones.json: /zones/0: no \"name\""},
      {R"({"zones":[{"name":"a"}]})", "zones.json: /zones/0: no \"kind\""},
      {R"({"zones":[{"name":"","kind":"office"}]})", "zones.json: /zones/0/name: an empty text"},
      {R"({"zones":[{"name":{},"kind":"office"}]})",
       "zones.json: /zones/0/name: a name is expected"},
      {R"({"zones":[{"name":"a","kind":"offise"}]})",
       "zones.json: /zones/0/kind: no such kind: \"offise\"; did you mean \"office\"?"},
      {R"({"zones":[{"name":"a","kind":"office"},{"name":"a","kind":"dmz"}]})",
       "zones.json: /zones/1/name: \"a\" already stands at /zones/0/name"},
      {zone(R"(,"level":6)"),
       "zones.json: /zones/0/level: a Purdue level is 0, 1, 2, 3, 3.5, 4 or 5"},
      {zone(R"(,"level":"2")"), "zones.json: /zones/0/level: a number is expected"},
      {zone(R"(,"subnets":["10.0.0.0/33"])"),
       "zones.json: /zones/0/subnets/0: \"10.0.0.0/33\" is no subnet such as 10.1.0.0/16"},
      {zone(R"(,"subnets":["10.0.0.0/8","10.0.0.5/24"])"),
       "zones.json: /zones/0/subnets/1: \"10.0.0.5/24\" has bits set behind its length; "
       "did you mean \"10.0.0.0/24\"?"},
      {zone(R"(,"subnets":["10.0.0.0/8","10.0.0.0/8"])"),
       "zones.json: /zones/0/subnets/1: 10.0.0.0/8 already stands at /zones/0/subnets/0"},
      {R"({"zones":[{"name":"a","kind":"office","subnets":["10.0.0.0/8"]},
                    {"name":"b","kind":"dmz","vlans":[7],"subnets":["10.0.0.0/8"]}]})",
       "zones.json: /zones/1/subnets/0: 10.0.0.0/8 already stands at /zones/0/subnets/0, and no "
       "VLANs tell the two apart"},
      {zone(R"(,"vlans":[0])"),
       "zones.json: /zones/0/vlans/0: a whole number from 1 to 4094 is expected"},
      {zone(R"(,"vlans":[5,5])"),
       "zones.json: /zones/0/vlans/1: vlan 5 already stands at /zones/0/vlans/0"},
      {zone(R"(,"macs":["00:1b:1b"])"),
       "zones.json: /zones/0/macs/0: \"00:1b:1b\" is no MAC address such as 00:1b:1b:01:02:03"},
      {R"({"zones":[],"exclude":["laptop"]})",
       "zones.json: /exclude/0: \"laptop\" is neither a MAC nor an IP address"},
  }));
  CAPTURE(wrong);
  CHECK(error_of(wrong.json) == wrong.error);
}

TEST_CASE("Zone plan: broken JSON is told with its line", "[zone_plan]") {
  const auto error = error_of("{\n \"zones\": [\n");
  CHECK(error.starts_with("zones.json: parse error at line 3"));
}

TEST_CASE("Zone plan: every prefix of a plan is refused or read, never worse", "[zone_plan]") {
  for (std::size_t size = 0; size < kPlant.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(error_of(kPlant.substr(0, size)).empty());
  }
  CHECK(error_of(kPlant).empty());
}

TEST_CASE("Zone plan: a file that is not there is told by name", "[zone_plan]") {
  CHECK_THROWS_WITH(ZonePlan::load("/nowhere/zones.json"),
                    "/nowhere/zones.json: No such file or directory");
}

}  // namespace
}  // namespace sekimori::test
