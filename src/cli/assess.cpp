// sekimori assess: from captures and answers to the report.

#include "sekimori/assess/plant_list.h"
#include "sekimori/assess/run_checks.h"
#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/held_views.h"
#include "sekimori/model/store.h"
#include "sekimori/reconcile/reconcile.h"
#include "sekimori/report/diff.h"
#include "sekimori/report/output_folder.h"
#include "sekimori/report/previous.h"
#include "sekimori/report/report.h"
#include "sekimori/report/tables.h"

#include "command.h"
#include "inputs.h"
#include "output.h"
#include "rules.h"
#include "systems.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <iostream>
#include <malloc.h>
#include <optional>
#include <sstream>
#include <system_error>

namespace sekimori::cli {
namespace {

constexpr std::string_view kModel = "report.sekimori";
constexpr std::string_view kAssetsTable = "assets.csv";
constexpr std::string_view kConversationsTable = "conversations.csv";
constexpr auto kSeverities = std::to_array(
    {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info});

/// The least severity that makes the exit code 1; nothing for `never`.
std::optional<Severity> fail_on(const options::variables_map& given) {
  const auto text = one(given, "fail-on");
  if (text == "never") return std::nullopt;
  for (const auto severity : kSeverities)
    if (to_text(severity) == text) return severity;
  throw Error("--fail-on",
              "no such severity: \"" + text + "\"; critical, high, medium, low, info or never");
}

/// Everything given beside the captures, read before the first frame.
struct Inputs {
  ZonePlan zones;
  std::vector<PlantList> lists;
  Rules rules;
  Sheets sheets;
  std::string previous_file;
  nlohmann::ordered_json previous;  ///< null where none was given
  MergePolicy policy;
  Language language = Language::both;
  std::optional<Severity> fail_on;
  std::vector<SuppliedInput> supplied;
  unsigned threads = 1;
};

Inputs read_inputs(const options::variables_map& given) {
  Inputs inputs;
  inputs.fail_on = fail_on(given);
  inputs.language = language(given);
  inputs.threads = threads(given);
  inputs.rules = rules(given);
  inputs.sheets = read_sheets(given);
  inputs.supplied = inputs.sheets.supplied;
  inputs.previous_file = one(given, "previous");
  if (!inputs.previous_file.empty()) {
    inputs.previous = load_report(inputs.previous_file);
    inputs.supplied.push_back({"previous", sha256_of(report_file(inputs.previous_file))});
  }
  inputs.policy = built_in_merge_policy();
  inputs.zones = zone_plan(given);
  for (const auto& kind : list_kinds()) {
    const std::string name{kind.name};
    const auto file = one(given, name);
    if (file.empty()) continue;
    inputs.lists.push_back(load_list(name, file));
    inputs.supplied.push_back({name, sha256_of(file)});
  }
  for (const auto* kind : {"zones", "questions"})
    if (const auto file = one(given, kind); !file.empty())
      inputs.supplied.push_back({kind, sha256_of(file)});
  for (const auto& file : rule_files(given)) inputs.supplied.push_back({"rules", sha256_of(file)});
  return inputs;
}

bool is_model(const std::string& path) {
  return std::filesystem::path{path}.extension() == ".sekimori";
}

/// The facts of a model file, where one is given instead of captures.
Facts facts(const Command& self, const options::variables_map& given) {
  const auto names = many(given, "captures");
  if (std::ranges::none_of(names, is_model)) return read_captures(self, given);
  if (names.size() != 1)
    throw Error("sekimori assess", "give captures or one model file; sekimori merge joins models");
  if (!one(given, "vantage").empty())
    throw Error("--vantage", "a model file has its vantage points already");
  return load(names.front(), threads(given));
}

struct Outcome {
  std::vector<CheckOutcome> checks;
  nlohmann::ordered_json report;
  std::future<void> workbook, pages;  ///< being written, from `report`
};

/// Work that may go beside other work: on a thread of its own or, where one is all there is, once
/// its result is asked for.
template <class Work>
auto beside(const Inputs& inputs, Work work) {
  return std::async(inputs.threads > 1 ? std::launch::async : std::launch::deferred,
                    std::move(work));
}

/// What is as long as the plant is large goes into its file at once.
void write_tables(Database& model, OutputFolder& folder) {
  folder.write(kAssetsTable, [&](const TextSink& sink) { write_assets_csv(model, sink); });
  folder.write(kConversationsTable,
               [&](const TextSink& sink) { write_conversations_csv(model, sink); });
}

void write_pages(const nlohmann::ordered_json& report, OutputFolder& folder) {
  folder.write("report.json", to_json_text(report));
  folder.write("report.html", to_html(report));
  folder.write("report.md", to_markdown(report));
  folder.write("report.schema.json", report_schema());
}

/// What needs no checks, but for evidence that asks what they found.
struct Gathered {
  GatheredEvidence evidence;
  nlohmann::ordered_json heard;  ///< the report's sections
};

/// What goes beside the checks, on connections of its own: the workbook's part that is the model's
/// alone, then evidence for the one sheet that is for the whole site and sections of the report,
/// then the tables.
struct Beside {
  std::future<ReportWorkbook> workbook;
  std::future<Gathered> gathered;  ///< not valid where it must be gathered afterwards
  std::future<void> tables;
  std::promise<void> held;  ///< readers may take what the model holds
};

Beside begin_beside(const Database& model, const Inputs& inputs, const Answers& answers,
                    OutputFolder& folder) {
  Beside begun;
  std::packaged_task<ReportWorkbook()> beginning{[&] {
    auto reader = model.reader();
    constexpr const char* kName = "report.xlsx";
    return ReportWorkbook{reader, inputs.language, folder.reserve(kName), folder / kName};
  }};
  begun.workbook = beginning.get_future();
  std::packaged_task<Gathered()> gathering;
  const auto& sheets = inputs.sheets;
  if (inputs.threads > 1 && !sheets.site && !asks_for_findings(sheets.first().questions)) {
    gathering = std::packaged_task<Gathered()>{[&, held = begun.held.get_future()]() mutable {
      auto reader = model.reader();
      std::optional<HeldViews> views;
      Gathered made;
      made.evidence =
          gather_evidence(reader, sheets.first().questions, answers, inputs.policy, [&] {
            held.get();
            views.emplace(reader);
          });
      made.heard = heard_sections(reader);
      return made;
    }};
    begun.gathered = gathering.get_future();
  }
  begun.tables = beside(
      inputs, [&, beginning = std::move(beginning), gathering = std::move(gathering)]() mutable {
        beginning();
        if (gathering.valid()) gathering();
        auto reader = model.reader();
        write_tables(reader, folder);
      });
  return begun;
}

/// The derived tables, made aside where that does not take too much memory, and what they are made
/// of. However many threads there are, since the file's bytes tell which it was.
struct Concluded {
  std::optional<Database> tables;
  Inference inference;
};

Concluded conclude(const Facts& facts, const ZonePlan& plan, const ColumnListener& known) {
  Concluded made{{}, infer(facts, plan, known)};
  try {
    made.tables = Database::aside();
    write_tables(made.inference, *made.tables);
  } catch (const Error&) {
    made.tables.reset();
  }
  return made;
}

/// What is concluded while save() writes the facts, as it comes.
struct Concluding {
  std::future<SubjectAssets> subjects;
  std::future<std::vector<ConversationLinks>> links;
  std::future<Concluded> whole;
};

Concluding begin_concluding(const Facts& facts, const Inputs& inputs) {
  Concluding begun;
  std::promise<SubjectAssets> subjects;
  std::promise<std::vector<ConversationLinks>> links;
  begun.subjects = subjects.get_future();
  begun.links = links.get_future();
  begun.whole =
      beside(inputs, [&, subjects = std::move(subjects), links = std::move(links)]() mutable {
        // Where this throws, nobody waits for them any more.
        auto of_subjects = std::move(subjects);
        auto of_links = std::move(links);
        return conclude(facts, inputs.zones,
                        {[&](const auto& columns) { of_subjects.set_value(columns); },
                         [&](const auto& columns) { of_links.set_value(columns); }});
      });
  return begun;
}

/// What the model's facts have of it.
template <class Columns>
Columns get(std::future<Columns>& columns, Concluding& concluding, const Inputs& inputs) {
  if (inputs.threads == 1) concluding.whole.wait();  // it begins here
  try {
    return columns.get();
  } catch (const std::future_error&) {
    static_cast<void>(concluding.whole.get());  // throws what went wrong
    throw;
  }
}

/// Puts the rest into the model, which has the facts by now: they are let go.
void write(Concluding& concluding, Facts& facts, const Inputs& inputs, Database& model) {
  auto concluded = concluding.whole.get();
  if (!concluded.tables) write_tables(concluded.inference, model);
  auto cleared =
      beside(inputs, [gone = std::move(facts), made_of = std::move(concluded.inference)]() mutable {
        gone = {};
        made_of = {};
        malloc_trim(0);  // what is held next takes room
      });
  if (concluded.tables) adopt_tables(std::move(*concluded.tables), model);
  cleared.get();
}

/// Checks and merges; what it finds stands in the model, which may then be closed, and the report
/// is made of it.
void assess(Database& model, Facts& facts, Concluding& concluding, const Inputs& inputs,
            OutputFolder& folder, Outcome& outcome) {
  write(concluding, facts, inputs, model);
  write_lists(inputs.lists, model);
  std::vector<Judged> judged;
  const auto& sheets = inputs.sheets;
  // Before the checks, because what it is bound to may be misspelt.
  if (sheets.site)
    judged = judge_systems(model, inputs.rules, *sheets.site, sheets.sheets, inputs.policy);
  model.share();
  const auto& sheet = sheets.first();
  const auto answers = sheet.answers ? *sheet.answers : Answers{};
  auto begun = begin_beside(model, inputs, answers, folder);
  std::optional<HeldViews> held{model};
  model.share();
  begun.held.set_value();
  outcome.checks = run_checks(inputs.rules, model);
  auto found = found_sections(model);
  Gathered gathered;
  if (begun.gathered.valid()) {
    gathered = begun.gathered.get();
  } else {
    if (!sheets.site)
      gathered.evidence = gather_evidence(model, sheet.questions, answers, inputs.policy);
    gathered.heard = heard_sections(model);
  }
  if (!sheets.site) {
    judged.push_back(
        {{}, reconcile(model, sheet.questions, answers, inputs.policy, gathered.evidence), {}});
  }
  outcome.report = make_report(
      {model, inputs.rules, sheet.questions, inputs.policy, judged.front().verdicts,
       sheet.answers ? &*sheet.answers : nullptr, inputs.supplied, sources_of(sheets, judged)},
      std::move(found), std::move(gathered.heard));
  if (!inputs.previous.is_null())
    add_previous(outcome.report, inputs.previous, inputs.previous_file);
  held.reset();    // no more is asked of it,
  malloc_trim(0);  // and the forms take room
  add_committees(sheets, outcome.report);
  keep_language(outcome.report, inputs.language);
  if (inputs.threads == 1) begun.tables.wait();  // where one thread is all there is, it begins here
  outcome.workbook = beside(
      inputs, [&outcome, book = begun.workbook.get()]() mutable { book.finish(outcome.report); });
  begun.tables.get();  // one after the other, since both are large
  outcome.pages = beside(inputs, [&outcome, &folder] { write_pages(outcome.report, folder); });
}

/// Whether a program of that name stands on the path; nothing is started.
bool has_pandoc() {
  const char* const set = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  std::istringstream folders{set == nullptr ? "" : set};
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code failed;
    if (std::filesystem::exists(std::filesystem::path{folder} / "pandoc", failed)) return true;
  }
  return false;
}

/// Of the whole report, or of a system in it.
void print_score(const nlohmann::ordered_json& of) {
  const auto& score = of.at("summary").at("score");
  if (score.is_null())
    std::cout << "answers: none given; the report suggests some\n";
  else
    std::cout << "score: claimed " << score.at("claimed") << " of " << score.at("claimed_most")
              << ", adjusted " << score.at("adjusted") << " of " << score.at("adjusted_most")
              << "; " << of.at("contradictions").size() << " answers contradicted\n";
}

void print(const Outcome& outcome, const Inputs& inputs, const OutputFolder& folder) {
  const auto& summary = outcome.report.at("summary");
  std::cout << (folder / "report.html").string() << '\n';
  // This program starts no other: an editable document is one command away.
  std::cout << "an editable document: "
            << (has_pandoc() ? "" : "install pandoc (apt install pandoc), then ") << "pandoc "
            << (folder / "report.md").string() << " -o " << (folder / "report.docx").string()
            << '\n';
  std::cout << "findings:";
  for (const auto severity : kSeverities) {
    const std::string name{to_text(severity)};
    std::cout << ' ' << summary.at("severities").at(name) << ' ' << name
              << (severity == kSeverities.back() ? "\n" : ",");
  }
  std::cout << "checks: " << summary.at("checks").at("violated") << " violated, "
            << summary.at("checks").at("met") << " met, " << summary.at("checks").at("unseen")
            << " unseen\n";
  const auto& sheets = inputs.sheets;
  for (std::size_t i = 0; i < sheets.sheets.size(); ++i) {
    if (sheets.site) std::cout << sheets.site->systems[i].name.en << ": ";
    print_score(sheets.site ? outcome.report.at("systems").at(i) : outcome.report);
  }
}

bool is_violated(const Outcome& outcome, const Inputs& inputs) {
  if (!inputs.fail_on) return false;
  return std::ranges::any_of(outcome.checks, [&](const CheckOutcome& check) {
    return check.result == CheckResult::violated &&
           inputs.rules.at(check.id).severity >= *inputs.fail_on;
  });
}

/// One for each list that a plant may hand over, with its columns.
void add_list_options(options::options_description& described) {
  for (const auto& kind : list_kinds()) {
    std::string about{kind.about};
    about += " (CSV or JSON:";
    for (const auto& column : kind.columns) about += ' ' + std::string{column.name};
    about += ')';
    described.add_options()(std::string{kind.name}.c_str(),
                            options::value<std::string>()->value_name("FILE"), about.c_str());
  }
}

/// A plant's list may have the name of a table of the report, and lie where the report is to be.
void spare_lists(const options::variables_map& given) {
  std::vector<std::string> files;
  for (const auto& kind : list_kinds()) files.push_back(one(given, std::string{kind.name}));
  const std::filesystem::path folder{one(given, "output")};
  for (const auto table : {kAssetsTable, kConversationsTable}) spare_inputs(folder / table, files);
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("DIR"),
                          "the folder to write the report into");
  add_answer_options(described);
  described.add_options()("previous", options::value<std::string>()->value_name("FILE|DIR"),
                          "the report of last time (report.json, or the folder that holds it), "
                          "whose scores stand beside those of today");
  add_list_options(described);
  add_reading_options(described);
  add_rule_option(described);
  add_question_option(described);
  add_language_option(described, "both");
  described.add_options()(
      "fail-on", options::value<std::string>()->default_value("high")->value_name("SEVERITY"),
      "exit code 1 where a check of this severity or above is violated: critical, high, medium, "
      "low, info, or never");
  const auto given = parse(self, described, "captures", arguments);
  if (!given) return kClean;
  spare_lists(*given);
  const auto inputs = read_inputs(*given);
  OutputFolder folder{one(*given, "output")};
  auto observed = facts(self, *given);
  Outcome outcome;
  auto concluding = begin_concluding(observed, inputs);
  save(observed, folder.reserve(kModel),
       [&](Database& model) { assess(model, observed, concluding, inputs, folder, outcome); },
       folder / kModel,
       {[&] { return get(concluding.subjects, concluding, inputs); },
        [&] { return get(concluding.links, concluding, inputs); }});
  outcome.workbook.get();
  outcome.pages.get();
  folder.publish();
  print(outcome, inputs, folder);
  // Left to the system: a large report is a million values to take apart.
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
  [[maybe_unused]] static const auto* const left =
      new nlohmann::ordered_json(std::move(outcome.report));
  return is_violated(outcome, inputs) ? kViolated : kClean;
}

const CommandRegistration registration{
    {.name = "assess",
     .usage = "CAPTURE... [--answers FILE | --site FILE] [--zones FILE] [--vantage LETTERS] -o DIR",
     .summary = "reads captures (or one model file), checks them, merges them with the answers, "
                "and writes the report",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
