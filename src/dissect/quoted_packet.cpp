#include "sekimori/dissect/quoted_packet.h"

namespace sekimori {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::size_t kLeastHeader = 20;  // RFC 791, 3.1: five words
constexpr int kMostExtensions = 8;        // more than RFC 8200, 4.1 lets a packet have

/// The transport's destination port, behind its source port. A later fragment has none.
bool read_port(ByteCursor cursor, std::uint8_t protocol, Blocked& blocked) noexcept {
  blocked.over = Over::ip;
  blocked.number = protocol;
  if (protocol != kTcp && protocol != kUdp) return true;
  cursor.skip(2);
  const auto port = cursor.be16();
  if (!cursor.ok()) return false;
  blocked.over = protocol == kTcp ? Over::tcp : Over::udp;
  blocked.number = port;
  return true;
}

bool read_v4(ByteCursor cursor, Blocked& blocked) noexcept {
  const std::size_t size = 4U * (cursor.u8() & 15U);
  cursor.skip(5);
  const bool later_fragment = (cursor.be16() & 0x1fffU) != 0;
  cursor.skip(1);
  const auto protocol = cursor.u8();
  cursor.skip(2);
  blocked.source = IpAddress::of(cursor.take(4));
  blocked.destination = IpAddress::of(cursor.take(4));
  if (!cursor.ok() || size < kLeastHeader) return false;
  cursor.skip(size - kLeastHeader);
  if (!later_fragment) return read_port(cursor, protocol, blocked);
  blocked.over = Over::ip;
  blocked.number = protocol;
  return true;
}

bool read_v6(ByteCursor cursor, Blocked& blocked) noexcept {
  cursor.skip(6);
  auto next = cursor.u8();
  cursor.skip(1);
  blocked.source = IpAddress::of(cursor.take(16));
  blocked.destination = IpAddress::of(cursor.take(16));
  for (int i = 0; i < kMostExtensions; ++i) {
    if (next != kHopByHop && next != kRouting && next != kFragment && next != kDestinationOptions)
      break;
    const bool fragment = next == kFragment;
    next = cursor.u8();
    const std::size_t units = cursor.u8();
    cursor.skip(fragment ? 6 : 6 + 8 * units);  // RFC 8200, 4.3: eight bytes not counted
  }
  return cursor.ok() && read_port(cursor, next, blocked);
}

}  // namespace

std::optional<Blocked> read_quoted(Bytes quoted, std::uint16_t reason) noexcept {
  if (quoted.empty()) return std::nullopt;
  Blocked blocked;
  blocked.reason = reason;
  const auto version = quoted[0] >> 4U;
  const ByteCursor cursor{quoted};
  if (version == 4 && read_v4(cursor, blocked)) return blocked;
  if (version == 6 && read_v6(cursor, blocked)) return blocked;
  return std::nullopt;
}

}  // namespace sekimori
