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

ByteVector text(std::string_view value, unsigned tag = 0x04) {
  return ber_of(tag, {ascii(value)});
}
ByteVector message(unsigned id, const ByteVector& operation, const ByteVector& controls = {}) {
  return ber_of(0x30, {ber_of(0x02, {{static_cast<std::uint8_t>(id)}}), operation, controls});
}
/// As Active Directory writes lengths.
ByteVector long_message(unsigned id, const ByteVector& operation) {
  const auto content = join({ber_of(0x02, {{static_cast<std::uint8_t>(id)}}), operation});
  const auto size = content.size();
  return join(
      {{0x30, 0x84, 0, 0, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)},
       content});
}
ByteVector bind_request(std::string_view name, const ByteVector& proof, unsigned version = 3) {
  return ber_of(0x60, {ber_of(0x02, {{static_cast<std::uint8_t>(version)}}), text(name), proof});
}
ByteVector sasl(std::string_view mechanism, const ByteVector& token) {
  return ber_of(0xa3, {text(mechanism), ber_of(0x04, {token})});
}
ByteVector result(unsigned tag, unsigned code, std::string_view words = {},
                  const ByteVector& more = {}) {
  return ber_of(tag,
                {ber_of(0x0a, {{static_cast<std::uint8_t>(code)}}), text(""), text(words), more});
}
ByteVector search(std::string_view base, unsigned scope, const ByteVector& filter) {
  return ber_of(0x63, {text(base), ber_of(0x0a, {{static_cast<std::uint8_t>(scope)}}),
                       "0a 01 00 02 01 00 02 01 00 01 01 00"_hex, filter, "30 00"_hex});
}
ByteVector attribute(std::string_view type, const ByteVector& value) {
  return ber_of(0x30, {text(type), ber_of(0x31, {ber_of(0x04, {value})})});
}
ByteVector equal(std::string_view type, std::string_view value) {
  return ber_of(0xa3, {text(type), text(value)});
}

const auto kAny = text("objectClass", 0x87);
const auto kNegotiate = join({ascii("NTLMSSP"), "00 01000000 01020000"_hex, ByteVector(24, 0)});
const auto kKerberosToken =
    join({"60 20"_hex, "06 09 2a864886f712010202 0100"_hex, ByteVector(19, 1)});

// A domain controller's answer: forest, domain, host, flat names, site; names point back.
const auto kNetlogon =
    join({"1700 0000 7d f3 03 00"_hex, ByteVector(16, 0x11), "05"_hex, ascii("plant"), "07"_hex,
          ascii("example"), "00"_hex, "c018"_hex, "04"_hex, ascii("dc01"), "c018"_hex, "05"_hex,
          ascii("PLANT"), "00 00 00"_hex});

const std::string kBind = "request 0 bind key 4294967297; event version LDAP v3";

