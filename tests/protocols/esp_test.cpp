#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kIp{.over = Over::ip, .seat = 50};

const auto kSealed = std::vector<std::uint8_t>(48, 0x5a);
// An IPv4 header of 28 bytes in all, its checksum right, and a UDP header behind it.
const auto kInner = "4500001c 00010000 4011669b 0a1e0003 0a140001 c000 0035 0008 0000"_hex;
const auto kTail = "0102 0204 000102030405060708090a0b"_hex;

const std::vector<Meaning> kCases{
    {join({"c0ffee01 00000007"_hex, kSealed}), kIp,
     "notice 0 packet; event tunnel ESP; event encrypted ESP"},
    {join({"c0ffee01 00000008"_hex, kInner, kTail}), kIp,
     "notice 0 packet; event tunnel ESP; event version ESP without encryption"},
};

TEST_CASE("ESP: what packets mean", "[esp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("ESP: a packet cut anywhere says nothing that the whole does not", "[esp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("ESP: a checksum decides whether it can be read", "[esp]") {
  auto odd = kInner;
  odd[19] ^= 1U;
  FlowState state{};
  CHECK(hear(join({"c0ffee01 00000008"_hex, odd, kTail}), context_of(kIp, state)) ==
        kCases[0].means);
}

TEST_CASE("ESP: the SPI decides", "[esp]") {
  CHECK(extent_of("00000000 00000007 01020304"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("c0ffee01 0000"_hex, kIp) == Extent::incomplete());
}

TEST_CASE("ESP: damaged packets are survived", "[esp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
