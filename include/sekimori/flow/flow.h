#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/hash.h"
#include "sekimori/bytes/over.h"
#include "sekimori/capture/frame.h"
#include "sekimori/decode/packet.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sekimori {

/// One 5-tuple (or MAC pair and EtherType), its two ends in ascending order: `end[0] < end[1]`.
/// Below IP the ends are MACs, kept in the last six bytes of the address form.
struct FlowKey {
  std::array<IpAddress, 2> end;
  std::array<std::uint16_t, 2> port{};
  Over over = Over::nothing;
  bool has_ip = false;
  /// Packet::tunnel_pair: what two mirrors' tunnels bring of one conversation has two shards, so
  /// it is two flows wherever both are read.
  std::uint16_t tunnel_pair = 0;
  std::uint64_t number = 0;   ///< EtherType, SAP, SNAP id or IP protocol; 0 for UDP and TCP
  std::uint64_t segment = 0;  ///< Segment::key()

  friend constexpr bool operator==(const FlowKey& a, const FlowKey& b) noexcept {
    // Port by port: the arrays' own comparison is a call.
    return a.port[0] == b.port[0] && a.port[1] == b.port[1] && a.end[0] == b.end[0] &&
           a.end[1] == b.end[1] && a.over == b.over && a.segment == b.segment &&
           a.number == b.number && a.has_ip == b.has_ip && a.tunnel_pair == b.tunnel_pair;
  }
};

/// The key of a packet, and which end sent it.
struct FlowOf {
  FlowKey key;
  std::uint8_t sender = 0;
  std::uint64_t hash = 0;
};

[[nodiscard]] FlowOf flow_of(const Packet& packet, std::uint64_t seed) noexcept;

/// Why client and server are what they are, weakest first.
enum class DirectionReason : std::uint8_t { first, port, handshake, payload };

/// A TCP segment that arrived before the bytes in front of it, or before those that it answers.
struct EarlySegment {
  std::uint32_t sequence = 0;
  std::uint32_t missing = 0;         ///< bytes on the wire behind those captured
  std::uint32_t acknowledgment = 0;  ///< what its sender had of the other side's bytes
  std::uint32_t acknowledged = 0;    ///< packets which say that the receiver has all before it
  std::int64_t due = 0;              ///< ns; what is acknowledged and lacks is then lost
  Sighting seen;
  std::vector<std::uint8_t> bytes;
};

/// What waits behind a hole in one direction.
struct Hole {
  std::int64_t since = 0;              ///< ns; when it opened
  std::size_t bytes = 0;               ///< of the segments
  std::vector<EarlySegment> segments;  ///< by sequence

  /// All that it takes.
  [[nodiscard]] std::size_t cost() const noexcept {
    constexpr std::size_t kAllocation = 32;  // what an allocator adds, at most
    return sizeof *this + segments.capacity() * sizeof(EarlySegment) + bytes +
           (2 + segments.size()) * kAllocation;
  }
};

/// One direction of a flow.
struct Side {
  std::uint64_t payload = 0;  ///< bytes on the wire
  std::uint32_t packets = 0;
  std::uint32_t bound_packets = 0;  ///< since `mac` was noted
  std::uint32_t next = 0;           ///< the TCP sequence number expected
  std::uint8_t ttl_low = 255;
  std::uint8_t ttl_high = 0;
  bool next_known = false;
  bool syn = false;
  bool fin = false;
  Mac mac;
  std::array<std::uint64_t, 2> prints{};  ///< fingerprints of the last two packets
  Sighting last;                          ///< of the last packet
  std::int64_t before_last = 0;           ///< ns; when the packet before it was seen
  std::unique_ptr<Hole> hole;
};

/// A flow while it lives. `Attachment` is what the next layer keeps beside it. What every packet
/// touches comes first, in few lines of the cache.
template <class Attachment>
struct Flow {
  FlowKey key;
  std::uint64_t hash = 0;
  std::uint64_t wire_bytes = 0;
  std::uint8_t client = 0;  ///< index of the end that asks
  DirectionReason reason = DirectionReason::first;
  bool attempted = false;    ///< a SYN, or the first packet where there is no handshake
  bool established = false;  ///< the handshake was answered, or the other side spoke
  bool refused = false;      ///< RST in answer to SYN
  bool resumed = false;      ///< taken up in mid-stream
  bool closed = false;       ///< FIN both ways, or RST
  std::array<Side, 2> side;
  Attachment attachment;
  Sighting first;  ///< the least

