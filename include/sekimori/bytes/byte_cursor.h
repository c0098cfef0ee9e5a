#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sekimori {

using Bytes = std::span<const std::uint8_t>;

/// Reads forward through bytes that somebody else owns.
///
/// A read that does not fit yields zero (or an empty view) and fails the
/// cursor; from then on every read does the same. So a parser reads straight
/// down and asks `ok()` once, and no read can leave the bytes it was given.
class ByteCursor {
 public:
  constexpr explicit ByteCursor(Bytes bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] constexpr bool ok() const noexcept { return ok_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return remaining() == 0; }
  [[nodiscard]] constexpr std::size_t remaining() const noexcept {
    return ok_ ? bytes_.size() - offset_ : 0;
  }

  /// Bytes consumed so far; after a failure, where the failing read began.
  [[nodiscard]] constexpr std::size_t offset() const noexcept { return offset_; }

  /// What is left, without consuming it.
  [[nodiscard]] constexpr Bytes rest() const noexcept {
    return ok_ ? bytes_.subspan(offset_) : Bytes{};
  }

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
    ok_ = ok_ && count <= bytes_.size() - offset_;
    if (!ok_) return {};
    const Bytes taken = bytes_.subspan(offset_, count);
    offset_ += count;
    return taken;
  }

  constexpr void skip(std::size_t count) noexcept { take(count); }

  /// A cursor confined to the next `count` bytes: a length field, made a wall.
  constexpr ByteCursor nested(std::size_t count) noexcept {
    ByteCursor inner{take(count)};
    inner.ok_ = ok_;
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

  Bytes bytes_;
  std::size_t offset_ = 0;
  bool ok_ = true;
};

}  // namespace sekimori
