// Control and Provisioning of Wireless Access Points over UDP 5246 and 5247: RFC 5415, 4 (headers,
// elements), 802.11's binding RFC 5416. Whoever asks a controller is an access point.
// Codes are the message type; a DTLS record is `dtls`, a frame of stations `data`.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint64_t kDataPort = 5247;
constexpr std::uint8_t kPlain = 0x00;  // preamble: version 0, then what follows (4.2)
constexpr std::uint8_t kSealed = 0x01;
constexpr std::size_t kLeastHeader = 8;
constexpr std::size_t kControlHeader = 8;    // 4.5.1: type, sequence, length, flags
constexpr std::size_t kLengthCounts = 3;     // of them: sequence is before, length and flags in it
constexpr std::uint32_t kHighest = 26;       // message types of RFC 5415, 4.5.1.1
constexpr std::uint32_t kIeee80211 = 13277;  // enterprise of RFC 5416, 3
constexpr std::uint32_t kDtls = 0x100;
constexpr std::uint32_t kData = 0x101;
constexpr std::uint64_t kKeyed = 0x100;  // keeps sequence 0 from meaning "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 5246}, {Over::udp, kDataPort}});

// An odd type asks, the even one behind it answers (4.5.1.1).
constexpr auto kOperations = std::to_array<Operation>({
    {1, "discovery", Access::discover},
    {3, "join", Access::session},
    {5, "configuration-status", Access::configure},
    {7, "configuration-update", Access::configure},
    {9, "event", Access::report},
    {11, "change-state-event", Access::report},
    {13, "echo", Access::session},
    {15, "image-data", Access::firmware},
    {17, "reset", Access::control},
    {19, "primary-discovery", Access::discover},
    {21, "data-transfer", Access::file},
    {23, "clear-configuration", Access::configure},
    {25, "station-configuration", Access::configure},
    {kIeee80211 << 8U | 1, "wlan-configuration", Access::configure, "13277/1"},
    {kDtls, "sealed", Access::session, "dtls"},
    {kData, "data", Access::session, "data"},
});

// Message elements, 4.6.
constexpr std::uint16_t kControllerName = 4;
constexpr std::uint16_t kLocation = 28;
constexpr std::uint16_t kResult = 33;
constexpr std::uint16_t kVendorSpecific = 37;
constexpr std::uint16_t kBoard = 38;
constexpr std::uint16_t kName = 45;

/// 4.3: the header's length in words, the radio's and the binding's ids, and whether the packet is
/// a fragment.
struct Header {
  std::size_t size = 0;
  unsigned binding = 0;
  bool later_fragment = false;
  bool sound = false;
};
Header read_header(ByteCursor& cursor) noexcept {
  Header header;
  const auto start = cursor.remaining();
  const auto preamble = cursor.u8();
  const unsigned word = cursor.be24();
  const unsigned fragment = cursor.be32();
  header.size = std::size_t{word >> 19U} * 4;
  header.binding = word >> 9U & 0x1fU;
  header.later_fragment = (fragment & 0xfff8U) != 0;
  const bool reserved = (word & 7U) != 0 || (fragment & 7U) != 0;
  header.sound = cursor.ok() && preamble == kPlain && header.size >= kLeastHeader && !reserved &&
                 header.size <= start;
  if (header.sound) cursor.skip(header.size - kLeastHeader);
  return header;
}

struct Control {
  std::uint32_t type = 0;
  std::uint8_t sequence = 0;
  std::size_t length = 0;
  bool sound = false;

  [[nodiscard]] bool asks() const noexcept { return (type & 1U) != 0; }
};
Control read_control(ByteCursor& cursor) noexcept {
  Control control;
  control.type = cursor.be32();
  control.sequence = cursor.u8();
  control.length = cursor.be16();
  cursor.skip(1);  // flags
  const auto enterprise = control.type >> 8U;
  const auto number = control.type & 0xffU;
  const bool known = enterprise == 0 ? number >= 1 && number <= kHighest
                                     : enterprise == kIeee80211 && (number == 1 || number == 2);
  control.sound = cursor.ok() && known && control.length >= kLengthCounts;
  return control;
}

/// 4.1: a preamble and three zero bytes, then a record of DTLS 1.0 or 1.2 (RFC 6347, 4.1).
bool is_sealed(ByteCursor stream) noexcept {
  const auto preamble = stream.u8();
  const auto zeros = stream.be24();
  const auto type = stream.u8();
  const auto version = stream.be16();
  return stream.ok() && preamble == kSealed && zeros == 0 && type >= 20 && type <= 24 &&
         (version == 0xfeff || version == 0xfefd || version == 0x0100);
}

