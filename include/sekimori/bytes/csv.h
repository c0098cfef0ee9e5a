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

}  // namespace sekimori
