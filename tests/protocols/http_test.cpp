#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const std::vector<DialogueCase> cases{
    {"a page and its server",
     {client("GET /a HTTP/1.1\r\nHost: plc1:8080\r\nUser-Agent: Mozilla/5.0 (Windows NT 5.1)\r\n"
             "\r\n"),
      server("HTTP/1.1 200 OK\r\nServer: Siemens Web/1.0\r\nContent-Length: 5\r\n\r\nhello"),
      client("HEAD / HTTP/1.0\r\n\r\n"),
      server("HTTP/1.0 404 Not Found\r\nContent-Length: 9\r\n"
             "\r\n"),
      client("OPTIONS * HTTP/1.1\r\n\r\n"), server("HTTP/1.1 204 \r\n\r\n")},
     "request GET get; event server-name plc1; software Mozilla/5.0 (Windows NT 5.1); "
     "os Windows XP (NT 5.1); executed; software Siemens Web/1.0; request HEAD head; "
     "rejected for 404; request OPTIONS options; executed"},
    {"a front page's title",
     {client("GET / HTTP/1.1\r\n\r\n"),
      server("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 53\r\n\r\n"
             "<html><HEAD><Title>\r\n M340 Web Server </title></html>"),
      client("DELETE /x HTTP/1.1\r\n\r\n")},
     "request GET get; executed; description title M340 Web Server; request DELETE delete"},
    {"chunks, and the title in one",
     {client("POST /up HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n"
             "Sum: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
      server("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
             "10\r\n<title>A</title>\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 500 x\r\n\r\n")},
     "request POST post; request GET get; executed; executed; description title A; "
     "rejected for 500"},
    {"a basic login that is refused",
     {client("GET /x HTTP/1.1\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n"),
      server("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"WAGO 750\"\r\n"
             "Content-Length: 0\r\n\r\n")},
     "request GET get; event cleartext-login basic, user admin, password default; "
     "rejected for 401; description realm WAGO 750; event login-rejected status 401"},
    {"a digest login, and a stale nonce",
     {client("GET /x HTTP/1.1\r\nAuthorization: Digest realm=\"a\", username=\"eve\", "
             "response=\"00\"\r\n\r\n"),
      server("HTTP/1.1 401 x\r\nWWW-Authenticate: Digest realm=\"a\", stale=TRUE\r\n\r\n")},
     "request GET get; event login digest, user eve; rejected for 401; description realm a"},
    {"a form login",
     {client("POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 33\r\n\r\nUsername=op1&Password=Qx%21vv7zz9")},
     "request POST post; event cleartext-login form, user op1, password not default"},
    {"a login in JSON",
     {client("POST /api HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 38\r\n\r\n"
             "{\"user\": \"bob\", \"n\": 1, \"pwd\": \"bob\"}x")},
     "request POST post; event cleartext-login form, user bob, password same as user"},
    {"a proxy: the tunnel, and what it hides",
     {client("GET http://example.net/ HTTP/1.1\r\nHost: example.net\r\n\r\n"),
      server("HTTP/1.1 200 OK\r\nServer: elsewhere\r\nContent-Length: 0\r\n\r\n"),
      client("CONNECT example.net:443 HTTP/1.1\r\nProxy-Authorization: Basic b3A6\r\n\r\n"),
      server("HTTP/1.1 200 OK\r\n\r\n"), client("160301"_hex), server("160303"_hex)},
     "request GET get; event server-name example.net; executed; request CONNECT connect; "
     "event tunnel CONNECT example.net:443; "
     "event cleartext-login proxy basic, user op, password empty; executed"},
    {"a change of protocol",
     {client("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
      server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"), client("8180"_hex),
      server("8100"_hex)},
     "request GET get; executed; event version websocket"},
    {"remote management of Windows",
     {client("POST /wsman HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /a HTTP/1.1\r\n\r\n")},
     "request POST post on wsman; request GET get"},
    {"a method of one's own",
     {client("PURGE_IT /a b HTTP/1.1\r\n\r\n")},
     "request other extension"},
    {"HTTP/2",
     {client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), client("000012040000000000"_hex)},
     "event version HTTP/2"},
    {"an answer up to the end of the connection",
     {client("GET /a HTTP/1.0\r\n\r\n"), server("HTTP/1.0 200 OK\r\n\r\nany bytes")},
     "request GET get; executed"},
    {"the next head behind a loss",
     {client("GET /a HTTP/1.1\r\n\r\n"), server("rest of a body"), server("and more"),
      server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")},
     "request GET get; executed"},
    {"an empty line too many",
     {client("GET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.1\r\n\r\n")},
     "request GET get; request GET get"},
    {"NTLM, from challenge to login",
     {client("GET /a HTTP/1.1\r\nAuthorization: NTLM "
             "TlRMTVNTUAABAAAAB4IIAgAAAAAAAAAAAAAAAAAAAAAFASgKAAAADw==\r\n\r\n"),
      server("HTTP/1.1 401 x\r\nWWW-Authenticate: NTLM "
             "TlRMTVNTUAACAAAAAAAAADgAAAABgooCAQIDBAUGBwgAAAAAAAAAABAAEAA4AAAABgGxHQAAAA8B"
             "AAgASABNAEkAMQAAAAAA\r\nContent-Length: 0\r\n\r\n")},
     "request GET get; os Windows XP (5.1.2600); rejected for 401; name HMI1; "
     "os Windows 7 / Server 2008 R2 (6.1.7601)"},
};

TEST_CASE("HTTP: what a dialogue means, whole, byte by byte and cut", "[http]") {
  check_meaning(cases);
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, FlowState state = {}) {
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("HTTP: the bytes decide, not the port", "[http]") {
  CHECK(extent_of(ascii("GE")) == Extent::incomplete());
  CHECK(extent_of(ascii("HTT")) == Extent::incomplete());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n")) == Extent::incomplete());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n\r\n")) == Extent::of(18));
  CHECK(extent_of(ascii("OPTIONS sip:a SIP/2.0\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("DESCRIBE rtsp://a/ RTSP/1.0\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 abc\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("get / HTTP/1.1\r\n\r\n")) == Extent::foreign());
  CHECK(extent_of(ascii("USER admin\r\n")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("0300 0016 11e0 0000"_hex) == Extent::foreign());
  CHECK(extent_of(ascii(std::string(25, 'A'))) == Extent::foreign());
}

TEST_CASE("HTTP: what comes in one segment is known before anything is dissected", "[http]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  if (c.name != "the next head behind a loss") CHECK(first_turns_are_understood(c.dialogue));
}

TEST_CASE("HTTP: an endless head is not waited for", "[http]") {
  CHECK(extent_of(ascii("GET /" + std::string(40000, 'a'))) == Extent::foreign());
  std::string fields = "GET / HTTP/1.1\r\n";
  while (fields.size() < 40000) fields += "X-A: b\r\n";
  CHECK(extent_of(ascii(fields)) == Extent::foreign());
}

TEST_CASE("HTTP: a length that lies is passed over without being kept", "[http]") {
  Listener listener;
  listener.hear(client("PUT /a HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n"));
  listener.hear(client("GET /b HTTP/1.1\r\n\r\n"));
  CHECK(listener.text() == "request PUT put");
  CHECK(listener.waiting(Sender::client) == 0);

  Listener chunks;
  chunks.hear(client("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"));
  chunks.hear(client("ffffffffffffffffff\r\n"));
  chunks.hear(client("GET /b HTTP/1.1\r\n\r\n"));
  CHECK(chunks.text() == "request PUT put; request GET get");
}

TEST_CASE("HTTP: more requests in flight than are remembered harm no pairing", "[http]") {
  Dialogue many;
  std::string expected;
  for (int i = 0; i < 40; ++i) many.push_back(client("GET /a HTTP/1.1\r\n\r\n"));
  for (int i = 0; i < 40; ++i)
    many.push_back(server("HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n"));
  const auto text = meaning(many);
  std::size_t executed = 0;
  for (auto at = text.find("executed"); at != std::string::npos; at = text.find("executed", at + 1))
    ++executed;
  CHECK(executed == 40);
}

TEST_CASE("HTTP: the secret itself is never said", "[http]") {
  const Dialogue dialogue{
      client("GET /a HTTP/1.1\r\nAuthorization: Basic b3A6VG9wU2VjcmV0OTk5\r\n\r\n"),
      client("POST /l HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 31\r\n\r\nuser=op&passwd=TopSecret999&x=yz"),
      client("GET /a HTTP/1.1\r\nAuthorization: Bearer TopSecret999\r\n\r\n")};
  const auto text = meaning(dialogue);
  CAPTURE(text);
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("TopSecret") == std::string::npos);
  CHECK(text.find("VG9wU2VjcmV0") == std::string::npos);
}

TEST_CASE("HTTP: damaged dialogues are survived", "[http]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
