// What the checks of rulesets/checks/monitoring.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases monitoring_cases{
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

}  // namespace sekimori::test
