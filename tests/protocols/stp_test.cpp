#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kLink{.over = Over::llc, .seat = 0x42, .source = "", .destination = ""};

const auto kRoot = "8001 001b1b0000aa"_hex;
const auto kBridge = "8001 001b1b0000bb"_hex;
const auto kTimes = "0000 1400 0200 0f00"_hex;
const auto kConfiguration =
    join({"0000 00 00 00"_hex, kRoot, "00000004"_hex, kBridge, "8002"_hex, kTimes});
const auto kRapid =
    join({"0000 02 02 3d"_hex, kRoot, "00000000"_hex, kRoot, "8001"_hex, kTimes, "00"_hex});
const auto kMultiple =
    join({"0000 03 02 7c"_hex, kRoot, "00030d40"_hex, kRoot, "800f"_hex, kTimes, "00 0040 00"_hex,
          ascii("cell3"), std::vector<std::uint8_t>(27), "0000"_hex,
          std::vector<std::uint8_t>(16, 0xab), "00000000"_hex, kBridge, "14"_hex});

const std::vector<Meaning> kCases{
    {kConfiguration, kLink,
     "notice 0x00 configuration; capability bridge; identifier bridge 00:1b:1b:00:00:bb; "
     "description stp root 00:1b:1b:00:00:aa, priority 32769"},
    {kRapid, kLink,
     "notice 0x02 rapid-configuration; event device-state topology change; capability bridge; "
     "identifier bridge 00:1b:1b:00:00:aa; description stp root, priority 32769"},
    {kMultiple, kLink,
     "notice 0x02 rapid-configuration; description mst region cell3; capability bridge; "
     "identifier bridge 00:1b:1b:00:00:bb; description stp root 00:1b:1b:00:00:aa, priority "
     "32769"},
    {"0000 00 80"_hex, kLink,
     "notice 0x80 topology-change; event device-state topology change notified"},
};

TEST_CASE("STP: what messages mean", "[stp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("STP: a message cut anywhere says nothing that the whole does not", "[stp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("STP: protocol, version and type decide", "[stp]") {
  CHECK(extent_of("0001 00 00"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0000 05 02"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0000 00 01"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0000 00 00"_hex, kLink) == Extent::incomplete());
  CHECK(extent_of("0000"_hex, kLink) == Extent::incomplete());
  CHECK(extent_of(ascii("GET / HTTP/1.1"), kLink) == Extent::foreign());
}

TEST_CASE("STP: damaged messages are survived", "[stp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
