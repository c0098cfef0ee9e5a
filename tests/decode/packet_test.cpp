#include "sekimori/decode/packet.h"

#include "frames.h"
#include "hex.h"
#include "packets.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace sekimori;
using sekimori::test::describe;
using sekimori::test::FrameCase;
using sekimori::test::hex;
using sekimori::test::kInnerMacs;
using sekimori::test::kMacs;
using sekimori::test::kTcp4;
using sekimori::test::kTcpSays;
using sekimori::test::outer_ipv4;
using sekimori::test::OwnFrame;
using sekimori::test::stop_text;

namespace {

void hold(const std::vector<FrameCase>& cases) {
  for (const auto& c : cases) {
    INFO(c.name);
    const OwnFrame own{hex(c.bytes), c.link};
    CHECK(describe(decode(own.frame())) == c.says);
  }
}

bool is_one_of(const std::string& text, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

/// What a frame says of itself at some depth: the whole's own, or that of a tunnel around it.
struct Known {
  std::vector<std::string> ends, segments;
};

Known known_of(const FrameCase& c, const Packet& whole) {
  Known known;
  for (const auto* ip : {&whole.source, &whole.destination}) known.ends.push_back(to_text(*ip));
  for (const auto* mac : {&whole.source_mac, &whole.destination_mac})
    known.ends.push_back(to_text(*mac));
  for (const auto* text : {"", "00:00:00:00:00:00", "00:1b:1b:00:00:01", "00:1b:1b:00:00:02"})
    known.ends.emplace_back(text);
  if (c.bytes.find("01 01 01 01 02 02 02 02") != std::string::npos) {
    known.ends.emplace_back("1.1.1.1");
    known.ends.emplace_back("2.2.2.2");
  }
  if (c.bytes.find(test::kV6Source) != std::string::npos) {
    known.ends.emplace_back("2001:db8::1");
    known.ends.emplace_back("2001:db8::2");
  }
  const auto segment = whole.segment.text();
  known.segments = {"", segment};
  for (std::size_t at = 0; at < segment.size(); ++at)
    if (segment[at] == '/' || segment[at] == '.') known.segments.push_back(segment.substr(0, at));
  return known;
}

/// A part of a frame claims nothing that the whole does not.
void agrees(const Packet& part, const Packet& whole, const Known& known, std::size_t cut) {
  INFO("cut at " << cut << ": " << describe(part) << "\nwhole: " << describe(whole));
  CHECK(part.payload.size() <= part.payload_length);
  CHECK(is_one_of(to_text(part.source), known.ends));
  CHECK(is_one_of(to_text(part.destination), known.ends));
  CHECK(is_one_of(to_text(part.source_mac), known.ends));
  CHECK(is_one_of(to_text(part.destination_mac), known.ends));
  CHECK(is_one_of(part.segment.text(), known.segments));
  const bool same_depth = part.over == whole.over && part.source == whole.source &&
                          part.segment.key() == whole.segment.key() && part.over != Over::ip;
  if (same_depth && part.over != Over::ethernet) {
    CHECK(part.number == whole.number);
    CHECK(part.payload_length <= whole.payload_length);
    CHECK(part.payload.size() <= whole.payload.size());
    CHECK(part.source_port == whole.source_port);
    CHECK(part.destination_port == whole.destination_port);
    CHECK(part.tcp_sequence == whole.tcp_sequence);
    CHECK(part.tcp_flags == whole.tcp_flags);
    CHECK(part.checksum == whole.checksum);
  }
}

}  // namespace

TEST_CASE("decode: link layers") {
  hold(test::link_cases());
}
TEST_CASE("decode: 802.11") {
  hold(test::wlan_cases());
}
TEST_CASE("decode: IP, TCP, UDP") {
  hold(test::ip_cases());
}
TEST_CASE("decode: tunnels") {
  hold(test::tunnel_cases());
}

TEST_CASE("decode: a tunnel that joins two networks is a packet of its own") {
  const std::vector<std::pair<std::string, std::string>> outsides{
      {"IP in IP", "1.1.1.1 > 2.2.2.2 ip/4 44"},
      {"6in4", "1.1.1.1 > 2.2.2.2 ip/41 50"},
      {"IPv4 in IPv6", "2001:db8::1 > 2001:db8::2 ip/4 44"},
      {"GRE", "1.1.1.1 > 2.2.2.2 ip/47 48"},
      {"GRE with checksum, key and sequence number", "1.1.1.1 > 2.2.2.2 ip/47 60"},
      {"PPTP", "1.1.1.1 > 2.2.2.2 ip/47 62"},
  };
  std::size_t seen = 0;
  for (const auto& c : test::tunnel_cases()) {
    INFO(c.name);
    const OwnFrame own{hex(c.bytes), c.link};
    const auto packet = decode(own.frame());
    const auto outside = decode_tunnel(own.frame());
    const auto known = std::find_if(outsides.begin(), outsides.end(),
                                    [&](const auto& row) { return row.first == c.name; });
    if (known != outsides.end()) {
      ++seen;
      CHECK(packet.tunnel == Tunnel::inside);
      CHECK(outside.tunnel == Tunnel::outside);
      CHECK(describe(outside) == known->second);
      CHECK(outside.pair == packet.pair);  // both are one shard's
      CHECK(outside.has_mac);
    } else if (packet.tunnel == Tunnel::inside) {
      CHECK(outside.tunnel == Tunnel::outside);
    }
    // A mirror's or a virtual switch's wrapping, and what cannot be read on, is no such tunnel.
    for (const auto* other : {"ERSPAN", "VXLAN", "GRE, Ethernet", "GRE of", "acknowledgment"})
      if (c.name.find(other) != std::string::npos) CHECK(packet.tunnel == Tunnel::none);
  }
  CHECK(seen == outsides.size());
}

TEST_CASE("decode: a tunnel inside a mirror's is seen in its segment") {
  const auto tunnel = outer_ipv4(47, 48) + "00 00 08 00 / " + kTcp4;
  const auto mirrored = kInnerMacs + "08 00 / " + tunnel;
  const OwnFrame own{hex(kMacs + "08 00 / " + outer_ipv4(47, 86) + "00 00 88 be / " + mirrored)};
  CHECK(describe(decode(own.frame())) == kTcpSays + " in erspan 0/gre");
  CHECK(describe(decode_tunnel(own.frame())) == "1.1.1.1 > 2.2.2.2 ip/47 48 in erspan 0");
}

TEST_CASE("decode: a frame cut anywhere says nothing that the whole does not") {
  for (const auto& c : test::all_cases()) {
    const auto bytes = hex(c.bytes);
    INFO(c.name);
    const OwnFrame own{bytes, c.link};
    const auto whole = decode(own.frame());
    const auto known = known_of(c, whole);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      const OwnFrame snapped{Bytes{bytes}.first(cut), c.link, bytes.size()};
      const auto part = decode(snapped.frame());
      agrees(part, whole, known, cut);
      // Cut by the capture, a header can lack bytes but never lie more than it did.
      if (part.stop.reason != whole.stop.reason && part.stop.reason != StopReason::none) {
        CHECK(part.stop.reason == StopReason::truncated);
        CHECK(part.stop.limit == LimitedBy::capture);
      }
      const OwnFrame brief{Bytes{bytes}.first(cut), c.link};
      agrees(decode(brief.frame()), whole, known, cut);
    }
  }
}

