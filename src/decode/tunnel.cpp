// Tunnels over IP and UDP: GRE (RFC 2784, 2890, 2637, 7637), ERSPAN (draft-foschiano-erspan-03),
// VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U (3GPP TS 29.281).

#include "walk.h"

#include <algorithm>

namespace sekimori::decoding {
namespace {

// RFC 2784, RFC 2890, RFC 2637: the first sixteen bits of GRE.
constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kSourceRoute = 0x4000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgment = 0x0080;
constexpr std::uint16_t kVersion = 0x0007;

// Protocol types that GRE alone carries.
constexpr std::uint32_t kErspan = 0x88be;  // types I and II
constexpr std::uint32_t kErspanThree = 0x22eb;

constexpr std::uint16_t kTruncated = 0x0400;  // ERSPAN's T bit, beside the session
constexpr std::uint16_t kSession = 0x03ff;

/// What an ERSPAN switch cut is missing by capture, not by anybody's lie.
Step mirrored(Walk& walk, std::uint16_t session, Step next) noexcept {
  walk.enter(Segment::Kind::erspan, session & kSession);
  if ((session & kTruncated) != 0) walk.wall = LimitedBy::capture;
  return next;
}

Step erspan(Walk& walk, bool sequenced) noexcept {
  if (!sequenced) return mirrored(walk, 0, Step::ethernet);  // type I has no header
  if (!walk.has(8, Layer::erspan)) return Step::done;
  if (walk.bytes[0] >> 4U != 1)
    return walk.stop({Layer::erspan, StopReason::bad_version, LimitedBy::none});
  const auto session = be16(walk.bytes, 2);
  walk.skip(8);
  return mirrored(walk, session, Step::ethernet);
}

Step erspan_three(Walk& walk) noexcept {
  if (!walk.has(12, Layer::erspan)) return Step::done;
  if (walk.bytes[0] >> 4U != 2)
    return walk.stop({Layer::erspan, StopReason::bad_version, LimitedBy::none});
  const auto session = be16(walk.bytes, 2);
  const auto last = be16(walk.bytes, 10);
  const auto frame_type = (last >> 10U) & 0x1fU;
  const std::size_t subheader = (last & 1U) != 0 ? 8 : 0;
  if (!walk.has(12 + subheader, Layer::erspan)) return Step::done;
  walk.skip(12 + subheader);
  walk.type = 0;
  if (frame_type == 0) return mirrored(walk, session, Step::ethernet);
  if (frame_type == 2) return mirrored(walk, session, Step::ip);
  return walk.stop({Layer::erspan, StopReason::unsupported, LimitedBy::none});
}

/// Version 1 carries PPP, and calls are numbered apart in each direction.
Step pptp(Walk& walk, std::uint16_t flags) noexcept {
  const std::size_t size =
      8U + ((flags & kSequence) != 0 ? 4U : 0U) + ((flags & kAcknowledgment) != 0 ? 4U : 0U);
  if (!walk.has(size, Layer::gre)) return Step::done;
  if (walk.type != kGrePpp)
    return walk.stop({Layer::gre, StopReason::unsupported, LimitedBy::none});
  const auto length = be16(walk.bytes, 4);
  if ((flags & kSequence) == 0 || length == 0) return Step::done;  // an acknowledgment
  walk.skip(size);
  walk.limit(length, LimitedBy::header_field, Layer::gre);
  if (!walk.join(Segment::Kind::tunnel, kGre)) return Step::done;
  constexpr std::uint16_t kAllStationsUi = 0xff03;  // RFC 1662, 3.1
  if (walk.bytes.size() >= 2 && be16(walk.bytes, 0) == kAllStationsUi) walk.skip(2);
  return Step::ppp;
}

/// RFC 7637, 3.2: with a key alone, 24 bits of network and 8 bits of flow, which must not tell
/// one network's flows apart. Networks begin at 0x1000; a smaller key is a plain one.
std::uint32_t network_of(std::uint16_t flags, std::uint32_t type, std::uint32_t key) noexcept {
  const bool nvgre =
      type == kBridging && (flags & (kChecksum | kSequence)) == 0 && (key >> 8U) >= 0x1000U;
  return nvgre ? key >> 8U : key;
}

/// Bridged Ethernet is a mirror's as often as a network's (ERSPAN always is): it says nothing of
/// who reaches whom.
bool joins_networks(std::uint32_t type) noexcept {
  return type == kIpv4 || type == kIpv6 || type == kGrePpp;
}

Step gre_payload(Walk& walk, bool sequenced) noexcept {
  walk.around = Layer::gre;
  switch (walk.type) {
    case kIpv4:
      walk.type = 4;
      return Step::ip;
    case kIpv6:
      walk.type = 6;
      return Step::ip;
    case kBridging:
      return Step::ethernet;
    case kErspan:
      return erspan(walk, sequenced);
    case kErspanThree:
      return erspan_three(walk);
    case kMpls:
    case kMplsUpstream:
      return Step::mpls;
    case kGrePpp:
      return Step::ppp;
    default:
      break;
  }
  return walk.stop({Layer::gre, StopReason::unsupported, LimitedBy::none});
}

constexpr std::size_t kVxlanHeader = 8;
constexpr std::uint8_t kHasNetwork = 0x08;

Step enter_vxlan(Walk& walk, Step inside) noexcept {
  walk.enter(Segment::Kind::vxlan, be24(walk.bytes, 4));
  walk.skip(kVxlanHeader);
  return inside;
}

}  // namespace

Step gre(Walk& walk) noexcept {
  if (!walk.has(4, Layer::gre)) return Step::done;
  const auto flags = be16(walk.bytes, 0);
  walk.type = be16(walk.bytes, 2);
  if ((flags & kVersion) == 1) return pptp(walk, flags);
  if ((flags & kVersion) != 0)
    return walk.stop({Layer::gre, StopReason::bad_version, LimitedBy::none});
  if ((flags & kSourceRoute) != 0)  // RFC 2784, 2.2: withdrawn
    return walk.stop({Layer::gre, StopReason::unsupported, LimitedBy::none});
  const std::size_t before_key = (flags & kChecksum) != 0 ? 8 : 4;
  const bool keyed = (flags & kKey) != 0;
  const bool sequenced = (flags & kSequence) != 0;
  const auto size = before_key + (keyed ? 4U : 0U) + (sequenced ? 4U : 0U);
  if (!walk.has(size, Layer::gre)) return Step::done;
  const auto key = keyed ? be32(walk.bytes, before_key) : 0;
  walk.skip(size);
  if (joins_networks(walk.type)) {
    const auto kind = keyed ? Segment::Kind::gre_key : Segment::Kind::tunnel;
    if (!walk.join(kind, keyed ? key : kGre)) return Step::done;
  } else if (keyed) {
    walk.enter(Segment::Kind::gre_key, network_of(flags, walk.type, key));
  } else if (walk.type != kErspan && walk.type != kErspanThree) {
    walk.enter(Segment::Kind::tunnel, kGre);
  }
  return gre_payload(walk, sequenced);
}

Step vxlan(Walk& walk) noexcept {
  constexpr std::uint8_t kGroupPolicy = 0x80;  // draft-smith-vxlan-group-policy: bytes 2 and 3
  const auto bytes = walk.bytes;
  if (bytes.size() < kVxlanHeader + kEthernetHeader) return Step::done;
  if ((bytes[0] & kHasNetwork) == 0) return Step::done;
  const auto inner = bytes.subspan(kVxlanHeader);
  const auto inner_wire = walk.wire - static_cast<std::uint32_t>(kVxlanHeader);
  const bool group = (bytes[0] & kGroupPolicy) != 0;
  const bool reserved_zero = (bytes[0] & 0x77U) == 0 && bytes[7] == 0 &&
                             (group ? (bytes[1] & 0xb7U) == 0 : be24(bytes, 1) == 0);
  // The receiver has to ignore the reserved bits; where they are set, the inside must convince.
  if (!(reserved_zero && looks_like_ethernet(inner, inner_wire)) &&
      !is_surely_ethernet(inner, inner_wire))
    return Step::done;
  return enter_vxlan(walk, Step::ethernet);
}

Step vxlan_gpe(Walk& walk) noexcept {
  const auto bytes = walk.bytes;
  if (bytes.size() < kVxlanHeader || (bytes[0] & kHasNetwork) == 0) return Step::done;
  const auto inner = bytes.subspan(kVxlanHeader);
  const auto inner_wire = walk.wire - static_cast<std::uint32_t>(kVxlanHeader);
  const auto next = bytes[3];  // 1: IPv4, 2: IPv6, 3: Ethernet
  const bool framed = next == 3 && looks_like_ethernet(inner, inner_wire);
  const bool is_ip = (next == 1 || next == 2) && looks_like_ip(inner, inner_wire);
  if (!framed && !is_ip) return Step::done;
  walk.type = next == 1 ? 4 : 6;
  return enter_vxlan(walk, framed ? Step::ethernet : Step::ip);
}

Step geneve(Walk& walk) noexcept {
  constexpr std::size_t kHeader = 8;
  constexpr std::uint8_t kControl = 0x80;
  const auto bytes = walk.bytes;
  if (bytes.size() < kHeader) return Step::done;
  const auto size = kHeader + (bytes[0] & 0x3fU) * std::size_t{4};
  const bool plain = bytes[0] >> 6U == 0 && (bytes[1] & 0x3fU) == 0 && bytes[7] == 0;
  if (!plain || (bytes[1] & kControl) != 0 || bytes.size() < size) return Step::done;
  const auto inner = bytes.subspan(size);
  const auto inner_wire = walk.wire - static_cast<std::uint32_t>(size);
  walk.type = be16(bytes, 2);
  const bool framed = walk.type == kBridging && looks_like_ethernet(inner, inner_wire);
  const bool is_ip = (walk.type == kIpv4 || walk.type == kIpv6) && looks_like_ip(inner, inner_wire);
  if (!framed && !is_ip) return Step::done;
  walk.enter(Segment::Kind::geneve, be24(bytes, 4));
  walk.skip(size);
  walk.type = walk.type == kIpv4 ? 4 : 6;
  return framed ? Step::ethernet : Step::ip;
}

Step gtp_user(Walk& walk) noexcept {
  constexpr std::uint8_t kVersionOne = 0x30;  // TS 29.281, 5.1: version 1, protocol type GTP
  constexpr std::uint8_t kOptional = 0x07;    // extension, sequence number, N-PDU number
  constexpr std::uint8_t kUserData = 255;
  const auto bytes = walk.bytes;
  if (bytes.size() < 8 || (bytes[0] & 0xf8U) != kVersionOne || bytes[1] != kUserData)
    return Step::done;
  const std::uint32_t length = be16(bytes, 2);
  if (length > walk.wire - 8) return Step::done;
  ByteCursor header{bytes.first(std::min<std::size_t>(bytes.size(), 8 + length))};
  header.skip(8);
  if ((bytes[0] & kOptional) != 0) {
    header.skip(3);
    auto next = header.u8();
    if ((bytes[0] & 4U) == 0) next = 0;
    // 5.2.1: the length is in words and counts itself and the next type, so each takes four
    // bytes at least.
    while (next != 0 && header.ok()) {
      const std::size_t words = header.u8();
      if (words == 0) return Step::done;
      header.skip(words * 4 - 2);
      next = header.u8();
    }
  }
  const auto inner_wire = length + 8 - static_cast<std::uint32_t>(header.offset());
  if (!header.ok() || !looks_like_ip(header.rest(), inner_wire)) return Step::done;
  walk.limit(length + 8, LimitedBy::header_field, Layer::gtp);
  walk.enter(Segment::Kind::tunnel, kGtpUser);  // tunnel ids differ by direction
  walk.skip(header.offset());
  walk.type = 0;
  return Step::ip;
}

}  // namespace sekimori::decoding