  /// Of the last packet of either side, whichever is later.
  [[nodiscard]] const Sighting& last() const noexcept {
    const bool second =
        side[1].packets > 0 && (side[0].packets == 0 || side[0].last < side[1].last);
    return side[second ? 1 : 0].last;
  }
  [[nodiscard]] std::uint16_t server_port() const noexcept { return key.port[1U - client]; }
};

/// What went wrong or was passed over, for each capture.
struct FlowCounters {
  std::uint64_t duplicates = 0;
  std::uint64_t stream_gaps = 0;
  std::uint64_t gap_bytes = 0;
  std::uint64_t overlap_conflicts = 0;
  std::uint64_t resumed = 0;
  std::uint64_t one_way = 0;
  std::uint64_t two_way = 0;
  std::uint64_t cut_flows = 0;
};

/// Bounds of the flow layer. All are counted when reached.
struct FlowLimits {
  std::size_t flows = 1'000'000;               ///< alive at once
  std::size_t hole_segments = 64;              ///< waiting behind one hole
  std::size_t hole_bytes = 256 * 1024;         ///< that one hole and what waits behind it take
  std::size_t holes_bytes = 64 * 1024 * 1024;  ///< that all holes take
  std::size_t held_bytes = 64 * 1024 * 1024;   ///< that the sink keeps for all flows
  std::int64_t hole_patience = 2'000'000'000;  ///< ns; then the hole is a gap
  /// ns, and further packets of the receiver, whichever is over first, after it acknowledged the
  /// bytes that a hole lacks: they did arrive, so the capture has lost them. Not at once, since a
  /// mirror that queues each direction by itself may bring an acknowledgment some milliseconds,
  /// and a few packets, before the bytes. A generous bound costs no order: whatever answers the
  /// bytes behind the hole waits with them.
  std::int64_t acknowledged_patience = 20'000'000;
  std::uint32_t acknowledged_packets = 8;
  std::int64_t tcp_idle = 600'000'000'000;    ///< ns; then the flow has ended
  std::int64_t closed_idle = 10'000'000'000;  ///< ns; after FIN or RST, for stragglers
  std::int64_t other_idle = 120'000'000'000;  ///< ns; UDP and what has no handshake
  /// ns; a mirror's second copy comes this soon. Without an IP id, equal packets may be real: less.
  std::int64_t duplicate_window = 50'000'000;
  std::int64_t duplicate_window_no_id = 100'000;
};

struct FlowCaps {
  std::uint64_t flows = 0;          ///< evicted for room
  std::uint64_t hole_segments = 0;  ///< holes given up for a full store
  std::uint64_t holes_bytes = 0;
};

/// Whether the port that a packet comes from is the server's, and not the one that it goes to, by
/// what the two numbers are: some protocol's own (`seats`), below the system ports' end (RFC 6335,
/// 6), below the lowest ephemeral port in common use (Linux). Nothing where they do not differ.
[[nodiscard]] std::optional<bool> source_serves(std::array<std::uint16_t, 2> ports,
                                                std::array<bool, 2> seats) noexcept;

/// Identifies a packet among its neighbours whatever VLAN, TTL or MAC a mirror saw it with.
[[nodiscard]] inline std::uint64_t fingerprint(const Packet& packet) noexcept {
  constexpr std::size_t kPrintBytes = 64;  // of a payload without a checksum to go by
  auto print = mix(packet.ip_id, packet.payload_length);
  if (packet.over == Over::tcp) {
    print = mix(print, (std::uint64_t{packet.tcp_sequence} << 32U) | packet.tcp_acknowledgment);
    return mix(print, (std::uint64_t{packet.checksum} << 32U) |
                          (std::uint64_t{packet.tcp_window} << 16U) | packet.tcp_flags);
  }
  print = mix(print, packet.checksum);
  return hash_of(packet.payload.first(std::min(packet.payload.size(), kPrintBytes)), print);
}

/// Whether it is one of the last two packets of its side once more, as a mirror shows it; what is
/// not is remembered, all but `Side::last`.
[[nodiscard]] inline bool is_duplicate(Side& side, const Packet& packet,
                                       const FlowLimits& limits) noexcept {
  const auto print = fingerprint(packet);
  const auto time = packet.frame->time;
  const auto window = packet.ip_id != 0 ? limits.duplicate_window : limits.duplicate_window_no_id;
  const std::array seen{side.last.time, side.before_last};
  for (std::size_t i = 0; i < side.prints.size(); ++i) {
    if (side.prints[i] == print && side.packets > i && time - seen[i] <= window &&
        seen[i] - time <= window)
      return true;
  }
  side.prints[1] = side.prints[0];
  side.prints[0] = print;
  side.before_last = side.last.time;
  return false;
}

}  // namespace sekimori
