#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kAsk{.over = Over::udp, .seat = 1900, .destination = "239.255.255.250"};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 1900,
                        .sender = Sender::server,
                        .source = "10.0.0.7",
                        .destination = "10.0.0.5"};

const std::vector<Meaning> kCases{
    {ascii("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
           "ST: urn:schemas-upnp-org:device:Basic:1\r\nUSER-AGENT: Chrome/90\r\n\r\n"),
     kAsk, "notice M-SEARCH search; software Chrome/90"},
    {ascii("NOTIFY * HTTP/1.1\r\nNT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
           "SERVER: Linux/3.10 UPnP/1.0 miniupnpd/1.9\r\n"
           "USN: uuid:12-34::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"),
     kAsk,
     "notice NOTIFY notify; capability InternetGatewayDevice; "
     "software Linux/3.10 UPnP/1.0 miniupnpd/1.9; os Linux 3.10; identifier uuid:12-34"},
    {ascii("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nServer: UPnP/1.0\r\nUSN: uuid:5\r\n\r\n"),
     kAnswer, "notice 200 search-answer; software UPnP/1.0; identifier uuid:5"},
};

TEST_CASE("SSDP: what messages mean", "[ssdp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("SSDP: a message cut anywhere says nothing that the whole does not", "[ssdp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("SSDP: other bytes are foreign", "[ssdp]") {
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n\r\n"), kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("NOTIFY /a HTTP/1.1\r\n\r\n"), kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 404 Not\r\n\r\n"), kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("NOTIFY sip:a SIP/2.0\r\n\r\n"), kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("M-SEARCH * HTTP/1.1"), kAsk) == Extent::foreign());
  CHECK(extent_of(ascii("NOTIFY * HTTP/1.1" + std::string(2000, 'a')), kAsk) == Extent::foreign());
  CHECK(extent_of("810a 0011 0120"_hex, kAsk) == Extent::foreign());
}

TEST_CASE("SSDP: who answers is the server", "[ssdp]") {
  for (const auto& c : kCases) {
    FlowState state{};
    CHECK(the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state)) ==
          c.place.sender);
  }
}

}  // namespace
}  // namespace sekimori::test
