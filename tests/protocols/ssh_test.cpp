#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector packet(std::uint8_t type, const ByteVector& body) {
  return sized(join({{10, type}, body, ByteVector(10, 0)}), 4);
}
const ByteVector kAlgorithms =
    packet(20, join({ByteVector(16, 0xcc), sized(ascii("curve25519-sha256"), 4),
                     sized(ascii("ssh-ed25519"), 4), ByteVector(33, 0)}));
const ByteVector kHostKey = join({sized(ascii("ssh-ed25519"), 4), sized(ByteVector(32, 0x42), 4)});
const ByteVector kReply = packet(31, join({sized(kHostKey, 4), sized(ByteVector(32, 1), 4)}));
const ByteVector kNewKeys = packet(21, {});

const std::vector<DialogueCase> cases{
    {"from banners to new keys",
     {server(join({ascii("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3\r\n"), kAlgorithms})),
      client("SSH-2.0-PuTTY_Release_0.78\r\n"), client(kAlgorithms),
      client(packet(30, sized(ByteVector(32, 2), 4))), server(kReply), server(kNewKeys),
      client(kNewKeys), client(ByteVector(64, 0xfe)), server(ByteVector(64, 0xfe))},
     "event version SSH-2.0; software SSH-2.0-OpenSSH_8.9p1 Ubuntu-3; event version SSH-2.0; "
     "software SSH-2.0-PuTTY_Release_0.78; identifier ssh-ed25519 0x"},
    {"an old one",
     {server("SSH-1.99-Cisco-1.25\n"), client("SSH-1.5-x y\r\n"), server(ByteVector(20, 0))},
     "event version SSH-1.99; software SSH-1.99-Cisco-1.25; event version SSH-1.5; software "
     "SSH-1.5-x y"},
    {"keys without banners", {server(kAlgorithms)}, ""},
};

TEST_CASE("SSH: what a dialogue means", "[ssh]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  const auto text = meaning(c.dialogue);
  CHECK(text.starts_with(c.means));
  CHECK(meaning_bytewise(c.dialogue) == text);
  if (!c.means.ends_with("0x")) CHECK(text == c.means);
}

TEST_CASE("SSH: the host key tells machines apart, and the stream is sealed once", "[ssh]") {
  Listener listener;
  for (const auto& turn : cases[0].dialogue) listener.hear(turn);
  CHECK(listener.text().ends_with("; event encrypted SSH"));
  CHECK(listener.opaque(Sender::client));
  CHECK(listener.opaque(Sender::server));

  auto other = cases[0].dialogue;
  other[4].bytes[30] ^= 1U;
  CHECK(meaning(other) != listener.text());
}

TEST_CASE("SSH: a dialogue cut anywhere says nothing that the whole does not", "[ssh]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue) == "");
}

TEST_CASE("SSH: what comes in one segment is known before anything is dissected", "[ssh]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue));
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("SSH: the bytes decide, not the port", "[ssh]") {
  CHECK(extent_of(ascii("SS")) == Extent::incomplete());
  CHECK(extent_of(ascii("SSH-2.0-a")) == Extent::incomplete());
  CHECK(extent_of(ascii("SSH-2.0-a\n")) == Extent::of(10));
  CHECK(extent_of(ascii("SSH-two-a\n")) == Extent::foreign());
  CHECK(extent_of(ascii("SSH-" + std::string(300, '2'))) == Extent::foreign());
  CHECK(extent_of(packet(21, ByteVector(40, 0))) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("0000 0020 06 14 / 00000000 00000000 00000000 00000000 00000000"_hex) ==
        Extent::foreign());
  CHECK(extent_of(ascii("220 ready\r\n")) == Extent::foreign());
}

TEST_CASE("SSH: a key whose length lies is no key", "[ssh]") {
  auto bad = kReply;
  bad[6] = 0xff;
  CHECK(meaning({server("SSH-2.0-a\r\n"), server(bad)}) ==
        "event version SSH-2.0; software SSH-2.0-a");
}

TEST_CASE("SSH: damaged dialogues are survived", "[ssh]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
