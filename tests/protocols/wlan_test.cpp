#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place at(std::uint64_t subtype) {
  return {.over = Over::wlan, .seat = subtype, .source = "", .destination = ""};
}
constexpr auto kBeacon = at(8);
constexpr auto kProbe = at(5);
constexpr auto kAssociate = at(0);
constexpr auto kAuthenticate = at(11);

/// Time, interval, then the capability that `sets` tells.
std::vector<std::uint8_t> network(const std::vector<std::uint8_t>& sets,
                                  std::initializer_list<std::vector<std::uint8_t>> elements) {
  return join({"0102030405060708 6400"_hex, sets, join(elements)});
}
std::vector<std::uint8_t> element(std::uint8_t id, const std::vector<std::uint8_t>& value) {
  return join({{id, static_cast<std::uint8_t>(value.size())}, value});
}

const auto kOpen = "0100"_hex;
const auto kPrivate = "1100"_hex;
const auto kName = element(0, ascii("PLANT"));
const auto kRates = element(1, "82848b96"_hex);
const auto kRsn = element(48, "0100 000fac04 0100 000fac04 0100 000fac02 0000"_hex);
const auto kWpa = element(221, "0050f201 0100 0050f202 0100 0050f202 0100 0050f202"_hex);

const std::vector<Meaning> kCases{
    {network(kOpen, {kName, kRates}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, open"},
    {network(kPrivate, {kName, kRates}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, WEP"},
    {network(kOpen, {element(0, {})}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 hidden SSID, open"},
    {network(kOpen, {element(0, "000000"_hex), kRates}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 hidden SSID, open"},
    // Stations among themselves have no access point.
    {network("0200"_hex, {kName}), kBeacon,
     "notice 8 beacon; event wireless 802.11 ad hoc SSID PLANT, open"},
    {network("0000"_hex, {element(0, {}), element(114, ascii("yard"))}), kBeacon,
     "notice 8 beacon; event wireless 802.11 mesh yard; event wireless 802.11 hidden SSID, open"},
    {network(kOpen,
             {kName, element(221, join({"0050f204 1021 0004"_hex, ascii("Moxa"), "1023 0003"_hex,
                                        ascii("AWK"), "1024 0004"_hex, ascii("3131"),
                                        "1042 0002"_hex, ascii("77"), "1011 0004"_hex,
                                        ascii("AP-1"), "1044 0001 02"_hex}))}),
     kProbe,
     "notice 5 probe-response; capability wlan-ap; vendor Moxa; product AWK; model 3131; serial "
     "77; name AP-1; event wireless 802.11 SSID PLANT, open"},
    {join({"3100 0a00"_hex, kName, kRates}), kAssociate,
     "notice 0 association-request; event wireless 802.11 joins SSID PLANT"},
    {join({"3100 0a00 001b1b000001"_hex, kName}), at(2),
     "notice 2 reassociation-request; event wireless 802.11 joins SSID PLANT"},
    {join({"3100 0000 01c0"_hex, kRates}), at(1), "notice 1 association-response"},
    {join({"3100 1100 0000"_hex, kRates}), at(3), "notice 3 reassociation-response"},
    {"0000 0100 0000"_hex, kAuthenticate, "request 11 authentication"},
    {"0000 0200 0000"_hex, kAuthenticate, "executed"},
    {"0000 0200 0d00"_hex, kAuthenticate, "rejected for 13"},
    {"0100 0300 0000"_hex, kAuthenticate,
     "event wireless 802.11 shared key, WEP; request 11 authentication"},
    {"0300 0100 0000 1300"_hex, kAuthenticate, "notice 11 authentication"},
    {"0800"_hex, at(10), "notice 10 disassociation"},
    {"0300"_hex, at(12), "notice 12 deauthentication"},
};

// How they are protected stands behind what a cut would leave; decode hands on no management frame
// that was cut short.
const std::vector<Meaning> kKeyed{
    {network(kPrivate, {kName, kRates, kRsn}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, RSN"},
    {network(kPrivate, {kName, kRates, kWpa}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, WPA"},
    {network(kPrivate, {kName, kRsn, kWpa}), kProbe,
     "notice 5 probe-response; capability wlan-ap; event wireless 802.11 SSID PLANT, RSN; event "
     "wireless 802.11 SSID PLANT, WPA"},
    // A check sequence of which nothing told.
    {network(kPrivate, {kName, kRsn, "deadbeef"_hex}), kBeacon,
     "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, RSN"},
};

TEST_CASE("802.11: what frames mean", "[wlan]") {
  check_meaning(GENERATE(from_range(kCases)));
  check_meaning(GENERATE(from_range(kKeyed)));
}

TEST_CASE("802.11: a frame cut anywhere says nothing that the whole does not", "[wlan]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("802.11: a cut leaves a protected network protected", "[wlan]") {
  for (auto c : kKeyed) {
    c.means += "; event wireless 802.11 SSID PLANT, WEP";
    check_cuts(c);
  }
}

TEST_CASE("802.11: the fields and the first element decide", "[wlan]") {
  CHECK(extent_of("0102030405060708 6400 01"_hex, kBeacon) == Extent::incomplete());
  CHECK(extent_of(network(kOpen, {}), kBeacon) == Extent::incomplete());
  CHECK(extent_of(network(kOpen, {"00 05 41"_hex}), kBeacon) == Extent::incomplete());
  CHECK(extent_of(network(kOpen, {"00 21"_hex, std::vector<std::uint8_t>(33)}), kBeacon) ==
        Extent::foreign());
  CHECK(extent_of(network(kOpen, {kRates}), kBeacon) == Extent::foreign());
  CHECK(extent_of("0000 0000 0000"_hex, kAuthenticate) == Extent::foreign());
  CHECK(extent_of("0000 0500 0000"_hex, kAuthenticate) == Extent::foreign());
  CHECK(extent_of("0700 0100 0000"_hex, kAuthenticate) == Extent::foreign());
  CHECK(extent_of("8000 0100 0000"_hex, kAuthenticate) == Extent::of(6));
  CHECK(extent_of("03"_hex, at(12)) == Extent::incomplete());
  CHECK(extent_of({}, at(12)) == Extent::incomplete());
  auto elsewhere = kBeacon;
  elsewhere.over = Over::ethernet;
  CHECK(extent_of(network(kOpen, {kName}), elsewhere) == Extent::foreign());
}

TEST_CASE("802.11: elements whose lengths lie say nothing", "[wlan]") {
  FlowState state{};
  const auto context = context_of(kBeacon, state);
  CHECK(hear(network(kPrivate, {kName, "30 02 02 00"_hex}), context) ==
        "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, WEP");
  CHECK(hear(network(kOpen, {kName, element(221, "0050f204 1021 00ff 41"_hex)}), context) ==
        "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, open");
  CHECK(hear(network(kOpen, {kName, element(221, "0050f2"_hex)}), context) ==
        "notice 8 beacon; capability wlan-ap; event wireless 802.11 SSID PLANT, open");
}

TEST_CASE("802.11: who answers is an access point", "[wlan]") {
  FlowState state{};
  const auto says = [&](std::uint64_t subtype, const std::vector<std::uint8_t>& bytes) {
    return the_dissector().sender(ByteCursor{bytes}, context_of(at(subtype), state));
  };
  CHECK(says(0, "3100"_hex) == Sender::client);
  CHECK(says(1, "3100"_hex) == Sender::server);
  CHECK(says(5, {}) == Sender::server);
  CHECK(says(11, "0000 0100"_hex) == Sender::client);
  CHECK(says(11, "0000 0200"_hex) == Sender::server);
  CHECK(says(8, {}) == std::nullopt);
}

TEST_CASE("802.11: damaged frames are survived", "[wlan]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
  survive_damage(kKeyed, seed);
}

}  // namespace
}  // namespace sekimori::test
