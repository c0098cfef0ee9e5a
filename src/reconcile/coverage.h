#pragma once

#include "sekimori/model/database.h"
#include "sekimori/reconcile/merge_policy.h"
#include "sekimori/reconcile/reconcile.h"

#include <string>
#include <vector>

namespace sekimori {

/// What one capture adds to coverage.
struct CaptureSpan {
  double first = 0, last = 0;  ///< seconds since the epoch, UTC
  std::string vantage;         ///< letters
  std::int64_t one_way = 0, two_way = 0, packets = 0, lost = 0;
};

[[nodiscard]] std::vector<CaptureSpan> read_captures(Database& model);

/// Coverage by the captures taken at one of these vantage points (merge-rules 5.3). What is
/// missing is said in `reasons`.
[[nodiscard]] Coverage coverage_of(const std::vector<CaptureSpan>& captures,
                                   const std::vector<std::string>& vantage, double min_days,
                                   const MergePolicy& policy, std::vector<Bilingual>& reasons);

}  // namespace sekimori
