#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kPlace{.over = Over::ip, .seat = 1};
constexpr Place kBack{.over = Over::ip,
                      .seat = 1,
                      .sender = Sender::server,
                      .source = "10.0.0.1",
                      .destination = "10.0.0.5"};

// 10.0.0.5:49152 to 192.168.7.9, TCP port 502, as far as RFC 792 asks routers to quote.
const auto kTcp = "4500 0028 0001 0000 40 06 0000 0a000005 c0a80709 / c000 01f6 00000001"_hex;
// With an option word, UDP port 161.
const auto kUdp =
    "4600 0028 0001 0000 40 11 0000 0a000005 c0a80709 94040000 / c000 00a1 0008 0000"_hex;
// A later fragment of a UDP datagram, and GRE.
const auto kFragment = "4500 0028 0001 00b9 40 11 0000 0a000005 c0a80709 / c000 00a1 0008 0000"_hex;
const auto kGre = "4500 0028 0001 0000 40 2f 0000 0a000005 c0a80709 / 0000 0800"_hex;

const std::vector<Meaning> kCases{
    {"08 00 f7ff 0001 0002 6162"_hex, kPlace, "request 8/0 echo key 4295032834"},
    {"00 00 f7ff 0001 0002 6162"_hex, kBack, "executed key 4295032834"},
    {"0d 00 0000 0000 0000 00000001 00000000 00000000"_hex, kPlace,
     "request 13/0 timestamp key 4294967296"},
    {"0e 00 0000 0000 0000 00000001 00000002 00000003"_hex, kBack, "executed key 4294967296"},
    {join({"03 0d 0000 00000000"_hex, kTcp}), kBack,
     "notice 3/13 administratively-prohibited; blocked 10.0.0.5 > 192.168.7.9 tcp/502 for 3.13"},
    {join({"03 03 0000 00000000"_hex, kUdp}), kBack,
     "notice 3/3 port-unreachable; blocked 10.0.0.5 > 192.168.7.9 udp/161 for 3.3"},
    {join({"03 0a 0000 00000000"_hex, kFragment}), kBack,
     "notice 3/10 host-prohibited; blocked 10.0.0.5 > 192.168.7.9 ip/17 for 3.10"},
    {join({"0b 00 0000 00000000"_hex, kGre}), kBack,
     "notice 11/0 hop-limit-exceeded; blocked 10.0.0.5 > 192.168.7.9 ip/47 for 11.0"},
    {join({"05 01 0000 0a000002"_hex, kTcp}), kBack,
     "notice 5/1 redirect-host; blocked 10.0.0.5 > 192.168.7.9 tcp/502 for 5.1"},
    {"09 00 0000 01 02 0708 0a000001 00000000"_hex, kBack,
     "notice 9/0 router-advertisement; capability router"},
    {"2a 07 0000 00000000"_hex, kBack, "notice 42/7 unknown"},
};

TEST_CASE("ICMP: what messages mean", "[icmp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("ICMP: a message cut anywhere says nothing that the whole does not", "[icmp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("ICMP: a quotation that lies about its header blocks nothing", "[icmp]") {
  FlowState state{};
  const auto context = context_of(kBack, state);
  const auto with = [](const std::vector<std::uint8_t>& quoted) {
    return join({"03 0d 0000 00000000"_hex, quoted});
  };
  const std::string only = "notice 3/13 administratively-prohibited";
  auto lie = kTcp;
  lie[0] = 0x4f;  // fifteen words, of which six are there
  CHECK(hear(with(lie), context) == only);
  lie[0] = 0x44;  // four words, less than a header
  CHECK(hear(with(lie), context) == only);
  lie[0] = 0x75;
  CHECK(hear(with(lie), context) == only);
  CHECK(hear(with({}), context) == only);
}

TEST_CASE("ICMP: only questions and answers have sides", "[icmp]") {
  FlowState state{};
  const auto context = context_of(kPlace, state);
  const auto sender = the_dissector().sender;
  CHECK(sender(ByteCursor{"08"_hex}, context) == Sender::client);
  CHECK(sender(ByteCursor{"00"_hex}, context) == Sender::server);
  CHECK(sender(ByteCursor{"03"_hex}, context) == std::nullopt);
  CHECK(sender(ByteCursor{{}}, context) == std::nullopt);
}

TEST_CASE("ICMP: it rides on its own number alone", "[icmp]") {
  CHECK(extent_of("08 00 f7ff 0001 0002"_hex, {.over = Over::udp, .seat = 0}) == Extent::foreign());
  CHECK(extent_of("08 00 f7ff 0001 0002"_hex, {.over = Over::ip, .seat = 0}) == Extent::foreign());
  CHECK(extent_of("08 00 f7"_hex, kPlace) == Extent::incomplete());
}

}  // namespace
}  // namespace sekimori::test