const std::vector<DialogueCase> kCases{
    {"a password in the clear",
     {client(message(1, bind_request("cn=op1,dc=plant", text("Kx9!plant-3", 0x80)))),
      server(message(1, result(0x61, 0)))},
     kBind + "; event cleartext-login LDAP, user cn=op1,dc=plant, password not default; executed "
             "key 4294967297"},
    {"a wrong one, as Active Directory says it",
     {client(message(1, bind_request("PLANT\\op1", text("password", 0x80)))),
      server(message(1, result(0x61, 49, "80090308: LdapErr: comment: x, data 52e, v4563")))},
     kBind + "; event cleartext-login LDAP, user PLANT\\op1, password default; rejected for 49 key "
             "4294967297; client: event login-rejected LDAP result 49, data 52e"},
    {"nobody",
     {client(message(1, bind_request("", text("", 0x80), 2))), server(message(1, result(0x61, 0)))},
     "request 0 bind key 4294967297; event version LDAP v2; executed key 4294967297; client: event "
     "anonymous-login LDAP"},
    {"nobody is refused in silence",
     {client(message(1, bind_request("", text("", 0x80)))), server(message(1, result(0x61, 48)))},
     kBind + "; rejected for 48 key 4294967297"},
    {"SASL in the clear",
     {client(message(1, bind_request("", sasl("PLAIN", join({"00"_hex, ascii("op1"), "00"_hex,
                                                             ascii("op1")})))))},
     kBind + "; event cleartext-login LDAP SASL PLAIN, user op1, password same as user"},
    {"SASL by something else",
     {client(message(1, bind_request("", sasl("DIGEST-MD5", {}))))},
     kBind + "; event login LDAP SASL DIGEST-MD5"},
    {"Kerberos, and then sealed and signed",
     {client(long_message(1, bind_request("", sasl("GSS-SPNEGO", kKerberosToken)))),
      server(long_message(1, result(0x61, 0))),
      client(join({"0000 0030 0504 02ff 0010 0000"_hex, ByteVector(40, 0x99)})),
      client(join({"0000 0027 0504 04ff 000c 000c 00000000 5ca2911b 2ce2d5fa 00a2fed0 ea21fca1"_hex,
                   "30 84 00000005 02 01 02 42 00"_hex}))},
     kBind + "; event login Kerberos; executed key 4294967297; event encrypted LDAP SASL; notice 2 "
             "unbind"},
    {"NTLM begins",
     {client(message(1, bind_request("", sasl("GSS-SPNEGO", kNegotiate)))),
      server(message(1, result(0x61, 14))), client(message(2, bind_request("", text("x", 0x8a))))},
     kBind + "; executed key 4294967297; request 0 bind key 4294967298; event version LDAP v3"},
    {"changes",
     {client(message(5, ber_of(0x66, {text("cn=op1,ou=it,dc=plant"), "30 00"_hex}),
                     "a0 02 30 00"_hex)),
      server(message(5, result(0x67, 50))),
      client(message(6, ber_of(0x68, {text("cn=new,dc=plant"), "30 00"_hex}))),
      server(message(6, result(0x69, 0))), client(message(7, text("cn=old,dc=plant", 0x4a))),
      server(message(7, result(0x6b, 0))),
      client(message(8, ber_of(0x6c, {text("cn=a,dc=plant"), text("cn=b"), "01 01 ff"_hex}))),
      server(message(8, result(0x6d, 0))),
      client(message(9, ber_of(0x6e, {text("cn=a,dc=plant"), "30 00"_hex}))),
      server(message(9, result(0x6f, 6))), client("30 06 02 01 0a 50 01 09"_hex),
      client("30 05 02 01 0b 42 00"_hex)},
     "request 6 modify on cn=op1,ou=it,dc=plant key 4294967301; rejected for 50 key 4294967301; "
     "request 8 add on cn=new,dc=plant key 4294967302; executed key 4294967302; "
     "request 10 delete on cn=old,dc=plant key 4294967303; executed key 4294967303; "
     "request 12 rename on cn=a,dc=plant key 4294967304; executed key 4294967304; "
     "request 14 compare on cn=a,dc=plant key 4294967305; executed key 4294967305; "
     "notice 16 abandon; notice 2 unbind"},
    {"searches: all below a name, one entry, and what the server is",
     {client(message(2, search("OU=hosts,DC=plant,DC=example", 2, kAny))),
      server(join({message(2, ber_of(0x64, {text("CN=a"), "30 00"_hex})),
                   message(2, ber_of(0x73, {text("ldap://x/")})), message(2, result(0x65, 0))})),
      client(message(3, search("CN=op1,DC=plant,DC=example", 0, kAny))),
      server(message(3, result(0x65, 32))), client(message(4, search("", 0, kAny))),
      server(message(
          4, ber_of(0x64,
                    {text(""),
                     ber_of(0x30, {attribute("dnsHostName", ascii("dc01.plant")),
                                   attribute("defaultNamingContext", ascii("DC=plant,DC=example")),
                                   attribute("domainControllerFunctionality", ascii("6")),
                                   attribute("vendorName", ascii("Acme"))})}))),
      server(message(4, result(0x65, 0)))},
     "request 3 search on OU=hosts,DC=plant,DC=example key 4294967298; executed key 4294967298; "
     "request 3 search on DC=plant,DC=example key 4294967299; rejected for 32 key 4294967299; "
     "request 3 search on (root) key 4294967300; name dc01.plant; domain plant.example; capability "
     "domain-controller; os Windows Server 2012 R2; vendor Acme; executed key 4294967300"},
    {"StartTLS, and TLS behind it",
     {client(message(1, ber_of(0x77, {text("1.3.6.1.4.1.1466.20037", 0x80)}))),
      server(message(1, result(0x78, 0))), client("16 0301 0004 01000000"_hex),
      client("14 0303 0001 01"_hex)},
     "request 23/1.3.6.1.4.1.1466.20037 start-tls key 4294967297; executed key 4294967297; carries "
     "tls of 9 bytes; carries tls of 6 bytes"},
    {"other extended operations: a password that is changed in the clear",
     {client(
          message(1, ber_of(0x77, {text("1.3.6.1.4.1.4203.1.11.1", 0x80),
                                   ber_of(0x81, {ber_of(0x30, {text("op1", 0x80), text("a", 0x81),
                                                               text("op1", 0x82)})})}))),
      server(message(1, result(0x78, 2))), client(message(2, ber_of(0x77, {text("1.2.3", 0x80)})))},
     "request 23/1.3.6.1.4.1.4203.1.11.1 new-password key 4294967297; event cleartext-login LDAP "
     "new, user op1, password same as user; rejected for 2 key 4294967297; request 23 extended on "
     "1.2.3 key 4294967298"},
};

TEST_CASE("LDAP: what a dialogue means, whole, byte by byte and cut", "[ldap]") {
  check_meaning(kCases);
}

