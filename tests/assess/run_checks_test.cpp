#include "sekimori/assess/run_checks.h"

#include "sekimori/bytes/error.h"

#include "plant.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Json = nlohmann::json;

Json both(const std::string& text) {
  return {{"en", text}, {"ja", "ja " + text}};
}

struct Texts {
  std::string violated;
  std::string seen = "SELECT 1";
  std::string finding = "{subject}.";
  Json needs = Json::object();
  Json words = Json::object();
};

Rules rules_of(const Texts& texts) {
  const Json check{{"id", "TST-01"},
                   {"title", both("t")},
                   {"why", both("w")},
                   {"remedy", both("r")},
                   {"severity", "high"},
                   {"violated", {texts.violated}},
                   {"seen", {texts.seen}},
                   {"needs", texts.needs},
                   {"finding", both(texts.finding)},
                   {"maps_to", {"SSAT 1"}},
                   {"proof", {{"violated", {"a"}}, {"met", {"a"}}, {"unseen", {"a"}}}}};
  const Json ruleset{{"ruleset", "test"},
                     {"title", both("Tests")},
                     {"revision", 1},
                     {"words", texts.words},
                     {"checks", {check}}};
  Rules rules;
  rules.add(parse_ruleset(ruleset.dump(), "x.json"));
  return rules;
}

CheckOutcome outcome(Plant& plant, const Texts& texts, const CheckLimits& limits = {}) {
  return run_checks(rules_of(texts), plant.database(), limits).at(0);
}

std::vector<std::string> rows(Plant& plant, const std::string& sql) {
  std::vector<std::string> result;
  auto statement = plant.database().prepare(sql);
  while (statement.step()) {
    std::string row;
    for (int i = 0; i < statement.columns(); ++i) row += (i > 0 ? "|" : "") + statement.text(i);
    result.push_back(row);
  }
  return result;
}

using Rows = std::vector<std::string>;

const std::string kEveryTalk =
    "SELECT client_name AS subject, service_name, client, conversation, strength, capture, frame "
    "FROM talk";
const std::string kNone = "SELECT name AS subject, capture, frame FROM asset WHERE name = 'nobody'";

TEST_CASE("Checks: a row is a finding, with its sentence, columns and frames", "[assess]") {
  Plant plant;
  plant.talk("control-b", "control-plc", "tcp", 502, "modbus");
  plant.talk("control-a", "control-plc", "tcp", 4711, "", "S2");
  const auto result =
      outcome(plant, {.violated = kEveryTalk, .finding = "{subject} by {service_name}"});
  CHECK(result.result == CheckResult::violated);
  CHECK(result.findings == 2);
  CHECK(rows(plant,
             "SELECT finding, check_id, subject, severity, text_en, text_ja, client, "
             "conversation, strength, count, capture, frame FROM finding") ==
        Rows{"TST-01.1|TST-01|control-a|high|control-a by tcp/4711|ja control-a by tcp/4711|3|2|S2|"
             "|1|2",
             "TST-01.2|TST-01|control-b|high|control-b by modbus|ja control-b by modbus|1|1|S3||1|"
             "1"});
  CHECK(rows(plant, "SELECT * FROM proof") == Rows{"TST-01.1|1|2", "TST-01.2|1|1"});
  CHECK(rows(plant, "SELECT * FROM check_result") == Rows{"TST-01|test|violated|2|"});
}

TEST_CASE("Checks: findings do not depend on the order of the query", "[assess]") {
  Rows first;
  for (const char* order : {" ORDER BY conversation", " ORDER BY conversation DESC"}) {
    Plant plant;
    for (int i = 0; i < 30; ++i)
      plant.talk("control-" + std::to_string(i * 7 % 30), "control-plc", "tcp", 502, "modbus");
    (void)outcome(plant, {.violated = kEveryTalk + order}, {.findings = 5});
    const auto now = rows(plant, "SELECT finding, text_en, frame FROM finding");
    CHECK(now.size() == 5);
    if (first.empty()) first = now;
    CHECK(now == first);
  }
}

TEST_CASE("Checks: what is not listed is counted", "[assess]") {
  Plant plant;
  for (int i = 0; i < 3000; ++i) plant.talk("control-a", "control-b", "tcp", i, "x");
  const auto result = outcome(plant, {.violated = kEveryTalk}, {.findings = 10});
  CHECK(result.findings == 3000);
  CHECK(result.note == "listed 10 of 3000");
  CHECK(rows(plant, "SELECT COUNT(*) FROM finding") == Rows{"10"});
  CHECK(rows(plant, "SELECT findings FROM check_result") == Rows{"3000"});
}

