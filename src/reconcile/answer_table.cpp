// Answers out of tables: the header row is found by what it says, wherever it stands.

#include "answer_table.h"

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "xls.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeparators = std::to_array<char>({',', '\t', ';'});

// CSET's export heads its own number "Question_Id"; a custom module's id stands beside it.
constexpr std::string_view kCsetId = "requirement_title";
constexpr std::string_view kCsetAnswer = "answer_text";
constexpr std::string_view kCsetNote = "comment";
constexpr std::string_view kCsetReason = "alternate_justification";

using Columns = std::map<std::string, AnswerHeader::Span>;

/// The columns that a heading is merged over; itself where it is not. Where nobody tells what is
/// merged, the columns without a heading behind it: what stands there must be an answer too.
AnswerHeader::Span span_of(const Worksheet& sheet, std::size_t row, std::size_t column) {
  for (const auto& merge : sheet.merges)
    if (merge.first_row <= row && row <= merge.last_row && merge.first_column == column)
      return {column, merge.last_column};
  auto last = column;
  const auto& cells = sheet.rows[row];
  while (!sheet.merges_known && last + 1 < cells.size() && stripped(cells[last + 1]).empty())
    ++last;
  return {column, last};
}

Columns cset_columns(const CsvRow& row) {
  Columns columns;
  const auto take = [&](std::string_view word, const char* id) {
    for (std::size_t i = 0; i < row.size(); ++i)
      if (normal_word(row[i]) == word) columns.emplace(id, AnswerHeader::Span{i, i});
  };
  take(kCsetId, "question_id");
  take(kCsetAnswer, "answer");
  if (!columns.contains("question_id") || !columns.contains("answer")) return {};
  take(kCsetNote, "note");
  take(kCsetReason, "evidence_ref");
  return columns;
}

Columns columns_of(const Worksheet& sheet, std::size_t row, const QuestionSet& set,
                   std::string& twice) {
  if (auto cset = cset_columns(sheet.rows[row]); !cset.empty()) return cset;
  Columns columns;
  const auto& cells = sheet.rows[row];
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto word = normal_word(cells[i]);
    if (word.empty()) continue;
    for (const auto& names : set.columns) {
      if (std::ranges::find(names.words, word) == names.words.end()) continue;
      if (!columns.emplace(names.id, span_of(sheet, row, i)).second) twice = names.id;
    }
  }
  return columns;
}

bool serves(const Columns& columns, Wanted wanted) {
  const bool id = columns.contains("question_id");
  const bool text = columns.contains("question");
  const bool answer = columns.contains("answer");
  if (wanted == Wanted::answers) return id && answer;
  return wanted == Wanted::mapped ? (id || text) && answer : text;
}

bool filled(const std::string& cell) {
  return !stripped(cell).empty();
}

/// As this text stands in a sheet of either language, or of both.
bool says(std::string_view word, const Bilingual& text) {
  return word == normal_word(text.en) || word == normal_word(text.ja) ||
         word == normal_word(in_line(text, Language::both));
}

/// A field of the cover, by id or title, and its value in the next cell that is filled.
bool read_cover_row(const CsvRow& row, const std::string& where, const QuestionSet& set,
                    AnswerGatherer& gatherer) {
  const auto first = std::ranges::find_if(row, filled);
  if (first == row.end()) return true;
  const auto word = normal_word(*first);
  const auto value = std::find_if(first + 1, row.end(), filled);
  for (const auto& field : set.cover) {
    if (word != normal_word(field.id) && !says(word, field.title)) continue;
    if (value != row.end()) gatherer.add_cover(field.id, *value, where);
    return true;
  }
  return false;
}

/// What stands above the table: fields of the cover, titles of our own, and words for people.
void read_above(const CsvRow& row, const std::string& where, const QuestionSet& set,
                AnswerGatherer& gatherer) {
  if (read_cover_row(row, where, set, gatherer)) return;
  const auto first = std::ranges::find_if(row, filled);
  const auto word = normal_word(*first);
  if (says(word, set.title)) return;
  if (std::ranges::any_of(set.areas, [&](const Area& area) {
        return says(word, {area.id + ' ' + area.title.en, area.id + ' ' + area.title.ja});
      }))
    return;
  gatherer.notice({"passed-over", {{"where", where}, {"text", in_quotes(stripped(*first))}}});
}

