#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kPort{.seat = 1985, .destination = "224.0.0.2"};
constexpr Place kForeign{};

using ByteVector = std::vector<std::uint8_t>;

ByteVector secret(std::string_view text) {
  auto bytes = ascii(text);
  bytes.resize(8);
  return bytes;
}

const auto kHello = join({"00 00 10 03 0a 64 01 00"_hex, secret("cisco"), "c0a80001"_hex});
const auto kGroup =
    join({"01 28 02 00 06 04 0064 c20234770000 0000006e 00000bb8 00002710 0a1e0001"_hex,
          ByteVector(12)});

const std::vector<Meaning> kCases{
    {kHello, kForeign,
     "notice 1/0 hello; event version HSRPv1; capability router; description hsrp group 1, "
     "priority 100, active; event cleartext-login HSRP, password default; 192.168.0.1: capability "
     "virtual-router"},
    {join({"00 01 08 03 0a 64 01 00"_hex, ByteVector(8), "c0a80001"_hex}), kPort,
     "notice 1/1 coup; event version HSRPv1; event device-state HSRP group 1: takes over; "
     "capability router; description hsrp group 1, priority 100, standby; 192.168.0.1: capability "
     "virtual-router"},
    {join({kGroup, "03 08"_hex, secret("geheim12")}), kForeign,
     "notice 2/0 hello; event version HSRPv2; capability router; description hsrp group 100, "
     "priority 110, active; 10.30.0.1: capability virtual-router; event cleartext-login HSRP, "
     "password not default"},
    {join({kGroup, "04 1c"_hex, ByteVector(28, 0x5a)}), kForeign,
     "notice 2/0 hello; event version HSRPv2; capability router; description hsrp group 100, "
     "priority 110, active; 10.30.0.1: capability virtual-router"},
    {"00 03 00 01 00 0a 02 00 00000000 00000000"_hex, kPort, "notice 1/3 advertise"},
};

TEST_CASE("HSRP: what messages mean", "[hsrp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("HSRP: a message cut anywhere says nothing that the whole does not", "[hsrp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("HSRP: the bytes decide", "[hsrp]") {
  CHECK(extent_of(ByteVector(20), kForeign) == Extent::foreign());
  CHECK(extent_of(ByteVector(20), kPort) == Extent::of(20));
  CHECK(extent_of(kCases[4].message, kForeign) == Extent::foreign());
  for (const auto& [at, byte] :
       std::vector<std::pair<std::size_t, unsigned>>{{0, 1}, {1, 4}, {2, 3}, {4, 2}, {7, 1}}) {
    CAPTURE(at, byte);
    auto odd = kHello;
    odd[at] = static_cast<std::uint8_t>(byte);
    CHECK(extent_of(odd, kPort) == Extent::foreign());
  }
  auto odd = kGroup;
  odd[2] = 3;
  CHECK(extent_of(odd, kPort) == Extent::foreign());
}

TEST_CASE("HSRP: others are refused", "[hsrp]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("HSRP: damaged messages are survived", "[hsrp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
