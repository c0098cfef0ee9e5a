// pcap: a file header of 24 bytes, then records of a header and a frame, all in the byte order of
// the machine that wrote them. draft-ietf-opsawg-pcap, 4 and 5; the header of Kuznetzov's patched
// libpcap as libpcap's savefile.c reads it.

#include "sekimori/bytes/error.h"

#include "capture_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekimori::detail {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::size_t kModifiedRecordHeader = 24;  // 8 more: interface, protocol, packet type

/// What the first four bytes tell.
struct Dialect {
  Order order = Order::as_here;
  std::int64_t unit = 1000;  // nanoseconds in a unit of the fraction
  std::size_t record_header = kRecordHeader;
};

std::optional<Dialect> dialect_of(Bytes front) noexcept {
  constexpr std::uint32_t kMicro = 0xa1b2c3d4;
  constexpr std::uint32_t kNano = 0xa1b23c4d;
  constexpr std::uint32_t kModified = 0xa1b2cd34;

  if (front.size() < sizeof kMicro) return {};
  Dialect dialect;
  auto magic = load32<Order::as_here>(front, 0);
  if ((magic & 0xffffU) == 0xb2a1U) {
    dialect.order = Order::swapped;
    magic = __builtin_bswap32(magic);
  }
  switch (magic) {
    case kMicro:
      return dialect;
    case kNano:
      dialect.unit = 1;
      return dialect;
    case kModified:
      dialect.record_header = kModifiedRecordHeader;
      return dialect;
    default:
      return {};
  }
}

class PcapReader final : public CaptureReader {
 public:
  PcapReader(std::unique_ptr<ByteSource> source, std::uint32_t capture)
      : CaptureReader(std::move(source), capture) {
    auto header = rest();
    const bool whole = more(header, kFileHeader);
    dialect_ = dialect_of(header).value_or(Dialect{});
    if (!whole) {
      end_cut(header, "file header", kFileHeader);
    } else if (dialect_.order == Order::swapped) {
      read_header<Order::swapped>(header);
    } else {
      read_header<Order::as_here>(header);
    }
  }

 private:
  template <Order order>
  void read_header(Bytes header) {
    const auto major = load16<order>(header, 4);
    const auto minor = load16<order>(header, 6);
    if (major != 2) {
      throw Error("at byte 4", "pcap version " + std::to_string(major) + '.' +
                                   std::to_string(minor) + " is not known");
    }
    // Up to 2.2 the two lengths stood the other way round, and in 2.3 either way.
    lengths_may_be_swapped_ = minor <= 3;
    // The upper half holds the length of the frame check sequence and reserved bits.
    tally_.link_type = static_cast<LinkType>(load32<order>(header, 20) & 0xffffU);
    stop_at(header.subspan(kFileHeader));
  }

  void walk(std::vector<Frame>& frames, std::size_t most) override {
    if (dialect_.order == Order::swapped) {
      walk_records<Order::swapped>(frames, most);
    } else {
      walk_records<Order::as_here>(frames, most);
    }
  }

  template <Order order>
  void walk_records(std::vector<Frame>& frames, std::size_t most) {
    Tally tally = tally_;  // a copy that nobody else sees stays in registers
    const auto dialect = dialect_;
    Frame frame;
    frame.capture = capture();
    frame.link_type = tally.link_type;
    auto left = rest();

    while (frames.size() < most) {
      if (left.size() < dialect.record_header && !more(left, dialect.record_header)) {
        tally_ = tally;
        if (left.empty()) return end(left, "");
        return end_cut(left, "record header", dialect.record_header);
      }
      auto captured = load32<order>(left, 8);
      auto on_wire = load32<order>(left, 12);
      if (lengths_may_be_swapped_ && captured > on_wire) std::swap(captured, on_wire);
      if (captured > kLongestFrame) {
        tally_ = tally;
        return end(left, "record length " + std::to_string(captured) + " is more than " +
                             std::to_string(kLongestFrame));
      }
      const auto size = dialect.record_header + captured;
      if (left.size() < size && !more(left, size)) {
        tally_ = tally;
        return end_cut(left, "record", size);
      }
      frame.time =
          load32<order>(left, 0) * kNanosecondsPerSecond + load32<order>(left, 4) * dialect.unit;
      frame.bytes = left.subspan(dialect.record_header, captured);
      frame.wire_length = std::max(captured, on_wire);
      tally.count(frame);
      frame.number = tally.packets;
      frames.push_back(frame);
      left = left.subspan(size);
      if (full()) break;
    }
    tally_ = tally;
    stop_at(left);
  }

  Dialect dialect_;
  bool lengths_may_be_swapped_ = false;
};

}  // namespace

bool is_pcap(Bytes front) noexcept {
  return dialect_of(front).has_value();
}

std::unique_ptr<CaptureReader> pcap_reader(std::unique_ptr<ByteSource> source,
                                           std::uint32_t capture) {
  return std::make_unique<PcapReader>(std::move(source), capture);
}

}  // namespace sekimori::detail
