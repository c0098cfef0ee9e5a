#pragma once

#include "sekimori/flow/flow.h"
#include "sekimori/flow/flow_table.h"
#include "sekimori/flow/tcp_hole.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace sekimori {

/// Turns packets into flows, and TCP segments into the two byte streams that they carry.
///
/// Overlap policy: bytes that arrived first stand; a later copy that differs is counted as a
/// conflict, since an attacker may show a monitor and a controller different bytes.
/// A hole in a stream becomes a gap once it stays open for FlowLimits::hole_patience, or for
/// FlowLimits::acknowledged_patience after the receiver said that it has the bytes, or its store is
/// full; the gap is told to the sink, never papered over.
/// A segment that acknowledges bytes which wait behind a hole waits with them, so an answer is
/// never heard before its request.
///
/// Sink, all noexcept in spirit and called in the order of the packets:
///   using Attachment;
///   bool is_seat(Over, std::uint16_t port);       a port that some protocol calls its own
///   void opened(Flow&, const Packet&);
///   void bound(Flow&, side, const Packet&);       the side's MAC is new or has changed; its
///                                                 `last` is the packet before
///   bool wants(const Flow&, side);                false: the stream need not be put together
///   void stream(Flow&, side, Bytes, const Sighting&);
///   void gap(Flow&, side, std::uint64_t missing);
///   void datagram(Flow&, side, const Packet&, const Sighting&);
///   void closed(Flow&, bool cut);                 cut: alive when the capture ended
///   std::size_t held();  std::size_t held(const Flow&);   bytes kept for all flows, for one
///   void let_go(Flow&);                           frees those of one
template <class Sink>
class FlowTracker {
 public:
  using FlowType = Flow<typename Sink::Attachment>;

  FlowTracker(Sink& sink, const FlowLimits& limits)
      : sink_(sink), limits_(limits), table_(limits.flows) {}

  void prefetch_slot(std::uint64_t hash) const noexcept { table_.prefetch_slot(hash); }
  void prefetch_flow(std::uint64_t hash) const noexcept { table_.prefetch_flow(hash); }

  /// Some packets after prefetch_flow: what the sink keeps of the flow.
  void prefetch_sink(std::uint64_t hash) const noexcept {
    if (const auto* flow = table_.peek(hash)) sink_.prefetch(*flow);
  }

  void packet(const Packet& packet, const FlowOf& of) {
    const Sighting seen{packet.frame->time, packet.frame->capture, packet.frame->number};
    auto* flow = table_.find(of.key, of.hash);
    if (flow != nullptr && begins_anew(*flow, packet, of.sender)) {
      end(*flow, false);
      flow = nullptr;
    }
    if (flow == nullptr) flow = &open(packet, of, seen);
    auto& side = flow->side[of.sender];
    if (is_duplicate(side, packet, limits_)) {
      // A frame in a tunnel is counted once, by what is inside.
      if (packet.tunnel != Tunnel::outside) ++counters(seen.capture).duplicates;
      return;
    }
    ++side.packets;
    ++side.bound_packets;
    flow->wire_bytes += packet.frame->wire_length;
    note_sender(*flow, side, packet, of.sender);
    side.last = seen;
    if (seen < flow->first) flow->first = seen;
    if (packet.over == Over::tcp) {
      tcp(*flow, of.sender, packet, seen);
    } else {
      datagram(*flow, of.sender, packet, seen);
    }
    if (sink_.held() > limits_.held_bytes) let_go();
    sweep(seen.time);
  }

  /// Ends every flow. `time` is that of the last packet of the captures.
  void finish(std::int64_t time) {
    for (std::size_t place = 0; place < table_.places(); ++place) {
      auto* flow = table_.at_place(place);
      if (flow == nullptr) continue;
      const bool cut = !flow->closed && time - flow->last().time <= idle_limit(*flow);
      if (cut) ++counters(flow->last().capture).cut_flows;
      end(*flow, cut);
    }
    table_.clear();
  }

  [[nodiscard]] const std::vector<FlowCounters>& counters() const noexcept { return counters_; }
  [[nodiscard]] const FlowCaps& caps() const noexcept { return caps_; }
  /// That all holes take.
  [[nodiscard]] std::size_t hole_bytes() const noexcept { return hole_bytes_; }

