// sekimori questions: the questionnaire, and what traffic can say of it.

#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/nearest.h"
#include "sekimori/reconcile/answer_sheet.h"
#include "sekimori/reconcile/answers.h"

#include "command.h"
#include "output.h"
#include "rules.h"

#include <functional>
#include <iostream>
#include <map>

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

using Export = std::function<void(const QuestionSet&, Language, Draft&)>;

const std::map<std::string, Export> kExports{
    {"csv",
     [](const auto& set, auto language, auto& draft) { draft.write(answer_csv(set, language)); }},
    {"html",
     [](const auto& set, auto /*language*/, auto& draft) { draft.write(answer_form(set)); }},
    {"json",
     [](const auto& set, auto /*language*/, auto& draft) { draft.write(answer_json(set)); }},
    {"xlsx",
     [](const auto& set, auto language, auto& draft) {
       write_answer_workbook(set, language, draft.path(), draft.called());
     }},
};

void export_sheet(const options::variables_map& given, const QuestionSet& set) {
  const auto form = kExports.find(one(given, "export"));
  if (form == kExports.end())
    throw Error("--export",
                "no such form: \"" + one(given, "export") + "\"; csv, html, json or xlsx");
  const auto output = one(given, "output");
  if (output.empty()) throw Error("--export", "say with -o where to");
  spare_inputs(output, {one(given, "questions")});
  Draft draft{output};
  form->second(set, language(given), draft);
  draft.become_target();
  std::cout << output << '\n';
}

/// Writes a proposal of a map for somebody else's sheet, to be confirmed.
void propose_map(const options::variables_map& given, const QuestionSet& set) {
  const auto file = one(given, "map");
  const auto output = one(given, "output");
  if (output.empty()) throw Error("--map", "say with -o where to");
  spare_inputs(output, {file, one(given, "questions")});
  const auto proposal = propose_answer_map(read_file(file), file, set);
  Draft draft{output};
  draft.write(proposal);
  draft.become_target();
  std::cout << output
            << ": fill in our_id where the proposal is right, then sekimori assess --answers "
            << file << " --answer-map " << output << '\n';
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  add_question_option(described);
  add_language_option(described, "en");
  described.add_options()("export", options::value<std::string>()->value_name("csv|html|json|xlsx"),
                          "write a blank answer sheet")(
      "map", options::value<std::string>()->value_name("FILE"),
      "propose which question of a workbook or CSV of your own is which of the set's")(
      "output,o", options::value<std::string>()->value_name("FILE"), "where to");
  const auto given = parse(self, described, "words", arguments);
  if (!given) return kClean;
  const auto words = many(*given, "words");
  const auto set = question_set(*given);
  if (words.empty() && !one(*given, "map").empty()) {
    propose_map(*given, set);
    return kClean;
  }
  if (words.empty() && !one(*given, "export").empty()) {
    export_sheet(*given, set);
    return kClean;
  }
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
     .usage = "[explain ID] [--set NAME | --questions FILE] [--export FORM | --map FILE] [-o FILE]",
     .summary = "lists the questionnaire, explains a question, or writes a blank answer sheet",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
