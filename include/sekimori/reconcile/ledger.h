#pragma once

#include "sekimori/bytes/bilingual.h"
#include "sekimori/bytes/csv.h"
#include "sekimori/model/database.h"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// How a risk is reckoned: rulesets/risk.json or the user's own. Levels are 1 to 3.
struct RiskPolicy {
  std::array<std::array<int, 3>, 3> likelihood{};  ///< by threat frequency, then vulnerability
  int acceptable = 0;                              ///< the highest risk that may stay
};
/// Throws Error that names the file and the place in it.
[[nodiscard]] RiskPolicy parse_risk_policy(std::string_view json, std::string_view file);
[[nodiscard]] RiskPolicy load_risk_policy(const std::filesystem::path& path);
[[nodiscard]] RiskPolicy built_in_risk_policy();

/// The asset ledger with its risks: one row an observed asset, its head first. What people write
/// (values, threats, vulnerabilities, measures) is taken over from `filled`, where a row has the
/// same key (hardware addresses, else addresses); a row of it that was not observed stays, with
/// `seen` empty. Importance is the highest value, risk is importance times likelihood; a row that
/// lacks a level has no result. Throws Error: a level that is not 1 to 3, a key that stands twice.
[[nodiscard]] std::vector<CsvRow> risk_ledger(Database& model, const RiskPolicy& policy,
                                              const std::vector<CsvRow>& filled,
                                              std::string_view filled_file,
                                              Language language = Language::en);

/// The rows of a ledger, CSV or workbook, from its head on. Throws Error.
[[nodiscard]] std::vector<CsvRow> load_ledger(const std::filesystem::path& path);
[[nodiscard]] std::string ledger_csv(const std::vector<CsvRow>& rows);
/// What a person fills in is free to be written into, and levels drop down. Above the head stand
/// its words in the reader's languages. Throws Error where the disk refuses, which names `called`
/// where that is not `path`.
void write_ledger_workbook(const std::vector<CsvRow>& rows, const std::filesystem::path& path,
                           Language language = Language::both,
                           const std::filesystem::path& called = {});

}  // namespace sekimori
