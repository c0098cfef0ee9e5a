#include "shard.h"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

namespace sekimori {
namespace {

void add_stop(Facts& facts, std::size_t capture, const LostFragments& lost, LimitedBy limit) {
  if (lost.fragments == 0) return;
  const StopKey key{static_cast<std::uint32_t>(capture), std::string{to_text(Layer::fragment)},
                    std::string{to_text(StopReason::incomplete)}, std::string{to_text(limit)}};
  auto& stop = facts.stops.try_emplace(key, StopFact{0, lost.first.frame}).first->second;
  stop.packets += lost.fragments;
  stop.frame = std::min<std::uint64_t>(stop.frame, lost.first.frame);
}

}  // namespace

Shard::Shard(const Dissectors& dissectors, std::uint64_t seed, const Budget& budget)
    : seed_(seed),
      budget_(budget),
      recorder_(budget.facts, dissectors, seed),
      dissection_(recorder_, dissectors),
      tracker_(dissection_, budget.flows),
      defragmenter_(budget.fragments, seed) {}

template <class At>
void Shard::take_some(std::size_t count, const At& at) {
  for (std::size_t base = 0; base < count; base += kAhead) {
    const auto here = std::min(kAhead, count - base);
    for (std::size_t i = 0; i < here; ++i) {
      new (&flows_[i]) FlowOf(flow_of(at(base + i), seed_));  // in place: no copy
      tracker_.prefetch_slot(flows_[i].hash);
    }
    for (std::size_t i = 0; i < here; ++i) tracker_.prefetch_flow(flows_[i].hash);
    for (std::size_t i = 0; i < here; ++i) tracker_.prefetch_sink(flows_[i].hash);
    for (std::size_t i = 0; i < here; ++i) one(at(base + i), flows_[i], 0);
  }
}

void Shard::take(std::span<const Packet> packets) {
  take_some(packets.size(), [&](std::size_t i) -> const Packet& { return packets[i]; });
}

void Shard::take(std::span<const Packet> packets, std::span<const std::uint32_t> picked) {
  take_some(picked.size(), [&](std::size_t i) -> const Packet& { return packets[picked[i]]; });
}

void Shard::one(const Packet& packet, const FlowOf& of, int depth) {
  if (packet.stop.reason != StopReason::none || packet.over == Over::nothing)
    recorder_.stopped(packet);
  if (packet.over == Over::nothing) return;
  if (depth == 0 && packet.tunnel == Tunnel::inside) tunnel(decode_tunnel(*packet.frame));
  if (packet.fragment) {
    fragment(packet, depth);
  } else {
    tracker_.packet(packet, of);
  }
}

void Shard::fragment(const Packet& packet, int depth) {
  const auto whole = defragmenter_.add(packet);
  if (!whole || depth == kMostNestedFragments) return;
  // A tunnel inside may be fragmented again, and the next add() takes the memory back.
  const std::vector<std::uint8_t> held{whole->begin(), whole->end()};
  auto frame = *packet.frame;  // of the last fragment; it stands for all of them
  frame.wire_length =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(defragmenter_.wire_bytes(), UINT32_MAX));
  auto last = packet;
  last.frame = &frame;
  const auto datagram = decode_reassembled(last, held);
  if (datagram.tunnel == Tunnel::inside) tunnel(decode_reassembled_tunnel(last, held));
  one(datagram, flow_of(datagram, seed_), depth + 1);
}

void Shard::tunnel(const Packet& outside) {
  if (outside.tunnel == Tunnel::outside) tracker_.packet(outside, flow_of(outside, seed_));
}

void Shard::finish(std::int64_t time) {
  defragmenter_.finish();
  tracker_.finish(time);
}

void Shard::move_to(Facts& facts) {
  recorder_.move_to(facts);
  for (std::size_t i = 0; i < tracker_.counters().size() && i < facts.captures.size(); ++i) {
    const auto& count = tracker_.counters()[i];
    auto& capture = facts.captures[i];
    capture.duplicates += count.duplicates;
    capture.stream_gaps += count.stream_gaps;
    capture.gap_bytes += count.gap_bytes;
    capture.overlap_conflicts += count.overlap_conflicts;
    capture.resumed += count.resumed;
    capture.one_way += count.one_way;
    capture.two_way += count.two_way;
    capture.cut_flows += count.cut_flows;
  }
  for (std::size_t i = 0; i < defragmenter_.counters().size() && i < facts.captures.size(); ++i) {
    const auto& count = defragmenter_.counters()[i];
    auto& capture = facts.captures[i];
    capture.duplicates += count.duplicates;
    capture.fragments_lost += count.fragments_lost;
    capture.overlap_conflicts += count.conflicts;
    add_stop(facts, i, count.cut, LimitedBy::capture);
    add_stop(facts, i, count.lacking, LimitedBy::none);
  }
  const auto cap = [&](const char* name, std::uint64_t bound, std::uint64_t reached) {
    if (reached == 0) return;
    auto& row = facts.caps[name];
    row.bound = bound;
    row.reached += reached;
  };
  cap("flows", budget_.flows.flows, tracker_.caps().flows);
  cap("segments behind a hole", budget_.flows.hole_segments, tracker_.caps().hole_segments);
  cap("bytes behind holes", budget_.flows.holes_bytes, tracker_.caps().holes_bytes);
  cap("unfinished datagrams", budget_.fragments.datagrams, defragmenter_.caps().datagrams);
  cap("bytes of unfinished datagrams", budget_.fragments.bytes, defragmenter_.caps().bytes);
  cap("fragments of a datagram", budget_.fragments.fragments, defragmenter_.caps().fragments);
  cap("bytes of unfinished messages", budget_.flows.held_bytes, dissection_.caps().held);
  cap("streams on trial", Trial::kMostBytes, dissection_.caps().trials);
  cap("message bytes", Dissection<Recorder>::kMostMessage, dissection_.caps().messages);
}

}  // namespace sekimori
