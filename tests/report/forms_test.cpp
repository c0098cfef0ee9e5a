// The page, the Markdown and the tables: what came from the wire is shown and never obeyed.

#include "sekimori/report/tables.h"

#include "small_plant.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sekimori::test {
namespace {

const std::string kHostile = R"(</script><script>alert(1)</script>|`*[x](javascript:1)&amp;\)";

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

const Json& hostile_report() {
  static const auto report = report_of(small_plant(kHostile), small_zones(), std::nullopt);
  return report;
}

TEST_CASE("Page: a name cannot end the element that it stands in", "[report]") {
  const auto page = to_html(hostile_report());
  CHECK_FALSE(has(page, "<script>alert"));
  CHECK(has(page, R"(\u003c/script>\u003cscript>alert(1))"));
  CHECK(count(page, "<script") == 2);
  CHECK(count(page, "</script>") == 2);
}

TEST_CASE("Page: it is one file that fetches nothing", "[report]") {
  const auto page = to_html(small_report());
  CHECK(has(page, "default-src 'none'"));
  CHECK(has(page, "<noscript>"));
  for (const auto* reference :
       {"@import", "href=\"http", "<link rel=\"stylesheet", "document.write", "XMLHttpRequest",
        "WebSocket", "fetch(", "eval(", "new Function"})
    CHECK_FALSE(has(page, reference));
  for (const auto* place : {"{{style}}", "{{report}}", "{{script}}"}) CHECK_FALSE(has(page, place));
  CHECK(page.size() < to_json_text(small_report()).size() + 3'000'000);
}

TEST_CASE("Page: no part of it makes markup of a string", "[report]") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{std::string{SEKIMORI_SOURCE_DIR} +
                                                               "/src/report/web/src"}) {
    CAPTURE(entry.path());
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string source{std::istreambuf_iterator<char>{in}, {}};
    for (const auto* way :
         {"innerHTML", "outerHTML", "dangerouslySetInnerHTML", "insertAdjacentHTML",
          "createContextualFragment", "DOMParser", "srcdoc", "javascript:"})
      CHECK_FALSE(has(source, way));
    ++files;
  }
  CHECK(files > 20);
}

TEST_CASE("Page: the report stands in it as it is", "[report]") {
  const auto report = hostile_report();
  const auto page = to_html(report);
  constexpr std::string_view kOpen = "<script type=\"application/json\" id=\"report\">";
  const auto begin = page.find(kOpen) + kOpen.size();
  const auto end = page.find("</script>", begin);
  CHECK(Json::parse(page.substr(begin, end - begin)) == report);
}

TEST_CASE("Markdown: a name makes no table cell, no element and no link", "[report]") {
  const auto text = to_markdown(hostile_report());
  CHECK(has(text, R"(\</script\>\<script\>alert(1)\</script\>\|\`\*\[x\](javascript:1)\&amp;\\)"));
  CHECK(count(text, "<script") == count(text, "\\<script"));
  // Every row of a table has as many cells as its head.
  std::size_t cells = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = std::string_view{text}.substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with('|')) {
      cells = 0;
      continue;
    }
    const auto bars = count(line, "|") - count(line, "\\|");
    if (cells == 0) cells = bars;
    CAPTURE(line);
    CHECK(bars == cells);
  }
}