TEST_CASE("Checks: the frames that prove a finding are gathered, each once, and bounded",
          "[assess]") {
  Plant plant;
  const std::string sql =
      "SELECT 'x' AS subject, 1 AS capture, 7 AS frame, 1 AS last_capture, 9 AS last_frame, "
      "'1:8,1:7,2:1,1:30' AS frames";
  (void)outcome(plant, {.violated = sql});
  CHECK(rows(plant, "SELECT capture, frame FROM proof") ==
        Rows{"1|7", "1|8", "1|9", "1|30", "2|1"});
  CHECK(rows(plant, "SELECT capture, frame FROM finding") == Rows{"1|7"});
  (void)outcome(plant, {.violated = sql}, {.frames = 2});
  CHECK(rows(plant, "SELECT capture, frame FROM proof") == Rows{"1|7", "1|8"});
  // Without a first one, the least is it.
  (void)outcome(plant, {.violated = "SELECT 'x' AS subject, '2:5,1:6' AS frames"});
  CHECK(rows(plant, "SELECT capture, frame FROM finding") == Rows{"1|6"});
}

TEST_CASE("Checks: frames that are none make the check fail aloud", "[assess]") {
  Plant plant;
  const std::string frames = GENERATE("7", "1:", ":1", "1:2:3", "1:x", ",", "1:1 ,2:2");
  CAPTURE(frames);
  const auto result =
      outcome(plant, {.violated = "SELECT name AS subject, '" + frames + "' AS frames FROM zone"});
  CHECK(result.result == CheckResult::unseen);
  CHECK_THAT(result.note, Catch::StartsWith("failed: frames: not capture:frame: "));
}

TEST_CASE("Checks: words stand for a column's values, in each language", "[assess]") {
  Plant plant;
  plant.talk("control-a", "control-b", "tcp", 502, "modbus");
  const Json words{{"service_name", {{"modbus", {{"en", "Modbus"}, {"ja", "M"}}}}}};
  (void)outcome(plant, {.violated = kEveryTalk, .finding = "{service_name}", .words = words});
  CHECK(rows(plant, "SELECT text_en, text_ja FROM finding") == Rows{"Modbus|ja M"});
}

TEST_CASE("Checks: text from the wire is no template and no SQL", "[assess]") {
  Plant plant;
  plant.talk("control-a", "control-b", "tcp", 502, "{subject}''); DROP TABLE finding; --");
  (void)outcome(plant, {.violated = kEveryTalk, .finding = "{service_name}"});
  CHECK(rows(plant, "SELECT text_en FROM finding") == Rows{"{subject}'); DROP TABLE finding; --"});
}

TEST_CASE("Checks: no finding is met only where it could have been seen", "[assess]") {
  Plant plant;
  const auto result = [&](const std::string& seen) {
    return outcome(plant, {.violated = kNone, .seen = seen}).result;
  };
  CHECK(result("SELECT 1 FROM zone") == CheckResult::met);
  CHECK(result("SELECT 1 FROM asset") == CheckResult::unseen);
  CHECK(rows(plant, "SELECT result FROM check_result") == Rows{"unseen"});
}

