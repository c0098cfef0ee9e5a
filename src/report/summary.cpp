// One page for those who decide: scores, counts, the worst, and what to do first.

#include "context.h"
#include "verdicts.h"

#include <algorithm>
#include <cmath>

namespace sekimori::report {
namespace {

constexpr std::size_t kWorst = 5;
constexpr std::size_t kFirst = 3;
constexpr double kTenth = 10;

/// To one digit after the point.
Json percent(const std::optional<double>& value) {
  if (!value) return nullptr;
  return std::round(*value * kTenth) / kTenth;
}

Json score(const Context& context) {
  const auto& set = context.from.questions;
  const auto& result = context.from.verdicts;
  const auto& total = result.total;
  Json json;
  json["claimed"] = set.points(total.claimed);
  json["claimed_most"] = set.points(total.most);
  json["claimed_percent"] = percent(total.claimed_percent());
  json["claimed_rating"] = result.claimed_rating;
  json["adjusted"] = set.points(total.adjusted);
  json["adjusted_most"] = set.points(total.adjusted_most);
  json["adjusted_percent"] = percent(total.adjusted_percent());
  json["rating"] = result.rating;
  json["after"] = set.points(total.after);
  json["after_most"] = set.points(total.after_most);
  json["after_percent"] = percent(total.after_percent());
  json["verified_percent"] = percent(total.verified_percent());
  json["verified"] = set.points(total.verified);
  json["claimed_yes"] = set.points(total.yes_weight);
  return json;
}

Json areas(const Context& context) {
  const auto& set = context.from.questions;
  auto list = Json::array();
  for (std::size_t i = 0; i < context.from.verdicts.areas.size(); ++i) {
    const auto& area = context.from.verdicts.areas[i];
    const auto& sum = area.score;
    list.push_back({{"id", area.area},
                    {"title", text_of(set.areas[i].title)},
                    {"most", set.points(set.areas[i].most)},
                    {"claimed", set.points(sum.claimed)},
                    {"claimed_most", set.points(sum.most)},
                    {"adjusted", set.points(sum.adjusted)},
                    {"adjusted_most", set.points(sum.adjusted_most)},
                    {"after", set.points(sum.after)},
                    {"after_most", set.points(sum.after_most)},
                    {"lost", set.points(sum.claimed - sum.adjusted)},
                    {"claimed_percent", percent(sum.claimed_percent())},
                    {"percent", percent(sum.adjusted_percent())},
                    {"after_percent", percent(sum.after_percent())},
                    {"rating", area.rating}});
  }
  return list;
}

Json counts(Database& model, const std::string& query, std::initializer_list<const char*> keys) {
  Json json;
  for (const auto* key : keys) json[key] = 0;
  auto rows = model.prepare(query);
  while (rows.step()) json[rows.text(0)] = rows.integer(1);
  return json;
}

Json verdict_counts(const Context& context) {
  Json json = Json::object();
  for (const auto code :
       {VerdictCode::contradicted, VerdictCode::partly_contradicted, VerdictCode::na_disputed,
        VerdictCode::confirmed_gap, VerdictCode::understated, VerdictCode::corroborated,
        VerdictCode::not_contradicted, VerdictCode::suggested, VerdictCode::not_observed,
        VerdictCode::not_testable})
    json[std::string{to_text(code)}] =
        std::ranges::count(context.from.verdicts.verdicts, code, &Verdict::code);
  return json;
}

Bilingual title_of(const Context& context, const std::string& mark) {
  const auto& set = context.from.questions;
  for (const auto& choice : set.scale.choices)
    if (choice.id == mark) return choice.title;
  return mark == to_text(Answer::not_applicable) ? set.scale.not_applicable : set.scale.unanswered;
}

/// The strongest fact against a claim, as the first of those against it.
const Json* telling_fact(const Json& contradiction) {
  const Json* best = nullptr;
  for (const auto& fact : contradiction["facts"]) {
    if (fact["kind"] != "against") continue;
    if (best == nullptr || fact["strength"].get_ref<const std::string&>() >
                               (*best)["strength"].get_ref<const std::string&>())
      best = &fact;
  }
  return best;
}

Json worst(const Context& context, const Json& contradictions) {
  auto list = Json::array();
  for (const auto& contradiction : contradictions) {
    if (list.size() == kWorst) break;
    const auto* fact = telling_fact(contradiction);
    Values values{{"question", plain(contradiction["question"].get<std::string>())},
                  {"claimed", title_of(context, contradiction["claimed"])}};
    Json json;
    json["question"] = contradiction["question"];
    json["text"] = contradiction["text"];
    json["lost"] = contradiction["lost"];
    json["severity"] = contradiction["severity"];
    json["evidence"] = nullptr;
    if (fact != nullptr) {
      values["fact"] = {(*fact)["text"]["en"], (*fact)["text"]["ja"]};
      json["sentence"] = text_of(context.words.say("contradiction", values));
      if (!(*fact)["evidence"].empty()) json["evidence"] = (*fact)["evidence"][0];
    } else {
      values["adjusted"] = title_of(context, contradiction["adjusted"]);
      json["sentence"] = text_of(context.words.say("contradiction-bare", values));
    }
    json["command"] = contradiction["command"];
    list.push_back(std::move(json));
  }
  return list;
}

/// Remedies of the violated checks: the gravest first, then those that cost the most points, then
/// those that were violated most often.
Json first_steps(const Context& context) {
  struct Step {
    const Check* check;
    std::int64_t findings, lost;
  };
  std::map<std::string, std::int64_t> lost;  // by `SSAT 18`
  for (const auto& verdict : context.from.verdicts.verdicts)
    if (is_contradiction(verdict)) lost["SSAT " + verdict.question] = lost_units(context, verdict);
  std::vector<Step> steps;
  auto rows = context.from.model.prepare(
      "SELECT check_id, findings FROM check_result WHERE result = 'violated' ORDER BY check_id");
  while (rows.step()) {
    const auto* check = context.from.rules.find(rows.text(0));
    if (check == nullptr) continue;
    Step step{check, rows.integer(1), 0};
    for (const auto& standard : check->maps_to) {
      const auto found = lost.find(standard);
      if (found != lost.end()) step.lost += found->second;
    }
    steps.push_back(step);
  }
  std::ranges::stable_sort(steps, std::ranges::greater{}, [](const Step& step) {
    return std::tuple{step.check->severity, step.lost, step.findings};
  });
  auto list = Json::array();
  for (const auto& step : steps) {
    if (list.size() == kFirst) break;
    list.push_back({{"check", step.check->id},
                    {"severity", to_text(step.check->severity)},
                    {"title", text_of(step.check->title)},
                    {"remedy", text_of(step.check->remedy)},
                    {"findings", step.findings}});
  }
  return list;
}

Json notices(const Context& context) {
  const auto& set = context.from.questions;
  const auto& words = context.words;
  const auto& never = set.testability[static_cast<std::size_t>(Testability::never)];
  const auto points = [&](std::int64_t units) {
    return plain(short_decimal(set.points(units), 1));
  };
  auto list = Json::array();
  list.push_back(text_of(
      words.say("interview-only", {{"touchable", points(set.most_units() - never.units)},
                                   {"most", points(set.most_units())},
                                   {"never", points(never.units)},
                                   {"lines", plain(static_cast<std::int64_t>(never.lines))}})));
  if (context.from.answers == nullptr) list.push_back(text_of(words.say("no-answers")));
  for (const auto& warning : context.from.verdicts.warnings) list.push_back(text_of(warning));
  return list;
}

}  // namespace

Json summary_section(const Context& context, const Json& contradictions) {
  const bool answered = context.from.answers != nullptr;
  auto& model = context.from.model;
  Json section;
  section["score"] = answered ? score(context) : Json(nullptr);
  section["areas"] = answered ? areas(context) : Json::array();
  section["severities"] =
      counts(model,
             "SELECT c.severity, SUM(r.findings) FROM check_result r JOIN (SELECT DISTINCT "
             "check_id, severity FROM finding) c USING (check_id) GROUP BY 1",
             {"critical", "high", "medium", "low", "info"});
  section["checks"] = counts(model, "SELECT result, COUNT(*) FROM check_result GROUP BY result",
                             {"violated", "met", "unseen"});
  section["verdicts"] = verdict_counts(context);
  section["worst"] = worst(context, contradictions);
  section["first"] = first_steps(context);
  section["notices"] = notices(context);
  return section;
}

}  // namespace sekimori::report
