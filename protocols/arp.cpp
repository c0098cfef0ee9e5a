// Address Resolution Protocol (RFC 826) over Ethernet for IPv4; announcements and probes as
// RFC 5227 names them. Codes are the operation, written `1`, `2`, and with the use that a sender
// makes of it: `1/probe`, `1/announcement`, `2/announcement`.
// A question goes to everybody and its answer to one: neither can be paired, both are notices.

#include "sekimori/dissect/dissector.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::size_t kSize = 28;
constexpr std::uint16_t kRequest = 1;
constexpr std::uint16_t kReply = 2;
constexpr std::uint16_t kReverseRequest = 3;  // RFC 903
constexpr std::uint16_t kReverseReply = 4;
constexpr std::uint32_t kProbe = 0x100;         // RFC 5227, 1.1: the sender's address is zero
constexpr std::uint32_t kAnnouncement = 0x200;  // RFC 5227, 1.1: both addresses are the same

constexpr auto kSeats = std::to_array<Seat>({{Over::ethernet, 0x0806}, {Over::ethernet, 0x8035}});

constexpr auto kOperations = std::to_array<Operation>({
    {kRequest, "who-has", Access::discover, "1"},
    {kReply, "is-at", Access::report, "2"},
    {kReverseRequest, "who-am-i", Access::discover, "3"},
    {kReverseReply, "you-are", Access::report, "4"},
    {kProbe | kRequest, "probe", Access::discover, "1/probe"},
    {kAnnouncement | kRequest, "announcement", Access::report, "1/announcement"},
    {kAnnouncement | kReply, "announcement", Access::report, "2/announcement"},
});

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto hardware = stream.be16();
  const auto protocol = stream.be16();
  const auto hardware_size = stream.u8();
  const auto protocol_size = stream.u8();
  const auto operation = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (hardware != kEthernet || protocol != kIpv4 || hardware_size != 6 || protocol_size != 4)
    return Extent::foreign();
  if (operation < kRequest || operation > kReverseReply) return Extent::foreign();
  return Extent::of(kSize);
}

/// An address that a station can have.
bool ownable(const IpAddress& ip) noexcept {
  return !ip.is_unspecified() && !ip.is_multicast() && !ip.is_broadcast() && !ip.is_loopback();
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  message.skip(6);
  const std::uint32_t operation = message.be16();
  const auto sender_mac = Mac::of(message.take(6));
  const auto sender_ip = IpAddress::of(message.take(4));
  message.skip(6);
  const auto target_ip = IpAddress::of(message.take(4));
  if (!message.ok()) return;

  const bool forward = operation == kRequest || operation == kReply;
  auto code = operation;
  if (forward && sender_ip == target_ip) code |= kAnnouncement;
  if (operation == kRequest && sender_ip.is_unspecified()) code = kProbe | kRequest;
  out.notice(code, {});

  // Only of itself: what a sender believes of its target proves nothing.
  if (forward && sender_mac.is_set() && !sender_mac.is_group() && ownable(sender_ip))
    out.claim(sender_mac, sender_ip);
  if (forward && sender_mac.is_group() && ownable(sender_ip))
    out.event(Event::malformed, "group address as the sender's own");
}

const Registration registration{{
    .name = "arp",
    .title = "ARP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
