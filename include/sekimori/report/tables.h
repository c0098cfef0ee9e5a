#pragma once

#include "sekimori/model/database.h"

#include <string>

namespace sekimori {

// Tables of a model for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, and no cell that a
// spreadsheet would take for a formula.
[[nodiscard]] std::string assets_csv(Database& model);
[[nodiscard]] std::string conversations_csv(Database& model);

}  // namespace sekimori
