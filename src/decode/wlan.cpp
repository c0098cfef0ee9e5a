// IEEE 802.11-2020, 9.2 and 9.3: frames as a radio in monitor mode hears them, plain or behind what
// that radio says of them: radiotap (radiotap.org), the header of Prism's driver, or AVS's.

#include "walk.h"

namespace sekimori::decoding {
namespace {

// Types and subtypes, 802.11, table 9-1.
constexpr unsigned kManagement = 0;
constexpr unsigned kData = 2;
constexpr unsigned kProbeRequest = 4;
constexpr unsigned kNoData = 4;   // a bit of a data frame's subtype
constexpr unsigned kQuality = 8;  // another: QoS control ends the header

// Flags of the frame control's second byte, 9.2.4.1.
constexpr unsigned kToDistribution = 0x01;
constexpr unsigned kFromDistribution = 0x02;
constexpr unsigned kMoreFragments = 0x04;
constexpr unsigned kProtected = 0x40;
constexpr unsigned kHighThroughput = 0x80;  // HT control ends the header

constexpr std::size_t kHeader = 24;  // up to the sequence control
constexpr std::size_t kFourthAddress = 24;
constexpr std::size_t kCheckSequence = 4;
constexpr std::uint32_t kSequence = 0x10000;  // keeps sequence 0 from meaning "none"
constexpr std::uint32_t kSnap = 0xaaaa03;
constexpr std::size_t kSnapHeader = 8;

constexpr Stop kUnread{Layer::wlan, StopReason::unsupported, LimitedBy::none};
constexpr Stop kBadLength{Layer::link, StopReason::bad_length, LimitedBy::header_field};

std::uint16_t le16(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8U));
}
std::uint32_t le32(Bytes bytes, std::size_t at) noexcept {
  return le16(bytes, at) | (std::uint32_t{le16(bytes, at + 2)} << 16U);
}

/// What the radio says of the frame: radiotap's field "flags".
struct Heard {
  bool check_sequence = false;  ///< stands at the end
  bool padded = false;          ///< the body begins at a multiple of four
  bool damaged = false;         ///< its check sequence is wrong
};

/// Reads the header and its flags; false where the walk ended.
bool radiotap(Walk& walk, Heard& heard) noexcept {
  constexpr std::size_t kLeast = 8;
  constexpr std::uint32_t kTime = 1U << 0U;   // eight bytes, aligned to eight
  constexpr std::uint32_t kFlags = 1U << 1U;  // one byte behind it
  constexpr std::uint32_t kMore = 1U << 31U;  // another word of presence follows
  if (!walk.has(kLeast, Layer::link)) return false;
  const std::size_t size = le16(walk.bytes, 2);
  if (walk.bytes[0] != 0) {
    walk.stop({Layer::link, StopReason::bad_version, LimitedBy::none});
    return false;
  }
  if (size >= kLeast && !walk.has(size, Layer::link)) return false;
  const auto present = le32(walk.bytes, 4);
  std::size_t at = kLeast;
  for (auto word = present; (word & kMore) != 0 && at + 4 <= size; at += 4)
    word = le32(walk.bytes, at);
  if ((present & kTime) != 0) at = (at + 7) / 8 * 8 + 8;
  const bool has_flags = (present & kFlags) != 0;
  if (at + (has_flags ? 1U : 0U) > size) {
    walk.stop(kBadLength);
    return false;
  }
  const unsigned flags = has_flags ? walk.bytes[at] : 0U;
  heard = {(flags & 0x10U) != 0, (flags & 0x20U) != 0, (flags & 0x40U) != 0};
  walk.skip(size);
  return true;
}

/// Prism's header or AVS's, which share a link type; both tell their size.
bool prism(Walk& walk) noexcept {
  constexpr std::uint32_t kAvs = 0x80211;      // and a version of three digits, big endian
  constexpr std::uint32_t kMostPrism = 0x44;   // DIDmsg_lnxind_wlansniffrm; another is 0x41
  constexpr std::uint32_t kLeastPrism = 0x41;  // in the byte order of the machine
  constexpr std::uint32_t kLeast = 8;
  constexpr std::uint32_t kMost = 4096;  // Prism's is 144 bytes, AVS's 64
  if (!walk.has(kLeast, Layer::link)) return false;
  auto message = le32(walk.bytes, 0);
  auto size = le32(walk.bytes, 4);
  const bool avs = be32(walk.bytes, 0) >> 12U == kAvs;
  if (avs || message > 0xffffU) {
    message = be32(walk.bytes, 0);
    size = be32(walk.bytes, 4);
  }
  if (!avs && message != kMostPrism && message != kLeastPrism) {
    walk.stop({Layer::link, StopReason::unsupported, LimitedBy::none});
    return false;
  }
  if (size < kLeast || size > kMost) {
    walk.stop(kBadLength);
    return false;
  }
  if (!walk.has(size, Layer::link)) return false;
  walk.skip(size);
  return true;
}

