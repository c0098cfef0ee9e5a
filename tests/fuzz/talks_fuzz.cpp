// A talk of two hosts in frames with right headers, through everything from decode to facts: what a
// fuzzer that knows no structure seldom gets past. What an input says is in talk.h.

#include "sekimori/decode/packet.h"

#include "model/shard.h"
#include "talk.h"
#include "target.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekimori;
  static const Dissectors kDissectors{Registration::all()};
  auto budget = budget_of(std::size_t{256} << 10U, 1);  // so little that facts have to go
  budget.flows.flows = 64;
  budget.flows.hole_segments = 16;
  Shard shard{kDissectors, 1, budget};
  Frame frame;
  const bool tcp = size > 0 && (data[0] & fuzz::kTalkOver) == 0;
  const auto played = fuzz::play({data, size});
  for (const auto& one : played) {
    frame.bytes = one.bytes;
    frame.wire_length = static_cast<std::uint32_t>(one.bytes.size());
    frame.link_type = one.link;
    frame.time = one.time;
    ++frame.number;
    const auto packet = decode(frame);
    // Frames with right headers: nothing may stop before the segment.
    if (tcp && (packet.over != Over::tcp || packet.stop.reason != StopReason::none)) std::abort();
    shard.take({&packet, 1});
  }
  shard.finish(frame.time);
  Facts facts;
  facts.captures.resize(1);
  shard.move_to(facts);
  return 0;
}
