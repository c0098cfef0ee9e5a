// The sections of the report in Markdown, in the order of the page.

#include "markdown.h"

#include <algorithm>

namespace sekimori::report {
namespace {

// UTF-8 of U+2192, U+00B7, U+2212 and U+00D7.
constexpr const char* kArrow = " \xe2\x86\x92 ";
constexpr const char* kDot = " \xc2\xb7 ";
constexpr const char* kTimes = " \xc3\x97 ";

}  // namespace

std::string MarkdownWriter::write() {
  out_ = "# " + word("title") + "\n\n";
  paragraph(word("subtitle"));
  summary();
  systems();
  scope();
  for_each_system([this] {
    contradictions();
    gaps();
  });
  findings();
  checks();
  network();
  assets();
  operations();
  for_each_system([this] {
    questions();
    plan();
    committee();
  });
  coverage();
  annex();
  return std::move(out_);
}

std::string MarkdownWriter::end(const Json& party) const {
  if (party.is_null()) return {};
  auto said = text(party.at("name"));
  if (party.at("address") != party.at("name")) said += ' ' + text(party.at("address"));
  if (!is_blank(party.at("zone"))) said += " \\[" + term("zone", party.at("zone")) + "\\]";
  return said;
}

std::string MarkdownWriter::conversation(const Json& talk) const {
  if (talk.is_null()) return {};
  auto said = end(talk.at("client")) + kArrow + end(talk.at("server")) + ", " +
              text(talk.at("transport")) + '/' + text(talk.at("port"));
  if (!is_blank(talk.at("protocol"))) said += ' ' + text(talk.at("protocol"));
  if (!is_blank(talk.at("segment"))) said += " (" + text(talk.at("segment")) + ')';
  return said;
}

std::string MarkdownWriter::decoded(const Json& facts) const {
  std::string all;
  for (const auto& fact : facts) {
    auto said = term("decoded", fact.at("kind")) + word("colon");
    bool first = true;
    for (const auto& [name, value] : fact.at("fields").items()) {
      said += first ? "" : kDot;
      said += name == "event" ? term("event", value) : text(value);
      first = false;
    }
    all += (all.empty() ? "" : "; ") + said;
  }
  return all;
}

MarkdownWriter::Column MarkdownWriter::column(std::string_view title, const char* key) const {
  return {word(title), [this, key](const Json& row) { return text(row.at(key)); }};
}

MarkdownWriter::Column MarkdownWriter::column(std::string_view title, const char* key,
                                              const char* group) const {
  return {word(title), [this, key, group](const Json& row) { return term(group, row.at(key)); }};
}

void MarkdownWriter::evidence(const Json& frames) {
  if (frames.empty()) return;
  gap();
  table({{word("frame"), [](const Json& row) { return frame(row); }},
         column("time", "time"),
         {word("conversation"),
          [this](const Json& row) { return conversation(row.at("conversation")); }},
         {word("decoded"), [this](const Json& row) { return decoded(row.at("decoded")); }}},
        frames);
}

void MarkdownWriter::command(const Json& line) {
  if (line.is_null()) return;
  gap();
  out_ += "```\n" + line.get<std::string>() + "\n```\n\n";
}

void MarkdownWriter::scope() {
  const auto& scope = report_.at("scope");
  heading(2, word("scope"));
  for (const auto& cover : scope.at("cover"))
    bullet("**" + text(cover.at("title")) + "**" + word("colon") +
           text(cover.at(cover.contains("called") ? "called" : "value")));
  const auto& seen = scope.at("observation");
  for (const auto& [label, key] :
       {std::pair{"packets", "packets"}, std::pair{"span_days", "span_days"},
        std::pair{"seen_days", "seen_days"}, std::pair{"both_directions", "both_directions"},
        std::pair{"loss", "loss"}})
    field(label, text(seen.at(key)));
  field("zones_declared", word("declared") + ' ' + scope.at("zones").at("declared").dump() + " / " +
                              scope.at("zones").at("total").dump());
  field("questionnaire", text(scope.at("questionnaire").at("title")));
  heading(3, word("captures"));
  table({{"", [](const Json& row) { return "C" + row.at("capture").dump(); }},
         {word("sha256"),
          [](const Json& row) { return '`' + row.at("sha256").get<std::string>() + '`'; }},
         column("format", "format"),
         column("packets", "packets"),
         column("first_seen", "first_seen"),
         column("last_seen", "last_seen"),
         column("vantage", "vantage"),
         column("damage", "damage")},
        scope.at("captures"));
  heading(3, word("inputs"));
  table({column("input", "title"), column("sha256", "sha256")}, scope.at("inputs"));
  if (scope.at("exceptions").empty()) return;
  heading(3, word("exceptions"));
  table({column("client", "client"), column("server", "server"), column("protocol", "transport"),
         column("port", "port"), column("note", "note")},
        scope.at("exceptions"));
}

void MarkdownWriter::findings() {
  heading(2, word("findings"));
  paragraph(word("findings_hint"));
  if (report_.at("findings").empty()) paragraph(word("none"));
  std::size_t total = 0;
  for (const auto& each : report_.at("checks")) total += each.at("findings").get<std::size_t>();
  shown(report_.at("findings").size(), total);
  std::string check;
  for (const auto& finding : report_.at("findings")) {
    if (finding.at("check") != check) {
      check = finding.at("check");
      heading(3, text(finding.at("check")) + " (" + term("severity", finding.at("severity")) +
                     ") " + text(finding.at("title")));
      field("why", text(finding.at("why")));
      field("remedy", text(finding.at("remedy")));
      field("standards", list(finding.at("standards")));
    }
    heading(4, text(finding.at("id")));
    paragraph(text(finding.at("text")));
    evidence(finding.at("evidence"));
    command(finding.at("command"));
  }
}

void MarkdownWriter::checks() {
  heading(2, word("checks"));
  paragraph(word("checks_hint"));
  table({column("check", "id"),
         column("result", "result", "result"),
         column("severity", "severity", "severity"),
         column("name", "title"),
         column("reason", "reason"),
         {word("standards"), [this](const Json& row) { return list(row.at("standards")); }}},
        report_.at("checks"));
}

void MarkdownWriter::network() {
  const auto& network = report_.at("network");
  const Column proof{word("frame"), [](const Json& row) { return frame(row.at("evidence")); }};
  heading(2, word("network"));
  heading(3, word("zones"));
  table({column("name", "name", "zone"), column("kind", "kind", "zone_kind"),
         column("level", "level"), column("assets", "assets"), column("declared", "declared"),
         column("confidence", "confidence"), column("reason", "reason")},
        network.at("zones"));
  heading(3, word("conduits"));
  table({column("from", "from", "zone"),
         column("to", "to", "zone"),
         {word("protocols"), [this](const Json& row) { return list(row.at("protocols")); }},
         column("conversations", "conversations"),
         column("two_way", "two_way"),
         column("controls", "controls"),
         column("packets", "packets"),
         proof},
        network.at("conduits").at("rows"));
  shown(network.at("conduits"));
  heading(3, word("walls"));
  paragraph(word("walls_hint"));
  table({column("from", "from", "zone"),
         column("to", "to", "zone"),
         column("result", "verdict", "wall"),
         column("confidence", "confidence"),
         {word("signs"),
          [this](const Json& row) {
            std::string all;
            for (const auto& sign : row.at("signs"))
              all += (all.empty() ? "" : "; ") + text(sign.at("title")) + " (" +
                     sign.at("count").dump() + ") " + text(sign.at("detail")) + ' ' +
                     frame(sign.at("evidence"));
            return all;
          }}},
        network.at("walls"));
}

void MarkdownWriter::assets() {
  const Column proof{word("frame"), [](const Json& row) { return frame(row.at("evidence")); }};
  heading(2, word("assets"));
  table({column("name", "name"),
         column("role", "role", "role"),
         column("confidence", "role_confidence"),
         column("level", "level"),
         column("zone", "zone", "zone"),
         {word("addresses"),
          [this](const Json& row) {
            std::string all;
            for (const auto& each : row.at("addresses"))
              all += (all.empty() ? "" : "; ") + text(each.at("ip")) + ' ' + text(each.at("mac")) +
                     ' ' + text(each.at("segment"));
            return all;
          }},
         column("vendor", "vendor"),
         column("model", "model"),
         column("firmware", "firmware"),
         {word("properties"),
          [this](const Json& row) {
            std::string all;
            for (const auto& each : row.at("properties"))
              all += (all.empty() ? "" : "; ") + text(each.at("name")) + " = " +
                     text(each.at("value")) + " (" + text(each.at("source")) + ", " +
                     each.at("confidence").dump() + " %, " + frame(each.at("evidence")) + ')';
            return all;
          }},
         column("reason", "role_reason"),
         proof},
        report_.at("assets").at("rows"));
  shown(report_.at("assets"));
  heading(2, word("services"));
  table(
      {column("asset", "name"),
       column("zone", "zone", "zone"),
       column("protocol", "protocol"),
       {word("port"),
        [this](const Json& row) { return text(row.at("transport")) + '/' + text(row.at("port")); }},
       column("confidence", "confidence"),
       column("encrypted", "encrypted"),
       column("clients", "clients"),
       column("strength", "strength"),
       proof},
      report_.at("services").at("rows"));
  shown(report_.at("services"));
}

void MarkdownWriter::operations() {
  const auto& operations = report_.at("operations");
  std::vector<Column> counts{column("requests", "requests"), column("executed", "executed"),
                             column("rejected", "rejected"), column("unanswered", "unanswered"),
                             column("unconfirmed", "unconfirmed")};
  heading(2, word("operations"));
  paragraph(word("operations_hint"));
  std::vector<Column> columns{column("access", "access", "access")};
  columns.insert(columns.end(), counts.begin(), counts.end());
  table(columns, operations.at("by_access"));
  columns = {column("client", "client"),
             column("server", "server"),
             {word("operation"),
              [this](const Json& row) {
                return text(row.at("protocol")) + ' ' + text(row.at("code")) + ' ' +
                       text(row.at("name"));
              }},
             column("access", "access", "access"),
             column("target", "target")};
  columns.insert(columns.end(), counts.begin(), counts.end());
  columns.push_back({word("frame"), [](const Json& row) { return frame(row.at("evidence")); }});
  table(columns, operations.at("rows"));
  shown(operations);
}

void MarkdownWriter::coverage() {
  const auto& coverage = report_.at("coverage");
  heading(2, word("coverage"));
  heading(3, word("blind"));
  for (const auto& each : coverage.at("blind")) bullet(text(each.at("text")));
  heading(3, word("counters"));
  for (const auto& capture : coverage.at("captures")) {
    for (const auto& [key, count] : capture.items()) {
      if (key == "capture")
        paragraph("**C" + count.dump() + "**");
      else
        field(key == "two_way" ? "two_way_flows" : key, count.dump());
    }
    out_ += '\n';
  }
  heading(3, word("stops"));
  table({{word("capture"), [](const Json& row) { return "C" + row.at("capture").dump(); }},
         column("layer", "layer_title"),
         column("reason", "reason_title"),
         column("limited_by", "limited_by_title"),
         column("packets", "packets"),
         column("frame", "frame")},
        coverage.at("stops"));
  heading(3, word("caps"));
  table({column("name", "name_title"), column("bound", "bound"), column("reached", "reached")},
        coverage.at("caps"));
}

/// Once, where all systems have the same questions.
void MarkdownWriter::references() {
  const auto write = [this] {
    heading(3, titled("references"));
    table({column("standard", "reference"),
           {word("checks"), [this](const Json& row) { return list(row.at("checks")); }},
           {word("questions_of"), [this](const Json& row) { return list(row.at("questions")); }}},
          of("annex").at("references"));
  };
  const auto systems = report_.find("systems");
  const auto is_as_the_first = [this](const Json& system) {
    return system.at("annex").at("references") == report_.at("annex").at("references");
  };
  if (systems == report_.end() || std::ranges::all_of(*systems, is_as_the_first)) {
    write();
  } else {
    for_each_system(write);
  }
}

void MarkdownWriter::annex() {
  const auto& annex = report_.at("annex");
  const auto& thresholds = annex.at("thresholds");
  heading(2, word("annex"));
  heading(3, word("thresholds"));
  for (const auto* key : {"min_days", "weekend", "min_both_directions", "max_loss"})
    field(key, text(thresholds.at(key)));
  for (const auto& limit : thresholds.at("contradiction"))
    field("contradiction_needs", text(limit.at("strength")) + kTimes + limit.at("flows").dump());
  for (const auto& step : thresholds.at("rating"))
    field("rating_from", text(step.at("title")) + ' ' + text(step.at("at_least")) + " %");
  heading(3, word("adjustment"));
  table({column("claimed", "claimed", "answer"), column("evidence", "evidence", "evidence"),
         column("adjusted", "adjusted", "answer"), column("suggested", "suggested", "answer"),
         column("verdict", "verdict", "verdict")},
        annex.at("adjustment"));
  heading(3, word("rulesets"));
  table({column("name", "name"), column("revision", "revision"), column("checks", "checks")},
        annex.at("rulesets"));
  references();
  heading(3, word("licences"));
  for (const auto& note : annex.at("notes")) paragraph(text(note));
  paragraph(text(annex.at("oui").at("text")));
  for (const auto& licence : annex.at("licences")) {
    heading(4, text(licence.at("name")));
    for (const auto& line : licence.at("text")) paragraph(text(line));
  }
  paragraph(word("tool") + word("colon") + text(report_.at("tool").at("name")) + ' ' +
            text(report_.at("tool").at("version")));
}

}  // namespace sekimori::report
