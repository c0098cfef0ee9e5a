// Point-to-Point Tunneling Protocol, its control connection over TCP 1723: RFC 2637, 1.4 and 2.
// What it controls rides in GRE: gre.cpp. Codes are the control message type.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kMagic = 0x1a2b3c4d;
constexpr std::uint16_t kControl = 1;    // PPTP message type
constexpr std::size_t kHeaderSize = 12;  // length, type, magic, control type, reserved
constexpr std::uint8_t kSuccess = 1;     // result codes of 2.2, 2.8 and 2.10; 2.6 and 2.4
constexpr std::size_t kNameSize = 64;    // host name and vendor, padded with zeros

// Control message types, 1.4; each has its own length (2.1 to 2.15).
constexpr std::uint16_t kStart = 1;
constexpr std::uint16_t kStartReply = 2;
constexpr std::uint16_t kStop = 3;
constexpr std::uint16_t kStopReply = 4;
constexpr std::uint16_t kEcho = 5;
constexpr std::uint16_t kEchoReply = 6;
constexpr std::uint16_t kOutgoing = 7;
constexpr std::uint16_t kOutgoingReply = 8;
constexpr std::uint16_t kIncoming = 9;
constexpr std::uint16_t kIncomingReply = 10;
constexpr auto kSizes = std::to_array<std::size_t>(
    {0, 156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24});

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 1723}});

constexpr auto kOperations = std::to_array<Operation>({
    {kStart, "start-connection", Access::session},
    {kStop, "stop-connection", Access::session},
    {kEcho, "echo", Access::session},
    {kOutgoing, "outgoing-call", Access::session},
    {kIncoming, "incoming-call", Access::session},
    {11, "incoming-call-connected", Access::session},
    {12, "clear-call", Access::session},
    {13, "call-disconnected", Access::session},
    {14, "wan-error", Access::report},
    {15, "set-link", Access::session},
});

struct Header {
  std::size_t length = 0;
  std::uint16_t type = 0;
  bool sound = false;
};

Header read_header(ByteCursor& cursor) noexcept {
  Header header;
  header.length = cursor.be16();
  const auto kind = cursor.be16();
  const auto magic = cursor.be32();
  header.type = cursor.be16();
  cursor.skip(2);
  header.sound = kind == kControl && magic == kMagic && header.type < kSizes.size() &&
                 header.length >= kHeaderSize && header.length == kSizes[header.type];
  return header;
}

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto header = read_header(stream);
  if (!stream.ok()) return Extent::incomplete();
  return header.sound ? Extent::of(header.length) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto header = read_header(message);
  if (!message.ok()) return std::nullopt;
  if (header.type == kStart || header.type == kOutgoing) return Sender::client;
  if (header.type == kStartReply || header.type == kOutgoingReply) return Sender::server;
  return std::nullopt;
}

/// A request and its reply stand one behind the other in the table; calls are told apart by an id,
/// echoes by another (0 would mean "in order").
constexpr std::uint64_t key_of(std::uint32_t request, std::uint32_t id) noexcept {
  return std::uint64_t{request} << 32U | id;
}

void say_text(Property property, Bytes field, Observer& out) {
  const auto end = std::ranges::find(field, std::uint8_t{0});
  const auto text = field.first(static_cast<std::size_t>(end - field.begin()));
  // A host name is what somebody typed in, and often the same everywhere.
  const auto sure = property == Property::name ? Confidence::observed : Confidence::stated;
  if (!text.empty()) out.property({}, property, text, sure);
}

// 2.1 and 2.2: version and result; framing, bearer, channels, firmware.
void hear_start(std::uint16_t type, ByteCursor& message, Observer& out) {
  message.skip(2);
  const auto result = message.u8();
  message.skip(1 + 4 + 4 + 2 + 2);
  if (!message.ok()) return;
  if (type == kStart) {
    out.request(kStart, {}, key_of(kStart, 0));
    out.event(Event::tunnel, "PPTP");
  } else {
    const bool done = result == kSuccess;
    out.reply(key_of(kStart, 0), done ? Outcome::executed : Outcome::rejected, done ? 0 : result);
  }
  const auto host = message.take(kNameSize);
  if (message.ok()) say_text(Property::name, host, out);
  const auto vendor = message.take(kNameSize);
  if (message.ok()) say_text(Property::software, vendor, out);
}

// 2.8 and 2.10: call id, the peer's call id, result.
void hear_call_reply(std::uint32_t request, ByteCursor& message, Observer& out) {
  message.skip(2);
  const auto call = message.be16();
  const auto result = message.u8();
  if (!message.ok()) return;
  const bool done = result == kSuccess;
  out.reply(key_of(request, call), done ? Outcome::executed : Outcome::rejected, done ? 0 : result);
}

// 2.4 and 2.6: what stands before the result differs.
void hear_plain_reply(std::uint32_t request, std::uint32_t id, ByteCursor& message, Observer& out) {
  const auto result = message.u8();
  if (!message.ok()) return;
  const bool done = result == kSuccess;
  out.reply(key_of(request, id), done ? Outcome::executed : Outcome::rejected, done ? 0 : result);
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto header = read_header(message);
  if (!message.ok() || !header.sound) return;
  switch (header.type) {
    case kStart:
    case kStartReply:
      return hear_start(header.type, message, out);
    case kStop:
      return out.request(kStop, {}, key_of(kStop, 0));
    case kStopReply:
      return hear_plain_reply(kStop, 0, message, out);
    case kEcho:
    case kEchoReply: {
      const auto id = message.be32();
      if (!message.ok()) return;
      if (header.type == kEcho) return out.request(kEcho, {}, key_of(kEcho, id));
      return hear_plain_reply(kEcho, id, message, out);
    }
    case kOutgoing:
    case kIncoming: {
      const auto call = message.be16();
      if (message.ok()) out.request(header.type, {}, key_of(header.type, call));
      return;
    }
    case kOutgoingReply:
      return hear_call_reply(kOutgoing, message, out);
    case kIncomingReply:
      return hear_call_reply(kIncoming, message, out);
    default:
      return out.notice(header.type, {});
  }
}

const Registration registration{{
    .name = "pptp",
    .title = "PPTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
