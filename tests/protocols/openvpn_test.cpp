#include "damage.h"
#include "dialogue.h"

namespace sekimori::test {
namespace {

constexpr Place kAsks{.seat = 1194};
constexpr Place kAnswers{.seat = 1194, .sender = Sender::server};
constexpr Place kForeignAsks{};
constexpr Place kForeignAnswers{.sender = Sender::server};

using ByteVector = std::vector<std::uint8_t>;

const auto kMine = "a1a2a3a4a5a6a7a8"_hex;
const auto kTheirs = "b1b2b3b4b5b6b7b8"_hex;
const ByteVector kNoise(32, 0x9c);
const auto kReplay = "00000001 5f000000"_hex;
const auto kReset = join({"38"_hex, kMine, "00 00000000"_hex});
const auto kResetAnswer = join({"40"_hex, kTheirs, "01 00000000"_hex, kMine, "00000000"_hex});
const auto kGuardedReset =
    join({"38"_hex, kMine, ByteVector(20, 0x77), kReplay, "00 00000000"_hex});
const auto kSealedReset = join({"38"_hex, kMine, kReplay, kNoise, "0102030405"_hex});
const auto kSealedAnswer = join({"40"_hex, kTheirs, kReplay, kNoise, ByteVector(17, 0x31)});
const auto kWrapped = join({"50"_hex, kMine, "0f000001 5f000000"_hex, kNoise, "0102030405"_hex,
                            ByteVector(290, 0x44), "0124"_hex});
const auto kAck = join({"28"_hex, kMine, "01 00000000"_hex, kTheirs});
const auto kControl = join({"20"_hex, kMine, "00 00000001"_hex, "160301 0005 0100000100"_hex});
const auto kData = join({"48 000001"_hex, kNoise});

const std::vector<Meaning> kCases{
    {kReset, kForeignAsks,
     "request 7 hard-reset-client; event tunnel OpenVPN; event version OpenVPN, control channel "
     "not guarded"},
    {kResetAnswer, kForeignAnswers,
     "executed; event tunnel OpenVPN; event version OpenVPN, control channel not guarded"},
    {kGuardedReset, kForeignAsks,
     "request 7 hard-reset-client; event tunnel OpenVPN; event version OpenVPN with tls-auth"},
    {kSealedReset, kForeignAsks,
     "request 7 hard-reset-client; event tunnel OpenVPN; event version OpenVPN with tls-crypt"},
    {kSealedAnswer, kForeignAnswers,
     "executed; event tunnel OpenVPN; event version OpenVPN with tls-crypt"},
    {kWrapped, kForeignAsks,
     "request 10 hard-reset-client; event tunnel OpenVPN; event version OpenVPN with tls-crypt"},
    {kAck, kAsks, "notice 5 acknowledge; event tunnel OpenVPN"},
    {kControl, kAsks, "notice 4 control; event tunnel OpenVPN"},
    {kData, kAnswers, "notice 9 data; event tunnel OpenVPN; event encrypted OpenVPN"},
    {kData, kForeignAnswers, "notice 9 data; event tunnel OpenVPN; event encrypted OpenVPN", {1}},
};

TEST_CASE("OpenVPN: what packets mean", "[openvpn]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("OpenVPN: a packet cut anywhere says nothing that the whole does not", "[openvpn]") {
  check_cuts(GENERATE(from_range(kCases)));
}

ByteVector framed(const ByteVector& packet) {
  return join(
      {{static_cast<std::uint8_t>(packet.size() >> 8U), static_cast<std::uint8_t>(packet.size())},
       packet});
}

const Dialogue kStream{client(framed(kReset)), server(framed(kResetAnswer)), client(framed(kAck)),
                       client(join({framed(kControl), framed(kData)})), server(framed(kData))};

TEST_CASE("OpenVPN: over TCP", "[openvpn]") {
  const std::string means{
      "request 7 hard-reset-client; event tunnel OpenVPN; event version OpenVPN, control channel "
      "not guarded; executed; event tunnel OpenVPN; event version OpenVPN, control channel not "
      "guarded; notice 5 acknowledge; event tunnel OpenVPN; notice 4 control; event tunnel "
      "OpenVPN; notice 9 data; event tunnel OpenVPN; event encrypted OpenVPN; notice 9 data; event "
      "tunnel OpenVPN; event encrypted OpenVPN"};
  CHECK(meaning(kStream) == means);
  CHECK(meaning_bytewise(kStream) == means);
  CHECK(cut_that_lies(kStream) == "");
  CHECK(first_turns_are_understood(kStream));
}

TEST_CASE("OpenVPN: only a reset proves itself", "[openvpn]") {
  CHECK(extent_of(kAck, kForeignAsks) == Extent::foreign());
  CHECK(extent_of(kControl, kForeignAsks) == Extent::foreign());
  CHECK(extent_of(kData, kForeignAsks) == Extent::foreign());
  CHECK(extent_of(ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), kAsks) ==
        Extent::foreign());
}

TEST_CASE("OpenVPN: every byte of a reset that is fixed is asked for", "[openvpn]") {
  const auto refused = [](ByteVector packet, std::size_t at, unsigned byte) {
    packet[at] = static_cast<std::uint8_t>(byte);
    CAPTURE(at, byte);
    CHECK(extent_of(packet, kAsks) == Extent::foreign());
  };
  refused(kReset, 0, 0x39);
  refused(kReset, 9, 1);
  refused(kReset, 13, 1);
  refused(kResetAnswer, 9, 0);
  refused(kResetAnswer, 13, 1);
  refused(kResetAnswer, 25, 1);
  refused(kGuardedReset, 30, 0xff);
  refused(kGuardedReset, 33, 0x10);
  refused(kSealedReset, 12, 0);
  refused(kSealedReset, 13, 0x10);
  refused(kWrapped, kWrapped.size() - 2, 0xff);
  CHECK(extent_of(join({"38"_hex, ByteVector(13)}), kAsks) == Extent::foreign());
  CHECK(extent_of(join({kReset, "00"_hex}), kAsks) == Extent::foreign());
}

TEST_CASE("OpenVPN: others are refused", "[openvpn]") {
  check_refuses_others(Over::udp);
  check_refuses_others(Over::tcp);
}

TEST_CASE("OpenVPN: lengths over TCP", "[openvpn]") {
  const Place tcp{.over = Over::tcp, .seat = 1194};
  CHECK(extent_of("00"_hex, tcp) == Extent::incomplete());
  CHECK(extent_of("000d"_hex, tcp) == Extent::foreign());
  CHECK(extent_of("ffff"_hex, tcp) == Extent::foreign());
  CHECK(extent_of("000e"_hex, tcp) == Extent::incomplete());
  CHECK(extent_of("000e 38"_hex, tcp) == Extent::incomplete());
  CHECK(extent_of("000e 00"_hex, tcp) == Extent::foreign());
  CHECK(extent_of("0016 28"_hex, {.over = Over::tcp}) == Extent::foreign());
}

TEST_CASE("OpenVPN: damaged packets are survived", "[openvpn]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
  std::mt19937 random{seed};
  survive(kStream, random);
}

}  // namespace
}  // namespace sekimori::test
