#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/csv.h"

#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What a person sees of a worksheet: the text of its cells, by row and column.
struct Worksheet {
  /// Cells shown as one; rows and columns from 0. All rows of its first column hold its text, the
  /// other columns nothing.
  struct Merge {
    std::size_t first_row = 0, first_column = 0, last_row = 0, last_column = 0;
  };
  std::string name;
  std::vector<CsvRow> rows;
  std::vector<Merge> merges;
  bool merges_known = true;
};

/// True where the bytes begin as a ZIP archive does, which every .xlsx is.
[[nodiscard]] bool is_xlsx(std::string_view bytes) noexcept;
/// True where they begin as an OLE file: .xls, or a workbook with a password.
[[nodiscard]] bool is_ole(std::string_view bytes) noexcept;

/// The visible sheets of a workbook (ECMA-376 part 1, 18), in their order. Readings of Japanese
/// text (furigana, 18.4.6) are left out: they are no part of what is written. Nothing is followed
/// or run: links to other files and entities stay unread. Throws Error, `file: part: what`: no
/// workbook, a part too large, damaged XML, macros.
[[nodiscard]] std::vector<Worksheet> read_xlsx(std::string_view bytes, std::string_view file);
/// One part of the archive as it stands, under the same bounds. Throws Error.
[[nodiscard]] std::string read_part(std::string_view bytes, std::string_view file,
                                    const std::string& part);

}  // namespace sekimori
