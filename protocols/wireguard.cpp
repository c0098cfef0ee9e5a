// WireGuard over UDP: "WireGuard: Next Generation Kernel Network Tunnel" (Donenfeld, 2020), 5.4.
// Four types of message, three of them of one size. It has no port of its own; 51820 is a habit.
// Codes are the message type.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/noise.h"

#include <array>

namespace sekimori {
namespace {

// Types, as a little-endian word whose upper three bytes are zero (5.4.2 to 5.4.7).
constexpr std::uint32_t kInitiation = 1;
constexpr std::uint32_t kResponse = 2;
constexpr std::uint32_t kCookie = 3;
constexpr std::uint32_t kTransport = 4;

constexpr std::size_t kInitiationSize = 148;
constexpr std::size_t kResponseSize = 92;
constexpr std::size_t kCookieSize = 64;
constexpr std::size_t kTransportHeader = 16;         // type, receiver, counter
constexpr std::size_t kLeastTransport = 32;          // and a check value
constexpr std::size_t kPadded = 16;                  // 5.4.6: to whole blocks
constexpr std::uint64_t kMostCounter = 1ULL << 48U;  // a session lives three minutes (6.1)
constexpr std::uint64_t kKeyed = 1ULL << 32U;        // keeps index 0 from meaning "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 51820}});

constexpr auto kOperations = std::to_array<Operation>({
    {kInitiation, "handshake-initiation", Access::session},
    {kResponse, "handshake-response", Access::session},
    {kCookie, "cookie-reply", Access::session},
    {kTransport, "transport", Access::session},
});

/// An index is drawn at random: on a foreign port one that looks like a small number is refused,
/// whichever way round it is read.
bool is_index(std::uint32_t index, bool on_seat) noexcept {
  return on_seat || ((index >> 16U) != 0 && (index & 0xffffU) != 0);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto type = stream.le32();
  const auto index = stream.le32();
  if (!stream.ok() || !is_index(index, context.on_seat)) return Extent::foreign();
  const auto body = stream.rest();
  const auto of = [&](bool fits) { return fits ? Extent::of(all) : Extent::foreign(); };
  switch (type) {
    case kInitiation:
      return of(all == kInitiationSize && is_noise(body.first(16)));
    case kResponse:
      return of(all == kResponseSize && is_index(ByteCursor{body}.le32(), context.on_seat) &&
                is_noise(body.subspan(4, 16)));
    case kCookie:
      return of(all == kCookieSize && is_noise(body.first(16)));
    case kTransport:
      return of(all >= kLeastTransport && all % kPadded == 0 &&
                ByteCursor{body}.le64() < kMostCounter &&
                is_noise(body.last(kLeastTransport - kTransportHeader)));
    default:
      return Extent::foreign();
  }
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.le32();
  if (type == kInitiation) return Sender::client;
  if (type == kResponse) return Sender::server;
  return std::nullopt;
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto type = message.le32();
  const auto first = message.le32();  // the sender's index, or in types 3 and 4 the receiver's
  if (!message.ok()) return;
  if (type == kInitiation) {
    out.request(type, {}, kKeyed | first);
  } else if (type == kResponse) {
    const auto asked = message.le32();
    if (!message.ok()) return;
    out.reply(kKeyed | asked, Outcome::executed);
  } else {
    out.notice(type, {});
  }
  out.event(Event::tunnel, "WireGuard");
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "wireguard",
    .title = "WireGuard",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 3,
    .encrypted = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
