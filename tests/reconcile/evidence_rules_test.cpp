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
     allowing(link(Plant::control, Plant::internet, tcp("tls", 443)), "other", "")},
    {"13", "one partner beside the list", Evidence::limited, 0,
     allowing(link(Plant::remote, Plant::control, tcp("ssh", 22)), "other", "")},
    {"13", "two partners beside the list", Evidence::strong, 0,
     allowing(many(2, link(Plant::remote, Plant::control, tcp("ssh", 22))), "other", "")},
    {"13", "an Internet peer and no list to compare", Evidence::uncovered, kCovered,
     link(Plant::control, Plant::internet, tcp("tls", 443))},
    {"13", "every conduit on the list", Evidence::supporting, kCovered,
     allowing(link(Plant::remote, Plant::control, tcp("ssh", 22)), "client", "server")},
    {"13", "a list, and no conduit at all", Evidence::silent, kCovered,
     allowing(quiet, "other", "")},

    {"14", "no wall and three services", Evidence::strong, 0, walled("absent", services(3))},
    {"14", "no wall but a single service", Evidence::uncovered, 0, walled("absent", services(1))},
    {"14", "many services without a sign of a filter", Evidence::strong, 0, services(5)},
    {"14", "a few services", Evidence::uncovered, 0, services(4)},
    {"14", "one broadcast domain", Evidence::strong, 0, broadcast_domain("vlan 1", "vlan 1")},
    {"14", "two broadcast domains", Evidence::uncovered, 0, broadcast_domain("vlan 1", "vlan 2")},
    {"14", "signs of a filter", Evidence::supporting, 0, walled("present", services(6))},
    {"14", "nothing between office and control", Evidence::silent, kCovered, quiet},

    {"15", "one tuple beside the list", Evidence::limited, 0,
     allowing(link(Plant::office, Plant::control), "other", "")},
    {"15", "six tuples beside the list", Evidence::strong, 0, allowing(services(6), "other", "")},
    {"15", "an office host that reaches many services", Evidence::limited, 0, services(5)},
    {"15", "RPC with a port that it handed out", Evidence::limited, 0,
     [](Plant& plant) {
       const auto client = plant.host("opc client", Plant::office);
       const auto server = plant.host("opc", Plant::control, "opc_server");
       plant.talk(client, server, tcp("", 135, "S2", 2));
       plant.talk(client, server, tcp("", 49200, "S2", 2));
     }},
    {"15", "only listed tuples, others unanswered", Evidence::supporting, kCovered,
     both(allowing(link(Plant::office, Plant::control), "client", "server"),
          link(Plant::office, Plant::control, tcp("", 445, "S1")))},
    {"15", "a list and nothing across", Evidence::silent, kCovered, allowing(quiet, "other", "")},

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
    {"19", "different protocols", Evidence::silent, kCovered, relay("http", "opcua")},

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
     allowing(link(Plant::internet, Plant::dmz, tcp("rdp", 3389)), "other", "")},
    {"29", "two paths beside the list", Evidence::strong, 0,
     allowing(many(2, link(Plant::internet, Plant::dmz, tcp("rdp", 3389))), "other", "")},
    {"29", "a tunnel beside the list", Evidence::limited, 0,
     allowing(with_event(Plant::control, Plant::internet, udp("", 1194), "tunnel", "OpenVPN"),
              "other", "")},
    {"29", "a path and no list", Evidence::uncovered, kCovered,
     link(Plant::internet, Plant::dmz, tcp("rdp", 3389))},
    {"29", "a path on the list", Evidence::supporting, kCovered,
     both(quiet, allowing(link(Plant::internet, Plant::dmz, tcp("rdp", 3389)), "client", "server"))},
    {"29", "a list and no path", Evidence::silent, kCovered, allowing(quiet, "other", "")},

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
    {"40", "updates from a relay", Evidence::supporting, 0,
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
     allowing(with_event(Plant::control, Plant::dmz, tcp("http", 8080), "tunnel",
                         "CONNECT news.example.org:443", "server"),
              "other", "")},
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
    {"43", "a PC with its own service", Evidence::silent, kCovered,
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
     allowing(engineering(Plant::control, "program"), "other", "")},
    {"56", "from another zone", Evidence::strong, 0,
     allowing(engineering(Plant::office, "program"), "other", "")},
    {"56", "no list to compare", Evidence::uncovered, kCovered,
     engineering(Plant::office, "firmware")},
    {"56", "from a listed station", Evidence::supporting, kCovered,
     allowing(engineering(Plant::control, "control"), "ews", "")},
    {"56", "a list, and reads only", Evidence::silent, kCovered,
     allowing(engineering(Plant::control, "read"), "other", "")},

    {"66", "a camera's stream", Evidence::supporting, 0,
     link(Plant::management, Plant::control, tcp("rtsp", 554), "camera")},
    {"66", "no camera", Evidence::uncovered, kCovered, quiet},

    {"75", "an Internet peer beside the list", Evidence::limited, 0,
     allowing(link(Plant::internet, Plant::dmz, tcp("ssh", 22)), "other", "")},
    {"75", "two of them", Evidence::strong, 0,
     allowing(many(2, link(Plant::internet, Plant::dmz, tcp("ssh", 22))), "other", "")},
    {"75", "a list and no peer", Evidence::silent, kCovered, allowing(quiet, "other", "")},

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
  CAPTURE(to_text(found.evidence));
  CHECK(found.evidence == scenario.evidence);
  CHECK_FALSE(found.assumed);
  for (const auto& fact : found.facts) {
    CAPTURE(fact.rule, fact.text.en);
    CHECK(fact.text.en.find('{') == std::string::npos);
    CHECK(fact.text.ja.find('{') == std::string::npos);
  }
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
