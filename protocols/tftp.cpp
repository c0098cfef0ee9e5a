// Trivial File Transfer Protocol over UDP 69: RFC 1350, 5; options RFC 2347 to 2349; mode names
// also of RFC 783. Codes are the opcode.
//
// A server answers from a port of its own, so that the file crosses in another flow, in which
// nothing tells a block from any datagram that begins with a three: there it stays unclaimed, and a
// request expects no answer here. A server that answers from port 69 is understood.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint16_t kRead = 1;
constexpr std::uint16_t kWrite = 2;
constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kAcknowledge = 4;
constexpr std::uint16_t kError = 5;
constexpr std::uint16_t kOptions = 6;  // RFC 2347: acknowledged
constexpr std::size_t kLongestName = 255;
constexpr std::uint16_t kHighestError = 8;  // RFC 2347: refused options

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 69}});

constexpr auto kOperations = std::to_array<Operation>({
    {kRead, "read-file", Access::file},
    {kWrite, "write-file", Access::file},
    {kData, "data", Access::file},
    {kAcknowledge, "acknowledge", Access::session},
    {kError, "error", Access::report},
    {kOptions, "acknowledge-options", Access::session},
});

constexpr auto kModes = std::to_array<std::string_view>({"octet", "netascii", "mail"});

/// Text up to the zero that ends it; empty and failed where there is none.
Bytes take_text(ByteCursor& cursor) noexcept {
  const auto rest = cursor.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  const auto text = cursor.take(size);
  cursor.skip(1);
  return text;
}

bool is_mode(Bytes text) noexcept {
  return std::ranges::any_of(kModes,
                             [&](std::string_view mode) { return same_word(mode, view_of(text)); });
}

/// Pairs of names and values, all printable, to the last byte.
bool options_fit(ByteCursor cursor) noexcept {
  bool even = true;
  while (!cursor.empty()) {
    const auto text = take_text(cursor);
    if (!cursor.ok() || text.empty() || !is_printable(view_of(text))) return false;
    even = !even;
  }
  return even;
}

bool request_fits(ByteCursor cursor) noexcept {
  const auto name = take_text(cursor);
  const auto mode = take_text(cursor);
  return cursor.ok() && !name.empty() && name.size() <= kLongestName &&
         is_printable(view_of(name)) && is_mode(mode) && options_fit(cursor);
}

bool error_fits(ByteCursor cursor) noexcept {
  const auto code = cursor.be16();
  const auto text = take_text(cursor);
  return cursor.ok() && code <= kHighestError && is_printable(view_of(text));
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto opcode = stream.be16();
  if (!stream.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  bool fits = false;
  switch (opcode) {
    case kRead:
    case kWrite:
      fits = request_fits(stream);
      break;
    case kData:
      fits = context.on_seat && stream.remaining() >= 2;
      break;
    case kAcknowledge:
      fits = context.on_seat && stream.remaining() == 2;
      break;
    case kError:
      fits = context.on_seat && error_fits(stream);
      break;
    case kOptions:
      fits = context.on_seat && !stream.empty() && options_fit(stream);
      break;
    default:
      break;
  }
  return fits ? Extent::of(all) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto opcode = message.be16();
  if (opcode == kRead || opcode == kWrite) return Sender::client;
  return std::nullopt;
}

void hear_request(std::uint16_t opcode, ByteCursor& message, Observer& out) {
  const auto name = take_text(message);
  if (!message.ok()) return;
  take_text(message);  // the mode, without which it is no request
  if (!message.ok()) return;
  out.notice(opcode, {.name = name});
  SmallText text{opcode == kRead ? "read " : "write "};
  out.event(Event::transfer, text.add(view_of(name)).view());
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto opcode = message.be16();
  if (!message.ok() || opcode < kRead || opcode > kOptions) return;
  if (opcode == kRead || opcode == kWrite) {
    hear_request(opcode, message, out);
  } else {
    out.notice(opcode, {});
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "tftp",
    .title = "TFTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
