// Remote Authentication Dial-In User Service over UDP: RFC 2865, 3 and 5; accounting RFC 2866;
// EAP RFC 3579; 802.1X and radio RFC 3580; dynamic authorization RFC 5176.
// Codes are the packet's. Passwords are hidden by the protocol itself and never told.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/eap.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kHeaderSize = 20;  // code, identifier, length, authenticator
constexpr std::size_t kLongest = 4096;   // RFC 2865, 3
constexpr std::uint64_t kKeyed = 0x100;  // keeps identifier 0 from meaning "in order"

// Codes: RFC 2865, 4; RFC 2866, 4; RFC 5997; RFC 5176, 2.3.
constexpr std::uint8_t kAccess = 1;
constexpr std::uint8_t kAccept = 2;
constexpr std::uint8_t kReject = 3;
constexpr std::uint8_t kAccounting = 4;
constexpr std::uint8_t kAccounted = 5;
constexpr std::uint8_t kChallenge = 11;
constexpr std::uint8_t kStatus = 12;
constexpr std::uint8_t kDisconnect = 40;
constexpr std::uint8_t kDisconnected = 41;
constexpr std::uint8_t kNotDisconnected = 42;
constexpr std::uint8_t kChange = 43;
constexpr std::uint8_t kChanged = 44;
constexpr std::uint8_t kNotChanged = 45;

constexpr auto kSeats = std::to_array<Seat>({
    {Over::udp, 1812},
    {Over::udp, 1813},
    {Over::udp, 1645},  // before RFC 2865
    {Over::udp, 1646},
    {Over::udp, 1700},  // before RFC 5176
    {Over::udp, 3799},
});

constexpr auto kOperations = std::to_array<Operation>({
    {kAccess, "access", Access::authenticate},
    {kAccounting, "accounting", Access::report},
    {kStatus, "status", Access::diagnose},
    {kDisconnect, "disconnect", Access::control},
    {kChange, "change-authorization", Access::configure},
});

// Attributes.
constexpr std::uint8_t kUserName = 1;
constexpr std::uint8_t kCalled = 30;
constexpr std::uint8_t kNasIdentifier = 32;
constexpr std::uint8_t kPortType = 61;
constexpr std::uint8_t kEapMessage = 79;   // RFC 3579, 3.1: in pieces of 253 bytes
constexpr std::uint8_t kErrorCause = 101;  // RFC 5176, 3.5
constexpr std::uint32_t kRadio = 19;       // RFC 3580, 3.14: IEEE 802.11; 18 is other radio
constexpr std::uint32_t kOtherRadio = 18;

enum class Kind : std::uint8_t { foreign, request, answer };

Kind kind_of(std::uint8_t code) noexcept {
  switch (code) {
    case kAccess:
    case kAccounting:
    case kStatus:
    case kDisconnect:
    case kChange:
      return Kind::request;
    case kAccept:
    case kReject:
    case kAccounted:
    case kChallenge:
    case kDisconnected:
    case kNotDisconnected:
    case kChanged:
    case kNotChanged:
      return Kind::answer;
    default:
      return Kind::foreign;
  }
}

/// Attributes fill the packet to the byte (RFC 2865, 5).
bool attributes_fit(ByteCursor attributes) noexcept {
  while (!attributes.empty()) {
    attributes.skip(1);
    const std::size_t size = attributes.u8();
    if (!attributes.ok() || size < 2) return false;
    attributes.skip(size - 2);
  }
  return attributes.ok();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto code = stream.u8();
  stream.skip(1);
  const std::size_t length = stream.be16();
  const auto cut = context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (!stream.ok()) return cut;
  if (kind_of(code) == Kind::foreign || length < kHeaderSize || length > kLongest)
    return Extent::foreign();
  if (length > all) return cut;
  stream.skip(16);
  const auto attributes = stream.nested(length - kHeaderSize);
  // A faulty attribute makes a packet on its own port one to throw away, not another protocol.
  if (!context.on_seat && (length != all || attributes.empty() || !attributes_fit(attributes)))
    return Extent::foreign();
  return Extent::of(all);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto kind = kind_of(message.u8());
  if (!message.ok() || kind == Kind::foreign) return std::nullopt;
  return kind == Kind::request ? Sender::client : Sender::server;
}

/// What the attributes tell, gathered before anything is said.
struct Told {
  Bytes user, eap, called, nas;
  std::uint32_t port_type = 0;
  std::uint32_t cause = 0;
  bool whole = false;
};

Told read_attributes(ByteCursor& message) noexcept {
  Told told;
  while (!message.empty()) {
    const auto type = message.u8();
    const std::size_t size = message.u8();
    if (!message.ok() || size < 2) return told;
    auto value = message.nested(size - 2);
    if (!message.ok()) return told;
    const auto bytes = value.rest();
    if (type == kUserName) told.user = bytes;
    if (type == kCalled) told.called = bytes;
    if (type == kNasIdentifier) told.nas = bytes;
    if (type == kEapMessage && told.eap.empty()) told.eap = bytes;
    if (type == kPortType) told.port_type = value.be32();
    if (type == kErrorCause) told.cause = value.be32();
  }
  told.whole = message.ok();
  return told;
}

/// RFC 3580, 3.20: the access point's MAC, and behind a colon the name of its network.
void say_radio(const Told& told, Observer& out) {
  if (told.port_type != kRadio && told.port_type != kOtherRadio) return;
  constexpr std::size_t kMac = 17;
  SmallText text{"RADIUS "};
  text.add(told.port_type == kRadio ? "802.11" : "radio");
  const auto called = view_of(told.called);
  if (called.size() > kMac + 1 && called[kMac] == ':')
    text.add(" network ").add(called.substr(kMac + 1));
  out.event(Event::wireless, text.view());
}

void hear_request(std::uint8_t code, std::uint64_t key, const Told& told, Observer& out) {
  out.request(code, {}, key);
  // A proxy hands on what another calls itself.
  if (!told.nas.empty()) out.property({}, Property::name, told.nas, Confidence::observed);
  if (code == kAccess && !told.user.empty())
    out.event(Event::login, SmallText{"RADIUS "}.add(view_of(told.user)).view());
  if (code == kAccess && is_eap(ByteCursor{told.eap}))
    hear_eap(ByteCursor{told.eap}, "RADIUS EAP", out);
  if (told.whole) say_radio(told, out);
}

void hear_answer(std::uint8_t code, std::uint64_t key, const Told& told, Observer& out) {
  switch (code) {
    case kReject:
      out.reply(key, Outcome::rejected, code);
      return out.event(Event::login_rejected, "RADIUS");
    case kNotDisconnected:
    case kNotChanged:
      if (told.whole) out.reply(key, Outcome::rejected, told.cause);
      return;
    default:
      out.reply(key, Outcome::executed);
      return;
  }
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto code = message.u8();
  const auto key = kKeyed | message.u8();
  const std::size_t length = message.be16();
  message.skip(16);
  if (!message.ok() || length < kHeaderSize) return;
  const auto kind = kind_of(code);
  if (kind == Kind::foreign) return;
  const auto size = length - kHeaderSize;
  const bool cut = size > message.remaining();
  auto attributes = message.nested(std::min(size, message.remaining()));
  auto told = read_attributes(attributes);
  told.whole = told.whole && !cut;
  if (kind == Kind::request) return hear_request(code, key, told, out);
  hear_answer(code, key, told, out);
}

const Registration registration{{
    .name = "radius",
    .title = "RADIUS",
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
