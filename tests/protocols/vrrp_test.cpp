#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kIp{.over = Over::ip, .seat = 112, .destination = "224.0.0.18"};
constexpr Place kIpv6{
    .over = Over::ip, .seat = 112, .source = "fe80::1", .destination = "ff02::12"};

const std::vector<Meaning> kCases{
    {join({"21 07 64 01 01 01 1234 0a1e0001"_hex, ascii("geheim1"), "00"_hex}), kIp,
     "notice 2 advertise; event version VRRPv2; capability router; description vrrp group 7, "
     "priority 100; 10.30.0.1: capability virtual-router; event cleartext-login VRRP, password "
     "short"},
    {"21 07 00 01 00 01 1234 0a1e0001 0000000000000000"_hex, kIp,
     "notice 2 advertise; event version VRRPv2; capability router; event device-state VRRP group "
     "7: master resigns; 10.30.0.1: capability virtual-router"},
    {"31 09 ff 02 0064 1234 0a1e0001 0a1e0002"_hex, kIp,
     "notice 3 advertise; event version VRRPv3; capability router; description vrrp group 9, "
     "priority 255; 10.30.0.1: capability virtual-router; 10.30.0.2: capability virtual-router"},
    {"31 09 64 01 0064 1234 20010db8000000000000000000000001"_hex, kIpv6,
     "notice 3 advertise; event version VRRPv3; capability router; description vrrp group 9, "
     "priority 100; 2001:db8::1: capability virtual-router"},
};

TEST_CASE("VRRP: what messages mean", "[vrrp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("VRRP: a message cut anywhere says nothing that the whole does not", "[vrrp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("VRRP: whoever sends from the virtual MAC claims the address", "[vrrp]") {
  FlowState state{};
  auto context = context_of(kIp, state);
  context.source_mac = parse_mac("00:00:5e:00:01:09").value();
  CHECK(hear("31 09 64 01 0064 1234 0a1e0001"_hex, context)
            .ends_with("10.30.0.1: capability virtual-router; 00:00:5e:00:01:09 has 10.30.0.1"));
}

TEST_CASE("VRRP: version, type and size decide", "[vrrp]") {
  CHECK(extent_of("41 09 64 01 0064 1234 0a1e0001"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("32 09 64 01 0064 1234 0a1e0001"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("31 00 64 01 0064 1234 0a1e0001"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("31 09 64 00 0064 1234"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("31 09 64 01 0064 1234 0a1e0001 00"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("31 09 64 02 0064 1234 0a1e0001"_hex, kIp) == Extent::incomplete());
  // CARP: seven words of authentication where the count stands.
  CHECK(extent_of(join({"21 01 00 07 00 01 1234"_hex, std::vector<std::uint8_t>(28, 0x5a)}), kIp) ==
        Extent::incomplete());
}

TEST_CASE("VRRP: damaged messages are survived", "[vrrp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
