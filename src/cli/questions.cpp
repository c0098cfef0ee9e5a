// sekimori questions: the questionnaire, and what traffic can say of it.

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"

#include "command.h"
#include "rules.h"

#include <iostream>

namespace sekimori::cli {
namespace {

void list(const QuestionSet& set, Language language) {
  for (const auto& area : set.areas) {
    std::cout << '\n'
              << area.id << "  " << in_line(area.title.en, area.title.ja, language) << " ("
              << set.points(area.most) << ")\n";
    for (const auto index : area.questions) {
      const auto& question = set.questions[index];
      std::cout << "  " << question.id
                << std::string(5 - std::min<std::size_t>(4, question.id.size()), ' ')
                << to_text(question.testability) << "  "
                << in_line(question.text.en, question.text.ja, language) << '\n';
    }
  }
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

void explain(const QuestionSet& set, const Question& question, Language language) {
  const auto& testability = set.testability_titles.at(std::string{to_text(question.testability)});
  std::cout << question.id << " (area " << question.area << ", weight " << question.weight << ")\n";
  print_text(question.text.en, question.text.ja, language, "  ");
  std::cout << "\nYes when\n";
  print_text(question.yes_when.en, question.yes_when.ja, language, "  ");
  std::cout << "\nFrom traffic\n";
  print_text(testability.en, testability.ja, language, "  ");
  if (!question.vantage.empty()) std::cout << "\nVantage: " << joined(question.vantage) << '\n';
  if (!question.refs.empty()) std::cout << "\nReferences: " << joined(question.refs) << '\n';
  for (const auto& rule : question.evidence) {
    std::cout << "\nRule " << rule.id << " (" << to_text(rule.kind) << ", "
              << to_text(rule.min_strength) << " at least)\n";
    print_text(rule.text.en, rule.text.ja, language, "  ");
  }
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  add_question_option(described);
  add_language_option(described, "en");
  const auto given = parse(self, described, "words", arguments);
  if (!given) return kClean;
  const auto words = many(*given, "words");
  const auto set = question_set(*given);
  if (words.empty()) {
    std::cout << in_line(set.title.en, set.title.ja, language(*given)) << '\n';
    list(set, language(*given));
    return kClean;
  }
  if (words.size() != 2 || words[0] != "explain")
    throw Error("sekimori questions", "say nothing more, or explain and the question's id");
  if (const auto* question = set.find(words[1])) {
    explain(set, *question, language(*given));
    return kClean;
  }
  std::vector<std::string> ids;
  for (const auto& question : set.questions) ids.push_back(question.id);
  const auto meant = nearest(words[1], ids);
  throw Error("no such question: \"" + words[1] + '"' +
              (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
}

const CommandRegistration registration{
    {.name = "questions",
     .usage = "[explain ID] [--questions FILE]",
     .summary = "lists the questionnaire, or explains a question",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
