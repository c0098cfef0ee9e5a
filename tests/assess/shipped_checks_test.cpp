// Every check that the program ships, on models made by hand.

#include "sekimori/assess/run_checks.h"

#include "plant.h"

#include <catch2/catch.hpp>

#include <functional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

struct Case {
  std::string name;
  std::string id;
  std::string result;
  std::function<void(Plant&)> plant;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.id << ": " << c.name << " is " << c.result;
}

using P = Plant;

const std::vector<Case> cases{
    // Segmentation.
    {"a write from the office", "SEG-01", "violated",
     [](P& p) { p.modbus("office-pc", "control-plc", "write"); }},
    {"a write that asks for no answer", "SEG-01", "violated",
     [](P& p) {
       p.modbus("dmz-gw", "field-plc", "write", {0, 0, 0, 3});
     }},
    {"a write that was refused", "SEG-01", "met",
     [](P& p) {
       p.modbus("office-pc", "control-plc", "write", {0, 2, 1, 0});
     }},
    {"a read from the office", "SEG-01", "met",
     [](P& p) { p.modbus("office-pc", "control-plc", "read"); }},
    {"a write between control zones", "SEG-01", "met",
     [](P& p) { p.modbus("control-hmi", "field-plc", "write"); }},
    {"a write by HTTP", "SEG-01", "unseen",
     [](P& p) {
       p.operation(p.talk("office-pc", "control-plc", "tcp", 80, "http"), "http", "write", {});
     }},
    {"a write that the plant declared", "SEG-01", "met",
     [](P& p) {
       p.modbus("office-pc", "control-plc", "write");
       p.run("INSERT INTO exception VALUES ('office-pc', '', 'tcp', 502, 'approved')");
     }},
    {"a write declared for another port", "SEG-01", "violated",
     [](P& p) {
       p.modbus("office-pc", "control-plc", "write");
       p.run("INSERT INTO exception VALUES ('office-pc', '', 'tcp', 503, 'approved')");
     }},
    {"the copy of a conversation behind a router", "SEG-01", "unseen",
     [](P& p) {
       p.modbus("office-pc", "control-plc", "write");
       p.run("UPDATE conversation SET copy_of = 99");
     }},
    {"a write that was refused", "SEG-02", "violated",
     [](P& p) {
       p.modbus("office-pc", "control-plc", "write", {0, 2, 1, 0});
     }},
    {"a write that was carried out", "SEG-02", "met",
     [](P& p) { p.modbus("office-pc", "control-plc", "write"); }},
    {"an answer to who is there", "SEG-02", "unseen",
     [](P& p) { p.modbus("office-pc", "control-plc", "discover"); }},
    {"office to control", "SEG-03", "violated",
     [](P& p) { p.talk("office-pc", "control-hmi", "tcp", 4000, "", "S2"); }},
    {"control to office", "SEG-03", "violated",
     [](P& p) { p.talk("control-hmi", "office-pc", "tcp", 4000, "", "S2"); }},
    {"office to control without an answer", "SEG-03", "unseen",
     [](P& p) { p.talk("office-pc", "control-hmi", "tcp", 4000, "", "S1"); }},
    {"both by way of the DMZ", "SEG-03", "met",
     [](P& p) {
       p.talk("office-pc", "dmz-hist", "tcp", 443, "tls");
       p.talk("dmz-hist", "control-hmi", "tcp", 1433, "mssql");
     }},
    {"Modbus from the office", "SEG-04", "violated",
     [](P& p) { p.modbus("office-pc", "control-plc", "read"); }},
    {"Modbus inside", "SEG-04", "met", [](P& p) { p.modbus("control-hmi", "field-plc", "read"); }},
    {"something on port 502 that nobody knows", "SEG-04", "unseen",
     [](P& p) { p.talk("office-pc", "control-plc", "tcp", 502, "", "S2"); }},
    {"Modbus from the DMZ", "SEG-05", "violated",
     [](P& p) { p.modbus("dmz-hist", "control-plc", "read"); }},
    {"SQL into the DMZ", "SEG-05", "met",
     [](P& p) { p.talk("control-hmi", "dmz-hist", "tcp", 1433, "", "S2"); }},
    {"nothing of the DMZ", "SEG-05", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"one protocol on both sides", "SEG-06", "violated",
     [](P& p) {
       p.talk("office-pc", "dmz-hist", "tcp", 445, "smb");
       p.talk("dmz-hist", "control-hmi", "tcp", 445, "smb");
     }},
    {"two protocols", "SEG-06", "met",
     [](P& p) {
       p.talk("office-pc", "dmz-hist", "tcp", 443, "tls");
       p.talk("dmz-hist", "control-hmi", "tcp", 445, "smb");
     }},
    {"one protocol to two hosts of one side", "SEG-06", "unseen",
     [](P& p) {
       p.talk("dmz-hist", "control-hmi", "tcp", 445, "smb");
       p.talk("dmz-hist", "control-ews", "tcp", 445, "smb");
     }},
    {"no wall", "SEG-07", "violated", [](P& p) { p.wall(1, 3, "absent"); }},
    {"a wall", "SEG-07", "met", [](P& p) { p.wall(1, 3, "present"); }},
    {"perhaps a wall", "SEG-07", "unseen", [](P& p) { p.wall(1, 3, "unknown"); }},
    {"no wall between control zones", "SEG-07", "unseen", [](P& p) { p.wall(3, 4, "absent"); }},
    {"one SSH key in two zones", "SEG-08", "violated",
     [](P& p) {
       p.property("office-pc", "identifier", "key 1");
       p.property("control-pc", "identifier", "key 1");
     }},
    {"one host that talks from two zones", "SEG-08", "violated",
     [](P& p) {
       p.talk("office-pc", "office-pc2", "tcp", 9, "");
       p.talk("office-pc", "control-hmi", "tcp", 9, "", "S2", "client_zone = 3");
     }},
    {"a router with its name in two zones", "SEG-08", "met",
     [](P& p) {
       p.host("office-rt", "router");
       p.host("control-rt", "router");
       p.property("office-rt", "name", "rt");
       p.property("control-rt", "name", "rt");
     }},
    {"a name that was only heard of", "SEG-08", "unseen",
     [](P& p) {
       p.property("office-pc", "name", "pc", 60);
       p.property("control-pc", "name", "pc", 60);
     }},
    {"PROFINET across", "SEG-09", "violated",
     [](P& p) { p.talk("office-pc", "field-io", "ethernet", 0x8892, "profinet_dcp"); }},
    {"PROFINET inside", "SEG-09", "met",
     [](P& p) { p.talk("field-plc", "field-io", "ethernet", 0x8892, "profinet_dcp"); }},
    {"ARP across", "SEG-09", "unseen",
     [](P& p) { p.talk("office-pc", "field-io", "ethernet", 0x0806, "arp"); }},

    // Clear text.
    {"Telnet into control", "CLR-01", "violated",
     [](P& p) { p.talk("office-pc", "control-sw", "tcp", 23, "telnet"); }},
    {"TFTP by its port", "CLR-01", "violated",
     [](P& p) { p.talk("control-sw", "office-pc", "udp", 69, "", "S2"); }},
    {"SNMP v2c out of control", "CLR-01", "violated",
     [](P& p) {
       p.event(p.talk("office-nms", "control-sw", "udp", 161, "snmp"), "version", "SNMP v2c");
     }},
    {"SNMP v3", "CLR-01", "met",
     [](P& p) {
       p.event(p.talk("office-nms", "control-sw", "udp", 161, "snmp"), "version", "SNMP v3");
     }},
    {"HTTP in the office", "CLR-01", "unseen",
     [](P& p) { p.talk("office-pc", "office-srv", "tcp", 80, "http"); }},
    {"a web page of a controller", "CLR-02", "violated",
     [](P& p) {
       p.host("control-plc", "plc");
       p.talk("control-hmi", "control-plc", "tcp", 80, "http");
     }},
    {"a web page of a server", "CLR-02", "unseen",
     [](P& p) { p.talk("control-hmi", "control-srv", "tcp", 80, "http"); }},
    {"SSH to a switch", "CLR-02", "met",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
     }},
    {"a readable password", "CLR-03", "violated",
     [](P& p) {
       p.event(p.talk("control-ews", "control-plc", "tcp", 21, "ftp"), "cleartext-login",
               "user op, password not default");
     }},
    {"a login without one", "CLR-03", "met",
     [](P& p) {
       p.event(p.talk("control-ews", "control-srv", "tcp", 445, "smb"), "login", "NTLM PLANT\\op");
     }},
    {"a readable password in the office", "CLR-03", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-srv", "tcp", 21, "ftp"), "cleartext-login",
               "user op, password not default");
     }},
    {"a default password", "CLR-04", "violated",
     [](P& p) {
       p.event(p.talk("control-ews", "control-plc", "tcp", 21, "ftp"), "cleartext-login",
               "user op, password default");
     }},
    {"a password that is not default", "CLR-04", "met",
     [](P& p) {
       p.event(p.talk("control-ews", "control-plc", "tcp", 21, "ftp"), "cleartext-login",
               "user default, password not default");
     }},
    {"an anonymous login", "CLR-04", "violated",
     [](P& p) {
       p.event(p.talk("control-ews", "control-plc", "tcp", 21, "ftp"), "anonymous-login", "FTP");
     }},
    {"a default community", "CLR-04", "violated",
     [](P& p) {
       p.event(p.talk("control-nms", "control-sw", "udp", 161, "snmp"), "cleartext-login",
               "write community, default");
     }},
    {"a default password in the office", "CLR-04", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-srv", "tcp", 21, "ftp"), "cleartext-login",
               "user op, password default");
     }},

    // Internet.
    {"a control host out", "INT-01", "violated",
     [](P& p) { p.talk("control-hmi", "internet-8.8.8.8", "tcp", 443, "tls"); }},
    {"a control host out without an answer", "INT-01", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("control-hmi", "internet-8.8.8.8", "tcp", 443, "", "S1");
     }},
    {"a public address that the plant uses inside", "INT-01", "met",
     [](P& p) {
       p.host("field-141.81.0.10");
       p.modbus("control-hmi", "field-141.81.0.10", "read");
     }},
    {"silence of a day", "INT-01", "unseen",
     [](P& p) { p.days(1).modbus("control-hmi", "control-plc", "read"); }},
    {"a control host reached", "INT-02", "violated",
     [](P& p) { p.talk("internet-8.8.8.8", "control-plc", "tcp", 502, "modbus"); }},
    {"a control host tried in vain", "INT-02", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("internet-8.8.8.8", "control-plc", "tcp", 502, "", "S1");
     }},
    {"nothing of control", "INT-02", "unseen",
     [](P& p) { p.talk("office-pc", "internet-8.8.8.8", "tcp", 443, "tls"); }},
    {"attempts", "INT-03", "violated",
     [](P& p) {
       p.talk("control-hmi", "internet-8.8.8.8", "tcp", 443, "", "S1");
       p.talk("control-hmi", "internet-9.9.9.9", "tcp", 443, "", "S1");
     }},
    {"none", "INT-03", "met", [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"nothing of control", "INT-03", "unseen",
     [](P& p) { p.talk("office-pc", "internet-8.8.8.8", "tcp", 443, "tls"); }},

    // Remote access.
    {"remote desktop from the office", "REM-01", "violated",
     [](P& p) { p.talk("office-pc", "control-hmi", "tcp", 3389, "rdp"); }},
    {"remote desktop by its port from outside", "REM-01", "violated",
     [](P& p) { p.talk("remote-laptop", "control-hmi", "tcp", 3389, "", "S2"); }},
    {"to a jump host in the DMZ, then inward", "REM-01", "met",
     [](P& p) {
       p.talk("remote-laptop", "dmz-jump", "tcp", 3389, "rdp");
       p.talk("dmz-jump", "control-hmi", "tcp", 3389, "rdp");
     }},
    {"inside control", "REM-01", "unseen",
     [](P& p) { p.talk("control-ews", "control-hmi", "tcp", 3389, "rdp"); }},
    {"VNC from outside", "REM-02", "violated",
     [](P& p) { p.talk("remote-laptop", "dmz-jump", "tcp", 5900, "vnc"); }},
    {"SSH from outside", "REM-02", "met",
     [](P& p) { p.talk("remote-laptop", "dmz-jump", "tcp", 22, "ssh", "S3", "encrypted = 1"); }},
    {"Telnet inside", "REM-02", "unseen",
     [](P& p) { p.talk("control-ews", "control-sw", "tcp", 23, "telnet"); }},
    {"file sharing", "REM-03", "violated",
     [](P& p) { p.talk("office-pc", "control-hmi", "tcp", 445, "smb"); }},
    {"file sharing with the DMZ", "REM-03", "met",
     [](P& p) { p.talk("control-hmi", "dmz-files", "tcp", 445, "smb"); }},
    {"file sharing inside", "REM-03", "unseen",
     [](P& p) { p.talk("control-hmi", "control-srv", "tcp", 445, "smb"); }},
    {"a VPN out of control", "REM-04", "violated",
     [](P& p) { p.talk("control-gw", "internet-8.8.8.8", "udp", 1194, "", "S2"); }},
    {"a tunnel inside HTTP", "REM-04", "violated",
     [](P& p) {
       p.event(p.talk("control-hmi", "dmz-proxy", "tcp", 3128, "http"), "tunnel", "CONNECT x:443");
     }},
    {"a VPN that ends in the DMZ", "REM-04", "met",
     [](P& p) {
       p.talk("remote-laptop", "dmz-vpn", "udp", 1194, "", "S2");
       p.talk("dmz-jump", "control-hmi", "tcp", 3389, "rdp");
     }},
    {"nothing that crosses", "REM-04", "unseen",
     [](P& p) { p.talk("control-hmi", "control-srv", "tcp", 445, "smb"); }},
    {"a session of two days", "REM-05", "violated",
     [](P& p) { p.talk("remote-laptop", "dmz-jump", "tcp", 22, "ssh", "S3", "longest = 172800"); }},
    {"a session of an hour", "REM-05", "met",
     [](P& p) { p.talk("remote-laptop", "dmz-jump", "tcp", 22, "ssh", "S3", "longest = 3600"); }},
    {"a session of an hour in a capture of two", "REM-05", "unseen",
     [](P& p) {
       p.days(0.1).talk("remote-laptop", "dmz-jump", "tcp", 22, "ssh", "S3", "longest = 3600");
     }},

    // Control.
    {"a download by an HMI", "CTL-01", "violated",
     [](P& p) { p.modbus("control-hmi", "control-plc", "program"); }},
    {"a download by the engineering station", "CTL-01", "met",
     [](P& p) {
       p.host("control-ews", "engineering_station");
       p.modbus("control-ews", "control-plc", "program");
     }},
    {"a download that was refused", "CTL-01", "unseen",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "program", {0, 1, 0, 0});
     }},
    {"a stop by an HMI", "CTL-02", "violated",
     [](P& p) { p.modbus("control-hmi", "control-plc", "control"); }},
    {"a stop by the engineering station", "CTL-02", "met",
     [](P& p) {
       p.host("control-ews", "engineering_station");
       p.modbus("control-ews", "control-plc", "control");
     }},
    {"reads only", "CTL-02", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"an upload by an HMI", "CTL-04", "violated",
     [](P& p) { p.modbus("control-hmi", "control-plc", "upload"); }},
    {"an upload by the engineering station", "CTL-04", "met",
     [](P& p) {
       p.host("control-ews", "engineering_station");
       p.modbus("control-ews", "control-plc", "upload");
     }},
    {"reads only", "CTL-04", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"a new address by an HMI", "CTL-05", "violated",
     [](P& p) { p.modbus("control-hmi", "control-plc", "configure"); }},
    {"a new address by the engineering station", "CTL-05", "met",
     [](P& p) {
       p.host("control-ews", "engineering_station");
       p.modbus("control-ews", "control-plc", "configure");
     }},
    {"reads only", "CTL-05", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"a refused write", "CTL-06", "violated",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "write", {9, 1, 0, 0});
     }},
    {"writes that work", "CTL-06", "met",
     [](P& p) { p.modbus("control-hmi", "control-plc", "write"); }},
    {"reads only", "CTL-06", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},

    // Hygiene.
    {"TLS 1.0", "HYG-01", "violated",
     [](P& p) {
       p.event(p.talk("control-hmi", "control-srv", "tcp", 443, "tls"), "version", "TLS 1.0");
     }},
    {"TLS 1.2", "HYG-01", "met",
     [](P& p) {
       p.event(p.talk("control-hmi", "control-srv", "tcp", 443, "tls"), "version", "TLS 1.2");
     }},
    {"TLS 1.0 in the office", "HYG-01", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-srv", "tcp", 443, "tls"), "version", "TLS 1.0");
     }},
    {"mail by its port", "HYG-02", "violated",
     [](P& p) { p.talk("control-hmi", "office-mail", "tcp", 25, "", "S2"); }},
    {"an alarm relay that the plant declared", "HYG-02", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("control-alarm", "dmz-relay", "tcp", 25, "", "S2");
       p.run("INSERT INTO exception VALUES ('control-alarm', 'dmz-relay', 'tcp', 25, '')");
     }},
    {"a day", "HYG-02", "unseen",
     [](P& p) { p.days(1).modbus("control-hmi", "control-plc", "read"); }},
    {"a page in the office", "HYG-03", "violated",
     [](P& p) { p.talk("control-hmi", "office-web", "tcp", 80, "http"); }},
    {"a page of a controller", "HYG-03", "met",
     [](P& p) { p.talk("control-hmi", "control-plc", "tcp", 80, "http"); }},
    {"nothing of control", "HYG-03", "unseen",
     [](P& p) { p.talk("office-pc", "office-web", "tcp", 80, "http"); }},
    {"time from the office", "HYG-04", "violated",
     [](P& p) { p.talk("control-hmi", "office-ntp", "udp", 123, "ntp"); }},
    {"time from the DMZ", "HYG-04", "met",
     [](P& p) { p.talk("control-hmi", "dmz-ntp", "udp", 123, "ntp"); }},
    {"no such service", "HYG-04", "unseen",
     [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"two stations with one address", "HYG-05", "violated",
     [](P& p) {
       p.binding("00:1b:1b:00:00:01", "10.30.0.5", 3, 0, 100);
       p.binding("00:1b:1b:00:00:02", "10.30.0.5", 3, 50, 150);
     }},
    {"a device that was replaced", "HYG-05", "met",
     [](P& p) {
       p.binding("00:1b:1b:00:00:01", "10.30.0.5", 3, 0, 100);
       p.binding("00:1b:1b:00:00:02", "10.30.0.5", 3, 200, 300);
     }},
    {"a virtual router", "HYG-05", "met",
     [](P& p) {
       p.binding("00:00:5e:00:01:0a", "10.30.0.1", 3, 0, 100);
       p.binding("00:1b:1b:00:00:02", "10.30.0.1", 3, 0, 100);
     }},
    {"a router's MAC with the addresses behind it", "HYG-05", "unseen",
     [](P& p) {
       p.binding("00:1b:1b:00:00:01", "10.30.0.5", 0, 0, 100);
       p.binding("00:1b:1b:00:00:02", "10.30.0.5", 0, 0, 100);
     }},
    {"a sweep", "HYG-06", "violated",
     [](P& p) {
       for (int i = 0; i < 16; ++i)
         p.talk("office-pc", "control-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 1, established = 0");
     }},
    {"polling of a few dead devices", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 5; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 999, established = 0");
     }},
    {"polling of many devices that answer", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 40; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "modbus");
     }},
    {"nothing", "HYG-06", "unseen", [](P& /*p*/) {}},
    {"a question to all", "HYG-07", "violated",
     [](P& p) { p.talk("control-hmi", "control-all", "udp", 5355, "llmnr", "S1"); }},
    {"a question to a server", "HYG-07", "met",
     [](P& p) { p.talk("control-hmi", "control-dns", "udp", 53, "dns"); }},
    {"controllers only", "HYG-07", "unseen",
     [](P& p) { p.modbus("control-plc", "field-io", "read"); }},
    {"an access point", "HYG-08", "violated", [](P& p) { p.host("control-ap", "access_point"); }},
    {"a bridge", "HYG-08", "met", [](P& p) { p.property("control-sw", "capability", "bridge"); }},
    {"an access point in the office", "HYG-08", "unseen",
     [](P& p) { p.host("office-ap", "access_point"); }},
};

