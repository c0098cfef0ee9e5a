#pragma once

#include "sekimori/bytes/bilingual.h"
#include "sekimori/bytes/draft.h"
#include "sekimori/model/database.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>

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
class ReportWorkbook {
 public:
  /// Begins with the tables, which are the model's alone. `called` is what errors name, where that
  /// is not `path`.
  ReportWorkbook(Database& model, Language language, const std::filesystem::path& path,
                 const std::filesystem::path& called = {},
                 std::uint32_t most_rows = kMostSheetRows);
  ~ReportWorkbook();
  ReportWorkbook(ReportWorkbook&&) noexcept;
  ReportWorkbook& operator=(ReportWorkbook&&) noexcept;

  /// Adds what the report says, which is in that language, and writes the file.
  void finish(const nlohmann::ordered_json& report);

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace sekimori
