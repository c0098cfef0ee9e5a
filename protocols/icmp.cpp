// ICMP for IPv4: RFC 792; RFC 950 (masks), RFC 1256 (router discovery), RFC 1812, 5.2.7 (codes).
// Codes are type << 8 | code, written `3/13`.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/quoted_packet.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kHeaderSize = 8;
constexpr std::uint8_t kEchoReply = 0;
constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kRedirect = 5;
constexpr std::uint8_t kEcho = 8;
constexpr std::uint8_t kRouterAdvertisement = 9;
constexpr std::uint8_t kTimeExceeded = 11;
constexpr std::uint8_t kTimestamp = 13;
constexpr std::uint8_t kTimestampReply = 14;
constexpr std::uint8_t kMask = 17;
constexpr std::uint8_t kMaskReply = 18;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;  // keeps id 0 from meaning "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::ip, 1}});

constexpr std::uint32_t code_of(std::uint32_t type, std::uint32_t code) noexcept {
  return type << 8U | code;
}

constexpr auto kOperations = std::to_array<Operation>({
    {code_of(kEcho, 0), "echo", Access::discover},
    {code_of(kUnreachable, 0), "network-unreachable", Access::report},
    {code_of(kUnreachable, 1), "host-unreachable", Access::report},
    {code_of(kUnreachable, 2), "protocol-unreachable", Access::report},
    {code_of(kUnreachable, 3), "port-unreachable", Access::report},
    {code_of(kUnreachable, 4), "fragmentation-needed", Access::report},
    {code_of(kUnreachable, 5), "source-route-failed", Access::report},
    {code_of(kUnreachable, 6), "network-unknown", Access::report},
    {code_of(kUnreachable, 7), "host-unknown", Access::report},
    {code_of(kUnreachable, 9), "network-prohibited", Access::report},
    {code_of(kUnreachable, 10), "host-prohibited", Access::report},
    {code_of(kUnreachable, 13), "administratively-prohibited", Access::report},
    {code_of(4, 0), "source-quench", Access::report},
    {code_of(kRedirect, 0), "redirect-network", Access::configure},
    {code_of(kRedirect, 1), "redirect-host", Access::configure},
    {code_of(kRedirect, 2), "redirect-service-network", Access::configure},
    {code_of(kRedirect, 3), "redirect-service-host", Access::configure},
    {code_of(kRouterAdvertisement, 0), "router-advertisement", Access::report},
    {code_of(10, 0), "router-solicitation", Access::discover},
    {code_of(kTimeExceeded, 0), "hop-limit-exceeded", Access::report},
    {code_of(kTimeExceeded, 1), "reassembly-time-exceeded", Access::report},
    {code_of(12, 0), "parameter-problem", Access::report},
    {code_of(kTimestamp, 0), "timestamp", Access::discover},
    {code_of(kMask, 0), "address-mask", Access::discover},
});

SmallText notate(std::uint32_t code) {
  return SmallText{}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

// The IP protocol number is ICMP's own, so there is nothing to recognise.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over != Over::ip || !context.on_seat) return Extent::foreign();
  return stream.remaining() < kHeaderSize ? Extent::incomplete() : Extent::of(stream.remaining());
}

bool is_request(std::uint8_t type) noexcept {
  return type == kEcho || type == kTimestamp || type == kMask;
}
bool is_reply(std::uint8_t type) noexcept {
  return type == kEchoReply || type == kTimestampReply || type == kMaskReply;
}

// Only a question and its answer have sides; an error is between others.
std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.u8();
  if (!message.ok()) return std::nullopt;
  if (is_request(type)) return Sender::client;
  if (is_reply(type)) return Sender::server;
  return std::nullopt;
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto type = message.u8();
  const auto code = message.u8();
  message.skip(2);  // checksum
  const auto rest = message.be32();
  if (!message.ok()) return;

  // An answer has another type than its question; identifier and sequence number pair them.
  const auto key = kKeyed | rest;
  if (is_request(type)) {
    out.request(code_of(type, code), {}, key);
  } else if (is_reply(type)) {
    out.reply(key, Outcome::executed);
  } else {
    out.notice(code_of(type, code), {});
  }
  if (type == kRouterAdvertisement)
    out.property({}, Property::capability, bytes_of("router"), Confidence::stated);
  if (type == kUnreachable || type == kTimeExceeded || type == kRedirect) {
    const auto reason = static_cast<std::uint16_t>(code_of(type, code));
    if (const auto blocked = read_quoted(message.rest(), reason)) out.blocked(*blocked);
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "icmp",
    .title = "ICMP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
