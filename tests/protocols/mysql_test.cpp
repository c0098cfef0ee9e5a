#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector packet(std::uint8_t number, const ByteVector& body) {
  return join({little(body.size(), 3), {number}, body});
}
ByteVector zero(std::string_view text) {
  return join({ascii(text), {0}});
}
ByteVector coded(std::string_view text) {
  return sized(ascii(text), 1);
}

const ByteVector kGreeting = packet(0, join({{10},
                                             zero("8.0.33"),
                                             "05000000"_hex,
                                             ByteVector(8, 0x41),
                                             "00 ffff ff 0200 ffdf 15"_hex,
                                             ByteVector(10, 0),
                                             zero("abcdefghijkl"),
                                             zero("caching_sha2_password")}));

ByteVector login(std::string_view capabilities, const ByteVector& rest) {
  return packet(1, join({hex(capabilities), "00000001 21"_hex, ByteVector(23, 0), rest}));
}
const ByteVector kLogin = login(
    "0d821a00",
    join({zero("op"), sized(ByteVector(20, 0x5a), 1), zero("plant"), zero("mysql_native_password"),
          sized(join({coded("_client_name"), coded("libmysql"), coded("_os"), coded("Linux"),
                      coded("_client_version"), coded("8.0")}),
                1)}));
const ByteVector kOk = packet(2, "00 00 00 0200 0000"_hex);

ByteVector query(std::string_view text) {
  return packet(0, join({{3}, ascii(text)}));
}

const std::string kIn =
    "software MySQL 8.0.33; request login login on plant; "
    "event login mysql, mysql_native_password, user op; os Linux; software libmysql 8.0; "
    "executed; ";

const std::vector<DialogueCase> cases{
    {"a login, rows, a change and an error",
     {server(kGreeting), client(kLogin), server(kOk), client(query("SELECT 1")),
      server(join({packet(1, "01"_hex), packet(2, "03646566"_hex), packet(3, "fe 0000 0200"_hex)})),
      client(query("INSERT INTO t VALUES (1)")), server(packet(1, "00 01 00 0200 0000"_hex)),
      client(query("DROP TABLE t")), server(packet(1, join({"ff 7a04"_hex, ascii("#42S02no")}))),
      client(packet(0, join({{2}, ascii("other")}))), server(packet(1, "00 00 00 0200 0000"_hex)),
      client(packet(0, "01"_hex))},
     kIn + "request 0x03/SELECT select; executed; request 0x03/INSERT insert; executed; "
           "request 0x03/DROP drop; rejected for 1146; request 0x02 use on other; executed; "
           "notice 0x01 quit"},
    {"refused",
     {server(kGreeting), client(kLogin),
      server(packet(2, join({"ff 1504"_hex, ascii("#28000no")})))},
     "software MySQL 8.0.33; request login login on plant; "
     "event login mysql, mysql_native_password, user op; os Linux; software libmysql 8.0; "
     "rejected for 1045; event login-rejected mysql"},
    {"without a password, after another way was asked for",
     {server(kGreeting), client(login("05820800", join({zero("root"), {0}, zero("")}))),
      server(packet(2, join({"fe"_hex, zero("mysql_native_password")}))), client(packet(3, {})),
      server(packet(4, "00 00 00 0200 0000"_hex))},
     "software MySQL 8.0.33; request login login; executed; event anonymous-login mysql"},
    {"the password itself",
     {server(kGreeting),
      client(login("05820800",
                   join({zero("root"), sized(zero("root"), 1), zero("mysql_clear_password")}))),
      server(kOk)},
     "software MySQL 8.0.33; request login login; "
     "event cleartext-login mysql, user root, password default; executed"},
    {"TLS",
     {server(kGreeting), client(login("0d8a0800", {})), client("160301 0005 0100000100"_hex)},
     "software MySQL 8.0.33; event encrypted TLS"},
    {"a prepared statement, and a long one",
     {server(kGreeting), client(kLogin), server(kOk),
      client(packet(0, join({{0x16}, ascii("UPDATE t SET a=?")}))),
      server(packet(1, "00 01000000 0000 0000 00 0000"_hex)),
      client(query("SELECT '" + std::string(70000, 'x') + "'")), server(packet(1, "01"_hex)),
      client(packet(0, "0e"_hex)), server(packet(1, "00 00 00 0200 0000"_hex))},
     kIn + "request 0x16/UPDATE update; executed; request 0x03/SELECT select; executed; "
           "request 0x0e ping; executed"},
};

TEST_CASE("MySQL: what a dialogue means", "[mysql]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.dialogue) == c.means);
}

TEST_CASE("MySQL: byte by byte it means the same", "[mysql]") {
  for (const auto& c : cases) {
    if (c.name == "a prepared statement, and a long one") continue;  // slow, and says no more
    CAPTURE(c);
    CHECK(meaning_bytewise(c.dialogue) == c.means);
  }
}

TEST_CASE("MySQL: a dialogue cut anywhere says nothing that the whole does not", "[mysql]") {
  for (const auto& c : cases) {
    if (c.name == "a prepared statement, and a long one") continue;
    CAPTURE(c);
    CHECK(cut_that_lies(c.dialogue) == "");
  }
}

TEST_CASE("MySQL: what comes in one segment is known before anything is dissected", "[mysql]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue));
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("MySQL: the bytes decide, not the port", "[mysql]") {
  CHECK(extent_of(kGreeting) == Extent::of(kGreeting.size()));
  CHECK(extent_of("4a0000 00"_hex) == Extent::incomplete());
  CHECK(extent_of("4a0000 00 0b"_hex, true) == Extent::foreign());
  CHECK(extent_of(query("SELECT 1")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1 02 0100"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  // The host may not connect: an error is all that the server says.
  const auto barred = packet(0, join({"ff 6a04"_hex, ascii("Host is not allowed")}));
  CHECK(extent_of(barred) == Extent::foreign());
  CHECK(extent_of(barred, true) == Extent::of(barred.size()));
}

TEST_CASE("MySQL: lengths that lie end the reading", "[mysql]") {
  for (const auto* rest : {"6f7000 ff 4141", "6f7000 fe ffffffffffffffff", "6f70"}) {
    CAPTURE(rest);
    CHECK(meaning({server(kGreeting), client(login("0d822a00", hex(rest)))}) ==
          "software MySQL 8.0.33");
  }
}

TEST_CASE("MySQL: damaged dialogues are survived", "[mysql]") {
  const auto seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (std::size_t i = 0; i + 1 < cases.size(); ++i) survive(cases[i].dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
