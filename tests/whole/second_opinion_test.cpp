// The second opinion: every frame of the captures of others, decoded here and by libtins.

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"

#include "real_captures.h"

#include <catch2/catch.hpp>
#include <tins/tins.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace sekimori::test {
namespace {

constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint64_t kMostFrames = 20'000;  // of one capture

/// What both say of a packet, as a line of text.
struct Opinion {
  std::string addresses, transport;
  std::size_t payload = 0;
  bool has_authentication = false;  // RFC 4302; only libtins tells

  [[nodiscard]] std::string text() const {
    return addresses + ' ' + transport + ' ' + std::to_string(payload) + " bytes";
  }
};

std::unique_ptr<Tins::PDU> parsed(const Frame& frame) {
  const auto* bytes = frame.bytes.data();
  const auto size = static_cast<std::uint32_t>(frame.bytes.size());
  switch (frame.link_type) {
    case LinkType::ethernet:
      // Below 0x600 it is a length (IEEE 802.3, 3.2.6).
      if (size < 14 || bytes[12] < 6) return nullptr;
      return std::make_unique<Tins::EthernetII>(bytes, size);
    case LinkType::linux_sll:
      return std::make_unique<Tins::SLL>(bytes, size);
    case LinkType::raw_ip:
    case LinkType::raw_ip_bsd:
    case LinkType::ipv4:
    case LinkType::ipv6:
      if (size == 0) return nullptr;
      if (bytes[0] >> 4U == 4) return std::make_unique<Tins::IP>(bytes, size);
      return std::make_unique<Tins::IPv6>(bytes, size);
    default:
      return nullptr;
  }
}

template <class Ip>
std::string addresses(const Ip& ip) {
  const auto source = parse_ip(ip.src_addr().to_string());
  const auto destination = parse_ip(ip.dst_addr().to_string());
  return source && destination ? to_text(*source) + " > " + to_text(*destination) : "?";
}

std::string ports(const char* name, unsigned from, unsigned to) {
  return name + std::string{' '} + std::to_string(from) + " > " + std::to_string(to);
}

/// Of the innermost IP header that libtins reads; none where it reads none.
std::unique_ptr<Opinion> theirs(const Tins::PDU& whole) {
  std::unique_ptr<Opinion> found;
  const Tins::PDU* last = nullptr;
  for (const auto* at = &whole; at != nullptr; at = at->inner_pdu()) {
    if (const auto* ip = dynamic_cast<const Tins::IP*>(at)) {
      found = std::make_unique<Opinion>();
      found->addresses = addresses(*ip);
      found->transport =
          (ip->is_fragmented() ? "fragment of " : "protocol ") + std::to_string(ip->protocol());
      found->has_authentication = ip->protocol() == kAuthentication;
      last = at;
    } else if (const auto* six = dynamic_cast<const Tins::IPv6*>(at)) {
      found = std::make_unique<Opinion>();
      found->addresses = addresses(*six);
      // Behind extension headers libtins still tells the first of them.
      const bool fragment = six->search_header(Tins::IPv6::FRAGMENT) != nullptr;
      found->transport = fragment                 ? "fragment"
                         : six->headers().empty() ? "protocol " + std::to_string(six->next_header())
                                                  : "protocol";
      found->has_authentication = six->search_header(Tins::IPv6::AUTHENTICATION) != nullptr;
      last = at;
    } else if (const auto* tcp = dynamic_cast<const Tins::TCP*>(at); tcp != nullptr && found) {
      found->transport = ports("tcp", tcp->sport(), tcp->dport());
      last = at;
    } else if (const auto* udp = dynamic_cast<const Tins::UDP*>(at); udp != nullptr && found) {
      found->transport = ports("udp", udp->sport(), udp->dport());
      last = at;
    }
  }
  if (found && last->inner_pdu() != nullptr) found->payload = last->inner_pdu()->size();
  return found;
}

Opinion ours(const Packet& packet) {
  Opinion said;
  said.addresses = to_text(packet.source) + " > " + to_text(packet.destination);
  said.transport =
      packet.over == Over::tcp   ? ports("tcp", packet.source_port, packet.destination_port)
      : packet.over == Over::udp ? ports("udp", packet.source_port, packet.destination_port)
      : packet.fragment          ? "fragment of " + std::to_string(packet.ip_protocol)
                                 : "protocol " + std::to_string(packet.ip_protocol);
  said.payload = packet.payload.size();
  return said;
}

/// Why the two differ on a packet, where that is known of libtins 4.0; "" where it is not.
std::string reason_of(const Packet& packet, const Opinion& said, const Opinion& opinion) {
  const auto segment = packet.segment.text();
  for (const auto* wrap : {"gre", "erspan", "vxlan", "geneve", "gtp", "tunnel"})
    if (segment.find(wrap) != std::string::npos) return "a tunnel that libtins does not open";
  const bool same_ends = said.addresses == opinion.addresses;
  if (packet.stop.reason == StopReason::bad_version)
    return "a version that IP has not, which libtins does not heed";
  if (packet.stop.reason == StopReason::too_deep)
    return "more headers than we follow (kMostHeaders)";
  if (same_ends && packet.stop.reason == StopReason::bad_length)
    return "a length that contradicts itself, which libtins does not heed";
  if (same_ends && packet.over == Over::udp && said.transport == opinion.transport &&
      packet.payload_length < opinion.payload)
    return "bytes behind the end that UDP's length tells, which libtins does not heed";
  if (same_ends && opinion.transport == "fragment")
    return "a fragment that is whole (RFC 6946), which libtins does not read on";
  // RFC 4302, 2.2: its length is in words of four bytes, in IPv6 too, where others count eight.
  if (same_ends && opinion.has_authentication)
    return "an authentication header, which libtins does not pass or measures wrongly";
  return "";
}

bool agree(const Packet& packet, const Opinion& said, const Opinion& opinion) {
  if (said.addresses != opinion.addresses || said.payload != opinion.payload) return false;
  if (opinion.transport == "fragment") return packet.fragment;
  return opinion.transport == "protocol" || said.transport == opinion.transport;
}

/// How often what was met.
struct Tally {
  std::map<std::string, std::uint64_t> count;
  std::uint64_t compared = 0;