 private:
  static constexpr unsigned kSweepEvery = 8;  // packets
  static constexpr std::size_t kEvictionSample = 16;
  static constexpr std::size_t kLetGoWalk = 4096;  // places looked at for one packet

  FlowCounters& counters(std::uint32_t capture) {
    if (capture >= counters_.size()) counters_.resize(capture + 1U);
    return counters_[capture];
  }

  [[nodiscard]] std::int64_t idle_limit(const FlowType& flow) const noexcept {
    if (flow.closed) return limits_.closed_idle;
    return flow.key.over == Over::tcp ? limits_.tcp_idle : limits_.other_idle;
  }

  [[nodiscard]] bool begins_anew(const FlowType& flow, const Packet& packet,
                                 std::uint8_t sender) const noexcept {
    if (packet.frame->time - flow.last().time > idle_limit(flow)) return true;
    if (packet.over != Over::tcp) return false;
    if ((packet.tcp_flags & kTcpSyn) == 0) return false;
    const auto& side = flow.side[sender];
    if ((packet.tcp_flags & kTcpAck) != 0) return is_other_answer(side, packet.tcp_sequence);
    return flow.closed || (side.next_known && packet.tcp_sequence + 1 != side.next &&
                           (side.payload > 0 || !side.syn || flow.established));
  }

  FlowType& open(const Packet& packet, const FlowOf& of, const Sighting& seen) {
    if (table_.full()) evict();
    auto& flow = table_.add(of.hash);
    flow.key = of.key;
    flow.first = seen;
    choose_direction(flow, packet, of.sender);
    if (packet.over == Over::tcp && (packet.tcp_flags & (kTcpSyn | kTcpRst)) == 0) {
      flow.resumed = true;
      ++counters(seen.capture).resumed;
    }
    sink_.opened(flow, packet);
    return flow;
  }

  /// By handshake, else by port, else whoever spoke first asks.
  void choose_direction(FlowType& flow, const Packet& packet, std::uint8_t sender) {
    flow.client = sender;
    if (packet.over == Over::tcp && (packet.tcp_flags & kTcpSyn) != 0) {
      flow.reason = DirectionReason::handshake;
      if ((packet.tcp_flags & kTcpAck) != 0) flow.client = 1U - sender;
      return;
    }
    if (packet.over != Over::tcp && packet.over != Over::udp) return;
    const auto serves = source_serves({packet.source_port, packet.destination_port},
                                      {sink_.is_seat(packet.over, packet.source_port),
                                       sink_.is_seat(packet.over, packet.destination_port)});
    if (!serves) return;
    flow.reason = DirectionReason::port;
    if (*serves) flow.client = 1U - sender;
  }

  void note_sender(FlowType& flow, Side& side, const Packet& packet, std::uint8_t sender) {
    if (packet.has_mac && (side.mac != packet.source_mac || side.packets == 1)) {
      sink_.bound(flow, sender, packet);
      side.mac = packet.source_mac;
      side.bound_packets = 1;
      side.ttl_low = 255;
      side.ttl_high = 0;
    }
    if (packet.ip_version != 0) {
      side.ttl_low = std::min(side.ttl_low, packet.ttl);
      side.ttl_high = std::max(side.ttl_high, packet.ttl);
    }
  }

  void datagram(FlowType& flow, std::uint8_t sender, const Packet& packet, const Sighting& seen) {
    if (sender == flow.client) flow.attempted = true;
    if (flow.side[0].packets > 0 && flow.side[1].packets > 0) flow.established = true;
    flow.side[sender].payload += packet.payload_length;
    sink_.datagram(flow, sender, packet, seen);
  }

  void tcp(FlowType& flow, std::uint8_t sender, const Packet& packet, const Sighting& seen) {
    auto& side = flow.side[sender];
    auto sequence = packet.tcp_sequence;
    if ((packet.tcp_flags & kTcpSyn) != 0) {
      handshake(flow, sender, packet);
      ++sequence;
    } else if (flow.attempted && !flow.established && sender == flow.client &&
               (packet.tcp_flags & (kTcpAck | kTcpRst)) == kTcpAck) {
      flow.established = true;  // only one direction is captured: the answer must have come
    }
    if ((packet.tcp_flags & kTcpRst) != 0) {
      if (flow.attempted && !flow.established && sender != flow.client) flow.refused = true;
      flow.closed = true;
      return;
    }
    if (flow.side[1U - sender].hole)
      acknowledge(flow.side[1U - sender], acknowledgment_of(flow, sender, packet), seen.time);
    if (packet.payload_length > 0) data(flow, sender, packet, sequence, seen);
    if (has_waited(flow, seen.time)) give_up_holes(flow, seen);
    if ((packet.tcp_flags & kTcpFin) != 0) {
      side.fin = true;
      if (flow.side[1U - sender].fin) flow.closed = true;
    }
  }

