#include "sekimori/flow/flow.h"

#include "sekimori/bytes/hash.h"

#include <algorithm>

namespace sekimori {
namespace {

IpAddress as_end(const Mac& mac) noexcept {
  IpAddress end;
  std::copy(mac.octets.begin(), mac.octets.end(), end.octets.begin() + 10);
  return end;
}

constexpr std::size_t kPrintBytes = 64;  // of a payload without a checksum to go by

}  // namespace

FlowOf flow_of(const Packet& packet, std::uint64_t seed) noexcept {
  FlowOf flow;
  auto& key = flow.key;
  key.over = packet.over;
  key.has_ip = packet.ip_version != 0;
  key.segment = packet.segment.key();
  const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
  if (!ports) key.number = packet.number;
  const auto source = key.has_ip ? packet.source : as_end(packet.source_mac);
  const auto destination = key.has_ip ? packet.destination : as_end(packet.destination_mac);
  const auto order = source <=> destination;
  const bool swap = order > 0 || (order == 0 && packet.source_port > packet.destination_port);
  flow.sender = swap ? 1 : 0;
  key.end[flow.sender] = source;
  key.end[1U - flow.sender] = destination;
  key.port[flow.sender] = packet.source_port;
  key.port[1U - flow.sender] = packet.destination_port;
  auto hash = mix(seed, key.end[0].low());
  hash = mix(hash, key.end[1].low());
  if (packet.ip_version == 6) {
    hash = mix(hash, key.end[0].high());
    hash = mix(hash, key.end[1].high());
  }
  hash = mix(hash, (std::uint64_t{key.port[0]} << 32U) | (std::uint64_t{key.port[1]} << 8U) |
                       static_cast<std::uint8_t>(key.over));
  flow.hash = mix(hash, key.segment ^ key.number);
  return flow;
}

std::uint64_t fingerprint(const Packet& packet) noexcept {
  auto print = mix(packet.ip_id, packet.payload_length);
  if (packet.over == Over::tcp) {
    print = mix(print, (std::uint64_t{packet.tcp_sequence} << 32U) | packet.tcp_acknowledgment);
    return mix(print, (std::uint64_t{packet.checksum} << 32U) |
                          (std::uint64_t{packet.tcp_window} << 16U) | packet.tcp_flags);
  }
  print = mix(print, packet.checksum);
  return hash_of(packet.payload.first(std::min(packet.payload.size(), kPrintBytes)), print);
}

}  // namespace sekimori
