#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/reconcile.h"

#include "scenarios/lists.h"
#include "scenarios/traffic.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

Scenarios all_scenarios() {
  auto all = traffic_scenarios;
  all.insert(all.end(), list_scenarios.begin(), list_scenarios.end());
  return all;
}

TEST_CASE("Evidence: each scenario means what its question's rules say", "[evidence]") {
  static const auto scenarios = all_scenarios();
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
  for (const auto& scenario : all_scenarios()) {
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
