// How well the captures were read, and what could not be seen, and why. Unseen is not absent.

#include "context.h"

#include <algorithm>
#include <array>

namespace sekimori::report {
namespace {

constexpr std::string_view kVantages = "BCDFRMW";  // merge-rules 5.2
constexpr double kHundred = 100;                   // percent

/// Sentences, each with the capture that it is about, or none.
class Sentences {
 public:
  explicit Sentences(const Words& words) : words_(words) {}

  void add(std::string_view code, const Values& values, Json capture = nullptr) {
    list_.push_back({{"code", code},
                     {"capture", std::move(capture)},
                     {"text", text_of(words_.say(code, values))}});
  }
  [[nodiscard]] Json take() { return std::move(list_); }

 private:
  const Words& words_;
  Json list_ = Json::array();
};

struct CounterSentence {
  const char* column;
  std::string_view code;
};

/// A counter of `capture` that is not zero, and what it means.
constexpr auto kCounters = std::to_array<CounterSentence>({
    {"undecoded", "blind-undecoded"},
    {"stopped", "blind-stopped"},
    {"duplicates", "blind-duplicates"},
    {"fragments_lost", "blind-fragments"},
    {"kernel_drops", "blind-drops"},
    {"resumed", "blind-resumed"},
    {"orphan_replies", "blind-orphans"},
    {"overlap_conflicts", "blind-conflicts"},
});

Json counters(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT capture, undecoded, stopped, duplicates, fragments_lost, stream_gaps, gap_bytes, "
      "one_way, two_way, kernel_drops, resumed, cut_requests, cut_flows, orphan_replies, "
      "overlap_conflicts FROM capture ORDER BY capture");
  return rows_of(rows, context.words);
}

void tell_capture(const Json& counts, const Json& scope, Sentences& out) {
  const auto capture = counts["capture"].get<std::int64_t>();
  const auto number = [&](const char* key) { return counts[key].get<std::int64_t>(); };
  Values values{{"capture", plain(capture)}};
  if (scope["packets"] == 0) out.add("blind-empty", values, capture);
  const auto damage = scope["damage"].get<std::string>();
  if (!damage.empty()) {
    values["damage"] = plain(damage);
    out.add("blind-damage", values, capture);
  }
  if (scope["vantage"].get<std::string>().empty()) out.add("blind-vantage-untold", values, capture);
  for (const auto& [column, code] : kCounters) {
    if (number(column) == 0) continue;
    values["count"] = plain(number(column));
    out.add(code, values, capture);
  }
  if (number("stream_gaps") > 0) {
    values["count"] = plain(number("stream_gaps"));
    values["bytes"] = plain(number("gap_bytes"));
    out.add("blind-gaps", values, capture);
  }
  if (number("one_way") > 0) {
    values["count"] = plain(number("one_way"));
    values["both"] = plain(number("two_way"));
    out.add("blind-one-way", values, capture);
  }
  if (number("cut_requests") + number("cut_flows") > 0) {
    values["requests"] = plain(number("cut_requests"));
    values["flows"] = plain(number("cut_flows"));
    out.add("blind-cut", values, capture);
  }
}

std::string listed(const std::vector<std::string>& ids) {
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "" : " ") + id;
  return list;
}

/// Whether a capture taken at one of `given` serves a question.
bool is_served(const Question& question, const std::string& given) {
  return std::ranges::any_of(question.vantage, [&](const std::string& letter) {
    return letter == "any" || given.find(letter) != std::string::npos;
  });
}

void tell_vantages(const Context& context, const Json& captures, Sentences& out) {
  std::string given;
  for (const auto& capture : captures) given += capture["vantage"].get<std::string>();
  for (const char letter : kVantages) {
    if (given.find(letter) != std::string::npos) continue;
    const std::string name{letter};
    std::vector<std::string> lacking;
    bool any = false;
    for (const auto& question : context.from.questions.questions) {
      if (std::ranges::find(question.vantage, name) == question.vantage.end()) continue;
      any = true;
      if (!is_served(question, given)) lacking.push_back(question.id);
    }
    if (!any) continue;
    const Values values{{"letter", plain(name)},
                        {"vantage", context.words.term("vantage", name)},
                        {"questions", plain(listed(lacking))}};
    out.add(lacking.empty() ? "blind-vantage-other" : "blind-vantage", values);
  }
}

