#include "datagram.h"
#include "dns_bytes.h"

namespace sekimori::test {
namespace {

constexpr Place kAsk{.over = Over::udp, .seat = 53};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 53,
                        .sender = Sender::server,
                        .source = "10.0.0.1",
                        .destination = "10.0.0.5"};
constexpr Place kStream{.over = Over::tcp, .seat = 53};

const auto kWww = name("www.plant.local");
// 0xc00c points to the first question's name.
const auto kAddress = "c00c 0001 0001 0000003c 0004 0a000007"_hex;

const std::vector<Meaning> kCases{
    {join({"1234 0100 0001 0000 0000 0000"_hex, kWww, "0001 0001"_hex}), kAsk,
     "request query/A query key 70196"},
    {join({"1234 8580 0001 0001 0000 0000"_hex, kWww, "0001 0001"_hex, kAddress}), kAnswer,
     "executed key 70196; 10.0.0.7: name www.plant.local"},
    {join({"0000 8183 0001 0000 0000 0000"_hex, kWww, "0001 0001"_hex}), kAnswer,
     "rejected for 3 key 65536"},
    // An alias chain: the name asked for stands, not the one it ends at.
    {join({"1234 8180 0001 0002 0000 0000"_hex, kWww, "0001 0001"_hex,
           "c00c 0005 0001 0000003c"_hex, data(name("srv7.cdn.example")), name("srv7.cdn.example"),
           "0001 0001 0000003c 0004 0a000007"_hex}),
     kAnswer, "executed key 70196; 10.0.0.7: name www.plant.local"},
    {join({"1234 8180 0001 0001 0000 0000"_hex, name("7.0.0.10.in-addr.arpa"), "000c 0001"_hex,
           "c00c 000c 0001 0000003c"_hex, data(name("plc7.plant.local"))}),
     kAnswer, "executed key 70196; 10.0.0.7: name plc7.plant.local"},
    {join({"1234 8180 0001 0001 0000 0000"_hex, kWww, "001c 0001"_hex,
           "c00c 001c 0001 0000003c 0010 fd000000000000000000000000000007"_hex}),
     kAnswer, "executed key 70196; fd00::7: name www.plant.local"},
    // Active Directory's controllers.
    {join({"1234 8580 0001 0001 0000 0001"_hex, name("_ldap._tcp.dc._msdcs.plant.local"),
           "0021 0001"_hex, "c00c 0021 0001 0000003c"_hex,
           data(join({"0000 0064 0185"_hex, name("dc1.plant.local")})), name("DC1.plant.local"),
           "0001 0001 0000003c 0004 0a000002"_hex}),
     kAnswer,
     "executed key 70196; 10.0.0.2: name DC1.plant.local; 10.0.0.2: capability domain-controller"},
    {join({"1234 8400 0001 0001 0000 0000"_hex, name("version.bind"), "0010 0003"_hex,
           "c00c 0010 0003 00000000"_hex, data(join({"0e"_hex, ascii("9.11.4-P2-RHEL")}))}),
     kAnswer, "executed key 70196; software 9.11.4-P2-RHEL"},
    // A host registers its own address.
    {join({"1234 2800 0001 0000 0001 0000"_hex, name("plant.local"), "0006 0001"_hex,
           name("hmi5.plant.local"), "0001 0001 00000384 0004 0a000005"_hex}),
     kAsk, "request update dynamic-update key 70196; 10.0.0.5: name hmi5.plant.local"},
    {join({"1234 2400 0001 0000 0000 0000"_hex, name("plant.local"), "0006 0001"_hex}), kAsk,
     "request notify zone-changed key 70196"},
    {join({"1234 0100 0001 0000 0000 0000"_hex, kWww, "ff55 0001"_hex}), kAsk,
     "request query/other query key 70196"},
    {join({"0021 1234 0100 0001 0000 0000 0000"_hex, kWww, "00fc 0001"_hex}), kStream,
     "request query/AXFR zone-transfer key 70196"},
};

TEST_CASE("DNS: what messages mean", "[dns]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("DNS: a message cut anywhere says nothing that the whole does not", "[dns]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("DNS: the table has a row once", "[dns]") {
  std::set<std::string_view> notations;
  for (const auto& row : the_dissector().operations) CHECK(notations.insert(row.notation).second);
}

TEST_CASE("DNS: a question is the client's, an answer the server's", "[dns]") {
  for (const auto& c : kCases) {
    CAPTURE(c.means);
    FlowState state{};
    CHECK(the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state)) ==
          c.place.sender);
  }
}

