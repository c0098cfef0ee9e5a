// Two assessments of one plant beside each other.

#include "sekimori/report/diff.h"

#include "sekimori/bytes/error.h"

#include "small_plant.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

constexpr auto kOld = "question_id,answer\n18,yes\n23,yes\n9,no\n";
constexpr auto kNew = "question_id,answer\n18,yes\n23,no\n9,yes\n";

std::vector<std::string> keys(const Json& list) {
  std::vector<std::string> found;
  for (const auto& item : list) found.push_back(item.at("key"));
  return found;
}

TEST_CASE("Diff: a report beside itself has nothing new and nothing gone", "[diff]") {
  const auto diff = diff_reports(small_report(), small_report());
  for (const auto* key : {"findings", "assets", "conduits", "operations"}) {
    CAPTURE(key);
    CHECK(diff.at(key).at("new").empty());
    CHECK(diff.at(key).at("gone").empty());
    CHECK(diff.at(key).at("still") > 0);
  }
  CHECK(diff.at("answers").at("changed").empty());
  CHECK(diff.at("answers").at("still") == 101);
  CHECK(diff.at("areas").empty());
}

TEST_CASE("Diff: answers, scores and areas are told as they were and as they are", "[diff]") {
  const auto older = report_of(small_plant(), small_zones(), kOld);
  const auto newer = report_of(small_plant(), small_zones(), kNew);
  const auto diff = diff_reports(older, newer);
  const auto& changed = diff.at("answers").at("changed");
  REQUIRE(changed.size() == 2);
  CHECK(changed[0].at("question") == "9");
  CHECK(changed[0].at("was").at("claimed") == "no");
  CHECK(changed[0].at("is").at("claimed") == "yes");
  CHECK(changed[1].at("question") == "23");
  CHECK(diff.at("score").at("claimed").at("was") == 3);
  CHECK(diff.at("score").at("claimed").at("is") == 3);
  REQUIRE(diff.at("areas").size() == 2);
  const auto text = diff_text(diff);
  CHECK(text.find("answers: 2 changed, 99 as they were\n") != std::string::npos);
  CHECK(text.find("  9: no -> yes;") != std::string::npos);
  CHECK(text.find("findings: 0 new, 0 gone") != std::string::npos);
}

TEST_CASE("Diff: what came and what went is told by what it is", "[diff]") {
  const auto newer = report_of(small_plant("NEW-NAME"), small_zones(), kOld);
  const auto renamed = diff_reports(small_report(), newer);
  CHECK(renamed.at("assets").at("new").empty());  // the same MAC under another name
  CHECK(renamed.at("operations").at("new").size() == 1);
  CHECK(renamed.at("operations").at("gone").size() == 1);

  auto without = small_report();
  auto& assets = without["assets"]["rows"];
  const auto gone = assets.at(0);
  assets.erase(0);
  const auto diff = diff_reports(small_report(), without);
  REQUIRE(diff.at("assets").at("gone").size() == 1);
  CHECK(diff.at("assets").at("gone")[0].at("name") == gone.at("name"));
  CHECK(diff.at("assets").at("cut") == true);  // the total says that a row is missing
  const auto back = diff_reports(without, small_report());
  CHECK(keys(back.at("assets").at("new")) == keys(diff.at("assets").at("gone")));
}

TEST_CASE("Diff: findings of one check and subject are counted each", "[diff]") {
  auto more = small_report();
  more["findings"].push_back(more.at("findings").at(0));
  more["findings"].push_back(more.at("findings").at(0));
  const auto still = small_report().at("findings").size();
  const auto diff = diff_reports(small_report(), more);
  CHECK(diff.at("findings").at("new").size() == 2);
  CHECK(diff.at("findings").at("gone").empty());
  CHECK(diff.at("findings").at("still") == still);
  const auto back = diff_reports(more, small_report());
  CHECK(back.at("findings").at("gone").size() == 2);
  CHECK(back.at("findings").at("new").empty());
  CHECK(back.at("findings").at("still") == still);
}

TEST_CASE("Diff: a finding of a check that is unseen now, or told in part, is not called gone",
          "[diff]") {
  for (const bool unseen : {true, false}) {
    auto less = small_report();
    const std::string id = less.at("findings").at(0).at("check");
    less["findings"].erase(0);
    for (auto& check : less["checks"]) {
      if (check.at("id") != id) continue;
      if (unseen) check["result"] = "unseen";
      if (!unseen) check["findings"] = check.at("listed").get<int>() + 1;
    }
    const auto diff = diff_reports(small_report(), less);
    CHECK(diff.at("findings").at("gone").empty());
    REQUIRE(diff.at("findings").at("unsure_gone").size() == 1);
    CHECK(diff_text(diff).find("  ?- " + id) != std::string::npos);
    const auto back = diff_reports(less, small_report());
    CHECK(back.at("findings").at("new").empty());
    CHECK(back.at("findings").at("unsure_new").size() == 1);
  }
}

TEST_CASE("Diff: answers are compared system by system", "[diff]") {
  const auto with_systems = [](Json report, const std::vector<std::pair<std::string, Json>>& all) {
    for (const auto& [name, of] : all) {
      Json system{{"name", {{"en", name}, {"ja", name}}}, {"kind", "ics"}};
      for (const auto* const key : {"summary", "questions"}) system[key] = of.at(key);
      report["systems"].push_back(std::move(system));
    }
    return report;
  };
  const auto old = report_of(small_plant(), small_zones(), kOld);
  const auto now = report_of(small_plant(), small_zones(), kNew);
  const auto diff = diff_reports(with_systems(old, {{"A", old}, {"B", old}, {"C", old}}),
                                 with_systems(old, {{"B", old}, {"A", now}, {"D", now}}));
  const auto& systems = diff.at("systems");
  CHECK(systems.at("new")[0].at("en") == "D");
  CHECK(systems.at("gone")[0].at("en") == "C");
  REQUIRE(systems.at("still").size() == 2);
  CHECK(systems.at("still")[0].at("answers").at("changed").empty());
  CHECK(systems.at("still")[1].at("answers").at("changed").size() == 2);
  const auto text = diff_text(diff);
  CHECK(text.find("system, new: D\nsystem, gone: C\nsystem: B\n") == 0);
  CHECK(text.find("system: A\n") != std::string::npos);
  CHECK(text.find("  9: no -> yes;") != std::string::npos);
  CHECK_FALSE(diff_reports(old, now).contains("systems"));
}

TEST_CASE("Diff: what is no report is refused", "[diff]") {
  const Folder folder;
  const auto file = (folder / "report.json").string();
  for (const auto& [content, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "no report of this program"},
           {"[]", "no report of this program"},
           {R"({"format": "sekimori-report", "version": 2})", "/version: only 1 is known"}}) {
    std::ofstream{file} << content;
    CHECK_THROWS_WITH(load_report(file), file + ": " + says);
  }
  std::ofstream{file} << to_json_text(small_report());
  CHECK(load_report(file) == small_report());
  CHECK(load_report(folder / "") == small_report());
}

}  // namespace
}  // namespace sekimori::test