Bilingual percent(double share) {
  return plain(short_decimal(kHundred * share, 1));
}

void tell_coverage(const Context& context, Sentences& out) {
  const auto& policy = context.from.policy;
  auto row = context.from.model.prepare(
      "SELECT MIN(span_days, seen_days), both_directions, loss FROM coverage WHERE captures > 0");
  if (!row.step()) {
    out.add("blind-no-capture", {});
    return;
  }
  if (row.real(0) < policy.min_days)
    out.add("blind-days", {{"days", plain(short_decimal(row.real(0), 4))},
                           {"min", plain(short_decimal(policy.min_days, 1))}});
  if (row.is_null(1))
    out.add("blind-no-directions", {});
  else if (row.real(1) < policy.min_both_directions)
    out.add("blind-both-directions",
            {{"percent", percent(row.real(1))}, {"min", percent(policy.min_both_directions)}});
  if (row.real(2) > policy.max_loss)
    out.add("blind-loss", {{"percent", percent(row.real(2))}, {"max", percent(policy.max_loss)}});
}

/// Lists that questions want and that nobody supplied.
void tell_inputs(const Context& context, Sentences& out) {
  const auto& set = context.from.questions;
  const auto given = given_inputs(context.from.model, set);
  for (const auto& [input, title] : set.inputs) {
    if (given.contains(input)) continue;
    std::vector<std::string> lacking;
    for (const auto& question : set.questions)
      if (std::ranges::find(question.needs, input) != question.needs.end())
        lacking.push_back(question.id);
    if (lacking.empty()) continue;
    out.add("blind-lists", {{"input", title}, {"questions", plain(listed(lacking))}});
  }
  std::vector<std::string> apart;
  for (const auto& question : set.questions)
    if (question.captures > 1) apart.push_back(question.id);
  if (!apart.empty()) out.add("blind-captures", {{"questions", plain(listed(apart))}});
}

Json titled(Statement& rows, const Words& words,
            std::initializer_list<std::pair<const char*, std::string_view>> titles) {
  auto list = rows_of(rows, words);
  for (auto& row : list)
    for (const auto& [key, group] : titles)
      row[std::string{key} + "_title"] =
          text_of(words.term(group, row[key].get_ref<const std::string&>()));
  return list;
}

}  // namespace

Json coverage_section(const Context& context) {
  auto& model = context.from.model;
  const auto scope = scope_section(context);
  auto stops = model.prepare(
      "SELECT capture, layer, reason, limited_by, packets, frame FROM stop "
      "ORDER BY capture, packets DESC, layer, reason, limited_by");
  auto caps = model.prepare("SELECT name, bound, reached FROM cap WHERE reached > 0 ORDER BY name");
  Json section;
  section["captures"] = counters(context);
  section["stops"] = titled(stops, context.words,
                            {{"layer", "layer"}, {"reason", "stop"}, {"limited_by", "limit"}});
  section["caps"] = titled(caps, context.words, {{"name", "cap"}});

  Sentences sentences{context.words};
  tell_coverage(context, sentences);
  tell_vantages(context, scope["captures"], sentences);
  if (scope["zones"]["declared"] == 0) sentences.add("zones-assumed", {});
  for (std::size_t i = 0; i < section["captures"].size(); ++i)
    tell_capture(section["captures"][i], scope["captures"][i], sentences);
  for (const auto& cap : section["caps"]) {
    sentences.add("blind-cap", {{"name", {cap["name_title"]["en"], cap["name_title"]["ja"]}},
                                {"bound", plain(cap["bound"].get<std::int64_t>())},
                                {"reached", plain(cap["reached"].get<std::int64_t>())}});
  }
  tell_inputs(context, sentences);
  section["blind"] = sentences.take();
  return section;
}

}  // namespace sekimori::report
