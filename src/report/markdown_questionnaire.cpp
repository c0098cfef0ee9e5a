// What the report in Markdown says of answers: scores, contradictions, gaps, questions, plan and
// committee, of one system after the other where several are assessed apart.

#include "markdown.h"

#include <algorithm>

namespace sekimori::report {
namespace {

// UTF-8 of U+2192 and U+2212.
constexpr const char* kArrow = " \xe2\x86\x92 ";
constexpr const char* kMinus = "\xe2\x88\x92";

}  // namespace

const Json& MarkdownWriter::of(const char* key) const {
  return system_ == nullptr ? report_.at(key) : system_->at(key);
}

const Json* MarkdownWriter::previous() const {
  const auto& summary = of("summary");
  const auto found = summary.find("previous");
  return found == summary.end() ? nullptr : &*found;
}

std::string MarkdownWriter::titled(std::string_view key) const {
  return word(key) + (system_ == nullptr ? "" : word("colon") + text(system_->at("name")));
}

void MarkdownWriter::in_system(std::size_t index, const std::function<void()>& write) {
  const auto systems = report_.find("systems");
  if (systems != report_.end()) system_ = &systems->at(index);
  write();
  system_ = nullptr;
}

void MarkdownWriter::for_each_system(const std::function<void()>& write) {
  const auto systems = report_.find("systems");
  const auto count = systems == report_.end() ? 1 : systems->size();
  for (std::size_t i = 0; i < count; ++i) in_system(i, write);
}

void MarkdownWriter::systems() {
  const auto systems = report_.find("systems");
  if (systems == report_.end()) return;
  heading(2, word("systems"));
  paragraph(word("systems_hint"));
  const auto points = [this](const char* key) {
    return Column{word(key), [this, key](const Json& row) {
                    const auto& score = row.at("summary").at("score");
                    return score.is_null() ? std::string{}
                                           : text(score.at(key)) + " / " +
                                                 text(score.at(std::string{key} + "_most"));
                  }};
  };
  table({{"", [](const Json& row) { return row.at("system").dump(); }},
         column("name", "name"),
         column("kind", "kind", "system_kind"),
         {word("zones"),
          [this](const Json& row) {
            std::string all;
            for (const auto& zone : row.at("zones"))
              all += (all.empty() ? "" : ", ") + term("zone", zone);
            return all;
          }},
         {word("captures"),
          [](const Json& row) {
            std::string all;
            for (const auto& capture : row.at("captures"))
              all += (all.empty() ? "C" : ", C") + capture.dump();
            return all;
          }},
         points("claimed"),
         points("adjusted"),
         {word("contradictions"),
          [](const Json& row) { return std::to_string(row.at("contradictions").size()); }}},
        *systems);
  for (std::size_t i = 1; i < systems->size(); ++i) {
    in_system(i, [this] {
      heading(3, titled("summary"));
      score();
      worst();
      areas();
    });
  }
}

void MarkdownWriter::contradictions() {
  heading(2, titled("contradictions"));
  paragraph(word("contradictions_hint"));
  verdicts(of("contradictions"));
}

void MarkdownWriter::score() {
  const auto& summary = of("summary");
  if (const auto& score = summary.at("score"); !score.is_null()) {
    const auto figure = [&](const std::string& key, const Json& rating) {
      return text(score.at(key)) + ' ' + word("of") + ' ' + text(score.at(key + "_most")) + " (" +
             text(score.at(key + "_percent")) + " %" +
             (rating.is_null() ? "" : ", " + term("rating", rating)) + ')';
    };
    field("claimed", figure("claimed", score.at("claimed_rating")));
    field("adjusted", figure("adjusted", score.at("rating")));
    if (!score.at("verified_percent").is_null())
      field("verified", text(score.at("verified_percent")) + " % (" + word("verified_hint") + ')');
    if (score.at("after") != score.at("claimed")) field("after", figure("after", nullptr));
    if (const auto* const before = previous())
      field("previous", text(before->at("adjusted")) + ' ' + word("of") + ' ' +
                            text(before->at("adjusted_most")) + " (" +
                            text(before->at("adjusted_percent")) + " %)");
    out_ += '\n';
  }
}

void MarkdownWriter::worst() {
  const auto& summary = of("summary");
  heading(3, titled("worst"));
  if (summary.at("worst").empty()) paragraph(word("no_contradiction"));
  for (const auto& each : summary.at("worst")) {
    bullet(text(each.at("sentence")) + " (" + kMinus + text(each.at("lost")) + ' ' +
           word("points") +
           (each.at("evidence").is_null()
                ? ""
                : ", " + frame(each.at("evidence")) + ' ' + text(each.at("evidence").at("time"))) +
           ')');
  }
}

void MarkdownWriter::areas() {
  const auto& areas = of("summary").at("areas");
  if (areas.empty()) return;
  heading(3, titled("areas"));
  std::vector<Column> columns{
      {word("area"),
       [this](const Json& row) { return text(row.at("id")) + ' ' + text(row.at("title")); }},
      column("most", "most"),
      column("claimed", "claimed"),
      column("adjusted", "adjusted"),
      column("lost", "lost"),
      column("percent", "percent"),
      column("after_percent", "after_percent"),
      column("rating", "rating", "rating")};
  if (const auto* const before = previous()) {
    columns.push_back({word("previous_percent"), [this, before](const Json& row) {
                         const auto same =
                             std::ranges::find(before->at("areas"), row.at("id"),
                                               [](const Json& area) { return area.at("id"); });
                         return same == before->at("areas").end() ? "" : text(same->at("percent"));
                       }});
  }
  table(columns, areas);
}

void MarkdownWriter::summary() {
  const auto& summary = report_.at("summary");
  in_system(0, [&] {
    heading(2, titled("summary"));
    score();
    for (const auto& notice : summary.at("notices")) paragraph("> " + text(notice));
    worst();
  });
  heading(3, word("first"));
  if (summary.at("first").empty()) paragraph(word("nothing_first"));
  for (const auto& each : summary.at("first"))
    bullet("**" + text(each.at("check")) + "** (" + term("severity", each.at("severity")) + ") " +
           text(each.at("remedy")));
  for (const auto& [title, key, group] : {std::tuple{"by_severity", "severities", "severity"},
                                          std::tuple{"by_result", "checks", "result"},
                                          std::tuple{"by_verdict", "verdicts", "verdict"}}) {
    heading(3, word(title));
    for (const auto& [name, count] : summary.at(key).items())
      bullet(term(group, Json(name)) + word("colon") + count.dump());
  }
  in_system(0, [this] { areas(); });
}

void MarkdownWriter::verdicts(const Json& list) {
  if (list.empty()) paragraph(word("none"));
  for (const auto& each : list) {
    heading(4, text(each.at("question")) + " " + text(each.at("text")));
    field("verdict", term("verdict", each.at("verdict")));
    field("claimed",
          term("answer", each.at("claimed")) +
              (is_blank(each.at("suggested")) && each.at("adjusted") != each.at("claimed")
                   ? kArrow + term("answer", each.at("adjusted"))
                   : ""));
    if (!is_blank(each.at("suggested"))) field("suggested", term("answer", each.at("suggested")));
    if (each.at("lost") > 0) field("lost", text(each.at("lost")) + ' ' + word("points"));
    field("criterion", text(each.at("criterion")));
    field("note", text(each.at("note")));
    field("refs", this->list(each.at("refs")));
    for (const auto& fact : each.at("facts")) {
      gap();
      paragraph("**" + term("fact", fact.at("kind")) + ' ' + text(fact.at("strength")) + "** " +
                text(fact.at("text")) + " (" + text(fact.at("rule")) + ')');
      evidence(fact.at("evidence"));
    }
    command(each.at("command"));
  }
}

void MarkdownWriter::gaps() {
  heading(2, titled("gaps"));
  for (const auto* kind : {"confirmed", "disputed", "understated", "suggested", "supported"}) {
    heading(3, word(std::string{"gaps_"} + kind));
    verdicts(of("gaps").at(kind));
  }
}

void MarkdownWriter::questions() {
  heading(2, titled("questions"));
  table({column("question", "id"),
         {"", [this](const Json& row) { return text(row.at("text")); }},
         column("weight", "weight"),
         column("claimed", "claimed", "answer"),
         column("adjusted", "adjusted", "answer"),
         column("suggested", "suggested", "answer"),
         {word("verdict"),
          [this](const Json& row) {
            return is_blank(row.at("verdict")) ? std::string{} : term("verdict", row.at("verdict"));
          }},
         column("criterion", "criterion"),
         {word("refs"), [this](const Json& row) { return list(row.at("refs")); }},
         column("note", "note"),
         column("memo", "memo")},
        of("questions"));
}

void MarkdownWriter::plan() {
  const auto& plan = of("plan");
  heading(2, titled("plan"));
  paragraph(word("plan_hint"));
  field("plan_yes", plan.at("yes").dump() + " / " + plan.at("numbered").dump());
  field("plan_after_yes", plan.at("after_yes").dump() + " / " + plan.at("numbered").dump());
  field("plan_easy", plan.at("easy").dump());
  gap();
  table({column("question", "question"),
         {"", [this](const Json& row) { return text(row.at("text")); }},
         column("claimed", "claimed", "answer"),
         column("adjusted", "adjusted", "answer"),
         column("target", "target", "answer"),
         column("gain", "gain"),
         column("per_effort", "per_effort"),
         column("fix", "fix", "fix"),
         column("difficulty", "difficulty", "difficulty"),
         column("obstacle", "obstacle", "obstacle"),
         column("planned", "planned"),
         column("contradicted_fix", "contradicted"),
         column("memo", "memo")},
        plan.at("steps"));
}

void MarkdownWriter::committee() {
  const auto& from = system_ == nullptr ? report_ : *system_;
  const auto committee = from.find("committee");
  if (committee == from.end()) return;
  heading(2, titled("committee"));
  paragraph(word("committee_hint"));
  for (const auto* const agreement : {"all", "most", "split"})
    bullet(term("agreement", Json(agreement)) + word("colon") + committee->at(agreement).dump());
  field("moved", committee->at("moved").dump());
  gap();
  std::vector<Column> columns{column("question", "question"),
                              column("consensus", "consensus", "answer")};
  for (std::size_t i = 0; i < committee->at("members").size(); ++i) {
    columns.push_back({text(committee->at("members")[i]), [this, i](const Json& row) {
                         return term("answer", row.at("answers")[i]);
                       }});
  }
  columns.push_back(column("agreement", "agreement", "agreement"));
  columns.push_back(column("moved", "moved"));
  table(columns, committee->at("questions"));
}

}  // namespace sekimori::report
