// Generic Routing Encapsulation as far as it is seen itself: what carries IP, Ethernet or labels is
// unwrapped and its inside stands in a segment of its own. What is left is PPTP's (RFC 2637, 4):
// acknowledgements, link control, logins, encrypted packets; and types that nothing here reads
// (RFC 2784). The code is the version: 0, or 1 of PPTP.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ppp.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// The first sixteen bits: RFC 2784, 2.1; RFC 2890, 2; RFC 2637, 4.1.
constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgment = 0x0080;
constexpr std::uint16_t kVersion = 0x0007;
constexpr std::uint32_t kPptp = 1;
constexpr std::uint16_t kPpp = 0x880b;
constexpr std::uint16_t kCdp = 0x2000;  // Cisco's routers discover each other through their tunnels

// ERSPAN mirrors what passes to whoever watches: no way to anywhere. What of it cannot be unwrapped
// comes here.
constexpr std::uint16_t kErspan = 0x88be;
constexpr std::uint16_t kErspanThree = 0x22eb;

constexpr auto kSeats = std::to_array<Seat>({{Over::ip, 47}});

constexpr auto kOperations = std::to_array<Operation>({
    {0, "packet", Access::session},
    {kPptp, "pptp-packet", Access::session},
});

/// PPTP's has a key, in which the payload's length stands, and neither checksum nor route.
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto all = stream.remaining();
  const auto flags = stream.be16();
  const auto type = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  const unsigned version = flags & kVersion;
  const bool pptp = type == kPpp && (flags & kKey) != 0 && (flags & kChecksum) == 0;
  return version == 0 || (version == kPptp && pptp) ? Extent::of(all) : Extent::foreign();
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto flags = message.be16();
  const auto type = message.be16();
  if (!message.ok()) return;
  const std::uint32_t version = flags & kVersion;
  out.notice(version, {});
  const bool mirror = type == kErspan || type == kErspanThree;
  if (!mirror) out.event(Event::tunnel, version == kPptp ? "PPTP" : "GRE");
  if ((flags & kChecksum) != 0) message.skip(4);
  std::size_t size = message.remaining();
  if (version == kPptp) {
    size = message.be16();
    message.skip(2);  // call id
  } else if ((flags & kKey) != 0) {
    message.skip(4);
  }
  if ((flags & kSequence) != 0) message.skip(4);
  if (version == kPptp && (flags & kAcknowledgment) != 0) message.skip(4);
  if (version != kPptp) size = message.remaining();
  const bool pure = version == kPptp && (flags & kSequence) == 0;  // an acknowledgment
  if (type == kPpp && !pure && size != 0) {
    const auto frame = message.nested(std::min(size, message.remaining()));
    if (message.ok()) hear_ppp(frame, version == kPptp ? "PPTP" : "GRE", out);
  }
  if (type == kCdp && version == 0 && message.ok()) out.carry("cdp", message, context);
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "gre",
    .title = "GRE",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