TEST_CASE("Markdown: the plan and the committee stand in it, in both languages", "[report]") {
  auto report = report_of(small_plant(), small_zones(),
                          "kind,telemetry\nquestion_id,answer,answer_after\n18,yes,\n9,no,yes\n");
  report["committee"] = {{"members", {"Sato", "a|b"}},
                         {"all", 0},
                         {"most", 0},
                         {"split", 1},
                         {"moved", 1},
                         {"questions",
                          {{{"question", "18"},
                            {"consensus", "yes"},
                            {"answers", {"no", ""}},
                            {"agreement", "split"},
                            {"moved", true}}}}};
  const auto text = to_markdown(report);
  const auto begin = text.find("\n---\n");
  const auto english = text.substr(0, begin);
  const auto japanese = text.substr(begin);
  CHECK(has(english, "## Improvement plan\n"));
  CHECK(has(english,
            "| 9 | " + report.at("plan").at("steps")[0].at("text").at("en").get<std::string>()) ==
        (report.at("plan").at("steps")[0].at("question") == "9"));
  for (const auto& step : report.at("plan").at("steps"))
    CHECK(has(english, "\n| " + step.at("question").get<std::string>() + " | "));
  CHECK(has(english, "**Questions answered yes after the planned improvements**: 2 / "));
  CHECK(has(english, "## Committee\n"));
  CHECK(has(english, "| Question | Consensus | Sato | a\\|b | Agreement | "));
  CHECK(has(english, "| 18 | yes | no | unanswered | split | yes |"));
  CHECK(has(japanese, "## 改善計画\n"));
  CHECK(has(japanese, "## 評価委員会\n"));
  CHECK(has(japanese, "意見が分かれた"));
  // What the cover chooses from a list is said in the reader's language.
  CHECK(has(japanese, "テレメトリ"));
  CHECK_FALSE(has(to_markdown(small_report()), "## Committee"));
}

TEST_CASE("Markdown: both languages follow each other", "[report]") {
  auto report = small_report();
  const auto both = to_markdown(report);
  keep_language(report, Language::ja);
  const auto japanese = to_markdown(report);
  keep_language(report = small_report(), Language::en);
  const auto english = to_markdown(report);
  CHECK(both == english + "\n---\n\n" + japanese);
  CHECK_FALSE(has(both, "\n\n\n\n"));
  CHECK(has(english, "# Assessment of a control network"));
  CHECK(has(english, "SEG-01.1"));
  CHECK(has(japanese, "致命的"));
}

struct Cell {
  std::string name, shown;
};

TEST_CASE("CSV: no cell is a formula, and every cell stays one cell", "[report]") {
  const auto& [name, shown] = GENERATE(from_range(std::vector<Cell>{
      {"PLC-1", "PLC-1"},
      {"=1+1", "'=1+1"},
      {"+1", "'+1"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\tx", "'\tx"},
      {"\rx", "\"'\rx\""},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"two\nlines", "\"two\nlines\""},
      {"=\"a\",b", "\"'=\"\"a\"\",b\""},
      {"関", "関"},
  }));
  CAPTURE(name);
  Database model{":memory:", Database::Mode::create};
  model.execute(schema_sql());
  auto insert = model.prepare(
      "INSERT INTO asset (asset, kind, name, role, role_confidence, role_reason, level, "
      "level_confidence, level_reason, zone, zone_confidence, zone_reason, vendor, model, "
      "firmware, serial, os, is_controller, first_seen, last_seen, capture, frame) VALUES (1, "
      "'device', ?, 'plc', 88, '', -1, 0, '', NULL, 0, '', '', '', '', '', '', 1, 1.5, 2.25, 1, "
      "7)");
  insert.bind(1, std::string_view{name}).run();
  std::string csv;
  write_assets_csv(model, [&](std::string_view piece) { csv += piece; });
  CHECK(
      csv.starts_with("\xef\xbb\xbf"
                      "asset,kind,name,role,"));
  CHECK(has(csv, "\r\n1,device," + shown + ",plc,88,-1.0,"));
  CHECK(csv.ends_with(",1970-01-01T00:00:01.500000Z,1970-01-01T00:00:02.250000Z,1,7\r\n"));
}

TEST_CASE("CSV: a conversation is a row, with its times to the nanosecond", "[report]") {
  const Folder folder;
  auto facts = small_plant();
  facts.conversations.begin()->second.seen.first.time = 1'700'000'000'123'456'789;
  std::string csv;
  conclude_and_save(facts, small_zones(), folder / "m.sekimori", [&](Database& model) {
    write_conversations_csv(model, [&](std::string_view piece) { csv += piece; });
  });
  CHECK(count(csv, "\r\n") == 1 + facts.conversations.size());
  CHECK(has(csv, "2023-11-14T22:13:20.123456789Z"));
  CHECK(has(csv, "OFFICE-33,10.10.0.33,,Office,"));
}

}  // namespace
}  // namespace sekimori::test
