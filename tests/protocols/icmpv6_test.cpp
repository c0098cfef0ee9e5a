#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kHost{
    .over = Over::ip, .seat = 58, .source = "fe80::5", .destination = "ff02::1:ff00:1"};
constexpr Place kNobody{
    .over = Over::ip, .seat = 58, .source = "::", .destination = "ff02::1:ff00:1"};
constexpr Place kRouter{
    .over = Over::ip, .seat = 58, .source = "fe80::1", .destination = "ff02::1"};

const auto kPrefix = "03 04 40 c0 00015180 00003840 00000000 fd000000000000000000000000000000"_hex;
const auto kNameServer = "19 03 0000 00000e10 fd000000000000000000000000000035"_hex;
const auto kSourceLink = "01 01 001b1b000001"_hex;

// fd00::5 to fd00:1::9 with a hop-by-hop header before TCP port 502.
const auto kQuoted =
    join({"60000000 0020 00 40 fd000000000000000000000000000005"
          "fd000001000000000000000000000009"_hex,
          "06 00 010400000000"_hex, "c000 01f6"_hex});

const std::vector<Meaning> kCases{
    {"80 00 0000 0001 0002"_hex, kHost, "request 128/0 echo key 4295032834"},
    {"81 00 0000 0001 0002"_hex, kRouter, "executed key 4295032834"},
    {join({"87 00 0000 00000000 fd000000000000000000000000000001"_hex, "01 01 001b1b000005"_hex}),
     kHost, "notice 135/0 neighbour-solicitation; 00:1b:1b:00:00:05 has fe80::5"},
    {join({"87 00 0000 00000000 fd000000000000000000000000000001"_hex, "01 01 001b1b000005"_hex}),
     kNobody, "notice 135/0 neighbour-solicitation"},
    {join({"88 00 0000 60000000 fd000000000000000000000000000001"_hex, "02 01 001b1b000001"_hex}),
     kRouter, "notice 136/0 neighbour-advertisement; 00:1b:1b:00:00:01 has fd00::1"},
    {join({"85 00 0000 00000000"_hex, "01 01 001b1b000005"_hex}), kHost,
     "notice 133/0 router-solicitation; 00:1b:1b:00:00:05 has fe80::5"},
    {join({"86 00 0000 40 00 0708 00000000 00000000"_hex, kSourceLink, kPrefix, kNameServer}),
     kRouter,
     "notice 134/0 router-advertisement; capability router; 00:1b:1b:00:00:01 has fe80::1; "
     "address-plan prefix fd00::/64; address-plan dns fd00::35"},
    {join({"86 00 0000 40 00 0000 00000000 00000000"_hex, kSourceLink}), kRouter,
     "notice 134/0 router-advertisement; 00:1b:1b:00:00:01 has fe80::1"},
    {join({"01 01 0000 00000000"_hex, kQuoted}), kRouter,
     "notice 1/1 administratively-prohibited; blocked fd00::5 > fd00:1::9 tcp/502 for 1.1"},
    {join({"03 00 0000 00000000"_hex, kQuoted}), kRouter,
     "notice 3/0 hop-limit-exceeded; blocked fd00::5 > fd00:1::9 tcp/502 for 3.0"},
    {"8f 00 0000 0000 0001 04000000"_hex, kHost, "notice 143/0 listener-report"},
    {"87 00 0000 00000000 fd000000000000000000000000000001 01 00 001b1b000005"_hex, kHost,
     "notice 135/0 neighbour-solicitation; event malformed neighbour discovery option of no "
     "length"},
};

TEST_CASE("ICMPv6: what messages mean", "[icmpv6]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c.means);
  FlowState state{};
  const auto context = context_of(c.place, state);
  CHECK(extent_of(c.message, c.place) == Extent::of(c.message.size()));
  CHECK(hear(c.message, context) == c.means);
}

TEST_CASE("ICMPv6: a message cut anywhere says nothing that the whole does not", "[icmpv6]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("ICMPv6: options that reach past the message and endless headers are refused",
          "[icmpv6]") {
  FlowState state{};
  const auto context = context_of(kHost, state);
  CHECK(hear("87 00 0000 00000000 fd000000000000000000000000000001 01 ff 001b1b000005"_hex,
             context) == "notice 135/0 neighbour-solicitation");
  // Hop-by-hop after hop-by-hop, without end.
  auto chain = "01 01 0000 00000000 60000000 0020 00 40"_hex;
  chain.resize(chain.size() + 32, 0xfd);
  chain.resize(chain.size() + 4096, 0x00);
  CHECK(hear(chain, context) ==
        "notice 1/1 administratively-prohibited; blocked "
        "fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd > fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd ip/0 "
        "for 1.1");
}

TEST_CASE("ICMPv6: it rides on its own number alone", "[icmpv6]") {
  CHECK(extent_of("80 00 0000 0001 0002"_hex, {.over = Over::udp}) == Extent::foreign());
  CHECK(extent_of("80 00"_hex, kHost) == Extent::incomplete());
}

}  // namespace
}  // namespace sekimori::test