TEST_CASE("LDAP: what comes in one segment is known before anything is dissected", "[ldap]") {
  check_first_turns(kCases);
}

TEST_CASE("LDAP: no password leaves the dissector", "[ldap]") {
  for (const auto& c : kCases) {
    CHECK(meaning(c.dialogue).find("Kx9!") == std::string::npos);
  }
}

TEST_CASE("LDAP: behind StartTLS a sealed side is heard no more", "[ldap]") {
  Listener listener;
  for (const auto& turn : kCases[10].dialogue) listener.hear(turn);
  listener.hear(client("17 0303 0010 00112233445566778899aabbccddeeff"_hex));
  CHECK(listener.opaque(Sender::client));
  CHECK_FALSE(listener.opaque(Sender::server));
}

constexpr Place kPing{.over = Over::udp, .seat = 389};
constexpr Place kPong{.over = Over::udp, .seat = 389, .sender = Sender::server};

const std::vector<Meaning> kDatagrams{
    {message(1, search("", 0,
                       ber_of(0xa0, {equal("DnsDomain", "plant.example"), equal("Host", "EWS-01"),
                                     equal("NtVer", "\x16")}))),
     kPing, "request 3 search on (root) key 4294967297; domain plant.example; name EWS-01"},
    {message(1, ber_of(0x64, {text(""), ber_of(0x30, {attribute("Netlogon", kNetlogon)})})), kPong,
     "name dc01.plant.example; domain plant.example; capability domain-controller"},
    {message(1, result(0x65, 0)), kPong, "executed key 4294967297"},
};

TEST_CASE("LDAP: datagrams by which domain controllers are looked for", "[ldap]") {
  const auto& c = GENERATE(from_range(kDatagrams));
  check_meaning(c);
  check_cuts(c);
}

TEST_CASE("LDAP: names of a domain controller that turn in circles say nothing", "[ldap]") {
  for (std::size_t at = 24; at < kNetlogon.size(); ++at) {
    for (const auto value : "00 3f c0 ff"_hex) {
      auto bad = kNetlogon;
      bad[at] = value;
      FlowState state{};
      hear(message(1, ber_of(0x64, {text(""), ber_of(0x30, {attribute("Netlogon", bad)})})),
           context_of(kPong, state));
    }
  }
  auto bad = kNetlogon;
  bad[39] = 39 - 1;  // the second name points at itself
  FlowState state{};
  CHECK(hear(message(1, ber_of(0x64, {text(""), ber_of(0x30, {attribute("Netlogon", bad)})})),
             context_of(kPong, state)) == "");
}

TEST_CASE("LDAP: the bytes decide on any port", "[ldap]") {
  for (const auto seat : {0U, 389U}) {
    const Place udp{.over = Over::udp, .seat = seat};
    const Place tcp{.over = Over::tcp, .seat = seat};
    const auto bytes = message(1, bind_request("", text("", 0x80)));
    CHECK(extent_of(bytes, tcp) == Extent::of(bytes.size()));
    CHECK(extent_of(bytes, udp) == Extent::of(bytes.size()));
    CHECK(extent_of({bytes.begin(), bytes.end() - 1}, tcp) == Extent::of(bytes.size()));
    CHECK(extent_of({bytes.begin(), bytes.end() - 1}, udp) ==
          (seat == 389 ? Extent::incomplete() : Extent::foreign()));
    CHECK(extent_of("30"_hex, tcp) == Extent::incomplete());
    CHECK(extent_of("30 84 0000"_hex, tcp) == Extent::incomplete());
    for (const auto* other :
         {"30 26 02 01 00 04 06 7075626c6963 a0 19 02 01 07",  // SNMP
          "30 0c 02 01 01 60 07 02 01 04 04 00 80 00",         // bind of version 4
          "30 0c 02 01 01 60 07 04 00 04 00 80 00 05 00",      // no version
          "30 80 02 01 01 42 00", "30 06 02 01 01 42 01 00",   // unbind is empty
          "30 05 02 01 01 42 00 30", "30 07 02 01 ff 42 00 05 00", "30 07 02 01 01 7f 02 05 00",
          "30 07 02 01 01 42 00 05 00",  // neither controls
          "30 08 02 01 01 61 03 0a 02 01", "30 84 7fffffff 02 01 01 60",
          "6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0a"}) {
      CHECK(extent_of(hex(other), udp) != Extent::of(hex(other).size()));
    }
    CHECK(extent_of("0000 0030 0504 02ff 0010 0000"_hex, tcp) == Extent::of(0x34));
    CHECK(extent_of("0000 0030 0504 0200 0010 0000"_hex, tcp) == Extent::foreign());
    CHECK(extent_of(ascii("0 is a digit"), tcp) == Extent::foreign());
    CHECK(extent_of({}, udp) == Extent::foreign());
  }
}

TEST_CASE("LDAP: damaged dialogues are survived", "[ldap]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : kCases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
