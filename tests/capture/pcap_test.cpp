#include "sekimori/bytes/error.h"

#include "capture_bytes.h"
#include "hex.h"

#include <limits>

namespace sekimori::test {
namespace {

const Octets kFirst = "00 01 02 03 04"_hex;
const Octets kSecond = "aa bb"_hex;

Octets two_frames(Endian endian, std::uint32_t magic = kMicroMagic) {
  const bool nano = magic == kNanoMagic;
  return join({pcap_header(endian, magic), pcap_record(endian, 10, nano ? 7 : 7000, kFirst, 60),
               pcap_record(endian, 11, nano ? 8 : 8000, kSecond, 2)});
}

struct Form {
  std::string name;
  Endian endian;
  std::uint32_t magic;
  std::int64_t first;
};

std::ostream& operator<<(std::ostream& out, const Form& form) {
  return out << form.name;
}

const std::vector<Form> forms{
    {"little endian, microseconds", Endian::little, kMicroMagic, 10'007'000'000},
    {"big endian, microseconds", Endian::big, kMicroMagic, 10'007'000'000},
    {"little endian, nanoseconds", Endian::little, kNanoMagic, 10'000'000'007},
    {"big endian, nanoseconds", Endian::big, kNanoMagic, 10'000'000'007},
};

TEST_CASE("pcap: each form is read alike", "[pcap]") {
  const auto form = GENERATE(from_range(forms));
  CAPTURE(form);
  const auto read = read_bytes(two_frames(form.endian, form.magic));

  REQUIRE(read.frames.size() == 2);
  CHECK(read.frames[0] == Seen{kFirst, 60, 0, 1, form.first, LinkType::ethernet});
  CHECK(read.frames[1].bytes == kSecond);
  CHECK(read.frames[1].number == 2);
  CHECK(read.frames[1].time > form.first + 999'000'000);

  const auto& about = read.captures.at(0);
  CHECK(about.format == "pcap");
  CHECK(about.name == "x.pcap");
  CHECK(about.damage.empty());
  CHECK(about.packets == 2);
  CHECK(about.bytes == 62);
  CHECK(about.first_seen == read.frames[0].time);
  CHECK(about.last_seen == read.frames[1].time);
}

TEST_CASE("pcap: the modified form has eight bytes more in a record's header", "[pcap]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto record = Writing{endian}.u32(10).u32(7).u32(5).u32(60).u32(2).u16(8).u8(0).u8(0);
  const auto read = read_bytes(join(
      {pcap_header(endian, kModifiedMagic), record.octets(), kFirst, record.octets(), kFirst}));
  REQUIRE(read.frames.size() == 2);
  CHECK(read.frames[1] == Seen{kFirst, 60, 0, 2, 10'000'007'000, LinkType::ethernet});
  CHECK(read.captures[0].damage.empty());
}

TEST_CASE("pcap: the link type is told apart from the length of the check sequence", "[pcap]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto read = read_bytes(
      join({pcap_header(endian, kMicroMagic, 0x24000071), pcap_record(endian, 1, 0, kFirst, 5)}));
  CHECK(read.frames.at(0).link_type == LinkType::linux_sll);
  CHECK(read.captures[0].link_type == LinkType::linux_sll);
}

TEST_CASE("pcap: before version 2.4 the lengths may stand the other way round", "[pcap]") {
  const auto minor = GENERATE(std::uint16_t{2}, std::uint16_t{3});
  const auto record = Writing{Endian::little}.u32(1).u32(0).u32(60).u32(5).add(kFirst);
  const auto read =
      read_bytes(join({pcap_header(Endian::little, kMicroMagic, 1, minor), record.octets()}));
  CHECK(read.frames.at(0).bytes == kFirst);
  CHECK(read.frames.at(0).wire_length == 60);
  CHECK(read.captures[0].damage.empty());
}

TEST_CASE("pcap: a frame was never shorter on the wire than in the file", "[pcap]") {
  const auto read =
      read_bytes(join({pcap_header(Endian::little), pcap_record(Endian::little, 1, 0, kFirst, 3)}));
  CHECK(read.frames.at(0).wire_length == 5);
}

TEST_CASE("pcap: the last second and a fraction that is none stay in range", "[pcap]") {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  const auto read = read_bytes(join(
      {pcap_header(Endian::little), pcap_record(Endian::little, kMost, kMost, kFirst, kMost)}));
  CHECK(read.frames.at(0).time == 4'294'967'295'000'000'000 + 4'294'967'295'000);
  CHECK(read.frames.at(0).wire_length == kMost);
}

TEST_CASE("pcap: first and last seen are the least and the greatest time", "[pcap]") {
  const auto endian = Endian::little;
  const auto read = read_bytes(
      join({pcap_header(endian), pcap_record(endian, 5, 0, kFirst, 5),
            pcap_record(endian, 3, 0, kFirst, 5), pcap_record(endian, 4, 0, kFirst, 5)}));
  CHECK(read.frames.at(0).time == 5'000'000'000);
  CHECK(read.captures[0].first_seen == 3'000'000'000);
  CHECK(read.captures[0].last_seen == 5'000'000'000);
}

TEST_CASE("pcap: a file cut anywhere gives the frames before the cut and says where", "[pcap]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto whole = two_frames(endian);
  const auto all = read_bytes(whole).frames;
  const std::size_t first_end = 24 + 16 + kFirst.size();

  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (size < 4) {
      CHECK_THROWS_AS(read_bytes(cut), Error);
      continue;
    }
    const auto read = read_bytes(cut);
    REQUIRE(read.frames.size() == (size < first_end ? 0U : 1U));
    if (!read.frames.empty()) CHECK(read.frames[0] == all[0]);
    const bool at_a_border = size == 24 || size == first_end;
    const auto& damage = read.captures.at(0).damage;
    CHECK(damage.empty() == at_a_border);
    if (at_a_border) continue;
    const auto where = size < 24          ? "at byte 0, after frame 0: file header cut: "
                       : size < first_end ? "at byte 24, after frame 0: record "
                                          : "at byte 45, after frame 1: record ";
    CHECK(damage.starts_with(where));
  }
}

TEST_CASE("pcap: a record longer than any capture program writes is damage", "[pcap]") {
  const auto endian = Endian::little;
  const auto start = join({pcap_header(endian), pcap_record(endian, 1, 0, kFirst, 5)});
  const auto length = GENERATE(262'145U, 0x7fffffffU, 0xffffffffU);
  const auto bad = Writing{endian}.u32(1).u32(0).u32(length).u32(length).add(Octets(300'000));
  const auto read = read_bytes(join({start, bad.octets()}));
  CHECK(read.frames.size() == 1);
  CHECK(read.captures[0].damage == "at byte 45, after frame 1: record length " +
                                       std::to_string(length) + " is more than 262144");
}

TEST_CASE("pcap: the longest record that is believed is read", "[pcap]") {
  const auto endian = Endian::little;
  const auto read = read_bytes(
      join({pcap_header(endian), pcap_record(endian, 1, 0, Octets(262'144, 7), 262'144)}));
  CHECK(read.frames.at(0).bytes == Octets(262'144, 7));
  CHECK(read.captures[0].damage.empty());
}

TEST_CASE("pcap: a header alone is a capture without frames", "[pcap]") {
  const auto read = read_bytes(pcap_header(Endian::big));
  CHECK(read.frames.empty());
  CHECK(read.captures.at(0).damage.empty());
  CHECK(read.captures[0].packets == 0);
  CHECK(read.captures[0].first_seen == 0);
  CHECK(read.captures[0].last_seen == 0);
}

TEST_CASE("pcap: a version that nobody knows is refused", "[pcap]") {
  auto bytes = pcap_header(Endian::little);
  bytes[4] = 9;
  CHECK_THROWS_WITH(read_bytes(bytes),
                    Catch::Contains("x.pcap: at byte 4: pcap version 9.4 is not known"));
}

}  // namespace
}  // namespace sekimori::test
