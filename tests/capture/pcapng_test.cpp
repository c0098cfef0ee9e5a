#include "sekimori/bytes/error.h"

#include "capture_bytes.h"
#include "hex.h"

#include <algorithm>
#include <limits>

namespace sekimori::test {
namespace {

const Octets kFirst = "00 01 02 03 04"_hex;
const Octets kSecond = "aa bb cc dd"_hex;

Octets resolution(Endian endian, std::uint8_t value) {
  return option(endian, 9, {value});
}
Octets offset(Endian endian, std::int64_t seconds) {
  return option(endian, 14, Writing{endian}.u64(static_cast<std::uint64_t>(seconds)).octets());
}

TEST_CASE("pcapng: enhanced packets of two interfaces", "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto read = read_bytes(
      join({section(endian), interface(endian), interface(endian, 113),
            enhanced(endian, 0, 1'700'000'000'000'001, kFirst, 60, option(endian, 1, kSecond)),
            enhanced(endian, 1, 1'700'000'000'000'002, kSecond, 4)}));
  REQUIRE(read.frames.size() == 2);
  CHECK(read.frames[0] == Seen{kFirst, 60, 0, 1, 1'700'000'000'000'001'000, LinkType::ethernet});
  CHECK(read.frames[1] == Seen{kSecond, 4, 0, 2, 1'700'000'000'000'002'000, LinkType::linux_sll});
  const auto& about = read.captures.at(0);
  CHECK(about.format == "pcapng");
  CHECK(about.damage.empty());
  CHECK(about.link_type == LinkType::ethernet);
  CHECK(about.bytes == 64);
}

struct Clock {
  std::string name;
  std::uint8_t resolution;
  std::int64_t offset;
  std::uint64_t ticks;
  std::int64_t time;
};

std::ostream& operator<<(std::ostream& out, const Clock& clock) {
  return out << clock.name;
}

constexpr auto kMostOffset = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeastOffset = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLast = (std::int64_t{1} << 62U) - 1;
constexpr std::int64_t kFirstTime = -kLast - 1;
static_assert(kLast - kFirstTime == std::numeric_limits<std::int64_t>::max());
constexpr auto kMostTicks = std::numeric_limits<std::uint64_t>::max();

const std::vector<Clock> clocks{
    {"seconds", 0, 0, 12, 12'000'000'000},
    {"milliseconds", 3, 0, 12, 12'000'000},
    {"nanoseconds", 9, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456'789},
    {"picoseconds", 12, 0, 12'345, 12},
    {"10^-28 s", 28, 0, kMostTicks, 1},
    {"10^-29 s", 29, 0, kMostTicks, 0},
    {"10^-127 s", 127, 0, kMostTicks, 0},
    {"halves", 0x81, 0, 3, 1'500'000'000},
    {"2^-32 s", 0xa0, 0, 0x00000002'80000000, 2'500'000'000},
    {"2^-127 s", 0xff, 0, kMostTicks, 0},
    {"an offset", 6, 100, 1'000'000, 101'000'000'000},
    {"a negative offset", 6, -2, 1'000'000, -1'000'000'000},
    {"an offset at tick 0", 6, -2, 0, -2'000'000'000},
    {"too many seconds", 0, 0, kMostTicks, kLast},
    {"too many microseconds", 6, 0, kMostTicks, kLast},
    {"the last microsecond", 6, 0, 4'611'686'018'427'387, 4'611'686'018'427'387'000},
    {"the microsecond after it", 6, 0, 4'611'686'018'427'388, kLast},
    {"an offset beyond all time", 6, kMostOffset, 5, kLast},
    {"an offset before all time", 6, kLeastOffset, 5, kFirstTime},
    {"all at once", 0, kMostOffset, kMostTicks, kLast},
};

TEST_CASE("pcapng: clocks of every resolution and offset", "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto clock = GENERATE(from_range(clocks));
  CAPTURE(clock);
  auto options = join({option(endian, 2, ascii("eth0")), resolution(endian, clock.resolution)});
  if (clock.offset != 0) options = join({options, offset(endian, clock.offset)});
  const auto read = read_bytes(join({section(endian), interface(endian, 1, 0, options),
                                     enhanced(endian, 0, clock.ticks, kFirst, 5)}));
  CHECK(read.frames.at(0).time == clock.time);
}

TEST_CASE("pcapng: options behind the end of options are not read", "[pcapng]") {
  const auto endian = Endian::little;
  const auto options = join({"00000000"_hex, resolution(endian, 0)});
  const auto read = read_bytes(
      join({section(endian), interface(endian, 1, 0, options), enhanced(endian, 0, 1, kFirst, 5)}));
  CHECK(read.frames.at(0).time == 1000);
}

TEST_CASE("pcapng: an option that runs out of its block is not read", "[pcapng]") {
  const auto endian = Endian::little;
  const auto options = "0900 ff00 00000000"_hex;
  const auto read = read_bytes(
      join({section(endian), interface(endian, 1, 0, options), enhanced(endian, 0, 1, kFirst, 5)}));
  CHECK(read.frames.at(0).time == 1000);
  CHECK(read.captures[0].damage.empty());
}

TEST_CASE("pcapng: simple packets are as long as the snapshot, the block and the wire let them",
          "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto simple = [&](std::uint32_t on_wire, const Octets& bytes) {
    return block(endian, 3, Writing{endian}.u32(on_wire).add(bytes).octets());
  };
  const auto read = read_bytes(
      join({section(endian), interface(endian, 1, 6), interface(endian, 113), simple(5, kFirst),
            enhanced(endian, 1, 77, kSecond, 4), simple(100, Octets(8, 1)), simple(100, kSecond)}));
  REQUIRE(read.frames.size() == 4);
  CHECK(read.frames[0] == Seen{kFirst, 5, 0, 1, 0, LinkType::ethernet});
  CHECK(read.frames[2] == Seen{Octets(6, 1), 100, 0, 3, 77'000, LinkType::ethernet});
  CHECK(read.frames[3].bytes == kSecond);
}

TEST_CASE("pcapng: the old packet block", "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto old = block(endian, 2,
                         Writing{endian}
                             .u16(1)
                             .u16(0xffff)
                             .u32(0)
                             .u32(5)
                             .u32(kFirst.size())
                             .u32(60)
                             .add(kFirst)
                             .octets());
  const auto read =
      read_bytes(join({section(endian), interface(endian), interface(endian, 101), old}));
  CHECK(read.frames.at(0) == Seen{kFirst, 60, 0, 1, 5000, LinkType::raw_ip});
}

TEST_CASE("pcapng: each section has its own byte order and interfaces", "[pcapng]") {
  const auto little = Endian::little;
  const auto big = Endian::big;
  const auto read = read_bytes(
      join({section(little), interface(little), enhanced(little, 0, 1, kFirst, 5), section(big),
            interface(big, 113, 0, resolution(big, 9)), enhanced(big, 0, 2, kSecond, 4),
            section(big), interface(big, 101), enhanced(big, 0, 3, kFirst, 5), section(little),
            interface(little, 228), enhanced(little, 0, 4, kSecond, 4)}));
  REQUIRE(read.frames.size() == 4);
  CHECK(read.frames[0] == Seen{kFirst, 5, 0, 1, 1000, LinkType::ethernet});
  CHECK(read.frames[1] == Seen{kSecond, 4, 0, 2, 2, LinkType::linux_sll});
  CHECK(read.frames[2] == Seen{kFirst, 5, 0, 3, 3000, LinkType::raw_ip});
  CHECK(read.frames[3] == Seen{kSecond, 4, 0, 4, 4000, LinkType::ipv4});
  CHECK(read.captures[0].link_type == LinkType::ethernet);
  CHECK(read.captures[0].damage.empty());

  const auto forgotten = read_bytes(
      join({section(little), interface(little), section(big), enhanced(big, 0, 2, kSecond, 4)}));
  CHECK(forgotten.frames.empty());
  CHECK(forgotten.captures[0].damage ==
        "at byte 76, after frame 0: frame of interface 0, of which no block tells");
}

TEST_CASE("pcapng: the interfaces tell what the kernel dropped", "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto count = [&](std::uint16_t code, std::uint64_t value) {
    return option(endian, code, Writing{endian}.u64(value).octets());
  };
  const auto statistics = [&](std::uint32_t id, const Octets& options) {
    return block(endian, 5, Writing{endian}.u32(id).u64(0).add(options).octets());
  };
  const auto read = read_bytes(
      join({section(endian), interface(endian), interface(endian),
            statistics(0, join({count(4, 1000), count(5, 2), count(7, 3)})),
            statistics(0, join({count(5, 20), count(7, 30)})), statistics(1, count(7, 100)),
            statistics(1, count(5, ~std::uint64_t{0})), statistics(9, count(5, 5000)),
            section(endian), interface(endian), statistics(0, count(5, 1'000))}));
  CHECK(read.captures.at(0).kernel_drops == 1150);
  CHECK(read.captures[0].damage.empty());
}

TEST_CASE("pcapng: blocks that are not known are passed over", "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const auto size = GENERATE(std::size_t{0}, std::size_t{4}, std::size_t{20'000'000});
  const auto names = block(endian, 4, "0001 0008 0a000001 706c6300 00000000"_hex);
  const auto read = read_bytes(
      join({section(endian), names, block(endian, 0xbad, Octets(size, 6)), interface(endian),
            block(endian, 0x80000bad, Octets(size, 6)), enhanced(endian, 0, 1, kFirst, 5), names}));
  CHECK(read.frames.size() == 1);
  CHECK(read.captures[0].damage.empty());
}

struct Fault {
  std::string name;
  Octets bytes;
  std::string says;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.name;
}

std::vector<Fault> faults() {
  const auto endian = Endian::little;
  auto mismatch = enhanced(endian, 0, 9, kSecond, 4);
  mismatch[mismatch.size() - 4] = 99;
  auto unknown = block(endian, 77, kSecond);
  unknown[unknown.size() - 4] = 99;
  auto version = section(endian);
  version[12] = 7;
  auto mark = section(endian);
  mark[8] = 7;
  const auto head = [&](std::uint32_t type, std::uint32_t length) {
    return Writing{endian}.u32(type).u32(length).add(Octets(40)).octets();
  };
  auto long_frame = enhanced(endian, 0, 9, kSecond, 4);
  long_frame[20] = 5;
  return {
      {"lengths that differ", mismatch, "block length 36 in front, 99 behind"},
      {"the same of an unknown block", unknown, "block length 16 in front, 99 behind"},
      {"an odd length", head(6, 41), "block length 41 is no multiple of 4"},
      {"no length", head(6, 0), "block length 0 is too little for its kind"},
      {"no length of an unknown block", head(77, 8), "block length 8 is too little for its kind"},
      {"too little for a packet", head(6, 28), "block length 28 is too little for its kind"},
      {"too little for a simple packet", head(3, 12), "block length 12 is too little for its kind"},
      {"too little for an interface", head(1, 16), "block length 16 is too little for its kind"},
      {"too little for statistics", head(5, 20), "block length 20 is too little for its kind"},
      {"too long", head(6, 16'777'220), "block length 16777220 is more than 16777216"},
      {"longer than the file", head(6, 16'777'216), "block cut: 48 of 16777216 bytes"},
      {"an interface that is not there", enhanced(endian, 7, 9, kSecond, 4),
       "frame of interface 7, of which no block tells"},
      {"a frame longer than its block", long_frame, "frame of 5 bytes in a block of 36"},
      {"a section of another version", version, "pcapng version 7 is not known"},
      {"a section without byte order", mark, "section header without a byte-order mark"},
  };
}

TEST_CASE("pcapng: damage ends the reading and is told", "[pcapng]") {
  const auto fault = GENERATE(from_range(faults()));
  CAPTURE(fault);
  const auto endian = Endian::little;
  const auto good = join({section(endian), interface(endian), enhanced(endian, 0, 1, kFirst, 5)});
  const auto read = read_bytes(join({good, fault.bytes}));
  CHECK(read.frames.size() == 1);
  CHECK(read.captures[0].damage ==
        "at byte " + std::to_string(good.size()) + ", after frame 1: " + fault.says);
}

TEST_CASE("pcapng: an unknown block longer than the file is a cut", "[pcapng]") {
  const auto endian = Endian::little;
  const auto read = read_bytes(
      join({section(endian), Writing{endian}.u32(77).u32(0xfffffffc).add(Octets(400)).octets()}));
  CHECK_THAT(read.captures.at(0).damage, Catch::Contains("block of 4294967292 bytes cut"));
}

TEST_CASE("pcapng: the number of interfaces is bounded", "[pcapng]") {
  const auto endian = Endian::little;
  auto bytes = section(endian);
  const auto one = interface(endian);
  for (int i = 0; i <= 65'536; ++i) bytes.insert(bytes.end(), one.begin(), one.end());
  CHECK_THAT(read_bytes(bytes).captures.at(0).damage,
             Catch::EndsWith("more than 65536 interfaces"));
}

TEST_CASE("pcapng: a file cut anywhere gives the frames before the cut and says where",
          "[pcapng]") {
  const auto endian = GENERATE(Endian::little, Endian::big);
  const std::vector<Octets> blocks{
      section(endian),
      interface(endian, 1, 0, resolution(endian, 9)),
      enhanced(endian, 0, 1, kFirst, 5),
      block(endian, 77, kSecond),
      block(endian, 3, Writing{endian}.u32(4).add(kSecond).octets()),
      section(endian == Endian::little ? Endian::big : Endian::little)};
  Octets whole;
  std::vector<std::size_t> borders;
  for (const auto& one : blocks) {
    whole.insert(whole.end(), one.begin(), one.end());
    borders.push_back(whole.size());
  }
  const auto all = read_bytes(whole).frames;
  REQUIRE(all.size() == 2);

  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (size < 12) {
      CHECK_THROWS_AS(read_bytes(cut), Error);
      continue;
    }
    const auto read = read_bytes(cut);
    const std::size_t expected = size < borders[2] ? 0 : size < borders[4] ? 1 : 2;
    REQUIRE(read.frames.size() == expected);
    CHECK(std::equal(read.frames.begin(), read.frames.end(), all.begin()));
    CHECK(read.captures.at(0).damage.empty() == (std::ranges::count(borders, size) == 1));
  }
}

TEST_CASE("pcapng: a version that nobody knows is refused", "[pcapng]") {
  auto bytes = section(Endian::big);
  bytes[13] = 3;
  CHECK_THROWS_WITH(read_bytes(bytes), Catch::Contains("pcapng version 3 is not known"));
}

}  // namespace
}  // namespace sekimori::test
