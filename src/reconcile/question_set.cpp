#include "sekimori/reconcile/question_set.h"

#include "sekimori/bytes/embedded.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sekimori::embedded {
extern const std::span<const File> questionnaires;
}  // namespace sekimori::embedded

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr auto kAnswers = std::to_array<std::string_view>({"", "no", "partial", "yes", "na"});
static_assert(kAnswers.size() == kAnswerCount);
constexpr auto kStrengths = std::to_array<std::string_view>({"S1", "S2", "S3"});

}  // namespace

std::string_view to_text(Answer answer) noexcept {
  return kAnswers[static_cast<std::size_t>(answer)];
}

std::optional<Answer> parse_answer(std::string_view text) noexcept {
  const auto* const found = std::ranges::find(kAnswers, text);
  if (found == kAnswers.end()) return std::nullopt;
  return static_cast<Answer>(found - kAnswers.begin());
}

std::string_view to_text(Testability testability) noexcept {
  constexpr auto kTexts = std::to_array<std::string_view>({"T", "P", "N"});
  static_assert(kTexts.size() == kTestabilityCount);
  return kTexts[static_cast<std::size_t>(testability)];
}

std::string_view to_text(Strength strength) noexcept {
  return kStrengths[static_cast<std::size_t>(strength)];
}

std::optional<Strength> parse_strength(std::string_view text) noexcept {
  const auto* const found = std::ranges::find(kStrengths, text);
  if (found == kStrengths.end()) return std::nullopt;
  return static_cast<Strength>(found - kStrengths.begin());
}

std::string_view to_text(RuleKind kind) noexcept {
  constexpr auto kTexts = std::to_array<std::string_view>({"against", "for", "flag"});
  return kTexts[static_cast<std::size_t>(kind)];
}

const Question* QuestionSet::find(std::string_view question) const {
  const auto found = std::ranges::find(questions, question, &Question::id);
  return found == questions.end() ? nullptr : &*found;
}

std::int64_t QuestionSet::units(const Question& question, const Mark& mark) const {
  if (mark.choice == Mark::kNoChoice) return 0;
  return std::llround(question.weight * scale.choices.at(mark.choice).value / unit);
}

std::int64_t QuestionSet::most_units(const Question& question) const {
  std::int64_t most = 0;
  for (const auto choice : question.choices)
    most = std::max(most, units(question, {scale.choices[choice].means, choice}));
  return most;
}

std::int64_t QuestionSet::most_units() const {
  std::int64_t sum = 0;
  for (const auto& area : areas) sum += area.most;
  return sum;
}

std::string QuestionSet::text(const Mark& mark) const {
  if (mark.choice != Mark::kNoChoice) return scale.choices.at(mark.choice).id;
  return std::string{to_text(mark.means)};
}

const Bilingual& QuestionSet::title_of(const Mark& mark) const {
  if (mark.choice != Mark::kNoChoice) return scale.choices.at(mark.choice).title;
  return mark.means == Answer::not_applicable ? scale.not_applicable : scale.unanswered;
}

std::size_t QuestionSet::numbered() const {
  const auto count =
      std::ranges::count_if(questions, [](const Question& q) { return !q.follow_up; });
  return static_cast<std::size_t>(count);
}

bool names(std::string_view sql, std::string_view name) {
  const auto is_word = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
  };
  for (auto at = sql.find(name); at != sql.npos; at = sql.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool begins = at == 0 || !is_word(sql[at - 1]);
    if (begins && (end == sql.size() || !is_word(sql[end]))) return true;
  }
  return false;
}

std::string QuestionSet::with_tables(std::string_view query) const {
  // Only what the query and its tables name, for SQLite reads and resolves every one of them.
  std::vector<bool> needed(tables.size());
  std::vector<std::string_view> open{query};
  while (!open.empty()) {
    const auto text = open.back();
    open.pop_back();
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (needed[i] || !names(text, tables[i].first)) continue;
      needed[i] = true;
      open.emplace_back(tables[i].second);
    }
  }
  std::string sql;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!needed[i]) continue;
    const auto& [name, select] = tables[i];
    sql += (sql.empty() ? "WITH " : ",\n") + name + " AS (\n" + select + ")";
  }
  if (!sql.empty()) sql += '\n';
  return sql.append(query);
}

QuestionSet load_question_set(const std::filesystem::path& path) {
  return parse_question_set(read_file(path, kLargestFile), path.string());
}

std::vector<std::string> built_in_question_sets() {
  std::vector<std::string> ids;
  for (const auto& file : embedded::questionnaires)
    ids.emplace_back(file.name.substr(0, file.name.rfind('.')));
  return ids;
}

QuestionSet built_in_question_set(std::string_view id) {
  std::string known;
  for (const auto& file : embedded::questionnaires) {
    const auto name = file.name.substr(0, file.name.rfind('.'));
    if (name == id) return parse_question_set(file.text, file.name);
    known += (known.empty() ? "" : ", ") + std::string{name};
  }
  throw Error("no such question set: " + in_quotes(id) + "; there are: " + known);
}

}  // namespace sekimori
