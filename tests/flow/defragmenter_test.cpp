#include "sekimori/flow/defragmenter.h"

#include "hex.h"
#include "packets.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

using namespace sekimori;
using sekimori::test::describe;
using sekimori::test::hex;
using sekimori::test::OwnFrame;

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMillisecond;

enum class More : std::uint8_t { no, yes };

/// Feeds fragments of one pair of hosts and keeps what came out.
class Feed {
 public:
  explicit Feed(const DefragmenterLimits& limits = {}) : defragmenter(limits) {
    packet.ip_version = 4;
    packet.ip_protocol = 17;
    packet.ip_id = 7;
    packet.source = IpAddress::v4(0x0a000001);
    packet.destination = IpAddress::v4(0x0a000002);
    packet.over = Over::ip;
    packet.fragment = true;
    packet.frame = &frame;
    frame.time = 1000 * kSecond;
  }

  std::optional<Bytes> add(std::size_t offset, Bytes bytes, More more) {
    // Memory of just the right size, gone before the whole is looked at.
    const OwnFrame own{bytes};
    ++frame.number;
    frame.time += kMillisecond;
    packet.payload = own.frame().bytes;
    packet.payload_length = static_cast<std::uint32_t>(bytes.size()) + missing;
    packet.fragment_offset = static_cast<std::uint16_t>(offset);
    packet.more_fragments = more == More::yes;
    return defragmenter.add(packet);
  }
  std::optional<Bytes> add(std::size_t offset, const std::string& text, More more) {
    return add(offset, test::ascii(text), more);
  }
  [[nodiscard]] const DefragmenterCounters& counters() const {
    return defragmenter.counters().at(frame.capture);
  }

  Defragmenter defragmenter;
  Frame frame;
  Packet packet;
  std::uint32_t missing = 0;  ///< bytes that the capture cut off each fragment
};

std::string text_of(const std::optional<Bytes>& whole) {
  return whole ? std::string(whole->begin(), whole->end()) : "nothing";
}

}  // namespace

