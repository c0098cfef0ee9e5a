#include "rules.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <iostream>

namespace sekimori::cli {

namespace fs = std::filesystem;

void add_rule_option(options::options_description& described) {
  described.add_options()(
      "rules", options::value<std::vector<std::string>>()->composing()->value_name("FILE|DIR"),
      "more checks beside those of the program; may be given again");
}

Rules rules(const options::variables_map& given) {
  auto rules = Rules::builtin();
  for (const auto& path : many(given, "rules")) rules.add(fs::path{path});
  return rules;
}

std::vector<fs::path> rule_files(const options::variables_map& given) {
  std::vector<fs::path> files;
  for (const auto& path : many(given, "rules")) {
    if (!fs::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator{path})
      if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void add_question_option(options::options_description& described) {
  std::string sets;
  for (const auto& id : built_in_question_sets()) sets += (sets.empty() ? "" : ", ") + id;
  described.add_options()("set", options::value<std::string>()->value_name("NAME"),
                          ("the question set: " + sets + " (SSAT where nothing is said)").c_str())(
      "questions", options::value<std::string>()->value_name("FILE"),
      "a question set of your own (JSON)");
}

QuestionSet question_set(const options::variables_map& given) {
  const auto file = one(given, "questions");
  const auto name = one(given, "set");
  if (!file.empty() && !name.empty()) throw Error("--set", "give it or --questions, not both");
  if (!file.empty()) return load_question_set(file);
  return built_in_question_set(name.empty() ? "ssat" : name);
}

void add_language_option(options::options_description& described, const char* preset) {
  described.add_options()(
      "lang", options::value<std::string>()->default_value(preset)->value_name("en|ja|both"),
      "the language of the texts");
}

Language language(const options::variables_map& given) {
  const auto text = one(given, "lang");
  if (const auto language = parse_language(text)) return *language;
  throw Error("--lang", "no such language: \"" + text + "\"; en, ja or both");
}

void print_text(const std::string& en, const std::string& ja, Language language,
                const std::string& indent) {
  if (language != Language::ja) std::cout << indent << en << '\n';
  if (language != Language::en) std::cout << indent << ja << '\n';
}

std::string in_line(const std::string& en, const std::string& ja, Language language) {
  if (language == Language::en) return en;
  return language == Language::ja ? ja : en + " / " + ja;
}

}  // namespace sekimori::cli
