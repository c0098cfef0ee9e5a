#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kLink{.over = Over::ethernet, .seat = 0x888e, .source = "", .destination = ""};

const std::vector<Meaning> kCases{
    {"01 01 0000"_hex, kLink, "notice 1 start"},
    {"02 00 0005 01 07 0005 01"_hex, kLink, "notice 0 eap"},
    {join({"02 00 000d 02 07 000d 01"_hex, ascii("operator")}), kLink,
     "notice 0 eap; event login 802.1X operator"},
    {"02 00 0006 01 08 0006 19 20"_hex, kLink, "notice 0 eap; event version EAP PEAP"},
    {"02 00 0004 03 08 0004 0000"_hex, kLink, "notice 0 eap"},
    {"02 00 0004 04 08 0004"_hex, kLink, "notice 0 eap; event login-rejected 802.1X"},
    {join({"02 03 005f 02 008a 0010"_hex, std::vector<std::uint8_t>(90)}), kLink,
     "notice 3 key; event wireless 802.11 RSN keys"},
    {"01 03 0002 fe 00"_hex, kLink, "notice 3 key; event wireless 802.11 WPA keys"},
    {"01 03 0002 01 00"_hex, kLink, "notice 3 key"},
    {"03 05 0002 01 00"_hex, kLink, "notice 5 key-agreement; event version MACsec key agreement"},
};

TEST_CASE("802.1X: what messages mean", "[eapol]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("802.1X: a message cut anywhere says nothing that the whole does not", "[eapol]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("802.1X: version, type and length decide", "[eapol]") {
  CHECK(extent_of("00 01 0000"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("04 01 0000"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("01 09 0000"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("01 00 0005 05 07 0005 01"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("01 00 0005 01 07 0009 01"_hex, kLink) == Extent::foreign());
  CHECK(extent_of("01 03 0009 02"_hex, kLink) == Extent::incomplete());
}

TEST_CASE("802.1X: damaged messages are survived", "[eapol]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
