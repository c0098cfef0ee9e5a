// pcapng: blocks, each with its type and length before and its length again behind, in sections
// that choose their byte order anew. draft-ietf-opsawg-pcapng, 3 (blocks), 4 (their kinds).

#include "sekimori/bytes/error.h"

#include "block_clock.h"
#include "capture_reader.h"

#include <algorithm>
#include <utility>

namespace sekimori::detail {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;  // reads the same in both byte orders
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kPacket = 2;  // obsolete
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kInterfaceStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;

constexpr std::size_t kBlockHead = 8;    // type, length
constexpr std::size_t kBlockFrame = 12;  // and the length again
constexpr std::size_t kPacketHead = 28;  // up to the frame's bytes, of blocks 2 and 6
constexpr std::size_t kSimpleHead = 12;  // the same of block 3

// A block that has to be read whole is mapped or unpacked whole, so its length is bounded; libpcap
// and Wireshark have the same bound. Other blocks are passed over, whatever their length.
constexpr std::uint32_t kLongestBlock = std::uint32_t{16} << 20U;
// An interface costs 20 bytes of file and more of memory; no machine has so many.
constexpr std::size_t kMostInterfaces = 65'536;

struct Interface {
  LinkType link_type = LinkType::ethernet;
  std::uint32_t snap_length = 0;  // 0: none
  BlockClock clock;
  std::uint64_t drops = 0;
};

/// Calls `heard(code, value)` for each option, as far as they are well formed (3.5).
template <Order order, class Heard>
void each_option(Bytes options, Heard heard) {
  while (options.size() >= 4) {
    const auto code = load16<order>(options, 0);
    const std::size_t size = load16<order>(options, 2);
    options = options.subspan(4);
    if (code == 0 || size > options.size()) return;
    heard(code, options.first(size));
    options = options.subspan(std::min(options.size(), (size + 3) / 4 * 4));
  }
}

class PcapngReader final : public CaptureReader {
 public:
  PcapngReader(std::unique_ptr<ByteSource> source, std::uint32_t capture)
      : CaptureReader(std::move(source), capture) {
    auto left = rest();
    if (!more(left, kBlockFrame + 4)) {
      end_cut(left, "section header", kBlockFrame + 4);
      return;
    }
    const auto major = order_of(left) == Order::swapped ? load16<Order::swapped>(left, 12)
                                                        : load16<Order::as_here>(left, 12);
    if (major != 1) throw Error("at byte 12", unknown_version(major));
    stop_at(left);
  }

 private:
  enum class Next { frames_of_this_order, other_order, nothing };

  static Order order_of(Bytes section) noexcept {
    return load32<Order::as_here>(section, 8) == kByteOrder ? Order::as_here : Order::swapped;
  }
  static std::string unknown_version(unsigned major) {
    return "pcapng version " + std::to_string(major) + " is not known";
  }

  static std::string mismatch(std::uint32_t front, std::uint32_t behind) {
    return "block length " + std::to_string(front) + " in front, " + std::to_string(behind) +
           " behind";
  }

  void walk(std::vector<Frame>& frames, std::size_t most) override {
    // Each turn is a section's worth of blocks in one byte order.
    auto next = Next::other_order;
    while (next == Next::other_order) {
      next = order_ == Order::swapped ? walk_blocks<Order::swapped>(frames, most)
                                      : walk_blocks<Order::as_here>(frames, most);
    }
  }

  template <Order order>
  Next walk_blocks(std::vector<Frame>& frames, std::size_t most) {
    auto left = rest();
    while (frames.size() < most && !full()) {
      if (left.size() < kBlockFrame && !more(left, kBlockFrame)) {
        if (left.empty()) {
          end(left, "");
        } else {
          end_cut(left, "block", kBlockFrame);
        }
        return Next::nothing;
      }
      const auto type = load32<order>(left, 0);
      if (type == kSectionHeader) {
        const auto next = begin_section<order>(left);
        if (next != Next::frames_of_this_order) return next;
      } else if (!read_block<order>(left, type, frames)) {
        return Next::nothing;
      }
    }
    stop_at(left);
    return Next::nothing;
  }

