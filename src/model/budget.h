#pragma once

#include "sekimori/flow/defragmenter.h"
#include "sekimori/flow/flow.h"
#include "sekimori/model/recorder.h"

#include <cstddef>

namespace sekimori {

/// What one shard may keep.
struct Budget {
  FlowLimits flows;
  DefragmenterLimits fragments;
  RecorderLimits facts;
};

/// The share of one of `threads` shards in `memory` bytes (DESIGN section 6: bounded in total).
/// A third goes to what lives (flows and what they keep), a quarter to facts; the rest is for those
/// facts once more, with their keys spelled out, and for what is made of them.
[[nodiscard]] Budget budget_of(std::size_t memory, unsigned threads) noexcept;

}  // namespace sekimori
