#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<std::uint8_t> kBytes(16, 0xd1);
const auto kGreeting =
    "0400 0300 20 18 00 01 00ff 00ff 00ff 10 08 00 000000 / 00000004 706c6331"_hex;

const std::vector<DialogueCase> cases{
    {"3.8 with a password",
     {server("RFB 003.008\n"), client("RFB 003.008\n"), server("02 02 10"_hex), client("02"_hex),
      server(kBytes), client(kBytes), server("00000000"_hex), client("01"_hex), server(kGreeting),
      client("00000000"_hex), server("00"_hex)},
     "event version RFB 003.008; event version RFB 003.008; request 2 vnc-authentication; "
     "event login VNC password; executed; description plc1"},
    {"3.8 without one",
     {server("RFB 003.008\n"), client("RFB 003.008\n"), server("01 01"_hex), client("01"_hex),
      server("00000000"_hex), client("00"_hex), server(kGreeting)},
     "event version RFB 003.008; event version RFB 003.008; request 1 none; executed; "
     "event anonymous-login VNC without authentication; description plc1"},
    {"3.7 without one",
     {server("RFB 003.008\n"), client("RFB 003.007\n"), server("01 01"_hex), client("0101"_hex),
      server(kGreeting)},
     "event version RFB 003.008; event version RFB 003.007; request 1 none; executed; "
     "event anonymous-login VNC without authentication; description plc1"},
    {"3.3, where the server decides",
     {server("RFB 003.003\n"), client("RFB 003.003\n"), server("00000002"_hex), server(kBytes),
      client(kBytes), server("00000001"_hex)},
     "event version RFB 003.003; event version RFB 003.003; notice 2 vnc-authentication; "
     "event login VNC password; event login-rejected VNC"},
    {"3.3 without a password",
     {server("RFB 003.003\n"), client("RFB 003.003\n"), server("00000001"_hex), client("01"_hex),
      server(kGreeting)},
     "event version RFB 003.003; event version RFB 003.003; notice 1 none; "
     "event anonymous-login VNC without authentication; description plc1"},
    {"a wrong password, and why",
     {server("RFB 003.008\n"), client("RFB 003.008\n"), server("01 02"_hex), client("02"_hex),
      server(kBytes), client(kBytes), server("00000001 00000003 6e6f21"_hex)},
     "event version RFB 003.008; event version RFB 003.008; request 2 vnc-authentication; "
     "event login VNC password; rejected for 1; event login-rejected VNC"},
    {"a server that refuses at once",
     {server("RFB 003.008\n"), client("RFB 003.008\n"), server("00 00000002 6e6f"_hex)},
     "event version RFB 003.008; event version RFB 003.008"},
    {"TLS",
     {server("RFB 003.008\n"), client("RFB 003.008\n"), server("01 13"_hex), client("13"_hex),
      server("0002"_hex), client("0002"_hex)},
     "event version RFB 003.008; event version RFB 003.008; notice 19 vencrypt; "
     "event encrypted VNC over TLS"},
    {"a maker's number",
     {server("RFB 003.889\n"), client("RFB 003.889\n"), server("01 1e"_hex), client("1e"_hex),
      server(kBytes)},
     "event version RFB 003.889; event version RFB 003.889; notice 30 apple-dh"},
};

TEST_CASE("VNC: what a dialogue means, whole, byte by byte and cut", "[vnc]") {
  check_meaning(cases);
}

TEST_CASE("VNC: what comes in one segment is known before anything is dissected", "[vnc]") {
  check_first_turns(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("VNC: the bytes decide, not the port", "[vnc]") {
  CHECK(extent_of(ascii("RFB 003.0")) == Extent::incomplete());
  CHECK(extent_of(ascii("RFB 003.008\n")) == Extent::of(12));
  CHECK(extent_of(ascii("RFB 3.8\n")) == Extent::foreign());
  CHECK(extent_of(ascii("RFB 003.008\r")) == Extent::foreign());
  CHECK(extent_of(ascii("SSH-2.0-a\n")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
}

TEST_CASE("VNC: a greeting whose name has no end is let go", "[vnc]") {
  auto dialogue = cases[1].dialogue;
  dialogue.back().bytes[20] = 0xff;
  Listener listener;
  for (const auto& turn : dialogue) listener.hear(turn);
  CHECK(listener.opaque(Sender::server));
  CHECK(listener.text().find("plc1") == std::string::npos);
}

TEST_CASE("VNC: neither challenge nor response is ever said", "[vnc]") {
  const auto text = meaning(cases[0].dialogue);
  CHECK(text.find("d1") == std::string::npos);
}

TEST_CASE("VNC: damaged dialogues are survived", "[vnc]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
