#include "ber_bytes.h"
#include "datagram.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector field(unsigned number, const ByteVector& content) {
  return ber_of(0xa0 + number, {content});
}
ByteVector number(int value) {
  if (value > 127) return ber_of(0x02, {{0, static_cast<std::uint8_t>(value)}});
  return ber_of(0x02, {{static_cast<std::uint8_t>(value)}});
}
ByteVector text(std::string_view value) {
  return ber_of(0x1b, {ascii(value)});
}
ByteVector name(std::initializer_list<std::string_view> parts) {
  ByteVector strings;
  for (const auto part : parts) strings = join({strings, text(part)});
  return ber_of(0x30, {field(0, number(1)), field(1, ber_of(0x30, {strings}))});
}
ByteVector sealed(int type) {
  return ber_of(0x30, {field(0, number(type)), field(2, ber_of(0x04, {ByteVector(20, 0xa5)}))});
}
ByteVector proof(int type, const ByteVector& value) {
  return ber_of(0x30, {field(1, number(type)), field(2, ber_of(0x04, {value}))});
}
const ByteVector kTime = ber_of(0x18, {ascii("20370913024805Z")});

ByteVector request(unsigned type, const ByteVector& proofs, const ByteVector& client,
                   const ByteVector& service, const ByteVector& types,
                   const ByteVector& addresses = {}) {
  const auto body = ber_of(
      0x30, {field(0, "03 05 00 40810010"_hex), client.empty() ? ByteVector{} : field(1, client),
             field(2, text("PLANT.EXAMPLE")), field(3, service), field(5, kTime),
             field(7, "02 04 11223344"_hex), field(8, ber_of(0x30, {types})),
             addresses.empty() ? ByteVector{} : field(9, ber_of(0x30, {addresses}))});
  return ber_of(0x60 + type,
                {ber_of(0x30, {field(1, number(5)), field(2, number(static_cast<int>(type))),
                               proofs.empty() ? ByteVector{} : field(3, ber_of(0x30, {proofs})),
                               field(4, body)})});
}
ByteVector ticket(int type) {
  return ber_of(
      0x61, {ber_of(0x30, {field(0, number(5)), field(1, text("PLANT.EXAMPLE")),
                           field(2, name({"krbtgt", "PLANT.EXAMPLE"})), field(3, sealed(type))})});
}
ByteVector reply(unsigned type, std::string_view client, int of_ticket, int of_reply) {
  return ber_of(0x60 + type,
                {ber_of(0x30, {field(0, number(5)), field(1, number(static_cast<int>(type))),
                               field(3, text("PLANT.EXAMPLE")), field(4, name({client})),
                               field(5, ticket(of_ticket)), field(6, sealed(of_reply))})});
}
ByteVector error(int code, std::string_view client = {}) {
  return ber_of(
      0x7e,
      {ber_of(0x30,
              {field(0, number(5)), field(1, number(30)), field(4, kTime), field(5, number(7)),
               field(6, number(code)),
               client.empty() ? ByteVector{}
                              : join({field(7, text("PLANT.EXAMPLE")), field(8, name({client}))}),
               field(9, text("PLANT.EXAMPLE")), field(10, name({"krbtgt", "PLANT.EXAMPLE"}))})});
}
ByteVector framed(const ByteVector& message) {
  const auto size = message.size();
  return join(
      {{0, 0, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)}, message});
}

const auto kStrong = join({number(18), number(17), number(23)});
const auto kOnlyRc4 = join({number(23), "02 02 ff79"_hex});  // -135
const auto kService = name({"krbtgt", "PLANT.EXAMPLE"});
const auto kHost =
    ber_of(0x30, {field(0, number(20)), field(1, ber_of(0x04, {ascii("EWS-01          ")}))});

const auto kBare = request(10, {}, name({"op1"}), kService, kStrong);
const auto kProven =
    request(10, join({proof(2, sealed(18)), proof(128, "30 05 a0 03 01 01 ff"_hex)}), name({"op1"}),
            kService, kStrong, kHost);
const auto kMachine = request(10, proof(2, sealed(23)), name({"EWS-01$"}), kService, kStrong);
const auto kTgs =
    request(12, proof(1, ByteVector(30, 0x11)), {}, name({"cifs", "fs01.plant.example"}), kOnlyRc4);

const std::string kBareSaid =
    "request 10 authenticate on krbtgt/PLANT.EXAMPLE; server: domain PLANT.EXAMPLE; "
    "domain PLANT.EXAMPLE";
const std::string kProvenSaid = kBareSaid + "; event login Kerberos op1@PLANT.EXAMPLE; name EWS-01";
const std::string kReplySaid =
    "executed; domain PLANT.EXAMPLE; client: domain PLANT.EXAMPLE; client: event login Kerberos "
    "op1@PLANT.EXAMPLE";

constexpr auto kClient = Sender::client;
constexpr auto kServer = Sender::server;

