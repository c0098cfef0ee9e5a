// Somebody else's numbering: which of their questions is which of ours. A program proposes, a
// person decides.

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "answer_table.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr double kAlike = 0.6;
constexpr std::size_t kLongestText = 2000;  // letters of a question that are compared
constexpr std::size_t kMostQuestions = 2000;

using Pairs = std::vector<std::uint32_t>;  // in order

/// Pairs of neighbouring letters, without blanks and signs.
Pairs pairs_of(std::string_view text) {
  const auto word = normal_word(text);
  const auto letters = icu::UnicodeString::fromUTF8(
      icu::StringPiece{word.data(), static_cast<std::int32_t>(word.size())});
  Pairs pairs;
  std::uint32_t before = 0;
  for (std::int32_t i = 0; i < letters.length() && pairs.size() < kLongestText; ++i) {
    const std::uint32_t letter = letters.charAt(i);
    if (u_isalnum(static_cast<UChar32>(letter)) == 0) continue;
    if (before != 0) pairs.push_back(before << 16U | letter);
    before = letter;
  }
  std::ranges::sort(pairs);
  return pairs;
}

double dice(const Pairs& one, const Pairs& other) {
  if (one.empty() || other.empty()) return 0;
  Pairs common;
  std::ranges::set_intersection(one, other, std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(one.size() + other.size());
}

struct Text {
  const Question* question;
  Pairs en, ja;
};

std::vector<Text> texts_of(const QuestionSet& set) {
  std::vector<Text> texts;
  for (const auto& question : set.questions)
    texts.push_back({&question, pairs_of(question.text.en), pairs_of(question.text.ja)});
  return texts;
}

std::string two_places(double value) {
  std::array<char, 16> text{};
  const auto size = std::snprintf(text.data(), text.size(), "%.2f", value);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string proposal(const std::string& their_id, const std::string& text,
                     const std::vector<Text>& texts) {
  const auto pairs = pairs_of(text);
  const Text* best = nullptr;
  double alike = 0;
  for (const auto& each : texts) {
    const auto value = std::max(dice(pairs, each.en), dice(pairs, each.ja));
    if (value <= alike) continue;
    alike = value;
    best = &each;
  }
  std::string line = csv_cell(their_id) + ',' + csv_cell(text) + ',';
  const auto word = normal_word(text);
  if (best != nullptr && (word == normal_word(best->question->text.en) ||
                          word == normal_word(best->question->text.ja)))
    return line + best->question->id + ",,1\r\n";
  if (best == nullptr || alike < kAlike) return line + ",,\r\n";
  return line + ',' + best->question->id + ',' + two_places(alike) + "\r\n";
}

}  // namespace

double likeness(std::string_view one, std::string_view other) {
  return dice(pairs_of(one), pairs_of(other));
}

bool is_text_of(std::string_view text, const Question& question) {
  const auto word = normal_word(text);
  for (const auto* const ours : {&question.text.en, &question.text.ja})
    if (word.find(normal_word(*ours)) != std::string::npos || likeness(word, *ours) >= kAlike)
      return true;
  return false;
}

AnswerMap parse_answer_map(std::string_view bytes, std::string_view file, const QuestionSet& set) {
  const auto text = to_utf8(bytes, file);
  const auto csv = parse_csv(text, ',');
  if (!csv.problem.empty())
    throw Error(file, "row " + std::to_string(csv.rows.size() + 1), csv.problem);
  const auto column = [&](std::string_view name) {
    if (csv.rows.empty()) throw Error(file, "it is empty");
    for (std::size_t i = 0; i < csv.rows.front().size(); ++i)
      if (normal_word(csv.rows.front()[i]) == name) return i;
    throw Error(file, "row 1", "no column is headed " + in_quotes(name));
  };
  const auto their_id = column("their_id");
  const auto question = column("question");
  const auto our_id = column("our_id");
  AnswerMap map;
  map.file = file;
  std::map<std::string, std::size_t> rows;  // by our id
  for (std::size_t i = 1; i < csv.rows.size(); ++i) {
    const auto& row = csv.rows[i];
    const auto cell = [&](std::size_t at) {
      return at < row.size() ? normal_word(row[at]) : std::string{};
    };
    const auto ours = cell(our_id);
    if (ours.empty()) continue;
    const auto where = "row " + std::to_string(i + 1);
    const auto id = normal_id(ours, set);
    if (!id || set.find(*id) == nullptr)
      throw Error(file, where, "there is no question " + in_quotes(ours));
    const auto [known, added] = rows.emplace(*id, i + 1);
    if (!added)
      throw Error(file, where,
                  "question " + *id + " is meant by row " + std::to_string(known->second) + " too");
    const auto words = cell(question);
    if (words.empty() && cell(their_id).empty())
      throw Error(file, where, "neither their_id nor question says what is meant");
    auto& by = words.empty() ? map.by_id : map.by_text;
    if (!by.emplace(words.empty() ? cell(their_id) : words, *id).second)
      throw Error(file, where, "the same question stands above with another meaning");
  }
  return map;
}

AnswerMap load_answer_map(const std::filesystem::path& path, const QuestionSet& set) {
  return parse_answer_map(read_file(path, kLargestFile), path.string(), set);
}

std::string propose_answer_map(std::string_view bytes, std::string_view file,
                               const QuestionSet& set) {
  const auto texts = texts_of(set);
  const auto text = is_workbook(bytes) ? std::string{bytes} : to_utf8(bytes, file);
  std::string lines;
  std::size_t count = 0;
  for (const auto& sheet : read_sheets(text, file, set, Wanted::texts)) {
    const auto header = find_header(sheet, file, set, Wanted::texts);
    if (!header) continue;
    for (auto i = header->row + 1; i < sheet.rows.size(); ++i) {
      const auto question = std::string{stripped(header->cell(sheet.rows[i], "question"))};
      if (question.empty()) continue;
      if (++count > kMostQuestions) throw Error(file, "more questions than are compared");
      lines += proposal(std::string{stripped(header->cell(sheet.rows[i], "question_id"))}, question,
                        texts);
    }
  }
  if (count == 0) throw Error(file, "no column is headed \"question\" and filled");
  return "\xef\xbb\xbftheir_id,question,our_id,proposal,likeness\r\n" + lines;
}

}  // namespace sekimori
