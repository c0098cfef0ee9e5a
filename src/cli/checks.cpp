// sekimori checks: what is checked, and why.

#include "sekimori/bytes/error.h"

#include "command.h"
#include "rules.h"

#include <algorithm>
#include <iostream>

namespace sekimori::cli {
namespace {

void list(const Rules& rules, Language language) {
  std::size_t width = 0;
  for (const auto& entry : rules.entries()) width = std::max(width, entry.check->id.size());
  for (const auto& [ruleset, check] : rules.entries()) {
    const auto severity = std::string{to_text(check->severity)};
    std::cout << check->id << std::string(width - check->id.size() + 2, ' ') << severity
              << std::string(10 - severity.size(), ' ')
              << in_line(check->title.en, check->title.ja, language) << '\n';
  }
}

void print_list(const char* title, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::cout << '\n' << title << '\n';
  for (const auto& value : values) std::cout << "  " << value << '\n';
}

void print_query(const char* title, std::string_view sql) {
  std::cout << '\n' << title << '\n';
  while (!sql.empty()) {
    const auto end = std::min(sql.find('\n'), sql.size());
    std::cout << "  " << sql.substr(0, end) << '\n';
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
}

void explain(const Check& check, Language language) {
  std::cout << check.id << " (" << to_text(check.severity) << ")\n";
  print_text(check.title.en, check.title.ja, language, "  ");
  std::cout << "\nWhy\n";
  print_text(check.why.en, check.why.ja, language, "  ");
  std::cout << "\nRemedy\n";
  print_text(check.remedy.en, check.remedy.ja, language, "  ");
  std::cout << "\nFinding\n";
  print_text(check.finding.en, check.finding.ja, language, "  ");
  print_list("Standards", check.maps_to);
  print_query("Violated: a row for each finding", check.violated);
  print_query("Seen: a row where a violation could have been seen", check.seen);
  print_list("Captures on which it is violated", check.proof.violated);
  print_list("Captures on which it is met", check.proof.met);
  print_list("Captures on which it is unseen", check.proof.unseen);
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  add_rule_option(described);
  add_language_option(described, "en");
  const auto given = parse(self, described, "words", arguments);
  if (!given) return kClean;
  const auto words = many(*given, "words");
  const auto all = rules(*given);
  if (words.empty()) {
    list(all, language(*given));
  } else if (words.size() == 2 && words[0] == "explain") {
    explain(all.at(words[1]), language(*given));
  } else {
    throw Error("sekimori checks", "say nothing more, or explain and the check's id");
  }
  return kClean;
}

const CommandRegistration registration{{.name = "checks",
                                        .usage = "[explain ID] [--rules FILE|DIR]",
                                        .summary = "lists the checks, or explains one",
                                        .run = run}};

}  // namespace
}  // namespace sekimori::cli
