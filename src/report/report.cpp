#include "sekimori/report/report.h"

#include "context.h"
#include "verdicts.h"

#include <algorithm>

namespace sekimori {
namespace embedded {
extern const std::string_view report_schema_json;
}  // namespace embedded

namespace report {
namespace {

constexpr std::size_t kMostSections = 32;              // of a report, with what others add
constexpr std::string_view kQuestionPrefix = "SSAT ";  // as checks map to questions

using Violated = std::set<std::string>;

Violated violated_checks(Database& model) {
  Violated violated;
  auto rows = model.prepare("SELECT check_id FROM check_result WHERE result = 'violated'");
  while (rows.step()) violated.insert(rows.text(0));
  return violated;
}

/// The worst severity of violated checks by the question that they map to.
std::map<std::string, int> question_ranks(const Rules& rules, const Violated& violated) {
  std::map<std::string, int> ranks;
  for (const auto& id : violated) {
    const auto* check = rules.find(id);
    if (check == nullptr) continue;
    for (const auto& standard : check->maps_to) {
      if (!standard.starts_with(kQuestionPrefix)) continue;
      auto& rank = ranks[standard.substr(kQuestionPrefix.size())];
      rank = std::max(rank, rank_of(to_text(check->severity)));
    }
  }
  return ranks;
}

/// What the codes of a question set are called.
Json legend_of_questions(const QuestionSet& set) {
  Json legend = Json::object();
  Json answers;
  for (const auto& choice : set.scale.choices) answers[choice.id] = text_of(choice.title);
  answers["na"] = text_of(set.scale.not_applicable);
  answers[""] = text_of(set.scale.unanswered);
  legend["answer"] = std::move(answers);
  const auto titles = [](const auto& from) {
    Json json = Json::object();
    for (const auto& [id, title] : from) json[id] = text_of(title);
    return json;
  };
  legend["testability"] = titles(set.testability_titles);
  legend["fix"] = titles(set.fix_types);
  legend["difficulty"] = titles(set.difficulties);
  legend["obstacle"] = titles(set.obstacles);
  return legend;
}

/// What the codes in the report are called.
Json legend(const Context& context) {
  auto legend = legend_of_questions(context.from.questions);
  Json verdicts = Json::object();
  for (std::size_t i = 1; i < kVerdictCount; ++i)
    verdicts[std::string{to_text(static_cast<VerdictCode>(i))}] =
        text_of(context.from.policy.verdicts[i]);
  legend["verdict"] = std::move(verdicts);
  Json ratings;
  for (const auto& step : context.from.policy.rating) ratings[step.id] = text_of(step.title);
  legend["rating"] = std::move(ratings);
  legend["zone"] = legend_of_zones(context.from.model);
  for (const auto* group :
       {"severity", "result", "evidence", "fact", "role", "asset_kind", "zone_kind", "wall",
        "access", "vantage", "strength", "event", "decoded", "system_kind", "agreement"})
    legend[group] = context.words.all().at("legend").at(group);
  return legend;
}

/// What of the report is about the answers to one questionnaire.
Json judged_sections(const Context& context) {
  Json json;
  auto contradictions = contradictions_section(context);
  json["summary"] = summary_section(context, contradictions);
  json["contradictions"] = std::move(contradictions);
  json["gaps"] = gaps_section(context);
  json["questions"] = questions_section(context);
  json["plan"] = plan_section(context);
  return json;
}

/// The names of the zones, or the captures, that a system is bound to.
Json zones_of(const Context& context, const PlantPart& part) {
  auto list = Json::array();
  for (const auto zone : part.zones) list.push_back(context.ends.zone(zone));
  return list;
}

Json system_section(const Context& context, const SystemSources& system) {
  auto scope = scope_section(context);
  Json json;
  json["system"] = context.system;
  json["name"] = text_of(system.name);
  json["kind"] = system.kind;
  json["zones"] = zones_of(context, system.part);
  json["captures"] = system.part.captures;
  json["scope"] = {{"cover", std::move(scope["cover"])},
                   {"questionnaire", std::move(scope["questionnaire"])}};
  json.update(judged_sections(context));
  for (const auto* const of_the_site : {"severities", "checks", "first"})
    json["summary"].erase(of_the_site);
  json["annex"] = annex_of_questions(context);
  json["legend"] = legend_of_questions(context.from.questions);
  return json;
}

/// The sources of one system's part.
std::vector<ReportSources> sources_of_systems(const ReportSources& all) {
  std::vector<ReportSources> sources;
  for (const auto& system : all.systems)
    sources.push_back({all.model,
                       all.rules,
                       system.questions,
                       all.policy,
                       system.verdicts,
                       system.answers,
                       all.supplied,
                       {}});
  return sources;
}

std::vector<FrameId> frames_of(const ReportSources& sources) {
  auto frames = frames_of_verdicts(sources.verdicts);
  for (const auto& system : sources.systems) {
    const auto more = frames_of_verdicts(system.verdicts);
    frames.insert(frames.end(), more.begin(), more.end());
  }
  return frames;
}

void keep(Json& json, const char* dropped) {
  // Two zones may be called so.
  if (json.is_object() && json.size() == 2 && json.contains("en") && json.contains("ja") &&
      json["en"].is_string()) {
    json.erase(dropped);
    return;
  }
  if (json.is_structured())
    for (auto& part : json) keep(part, dropped);
}

}  // namespace

Json legend_of_zones(Database& model) {
  auto legend = Json::object();
  auto zones =
      model.prepare("SELECT name, IIF(name_ja = '', name, name_ja) FROM zone ORDER BY zone");
  while (zones.step()) legend[zones.text(0)] = text_of({zones.text(0), zones.text(1)});
  return legend;
}

}  // namespace report

nlohmann::ordered_json found_sections(Database& model) {
  const report::Words words;
  const report::Plant plant{model, words};
  report::Json sections;
  report::object_of(sections, 3);
  sections["network"] = report::network_section(plant);
  sections["assets"] = report::assets_section(plant);
  sections["conversations"] = report::conversations_section(plant);
  return sections;
}

nlohmann::ordered_json heard_sections(Database& model) {
  const report::Words words;
  const report::Plant plant{model, words};
  report::Json sections;
  report::object_of(sections, 3);
  sections["services"] = report::services_section(plant);
  sections["operations"] = report::operations_section(plant);
  sections["events"] = report::events_section(plant);
  return sections;
}

nlohmann::ordered_json make_report(const ReportSources& sources) {
  return make_report(sources, found_sections(sources.model), heard_sections(sources.model));
}

nlohmann::ordered_json make_report(const ReportSources& sources, nlohmann::ordered_json found,
                                   nlohmann::ordered_json heard) {
  using report::Json;
  const report::Words words;
  const report::Endpoints ends{sources.model};
  const report::FrameIndex frames{sources.model, report::frames_of(sources)};
  const auto violated = sources.systems.empty() ? report::violated_checks(sources.model)
                                                : sources.systems.front().violated;
  const report::Context context{sources, words, frames, ends,
                                report::question_ranks(sources.rules, violated)};
  Json json;
  report::object_of(json, report::kMostSections);
  json["format"] = "sekimori-report";
  json["version"] = 1;
  json["tool"] = {{"name", "sekimori"},
                  {"version", SEKIMORI_VERSION},
                  {"model_schema", Database::kSchemaVersion}};
  json["languages"] = Json::array({"en", "ja"});
  json["scope"] = report::scope_section(context);
  auto judged = report::judged_sections(context);
  for (const auto* const key : {"summary", "contradictions", "gaps"})
    json[key] = std::move(judged[key]);
  json["findings"] = report::findings_section(context);
  json["checks"] = report::checks_section(context);
  for (const auto* const key :
       {"network", "assets", "services", "conversations", "operations", "events"})
    json[key] = std::move((found.contains(key) ? found : heard)[key]);
  for (const auto* const key : {"questions", "plan"}) json[key] = std::move(judged[key]);
  const auto of_systems = report::sources_of_systems(sources);
  for (std::size_t i = 0; i < of_systems.size(); ++i) {
    const auto& system = sources.systems[i];
    const report::Context part{
        of_systems[i], words, frames, ends, report::question_ranks(sources.rules, system.violated),
        i + 1};
    json["systems"].push_back(report::system_section(part, system));
  }
  json["coverage"] = report::coverage_section(context);
  json["annex"] = report::annex_section(context);
  json["legend"] = report::legend(context);
  return json;
}

std::optional<Language> parse_language(std::string_view text) noexcept {
  if (text == "en") return Language::en;
  if (text == "ja") return Language::ja;
  if (text == "both") return Language::both;
  return std::nullopt;
}

void keep_language(nlohmann::ordered_json& report, Language language) {
  if (language == Language::both) return;
  const bool english = language == Language::en;
  report::keep(report, english ? "ja" : "en");
  report["languages"] = report::Json::array({english ? "en" : "ja"});
}

std::string to_json_text(const nlohmann::ordered_json& report) {
  // What is no UTF-8 cannot be in JSON; the model holds none, but files of users may.
  return report.dump(1, ' ', false, report::Json::error_handler_t::replace) + '\n';
}

std::string_view report_schema() {
  return embedded::report_schema_json;
}

}  // namespace sekimori
