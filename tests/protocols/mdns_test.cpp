#include "datagram.h"
#include "dns_bytes.h"

namespace sekimori::test {
namespace {

constexpr Place kGroup{.over = Over::udp, .seat = 5353, .destination = "224.0.0.251"};
constexpr Place kStraight{.over = Over::udp,
                          .seat = 5353,
                          .sender = Sender::server,
                          .source = "10.0.0.5",
                          .destination = "10.0.0.9"};

std::vector<std::uint8_t> text(std::string_view entry) {
  return join({{static_cast<std::uint8_t>(entry.size())}, ascii(entry)});
}

const std::vector<Meaning> kCases{
    {join({"0000 0000 0002 0000 0000 0000"_hex, name("_http._tcp.local"), "000c 0001"_hex,
           name("_ipp._tcp.local"), "000c 8001"_hex}),
     kGroup, "notice query/PTR query"},
    // What stands behind a question are others' answers.
    {join({"0000 0000 0001 0001 0000 0000"_hex, name("_http._tcp.local"), "000c 0001"_hex,
           "c00c 000c 0001 00001194"_hex, data(name("Press 4._http._tcp.local"))}),
     kGroup, "notice query/PTR query"},
    {join({"0000 8400 0000 0001 0000 0003"_hex, name("_http._tcp.local"), "000c 0001 00001194"_hex,
           data(name("Press 4._http._tcp.local")), name("Press 4._http._tcp.local"),
           "0021 8001 00000078"_hex, data(join({"0000 0000 0050"_hex, name("press4.local")})),
           name("press4.local"), "0001 8001 00000078 0004 0a000005"_hex,
           name("Press 4._http._tcp.local"), "0010 8001 00001194"_hex,
           data(join({text("ty=Hydraulic press"), text("usb_MFG=Example"), text("path=/"),
                      text("flag"), text("serial=")}))}),
     kGroup,
     "notice response response; capability _http._tcp; capability _http._tcp; name press4.local; "
     "10.0.0.5: name press4.local; product Hydraulic press; vendor Example"},
    {join({"0000 8400 0000 0002 0000 0000"_hex, name("press4.local"), "000d 8001 00000078"_hex,
           data(join({text("ARMV7"), text("LINUX")})), name("_services._dns-sd._udp.local"),
           "000c 0001 00001194"_hex, data(name("_ssh._tcp.local"))}),
     kStraight, "notice response response; hardware ARMV7; os LINUX; capability _ssh._tcp"},
    {join({"0000 8400 0000 0001 0000 0000"_hex, name("9.0.0.10.in-addr.arpa"),
           "000c 8001 00000078"_hex, data(name("hmi9.local"))}),
     kGroup, "notice response response; 10.0.0.9: name hmi9.local"},
    // A farewell has no time to live (RFC 6762, 10.1).
    {join({"0000 8400 0000 0001 0000 0000"_hex, name("press4.local"),
           "0001 8001 00000000 0004 0a000005"_hex}),
     kGroup, "notice response response"},
};

TEST_CASE("mDNS: what messages mean", "[mdns]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("mDNS: a message cut anywhere says nothing that the whole does not", "[mdns]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("mDNS: towards the group nobody is the server", "[mdns]") {
  FlowState state{};
  const auto sender = the_dissector().sender;
  CHECK(sender(ByteCursor{kCases[2].message}, context_of(kGroup, state)) == std::nullopt);
  CHECK(sender(ByteCursor{kCases[3].message}, context_of(kStraight, state)) == Sender::server);
}

TEST_CASE("mDNS: without its port it is DNS; with it, other bytes are foreign", "[mdns]") {
  CHECK(extent_of(kCases[0].message, {.over = Over::udp, .seat = 0}) == Extent::foreign());
  CHECK(extent_of(ascii("NOTIFY * HTTP/1.1\r\n"), kGroup) == Extent::foreign());
  CHECK(extent_of("0000 8400 ffff ffff ffff ffff c00c"_hex, kGroup) == Extent::foreign());
  CHECK(extent_of("0000 84"_hex, kGroup) == Extent::incomplete());
}

TEST_CASE("mDNS: text and data that lie about their length say nothing", "[mdns]") {
  FlowState state{};
  const auto context = context_of(kGroup, state);
  const auto with = [&](std::string_view type, const std::vector<std::uint8_t>& bytes) {
    return hear(join({"0000 8400 0000 0001 0000 0000"_hex, name("a.local"), hex(type),
                      "8001 00000078"_hex, data(bytes)}),
                context);
  };
  CHECK(with("0010", "ff 6d643d78"_hex) == "notice response response");
  CHECK(with("000d", "05 41"_hex) == "notice response response");
  CHECK(with("0021", "0000 0000"_hex) == "notice response response");
  CHECK(with("0001", "0a0000"_hex) == "notice response response");
}

}  // namespace
}  // namespace sekimori::test
