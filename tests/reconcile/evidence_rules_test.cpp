#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/reconcile.h"

#include "builds.h"
#include "questionnaire.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

/// A plant in which something happened, and what that is evidence of. Where `days` are given the
/// captures cover enough for silence to mean something.
struct Scenario {
  std::string question, what;
  Evidence evidence = Evidence::strong;
  double days = 0;
  Build build;
};

std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.question << ": " << scenario.what;
}

const std::vector<Scenario> scenarios{
    {"13", "an Internet peer beside the list", Evidence::strong, 0,
     permitting(link(Plant::control, Plant::internet, tcp("tls", 443)), "other", "")},
    {"13", "one partner beside the list", Evidence::limited, 0,
     permitting(link(Plant::remote, Plant::control, tcp("ssh", 22)), "other", "")},
    {"13", "two partners beside the list", Evidence::strong, 0,
     permitting(many(2, link(Plant::remote, Plant::control, tcp("ssh", 22))), "other", "")},
    {"13", "an Internet peer and no list to compare", Evidence::uncovered, kCovered,
     link(Plant::control, Plant::internet, tcp("tls", 443))},
    {"13", "every conduit on the list", Evidence::supporting, kCovered,
     permitting(link(Plant::remote, Plant::control, tcp("ssh", 22)), "client", "server")},
    {"13", "a list, and no conduit at all", Evidence::silent, kCovered,
     permitting(quiet, "other", "")},

    {"14", "no wall and three services", Evidence::strong, 0, walled("absent", services(3))},
    {"14", "no wall but a single service", Evidence::uncovered, 0, walled("absent", services(1))},
    {"14", "many services without a sign of a filter", Evidence::strong, 0, services(5)},
    {"14", "a few services", Evidence::uncovered, 0, services(4)},
    {"14", "one broadcast domain", Evidence::strong, 0, broadcast_domain("vlan 1", "vlan 1")},
    {"14", "two broadcast domains", Evidence::uncovered, 0, broadcast_domain("vlan 1", "vlan 2")},
    {"14", "signs of a filter", Evidence::supporting, 0, walled("present", services(6))},
    {"14", "signs of a filter, and another way without", Evidence::silent, kCovered,
     both(walled("present", quiet), link(Plant::office, Plant::field))},
    {"14", "nothing between office and control", Evidence::silent, kCovered, quiet},

    {"15", "one tuple beside the list", Evidence::limited, 0,
     permitting(link(Plant::office, Plant::control), "other", "")},
    {"15", "six tuples beside the list", Evidence::strong, 0, permitting(services(6), "other", "")},
    {"15", "an office host that reaches many services", Evidence::limited, 0, services(5)},
    {"15", "RPC with a port that it handed out", Evidence::limited, 0,
     [](Plant& plant) {
       const auto client = plant.host("opc client", Plant::office);
       const auto server = plant.host("opc", Plant::control, "opc_server");
       plant.talk(client, server, tcp("", 135, "S2", 2));
       plant.talk(client, server, tcp("", 49200, "S2", 2));
     }},
    {"15", "only listed tuples, others unanswered", Evidence::supporting, kCovered,
     both(permitting(link(Plant::office, Plant::control), "client", "server"),
          link(Plant::office, Plant::control, tcp("", 445, "S1")))},
    {"15", "a list and nothing across", Evidence::silent, kCovered, permitting(quiet, "other", "")},

    {"18", "a decoded session", Evidence::strong, 0, link(Plant::office, Plant::control)},
    {"18", "two established flows, not decoded", Evidence::strong, 0,
     link(Plant::office, Plant::control, tcp("", 5000, "S2", 2))},
    {"18", "one established flow, not decoded", Evidence::uncovered, 0,
     link(Plant::office, Plant::control, tcp("", 5000, "S2", 1))},
    {"18", "an attempt", Evidence::uncovered, 0,
     link(Plant::office, Plant::control, tcp("", 502, "S1", 50))},
    {"18", "one declared exception", Evidence::limited, 0,
     allowing(link(Plant::office, Plant::control), "client", "server")},
    {"18", "two declared exceptions", Evidence::limited, 0,
     allowing(many(2, link(Plant::office, Plant::control)), "client", "")},
    {"18", "three declared exceptions", Evidence::strong, 0,
     allowing(many(3, link(Plant::office, Plant::control)), "client", "")},
    {"18", "an exception for another port", Evidence::strong, 0,
     both(link(Plant::office, Plant::control),
          [](Plant& plant) { plant.allow("client", "server", "tcp", 443); })},
    {"18", "a safety system from the office", Evidence::strong, 0,
     link(Plant::office, Plant::safety)},
    {"18", "a control host and the Internet: another question", Evidence::uncovered, 0,
     link(Plant::control, Plant::internet, tcp("tls", 443))},
    {"18", "every session ends in the DMZ", Evidence::supporting, kCovered,
     relay("http", "opcua")},
    {"18", "the same, seen too shortly", Evidence::uncovered, 0, relay("http", "opcua")},
    {"18", "nothing across", Evidence::silent, kCovered, quiet},
    {"18", "nothing of the control network at all", Evidence::uncovered, kCovered,
     link(Plant::office, Plant::office)},

    {"19", "one protocol on both sides", Evidence::limited, 0, relay("http", "http")},
    {"19", "three protocols on both sides", Evidence::strong, 0,
     [](Plant& plant) {
       const auto server = plant.host("relay", Plant::dmz, "server");
       const auto pc = plant.host("pc", Plant::office);
       const auto historian = plant.host("hist", Plant::control, "historian");
       for (const auto* const protocol : {"http", "smb", "ftp"}) {
         plant.talk(pc, server, tcp(protocol, 80));
         plant.talk(server, historian, tcp(protocol, 80));
       }
     }},
    {"19", "different protocols", Evidence::supporting, kCovered, relay("http", "opcua")},
    {"19", "used on one side only", Evidence::silent, kCovered,
     link(Plant::control, Plant::dmz, tcp("opcua", 4840), "server")},

    {"20", "a control host and the Internet", Evidence::strong, 0,
     link(Plant::control, Plant::internet, tcp("tls", 443))},
    {"20", "from the Internet to a controller", Evidence::strong, 0,
     link(Plant::internet, Plant::field)},
    {"20", "through a listed proxy", Evidence::uncovered, 0,
     allowing(link(Plant::control, Plant::internet, tcp("tls", 443)), "client", "server")},
    {"20", "attempts without an answer", Evidence::uncovered, 0,
     link(Plant::control, Plant::internet, tcp("", 443, "S1", 3))},
    {"20", "attempts without an answer, over a week", Evidence::supporting, kCovered,
     both(quiet, link(Plant::control, Plant::internet, tcp("", 443, "S1", 3)))},
    {"20", "nothing over a week", Evidence::silent, kCovered, quiet},

    {"21", "web to five outside hosts", Evidence::limited, 0,
     [](Plant& plant) {
       const auto client = plant.host("hmi", Plant::control, "hmi");
       for (int i = 0; i < 5; ++i)
         plant.talk(client, plant.host("site", Plant::internet), tcp("tls", 443));
     }},
    {"21", "outbound far wider than inbound", Evidence::limited, 0,
     many(6, link(Plant::control, Plant::office, tcp("ssh", 22)))},
    {"21", "web to one outside host", Evidence::uncovered, 0,
     link(Plant::control, Plant::internet, tcp("tls", 443))},
    {"21", "nothing outbound", Evidence::silent, kCovered, quiet},

    {"22", "one outbound service", Evidence::limited, 0,
     link(Plant::control, Plant::office, tcp("ftp", 21))},
    {"22", "one inbound web page", Evidence::limited, 0,
     link(Plant::office, Plant::control, tcp("http", 80))},
    {"22", "inbound Telnet", Evidence::strong, 0,
     link(Plant::office, Plant::control, tcp("telnet", 23))},
    {"22", "two services", Evidence::strong, 0,
     both(link(Plant::control, Plant::office, tcp("ftp", 21)),
          link(Plant::control, Plant::office, tcp("http", 80)))},
    {"22", "SNMP v2c", Evidence::limited, 0,
     with_event(Plant::office, Plant::control, udp("snmp", 161), "version", "SNMP v2c")},
    {"22", "SNMP v3", Evidence::uncovered, 0,
     with_event(Plant::office, Plant::control, udp("snmp", 161), "version", "SNMP v3")},
    {"22", "SMB 1", Evidence::limited, 0,
     with_event(Plant::office, Plant::control, tcp("smb", 445), "version", "SMB 1")},
    {"22", "SMB 3", Evidence::uncovered, 0,
     with_event(Plant::office, Plant::control, tcp("smb", 445), "version", "SMB 3.1.1")},
    {"22", "Telnet inside only", Evidence::uncovered, 0,
     link(Plant::control, Plant::field, tcp("telnet", 23))},
    {"22", "SSH instead", Evidence::supporting, kCovered,
     link(Plant::office, Plant::control, sealed("ssh", 22))},
    {"22", "other services over a week", Evidence::silent, kCovered,
     link(Plant::office, Plant::control)},

    {"23", "an industrial protocol from the office", Evidence::strong, 0,
     link(Plant::office, Plant::control)},
    {"23", "from the DMZ", Evidence::strong, 0, link(Plant::dmz, Plant::control)},
    {"23", "from a listed collector in the DMZ", Evidence::uncovered, 0,
     allowing(link(Plant::dmz, Plant::control), "client", "server")},
    {"23", "from the office, though listed", Evidence::strong, 0,
     allowing(link(Plant::office, Plant::control), "client", "server")},
    {"23", "not decoded", Evidence::uncovered, 0,
     link(Plant::office, Plant::control, tcp("", 502, "S2", 9))},
    {"23", "inside only", Evidence::supporting, kCovered, quiet},
    {"23", "listed collector over a week", Evidence::silent, kCovered,
     allowing(link(Plant::dmz, Plant::control), "client", "server")},

    {"24", "time from the office", Evidence::limited, 0,
     link(Plant::control, Plant::office, udp("ntp", 123), "server")},
    {"24", "names from the Internet", Evidence::strong, 0,
     link(Plant::control, Plant::internet, udp("dns", 53), "server")},
    {"24", "time from the DMZ", Evidence::supporting, kCovered,
     link(Plant::control, Plant::dmz, udp("ntp", 123), "server")},
    {"24", "no such service at all", Evidence::silent, kCovered, quiet},

    {"25", "one name in two zones at once", Evidence::strong, 0, same_name(1500, 3000)},
    {"25", "one name, but one after the other", Evidence::uncovered, 0, same_name(3000, 4000)},
    {"25", "names apart", Evidence::silent, kCovered, quiet},

    {"26", "a safety controller and the office", Evidence::strong, 0,
     link(Plant::office, Plant::safety, {}, "safety_controller")},
    {"26", "a safety controller and an engineering station", Evidence::strong, 0,
     link(Plant::control, Plant::safety, {}, "safety_controller", "engineering_station")},
    {"26", "a safety controller and a controller", Evidence::limited, 0,
     link(Plant::control, Plant::safety, {}, "safety_controller", "plc")},
    {"26", "a declared link to a controller", Evidence::uncovered, 0,
     allowing(link(Plant::control, Plant::safety, {}, "safety_controller", "plc"), "client",
              "server")},
    {"26", "safety hosts among themselves", Evidence::supporting, kCovered,
     link(Plant::safety, Plant::safety, {}, "safety_controller", "safety_controller")},
    {"26", "no safety system to be seen", Evidence::uncovered, kCovered, quiet},
    {"26", "a declared link over a week", Evidence::silent, kCovered,
     allowing(link(Plant::control, Plant::safety, {}, "safety_controller", "plc"), "client",
              "server")},

    {"27", "Telnet to a switch", Evidence::limited, 0,
     link(Plant::control, Plant::control, tcp("telnet", 23), "switch")},
    {"27", "Telnet to two switches", Evidence::strong, 0,
     many(2, link(Plant::control, Plant::control, tcp("telnet", 23), "switch"))},
    {"27", "a web page of a firewall from outside", Evidence::strong, 0,
     link(Plant::remote, Plant::control, tcp("http", 80), "firewall")},
    {"27", "SSH to a switch", Evidence::supporting, kCovered,
     link(Plant::management, Plant::control, sealed("ssh", 22), "switch")},
    {"27", "a switch that nobody manages", Evidence::silent, kCovered,
     both(quiet, [](Plant& plant) { plant.host("sw", Plant::control, "switch"); })},

    {"28", "a firewall that sends its log", Evidence::supporting, 0,
     link(Plant::dmz, Plant::office, udp("", 514, "S1"), "server", "firewall")},
    {"28", "no log", Evidence::uncovered, kCovered, quiet},

    {"29", "one path beside the list", Evidence::limited, 0,
     with_list(link(Plant::internet, Plant::dmz, tcp("rdp", 3389)), "remote-access", "client,server\nother,\n")},
    {"29", "two paths beside the list", Evidence::strong, 0,
     with_list(many(2, link(Plant::internet, Plant::dmz, tcp("rdp", 3389))), "remote-access", "client,server\nother,\n")},
    {"29", "a tunnel beside the list", Evidence::limited, 0,
     with_list(with_event(Plant::control, Plant::internet, udp("", 1194), "tunnel", "OpenVPN"),
               "remote-access", "client\nother\n")},
    {"29", "a path and no list", Evidence::uncovered, kCovered,
     link(Plant::internet, Plant::dmz, tcp("rdp", 3389))},
    {"29", "a path on the list", Evidence::supporting, kCovered,
     with_list(both(quiet, link(Plant::internet, Plant::dmz, tcp("rdp", 3389))), "remote-access",
               "client,server\nclient,server\n")},
    {"29", "a list and no path", Evidence::silent, kCovered, with_list(quiet, "remote-access", "client,server\nother,\n")},

    {"31", "Telnet from outside", Evidence::strong, 0,
     link(Plant::remote, Plant::dmz, tcp("telnet", 23))},
    {"31", "VNC from the Internet", Evidence::strong, 0,
     link(Plant::internet, Plant::control, tcp("vnc", 5900))},
    {"31", "remote desktop without encryption", Evidence::strong, 0,
     link(Plant::remote, Plant::dmz, tcp("rdp", 3389))},
    {"31", "remote desktop that turned to encryption", Evidence::uncovered, 0,
     with_event(Plant::remote, Plant::dmz, tcp("rdp", 3389), "encrypted", "NLA")},
    {"31", "Telnet from the office is not remote", Evidence::uncovered, 0,
     link(Plant::office, Plant::control, tcp("telnet", 23))},
    {"31", "encrypted, second factor not visible", Evidence::silent, kCovered,
     jump(sealed("ssh", 22))},

    {"32", "a vendor straight to a controller", Evidence::strong, 0,
     link(Plant::remote, Plant::field, tcp("ssh", 22))},
    {"32", "the office's remote desktop to an HMI", Evidence::strong, 0,
     link(Plant::office, Plant::control, tcp("rdp", 3389), "hmi")},
    {"32", "one listed exception", Evidence::limited, 0,
     allowing(link(Plant::remote, Plant::field, tcp("ssh", 22)), "client", "server")},
    {"32", "an office program that polls a controller", Evidence::uncovered, 0,
     link(Plant::office, Plant::control)},
    {"32", "each session ends at a jump host", Evidence::supporting, kCovered,
     jump(sealed("ssh", 22))},
    {"32", "a session that ends in the DMZ", Evidence::silent, kCovered,
     link(Plant::remote, Plant::dmz, sealed("ssh", 22), "server")},

    {"33", "a session of two days", Evidence::limited, 0,
     link(Plant::remote, Plant::dmz,
          {.protocol = "ssh", .port = 22, .encrypted = 1, .longest = 172800})},
    {"33", "four of them", Evidence::strong, 0,
     many(4, link(Plant::remote, Plant::dmz,
                  {.protocol = "ssh", .port = 22, .encrypted = 1, .longest = 172800}))},
    {"33", "short sessions", Evidence::silent, kCovered, jump(sealed("ssh", 22))},

    {"40", "updates from the Internet", Evidence::strong, 0,
     with_event(Plant::control, Plant::internet, tcp("http", 80), "server-name",
                "download.windowsupdate.com", "server")},
    {"40", "updates from an office server", Evidence::limited, 0,
     link(Plant::control, Plant::office, tcp("http", 8530), "server")},
    {"40", "updates from a relay", Evidence::supporting, kCovered,
     link(Plant::control, Plant::dmz, tcp("http", 8530), "server")},
    {"40", "no updates", Evidence::silent, kCovered, quiet},

    {"41", "mail from a control host", Evidence::strong, 0,
     link(Plant::control, Plant::office, tcp("smtp", 25), "server")},
    {"41", "alerts to a listed relay", Evidence::uncovered, 0,
     allowing(link(Plant::control, Plant::office, tcp("smtp", 25), "server"), "client", "server")},
    {"41", "a mail port once, not decoded", Evidence::uncovered, 0,
     link(Plant::control, Plant::office, tcp("", 25, "S2", 1), "server")},
    {"41", "no mail", Evidence::silent, kCovered, quiet},

    {"42", "one host on the web", Evidence::limited, 0,
     with_event(Plant::control, Plant::internet, sealed("tls", 443), "server-name",
                "news.example.org", "server")},
    {"42", "three hosts on the web", Evidence::strong, 0,
     many(3, link(Plant::control, Plant::internet, sealed("tls", 443), "server"))},
    {"42", "an update is not browsing", Evidence::uncovered, 0,
     with_event(Plant::control, Plant::internet, tcp("http", 80), "server-name",
                "download.windowsupdate.com", "server")},
    {"42", "through the office's proxy", Evidence::limited, 0,
     with_event(Plant::control, Plant::office, tcp("http", 8080), "tunnel",
                "CONNECT news.example.org:443", "server")},
    {"29", "a proxy's connection is no tunnel", Evidence::uncovered, 0,
     with_list(with_event(Plant::control, Plant::dmz, tcp("http", 8080), "tunnel",
                          "CONNECT news.example.org:443", "server"),
               "remote-access", "client\nother\n")},
    {"51", "a null session of Windows", Evidence::uncovered, 0,
     with_event(Plant::control, Plant::control, tcp("smb", 445), "anonymous-login",
                "NTLM anonymous", "server")},
    {"51", "a user called default with a password of his own", Evidence::uncovered, 0,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user x, password default, password not default")},
    {"42", "a plant page is not browsing", Evidence::uncovered, 0,
     link(Plant::control, Plant::field, tcp("http", 80))},
    {"42", "no web", Evidence::silent, kCovered, quiet},

    {"43", "FTP on a control PC", Evidence::limited, 0,
     link(Plant::control, Plant::control, tcp("ftp", 21), "hmi")},
    {"43", "FTP on three control PCs", Evidence::strong, 0,
     many(3, link(Plant::control, Plant::control, tcp("ftp", 21), "hmi"))},
    {"43", "remote desktop on a jump host", Evidence::uncovered, 0,
     link(Plant::control, Plant::control, tcp("rdp", 3389), "jump_host")},
    {"43", "SMB 1 on a server", Evidence::limited, 0,
     with_event(Plant::control, Plant::control, tcp("smb", 445), "version", "SMB 1", "server")},
    {"43", "a PC with a service that is not decoded", Evidence::silent, kCovered,
     link(Plant::control, Plant::control, tcp("", 4840, "S2", 2), "opc_server")},
    {"43", "a PC with its own service", Evidence::supporting, kCovered,
     link(Plant::control, Plant::control, tcp("opcua", 4840), "opc_server")},

    {"44", "a web page of one controller", Evidence::limited, 0,
     link(Plant::control, Plant::field, tcp("http", 80))},
    {"44", "of two controllers", Evidence::strong, 0,
     many(2, link(Plant::control, Plant::field, tcp("http", 80)))},
    {"44", "only its own protocol", Evidence::silent, kCovered, quiet},

    {"49", "file sharing between office and control", Evidence::strong, 0,
     link(Plant::office, Plant::control, tcp("smb", 445), "server")},
    {"49", "one listed pair", Evidence::limited, 0,
     allowing(link(Plant::office, Plant::control, tcp("smb", 445), "server"), "client", "server")},
    {"49", "two listed pairs", Evidence::strong, 0,
     allowing(many(2, link(Plant::office, Plant::control, tcp("smb", 445), "server")), "client",
              "")},
    {"49", "file sharing with the DMZ", Evidence::uncovered, 0,
     link(Plant::dmz, Plant::control, tcp("smb", 445), "server")},
    {"49", "other traffic over a week", Evidence::silent, kCovered,
     link(Plant::office, Plant::control)},

    {"50", "a short password", Evidence::limited, 0,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user operator, password short")},
    {"50", "a long one", Evidence::silent, kCovered,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user operator, password not default")},

    {"51", "a controller with its default", Evidence::strong, 0,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user USER, password default")},
    {"51", "a switch with community public", Evidence::strong, 0,
     with_event(Plant::control, Plant::control, udp("snmp", 161), "cleartext-login",
                "community, default", "switch")},
    {"51", "another host with a default", Evidence::limited, 0,
     with_event(Plant::control, Plant::control, tcp("ftp", 21), "anonymous-login", "ftp",
                "server")},
    {"51", "a default that was refused", Evidence::uncovered, 0,
     both(with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                     "ftp, user USER, password default"),
          [](Plant& plant) { plant.event(1, "login-rejected", "user USER"); })},
    {"51", "a default after a mistyped password", Evidence::strong, 0,
     both(with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                     "ftp, user USER, password default"),
          [](Plant& plant) {
            plant.event(1, "cleartext-login", "ftp, user USER, password not default");
            plant.event(1, "login-rejected", "ftp");
            plant.run("UPDATE event SET last_ns = (detail LIKE '%password default')");
          })},
    {"51", "one of two logins refused, and no telling which", Evidence::uncovered, kCovered,
     both(with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                     "ftp, user USER, password default"),
          [](Plant& plant) {
            plant.event(1, "cleartext-login", "ftp, user USER, password not default");
            plant.event(1, "login-rejected", "ftp");
          })},
    {"51", "logins, none by default", Evidence::supporting, kCovered,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user operator, password not default")},
    {"51", "no login to be read", Evidence::silent, kCovered, quiet},

    {"55", "the office's directory", Evidence::limited, 0,
     link(Plant::control, Plant::office, tcp("ldap", 389), "server")},
    {"55", "the office's logins", Evidence::strong, 0,
     link(Plant::control, Plant::office, tcp("kerberos", 88), "server")},
    {"55", "one realm on both sides", Evidence::strong, 0,
     [](Plant& plant) {
       plant.property(plant.host("hmi", Plant::control, "hmi"), "domain", "CORP", "ntlm");
       plant.property(plant.host("pc", Plant::office), "domain", "corp", "ntlm");
     }},
    {"55", "logins inside", Evidence::silent, kCovered,
     link(Plant::control, Plant::control, tcp("kerberos", 88), "server")},

    {"56", "a program transfer by an unlisted host", Evidence::limited, 0,
     with_list(engineering(Plant::control, "program"), "engineering", "host\nother\n")},
    {"56", "from another zone", Evidence::strong, 0,
     with_list(engineering(Plant::office, "program"), "engineering", "host\nother\n")},
    {"56", "no list to compare", Evidence::uncovered, kCovered,
     engineering(Plant::office, "firmware")},
    {"56", "from a listed station", Evidence::supporting, kCovered,
     with_list(engineering(Plant::control, "control"), "engineering", "host\news\n")},
    {"56", "a list, and reads only", Evidence::silent, kCovered,
     with_list(engineering(Plant::control, "read"), "engineering", "host\nother\n")},

    // What a list, a log or an earlier capture is needed for.
    {"1", "a PC beside the list, of many", Evidence::limited, 0,
     with_list(both(many(10, link(Plant::control, Plant::field)),
                    [](Plant& plant) { plant.claim(plant.host("stray", Plant::control), ""); }),
               "assets", "name\nclient\nserver\n")},
    {"1", "a PC beside the list, of few", Evidence::strong, 0,
     with_list(both(quiet, [](Plant& plant) { plant.claim(plant.host("stray", Plant::control), ""); }), "assets",
               "name\nclient\nserver\n")},
    {"1", "a controller beside the list", Evidence::strong, 0,
     with_list(both(many(10, link(Plant::control, Plant::field)),
                    [](Plant& plant) { plant.claim(plant.host("stray", Plant::field, "plc"), ""); }),
               "assets", "name\nclient\nserver\n")},
    {"1", "an address beside the list that never spoke", Evidence::uncovered, 0,
     with_list(both(quiet, [](Plant& plant) { plant.host("stray", Plant::field, "plc"); }),
               "assets", "name\nclient\nserver\n")},
    {"1", "no list", Evidence::uncovered, kCovered, quiet},
    {"1", "all of the list, and nothing else", Evidence::supporting, kCovered,
     with_list(quiet, "assets", "name\nclient\nserver\n")},
    {"1", "a third of the list, and nothing else", Evidence::silent, kCovered,
     with_list(quiet, "assets", "name\nclient\nserver\na\nb\nc\nd\n")},

    {"2", "one conduit across, beside the table", Evidence::strong, 0,
     permitting(both(quiet, link(Plant::office, Plant::dmz)), "x", "")},
    {"2", "one of many inside, beside the table", Evidence::limited, 0,
     with_list(both(link(Plant::control, Plant::control, tcp("telnet", 23)),
                    [](Plant& plant) {
                      const auto one = plant.host("one", Plant::control);
                      const auto other = plant.host("other", Plant::control);
                      for (int i = 0; i < 12; ++i) plant.talk(one, other, tcp("", 5000 + i, "S2", 2));
                    }),
               "flows", "client,server\none,other\n")},
    {"2", "all in the table", Evidence::supporting, kCovered,
     permitting(quiet, "control", "field")},
    {"2", "a ping is no conduit", Evidence::supporting, kCovered,
     permitting(both(quiet, link(Plant::office, Plant::control, udp("icmp", 1))), "control",
                "field")},
    {"2", "no table", Evidence::uncovered, kCovered, quiet},

    {"5", "an old version that the review omits", Evidence::limited, 0,
     with_list(with_event(Plant::control, Plant::control, tcp("tls", 443), "version", "TLS 1.0"),
               "assets", "name,reviewed\nelse,yes\n")},
    {"5", "an old version that the review names", Evidence::supporting, kCovered,
     with_list(with_event(Plant::control, Plant::control, tcp("tls", 443), "version", "TLS 1.0"),
               "assets", "name,reviewed\nclient,yes\nserver,yes\n")},
    {"5", "an old version, and no list of a review", Evidence::uncovered, kCovered,
     with_event(Plant::control, Plant::control, tcp("tls", 443), "version", "TLS 1.0")},
    {"5", "nothing old", Evidence::silent, kCovered,
     with_list(quiet, "assets", "name,reviewed\nclient,yes\n")},

    {"6", "a path that the review omits", Evidence::limited, 0,
     with_list(link(Plant::internet, Plant::dmz, tcp("rdp", 3389)), "remote-access",
               "client,reviewed\nelse,yes\n")},
    {"6", "two of them", Evidence::strong, 0,
     with_list(many(2, link(Plant::internet, Plant::dmz, tcp("rdp", 3389))), "remote-access",
               "client,reviewed\nelse,yes\n")},
    {"6", "paths that the review names", Evidence::supporting, kCovered,
     with_list(both(quiet, link(Plant::internet, Plant::dmz, tcp("rdp", 3389))), "remote-access",
               "client,reviewed\nclient,yes\n")},
    {"6", "no path", Evidence::silent, kCovered,
     with_list(quiet, "remote-access", "client,reviewed\nelse,yes\n")},

    {"7", "a weakness that is still there after 100 days", Evidence::limited, kCovered,
     between(0, 130, four_more(link(Plant::control, Plant::field, tcp("telnet", 23))))},
    {"7", "a weakness that is gone", Evidence::supporting, kCovered,
     both(between(0, 5, four_more(link(Plant::control, Plant::field, tcp("telnet", 23)))),
          [](Plant& plant) { plant.run("UPDATE asset SET last_seen = 1704067200 + 125 * 86400"); })},
    {"7", "no earlier capture", Evidence::uncovered, kCovered,
     between(0, 5, link(Plant::control, Plant::field, tcp("telnet", 23)))},

    {"16", "more than three tenths of the permits are dead", Evidence::limited, 31,
     with_list(quiet, "flows", "client,server\nclient,server\nold,gone\n")},
    {"16", "the same, seen for a week", Evidence::uncovered, kCovered,
     with_list(quiet, "flows", "client,server\nclient,server\nold,gone\n")},
    {"16", "all permits in use", Evidence::silent, 31,
     with_list(quiet, "flows", "client,server\nclient,server\n")},

    {"17", "a new tuple that no log names", Evidence::limited, kCovered,
     with_list(between(31, 32, one_more(link(Plant::office, Plant::control))), "changes",
               "since,until,what\n2023-01-01,2023-01-02,else\n")},
    {"17", "a new tuple, and an earlier capture of seconds", Evidence::uncovered, 0,
     with_list(between(31, 32, one_more(link(Plant::office, Plant::control))), "changes",
               "since,until,what\n2023-01-01,2023-01-02,else\n")},
    {"17", "a new tuple, and an earlier capture elsewhere", Evidence::uncovered, kCovered,
     with_list(both(between(31, 32, one_more(link(Plant::office, Plant::control))),
                    [](Plant& plant) {
                      plant.run("UPDATE capture SET vantage = 'C' WHERE capture = 1");
                    }),
               "changes", "since,until,what\n2023-01-01,2023-01-02,else\n")},
    {"17", "a new tuple, logged", Evidence::supporting, kCovered,
     with_list(between(31, 32, one_more(link(Plant::office, Plant::control))), "changes",
               "since,until,host,what\n2024-01-20,2024-01-21,server,new permit\n")},
    {"17", "nothing new", Evidence::silent, kCovered,
     with_list(between(1, 32, one_more(link(Plant::office, Plant::control))), "changes",
               "since,until,what\n2023-01-01,2023-01-02,else\n")},

    {"30", "a cellular router with a tunnel of two days", Evidence::strong, 0,
     both(link(Plant::remote, Plant::control,
               {.protocol = "openvpn", .port = 1194, .longest = 172800}, "gateway"),
          [](Plant& plant) { plant.run("UPDATE asset SET vendor = 'Teltonika' WHERE asset = 2"); })},
    {"30", "a dial-up path outside its hours", Evidence::strong, 0,
     with_list(link(Plant::remote, Plant::control, tcp("ssh", 22)), "remote-access",
               "client,kind,hours\nclient,dial-up,03:00-04:00Z\n")},
    {"30", "a dial-up path within its hours", Evidence::supporting, kCovered,
     with_list(link(Plant::remote, Plant::control, tcp("ssh", 22)), "remote-access",
               "client,kind,hours\nclient,dial-up,00:00-04:00Z\n")},
    {"30", "a short session", Evidence::silent, kCovered,
     link(Plant::remote, Plant::control, tcp("ssh", 22))},

    {"33", "a session outside the declared hours", Evidence::limited, 0,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "remote-access",
               "client,hours\nclient,03:00-04:00Z\n")},
    {"33", "a session within hours of all day", Evidence::supporting, kCovered,
     with_list(both(quiet, link(Plant::remote, Plant::dmz, tcp("ssh", 22))), "remote-access",
               "client,hours\nclient,00:00-24:00+09:00\n")},
    {"33", "sessions on several days, the first and the last within hours", Evidence::silent,
     kCovered,
     with_list(both(jump(sealed("ssh", 22)),
                    [](Plant& plant) {
                      plant.run("UPDATE conversation SET last_seen = last_seen + 3 * 86400");
                    }),
               "remote-access", "client,hours\nvendor,00:00-04:00Z\n")},
    {"33", "a session within hours that go over midnight", Evidence::supporting, kCovered,
     with_list(both(quiet, link(Plant::remote, Plant::dmz, tcp("ssh", 22))), "remote-access",
               "client,hours\nclient,23:00-04:00Z\n")},

    {"34", "events that are forwarded", Evidence::supporting, 0,
     link(Plant::control, Plant::office, udp("", 514, "S1"), "server")},
    {"34", "nothing of the kind", Evidence::uncovered, kCovered, quiet},

    {"39", "a worm", Evidence::limited, 0, spreading(20, 2)},
    {"39", "a scan that nobody answers", Evidence::uncovered, 0, spreading(20, 0)},
    {"39", "hosts with their definitions", Evidence::supporting, kCovered,
     on_windows(link(Plant::control, Plant::dmz, tcp("http", 8014), "server"))},
    {"39", "updates of Windows are no anti-malware", Evidence::silent, kCovered,
     on_windows(link(Plant::control, Plant::dmz, tcp("http", 8530), "server"))},
    {"39", "hosts without", Evidence::silent, kCovered, on_windows(quiet)},

    {"39a", "an isolated host that is not", Evidence::strong, 0,
     with_list(link(Plant::control, Plant::office), "assets", "name,isolated\nclient,yes\n")},
    {"39a", "an isolated host with its peers", Evidence::supporting, kCovered,
     with_list(quiet, "assets", "name,isolated\nclient,yes\n")},
    {"39a", "an isolated host that asks the DMZ", Evidence::silent, kCovered,
     with_list(link(Plant::control, Plant::dmz), "assets", "name,isolated\nclient,yes\n")},
    {"39a", "no list", Evidence::uncovered, kCovered, link(Plant::control, Plant::office)},

    {"21", "one outbound tuple beside the table", Evidence::limited, 0,
     permitting(link(Plant::control, Plant::dmz), "x", "")},
    {"21", "six of them", Evidence::strong, 0,
     permitting(many(6, both(link(Plant::control, Plant::dmz), renamed)), "x", "")},
    {"21", "outbound as the table says", Evidence::supporting, kCovered,
     permitting(link(Plant::control, Plant::dmz), "control", "dmz")},

    {"27", "managed from the office", Evidence::limited, 0,
     link(Plant::office, Plant::control, sealed("ssh", 22), "switch")},
    {"27", "the office manages a switch of its own, encrypted", Evidence::supporting, kCovered,
     link(Plant::office, Plant::office, sealed("ssh", 22), "switch")},
    {"27", "managed by one that the table does not name", Evidence::limited, 0,
     permitting(link(Plant::control, Plant::control, sealed("ssh", 22), "switch"), "x", "")},

    {"44", "a port that the table does not name", Evidence::limited, 0, permitting(quiet, "x", "")},
    {"44", "ports that the table names", Evidence::supporting, kCovered,
     permitting(quiet, "", "field")},

    {"45", "most hosts on old builds", Evidence::uncovered, kCovered, on_windows(quiet)},
    {"46", "an old host that talks to the office", Evidence::limited, 0,
     old_host(link(Plant::control, Plant::office))},
    {"46", "three of them", Evidence::strong, 0, old_host(many(3, link(Plant::control, Plant::office)))},
    {"46", "an old host with listed peers", Evidence::supporting, kCovered,
     permitting(old_host(quiet), "control", "field")},
    {"46", "an old host with few peers", Evidence::silent, kCovered, old_host(quiet)},

    {"48", "a laptop that came, looked for the Internet and went", Evidence::limited, kCovered,
     visiting(1)},
    {"48", "two of them", Evidence::strong, kCovered, visiting(2)},
    {"48", "a laptop that did nothing of the kind", Evidence::silent, kCovered,
     between(2, 2.5,
             both(quiet, [](Plant& plant) { plant.run("UPDATE asset SET vendor = 'Dell Inc.'"); }))},
    {"48", "nobody came", Evidence::uncovered, kCovered, quiet},

    {"52", "one account at three hosts at once", Evidence::limited, 0, logins(3, Plant::control)},
    {"52", "one account at three hosts, one after the other", Evidence::silent, kCovered,
     both(logins(3, Plant::control),
          [](Plant& plant) { plant.run("UPDATE conversation SET longest = 1"); })},
    {"52", "at two", Evidence::silent, kCovered, logins(2, Plant::control)},

    {"53", "somebody who left", Evidence::strong, 0,
     with_list(logins(1, Plant::control), "leavers", "account,left_on\nTanaka,1969-01-01\n")},
    {"53", "somebody who leaves later", Evidence::silent, kCovered,
     with_list(logins(1, Plant::control), "leavers", "account,left_on\nTanaka,2030-01-01\n")},
    {"53", "no list", Evidence::uncovered, kCovered, logins(1, Plant::control)},

    {"57", "control without names", Evidence::uncovered, kCovered,
     engineering(Plant::control, "control")},

    {"58", "a program transfer without an entry", Evidence::limited, 0,
     with_list(engineering(Plant::control, "program"), "changes",
               "since,until,what\n2023-01-01,2023-01-02,else\n")},
    {"58", "two of them", Evidence::strong, 0,
     with_list(both(engineering(Plant::control, "program"),
                    both(engineering(Plant::control, "program"), renamed)),
               "changes", "since,until,what\n2023-01-01,2023-01-02,else\n")},
    {"58", "with an entry", Evidence::supporting, kCovered,
     with_list(engineering(Plant::control, "program"), "changes",
               "since,until,host,what\n1970-01-01,1970-01-02,plc,load\n")},
    {"58", "an entry for the first and another for the last", Evidence::silent, kCovered,
     with_list(engineering(Plant::control, "program"), "changes",
               "since,until,what\n1970-01-01T00:10Z,1970-01-01T00:20Z,one\n"
               "1970-01-01T00:30Z,1970-01-01T00:40Z,two\n")},
    {"58", "reads only", Evidence::silent, kCovered,
     with_list(engineering(Plant::control, "read"), "changes",
               "since,until,what\n2023-01-01,2023-01-02,else\n")},

    {"59", "a host beside the list", Evidence::limited, 0,
     with_list(quiet, "assets", "name\nclient\n")},
    {"59", "a conduit beside the table", Evidence::limited, 0, permitting(quiet, "x", "")},
    {"59", "both agree", Evidence::supporting, kCovered,
     with_list(permitting(quiet, "client", "server"), "assets", "name\nclient\nserver\n")},
    {"59", "one agrees, the other is missing", Evidence::silent, kCovered,
     with_list(quiet, "assets", "name\nclient\nserver\n")},

    {"62", "a backup again and again", Evidence::supporting, 0,
     between(0, 3, link(Plant::control, Plant::office, tcp("", 873, "S2", 4), "server"))},
    {"62", "no backup in a month", Evidence::uncovered, 31, quiet},

    {"73", "an ordinary week", Evidence::uncovered, kCovered, quiet},
    {"82", "a needless service as delivered", Evidence::uncovered, kCovered,
     link(Plant::control, Plant::field, tcp("telnet", 23))},

    {"83", "a version on the list", Evidence::supporting, kCovered,
     with_list(both(quiet, [](Plant& plant) {
                      plant.run("UPDATE asset SET model = 'P34', firmware = '2.7' WHERE asset = 2");
                    }),
               "assets", "name,model,firmware\nserver,P34,2.7\n")},
    {"83", "another version than on the list", Evidence::uncovered, 0,
     with_list(both(quiet, [](Plant& plant) {
                      plant.run("UPDATE asset SET model = 'P34', firmware = '2.6' WHERE asset = 2");
                    }),
               "assets", "name,model,firmware\nserver,P34,2.7\n")},

    {"75", "a peer on the list", Evidence::supporting, kCovered,
     with_list(both(quiet, link(Plant::internet, Plant::dmz, tcp("ssh", 22))), "third-parties",
               "address\n10.0.0.0/24\n")},
    {"85", "a third party without an agreement", Evidence::strong, 0,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "third-parties",
               "address\n203.0.113.0/24\n")},
    {"85", "with one", Evidence::supporting, kCovered,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "third-parties",
               "address\n10.0.0.0/24\n")},
    {"85", "nobody came", Evidence::silent, kCovered,
     with_list(quiet, "third-parties", "address\n203.0.113.0/24\n")},

    {"86", "a session without approval", Evidence::strong, 0,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "approvals",
               "client,since,until\nclient,2024-01-01,2024-01-02\n")},
    {"86", "a session with approval", Evidence::supporting, kCovered,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "approvals",
               "client,since,until\nclient,1970-01-01,1970-01-02\n")},

    {"86", "an approval for the first use and another for the last", Evidence::silent, kCovered,
     with_list(link(Plant::remote, Plant::dmz, tcp("ssh", 22)), "approvals",
               "client,since,until\nclient,1970-01-01T00:10Z,1970-01-01T00:20Z\n"
               "client,1970-01-01T00:30Z,1970-01-01T00:40Z\n")},
    {"86", "a fetch from the Internet is no session of a vendor", Evidence::silent, kCovered,
     with_list(link(Plant::dmz, Plant::internet, sealed("tls", 443)), "approvals",
               "client,since,until\nclient,2024-01-01,2024-01-02\n")},

    {"87", "one account from two hosts", Evidence::limited, 0, logins(2, Plant::remote)},
    {"87", "a clear-text login from outside", Evidence::limited, 0,
     with_event(Plant::remote, Plant::dmz, tcp("ftp", 21), "cleartext-login",
                "ftp, user v, password not default")},
    {"87", "one account from one host", Evidence::silent, kCovered, logins(1, Plant::remote)},

    {"90", "one service that is not declared", Evidence::limited, 0,
     permitting(link(Plant::remote, Plant::control, tcp("ssh", 22)), "x", "")},
    {"90", "an industrial protocol", Evidence::strong, 0, link(Plant::remote, Plant::control)},
    {"90", "as declared", Evidence::supporting, kCovered,
     permitting(link(Plant::remote, Plant::control, tcp("ssh", 22)), "remote", "")},
    {"90", "no list of what is declared", Evidence::silent, kCovered,
     link(Plant::remote, Plant::control, tcp("ssh", 22))},

    {"94", "a new device with its factory password", Evidence::limited, kCovered,
     with_list(between(31, 32, one_more(with_event(Plant::control, Plant::field, tcp("ftp", 21),
                                                   "cleartext-login",
                                                   "ftp, user USER, password default"))),
               "changes", "since,until,kind,what\n2024-01-15,2024-01-20,project,line 2\n")},
    {"94", "a new device as it should be", Evidence::supporting, kCovered,
     with_list(between(31, 32, one_more(quiet)), "changes",
               "since,until,kind,what\n2024-01-15,2024-01-20,project,line 2\n")},
    {"94", "nothing new", Evidence::uncovered, kCovered,
     with_list(between(1, 32, one_more(quiet)), "changes",
               "since,until,kind,what\n2024-01-15,2024-01-20,project,line 2\n")},
    {"97", "accepted with Telnet", Evidence::limited, kCovered,
     with_list(between(31, 32, one_more(link(Plant::control, Plant::field, tcp("telnet", 23)))),
               "changes", "since,until,kind,what\n2024-01-15,2024-01-20,acceptance,line 2\n")},
    {"97", "accepted without", Evidence::supporting, kCovered,
     with_list(between(31, 32, one_more(quiet)), "changes",
               "since,until,kind,what\n2024-01-15,2024-01-20,acceptance,line 2\n")},
    {"4", "something new and no entry", Evidence::uncovered, kCovered,
     between(31, 32, one_more(quiet))},
    {"96", "managed in clear text", Evidence::uncovered, kCovered,
     link(Plant::control, Plant::field, tcp("http", 80))},

    {"66", "a camera's stream", Evidence::supporting, 0,
     link(Plant::management, Plant::control, tcp("rtsp", 554), "camera")},
    {"66", "no camera", Evidence::uncovered, kCovered, quiet},

    {"75", "an Internet peer beside the list", Evidence::limited, 0,
     with_list(link(Plant::internet, Plant::dmz, tcp("ssh", 22)), "third-parties", "address\n203.0.113.0/24\n")},
    {"75", "two of them", Evidence::strong, 0,
     with_list(many(2, link(Plant::internet, Plant::dmz, tcp("ssh", 22))), "third-parties", "address\n203.0.113.0/24\n")},
    {"75", "a list and no peer", Evidence::silent, kCovered, with_list(quiet, "third-parties", "address\n203.0.113.0/24\n")},

    {"86", "a tunnel of two days", Evidence::limited, 0,
     [](Plant& plant) {
       const auto inside = plant.host("gateway", Plant::control, "gateway");
       const auto vendor = plant.host("vendor", Plant::internet);
       Talk talk = udp("", 1194);
       talk.longest = 172800;
       plant.event(plant.talk(inside, vendor, talk), "tunnel", "OpenVPN");
     }},
    {"86", "a short session", Evidence::silent, kCovered,
     link(Plant::remote, Plant::dmz, sealed("ssh", 22), "server")},
};

