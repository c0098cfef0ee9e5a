#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const auto kAsk = "fffd18 fffd20"_hex;
const auto kWill = "fffb18 fffc20"_hex;

const std::vector<DialogueCase> cases{
    {"a login key by key, with echo",
     {server(kAsk), client(kWill), server("\r\nDebian GNU/Linux 9\r\nhmi1 login: "), client("o"),
      server("o"), client("x"), server("x"), client("\x7f"), server("\b \b"), client("p"),
      server("p"), client("\r\n"), server("\r\nPassword: "), client("hun"), client("ter2x9"),
      client("\r\n"), server("\r\nLast login: Tue May 5\r\n$ "), client("ls\r\n")},
     "description Debian GNU/Linux 9; name hmi1; "
     "event cleartext-login telnet, user op, password not default"},
    {"a refusal, then a default",
     {server(kAsk), server("User Access Verification\r\n\r\nUsername: "), client("admin\r\n"),
      server("Password: "), client("nope1234\r\n"), server("\r\n% Login invalid\r\n\r\nUsername: "),
      client("admin\r\n"), server("Password: "), client("admin\r\n"), server("\r\nsw1>")},
     "description User Access Verification; "
     "event cleartext-login telnet, user admin, password not default; "
     "event login-rejected telnet; event cleartext-login telnet, user admin, password default"},
    {"a secret alone, asked for again",
     {server(kAsk), server("Password:"), client("abc\r\n"), server("\r\nPassword:"), client("\r\n"),
      server("\r\nok>"), client("enable\r\n"), server("Password: ")},
     "event cleartext-login telnet, password short; event login-rejected telnet; "
     "event cleartext-login telnet, password empty"},
    {"text right behind a negotiation",
     {server("\xff\xfd\x18hello there\r\n")},
     "description hello there"},
    {"encryption",
     {client("fffb26"_hex), client("fffa26 03 01 fff0"_hex), client("0102"_hex)},
     "event encrypted Telnet encryption"},
};

TEST_CASE("Telnet: what a dialogue means, whole, byte by byte and cut", "[telnet]") {
  check_meaning(cases);
}

TEST_CASE("Telnet: what comes in one segment is known before anything is dissected", "[telnet]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue, Context{.on_seat = true}));
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("Telnet: the bytes decide, not the port", "[telnet]") {
  CHECK(extent_of("ff"_hex) == Extent::incomplete());
  CHECK(extent_of("fffd18"_hex) == Extent::of(3));
  CHECK(extent_of("fffa18 00 58 ffff 59 fff0"_hex) == Extent::of(10));
  CHECK(extent_of("fffd7f"_hex) == Extent::foreign());  // no such option
  CHECK(extent_of("ffff ffff"_hex) == Extent::foreign());
  CHECK(extent_of("fff1"_hex) == Extent::foreign());
  CHECK(extent_of("ffd8"_hex) == Extent::foreign());
  CHECK(extent_of("fffd18 0102"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("login: ")) == Extent::foreign());
  CHECK(extent_of(ascii("login: "), true) == Extent::of(7));
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("ff534d42 72"_hex, true) == Extent::foreign());
}

TEST_CASE("Telnet: what never ends is bounded", "[telnet]") {
  CHECK(extent_of([] {
          auto bytes = "fffa18"_hex;
          bytes.resize(600, 0x41);
          return bytes;
        }()) == Extent::foreign());
  Listener listener;
  listener.hear(server(kAsk));
  for (int i = 0; i < 100; ++i) listener.hear(server(std::string(5000, 'a')));
  listener.hear(server("\r\nlogin: "));
  for (int i = 0; i < 100; ++i) listener.hear(client(std::string(5000, 'b')));
  listener.hear(client("\r\n"));
  CHECK(listener.text().size() < 400);
}

TEST_CASE("Telnet: the secret itself is never said", "[telnet]") {
  const Dialogue dialogue{server(kAsk),           server("login: "),
                          client("op\r\n"),       server("Password: "),
                          client("TopSecret9\r"), server("\r\nLogin incorrect\r\nlogin: ")};
  const auto text = meaning_bytewise(dialogue);
  CAPTURE(text);
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("Secret") == std::string::npos);
  CHECK(text.find("login-rejected") != std::string::npos);
}

TEST_CASE("Telnet: damaged dialogues are survived", "[telnet]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
