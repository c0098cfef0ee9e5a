#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sekimori {

using Bytes = std::span<const std::uint8_t>;

/// Reads forward through bytes that somebody else owns; of more than kMost, only the first so many.
///
/// A read that does not fit yields zero (or an empty view) and fails the
/// cursor; from then on every read does the same. So a parser reads straight
/// down and asks `ok()` once, and no read can leave the bytes it was given.
/// It is two registers wide, so that handing it to a dissector costs nothing.
class ByteCursor {
 public:
  static constexpr std::size_t kMost = 0x7fffffff;  ///< bytes

  constexpr explicit ByteCursor(Bytes bytes) noexcept
      : next_(bytes.data()),
        left_(static_cast<std::uint32_t>(bytes.size() < kMost ? bytes.size() : kMost)) {}

  [[nodiscard]] constexpr bool ok() const noexcept { return (offset_ & kFailed) == 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return left_ == 0; }
  [[nodiscard]] constexpr std::size_t remaining() const noexcept { return left_; }

  /// Bytes consumed so far; after a failure, where the failing read began.
  [[nodiscard]] constexpr std::size_t offset() const noexcept { return offset_ & ~kFailed; }

  /// What is left, without consuming it.
  [[nodiscard]] constexpr Bytes rest() const noexcept { return {next_, left_}; }

  constexpr std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(big<1>()); }
  constexpr std::uint16_t be16() noexcept { return static_cast<std::uint16_t>(big<2>()); }
  constexpr std::uint32_t be24() noexcept { return static_cast<std::uint32_t>(big<3>()); }
  constexpr std::uint32_t be32() noexcept { return static_cast<std::uint32_t>(big<4>()); }
  constexpr std::uint64_t be64() noexcept { return big<8>(); }
  constexpr std::uint16_t le16() noexcept { return static_cast<std::uint16_t>(little<2>()); }
  constexpr std::uint32_t le24() noexcept { return static_cast<std::uint32_t>(little<3>()); }
  constexpr std::uint32_t le32() noexcept { return static_cast<std::uint32_t>(little<4>()); }
  constexpr std::uint64_t le64() noexcept { return little<8>(); }

  /// The next `count` bytes, as a view into the same memory.
  constexpr Bytes take(std::size_t count) noexcept {
    if (count > left_ || !ok()) {
      offset_ |= kFailed;
      left_ = 0;
      return {};
    }
    const Bytes taken{next_, count};
    next_ += count;
    left_ -= static_cast<std::uint32_t>(count);
    offset_ += static_cast<std::uint32_t>(count);
    return taken;
  }

  constexpr void skip(std::size_t count) noexcept { take(count); }

  /// A cursor confined to the next `count` bytes: a length field, made a wall.
  constexpr ByteCursor nested(std::size_t count) noexcept {
    ByteCursor inner{take(count)};
    if (!ok()) inner.offset_ = kFailed;
    return inner;
  }

 private:
  template <std::size_t width>
  constexpr std::uint64_t big() noexcept {
    std::uint64_t value = 0;
    for (const auto byte : take(width)) value = (value << 8U) | byte;
    return value;
  }

  template <std::size_t width>
  constexpr std::uint64_t little() noexcept {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const auto byte : take(width)) {
      value |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  static constexpr std::uint32_t kFailed = 0x80000000;  // in offset_

  const std::uint8_t* next_;
  std::uint32_t left_;  // 0 after a failure
  std::uint32_t offset_ = 0;
};

}  // namespace sekimori
