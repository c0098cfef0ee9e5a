#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const ByteVector kCookie = join({"6c 00 0b00 0000 1200 1000 0000"_hex, ascii("MIT-MAGIC-COOKIE-1"),
                                 "0000"_hex, ByteVector(16, 0x5a)});
const ByteVector kBare = "42 00 000b 0000 0000 0000 0000"_hex;

/// Success, the lowest byte first: a maker of twelve letters, two formats and some of a screen.
ByteVector welcome() {
  const auto body = join({little(11804000, 4), ByteVector(12, 1), little(12, 2), "ffff 01 02"_hex,
                          ByteVector(10, 0), ascii("X.Org people"), ByteVector(400, 2)});
  return join({"01 00 0b00 0000"_hex, little(body.size() / 4, 2), body});
}

const std::vector<DialogueCase> cases{
    {"a cookie opens",
     {client(kCookie), server(welcome()), client("6200 0500"_hex)},
     "request setup setup; event cleartext-login x11 cookie, password not default; executed; "
     "software X.Org people 11804000"},
    {"nothing is asked for",
     {client("6c 00 0b00 0000 0000 0000 0000"_hex), server(welcome())},
     "request setup setup; executed; event anonymous-login x11; software X.Org people 11804000"},
    {"refused, the highest byte first",
     {client(kBare), server(join({"00 08 000b 0000 0002"_hex, ascii("No entry")}))},
     "request setup setup; rejected for 0; event login-rejected x11"},
    {"another proof, and more is wanted",
     {client(join({"42 00 000b 0000 0013 0004 0000"_hex, ascii("XDM-AUTHORIZATION-1"), "00"_hex,
                   "01020304"_hex})),
      server("02 00 0000 0000 0001 4d4f5245"_hex)},
     "request setup setup; event login x11, XDM-AUTHORIZATION-1; rejected for 1"},
};

TEST_CASE("X11: what a dialogue means, whole, byte by byte and cut", "[x11]") {
  check_meaning(cases);
}

TEST_CASE("X11: what comes in one segment is known before anything is dissected", "[x11]") {
  check_first_turns(cases);
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("X11: the bytes decide, not the port", "[x11]") {
  CHECK(extent_of(kBare) == Extent::of(12));
  CHECK(extent_of("6c 00 0b"_hex) == Extent::incomplete());
  CHECK(extent_of("6c 00 0a00"_hex, true) == Extent::foreign());
  CHECK(extent_of("6c 00 0b00 0000 0000 0100 0000"_hex, true) == Extent::foreign());
  CHECK(extent_of("6c 00 0b00 0000 ffff 0000 0000"_hex, true) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1 02 0100"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00 ff"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("login: "), true) == Extent::foreign());
  CHECK(extent_of(ascii("BYE now\r\n"), true) == Extent::foreign());
}

TEST_CASE("X11: damaged dialogues are survived", "[x11]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
