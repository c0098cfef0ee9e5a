#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector packet(std::uint8_t type, const ByteVector& body, std::uint8_t status = 1) {
  return join({{type, status}, big(body.size() + 8, 2), "0000 01 00"_hex, body});
}
ByteVector wide(std::string_view text) {
  ByteVector bytes;
  for (const char letter : text) {
    bytes.push_back(static_cast<std::uint8_t>(letter));
    bytes.push_back(0);
  }
  return bytes;
}
ByteVector token(std::uint8_t type, const ByteVector& body) {
  return join({{type}, little(body.size(), 2), body});
}
/// An error or a piece of information.
ByteVector told(std::uint8_t type, std::size_t number, std::uint8_t severity) {
  return token(type, join({little(number, 4),
                           {1, severity},
                           little(2, 2),
                           wide("no"),
                           {4},
                           wide("HIST"),
                           {0},
                           little(1, 4)}));
}
const ByteVector kDone = "fd 0000 c100 0000000000000000"_hex;
const ByteVector kHeaders = "16000000 12000000 0200 0000000000000000 01000000"_hex;

ByteVector batch(std::string_view text) {
  return packet(1, join({kHeaders, wide(text)}));
}

/// Each byte as [MS-TDS] 2.2.6.4 hides it.
ByteVector hidden(std::string_view secret) {
  auto bytes = wide(secret);
  for (auto& byte : bytes) {
    const unsigned value = byte;
    byte = static_cast<std::uint8_t>(((value >> 4U) | ((value << 4U) & 0xf0U)) ^ 0xa5U);
  }
  return bytes;
}

ByteVector login(std::string_view user, const ByteVector& secret, std::uint8_t flags = 0,
                 const ByteVector& sspi = {}) {
  ByteVector offsets;
  ByteVector texts;
  const auto add = [&](const ByteVector& text, bool units = true) {
    offsets =
        join({offsets, little(94 + texts.size(), 2), little(text.size() / (units ? 2 : 1), 2)});
    texts = join({texts, text});
  };
  for (const auto& text : {wide("HMI1"), wide(user), secret, wide("Trend"), wide("10.0.0.9"),
                           ByteVector{}, wide("ODBC"), ByteVector{}, wide("plant")})
    add(text);
  offsets = join({offsets, "001122334455"_hex});
  add(sspi, false);
  add({});
  add({});
  offsets = join({offsets, little(0, 4)});
  const auto fixed = join({"04000074 00100000 00000007 01000000 00000000 e0"_hex,
                           {flags},
                           "0000 00000000 09040000"_hex});
  return join({little(4 + fixed.size() + offsets.size() + texts.size(), 4), fixed, offsets, texts});
}

const ByteVector kAsk = packet(0x12, "00 000b 0006 / 01 0011 0001 / ff / 0c00 0fa0 0000 / 00"_hex);
ByteVector tell(std::uint8_t encryption) {
  return packet(4, join({"00 000b 0006 / 01 0011 0001 / ff / 0f00 07d0 0000"_hex, {encryption}}));
}
const ByteVector kAck = packet(
    4, join({told(0xab, 5701, 0),
             token(0xad, join({"01 74000004"_hex, {10}, wide("SQL Server"), "0f0007d0"_hex})),
             kDone}));

const std::string kAsked = "request 0x12 prelogin; software Microsoft SQL Server 15.0.2000; ";

