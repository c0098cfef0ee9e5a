#include "sekimori/infer/role.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

constexpr const char* kPlc = "00:1b:1b:00:00:01";
constexpr const char* kRouter = "00:00:0c:11:22:33";

struct Case {
  std::string name;
  Role role;
  std::function<void(Plant&)> make;  // what makes 10.0.0.1 what it is
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

const std::vector<Case> cases{
    {"a Modbus server", Role::plc, [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 502, "modbus"); }},
    {"an S7 server", Role::plc, [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 102, "s7comm"); }},
    {"a DNP3 outstation", Role::rtu,
     [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 20000, "dnp3"); }},
    {"an MMS server", Role::ied, [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 102, "mms"); }},
    {"a safety controller", Role::safety_controller,
     [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 1502, "tristation", "", "udp"); }},
    {"one that reads two controllers", Role::hmi,
     [](Plant& p) {
       for (const auto* server : {"10.0.0.2", "10.0.0.3"})
         p.operation(p.talk("10.0.0.1", server, 502, "modbus"), 3, Access::read);
     }},
    {"a panel that is a Windows PC", Role::hmi,
     [](Plant& p) {
       auto& talk = p.talk("10.0.0.1", "10.0.0.2", 502, "modbus");
       for (int i = 0; i < 20; ++i) p.operation(talk, 3, Access::read);
       p.property("10.0.0.1", "os", "Windows 7").property("10.0.0.1", "software", "Mozilla/5.0");
       p.talk("10.0.0.1", "10.0.0.9", 445, "smb");
       p.talk("10.0.0.1", "10.0.0.9", 3389, "rdp");
     }},
    {"one that asked once", Role::unknown,
     [](Plant& p) { p.operation(p.talk("10.0.0.1", "10.0.0.2", 502, "modbus"), 3, Access::read); }},
    {"an office PC that once wrote a coil", Role::workstation,
     [](Plant& p) {
       p.operation(p.talk("10.0.0.1", "10.0.0.2", 502, "modbus"), 5, Access::write);
       p.property("10.0.0.1", "os", "Windows 10").property("10.0.0.1", "software", "Mozilla/5.0");
       p.talk("10.0.0.1", "10.0.0.9", 445, "smb");
     }},
    {"a collector that its name tells", Role::historian,
     [](Plant& p) {
       auto& talk = p.talk("10.0.0.1", "10.0.0.2", 502, "modbus");
       for (int i = 0; i < 20; ++i) p.operation(talk, 3, Access::read);
       p.property("10.0.0.1", "name", "HIST-COL");
     }},
    {"a router of many that forbids", Role::firewall,
     [](Plant& p) {
       p.station(kRouter, "10.0.0.1");
       for (int i = 1; i < 20; ++i) p.sends(kRouter, "10.1.0." + std::to_string(i), 63);
       p.property("10.0.0.9", "address-plan", "router 10.0.0.1");
       p.prohibits("10.0.0.1", "10.0.0.9", "10.1.0.1", 502);
     }},
    {"one that reads many controllers", Role::scada_server,
     [](Plant& p) {
       for (int i = 2; i < 12; ++i)
         p.operation(p.talk("10.0.0.1", "10.0.0." + std::to_string(i), 502, "modbus"), 3,
                     Access::read);
     }},
    {"one that loads a program", Role::engineering_station,
     [](Plant& p) {
       auto& talk = p.talk("10.0.0.1", "10.0.0.2", 102, "s7comm");
       p.operation(talk, 4, Access::read).operation(talk, 0x1a, Access::program);
     }},
    {"one that only tries", Role::unknown,
     [](Plant& p) { p.unanswered("10.0.0.1", "10.0.0.2", 502); }},
    {"a scanner of controllers", Role::unknown,
     [](Plant& p) {
       for (int i = 2; i < 40; ++i)
         p.operation(p.talk("10.0.0.1", "10.0.0." + std::to_string(i), 502, "modbus"), 0x2b,
                     Access::discover);
     }},
    {"a DNS server", Role::server,
     [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 53, "dns", "", "udp"); }},
    {"one that serves a page to one client", Role::unknown,
     [](Plant& p) { p.talk("10.0.0.9", "10.0.0.1", 80, "http"); }},
    {"a Windows client", Role::workstation,
     [](Plant& p) {
       p.talk("10.0.0.1", "10.0.0.9", 445, "smb");
       p.property("10.0.0.1", "os", "Windows 10");
     }},
    {"one that says it bridges", Role::network_switch,
     [](Plant& p) { p.property("10.0.0.1", "capability", "bridge"); }},
    {"one that says it is an access point", Role::access_point,
     [](Plant& p) { p.property("10.0.0.1", "capability", "wlan-ap"); }},
    {"one that DHCP names as router", Role::router,
     [](Plant& p) { p.property("10.0.0.9", "address-plan", "router 10.0.0.1"); }},
    {"one whose MAC carries others", Role::router,
     [](Plant& p) {
       p.station(kRouter, "10.0.0.1").sends(kRouter, "10.1.0.1", 63).sends(kRouter, "10.2.0.1", 63);
     }},
    {"one that forbids by ICMP", Role::firewall,
     [](Plant& p) {
       p.station(kRouter, "10.0.0.1").sends(kRouter, "10.1.0.1", 63);
       p.prohibits("10.0.0.1", "10.0.0.9", "10.1.0.1", 502);
     }},
    {"a host that forbids for itself", Role::unknown,
     [](Plant& p) { p.prohibits("10.0.0.1", "10.0.0.9", "10.0.0.1", 502, 10); }},
    {"a Modbus server with two units", Role::gateway,
     [](Plant& p) {
       auto& talk = p.talk("10.0.0.9", "10.0.0.1", 502, "modbus");
       p.operation(talk, 3, Access::read, 1).operation(talk, 3, Access::read, 2);
     }},
    {"a hop from one subnet to another", Role::jump_host,
     [](Plant& p) {
       p.talk("10.9.0.5", "10.0.0.1", 3389, "rdp");
       p.talk("10.0.0.1", "10.3.0.5", 3389, "rdp");
     }},
    {"an RDP server that goes nowhere", Role::unknown,
     [](Plant& p) { p.talk("10.9.0.5", "10.0.0.1", 3389, "rdp"); }},
    {"a maker of controllers alone", Role::unknown, [](Plant& p) { p.station(kPlc, "10.0.0.1"); }},
    {"a product name", Role::hmi,
     [](Plant& p) { p.property("10.0.0.1", "product", "SIMATIC HMI TP700"); }},
    {"a host name alone", Role::unknown, [](Plant& p) { p.property("10.0.0.1", "name", "PLC-7"); }},
    {"a protocol that no table knows", Role::plc,
     [](Plant& p) {
       p.operation(p.talk("10.0.0.9", "10.0.0.1", 7000, "brand_new"), 1, Access::control);
     }},
    {"CIP inside EtherNet/IP", Role::plc,
     [](Plant& p) {
       auto& talk = p.talk("10.0.0.9", "10.0.0.1", 44818, "enip");
       auto& done = talk.operations[{"cip", 0x4c, Sender::client, Target::kNoUnit, ""}];
       done.access = Access::read;
       done.executed = done.requests = 1;
       done.seen = p.next();
     }},
};

