#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kLink{.over = Over::snap, .seat = 0x0c2000, .source = "", .destination = ""};

std::vector<std::uint8_t> tlv(unsigned type, const std::vector<std::uint8_t>& value) {
  const auto size = value.size() + 4;
  return join({{static_cast<std::uint8_t>(type >> 8U), static_cast<std::uint8_t>(type),
                static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)},
               value});
}
std::vector<std::uint8_t> text(unsigned type, std::string_view value) {
  return tlv(type, ascii(value));
}

const auto kHeader = "02 b4 0000"_hex;
const auto kName = text(1, "SW-A");

const std::vector<Meaning> kCases{
    {join({kHeader, kName, tlv(2, "00000001 01 01 cc 0004 0a000009"_hex), text(3, "Gi0/7"),
           tlv(4, "00000028"_hex),
           text(5,
                "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE, "
                "RELEASE SOFTWARE (fc1)\nCopyright (c) 1986"),
           text(6, "cisco WS-C2960-8TC-L"), text(9, "PLANT"), tlv(10, "001e"_hex), text(9, "")}),
     kLink,
     "notice 2 advertise; name SW-A; 10.0.0.9: name SW-A; description port Gi0/7; capability "
     "switch; capability igmp; "
     "software Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE, RELEASE "
     "SOFTWARE (fc1); firmware 15.0(2)SE; vendor Cisco; model cisco WS-C2960-8TC-L; vendor Cisco; "
     "description vtp domain PLANT; description native vlan 30"},
    // An old system tells its version in the second line; a controller of access points is none.
    {join({"01 b4 0000"_hex, text(1, "WLC"),
           text(5,
                "Cisco Internetwork Operating System Software \nIOS (tm) X Software, Version "
                "12.1(22)EA9, RELEASE"),
           text(6, "AIR-CT2504-K9")}),
     kLink,
     "notice 1 advertise; name WLC; software IOS (tm) X Software, Version 12.1(22)EA9, RELEASE; "
     "firmware 12.1(22)EA9; vendor Cisco; model AIR-CT2504-K9; event wireless Aironet "
     "AIR-CT2504-K9"},
    {join({kHeader, text(1, "AP1"), text(6, "cisco AIR-CAP2602I-Q-K9"), tlv(4, "00000003"_hex),
           tlv(0x16, join({"00000001 02 08 aaaa0300000086dd 0010"_hex,
                           "20010db8000000000000000000000001"_hex}))}),
     kLink,
     "notice 2 advertise; name AP1; model cisco AIR-CAP2602I-Q-K9; vendor Cisco; event wireless "
     "Aironet cisco AIR-CAP2602I-Q-K9; capability wlan-ap; capability router; capability bridge; "
     "2001:db8::1: name AP1"},
    // Another maker's switch; a telephone's VLAN; a system name and a place.
    {join({kHeader, text(1, "proc-1"), text(5, "ProCurve J9019A, revision Q.10.01"),
           tlv(14, "01 0064"_hex), text(0x14, "proc-1.plant.example"),
           tlv(0x17, join({"00"_hex, ascii("cell 3")}))}),
     kLink,
     "notice 2 advertise; name proc-1; software ProCurve J9019A, revision Q.10.01; description "
     "voice vlan 100; name proc-1.plant.example; location cell 3"},
};

TEST_CASE("CDP: what messages mean", "[cdp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("CDP: a message cut anywhere says nothing that the whole does not", "[cdp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("CDP: the header and the first TLV decide", "[cdp]") {
  CHECK(extent_of(join({kHeader, kName}), kLink) == Extent::of(12));
  CHECK(extent_of(join({"03 b4 0000"_hex, kName}), kLink) == Extent::foreign());
  CHECK(extent_of(join({"00 b4 0000"_hex, kName}), kLink) == Extent::foreign());
  CHECK(extent_of(join({kHeader, "0001 0003 41"_hex}), kLink) == Extent::foreign());
  CHECK(extent_of(join({kHeader, "0000 0005 41"_hex}), kLink) == Extent::foreign());
  CHECK(extent_of(join({kHeader, "0001 0009 41"_hex}), kLink) == Extent::incomplete());
  CHECK(extent_of(ascii("GET / HTTP/1.1"), kLink) == Extent::foreign());
  CHECK(extent_of(std::vector<std::uint8_t>(46), kLink) == Extent::foreign());
}

TEST_CASE("CDP: lengths that reach past the frame or the TLV say nothing", "[cdp]") {
  FlowState state{};
  const auto context = context_of(kLink, state);
  const std::string start{"notice 2 advertise; name SW-A"};
  CHECK(hear(join({kHeader, kName, "0003 00ff 4142"_hex}), context) == start);
  CHECK(hear(join({kHeader, kName, "0003 0002"_hex}), context) ==
        start + "; event malformed CDP TLV shorter than its header");
  // More addresses than the TLV holds, of a size that lies, and of none.
  CHECK(hear(join({kHeader, kName, tlv(2, "ffffffff"_hex)}), context) == start);
  CHECK(hear(join({kHeader, kName, tlv(2, "00000001 01 01 cc ffff 0a000009"_hex)}), context) ==
        start);
  CHECK(hear(join({kHeader, kName, tlv(2, "00000001 01 01 cc 0000"_hex)}), context) == start);
  CHECK(hear(join({kHeader, kName, tlv(4, "0000"_hex), tlv(10, "1e"_hex)}), context) == start);
}

TEST_CASE("CDP: damaged messages are survived", "[cdp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
