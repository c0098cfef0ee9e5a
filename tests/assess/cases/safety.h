// What the checks of rulesets/checks/safety.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases safety_cases{
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
};

}  // namespace sekimori::test
