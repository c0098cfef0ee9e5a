#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kAsk{.over = Over::udp, .seat = 123};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 123,
                        .sender = Sender::server,
                        .source = "10.0.0.1",
                        .destination = "10.0.0.5"};
constexpr Place kElsewhere{.over = Over::udp, .seat = 0};

/// A header: first byte, stratum, poll, precision; reference; origin and transmit time stamps.
std::vector<std::uint8_t> packet(std::string_view opening, std::string_view reference,
                                 std::string_view origin, std::string_view transmit) {
  return join({hex(opening), "00000100 00000200"_hex, hex(reference), "e0000000 00000000"_hex,
               hex(origin), "e0000001 00000000"_hex, hex(transmit)});
}
constexpr std::string_view kZero = "00000000 00000000";
constexpr std::string_view kFive = "00000000 00000005";
constexpr std::string_view kNine = "00000000 00000009";

const auto kVariables = ascii(R"(version="ntpd 4.2.6p5", processor="armv7l", system="Linux/3.10")");

const std::vector<Meaning> kCases{
    {packet("23 00 06 ec", "00000000", kZero, kFive), kAsk,
     "event version NTP v4; request 3 ask-time key 5"},
    {packet("24 02 06 ec", "0a000063", kFive, kNine), kAnswer,
     "event version NTP v4; executed key 5; capability ntp-server stratum 2; description time from "
     "10.0.0.99"},
    {packet("1c 01 06 ec", "47505300", kFive, kNine), kAnswer,
     "event version NTP v3; executed key 5; capability ntp-server stratum 1; description time from "
     "GPS"},
    {packet("24 06 06 ec", "7f7f0100", kFive, kNine), kAnswer,
     "event version NTP v4; executed key 5; capability ntp-server stratum 6; description time from "
     "its own clock"},
    {packet("24 00 06 ec", "44454e59", kFive, kNine), kAnswer,
     "event version NTP v4; rejected for 0 key 5"},
    {packet("e4 10 06 ec", "494e4954", kFive, kNine), kAnswer,
     "event version NTP v4; executed key 5; event device-state clock not synchronised"},
    {packet("25 02 06 ec", "0a000063", kZero, kNine), kAnswer,
     "event version NTP v4; notice 5 broadcast-time; capability ntp-server stratum 2; description "
     "time from 10.0.0.99"},
    {packet("19 02 06 ec", "0a000063", kZero, kNine), kAsk, "event version NTP v3; notice 1 peer"},
    {join({packet("23 00 06 ec", "00000000", kZero, kFive),
           "00000001 00112233445566778899aabbccddeeff"_hex}),
     kAsk, "event version NTP v4, authenticated; request 3 ask-time key 5"},
    {"16 02 0007 0000 0000 0000 0000"_hex, kAsk,
     "request 6/2 read-variables key 9223372036854775815"},
    {join({"16 82 0007 0615 0000 0000 003f"_hex, kVariables, "0000"_hex}), kAnswer,
     "executed key 9223372036854775815; software ntpd 4.2.6p5; os Linux/3.10; hardware armv7l"},
    {"16 c2 0007 0700 0000 0000 0000"_hex, kAnswer, "rejected for 7 key 9223372036854775815"},
    {"17 00 03 2a 0000 0000"_hex, kAsk, "request 7/42 list-clients key 9223372217243402240"},
    {"97 00 03 2a 0000 0000"_hex, kAnswer, "executed key 9223372217243402240"},
    {"d7 00 03 2a 0006 0048"_hex, kAnswer, ""},
    {"97 00 03 2a 4000 0000"_hex, kAnswer, "rejected for 4 key 9223372217243402240"},
};

TEST_CASE("NTP: what messages mean", "[ntp]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c.means);
  FlowState state{};
  const auto context = context_of(c.place, state);
  CHECK(extent_of(c.message, c.place) == Extent::of(c.message.size()));
  CHECK(hear(c.message, context) == c.means);
}

TEST_CASE("NTP: a message cut anywhere says nothing that the whole does not", "[ntp]") {
  const auto& c = GENERATE(from_range(kCases));
  // A key and its digest are known by standing there: without them the message is an unsigned one.
  if (c.means.find("authenticated") != std::string::npos) return;
  check_cuts(c);
}

TEST_CASE("NTP: off its port only the usual message is taken", "[ntp]") {
  CHECK(extent_of(kCases[0].message, kElsewhere) == Extent::of(48));
  CHECK(extent_of(kCases[1].message, kElsewhere) == Extent::of(48));
  CHECK(extent_of(kCases[9].message, kElsewhere) == Extent::foreign());
  CHECK(extent_of(kCases[12].message, kElsewhere) == Extent::foreign());
  CHECK(extent_of(packet("23 00 06 ec", "00000000", kZero, kZero), kElsewhere) ==
        Extent::foreign());
  CHECK(extent_of(join({kCases[0].message, "00000000"_hex}), kElsewhere) == Extent::foreign());
  CHECK(extent_of(packet("0b 00 06 ec", "00000000", kZero, kFive), kElsewhere) ==
        Extent::foreign());
}

TEST_CASE("NTP: on its port, what no clock says is foreign", "[ntp]") {
  CHECK(extent_of({}, kAsk) == Extent::foreign());
  CHECK(extent_of("03"_hex, kAsk) == Extent::foreign());  // version 0
  CHECK(extent_of("2b"_hex, kAsk) == Extent::foreign());  // version 5
  CHECK(extent_of("20"_hex, kAsk) == Extent::foreign());  // mode 0
  CHECK(extent_of("23 00"_hex, kAsk) == Extent::incomplete());
  CHECK(extent_of(packet("23 11 06 ec", "00000000", kZero, kFive), kAsk) == Extent::foreign());
  CHECK(extent_of(packet("23 00 06 7f", "00000000", kZero, kFive), kAsk) == Extent::foreign());
  CHECK(extent_of(join({kCases[0].message, "00"_hex}), kAsk) == Extent::foreign());
  CHECK(extent_of("16 82 0007 0615 0000 0000 ffff 41"_hex, kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\nHost: plant\r\nAccept: text/html\r\n\r\n"), kAsk) ==
        Extent::foreign());
}

TEST_CASE("NTP: modes tell their sides", "[ntp]") {
  for (const auto& c : kCases) {
    CAPTURE(c.means);
    FlowState state{};
    const auto sender = the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state));
    if (sender) CHECK(*sender == c.place.sender);
  }
}

TEST_CASE("NTP: variables without their closing quote say nothing", "[ntp]") {
  FlowState state{};
  CHECK(hear(join({"16 82 0007 0615 0000 0000 000d"_hex, ascii("version=\"ntpd")}),
             context_of(kAnswer, state)) == "executed key 9223372036854775815");
}

}  // namespace
}  // namespace sekimori::test
