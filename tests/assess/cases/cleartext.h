// What the checks of rulesets/checks/cleartext.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases cleartext_cases{
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
};

}  // namespace sekimori::test