TEST_CASE("Checks: silence of captures that do not cover it means nothing", "[assess]") {
  Plant plant;
  const auto result = [&](const Json& needs) {
    return outcome(plant, {.violated = kNone, .needs = needs});
  };
  plant.days(3);
  CHECK(result({{"days", 3}}).result == CheckResult::met);
  CHECK(result({{"days", 7}}).result == CheckResult::unseen);
  CHECK(result({{"days", 7}}).note == "coverage: days 3 of 7");
  CHECK(result({{"vantage", {"B", "C"}}}).result == CheckResult::met);
  CHECK(result({{"vantage", {"C"}}}).note == "coverage: vantage B of C");
  CHECK(result({{"both_directions", 0.95}}).result == CheckResult::met);

  plant.run("UPDATE capture SET one_way = 1, two_way = 3");
  CHECK(result({{"both_directions", 0.95}}).note == "coverage: both_directions 0.75 of 0.95");
  plant.run("UPDATE capture SET kernel_drops = 100");
  CHECK(result({{"loss", 0.01}}).note == "coverage: loss 0.5 over 0.01");

  // Two hours a week apart are not a week.
  plant.run("UPDATE capture SET first_seen = 0, last_seen = 3600");
  plant.run(
      "INSERT INTO capture SELECT 2, name, 'b', format, link_type, packets, bytes, 604800, "
      "608400, vantage, undecoded, stopped, duplicates, fragments_lost, stream_gaps, "
      "gap_bytes, one_way, two_way, kernel_drops, resumed, cut_requests, cut_flows, "
      "orphan_replies, overlap_conflicts, damage, path_hint, first_ns, last_ns FROM capture");
  CHECK(result({{"days", 7}}).note == "coverage: days 0.083 of 7");
  // Nor are two captures side by side twice as long as one.
  plant.run("UPDATE capture SET first_seen = 0, last_seen = 345600");
  plant.run("UPDATE capture SET first_seen = 43200, last_seen = 604800 WHERE capture = 2");
  plant.run("UPDATE capture SET last_seen = 86400 WHERE capture = 1");
  CHECK(result({{"days", 7}}).result == CheckResult::met);
  plant.run("UPDATE capture SET last_seen = 345600 WHERE capture = 2");
  CHECK(result({{"days", 7}}).note == "coverage: days 4 of 7");

  // A finding needs no coverage.
  CHECK(outcome(plant, {.violated = "SELECT name AS subject, '1:1' AS frames FROM zone",
                        .needs = {{"days", 99}}})
            .result == CheckResult::violated);
}

TEST_CASE("Checks: a query that costs too much is unseen, with the reason", "[assess]") {
  Plant plant;
  for (int i = 0; i < 60; ++i) plant.talk("control-a", "control-b", "tcp", i, "x");
  const std::string cross =
      "SELECT a.name AS subject, '1:1' AS frames FROM asset a, conversation b, conversation c, "
      "conversation d WHERE b.bytes + c.bytes + d.bytes < 0";
  const auto result = outcome(plant, {.violated = cross}, {.steps = 100'000});
  CHECK(result.result == CheckResult::unseen);
  CHECK(result.note == "failed: needs more than 100000 steps");
  CHECK(rows(plant, "SELECT result, note FROM check_result") ==
        Rows{"unseen|failed: needs more than 100000 steps"});
  // `seen` is under the limit, too.
  CHECK(outcome(plant, {.violated = kNone, .seen = "SELECT subject FROM (" + cross + ")"},
                {.steps = 100'000})
            .note == "failed: needs more than 100000 steps");
}

TEST_CASE("Checks: a query that writes never gets as far as running", "[assess]") {
  const std::string sql =
      GENERATE("ATTACH 'x.db' AS x", "PRAGMA user_version = 9", "INSERT INTO zone DEFAULT VALUES",
               "DELETE FROM asset RETURNING name AS subject, capture, frame",
               "SELECT load_extension('x') AS subject, 1 AS capture, 1 AS frame",
               "SELECT random() AS subject, 1 AS capture, 1 AS frame");
  CAPTURE(sql);
  CHECK_THROWS_AS(rules_of({.violated = sql}), Error);
}

TEST_CASE("Checks: running again replaces what was found", "[assess]") {
  Plant plant;
  plant.talk("control-a", "control-b", "tcp", 502, "modbus");
  (void)outcome(plant, {.violated = kEveryTalk});
  (void)outcome(plant, {.violated = kEveryTalk});
  CHECK(rows(plant, "SELECT finding FROM finding") == Rows{"TST-01.1"});
  (void)outcome(plant, {.violated = kNone});
  CHECK(rows(plant, "SELECT finding FROM finding").empty());
  CHECK(rows(plant, "SELECT frame FROM proof").empty());
}

TEST_CASE("Checks: they run within the caller's transaction", "[assess]") {
  Plant plant;
  plant.talk("control-a", "control-b", "tcp", 502, "modbus");
  plant.run("BEGIN");
  (void)outcome(plant, {.violated = kEveryTalk});
  CHECK(rows(plant, "SELECT COUNT(*) FROM finding") == Rows{"1"});
  plant.run("ROLLBACK");
  CHECK(rows(plant, "SELECT COUNT(*) FROM finding") == Rows{"0"});
  // And the database may be written to afterwards.
  CHECK_NOTHROW(plant.run("DELETE FROM asset"));
}

}  // namespace
}  // namespace sekimori::test
