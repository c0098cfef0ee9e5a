#pragma once

#include "sekimori/bytes/utc.h"
#include "sekimori/report/report.h"

#include "frames.h"
#include "json.h"
#include "words.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sekimori::report {

/// Most rows of a list in the report; what is more stands in the model, and the list says so.
inline constexpr std::size_t kMostRows = 5000;
inline constexpr std::size_t kMostConversations = 50'000;
inline constexpr std::size_t kMostFindings = 100;  ///< of one check

/// A severity of a query's table as its rank, for MAX().
inline constexpr std::string_view kRank =
    "CASE severity WHEN 'critical' THEN 5 WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN "
    "2 ELSE 1 END";

/// What the sections on the plant are made from.
struct Plant {
  Database& model;
  const Words& words;
};

/// What every other section is made from.
struct Context {
  const ReportSources& from;
  const Words& words;
  const FrameIndex& frames;
  const Endpoints& ends;
  /// The worst severity of the violated checks that map to a question: its rank, from 1.
  std::map<std::string, int> question_rank;
  std::size_t system = 1;  ///< its number among those that are assessed apart
};

/// A query's rows as objects, one key for each column. A column named `kind:key` is read so:
/// time (nanoseconds), seconds (REAL since the epoch), flag (0 or 1), frame (`capture:frame`),
/// reason (English of inference), list (with commas), severity (its rank; null is none: "").
[[nodiscard]] Json rows_of(Statement& rows, const Words& words, std::size_t most = SIZE_MAX);

/// `chosen`, for a WITH: the keys of the first `most` rows. What is told of rows is read for these
/// alone, since a plant may have a hundred times as many, and a sort carries all that is asked.
[[nodiscard]] std::string chosen(const std::string& key, const std::string& tables,
                                 std::string_view order, std::size_t most);

/// {"total", "rows"} of a query that has a row for each of `table`.
[[nodiscard]] Json bounded(const Plant& plant, const std::string& table, const std::string& select,
                           std::size_t most = kMostRows);
/// The same where it is known how many rows there are.
[[nodiscard]] Json bounded(const Plant& plant, std::int64_t total, const std::string& select,
                           std::size_t most = kMostRows);

/// Severities from the worst; the rank of the least is 1.
[[nodiscard]] int rank_of(std::string_view severity);
[[nodiscard]] std::string_view severity_of_rank(int rank);

// The sections, by the keys of the report.
[[nodiscard]] Json scope_section(const Context& context);
[[nodiscard]] Json summary_section(const Context& context, const Json& contradictions);
[[nodiscard]] Json contradictions_section(const Context& context);
[[nodiscard]] Json gaps_section(const Context& context);
[[nodiscard]] Json findings_section(const Context& context);
[[nodiscard]] Json checks_section(const Context& context);
[[nodiscard]] Json network_section(const Plant& plant);
[[nodiscard]] Json assets_section(const Plant& plant);
[[nodiscard]] Json services_section(const Plant& plant);
[[nodiscard]] Json conversations_section(const Plant& plant);
[[nodiscard]] Json operations_section(const Plant& plant);
[[nodiscard]] Json events_section(const Plant& plant);
[[nodiscard]] Json questions_section(const Context& context);
[[nodiscard]] Json plan_section(const Context& context);
[[nodiscard]] Json coverage_section(const Context& context);
[[nodiscard]] Json annex_section(const Context& context);
/// What of it is by a question set.
[[nodiscard]] Json annex_of_questions(const Context& context);

/// What the model's zones are called.
[[nodiscard]] Json legend_of_zones(Database& model);

/// utc() of a REAL, which holds a time of today to some 200 ns: to the microsecond.
[[nodiscard]] std::string utc_of_seconds(double seconds);

}  // namespace sekimori::report
