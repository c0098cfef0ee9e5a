#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector tpkt(const ByteVector& tpdu) {
  return join({"0300"_hex, big(tpdu.size() + 4, 2), tpdu});
}
ByteVector connect(std::uint8_t type, const ByteVector& variable) {
  return tpkt(sized(join({{type}, "0000 0000 00"_hex, variable}), 1));
}
ByteVector data(const ByteVector& payload) {
  return tpkt(join({"02 f0 80"_hex, payload}));
}

const ByteVector kOffer = "01 00 0800 03000000"_hex;
const ByteVector kRequest = connect(0xe0, join({ascii("Cookie: mstshash=eng1\r\n"), kOffer}));
const ByteVector kName = join({"4800 4d00 4900 3100"_hex, ByteVector(24, 0)});
const ByteVector kClientCore =
    join({"01c0"_hex, little(4 + 20 + 32, 2), ByteVector(16, 0), "280a0000"_hex, kName});
const ByteVector kInitial =
    data(join({"7f65 82 0100"_hex, ByteVector(20, 4), ascii("Duca"), "8038"_hex, kClientCore}));

const std::vector<DialogueCase> cases{
    {"network level authentication",
     {client(kRequest), server(connect(0xd0, "02 1f 0800 02000000"_hex)),
      client("160301 0005 0100000100"_hex), server("160303"_hex)},
     "request 0xe0 connect; event login user eng1; executed; event version RDP with NLA; "
     "event encrypted NLA"},
    {"TLS without a user's name",
     {client(connect(0xe0, kOffer)), server(connect(0xd0, "02 00 0800 01000000"_hex))},
     "request 0xe0 connect; executed; event version RDP over TLS; event encrypted TLS"},
    {"standard security, and the client's name",
     {client(connect(0xe0, ascii("Cookie: mstshash=a\r\n"))), server(connect(0xd0, {})),
      client(kInitial),
      server(data(join({"7f66 82 0100"_hex, ascii("McDn"), "0c 020c 0c00 00000000 00000000"_hex}))),
      client(data("0401000100"_hex))},
     "request 0xe0 connect; event login user a; executed; event version RDP standard security; "
     "request 0x7f65 mcs-connect; name HMI1; software RDP client build 2600; executed; "
     "event version RDP without encryption"},
    {"a refusal",
     {client(kRequest), server(connect(0xd0, "03 00 0800 05000000"_hex))},
     "request 0xe0 connect; event login user eng1; rejected for 5"},
    {"a routing token",
     {client(connect(0xe0, join({ascii("Cookie: msts=3640205228.15629.0000\r\n"), kOffer})))},
     "request 0xe0 connect"},
};

TEST_CASE("RDP: what a dialogue means, whole, byte by byte and cut", "[rdp]") {
  check_meaning(cases);
}

TEST_CASE("RDP: what stands behind a secured connection is left alone", "[rdp]") {
  Listener listener;
  for (const auto& turn : cases[0].dialogue) listener.hear(turn);
  CHECK(listener.opaque(Sender::client));
  CHECK(listener.opaque(Sender::server));
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("RDP: the bytes decide, not the port", "[rdp]") {
  CHECK(extent_of("0300"_hex) == Extent::incomplete());
  CHECK(extent_of(kRequest) == Extent::of(kRequest.size()));
  CHECK(extent_of("0300 000b 06 e0 0000 0000 00"_hex) == Extent::foreign());
  // S7: the same request with TSAPs; then its data.
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1 02 0100 c2 02 0102 c0 01 0a"_hex) ==
        Extent::foreign());
  CHECK(extent_of("0300 0019 02 f0 80 32 01 0000 0400 0008 0000 f0 00 00 01 00 01 01e0"_hex) ==
        Extent::foreign());
  CHECK(extent_of("0300 0003"_hex) == Extent::incomplete());
  CHECK(extent_of("0300 0003 00"_hex) == Extent::foreign());
  CHECK(extent_of("0300 0016 20 e0"_hex) == Extent::foreign());  // longer than its TPKT
  CHECK(extent_of(connect(0xe0, "01 00 0900 03000000"_hex)) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00"_hex) == Extent::foreign());
}

TEST_CASE("RDP: blocks whose length lies end the reading", "[rdp]") {
  auto bad = kInitial;
  const auto at = bad.size() - kClientCore.size() + 2;
  for (const unsigned length : {0U, 3U, 255U}) {
    bad[at] = static_cast<std::uint8_t>(length);
    CHECK(meaning({client(kRequest), server(connect(0xd0, {})), client(bad)})
              .ends_with("request 0x7f65 mcs-connect"));
  }
}

TEST_CASE("RDP: damaged dialogues are survived", "[rdp]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
