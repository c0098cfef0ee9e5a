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

}  // namespace

FlowOf flow_of(const Packet& packet, std::uint64_t seed) noexcept {
  FlowOf flow;
  auto& key = flow.key;
  key.over = packet.over;
  key.has_ip = packet.ip_version != 0;
  key.segment = packet.segment.key();
  key.tunnel_pair = packet.tunnel_pair;
  const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
  if (!ports) key.number = packet.number;
  const auto source = key.has_ip ? packet.source : as_end(packet.source_mac);
  const auto destination = key.has_ip ? packet.destination : as_end(packet.destination_mac);
  const auto order = source <=> destination;
  const bool swap = order > 0 || (order == 0 && packet.source_port > packet.destination_port);
  flow.sender = swap ? 1 : 0;
  // Chosen, not stored at a computed place and read back: the hash need not wait for the stores.
  const auto& low_end = swap ? destination : source;
  const auto& high_end = swap ? source : destination;
  const auto low_port = swap ? packet.destination_port : packet.source_port;
  const auto high_port = swap ? packet.source_port : packet.destination_port;
  key.end = {low_end, high_end};
  key.port = {low_port, high_port};
  auto hash = mix(seed, low_end.low());
  hash = mix(hash, high_end.low());
  if (packet.ip_version == 6) {
    hash = mix(hash, low_end.high());
    hash = mix(hash, high_end.high());
  }
  hash = mix(hash, (std::uint64_t{low_port} << 32U) | (std::uint64_t{high_port} << 8U) |
                       static_cast<std::uint8_t>(key.over));
  flow.hash = mix(hash, key.segment ^ key.number ^ (std::uint64_t{key.tunnel_pair} << 48U));
  return flow;
}

std::optional<bool> source_serves(std::array<std::uint16_t, 2> ports,
                                  std::array<bool, 2> seats) noexcept {
  constexpr std::uint16_t kSystemPorts = 1024;
  constexpr std::uint16_t kEphemeralPorts = 32768;
  if (seats[0] != seats[1]) return seats[0];
  for (const auto end : {kSystemPorts, kEphemeralPorts})
    if ((ports[0] < end) != (ports[1] < end)) return ports[0] < end;
  return std::nullopt;
}

}  // namespace sekimori
