// What the checks of rulesets/checks/segmentation.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases segmentation_cases{
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
     [](P& p) { p.listed("flows", p.talk("control-col", "dmz-hist", "tcp", 443, "tls")); }},
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
};

}  // namespace sekimori::test
