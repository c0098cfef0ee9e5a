#pragma once

#include "sekimori/model/derived_columns.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace sekimori {

/// Puts rows in the order of their assets, and of one asset by `less`: most have few. `asset_of` a
/// row is from 1 to `assets`.
template <class Row, class AssetOf, class Less>
void order_by_asset(std::vector<Row>& rows, std::size_t assets, const AssetOf& asset_of,
                    const Less& less) {
  std::vector<std::size_t> ends(assets + 1);
  for (const auto& row : rows) ++ends[asset_of(row)];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  auto next = ends;
  std::vector<Row> ordered(rows.size());
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) ordered[--next[asset_of(*row)]] = *row;
  for (std::size_t asset = 1; asset <= assets; ++asset) {
    const auto first = ordered.begin() + static_cast<std::ptrdiff_t>(ends[asset - 1]);
    const auto last = ordered.begin() + static_cast<std::ptrdiff_t>(ends[asset]);
    if (last - first > 1) std::sort(first, last, less);
  }
  rows = std::move(ordered);
}

}  // namespace sekimori
