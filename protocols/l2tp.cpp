// Layer Two Tunneling Protocol over UDP 1701: RFC 2661, 3 (version 2); RFC 3931, 4.1.2 (version 3),
// and 4.1.1 over IP protocol 115.
// Codes are the control message type; `data` a packet of a session, `ack` a control packet of no
// message.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ppp.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// Flags and version: RFC 2661, 3.1.
constexpr std::uint16_t kIsControl = 0x8000;
constexpr std::uint16_t kHasLength = 0x4000;
constexpr std::uint16_t kHasSequence = 0x0800;
constexpr std::uint16_t kHasOffset = 0x0200;
constexpr std::uint16_t kPriority = 0x0100;
constexpr std::uint16_t kVersion = 0x000f;
constexpr std::uint16_t kControlFlags = kIsControl | kHasLength | kHasSequence;
constexpr std::uint16_t kReserved =
    static_cast<std::uint16_t>(~(kControlFlags | kHasOffset | kPriority | kVersion));

constexpr std::size_t kControlSize = 12;  // flags, length, tunnel and session, Ns, Nr
constexpr std::size_t kAvpHeader = 6;     // flags and length, vendor, type
constexpr std::uint16_t kAvpLength = 0x03ff;
constexpr std::uint16_t kAvpHidden = 0x4000;
constexpr std::uint32_t kData = 0x100;
constexpr std::uint32_t kAck = 0x101;

// Control messages, RFC 2661, 3.2; RFC 3931, 3.1.
constexpr std::uint32_t kStart = 1;
constexpr std::uint32_t kStartReply = 2;
constexpr std::uint32_t kStop = 4;
constexpr std::uint32_t kOutgoing = 7;
constexpr std::uint32_t kOutgoingReply = 8;
constexpr std::uint32_t kIncoming = 10;
constexpr std::uint32_t kIncomingReply = 11;
constexpr std::uint32_t kDisconnect = 14;
constexpr std::uint32_t kHighest = 20;  // 3931: explicit acknowledgement

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 1701}, {Over::ip, 115}});

constexpr auto kOperations = std::to_array<Operation>({
    {kStart, "start-connection", Access::session},
    {3, "connection-started", Access::session},
    {kStop, "stop-connection", Access::session},
    {6, "hello", Access::session},
    {kOutgoing, "outgoing-call", Access::session},
    {9, "outgoing-call-connected", Access::session},
    {kIncoming, "incoming-call", Access::session},
    {12, "incoming-call-connected", Access::session},
    {kDisconnect, "disconnect-call", Access::session},
    {15, "wan-error", Access::report},
    {16, "set-link", Access::session},
    {kHighest, "explicit-acknowledge", Access::session},
    {kData, "data", Access::session, "data"},
    {kAck, "acknowledge", Access::session, "ack"},
});

// Attributes, RFC 2661, 4.4.
constexpr std::uint16_t kMessageType = 0;
constexpr std::uint16_t kHostName = 7;
constexpr std::uint16_t kVendorName = 8;
constexpr std::uint16_t kProxyName = 30;

struct Header {
  std::uint16_t flags = 0;
  std::uint16_t length = 0;
  std::uint32_t tunnel = 0;  ///< and session; in version 3 the connection's id
  [[nodiscard]] bool is_control() const noexcept { return (flags & kIsControl) != 0; }
  [[nodiscard]] unsigned version() const noexcept { return flags & kVersion; }
};

Header read_control(ByteCursor& cursor) noexcept {
  Header header;
  header.flags = cursor.be16();
  header.length = cursor.be16();
  header.tunnel = cursor.be32();
  cursor.skip(4);  // Ns, Nr
  return header;
}

/// A control message begins with its type: an attribute of eight bytes, the maker IETF, not hidden.
bool begins_with_type(ByteCursor body) noexcept {
  constexpr std::uint16_t kTypeSize = 8;
  const unsigned front = body.be16();
  const auto vendor = body.be16();
  const auto attribute = body.be16();
  const auto type = body.be16();
  return body.ok() && (front & kAvpLength) == kTypeSize && (front & kAvpHidden) == 0 &&
         vendor == 0 && attribute == kMessageType && type >= kStart && type <= kHighest;
}

/// All attributes fill the message to the byte.
bool attributes_fit(ByteCursor body) noexcept {
  while (!body.empty()) {
    const std::size_t size = body.be16() & kAvpLength;
    if (!body.ok() || size < kAvpHeader) return false;
    body.skip(size - 2);
  }
  return body.ok();
}

Extent control_extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto header = read_control(stream);
  if (!stream.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (header.length < kControlSize) return Extent::foreign();
  if (header.length > all) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  const auto body = stream.nested(header.length - kControlSize);
  // A mere acknowledgement is too little to be believed on a port of another's.
  if (body.empty()) return context.on_seat ? Extent::of(all) : Extent::foreign();
  if (!begins_with_type(body) || !attributes_fit(body)) return Extent::foreign();
  return context.on_seat || header.length == all ? Extent::of(all) : Extent::foreign();
}

