#include "ber_bytes.h"
#include "datagram.h"

namespace sekimori::test {
namespace {

constexpr Place kAsk{.over = Over::udp, .seat = 161};
constexpr Place kAnswer{.over = Over::udp,
                        .seat = 161,
                        .sender = Sender::server,
                        .source = "10.0.0.9",
                        .destination = "10.0.0.5"};
constexpr Place kTrap{.over = Over::udp, .seat = 162, .source = "10.0.0.9"};

using Bytes8 = std::vector<std::uint8_t>;

Bytes8 text(std::string_view value) {
  return ber_of(0x04, {ascii(value)});
}
Bytes8 oid(std::string_view content) {
  return ber_of(0x06, {hex(content)});
}
Bytes8 binding(std::string_view object, const Bytes8& value) {
  return ber_of(0x30, {oid(object), value});
}
Bytes8 bindings(std::initializer_list<Bytes8> all) {
  return ber_of(0x30, all);
}

const auto kNull = "05 00"_hex;
const auto kNothing = bindings({binding("2b06010201010100", kNull)});

/// Request 7 with an error status.
Bytes8 pdu(unsigned tag, const Bytes8& variables, std::string_view status = "00") {
  return ber_of(tag, {"02 01 07"_hex, "02 01"_hex, hex(status), "02 01 00"_hex, variables});
}
Bytes8 community(std::string_view version, std::string_view word, const Bytes8& content) {
  return ber_of(0x30, {"02 01"_hex, hex(version), text(word), content});
}

const auto kEngine = "80 000010cd 03 001b1b000009"_hex;  // not a maker's: 0x10cd is 4301

/// Version 3: message id 5, flags, user; then a scoped PDU or an encrypted one.
Bytes8 user_message(std::string_view flags, const Bytes8& engine, std::string_view user,
                    const Bytes8& content) {
  return ber_of(0x30,
                {"02 01 03"_hex,
                 ber_of(0x30, {"02 01 05 02 02 05dc"_hex, "04 01"_hex, hex(flags), "02 01 03"_hex}),
                 ber_of(0x04, {ber_of(0x30, {ber_of(0x04, {engine}), "02 01 01 02 01 02"_hex,
                                             text(user), "04 00 04 00"_hex})}),
                 content});
}
Bytes8 scoped(const Bytes8& content) {
  return ber_of(0x30, {ber_of(0x04, {kEngine}), text(""), content});
}
const auto kEncrypted = ber_of(0x04, {Bytes8(24, 0xa5)});
const std::string kV1 = "server: event version SNMP v1; ";
const std::string kV2 = "server: event version SNMP v2c; ";
const std::string kV3 = "server: event version SNMP v3; ";
const std::string kEngineSaid = "identifier snmp-engine 80000010cd03001b1b000009; ";
constexpr auto kKey = "4294967303";

const std::vector<Meaning> kCases{
    {community("00", "public", pdu(0xa0, kNothing)), kAsk,
     kV1 + "server: event cleartext-login community, default; request 0 get key " + kKey},
    {community("01", "Kx9!plantread", pdu(0xa5, kNothing)), kAsk,
     kV2 + "server: event cleartext-login community, not default; request 5 get-bulk key " + kKey},
    {community("01", "", pdu(0xa1, kNothing)), kAsk,
     kV2 + "server: event cleartext-login community, empty; request 1 get-next key " + kKey},
    // ifAdminStatus.3 := down(2)
    {community("01", "private",
               pdu(0xa3, bindings({binding("2b060102010202010703", "02 01 02"_hex)}))),
     kAsk,
     kV2 +
         "server: event cleartext-login write community, default; request 3 set on "
         "1.3.6.1.2.1.2.2.1.7 key " +
         kKey},
    {community("01", "public",
               pdu(0xa2, bindings({binding("2b06010201010100", text("EDS-408A V3.8")),
                                   binding("2b06010201010200", oid("2b06010401c3730718")),
                                   binding("2b06010201010400", text("ops@plant.example")),
                                   binding("2b06010201010500", text("sw-cell3")),
                                   binding("2b06010201010600", text("Cabinet 3")),
                                   binding("2b06010201040100", "02 01 01"_hex)}))),
     kAnswer,
     kV2 + "server: event cleartext-login community, default; executed key " + kKey +
         "; description EDS-408A V3.8; vendor Moxa; contact ops@plant.example; name sw-cell3; "
         "location Cabinet 3; capability ip-forwarding"},
    {community("01", "public",
               pdu(0xa2, bindings({binding("2b060102012f01010101 0b 01", text("S-123")),
                                   binding("2b060102012f01010101 0d 01", text("XC208")),
                                   binding("2b060102012f01010101 09 02", text("V4.1")),
                                   binding("2b060102012f01010101 02 01", text("chassis")),
                                   binding("2b060102012f01010101 0c 01", text(""))}))),
     kAnswer,
     kV2 + "server: event cleartext-login community, default; executed key " + kKey +
         "; serial S-123; model XC208; firmware V4.1"},
    {community("00", "public", pdu(0xa2, kNothing, "02")), kAnswer,
     kV1 + "server: event cleartext-login community, default; rejected for 2 key " + kKey},
    {community(
         "00", "public",
         ber_of(0xa4, {oid("2b06010401817804"), "40 04 0a00000a"_hex, "02 01 06 02 01 01"_hex,
                       "43 01 64"_hex, bindings({binding("2b06010201010500", text("sw-cell9"))})})),
     kTrap,
     "client: event version SNMP v1; client: event cleartext-login community, default; notice 4 "
     "trap; 10.0.0.10: vendor Hirschmann; 10.0.0.10: name sw-cell9"},
    {community("01", "public", pdu(0xa7, bindings({binding("2b06010201010500", text("sw-1"))}))),
     kTrap,
     "client: event version SNMP v2c; client: event cleartext-login community, default; notice 7 "
     "trap; name sw-1"},
    {community("01", "public", pdu(0xa6, kNothing)), kTrap,
     "client: event version SNMP v2c; client: event cleartext-login community, default; request 6 "
     "inform key " +
         std::string{kKey}},
    // Discovery: no engine, no user; the agent reports its own.
    {user_message("04", {}, "", scoped(pdu(0xa0, bindings({})))), kAsk,
     kV3 + "request 0 get key 4294967301"},
    {user_message("00", kEngine, "",
                  scoped(pdu(0xa8, bindings({binding("2b060106030f01010400", "41 01 01"_hex)})))),
     kAnswer, kV3 + "server: " + kEngineSaid + "rejected for 104 key 4294967301"},
    {user_message("00", kEngine, "ops",
                  scoped(pdu(0xa8, bindings({binding("2b060106030f01010500", "41 01 01"_hex)})))),
     kAnswer,
     kV3 + "server: " + kEngineSaid +
         "server: event login user ops, noAuthNoPriv; rejected for 105 key 4294967301; server: "
         "event login-rejected SNMP v3 wrong digest"},
    {user_message("05", kEngine, "ops", scoped(pdu(0xa0, kNothing))), kAsk,
     kV3 + "server: " + kEngineSaid +
         "server: event login user ops, authNoPriv; request 0 get key 4294967301"},
    {user_message("07", kEngine, "ops", kEncrypted), kAsk,
     kV3 + "server: " + kEngineSaid +
         "server: event login user ops, authPriv; server: event encrypted SNMP v3 authPriv; "
         "request "
         "v3/encrypted encrypted key 4294967301"},
    {user_message("03", kEngine, "ops", kEncrypted), kAnswer,
     kV3 + "server: " + kEngineSaid +
         "server: event login user ops, authPriv; server: event encrypted SNMP v3 authPriv; "
         "executed key 4294967301"},
    {user_message("03", "80 00001f88 04 61"_hex, "ops", kEncrypted), kTrap,
     "client: event version SNMP v3; client: identifier snmp-engine 8000001f880461; client: event "
     "login user ops, authPriv; client: event encrypted SNMP v3 authPriv; notice v3/encrypted "
     "encrypted"},
};

TEST_CASE("SNMP: what messages mean", "[snmp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("SNMP: a message cut anywhere says nothing that the whole does not", "[snmp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("SNMP: no community leaves the dissector", "[snmp]") {
  for (const std::string_view word : {"public", "Kx9!plantread", "private", "sw0rdfish"}) {
    for (const unsigned tag : {0xa0U, 0xa2U, 0xa3U, 0xa7U}) {
      FlowState state{};
      const auto heard = hear(community("01", word, pdu(tag, kNothing)), context_of(kAsk, state));
      CAPTURE(heard);
      CHECK_FALSE(heard.empty());
      CHECK(heard.find(word) == std::string::npos);
    }
  }
}

TEST_CASE("SNMP: the bytes decide on any port", "[snmp]") {
  constexpr Place kElsewhere{.over = Over::udp, .seat = 0};
  for (const auto& c : kCases) {
    CHECK(extent_of(c.message, kElsewhere) == Extent::of(c.message.size()));
    auto cut = c.message;
    cut.pop_back();
    CHECK(extent_of(cut, kElsewhere) == Extent::foreign());
    CHECK(extent_of(cut, kAsk) == Extent::incomplete());
    CHECK(extent_of(join({c.message, "30 00"_hex}), kElsewhere) == Extent::of(c.message.size()));
  }
  for (const auto place : {kAsk, kElsewhere}) {
    CHECK(extent_of({}, place) == Extent::foreign());
    CHECK(extent_of(ascii("0 is a digit, and 0x30"), place) == Extent::foreign());
    // LDAP: message 1, a search.
    CHECK(extent_of("30 0c 02 01 01 63 07 04 00 0a 01 00 0a 00"_hex, place) == Extent::foreign());
    CHECK(extent_of(community("02", "public", pdu(0xa0, kNothing)), place) == Extent::foreign());
    CHECK(extent_of(community("01", "public", pdu(0xa9, kNothing)), place) == Extent::foreign());
    CHECK(extent_of(community("01", "public", join({pdu(0xa0, kNothing), kNull})), place) ==
          Extent::foreign());
    // Lengths that lie: indefinite, of five bytes, and inside longer than outside.
    CHECK(extent_of("30 80 02 01 01 04 00 a0 00 00 00"_hex, place) == Extent::foreign());
    CHECK(extent_of("30 85 0000000005 02 01 01 04 00"_hex, place) == Extent::foreign());
    CHECK(extent_of("30 07 02 01 01 04 7f a0 00"_hex, place) == Extent::foreign());
  }
}

TEST_CASE("SNMP: askers are clients, answers are servers'", "[snmp]") {
  for (const auto& c : kCases) {
    CAPTURE(c.means);
    FlowState state{};
    const auto sender = the_dissector().sender(ByteCursor{c.message}, context_of(c.place, state));
    if (sender) CHECK(*sender == c.place.sender);
  }
}

TEST_CASE("SNMP: lies inside a PDU say nothing", "[snmp]") {
  FlowState state{};
  const auto context = context_of(kAnswer, state);
  const auto start = kV2 + "server: event cleartext-login community, default";
  const auto with = [&](const Bytes8& content) {
    return hear(community("01", "public", content), context);
  };
  CHECK(with("a2 00"_hex) == start);
  CHECK(with("a2 03 02 7f 07"_hex) == start);
  CHECK(with(ber_of(0xa2, {"02 09 010203040506070809"_hex, "02 01 00 02 01 00 30 00"_hex})) ==
        start);
  // An OID whose last arc never ends, one of five-byte arcs, one of sixty arcs.
  const auto executed = start + "; executed key " + kKey;
  CHECK(with(pdu(0xa2, bindings({binding("2b8080", text("x"))}))) == executed);
  CHECK(with(pdu(0xa2, bindings({binding("2b9080808000", text("x"))}))) == executed);
  CHECK(with(pdu(0xa2, bindings({ber_of(0x30, {ber_of(0x06, {Bytes8(60, 1)}), text("x")})}))) ==
        executed);
  CHECK(with(pdu(0xa2, bindings({binding("", text("x"))}))) == executed);
}

}  // namespace
}  // namespace sekimori::test
