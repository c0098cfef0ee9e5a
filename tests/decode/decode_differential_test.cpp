// The second opinion: frames built, and taken apart again, by libtins.

#include "sekimori/decode/packet.h"

#include "packets.h"

#include <catch2/catch.hpp>
#include <tins/tins.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace sekimori;
using sekimori::test::OwnFrame;

namespace {

using Random = std::mt19937;

std::uint8_t byte(Random& random) {
  return static_cast<std::uint8_t>(random());
}
std::uint16_t word(Random& random) {
  return static_cast<std::uint16_t>(random());
}

std::string random_ipv4(Random& random) {
  return to_text(IpAddress::v4(static_cast<std::uint32_t>(random())));
}
std::string random_ipv6(Random& random) {
  IpAddress ip;
  for (auto& octet : ip.octets) octet = byte(random);
  return to_text(ip);
}

std::unique_ptr<Tins::PDU> random_transport(Random& random) {
  // High ports: none of them is a tunnel's.
  const auto from = static_cast<std::uint16_t>(10000 + random() % 50000);
  const auto to = static_cast<std::uint16_t>(10000 + random() % 50000);
  if (random() % 2 != 0) return std::make_unique<Tins::UDP>(to, from);
  auto tcp = std::make_unique<Tins::TCP>(to, from);
  tcp->seq(static_cast<std::uint32_t>(random()));
  tcp->ack_seq(static_cast<std::uint32_t>(random()));
  tcp->window(word(random));
  tcp->flags(byte(random));
  if (random() % 2 != 0) tcp->mss(word(random));
  if (random() % 3 == 0) tcp->timestamp(1, 2);
  return tcp;
}

struct Built {
  std::vector<std::uint8_t> bytes;
  std::string segment;
  std::size_t payload = 0;
};

Built random_frame(Random& random) {
  Built built;
  Tins::EthernetII frame{"02:00:00:00:00:02", "02:00:00:00:00:01"};
  Tins::PDU* inner = &frame;
  const auto tags = random() % 4;
  for (std::size_t i = 0; i < tags; ++i) {
    const auto id = static_cast<std::uint16_t>(random() % 4095);
    auto tag = std::make_unique<Tins::Dot1Q>(id, i == 0 && tags > 1);
    inner->inner_pdu(tag.get());
    inner = tag.release();
    if (id != 0) built.segment += (built.segment.empty() ? "vlan " : ".") + std::to_string(id);
  }
  if (random() % 2 != 0) {
    auto ip = Tins::IP{random_ipv4(random), random_ipv4(random)};
    ip.ttl(byte(random));
    ip.id(word(random));
    if (random() % 4 == 0) ip.security({0x20, 1, 2, 3});
    inner->inner_pdu(ip);
  } else {
    auto ip = Tins::IPv6{random_ipv6(random), random_ipv6(random)};
    ip.hop_limit(byte(random));
    if (random() % 3 == 0) {
      const std::vector<std::uint8_t> padding{1, 4, 0, 0, 0, 0};
      ip.add_header({Tins::IPv6::DESTINATION_OPTIONS, padding.begin(), padding.end()});
    }
    inner->inner_pdu(ip);
  }
  inner = inner->inner_pdu();
  const auto transport = random_transport(random);
  inner->inner_pdu(*transport);
  std::vector<std::uint8_t> payload(1 + random() % 40);
  for (auto& octet : payload) octet = byte(random);
  inner->inner_pdu()->inner_pdu(Tins::RawPDU{payload});
  built.payload = payload.size();
  built.bytes = frame.serialize();
  return built;
}

std::string text_of(const Tins::IPv4Address& ip) {
  return ip.to_string();
}
std::string text_of(const Tins::IPv6Address& ip) {
  return ip.to_string();
}

template <class Ip>
void compare_ip(const Packet& packet, const Ip& ip) {
  CHECK(packet.source == parse_ip(text_of(ip.src_addr())));
  CHECK(packet.destination == parse_ip(text_of(ip.dst_addr())));
}

void compare_transport(const Packet& packet, const Tins::PDU& whole) {
  if (const auto* tcp = whole.find_pdu<Tins::TCP>()) {
    CHECK(packet.over == Over::tcp);
    CHECK(packet.source_port == tcp->sport());
    CHECK(packet.destination_port == tcp->dport());
    CHECK(packet.tcp_sequence == tcp->seq());
    CHECK(packet.tcp_acknowledgment == tcp->ack_seq());
    CHECK(packet.tcp_flags == static_cast<std::uint8_t>(tcp->flags()));
    CHECK(packet.tcp_window == tcp->window());
    CHECK(packet.checksum == tcp->checksum());
  } else if (const auto* udp = whole.find_pdu<Tins::UDP>()) {
    CHECK(packet.over == Over::udp);
    CHECK(packet.source_port == udp->sport());
    CHECK(packet.destination_port == udp->dport());
    CHECK(packet.checksum == udp->checksum());
  }
}

}  // namespace

TEST_CASE("decode: what libtins built is read as libtins reads it") {
  const auto seed = GENERATE(range(0U, 400U));
  CAPTURE(seed);
  Random random{seed};
  const auto built = random_frame(random);
  const OwnFrame own{built.bytes};
  const auto packet = decode(own.frame());
  INFO(test::describe(packet));
  const Tins::EthernetII again{built.bytes.data(), static_cast<std::uint32_t>(built.bytes.size())};

  CHECK(packet.stop.reason == StopReason::none);
  CHECK(to_text(packet.source_mac) == again.src_addr().to_string());
  CHECK(to_text(packet.destination_mac) == again.dst_addr().to_string());
  CHECK(packet.segment.text() == built.segment);
  CHECK(packet.payload.size() == built.payload);
  if (const auto* ip = again.find_pdu<Tins::IP>()) {
    CHECK(packet.ip_version == 4);
    CHECK(packet.ttl == ip->ttl());
    CHECK(packet.ip_id == ip->id());
    compare_ip(packet, *ip);
  } else {
    const auto& ip6 = again.rfind_pdu<Tins::IPv6>();
    CHECK(packet.ip_version == 6);
    CHECK(packet.ttl == ip6.hop_limit());
    compare_ip(packet, ip6);
  }
  compare_transport(packet, again);
}

TEST_CASE("decode: what libtins built and chance changed does not surprise") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  Random random{seed};
  for (int round = 0; round < 50; ++round) {
    auto bytes = random_frame(random).bytes;
    for (auto changes = 1 + random() % 8; changes > 0; --changes)
      bytes[random() % bytes.size()] = byte(random);
    const OwnFrame own{bytes};
    const auto packet = decode(own.frame());
    CHECK(packet.payload.size() <= packet.payload_length);
    if (packet.ip_version == 4) {
      CHECK(packet.source.is_v4());
      CHECK(packet.destination.is_v4());
    }
  }
}
