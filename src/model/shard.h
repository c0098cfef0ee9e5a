#pragma once

#include "sekimori/decode/packet.h"
#include "sekimori/dissect/dissection.h"
#include "sekimori/flow/defragmenter.h"
#include "sekimori/flow/flow_tracker.h"
#include "sekimori/model/facts.h"
#include "sekimori/model/recorder.h"

#include "budget.h"

#include <array>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

namespace sekimori {

/// Built where it is to lie: a copy of every packet costs a tenth of all the work.
inline void decode_to(Packet& place, const Frame& frame) noexcept {
  static_assert(std::is_trivially_destructible_v<Packet>);
  new (&place) Packet(decode(frame));
}

/// Everything that one share of the address pairs needs, from packets to facts. No shard knows of
/// another; what two shards saw is joined at the end.
class Shard {
 public:
  Shard(const Dissectors& dissectors, std::uint64_t seed, const Budget& budget);

  /// Packets of this shard, in the order of the capture.
  void take(std::span<const Packet> packets);
  /// The same, picked out of a larger array.
  void take(std::span<const Packet> packets, std::span<const std::uint32_t> picked);

  /// Ends every flow; `time` is that of the last packet of all.
  void finish(std::int64_t time);
  /// Adds what it saw, and forgets it.
  void move_to(Facts& facts);

 private:
  static constexpr std::size_t kAhead = 16;  // packets between a prefetch and its use

  static constexpr int kMostNestedFragments = 8;

  template <class At>
  void take_some(std::size_t count, const At& at);
  void one(const Packet& packet, const FlowOf& of, int depth);
  void fragment(const Packet& packet, int depth);
  /// The tunnel itself is a conversation of its two ends, whose pair is this shard's.
  void tunnel(const Packet& outside);

  std::uint64_t seed_;
  Budget budget_;
  Recorder recorder_;
  Dissection<Recorder> dissection_;
  FlowTracker<Dissection<Recorder>> tracker_;
  Defragmenter defragmenter_;
  std::array<FlowOf, kAhead> flows_;
};

}  // namespace sekimori