  void handshake(FlowType& flow, std::uint8_t sender, const Packet& packet) {
    auto& side = flow.side[sender];
    const bool answer = (packet.tcp_flags & kTcpAck) != 0;
    flow.attempted = true;
    if (answer) flow.established = true;
    if (flow.reason <= DirectionReason::handshake) {
      flow.reason = DirectionReason::handshake;
      flow.client = answer ? static_cast<std::uint8_t>(1U - sender) : sender;
    }
    side.syn = true;
    if (!side.next_known || side.payload == 0) {
      side.next = packet.tcp_sequence + 1;
      side.next_known = true;
    }
  }

  void data(FlowType& flow, std::uint8_t sender, const Packet& packet, std::uint32_t sequence,
            const Sighting& seen) {
    auto& side = flow.side[sender];
    side.payload += packet.payload_length;
    if (!side.next_known) {
      side.next = sequence;
      side.next_known = true;
    }
    if (!sink_.wants(flow, sender)) {
      side.next = sequence + packet.payload_length;
      if (!side.hole) return;
      drop_hole(side);
      drain(flow);
      return;
    }
    const auto ahead = static_cast<std::int32_t>(sequence - side.next);
    const bool answers = answers_kept(flow, sender, acknowledgment_of(flow, sender, packet));
    if (ahead == 0 && !side.hole && !answers) {
      deliver(flow, sender, packet.payload, packet.payload_length, seen);
    } else if (ahead > 0 && ahead < kFarAhead) {
      keep(flow, sender, packet, sequence, seen);
    } else if (ahead <= 0 && ahead > -kFarAhead) {
      if (is_held(side) || answers)
        keep(flow, sender, packet, sequence, seen);
      else
        deliver_rest(flow, sender, sequence, packet.payload, packet.payload_length, seen);
      drain(flow);
      if (side.hole) side.hole->since = seen.time;  // what is still open is another hole
    } else {
      if (side.hole) give_up_hole(flow, sender, seen.capture);
      lose(flow, sender, sequence, seen.capture);
      deliver(flow, sender, packet.payload, packet.payload_length, seen);
    }
  }

  /// Hands on what lies at the expected sequence number; `length` is what was on the wire.
  void deliver(FlowType& flow, std::uint8_t sender, Bytes bytes, std::uint32_t length,
               const Sighting& seen) {
    flow.side[sender].next += length;
    if (!bytes.empty()) sink_.stream(flow, sender, bytes, seen);
    const auto missing = length - static_cast<std::uint32_t>(bytes.size());
    if (missing > 0) {
      count_gap(missing, seen.capture);
      sink_.gap(flow, sender, missing);
    }
  }

  /// The part of a segment that was not delivered before; nothing for a retransmission or a
  /// keep-alive (RFC 9293, 3.8.4: one byte, or none, before the expected one).
  void deliver_rest(FlowType& flow, std::uint8_t sender, std::uint32_t sequence, Bytes bytes,
                    std::uint32_t length, const Sighting& seen) {
    const auto old = flow.side[sender].next - sequence;
    if (old >= length) return;
    deliver(flow, sender, bytes.subspan(std::min<std::size_t>(old, bytes.size())), length - old,
            seen);
  }

  void keep(FlowType& flow, std::uint8_t sender, const Packet& packet, std::uint32_t sequence,
            const Sighting& seen) {
    auto& side = flow.side[sender];
    if (static_cast<std::int32_t>(sequence + packet.payload_length - side.next) <= 0) return;
    if (side.hole) {
      hole_bytes_ -= side.hole->cost();
    } else {
      side.hole = std::make_unique<Hole>();
      side.hole->since = seen.time;
    }
    EarlySegment early;
    early.sequence = sequence;
    early.acknowledgment = acknowledgment_of(flow, sender, packet);
    early.seen = seen;
    counters(seen.capture).overlap_conflicts += keep_early(*side.hole, side.next, early, packet);
    hole_bytes_ += side.hole->cost();
    if (side.hole->segments.size() > limits_.hole_segments ||
        side.hole->cost() > limits_.hole_bytes) {
      ++caps_.hole_segments;
      give_up_hole(flow, sender, seen.capture);
    } else if (hole_bytes_ > limits_.holes_bytes) {
      ++caps_.holes_bytes;
      give_up_hole(flow, sender, seen.capture);
    }
  }

