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

    {"a connection from the DMZ inward", "SEG-10", "violated",
     [](P& p) { p.talk("dmz-hist", "control-col", "tcp", 443, "tls"); }},
    {"a jump host's", "SEG-10", "met",
     [](P& p) {
       p.host("dmz-jump", "jump_host");
       p.talk("dmz-jump", "control-ews", "tcp", 3389, "rdp");
     }},
    {"a connection outward", "SEG-10", "met",
     [](P& p) { p.talk("control-col", "dmz-hist", "tcp", 443, "tls"); }},
    {"a datagram", "SEG-10", "unseen",
     [](P& p) { p.talk("dmz-ntp", "control-col", "udp", 123, "ntp"); }},
    {"a flow that is not on the list", "SEG-11", "violated",
     [](P& p) {
       p.talk("office-pc", "dmz-hist", "tcp", 80, "http");
       p.talk("control-col", "dmz-hist", "tcp", 443, "tls");
       p.run("INSERT INTO exception VALUES ('office-pc', '', 'tcp', 80, '')");
     }},
    {"flows that are", "SEG-11", "met",
     [](P& p) {
       p.talk("control-col", "dmz-hist", "tcp", 443, "tls");
       p.run("INSERT INTO exception VALUES ('control-col', '', 'tcp', 443, '')");
     }},
    {"a flow that the firewall's matrix has", "SEG-11", "met",
     [](P& p) {
       p.listed("flows", p.talk("control-col", "dmz-hist", "tcp", 443, "tls"));
     }},
    {"a flow beside the firewall's matrix", "SEG-11", "violated",
     [](P& p) {
       p.listed("flows", p.talk("control-col", "dmz-hist", "tcp", 443, "tls"));
       p.talk("control-hmi", "dmz-hist", "tcp", 80, "http");
     }},
    {"no list", "SEG-11", "unseen",
     [](P& p) { p.talk("control-col", "dmz-hist", "tcp", 443, "tls"); }},
    {"many ports", "SEG-12", "violated",
     [](P& p) {
       for (int i = 0; i < 8; ++i) p.talk("office-pc", "control-opc", "tcp", 49152 + i, "", "S2");
     }},
    {"the data connections of FTP", "SEG-12", "met",
     [](P& p) {
       p.talk("control-hmi", "dmz-files", "tcp", 21, "ftp");
       for (int i = 0; i < 8; ++i) p.talk("control-hmi", "dmz-files", "tcp", 49152 + i, "", "S2");
     }},
    {"a jump host that reaches many", "SEG-12", "met",
     [](P& p) {
       p.host("dmz-jump", "jump_host");
       for (int i = 0; i < 20; ++i)
         p.talk("dmz-jump", "control-" + std::to_string(i), "tcp", 3389, "rdp");
     }},
    {"an office host that reaches many", "SEG-12", "violated",
     [](P& p) {
       for (int i = 0; i < 16; ++i)
         p.talk("office-nms", "control-" + std::to_string(i), "tcp", 443, "tls");
     }},
    {"many ports inside", "SEG-12", "unseen",
     [](P& p) {
       for (int i = 0; i < 8; ++i) p.talk("control-hmi", "control-opc", "tcp", 49152 + i, "", "S2");
     }},
    {"two gateways", "SEG-13", "violated",
     [](P& p) {
       p.stands("control-hmi", "00:1b:1b:00:00:01", "vlan 30");
       p.behind("office-pc", "00:1b:0c:00:00:01", "vlan 30");
       p.behind("dmz-hist", "00:1b:0c:00:00:02", "vlan 30");
     }},
    {"the two members of a redundant pair", "SEG-13", "met",
     [](P& p) {
       p.stands("control-hmi", "00:1b:1b:00:00:01", "vlan 30");
       p.behind("office-pc", "00:1b:0c:00:00:01", "vlan 30");
       p.behind("dmz-hist", "00:1b:0c:00:00:02", "vlan 30");
       p.behind("dmz-jump", "00:00:5e:00:01:0a", "vlan 30");
     }},
    {"two gateways of a mixed segment", "SEG-13", "met",
     [](P& p) {
       p.stands("control-hmi", "00:1b:1b:00:00:01", "");
       p.stands("office-pc", "00:1b:1b:00:00:02", "");
       p.behind("internet-8.8.8.8", "00:1b:0c:00:00:01", "");
       p.behind("dmz-hist", "00:1b:0c:00:00:02", "");
     }},
    {"nothing from outside", "SEG-13", "unseen",
     [](P& p) {
       p.stands("control-hmi", "00:1b:1b:00:00:01", "vlan 30");
       p.behind("field-plc", "00:1b:0c:00:00:01", "vlan 30");
     }},
    {"a PC that forwards", "SEG-14", "violated",
     [](P& p) {
       p.stands("control-hmi", "00:1b:1b:00:00:01", "vlan 30");
       p.behind("office-pc", "00:1b:1b:00:00:01", "vlan 30");
       p.talk("control-hmi", "control-all", "udp", 137, "nbns", "S1");
     }},
    {"a router", "SEG-14", "met",
     [](P& p) {
       p.stands("control-rt", "00:1b:0c:00:00:01", "vlan 30");
       p.behind("office-pc", "00:1b:0c:00:00:01", "vlan 30");
       p.talk("control-rt", "control-log", "udp", 514, "syslog", "S1");
     }},
    {"nobody behind anybody", "SEG-14", "unseen",
     [](P& p) { p.stands("control-hmi", "00:1b:1b:00:00:01", "vlan 30"); }},
    {"a historian in control that the office reads", "SEG-15", "violated",
     [](P& p) {
       p.host("control-hist", "historian");
       p.talk("office-pc", "control-hist", "tcp", 443, "tls");
     }},
    {"a historian in the office that asks control", "SEG-15", "violated",
     [](P& p) {
       p.host("office-hist", "historian");
       p.talk("office-hist", "control-opc", "tcp", 4840, "opcua");
     }},
    {"a historian in the DMZ", "SEG-15", "met",
     [](P& p) {
       p.host("dmz-hist", "historian");
       p.talk("office-pc", "dmz-hist", "tcp", 443, "tls");
     }},
    {"a historian that talks inside", "SEG-15", "unseen",
     [](P& p) {
       p.host("control-hist", "historian");
       p.talk("control-hmi", "control-hist", "tcp", 443, "tls");
     }},

    // Safety.
    {"a write by an HMI", "SAF-01", "violated",
     [](P& p) { p.modbus("control-hmi", "safety-esd", "write"); }},
    {"a write from the office where no safety zone is declared", "SAF-01", "violated",
     [](P& p) {
       p.host("control-esd", "safety_controller");
       p.modbus("office-pc", "control-esd", "write");
     }},
    {"a write by its own station", "SAF-01", "met",
     [](P& p) { p.modbus("safety-ews", "safety-esd", "write"); }},
    {"a write inside control where no safety zone is declared", "SAF-01", "met",
     [](P& p) {
       p.host("control-esd", "safety_controller");
       p.modbus("control-ews", "control-esd", "write");
     }},
    {"a read by an HMI", "SAF-01", "unseen",
     [](P& p) { p.modbus("control-hmi", "safety-esd", "read"); }},
    {"the office reads", "SAF-02", "violated",
     [](P& p) { p.modbus("office-pc", "safety-esd", "read"); }},
    {"the safety system reports outside", "SAF-02", "violated",
     [](P& p) { p.talk("safety-ews", "dmz-files", "tcp", 445, "smb"); }},
    {"the control system reads", "SAF-02", "met",
     [](P& p) { p.modbus("control-scada", "safety-esd", "read"); }},
    {"the office asks in vain", "SAF-02", "unseen",
     [](P& p) { p.talk("office-pc", "safety-esd", "tcp", 502, "", "S1"); }},
    {"among the controllers", "SAF-03", "violated",
     [](P& p) {
       p.host("control-esd", "safety_controller");
       p.host("control-plc", "plc");
     }},
    {"in a zone of its own", "SAF-03", "met",
     [](P& p) {
       p.host("safety-esd", "safety_controller");
       p.host("control-plc", "plc");
     }},
    {"no safety system", "SAF-03", "unseen", [](P& p) { p.host("control-plc", "plc"); }},

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
    {"a page on the Internet", "CLR-01", "met",
     [](P& p) {
       p.talk("control-hmi", "dmz-hist", "tcp", 443, "tls");
       p.talk("control-hmi", "internet-8.8.8.8", "tcp", 80, "http");
     }},
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
    {"a default password that was refused", "CLR-04", "met",
     [](P& p) {
       const auto talk = p.talk("control-ews", "control-plc", "tcp", 21, "ftp");
       p.event(talk, "cleartext-login", "user op, password default");
       p.event(talk, "login-rejected", "ftp");
       p.run("UPDATE event SET last_ns = event");
     }},
    {"a default password after another one was refused", "CLR-04", "violated",
     [](P& p) {
       const auto talk = p.talk("control-ews", "control-plc", "tcp", 21, "ftp");
       p.event(talk, "cleartext-login", "user op, password not default");
       p.event(talk, "login-rejected", "ftp");
       p.event(talk, "cleartext-login", "user op, password default");
       p.run("UPDATE event SET last_ns = event");
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
    {"an attempt between two that were answered", "INT-03", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("control-hmi", "internet-8.8.8.8", "tcp", 443, "tls");
       p.talk("control-hmi", "internet-8.8.8.8", "tcp", 80, "", "S1");
     }},
    {"none", "INT-03", "met", [](P& p) { p.modbus("control-hmi", "control-plc", "read"); }},
    {"nothing of control", "INT-03", "unseen",
     [](P& p) { p.talk("office-pc", "internet-8.8.8.8", "tcp", 443, "tls"); }},
    {"a desktop in the DMZ", "INT-04", "violated",
     [](P& p) { p.talk("internet-8.8.8.8", "dmz-jump", "tcp", 3389, "rdp"); }},
    {"a VPN gateway", "INT-04", "met",
     [](P& p) { p.talk("internet-8.8.8.8", "dmz-vpn", "udp", 4500, "", "S2"); }},
    {"a desktop tried in vain", "INT-04", "unseen",
     [](P& p) { p.talk("internet-8.8.8.8", "dmz-jump", "tcp", 3389, "", "S1"); }},

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
    {"a VPN on the list of remote accesses", "REM-04", "met",
     [](P& p) {
       p.listed("remote-access", p.talk("control-gw", "internet-8.8.8.8", "udp", 1194, "", "S2"));
     }},
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
    {"RDP with its own encryption", "REM-06", "violated",
     [](P& p) {
       p.event(p.talk("dmz-jump", "control-ews", "tcp", 3389, "rdp"), "version",
               "RDP standard security");
     }},
    {"RDP with NLA", "REM-06", "met",
     [](P& p) {
       p.event(p.talk("dmz-jump", "control-ews", "tcp", 3389, "rdp"), "version", "RDP with NLA");
     }},
    {"RDP in the office", "REM-06", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-srv", "tcp", 3389, "rdp"), "version",
               "RDP standard security");
     }},
    {"a switch managed from the office", "REM-07", "violated",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("office-pc", "control-sw", "tcp", 22, "ssh");
     }},
    {"a switch managed from within", "REM-07", "met",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
     }},
    {"a switch of the office", "REM-07", "unseen",
     [](P& p) {
       p.host("office-sw", "switch");
       p.talk("office-pc", "office-sw", "tcp", 22, "ssh");
     }},
    {"DCOM between office and DMZ", "REM-08", "violated",
     [](P& p) { p.talk("office-pc", "dmz-opc", "tcp", 135, "", "S2"); }},
    {"DCOM between DMZ and control", "REM-08", "met",
     [](P& p) {
       p.talk("office-pc", "dmz-opc", "tcp", 443, "tls");
       p.talk("dmz-opc", "control-opc", "tcp", 135, "dcerpc");
     }},
    {"nothing between office and DMZ", "REM-08", "unseen",
     [](P& p) { p.talk("dmz-opc", "control-opc", "tcp", 135, "dcerpc"); }},
    {"SQL from the office", "REM-09", "violated",
     [](P& p) { p.talk("office-pc", "control-db", "tcp", 1433, "tds"); }},
    {"SQL to the DMZ", "REM-09", "met",
     [](P& p) { p.talk("control-col", "dmz-hist", "tcp", 1433, "tds"); }},
    {"SQL inside", "REM-09", "unseen",
     [](P& p) { p.talk("control-hmi", "control-db", "tcp", 1433, "tds"); }},

    // Control.
    {"a download by an HMI", "CTL-01", "violated",
     [](P& p) { p.modbus("control-hmi", "control-plc", "program"); }},
    {"a download by the engineering station", "CTL-01", "met",
     [](P& p) {
       p.host("control-ews", "engineering_station");
       p.modbus("control-ews", "control-plc", "program");
     }},
    {"a download by a station on the plant's list", "CTL-01", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "program");
       p.run("INSERT INTO listing SELECT 'engineering', 1, NULL, asset FROM asset "
             "WHERE name = 'control-hmi'");
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
    {"a write by a historian", "CTL-07", "violated",
     [](P& p) {
       p.host("control-hist", "historian");
       p.modbus("control-hist", "control-plc", "write");
     }},
    {"a write by a SCADA server", "CTL-07", "met",
     [](P& p) {
       p.host("control-scada", "scada_server");
       p.modbus("control-scada", "control-plc", "write");
     }},
    {"a write by who knows whom", "CTL-07", "met",
     [](P& p) { p.modbus("control-pc", "control-plc", "write"); }},
    {"a read by a historian", "CTL-07", "unseen",
     [](P& p) {
       p.host("control-hist", "historian");
       p.modbus("control-hist", "control-plc", "read");
     }},
    {"a controller with a web page", "CTL-08", "violated",
     [](P& p) {
       p.host("control-plc", "plc");
       p.talk("control-hmi", "control-plc", "tcp", 80, "http");
     }},
    {"a controller with a protocol that nobody knows", "CTL-08", "met",
     [](P& p) {
       p.host("control-plc", "plc");
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("control-hmi", "control-plc", "tcp", 9600, "", "S2");
     }},
    {"a controller seen for a day", "CTL-08", "unseen",
     [](P& p) {
       p.days(1).host("control-plc", "plc");
       p.modbus("control-hmi", "control-plc", "read");
     }},

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
                "unanswered = 1, established = 0, client_bytes = 0");
     }},
    {"polling of a few dead devices", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 5; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 999, established = 0");
     }},
    {"a sweep of ports by UDP", "HYG-06", "violated",
     [](P& p) {
       for (int i = 0; i < 16; ++i)
         p.talk("office-pc", "control-hmi", "udp", 100 + i, "", "S1",
                "unanswered = 1, established = 0");
     }},
    {"a SCADA server that waits for many", "HYG-06", "met",
     [](P& p) {
       p.modbus("control-scada", "field-plc", "read");
       for (int i = 0; i < 40; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 2, established = 0, attempted = 2, client_bytes = 0");
     }},
    {"polling of many dead devices", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 40; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 999, established = 0, attempted = 999, client_bytes = 0");
     }},
    {"sessions of which one side was seen", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 40; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "", "S1",
                "unanswered = 1, established = 0");
     }},
    {"polling of many devices that answer", "HYG-06", "met",
     [](P& p) {
       for (int i = 0; i < 40; ++i)
         p.talk("control-scada", "field-" + std::to_string(i), "tcp", 502, "modbus");
     }},
    {"nothing", "HYG-06", "unseen", [](P& /*p*/) {}},
    {"a day", "HYG-06", "unseen",
     [](P& p) { p.days(1).modbus("control-hmi", "control-plc", "read"); }},
    {"a question to all", "HYG-07", "violated",
     [](P& p) { p.talk("control-hmi", "control-all", "udp", 5355, "llmnr", "S1"); }},
    {"a question to a server", "HYG-07", "met",
     [](P& p) { p.talk("control-hmi", "control-dns", "udp", 53, "dns"); }},
    {"controllers only", "HYG-07", "unseen",
     [](P& p) { p.modbus("control-plc", "field-io", "read"); }},
    {"an access point", "HYG-08", "violated", [](P& p) { p.host("control-ap", "access_point"); }},
    {"an access point that asks its controller", "HYG-08", "violated",
     [](P& p) { p.talk("control-ap", "office-wlc", "udp", 5246, "capwap"); }},
    {"a bridge", "HYG-08", "met", [](P& p) { p.property("control-sw", "capability", "bridge"); }},
    {"an access point in the office", "HYG-08", "unseen",
     [](P& p) { p.host("office-ap", "access_point"); }},
    {"updates from the office", "HYG-09", "violated",
     [](P& p) { p.talk("control-hmi", "office-wsus", "tcp", 8530, "http"); }},
    {"updates from the maker", "HYG-09", "violated",
     [](P& p) {
       p.event(p.talk("control-hmi", "internet-8.8.8.8", "tcp", 443, "tls"), "server-name",
               "fe2.update.microsoft.com");
     }},
    {"updates from the DMZ", "HYG-09", "met",
     [](P& p) { p.talk("control-hmi", "dmz-wsus", "tcp", 8530, "http"); }},
    {"a page of the office", "HYG-09", "unseen",
     [](P& p) {
       p.event(p.talk("control-hmi", "office-web", "tcp", 443, "tls"), "server-name", "intra.corp");
     }},
    {"Windows 7", "HYG-10", "violated",
     [](P& p) { p.property("control-hmi", "os", "Windows 7 / Server 2008 R2 (6.1.7601)"); }},
    {"Windows XP as SMB 1 says it", "HYG-10", "violated",
     [](P& p) { p.property("control-hmi", "os", "Windows 5.1"); }},
    {"a browser that calls itself old", "HYG-10", "unseen",
     [](P& p) { p.property("control-hmi", "os", "Windows XP (NT 5.1)", 30); }},
    {"Windows 10", "HYG-10", "met",
     [](P& p) { p.property("control-hmi", "os", "Windows 10 / Server 2019 (10.0.17763)"); }},
    {"an upgrade", "HYG-10", "met",
     [](P& p) {
       p.property("control-hmi", "os", "Windows 7 Professional 7601");
       p.property("control-hmi", "os", "Windows 10 (10.0.19045)");
     }},
    {"an old PC in the office", "HYG-10", "unseen",
     [](P& p) { p.property("office-pc", "os", "Windows 7 Professional 7601"); }},
    {"a clock adrift", "HYG-11", "violated",
     [](P& p) {
       p.event(p.talk("control-hmi", "dmz-ntp", "udp", 123, "ntp"), "device-state",
               "clock not synchronised");
     }},
    {"a clock", "HYG-11", "met",
     [](P& p) { p.talk("control-hmi", "dmz-ntp", "udp", 123, "ntp"); }},
    {"a clock adrift in the office", "HYG-11", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-ntp", "udp", 123, "ntp"), "device-state",
               "clock not synchronised");
     }},
    {"mail into control", "HYG-12", "violated",
     [](P& p) { p.talk("office-mail", "control-hmi", "tcp", 25, "smtp"); }},
    {"names asked of control", "HYG-12", "violated",
     [](P& p) { p.talk("dmz-web", "control-dns", "udp", 53, "dns"); }},
    {"names asked by control", "HYG-12", "met",
     [](P& p) { p.talk("control-hmi", "dmz-dns", "udp", 53, "dns"); }},
    {"names asked within", "HYG-12", "unseen",
     [](P& p) { p.talk("control-hmi", "control-dns", "udp", 53, "dns"); }},
    {"ten failures", "HYG-13", "violated",
     [](P& p) {
       const auto talk = p.talk("control-hmi", "control-srv", "tcp", 21, "ftp");
       for (int i = 0; i < 10; ++i) p.event(talk, "login-rejected", "ftp");
     }},
    {"a slip of the finger", "HYG-13", "met",
     [](P& p) {
       p.event(p.talk("control-hmi", "control-srv", "tcp", 21, "ftp"), "login-rejected", "ftp");
     }},
    {"failures in the office", "HYG-13", "unseen",
     [](P& p) {
       const auto talk = p.talk("office-pc", "office-srv", "tcp", 21, "ftp");
       for (int i = 0; i < 10; ++i) p.event(talk, "login-rejected", "ftp");
     }},
    {"a camera", "HYG-14", "violated", [](P& p) { p.host("control-cam", "camera"); }},
    {"a controller", "HYG-14", "met", [](P& p) { p.host("control-plc", "plc"); }},
    {"a camera in the office", "HYG-14", "unseen", [](P& p) { p.host("office-cam", "camera"); }},
    {"three hosts with one account", "HYG-15", "violated",
     [](P& p) {
       for (const auto* host : {"control-a", "control-b", "control-c"})
         p.event(p.talk(host, "control-sw", "tcp", 23, "telnet"), "cleartext-login",
                 "telnet, user op, password not default");
     }},
    {"three hosts with three accounts", "HYG-15", "met",
     [](P& p) {
       for (const auto* host : {"a", "b", "c"})
         p.event(p.talk(std::string{"control-"} + host, "control-srv", "tcp", 445, "smb"), "login",
                 std::string{"NTLM PLANT\\"} + host);
     }},
    {"three hosts that Kerberos let in", "HYG-15", "unseen",
     [](P& p) {
       for (const auto* host : {"control-a", "control-b", "control-c"})
         p.event(p.talk(host, "control-srv", "tcp", 445, "smb"), "login", "Kerberos");
     }},
    {"RC4", "HYG-16", "violated",
     [](P& p) {
       p.event(p.talk("control-hmi", "control-srv", "tcp", 443, "tls"), "version", "TLS with RC4");
     }},
    {"a cipher that nobody complains of", "HYG-16", "met",
     [](P& p) {
       p.event(p.talk("control-hmi", "control-srv", "tcp", 443, "tls"), "version", "TLS 1.2");
     }},
    {"RC4 in the office", "HYG-16", "unseen",
     [](P& p) {
       p.event(p.talk("office-pc", "office-srv", "tcp", 443, "tls"), "version", "TLS with RC4");
     }},
    {"two DHCP servers", "HYG-17", "violated",
     [](P& p) {
       p.property("control-srv", "address-plan", "router 10.30.0.1");
       p.property("control-box", "address-plan", "router 10.30.0.88");
       p.run("UPDATE property SET source = 'dhcp', segment = ''");
     }},
    {"one in each segment", "HYG-17", "met",
     [](P& p) {
       p.property("control-srv", "address-plan", "router 10.30.0.1");
       p.property("field-srv", "address-plan", "router 10.40.0.1");
       p.run("UPDATE property SET source = 'dhcp', segment = 'vlan ' || asset");
     }},
    {"a router that advertises itself", "HYG-17", "unseen",
     [](P& p) {
       p.property("control-rt", "address-plan", "prefix fd00::/64");
       p.run("UPDATE property SET source = 'icmpv6', segment = ''");
     }},

    // What was not heard.
    {"a switch that says nothing", "MON-01", "violated",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
       p.run("UPDATE asset SET last_seen = 8 * 86400");
     }},
    {"a switch that passed by in a long capture", "MON-01", "unseen",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
     }},
    {"a switch that reports", "MON-01", "met",
     [](P& p) {
       p.host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
       p.talk("control-sw", "control-log", "udp", 514, "", "S1");
     }},
    {"a switch that says nothing for a day", "MON-01", "unseen",
     [](P& p) {
       p.days(1).host("control-sw", "switch");
       p.talk("control-ews", "control-sw", "tcp", 22, "ssh");
     }},
    {"a month of reads", "MON-02", "violated",
     [](P& p) {
       p.host("control-plc", "plc");
       p.modbus("control-hmi", "control-plc", "read");
       p.run("UPDATE conversation SET last_seen = 31 * 86400");
     }},
    {"a read in a long capture", "MON-02", "unseen",
     [](P& p) {
       p.host("control-plc", "plc");
       p.modbus("control-hmi", "control-plc", "read");
     }},
    {"a month with an upload", "MON-02", "met",
     [](P& p) {
       p.host("control-plc", "plc");
       p.modbus("control-ews", "control-plc", "upload");
     }},
    {"a week of reads", "MON-02", "unseen",
     [](P& p) {
       p.days(7).host("control-plc", "plc");
       p.modbus("control-hmi", "control-plc", "read");
     }},
    {"Windows without updates", "MON-03", "violated",
     [](P& p) {
       p.property("control-hmi", "os", "Windows 10 (10.0.19045)");
       p.run("UPDATE asset SET last_seen = 15 * 86400");
     }},
    {"Windows with updates", "MON-03", "met",
     [](P& p) {
       p.property("control-hmi", "os", "Windows 10 (10.0.19045)");
       p.talk("control-hmi", "dmz-wsus", "tcp", 8530, "http");
     }},
    {"Windows without updates for a week", "MON-03", "unseen",
     [](P& p) { p.days(7).property("control-hmi", "os", "Windows 10 (10.0.19045)"); }},
    {"nobody asks for the time", "MON-04", "violated",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.run("UPDATE conversation SET last_seen = 8 * 86400");
     }},
    {"somebody does", "MON-04", "met",
     [](P& p) {
       p.modbus("control-hmi", "control-plc", "read");
       p.talk("control-hmi", "control-ntp", "udp", 123, "ntp");
     }},
    {"nobody does for an hour", "MON-04", "unseen",
     [](P& p) { p.days(0.04).modbus("control-hmi", "control-plc", "read"); }},
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
