#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 1701};
constexpr Place kAnswers{.seat = 1701, .sender = Sender::server};
constexpr Place kForeign{};
constexpr Place kIp{.over = Over::ip, .seat = 115};

using ByteVector = std::vector<std::uint8_t>;

ByteVector number(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}
ByteVector avp(unsigned type, const ByteVector& value, unsigned flags = 0x8000) {
  return join({number(flags | (value.size() + 6)), number(0), number(type), value});
}
ByteVector control(const ByteVector& body, std::string_view flags = "c802") {
  return join({hex(flags), number(body.size() + 12), "0007 0000 0000 0000"_hex, body});
}

const auto kStart = control(join({avp(0, "0001"_hex), avp(2, "0100"_hex), avp(7, ascii("ews-1")),
                                  avp(8, ascii("Microsoft"), 0), avp(9, "0007"_hex)}));

const std::vector<Meaning> kCases{
    {kStart, kForeign,
     "request 1 start-connection key 257; event tunnel L2TP; name ews-1; software Microsoft"},
    {control(join({avp(0, "0002"_hex), avp(7, ascii("gate"))})), kAnswers,
     "executed key 257; event tunnel L2TP; name gate"},
    {control(avp(0, "000a"_hex)), kAsks, "request 10 incoming-call key 266; event tunnel L2TP"},
    {control(avp(0, "000b"_hex)), kAnswers, "executed key 266; event tunnel L2TP"},
    {control(join({avp(0, "000c"_hex), avp(30, ascii("vendor")), avp(33, "0102"_hex, 0xc000)})),
     kAsks, "notice 12 incoming-call-connected; event tunnel L2TP; event login L2TP vendor"},
    {control({}), kAsks, "notice ack acknowledge"},
    {control(avp(0, "0006"_hex), "c803"), kAsks, "notice 6 hello; event tunnel L2TPv3"},
    {join({"00000000"_hex, control(avp(0, "0006"_hex), "c803")}), kIp,
     "notice 6 hello; event tunnel L2TPv3"},
    {"00000009 01020304 05060708"_hex, kIp, "notice data data; event tunnel L2TPv3"},
    {"0002 0007 0009 ff03 c021 01 01 0004"_hex, kAsks, "notice data data; event tunnel L2TP"},
    {join({"4002 0021 0007 0009 c023 01 01 0013 06"_hex, ascii("vendor"), "07"_hex,
           ascii("geheim1"), "00000000"_hex}),
     kAsks,
     "notice data data; event tunnel L2TP; event cleartext-login L2TP PAP, user vendor, password "
     "short"},
    {"0a02 0007 0009 0001 0002 0002 ffff 0021 45000014"_hex, kAsks,
     "notice data data; event tunnel L2TP; event version L2TP without encryption"},
};

TEST_CASE("L2TP: what messages mean", "[l2tp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("L2TP: a message cut anywhere says nothing that the whole does not", "[l2tp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("L2TP: flags, lengths and the first attribute decide", "[l2tp]") {
  CHECK(extent_of(control({}), kForeign) == Extent::foreign());
  CHECK(extent_of("0002 0007 0009 ff03 c021"_hex, kForeign) == Extent::foreign());
  CHECK(extent_of("00000000 c802 000c"_hex, kIp) == Extent::foreign());
  CHECK(extent_of(join({kStart, "00"_hex}), kForeign) == Extent::foreign());
  CHECK(extent_of(join({kStart, "00"_hex}), kAsks) == Extent::of(kStart.size() + 1));
  CHECK(extent_of(control(avp(0, "0001"_hex), "c804"), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(0, "0001"_hex), "8802"), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(0, "0001"_hex), "cb02"), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(0, "0001"_hex), "c832"), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(0, "0000"_hex)), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(0, "0015"_hex)), kAsks) == Extent::foreign());
  CHECK(extent_of(control(avp(7, "0001"_hex)), kAsks) == Extent::foreign());
  CHECK(extent_of(control(join({avp(0, "0001"_hex), "0005 0000 07"_hex})), kAsks) ==
        Extent::foreign());
  CHECK(extent_of("c802 000b 0007 0000 0000 0000"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("0002 0000 0009 ff03"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("c802 00ff 0007 0000 0000 0000"_hex, kAsks) == Extent::incomplete());
}

TEST_CASE("L2TP: others are refused", "[l2tp]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("L2TP: an offset that lies says nothing", "[l2tp]") {
  FlowState state{};
  CHECK(hear("0202 0007 0009 ffff c023"_hex, context_of(kAsks, state)) ==
        "notice data data; event tunnel L2TP");
}

TEST_CASE("L2TP: damaged messages are survived", "[l2tp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
