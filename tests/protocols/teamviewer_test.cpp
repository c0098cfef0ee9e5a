#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector first(std::uint8_t command, const ByteVector& data) {
  return join({"1724"_hex, {command}, little(data.size(), 2), data});
}
ByteVector second(std::uint8_t command, const ByteVector& data) {
  return join({"1130"_hex, {command, 0}, little(data.size(), 4), ByteVector(16, 1), data});
}

const std::vector<DialogueCase> cases{
    {"the first form",
     {client(first(10, ByteVector(28, 7))), server(first(16, ByteVector(4, 1))),
      client(first(17, ByteVector(4, 1)))},
     "notice 10 identify; event version TeamViewer 1; notice 16 ping; notice 17 pong"},
    {"the second form, encrypted",
     {client(second(93, ByteVector(300, 7))), server(second(94, ByteVector(300, 8))),
      client(second(106, ByteVector(900, 9))), client(second(57, {}))},
     "notice 93 request-encryption; event version TeamViewer 2; notice 94 confirm-encryption; "
     "event encrypted TeamViewer; notice 106 data; notice 57 unknown"},
};

TEST_CASE("TeamViewer: what a dialogue means, whole, byte by byte and cut", "[teamviewer]") {
  check_meaning(cases);
}

Extent extent_of(const ByteVector& bytes, Over over = Over::tcp) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = over, .state = &state});
}

TEST_CASE("TeamViewer: the bytes decide, not the port", "[teamviewer]") {
  CHECK(extent_of("17"_hex) == Extent::incomplete());
  CHECK(extent_of("17 03"_hex) == Extent::foreign());  // TLS
  CHECK(extent_of("17 24 ff"_hex) == Extent::foreign());
  CHECK(extent_of("17 24 10 0400"_hex) == Extent::of(5).then_skip(4));
  CHECK(extent_of("11 30 10 01 00000000"_hex) == Extent::incomplete());
  CHECK(extent_of(join({"11 30 10 01 00000000"_hex, ByteVector(16, 0)})) == Extent::foreign());
  CHECK(extent_of(join({"11 30 10 00 ffffffff"_hex, ByteVector(16, 0)})) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n")) == Extent::foreign());
}

TEST_CASE("TeamViewer: a datagram has zeros before the first form", "[teamviewer]") {
  const auto ping = join({ByteVector(10, 0), {3}, first(71, ByteVector(80, 0))});
  CHECK(extent_of(ping, Over::udp) == Extent::of(ping.size()));
  for (std::size_t size = 0; size < ping.size(); ++size)
    CHECK(extent_of(ByteVector(ping.begin(), ping.begin() + static_cast<std::ptrdiff_t>(size)),
                    Over::udp) == Extent::foreign());
  auto other = ping;
  other[5] = 1;
  CHECK(extent_of(other, Over::udp) == Extent::foreign());
  CHECK(extent_of(ByteVector(100, 0), Over::udp) == Extent::foreign());

  FlowState state{};
  Transcript heard{the_dissector()};
  ByteCursor message{ping};
  the_dissector().dissect(message, Context{.over = Over::udp, .state = &state}, heard);
  CHECK(message.ok());
  CHECK(heard.text() == "notice 71 ping; event version TeamViewer 1");
}

TEST_CASE("TeamViewer: damaged dialogues are survived", "[teamviewer]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
