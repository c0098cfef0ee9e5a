#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

using CsvRow = std::vector<std::string>;

struct CsvText {
  std::vector<CsvRow> rows;
  std::string problem;  ///< why reading stopped in the row behind the last; "": it did not
};

/// The records of a text, RFC 4180: quotes, doubled quotes, line breaks inside them; lines end in
/// LF, CRLF or CR. It stops where a quote is never closed, or closed in the middle of a cell.
[[nodiscard]] CsvText parse_csv(std::string_view text, char separator);

/// Whether a text is a cell as it stands.
[[nodiscard]] bool is_plain_csv(std::string_view text) noexcept;

/// A text as one cell: quoted where it must be, and with a quote in front where a spreadsheet would
/// take it for a formula, since names come from the wire.
[[nodiscard]] std::string csv_cell(std::string text);

}  // namespace sekimori
