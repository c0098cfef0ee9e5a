// ICMPv6: RFC 4443; neighbour discovery RFC 4861; router options RFC 8106; listener discovery
// RFC 2710 and RFC 3810. Codes are type << 8 | code, written `1/1`.
// Neighbour discovery asks a group and is answered by a host: its messages are notices.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/quoted_packet.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::uint8_t kUnreachable = 1;
constexpr std::uint8_t kTimeExceeded = 3;
constexpr std::uint8_t kEcho = 128;
constexpr std::uint8_t kEchoReply = 129;
constexpr std::uint8_t kRouterSolicitation = 133;
constexpr std::uint8_t kRouterAdvertisement = 134;
constexpr std::uint8_t kNeighbourSolicitation = 135;
constexpr std::uint8_t kNeighbourAdvertisement = 136;
constexpr std::uint8_t kRedirect = 137;
constexpr std::uint8_t kListenerReport2 = 143;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;  // keeps id 0 from meaning "in order"

// Options, RFC 4861, 4.6 and RFC 8106, 5.1: type, length in units of eight bytes.
constexpr std::uint8_t kSourceAddress = 1;
constexpr std::uint8_t kTargetAddress = 2;
constexpr std::uint8_t kPrefix = 3;
constexpr std::uint8_t kRedirected = 4;
constexpr std::uint8_t kNameServers = 25;
constexpr std::size_t kUnit = 8;

constexpr auto kSeats = std::to_array<Seat>({{Over::ip, 58}});

constexpr std::uint32_t code_of(std::uint32_t type, std::uint32_t code) noexcept {
  return type << 8U | code;
}

constexpr auto kOperations = std::to_array<Operation>({
    {code_of(kUnreachable, 0), "no-route", Access::report},
    {code_of(kUnreachable, 1), "administratively-prohibited", Access::report},
    {code_of(kUnreachable, 2), "beyond-scope", Access::report},
    {code_of(kUnreachable, 3), "address-unreachable", Access::report},
    {code_of(kUnreachable, 4), "port-unreachable", Access::report},
    {code_of(kUnreachable, 5), "source-address-prohibited", Access::report},
    {code_of(kUnreachable, 6), "route-rejected", Access::report},
    {code_of(2, 0), "packet-too-big", Access::report},
    {code_of(kTimeExceeded, 0), "hop-limit-exceeded", Access::report},
    {code_of(kTimeExceeded, 1), "reassembly-time-exceeded", Access::report},
    {code_of(4, 0), "parameter-problem", Access::report},
    {code_of(4, 1), "unknown-next-header", Access::report},
    {code_of(4, 2), "unknown-option", Access::report},
    {code_of(kEcho, 0), "echo", Access::discover},
    {code_of(130, 0), "listener-query", Access::discover},
    {code_of(131, 0), "listener-report", Access::report},
    {code_of(132, 0), "listener-done", Access::report},
    {code_of(kRouterSolicitation, 0), "router-solicitation", Access::discover},
    {code_of(kRouterAdvertisement, 0), "router-advertisement", Access::report},
    {code_of(kNeighbourSolicitation, 0), "neighbour-solicitation", Access::discover},
    {code_of(kNeighbourAdvertisement, 0), "neighbour-advertisement", Access::report},
    {code_of(kRedirect, 0), "redirect", Access::configure},
    {code_of(kListenerReport2, 0), "listener-report", Access::report},
});

SmallText notate(std::uint32_t code) {
  return SmallText{}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

// The IP protocol number is ICMPv6's own, so there is nothing to recognise.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over != Over::ip || !context.on_seat) return Extent::foreign();
  return stream.remaining() < kHeaderSize ? Extent::incomplete() : Extent::of(stream.remaining());
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.u8();
  if (!message.ok()) return std::nullopt;
  if (type == kEcho) return Sender::client;
  if (type == kEchoReply) return Sender::server;
  return std::nullopt;
}

void claim(Bytes link_address, const IpAddress& ip, Observer& out) {
  const auto mac = Mac::of(link_address);
  if (mac.is_set() && !mac.is_group() && ip.is_set() && !ip.is_multicast()) out.claim(mac, ip);
}

