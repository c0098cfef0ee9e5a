#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 5246};
constexpr Place kAnswers{.seat = 5246, .sender = Sender::server};
constexpr Place kData{.seat = 5247};
constexpr Place kForeign{};

using ByteVector = std::vector<std::uint8_t>;

ByteVector element(unsigned type, const ByteVector& value) {
  return join(
      {{static_cast<std::uint8_t>(type >> 8U), static_cast<std::uint8_t>(type),
        static_cast<std::uint8_t>(value.size() >> 8U), static_cast<std::uint8_t>(value.size())},
       value});
}
ByteVector control(unsigned type, unsigned sequence, const ByteVector& elements) {
  const auto size = elements.size() + 3;
  return join({"00 100200 00000000 000000"_hex,
               {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(sequence),
                static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size), 0},
               elements});
}
ByteVector part(unsigned type, std::string_view text) {
  return element(type, ascii(text));
}

const auto kDiscovery =
    control(1, 7,
            join({element(20, "01"_hex),
                  element(38, join({"00000009"_hex, part(0, "AIR-CAP2602I"), part(1, "FGL1234"),
                                    part(2, "board"), element(3, "3130"_hex)})),
                  part(45, "AP-cell3"), part(28, "cell 3")}));

const std::vector<Meaning> kCases{
    {kDiscovery, kForeign,
     "request 1 discovery key 263; client: event wireless CAPWAP access point; model AIR-CAP2602I; "
     "serial FGL1234; hardware 10; name AP-cell3; location cell 3"},
    {control(2, 7, join({part(4, "WLC-1")})), kAnswers,
     "client: event wireless CAPWAP access point; name WLC-1; executed key 263"},
    {control(4, 8, element(33, "00000003"_hex)), kAnswers,
     "client: event wireless CAPWAP access point; rejected for 3 key 264"},
    {control(1, 0, element(37, join({"00409600 0005"_hex, ascii("AP0001")}))),
     {.seat = 5246, .destination = "255.255.255.255"},
     "notice 1 discovery; client: event wireless CAPWAP access point; name AP0001"},
    {control(17, 9, {}), kAsks,
     "request 17 reset key 265; client: event wireless CAPWAP access point"},
    {"01 000000 16 feff 0000 000000000001 0004 01020304"_hex, kForeign,
     "notice dtls sealed; client: event wireless CAPWAP access point; event encrypted DTLS"},
    {"00 100200 00000000 0801 0203"_hex, kData,
     "notice data data; client: event wireless CAPWAP access point"},
};

TEST_CASE("CAPWAP: what messages mean", "[capwap]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("CAPWAP: a message cut anywhere says nothing that the whole does not", "[capwap]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("CAPWAP: header, type and elements decide", "[capwap]") {
  CHECK(extent_of(control(27, 1, {}), kAsks) == Extent::foreign());
  CHECK(extent_of(control(0, 1, {}), kAsks) == Extent::foreign());
  CHECK(extent_of(control(1, 1, "0014 0002 01"_hex), kAsks) == Extent::foreign());
  CHECK(extent_of("00 080200 00000000 00000001 07 0003 00"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("00 100201 00000000 00000001 07 0003 00"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("01 000000 99 feff 0000"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of(kCases.back().message, kForeign) == Extent::foreign());
  auto cut = kDiscovery;
  cut.pop_back();
  CHECK(extent_of(cut, kAsks) == Extent::incomplete());
  CHECK(extent_of(cut, kForeign) == Extent::foreign());
}

TEST_CASE("CAPWAP: others are refused", "[capwap]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("CAPWAP: damaged messages are survived", "[capwap]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
