#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector join(std::initializer_list<ByteVector> parts) {
  ByteVector bytes;
  for (const auto& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}
ByteVector control(unsigned type, const ByteVector& body) {
  const auto size = static_cast<std::uint8_t>(body.size() + 12);
  return join({{0, size}, "0001 1a2b3c4d"_hex, {0, static_cast<std::uint8_t>(type), 0, 0}, body});
}
ByteVector name(std::string_view text) {
  auto bytes = ascii(text);
  bytes.resize(64);
  return bytes;
}
ByteVector start(unsigned type, unsigned result, std::string_view host, std::string_view vendor) {
  return control(type, join({"0100"_hex,
                             {static_cast<std::uint8_t>(result), 0},
                             "00000003 00000003 0000 0001"_hex,
                             name(host),
                             name(vendor)}));
}

const auto kStart = start(1, 0, "ews-1", "Microsoft Windows NT");
const auto kStarted = start(2, 1, "gate", "linux");
const auto kCall = control(7, join({"0007 0001"_hex, ByteVector(152)}));
const auto kCalled = control(8, join({"0021 0007 01 00"_hex, ByteVector(14)}));

const std::vector<DialogueCase> cases{
    {"a call is made and cleared",
     {client(kStart), server(kStarted), client(kCall), server(kCalled),
      client(control(15, ByteVector(12))), client(control(5, "00000009"_hex)),
      server(control(6, "00000009 01 00 0000"_hex)), client(control(12, "0007 0000"_hex)),
      server(control(13, ByteVector(136))), client(control(3, "01 00 0000"_hex)),
      server(control(4, "01 00 0000"_hex))},
     "request 1 start-connection key 4294967296; event tunnel PPTP; name ews-1; software Microsoft "
     "Windows NT; executed key 4294967296; name gate; software linux; request 7 outgoing-call key "
     "30064771079; executed key 30064771079; notice 15 set-link; request 5 echo key 21474836489; "
     "executed key 21474836489; notice 12 clear-call; notice 13 call-disconnected; request 3 "
     "stop-connection key 12884901888; executed key 12884901888"},
    {"refusals",
     {client(kStart), server(start(2, 4, "", "")), client(kCall),
      server(control(8, join({"0000 0007 04 00"_hex, ByteVector(14)})))},
     "request 1 start-connection key 4294967296; event tunnel PPTP; name ews-1; software Microsoft "
     "Windows NT; rejected for 4 key 4294967296; request 7 outgoing-call key 30064771079; rejected "
     "for 4 key 30064771079"},
    {"a call from outside",
     {client(control(9, join({"0003 0001"_hex, ByteVector(204)}))),
      server(control(10, join({"0005 0003 01 00"_hex, ByteVector(6)}))),
      client(control(11, ByteVector(16)))},
     "request 9 incoming-call key 38654705667; executed key 38654705667; notice 11 "
     "incoming-call-connected"},
};

TEST_CASE("PPTP: what a dialogue means, whole, byte by byte and cut", "[pptp]") {
  check_meaning(cases);
}

TEST_CASE("PPTP: what comes in one segment is known before anything is dissected", "[pptp]") {
  check_first_turns(cases);
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("PPTP: the magic and each message's own length decide", "[pptp]") {
  CHECK(extent_of(kStart) == Extent::of(156));
  CHECK(extent_of("009c 0001"_hex) == Extent::incomplete());
  CHECK(extent_of("009c 0001 1a2b3c4e 0001 0000"_hex) == Extent::foreign());
  CHECK(extent_of("009c 0002 1a2b3c4d 0001 0000"_hex) == Extent::foreign());
  CHECK(extent_of("009d 0001 1a2b3c4d 0001 0000"_hex) == Extent::foreign());
  CHECK(extent_of("0000 0001 1a2b3c4d 0000 0000"_hex) == Extent::foreign());
  CHECK(extent_of("009c 0001 1a2b3c4d 0010 0000"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n")) == Extent::foreign());
  CHECK(extent_of("0300 0019 02f080 32 01 0000 0400"_hex) == Extent::foreign());
}

TEST_CASE("PPTP: damaged dialogues are survived", "[pptp]") {
  const auto seed = GENERATE(range(0U, 100U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