/// The frame is kept as 802.11's own: of the air, wherever its stations' wires lead.
Step keep(Walk& walk) noexcept {
  walk.packet.segment.push(Segment::Kind::radio, 0);
  return Step::done;
}
Step keep_unread(Walk& walk) noexcept {
  keep(walk);
  return walk.stop(kUnread);
}

/// The frame control, taken apart.
struct Control {
  unsigned kind = 0;
  unsigned subtype = 0;
  unsigned flags = 0;

  [[nodiscard]] bool data() const noexcept { return kind == kData; }
  [[nodiscard]] bool quality() const noexcept { return data() && (subtype & kQuality) != 0; }
  /// Data, and to or from the network behind an access point.
  [[nodiscard]] bool relayed(unsigned flag) const noexcept { return data() && (flags & flag) != 0; }
  [[nodiscard]] bool four_addresses() const noexcept {
    return relayed(kToDistribution) && relayed(kFromDistribution);
  }
  /// Where QoS control stands, if it is there.
  [[nodiscard]] std::size_t quality_at() const noexcept {
    return kHeader + (four_addresses() ? 6U : 0U);
  }
  [[nodiscard]] std::size_t header(bool padded) const noexcept {
    auto size = quality_at() + (quality() ? 2U : 0U);
    if ((flags & kHighThroughput) != 0 && (quality() || !data())) size += 4;
    return padded ? (size + 3) / 4 * 4 : size;
  }
};

/// Who sends and who receives: the second address and the first, but where an access point relays.
void load_addresses(Walk& walk, const Control& control) noexcept {
  const bool from = control.relayed(kFromDistribution);
  const std::size_t source = control.four_addresses() ? kFourthAddress : from ? 16 : 10;
  load(walk.packet.destination_mac, walk.bytes, control.relayed(kToDistribution) ? 16 : 4);
  load(walk.packet.source_mac, walk.bytes, source);
  walk.packet.has_mac = true;
}

/// What the radio put around the frame; false where the walk ended.
bool unpack(Walk& walk, LinkType type, Heard& heard) noexcept {
  if (type == LinkType::ieee802_11_radiotap && !radiotap(walk, heard)) return false;
  if (type == LinkType::ieee802_11_prism && !prism(walk)) return false;
  if (heard.damaged) {
    walk.stop(kUnread);
    return false;
  }
  if (!heard.check_sequence) return true;
  if (walk.wire < kCheckSequence) {
    walk.stop(kBadLength);
    return false;
  }
  walk.limit(walk.wire - static_cast<std::uint32_t>(kCheckSequence), walk.wall, Layer::wlan);
  return true;
}

Step data(Walk& walk, const Control& control, bool aggregate) noexcept {
  if ((control.subtype & kNoData) != 0) return keep(walk);
  if (aggregate) return keep_unread(walk);
  if (!walk.has(kSnapHeader, Layer::wlan)) return Step::done;
  return be24(walk.bytes, 0) == kSnap ? Step::llc : keep_unread(walk);
}

}  // namespace

Step wlan(Walk& walk, LinkType type) noexcept {
  Heard heard;
  if (!unpack(walk, type, heard) || !walk.has(2, Layer::wlan)) return Step::done;
  const unsigned first = walk.bytes[0];
  if ((first & 3U) != 0) return walk.stop({Layer::wlan, StopReason::bad_version, LimitedBy::none});
  const Control control{first >> 2U & 3U, first >> 4U, walk.bytes[1]};
  // Control frames say nothing of a network, and who only looks for one belongs to none: telephones
  // that pass by invent an address each time.
  const bool looks = control.kind == kManagement && control.subtype == kProbeRequest;
  if (looks || (control.kind != kManagement && !control.data())) return walk.stop(kUnread);
  const auto size = control.header(heard.padded);
  if (!walk.has(size, Layer::wlan)) return Step::done;
  load_addresses(walk, control);
  const unsigned sequence = le16(walk.bytes, 22);
  walk.packet.ip_id = kSequence | sequence;  // a frame sent again repeats it
  // Several frames in one (A-MSDU): a bit of the QoS control's first byte.
  const bool aggregate = control.quality() && (walk.bytes[control.quality_at()] & 0x80U) != 0;
  const bool fragment = (control.flags & kMoreFragments) != 0 || (sequence & 0xfU) != 0;
  const bool sealed = (control.flags & kProtected) != 0;
  walk.skip(size);
  // What is encrypted must not be taken for a management frame's fields; and the fields of one cut
  // short do not tell what the rest would have said.
  if (!control.data() && (sealed || fragment || walk.bytes.size() < walk.wire))
    walk.bytes = walk.bytes.first(0);
  walk.carry(Over::wlan, control.kind << 4U | control.subtype, Layer::wlan);
  if (sealed || fragment) return keep_unread(walk);
  return control.data() ? data(walk, control, aggregate) : keep(walk);
}

}  // namespace sekimori::decoding
