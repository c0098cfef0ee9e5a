#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 500};
constexpr Place kAnswers{.seat = 500, .sender = Sender::server};
constexpr Place kNatAsks{.seat = 4500};
constexpr Place kNatAnswers{.seat = 4500, .sender = Sender::server};

const auto kMine = "1122334455667788"_hex;
const auto kTheirs = "99aabbccddeeff00"_hex;
const auto kNobody = "0000000000000000"_hex;

std::vector<std::uint8_t> number(std::size_t value, unsigned width) {
  std::vector<std::uint8_t> bytes(width);
  for (unsigned i = 0; i < width; ++i)
    bytes[width - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}
/// Next payload, version, exchange and flags as they stand; then the message's number.
std::vector<std::uint8_t> ike(const std::vector<std::uint8_t>& responder,
                              const std::vector<std::uint8_t>& fields, unsigned id,
                              const std::vector<std::uint8_t>& body) {
  return join({kMine, responder, fields, number(id, 4), number(28 + body.size(), 4), body});
}
std::vector<std::uint8_t> payload(unsigned next, const std::vector<std::uint8_t>& value) {
  return join({number(next, 1), "00"_hex, number(value.size() + 4, 2), value});
}
std::vector<std::uint8_t> marked(const std::vector<std::uint8_t>& message) {
  return join({"00000000"_hex, message});
}

const auto kSealed =
    "0b3055 7a9fc4 e90e33 587da2 c7ec11 365b80 a5caef 14395e 83a8cd f2173c 6186"_hex;
const auto kStrongSwan = "882fe56d6fd20dbc2251613b2ebe5beb"_hex;
const auto kWindows = "1e2b516905991c7d7c96fcbfb587e461 00000009"_hex;
const auto kMainMode = ike(kNobody, "01 10 02 00"_hex, 0,
                           join({payload(13, "00000001 00000001"_hex), payload(13, kWindows),
                                 payload(0, ascii("OEkRbGXRvmPE"))}));
const auto kInit2 =
    ike(kNobody, "21 20 22 08"_hex, 0,
        join({payload(34, "01020304"_hex), payload(43, kSealed), payload(0, kStrongSwan)}));
const auto kEspPacket = join({"c0ffee01 00000007"_hex, kSealed});

// What a main mode's question leaves in the flow.
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 40U;
constexpr FlowState kMainAsked{kKeyed | 2U << 1U};
constexpr FlowState kQuickAnswered{0, kKeyed | std::uint64_t{9} << 9U | 32U << 1U};

const std::vector<Meaning> kCases{
    {kMainMode, kAsks,
     "event tunnel IKEv1; event version IKEv1; request v1/2 main-mode key 1099511627780; os "
     "Windows; software Openswan or Libreswan"},
    {ike(kTheirs, "01 10 02 00"_hex, 0, payload(0, "00000001"_hex)), kAnswers,
     "event tunnel IKEv1; event version IKEv1; executed key 1099511627780", kMainAsked},
    {ike(kTheirs, "0b 10 05 00"_hex, 77, payload(0, "00000001 01 00 000e"_hex)), kAnswers,
     "event tunnel IKEv1; event version IKEv1; notice v1/5 informational; rejected for 14 key "
     "1099511627780",
     kMainAsked},
    // Aggressive mode tells who asks.
    {ike(kNobody, "05 10 04 00"_hex, 0,
         join({payload(13, join({"0b 11 01f4"_hex, ascii("vendors")})),
               payload(0, ascii("CISCO-DELETE-REASON"))})),
     kAsks,
     "event tunnel IKEv1; event version IKEv1 aggressive mode; request v1/4 aggressive-mode key "
     "1099511627784; event login IKE vendors; vendor Cisco"},
    {ike(kNobody, "05 10 04 00"_hex, 0, payload(0, join({"02 11 01f4"_hex, ascii("gw.plant")}))),
     kAsks,
     "event tunnel IKEv1; event version IKEv1 aggressive mode; request v1/4 aggressive-mode key "
     "1099511627784; name gw.plant"},
    {ike(kTheirs, "08 10 20 01"_hex, 9, kSealed), kAsks,
     "event tunnel IKEv1; event version IKEv1; request v1/32 quick-mode key 1099511632448; event "
     "encrypted IKE"},
    // The third message of quick mode asks nothing.
    {ike(kTheirs, "08 10 20 01"_hex, 9, kSealed), kAsks,
     "event tunnel IKEv1; event version IKEv1; notice v1/32 quick-mode; event encrypted IKE",
     kQuickAnswered},
    {ike(kTheirs, "08 10 20 01"_hex, 9, kSealed), kAnswers,
     "event tunnel IKEv1; event version IKEv1; event encrypted IKE", kQuickAnswered},
    {kInit2, kAsks,
     "event tunnel IKEv2; event version IKEv2; request v2/34 sa-init key 1099511627776; software "
     "strongSwan"},
    {ike(kTheirs, "21 20 22 20"_hex, 0, payload(0, "0102"_hex)), kAnswers,
     "event tunnel IKEv2; event version IKEv2; executed key 1099511627776"},
    {ike(kNobody, "29 20 22 20"_hex, 0, payload(0, "00 00 000e"_hex)), kAnswers,
     "event tunnel IKEv2; event version IKEv2; rejected for 14 key 1099511627776"},
    {marked(ike(kTheirs, "2e 20 23 08"_hex, 1, payload(35, kSealed))), kNatAsks,
     "event tunnel IKEv2; event version IKEv2; request v2/35 auth key 1099511627777; event "
     "encrypted IKE"},
    {marked(ike(kTheirs, "2e 20 25 20"_hex, 2, payload(0, kSealed))), kNatAnswers,
     "event tunnel IKEv2; event version IKEv2; executed key 1099511627778; event encrypted IKE"},
    {kEspPacket, kNatAsks, "notice esp esp-in-udp; event tunnel ESP in UDP; event encrypted ESP"},
    {"ff"_hex, kNatAsks, "notice keepalive nat-keepalive"},
};

TEST_CASE("IKE: what messages mean", "[ike]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("IKE: a message cut anywhere says nothing that the whole does not", "[ike]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("IKE: the header decides, on any port", "[ike]") {
  constexpr Place kForeign{};
  CHECK(extent_of(kMainMode, kForeign) == Extent::of(kMainMode.size()));
  CHECK(extent_of(marked(kInit2), kForeign) == Extent::of(kInit2.size() + 4));
  auto padded = kMainMode;
  padded.push_back(0);
  CHECK(extent_of(padded, kForeign) == Extent::foreign());
  CHECK(extent_of(padded, kAsks) == Extent::of(padded.size()));
  auto cut = kMainMode;
  cut.pop_back();
  CHECK(extent_of(cut, kForeign) == Extent::foreign());
  CHECK(extent_of(cut, kAsks) == Extent::incomplete());
  for (const auto& [at, byte] : std::vector<std::pair<std::size_t, unsigned>>{
           {16, 99}, {17, 0x30}, {18, 35}, {18, 7}, {19, 0x80}}) {
    CAPTURE(at, byte);
    auto odd = kMainMode;
    odd[at] = static_cast<std::uint8_t>(byte);
    CHECK(extent_of(odd, kAsks) == Extent::foreign());
  }
}

TEST_CASE("IKE: ESP and keepalives are known on port 4500 alone", "[ike]") {
  CHECK(extent_of(kEspPacket, kAsks) == Extent::foreign());
  CHECK(extent_of(kEspPacket, {}) == Extent::foreign());
  CHECK(extent_of("ff"_hex, {}) == Extent::foreign());
  CHECK(extent_of("fe"_hex, kNatAsks) == Extent::foreign());
  CHECK(extent_of(join({"000000ff 00000007"_hex, kSealed}), kNatAsks) == Extent::foreign());
  CHECK(extent_of(join({"c0ffee01 00000000"_hex, kSealed}), kNatAsks) == Extent::foreign());
  // Cut short at best.
  CHECK(extent_of(join({kEspPacket, "00"_hex}), kNatAsks) == Extent::incomplete());
  CHECK(extent_of("c0ffee01 00000007 01020304"_hex, kNatAsks) == Extent::incomplete());
  CHECK(extent_of(join({"c0ffee01 00000007"_hex, std::vector<std::uint8_t>(32)}), kNatAsks) ==
        Extent::incomplete());
}

TEST_CASE("IKE: the initiator is the client", "[ike]") {
  FlowState state{};
  const auto context = context_of(kAsks, state);
  const auto who = [&](const std::vector<std::uint8_t>& bytes) {
    return the_dissector().sender(ByteCursor{bytes}, context);
  };
  CHECK(who(kMainMode) == Sender::client);
  CHECK(who(ike(kTheirs, "01 10 02 00"_hex, 0, {})) == std::nullopt);
  CHECK(who(ike(kTheirs, "2e 20 25 00"_hex, 0, {})) == Sender::server);
  CHECK(who(ike(kTheirs, "2e 20 25 28"_hex, 0, {})) == Sender::client);
}

TEST_CASE("IKE: others are refused", "[ike]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("IKE: payloads whose length lies end the reading", "[ike]") {
  FlowState state{};
  const auto context = context_of(kAsks, state);
  const std::string start{
      "event tunnel IKEv1; event version IKEv1; request v1/2 main-mode key 1099511627780"};
  for (const auto* lie : {"0d000003", "0d000000", "0d00ffff", "0d0000"}) {
    CAPTURE(lie);
    state = {};
    CHECK(hear(ike(kNobody, "01 10 02 00"_hex, 0, hex(lie)), context) == start);
  }
}

TEST_CASE("IKE: damaged messages are survived", "[ike]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