  /// What the peer has by this packet; where it does not say, what was heard.
  [[nodiscard]] static std::uint32_t acknowledgment_of(const FlowType& flow, std::uint8_t sender,
                                                       const Packet& packet) noexcept {
    return (packet.tcp_flags & kTcpAck) != 0 ? packet.tcp_acknowledgment
                                             : flow.side[1U - sender].next;
  }

  /// The receiver of a stream with a hole says up to where it has the bytes.
  void acknowledge(Side& side, std::uint32_t acknowledgment, std::int64_t time) const noexcept {
    if (!is_ahead(side, acknowledgment)) return;
    for (auto& kept : side.hole->segments) {
      if (static_cast<std::int32_t>(acknowledgment - kept.sequence) < 0) return;
      if (kept.acknowledged++ == 0) kept.due = time + limits_.acknowledged_patience;
    }
  }

  /// Bytes that the other side sent, and that wait to be heard, are acknowledged: theirs is the
  /// turn. An acknowledgment that ends where they begin answers what was lost, and waits for none.
  [[nodiscard]] static bool answers_kept(const FlowType& flow, std::uint8_t sender,
                                         std::uint32_t acknowledgment) noexcept {
    const auto& other = flow.side[1U - sender];
    if (!other.hole || !is_ahead(other, acknowledgment)) return false;
    return static_cast<std::int32_t>(acknowledgment - other.hole->segments.front().sequence) > 0;
  }

  [[nodiscard]] static bool is_ready(const FlowType& flow, std::uint8_t sender) noexcept {
    const auto& side = flow.side[sender];
    return is_held(side) && !answers_kept(flow, sender, side.hole->segments.front().acknowledgment);
  }

  /// The side whose next kept segment was captured first.
  [[nodiscard]] static std::uint8_t earlier(const FlowType& flow) noexcept {
    const auto& a = flow.side[0].hole;
    const auto& b = flow.side[1].hole;
    return a && (!b || a->segments.front().seen < b->segments.front().seen) ? 0 : 1;
  }

  /// Delivers what waited and now follows on, of both sides in the order of the packets.
  void drain(FlowType& flow) {
    for (;;) {
      const std::array ready{is_ready(flow, 0), is_ready(flow, 1)};
      if (ready[0] != ready[1]) {
        deliver_kept(flow, ready[0] ? 0 : 1);
      } else if (ready[0] || (is_held(flow.side[0]) && is_held(flow.side[1]))) {
        deliver_kept(flow, earlier(flow));  // also where each claims to answer the other
      } else {
        return;
      }
    }
  }

  void deliver_kept(FlowType& flow, std::uint8_t sender) {
    auto& hole = flow.side[sender].hole;
    hole_bytes_ -= hole->cost();
    const auto segment = std::move(hole->segments.front());
    hole->segments.erase(hole->segments.begin());
    hole->bytes -= segment.bytes.size();
    hole->since = flow.last().time;  // what is still open is another hole
    if (hole->segments.empty())
      hole.reset();
    else
      hole_bytes_ += hole->cost();
    deliver_rest(flow, sender, segment.sequence, segment.bytes,
                 static_cast<std::uint32_t>(segment.bytes.size()) + segment.missing, segment.seen);
  }

  void count_gap(std::uint64_t missing, std::uint32_t capture) {
    auto& count = counters(capture);
    ++count.stream_gaps;
    count.gap_bytes += missing;
  }

  /// The bytes up to `sequence` will not come.
  void lose(FlowType& flow, std::uint8_t sender, std::uint32_t sequence, std::uint32_t capture) {
    auto& side = flow.side[sender];
    const auto missing = sequence - side.next;
    // Of a jump back nobody knows how much is missing.
    count_gap(static_cast<std::int32_t>(missing) > 0 ? missing : 0, capture);
    side.next = sequence;
    sink_.gap(flow, sender, missing);
  }

