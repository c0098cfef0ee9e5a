// Cisco's Hot Standby Router Protocol over UDP 1985, and 2029 for IPv6: RFC 2281, 5 (version 1);
// version 2 is made of TLVs (Cisco's documentation of "HSRP version 2", and its captures).
// Codes are version << 8 | opcode, written `1/0`, `2/0`.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kSize = 20;       // of version 1
constexpr std::size_t kSecretSize = 8;  // RFC 2281, 5.10
constexpr std::uint8_t kHello = 0;
constexpr std::uint8_t kCoup = 1;
constexpr std::uint8_t kResign = 2;
constexpr std::uint8_t kAdvertise = 3;  // of Cisco's; what follows differs
constexpr std::uint8_t kActive = 16;    // states of version 1: 0, 1, 2, 4, 8, 16
constexpr std::uint8_t kActive2 = 6;    // of version 2: 0 to 6

// TLVs of version 2: type, length.
constexpr std::uint8_t kGroupState = 1;
constexpr std::uint8_t kGroupStateSize = 40;
constexpr std::uint8_t kTextSecret = 3;

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 1985}, {Over::udp, 2029}});

constexpr std::uint32_t code_of(std::uint32_t version, std::uint32_t opcode) noexcept {
  return version << 8U | opcode;
}

constexpr auto kOperations = std::to_array<Operation>({
    {code_of(1, kHello), "hello", Access::report},
    {code_of(1, kCoup), "coup", Access::report},
    {code_of(1, kResign), "resign", Access::report},
    {code_of(1, kAdvertise), "advertise", Access::report},
    {code_of(2, kHello), "hello", Access::report},
    {code_of(2, kCoup), "coup", Access::report},
    {code_of(2, kResign), "resign", Access::report},
    {code_of(2, kAdvertise), "advertise", Access::report},
});

SmallText notate(std::uint32_t code) {
  return SmallText{}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

bool is_state(std::uint8_t state) noexcept {
  return state <= 2 || state == 4 || state == 8 || state == kActive;
}

/// RFC 2281, 5: version 0, opcode, state, times, priority, group, a zero, secret, address.
bool version1_fits(ByteCursor message) noexcept {
  const auto size = message.remaining();
  const auto version = message.u8();
  const auto opcode = message.u8();
  const auto state = message.u8();
  const auto hello = message.u8();
  const auto hold = message.u8();
  message.skip(2);
  const auto reserved = message.u8();
  if (!message.ok() || version != 0) return false;
  if (opcode == kAdvertise) return size >= kSize - 4;
  return size == kSize && opcode <= kResign && is_state(state) && reserved == 0 && hold >= hello;
}

/// The first TLV of version 2 is the group's state.
bool version2_fits(ByteCursor message) noexcept {
  const auto type = message.u8();
  const auto length = message.u8();
  const auto version = message.u8();
  const auto opcode = message.u8();
  const auto state = message.u8();
  const auto ip = message.u8();
  return message.ok() && type == kGroupState && length == kGroupStateSize && version == 2 &&
         opcode <= kAdvertise && state <= kActive2 && (ip == 4 || ip == 6);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const bool fits = version2_fits(stream) && all >= kGroupStateSize + 2U;
  if (fits) return Extent::of(all);
  if (!version1_fits(stream)) return Extent::foreign();
  // On a port of another's, a readable secret and an address must be there.
  const auto bytes = stream.rest();
  const auto secret = view_of(bytes.last(kSecretSize + 4).first(kSecretSize));
  const auto text = secret.substr(0, secret.find('\0'));
  const bool proven = all == kSize && !text.empty() && is_printable(text) && bytes[16] != 0;
  return context.on_seat || proven ? Extent::of(all) : Extent::foreign();
}

void say_secret(Bytes secret, Observer& out) {
  const auto end = std::ranges::find(secret, std::uint8_t{0});
  const auto text = secret.first(static_cast<std::size_t>(end - secret.begin()));
  // All zero: there is none, or a digest stands elsewhere.
  if (!text.empty()) say_cleartext_login("HSRP", {}, text, out);
}

void say_group(std::uint32_t group, std::uint32_t priority, bool active, Observer& out) {
  auto text = SmallText{"hsrp group "}.decimal(group).add(", priority ").decimal(priority);
  out.property({}, Property::capability, bytes_of("router"), Confidence::stated);
  out.property({}, Property::description, text.add(active ? ", active" : ", standby").bytes(),
               Confidence::stated);
}

void say_address(Bytes address, Observer& out) {
  const auto ip = IpAddress::of(address);
  if (!ip.is_set() || ip.is_unspecified() || ip.is_multicast()) return;
  out.property({.kind = Subject::Kind::ip, .ip = ip}, Property::capability,
               bytes_of("virtual-router"), Confidence::stated);
}

void say_opcode(std::uint32_t version, std::uint8_t opcode, std::uint32_t group, Observer& out) {
  out.notice(code_of(version, opcode), {});
  out.event(Event::version, version == 1 ? "HSRPv1" : "HSRPv2");
  if (opcode != kCoup && opcode != kResign) return;
  auto text = SmallText{"HSRP group "}.decimal(group);
  text.add(opcode == kCoup ? ": takes over" : ": active router resigns");
  out.event(Event::device_state, text.view());
}

void hear_version1(ByteCursor& message, Observer& out) {
  message.skip(1);
  const auto opcode = message.u8();
  const auto state = message.u8();
  if (message.ok() && opcode == kAdvertise) {
    out.notice(code_of(1, opcode), {});
    return message.skip(message.remaining());
  }
  message.skip(2);  // times
  const auto priority = message.u8();
  const auto group = message.u8();
  message.skip(1);
  if (!message.ok()) return;
  say_opcode(1, opcode, group, out);
  say_group(group, priority, state == kActive, out);
  const auto secret = message.take(kSecretSize);
  if (message.ok()) say_secret(secret, out);
  const auto address = message.take(4);
  if (message.ok()) say_address(address, out);
}

void hear_group(ByteCursor value, Observer& out) {
  value.skip(1);
  const auto opcode = value.u8();
  const auto state = value.u8();
  const auto ip = value.u8();
  const auto group = value.be16();
  value.skip(6);  // who sends
  const auto priority = value.be32();
  value.skip(8);  // times
  const auto address = value.take(ip == 6 ? 16 : 4);
  if (!value.ok()) return;
  say_opcode(2, opcode, group, out);
  say_group(group, priority, state == kActive2, out);
  say_address(address, out);
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  if (message.empty()) return;
  if (message.rest()[0] != kGroupState) return hear_version1(message, out);
  while (!message.empty()) {
    const auto type = message.u8();
    const auto value = message.nested(message.u8());
    if (!message.ok()) return;
    if (type == kGroupState) hear_group(value, out);
    if (type == kTextSecret) say_secret(value.rest(), out);
  }
}

const Registration registration{{
    .name = "hsrp",
    .title = "HSRP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
