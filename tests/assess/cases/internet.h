// What the checks of rulesets/checks/internet.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases internet_cases{
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
};

}  // namespace sekimori::test
