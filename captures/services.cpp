#include "services.h"

namespace sekimori::captures {
namespace {

constexpr std::string_view kEverybody = "ff:ff:ff:ff:ff:ff";
constexpr std::uint32_t kNtpEpoch = 3984422400;  // the scene's first second, from 1900 on

/// Labels and the empty one (RFC 1035, 3.1).
Payload labels(std::string_view name) {
  Payload bytes;
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    bytes = bytes + counted(1, text(name.substr(0, dot)));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return bytes + u8(0);
}

Payload dns_header(std::uint16_t id, unsigned flags, unsigned questions, unsigned answers,
                   unsigned additional = 0) {
  return joined({be16(id), be16(flags), be16(questions), be16(answers), be16(0), be16(additional)});
}

/// RFC 1001, 14.1: each half of a byte is a letter from `A` on.
Payload netbios_name(std::string_view name, unsigned suffix) {
  std::string padded{name};
  padded.resize(15, ' ');
  padded += static_cast<char>(suffix);
  Payload letters;
  for (const char letter : padded) {
    const auto byte = static_cast<std::uint8_t>(letter);
    letters.push_back(static_cast<std::uint8_t>('A' + (byte >> 4U)));
    letters.push_back(static_cast<std::uint8_t>('A' + (byte & 15U)));
  }
  return counted(1, letters) + u8(0);
}

/// RFC 2131, 2, up to the options.
Payload bootp(unsigned operation, std::uint32_t id, std::string_view mac, std::string_view ip) {
  return joined({u8(operation), hex("01 06 00"), be32(id), hex("0000 8000"), zeros(4), ip_bytes(ip),
                 zeros(8), mac_bytes(mac), zeros(10 + 64 + 128), hex("63825363")});
}

Payload option(unsigned code, const Payload& value) {
  return u8(code) + counted(1, value);
}

Payload snmp_pdu(unsigned version, std::string_view community, std::uint8_t tag, std::uint32_t id,
                 std::string_view oid, const Payload& value) {
  const auto bindings = asn1_sequence({asn1_sequence({asn1_oid(oid), value})});
  return asn1_sequence(
      {asn1_integer(version), asn1_octets(community),
       asn1(tag, joined({asn1_integer(id), asn1_integer(0), asn1_integer(0), bindings}))});
}

Payload tlv(unsigned type, const Payload& value) {
  return be16(type << 9U | value.size()) + value;
}

std::string text_of(std::string_view view) {
  return std::string{view};
}

}  // namespace

Payload dns_question(std::uint16_t id, std::string_view name) {
  return joined({dns_header(id, 0x0100, 1, 0), labels(name), hex("0001 0001")});
}

Payload dns_answer(std::uint16_t id, std::string_view name, std::string_view ip) {
  return joined({dns_header(id, 0x8180, 1, 1), labels(name), hex("0001 0001"),
                 hex("c00c 0001 0001 0000012c 0004"), ip_bytes(ip)});
}

Payload llmnr_question(std::uint16_t id, std::string_view name) {
  return joined({dns_header(id, 0, 1, 0), labels(name), hex("0001 0001")});
}

Payload mdns_question(std::string_view name) {
  return joined({dns_header(0, 0, 1, 0), labels(name), hex("000c 0001")});
}

Payload nbns_registration(std::uint16_t id, std::string_view name, std::string_view ip,
                          unsigned suffix) {
  // Opcode 5, recursion desired, broadcast; the claim stands in the additional section.
  return joined({dns_header(id, 0x2910, 1, 0, 1), netbios_name(name, suffix), hex("0020 0001"),
                 hex("c00c 0020 0001 000493e0 0006 0000"), ip_bytes(ip)});
}

Payload nbns_question(std::uint16_t id, std::string_view name) {
  return joined({dns_header(id, 0x0110, 1, 0), netbios_name(name, 0x20), hex("0020 0001")});
}

Payload dhcp_question(unsigned type, std::uint32_t id, std::string_view mac,
                      std::string_view name) {
  auto message = joined({bootp(1, id, mac, "0.0.0.0"), option(53, u8(type)),
                         option(61, u8(1) + mac_bytes(mac)), option(12, text(name)),
                         option(60, text("MSFT 5.0")), option(55, hex("01 03 06 0f")), u8(255)});
  if (message.size() < 300) message.resize(300);
  return message;
}

Payload dhcp_answer(unsigned type, std::uint32_t id, std::string_view mac, std::string_view ip,
                    std::string_view server, std::string_view router) {
  auto message = joined({bootp(2, id, mac, ip), option(53, u8(type)), option(54, ip_bytes(server)),
                         option(51, be32(86400)), option(1, ip_bytes("255.255.255.0")),
                         option(3, ip_bytes(router)), option(6, ip_bytes(server)), u8(255)});
  if (message.size() < 300) message.resize(300);
  return message;
}

Payload ntp_question(std::uint32_t second) {
  // Version 4, client; polls of 64 s; a clock of a microsecond.
  return joined({hex("23 00 06 ec"), zeros(36), be32(kNtpEpoch + second), be32(0x40000000)});
}

Payload ntp_answer(std::uint32_t second, unsigned stratum) {
  const auto now = be32(kNtpEpoch + second);
  return joined({u8(0x24), u8(stratum), hex("06 e9"), be32(0x100), be32(0x200), text("GPS"), u8(0),
                 now, be32(0), now, be32(0x40000000), now, be32(0x40100000), now,
                 be32(0x40200000)});
}

Payload snmp_get(unsigned version, std::string_view community, std::uint32_t id,
                 std::string_view oid) {
  return snmp_pdu(version, community, 0xa0, id, oid, asn1(0x05, {}));
}

Payload snmp_answer(unsigned version, std::string_view community, std::uint32_t id,
                    std::string_view oid, std::string_view value) {
  return snmp_pdu(version, community, 0xa2, id, oid, asn1_octets(value));
}

Payload snmp_set(unsigned version, std::string_view community, std::uint32_t id,
                 std::string_view oid, std::string_view value) {
  return snmp_pdu(version, community, 0xa3, id, oid, asn1_octets(value));
}

Payload snmp3(std::uint32_t id, std::string_view user, bool asks) {
  const auto engine = asn1(0x04, hex("80001f8880e9630000d61ff449"));
  const auto security =
      asn1_sequence({engine, asn1_integer(3), asn1_integer(7200 + id), asn1_octets(user),
                     asn1(0x04, noise(12, id)), asn1(0x04, noise(8, id + 1))});
  const auto header = asn1_sequence(
      {asn1_integer(id), asn1_integer(65507), asn1(0x04, u8(asks ? 7 : 3)), asn1_integer(3)});
  return asn1_sequence(
      {asn1_integer(3), header, asn1(0x04, security), asn1(0x04, noise(64, id + 2))});
}

Payload syslog(std::string_view host, std::string_view words) {
  return text("<134>Apr  6 00:00:00 " + text_of(host) + ' ' + text_of(words));
}

Payload lldp(const Station& from, std::string_view port, std::string_view name,
             std::string_view description, unsigned capabilities) {
  return joined({tlv(1, u8(4) + mac_bytes(from.mac)), tlv(2, u8(5) + text(port)), tlv(3, be16(120)),
                 tlv(5, text(name)), tlv(6, text(description)),
                 tlv(7, be16(capabilities) + be16(capabilities)),  // has them, and uses them
                 tlv(8, joined({hex("05 01"), ip_bytes(from.ip), hex("02 00000001 00")})),
                 tlv(0, {})});
}

void look_up(Scene& scene, Station& client, Station& server, std::string_view name,
             std::string_view ip) {
  const auto port = client.next_port++;
  const auto id = static_cast<std::uint16_t>(port ^ 0x5a5aU);
  scene.datagram(client, server, port, 53, dns_question(id, name));
  scene.datagram(server, client, 53, port, dns_answer(id, name, ip));
}

void ask_time(Scene& scene, Station& client, Station& server) {
  const auto second = scene.second();
  scene.datagram(client, server, 123, 123, ntp_question(second));
  scene.datagram(server, client, 123, 123, ntp_answer(second, 1));
}

void get_snmp(Scene& scene, Station& client, Station& server, unsigned version,
              std::string_view community, std::string_view oid, std::string_view value) {
  const auto port = client.next_port++;
  scene.datagram(client, server, port, 161, snmp_get(version, community, port, oid));
  scene.datagram(server, client, 161, port, snmp_answer(version, community, port, oid, value));
}

void tell_name(Scene& scene, Station& station, std::string_view name, std::string_view broadcast) {
  for (const unsigned suffix : {0x00U, 0x20U}) {
    const auto id = static_cast<std::uint16_t>(0x8000U + station.next_id);
    scene.datagram(station, text_of(broadcast), text_of(kEverybody), 137, 137,
                   nbns_registration(id, name, station.ip, suffix));
  }
}

void lease(Scene& scene, Station& client, Station& server, std::string_view name,
           std::string_view router) {
  Station newcomer = client;
  newcomer.ip = "0.0.0.0";
  const std::uint32_t id = 0x3903f300U + client.next_port;
  const std::string all{"255.255.255.255"};
  const std::string everybody{kEverybody};
  for (const unsigned type : {1U, 3U}) {
    scene.datagram(newcomer, all, everybody, 68, 67, dhcp_question(type, id, client.mac, name));
    scene.datagram(server, all, everybody, 67, 68,
                   dhcp_answer(type == 1 ? 2 : 5, id, client.mac, client.ip, server.ip, router));
  }
  client.next_id = newcomer.next_id;
}

}  // namespace sekimori::captures
