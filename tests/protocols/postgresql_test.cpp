#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector zero(std::string_view text) {
  return join({ascii(text), {0}});
}
ByteVector message(char letter, const ByteVector& body) {
  return join({{static_cast<std::uint8_t>(letter)}, big(body.size() + 4, 4), body});
}
ByteVector startup(const ByteVector& pairs) {
  return join({big(pairs.size() + 8, 4), "00030000"_hex, pairs});
}
const ByteVector kStartup = startup(join({zero("user"),
                                          zero("op"),
                                          zero("database"),
                                          zero("plant"),
                                          zero("application_name"),
                                          zero("psql"),
                                          {0}}));
const ByteVector kSsl = "00000008 04d2162f"_hex;
const ByteVector kOk = message('R', "00000000"_hex);
const ByteVector kReady = message('Z', "49"_hex);

ByteVector error(std::string_view state) {
  return message('E', join({{'S'}, zero("ERROR"), {'C'}, zero(state), {'M'}, zero("no"), {0}}));
}
ByteVector query(std::string_view text) {
  return message('Q', zero(text));
}

const std::string kBegun = "request startup startup on plant key 128; software psql; ";

// 28P01 is 3764881, 42P01 is 6844177 of base 36.
const std::vector<DialogueCase> cases{
    {"a password that can be read, and statements",
     {client(kStartup), server(message('R', "00000003"_hex)), client(message('p', zero("op"))),
      server(join({kOk, message('S', join({zero("server_version"), zero("14.2")})), kReady})),
      client(query("SELECT 1")),
      server(join({message('T', "0000"_hex), message('C', zero("SELECT 1")), kReady})),
      client(query("DELETE FROM t")), server(join({error("42P01"), kReady})),
      client(message('X', {}))},
     kBegun + "event cleartext-login postgresql, user op, password same as user; executed key 128; "
              "software PostgreSQL 14.2; request Q/SELECT select key 81; executed key 81; "
              "request Q/DELETE delete key 81; rejected for 6844177 key 81; notice X terminate"},
    {"md5, refused",
     {client(kSsl), server("N"), client(kStartup), server(message('R', "00000005 01020304"_hex)),
      client(message('p', zero("md5abc"))), server(error("28P01"))},
     kBegun + "event login postgresql, md5, user op; rejected for 3764881 key 128; "
              "event login-rejected postgresql"},
    {"SCRAM, and extended queries",
     {client(kStartup), server(message('R', join({"0000000a"_hex, zero("SCRAM-SHA-256"), {0}}))),
      client(message('p', join({zero("SCRAM-SHA-256"), big(5, 4), ascii("n,,n=")}))),
      server(message('R', join({"0000000b"_hex, ascii("r=x")}))),
      client(message('p', ascii("c=biws"))),
      server(join({message('R', join({"0000000c"_hex, ascii("v=x")})), kOk, kReady})),
      client(join({message('P', join({zero(""), zero("UPDATE t SET a=1"), "0000"_hex})),
                   message('B', ByteVector(8, 0)), message('E', "00 00000000"_hex),
                   message('S', {})})),
      server(join({message('1', {}), message('2', {}), message('C', zero("UPDATE 1")), kReady})),
      client(join({message('P', join({zero(""), zero("CALL f()"), "0000"_hex})),
                   message('E', "00 00000000"_hex), message('S', {})})),
      server(join({error("42P01"), kReady}))},
     kBegun + "event login postgresql, SCRAM-SHA-256, user op; executed key 128; "
              "request P/UPDATE update key 80; request E execute key 69; executed key 80; "
              "executed key 69; request P/CALL call key 80; request E execute key 69; "
              "rejected for 6844177 key 80"},
    {"nobody is asked",
     {client(kStartup), server(join({kOk, kReady}))},
     kBegun + "executed key 128; event anonymous-login postgresql"},
    {"TLS",
     {client(kSsl), server("S"), client("160301 0005 0100000100"_hex)},
     "event encrypted TLS"},
    {"a cancel", {client("00000010 04d2162e 00000001 00000002"_hex)}, "notice cancel cancel"},
};

TEST_CASE("PostgreSQL: what a dialogue means, whole, byte by byte and cut", "[postgresql]") {
  check_meaning(cases);
}

TEST_CASE("PostgreSQL: what comes in one segment is known before anything is dissected",
          "[postgresql]") {
  check_first_turns(cases);
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("PostgreSQL: the bytes decide, not the port", "[postgresql]") {
  CHECK(extent_of(kSsl) == Extent::of(8));
  CHECK(extent_of(kStartup) == Extent::of(kStartup.size()));
  CHECK(extent_of("00000008 04d2"_hex) == Extent::incomplete());
  CHECK(extent_of("00000009 04d2162f 00"_hex, true) == Extent::foreign());
  CHECK(extent_of(startup(join({zero("name"), zero("op"), {0}}))) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of(query("SELECT 1")) == Extent::foreign());
  CHECK(extent_of(query("SELECT 1"), true) == Extent::of(14));
  CHECK(extent_of(kOk) == Extent::of(9));
  CHECK(extent_of("52 0000 0008 0000 0063"_hex) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("RTSP/1.0 200 OK\r\n")) == Extent::foreign());
  CHECK(extent_of(message('Q', ByteVector(9000, 'x')), true) ==
        Extent::of(5 + 4096).then_skip(9000 - 4096));
  CHECK(extent_of("51 ffff ffff 20"_hex, true) == Extent::foreign());
}

TEST_CASE("PostgreSQL: the secret itself is never said", "[postgresql]") {
  const auto text = meaning({client(kStartup), server(message('R', "00000003"_hex)),
                             client(message('p', zero("TopSecret9")))});
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("Secret") == std::string::npos);
}

TEST_CASE("PostgreSQL: damaged dialogues are survived", "[postgresql]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
