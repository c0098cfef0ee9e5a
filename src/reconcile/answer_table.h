#pragma once

#include "sekimori/reconcile/answers.h"

#include "xlsx.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// Which column of a table is which.
struct AnswerHeader {
  struct Span {
    std::size_t first = 0, last = 0;  ///< several columns where the heading is merged over them
  };
  std::size_t row = 0;
  std::map<std::string, Span> columns;  // by ColumnNames::id

  /// The first filled cell of a row under the heading; "" where the table has no such column.
  [[nodiscard]] std::string cell(const CsvRow& cells, const std::string& column) const;
};

/// What a row must head to be the table's.
enum class Wanted : std::uint8_t {
  answers,  ///< an id and an answer
  mapped,   ///< an answer, and an id or the question's text
  texts,    ///< the question's text
};

/// True for .xlsx and .xls.
[[nodiscard]] bool is_workbook(std::string_view bytes) noexcept;

/// The sheets of a workbook, or a text as the one sheet without a name. Throws Error.
[[nodiscard]] std::vector<Worksheet> read_sheets(std::string_view bytes, std::string_view file,
                                                 const QuestionSet& set, Wanted wanted);

/// The first row that is headed so. Throws Error where one column is headed twice.
[[nodiscard]] std::optional<AnswerHeader> find_header(const Worksheet& sheet, std::string_view file,
                                                      const QuestionSet& set, Wanted wanted);

/// `sheet "3a", `, or nothing where the sheet has no name.
[[nodiscard]] std::string place_of(const Worksheet& sheet);

/// Every sheet that has the table, as where each area has its own. Throws Error.
[[nodiscard]] Answers read_answer_tables(std::string_view bytes, std::string_view file,
                                         const QuestionSet& set, const AnswerMap* map);

/// True where a text is the question's in either language, or reads like it.
[[nodiscard]] bool is_text_of(std::string_view text, const Question& question);

}  // namespace sekimori