  // Goes past the section header if it is of the same byte order; else says so and stays.
  template <Order order>
  Next begin_section(Bytes& left) {
    if (load32<order>(left, 8) != kByteOrder) {
      if (!is_pcapng(left)) {
        end(left, "section header without a byte-order mark");
        return Next::nothing;
      }
      order_ = order_of(left);
      stop_at(left);
      return Next::other_order;
    }
    const auto length = load32<order>(left, 4);
    if (!take_whole<order>(left, length, kBlockFrame + 16)) return Next::nothing;
    const auto major = load16<order>(left, 12);
    if (major != 1) {
      end(left, unknown_version(major));
      return Next::nothing;
    }
    interfaces_.clear();
    left = left.subspan(length);
    return Next::frames_of_this_order;
  }

  template <Order order>
  bool read_block(Bytes& left, std::uint32_t type, std::vector<Frame>& frames) {
    const auto length = load32<order>(left, 4);
    switch (type) {
      case kEnhancedPacket:
      case kPacket:
        if (!take_whole<order>(left, length, kPacketHead + 4)) return false;
        if (!read_packet<order>(left, left.first(length - 4), type, frames)) return false;
        break;
      case kSimplePacket:
        if (!take_whole<order>(left, length, kSimpleHead + 4)) return false;
        if (!read_simple<order>(left, left.first(length - 4), frames)) return false;
        break;
      case kInterfaceDescription:
        if (!take_whole<order>(left, length, kBlockFrame + 8)) return false;
        if (!read_interface<order>(left, left.first(length - 4))) return false;
        break;
      case kInterfaceStatistics:
        if (!take_whole<order>(left, length, kBlockFrame + 12)) return false;
        read_statistics<order>(left.first(length - 4));
        break;
      default:
        return pass_over<order>(left, length);
    }
    left = left.subspan(length);
    return true;
  }

  // The three things that hold for every block: a length that can be, all of it there, and the
  // same length behind it.
  template <Order order>
  bool take_whole(Bytes& left, std::uint32_t length, std::size_t least) {
    if (!length_can_be(left, length, least)) return false;
    if (length > kLongestBlock) {
      end(left, "block length " + std::to_string(length) + " is more than " +
                    std::to_string(kLongestBlock));
      return false;
    }
    if (left.size() < length && !more(left, length)) {
      end_cut(left, "block", length);
      return false;
    }
    if (load32<order>(left, length - 4) == length) return true;
    end(left, mismatch(length, load32<order>(left, length - 4)));
    return false;
  }

  bool length_can_be(Bytes left, std::uint32_t length, std::size_t least) {
    if (length >= least && length % 4 == 0) return true;
    end(left, "block length " + std::to_string(length) +
                  (length % 4 != 0 ? " is no multiple of 4" : " is too little for its kind"));
    return false;
  }

  template <Order order>
  bool pass_over(Bytes& left, std::uint32_t length) {
    if (!length_can_be(left, length, kBlockFrame)) return false;
    const auto start = position_of(left);
    std::size_t rest_of_block = length - 4;
    while (rest_of_block > 0 || left.size() < 4) {
      const auto step = std::min(rest_of_block, left.size());
      left = left.subspan(step);
      rest_of_block -= step;
      if (left.size() < 4 && !more(left, 4)) {
        end_at(start, left, "block of " + std::to_string(length) + " bytes cut");
        return false;
      }
    }
    if (load32<order>(left, 0) != length) {
      end_at(start, left, mismatch(length, load32<order>(left, 0)));
      return false;
    }
    left = left.subspan(4);
    return true;
  }

  // Blocks 6 and 2 (4.3, appendix A) differ in the width of the interface's number alone.
  template <Order order>
  bool read_packet(Bytes left, Bytes block, std::uint32_t type, std::vector<Frame>& frames) {
    const std::size_t id = type == kPacket ? load16<order>(block, 8) : load32<order>(block, 8);
    if (!is_described(left, id)) return false;
    const auto& interface = interfaces_[id];
    const auto ticks = std::uint64_t{load32<order>(block, 12)} << 32U | load32<order>(block, 16);
    const auto captured = load32<order>(block, 20);
    if (captured > block.size() - kPacketHead) {
      end(left, "frame of " + std::to_string(captured) + " bytes in a block of " +
                    std::to_string(block.size() + 4));
      return false;
    }
    last_time_ = interface.clock.nanoseconds(ticks);
    add(frames, block.subspan(kPacketHead, captured), load32<order>(block, 24), interface);
    return true;
  }

