#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kLink{.over = Over::ethernet, .seat = 0x0806, .source = "", .destination = ""};

const std::vector<Meaning> kCases{
    {"0001 0800 06 04 0001 / 001b1b000005 0a000005 / 000000000000 0a000001"_hex, kLink,
     "notice 1 who-has; 00:1b:1b:00:00:05 has 10.0.0.5"},
    {"0001 0800 06 04 0002 / 001b1b000001 0a000001 / 001b1b000005 0a000005"_hex, kLink,
     "notice 2 is-at; 00:1b:1b:00:00:01 has 10.0.0.1"},
    {"0001 0800 06 04 0001 / 001b1b000005 00000000 / 000000000000 0a000005"_hex, kLink,
     "notice 1/probe probe"},
    {"0001 0800 06 04 0001 / 001b1b000005 0a000005 / 000000000000 0a000005"_hex, kLink,
     "notice 1/announcement announcement; 00:1b:1b:00:00:05 has 10.0.0.5"},
    {"0001 0800 06 04 0002 / 001b1b000005 0a000005 / ffffffffffff 0a000005"_hex, kLink,
     "notice 2/announcement announcement; 00:1b:1b:00:00:05 has 10.0.0.5"},
    {"0001 0800 06 04 0002 / 011b1b000005 0a000005 / 001b1b000001 0a000001"_hex, kLink,
     "notice 2 is-at; event malformed group address as the sender's own"},
    {"0001 0800 06 04 0003 / 001b1b000005 00000000 / 001b1b000005 00000000"_hex, kLink,
     "notice 3 who-am-i"},
};

TEST_CASE("ARP: what messages mean", "[arp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("ARP: a message cut anywhere says nothing that the whole does not", "[arp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("ARP: padding is not part of the message, and no message", "[arp]") {
  const auto padded = join({kCases[0].message, std::vector<std::uint8_t>(18)});
  CHECK(extent_of(padded, kLink) == Extent::of(28));
  CHECK(extent_of(std::vector<std::uint8_t>(18), kLink) == Extent::foreign());
}

TEST_CASE("ARP: other hardware, protocols and operations are not mine", "[arp]") {
  CHECK(extent_of("0001 0800 06"_hex, kLink) == Extent::incomplete());
  CHECK(extent_of("0006 0800 06 04 0001"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0001 86dd 06 04 0001"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0001 0800 08 04 0001"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0001 0800 06 10 0001"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0001 0800 06 04 0000"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("0001 0800 06 04 0099"_hex, kLink) == Extent::foreign());
}

}  // namespace
}  // namespace sekimori::test
