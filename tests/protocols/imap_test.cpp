#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

// The key of a request is its tag as a number: of one letter, that letter.
const std::vector<DialogueCase> cases{
    {"a mailbox read",
     {server("* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n"),
      client("a LOGIN operator \"top secret9\"\r\n"), server("a OK in\r\n"),
      client("b SELECT INBOX\r\n"), server("* 1 EXISTS\r\nb OK [READ-WRITE] done\r\n"),
      client("c UID FETCH 1 (BODY[])\r\n"),
      server("* 1 FETCH (BODY[] {12}\r\nc BAD no\r\n.. FLAGS ())\r\nc OK done\r\n"),
      client("d LOGOUT\r\n"), server("* BYE\r\nd OK\r\n")},
     "software Dovecot (Debian) ready.; request LOGIN login key 97; "
     "event cleartext-login imap, user operator, password not default; executed key 97; "
     "request SELECT select key 98; executed key 98; request FETCH fetch key 99; "
     "executed key 99; request LOGOUT logout key 100; executed key 100"},
    {"a long literal is passed over",
     {client("a FETCH 1 RFC822\r\n"),
      server("* 1 FETCH (RFC822 {5000}\r\n" + std::string(4998, 'x') + "\r\n)\r\na OK x\r\n")},
     "request FETCH fetch key 97; executed key 97"},
    {"a login in literals, refused",
     {server("* OK x\r\n"), client("a LOGIN {2}\r\n"), server("+ go\r\n"),
      client("op {6+}\r\n123456\r\n"), server("a NO no\r\n"), client("b FOO\r\n"),
      server("b BAD ?\r\n")},
     "software x; request LOGIN login key 97; event cleartext-login imap, user op, password "
     "common; "
     "rejected for 1 key 97; event login-rejected imap; request other extension key 98; "
     "rejected for 2 key 98"},
    {"PLAIN",
     {client("a AUTHENTICATE PLAIN\r\n"), server("+ \r\n"), client("AG9wAFRvcFNlY3JldDk=\r\n"),
      server("a OK\r\n"), client("b IDLE\r\n"), server("+ idling\r\n* 2 EXISTS\r\n"),
      client("DONE\r\n"), server("b OK\r\n")},
     "request AUTHENTICATE authenticate key 97; "
     "event cleartext-login imap, user op, password not default; executed key 97; "
     "request IDLE idle key 98; executed key 98"},
    {"who both ends are",
     {server("* PREAUTH ready\r\n"),
      client("a ID (\"name\" \"Thunderbird\" \"version\" \"115\")\r\n"),
      server("* ID (\"name\" \"Cyrus\" \"os\" \"Linux\")\r\na OK\r\n")},
     "event anonymous-login imap; software ready; request ID identify key 97; "
     "software Thunderbird 115; os Linux; software Cyrus; executed key 97"},
    {"TLS",
     {server("* OK x\r\n"), client("a STARTTLS\r\n"), server("a OK go\r\n"),
      client("160301 0005 0100000100"_hex)},
     "software x; request STARTTLS start-tls key 97; executed key 97; event encrypted TLS"},
};

TEST_CASE("IMAP: what a dialogue means, whole, byte by byte and cut", "[imap]") {
  check_meaning(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("IMAP: the bytes decide, not the port", "[imap]") {
  CHECK(extent_of(ascii("* OK x\r\n")) == Extent::of(8));
  CHECK(extent_of(ascii("* O")) == Extent::incomplete());
  CHECK(extent_of(ascii("a1 NOOP\r\n")) == Extent::of(9));
  CHECK(extent_of(ascii("a1 SING\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("NOOP\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("+OK\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("220 x\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("USER status list\r\n"), true) == Extent::of(18));
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
}

TEST_CASE("IMAP: a line that never ends is not waited for", "[imap]") {
  CHECK(extent_of(ascii("* OK " + std::string(20000, 'a'))) == Extent::foreign());
  CHECK(extent_of(ascii("a LOGIN {99999999999999999999}\r\n")) == Extent::of(32));
  CHECK(extent_of(ascii("a LOGIN {4097}\r\n")).skip() == 4097);
}

TEST_CASE("IMAP: the secret itself is never said", "[imap]") {
  for (const auto& c : cases) {
    CAPTURE(c);
    const auto text = meaning(c.dialogue);
    CHECK(text.find("ecret") == std::string::npos);
    CHECK(text.find("123456") == std::string::npos);
  }
}

TEST_CASE("IMAP: damaged dialogues are survived", "[imap]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
