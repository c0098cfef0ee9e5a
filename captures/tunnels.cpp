#include "captures.h"
#include "sessions.h"
#include "wire.h"

// VPNs of several makes between the engineering station and its vendor.
namespace sekimori::captures {
namespace {

/// An IP packet of a protocol that has no ports, to beyond the router, as the near side sees it.
void packet(Plant& p, Station& from, Station& to, std::uint8_t protocol, const Payload& payload) {
  const bool outward = to.vlan == Station::kOutside;
  Tins::IP ip{to.ip, from.ip};
  ip.id(from.next_id++);
  ip.ttl(static_cast<std::uint8_t>(outward ? from.ttl : from.ttl - 14));
  ip.protocol(protocol);
  ip.inner_pdu(Tins::RawPDU{payload});
  auto& near = outward ? from : to;
  Station router{.mac = std::string{Scene::kRouterMac}, .ip = {}, .vlan = near.vlan};
  const auto bytes = ip.serialize();
  if (outward) return p.scene.ethernet(from, router.mac, 0x0800, bytes);
  p.scene.ethernet(router, to.mac, 0x0800, bytes);
}

// ESP (RFC 4303): SPI, sequence, and what is encrypted.
Payload esp(std::uint32_t spi, std::uint32_t sequence, std::size_t size) {
  return joined({be32(spi), be32(sequence), noise(size, spi + sequence)});
}

void esp_packets(Plant& p) {
  for (std::uint32_t i = 1; i <= 3; ++i) {
    packet(p, p.ews, p.vendor, 50, esp(0xc0ffee01, i, 96));
    packet(p, p.vendor, p.ews, 50, esp(0xbadcab1e, i, 64));
  }
  // Without a cipher (RFC 2410): an IP packet, padding, and a check value.
  Tins::IP inner{"10.99.0.1", "10.30.0.12"};
  inner.inner_pdu(Tins::UDP{53, 50000} / Tins::RawPDU{noise(20, 1)});
  packet(p, p.ews, p.vendor, 50,
         joined({be32(0x1001), be32(1), inner.serialize(), hex("0102 0204"), noise(12, 2)}));
}

// IKE (RFC 2408, 3.1; RFC 7296, 3.1).
Payload ike(std::string_view initiator, std::string_view responder, std::string_view fields,
            std::uint32_t id, const Payload& body) {
  return joined(
      {hex(initiator), hex(responder), hex(fields), be32(id), be32(28 + body.size()), body});
}
Payload payload(unsigned next, const Payload& value) {
  return joined({u8(next), u8(0), be16(value.size() + 4), value});
}
Payload marked(const Payload& message) {
  return be32(0) + message;
}

constexpr std::string_view kNobody{"0000000000000000"};

void ike_exchanges(Plant& p) {
  auto& s = p.scene;
  // Version 2 through a NAT: the vendor's gateway is asked at 500, then at 4500.
  constexpr std::string_view kMine{"1a2b3c4d5e6f7081"};
  constexpr std::string_view kTheirs{"92a3b4c5d6e7f809"};
  const auto offer = joined({payload(34, hex("0000002c 01010004 0300000c")),
                             payload(40, hex("000e0000") + noise(64, 3)), payload(43, noise(32, 4)),
                             payload(0, hex("882fe56d6fd20dbc2251613b2ebe5beb"))});
  s.datagram(p.ews, p.vendor, 500, 500, ike(kMine, kNobody, "21 20 22 08", 0, offer));
  s.datagram(p.vendor, p.ews, 500, 500,
             ike(kMine, kTheirs, "21 20 22 20", 0,
                 joined({payload(34, hex("0000002c 01010004 0300000c")),
                         payload(40, hex("000e0000") + noise(64, 5)), payload(0, noise(32, 6))})));
  s.datagram(p.ews, p.vendor, 4500, 4500,
             marked(ike(kMine, kTheirs, "2e 20 23 08", 1, payload(35, noise(96, 7)))));
  s.datagram(p.vendor, p.ews, 4500, 4500,
             marked(ike(kMine, kTheirs, "2e 20 23 20", 1, payload(36, noise(80, 8)))));
  for (std::uint32_t i = 1; i <= 2; ++i) {
    s.datagram(p.ews, p.vendor, 4500, 4500, esp(0xc1a0b2d3, i, 72));
    s.datagram(p.vendor, p.ews, 4500, 4500, esp(0xd4e5f607, i, 88));
  }
  s.datagram(p.ews, p.vendor, 4500, 4500, hex("ff"));
  // Version 1 in aggressive mode tells the group's name, and is refused.
  const auto group = joined({payload(5, hex("00000001 00000001")),
                             payload(13, hex("0b 11 01f4") + text("plant-vendors")),
                             payload(0, hex("1e2b516905991c7d7c96fcbfb587e461 00000009"))});
  s.datagram(p.scada, p.vendor, 500, 500,
             ike("3132333435363738", kNobody, "01 10 04 00", 0, group));
  s.datagram(p.vendor, p.scada, 500, 500,
             ike("3132333435363738", "4142434445464748", "0b 10 05 00", 77,
                 payload(0, hex("00000001 01 00 000e"))));
}

void openvpn_session(Plant& p) {
  openvpn(p.scene, p.ews, p.vendor);
  // The same over TCP on a port of another's: two bytes of length before each packet.
  const auto mine = noise(8, 73);
  const auto theirs = noise(8, 74);
  p.scene.connect(p.scada, p.vendor, 8443)
      .say(counted(2, joined({u8(7U << 3U), mine, be32(1), be32(0x69d2f900), noise(37, 75)})))
      .answer(counted(2, joined({u8(8U << 3U), theirs, be32(1), be32(0x69d2f900), noise(49, 76)})))
      .say(counted(2, joined({u8(4U << 3U), mine, be32(2), be32(0x69d2f901), noise(120, 77)})))
      .say(counted(2, u8(9U << 3U) + noise(80, 78)))
      .answer(counted(2, u8(9U << 3U) + noise(64, 79)))
      .close();
}

void wireguard_session(Plant& p) {
  const auto port = p.ews.next_port++;
  const auto say = [&](const Payload& bytes) {
    p.scene.datagram(p.ews, p.vendor, port, 51821, bytes);
  };
  const auto answer = [&](const Payload& bytes) {
    p.scene.datagram(p.vendor, p.ews, 51821, port, bytes);
  };
  say(joined({le32(1), le32(0x12345678), noise(124, 81), zeros(16)}));
  answer(joined({le32(2), le32(0x87654321), le32(0x12345678), noise(64, 82), zeros(16)}));
  for (std::uint32_t i = 0; i < 3; ++i) {
    say(joined({le32(4), le32(0x87654321), little(i, 8), noise(96, 83 + i)}));
    answer(joined({le32(4), le32(0x12345678), little(i, 8), noise(i == 2 ? 16 : 112, 86 + i)}));
  }
}

// PPTP's control connection (RFC 2637, 2): length, type 1, magic, control type.
Payload pptp(unsigned type, const Payload& body) {
  return joined({be16(body.size() + 12), hex("0001 1a2b3c4d"), be16(type), be16(0), body});
}
Payload padded(std::string_view name, std::size_t size) {
  auto bytes = text(name);
  bytes.resize(size);
  return bytes;
}
Payload pptp_start(unsigned type, unsigned result, std::string_view host, std::string_view maker) {
  return pptp(type, joined({hex("0100"), u8(result), u8(0), be32(3), be32(3), be16(0), be16(1),
                            padded(host, 64), padded(maker, 64)}));
}

/// RFC 2637, 4.1: a packet of GRE that only acknowledges.
void pptp_acknowledgement(Plant& p, Station& from, Station& to, std::uint32_t number) {
  packet(p, from, to, 47, hex("2081 880b 0000 0007") + be32(number));
}

void pptp_call(Plant& p) {
  p.scene.connect(p.ews, p.vendor, 1723)
      .say(pptp_start(1, 0, "EWS-01", "Microsoft Windows NT"))
      .answer(pptp_start(2, 1, "gate", "linux"))
      .say(pptp(7, hex("0007 0001 0000012c 05f5e100 00000003 00000003 0040 0000") + zeros(132)))
      .answer(pptp(8, hex("0021 0007 01 00 0000 05f5e100 0040 0000 00000000")))
      .say(pptp(5, be32(1)))
      .answer(pptp(6, hex("00000001 01 00 0000")))
      .say(pptp(12, hex("0007 0000")))
      .close();
}

void gre_packets(Plant& p) {
  for (std::uint32_t i = 1; i <= 2; ++i) {
    pptp_acknowledgement(p, p.ews, p.vendor, i);
    pptp_acknowledgement(p, p.vendor, p.ews, i);
  }
}

// L2TP (RFC 2661): attributes; a control message; a packet of PPP.
Payload attribute(unsigned type, const Payload& value) {
  return joined({be16(0x8000 | (value.size() + 6)), be16(0), be16(type), value});
}
Payload l2tp(unsigned tunnel, unsigned session, unsigned sent, unsigned received,
             const Payload& body) {
  return joined({be16(0xc802), be16(body.size() + 12), be16(tunnel), be16(session), be16(sent),
                 be16(received), body});
}
Payload l2tp_data(unsigned tunnel, unsigned session, const Payload& frame) {
  return joined({be16(0x0002), be16(tunnel), be16(session), hex("ff03"), frame});
}

void l2tp_call(Plant& p) {
  const auto say = [&](const Payload& bytes) {
    p.scene.datagram(p.ews, p.vendor, 1701, 1701, bytes);
  };
  const auto answer = [&](const Payload& bytes) {
    p.scene.datagram(p.vendor, p.ews, 1701, 1701, bytes);
  };
  say(l2tp(0, 0, 0, 0,
           joined({attribute(0, be16(1)), attribute(2, be16(0x0100)), attribute(3, be32(3)),
                   attribute(7, text("EWS-01")), attribute(8, text("Microsoft")),
                   attribute(9, be16(7)), attribute(10, be16(8))})));
  answer(l2tp(7, 0, 0, 1,
              joined({attribute(0, be16(2)), attribute(2, be16(0x0100)), attribute(3, be32(3)),
                      attribute(7, text("gate")), attribute(8, text("xelerance.com")),
                      attribute(9, be16(33)), attribute(10, be16(4))})));
  say(l2tp(33, 0, 1, 1, attribute(0, be16(3))));
  say(l2tp(33, 0, 2, 1,
           joined({attribute(0, be16(10)), attribute(14, be16(1)), attribute(15, be32(1))})));
  answer(l2tp(7, 1, 1, 3, joined({attribute(0, be16(11)), attribute(14, be16(2))})));
  say(l2tp(33, 2, 3, 2,
           joined({attribute(0, be16(12)), attribute(24, be32(100000)), attribute(19, be32(3))})));
  answer(l2tp(7, 0, 2, 4, {}));
  // A login by PAP, which anybody can read, and what follows it.
  say(l2tp_data(
      33, 2, hex("c023 01 01 001d 06") + text("vendor") + counted(1, text("kiso-no-seki-1602"))));
  answer(l2tp_data(7, 1, hex("c023 02 01 0005 00")));
  Tins::IP inner{"10.99.0.1", "10.99.0.20"};
  inner.inner_pdu(Tins::UDP{53, 50000} / Tins::RawPDU{noise(20, 9)});
  say(l2tp_data(33, 2, hex("0021") + inner.serialize()));
}

/// RFC 2784 with IP inside: what is unwrapped, and the tunnel as a conversation of its ends.
void gre_tunnel(Plant& p) {
  const auto header = hex("0000 0800");
  for (int i = 0; i < 2; ++i) {
    Tins::IP asks{"10.99.0.20", "10.99.0.1"};
    asks.inner_pdu(Tins::UDP{50001, 50000} / Tins::RawPDU{noise(20, 9)});
    packet(p, p.ews, p.vendor, 47, header + asks.serialize());
    Tins::IP answers{"10.99.0.1", "10.99.0.20"};
    answers.inner_pdu(Tins::UDP{50000, 50001} / Tins::RawPDU{noise(30, 9)});
    packet(p, p.vendor, p.ews, 47, header + answers.serialize());
  }
}

const ProtocolRecipe gre_tunnel_recipe{{"gre-tunnel", gre_tunnel}};
const ProtocolRecipe esp_recipe{{"esp-packets", esp_packets}};
const ProtocolRecipe gre_recipe{{"gre-acknowledgements", gre_packets}};
const ProtocolRecipe ike_recipe{{"ike-exchanges", ike_exchanges}};
const ProtocolRecipe l2tp_recipe{{"l2tp-call", l2tp_call}};
const ProtocolRecipe openvpn_recipe{{"openvpn-session", openvpn_session}};
const ProtocolRecipe pptp_recipe{{"pptp-call", pptp_call}};
const ProtocolRecipe wireguard_recipe{{"wireguard-session", wireguard_session}};

}  // namespace
}  // namespace sekimori::captures
