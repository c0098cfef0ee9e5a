// IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200), AH (RFC 4302), IP in IP (RFC 2003,
// RFC 4213).

#include "walk.h"

#include <algorithm>

namespace sekimori::decoding {
namespace {

// RFC 8200, 4; RFC 6275 (mobility), RFC 7401 (HIP), RFC 5533 (Shim6): all with a length in
// units of eight bytes beyond the first eight.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint8_t kDestination = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kMplsInIp = 137;  // RFC 4023
constexpr std::uint8_t kHostIdentity = 139;
constexpr std::uint8_t kShim6 = 140;

constexpr std::uint8_t kJumbo = 0xc2;  // RFC 2675, 2

/// The addresses, and with them everything below, are this header's. Inside a tunnel of network
/// layer there is no link: the outer frame's MACs belong to the tunnel's ends.
void begin(Walk& walk, std::uint8_t version) noexcept {
  auto& packet = walk.packet;
  if (packet.ip_version != 0) {
    packet.has_mac = false;
    packet.source_mac = packet.destination_mac = {};
    packet.source = packet.destination = {};
    packet.source_port = packet.destination_port = packet.checksum = 0;
    packet.ip_id = 0;
  }
  packet.ip_version = version;
  walk.unwrapping = false;
}

/// Only the outermost addresses shard.
void pair(Walk& walk) noexcept {
  if (walk.has_pair) return;
  walk.has_pair = true;
  walk.packet.pair = pair_of(walk.packet.source, walk.packet.destination);
}

Step ipv4(Walk& walk) noexcept {
  if (!walk.has(kIpv4Header, Layer::ip)) return Step::done;
  auto& packet = walk.packet;
  const auto bytes = walk.bytes;
  const std::size_t header = (bytes[0] & 15U) * std::size_t{4};
  if (header < kIpv4Header)
    return walk.stop({Layer::ip, StopReason::bad_length, LimitedBy::header_field});
  begin(walk, 4);
  packet.ip_id = be16(bytes, 4);
  packet.ttl = bytes[8];
  packet.ip_protocol = bytes[9];
  load_ipv4(packet.source, bytes, 12);
  load_ipv4(packet.destination, bytes, 16);
  pair(walk);
  const std::uint32_t total = be16(bytes, 2);
  if (total == 0) {
    // The sender's segmentation offload: the network card writes the length after the capture.
    walk.note({Layer::ip, StopReason::bad_length, LimitedBy::ip_total_length});
  } else {
    walk.limit(total, LimitedBy::ip_total_length, Layer::ip);
  }
  if (walk.wire < header) {
    walk.bytes = {};
    walk.wire = 0;
    walk.carry(Over::ip, packet.ip_protocol, Layer::ip);
    return walk.stop(Walk::because(Layer::ip, walk.wall));
  }
  if (walk.bytes.size() < header) {  // the options were not captured
    walk.wire -= static_cast<std::uint32_t>(header);
    walk.bytes = {};
    walk.carry(Over::ip, packet.ip_protocol, Layer::ip);
    return walk.stop(Walk::because(Layer::ip, walk.shortage));
  }
  walk.skip(header);
  walk.type = packet.ip_protocol;
  const auto place = be16(bytes, 6);
  constexpr std::uint16_t kMoreFragments = 0x2000;
  constexpr std::uint16_t kOffset = 0x1fff;
  if ((place & (kMoreFragments | kOffset)) == 0) return Step::ip_protocol;
  packet.fragment = true;
  packet.more_fragments = (place & kMoreFragments) != 0;
  packet.fragment_offset = static_cast<std::uint16_t>((place & kOffset) * 8U);
  walk.carry(Over::ip, packet.ip_protocol, Layer::fragment);
  return Step::done;
}

/// The length that a jumbogram's hop-by-hop option tells; 0 where there is none.
std::uint32_t jumbo_length(Bytes bytes) noexcept {
  if (bytes.size() < 8) return 0;
  ByteCursor options{bytes.first(std::min(bytes.size(), (bytes[1] + std::size_t{1}) * 8))};
  options.skip(2);
  while (options.ok() && !options.empty()) {
    const auto type = options.u8();
    if (type == 0) continue;  // Pad1
    const auto length = options.u8();
    if (type == kJumbo && length == 4) return options.be32();
    options.skip(length);
  }
  return 0;
}

/// RFC 8200, 3, where the length is zero: a jumbogram tells its own; a segment on its way to
/// an offloading network card has none yet.
void limit_unstated(Walk& walk, std::uint8_t next) noexcept {
  constexpr std::uint8_t kNoNextHeader = 59;
  if (next == kNoNextHeader) return walk.limit(0, LimitedBy::ipv6_payload_length, Layer::ip);
  const auto jumbo = next == kHopByHop ? jumbo_length(walk.bytes) : 0;
  if (jumbo != 0) return walk.limit(jumbo, LimitedBy::header_field, Layer::ip_extension);
  walk.note({Layer::ip, StopReason::bad_length, LimitedBy::ipv6_payload_length});
}

Step ipv6(Walk& walk) noexcept {
  if (!walk.has(kIpv6Header, Layer::ip)) return Step::done;
  auto& packet = walk.packet;
  const auto bytes = walk.bytes;
  begin(walk, 6);
  const std::uint32_t length = be16(bytes, 4);
  packet.ip_protocol = bytes[6];
  packet.ttl = bytes[7];
  load_ipv6(packet.source, bytes, 8);
  load_ipv6(packet.destination, bytes, 24);
  pair(walk);
  walk.skip(kIpv6Header);
  if (length == 0) {
    limit_unstated(walk, packet.ip_protocol);
  } else {
    walk.limit(length, LimitedBy::ipv6_payload_length, Layer::ip);
  }
  walk.type = packet.ip_protocol;
  return Step::ip_protocol;
}

}  // namespace

Step ip(Walk& walk) noexcept {
  if (!walk.has(1, Layer::ip)) return Step::done;
  const unsigned version = walk.bytes[0] >> 4U;
  const bool expected = walk.type == 0 || walk.type == version;
  if (expected && version == 4) return ipv4(walk);
  if (expected && version == 6) return ipv6(walk);
  return walk.stop({Layer::ip, StopReason::bad_version, LimitedBy::none});
}

Step ip_protocol(Walk& walk) noexcept {
  auto& packet = walk.packet;
  packet.ip_protocol = static_cast<std::uint8_t>(walk.type);
  const bool icmp = walk.type == kIcmp || walk.type == kIcmpv6;
  walk.carry(Over::ip, walk.type, icmp ? Layer::icmp : Layer::ip);
  switch (packet.ip_protocol) {
    case kTcp:
      return Step::tcp;
    case kUdp:
      return Step::udp;
    case kGre:
      return Step::gre;
    case kIpInIp:
    case kIpv6InIp:
      if (!walk.join(Segment::Kind::tunnel, packet.ip_protocol)) return Step::done;
      walk.type = packet.ip_protocol == kIpInIp ? 4 : 6;
      return Step::ip;
    case kMplsInIp:
      walk.around = Layer::mpls;
      return Step::mpls;
    case kAuthentication:
      return Step::extension;
    case kHopByHop:
    case kRouting:
    case kDestination:
    case kMobility:
    case kHostIdentity:
    case kShim6:
      return packet.ip_version == 6 ? Step::extension : Step::done;
    case kFragmentHeader:
      return packet.ip_version == 6 ? Step::ipv6_fragment : Step::done;
    default:
      return Step::done;
  }
}

Step extension(Walk& walk) noexcept {
  if (!walk.has(8, Layer::ip_extension)) return Step::done;
  const auto next = walk.bytes[0];
  const std::size_t units = walk.bytes[1];
  // RFC 4302, 2.2: AH counts in words of four bytes, less two.
  const auto size = walk.type == kAuthentication ? (units + 2) * 4 : (units + 1) * 8;
  if (!walk.has(size, Layer::ip_extension)) return Step::done;
  walk.skip(size);
  walk.type = next;
  return Step::ip_protocol;
}

Step ipv6_fragment(Walk& walk) noexcept {
  if (!walk.has(8, Layer::fragment)) return Step::done;
  auto& packet = walk.packet;
  const auto place = be16(walk.bytes, 2);
  packet.ip_id = be32(walk.bytes, 4);
  walk.type = walk.bytes[0];
  walk.skip(8);
  constexpr std::uint16_t kMoreFragments = 1;
  constexpr std::uint16_t kOffset = 0xfff8;  // in units of eight, so already in bytes
  if ((place & (kMoreFragments | kOffset)) == 0) return Step::ip_protocol;  // RFC 6946
  packet.fragment = true;
  packet.more_fragments = (place & kMoreFragments) != 0;
  packet.fragment_offset = place & kOffset;
  packet.ip_protocol = static_cast<std::uint8_t>(walk.type);
  walk.carry(Over::ip, walk.type, Layer::fragment);
  return Step::done;
}

bool looks_like_ip(Bytes bytes, std::uint32_t wire) noexcept {
  if (bytes.size() < kIpv4Header) return false;
  if (bytes[0] >> 4U == 4) {
    const auto header = (bytes[0] & 15U) * 4U;
    const auto total = be16(bytes, 2);
    return header >= kIpv4Header && total >= header && total <= wire;
  }
  return bytes[0] >> 4U == 6 && wire >= kIpv6Header && be16(bytes, 4) <= wire - kIpv6Header;
}

}  // namespace sekimori::decoding
