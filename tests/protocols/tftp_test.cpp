#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 69};
constexpr Place kAnswers{.seat = 69, .sender = Sender::server};
constexpr Place kForeign{};

std::vector<std::uint8_t> text(std::string_view words) {
  return join({ascii(words), "00"_hex});
}

const auto kRead = join({"0001"_hex, text("plc1.cfg"), text("octet")});

const std::vector<Meaning> kCases{
    {kRead, kForeign, "notice 1 read-file on plc1.cfg; event transfer read plc1.cfg"},
    {join({"0002"_hex, text("fw/image.bin"), text("OCTET"), text("blksize"), text("1428")}), kAsks,
     "notice 2 write-file on fw/image.bin; event transfer write fw/image.bin"},
    {"0003 0001 41424344"_hex, kAnswers, "notice 3 data"},
    {"0004 0001"_hex, kAsks, "notice 4 acknowledge"},
    {join({"0005 0001"_hex, text("File not found")}), kAnswers, "notice 5 error"},
    {join({"0006"_hex, text("blksize"), text("1428")}), kAnswers, "notice 6 acknowledge-options"},
};

TEST_CASE("TFTP: what messages mean", "[tftp]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("TFTP: a message cut anywhere says nothing that the whole does not", "[tftp]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("TFTP: names and modes decide", "[tftp]") {
  CHECK(extent_of(join({"0001"_hex, text("a"), text("octets")}), kAsks) == Extent::foreign());
  CHECK(extent_of(join({"0001"_hex, text(""), text("octet")}), kAsks) == Extent::foreign());
  CHECK(extent_of(join({"0001"_hex, text("a\x01"), text("octet")}), kAsks) == Extent::foreign());
  CHECK(extent_of(join({"0001"_hex, text("a"), text("octet"), text("b")}), kAsks) ==
        Extent::foreign());
  CHECK(extent_of(join({"0001"_hex, text("a"), ascii("octet")}), kAsks) == Extent::foreign());
  CHECK(extent_of(join({"0001"_hex, text(std::string(256, 'a')), text("octet")}), kAsks) ==
        Extent::foreign());
  CHECK(extent_of("0004 0001 00"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("0005 0009 00"_hex, kAsks) == Extent::foreign());
  CHECK(extent_of("0007 0001"_hex, kAsks) == Extent::foreign());
  // Blocks and answers prove nothing on a port of another's.
  for (std::size_t i = 2; i < kCases.size(); ++i)
    CHECK(extent_of(kCases[i].message, kForeign) == Extent::foreign());
}

TEST_CASE("TFTP: others are refused", "[tftp]") {
  check_refuses_others(Over::udp);
}

TEST_CASE("TFTP: damaged messages are survived", "[tftp]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
