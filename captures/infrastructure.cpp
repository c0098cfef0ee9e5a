#include "captures.h"
#include "services.h"
#include "wire.h"

// What the network's own equipment says: trees, routers that stand by, logins, radio, logs, files.
namespace sekimori::captures {
namespace {

void frame(Plant& p, Station& from, const std::string& to, const Payload& llc) {
  p.scene.ethernet(from, to, static_cast<std::uint16_t>(llc.size()), llc);
}

// Bridge protocol data units (IEEE 802.1D-1998, 9.3; 802.1Q-2018, 14.3).
Payload bridge_id(const Station& bridge) {
  return be16(0x8000) + mac_bytes(bridge.mac);
}

void stp_tree(Plant& p) {
  const std::string group{"01:80:c2:00:00:00"};
  auto& other = p.scene.station("ec:e5:55:30:00:03", "10.30.0.3", Plant::kControl);
  const auto times = hex("0000 1400 0200 0f00");
  const auto root = bridge_id(p.core_switch);
  frame(p, p.core_switch, group,
        joined({hex("424203 0000 02 02 3c"), root, be32(0), root, be16(0x8001), times, u8(0)}));
  frame(p, other, group, hex("424203 0000 00 80"));
  frame(
      p, other, group,
      joined({hex("424203 0000 00 00 01"), root, be32(4), bridge_id(other), be16(0x8002), times}));
  // Cisco's: one tree for each VLAN.
  frame(p, p.core_switch, "01:00:0c:cc:cc:cd",
        joined({hex("aaaa03 00000c 010b 0000 02 02 3c"), root, be32(0), root, be16(0x8001), times,
                u8(0), hex("00 0000 0002 001e")}));
}

// Routers that stand by for each other.
void packet_to_group(Plant& p, Station& from, const std::string& group, const std::string& mac,
                     std::uint8_t protocol, const Payload& payload) {
  Tins::IP ip{group, from.ip};
  ip.id(from.next_id++);
  ip.ttl(255);
  ip.protocol(protocol);
  ip.inner_pdu(Tins::RawPDU{payload});
  p.scene.ethernet(from, mac, 0x0800, ip.serialize());
}

void vrrp_groups(Plant& p) {
  const std::string group{"224.0.0.18"};
  const std::string mac{"01:00:5e:00:00:12"};
  auto& master = p.scene.station("00:00:5e:00:01:07", "10.30.0.252", Plant::kControl);
  auto& standby = p.scene.station("00:00:0c:30:00:fd", "10.30.0.253", Plant::kControl);
  // RFC 9568 with the virtual MAC; RFC 2338 with a password.
  packet_to_group(p, master, group, mac, 112,
                  hex("31 07 78 01 0064 0000") + ip_bytes("10.30.0.254"));
  packet_to_group(
      p, standby, group, mac, 112,
      joined({hex("21 09 64 01 01 01 0000"), ip_bytes("10.30.0.250"), text("private"), zeros(1)}));
  packet_to_group(p, standby, group, mac, 112,
                  joined({hex("21 09 00 01 00 01 0000"), ip_bytes("10.30.0.250"), zeros(8)}));
}

void hsrp_groups(Plant& p) {
  auto& active = p.scene.station("00:00:0c:07:ac:01", "10.30.0.252", Plant::kControl);
  auto& standby = p.scene.station("00:00:0c:30:00:fd", "10.30.0.253", Plant::kControl);
  const auto say = [&](Station& router, const std::string& group, const Payload& bytes) {
    p.scene.datagram(router, group,
                     "01:00:5e:00:00:" + std::string{group.back() == '2' ? "02" : "66"}, 1985, 1985,
                     bytes);
  };
  const auto version1 = [&](std::string_view fields) {
    return joined({hex(fields), text("cisco"), zeros(3), ip_bytes("10.30.0.254")});
  };
  for (int i = 0; i < 2; ++i) {
    say(active, "224.0.0.2", version1("00 00 10 03 0a 78 01 00"));
    say(standby, "224.0.0.2", version1("00 00 08 03 0a 64 01 00"));
  }
  say(standby, "224.0.0.2", version1("00 01 08 03 0a 96 01 00"));
  for (int i = 0; i < 2; ++i)
    say(active, "224.0.0.102",
        joined({hex("01 28 02 00 06 04 0064"), mac_bytes(active.mac), be32(110), be32(3000),
                be32(10000), ip_bytes("10.30.0.250"), zeros(12), hex("04 1c"), noise(28, 11)}));
}

// RADIUS (RFC 2865): the switch asks the office's server for an operator and for a radio client.
Payload radius_attribute(unsigned type, const Payload& value) {
  return joined({u8(type), u8(value.size() + 2), value});
}
Payload radius(unsigned code, unsigned id, const Payload& attributes) {
  return joined({u8(code), u8(id), be16(attributes.size() + 20), noise(16, 20 + id), attributes});
}

void radius_logins(Plant& p) {
  const auto port = p.core_switch.next_port++;
  const auto ask = [&](std::uint16_t server, const Payload& bytes) {
    p.scene.datagram(p.core_switch, p.file_server, port, server, bytes);
  };
  const auto answer = [&](std::uint16_t server, const Payload& bytes) {
    p.scene.datagram(p.file_server, p.core_switch, server, port, bytes);
  };
  const auto nas = radius_attribute(32, text("SW-CORE"));
  const auto password = radius_attribute(2, noise(16, 12));
  ask(1812, radius(1, 1, joined({radius_attribute(1, text("kanri")), password, nas})));
  answer(1812, radius(2, 1, radius_attribute(6, be32(6))));
  ask(1812, radius(1, 2, joined({radius_attribute(1, text("gensan")), password, nas})));
  answer(1812, radius(3, 2, radius_attribute(18, text("no"))));
  const auto radio = joined({radius_attribute(61, be32(19)),
                             radius_attribute(30, text("00-00-0C-30-00-77:plant-wlan")),
                             radius_attribute(31, text("00-1B-1B-30-00-99")), nas});
  ask(1812, radius(1, 3,
                   joined({radius_attribute(1, text("tablet-3")),
                           radius_attribute(79, hex("02 01 000d 01") + text("tablet-3")), radio})));
  answer(1812, radius(11, 3,
                      joined({radius_attribute(79, hex("01 02 0006 19 20")),
                              radius_attribute(24, noise(8, 13))})));
  ask(1812, radius(1, 4,
                   joined({radius_attribute(1, text("tablet-3")),
                           radius_attribute(79, hex("02 02 000a 19 80 01020304")), radio})));
  ask(1813,
      radius(4, 5,
             joined({radius_attribute(1, text("kanri")), radius_attribute(40, be32(1)), nas})));
  answer(1813, radius(5, 5, {}));
}

/// RFC 1350: a name at port 69, then the file between two other ports.
void tftp_files(Plant& p) {
  const auto zero = zeros(1);
  const auto port = p.plc1.next_port++;
  p.scene.datagram(p.plc1, p.ews, port, 69,
                   joined({be16(1), text("plc1.cfg"), zero, text("octet"), zero}));
  p.scene.datagram(p.ews, p.plc1, 50069, port, joined({be16(3), be16(1), noise(100, 14)}));
  p.scene.datagram(p.plc1, p.ews, port, 50069, hex("0004 0001"));
  // A device that answers from port 69 itself.
  const auto other = p.ews.next_port++;
  p.scene.datagram(p.ews, p.plc2, other, 69,
                   joined({be16(2), text("image.bin"), zero, text("octet"), zero, text("blksize"),
                           zero, text("1024"), zero}));
  p.scene.datagram(p.plc2, p.ews, 69, other,
                   joined({be16(6), text("blksize"), zero, text("1024"), zero}));
  p.scene.datagram(p.ews, p.plc2, other, 69, joined({be16(3), be16(1), noise(200, 15)}));
  p.scene.datagram(p.plc2, p.ews, 69, other, hex("0004 0001"));
  p.scene.datagram(p.ews, p.plc2, other, 69, joined({be16(5), be16(3), text("Disk full"), zero}));
}

void syslog_reports(Plant& p) {
  const auto tell = [&](Station& from, std::string_view words) {
    p.scene.datagram(from, p.historian, 514, 514, text(words));
  };
  tell(p.core_switch, "<187>Apr  6 00:00:01 SW-CORE link: port 7 down");
  tell(p.core_switch, "<189>45: *Apr  6 00:00:02.000: %SYS-5-CONFIG_I: Configured by kanri");
  tell(p.collector,
       "<165>1 2026-04-06T00:00:03.003Z hist-col collector 1234 ID47 - tank 3 is full");
  // Counted, over TCP (RFC 6587, 3.4.1).
  const auto counted_text = [](std::string_view words) {
    return text(std::to_string(words.size()) + " " + std::string{words});
  };
  p.scene.connect(p.scada, p.historian, 601)
      .say(counted_text("<134>1 2026-04-06T00:00:04Z scada-1 alarmd 77 - - pump 2 trips"))
      .say(counted_text("<131>1 2026-04-06T00:00:05Z scada-1 alarmd 77 - - pump 2 is off"))
      .close();
}

// CAPWAP (RFC 5415): an access point looks for its controller, then all is sealed by DTLS.
Payload element(unsigned type, const Payload& value) {
  return joined({be16(type), be16(value.size()), value});
}
Payload capwap(unsigned type, unsigned sequence, const Payload& elements) {
  return joined({hex("00 100200 00000000"), be32(type), u8(sequence), be16(elements.size() + 3),
                 u8(0), elements});
}

void capwap_discovery(Plant& p) {
  auto& radio = p.scene.station("00:00:0c:30:00:77", "10.30.0.77", Plant::kControl);
  const auto port = radio.next_port++;
  const auto board = element(
      38, joined({be32(9), element(0, text("AIR-CAP2602I")), element(1, text("FGL1731X0PD"))}));
  p.scene.datagram(radio, p.ews, port, 5246,
                   capwap(1, 0,
                          joined({element(20, u8(1)), board, element(45, text("AP-cell3")),
                                  element(28, text("cell 3"))})));
  p.scene.datagram(p.ews, radio, 5246, port, capwap(2, 0, element(4, text("WLC-1"))));
  p.scene.datagram(radio, p.ews, port, 5246,
                   joined({hex("01 000000 16 feff 0000 000000000000"), counted(2, noise(60, 16))}));
  p.scene.datagram(p.ews, radio, 5246, port,
                   joined({hex("01 000000 16 feff 0000 000000000000"), counted(2, noise(40, 17))}));
  p.scene.datagram(radio, p.ews, port, 5247, hex("00 100200 00000000") + noise(80, 18));
}

// IEEE 802.1X at a switch's port, and the keys of a radio network that a bridge lets through.
void eapol_login(Plant& p) {
  const std::string group{"01:80:c2:00:00:03"};
  p.scene.ethernet(p.hmi, group, 0x888e, hex("01 01 0000"));
  p.scene.ethernet(p.core_switch, p.hmi.mac, 0x888e, hex("01 00 0005 01 01 0005 01"));
  p.scene.ethernet(p.hmi, group, 0x888e, hex("01 00 000b 02 01 000b 01") + text("hmi-01"));
  p.scene.ethernet(p.core_switch, p.hmi.mac, 0x888e, hex("01 00 0006 01 02 0006 19 20"));
  p.scene.ethernet(p.core_switch, p.hmi.mac, 0x888e, hex("01 00 0004 04 02 0004"));
  p.scene.ethernet(p.core_switch, p.scada.mac, 0x888e, hex("02 03 005f 02 008a 0010") + zeros(90));
}

const ProtocolRecipe capwap_recipe{{"capwap-discovery", capwap_discovery}};
const ProtocolRecipe eapol_recipe{{"eapol-login", eapol_login}};
const ProtocolRecipe hsrp_recipe{{"hsrp-groups", hsrp_groups}};
const ProtocolRecipe radius_recipe{{"radius-logins", radius_logins}};
const ProtocolRecipe stp_recipe{{"stp-tree", stp_tree}};
const ProtocolRecipe syslog_recipe{{"syslog-reports", syslog_reports}};
const ProtocolRecipe tftp_recipe{{"tftp-files", tftp_files}};
const ProtocolRecipe vrrp_recipe{{"vrrp-groups", vrrp_groups}};

}  // namespace
}  // namespace sekimori::captures