/// Data has next to nothing that is fixed: it is believed on the port alone.
Extent data_extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto flags = stream.be16();
  if (!context.on_seat) return Extent::foreign();
  std::size_t length = all;
  if ((flags & kHasLength) != 0) length = stream.be16();
  const auto ids = stream.be32();
  if (!stream.ok()) return Extent::incomplete();
  const bool fits = length >= stream.offset() && length <= all && (ids >> 16U) != 0;
  return fits ? Extent::of(all) : length > all ? Extent::incomplete() : Extent::foreign();
}

/// RFC 3931, 4.1.1: a session's id before its data, or zero before a control message.
Extent plain_extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto session = stream.be32();
  auto look = stream;
  const unsigned flags = look.be16();
  if (!look.ok()) return Extent::incomplete();
  if (session != 0) return Extent::of(all);
  if (flags != (kControlFlags | 3U)) return Extent::foreign();
  const auto inside = control_extent(stream, context);
  return inside.is_message() ? Extent::of(all) : inside;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over == Over::ip) return plain_extent(stream, context);
  auto look = stream;
  const std::uint16_t flags = look.be16();
  if (!look.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  const unsigned version = flags & kVersion;
  if ((flags & kReserved) != 0 || (version != 2 && version != 3)) return Extent::foreign();
  if ((flags & kIsControl) == 0)
    return version == 2 ? data_extent(stream, context) : Extent::foreign();
  // RFC 2661, 3.1: length and sequence must be there, offset and priority must not.
  if (flags - version != kControlFlags) return Extent::foreign();
  return control_extent(stream, context);
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  if (context.over == Over::ip && message.be32() != 0) return std::nullopt;
  const auto header = read_control(message);
  if (!header.is_control() || !begins_with_type(message)) return std::nullopt;
  message.skip(kAvpHeader);
  const auto type = message.be16();
  if (type == kStart || type == 3) return Sender::client;
  return type == kStartReply ? std::optional{Sender::server} : std::nullopt;
}

/// A reply is numbered by nothing but its order.
void say_message(std::uint32_t type, Observer& out) {
  switch (type) {
    case kStart:
    case kOutgoing:
    case kIncoming:
      return out.request(type, {}, 0x100 | type);
    case kStartReply:
    case kOutgoingReply:
    case kIncomingReply:
      out.reply(0x100 | (type - 1), Outcome::executed);
      return;
    default:
      return out.notice(type, {});
  }
}

void hear_attribute(std::uint16_t attribute, Bytes value, Observer& out) {
  if (value.empty()) return;
  if (attribute == kHostName) out.property({}, Property::name, value, Confidence::observed);
  if (attribute == kVendorName) out.property({}, Property::software, value, Confidence::stated);
  if (attribute == kProxyName)
    out.event(Event::login, SmallText{"L2TP "}.add(view_of(value)).view());
}

void hear_control(ByteCursor& message, Observer& out) {
  const auto header = read_control(message);
  if (!message.ok()) return;
  const bool v3 = header.version() == 3;
  if (header.length <= kControlSize) return out.notice(kAck, {});
  while (!message.empty()) {
    const unsigned front = message.be16();
    const std::size_t size = front & kAvpLength;
    const auto vendor = message.be16();
    const auto attribute = message.be16();
    if (!message.ok() || size < kAvpHeader) return;
    auto value = message.nested(size - kAvpHeader);
    if (!message.ok()) return;
    if (vendor != 0 || (front & kAvpHidden) != 0) continue;
    if (attribute == kMessageType) {
      const auto type = value.be16();
      if (!value.ok()) return;
      say_message(type, out);
      out.event(Event::tunnel, v3 ? "L2TPv3" : "L2TP");
    } else {
      hear_attribute(attribute, value.rest(), out);
    }
  }
}

void hear_data(ByteCursor& message, Observer& out) {
  const unsigned flags = message.be16();
  if ((flags & kHasLength) != 0) message.skip(2);
  message.skip(4);  // tunnel, session
  if (!message.ok()) return;
  out.notice(kData, {});
  out.event(Event::tunnel, "L2TP");
  if ((flags & kHasSequence) != 0) message.skip(4);
  if ((flags & kHasOffset) != 0) message.skip(message.be16());
  if (message.ok()) hear_ppp(message, "L2TP", out);
  message.skip(message.remaining());
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  if (context.over == Over::ip) {
    const auto session = message.be32();
    if (!message.ok()) return;
    if (session != 0) {
      out.notice(kData, {});
      out.event(Event::tunnel, "L2TPv3");
      return message.skip(message.remaining());
    }
  }
  auto look = message;
  const unsigned flags = look.be16();
  if (!look.ok()) return;
  return (flags & kIsControl) != 0 ? hear_control(message, out) : hear_data(message, out);
}

const Registration registration{{
    .name = "l2tp",
    .title = "L2TP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
