// Segments of one TCP connection in any order, size and overlap, with right headers: what a
// structure-blind fuzzer seldom gets past. An input is the server's port and then segments: a byte
// of direction and flags, two of sequence number, one of length, and the bytes.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissection.h"
#include "sekimori/flow/flow_tracker.h"
#include "sekimori/model/recorder.h"

#include "target.h"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekimori;
  static const Dissectors kDissectors{Registration::all()};
  ByteCursor input{{data, size}};
  const auto port = input.be16();
  Recorder recorder{RecorderLimits{}, kDissectors, 0};
  Dissection<Recorder> dissection{recorder, kDissectors};
  FlowLimits limits;
  limits.hole_segments = 8;
  FlowTracker<Dissection<Recorder>> tracker{dissection, limits};
  Frame frame;
  std::array<std::uint32_t, 2> next{};
  while (!input.empty() && frame.number < 1024) {
    const auto flags = input.u8();
    const auto shift = static_cast<std::int16_t>((flags & 0x10U) != 0 ? input.be16() : 0);
    const auto bytes = input.take(std::min<std::size_t>(input.u8(), input.remaining()));
    const std::vector<std::uint8_t> copy{bytes.begin(), bytes.end()};
    const std::size_t sender = flags & 1U;
    frame.time += 1'000'000 + ((flags & 0x20U) != 0 ? 3'000'000'000 : 0);
    ++frame.number;
    Packet packet;
    packet.frame = &frame;
    packet.over = (flags & 0x40U) != 0 ? Over::udp : Over::tcp;
    packet.ip_version = 4;
    packet.ip_id = static_cast<std::uint32_t>(frame.number);
    packet.source = IpAddress::v4(sender == 0 ? 0x0a000001 : 0x0a000002);
    packet.destination = IpAddress::v4(sender == 0 ? 0x0a000002 : 0x0a000001);
    packet.source_port = sender == 0 ? 40000 : port;
    packet.destination_port = sender == 0 ? port : 40000;
    packet.tcp_flags = static_cast<std::uint8_t>(kTcpAck | ((flags & 2U) != 0 ? kTcpSyn : 0U) |
                                                 ((flags & 4U) != 0 ? kTcpFin : 0U) |
                                                 ((flags & 0x88U) == 0x88 ? kTcpRst : 0U));
    packet.tcp_sequence = next[sender] + static_cast<std::uint32_t>(shift);
    packet.payload = copy;
    packet.payload_length = static_cast<std::uint32_t>(copy.size() + ((flags & 8U) != 0 ? 5 : 0));
    if (shift == 0) next[sender] += packet.payload_length;
    tracker.packet(packet, flow_of(packet, 1));
  }
  tracker.finish(frame.time);
  Facts facts;
  facts.captures.resize(1);
  recorder.move_to(facts);
  return 0;
}