TEST_CASE("DNS: off its port a message must be whole and usual", "[dns]") {
  constexpr Place kElsewhere{.over = Over::udp, .seat = 0};
  const auto& question = kCases[0].message;
  CHECK(extent_of(question, kElsewhere) == Extent::of(question.size()));
  CHECK(extent_of(kCases[1].message, kElsewhere) == Extent::of(kCases[1].message.size()));
  CHECK(extent_of(join({question, "00"_hex}), kElsewhere) == Extent::foreign());
  for (std::size_t size = 0; size < question.size(); ++size) {
    CAPTURE(size);
    const std::vector<std::uint8_t> cut(question.begin(),
                                        question.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(extent_of(cut, kElsewhere) == Extent::foreign());
  }
  // No question; a class that nobody has; a strange type; an answer's bit in a question.
  CHECK(extent_of("1234 0100 0000 0000 0000 0000"_hex, kElsewhere) == Extent::foreign());
  CHECK(extent_of(join({"1234 0100 0001 0000 0000 0000"_hex, kWww, "0001 0777"_hex}), kElsewhere) ==
        Extent::foreign());
  CHECK(extent_of(join({"1234 0100 0001 0000 0000 0000"_hex, kWww, "ff55 0001"_hex}), kElsewhere) ==
        Extent::foreign());
  CHECK(extent_of(join({"1234 0500 0001 0000 0000 0000"_hex, kWww, "0001 0001"_hex}), kElsewhere) ==
        Extent::foreign());
}

TEST_CASE("DNS: its relatives keep their ports", "[dns]") {
  for (const std::uint64_t port : {137U, 5353U, 5355U})
    CHECK(extent_of(kCases[0].message, {.over = Over::udp, .seat = port}) == Extent::foreign());
}

TEST_CASE("DNS: bytes of others are foreign", "[dns]") {
  for (const auto place :
       {kAsk, kStream, Place{.over = Over::udp, .seat = 0}, Place{.over = Over::tcp, .seat = 0}}) {
    CHECK(extent_of(ascii("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), place) == Extent::foreign());
    CHECK(extent_of(ascii("SSH-2.0-OpenSSH_8.4\r\n"), place) == Extent::foreign());
    CHECK(extent_of("16 0301 00c8 01 0000c4 0303 000102030405060708090a0b"_hex, place) ==
          Extent::foreign());
  }
  CHECK(extent_of("0001 0000 0006 01 03 0000 0001 00 00 00"_hex, kStream) == Extent::foreign());
}

TEST_CASE("DNS: names that turn in a circle end, and are told", "[dns]") {
  FlowState state{};
  const auto context = context_of(kAnswer, state);
  const auto message = join({"1234 8180 0001 0003 0000 0000"_hex, kWww, "0001 0001"_hex, kAddress,
                             "c03f c03d 0001 0001 00000000 0000"_hex});
  CHECK(hear(message, context) ==
        "executed key 70196; 10.0.0.7: name www.plant.local; event malformed name that turns in a "
        "circle or is too long");
  // A pointer to itself in the question, and one into the header.
  CHECK(extent_of("1234 0100 0001 0000 0000 0000 c00c 0001 0001"_hex, kAsk) == Extent::foreign());
  CHECK(extent_of("1234 0100 0001 0000 0000 0000 c000 0001 0001"_hex, kAsk) == Extent::foreign());
}

TEST_CASE("DNS: counts that cannot be are foreign off the port and harmless on it", "[dns]") {
  const auto message = join({"1234 8180 0001 ffff ffff ffff"_hex, kWww, "0001 0001"_hex});
  CHECK(extent_of(message, {.over = Over::udp, .seat = 0}) == Extent::foreign());
  FlowState state{};
  const auto context = context_of(kAnswer, state);
  bool whole = true;
  CHECK(hear(message, context, &whole) == "executed key 70196");
  CHECK_FALSE(whole);
}

TEST_CASE("DNS: over TCP the length is the message's, and a part is awaited", "[dns]") {
  const auto& message = kCases.back().message;
  const auto two = join({message, message});
  CHECK(extent_of(two, kStream) == Extent::of(message.size()));
  for (std::size_t size = 0; size < 14; ++size) {
    const std::vector<std::uint8_t> cut(message.begin(),
                                        message.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(extent_of(cut, kStream) == Extent::incomplete());
  }
  CHECK(extent_of("0005 1234"_hex, kStream) == Extent::foreign());
}

}  // namespace
}  // namespace sekimori::test