TEST_CASE("Evidence: each scenario means what its question's rules say", "[evidence]") {
  const auto& scenario = GENERATE(from_range(scenarios));
  CAPTURE(scenario);
  Plant plant;
  plant.capture("BCDFRMW", scenario.days);
  scenario.build(plant);
  auto set = ssat();
  for (auto& question : set.questions)
    if (question.id != scenario.question) question.evidence.clear();
  const auto evidence = gather_evidence(plant.model(), set, answers("yes"), policy());
  const auto& found = evidence.at(scenario.question);
  std::string notes;
  for (const auto& note : found.notes) notes += note.en + ' ';
  for (const auto& lack : found.lacking) notes += "lacks " + lack + ' ';
  CAPTURE(to_text(found.evidence), notes);
  CHECK(found.evidence == scenario.evidence);
  CHECK_FALSE(found.assumed);
  for (const auto& fact : found.facts) {
    CAPTURE(fact.rule, fact.text.en);
    CHECK(fact.text.en.find('{') == std::string::npos);
    CHECK(fact.text.ja.find('{') == std::string::npos);
  }
}

TEST_CASE("Evidence: what a rule calls otherwise in Japanese is said so", "[evidence]") {
  Plant plant;
  plant.capture("BCDFRMW");
  with_list(link(Plant::control, Plant::field, {}, "plc", "engineering_station"), "assets",
            "name\nserver\n")(plant);
  const auto found = gather_evidence(plant.model(), ssat(), answers("yes"), policy()).at("1");
  REQUIRE(found.facts.size() == 1);
  CHECK(found.facts[0].text.en.find("(role: engineering station)") != std::string::npos);
  CHECK(found.facts[0].text.ja.find("（役割：エンジニアリング端末）") != std::string::npos);
}

