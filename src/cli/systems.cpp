#include "systems.h"

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/report/committee.h"

#include "rules.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace sekimori::cli {
namespace {

/// A sheet, which is named in the report by its content.
Answers read_sheet(const std::string& file, const std::string& kind, const QuestionSet& set,
                   const std::optional<AnswerMap>& map, std::vector<SuppliedInput>& supplied) {
  auto answers = load_answers(file, set, map ? &*map : nullptr);
  supplied.push_back({kind, sha256_of(file)});
  return answers;
}

/// Where a file of the site file stands.
std::string beside(const Site& site, const std::string& file) {
  return (std::filesystem::path{site.file}.parent_path() / file).string();
}

Sheet sheet_of(const Site& site, const SiteSystem& system, const QuestionSet& common,
               const std::optional<AnswerMap>& map, std::vector<SuppliedInput>& supplied) {
  Sheet sheet;
  sheet.questions = system.set.empty() ? common : built_in_question_set(system.set);
  // The map is of the common set's questions.
  const auto own_map = system.set.empty() ? map : std::nullopt;
  if (!system.answers.empty())
    sheet.answers =
        read_sheet(beside(site, system.answers), "answers", sheet.questions, own_map, supplied);
  for (const auto& file : system.members)
    sheet.members.push_back(
        read_sheet(beside(site, file), "member", sheet.questions, own_map, supplied));
  if (sheet.answers) check_kind(system, *sheet.answers);
  for (const auto& member : sheet.members) check_kind(system, member);
  return sheet;
}

}  // namespace

void add_answer_options(options::options_description& described) {
  described.add_options()("answers", options::value<std::string>()->value_name("FILE"),
                          "the filled-in questionnaire: CSV, XLSX, XLS or JSON")(
      "answer-map", options::value<std::string>()->value_name("FILE"),
      "what the questions of a sheet of your own mean (sekimori questions --map)")(
      "member", options::value<std::vector<std::string>>()->composing()->value_name("FILE"),
      "the sheet of one member of a committee, beside the consensus in --answers; may be given "
      "again")("site", options::value<std::string>()->value_name("FILE"),
               "JSON: the systems that are assessed apart, each with its sheet, its zones and its "
               "captures, instead of --answers");
}

Sheets read_sheets(const options::variables_map& given) {
  Sheets sheets;
  const auto set = question_set(given);
  std::optional<AnswerMap> map;
  if (const auto file = one(given, "answer-map"); !file.empty()) {
    map = load_answer_map(file, set);
    sheets.supplied.push_back({"answer-map", sha256_of(file)});
  }
  const auto answers = one(given, "answers");
  const auto members = many(given, "member");
  if (const auto file = one(given, "site"); !file.empty()) {
    if (!answers.empty() || !members.empty())
      throw Error("--site", "the sheets stand in it, so give no --answers or --member");
    sheets.site = load_site(file);
    sheets.supplied.push_back({"site", sha256_of(file)});
    for (const auto& system : sheets.site->systems)
      sheets.sheets.push_back(sheet_of(*sheets.site, system, set, map, sheets.supplied));
    return sheets;
  }
  if (!members.empty() && answers.empty())
    throw Error("--member", "give with --answers what the members agreed on");
  Sheet sheet;
  sheet.questions = set;
  if (!answers.empty()) sheet.answers = read_sheet(answers, "answers", set, map, sheets.supplied);
  for (const auto& file : members)
    sheet.members.push_back(read_sheet(file, "member", set, map, sheets.supplied));
  sheets.sheets.push_back(std::move(sheet));
  return sheets;
}

std::vector<SystemSources> sources_of(const Sheets& sheets, const std::vector<Judged>& judged) {
  std::vector<SystemSources> sources;
  if (!sheets.site) return sources;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const auto& system = sheets.site->systems[i];
    const auto& sheet = sheets.sheets[i];
    sources.push_back({system.name, system.kind, judged[i].part, sheet.questions,
                       judged[i].verdicts, sheet.answers ? &*sheet.answers : nullptr,
                       judged[i].violated});
  }
  return sources;
}

void add_committees(const Sheets& sheets, nlohmann::ordered_json& report) {
  for (std::size_t i = 0; i < sheets.sheets.size(); ++i) {
    const auto& sheet = sheets.sheets[i];
    if (sheet.members.empty()) continue;
    const auto section = committee_section(sheet.questions, *sheet.answers, sheet.members);
    if (i == 0) report["committee"] = section;
    if (sheets.site) report["systems"][i]["committee"] = section;
  }
}

}  // namespace sekimori::cli
