// Answers from files: JSON, or a table whose header row is found by what it says.

#include "sekimori/reconcile/answers.h"

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "xlsx.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr auto kSeparators = std::to_array<char>({',', '\t', ';'});

/// A value of JSON as the text that stands for it in a table: 39.0, true, nothing.
std::string cell_text(const JsonNode& node) {
  if (node.is_null()) return "";
  if (node.is_text()) return node.any_text();
  if (node.is_object() || node.json().is_array()) node.fail("a text is expected");
  return node.json().dump();
}

Answers parse_json_answers(const std::string& text, std::string_view file, const QuestionSet& set) {
  const auto parsed = parse_json(text, file);
  const JsonNode root{parsed, file};
  std::vector<std::string> keys{"format", "version", "answers", "comment"};
  for (const auto& field : set.cover) keys.push_back(field.id);
  root.only(keys);
  root.at("format").expect(set.id + "-answers");
  root.at("version").expect(1);

  AnswerGatherer gatherer{set, file};
  for (const auto& field : set.cover) {
    const auto value = root.find(field.id);
    if (value) gatherer.add_cover(field.id, cell_text(*value), value->path());
  }
  root.at("answers").each([&](const JsonNode& item) {
    item.only({"id", "answer", "after", "answer_after", "fix", "difficulty", "obstacle", "note",
               "evidence_ref", "answered_by", "answered_on"});
    const auto cell = [&](const std::string& key) {
      const auto node = item.find(key);
      return node ? cell_text(*node) : std::string{};
    };
    if (item.has("after") && item.has("answer_after"))
      item.fail("\"after\" and \"answer_after\" are one thing");
    const std::string after = item.has("after") ? "after" : "answer_after";
    gatherer.add({.id = cell_text(item.at("id")),
                  .answer = cell("answer"),
                  .after = cell(after),
                  .note = cell("note"),
                  .evidence_ref = cell("evidence_ref"),
                  .answered_by = cell("answered_by"),
                  .answered_on = cell("answered_on"),
                  .fix = cell("fix"),
                  .difficulty = cell("difficulty"),
                  .obstacle = cell("obstacle"),
                  .where = item.path(),
                  .answer_place = item.path() + "/answer",
                  .after_place = item.path() + '/' + after});
  });
  return gatherer.take();
}

/// Which column of a table is which.
struct Header {
  std::size_t row = 0;
  std::map<std::string, std::size_t> columns;  // by ColumnNames::id
};

std::map<std::string, std::size_t> columns_of(const CsvRow& row, const QuestionSet& set,
                                              std::string& twice) {
  std::map<std::string, std::size_t> columns;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto word = normal_word(row[i]);
    for (const auto& names : set.columns) {
      if (std::ranges::find(names.words, word) == names.words.end()) continue;
      if (!columns.emplace(names.id, i).second) twice = names.id;
    }
  }
  return columns;
}

std::optional<Header> find_header(const std::vector<CsvRow>& rows, std::string_view file,
                                  const QuestionSet& set) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string twice;
    auto columns = columns_of(rows[i], set, twice);
    if (!columns.contains("question_id") || !columns.contains("answer")) continue;
    if (!twice.empty())
      throw Error(file, "row " + std::to_string(i + 1),
                  "two columns are headed " + in_quotes(twice) + ": leave one");
    return Header{i, std::move(columns)};
  }
  return std::nullopt;
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

/// `prefix` stands before the row's number where something is to be said of it.
void read_table(const std::vector<CsvRow>& rows, const Header& header, const std::string& prefix,
                const QuestionSet& set, AnswerGatherer& gatherer) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto where = prefix + "row " + std::to_string(i + 1);
    if (i < header.row) read_above(rows[i], where, set, gatherer);
    if (i <= header.row) continue;
    const auto cell = [&](const std::string& column) {
      const auto found = header.columns.find(column);
      if (found == header.columns.end() || found->second >= rows[i].size()) return std::string{};
      return rows[i][found->second];
    };
    gatherer.add({.id = cell("question_id"),
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

/// Every sheet that has the table, as where each area has its own.
Answers parse_xlsx_answers(std::string_view bytes, std::string_view file, const QuestionSet& set) {
  AnswerGatherer gatherer{set, file};
  bool found = false;
  for (const auto& sheet : read_xlsx(bytes, file)) {
    const auto header = find_header(sheet.rows, file, set);
    const auto prefix = "sheet " + in_quotes(sheet.name) + ", ";
    if (header) {
      found = true;
      read_table(sheet.rows, *header, prefix, set, gatherer);
      continue;
    }
    for (std::size_t i = 0; i < sheet.rows.size(); ++i)
      read_cover_row(sheet.rows[i], prefix + "row " + std::to_string(i + 1), set, gatherer);
  }
  if (!found) throw Error(file, "no sheet has a row that is headed \"question_id\" and \"answer\"");
  return gatherer.take();
}

Answers parse_csv_answers(const std::string& text, std::string_view file, const QuestionSet& set) {
  for (const auto separator : kSeparators) {
    const auto csv = parse_csv(text, separator);
    const auto header = find_header(csv.rows, file, set);
    if (!header) continue;
    if (!csv.problem.empty())
      throw Error(file, "row " + std::to_string(csv.rows.size() + 1), csv.problem);
    AnswerGatherer gatherer{set, file};
    read_table(csv.rows, *header, "", set, gatherer);
    return gatherer.take();
  }
  throw Error(file, "no row is headed \"question_id\" and \"answer\"");
}

}  // namespace

Answers parse_answers(std::string_view bytes, std::string_view file, const QuestionSet& set) {
  if (is_xlsx(bytes)) return parse_xlsx_answers(bytes, file, set);
  if (is_ole(bytes))
    throw Error(file, "an old .xls or a workbook with a password: save it as .xlsx without one");
  const auto text = to_utf8(bytes, file);
  const auto start = stripped(text);
  if (start.starts_with('{')) return parse_json_answers(text, file, set);
  return parse_csv_answers(text, file, set);
}

Answers load_answers(const std::filesystem::path& path, const QuestionSet& set) {
  return parse_answers(read_file(path, kLargestFile), path.string(), set);
}

}  // namespace sekimori
