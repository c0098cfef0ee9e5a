#include "sekimori/report/report.h"

#include "json_schema.h"
#include "random_facts.h"
#include "small_plant.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <set>

namespace sekimori::test {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

const Json& finding(const Json& report, const std::string& id) {
  for (const auto& each : report.at("findings"))
    if (each.at("id") == id) return each;
  FAIL("no finding " + id);
  throw std::logic_error(id);
}

/// All objects {"en", ...} below.
void texts_below(const Json& json, std::vector<Json>& found) {
  if (json.is_object() && (json.contains("en") || json.contains("ja"))) found.push_back(json);
  if (json.is_structured())
    for (const auto& part : json) texts_below(part, found);
}

TEST_CASE("Report: it is as its schema says", "[report]") {
  const JsonSchema schema{Json::parse(report_schema())};
  CHECK(joined(schema.errors(small_report())) == "");
  for (const auto language : {Language::en, Language::ja}) {
    auto report = small_report();
    keep_language(report, language);
    CHECK(joined(schema.errors(report)) == "");
  }
}

TEST_CASE("Report: the schema refuses what it does not describe", "[report]") {
  const JsonSchema schema{Json::parse(report_schema())};
  auto report = small_report();
  report["findings"][0]["evidence"][0]["frame"] = 0;
  report["summary"]["hint"] = 1;
  report["assets"]["rows"][0].erase("role");
  const auto errors = joined(schema.errors(report));
  CHECK(errors.find("/findings/0/evidence/0/frame: minimum") != std::string::npos);
  CHECK(errors.find("/summary: has hint") != std::string::npos);
  CHECK(errors.find("/assets/rows/0: lacks role") != std::string::npos);
}

TEST_CASE("Report: whatever a model holds, the report is as its schema says", "[report]") {
  const auto seed = GENERATE(range(0U, 12U));
  CAPTURE(seed);
  auto facts = RandomFacts{seed}();
  for (auto& capture : facts.captures) {
    capture.sha256 += std::string(64 - capture.sha256.size(), '0');
    capture.vantage = "BC";
  }
  const JsonSchema schema{Json::parse(report_schema())};
  CHECK(joined(schema.errors(report_of(facts, {}, std::nullopt))) == "");
}

TEST_CASE("Report: equal models make equal bytes", "[report]") {
  const auto zones = small_zones();
  const std::string answers = "question_id,answer\n18,yes\n";
  CHECK(to_json_text(report_of(small_plant(), zones, answers)) ==
        to_json_text(report_of(small_plant(), zones, answers)));
}

TEST_CASE("Report: captures are named by their SHA-256, never by name or place", "[report]") {
  const auto text = to_json_text(small_report());
  CHECK(text.find("secret-site") == std::string::npos);
  CHECK(text.find("/home/") == std::string::npos);
  CHECK(text.find(sha_of_capture) != std::string::npos);
}

TEST_CASE("Report: a finding names the frames that prove it, and what was in them", "[report]") {
  const auto& report = small_report();
  const auto& found = finding(report, "SEG-01.1");
  CHECK(found.at("severity") == "critical");
  CHECK(found.at("why").at("en") == Rules::builtin().at("SEG-01").why.en);
  CHECK(found.at("remedy").at("ja") == Rules::builtin().at("SEG-01").remedy.ja);
  CHECK(found.at("command") == "sekimori evidence report.sekimori SEG-01.1 -o SEG-01.1.pcap");
  const auto& evidence = found.at("evidence");
  REQUIRE_FALSE(evidence.empty());
  const auto& frame = evidence[0];
  CHECK(frame.at("sha256") == sha_of_capture);
  CHECK(frame.at("time").get<std::string>().starts_with("1970-01-01T00:00:"));
  CHECK(frame.at("conversation").at("client").at("name") == "OFFICE-33");
  CHECK(frame.at("conversation").at("client").at("zone") == "Office");
  CHECK(frame.at("conversation").at("server").at("address") == "10.40.0.12");
  CHECK(frame.at("decoded")[0].at("kind") == "operation");
  CHECK(frame.at("decoded")[0].at("fields").at("name") == "write-coil");
}

TEST_CASE("Report: a frame that a rule made up is told as it is", "[report]") {
  const auto most = std::numeric_limits<std::int64_t>::max();
  const auto report = report_of(small_plant(), small_zones(), std::nullopt, [&](Database& model) {
    auto row = model.prepare("INSERT INTO proof VALUES ('SEG-01.1', ?, ?)");
    row.bind(1, most).bind(2, most).run();
  });
  const auto& frame = finding(report, "SEG-01.1").at("evidence").back();
  CHECK(frame.at("capture") == most);
  CHECK(frame.at("frame") == most);
  CHECK(frame.at("sha256") == "");
  CHECK(frame.at("decoded").empty());
}

TEST_CASE("Report: findings come by severity, contradictions by lost points times severity",
          "[report]") {
  const auto& report = small_report();
  const std::vector<std::string> ranks{"info", "low", "medium", "high", "critical"};
  const auto rank = [&](const Json& each) {
    return std::ranges::find(ranks, each.at("severity").get<std::string>()) - ranks.begin() + 1;
  };
  for (std::size_t i = 1; i < report.at("findings").size(); ++i)
    CHECK(rank(report.at("findings")[i - 1]) >= rank(report.at("findings")[i]));

  const auto& contradictions = report.at("contradictions");
  REQUIRE(contradictions.size() == 2);
  CHECK(contradictions[0].at("question") == "18");  // it weighs twice as much as 23
  CHECK(contradictions[0].at("lost") == 2.0);
  CHECK(contradictions[1].at("question") == "23");
  CHECK(report.at("summary").at("worst")[0].at("question") == "18");
  CHECK(report.at("summary").at("worst")[0].at("evidence").at("sha256") == sha_of_capture);
}

TEST_CASE("Report: a conversation and its conduit bear the worst severity of their findings",
          "[report]") {
  const auto& report = small_report();
  const auto& found = finding(report, "SEG-01.1");
  REQUIRE_FALSE(found.at("conversation").is_null());
  REQUIRE_FALSE(found.at("conduit").is_null());
  std::size_t named = 0;
  for (const auto& row : report.at("conversations").at("rows")) {
    if (row.at("conversation") != found.at("conversation")) continue;
    CHECK(row.at("severity") == "critical");
    CHECK(row.at("client") == "OFFICE-33");
    CHECK(row.at("client_asset") == found.at("client").at("asset"));
    CHECK(row.at("conduit") == found.at("conduit"));
    CHECK(row.at("access") == Json::array({"write"}));
    ++named;
  }
  CHECK(named == 1);
  CHECK(report.at("conversations").at("total") == report.at("conversations").at("rows").size());
  CHECK(report.at("conversations").at("rows")[0].at("severity") == "critical");
  for (const auto& row : report.at("network").at("conduits").at("rows"))
    CHECK(row.at("severity") == (row.at("conduit") == found.at("conduit") ? "critical" : ""));
  for (const auto& row : report.at("assets").at("rows"))
    if (row.at("asset") == found.at("client").at("asset")) CHECK(row.at("findings") > 0);
}

TEST_CASE("Report: an area tells what improvement would make of it", "[report]") {
  const auto report = report_of(small_plant(), small_zones(),
                                "question_id,answer,answer_after\n18,no,yes\n23,yes,\n");
  double after = 0;
  for (const auto& area : report.at("summary").at("areas")) after += area.at("after").get<double>();
  CHECK(after == report.at("summary").at("score").at("after"));
  CHECK(after > report.at("summary").at("score").at("claimed"));
}

TEST_CASE("Report: zones bear their names in both languages, whatever they are called",
          "[report]") {
  const auto zones = ZonePlan::parse(
      R"({"zones": [{"name": {"en": "en", "ja": "事務所"}, "kind": "office", "subnets": ["10.10.0.0/24"]},
                    {"name": "ja", "kind": "control", "subnets": ["10.40.0.0/24"]}]})",
      "zones.json");
  auto report = report_of(small_plant(), zones, std::nullopt);
  CHECK(report.at("legend").at("zone").at("en").at("ja") == "事務所");
  CHECK(to_markdown(report).find("事務所") != std::string::npos);
  keep_language(report, Language::ja);
  CHECK(report.at("legend").at("zone").at("en") == Json({{"ja", "事務所"}}));
  CHECK(report.at("legend").at("zone").at("ja") == Json({{"ja", "ja"}}));
}

