// What the checks of rulesets/checks/hygiene.json say of plants made by hand.

#pragma once

#include "case.h"

namespace sekimori::test {

inline const Cases hygiene_cases{
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
    {"a clock", "HYG-11", "met", [](P& p) { p.talk("control-hmi", "dmz-ntp", "udp", 123, "ntp"); }},
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
};

}  // namespace sekimori::test
