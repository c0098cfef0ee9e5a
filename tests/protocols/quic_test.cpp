#include "datagram.h"

#include <random>

namespace sekimori::test {
namespace {

using ByteVector = std::vector<std::uint8_t>;

constexpr Place kAsk{.over = Over::udp, .seat = 443};
constexpr Place kElsewhere{.over = Over::udp, .seat = 0};
constexpr Place kAnswer{.over = Over::udp, .seat = 443, .sender = Sender::server};

/// Sealed bytes behind a length of two bytes.
ByteVector sealed(std::uint8_t size) {
  return join({{0x40, size}, ByteVector(size, 0xa5)});
}
const auto kIds = "08 1122334455667788 04 aabbccdd"_hex;

ByteVector initial(std::uint8_t first, std::string_view version, std::uint8_t size = 60) {
  return join({{first}, hex(version), kIds, "00"_hex, sealed(size)});
}

const std::vector<Meaning> kCases{
    {initial(0xc3, "00000001"), kAsk, "event version QUIC v1; event encrypted QUIC v1"},
    {initial(0xd3, "6b3343cf"), kAsk, "event version QUIC v2; event encrypted QUIC v2"},
    {initial(0xc3, "ff00001d"), kAnswer,
     "event version QUIC draft 29; event encrypted QUIC draft 29"},
    {initial(0xc3, "51303530"), kAsk, "event version QUIC Q050; event encrypted QUIC Q050"},
    {initial(0xc3, "54303531"), kAsk, "event version QUIC T051; event encrypted QUIC T051"},
    {join({"c3 51303436 50 1122334455667788"_hex, ByteVector(40, 1)}), kAsk,
     "event version QUIC Q046; event encrypted QUIC Q046"},
    {join({"0d 1122334455667788 51303339 01"_hex, ByteVector(40, 1)}), kAsk,
     "event version QUIC Q039; event encrypted QUIC Q039"},
    // 0-RTT and handshake have no token; others may follow in the datagram.
    {join({"e3 00000001"_hex, kIds, sealed(30), ByteVector(50, 0x41)}), kAsk,
     "event version QUIC v1; event encrypted QUIC v1"},
    // A retry: token and tag.
    {join({"f0 00000001"_hex, kIds, ByteVector(40, 7)}), kAnswer,
     "event version QUIC v1; event encrypted QUIC v1"},
    // Versions that the server offers: nothing is agreed yet.
    {join({"80 00000000"_hex, kIds, "00000001 1a2a3a4a"_hex}), kAnswer, ""},
    // The same version a second time.
    {initial(0xc3, "00000001"), kAnswer, "", FlowState{1, 0, 0, 0}},
};

TEST_CASE("QUIC: what a long header means", "[quic]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("QUIC: a datagram cut anywhere says nothing that the whole does not", "[quic]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("QUIC: the version decides on any port", "[quic]") {
  for (const auto place : {kAsk, kElsewhere}) {
    for (const auto& c : kCases) CHECK(extent_of(c.message, place) == Extent::of(c.message.size()));
    for (const auto& bytes :
         {initial(0xc3, "00000002"), initial(0xc3, "1a2a3a4a"), initial(0xc3, "ff000001"),
          initial(0xc3, "51303630"), initial(0xc3, "51203530"),
          initial(0x83, "00000001"),                                          // no fixed bit
          join({"c3 00000001 15"_hex, ByteVector(60, 1)}),                    // an id of 21 bytes
          join({"c3 00000001"_hex, kIds, "00 4064"_hex, ByteVector(50, 1)}),  // longer than all
          join({"c3 00000001"_hex, kIds, "41ff"_hex, ByteVector(50, 1)}),     // a token as well
          join({"c3 00000001"_hex, kIds, "00 08"_hex, ByteVector(8, 1)}),     // no tag fits
          join({"80 00000000"_hex, kIds, "0000000500000006"_hex}),            // no version of QUIC
          join({"43"_hex, ByteVector(60, 1)}),                                // a short header
          join({"0c 1122334455667788 51303339 01"_hex, ByteVector(40, 1)}), ascii("c"),
          "16 feff 0000000000000000"_hex, ByteVector{}}) {
      CHECK(extent_of(bytes, place) == Extent::foreign());
    }
  }
}

TEST_CASE("QUIC: only a negotiation tells who sent it", "[quic]") {
  for (const auto& c : kCases) {
    FlowState state{};
    const auto who = the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state));
    if (c.means.empty() && c.before[0] == 0) {
      CHECK(who == Sender::server);
    } else {
      CHECK(who == std::nullopt);
    }
  }
}

TEST_CASE("QUIC: damaged datagrams are survived", "[quic]") {
  std::mt19937 random{GENERATE(range(0U, 200U))};
  for (auto c : kCases) {
    for (int i = 0; i < 4; ++i)
      c.message[random() % c.message.size()] = static_cast<std::uint8_t>(random());
    FlowState state{};
    const auto extent = extent_of(c.message, kAsk);
    CHECK((extent == Extent::foreign() || extent == Extent::of(c.message.size())));
    hear(c.message, context_of(kAsk, state));
  }
}

}  // namespace
}  // namespace sekimori::test