const std::vector<DialogueCase> cases{
    {"a login that can be read, and statements",
     {client(kAsk), server(tell(2)), client(packet(0x10, login("sa", hidden("sa")))), server(kAck),
      client(batch("-- x\r\n SELECT 1")), server(packet(4, join({"81"_hex, ByteVector(30, 9)}))),
      client(batch("insert into t values (1)")), server(packet(4, told(0xaa, 229, 14))),
      client(packet(6, {})), server(packet(4, kDone))},
     kAsked +
         "event version TDS without encryption; executed; request 0x10 login on plant; "
         "event version TDS 7.4; name HMI1; software Trend; event server-name 10.0.0.9; "
         "event cleartext-login tds, user sa, password same as user; name HIST; "
         "software SQL Server 15.0.2000; executed; request 0x01/SELECT select; executed; "
         "request 0x01/INSERT insert; name HIST; rejected for 229; request 0x06 cancel; executed"},
    {"a login refused",
     {client(packet(0x10, login("op", hidden("")))), server(packet(4, told(0xaa, 18456, 14)))},
     "request 0x10 login on plant; event version TDS 7.4; name HMI1; software Trend; "
     "event server-name 10.0.0.9; event cleartext-login tds, user op, password empty; name HIST; "
     "rejected for 18456; event login-rejected tds"},
    {"a login in two packets",
     {client([] {
       const auto whole = login("op", hidden("seki-mori9"));
       const ByteVector front(whole.begin(), whole.begin() + 120);
       const ByteVector back(whole.begin() + 120, whole.end());
       return join({packet(0x10, front, 0), packet(0x10, back)});
     }())},
     "request 0x10 login on plant; event version TDS 7.4; name HMI1; software Trend; "
     "event server-name 10.0.0.9; event cleartext-login tds, user op, password not default"},
    {"only the login is hidden",
     {client(kAsk), server(tell(0)), client(packet(0x12, "160303 0004 0100 0000"_hex)),
      server(packet(0x12, "160303 0004 0200 0000"_hex)), client("170303 0005 0102030405"_hex),
      server(kAck), client(batch("UPDATE t SET a=1")), server(packet(4, kDone))},
     kAsked + "event version TDS with only the login encrypted; executed; name HIST; "
              "software SQL Server 15.0.2000; request 0x01/UPDATE update; executed"},
    {"all is hidden",
     {client(kAsk), server(tell(1)), client("170303 0005 0102030405"_hex),
      server("170303 0003 010203"_hex)},
     kAsked + "event encrypted TLS; executed"},
    {"the account of Windows",
     {client(packet(0x10, login("", {}, 0x80, "60 12 06 09 2a864886f712010202 0100 6e03"_hex))),
      server(kAck)},
     "request 0x10 login on plant; event version TDS 7.4; name HMI1; software Trend; "
     "event server-name 10.0.0.9; event login Kerberos; name HIST; "
     "software SQL Server 15.0.2000; executed"},
    {"procedures",
     {client(packet(0x10, login("op", hidden("longer-than-8")))), server(kAck),
      client(packet(3, join({kHeaders, little(11, 2), wide("xp_cmdshell"), "0000"_hex}))),
      server(packet(4, kDone)),
      client(packet(3, join({kHeaders, "ffff 0a00 0000 00 00 e7 401f 0904d00034 1a00"_hex,
                             wide("DELETE FROM t")}))),
      server(packet(4, "ff"_hex, 0)), server(packet(4, kDone)),
      client(packet(3, join({kHeaders, "ffff 0d00 0000"_hex}))), server(packet(4, kDone))},
     "request 0x10 login on plant; event version TDS 7.4; name HMI1; software Trend; "
     "event server-name 10.0.0.9; event cleartext-login tds, user op, password not default; "
     "name HIST; software SQL Server 15.0.2000; executed; request 0x03 procedure on xp_cmdshell; "
     "executed; request 0x03/DELETE delete; executed; request 0x03 procedure on sp_prepexec; "
     "executed"},
};

TEST_CASE("TDS: what a dialogue means, whole, byte by byte and cut", "[tds]") {
  check_meaning(cases);
}

TEST_CASE("TDS: what comes in one segment is known before anything is dissected", "[tds]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue, {.on_seat = true}));
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("TDS: the bytes decide, not the port", "[tds]") {
  CHECK(extent_of(kAsk) == Extent::of(kAsk.size()));
  CHECK(extent_of("12 01 00"_hex) == Extent::incomplete());
  CHECK(extent_of("12 01 0034 0000 01 00 / 160301"_hex) == Extent::incomplete());
  CHECK(extent_of("12 01 000b 0000 01 00 / 160301"_hex, true) == Extent::foreign());
  CHECK(extent_of("12 01 0007 0000 01 00"_hex, true) == Extent::foreign());
  CHECK(extent_of("12 01 0009 0000 01 01 ff"_hex, true) == Extent::foreign());
  CHECK(extent_of("12 04 0009 0000 01 00 ff"_hex, true) == Extent::foreign());
  CHECK(extent_of(batch("SELECT 1")) == Extent::foreign());
  CHECK(extent_of(batch("SELECT 1"), true) == Extent::of(46));
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1 02 0100"_hex) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  CHECK(extent_of("05 00 0b 03 10 00 00 00 48 00 00 00"_hex, true) == Extent::foreign());
}

TEST_CASE("TDS: a text that lies outside the login is none", "[tds]") {
  auto whole = login("sa", hidden("sa"));
  whole[42] = 0xff;  // how long the user's name is
  whole[43] = 0xff;
  CHECK(meaning({client(packet(0x10, whole))}).find("cleartext") == std::string::npos);
}

TEST_CASE("TDS: the secret itself is never said", "[tds]") {
  for (const auto& c : cases) {
    CAPTURE(c);
    CHECK(meaning(c.dialogue).find("mori9") == std::string::npos);
    CHECK(meaning(c.dialogue).find("longer") == std::string::npos);
  }
}

TEST_CASE("TDS: damaged dialogues are survived", "[tds]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