/// Rules that raise a flag and nothing else.
struct Flagged {
  std::string rule, what;
  double days = 0;
  Build build;
  bool raised = true;
};

std::ostream& operator<<(std::ostream& out, const Flagged& flagged) {
  return out << flagged.rule << ": " << flagged.what;
}

const std::vector<Flagged> flags{
    {"R1.N1", "no list to compare", 0, quiet},
    {"R1.N1", "a list", 0, with_list(quiet, "assets", "name\nclient\nserver\n"), false},
    {"R2.N1", "no table to compare", 0, quiet},
    {"R4.N1", "a new host", 0, between(31, 32, one_more(quiet))},
    {"R4.N1", "a new host that the risk log names", 0,
     with_list(between(31, 32, one_more(quiet)), "changes",
               "since,until,kind,host,what\n2024-01-15,2024-01-20,risk,client,x\n"
               "2024-01-15,2024-01-20,risk,server,x\n"),
     false},
    {"R4.N2", "a new path to the outside", 0,
     between(31, 32, one_more(link(Plant::remote, Plant::control, tcp("ssh", 22))))},
    {"R4.N3", "a new conduit", 0, between(31, 32, one_more(link(Plant::office, Plant::control)))},
    {"R4.N3", "an old one", 0, between(1, 32, one_more(link(Plant::office, Plant::control))),
     false},
    {"R5.N2", "a Windows without support", 0, old_host(quiet)},
    {"R7.N1", "a weakness of 100 days", 0,
     between(0, 130, four_more(link(Plant::control, Plant::field, tcp("telnet", 23))))},
    {"R16.N1", "one dead permit of four", 31,
     with_list(quiet, "flows", "client,server\nclient,server\nclient,\n,server\nold,gone\n")},
    {"R26.N1", "a safety controller beside others", 0,
     link(Plant::control, Plant::control, {}, "safety_controller")},
    {"R28.N1", "a firewall that sends no log", kCovered,
     link(Plant::management, Plant::control, sealed("ssh", 22), "firewall")},
    {"R34.N1", "a scan of two days", 0, probing(0, 2)},
    {"R34.N1", "a scan of an hour", 0, probing(0, 0.04), false},
    {"R34.N1", "a scan of two days, on record", 0,
     with_list(probing(0, 2), "changes",
               "since,until,kind,what\n2024-01-02,2024-01-02,incident,scan\n"),
     false},
    {"R39.N1", "a Windows host without updates", 15, on_windows(quiet)},
    {"R39.N1", "the same, seen for a week", kCovered, on_windows(quiet), false},
    {"R45.N1", "an old build", 0, on_windows(quiet)},
    {"R45.N1", "a Windows that does not tell its build", 0,
     both(quiet, [](Plant& plant) { plant.run("UPDATE asset SET os = 'Windows 10'"); }), false},
    {"R52.N1", "an account that names no person", 0,
     with_event(Plant::control, Plant::field, tcp("ftp", 21), "cleartext-login",
                "ftp, user admin, password not default")},
    {"R52.N1", "an account that names one", 0, logins(1, Plant::control), false},
    {"R57.N1", "control without a name and without events", kCovered,
     engineering(Plant::control, "control")},
    {"R62.N1", "no backup in a month", 31, quiet},
    {"R62.N1", "no backup in a week", kCovered, quiet, false},
    {"R73.N1", "two stations with one address for three days", 0,
     [](Plant& plant) {
       const auto host = plant.host("hmi", Plant::control, "hmi");
       plant.claim(host, "");
       plant.claim(plant.host("thief", Plant::control), "");
       plant.run("UPDATE binding SET ip = '" + Plant::ip(host) +
                 "', first_seen = 1704067200, last_seen = 1704067200 + 3 * 86400");
     }},
    {"R73.N2", "a hundred failures", 0,
     between(0, 3, link(Plant::control, Plant::field, tcp("", 502, "S1", 100)))},
    {"R82.N1", "a controller with Telnet", 0,
     link(Plant::control, Plant::field, tcp("telnet", 23))},
    {"R82.N2", "a PC with FTP", 0, link(Plant::control, Plant::control, tcp("ftp", 21), "hmi")},
    {"R83.N1", "a version that the list lacks", 0,
     with_list(both(quiet,
                    [](Plant& plant) {
                      plant.run("UPDATE asset SET model = 'P34', firmware = '2.6' WHERE asset = 2");
                    }),
               "assets", "name,model,firmware\nserver,P34,2.7\n")},
    {"R96.N1", "clear text only", 0, link(Plant::control, Plant::field, tcp("http", 80))},
    {"R96.N1", "half and half", 0,
     both(link(Plant::control, Plant::field, tcp("http", 80)),
          link(Plant::control, Plant::field, sealed("ssh", 22))),
     false},
};

