#pragma once

// The data link frame: IEEE 1815-2012, 9.2.

#include "sekimori/bytes/byte_cursor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sekimori::dnp3 {

inline constexpr std::uint8_t kStart0 = 0x05;  // 9.2.4
inline constexpr std::uint8_t kStart1 = 0x64;
inline constexpr std::size_t kHeader = 10;        // start, length, control, two addresses, CRC
inline constexpr std::size_t kCounted = 5;        // of them the length counts, before the data
inline constexpr std::size_t kBlock = 16;         // data between two CRCs
inline constexpr std::size_t kMostData = 250;     // 255 less the five
inline constexpr std::size_t kMostFrame = 292;    // with all CRCs
inline constexpr std::uint16_t kGroups = 0xfff0;  // and above: reserved, or all, 9.2.4.1.3
inline constexpr std::uint16_t kAll = 0xfffd;     // 0xfffd to 0xffff: everyone, who stays silent

/// 9.2: x^16 + x^13 + x^12 + x^11 + x^10 + x^8 + x^6 + x^5 + x^2 + 1, reflected, inverted.
constexpr std::array<std::uint16_t, 256> make_crc_table() noexcept {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xa6bcU : 0U);
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
inline constexpr auto kCrcTable = make_crc_table();

[[nodiscard]] constexpr std::uint16_t crc_of(Bytes bytes) noexcept {
  unsigned crc = 0;
  for (const auto byte : bytes) crc = (crc >> 8U) ^ kCrcTable[(crc ^ byte) & 0xffU];
  return static_cast<std::uint16_t>(~crc);
}

/// True where the last two bytes are the CRC of those before.
[[nodiscard]] constexpr bool is_sound(Bytes bytes) noexcept {
  const auto size = bytes.size() - 2;
  return crc_of(bytes.first(size)) == (bytes[size] | bytes[size + 1] << 8U);
}

/// Functions of a primary station and of a secondary one, 9.2.4.
enum class LinkFunction : std::uint8_t {
  reset_link = 0,
  reset_user = 1,  // obsolete
  test_link = 2,
  confirmed_data = 3,
  unconfirmed_data = 4,
  request_status = 9,
};
enum class LinkAnswer : std::uint8_t { ack = 0, nack = 1, status = 11, not_supported = 15 };

struct LinkHeader {
  std::uint8_t length = 0;
  std::uint8_t control = 0;
  std::uint16_t destination = 0;
  std::uint16_t source = 0;

  [[nodiscard]] constexpr bool from_master() const noexcept { return (control & 0x80U) != 0; }
  [[nodiscard]] constexpr bool is_primary() const noexcept { return (control & 0x40U) != 0; }
  [[nodiscard]] constexpr std::uint8_t function() const noexcept { return control & 0x0fU; }
  [[nodiscard]] constexpr std::uint16_t outstation() const noexcept {
    return from_master() ? destination : source;
  }
  [[nodiscard]] constexpr std::size_t data_size() const noexcept { return length - kCounted; }
  [[nodiscard]] constexpr std::size_t frame_size() const noexcept {
    return kHeader + data_size() + 2 * ((data_size() + kBlock - 1) / kBlock);
  }
  [[nodiscard]] constexpr bool carries_data() const noexcept {
    return is_primary() && (function() == 3 || function() == 4) && data_size() > 0;
  }
  /// True where the standard knows such a frame; what is not of this kind is a fault or a test.
  [[nodiscard]] constexpr bool is_regular() const noexcept {
    const auto code = function();
    if (!is_primary()) return (code <= 1 || code == 11 || code == 15) && data_size() == 0;
    const bool counts = (control & 0x10U) != 0;  // FCV: set for 2 and 3 alone
    if (code == 3 || code == 4) return data_size() > 1 && counts == (code == 3);
    return (code <= 2 || code == 9) && data_size() == 0 && counts == (code == 2);
  }
};

/// The header at the front, where it is there and its CRC is right.
[[nodiscard]] constexpr std::optional<LinkHeader> header_of(Bytes bytes) noexcept {
  if (bytes.size() < kHeader || bytes[0] != kStart0 || bytes[1] != kStart1) return std::nullopt;
  if (bytes[2] < kCounted || !is_sound(bytes.first(kHeader))) return std::nullopt;
  ByteCursor cursor{bytes};
  cursor.skip(2);
  LinkHeader header;
  header.length = cursor.u8();
  header.control = cursor.u8();
  header.destination = cursor.le16();
  header.source = cursor.le16();
  return header;
}

/// The data of a frame without its CRCs, as far as the capture kept it.
class FrameData {
 public:
  FrameData(const LinkHeader& header, Bytes frame) noexcept {
    auto rest = frame.subspan(std::min(frame.size(), kHeader));
    for (auto left = header.data_size(); left > 0 && !rest.empty();) {
      const auto size = std::min(left, kBlock);
      const auto kept = std::min(size, rest.size());
      std::ranges::copy(rest.first(kept), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
      size_ += kept;
      if (rest.size() < size + 2) break;
      if (!is_sound(rest.first(size + 2))) is_sound_ = false;
      rest = rest.subspan(size + 2);
      left -= size;
    }
    is_cut_ = frame.size() < header.frame_size();
  }

  [[nodiscard]] Bytes bytes() const noexcept { return Bytes{bytes_}.first(size_); }
  [[nodiscard]] bool has_sound_blocks() const noexcept { return is_sound_; }
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }

 private:
  std::array<std::uint8_t, kMostData> bytes_{};
  std::size_t size_ = 0;
  bool is_sound_ = true;
  bool is_cut_ = false;
};

/// Where frames are not to be had one behind the other, as in a serial line's tunnel: the place of
/// the next one. `found`: its header is there and sound; else what lies before `at` is certainly
/// none, and the rest too short to tell.
struct NextFrame {
  std::size_t at = 0;
  bool found = false;
};

[[nodiscard]] constexpr NextFrame next_frame(Bytes bytes, std::size_t from) noexcept {
  for (auto at = from; at < bytes.size(); ++at) {
    const auto rest = bytes.subspan(at);
    if (rest[0] != kStart0) continue;
    if (rest.size() > 1 && rest[1] != kStart1) continue;
    if (rest.size() < kHeader) return {at, false};
    if (header_of(rest)) return {at, true};
  }
  return {bytes.size(), false};
}

}  // namespace sekimori::dnp3