  // A simple packet has neither time nor interface (4.4): it is of the first one, and takes the
  // time of the frame before it, so that a merge leaves it where it stands.
  template <Order order>
  bool read_simple(Bytes left, Bytes block, std::vector<Frame>& frames) {
    if (!is_described(left, 0)) return false;
    const auto& interface = interfaces_.front();
    const auto on_wire = load32<order>(block, 8);
    std::size_t captured = std::min<std::size_t>(on_wire, block.size() - kSimpleHead);
    if (interface.snap_length > 0) {
      captured = std::min<std::size_t>(captured, interface.snap_length);
    }
    add(frames, block.subspan(kSimpleHead, captured), on_wire, interface);
    return true;
  }

  void add(std::vector<Frame>& frames, Bytes bytes, std::uint32_t on_wire,
           const Interface& interface) {
    Frame frame;
    frame.bytes = bytes;
    frame.wire_length = std::max(static_cast<std::uint32_t>(bytes.size()), on_wire);
    frame.capture = capture();
    frame.time = last_time_;
    frame.link_type = interface.link_type;
    tally_.count(frame);
    frame.number = tally_.packets;
    frames.push_back(frame);
  }

  bool is_described(Bytes left, std::size_t id) {
    if (id < interfaces_.size()) return true;
    end(left, "frame of interface " + std::to_string(id) + ", of which no block tells");
    return false;
  }

  template <Order order>
  bool read_interface(Bytes left, Bytes block) {
    constexpr std::uint16_t kResolution = 9;  // if_tsresol
    constexpr std::uint16_t kOffset = 14;     // if_tsoffset
    if (interfaces_.size() == kMostInterfaces) {
      end(left, "more than " + std::to_string(kMostInterfaces) + " interfaces");
      return false;
    }
    Interface interface;
    interface.link_type = static_cast<LinkType>(load16<order>(block, kBlockHead));
    interface.snap_length = load32<order>(block, 12);
    std::uint8_t resolution = 6;  // microseconds, where nothing is said
    std::int64_t offset = 0;
    each_option<order>(block.subspan(16), [&](std::uint16_t code, Bytes value) {
      if (code == kResolution && value.size() == 1) resolution = value.front();
      if (code == kOffset && value.size() == 8) {
        offset = static_cast<std::int64_t>(load64<order>(value, 0));
      }
    });
    interface.clock = BlockClock{resolution, offset};
    if (!has_interface_) tally_.link_type = interface.link_type;
    has_interface_ = true;
    interfaces_.push_back(interface);
    return true;
  }

  // The counters run from the start of the capture, so the last block of an interface tells all
  // (4.6). A frame is dropped either for want of room in the interface or in the system.
  template <Order order>
  void read_statistics(Bytes block) {
    constexpr std::uint16_t kInterfaceDrops = 5;                   // isb_ifdrop
    constexpr std::uint16_t kSystemDrops = 7;                      // isb_osdrop
    constexpr std::uint64_t kMostDrops = std::uint64_t{1} << 40U;  // sums stay in range
    const auto id = load32<order>(block, kBlockHead);
    if (id >= interfaces_.size()) return;
    std::uint64_t drops = 0;
    each_option<order>(block.subspan(20), [&](std::uint16_t code, Bytes value) {
      if ((code != kInterfaceDrops && code != kSystemDrops) || value.size() != 8) return;
      const auto count = load64<order>(value, 0);
      if (count != ~std::uint64_t{0}) drops += std::min(count, kMostDrops);  // all ones: unknown
    });
    auto& interface = interfaces_[id];
    if (drops <= interface.drops) return;
    tally_.kernel_drops += drops - interface.drops;
    interface.drops = drops;
  }

  Order order_ = Order::as_here;
  std::vector<Interface> interfaces_;
  bool has_interface_ = false;
  std::int64_t last_time_ = 0;
};

}  // namespace

bool is_pcapng(Bytes front) noexcept {
  if (front.size() < 12 || load32<Order::as_here>(front, 0) != kSectionHeader) return false;
  const auto mark = load32<Order::as_here>(front, 8);
  return mark == kByteOrder || mark == __builtin_bswap32(kByteOrder);
}

std::unique_ptr<CaptureReader> pcapng_reader(std::unique_ptr<ByteSource> source,
                                             std::uint32_t capture) {
  return std::make_unique<PcapngReader>(std::move(source), capture);
}

}  // namespace sekimori::detail
