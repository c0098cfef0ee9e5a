#include "sekimori/bytes/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sekimori {
namespace {

// Words longer than this are nobody's misspelling, and would cost their square.
constexpr std::size_t kLongest = 64;

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  // Optimal string alignment, with the last three rows of its table.
  std::vector<std::size_t> row(other.size() + 1, 0);
  std::iota(row.begin(), row.end(), std::size_t{0});
  auto last = row;
  auto before = row;
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t changed = last[j] + (one[i] == other[j] ? 0U : 1U);
      row[j + 1] = std::min({row[j] + 1, last[j + 1] + 1, changed});
      const bool swapped = i > 0 && j > 0 && one[i] == other[j - 1] && one[i - 1] == other[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row[other.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongest) return {};
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const auto distance = edit_distance(word, candidate);
    // A word that shares no letter is not meant.
    if (distance < least && distance < word.size()) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace sekimori
