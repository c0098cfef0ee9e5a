// The site file: which systems are assessed apart, with what answers, and what of the plant is
// theirs.

#include "sekimori/reconcile/site.h"

#include "sekimori/assess/run_checks.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/input_error.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/reconcile/question_set.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

std::vector<SiteSystem::Named> names(const std::optional<JsonNode>& list) {
  std::vector<SiteSystem::Named> found;
  if (!list) return found;
  list->each([&](const JsonNode& node) {
    const auto name = node.text();
    if (std::ranges::find(found, name, &SiteSystem::Named::name) != found.end())
      node.fail(in_quotes(name) + " stands twice");
    found.push_back({name, node.path()});
  });
  // An empty list would be bound to nothing, and read as the whole site.
  if (found.empty()) list->fail("names nothing; leave it out for all there is");
  return found;
}

/// A name is one text for both languages, or a text for each.
Bilingual name_of(const JsonNode& node) {
  if (!node.is_text()) return node.bilingual();
  const auto name = node.text();
  return {name, name};
}

SiteSystem read_system(const JsonNode& node) {
  node.keys({"name", "kind"}, {"set", "answers", "members", "zones", "captures"});
  SiteSystem system;
  system.where = node.path();
  system.name = name_of(node.at("name"));
  system.kind = node.at("kind").one_of({"ics", "telemetry"});
  if (const auto set = node.find("set")) system.set = set->one_of(built_in_question_sets());
  if (const auto answers = node.find("answers")) system.answers = answers->text();
  if (const auto members = node.find("members")) {
    if (system.answers.empty()) members->fail("give with answers what the members agreed on");
    system.members = members->texts();
  }
  system.zones = names(node.find("zones"));
  system.captures = names(node.find("captures"));
  return system;
}

/// A sheet is of one system: what two of them share would count twice.
void check_apart(const JsonNode& node, const SiteSystem& system, const SiteSystem& other) {
  if (system.name.en == other.name.en || system.name.ja == other.name.ja)
    node.at("name").fail(in_quotes(system.name.en) + " is the name of " + other.where + " too");
  if (!system.answers.empty() && system.answers == other.answers)
    node.at("answers").fail(in_quotes(system.answers) + " is the sheet of " +
                            in_quotes(other.name.en) + ": each system is assessed by its own");
}

std::string numbers(const std::vector<std::int64_t>& list) {
  std::string text;
  for (const auto number : list) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

/// Every row whose name is one of those; what has none is an error.
std::vector<std::int64_t> find(Database& model, const std::string& query, const Site& site,
                               const std::vector<SiteSystem::Named>& wanted,
                               std::string_view lacking) {
  std::vector<std::pair<std::string, std::int64_t>> known;
  std::vector<std::string> candidates;
  auto rows = model.prepare(query);
  while (rows.step()) {
    known.emplace_back(rows.text(0), rows.integer(1));
    candidates.push_back(rows.text(0));
  }
  std::vector<std::int64_t> found;
  for (const auto& [name, where] : wanted) {
    const auto before = found.size();
    for (const auto& [each, number] : known)
      if (each == name) found.push_back(number);
    if (found.size() == before)
      throw InputError(
          site.file, where,
          std::string{lacking} + ' ' + in_quotes(name) + did_you_mean(name, candidates));
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// Lets each part know the zones of the others.
void tell_apart(std::vector<PlantPart>& parts) {
  for (auto& part : parts) {
    std::set<std::int64_t> others;
    for (const auto& other : parts) others.insert(other.zones.begin(), other.zones.end());
    for (const auto zone : part.zones) others.erase(zone);
    if (!part.zones.empty()) part.others.assign(others.begin(), others.end());
  }
}

/// Writes the table `system`.
void write_systems(Database& model, const Site& site, const std::vector<PlantPart>& parts) {
  model.execute("DELETE FROM system");
  auto insert = model.prepare(
      "INSERT INTO system (system, name, name_ja, kind, zones, captures) VALUES (?, ?, ?, ?, ?, "
      "?)");
  for (std::size_t i = 0; i < site.systems.size(); ++i) {
    const auto& system = site.systems[i];
    insert.bind(1, static_cast<std::int64_t>(i + 1))
        .bind(2, system.name.en)
        .bind(3, system.name.ja)
        .bind(4, system.kind)
        .bind(5, numbers(parts[i].zones))
        .bind(6, numbers(parts[i].captures));
    insert.run();
  }
}

}  // namespace

Site parse_site(std::string_view json, std::string_view file) {
  const auto parsed = parse_json(json, file);
  const JsonNode root{parsed, file};
  root.keys({"systems"});
  Site site;
  site.file = file;
  root.at("systems").each([&](const JsonNode& node) {
    auto system = read_system(node);
    for (const auto& other : site.systems) check_apart(node, system, other);
    site.systems.push_back(std::move(system));
  });
  if (site.systems.empty()) root.at("systems").fail("names no system");
  return site;
}

Site load_site(const std::filesystem::path& path) {
  return parse_site(read_file(path), path.string());
}

PlantPart part_of(Database& model, const Site& site, const SiteSystem& system) {
  PlantPart part;
  part.zones = find(
      model, "SELECT name, zone FROM zone UNION SELECT name_ja, zone FROM zone WHERE name_ja <> ''",
      site, system.zones, "the plant has no zone");
  part.captures = find(model, "SELECT name, capture FROM capture", site, system.captures,
                       "there is no capture");
  return part;
}

void check_kind(const SiteSystem& system, const Answers& sheet) {
  const auto said = sheet.cover.find("kind");
  if (said == sheet.cover.end() || said->second.empty()) return;
  if ((said->second == "telemetry") == (system.kind == "telemetry")) return;
  throw Error(sheet.file, "kind",
              in_quotes(said->second) + ", and the site file calls " + in_quotes(system.name.en) +
                  ' ' + in_quotes(system.kind) +
                  ": control systems and telemetry are assessed apart");
}

std::vector<Judged> judge_systems(Database& model, const Rules& rules, const Site& site,
                                  const std::vector<Sheet>& sheets, const MergePolicy& policy) {
  std::vector<PlantPart> parts;
  for (const auto& system : site.systems) parts.push_back(part_of(model, site, system));
  tell_apart(parts);
  write_systems(model, site, parts);
  const Answers none;
  std::vector<Judged> all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& sheet = sheets.at(i);
    Judged judged;
    judged.part = parts[i];
    const HeldViews held{model, parts[i]};
    for (const auto& outcome : run_checks(rules, model))
      if (outcome.result == CheckResult::violated) judged.violated.insert(outcome.id);
    judged.verdicts = reconcile(model, sheet.questions, sheet.answers ? *sheet.answers : none,
                                policy, static_cast<std::int64_t>(i + 1));
    all.push_back(std::move(judged));
  }
  return all;
}

}  // namespace sekimori
