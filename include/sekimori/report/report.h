#pragma once

#include "sekimori/assess/ruleset.h"
#include "sekimori/model/database.h"
#include "sekimori/model/held_views.h"
#include "sekimori/reconcile/reconcile.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// Something given beside the captures, named by its content and never by its place.
struct SuppliedInput {
  std::string kind;  ///< answers, zones, exceptions, rules, questions, model
  std::string sha256;
};

/// A system that has answers of its own, and what came of them.
struct SystemSources {
  Bilingual name;
  std::string kind;
  PlantPart part;
  const QuestionSet& questions;
  const Reconciliation& verdicts;
  const Answers* answers = nullptr;  ///< null where none were given
  std::set<std::string> violated;    ///< checks, by what is of the system alone
};

/// What a report is made of: a model whose checks and verdicts are written, and their texts.
struct ReportSources {
  Database& model;
  const Rules& rules;
  const QuestionSet& questions;
  const MergePolicy& policy;
  const Reconciliation& verdicts;
  const Answers* answers = nullptr;  ///< null where none were given
  std::vector<SuppliedInput> supplied;
  /// Where several systems are assessed apart; the first of them is what the rest of the report
  /// shows, and `questions`, `verdicts` and `answers` are its.
  std::vector<SystemSources> systems = {};
};

// The sections that are as long as the plant is large, whatever became of the answers.
/// Those that also tell what checks found, and so of a model that has it: network, assets and
/// conversations.
[[nodiscard]] nlohmann::ordered_json found_sections(Database& model);
/// The others: services, operations and events.
[[nodiscard]] nlohmann::ordered_json heard_sections(Database& model);

/// The one source of every form of the report, in both languages: report.schema.json describes it.
/// It decides nothing, and equal sources make equal reports.
[[nodiscard]] nlohmann::ordered_json make_report(const ReportSources& sources);
/// Of found_sections() and heard_sections() that are there already.
[[nodiscard]] nlohmann::ordered_json make_report(const ReportSources& sources,
                                                 nlohmann::ordered_json found,
                                                 nlohmann::ordered_json heard);

[[nodiscard]] std::optional<Language> parse_language(std::string_view text) noexcept;
/// Keeps the texts of one language.
void keep_language(nlohmann::ordered_json& report, Language language);

// The forms. HTML is one file that needs neither network nor server.
[[nodiscard]] std::string to_json_text(const nlohmann::ordered_json& report);
[[nodiscard]] std::string to_html(const nlohmann::ordered_json& report);
[[nodiscard]] std::string to_markdown(const nlohmann::ordered_json& report);

/// The JSON Schema (draft 2020-12) of the report.
[[nodiscard]] std::string_view report_schema();

}  // namespace sekimori
