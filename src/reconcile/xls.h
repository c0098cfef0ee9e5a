#pragma once

#include "xlsx.h"

#include <string_view>
#include <vector>

namespace sekimori {

/// The sheets of an old workbook (BIFF5 and BIFF8 in an OLE file), in their order; hidden ones too,
/// for the format's reader does not tell them apart, nor which cells are merged. Values as they
/// were saved: no formula is evaluated, no macro is run. Read in a process of its own, which a
/// hostile file may break. Throws Error, `file: what`: damaged, with a password, too large.
[[nodiscard]] std::vector<Worksheet> read_xls(std::string_view bytes, std::string_view file);

}  // namespace sekimori
