// What stands between link and network: MPLS (RFC 3032), pseudo-wires (RFC 4448), PPPoE
// (RFC 2516), PPP (RFC 1661).

#include "walk.h"

namespace sekimori::decoding {
namespace {

constexpr std::size_t kLabel = 4;
constexpr std::uint32_t kIpv4Null = 0;  // RFC 3032, 2.1: reserved labels that name
constexpr std::uint32_t kIpv6Null = 2;  // what follows the stack
constexpr std::size_t kControlWord = 4;

/// Nothing in the stack says what it carries: the first bytes must.
Step below_labels(Walk& walk, std::uint32_t label) noexcept {
  const auto unknown = Stop{Layer::mpls, StopReason::unsupported, LimitedBy::none};
  walk.type = 0;
  if (label == kIpv4Null) walk.type = 4;
  if (label == kIpv6Null) walk.type = 6;
  if (walk.type != 0 || looks_like_ip(walk.bytes, walk.wire)) return Step::ip;
  // Too little was captured to tell what it is.
  constexpr std::size_t kJudged = kControlWord + kEthernetHeader + kIpv4Header;
  const auto size = walk.bytes.size();
  if (size < kJudged && size < walk.wire) return walk.stop(walk.shortage_of(size, Layer::mpls));
  if (size < kControlWord) return walk.stop(unknown);
  // RFC 4385, 3: a control word begins with four zero bits, as no IP packet does.
  const bool zero = walk.bytes[0] >> 4U == 0;
  const auto behind = walk.bytes.subspan(kControlWord);
  const auto behind_wire = walk.wire - static_cast<std::uint32_t>(kControlWord);
  if (zero && is_surely_ethernet(behind, behind_wire)) {
    walk.skip(kControlWord);
    return Step::ethernet;
  }
  if (is_surely_ethernet(walk.bytes, walk.wire)) return Step::ethernet;
  // RFC 4448, 4.6: a control word has flags and fragment bits, which are zero, and a length.
  constexpr std::uint16_t kFlags = 0x0fc0;
  if (zero && (be16(walk.bytes, 0) & kFlags) == 0 && looks_like_ethernet(behind, behind_wire)) {
    walk.skip(kControlWord);
    return Step::ethernet;
  }
  return walk.stop(unknown);
}

/// RFC 3518, 4.2: flags and a MAC type stand before a bridged frame.
Step bridged_ppp(Walk& walk) noexcept {
  constexpr std::uint8_t kEthernetMac = 1;
  if (!walk.has(2, walk.around)) return Step::done;
  if (walk.bytes[1] != kEthernetMac)
    return walk.stop({walk.around, StopReason::unsupported, LimitedBy::none});
  walk.skip(2);
  return Step::ethernet;
}

}  // namespace

Step mpls(Walk& walk) noexcept {
  if (!walk.has(kLabel, Layer::mpls)) return Step::done;
  const auto entry = be32(walk.bytes, 0);
  walk.skip(kLabel);
  constexpr std::uint32_t kBottom = 0x100;
  if ((entry & kBottom) == 0) return Step::mpls;
  return below_labels(walk, entry >> 12U);
}

Step pppoe(Walk& walk) noexcept {
  if (!walk.has(6, Layer::pppoe)) return Step::done;
  constexpr std::uint8_t kVersionAndType = 0x11;  // RFC 2516, 4
  if (walk.bytes[0] != kVersionAndType)
    return walk.stop({Layer::pppoe, StopReason::bad_version, LimitedBy::none});
  if (walk.bytes[1] != 0)  // code: session data
    return walk.stop({Layer::pppoe, StopReason::unsupported, LimitedBy::none});
  const auto session = be16(walk.bytes, 2);
  const auto length = be16(walk.bytes, 4);
  walk.skip(6);
  walk.limit(length, LimitedBy::header_field, Layer::pppoe);
  walk.enter(Segment::Kind::pppoe, session);
  walk.around = Layer::pppoe;
  return Step::ppp;
}

Step ppp(Walk& walk) noexcept {
  if (!walk.has(1, walk.around)) return Step::done;
  std::uint32_t protocol = walk.bytes[0];
  // RFC 1661, 2: the low bit ends the field; a leading zero byte may have been left out.
  if ((protocol & 1U) == 0) {
    if (!walk.has(2, walk.around)) return Step::done;
    protocol = be16(walk.bytes, 0);
    walk.skip(1);
  }
  walk.skip(1);
  switch (protocol) {
    case 0x0021:
      walk.type = 4;
      return Step::ip;
    case 0x0057:
      walk.type = 6;
      return Step::ip;
    case 0x0031:
      return bridged_ppp(walk);
    case 0x0281:
    case 0x0283:
      return Step::mpls;
    default:
      break;
  }
  return walk.stop({walk.around, StopReason::unsupported, LimitedBy::none});
}

}  // namespace sekimori::decoding
