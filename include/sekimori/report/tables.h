#pragma once

#include "sekimori/model/database.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace sekimori {

// Tables of a model for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, and no cell that a
// spreadsheet would take for a formula.
[[nodiscard]] std::string assets_csv(Database& model);
[[nodiscard]] std::string conversations_csv(Database& model);

/// A workbook of the report and the whole tables: assets, conversations, inter-zone connections,
/// findings, questions, plan; a sheet each, in the report's languages. No cell is a formula,
/// whatever a device calls itself. Throws Error where the disk refuses.
void write_report_workbook(Database& model, const nlohmann::ordered_json& report,
                           const std::filesystem::path& path);

}  // namespace sekimori
