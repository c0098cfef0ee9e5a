#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a mailbox read",
     {server("+OK Dovecot ready. <1896.6@mail>\r\n"), client("USER operator\r\n"),
      server("+OK\r\n"), client("PASS se ki-mori9\r\n"), server("+OK in\r\n"), client("LIST\r\n"),
      server("+OK 1\r\n1 120\r\n.\r\n"), client("RETR 1\r\n"),
      server("+OK\r\nSubject: x\r\n\r\n-ERR not this\r\n..\r\n.\r\n"), client("DELE 1\r\n"),
      server("-ERR no\r\n"), client("QUIT\r\n"), server("+OK\r\n")},
     "software Dovecot ready.; request USER user; executed; request PASS password; "
     "event cleartext-login pop3, user operator, password not default; executed; "
     "request LIST list; executed; request RETR retrieve; executed; request DELE delete; "
     "rejected for 0; request QUIT quit; executed"},
    {"an empty list, and one line of it",
     {client("UIDL\r\nLIST 4\r\nSTAT\r\n"), server("+OK\r\n.\r\n+OK 4 100\r\n+OK 1 100\r\n")},
     "request UIDL unique-list; request LIST list; request STAT status; executed; executed; "
     "executed"},
    {"a wrong password",
     {client("USER op\r\n"), server("+OK\r\n"), client("PASS \r\n"), server("-ERR no\r\n")},
     "request USER user; executed; request PASS password; event cleartext-login pop3, user op, "
     "password empty; rejected for 0; event login-rejected pop3"},
    {"a digest",
     {client("APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"), server("+OK x\r\n")},
     "request APOP digest; event login pop3, APOP, user mrose; executed"},
    {"PLAIN, asked for",
     {client("CAPA\r\n"), server("+OK\r\nSASL PLAIN\r\n.\r\n"), client("AUTH PLAIN\r\n"),
      server("+ \r\n"), client("AG9wAFRvcFNlY3JldDk=\r\n"), server("+OK\r\n"), client("STAT\r\n"),
      server("+OK 0 0\r\n")},
     "request CAPA capabilities; executed; request AUTH authenticate; "
     "event cleartext-login pop3, user op, password not default; executed; request STAT status; "
     "executed"},
    {"a server that breaks the rules asks for nothing",
     {server("+OK x\r\n"), client("LIST 1\r\n"), server("LIST is long\r\n")},
     "software x; request LIST list"},
    {"TLS",
     {client("CAPA\r\n"), server("-ERR ?\r\n"), client("STLS\r\n"), server("+OK go\r\n"),
      client("160301 0005 0100000100"_hex)},
     "request CAPA capabilities; rejected for 0; request STLS start-tls; executed; "
     "event encrypted TLS"},
};

TEST_CASE("POP3: what a dialogue means, whole, byte by byte and cut", "[pop3]") {
  check_meaning(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("POP3: the bytes decide, not the port", "[pop3]") {
  CHECK(extent_of(ascii("+OK x\r\n")) == Extent::of(7));
  CHECK(extent_of(ascii("+O")) == Extent::incomplete());
  CHECK(extent_of(ascii("+OKAY\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("+PONG\r\n")) == Extent::foreign());  // Redis
  CHECK(extent_of(ascii("CAPA\r\n")) == Extent::of(6));
  CHECK(extent_of(ascii("STAT\r\n")) == Extent::of(6));
  CHECK(extent_of(ascii("QUIT\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("QUIT\r\n"), true) == Extent::of(6));
  CHECK(extent_of(ascii("AUTH secret\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("EHLO x\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("220 x\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("* OK x\r\n"), true) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
}

TEST_CASE("POP3: a line that never ends is not waited for", "[pop3]") {
  CHECK(extent_of(ascii("CAPA " + std::string(600, 'a'))) == Extent::foreign());
  CHECK(extent_of(ascii("+OK " + std::string(20000, 'a'))) == Extent::foreign());
}

TEST_CASE("POP3: the secret itself is never said", "[pop3]") {
  for (const auto& c : cases) {
    CAPTURE(c);
    const auto text = meaning(c.dialogue);
    CHECK(text.find("mori9") == std::string::npos);
    CHECK(text.find("Secret") == std::string::npos);
  }
}

TEST_CASE("POP3: damaged dialogues are survived", "[pop3]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
