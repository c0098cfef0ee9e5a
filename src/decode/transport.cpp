// TCP (RFC 9293, 3.1) and UDP (RFC 768).

#include "walk.h"

namespace sekimori::decoding {
namespace {

/// Ports are kept even of a header that is cut behind them.
void ports(Walk& walk) noexcept {
  if (walk.bytes.size() < 4) return;
  walk.packet.source_port = be16(walk.bytes, 0);
  walk.packet.destination_port = be16(walk.bytes, 2);
}

}  // namespace

Step tcp(Walk& walk) noexcept {
  ports(walk);
  if (!walk.has(kTcpHeader, Layer::tcp)) return Step::done;
  auto& packet = walk.packet;
  const auto bytes = walk.bytes;
  packet.tcp_sequence = be32(bytes, 4);
  packet.tcp_acknowledgment = be32(bytes, 8);
  packet.tcp_flags = bytes[13];
  packet.tcp_window = be16(bytes, 14);
  packet.checksum = be16(bytes, 16);
  const std::size_t header = (bytes[12] >> 4U) * std::size_t{4};
  if (header < kTcpHeader)
    return walk.stop({Layer::tcp, StopReason::bad_length, LimitedBy::tcp_data_offset});
  if (header > walk.wire) return walk.stop(walk.shortage_of(header, Layer::tcp));
  if (header > bytes.size()) {  // the options were not captured; it is a segment all the same
    walk.wire -= static_cast<std::uint32_t>(header);
    walk.bytes = {};
    walk.carry(Over::tcp, kTcp, Layer::tcp);
    return walk.stop(Walk::because(Layer::tcp, walk.shortage));
  }
  walk.skip(header);
  walk.carry(Over::tcp, kTcp, Layer::tcp);
  return Step::done;
}

Step udp(Walk& walk) noexcept {
  ports(walk);
  if (!walk.has(kUdpHeader, Layer::udp)) return Step::done;
  auto& packet = walk.packet;
  packet.checksum = be16(walk.bytes, 6);
  const std::uint32_t length = be16(walk.bytes, 4);
  // Zero is a jumbogram (RFC 2675, 4) or one that the network card has yet to finish.
  if (length != 0) {
    if (length < kUdpHeader)
      return walk.stop({Layer::udp, StopReason::bad_length, LimitedBy::udp_length});
    walk.limit(length, LimitedBy::udp_length, Layer::udp);
  }
  walk.skip(kUdpHeader);
  walk.carry(Over::udp, kUdp, Layer::udp);
  switch (packet.destination_port) {
    case kVxlan:
    case kOldVxlan:
      return vxlan(walk);
    case kVxlanGpe:
      return vxlan_gpe(walk);
    case kGeneve:
      return geneve(walk);
    case kGtpUser:
      return gtp_user(walk);
    default:
      return packet.source_port == kGtpUser ? gtp_user(walk) : Step::done;
  }
}

}  // namespace sekimori::decoding
