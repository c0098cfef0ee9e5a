#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 1812};
constexpr Place kAnswers{.seat = 1812, .sender = Sender::server};
constexpr Place kForeign{};

using ByteVector = std::vector<std::uint8_t>;

ByteVector attribute(unsigned type, const ByteVector& value) {
  return join(
      {{static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(value.size() + 2)}, value});
}
ByteVector packet(unsigned code, unsigned id, std::initializer_list<ByteVector> attributes) {
  const auto body = join(attributes);
  return join({{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(id), 0,
                static_cast<std::uint8_t>(body.size() + 20)},
               ByteVector(16, 0x33),
               body});
}

const auto kUser = attribute(1, ascii("operator"));
const auto kHidden = attribute(2, ByteVector(16, 0x7e));
const auto kRequest = packet(1, 5, {kUser, kHidden, attribute(32, ascii("sw-core"))});

const std::vector<Meaning> kCases{
    {kRequest, kForeign, "request 1 access key 261; name sw-core; event login RADIUS operator"},
    {packet(2, 5, {attribute(6, "00000006"_hex)}), kAnswers, "executed key 261"},
    {packet(3, 5, {}), kAnswers, "rejected for 3 key 261; event login-rejected RADIUS"},
    {packet(11, 5, {attribute(79, "01 02 0006 19 20"_hex)}), kAnswers, "executed key 261"},
    {packet(1, 0,
            {kUser, attribute(79, join({"02 02 000d 01"_hex, ascii("operator")})),
             attribute(30, ascii("00-1B-1B-00-00-77:plant-wlan")), attribute(61, "00000013"_hex)}),
     kAsks,
     "request 1 access key 256; event login RADIUS operator; event login RADIUS EAP operator; "
     "event "
     "wireless RADIUS 802.11 network plant-wlan"},
    {packet(1, 1, {attribute(79, "02 02 0006 19 00"_hex), attribute(61, "0000000f"_hex)}), kAsks,
     "request 1 access key 257; event version EAP PEAP"},
    {packet(4, 7, {kUser, attribute(40, "00000001"_hex)}), kAsks, "request 4 accounting key 263"},
    {packet(5, 7, {}), kAnswers, "executed key 263"},
    {packet(43, 9, {attribute(61, "00000012"_hex)}), kAsks,
     "request 43 change-authorization key 265; event wireless RADIUS radio"},
    {packet(45, 9, {attribute(101, "000001f6"_hex)}), kAnswers, "rejected for 502 key 265"},
    {packet(40, 9, {kUser}), kAsks, "request 40 disconnect key 265"},
};

TEST_CASE("RADIUS: what packets mean", "[radius]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("RADIUS: a packet cut anywhere says nothing that the whole does not", "[radius]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("RADIUS: code, length and attributes decide", "[radius]") {
  CHECK(extent_of(kRequest, kForeign) == Extent::of(kRequest.size()));
  CHECK(extent_of(join({kRequest, "00"_hex}), kForeign) == Extent::foreign());
  CHECK(extent_of(join({kRequest, "00"_hex}), kAsks) == Extent::of(kRequest.size() + 1));
  CHECK(extent_of(packet(2, 5, {}), kForeign) == Extent::foreign());
  CHECK(extent_of(packet(6, 5, {kUser}), kAsks) == Extent::foreign());
  CHECK(extent_of(packet(0, 5, {kUser}), kAsks) == Extent::foreign());
  CHECK(extent_of(packet(1, 5, {"0101"_hex}), kForeign) == Extent::foreign());
  CHECK(extent_of(packet(1, 5, {"0109 41"_hex}), kForeign) == Extent::foreign());
  CHECK(extent_of("01 05 0013"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("01 05 1001"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("01 05 0040"_hex, kAsks) == Extent::incomplete());
  CHECK(extent_of("01 05 0040"_hex, kForeign) == Extent::foreign());
}

TEST_CASE("RADIUS: others are refused", "[radius]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("RADIUS: a faulty attribute ends the reading", "[radius]") {
  FlowState state{};
  const auto context = context_of(kAsks, state);
  CHECK(hear(packet(1, 5, {kUser, "0201"_hex, attribute(32, ascii("sw"))}), context) ==
        "request 1 access key 261; event login RADIUS operator");
  CHECK(hear(packet(1, 5, {kUser, "4fff 01"_hex}), context) ==
        "request 1 access key 261; event login RADIUS operator");
  CHECK(hear(packet(1, 5, {attribute(79, "02 02 ffff 01 41"_hex)}), context) ==
        "request 1 access key 261");
}

TEST_CASE("RADIUS: damaged packets are survived", "[radius]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
