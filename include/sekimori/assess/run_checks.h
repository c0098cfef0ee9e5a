#pragma once

#include "sekimori/assess/ruleset.h"
#include "sekimori/model/database.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

enum class CheckResult : std::uint8_t { violated, met, unseen };

[[nodiscard]] std::string_view to_text(CheckResult result) noexcept;

/// What a check may cost, and how much of what it finds is kept.
struct CheckLimits {
  std::uint64_t steps = 2'000'000'000;  ///< of SQLite's machine, for one query
  std::size_t findings = 1000;          ///< listed for a check; the others are counted
  std::size_t frames = 16;              ///< proving one finding
};

struct CheckOutcome {
  std::string id;
  CheckResult result = CheckResult::unseen;
  std::uint64_t findings = 0;  ///< all of them, listed or not
  /// Why it is unseen, or what is not listed: `coverage: days 0.2 of 7`, `failed: needs more than
  /// 100 steps`, `listed 1000 of 5321`. See rulesets/README.md.
  std::string note;
};

/// Asks every check of the model and writes finding, proof and check_result anew, all in one
/// transaction, which may be part of the caller's. The queries only read: see Database::restrict.
std::vector<CheckOutcome> run_checks(const Rules& rules, Database& database,
                                     const CheckLimits& limits = {});

}  // namespace sekimori
