// Kerberos as a domain's host logs in (RFC 4120): a request without proof, the proof, a wrong one,
// a ticket for a share in a cipher that is no longer good. Keys, tickets and proofs are noise.

#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

constexpr std::string_view kRealm = "PLANT.EXAMPLE";

Payload field(unsigned number, const Payload& content) {
  return asn1(static_cast<std::uint8_t>(0xa0 + number), content);
}
Payload general(std::string_view words) {
  return asn1(0x1b, text(words));
}
Payload principal(unsigned type, std::initializer_list<std::string_view> parts) {
  Payload strings;
  for (const auto part : parts) strings = strings + general(part);
  return asn1_sequence({field(0, asn1_integer(type)), field(1, asn1(0x30, strings))});
}
Payload sealed(unsigned cipher, std::uint32_t seed, std::size_t size = 60) {
  return asn1_sequence({field(0, asn1_integer(cipher)), field(2, asn1(0x04, noise(size, seed)))});
}
/// Pre-authentication (5.2.7.2): a time stamp that the account's key seals.
Payload proof(unsigned cipher) {
  return field(3, asn1_sequence({asn1_sequence(
                      {field(1, asn1_integer(2)), field(2, asn1(0x04, sealed(cipher, 5)))})}));
}

Payload request(unsigned type, const Payload& proofs, const Payload& client, const Payload& service,
                const Payload& ciphers, const Payload& addresses = {}) {
  const auto body =
      joined({field(0, hex("03 05 00 40810010")), client, field(2, general(kRealm)),
              field(3, service), field(5, asn1(0x18, text("20370913024805Z"))),
              field(7, asn1_integer(0x11223344)), field(8, asn1(0x30, ciphers)), addresses});
  return asn1(static_cast<std::uint8_t>(0x60 + type),
              asn1_sequence({field(1, asn1_integer(5)), field(2, asn1_integer(type)), proofs,
                             field(4, asn1(0x30, body))}));
}

Payload answer(unsigned type, std::string_view client, const Payload& service, unsigned cipher) {
  const auto ticket =
      asn1(0x61, asn1_sequence({field(0, asn1_integer(5)), field(1, general(kRealm)),
                                field(2, service), field(3, sealed(cipher, 6, 300))}));
  return asn1(static_cast<std::uint8_t>(0x60 + type),
              asn1_sequence({field(0, asn1_integer(5)), field(1, asn1_integer(type)),
                             field(3, general(kRealm)), field(4, principal(1, {client})),
                             field(5, ticket), field(6, sealed(18, 7, 120))}));
}

Payload error(unsigned code, const Payload& service) {
  return asn1(0x7e, asn1_sequence({field(0, asn1_integer(5)), field(1, asn1_integer(30)),
                                   field(4, asn1(0x18, text("20260406080000Z"))),
                                   field(5, asn1_integer(7)), field(6, asn1_integer(code)),
                                   field(9, general(kRealm)), field(10, service)}));
}

void kerberos_login(Plant& p) {
  const auto granting = principal(2, {"krbtgt", kRealm});
  const auto share = principal(2, {"cifs", "fs-01.plant.example"});
  const auto operator_ = field(1, principal(1, {"operator1"}));
  const auto ciphers = joined({asn1_integer(18), asn1_integer(17), asn1_integer(23)});
  const auto host =
      field(9, asn1_sequence({asn1_sequence(
                   {field(0, asn1_integer(20)), field(1, asn1(0x04, text("EWS-01          ")))})}));
  const auto exchange = [&](const Payload& asks, const Payload& answers) {
    const auto port = p.ews.next_port++;
    p.scene.datagram(p.ews, p.file_server, port, 88, asks);
    p.scene.datagram(p.file_server, p.ews, 88, port, answers);
  };
  exchange(request(10, {}, operator_, granting, ciphers, host), error(25, granting));
  exchange(request(10, proof(18), operator_, granting, ciphers, host), error(24, granting));
  exchange(request(10, proof(18), operator_, granting, ciphers, host),
           answer(11, "operator1", granting, 18));
  exchange(request(12, {}, {}, share, asn1_integer(23)), answer(13, "operator1", share, 23));
  auto session = p.scene.connect(p.hmi, p.file_server, 88);
  session.say(
      counted(4, request(10, proof(23), field(1, principal(1, {"HMI-01$"})), granting, ciphers)));
  session.answer(counted(4, answer(11, "HMI-01$", granting, 18)));
  session.close();
}

const ProtocolRecipe recipe{{"kerberos-login", kerberos_login}};

}  // namespace
}  // namespace sekimori::captures
