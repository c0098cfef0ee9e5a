// Cover and scope: what was looked at, and with what in hand.

#include "context.h"

#include <algorithm>

namespace sekimori::report {
namespace {

Json captures(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT capture, sha256, format, link_type, packets, bytes, "
      "CASE WHEN packets > 0 THEN first_ns END AS \"time:first_seen\", "
      "CASE WHEN packets > 0 THEN last_ns END AS \"time:last_seen\", "
      "CASE WHEN packets > 0 THEN ROUND((last_ns - first_ns) / 1e9, 3) END AS seconds, "
      "vantage, damage FROM capture ORDER BY capture");
  return rows_of(rows, context.words);
}

Json observation(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT captures, COALESCE(packets, 0) AS packets, ROUND(span_days, 4) AS span_days, "
      "ROUND(seen_days, 4) AS seen_days, ROUND(both_directions, 4) AS both_directions, "
      "ROUND(loss, 6) AS loss FROM coverage");
  return rows_of(rows, context.words).at(0);
}

Json cover(const Context& context) {
  auto list = Json::array();
  if (context.from.answers == nullptr) return list;
  for (const auto& field : context.from.questions.cover) {
    const auto given = context.from.answers->cover.find(field.id);
    if (given == context.from.answers->cover.end()) continue;
    Json json{{"id", field.id}, {"title", text_of(field.title)}, {"value", given->second}};
    if (!field.values.empty())
      json["called"] = text_of(context.words.term("system_kind", given->second));
    list.push_back(std::move(json));
  }
  return list;
}

Json exceptions(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT client, server, transport, CAST(port AS TEXT) AS port, note FROM exception "
      "ORDER BY client, server, transport, port, note");
  return rows_of(rows, context.words);
}

Json inputs(const Context& context) {
  auto list = Json::array();
  auto supplied = context.from.supplied;
  std::ranges::sort(supplied, {},
                    [](const SuppliedInput& input) { return input.kind + input.sha256; });
  for (const auto& input : supplied) {
    list.push_back({{"kind", input.kind},
                    {"title", text_of(context.words.term("input", input.kind))},
                    {"sha256", input.sha256}});
  }
  return list;
}

}  // namespace

Json scope_section(const Context& context) {
  const auto& set = context.from.questions;
  auto zones = context.from.model.prepare(
      "SELECT COUNT(*), COALESCE(SUM(declared), 0) FROM zone WHERE kind <> 'external'");
  zones.step();
  Json section;
  section["cover"] = cover(context);
  section["captures"] = captures(context);
  section["observation"] = observation(context);
  section["inputs"] = inputs(context);
  section["exceptions"] = exceptions(context);
  section["zones"] = {{"total", zones.integer(0)}, {"declared", zones.integer(1)}};
  section["questionnaire"] = {{"id", set.id},
                              {"revision", set.revision},
                              {"title", text_of(set.title)},
                              {"source", text_of(set.source)},
                              {"answered", context.from.answers != nullptr}};
  return section;
}

}  // namespace sekimori::report
