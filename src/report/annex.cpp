// The rules by which all of it was judged, printed; and whose data stand in it.

#include "sekimori/infer/oui.h"

#include "context.h"

#include <map>
#include <set>

namespace sekimori::report {
namespace {

Json thresholds(const Context& context) {
  const auto& policy = context.from.policy;
  Json json;
  json["min_days"] = policy.min_days;
  json["weekend"] = policy.weekend;
  json["min_both_directions"] = policy.min_both_directions;
  json["max_loss"] = policy.max_loss;
  json["contradiction"] = Json::array();
  for (const auto& limit : policy.contradiction)
    json["contradiction"].push_back(
        {{"strength", to_text(limit.strength)}, {"flows", limit.flows}});
  json["rating"] = Json::array();
  for (const auto& step : policy.rating)
    json["rating"].push_back(
        {{"id", step.id}, {"at_least", step.at_least}, {"title", text_of(step.title)}});
  return json;
}

Json adjustment(const Context& context) {
  auto list = Json::array();
  for (const auto claimed :
       {Answer::yes, Answer::partial, Answer::no, Answer::not_applicable, Answer::unanswered}) {
    for (const auto evidence : {Evidence::strong, Evidence::limited, Evidence::silent,
                                Evidence::supporting, Evidence::uncovered}) {
      const auto& cell =
          context.from.policy
              .adjustment[static_cast<std::size_t>(claimed)][static_cast<std::size_t>(evidence)];
      list.push_back({{"claimed", to_text(claimed)},
                      {"evidence", to_text(evidence)},
                      {"adjusted", to_text(cell.adjusted)},
                      {"suggested", to_text(cell.suggested)},
                      {"verdict", to_text(cell.verdict)}});
    }
  }
  return list;
}

Json rules(const Context& context) {
  auto list = Json::array();
  for (const auto& question : context.from.questions.questions) {
    for (const auto& rule : question.evidence) {
      list.push_back({{"id", rule.id},
                      {"question", question.id},
                      {"kind", to_text(rule.kind)},
                      {"vantage", rule.vantage},
                      {"min_strength", to_text(rule.min_strength)},
                      {"needs_coverage", rule.needs_coverage},
                      {"refs", rule.refs}});
    }
  }
  return list;
}

Json rulesets(const Context& context) {
  auto list = Json::array();
  for (const auto& ruleset : context.from.rules.rulesets())
    list.push_back({{"name", ruleset.name},
                    {"title", text_of(ruleset.title)},
                    {"revision", ruleset.revision},
                    {"checks", ruleset.checks.size()}});
  return list;
}

/// Which checks and questions bear on a clause of a standard.
Json references(const Context& context) {
  std::map<std::string, std::pair<std::set<std::string>, std::vector<std::string>>> found;
  for (const auto& entry : context.from.rules.entries())
    for (const auto& standard : entry.check->maps_to) found[standard].first.insert(entry.check->id);
  for (const auto& question : context.from.questions.questions)
    for (const auto& standard : question.refs) found[standard].second.push_back(question.id);
  auto list = Json::array();
  for (const auto& [standard, from] : found)
    list.push_back({{"reference", standard}, {"checks", from.first}, {"questions", from.second}});
  return list;
}

Json licences(const Context& context) {
  auto list = Json::array();
  for (const auto& licence : context.words.all().at("licences"))
    list.push_back({{"name", licence.at("name")}, {"text", licence.at("text")}});
  return list;
}

}  // namespace

Json annex_of_questions(const Context& context) {
  Json json;
  json["rules"] = rules(context);
  json["references"] = references(context);
  return json;
}

Json annex_section(const Context& context) {
  const auto& words = context.words;
  const auto date = oui_date();
  Json json;
  json["policy"] = {{"title", text_of(context.from.policy.title)},
                    {"revision", context.from.policy.revision}};
  json["thresholds"] = thresholds(context);
  json["adjustment"] = adjustment(context);
  auto of_questions = annex_of_questions(context);
  json["rules"] = std::move(of_questions["rules"]);
  json["rulesets"] = rulesets(context);
  json["references"] = std::move(of_questions["references"]);
  json["oui"] = {{"date", date},
                 {"blocks", oui_count()},
                 {"text", text_of(words.say(
                              "oui", {{"date", plain(date)},
                                      {"count", plain(static_cast<std::int64_t>(oui_count()))}}))}};
  json["licences"] = licences(context);
  json["notes"] = Json::array({text_of(words.say("standards-note"))});
  return json;
}

}  // namespace sekimori::report
