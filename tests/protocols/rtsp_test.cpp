#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a camera, Basic",
     {client("OPTIONS rtsp://10.0.0.9/1 RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Viewer 2\r\n\r\n"),
      server("RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Cam/3.1\r\nPublic: PLAY\r\n\r\n"),
      client("DESCRIBE rtsp://10.0.0.9/1 RTSP/1.0\r\nCSeq: 2\r\n\r\n"),
      server("RTSP/1.0 401 no\r\nCSeq: 2\r\nWWW-Authenticate: Basic realm=\"Yard\"\r\n\r\n"),
      client("DESCRIBE rtsp://10.0.0.9/1 RTSP/1.0\r\nCSeq: 3\r\nAuthorization: Basic "
             "YWRtaW46YWRtaW4=\r\n\r\n"),
      server("RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 5\r\n\r\nv=0\r\n"),
      client("PLAY rtsp://10.0.0.9/1 RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
      server("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n"), server("24 00 0004 80600001"_hex),
      client("TEARDOWN rtsp://10.0.0.9/1 RTSP/1.0\r\nCSeq: 5\r\n\r\n")},
     "request OPTIONS options key 1; software Viewer 2; executed key 1; software Cam/3.1; "
     "request DESCRIBE describe key 2; rejected for 401 key 2; description realm Yard; "
     "request DESCRIBE describe key 3; event cleartext-login basic, user admin, password default; "
     "executed key 3; request PLAY play key 4; executed key 4; request TEARDOWN teardown key 5"},
    {"Digest, refused",
     {client("SETUP rtsp://c/1 RTSP/1.0\r\nCSeq: 7\r\nAuthorization: Digest username=\"op\", "
             "realm=\"x\"\r\n\r\n"),
      server("RTSP/1.0 401 no\r\nCSeq: 7\r\n\r\n")},
     "request SETUP setup key 7; event login digest, user op; rejected for 401 key 7; "
     "event login-rejected status 401"},
    {"a login in the address",
     {client("FOO rtsp://admin:12345@cam/1 RTSP/2.0\r\nCSeq: 1\r\n\r\n"),
      server("RTSP/2.0 501 ?\r\nCSeq: 1\r\n\r\n")},
     "request other extension key 1; event cleartext-login rtsp address, user admin, "
     "password default; rejected for 501 key 1"},
};

TEST_CASE("RTSP: what a dialogue means, whole, byte by byte and cut", "[rtsp]") {
  check_meaning(cases);
}

TEST_CASE("RTSP: what comes in one segment is known before anything is dissected", "[rtsp]") {
  check_first_turns(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("RTSP: the bytes decide, not the port", "[rtsp]") {
  CHECK(extent_of(ascii("OPT")) == Extent::incomplete());
  CHECK(extent_of(ascii("OPTIONS * RTSP/1.0\r\n\r\n")) == Extent::of(22));
  CHECK(extent_of(ascii("OPTIONS * HTTP/1.1\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("INVITE sip:a SIP/2.0\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 200 OK\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("RTSP/1.0 20 OK\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("220 x\r\n")) == Extent::foreign());
  CHECK(extent_of("24 00 0004 80600001"_hex) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("OPTIONS * RTSP/1.0\r\n" + std::string(9000, 'a'))) == Extent::foreign());
}

TEST_CASE("RTSP: damaged dialogues are survived", "[rtsp]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
