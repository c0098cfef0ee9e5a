#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kEverybody{
    .over = Over::udp, .seat = 67, .source = "0.0.0.0", .destination = "255.255.255.255"};
constexpr Place kRenew{.over = Over::udp, .seat = 67};
constexpr Place kToAll{.over = Over::udp,
                       .seat = 67,
                       .sender = Sender::server,
                       .source = "10.0.0.1",
                       .destination = "255.255.255.255"};
constexpr Place kToOne{.over = Over::udp,
                       .seat = 67,
                       .sender = Sender::server,
                       .source = "10.0.0.1",
                       .destination = "10.0.0.5"};
constexpr FlowState kAsked{1};

/// op, htype, hlen, hops, xid 0x39, and the four addresses; then the client's hardware address.
std::vector<std::uint8_t> message(std::string_view op, std::string_view addresses,
                                  const std::vector<std::uint8_t>& options) {
  return join({hex(op), "01 06 00 00000039 0000 8000"_hex, hex(addresses),
               "001b1b000005 00000000000000000000"_hex, std::vector<std::uint8_t>(192), options});
}
constexpr std::string_view kNone = "00000000 00000000 00000000 00000000";
constexpr std::string_view kYours = "00000000 0a000005 00000000 00000000";

std::vector<std::uint8_t> option(unsigned code, const std::vector<std::uint8_t>& value) {
  return join({{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(value.size())}, value});
}

const auto kMagic = "63825363"_hex;
const auto kServer = option(54, "0a000001"_hex);

const std::vector<Meaning> kCases{
    {message("01", kNone,
             join({kMagic, option(53, "01"_hex), option(61, "01001b1b000005"_hex),
                   option(12, ascii("HMI5")), option(60, ascii("MSFT 5.0")),
                   option(55, "0103060f"_hex), "ff 0000"_hex})),
     kEverybody,
     "notice 1 discover; 00:1b:1b:00:00:05: name HMI5; 00:1b:1b:00:00:05: software MSFT 5.0; "
     "00:1b:1b:00:00:05: os Windows; 00:1b:1b:00:00:05: identifier dhcp-client 01001b1b000005"},
    {message("02", kYours, join({kMagic, option(53, "02"_hex), kServer, "ff"_hex})), kToAll,
     "notice 2 offer"},
    {message("01", kNone,
             join({kMagic, option(53, "03"_hex), option(50, "0a000005"_hex), kServer,
                   option(81, join({"00 00 00"_hex, ascii("hmi5.plant.local")})), "ff"_hex})),
     kEverybody, "notice 3 request; 00:1b:1b:00:00:05: name hmi5.plant.local"},
    {message("02", kYours,
             join({kMagic, option(53, "05"_hex), kServer, option(1, "ffffff00"_hex),
                   option(3, "0a0000fe"_hex), option(6, "0a000002 0a000003"_hex),
                   option(15, ascii("plant.local")), option(12, ascii("HMI5")), "ff"_hex})),
     kToAll,
     "notice 5 acknowledge; 10.0.0.1: address-plan mask 255.255.255.0; 10.0.0.1: address-plan "
     "router 10.0.0.254; 10.0.0.1: address-plan dns 10.0.0.2; 10.0.0.1: address-plan dns 10.0.0.3; "
     "10.0.0.1: address-plan domain plant.local; 00:1b:1b:00:00:05 has 10.0.0.5; 10.0.0.5: name "
     "HMI5"},
    // A renewal goes to the server alone, and its answer back in the same flow.
    {message("01", "0a000005 00000000 00000000 00000000",
             join({kMagic, option(53, "03"_hex), "ff"_hex})),
     kRenew, "request 3 request key 4294967353"},
    {message("02", "0a000005 0a000005 00000000 00000000",
             join({kMagic, option(53, "05"_hex), kServer, "ff"_hex})),
     kToOne, "executed key 4294967353; 00:1b:1b:00:00:05 has 10.0.0.5", kAsked},
    {message("02", kNone, join({kMagic, option(53, "06"_hex), kServer, "ff"_hex})), kToOne,
     "rejected for 0 key 4294967353", kAsked},
    // A relay asks for its client (giaddr).
    {message("01", "00000000 00000000 00000000 0a0000fe",
             join({kMagic, option(53, "01"_hex), "ff"_hex})),
     {.over = Over::udp, .seat = 67, .source = "10.0.0.254"},
     "request 1 discover key 4294967353; 10.0.0.254: capability dhcp-relay"},
    {message("01", kNone,
             join({kMagic, option(53, "04"_hex), option(50, "0a000005"_hex), kServer, "ff"_hex})),
     kEverybody, "notice 4 decline; event device-state address in use by another: 10.0.0.5"},
    {message("01", kNone,
             join({kMagic, option(53, "03"_hex),
                   option(81, "04 00 00 04 686d6935 05 706c616e74 00"_hex),
                   option(97, "00 00112233445566778899aabbccddeeff"_hex), "ff"_hex})),
     kEverybody,
     "notice 3 request; 00:1b:1b:00:00:05: name hmi5.plant; 00:1b:1b:00:00:05: identifier machine "
     "00112233445566778899aabbccddeeff"},
    // BOOTP, as drives and adapters ask for their address.
    {message("01", kNone, std::vector<std::uint8_t>(64)), kEverybody,
     "notice bootp/1 boot-request"},
    {message("02", kYours, join({kMagic, option(12, ascii("drive5")), "ff"_hex})), kToAll,
     "notice bootp/2 boot-reply; 00:1b:1b:00:00:05 has 10.0.0.5; 10.0.0.5: name drive5"},
};

TEST_CASE("DHCP: what messages mean", "[dhcp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("DHCP: a message cut anywhere says nothing that the whole does not", "[dhcp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("DHCP: the magic is known on any port; BOOTP without it on its own alone", "[dhcp]") {
  constexpr Place kElsewhere{.over = Over::udp, .seat = 0};
  CHECK(extent_of(kCases[0].message, kElsewhere) == Extent::of(kCases[0].message.size()));
  CHECK(extent_of(kCases[10].message, kElsewhere) == Extent::foreign());
  auto other = kCases[0].message;
  other[236] ^= 1U;
  CHECK(extent_of(other, kEverybody) == Extent::foreign());
  CHECK(extent_of("03 01 06 00"_hex, kEverybody) == Extent::foreign());
  CHECK(extent_of("01 01 11 00"_hex, kEverybody) == Extent::foreign());
  CHECK(extent_of("01 01 06 00"_hex, kEverybody) == Extent::incomplete());
  CHECK(extent_of("01 01 06 00"_hex, kElsewhere) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1"), kEverybody) == Extent::foreign());
}

TEST_CASE("DHCP: requests and replies tell their sides by the op", "[dhcp]") {
  for (const auto& c : kCases) {
    FlowState state{};
    CHECK(the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state)) ==
          c.place.sender);
  }
}

TEST_CASE("DHCP: an option that reaches past the message is not read", "[dhcp]") {
  FlowState state{};
  const auto context = context_of(kEverybody, state);
  bool whole = true;
  CHECK(hear(message("01", kNone, join({kMagic, option(53, "01"_hex), "0c ff 41"_hex})), context,
             &whole) == "notice 1 discover");
  CHECK(hear(message("01", kNone, join({kMagic, "0c ff 41"_hex})), context).empty());
  // A name in labels that promise more than there is.
  CHECK(hear(message(
                 "01", kNone,
                 join({kMagic, option(53, "01"_hex), option(81, "04 00 00 20 41"_hex), "ff"_hex})),
             context) == "notice 1 discover");
}

}  // namespace
}  // namespace sekimori::test
