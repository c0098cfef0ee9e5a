#pragma once

#include "sekimori/bytes/draft.h"
#include "sekimori/model/database.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace sekimori {

// Tables of a model for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, and no cell that a
// spreadsheet would take for a formula.
void write_assets_csv(Database& model, const TextSink& sink);
void write_conversations_csv(Database& model, const TextSink& sink);

/// Rows of a sheet: what a spreadsheet program opens at once.
inline constexpr std::uint32_t kMostSheetRows = 50'000;

/// A workbook of the report and the tables: assets, conversations, inter-zone connections,
/// findings, questions, plan; a sheet each, in the report's languages. A table of more rows says
/// below the last one in which CSV all of them are. No cell is a formula, whatever a device calls
/// itself. Throws Error where the disk refuses.
void write_report_workbook(Database& model, const nlohmann::ordered_json& report,
                           const std::filesystem::path& path,
                           std::uint32_t most_rows = kMostSheetRows);

}  // namespace sekimori
