// LDAP as hosts of a domain speak it (RFC 4511): who are you, a password in the clear, a search, a
// change that is refused, StartTLS; and by datagram, where is a domain controller.

#include "captures.h"
#include "sessions.h"

namespace sekimori::captures {
namespace {

Payload message(unsigned id, const Payload& operation) {
  return asn1_sequence({asn1_integer(id), operation});
}
Payload result(std::uint8_t tag, unsigned code) {
  return asn1(tag, joined({asn1(0x0a, u8(code)), asn1_octets(""), asn1_octets("")}));
}
Payload search(std::string_view base, unsigned scope, const Payload& filter) {
  return asn1(0x63, joined({asn1_octets(base), asn1(0x0a, u8(scope)),
                            hex("0a 01 00 02 01 00 02 01 00 01 01 00"), filter, asn1(0x30, {})}));
}
Payload attribute(std::string_view name, std::string_view value) {
  return asn1_sequence({asn1_octets(name), asn1(0x31, asn1_octets(value))});
}
Payload equal(std::string_view name, std::string_view value) {
  return asn1(0xa3, asn1_octets(name) + asn1_octets(value));
}

void ldap_directory(Plant& p) {
  constexpr std::string_view kUser = "cn=operator1,ou=control,dc=plant,dc=example";
  const auto any = asn1(0x87, text("objectClass"));
  auto session = p.scene.connect(p.ews, p.file_server, 389);
  session.say(message(1, search("", 0, any)));
  const auto told =
      asn1(0x64, asn1_octets("") +
                     asn1_sequence({attribute("dnsHostName", "dc01.plant.example"),
                                    attribute("defaultNamingContext", "DC=plant,DC=example"),
                                    attribute("domainControllerFunctionality", "7")}));
  session.answer(message(1, told) + message(1, result(0x65, 0)));
  session.say(message(2, asn1(0x60, joined({asn1_integer(3), asn1_octets(kUser),
                                            asn1(0x80, text("kiso-no-seki-1602"))}))));
  session.answer(message(2, result(0x61, 0)));
  session.say(message(3, search("OU=control,DC=plant,DC=example", 2, any)));
  session.answer(message(3, result(0x65, 0)));
  session.say(message(4, asn1(0x66, asn1_octets(kUser) + asn1(0x30, {}))));
  session.answer(message(4, result(0x67, 50)));
  session.say(message(5, asn1(0x42, {})));
  session.close();

  auto sealed = p.scene.connect(p.scada, p.file_server, 389);
  sealed.say(message(1, asn1(0x77, asn1(0x80, text("1.3.6.1.4.1.1466.20037")))));
  sealed.answer(message(1, result(0x78, 0)));
  start_tls(sealed, "dc01.plant.example", Tls::v12);
  push_tls(sealed, 1, 180, Tls::v12);
  sealed.close();

  const auto ping = search(
      "", 0, asn1(0xa0, joined({equal("DnsDomain", "plant.example"), equal("Host", "HMI-01")})));
  p.scene.datagram(p.hmi, p.file_server, p.hmi.next_port, 389, message(1, ping));
  p.scene.datagram(p.file_server, p.hmi, 389, p.hmi.next_port, message(1, result(0x65, 0)));
}

const ProtocolRecipe recipe{{"ldap-directory", ldap_directory}};

}  // namespace
}  // namespace sekimori::captures
