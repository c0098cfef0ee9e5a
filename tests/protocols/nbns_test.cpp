#include "datagram.h"
#include "dns_bytes.h"

namespace sekimori::test {
namespace {

constexpr Place kEverybody{.over = Over::udp, .seat = 137, .destination = "10.0.0.255"};
constexpr Place kAsk{.over = Over::udp, .seat = 137};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 137,
                        .sender = Sender::server,
                        .source = "10.0.0.1",
                        .destination = "10.0.0.5"};
constexpr FlowState kAsked{1};

/// A registration: the name as question, and again with flags and address.
std::vector<std::uint8_t> registers(std::string_view header, std::string_view text, unsigned suffix,
                                    std::string_view owner) {
  return join({hex(header), netbios(text, suffix), "0020 0001"_hex,
               "c00c 0020 0001 000493e0 0006"_hex, hex(owner)});
}

const std::vector<Meaning> kCases{
    {join({"8001 0110 0001 0000 0000 0000"_hex, netbios("HISTORIAN", 0x20), "0020 0001"_hex}),
     kEverybody, "notice query/NB query-name"},
    {join({"8001 0100 0001 0000 0000 0000"_hex, netbios("HISTORIAN", 0x20), "0020 0001"_hex}), kAsk,
     "request query/NB query-name key 98305"},
    {join({"8001 8580 0000 0001 0000 0000"_hex, netbios("HISTORIAN", 0x20),
           "0020 0001 000493e0 0006 0000 0a000007"_hex}),
     kAnswer, "executed key 98305; 10.0.0.7: name HISTORIAN; 10.0.0.7: capability file-server",
     kAsked},
    {join({"8001 8583 0000 0001 0000 0000"_hex, netbios("NOBODY", 0x20),
           "000a 0001 00000000 0000"_hex}),
     kAnswer, "rejected for 3 key 98305", kAsked},
    {join({"8001 8500 0000 0001 0000 0000"_hex, netbios("HISTORIAN", 0x00),
           "0020 0001 000493e0 0006 0000 0a000001"_hex}),
     kAnswer, "notice response response; 10.0.0.1: name HISTORIAN"},
    {registers("8002 2910 0001 0000 0000 0001", "HMI5", 0x00, "0000 0a000005"), kEverybody,
     "notice registration register-name; 10.0.0.5: name HMI5"},
    {registers("8002 2910 0001 0000 0000 0001", "PLANT", 0x00, "8000 0a000005"), kEverybody,
     "notice registration register-name; 10.0.0.5: domain PLANT"},
    {registers("8002 7900 0001 0000 0000 0001", "PLANT", 0x1c, "e000 0a000005"), kAsk,
     "request multihomed-registration register-name key 98306; 10.0.0.5: domain PLANT; 10.0.0.5: "
     "capability domain-controller"},
    {registers("8002 4100 0001 0000 0000 0001", "PLANT", 0x1b, "6000 0a000005"), kAsk,
     "request refresh refresh-name key 98306; 10.0.0.5: domain PLANT; 10.0.0.5: capability "
     "domain-master-browser"},
    {registers("8003 3110 0001 0000 0000 0001", "HMI5", 0x00, "0000 0a000005"), kEverybody,
     "notice release release-name"},
    {join({"8001 0000 0001 0000 0000 0000"_hex, netbios("*", 0x00), "0021 0001"_hex}), kAsk,
     "request query/NBSTAT query-status key 98305"},
    {join({"8001 8400 0000 0001 0000 0000"_hex, netbios("*", 0x00), "0021 0001 00000000"_hex,
           data(join({"03"_hex, ascii("HMI7           "), "00 0400"_hex, ascii("PLANT          "),
                      "00 8400"_hex, ascii("HMI7           "), "20 0400"_hex,
                      "001b1b000007 0000 0000"_hex}))}),
     kAnswer,
     "executed key 98305; name HMI7; domain PLANT; name HMI7; capability file-server; identifier "
     "mac 00:1b:1b:00:00:07",
     kAsked},
};

TEST_CASE("NBNS: what messages mean", "[nbns]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("NBNS: a message cut anywhere says nothing that the whole does not", "[nbns]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("NBNS: the encoded name is known on any port, plain DNS is not", "[nbns]") {
  constexpr Place kElsewhere{.over = Over::udp, .seat = 0};
  for (const auto& c : kCases)
    CHECK(extent_of(c.message, kElsewhere) == Extent::of(c.message.size()));
  const auto dns =
      join({"1234 0100 0001 0000 0000 0000"_hex, name("www.plant.local"), "0001 0001"_hex});
  CHECK(extent_of(dns, kElsewhere) == Extent::foreign());
  CHECK(extent_of(dns, kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("BJNP and thirty more letters of it"), kAsk) == Extent::foreign());
  CHECK(extent_of("8001 0110 00"_hex, kAsk) == Extent::incomplete());
}

TEST_CASE("NBNS: a table that promises more names than there are stops", "[nbns]") {
  FlowState state{1};
  const auto context = context_of(kAnswer, state);
  CHECK(hear(join({"8001 8400 0000 0001 0000 0000"_hex, netbios("*", 0), "0021 0001 00000000"_hex,
                   data(join({"ff"_hex, ascii("HMI7           "), "00 0400"_hex}))}),
             context) == "executed key 98305; name HMI7");
  CHECK(hear(join({"8001 8400 0000 0001 0000 0000"_hex, netbios("*", 0), "0021 0001 00000000"_hex,
                   data({})}),
             context) == "executed key 98305");
}

}  // namespace
}  // namespace sekimori::test
