#include "sekimori/decode/packet.h"

#include "walk.h"

#include <algorithm>

namespace sekimori {
namespace {

using decoding::be16;
using decoding::be32;
using decoding::kEthernetHeader;
using decoding::kIpv4Header;
using decoding::kTcpHeader;
using decoding::kUdpHeader;
using decoding::Step;
using decoding::Walk;

Layer layer_of(Step step) noexcept {
  switch (step) {
    case Step::done:
      return Layer::none;
    case Step::ethernet:
      return Layer::link;
    case Step::ether_type:
      return Layer::vlan;
    case Step::llc:
      return Layer::llc;
    case Step::ppp:
      return Layer::pppoe;
    case Step::mpls:
      return Layer::mpls;
    case Step::ip:
      return Layer::ip;
    case Step::ip_protocol:
    case Step::extension:
      return Layer::ip_extension;
    case Step::ipv6_fragment:
      return Layer::fragment;
    case Step::gre:
      return Layer::gre;
    case Step::tcp:
      return Layer::tcp;
    case Step::udp:
      return Layer::udp;
  }
  return Layer::none;
}

Step take(Walk& walk, Step step) noexcept {
  switch (step) {
    case Step::done:
      break;
    case Step::ethernet:
      return ethernet(walk);
    case Step::ether_type:
      return ether_type(walk);
    case Step::llc:
      return llc(walk);
    case Step::ppp:
      return ppp(walk);
    case Step::mpls:
      return mpls(walk);
    case Step::ip:
      return ip(walk);
    case Step::ip_protocol:
      return ip_protocol(walk);
    case Step::extension:
      return extension(walk);
    case Step::ipv6_fragment:
      return ipv6_fragment(walk);
    case Step::gre:
      return gre(walk);
    case Step::tcp:
      return tcp(walk);
    case Step::udp:
      return udp(walk);
  }
  return Step::done;
}

void run(Walk& walk, Step step) noexcept {
  for (int headers = 0; step != Step::done; ++headers) {
    if (headers == kMostHeaders) {
      walk.stop({layer_of(step), StopReason::too_deep, LimitedBy::none});
      break;
    }
    step = take(walk, step);
  }
  auto& packet = walk.packet;
  if (packet.payload.size() < packet.payload_length)
    walk.note(Walk::because(walk.carrier, walk.shortage));
  if (!walk.has_pair && packet.has_mac)
    packet.pair = decoding::pair_of(packet.source_mac, packet.destination_mac);
}

bool is_tunnel(std::uint16_t source_port, std::uint16_t port) noexcept {
  return port == decoding::kVxlan || port == decoding::kOldVxlan || port == decoding::kVxlanGpe ||
         port == decoding::kGeneve || port == decoding::kGtpUser ||
         source_port == decoding::kGtpUser;
}

/// Where the transport header of the commonest packet stands: whole, Ethernet with at most one tag,
/// IPv4 without options, no fragment. 0 for any other, which the walk reads.
std::size_t plain_transport(const Frame& frame) noexcept {
  const auto bytes = frame.bytes;
  constexpr std::size_t kLeast = kEthernetHeader + kIpv4Header + kUdpHeader;
  if (frame.link_type != LinkType::ethernet || bytes.size() < kLeast) return 0;
  auto at = kEthernetHeader;
  if (be16(bytes, 12) == decoding::kVlan && bytes.size() >= kLeast + 4) at += 4;
  if (be16(bytes, at - 2) != decoding::kIpv4 || bytes[at] != 0x45) return 0;
  constexpr std::uint16_t kFragmented = 0x3fff;  // more to come, or not the first
  if ((be16(bytes, at + 6) & kFragmented) != 0) return 0;
  return at + kIpv4Header;
}

/// The fast path: one look at the bounds, then straight loads. It says what the walk would say, or
/// nothing at all.
bool decode_plain(const Frame& frame, Packet& packet) noexcept {
  const auto transport = plain_transport(frame);
  if (transport == 0) return false;
  const auto bytes = frame.bytes;
  const auto at = transport - kIpv4Header;
  const std::size_t end = at + be16(bytes, at + 2);
  if (end > bytes.size()) return false;
  const auto protocol = bytes[at + 9];
  std::size_t payload = 0;
  if (protocol == decoding::kTcp) {
    if (transport + kTcpHeader > end) return false;
    const auto header = (bytes[transport + 12] >> 4U) * std::size_t{4};
    payload = transport + header;
    if (header < kTcpHeader || payload > end) return false;
    packet.over = Over::tcp;
    packet.tcp_sequence = be32(bytes, transport + 4);
    packet.tcp_acknowledgment = be32(bytes, transport + 8);
    packet.tcp_flags = bytes[transport + 13];
    packet.tcp_window = be16(bytes, transport + 14);
    packet.checksum = be16(bytes, transport + 16);
  } else if (protocol == decoding::kUdp) {
    payload = transport + kUdpHeader;
    if (payload > end || transport + be16(bytes, transport + 4) != end) return false;
    if (is_tunnel(be16(bytes, transport), be16(bytes, transport + 2))) return false;
    packet.over = Over::udp;
    packet.checksum = be16(bytes, transport + 6);
  } else {
    return false;
  }
  packet.has_mac = true;
  decoding::load(packet.destination_mac, bytes, 0);
  decoding::load(packet.source_mac, bytes, 6);
  if (at != kEthernetHeader && (be16(bytes, 14) & 0x0fffU) != 0)
    packet.segment.push(Segment::Kind::vlan, be16(bytes, 14) & 0x0fffU);
  packet.ip_version = 4;
  packet.ip_id = be16(bytes, at + 4);
  packet.ttl = bytes[at + 8];
  packet.ip_protocol = protocol;
  packet.number = protocol;
  decoding::load_ipv4(packet.source, bytes, at + 12);
  decoding::load_ipv4(packet.destination, bytes, at + 16);
  packet.pair = decoding::pair_of(packet.source, packet.destination);
  packet.source_port = be16(bytes, transport);
  packet.destination_port = be16(bytes, transport + 2);
  packet.payload = bytes.subspan(payload, end - payload);
  packet.payload_length = static_cast<std::uint32_t>(end - payload);
  return true;
}

void walk_frame(const Frame& frame, Packet& packet, bool to_tunnel) noexcept {
  const auto size = static_cast<std::uint32_t>(frame.bytes.size());
  Walk walk{.packet = packet,
            .bytes = frame.bytes,
            .wire = std::max(size, frame.wire_length),
            .to_tunnel = to_tunnel};
  if (size < walk.wire) walk.shortage = LimitedBy::capture;
  run(walk, link(walk, frame.link_type));
}

Packet walk_reassembled(const Packet& packet, Bytes datagram, bool to_tunnel) noexcept {
  Packet whole = packet;
  whole.stop = {};
  whole.tunnel = Tunnel::none;
  whole.fragment = whole.more_fragments = false;
  whole.fragment_offset = 0;
  Walk walk{
      .packet = whole,
      .bytes = datagram,
      .wire = static_cast<std::uint32_t>(datagram.size()),
      .wall = whole.ip_version == 4 ? LimitedBy::ip_total_length : LimitedBy::ipv6_payload_length,
      .type = whole.ip_protocol,
      .has_pair = true,
      .to_tunnel = to_tunnel};
  run(walk, Step::ip_protocol);
  return whole;
}

}  // namespace

Packet decode(const Frame& frame) noexcept {
  Packet packet;
  packet.frame = &frame;
  if (!decode_plain(frame, packet)) walk_frame(frame, packet, false);
  return packet;
}

Packet decode_tunnel(const Frame& frame) noexcept {
  Packet packet;
  packet.frame = &frame;
  walk_frame(frame, packet, true);
  return packet;
}

Packet decode_reassembled(const Packet& packet, Bytes datagram) noexcept {
  return walk_reassembled(packet, datagram, false);
}

Packet decode_reassembled_tunnel(const Packet& packet, Bytes datagram) noexcept {
  return walk_reassembled(packet, datagram, true);
}

}  // namespace sekimori
