#include "damage.h"

namespace sekimori::test {
namespace {

constexpr Place kIp{.over = Over::ip, .seat = 47};

std::vector<std::uint8_t> pptp(const std::vector<std::uint8_t>& frame) {
  return join(
      {"3001 880b"_hex, {0, static_cast<std::uint8_t>(frame.size())}, "0007 00000001"_hex, frame});
}

const std::vector<Meaning> kCases{
    {"2081 880b 0000 0007 00000005"_hex, kIp, "notice 1 pptp-packet; event tunnel PPTP"},
    // Link control: nothing but that it is there.
    {pptp("ff03 c021 01 01 0004"_hex), kIp, "notice 1 pptp-packet; event tunnel PPTP"},
    {pptp(join({"ff03 c023 01 01 0014 06"_hex, ascii("vendor"), "08"_hex, ascii("geheim12")})), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event cleartext-login PPTP PAP, user vendor, "
     "password not default"},
    {pptp("c023 03 01 0005 00"_hex), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event login-rejected PPTP PAP"},
    {pptp(join({"c223 02 01 000f 04 11223344"_hex, ascii("vendor")})), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event login PPTP CHAP vendor"},
    {pptp("c223 04 01 0004"_hex), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event login-rejected PPTP CHAP"},
    {pptp(join({"c227 02 01 000b 01"_hex, ascii("vendor")})), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event login PPTP vendor"},
    {pptp("fd 9001 0102030405060708"_hex), kIp,
     "notice 1 pptp-packet; event tunnel PPTP; event encrypted MPPE"},
    // A mirror's packet is no way to anywhere.
    {"1000 22eb 00000001 2000 0000 00000000"_hex, kIp, "notice 0 packet"},
    // RFC 2784: a type that nothing unwraps, with checksum, key and sequence.
    {"b000 9999 00000000 00000001 00000002 01020304"_hex, kIp, "notice 0 packet; event tunnel GRE"},
};

TEST_CASE("GRE: what packets mean", "[gre]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("GRE: a packet cut anywhere says nothing that the whole does not", "[gre]") {
  check_cuts(GENERATE(from_range(kCases)));
}

TEST_CASE("GRE: what Cisco's routers say of themselves through a tunnel is handed on", "[gre]") {
  check_meaning({"0000 2000 02 b4 0000 0001 0006 5231"_hex, kIp,
                 "notice 0 packet; event tunnel GRE; carries cdp of 10 bytes"});
}

TEST_CASE("GRE: the version decides", "[gre]") {
  CHECK(extent_of("3002 880b 0004 0007"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("3001 0800 0004 0007"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("1001 880b 0004 0007"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("b001 880b 0004 0007"_hex, kIp) == Extent::foreign());
  CHECK(extent_of("3001 88"_hex, kIp) == Extent::incomplete());
}

TEST_CASE("GRE: lengths of PPP that lie say nothing", "[gre]") {
  FlowState state{};
  const auto context = context_of(kIp, state);
  const std::string start{"notice 1 pptp-packet; event tunnel PPTP"};
  CHECK(hear(pptp("c023 01 01 0014 ff 4142"_hex), context) == start);
  CHECK(hear(pptp("c023 01 01 ffff 01 41 01 42"_hex), context) == start);
  CHECK(hear(pptp("c023 01 01 0002 01 41"_hex), context) == start);
  CHECK(hear(pptp("c223 02 01 0006 ff 41"_hex), context) == start);
  CHECK(hear(pptp("c227 02 01 00ff 01 41"_hex), context) == start);
  CHECK(hear(pptp("c2"_hex), context) == start);
}

TEST_CASE("GRE: damaged packets are survived", "[gre]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
}

}  // namespace
}  // namespace sekimori::test