/// Elements fill the message to the byte.
bool elements_fit(ByteCursor elements) noexcept {
  while (!elements.empty()) {
    elements.skip(2);
    elements.skip(elements.be16());
  }
  return elements.ok();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  if (is_sealed(stream)) return Extent::of(all);
  const auto cut = context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (all < kLeastHeader) return all > 0 && stream.rest()[0] > kSealed ? Extent::foreign() : cut;
  const auto header = read_header(stream);
  if (!header.sound) return Extent::foreign();
  // Data proves nothing beyond its header: it is believed on its own port, of 802.11's binding.
  if (context.seat == kDataPort)
    return context.on_seat && header.binding <= 1 ? Extent::of(all) : Extent::foreign();
  if (header.later_fragment) return context.on_seat ? Extent::of(all) : Extent::foreign();
  const auto control = read_control(stream);
  if (!stream.ok()) return cut;
  if (!control.sound) return Extent::foreign();
  const auto size = control.length - kLengthCounts;
  if (size > stream.remaining()) return cut;
  return elements_fit(stream.nested(size)) ? Extent::of(all) : Extent::foreign();
}

class Elements {
 public:
  explicit Elements(Observer& out) noexcept : out_(out) {}

  [[nodiscard]] std::uint32_t result() const noexcept { return result_; }

  void hear(ByteCursor elements) {
    while (!elements.empty()) {
      const auto type = elements.be16();
      auto value = elements.nested(elements.be16());
      if (!elements.ok()) return;
      if (type == kResult) result_ = value.be32();
      if (type == kName || type == kControllerName) say(Property::name, value.rest());
      if (type == kLocation) say(Property::location, value.rest());
      if (type == kBoard) hear_board(value);
      if (type == kVendorSpecific) hear_vendor(value);
    }
  }

 private:
  void say(Property property, Bytes value) {
    if (!value.empty()) out_.property({}, property, value, Confidence::stated);
  }

  /// 4.6.40: the maker's number, then parts of their own types.
  void hear_board(ByteCursor value) {
    constexpr auto kParts = std::to_array<Property>(
        {Property::model, Property::serial, Property::identifier, Property::hardware});
    constexpr std::uint16_t kBoardId = 2;  // a number of the maker's: no name of one machine
    value.skip(4);
    while (!value.empty()) {
      const auto type = value.be16();
      const auto bytes = value.take(value.be16());
      if (!value.ok()) return;
      if (type < kParts.size() && type != kBoardId) say(kParts[type], bytes);
    }
  }

  /// Cisco's access points tell their name here before they are let in (seen in their captures).
  void hear_vendor(ByteCursor value) {
    constexpr std::uint32_t kCisco = 0x00409600;
    constexpr std::uint16_t kCiscoName = 5;
    const auto vendor = value.be32();
    const auto element = value.be16();
    if (vendor == kCisco && element == kCiscoName) say(Property::name, value.rest());
  }

  Observer& out_;
  std::uint32_t result_ = 0;
};

/// Only access points and their controllers speak this.
void say_radio(Observer& out) {
  out.event(Event::wireless, "CAPWAP access point", {.kind = Subject::Kind::client});
}

void hear_control(ByteCursor& message, const Context& context, Observer& out) {
  const auto control = read_control(message);
  if (!message.ok() || !control.sound) return;
  const auto size = control.length - kLengthCounts;
  const bool cut = size > message.remaining();
  const auto elements = message.nested(std::min(size, message.remaining()));
  const auto key = kKeyed | control.sequence;
  // What all are asked, whoever answers does so in another flow.
  const bool to_all = context.destination.is_broadcast() || context.destination.is_multicast();
  if (control.asks() && to_all) out.notice(control.type, {});
  if (control.asks() && !to_all) out.request(control.type, {}, key);
  say_radio(out);
  Elements heard{out};
  heard.hear(elements);
  if (control.asks() || cut) return;
  // 4.6.35: 0 is success; 1 too, without all that was asked for.
  const auto result = heard.result();
  out.reply(key, result <= 1 ? Outcome::executed : Outcome::rejected, result);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  if (is_sealed(message)) {
    out.notice(kDtls, {});
    say_radio(out);
    out.event(Event::encrypted, "DTLS");
    return message.skip(message.remaining());
  }
  const auto header = read_header(message);
  if (!header.sound) return;
  if (context.seat == kDataPort || header.later_fragment) {
    out.notice(kData, {});
    say_radio(out);
  } else {
    hear_control(message, context, out);
  }
  if (message.ok()) message.skip(message.remaining());
}

/// A controller is who answers a discovery and a join; in what follows either may ask.
std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto header = read_header(message);
  const auto control = read_control(message);
  if (!header.sound || !control.sound) return std::nullopt;
  if (control.type == 1 || control.type == 3) return Sender::client;
  if (control.type == 2 || control.type == 4) return Sender::server;
  return std::nullopt;
}

const Registration registration{{
    .name = "capwap",
    .title = "CAPWAP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