  void add(const Frame& frame) {
    const auto packet = decode(frame);
    std::unique_ptr<Opinion> opinion;
    try {
      const auto whole = parsed(frame);
      if (whole) opinion = theirs(*whole);
    } catch (const Tins::exception_base&) {
      ++count["a frame that libtins refuses"];
      return;
    }
    if (!opinion) {
      ++count["a frame in which libtins reads no IP"];
      return;
    }
    const auto said = ours(packet);
    ++compared;
    if (agree(packet, said, *opinion)) return;
    const auto reason = reason_of(packet, said, *opinion);
    INFO("frame " << frame.number << ": " << said.text() << ", but libtins: " << opinion->text());
    CHECK_FALSE(reason.empty());
    ++count[reason];
  }
};

TEST_CASE("Second opinion: libtins reads every frame of others as we do", "[robust]") {
  Tally tally;
  const auto captures = real_captures("");
  for (const auto& capture : captures) {
    CAPTURE(capture);
    try {
      CaptureSet set{{capture}};
      FrameBatch batch;
      for (std::uint64_t frames = 0; frames < kMostFrames && set.next(batch, 512);) {
        frames += batch.frames.size();
        for (const auto& frame : batch.frames) tally.add(frame);
      }
    } catch (const Error&) {
      ++tally.count["a file that is no capture"];
    }
  }
  if (captures.empty()) return;
  std::cout << tally.compared << " packets compared\n";
  for (const auto& [what, times] : tally.count) std::cout << times << " times " << what << '\n';
  CHECK(tally.compared > 100'000);
}

}  // namespace
}  // namespace sekimori::test