/// Our id for a row of somebody's table; "" where their map names none. Throws Error where a text
/// that is not ours stands by one of our numbers, and no map says what it means.
std::string id_of(const std::string& their_id, const std::string& text, const std::string& where,
                  std::string_view file, const QuestionSet& set, const AnswerMap* map) {
  const auto word = normal_word(text);
  if (map != nullptr) {
    const auto& from = word.empty() ? map->by_id : map->by_text;
    const auto found = from.find(word.empty() ? normal_word(their_id) : word);
    return found == from.end() ? "" : found->second;
  }
  const auto id = normal_id(their_id, set);
  const auto* const question = id ? set.find(*id) : nullptr;
  if (word.empty() || question == nullptr || is_text_of(text, *question)) return their_id;
  throw Error(
      file, where,
      "question " + question->id +
          " reads otherwise in this program, so its number may "
          "mean something else: sekimori questions --map makes a file that says which is which");
}

void read_table(const Worksheet& sheet, const AnswerHeader& header, std::string_view file,
                const QuestionSet& set, const AnswerMap* map, AnswerGatherer& gatherer) {
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    const auto& row = sheet.rows[i];
    const auto where = place_of(sheet) + "row " + std::to_string(i + 1);
    if (i < header.row) read_above(row, where, set, gatherer);
    if (i <= header.row) continue;
    const auto cell = [&](const char* column) { return header.cell(row, column); };
    const bool blank =
        !filled(cell("answer")) && !filled(cell("answer_after")) && !filled(cell("note"));
    if (blank) continue;
    const auto their_id = cell("question_id");
    const auto text = cell("question");
    auto id = id_of(their_id, text, where, file, set, map);
    if (id.empty() && map != nullptr) id = filled(their_id) ? "(" + their_id + ")" : text;
    gatherer.add({.id = id,
                  .answer = cell("answer"),
                  .after = cell("answer_after"),
                  .note = cell("note"),
                  .evidence_ref = cell("evidence_ref"),
                  .answered_by = cell("answered_by"),
                  .answered_on = cell("answered_on"),
                  .fix = cell("fix"),
                  .difficulty = cell("difficulty"),
                  .obstacle = cell("obstacle"),
                  .where = where,
                  .answer_place = where + ", column answer",
                  .after_place = where + ", column answer_after"});
  }
}

}  // namespace

std::string AnswerHeader::cell(const CsvRow& cells, const std::string& column) const {
  const auto found = columns.find(column);
  if (found == columns.end()) return "";
  for (auto i = found->second.first; i <= found->second.last && i < cells.size(); ++i)
    if (filled(cells[i])) return cells[i];
  return "";
}

bool is_workbook(std::string_view bytes) noexcept {
  return is_xlsx(bytes) || is_ole(bytes);
}

std::string place_of(const Worksheet& sheet) {
  return sheet.name.empty() ? "" : "sheet " + in_quotes(sheet.name) + ", ";
}

std::optional<AnswerHeader> find_header(const Worksheet& sheet, std::string_view file,
                                        const QuestionSet& set, Wanted wanted) {
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    std::string twice;
    auto columns = columns_of(sheet, i, set, twice);
    if (!serves(columns, wanted)) continue;
    if (!twice.empty())
      throw Error(file, "row " + std::to_string(i + 1),
                  "two columns are headed " + in_quotes(twice) + ": leave one");
    return AnswerHeader{i, std::move(columns)};
  }
  return std::nullopt;
}

std::vector<Worksheet> read_sheets(std::string_view bytes, std::string_view file,
                                   const QuestionSet& set, Wanted wanted) {
  if (is_xlsx(bytes)) return read_xlsx(bytes, file);
  if (is_ole(bytes)) return read_xls(bytes, file);
  for (const auto separator : kSeparators) {
    auto csv = parse_csv(bytes, separator);
    Worksheet sheet{"", std::move(csv.rows), {}};
    if (!find_header(sheet, file, set, wanted)) continue;
    if (!csv.problem.empty())
      throw Error(file, "row " + std::to_string(sheet.rows.size() + 1), csv.problem);
    return {std::move(sheet)};
  }
  return {};
}

Answers read_answer_tables(std::string_view bytes, std::string_view file, const QuestionSet& set,
                           const AnswerMap* map) {
  AnswerGatherer gatherer{set, file};
  const auto wanted = map == nullptr ? Wanted::answers : Wanted::mapped;
  bool found = false;
  for (const auto& sheet : read_sheets(bytes, file, set, wanted)) {
    if (const auto header = find_header(sheet, file, set, wanted)) {
      found = true;
      read_table(sheet, *header, file, set, map, gatherer);
      continue;
    }
    for (std::size_t i = 0; i < sheet.rows.size(); ++i)
      read_cover_row(sheet.rows[i], place_of(sheet) + "row " + std::to_string(i + 1), set,
                     gatherer);
  }
  if (found) return gatherer.take();
  throw Error(file, std::string{is_workbook(bytes) ? "no sheet has a row that is headed "
                                                   : "no row is headed "} +
                        "\"question_id\" and \"answer\"");
}

}  // namespace sekimori
