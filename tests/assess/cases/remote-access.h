// What the checks of rulesets/checks/remote-access.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases remote_access_cases{
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
};

}  // namespace sekimori::test