TEST_CASE("Report: its figures are those of the merge", "[report]") {
  const auto& report = small_report();
  const auto& score = report.at("summary").at("score");
  CHECK(score.at("claimed") == 3.0);
  CHECK(score.at("adjusted") == 0.0);
  CHECK(report.at("questions").size() == 101);
  CHECK(report.at("annex").at("adjustment").size() == 25);
  CHECK(report.at("annex").at("thresholds").at("min_days") == built_in_merge_policy().min_days);
  CHECK(report.at("scope").at("cover")[0].at("value") == "Line 2");
  const auto notice = report.at("summary").at("notices")[0].at("en").get<std::string>();
  CHECK(notice.find("43 points") != std::string::npos);
  CHECK(notice.find("79 of 122") != std::string::npos);
}

TEST_CASE("Report: without answers nothing is claimed, and what traffic suggests is shown",
          "[report]") {
  const auto report = report_of(small_plant(), small_zones(), std::nullopt);
  CHECK(report.at("summary").at("score").is_null());
  CHECK(report.at("summary").at("areas").empty());
  CHECK(report.at("contradictions").empty());
  REQUIRE_FALSE(report.at("gaps").at("suggested").empty());
  std::set<std::string> suggested;
  for (const auto& each : report.at("gaps").at("suggested")) {
    suggested.insert(each.at("question"));
    CHECK(each.at("claimed") == "");
    CHECK_FALSE(each.at("facts").empty());
  }
  CHECK(suggested.contains("18"));
}

