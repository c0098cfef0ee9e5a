#include "datagram.h"
#include "dns_bytes.h"

namespace sekimori::test {
namespace {

constexpr Place kAsk{.over = Over::udp, .seat = 5355, .destination = "224.0.0.252"};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 5355,
                        .sender = Sender::server,
                        .source = "10.0.0.7",
                        .destination = "10.0.0.5"};

const std::vector<Meaning> kCases{
    {join({"1234 0000 0001 0000 0000 0000"_hex, name("HMI7"), "0001 0001"_hex}), kAsk,
     "notice query/A query"},
    {join({"1234 0000 0001 0000 0000 0000"_hex, name("HMI7"), "0041 0001"_hex}), kAsk,
     "notice query/other query"},
    {join({"1234 8000 0001 0001 0000 0000"_hex, name("HMI7"), "0001 0001"_hex,
           "c00c 0001 0001 0000001e 0004 0a000007"_hex}),
     kAnswer, "notice response response; name HMI7; 10.0.0.7: name HMI7"},
    {join({"1234 8000 0001 0001 0000 0000"_hex, name("7.0.0.10.in-addr.arpa"), "000c 0001"_hex,
           "c00c 000c 0001 0000001e"_hex, data(name("HMI7"))}),
     kAnswer, "notice response response; 10.0.0.7: name HMI7"},
    {join({"1234 8000 0001 0000 0000 0000"_hex, name("HMI7"), "0001 0001"_hex}), kAnswer,
     "notice response response"},
};

TEST_CASE("LLMNR: what messages mean", "[llmnr]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("LLMNR: a message cut anywhere says nothing that the whole does not", "[llmnr]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("LLMNR: without its port it is DNS; with it, other bytes are foreign", "[llmnr]") {
  CHECK(extent_of(kCases[0].message, {.over = Over::udp, .seat = 0}) == Extent::foreign());
  CHECK(extent_of(ascii("M-SEARCH * HTTP/1.1\r\n"), kAsk) == Extent::foreign());
  CHECK(extent_of(join({"1234 2000 0001 0000 0000 0000"_hex, name("A"), "0001 0001"_hex}), kAsk) ==
        Extent::foreign());
  CHECK(extent_of("1234 0000 0001 0000 0000 0000 c00c 0001 0001"_hex, kAsk) == Extent::foreign());
  CHECK(extent_of("1234 0000 00"_hex, kAsk) == Extent::incomplete());
}

TEST_CASE("LLMNR: who answers is the server", "[llmnr]") {
  for (const auto& c : kCases) {
    FlowState state{};
    CHECK(the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state)) ==
          c.place.sender);
  }
}

}  // namespace
}  // namespace sekimori::test