const std::vector<MessageCase> kCases{
    {"a login: asked bare, proof wanted, proof given",
     {{kClient, kBare},
      {kServer, error(25)},
      {kClient, kProven},
      {kServer, reply(11, "op1", 18, 18)}},
     kBareSaid + "; rejected for 25; domain PLANT.EXAMPLE; " + kProvenSaid + "; " + kReplySaid},
    {"a wrong password",
     {{kClient, kProven}, {kServer, error(24)}},
     kProvenSaid +
         "; rejected for 24; domain PLANT.EXAMPLE; client: event login-rejected Kerberos wrong "
         "password"},
    {"an account that is not there, named",
     {{kClient, kBare}, {kServer, error(6, "op1")}},
     kBareSaid + "; rejected for 6; domain PLANT.EXAMPLE; client: event login-rejected Kerberos "
                 "op1@PLANT.EXAMPLE: account unknown"},
    {"an account that needs no proof, and a ticket of RC4",
     {{kClient, kBare}, {kServer, reply(11, "op1", 18, 23)}},
     kBareSaid + "; " + kReplySaid +
         "; client: event version Kerberos without pre-authentication; client: event version "
         "Kerberos with RC4"},
    {"a computer that proves itself by RC4",
     {{kClient, kMachine}},
     kBareSaid + "; name EWS-01; event login Kerberos EWS-01$@PLANT.EXAMPLE; client: event version "
                 "Kerberos with RC4"},
    {"a ticket for a share, asked for in RC4 alone",
     {{kClient, kTgs}, {kServer, reply(13, "op1", 23, 18)}},
     "request 12 get-ticket on cifs/fs01.plant.example; server: domain PLANT.EXAMPLE; event "
     "version Kerberos asked with RC4 only; executed; domain PLANT.EXAMPLE; client: event version "
     "Kerberos with RC4"},
    {"a refused ticket is no refused login",
     {{kClient, kTgs}, {kServer, error(12)}},
     "request 12 get-ticket on cifs/fs01.plant.example; server: domain PLANT.EXAMPLE; event "
     "version Kerberos asked with RC4 only; rejected for 12; domain PLANT.EXAMPLE"},
    {"nobody in particular",
     {{kClient, request(10, proof(16, ByteVector(9, 1)), name({"WELLKNOWN", "ANONYMOUS"}), kService,
                        kStrong)}},
     kBareSaid + "; event anonymous-login Kerberos"},
    {"DES",
     {{kServer, reply(13, "op1", 3, 16)}},
     "executed; domain PLANT.EXAMPLE; client: event version Kerberos with DES; client: event "
     "version Kerberos with 3DES"},
};

TEST_CASE("Kerberos: what a dialogue means, whole, byte by byte and cut", "[kerberos]") {
  check_meaning(over_tcp(kCases, framed));
  check_first_turns(over_tcp(kCases, framed));
}

TEST_CASE("Kerberos: datagrams mean the same", "[kerberos]") {
  check_datagrams(kCases, 88);
}

TEST_CASE("Kerberos: the bytes decide on any port", "[kerberos]") {
  for (const auto seat : {0U, 88U}) {
    const Place udp{.over = Over::udp, .seat = seat};
    const Place tcp{.over = Over::tcp, .seat = seat};
    const auto cut = seat == 88 ? Extent::incomplete() : Extent::foreign();
    CHECK(extent_of(kBare, udp) == Extent::of(kBare.size()));
    CHECK(extent_of(join({kBare, {0}}), udp) == Extent::of(kBare.size()));
    CHECK(extent_of(framed(kBare), tcp) == Extent::of(kBare.size() + 4));
    CHECK(extent_of({kBare.begin(), kBare.begin() + 30}, udp) == cut);
    CHECK(extent_of({kBare.begin(), kBare.begin() + 3}, udp) == cut);
    CHECK(extent_of("00 00 00"_hex, tcp) == Extent::incomplete());
    CHECK(extent_of("00 00 01 00"_hex, tcp) == Extent::incomplete());
    CHECK(extent_of("00 00 01 00 6a 81 fd 30 81 fa"_hex, tcp) == Extent::incomplete());
    for (const auto* other :
         {"30 0c 02 01 01 63 07 04 00 0a 01 00 0a 00",  // LDAP
          "6a 03 30 01 00",
          "6a 80 30 80",                                      // indefinite
          "6a 0c 30 0a a1 03 02 01 04 a2 03 02 01 0a",        // version 4
          "6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0c",        // type and tag differ
          "6a 0e 30 0a a1 03 02 01 05 a2 03 02 01 0a 05 00",  // more behind the sequence
          "6e 0c 30 0a a0 03 02 01 05 a1 03 02 01 0e",        // AP-REQ rides elsewhere
          "61 0c 30 0a a0 03 02 01 05 a1 03 02 01 0e", "00 01 02"}) {
      CHECK(extent_of(hex(other), udp) == Extent::foreign());
      CHECK(extent_of(framed(hex(other)), tcp) == Extent::foreign());
    }
    CHECK(extent_of("00 00 01 00 6a 03 30 01"_hex, tcp) == Extent::foreign());  // lengths differ
    CHECK(extent_of("7f ff ff ff 6a"_hex, tcp) == Extent::foreign());
    CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), tcp) == Extent::foreign());
    CHECK(extent_of({}, udp) == Extent::foreign());
  }
}

TEST_CASE("Kerberos: damaged dialogues are survived", "[kerberos]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : over_tcp(kCases, framed)) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