TEST_CASE("decode: a frame cut inside the payload is a packet with all its fields") {
  const auto bytes = hex(kMacs + "08 00 / " + kTcp4);
  const OwnFrame snapped{Bytes{bytes}.first(bytes.size() - 3), LinkType::ethernet, bytes.size()};
  CHECK(describe(decode(snapped.frame())) ==
        "10.0.0.1:1025 > 10.0.0.2:502 tcp 1 of 4; tcp truncated by capture");
  const OwnFrame brief{Bytes{bytes}.first(bytes.size() - 3)};
  CHECK(describe(decode(brief.frame())) ==
        "10.0.0.1:1025 > 10.0.0.2:502 tcp 1 of 4; ip truncated by frame");
}

TEST_CASE("decode: a segment whose options were not captured is a segment") {
  const auto bytes =
      hex(kMacs +
          "08 00 / 45 00 00 2c 00 00 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
          "04 01 01 f6 00 00 00 64 00 00 00 00 60 02 20 00 00 00 00 00 / 02 04 05 b4");
  const OwnFrame snapped{Bytes{bytes}.first(54), LinkType::ethernet, bytes.size()};
  const auto packet = decode(snapped.frame());
  CHECK(describe(packet) == "10.0.0.1:1025 > 10.0.0.2:502 tcp 0; tcp truncated by capture");
  CHECK(packet.tcp_flags == kTcpSyn);
}

