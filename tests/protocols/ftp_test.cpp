#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a login and two files",
     {server("220-Welcome\r\n to all\r\n220 WAGO FTP 1.0\r\n"), client("USER admin\r\n"),
      server("331 Password\r\n"), client("PASS wago\r\n"), server("230 ok\r\n"), client("syst\r\n"),
      server("215 UNIX Type: L8\r\n"), client("STOR boot.prg\r\n"),
      server("150 Opening\r\n226 Done\r\n"), client("DELE a b\r\n"), server("550 No\r\n")},
     "software WAGO FTP 1.0; request USER user; executed; request PASS password; "
     "event cleartext-login ftp, user admin, password default; executed; request SYST system; "
     "executed; os UNIX Type: L8; request STOR store; event transfer STOR boot.prg; executed; "
     "request DELE delete; event transfer DELE a b; rejected for 550"},
    {"anonymous",
     {client("USER anonymous\r\n"), server("331 e-mail\r\n"), client("PASS a@b\r\n"),
      server("230-Hello\r\n230 in\r\n")},
     "request USER user; executed; request PASS password; executed; event anonymous-login ftp"},
    {"anonymous, refused",
     {client("USER ftp\r\n"), server("530 no\r\n")},
     "request USER user; rejected for 530; event login-rejected ftp"},
    {"a wrong password",
     {client("USER op\r\nPASS \r\n"), server("331 x\r\n530 Login incorrect\r\n")},
     "request USER user; request PASS password; event cleartext-login ftp, user op, password "
     "empty; executed; rejected for 530; event login-rejected ftp"},
    {"TLS",
     {server("220 x\r\n"), client("AUTH TLS\r\n"), server("234 go\r\n"),
      client("160301 0005 0100000100"_hex), server("160303 0002 0200"_hex),
      client("150303 0002 0100"_hex), client("PASV\r\n"), server("227 x\r\n")},
     "software x; request AUTH secure; executed; event encrypted TLS; request PASV passive; "
     "executed"},
    {"a verb of one's own",
     {server("220 x\r\n"), client("PWD\r\n"), server("257 -\r\n"), client("XSHA a\r\n"),
      server("500 ?\r\n")},
     "software x; request PWD print-directory; executed; request XSHA unknown; rejected for 500"},
    {"an abort behind Telnet's signs",
     {client("\xff\xf4\xff\xf2"
             "ABOR\r\n"),
      server("226 ok\r\n")},
     "request ABOR abort; executed"},
};

TEST_CASE("FTP: what a dialogue means, whole, byte by byte and cut", "[ftp]") {
  check_meaning(cases);
}

TEST_CASE("FTP: what comes in one segment is known before anything is dissected", "[ftp]") {
  check_first_turns(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("FTP: the bytes decide, not the port", "[ftp]") {
  CHECK(extent_of(ascii("US")) == Extent::incomplete());
  CHECK(extent_of(ascii("220 x")) == Extent::incomplete());
  CHECK(extent_of(ascii("220 x\n")) == Extent::of(6));
  CHECK(extent_of(ascii("220-x\r\n221 y\r\n")) == Extent::incomplete());
  CHECK(extent_of(ascii("AUTH LOGIN\r\n")) == Extent::foreign());  // mail's
  CHECK(extent_of(ascii("AUTH TLS\r\n")) == Extent::of(10));
  CHECK(extent_of(ascii("QUIT\r\n")) == Extent::foreign());  // anybody's
  CHECK(extent_of(ascii("EHLO x\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 200 OK\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("999 x\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("220x\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("+OK\r\n")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("SITE \x01\r\n")) == Extent::foreign());
}

TEST_CASE("FTP: a line or a reply that never ends is not waited for", "[ftp]") {
  CHECK(extent_of(ascii("USER " + std::string(2000, 'a'))) == Extent::foreign());
  CHECK(extent_of(ascii("220-" + std::string(20000, 'a'))) == Extent::foreign());
  std::string lines = "220-a\r\n";
  while (lines.size() < 20000) lines += "more\r\n";
  CHECK(extent_of(ascii(lines)) == Extent::foreign());
}

TEST_CASE("FTP: the secret itself is never said", "[ftp]") {
  const auto text =
      meaning({client("USER op\r\n"), client("PASS TopSecret9\r\n"), server("331 x\r\n")});
  CAPTURE(text);
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("Secret") == std::string::npos);
}

TEST_CASE("FTP: damaged dialogues are survived", "[ftp]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
