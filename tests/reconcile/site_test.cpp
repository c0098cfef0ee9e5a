#include "sekimori/reconcile/site.h"

#include "sekimori/bytes/error.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

Site site(const std::string& systems) {
  return parse_site("{\"systems\": [" + systems + "]}", "site.json");
}

const std::string kFirst =
    R"({"name": "A", "kind": "ics", "answers": "a.csv", "zones": ["office"]})";

TEST_CASE("Site: what is written is read", "[site]") {
  const auto read =
      site(R"({"name": {"en": "Line", "ja": "ライン"}, "kind": "ics", "set": "ipa5min",
    "answers": "line.csv", "members": ["x.csv", "y.csv"], "zones": ["control", "field"],
    "captures": ["one.pcap"]}, {"name": "Pumps", "kind": "telemetry"})");
  REQUIRE(read.systems.size() == 2);
  const auto& line = read.systems[0];
  CHECK(line.name.ja == "ライン");
  CHECK(line.set == "ipa5min");
  CHECK(line.members == std::vector<std::string>{"x.csv", "y.csv"});
  REQUIRE(line.zones.size() == 2);
  CHECK(line.zones[1].name == "field");
  CHECK(line.zones[1].where == "/systems/0/zones/1");
  CHECK(read.systems[1].name.ja == "Pumps");
  CHECK(read.systems[1].answers.empty());
  CHECK(read.systems[1].zones.empty());
}

TEST_CASE("Site: what is wrong is said, with its place", "[site]") {
  const auto wrong = [](const std::string& systems, const std::string& what) {
    CAPTURE(systems);
    CHECK_THROWS_WITH(site(systems), "site.json: " + what);
  };
  wrong("", "/systems: names no system");
  wrong(R"({"name": "A"})", "/systems/0: no \"kind\"");
  wrong(R"({"name": "A", "kind": "dcs"})",
        R"(/systems/0/kind: "dcs" is not one of "ics", "telemetry"; did you mean "ics"?)");
  wrong(R"({"name": "A", "kind": "ics", "zone": ["x"]})",
        R"(/systems/0: no such key: "zone"; did you mean "zones"?)");
  wrong(R"({"name": "A", "kind": "ics", "zones": []})",
        "/systems/0/zones: names nothing; leave it out for all there is");
  wrong(R"({"name": "A", "kind": "ics", "zones": ["x", "x"]})",
        R"(/systems/0/zones/1: "x" stands twice)");
  wrong(R"({"name": "A", "kind": "ics", "members": ["x.csv"]})",
        "/systems/0/members: give with answers what the members agreed on");
  wrong(kFirst + R"(, {"name": "A", "kind": "telemetry"})",
        R"(/systems/1/name: "A" is the name of /systems/0 too)");
  wrong(kFirst + R"(, {"name": "B", "kind": "telemetry", "answers": "a.csv"})",
        R"(/systems/1/answers: "a.csv" is the sheet of "A": each system is assessed by its own)");
}

TEST_CASE("Site: a zone or a capture that is not there is said, with what is near", "[site]") {
  Plant plant;
  plant.capture("B");
  plant.run(
      "UPDATE capture SET name = 'core.pcap'; UPDATE zone SET name_ja = '現場' WHERE name = "
      "'field'");
  const auto part = [&](const std::string& system) {
    const auto read = site(system);
    return part_of(plant.model(), read, read.systems.front());
  };
  CHECK(part(R"({"name": "A", "kind": "ics", "zones": ["control", "現場"]})").zones ==
        std::vector<std::int64_t>{Plant::control, Plant::field});
  CHECK(part(R"({"name": "A", "kind": "ics", "captures": ["core.pcap"]})").captures ==
        std::vector<std::int64_t>{1});
  CHECK(part(R"({"name": "A", "kind": "ics"})").is_whole());
  CHECK_THROWS_WITH(
      part(R"({"name": "A", "kind": "ics", "zones": ["field", "contrl"]})"),
      R"(site.json: /systems/0/zones/1: the plant has no zone "contrl"; did you mean "control"?)");
  CHECK_THROWS_WITH(part(R"({"name": "A", "kind": "ics", "captures": ["cor.pcap"]})"),
                    R"(site.json: /systems/0/captures/0: there is no capture "cor.pcap"; did you )"
                    R"(mean "core.pcap"?)");
}

TEST_CASE("Site: a sheet of the other kind is no sheet of a system", "[site]") {
  const auto read = site(kFirst);
  Answers sheet;
  sheet.file = "a.csv";
  CHECK_NOTHROW(check_kind(read.systems[0], sheet));
  sheet.cover["kind"] = "scada";
  CHECK_NOTHROW(check_kind(read.systems[0], sheet));
  sheet.cover["kind"] = "telemetry";
  CHECK_THROWS_WITH(check_kind(read.systems[0], sheet),
                    R"(a.csv: kind: "telemetry", and the site file calls "A" "ics": control )"
                    "systems and telemetry are assessed apart");
}

}  // namespace
}  // namespace sekimori::test