  /// The bytes that the next kept segment of a side waits for will not come, be they its own
  /// side's or those that it answers. Nothing that can be heard is waiting.
  void give_up_next(FlowType& flow, std::uint8_t sender, std::uint32_t capture) {
    if (is_held(flow.side[sender])) sender = 1U - sender;
    lose(flow, sender, flow.side[sender].hole->segments.front().sequence, capture);
    drain(flow);
  }

  void give_up_hole(FlowType& flow, std::uint8_t sender, std::uint32_t capture) {
    drain(flow);  // what was kept last may follow on
    while (flow.side[sender].hole) give_up_next(flow, sender, capture);
  }

  [[nodiscard]] bool is_due(const Side& side, std::int64_t time) const noexcept {
    if (!side.hole || is_held(side)) return false;
    const auto& next = side.hole->segments.front();
    return next.acknowledged > limits_.acknowledged_packets ||
           (next.acknowledged > 0 && time > next.due);
  }

  [[nodiscard]] bool has_waited(const FlowType& flow, std::int64_t time) const noexcept {
    for (const auto& side : flow.side)
      if (side.hole && (time - side.hole->since > limits_.hole_patience || is_due(side, time)))
        return true;
    return false;
  }

  void give_up_holes(FlowType& flow, const Sighting& seen) {
    for (;;) {
      const std::array due{is_due(flow.side[0], seen.time), is_due(flow.side[1], seen.time)};
      if (!due[0] && !due[1]) break;
      const std::uint8_t alone = due[0] ? 0 : 1;
      give_up_next(flow, due[0] && due[1] ? earlier(flow) : alone, seen.capture);
    }
    for (std::uint8_t sender = 0; sender < 2; ++sender) {
      const auto& hole = flow.side[sender].hole;
      if (hole && seen.time - hole->since > limits_.hole_patience)
        give_up_hole(flow, sender, seen.capture);
    }
  }

  void drop_hole(Side& side) {
    hole_bytes_ -= side.hole->cost();
    side.hole.reset();
  }

  void end(FlowType& flow, bool cut) {
    while (flow.side[0].hole || flow.side[1].hole)
      give_up_next(flow, earlier(flow), flow.last().capture);
    if (flow.key.over == Over::tcp && flow.side[0].payload + flow.side[1].payload > 0) {
      auto& count = counters(flow.last().capture);
      ++(flow.side[0].packets > 0 && flow.side[1].packets > 0 ? count.two_way : count.one_way);
    }
    sink_.closed(flow, cut);
    table_.remove(flow);
  }

  /// One place every few packets: idle flows go without a walk over all of them.
  void sweep(std::int64_t time) {
    if (++since_sweep_ < kSweepEvery) return;
    since_sweep_ = 0;
    if (hand_ >= table_.places()) hand_ = 0;
    if (auto* flow = table_.at_place(hand_++);
        flow != nullptr && time - flow->last().time > idle_limit(*flow))
      end(*flow, false);
  }

  /// The sink keeps too much: of the next few flows for which it keeps something, the longest idle
  /// loses it.
  void let_go() {
    FlowType* oldest = nullptr;
    std::size_t sampled = 0;
    const auto most = std::min(kLetGoWalk, table_.places());
    for (std::size_t tried = 0; tried < most && sampled < kEvictionSample; ++tried) {
      if (hand_ >= table_.places()) hand_ = 0;
      auto* flow = table_.at_place(hand_++);
      if (flow == nullptr || sink_.held(*flow) == 0) continue;
      ++sampled;
      if (oldest == nullptr || flow->last().time < oldest->last().time) oldest = flow;
    }
    if (oldest != nullptr) sink_.let_go(*oldest);
  }

  /// Room for one more: the longest idle of the next few goes.
  void evict() {
    FlowType* oldest = nullptr;
    for (std::size_t tried = 0; tried < kEvictionSample || oldest == nullptr; ++tried) {
      if (hand_ >= table_.places()) hand_ = 0;
      auto* flow = table_.at_place(hand_++);
      if (flow != nullptr && (oldest == nullptr || flow->last().time < oldest->last().time))
        oldest = flow;
    }
    ++caps_.flows;
    end(*oldest, false);
  }

  Sink& sink_;
  FlowLimits limits_;
  FlowTable<FlowType> table_;
  std::vector<FlowCounters> counters_;
  FlowCaps caps_;
  std::size_t hole_bytes_ = 0;
  std::size_t hand_ = 0;
  unsigned since_sweep_ = 0;
};

}  // namespace sekimori