/// RFC 4861, 4.6.2: what the router tells of the link.
void hear_prefix(ByteCursor option, Observer& out) {
  const unsigned length = option.u8();
  option.skip(13);  // flags, two lifetimes, reserved
  const auto base = IpAddress::of(option.take(16));
  if (!option.ok() || length > 128) return;
  auto text = SmallText{"prefix "}.add(to_text(Prefix{base, length}));
  out.property({}, Property::address_plan, text.bytes(), Confidence::stated);
}

void hear_name_servers(ByteCursor option, Observer& out) {
  option.skip(6);  // reserved, lifetime
  while (!option.empty()) {
    const auto ip = IpAddress::of(option.take(16));
    if (!option.ok()) return;
    out.property({}, Property::address_plan, SmallText{"dns "}.add(to_text(ip)).bytes(),
                 Confidence::stated);
  }
}

struct Discovery {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  IpAddress target;  ///< of an advertisement
};

void hear_option(std::uint8_t kind, ByteCursor option, const Discovery& discovery,
                 const Context& context, Observer& out) {
  const bool router = discovery.type == kRouterAdvertisement;
  // A solicitation from no address probes for a duplicate (RFC 4862, 5.4.2): it has nothing yet.
  if (kind == kSourceAddress && !context.source.is_unspecified())
    claim(option.rest(), context.source, out);
  if (kind == kTargetAddress && discovery.type == kNeighbourAdvertisement)
    claim(option.rest(), discovery.target, out);
  if (kind == kPrefix && router) hear_prefix(option, out);
  if (kind == kNameServers && router) hear_name_servers(option, out);
  if (kind == kRedirected && discovery.type == kRedirect) {
    option.skip(6);
    const auto reason = static_cast<std::uint16_t>(code_of(kRedirect, discovery.code));
    if (const auto blocked = read_quoted(option.rest(), reason)) out.blocked(*blocked);
  }
}

void hear_options(ByteCursor& message, const Discovery& discovery, const Context& context,
                  Observer& out) {
  while (!message.empty()) {
    const auto kind = message.u8();
    const std::size_t units = message.u8();
    if (!message.ok()) return;
    if (units == 0) return out.event(Event::malformed, "neighbour discovery option of no length");
    const auto option = message.nested(units * kUnit - 2);
    if (!message.ok()) return;
    hear_option(kind, option, discovery, context, out);
  }
}

/// The fixed part between the header and the options (RFC 4861, 4.1 to 4.5).
void hear_discovery(ByteCursor& message, Discovery discovery, const Context& context,
                    Observer& out) {
  if (discovery.type == kRouterAdvertisement) {
    message.skip(2);  // hop limit, flags
    const auto lifetime = message.be16();
    message.skip(8);  // reachable time, retransmission timer
    if (!message.ok()) return;
    if (lifetime != 0)
      out.property({}, Property::capability, bytes_of("router"), Confidence::stated);
  } else {
    message.skip(4);
    if (discovery.type != kRouterSolicitation) discovery.target = IpAddress::of(message.take(16));
    if (discovery.type == kRedirect) message.skip(16);
    if (!message.ok()) return;
  }
  hear_options(message, discovery, context, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto type = message.u8();
  const auto code = message.u8();
  message.skip(2);  // checksum
  if (!message.ok()) return;
  if (type == kEcho || type == kEchoReply) {
    const auto key = kKeyed | message.be32();
    if (!message.ok()) return;
    if (type == kEcho) out.request(code_of(type, code), {}, key);
    if (type == kEchoReply) out.reply(key, Outcome::executed);
  } else {
    out.notice(code_of(type, code), {});
  }
  if (type >= kRouterSolicitation && type <= kRedirect)
    return hear_discovery(message, {.type = type, .code = code, .target = {}}, context, out);
  if (type == kUnreachable || type == kTimeExceeded) {
    message.skip(4);
    const auto reason = static_cast<std::uint16_t>(code_of(type, code));
    if (const auto blocked = read_quoted(message.rest(), reason)) out.blocked(*blocked);
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "icmpv6",
    .title = "ICMPv6",
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
