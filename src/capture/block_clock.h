#pragma once

#include <cstdint>

namespace sekimori::detail {

/// Turns the ticks of a pcapng interface into nanoseconds since the epoch.
class BlockClock {
 public:
  BlockClock() noexcept : BlockClock(6, 0) {}
  /// if_tsresol: the exponent of 10, or with the upper bit of 2, of ticks in a second;
  /// if_tsoffset: seconds to be added.
  BlockClock(std::uint8_t resolution, std::int64_t offset_seconds) noexcept;

  /// The nearest time that fits, for ticks that no clock ever gave.
  [[nodiscard]] std::int64_t nanoseconds(std::uint64_t ticks) const noexcept {
    if (ticks < plain_end_) return static_cast<std::int64_t>(ticks * multiplier_);
    return any_nanoseconds(ticks);
  }

 private:
  [[nodiscard]] std::int64_t any_nanoseconds(std::uint64_t ticks) const noexcept;

  std::uint64_t multiplier_ = 1;
  std::uint64_t divisor_ = 1;  // 0: more than 2^64, so that no tick makes a nanosecond
  unsigned shift_ = 0;         // a divisor that is a power of 2
  std::int64_t offset_seconds_ = 0;
  std::uint64_t plain_end_ = 0;  // below it one multiplication is right
};

}  // namespace sekimori::detail