TEST_CASE("Defragmenter: a datagram is whole when its last gap is filled, in any order") {
  const auto seed = GENERATE(range(0U, 100U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::vector<std::uint8_t> datagram(1 + random() % 4000);
  for (auto& octet : datagram) octet = static_cast<std::uint8_t>(random());
  struct Part {
    std::size_t begin, end;
  };
  std::vector<Part> parts;
  for (std::size_t at = 0; at < datagram.size();) {
    const auto end = std::min(datagram.size(), at + 8 * (1 + random() % 60));
    parts.push_back({at, end});
    at = end;
  }
  std::shuffle(parts.begin(), parts.end(), random);
  Feed feed;
  if (random() % 2 != 0) feed.packet.ip_version = 6;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& part = parts[i];
    const auto bytes = Bytes{datagram}.subspan(part.begin, part.end - part.begin);
    const auto more = part.end == datagram.size() ? More::no : More::yes;
    const auto whole = feed.add(part.begin, bytes, more);
    REQUIRE(whole.has_value() == (i + 1 == parts.size()));
    if (whole) CHECK(std::equal(whole->begin(), whole->end(), datagram.begin(), datagram.end()));
    if (random() % 3 == 0) CHECK_FALSE(feed.add(part.begin, bytes, more));  // a duplicate
  }
  CHECK(feed.counters().datagrams_completed == 1);
  CHECK(feed.counters().overlaps == 0);
  feed.defragmenter.finish();
  CHECK(feed.counters().datagrams_lost == 0);
  CHECK(feed.counters().fragments_lost == 0);
  CHECK(feed.defragmenter.bytes() == 0);
}

TEST_CASE("Defragmenter: what differs in any part of the key is another datagram") {
  const auto which = GENERATE(range(0, 6));
  CAPTURE(which);
  Feed feed;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  auto& packet = feed.packet;
  if (which == 0) packet.ip_id = 8;
  if (which == 1) packet.ip_protocol = 6;
  if (which == 2) packet.source = IpAddress::v4(0x0a000003);
  if (which == 3) packet.destination = IpAddress::v4(0x0a000003);
  if (which == 4) packet.segment.push(Segment::Kind::vlan, 5);
  if (which == 5) packet.ip_version = 6;
  CHECK_FALSE(feed.add(8, "89", More::no));
  CHECK(feed.defragmenter.waiting() == 2);
  feed.defragmenter.finish();
  CHECK(feed.counters().datagrams_lost == 2);
  CHECK(feed.counters().fragments_lost == 2);
}

TEST_CASE("Defragmenter: copies of a whole datagram begin no other") {
  Feed feed;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  CHECK(text_of(feed.add(8, "89", More::no)) == "0123456789");
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  CHECK_FALSE(feed.add(8, "89", More::no));
  CHECK(feed.counters().duplicates == 2);
  feed.defragmenter.finish();
  CHECK(feed.counters().datagrams_lost == 0);
}

TEST_CASE("Defragmenter: a sender that repeats its ids is understood") {
  Feed feed;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  CHECK(text_of(feed.add(8, "89", More::no)) == "0123456789");
  // Other bytes at once, or the same ones later.
  CHECK_FALSE(feed.add(0, "abcdefgh", More::yes));
  CHECK(text_of(feed.add(8, "ij", More::no)) == "abcdefghij");
  feed.frame.time += kSecond;
  CHECK_FALSE(feed.add(0, "abcdefgh", More::yes));
  CHECK(text_of(feed.add(8, "ij", More::no)) == "abcdefghij");
  CHECK(feed.counters().datagrams_completed == 3);
  CHECK(feed.counters().duplicates == 0);
}

TEST_CASE("Defragmenter: of overlapping IPv4 fragments the first to arrive is believed") {
  Feed feed;
  CHECK_FALSE(feed.add(8, "bbbbbbbb", More::yes));
  CHECK_FALSE(feed.add(0, "aaaaaaaaXbbbbbbbcccccccc", More::yes));
  CHECK(text_of(feed.add(24, "d", More::no)) == "aaaaaaaabbbbbbbbccccccccd");
  CHECK(feed.counters().overlaps == 1);
  CHECK(feed.counters().conflicts == 1);
}

TEST_CASE("Defragmenter: bytes fill gaps between several pieces") {
  Feed feed;
  CHECK_FALSE(feed.add(8, "bbbbbbbb", More::yes));
  CHECK_FALSE(feed.add(24, "dddddddd", More::yes));
  CHECK_FALSE(feed.add(40, "f", More::no));
  CHECK(text_of(feed.add(0, "aaaaaaaaBBBBBBBBccccccccDDDDDDDDeeeeeeee", More::yes)) ==
        "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeef");
  CHECK(feed.counters().conflicts == 16);
}

TEST_CASE("Defragmenter: an IPv6 datagram with overlaps is lost, and its stragglers with it") {
  Feed feed;
  feed.packet.ip_version = 6;
  CHECK_FALSE(feed.add(0, "aaaaaaaabbbbbbbb", More::yes));
  CHECK_FALSE(feed.add(8, "bbbbbbbb", More::yes));
  CHECK_FALSE(feed.add(16, "c", More::no));
  CHECK_FALSE(feed.add(0, "aaaaaaaabbbbbbbb", More::yes));
  feed.defragmenter.finish();
  CHECK(feed.counters().datagrams_lost == 1);
  CHECK(feed.counters().fragments_lost == 4);
  CHECK(feed.counters().datagrams_completed == 0);
}

TEST_CASE("Defragmenter: fragments that no datagram can have are refused") {
  Feed feed;
  CHECK_FALSE(feed.add(0, "", More::yes));
  CHECK_FALSE(feed.add(8, "", More::no));
  CHECK_FALSE(feed.add(65528, "12345678", More::no));
  CHECK_FALSE(feed.add(0, "123456789", More::yes));
  CHECK_FALSE(feed.add(0, "1234567", More::yes));
  CHECK(feed.counters().refused == 5);
  CHECK(feed.counters().fragments_lost == 5);
  CHECK(feed.defragmenter.waiting() == 0);
  CHECK_FALSE(feed.add(65528, "1234567", More::no));  // the last byte that can be
  CHECK(feed.counters().refused == 5);
}

TEST_CASE("Defragmenter: a second end is refused") {
  Feed feed;
  CHECK_FALSE(feed.add(8, "89", More::no));
  CHECK_FALSE(feed.add(8, "89ab", More::no));
  CHECK_FALSE(feed.add(16, "ghijklmn", More::yes));
  CHECK(feed.counters().refused == 2);
  CHECK(text_of(feed.add(0, "01234567", More::yes)) == "0123456789");
}

TEST_CASE("Defragmenter: patience ends, by the packets' time") {
  Feed feed;
  const bool six = GENERATE(false, true);
  feed.packet.ip_version = six ? 6 : 4;
  const auto patience = (six ? 60 : 30) * kSecond;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  SECTION("just in time") {
    feed.frame.time += patience - kMillisecond;
    CHECK(text_of(feed.add(8, "89", More::no)) == "0123456789");
  }
  SECTION("too late") {
    feed.frame.time += patience;
    CHECK_FALSE(feed.add(8, "89", More::no));
    CHECK(feed.counters().timed_out == 1);
    CHECK(feed.counters().datagrams_lost == 1);
    CHECK(text_of(feed.add(0, "01234567", More::yes)) == "0123456789");
  }
  SECTION("another's fragment sweeps") {
    feed.frame.time += patience;
    feed.packet.ip_id = 8;
    CHECK_FALSE(feed.add(0, "01234567", More::yes));
    CHECK(feed.defragmenter.waiting() == 1);
    CHECK(feed.counters().datagrams_lost == 1);
  }
}

TEST_CASE("Defragmenter: a late fragment behind a patient datagram finds its own time") {
  // The IPv6 datagram at the front is still waited for; the sweep stops there.
  Feed feed;
  feed.packet.ip_version = 6;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  feed.packet.ip_version = 4;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  feed.frame.time += 40 * kSecond;
  CHECK_FALSE(feed.add(8, "89", More::no));
  CHECK(feed.counters().timed_out == 1);
  feed.packet.ip_version = 6;
  CHECK(text_of(feed.add(8, "89", More::no)) == "0123456789");
}

TEST_CASE("Defragmenter: a fragment cut by the snap length makes its datagram lost") {
  Feed feed;
  feed.missing = 8;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  feed.missing = 0;
  CHECK_FALSE(feed.add(16, "gh", More::no));
  CHECK(feed.counters().snapped == 1);
  CHECK(feed.counters().datagrams_lost == 1);
  CHECK(feed.counters().fragments_lost == 2);
  CHECK(feed.counters().cut.first.frame == 1);
}

TEST_CASE("Defragmenter: bounds hold and are counted") {
  SECTION("datagrams") {
    Feed feed{{.datagrams = 3}};
    for (std::uint32_t id = 0; id < 10; ++id) {
      feed.packet.ip_id = id;
      CHECK_FALSE(feed.add(0, "01234567", More::yes));
      CHECK(feed.defragmenter.waiting() <= 3);
    }
    CHECK(feed.defragmenter.caps().datagrams == 7);
    CHECK(feed.counters().datagrams_lost == 7);
    feed.packet.ip_id = 9;  // the newest stayed
    CHECK(text_of(feed.add(8, "89", More::no)) == "0123456789");
  }
  SECTION("bytes") {
    Feed feed{{.bytes = 64 * 1024}};
    const std::vector<std::uint8_t> bytes(4096);
    for (std::uint32_t id = 0; id < 100; ++id) {
      feed.packet.ip_id = id;
      CHECK_FALSE(feed.add(0, bytes, More::yes));
      CHECK(feed.defragmenter.bytes() <= 64 * 1024);
    }
    CHECK(feed.defragmenter.caps().bytes > 50);
    CHECK(feed.counters().datagrams_lost == feed.defragmenter.caps().bytes);
  }
  SECTION("fragments of a datagram") {
    Feed feed{{.fragments = 4}};
    for (std::size_t i = 0; i < 6; ++i) CHECK_FALSE(feed.add(i * 16, "01234567", More::yes));
    CHECK(feed.defragmenter.caps().fragments == 1);
    CHECK(feed.counters().datagrams_lost == 1);
    CHECK(feed.counters().fragments_lost == 6);
  }
  SECTION("whole datagrams are no burden") {
    Feed feed{{.datagrams = 3}};
    for (std::uint32_t id = 0; id < 100; ++id) {
      feed.packet.ip_id = id;
      feed.add(0, "01234567", More::yes);
      CHECK(feed.add(8, "89", More::no).has_value());
    }
    CHECK(feed.defragmenter.caps().datagrams == 0);
    CHECK(feed.counters().datagrams_completed == 100);
    feed.defragmenter.finish();
    CHECK(feed.counters().datagrams_lost == 0);
    CHECK(feed.defragmenter.bytes() == 0);
  }
}

TEST_CASE("Defragmenter: counts go to the capture of the datagram's first fragment") {
  Feed feed;
  CHECK_FALSE(feed.add(0, "01234567", More::yes));
  feed.frame.capture = 2;
  CHECK_FALSE(feed.add(16, "gh", More::no));
  feed.defragmenter.finish();
  REQUIRE(feed.defragmenter.counters().size() == 3);
  CHECK(feed.defragmenter.counters()[0].datagrams_lost == 1);
  CHECK(feed.defragmenter.counters()[0].fragments_lost == 2);
  CHECK(feed.defragmenter.counters()[2].fragments == 1);
  CHECK(feed.defragmenter.counters()[2].datagrams_lost == 0);
}

TEST_CASE("Defragmenter: hostile fragments neither break the books nor invent bytes") {
  const auto seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  Feed feed{{.datagrams = 8, .bytes = 16 * 1024, .fragments = 16}};
  std::uint64_t completed = 0;
  for (int i = 0; i < 400; ++i) {
    feed.packet.ip_version = random() % 2 != 0 ? 4 : 6;
    feed.packet.ip_id = static_cast<std::uint32_t>(random() % 12);
    feed.missing = random() % 40 == 0 ? 8 : 0;
    feed.frame.time += static_cast<std::int64_t>(random() % 3000) * kMillisecond;
    if (random() % 50 == 0) feed.frame.time -= 20 * kSecond;
    const auto offset = 8 * (random() % 6);
    const std::vector<std::uint8_t> bytes(random() % 4 == 0 ? random() % 30 : 8 * (random() % 4),
                                          static_cast<std::uint8_t>('a' + offset / 8));
    const auto whole = feed.add(offset, bytes, random() % 3 == 0 ? More::no : More::yes);
    if (whole) {
      ++completed;
      CHECK(std::all_of(whole->begin(), whole->end(),
                        [](auto octet) { return octet >= 'a' && octet <= 'f'; }));
    }
    CHECK(feed.defragmenter.bytes() <= 16 * 1024);
    CHECK(feed.defragmenter.waiting() <= 8);
  }
  feed.defragmenter.finish();
  CHECK(feed.defragmenter.bytes() == 0);
  CHECK(feed.defragmenter.waiting() == 0);
  const auto& counters = feed.counters();
  CHECK(counters.fragments == 400);
  CHECK(counters.datagrams_completed == completed);
  CHECK(counters.timed_out + counters.snapped <= counters.datagrams_lost);
  CHECK(counters.cut.fragments + counters.lacking.fragments + counters.refused ==
        counters.fragments_lost);
}

TEST_CASE("Defragmenter: frames in, a packet out") {
  const auto fragment = [](const std::string& place, const std::string& length,
                           const std::string& bytes) {
    return hex("00 1b 1b 00 00 02 / 00 1b 1b 00 00 01 / 81 00 00 05 08 00 / 45 00 " + length +
               " 00 09 " + place + " 40 11 00 00 0a 00 00 01 0a 00 00 02 / " + bytes);
  };
  const OwnFrame last{fragment("00 02", "00 16", "09 0a / 00 00 00 00")};
  const OwnFrame first{
      fragment("20 00", "00 24", "00 07 00 09 00 12 00 00 / 01 02 03 04 05 06 07 08")};
  Defragmenter defragmenter;
  CHECK_FALSE(defragmenter.add(decode(last.frame())));
  const auto packet = decode(first.frame());
  const auto whole = defragmenter.add(packet);
  REQUIRE(whole);
  CHECK(describe(decode_reassembled(packet, *whole)) == "10.0.0.1:7 > 10.0.0.2:9 udp 10 in vlan 5");
}
