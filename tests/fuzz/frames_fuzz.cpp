// Any bytes as frames, through everything from decode to facts. An input is a link type and then
// frames, each with two bytes of length before it.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/decode/packet.h"

#include "model/shard.h"
#include "target.h"

#include <algorithm>
#include <array>
#include <vector>

namespace {

/// The size of what a report would say of the packet.
std::size_t words_of(const sekimori::Packet& packet) {
  const auto& stop = packet.stop;
  return packet.segment.text().size() + to_text(stop.layer).size() + to_text(stop.reason).size() +
         to_text(stop.limit).size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekimori;
  static const Dissectors kDissectors{Registration::all()};
  constexpr auto kLinks =
      std::to_array<LinkType>({LinkType::ethernet, LinkType::linux_sll, LinkType::linux_sll2,
                               LinkType::null, LinkType::loop, LinkType::raw_ip, LinkType::ppp,
                               LinkType::ppp_hdlc, LinkType::ieee802_11_radiotap, LinkType::ipv4,
                               LinkType::ipv6, LinkType::ieee802_11, LinkType::ieee802_11_prism});
  ByteCursor input{{data, size}};
  const auto link = kLinks[input.u8() % kLinks.size()];
  auto budget = budget_of(std::size_t{256} << 10U, 1);  // so little that facts have to go
  budget.flows.flows = 64;
  Shard shard{kDissectors, 1, budget};
  Frame frame;
  frame.link_type = link;
  std::vector<std::vector<std::uint8_t>> copies;  // each in memory of its own
  volatile std::size_t said = 0;
  while (!input.empty() && copies.size() < 256) {
    const auto length = std::min<std::size_t>(input.le16(), input.remaining());
    const auto bytes = input.take(length);
    copies.emplace_back(bytes.begin(), bytes.end());
    frame.bytes = copies.back();
    frame.wire_length = static_cast<std::uint32_t>(length + (copies.size() % 7 == 0 ? 40 : 0));
    frame.time += 1'000'000;
    ++frame.number;
    const auto packet = decode(frame);
    said = said + words_of(packet);
    shard.take({&packet, 1});
  }
  shard.finish(frame.time);
  Facts facts;
  facts.captures.resize(1);
  shard.move_to(facts);
  return 0;
}
