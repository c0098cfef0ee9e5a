// Link layers: Ethernet (IEEE 802.3, 802.1Q, 802.2), the tcpdump project's LINKTYPE_LINUX_SLL and
// SLL2, NULL and LOOP.

#include "walk.h"

namespace sekimori::decoding {
namespace {

constexpr std::uint32_t kSnapBridged = 0xaaaa03;  // IEEE 802.2: SNAP's two SAPs, then UI
constexpr std::uint32_t kHsr = 0x892f;            // IEC 62439-3
constexpr std::uint32_t kVnTag = 0x8926;          // Cisco VN-Tag, before 802.1BR
constexpr std::uint16_t kPrpSuffix = 0x88fb;      // IEC 62439-3, 4.2.7.3: ends a frame
constexpr std::size_t kPrpTrailer = 6;

// ARPHRD_ values of Linux, as SLL stores them, whose protocol field is no EtherType.
constexpr std::uint16_t kArpFrameRelay = 770;
constexpr std::uint16_t kArpWifi = 801;  // and prism 802, radiotap 803
constexpr std::uint16_t kArpRadiotap = 803;
constexpr std::uint16_t kArpNetlink = 824;

/// A new Ethernet frame inside a tunnel: what was known of IP and above was the tunnel's.
void forget_outer(Packet& packet) noexcept {
  packet.ip_version = packet.ttl = packet.ip_protocol = packet.tcp_flags = 0;
  packet.ip_id = 0;
  packet.source = packet.destination = {};
  packet.source_port = packet.destination_port = packet.checksum = 0;
}

Step tag(Walk& walk) noexcept {
  if (!walk.has(4, Layer::vlan)) return Step::done;
  const auto id = be16(walk.bytes, 0) & 0x0fffU;
  walk.type = be16(walk.bytes, 2);
  walk.skip(4);
  if (id != 0) walk.packet.segment.push(Segment::Kind::vlan, id);
  return Step::ether_type;
}

/// A tag of four bytes that says nothing about where a packet belongs.
Step skip_tag(Walk& walk) noexcept {
  if (!walk.has(6, Layer::link)) return Step::done;
  walk.type = be16(walk.bytes, 4);
  walk.skip(6);
  return Step::ether_type;
}

/// The redundancy trailer of PRP is no payload. It tells its own size, so chance cannot make one.
void drop_prp_trailer(Walk& walk) noexcept {
  const auto size = walk.bytes.size();
  if (walk.wall != LimitedBy::frame || walk.wire != size || size < kPrpTrailer) return;
  const auto lan_and_size = be16(walk.bytes, size - 4);
  const auto lan = lan_and_size >> 12U;
  if (be16(walk.bytes, size - 2) != kPrpSuffix || (lan != 0xa && lan != 0xb)) return;
  if ((lan_and_size & 0x0fffU) != size) return;
  walk.limit(static_cast<std::uint32_t>(size - kPrpTrailer), LimitedBy::header_field, Layer::link);
}

void link_address(Walk& walk, std::size_t at, std::size_t length) noexcept {
  if (length != 6) return;
  load(walk.packet.source_mac, walk.bytes, at);
  walk.packet.has_mac = walk.packet.source_mac.is_set();  // a loopback has none
}

Step sll_protocol(Walk& walk, std::uint16_t hardware, std::uint16_t protocol) noexcept {
  constexpr std::uint16_t kLlcFrame = 4;
  const bool foreign = hardware == kArpNetlink || hardware == kArpFrameRelay ||
                       (hardware >= kArpWifi && hardware <= kArpRadiotap);
  walk.type = protocol;
  if (!foreign && protocol >= kFirstEtherType) return Step::ether_type;
  if (!foreign && protocol == kLlcFrame) return Step::llc;
  return walk.stop({Layer::link, StopReason::unsupported, LimitedBy::none});
}

Step sll(Walk& walk) noexcept {
  if (!walk.has(16, Layer::link)) return Step::done;
  const auto hardware = be16(walk.bytes, 2);
  link_address(walk, 6, be16(walk.bytes, 4));
  const auto protocol = be16(walk.bytes, 14);
  walk.skip(16);
  return sll_protocol(walk, hardware, protocol);
}

Step sll2(Walk& walk) noexcept {
  if (!walk.has(20, Layer::link)) return Step::done;
  const auto protocol = be16(walk.bytes, 0);
  const auto hardware = be16(walk.bytes, 8);
  link_address(walk, 12, walk.bytes[11]);
  walk.skip(20);
  return sll_protocol(walk, hardware, protocol);
}

/// The address family is in the byte order of the machine that captured; LOOP is big endian.
Step loopback(Walk& walk) noexcept {
  if (!walk.has(4, Layer::link)) return Step::done;
  auto family = be32(walk.bytes, 0);
  if (family > 0xffffU) family = __builtin_bswap32(family);
  walk.skip(4);
  switch (family) {
    case 2:
      walk.type = 4;
      return Step::ip;
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD, Npcap
    case 28:  // FreeBSD
    case 30:  // macOS
      walk.type = 6;
      return Step::ip;
    default:
      break;
  }
  return walk.stop({Layer::link, StopReason::unsupported, LimitedBy::none});
}

/// RFC 1662, 3.1: the address and control bytes may be there or not.
Step framed_ppp(Walk& walk) noexcept {
  constexpr std::uint16_t kAllStationsUi = 0xff03;
  if (!walk.has(2, Layer::link)) return Step::done;
  if (be16(walk.bytes, 0) == kAllStationsUi) {
    walk.skip(2);
    return Step::ppp;
  }
  // Cisco's HDLC under the same link type: unicast or broadcast, zero, EtherType.
  if (walk.bytes[0] == 0x0f || walk.bytes[0] == 0x8f) {
    if (!walk.has(4, Layer::link)) return Step::done;
    walk.type = be16(walk.bytes, 2);
    walk.skip(4);
    return Step::ether_type;
  }
  return Step::ppp;
}

}  // namespace

Step link(Walk& walk, LinkType type) noexcept {
  switch (type) {
    case LinkType::ethernet:
      return Step::ethernet;
    case LinkType::null:
    case LinkType::loop:
      return loopback(walk);
    case LinkType::linux_sll:
      return sll(walk);
    case LinkType::linux_sll2:
      return sll2(walk);
    case LinkType::ppp:
    case LinkType::ppp_hdlc:
      return framed_ppp(walk);
    case LinkType::raw_ip:
    case LinkType::raw_ip_bsd:
    case LinkType::raw_ip_openbsd:
      walk.type = 0;
      return Step::ip;
    case LinkType::ipv4:
      walk.type = 4;
      return Step::ip;
    case LinkType::ipv6:
      walk.type = 6;
      return Step::ip;
    case LinkType::ieee802_11:
    case LinkType::ieee802_11_prism:
    case LinkType::ieee802_11_radiotap:
      return wlan(walk, type);
  }
  return walk.stop({Layer::link, StopReason::unsupported, LimitedBy::none});
}

Step ethernet(Walk& walk) noexcept {
  if (!walk.has(kEthernetHeader, Layer::link)) return Step::done;
  if (walk.packet.ip_version != 0) forget_outer(walk.packet);
  walk.unwrapping = false;
  load(walk.packet.destination_mac, walk.bytes, 0);
  load(walk.packet.source_mac, walk.bytes, 6);
  walk.packet.has_mac = true;
  walk.type = be16(walk.bytes, 12);
  walk.skip(kEthernetHeader);
  return Step::ether_type;
}

Step ether_type(Walk& walk) noexcept {
  if (walk.type < kFirstEtherType) {
    walk.limit(walk.type, LimitedBy::header_field, Layer::llc);
    return Step::llc;
  }
  walk.carry(Over::ethernet, walk.type, Layer::link);
  switch (walk.type) {
    case kIpv4:
      walk.type = 4;
      return Step::ip;
    case kIpv6:
      walk.type = 6;
      return Step::ip;
    case kVlan:
    case kServiceVlan:
    case kOldVlan:
    case kOldServiceVlan:
      return tag(walk);
    case kHsr:
    case kVnTag:
      return skip_tag(walk);
    case kMpls:
    case kMplsUpstream:
      return Step::mpls;
    case kPppoeSession:
      return pppoe(walk);
    default:
      break;
  }
  drop_prp_trailer(walk);
  walk.carry(Over::ethernet, walk.type, Layer::link);
  return Step::done;
}

Step llc(Walk& walk) noexcept {
  if (!walk.has(3, Layer::llc)) return Step::done;
  const auto bytes = walk.bytes;
  if (be24(bytes, 0) == kSnapBridged) {
    if (!walk.has(8, Layer::llc)) return Step::done;
    const auto organisation = be24(bytes, 3);
    walk.type = be16(bytes, 6);
    walk.skip(8);
    if (organisation == 0 && walk.type >= kFirstEtherType) return Step::ether_type;  // RFC 1042
    walk.carry(Over::snap, (std::uint64_t{organisation} << 16U) | walk.type, Layer::llc);
    return Step::done;
  }
  // IEEE 802.2, 5.2: an unnumbered control field is one byte, the others two.
  const std::size_t header = (bytes[2] & 3U) == 3U ? 3 : 4;
  if (!walk.has(header, Layer::llc)) return Step::done;
  walk.skip(header);
  walk.carry(Over::llc, bytes[0], Layer::llc);
  return Step::done;
}

bool is_surely_ethernet(Bytes bytes, std::uint32_t wire) noexcept {
  if (bytes.size() < kEthernetHeader + 2) return false;
  const auto inner = bytes.subspan(kEthernetHeader);
  const auto inner_wire = wire - static_cast<std::uint32_t>(kEthernetHeader);
  switch (be16(bytes, 12)) {
    case kIpv4:
      return inner[0] >> 4U == 4 && looks_like_ip(inner, inner_wire);
    case kIpv6:
      return inner[0] >> 4U == 6 && looks_like_ip(inner, inner_wire);
    case kArp:
      return be16(inner, 0) == 1;  // RFC 826: hardware type Ethernet
    case kVlan:
    case kServiceVlan:
      return inner_wire >= 4;
    default:
      return false;
  }
}

bool looks_like_ethernet(Bytes bytes, std::uint32_t wire) noexcept {
  if (bytes.size() < kEthernetHeader) return false;
  const auto type = be16(bytes, 12);
  if (type < kFirstEtherType) return type != 0 && type <= wire - kEthernetHeader;
  if (type != kIpv4 && type != kIpv6) return true;
  // An IP frame has an IP version where one belongs.
  const auto version = type == kIpv4 ? 4U : 6U;
  return bytes.size() == kEthernetHeader || bytes[kEthernetHeader] >> 4U == version;
}

}  // namespace sekimori::decoding
