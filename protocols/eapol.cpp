// EAP over LANs: IEEE 802.1X-2010, 11 (EtherType 0x888E, and 0x88C7 of pre-authentication); keys of
// IEEE 802.11, 12.7.2. Codes are the packet type.
//
// A station asks a group address and is answered at its own, so that question and answer are two
// flows: every packet is a notice.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/eap.h"

#include <array>

namespace sekimori {
namespace {

// Packet types, 802.1X, table 11-3.
constexpr std::uint8_t kEap = 0;
constexpr std::uint8_t kKey = 3;
constexpr std::uint8_t kKeyAgreement = 5;
constexpr std::uint8_t kHighestType = 8;
constexpr std::uint8_t kHighestVersion = 3;
constexpr std::size_t kHeaderSize = 4;

// Key descriptors: 802.1X, 11.9; RSN's and that of WPA before it are for radio alone.
constexpr std::uint8_t kRsn = 2;
constexpr std::uint8_t kWpa = 254;

constexpr auto kSeats = std::to_array<Seat>({{Over::ethernet, 0x888e}, {Over::ethernet, 0x88c7}});

constexpr auto kOperations = std::to_array<Operation>({
    {kEap, "eap", Access::authenticate},
    {1, "start", Access::authenticate},
    {2, "log-off", Access::authenticate},
    {kKey, "key", Access::authenticate},
    {4, "alert", Access::report},
    {kKeyAgreement, "key-agreement", Access::authenticate},
    {6, "announcement", Access::report},
    {7, "announcement", Access::report},
    {8, "announcement-request", Access::discover},
});

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto all = stream.remaining();
  const auto version = stream.u8();
  const auto type = stream.u8();
  const std::size_t length = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (version == 0 || version > kHighestVersion || type > kHighestType) return Extent::foreign();
  if (length + kHeaderSize > all) return Extent::incomplete();
  if (type == kEap && !is_eap(stream)) return Extent::foreign();
  return Extent::of(all);  // Ethernet's padding included
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  message.skip(1);
  const auto type = message.u8();
  const std::size_t length = message.be16();
  if (!message.ok()) return;
  out.notice(type, {});
  auto body = message.nested(length);
  message.skip(message.remaining());
  if (!body.ok()) return;
  if (type == kEap) hear_eap(body, "802.1X", out);
  if (type == kKeyAgreement) out.event(Event::version, "MACsec key agreement");
  if (type != kKey) return;
  const auto descriptor = body.u8();
  if (body.ok() && (descriptor == kRsn || descriptor == kWpa))
    out.event(Event::wireless, descriptor == kRsn ? "802.11 RSN keys" : "802.11 WPA keys");
}

const Registration registration{{
    .name = "eapol",
    .title = "802.1X",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
