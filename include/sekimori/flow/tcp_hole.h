#pragma once

#include "sekimori/flow/flow.h"

#include <cstdint>

namespace sekimori {

constexpr std::int32_t kFarAhead = 1 << 24;  // bytes; a jump past any sane window

/// Something not yet heard is acknowledged, and not more than any window holds.
[[nodiscard]] inline bool is_ahead(const Side& side, std::uint32_t acknowledgment) noexcept {
  const auto ahead = static_cast<std::int32_t>(acknowledgment - side.next);
  return ahead > 0 && ahead < kFarAhead;
}

/// The next segment lacks nothing before it, and waits for the other side's bytes only.
[[nodiscard]] inline bool is_held(const Side& side) noexcept {
  return side.hole &&
         static_cast<std::int32_t>(side.hole->segments.front().sequence - side.next) <= 0;
}

/// A SYN|ACK of another connection on the same ports: its own would lie behind `next` by what was
/// sent since, or less.
[[nodiscard]] inline bool is_other_answer(const Side& side, std::uint32_t sequence) noexcept {
  return side.payload > 0 && side.next - (sequence + 1) > side.payload;
}

/// Keeps what a packet brings from `next` on, in order of sequence; `early` says of it all but the
/// bytes. Of bytes that were kept before, the first copy stands. Returns how many bytes of the
/// later copy differ from it.
std::uint64_t keep_early(Hole& hole, std::uint32_t next, const EarlySegment& early,
                         const Packet& packet);

}  // namespace sekimori