TEST_CASE("Report: unseen is told with its reason", "[report]") {
  const auto& report = small_report();
  std::size_t unseen = 0;
  for (const auto& check : report.at("checks")) {
    CHECK_FALSE(check.at("reason").at("en").get<std::string>().empty());
    CHECK(check.at("reason").at("en") != check.at("reason").at("ja"));
    if (check.at("result") == "unseen") ++unseen;
  }
  CHECK(unseen == report.at("summary").at("checks").at("unseen"));
  CHECK(unseen > 0);
  std::set<std::string> codes;
  for (const auto& each : report.at("coverage").at("blind")) codes.insert(each.at("code"));
  CHECK(codes.contains("blind-days"));
  CHECK(codes.contains("blind-one-way"));
  CHECK(codes.contains("blind-vantage"));
  CHECK_FALSE(codes.contains("zones-assumed"));
}

TEST_CASE("Report: every text is in both languages, or in the one that was asked for", "[report]") {
  std::vector<Json> texts;
  texts_below(small_report(), texts);
  CHECK(texts.size() > 500);
  for (const auto& text : texts) {
    CAPTURE(text.dump());
    REQUIRE(text.contains("en"));
    REQUIRE(text.contains("ja"));
    CHECK(text.at("en").get<std::string>().empty() == text.at("ja").get<std::string>().empty());
  }
  auto english = small_report();
  keep_language(english, Language::en);
  CHECK(to_json_text(english).find("\"ja\"") == std::string::npos);
  CHECK(english.at("languages") == Json::array({"en"}));
}

TEST_CASE("Report: the reasons of inference are told in Japanese, too", "[report]") {
  for (const auto& asset : small_report().at("assets").at("rows")) {
    for (const auto* key : {"role_reason", "level_reason", "zone_reason"}) {
      CAPTURE(asset.at(key).dump());
      CHECK(asset.at(key).at("en") != asset.at(key).at("ja"));
    }
  }
}

std::string file(const std::string& name) {
  std::ifstream in{std::string{SEKIMORI_SOURCE_DIR} + "/src/report/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST_CASE("Report: its words are in both languages", "[report]") {
  const auto words = Json::parse(file("words.json"));
  for (const auto& [key, text] : words.at("labels").items()) {
    CAPTURE(key);
    CHECK(text.size() == 2);
    CHECK_FALSE(text.at("en").get<std::string>().empty());
    CHECK_FALSE(text.at("ja").get<std::string>().empty());
  }
}

TEST_CASE("Report: where findings are listed in part, the document says so", "[report]") {
  auto report = small_report();
  const auto listed = report.at("findings").size();
  CHECK(to_markdown(report).find(std::to_string(listed) + " of ") == std::string::npos);
  auto& check = report["checks"].at(0);
  check["findings"] = check.at("findings").get<std::size_t>() + 7;
  const auto said =
      std::to_string(listed) + " of " + std::to_string(listed + 7) + " shown; all of them";
  CHECK(to_markdown(report).find(said) != std::string::npos);
}

}  // namespace
}  // namespace sekimori::test
