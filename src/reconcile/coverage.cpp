// Whether enough was seen for silence to mean something (merge-rules 5.3).

#include "coverage.h"

#include "note.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sekimori {
namespace {

constexpr double kDay = 86400;                      // seconds
constexpr std::int64_t kSaturday = 2, kSunday = 3;  // days after a Thursday, as 1970-01-01 was

using Interval = std::pair<double, double>;

/// Overlapping captures of two sensors count once.
std::vector<Interval> joined(std::vector<Interval> intervals) {
  std::ranges::sort(intervals);
  std::vector<Interval> merged;
  for (const auto& each : intervals) {
    if (!merged.empty() && each.first <= merged.back().second)
      merged.back().second = std::max(merged.back().second, each.second);
    else
      merged.push_back(each);
  }
  return merged;
}

bool touches(const std::vector<Interval>& intervals, std::int64_t weekday) {
  return std::ranges::any_of(intervals, [&](const Interval& each) {
    const auto first = static_cast<std::int64_t>(std::floor(each.first / kDay));
    const auto last = static_cast<std::int64_t>(std::floor(each.second / kDay));
    const auto until = ((weekday - first) % 7 + 7) % 7;
    return first + until <= last;
  });
}

bool taken_at(const CaptureSpan& capture, const std::vector<std::string>& vantage) {
  return std::ranges::any_of(vantage, [&](const std::string& letter) {
    return letter == "any" ? !capture.vantage.empty()
                           : capture.vantage.find(letter) != std::string::npos;
  });
}

std::string listed(const std::vector<std::string>& letters) {
  std::string list;
  for (const auto& letter : letters) list += (list.empty() ? "" : " / ") + letter;
  return list;
}

}  // namespace

std::vector<CaptureSpan> read_captures(Database& model) {
  auto rows = model.prepare(
      "SELECT first_seen, last_seen, vantage, one_way, two_way, packets, "
      "kernel_drops + stream_gaps + fragments_lost FROM capture ORDER BY capture");
  std::vector<CaptureSpan> captures;
  while (rows.step()) {
    CaptureSpan capture{rows.real(0),    rows.real(1),    rows.text(2),   rows.integer(3),
                        rows.integer(4), rows.integer(5), rows.integer(6)};
    captures.push_back(std::move(capture));
  }
  return captures;
}

Coverage coverage_of(const std::vector<CaptureSpan>& captures,
                     const std::vector<std::string>& vantage, double min_days,
                     const MergePolicy& policy, std::vector<Bilingual>& reasons) {
  Coverage coverage;
  const auto before = reasons.size();
  const auto miss = [&](std::string_view code, const NoteValues& values = {}) {
    reasons.push_back(fill(policy.notes.find(code)->second, values));
  };

  std::vector<Interval> intervals;
  std::int64_t one_way = 0;
  std::int64_t two_way = 0;
  std::int64_t packets = 0;
  std::int64_t lost = 0;
  for (const auto& capture : captures) {
    if (!taken_at(capture, vantage)) continue;
    coverage.vantage_ok = true;
    one_way += capture.one_way;
    two_way += capture.two_way;
    packets += capture.packets;
    lost += capture.lost;
    if (capture.packets > 0) intervals.emplace_back(capture.first, capture.last);
  }
  if (!coverage.vantage_ok) {
    if (captures.empty())
      miss("no-capture");
    else
      miss("vantage", {{"letters", same(listed(vantage))}});
    return coverage;
  }

  intervals = joined(std::move(intervals));
  for (const auto& [first, last] : intervals) coverage.days += (last - first) / kDay;
  coverage.weekend = touches(intervals, kSaturday) && touches(intervals, kSunday);
  if (one_way + two_way > 0)
    coverage.both_directions =
        static_cast<double>(two_way) / static_cast<double>(one_way + two_way);
  if (packets + lost > 0)
    coverage.loss = static_cast<double>(lost) / static_cast<double>(packets + lost);

  const auto percent = [](double share) { return same(short_number(100 * share, 1)); };
  if (coverage.days < min_days)
    miss("days", {{"days", same(short_number(coverage.days, 3))},
                  {"min", same(short_number(min_days, 1))}});
  if (policy.weekend && !coverage.weekend) miss("weekend");
  if (!coverage.both_directions)
    miss("directions-unknown");
  else if (*coverage.both_directions < policy.min_both_directions)
    miss("directions", {{"percent", percent(*coverage.both_directions)},
                        {"min", percent(policy.min_both_directions)}});
  if (coverage.loss > policy.max_loss)
    miss("loss", {{"percent", percent(coverage.loss)}, {"max", percent(policy.max_loss)}});
  coverage.enough = reasons.size() == before;
  return coverage;
}

}  // namespace sekimori
