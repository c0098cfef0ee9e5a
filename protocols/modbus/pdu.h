#pragma once

// One Modbus message and the layouts that its function allows: MODBUS Application Protocol V1.1b3,
// 6, where each function's request and response stand with their sizes and legal quantities.

#include "sekimori/bytes/byte_cursor.h"

#include "operations.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sekimori::modbus {

inline constexpr std::uint8_t kRefusal = 0x80;  // the bit that marks an exception response, 7
inline constexpr std::uint8_t kUmasOk = 0xfe;
inline constexpr std::uint8_t kUmasError = 0xfd;

/// The message behind the header: `body` are the bytes after the function code that were captured,
/// `size` how many there are by the header's length. A field that lies outside `size` breaks the
/// protocol; one that lies outside `body` alone was cut by the capture.
struct Pdu {
  Bytes body;
  std::size_t size = 0;
  std::uint8_t unit = 0;
  std::uint8_t function = 0;

  [[nodiscard]] constexpr bool has(std::size_t count) const noexcept {
    return body.size() >= count;
  }
  [[nodiscard]] constexpr bool is_cut() const noexcept { return body.size() < size; }
  /// True where the capture kept all that fits_request and fits_answer look at.
  [[nodiscard]] constexpr bool has_layout() const noexcept {
    const std::size_t deepest = function == 23 ? 9 : 5;  // up to the byte count of 23, 15 and 16
    return has(std::min(size, deepest));
  }

  [[nodiscard]] constexpr std::uint8_t u8(std::size_t at) const noexcept {
    return at < body.size() ? body[at] : std::uint8_t{0};
  }
  [[nodiscard]] constexpr std::uint16_t be16(std::size_t at) const noexcept {
    return static_cast<std::uint16_t>(u8(at) << 8U | u8(at + 1));
  }
};

[[nodiscard]] constexpr bool within(unsigned value, unsigned least, unsigned most) noexcept {
  return value >= least && value <= most;
}

/// Functions whose layout is known; of the others nothing but the length can be checked.
[[nodiscard]] constexpr bool is_laid_out(std::uint8_t function) noexcept {
  return within(function, 1, 8) || within(function, 11, 12) || within(function, 15, 17) ||
         within(function, 20, 24) || function == kEncapsulated || function == kUmas;
}

[[nodiscard]] constexpr bool fits_mei(const Pdu& pdu, std::size_t least,
                                      std::size_t most) noexcept {
  if (pdu.u8(0) == kCanopen) return pdu.size >= 1;
  return pdu.u8(0) == kDeviceIdentification && within(pdu.u8(1), 1, 4) && pdu.size >= least &&
         pdu.size <= most;
}

/// True where the message has the layout of a request of its function. Needs has_layout().
[[nodiscard]] constexpr bool fits_request(const Pdu& pdu) noexcept {
  const auto size = pdu.size;
  switch (pdu.function) {
    case 1:
    case 2:
      return size == 4 && within(pdu.be16(2), 1, 2000);
    case 3:
    case 4:
      return size == 4 && within(pdu.be16(2), 1, 125);
    case 5:
      return size == 4 && (pdu.be16(2) == 0 || pdu.be16(2) == 0xff00);
    case 6:
      return size == 4;
    case 7:
    case 11:
    case 12:
    case 17:
      return size == 0;
    case kDiagnostics:
      return size >= 4 && size % 2 == 0;
    case 15:
      return within(pdu.be16(2), 1, 1968) && pdu.u8(4) == (pdu.be16(2) + 7U) / 8U &&
             size == 5U + pdu.u8(4);
    case 16:
      return within(pdu.be16(2), 1, 123) && pdu.u8(4) == pdu.be16(2) * 2U && size == 5U + pdu.u8(4);
    case 20:
      return pdu.u8(0) >= 7 && pdu.u8(0) % 7U == 0 && pdu.u8(1) == 6 && size == 1U + pdu.u8(0);
    case 21:
      return pdu.u8(0) >= 9 && pdu.u8(1) == 6 && size == 1U + pdu.u8(0);
    case 22:
      return size == 6;
    case 23:
      return within(pdu.be16(2), 1, 125) && within(pdu.be16(6), 1, 121) &&
             pdu.u8(8) == pdu.be16(6) * 2U && size == 9U + pdu.u8(8);
    case 24:
      return size == 2;
    case kEncapsulated:
      return fits_mei(pdu, 3, 3);
    case kUmas:
      return size >= 2 && pdu.u8(1) < kUmasError;
    default:
      return pdu.function != 0 && pdu.function < kRefusal;
  }
}

/// The same for the answer.
[[nodiscard]] constexpr bool fits_answer(const Pdu& pdu) noexcept {
  const auto size = pdu.size;
  const bool counted = pdu.u8(0) >= 1 && size == 1U + pdu.u8(0);
  if (pdu.function >= kRefusal) return pdu.function != kRefusal && size == 1;
  switch (pdu.function) {
    case 1:
    case 2:
      return counted;
    case 3:
    case 4:
    case 23:
      return counted && pdu.u8(0) % 2U == 0;
    case 7:
      return size == 1;
    case 11:
      return size == 4;
    case 12:
      return counted && pdu.u8(0) >= 6;
    case 15:
      return size == 4 && within(pdu.be16(2), 1, 1968);
    case 16:
      return size == 4 && within(pdu.be16(2), 1, 123);
    case 17:
      return counted;
    // The first record: its size, which counts the type, then the type, which is 6.
    case 20:
      return counted && pdu.u8(1) % 2U == 1 && pdu.u8(2) == 6;
    case 24:
      return pdu.be16(0) == 2U + 2U * pdu.be16(2) && size == 2U + pdu.be16(0);
    case kEncapsulated:
      return fits_mei(pdu, 6, SIZE_MAX);
    case kUmas:
      return size >= 2 && pdu.u8(1) >= kUmasError && pdu.u8(1) <= kUmasOk;
    default:
      return fits_request(pdu);  // 5, 6, 8, 21 and 22 are echoed
  }
}

}  // namespace sekimori::modbus