TEST_CASE("Shipped checks: each answers as it should", "[assess]") {
  static const auto rules = Rules::builtin();
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Plant plant;
  c.plant(plant);
  for (const auto& outcome : run_checks(rules, plant.database())) {
    CAPTURE(outcome.id, outcome.note);
    CHECK_FALSE(outcome.note.starts_with("failed"));
    if (outcome.id == c.id) CHECK(to_text(outcome.result) == c.result);
  }
  // Whatever is found is proven by a frame and said in two languages without a gap.
  auto findings = plant.database().prepare(
      "SELECT finding, text_en, text_ja, capture, frame, first_seen FROM finding");
  while (findings.step()) {
    CAPTURE(findings.text(0), findings.text(1), findings.text(2));
    CHECK_FALSE(findings.is_null(3));
    CHECK(findings.integer(4) > 0);
    for (const int text : {1, 2}) {
      CHECK(findings.text(text).find("  ") == std::string::npos);
      CHECK(findings.text(text).find('{') == std::string::npos);
      CHECK(findings.text(text).find("()") == std::string::npos);
    }
  }
}

TEST_CASE("Shipped checks: each has a case for each answer", "[assess]") {
  const auto rules = Rules::builtin();
  std::set<std::string> have;
  for (const auto& c : cases) have.insert(c.id + ' ' + c.result);
  std::set<std::string> want;
  for (const auto& entry : rules.entries())
    for (const char* result : {" violated", " met", " unseen"})
      want.insert(entry.check->id + result);
  CHECK(have == want);
}

