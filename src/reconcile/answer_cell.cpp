// What people write into the cells of a questionnaire, made one form. Nothing here guesses: what
// the set's own words do not name is no answer.

#include "sekimori/bytes/unicode.h"
#include "sekimori/reconcile/answers.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kMostDigits = 3;

// Before and after an improvement: an arrow, a double arrow, a hyphen with a greater-than sign, in
// half or full width.
constexpr auto kArrows =
    std::to_array<std::string_view>({"\xe2\x86\x92", "\xe2\x87\x92", "->",
                                     "\xef\xbc\x8d\xef\xbc\x9e", "-\xef\xbc\x9e", "\xef\xbc\x8d>"});

// What may stand between an answer and the memo behind it: blanks, brackets, commas, colons and
// full stops, in half or full width.
constexpr auto kBreaks = std::to_array<std::string_view>(
    {" ", "\t", "\r", "\n", "\xe3\x80\x80", "(", "\xef\xbc\x88", "[", "\xef\xbc\xbb",
     "\xe3\x80\x8c", ",", "\xef\xbc\x8c", "\xe3\x80\x81", "\xe3\x80\x82", ":", "\xef\xbc\x9a", ";",
     "\xef\xbc\x9b"});

bool is_digit(char letter) noexcept {
  return letter >= '0' && letter <= '9';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string take_digits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  std::size_t zeros = 0;
  while (zeros + 1 < size && text[zeros] == '0') ++zeros;
  std::string digits{text.substr(zeros, size - zeros)};
  text.remove_prefix(size);
  return digits;
}

/// `.0` of a number cell, or a letter with or without hyphen, stop or brackets.
std::optional<std::string> take_letter(std::string_view text) {
  if (text.size() > 1 && text.front() == '.' && text.find_first_not_of('0', 1) == text.npos)
    return "";
  skip_blanks(text);
  if (!text.empty() && std::string_view{"-.("}.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  skip_blanks(text);
  std::string letter;
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    letter = text.front();
    text.remove_prefix(1);
  }
  if (text.starts_with(')')) text.remove_prefix(1);
  if (!text.empty()) return std::nullopt;
  return letter;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::optional<AnswerCell> look_up(std::string_view text, const QuestionSet& set) {
  const auto word = normal_word(text);
  const auto& scale = set.scale;
  AnswerCell cell;
  if (word.empty() || has(scale.unanswered_words, word)) return cell;
  if (has(scale.not_applicable_words, word)) {
    cell.mark.means = Answer::not_applicable;
    return cell;
  }
  for (std::size_t i = 0; i < scale.choices.size(); ++i) {
    cell.alternate = i == scale.alternate_choice && has(scale.alternate_words, word);
    if (!cell.alternate && !has(scale.choices[i].words, word)) continue;
    cell.mark = {scale.choices[i].means, i};
    return cell;
  }
  return std::nullopt;
}

/// The answer at the front of `text`, as long as one can be, and the memo behind it.
std::optional<AnswerCell> look_up_front(std::string_view text, const QuestionSet& set) {
  for (auto size = text.size(); size > 0; --size) {
    const auto rest = text.substr(size);
    const bool breaks = rest.empty() || std::ranges::any_of(kBreaks, [&](std::string_view each) {
                          return rest.starts_with(each);
                        });
    if (!breaks || stripped(text.substr(0, size)).empty()) continue;
    auto cell = look_up(text.substr(0, size), set);
    if (!cell) continue;
    cell->memo = stripped(rest);
    return cell;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> normal_id(std::string_view text, const QuestionSet& set) {
  const auto word = normal_word(text);
  if (word.empty()) return std::nullopt;
  if (set.find(word) != nullptr) return word;

  std::string_view rest{word};
  for (const auto& prefix : set.id_prefixes) {
    if (!rest.starts_with(prefix)) continue;
    rest.remove_prefix(prefix.size());
    break;
  }
  skip_blanks(rest);
  auto id = take_digits(rest);
  if (id.empty() || id.size() > kMostDigits) return std::nullopt;
  const auto letter = take_letter(rest);
  if (!letter) return std::nullopt;
  return id + *letter;
}

std::optional<AnswerCell> read_answer_cell(std::string_view text, const QuestionSet& set) {
  std::size_t at = std::string_view::npos;
  std::size_t size = 0;
  for (const auto arrow : kArrows) {
    const auto found = text.find(arrow);
    if (found >= at) continue;
    at = found;
    size = arrow.size();
  }
  if (at == std::string_view::npos) return look_up(text, set);

  auto before = look_up(text.substr(0, at), set);
  const auto after = look_up_front(stripped(text.substr(at + size)), set);
  if (!before || !after) return std::nullopt;
  before->after = after->mark;
  before->memo = after->memo;
  before->alternate = before->alternate || after->alternate;
  return before;
}

}  // namespace sekimori
