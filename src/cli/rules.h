#pragma once

#include "sekimori/assess/ruleset.h"
#include "sekimori/reconcile/question_set.h"
#include "sekimori/report/report.h"

#include "command.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sekimori::cli {

/// --rules
void add_rule_option(options::options_description& described);
/// The program's rules and those of --rules. Throws Error.
[[nodiscard]] Rules rules(const options::variables_map& given);
/// The files of --rules, those of its folders one by one.
[[nodiscard]] std::vector<std::filesystem::path> rule_files(const options::variables_map& given);

/// --set, --questions
void add_question_option(options::options_description& described);
/// The set of --set or --questions, or SSAT. Throws Error.
[[nodiscard]] QuestionSet question_set(const options::variables_map& given);

/// --lang
void add_language_option(options::options_description& described, const char* preset);
[[nodiscard]] Language language(const options::variables_map& given);

/// Prints a text in the languages asked for, each on its own line.
void print_text(const std::string& en, const std::string& ja, Language language,
                const std::string& indent);
/// The texts of those languages on one line.
[[nodiscard]] std::string in_line(const std::string& en, const std::string& ja, Language language);

}  // namespace sekimori::cli