TEST_CASE("decode: the fields of headers") {
  const OwnFrame own{hex(kMacs + "08 00 / " + kTcp4)};
  const auto packet = decode(own.frame());
  CHECK(packet.frame == &own.frame());
  CHECK(packet.has_mac);
  CHECK(to_text(packet.source_mac) == "00:1b:1b:00:00:01");
  CHECK(packet.ip_version == 4);
  CHECK(packet.ttl == 64);
  CHECK(packet.ip_id == 0x1234);
  CHECK(packet.ip_protocol == 6);
  CHECK(packet.tcp_sequence == 100);
  CHECK(packet.tcp_acknowledgment == 200);
  CHECK(packet.tcp_flags == 0x18);
  CHECK(packet.tcp_window == 0x2000);
  CHECK(packet.checksum == 0xabcd);
  CHECK(packet.payload.data() == own.frame().bytes.data() + 54);
}

TEST_CASE("decode: the fast path says what the walk says") {
  // A priority tag before the VLAN keeps a frame off the fast path and changes nothing else.
  const auto seed = GENERATE(range(0U, 300U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  auto header = hex(kMacs);
  const auto tagged = random() % 2 != 0;
  auto fast = header;
  auto slow = header;
  const auto append = [](std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(slow, hex("91 00 00 00"));
  if (tagged) {
    const std::vector<std::uint8_t> tag{0x81, 0x00, 0x20, static_cast<std::uint8_t>(random() % 3)};
    append(fast, tag);
    append(slow, tag);
  }
  auto body = hex("08 00 / " + (random() % 2 != 0 ? kTcp4 : test::kUdp3));
  for (auto changes = random() % 3; changes > 0; --changes)
    body[2 + random() % (body.size() - 2)] = static_cast<std::uint8_t>(random());
  body.resize(body.size() + random() % 3);
  append(fast, body);
  append(slow, body);
  const OwnFrame fast_frame{fast};
  const OwnFrame slow_frame{slow};
  const auto one = decode(fast_frame.frame());
  const auto other = decode(slow_frame.frame());
  CHECK(describe(one) == describe(other));
  CHECK(one.stop == other.stop);
  CHECK(one.has_mac == other.has_mac);
  CHECK(one.ip_version == other.ip_version);
  CHECK(one.ttl == other.ttl);
  CHECK(one.ip_protocol == other.ip_protocol);
  CHECK(one.tcp_flags == other.tcp_flags);
  CHECK(one.ip_id == other.ip_id);
  CHECK(one.number == other.number);
  CHECK(one.source_mac == other.source_mac);
  CHECK(one.destination_mac == other.destination_mac);
  CHECK(one.source == other.source);
  CHECK(one.destination == other.destination);
  CHECK(one.source_port == other.source_port);
  CHECK(one.destination_port == other.destination_port);
  CHECK(one.checksum == other.checksum);
  CHECK(one.tcp_window == other.tcp_window);
  CHECK(one.tcp_sequence == other.tcp_sequence);
  CHECK(one.tcp_acknowledgment == other.tcp_acknowledgment);
  CHECK(one.pair == other.pair);
  CHECK(one.tunnel_pair == other.tunnel_pair);
  CHECK(one.segment.key() == other.segment.key());
}

TEST_CASE("decode: headers nest so deep and no deeper") {
  const auto tags = [](int count, const std::string& tag) {
    std::string text = kMacs;
    for (int i = 0; i < count; ++i) text += tag;
    return text + "08 00 / " + kTcp4;
  };
  const OwnFrame shallow{hex(tags(20, "81 00 00 01 "))};
  CHECK(describe(decode(shallow.frame())).find(kTcpSays) == 0);
  const OwnFrame deep{hex(tags(100, "81 00 00 01 "))};
  CHECK(stop_text(decode(deep.frame()).stop) == "vlan too_deep");
  const OwnFrame redundant{hex(tags(100, "89 2f 00 00 00 00 "))};
  CHECK(stop_text(decode(redundant.frame()).stop) == "vlan too_deep");

  std::string labels = kMacs + "88 47 / ";
  for (int i = 0; i < 100; ++i) labels += "00 01 00 40 ";
  const OwnFrame labelled{hex(labels + kTcp4)};
  CHECK(stop_text(decode(labelled.frame()).stop) == "mpls too_deep");

  std::string nested = kTcp4;
  for (std::size_t i = 0, size = 44; i < 60; ++i, size += 20)
    nested = test::outer_ipv4(4, size) + nested;
  const OwnFrame tunnels{hex(nested), LinkType::raw_ip};
  const auto packet = decode(tunnels.frame());
  CHECK(packet.stop.reason == StopReason::too_deep);
  CHECK(to_text(packet.source) == "1.1.1.1");

  std::string options =
      kMacs + "86 dd / 60 00 00 00 03 28 3c 40 " + test::kV6Source + test::kV6Destination;
  for (int i = 0; i < 101; ++i) options += "3c 00 01 04 00 00 00 00 ";
  const OwnFrame extended{hex(options)};
  CHECK(stop_text(decode(extended.frame()).stop) == "ip_extension too_deep");
}

TEST_CASE("decode: inside a tunnel of network layer there is no link, and in Ethernet its own") {
  const OwnFrame routed{hex(kMacs + "08 00 / " + test::outer_ipv4(4, 44) + kTcp4)};
  CHECK_FALSE(decode(routed.frame()).has_mac);
  const OwnFrame bridged{hex(kMacs + "08 00 / " + test::outer_udp(4789, 66) +
                             "08 00 00 00 00 10 00 00 / " + kInnerMacs + "08 00 / " + kTcp4)};
  CHECK(to_text(decode(bridged.frame()).source_mac) == "02:00:00:00:00:0a");
}

TEST_CASE("decode: a layer 2 frame inside a tunnel has nothing of the tunnel's IP") {
  const OwnFrame own{hex(kMacs + "08 00 / " + test::outer_udp(4789, 26) +
                         "08 00 00 00 00 10 00 00 / " + kInnerMacs + "88 cc / 02 07 04 00")};
  const auto packet = decode(own.frame());
  CHECK(describe(packet) == "02:00:00:00:00:0a > 02:00:00:00:00:0b ethernet/35020 4 in vxlan 4096");
  CHECK_FALSE(packet.source.is_set());
  CHECK(packet.source_port == 0);
  CHECK(packet.ttl == 0);
}

TEST_CASE("decode: the shard is that of the outermost pair, whoever sends") {
  const auto pair_of = [](const std::string& text, LinkType link = LinkType::ethernet) {
    const OwnFrame own{hex(text), link};
    return decode(own.frame()).pair;
  };
  const auto ip = [](const std::string& one, const std::string& other, const std::string& rest) {
    return "45 00 00 1c 00 00 " + rest + " 00 00 " + one + other + "00 07 00 09 00 08 00 00";
  };
  const std::string a = "0a 00 00 01 ";
  const std::string b = "0a 00 00 02 ";
  const std::string c = "0a 00 00 03 ";
  const auto here = pair_of(kMacs + "08 00 " + ip(a, b, "00 00 40 11"));
  CHECK(here != 0);
  CHECK(here == pair_of(kMacs + "08 00 " + ip(b, a, "00 00 40 11")));
  CHECK(here == pair_of(ip(b, a, "00 00 40 11"), LinkType::raw_ip));
  CHECK(here == pair_of(kMacs + "81 00 00 05 08 00 " + ip(b, a, "20 00 40 11")));
  CHECK(here == pair_of(ip(a, b, "00 00 40 01"), LinkType::raw_ip));
  CHECK(here != pair_of(kMacs + "08 00 " + ip(a, c, "00 00 40 11")));
  CHECK(pair_of(test::outer_ipv4(4, 28) + ip(a, b, "00 00 40 11"), LinkType::raw_ip) ==
        pair_of(test::outer_ipv4(4, 28) + ip(a, c, "00 00 40 11"), LinkType::raw_ip));
  // Below IP, the MACs.
  const auto lldp = pair_of("00 1b 1b 00 00 02 / 00 1b 1b 00 00 01 / 88 cc 00");
  CHECK(lldp != 0);
  CHECK(lldp == pair_of("00 1b 1b 00 00 01 / 00 1b 1b 00 00 02 / 88 b8 00"));
}

TEST_CASE("decode: the pair of a tunnel's ends stays beside what was inside") {
  const auto of = [](const std::string& text) {
    const OwnFrame own{hex(text), LinkType::raw_ip};
    return decode(own.frame());
  };
  CHECK(of(kTcp4).tunnel_pair == 0);
  const auto tunnelled = of(test::outer_ipv4(4, 44) + kTcp4);
  CHECK(tunnelled.tunnel_pair == tunnelled.pair);
  CHECK(tunnelled.pair != 0);
  // No header follows that can be read: the packet is the tunnel's own.
  const auto broken = of(test::outer_ipv4(4, 24) + "45 00 00 2c");
  CHECK(describe(broken).find("1.1.1.1 > 2.2.2.2") == 0);
  CHECK(broken.tunnel_pair == 0);
}

TEST_CASE("decode: a reassembled datagram goes on where its fragments stopped") {
  const OwnFrame own{hex(kMacs + "81 00 00 05 08 00 / "
                                 "45 00 00 1c 00 09 00 01 40 2f 00 00 01 01 01 01 02 02 02 02 / "
                                 "01 02 03 04 05 06 07 08")};
  const auto fragment = decode(own.frame());
  REQUIRE(fragment.fragment);
  const auto datagram = hex("20 00 08 00 00 00 00 07 / " + kTcp4);
  const auto whole = decode_reassembled(fragment, datagram);
  CHECK(describe(whole) == kTcpSays + " in vlan 5/gre 7");
  CHECK_FALSE(whole.fragment);
  CHECK(whole.fragment_offset == 0);
  CHECK(whole.pair == fragment.pair);
  CHECK(whole.frame == &own.frame());

  for (std::size_t cut = 0; cut < datagram.size(); ++cut) {
    const auto part = decode_reassembled(fragment, Bytes{datagram}.first(cut));
    CHECK(part.stop.reason != StopReason::none);
    CHECK(part.payload.size() <= part.payload_length);
  }
}

TEST_CASE("decode: an IPv6 datagram goes on with the extension headers of its fragments' inside") {
  const OwnFrame own{hex(kMacs + "86 dd / 60 00 00 00 00 10 2c 40 " + test::kV6Source +
                         test::kV6Destination +
                         "3c 00 00 08 00 00 00 05 / 01 02 03 04 05 06 07 08")};
  const auto fragment = decode(own.frame());
  REQUIRE(fragment.fragment);
  CHECK(fragment.ip_id == 5);
  const auto datagram = hex("11 00 01 04 00 00 00 00 / " + test::kUdp2);
  CHECK(describe(decode_reassembled(fragment, datagram)) == test::kV6Says);
}

TEST_CASE("decode: random bytes are decoded to somewhere") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto cases = test::all_cases();
  for (int round = 0; round < 100; ++round) {
    const auto& c = cases[random() % cases.size()];
    auto bytes = hex(c.bytes);
    for (auto changes = random() % 6; changes > 0 && !bytes.empty(); --changes)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
    const auto link = random() % 8 == 0 ? static_cast<LinkType>(random() % 300) : c.link;
    const OwnFrame own{bytes, link, bytes.size() + random() % 3};
    const auto packet = decode(own.frame());
    CHECK(packet.payload.size() <= packet.payload_length);
    CHECK(packet.payload.size() <= bytes.size());
    if (packet.over == Over::nothing) CHECK(packet.stop.reason != StopReason::none);
  }
}

TEST_CASE("Segment: a stack in words, and a key that tells stacks apart") {
  Segment segment;
  CHECK(segment.key() == 0);
  CHECK(segment.text().empty());
  segment.push(Segment::Kind::vlan, 100);
  CHECK(segment.text() == "vlan 100");
  segment.push(Segment::Kind::vlan, 7);
  CHECK(segment.text() == "vlan 100.7");
  segment.push(Segment::Kind::vxlan, 4096);
  segment.push(Segment::Kind::vlan, 7);
  segment.push(Segment::Kind::tunnel, 2152);
  segment.push(Segment::Kind::pppoe, 1);
  CHECK(segment.text() == "vlan 100.7/vxlan 4096/vlan 7/gtp/pppoe 1");
  const auto before = segment.key();
  const auto text = segment.text();
  segment.push(Segment::Kind::vlan, 1);
  CHECK(segment.key() != before);
  CHECK(segment.text() != text);

  Segment one;
  Segment other;
  one.push(Segment::Kind::vlan, 1);
  one.push(Segment::Kind::vlan, 2);
  other.push(Segment::Kind::vlan, 2);
  other.push(Segment::Kind::vlan, 1);
  CHECK(one.key() != other.key());
}

TEST_CASE("decode: every layer, reason and limit has its word") {
  for (int i = 1; i <= static_cast<int>(Layer::udp); ++i)
    CHECK_FALSE(to_text(static_cast<Layer>(i)).empty());
  for (int i = 1; i <= static_cast<int>(StopReason::incomplete); ++i)
    CHECK_FALSE(to_text(static_cast<StopReason>(i)).empty());
  for (int i = 1; i <= static_cast<int>(LimitedBy::header_field); ++i)
    CHECK_FALSE(to_text(static_cast<LimitedBy>(i)).empty());
}
