#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kLink{.over = Over::ethernet, .seat = 0x88cc, .source = "", .destination = ""};

std::vector<std::uint8_t> tlv(unsigned type, const std::vector<std::uint8_t>& value) {
  const auto word = type << 9U | static_cast<unsigned>(value.size());
  return join({{static_cast<std::uint8_t>(word >> 8U), static_cast<std::uint8_t>(word)}, value});
}
std::vector<std::uint8_t> text(unsigned type, std::string_view value) {
  return tlv(type, ascii(value));
}

const auto kMac = tlv(1, "04 001b1b0000f0"_hex);
const auto kPort = tlv(2, join({"05"_hex, ascii("Gi1/0/3")}));
const auto kTtl = tlv(3, "0078"_hex);
const auto kEnd = "0000"_hex;

const std::vector<Meaning> kCases{
    {join({kMac, kPort, kTtl, text(4, "to cell 3"), text(5, "sw-cell3"), text(6, "SCALANCE XC208"),
           tlv(7, "0014 0014"_hex), tlv(8, "05 01 0a000009 02 00000001 00"_hex), kEnd}),
     kLink,
     "identifier chassis 00:1b:1b:00:00:f0; description port Gi1/0/3; notice 0 advertise; "
     "description port to cell 3; name sw-cell3; description SCALANCE XC208; capability bridge; "
     "capability router; 00:1b:1b:00:00:f0 has 10.0.0.9; 10.0.0.9: identifier chassis "
     "00:1b:1b:00:00:f0; 10.0.0.9: name sw-cell3"},
    // A PROFINET device: chassis by name, the interface's MAC in the organisation's own TLV.
    {join({tlv(1, join({"07"_hex, ascii("plc-3")})), tlv(2, join({"07"_hex, ascii("port-001")})),
           kTtl, tlv(127, "000ecf 05 001b1b000010"_hex),
           tlv(8, "05 01 0a00000a 01 00000001 00"_hex), kEnd}),
     kLink,
     "identifier chassis plc-3; description port port-001; notice 0 advertise; capability "
     "profinet; identifier mac 00:1b:1b:00:00:10; 00:1b:1b:00:00:10 has 10.0.0.10; 10.0.0.10: "
     "identifier chassis plc-3"},
    // The address before the interface's MAC, as engineering stations send it.
    {join({tlv(1, join({"07"_hex, ascii("es-1")})), tlv(2, join({"07"_hex, ascii("port-001")})),
           kTtl, tlv(8, "05 01 0a00000b 01 00000001 00"_hex), tlv(127, "000ecf 02 0000 0000"_hex),
           tlv(127, "000ecf 05 001b1b000011"_hex), kEnd}),
     kLink,
     "identifier chassis es-1; description port port-001; notice 0 advertise; 10.0.0.11: "
     "identifier chassis es-1; capability profinet; identifier mac 00:1b:1b:00:00:11; "
     "00:1b:1b:00:00:11 has 10.0.0.11"},
    {join({tlv(1, "05 01 0a000014"_hex), tlv(2, "03 001b1b000014"_hex), kTtl,
           tlv(7, "0008 0008"_hex), tlv(127, "0080c2 01 000a"_hex),
           tlv(127, join({"0080c2 03 000a 04"_hex, ascii("cell")})),
           tlv(127, join({"0012bb 05"_hex, ascii("hw2")})),
           tlv(127, join({"0012bb 08"_hex, ascii("S123")})),
           tlv(127, join({"0012bb 0b"_hex, ascii("TAG")})), kEnd}),
     kLink,
     "identifier chassis 10.0.0.20; notice 0 advertise; capability wlan-ap; event wireless WLAN "
     "access point; description vlan 10; description vlan 10 cell; hardware hw2; serial S123"},
    {join({kMac, kPort, tlv(3, "0000"_hex), kEnd}), kLink,
     "identifier chassis 00:1b:1b:00:00:f0; description port Gi1/0/3; notice 1 leave"},
};

TEST_CASE("LLDP: what messages mean", "[lldp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("LLDP: a message cut anywhere says nothing that the whole does not", "[lldp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("LLDP: the three first TLVs decide", "[lldp]") {
  CHECK(extent_of(join({kPort, kMac, kTtl, kEnd}), kLink) == Extent::foreign());
  CHECK(extent_of(join({kMac, kTtl}), kLink) == Extent::foreign());
  CHECK(extent_of(std::vector<std::uint8_t>(46), kLink) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1"), kLink) == Extent::foreign());
}

TEST_CASE("LLDP: padding behind the end is not part of it; no end is tolerated", "[lldp]") {
  const auto message = join({kMac, kPort, kTtl, kEnd});
  CHECK(extent_of(join({message, std::vector<std::uint8_t>(30)}), kLink) ==
        Extent::of(message.size()));
  CHECK(extent_of(join({kMac, kPort, kTtl}), kLink) == Extent::of(message.size() - 2));
}

TEST_CASE("LLDP: lengths that reach past the frame or the TLV say nothing", "[lldp]") {
  FlowState state{};
  const auto context = context_of(kLink, state);
  const auto start = std::string{
      "identifier chassis 00:1b:1b:00:00:f0; description port Gi1/0/3; notice 0 advertise"};
  CHECK(hear(join({kMac, kPort, kTtl, "0bff 4142"_hex}), context) == start);
  // A management address longer than its TLV, of no family, and of an odd size.
  CHECK(hear(join({kMac, kPort, kTtl, tlv(8, "ff 01 0a000009"_hex)}), context) == start);
  CHECK(hear(join({kMac, kPort, kTtl, tlv(8, "00"_hex)}), context) == start);
  CHECK(hear(join({kMac, kPort, kTtl, tlv(8, "04 01 0a0000"_hex)}), context) == start);
  CHECK(hear(join({kMac, kPort, kTtl, tlv(7, "00"_hex), tlv(127, "0012"_hex)}), context) == start);
  CHECK(hear(join({kMac, kPort, kTtl, tlv(127, "0080c2 03 000a ff 41"_hex)}), context) == start);
}

}  // namespace
}  // namespace sekimori::test
