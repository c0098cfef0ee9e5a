// What the checks of rulesets/checks/control.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases control_cases{
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
       p.run(
           "INSERT INTO listing SELECT 'engineering', 1, NULL, asset FROM asset "
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
};

}  // namespace sekimori::test