TEST_CASE("Shipped checks: nothing is met by an empty model", "[assess]") {
  Database database{":memory:", Database::Mode::create};
  database.execute(schema_sql());
  for (const auto& outcome : run_checks(Rules::builtin(), database)) {
    CAPTURE(outcome.id, outcome.note);
    CHECK(outcome.result == CheckResult::unseen);
    CHECK(outcome.note.empty());
  }
}

TEST_CASE("Shipped checks: references are of known form, and SSAT is always among them",
          "[assess]") {
  const auto rules = Rules::builtin();
  const std::regex known{R"(SSAT \d{1,2}a?|IEC 62443-3-3 SR \d\.\d{1,2}|IEC 62443-3-2 ZCR \d\.\d|)"
                         R"(NIST SP 800-82 \d\.\d(\.\d){0,2}|CISA CPG 1\.0\.1 \d\.[A-Z]|)"
                         R"(NERC CIP-005 R\d\.\d|ATT&CK-ICS T0\d{3})"};
  CHECK(rules.entries().size() >= 18);
  for (const auto& [ruleset, check] : rules.entries()) {
    CAPTURE(check->id);
    CHECK(ruleset->file == ruleset->name + ".json");
    bool ssat = false;
    for (const auto& reference : check->maps_to) {
      CAPTURE(reference);
      CHECK(std::regex_match(reference, known));
      ssat = ssat || reference.starts_with("SSAT ");
    }
    CHECK(ssat);
  }
}

TEST_CASE("Shipped checks: each speaks English in ASCII, and Japanese", "[assess]") {
  const auto rules = Rules::builtin();
  for (const auto& entry : rules.entries()) {
    const auto& check = *entry.check;
    CAPTURE(check.id);
    for (const auto* text : {&check.title, &check.why, &check.remedy, &check.finding}) {
      CAPTURE(text->en, text->ja);
      CHECK(std::ranges::all_of(text->en,
                                [](char letter) { return letter >= ' ' && letter <= '~'; }));
      // Hiragana is U+3040 to U+309F: E3 81, E3 82.
      CHECK((text->ja.find("\xe3\x81") != std::string::npos ||
             text->ja.find("\xe3\x82") != std::string::npos));
    }
    CHECK_FALSE(check.title.en.ends_with('.'));
    CHECK(check.finding.en.ends_with('.'));
    CHECK(check.finding.ja.ends_with("\xe3\x80\x82"));  // the full stop
  }
}

}  // namespace
}  // namespace sekimori::test