TEST_CASE("Roles: what decides them", "[roles]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Plant plant;
  plant.station("00:80:64:00:00:77", "10.0.0.77");
  plant.property("10.0.0.1", "location", "hall 1");
  c.make(plant);
  const auto made = infer(plant.facts, {});
  const auto& row = row_of(made, "10.0.0.1");
  CAPTURE(row.role.reason);
  CHECK(to_text(row.role.role) == to_text(c.role));
  CHECK_FALSE(row.role.reason.empty());
  CHECK((row.role.confidence > 0) == (c.role != Role::unknown));
  CHECK(row.role.confidence <= 95);
}

TEST_CASE("Roles: a maker of controllers makes a controller surer", "[roles]") {
  Plant plain;
  plain.talk("10.0.0.9", "10.0.0.1", 502, "modbus");
  Plant made_by;
  made_by.station(kPlc, "10.0.0.1").talk("10.0.0.9", "10.0.0.1", 502, "modbus");
  const auto sure = row_of(infer(made_by.facts, {}), "10.0.0.1").role;
  CHECK(sure.confidence > row_of(infer(plain.facts, {}), "10.0.0.1").role.confidence);
  CHECK(sure.reason == "serves modbus to 1 client (45); made by Siemens (15)");
}

TEST_CASE("Roles: a declared DMZ makes a jump host surer", "[roles]") {
  Plant plant;
  plant.talk("10.9.0.5", "10.0.0.1", 3389, "rdp");
  plant.talk("10.0.0.1", "10.3.0.5", 3389, "rdp");
  const auto plan = ZonePlan::parse(
      R"({"zones":[{"name":"d","kind":"dmz","subnets":["10.0.0.0/24"]}]})", "zones.json");
  CHECK(row_of(infer(plant.facts, plan), "10.0.0.1").role.confidence >
        row_of(infer(plant.facts, {}), "10.0.0.1").role.confidence);
}

TEST_CASE("Roles: the verdict tells its facts and the runner-up", "[roles]") {
  const auto verdict = decide({{Role::plc, 40, "b"}, {Role::hmi, 30, "c"}, {Role::plc, 20, "a"}});
  CHECK(verdict.role == Role::plc);
  CHECK(verdict.reason == "b (40); a (20); runner-up hmi 30");
  CHECK(verdict.confidence == 48);  // 60 * 120 / 150
}

TEST_CASE("Roles: too little decides nothing, and says so", "[roles]") {
  const auto verdict = decide({{Role::plc, 20, "is called plc"}});
  CHECK(verdict.role == Role::unknown);
  CHECK(verdict.confidence == 0);
  CHECK(verdict.reason == "too little to say plc 20: is called plc (20)");
  CHECK(decide({}).reason == "no fact speaks for a role");
}

TEST_CASE("Roles: the order of evidence does not matter", "[roles]") {
  const std::vector<RoleEvidence> evidence{{Role::plc, 40, "b"}, {Role::hmi, 40, "c"}};
  const auto one = decide(evidence);
  const auto other = decide({evidence[1], evidence[0]});
  CHECK(one.role == other.role);
  CHECK(one.reason == other.reason);
  CHECK(one.confidence < 40);
}

}  // namespace
}  // namespace sekimori::test
