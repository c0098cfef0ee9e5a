#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"version 5 without a login",
     {client("05 02 00 02"_hex), server("05 00"_hex), client("05 01 00 01 0a1e000a 0016"_hex),
      server("05 00 00 01 0a140001 c000"_hex), client("SSH-2.0-x\r\n")},
     "event anonymous-login socks; request 5/1 connect; "
     "event tunnel SOCKS 5 connect 10.30.0.10:22; executed"},
    {"a login that can be read",
     {client("05 01 02"_hex), server("05 02"_hex), client("01 02 6f70 02 6f70"_hex),
      server("01 00"_hex), client("05 01 00 03 04 686f7374 01bb"_hex),
      server("05 05 00 01 00000000 0000"_hex)},
     "request 5/login login; event cleartext-login socks, user op, password same as user; "
     "executed; request 5/1 connect; event tunnel SOCKS 5 connect host:443; rejected for 5"},
    {"a login refused",
     {client("05 01 02"_hex), server("05 02"_hex), client("01 01 61 00"_hex), server("01 01"_hex)},
     "request 5/login login; event cleartext-login socks, user a, password empty; "
     "rejected for 1; event login-rejected socks"},
    {"no way in", {client("05 01 00"_hex), server("05 ff"_hex)}, "event login-rejected socks"},
    {"a bind, and IPv6",
     {client("05 01 00"_hex), server("05 00"_hex),
      client("05 02 00 04 20010db8000000000000000000000001 0015"_hex),
      server("05 00 00 01 0a140001 c000"_hex), server("05 00 00 01 0a140002 c001"_hex)},
     "event anonymous-login socks; request 5/2 bind; "
     "event tunnel SOCKS 5 bind [2001:db8:0:0:0:0:0:1]:21; executed"},
    {"version 4",
     {client("04 01 0050 0a140001 6f7000"_hex), server("00 5a 0050 0a140001"_hex),
      client("GET / HTTP/1.0\r\n\r\n")},
     "event login socks, user op; request 4/1 connect; "
     "event tunnel SOCKS 4 connect 10.20.0.1:80; executed"},
    {"version 4a, refused",
     {client("04 01 0050 00000001 00 612e6200"_hex), server("00 5b 0000 00000000"_hex)},
     "request 4/1 connect; event tunnel SOCKS 4 connect a.b:80; rejected for 91"},
};

TEST_CASE("SOCKS: what a dialogue means, on its port and off it", "[socks]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  const Context on_seat{.on_seat = true};
  CHECK(meaning(c.dialogue, on_seat) == c.means);
  CHECK(meaning_bytewise(c.dialogue, on_seat) == c.means);
}

TEST_CASE("SOCKS: a dialogue cut anywhere says nothing that the whole does not", "[socks]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue, {.on_seat = true}) == "");
}

TEST_CASE("SOCKS: what goes through is left alone", "[socks]") {
  Listener listener{{.on_seat = true}};
  for (const auto& turn : cases[0].dialogue) listener.hear(turn);
  CHECK(listener.opaque(Sender::client));
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("SOCKS: off its port a greeting proves nothing without what follows", "[socks]") {
  CHECK(extent_of("05 01 00"_hex) == Extent::incomplete());
  CHECK(extent_of("05 01 00 / 05 01 00 01 0a140001 0016"_hex) == Extent::of(3));
  CHECK(extent_of("05 01 00 / 05 01 00 02 0a140001 0016"_hex) == Extent::foreign());
  CHECK(extent_of("05 00 / 05 00 00 01 0a140001 0016"_hex) == Extent::of(2));
  CHECK(extent_of("05 00 0b 03 10 00 00 00 48 00 00 00"_hex) == Extent::foreign());  // DCE/RPC
  CHECK(extent_of("05 64 05 c0 01 00 00 04 e9 21"_hex) == Extent::foreign());        // DNP3
  CHECK(extent_of("04 01 0000 00000000"_hex) == Extent::foreign());
  CHECK(extent_of("04 01 0050 0a140001 01"_hex) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
}

TEST_CASE("SOCKS: the secret itself is never said", "[socks]") {
  const auto text = meaning({client("05 01 02"_hex), server("05 02"_hex),
                             client("01 02 6f70 0a 546f705365637265743921"_hex)},
                            {.on_seat = true});
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("Secret") == std::string::npos);
}

TEST_CASE("SOCKS: damaged dialogues are survived", "[socks]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