TEST_CASE("Evidence: a flag is raised, and changes no answer", "[evidence]") {
  const auto& flagged = GENERATE(from_range(flags));
  CAPTURE(flagged);
  Plant plant;
  plant.capture("BCDFRMW", flagged.days);
  flagged.build(plant);
  auto set = ssat();
  for (auto& question : set.questions)
    std::erase_if(question.evidence, [&](const auto& rule) { return rule.id != flagged.rule; });
  const auto result = reconcile(plant.model(), set, answers("yes"), policy());
  std::size_t facts = 0;
  for (const auto& verdict : result.verdicts) {
    facts += verdict.facts.size();
    CHECK(verdict.flag == !verdict.facts.empty());
    CHECK(verdict.adjusted == verdict.claimed);
    for (const auto& fact : verdict.facts) CHECK(fact.capture.has_value());
  }
  CHECK((facts > 0) == flagged.raised);
}

TEST_CASE("Evidence: every question with a rule against has a scenario each way", "[evidence]") {
  std::set<std::string> against;
  std::set<std::string> other;
  for (const auto& scenario : scenarios) {
    const bool is_against =
        scenario.evidence == Evidence::strong || scenario.evidence == Evidence::limited;
    (is_against ? against : other).insert(scenario.question);
  }
  for (const auto& question : ssat().questions) {
    const bool has_rule =
        std::any_of(question.evidence.begin(), question.evidence.end(),
                    [](const auto& rule) { return rule.kind == RuleKind::against; });
    if (!has_rule || question.id == "35") continue;  // radio has a test of its own
    CAPTURE(question.id);
    CHECK(against.contains(question.id));
    CHECK(other.contains(question.id));
  }
}

