#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <compare>
#include <cstdint>

namespace sekimori {

/// LINKTYPE_ values of the tcpdump project's registry, as pcap files store them.
enum class LinkType : std::uint16_t {
  null = 0,
  ethernet = 1,
  ppp = 9,
  raw_ip_bsd = 12,
  raw_ip_openbsd = 14,
  ppp_hdlc = 50,
  raw_ip = 101,
  ieee802_11 = 105,
  loop = 108,
  linux_sll = 113,
  ieee802_11_prism = 119,
  ieee802_11_radiotap = 127,
  ipv4 = 228,
  ipv6 = 229,
  linux_sll2 = 276,
};

/// Bytes as captured. The memory belongs to the batch that the frame came in.
struct Frame {
  Bytes bytes;                    ///< what was captured
  std::uint32_t wire_length = 0;  ///< what was on the wire; never less than bytes.size()
  std::uint32_t capture = 0;      ///< index into CaptureSet::captures()
  std::uint64_t number = 0;       ///< from 1, within its capture, as Wireshark counts
  std::int64_t time = 0;          ///< nanoseconds since 1970-01-01T00:00:00Z, within 2^62 of it
  LinkType link_type = LinkType::ethernet;
};

/// Where and when something was seen: `capture` indexes the captures of one reading, `frame` counts
/// from 1. Ordered by time. Kept small, since every fact has two: 16 million captures of a million
/// million frames.
struct Sighting {
  static constexpr std::uint64_t kMostCapture = 0xffffff;
  static constexpr std::uint64_t kMostFrame = 0xffffffffff;

  std::int64_t time = 0;  ///< nanoseconds since the epoch
  std::uint64_t frame : 40 = 0;
  std::uint64_t capture : 24 = 0;

  constexpr Sighting() noexcept = default;
  constexpr Sighting(std::int64_t when, std::uint64_t in, std::uint64_t number) noexcept
      : time(when), frame(number & kMostFrame), capture(in & kMostCapture) {}

  friend constexpr bool operator==(const Sighting& a, const Sighting& b) noexcept {
    return a.time == b.time && a.place() == b.place();
  }
  friend constexpr std::strong_ordering operator<=>(const Sighting& a, const Sighting& b) noexcept {
    return a.time != b.time ? a.time <=> b.time : a.place() <=> b.place();
  }

 private:
  [[nodiscard]] constexpr std::uint64_t place() const noexcept {
    return std::uint64_t{capture} << 40U | std::uint64_t{frame};
  }
};

}  // namespace sekimori
