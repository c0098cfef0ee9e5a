// The figures of last time beside those of today.

#include "sekimori/report/previous.h"

#include "sekimori/bytes/error.h"

#include "json_schema.h"
#include "small_plant.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

Json answered(const std::string& rows) {
  return report_of(small_plant(), small_zones(), "system,Line 2\nquestion_id,answer\n" + rows);
}

/// The report as if it were of these systems, each of which has its answers.
Json with_systems(const Json& report,
                  const std::vector<std::pair<std::string, std::string>>& names) {
  auto json = report;
  json["systems"] = Json::array();
  for (const auto& [name, kind] : names) {
    Json system{{"system", json["systems"].size() + 1},
                {"name", {{"en", name}, {"ja", name + "系"}}},
                {"kind", kind}};
    for (const auto* const key : {"scope", "summary"}) system[key] = report.at(key);
    json["systems"].push_back(std::move(system));
  }
  return json;
}

TEST_CASE("Previous: the figures of last time stand in the report and in all its forms",
          "[previous]") {
  const auto older = answered("18,no\n9,no\n");
  auto report = answered("18,yes\n9,yes\n");
  add_previous(report, older, "old/report.json");
  const auto& previous = report.at("summary").at("previous");
  CHECK(previous.at("adjusted") == older.at("summary").at("score").at("adjusted"));
  CHECK(previous.at("claimed_most") == older.at("summary").at("score").at("claimed_most"));
  REQUIRE(previous.at("areas").size() == 14);
  for (std::size_t i = 0; i < 14; ++i)
    CHECK(previous.at("areas")[i].at("percent") ==
          older.at("summary").at("areas")[i].at("percent"));
  std::string errors;
  for (const auto& error : JsonSchema{Json::parse(report_schema())}.errors(report))
    errors += error + '\n';
  CHECK(errors == "");
  const auto text = to_markdown(report);
  CHECK(text.find("**Last time (adjusted)**: ") != std::string::npos);
  CHECK(text.find("| Last time (adjusted) % |") != std::string::npos);
  CHECK(text.find("前回（調整後）") != std::string::npos);
  CHECK(to_markdown(answered("18,yes\n")).find("Last time") == std::string::npos);
}

TEST_CASE("Previous: a system is the one of its name and kind", "[previous]") {
  const auto older = with_systems(answered("18,no\n"), {{"A", "ics"}, {"B", "ics"}});
  auto report =
      with_systems(answered("18,yes\n"), {{"N", "ics"}, {"A", "ics"}, {"B", "telemetry"}});
  add_previous(report, older, "old");
  CHECK_FALSE(report["systems"][0]["summary"].contains("previous"));
  CHECK(report["systems"][1]["summary"].contains("previous"));
  CHECK_FALSE(report["systems"][2]["summary"].contains("previous"));
  CHECK_FALSE(report["summary"].contains("previous"));  // it shows the first

  // A report in one language alone, and one of a single sheet, tell their system too.
  auto japanese = older;
  keep_language(japanese, Language::ja);
  auto again = with_systems(answered("18,yes\n"), {{"A", "ics"}});
  add_previous(again, japanese, "old");
  CHECK(again["summary"].contains("previous"));
  auto single = with_systems(answered("18,yes\n"), {{"Line 2", "ics"}});
  add_previous(single, answered("18,no\n"), "old");
  CHECK(single["systems"][0]["summary"].contains("previous"));
}

TEST_CASE("Previous: what cannot be compared is refused", "[previous]") {
  const auto refused = [](Json report, const Json& older, const std::string& says) {
    const auto before = report;
    CHECK_THROWS_WITH(add_previous(report, older, "old.json"),
                      Catch::StartsWith("old.json: " + says));
    CHECK(report == before);
  };
  const auto now = answered("18,yes\n");
  auto other = now;
  other["scope"]["questionnaire"]["id"] = "meti10";
  refused(now, other, "has no answers to this question set");
  refused(now, report_of(small_plant(), small_zones(), std::nullopt), "has no answers to this");
  refused(now, with_systems(now, {{"A", "ics"}}), "tells several systems apart");
  refused(with_systems(now, {{"A", "ics"}}), with_systems(now, {{"B", "ics"}}),
          "tells of none of the systems");
  auto broken = now;
  broken.erase("summary");
  refused(now, broken, "no whole report: ");
}

}  // namespace
}  // namespace sekimori::test
