#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a mail",
     {server("220 mail.plant.example ESMTP Postfix (Debian)\r\n"), client("EHLO scada1\r\n"),
      server("250-mail.plant.example\r\n250-PIPELINING\r\n250 HELP\r\n"),
      client("MAIL FROM:<alarm@plant.example> SIZE=10\r\nRCPT TO:<duty@corp.example>\r\nDATA\r\n"),
      server("250 ok\r\n250 ok\r\n354 go\r\n"),
      client("Subject: x\r\n\r\n220 no reply\r\nQUIT\r\n..\r\n.\r\n"), server("250 queued\r\n"),
      client("QUIT\r\n"), server("221 bye\r\n")},
     "name mail.plant.example; software ESMTP Postfix (Debian); request EHLO extended-hello; "
     "name scada1; executed; name mail.plant.example; request MAIL mail-from on plant.example; "
     "request RCPT mail-to on corp.example; request DATA mail-data; executed; executed; executed; "
     "request QUIT quit; executed"},
    {"an empty mail, and a refused one",
     {client("HELO [10.0.0.1]\r\n"), server("250 x\r\n"), client("DATA\r\n"), server("354 \r\n"),
      client(".\r\nDATA\r\n"), server("554 no\r\n503 bad\r\n"), client("RSET\r\n"),
      server("250 -\r\n")},
     "request HELO hello; executed; request DATA mail-data; request DATA mail-data; "
     "rejected for 554; rejected for 503; request RSET reset; executed"},
    {"PLAIN in one line",
     {client("EHLO a.b\r\n"), server("250 s.t\r\n"),
      client("AUTH PLAIN AG9wZXJhdG9yAG9wZXJhdG9y\r\n"), server("235 ok\r\n"), client("NOOP\r\n"),
      server("250 x\r\n")},
     "request EHLO extended-hello; name a.b; executed; name s.t; request AUTH authenticate; "
     "event cleartext-login smtp, user operator, password default; executed; "
     "request NOOP noop; executed"},
    {"LOGIN line by line, refused",
     {client("EHLO 10.1.1.1\r\n"), server("250 t\r\n"), client("auth login\r\n"),
      server("334 VXNlcm5hbWU6\r\n"), client("b3BlcmF0b3I=\r\n"), server("334 UGFzc3dvcmQ6\r\n"),
      client("MTIzNDU2\r\n"), server("535 5.7.8 no\r\n"), client("QUIT\r\n"), server("221 x\r\n")},
     "request EHLO extended-hello; executed; request AUTH authenticate; "
     "event cleartext-login smtp, user operator, password common; rejected for 535; "
     "event login-rejected smtp; request QUIT quit; executed"},
    {"CRAM-MD5 shows the name alone",
     {client("EHLO c\r\n"), server("250 t\r\n"), client("AUTH CRAM-MD5\r\n"),
      server("334 PDE+\r\n"), client("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n"),
      server("235 ok\r\n")},
     "request EHLO extended-hello; name c; executed; request AUTH authenticate; "
     "event login smtp, CRAM-MD5, user tim; executed"},
    {"another mechanism",
     {client("EHLO c\r\n"), server("250 t\r\n"), client("AUTH XOAUTH2 dXNlcj0=\r\n"),
      server("235 ok\r\n")},
     "request EHLO extended-hello; name c; executed; request AUTH authenticate; "
     "event login smtp, XOAUTH2; executed"},
    {"TLS",
     {client("EHLO c\r\n"), server("250-t\r\n250 STARTTLS\r\n"), client("STARTTLS\r\n"),
      server("220 go\r\n"), client("160301 0005 0100000100"_hex), server("160303 0002 0200"_hex)},
     "request EHLO extended-hello; name c; executed; request STARTTLS start-tls; executed; "
     "event encrypted TLS"},
    {"a greeting that names nobody",
     {server("220 Welcome here\r\n"), client("EHLO c\r\n"), server("250 OK\r\n")},
     "software here; request EHLO extended-hello; name c; executed"},
    {"chunks",
     {client("EHLO c\r\n"), server("250 t\r\n"), client("BDAT 6 LAST\r\nQUIT\r\nVRFY x\r\n"),
      server("250 ok\r\n252 ?\r\n"), client("XFOO y\r\n"), server("500 ?\r\n")},
     "request EHLO extended-hello; name c; executed; request BDAT mail-chunk; "
     "request VRFY verify; executed; executed; request other extension; rejected for 500"},
};

TEST_CASE("SMTP: what a dialogue means, whole, byte by byte and cut", "[smtp]") {
  check_meaning(cases);
}

TEST_CASE("SMTP: what comes in one segment is known before anything is dissected", "[smtp]") {
  check_first_turns(cases);
}

TEST_CASE("SMTP: what stands behind TLS is left alone", "[smtp]") {
  Listener listener;
  for (const auto& turn : cases[6].dialogue) listener.hear(turn);
  CHECK(listener.opaque(Sender::client));
  CHECK(listener.opaque(Sender::server));
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("SMTP: the bytes decide, not the port", "[smtp]") {
  CHECK(extent_of(ascii("EH")) == Extent::incomplete());
  CHECK(extent_of(ascii("EHLO x\r\n")) == Extent::of(8));
  CHECK(extent_of(ascii("220 x\r\n")) == Extent::of(7));
  CHECK(extent_of(ascii("QUIT\r\n")) == Extent::foreign());  // anybody's
  CHECK(extent_of(ascii("QUIT\r\n"), true) == Extent::of(6));
  CHECK(extent_of(ascii("USER x\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("+OK ready\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 200 OK\r\n"), true) == Extent::foreign());
  CHECK(extent_of(ascii("MAIL\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("EHLO \x01\r\n")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex, true) == Extent::foreign());
}

TEST_CASE("SMTP: a line or a reply that never ends is not waited for", "[smtp]") {
  CHECK(extent_of(ascii("EHLO " + std::string(4000, 'a'))) == Extent::foreign());
  std::string lines = "220-a\r\n";
  while (lines.size() < 20000) lines += "220-more\r\n";
  CHECK(extent_of(ascii(lines)) == Extent::foreign());
}

TEST_CASE("SMTP: neither the secret nor a person is ever said", "[smtp]") {
  const auto text =
      meaning({client("EHLO c\r\nAUTH PLAIN AG9wAFRvcFNlY3JldDk=\r\n"),  // TopSecret9
               server("250 x\r\n235 x\r\n"), client("MAIL FROM:<taro@corp.example>\r\n")});
  CAPTURE(text);
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("Secret") == std::string::npos);
  CHECK(text.find("taro") == std::string::npos);
}

TEST_CASE("SMTP: damaged dialogues are survived", "[smtp]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
