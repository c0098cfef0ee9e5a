#include "damage.h"

#include <utility>

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 51820};
constexpr Place kAnswers{.seat = 51820, .sender = Sender::server};
constexpr Place kForeign{};

using ByteVector = std::vector<std::uint8_t>;

/// Bytes that all differ, as long as there are no more than 256.
ByteVector noise(std::size_t count) {
  ByteVector bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(37 * i + 11);
  return bytes;
}

const auto kInitiation = join({"01000000 78563412"_hex, noise(124), ByteVector(16)});
const auto kResponse = join({"02000000 21436587 78563412"_hex, noise(64), ByteVector(16)});
const auto kCookie = join({"03000000 78563412"_hex, noise(56)});
const auto kTransport = join({"04000000 21436587 0500000000000000"_hex, noise(80)});
const auto kKeepalive = join({"04000000 21436587 0600000000000000"_hex, noise(16)});

// The index 0x12345678, kept apart from 0.
const std::vector<Meaning> kCases{
    {kInitiation, kForeign,
     "request 1 handshake-initiation key 4600387192; event tunnel WireGuard"},
    {kResponse, kAnswers, "executed key 4600387192; event tunnel WireGuard"},
    {kCookie, kAnswers, "notice 3 cookie-reply; event tunnel WireGuard"},
    {kTransport, kForeign, "notice 4 transport; event tunnel WireGuard"},
    {kKeepalive, kAsks, "notice 4 transport; event tunnel WireGuard"},
};

TEST_CASE("WireGuard: what messages mean", "[wireguard]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("WireGuard: a message cut anywhere says nothing that the whole does not", "[wireguard]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("WireGuard: type, size, index and counter decide", "[wireguard]") {
  const auto refused = [](ByteVector bytes, std::size_t at, unsigned byte, const Place& place) {
    bytes[at] = static_cast<std::uint8_t>(byte);
    CAPTURE(at, byte);
    CHECK(extent_of(bytes, place) == Extent::foreign());
  };
  refused(kInitiation, 0, 0, kAsks);
  refused(kInitiation, 0, 5, kAsks);
  refused(kInitiation, 1, 1, kAsks);
  refused(kTransport, 15, 1, kAsks);
  for (const auto& message : {kInitiation, kResponse, kCookie, kTransport})
    CHECK(extent_of(join({message, "00"_hex}), kAsks) == Extent::foreign());
  // A small index, either way round, only on the habitual port.
  const auto small = join({"04000000 01000000 0500000000000000"_hex, noise(80)});
  const auto swapped = join({"04000000 00000001 0500000000000000"_hex, noise(80)});
  CHECK(extent_of(small, kForeign) == Extent::foreign());
  CHECK(extent_of(swapped, kForeign) == Extent::foreign());
  CHECK(extent_of(small, kAsks) == Extent::of(small.size()));
  // What is no noise is no cipher.
  CHECK(extent_of(join({"04000000 21436587 0500000000000000"_hex, ByteVector(16)}), kAsks) ==
        Extent::foreign());
  CHECK(extent_of(join({"01000000 21436587"_hex, ByteVector(140)}), kAsks) == Extent::foreign());
  // DCE/RPC over UDP begins with 4, too.
  CHECK(extent_of(join({"04000000 10000000"_hex, noise(72)}), kForeign) == Extent::foreign());
}

TEST_CASE("WireGuard: who asks", "[wireguard]") {
  FlowState state{};
  const auto context = context_of(kForeign, state);
  const auto who = [&](const ByteVector& bytes) {
    return the_dissector().sender(ByteCursor{bytes}, context);
  };
  CHECK(who(kInitiation) == Sender::client);
  CHECK(who(kResponse) == Sender::server);
  CHECK(who(kTransport) == std::nullopt);
}

TEST_CASE("WireGuard: others are refused", "[wireguard]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("WireGuard: damaged messages are survived", "[wireguard]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
