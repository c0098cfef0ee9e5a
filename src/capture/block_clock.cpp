#include "block_clock.h"

#include <algorithm>

namespace sekimori::detail {
namespace {

// 94 bits hold any 64-bit count of seconds in nanoseconds.
__extension__ using Wide = __int128;

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
// The years 1823 to 2116: later than any time of pcap, and any two differ by what 64 bits hold.
constexpr std::int64_t kLast = (std::int64_t{1} << 62U) - 1;
constexpr std::int64_t kFirst = -kLast - 1;

std::uint64_t power_of_10(unsigned exponent) noexcept {
  std::uint64_t value = 1;
  while (exponent-- > 0) value *= 10;
  return value;
}

}  // namespace

BlockClock::BlockClock(std::uint8_t resolution, std::int64_t offset_seconds) noexcept
    : offset_seconds_(offset_seconds) {
  constexpr unsigned kNano = 9;
  constexpr unsigned kMostDigits = 19;  // 10^19 is the last that 64 bits hold
  const unsigned exponent = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) {
    multiplier_ = kNanosecondsPerSecond;
    shift_ = exponent;
  } else if (exponent <= kNano) {
    multiplier_ = power_of_10(kNano - exponent);
    if (offset_seconds == 0) plain_end_ = static_cast<std::uint64_t>(kLast) / multiplier_ + 1;
  } else {
    divisor_ = exponent - kNano <= kMostDigits ? power_of_10(exponent - kNano) : 0;
  }
}

std::int64_t BlockClock::any_nanoseconds(std::uint64_t ticks) const noexcept {
  if (divisor_ == 0) ticks = 0;
  const auto divisor = std::max<std::uint64_t>(divisor_, 1);
  const auto since = ((Wide{ticks} * Wide{multiplier_}) >> shift_) / Wide{divisor};
  const auto time = since + Wide{offset_seconds_} * Wide{kNanosecondsPerSecond};
  return static_cast<std::int64_t>(std::clamp(time, Wide{kFirst}, Wide{kLast}));
}

}  // namespace sekimori::detail