TEST_CASE("Evidence: every query fits the schema and returns what its rule names", "[evidence]") {
  Plant plant;
  CHECK_NOTHROW(check_queries(plant.model(), ssat()));
}

std::string broken(const std::string& key, const nlohmann::json& value) {
  std::ifstream in{SEKIMORI_SOURCE_DIR "/rulesets/questionnaires/ssat.json"};
  auto json = nlohmann::json::parse(in);
  json["areas"][3]["questions"][5]["evidence"][0][key] = value;
  const auto set = parse_question_set(json.dump(), "mine.json");
  Plant plant;
  plant.capture("B");
  link(Plant::office, Plant::control)(plant);
  try {
    check_queries(plant.model(), set);
    static_cast<void>(gather_evidence(plant.model(), set, answers("yes"), policy()));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("Evidence: a rule that does not fit is named with its set", "[evidence]") {
  using nlohmann::json;
  CHECK_THAT(broken("query", json::array({"SELECT * FROM derict"})),
             Catch::StartsWith("mine.json: R18.1: ") && Catch::Contains("derict"));
  CHECK(broken("query", json::array({"SELECT 'S3' AS strength FROM direct"}))
            .find("mine.json: R18.1: the query returns no column") == 0);
  CHECK(broken("declared", "nowhere") ==
        "mine.json: R18.1: the query returns no column \"nowhere\"");
  CHECK_THAT(broken("query", json::array({"DELETE FROM capture"})),
             Catch::StartsWith("mine.json: R18.1: "));
  CHECK_THAT(
      broken("query", json::array({"SELECT *, 'S9' AS strength FROM (SELECT flows,",
                                   "  conversation, capture, frame, declared, unlisted, listed,",
                                   "  from_name, from_zone, to_name, to_zone, service_name",
                                   "FROM direct)"})),
      Catch::Contains("the strength \"S9\" is not S1 to S3"));
}

TEST_CASE("Evidence: a rule's query may end as people end one", "[evidence]") {
  const std::string query = "SELECT * FROM direct ORDER BY capture, frame";
  for (const auto* const end :
       {"", ";", " -- the earliest first", "; -- the earliest first", " "}) {
    CAPTURE(end);
    CHECK(broken("query", nlohmann::json::array({query + end})) == "");
  }
}

TEST_CASE("Evidence: the model cannot be written by a rule", "[evidence]") {
  Plant plant;
  plant.capture("B");
  static_cast<void>(gather_evidence(plant.model(), ssat(), answers("yes"), policy()));
  CHECK_NOTHROW(plant.run("DELETE FROM verdict"));  // and the restriction is gone afterwards
}

TEST_CASE("Evidence: a rule that never ends is stopped, and proves nothing", "[evidence]") {
  Plant plant;
  plant.capture("B", kCovered);
  many(60, quiet)(plant);
  auto hasty = policy();
  hasty.query_steps = 2000;
  const auto result = reconcile(plant.model(), ssat(), answers("yes"), hasty);
  CHECK(of(result, "18").code == VerdictCode::not_observed);
  CHECK_THAT(of(result, "18").note.en, Catch::Contains("Rule R18.1 could not be run to its end"));
}

}  // namespace
}  // namespace sekimori::test
