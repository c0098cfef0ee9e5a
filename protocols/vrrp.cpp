// Virtual Router Redundancy Protocol, IP protocol 112: RFC 3768, 5 (version 2; RFC 2338, 5.3.6 for
// its passwords), RFC 9568, 5 (version 3). CARP, which shares the number, differs in length.
// Codes are the version.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint8_t kAdvertisement = 1;  // the only type there is
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kSecretSize = 8;  // RFC 2338, 5.3.10
constexpr std::uint8_t kSimpleText = 1;

constexpr auto kSeats = std::to_array<Seat>({{Over::ip, 112}});

constexpr auto kOperations = std::to_array<Operation>({
    {2, "advertise", Access::report},
    {3, "advertise", Access::report},
});

struct Header {
  unsigned version = 0;
  std::uint8_t group = 0;
  std::uint8_t priority = 0;
  std::uint8_t addresses = 0;
  std::uint8_t authentication = 0;  ///< of version 2
  bool sound = false;
};

Header read_header(ByteCursor& cursor) noexcept {
  Header header;
  const unsigned first = cursor.u8();
  header.version = first >> 4U;
  header.group = cursor.u8();
  header.priority = cursor.u8();
  header.addresses = cursor.u8();
  header.authentication = cursor.u8();
  cursor.skip(3);  // interval, checksum
  header.sound = cursor.ok() && (first & 15U) == kAdvertisement && header.group != 0 &&
                 header.addresses != 0 && (header.version == 2 || header.version == 3);
  return header;
}

std::size_t address_size(const Context& context) noexcept {
  return context.source.is_v4() ? 4 : 16;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto header = read_header(stream);
  if (!stream.ok()) return Extent::incomplete();
  if (!header.sound) return Extent::foreign();
  const auto tail = header.version == 2 ? kSecretSize : 0;
  const auto size = kHeaderSize + header.addresses * address_size(context) + tail;
  if (size > all) return Extent::incomplete();
  return size == all ? Extent::of(all) : Extent::foreign();
}

/// RFC 9568, 7.3: the MAC that every router of the group answers with.
Mac virtual_mac(std::uint8_t group, bool v4) noexcept {
  const auto version = static_cast<std::uint8_t>(v4 ? 1 : 2);
  return {{0x00, 0x00, 0x5e, 0x00, version, group}};
}

void hear_address(const IpAddress& ip, const Header& header, const Context& context,
                  Observer& out) {
  if (!ip.is_set() || ip.is_unspecified() || ip.is_multicast()) return;
  const Subject router{.kind = Subject::Kind::ip, .ip = ip};
  out.property(router, Property::capability, bytes_of("virtual-router"), Confidence::stated);
  // Some answer with their own MAC: the virtual one is claimed by whoever sends from it.
  const auto mac = virtual_mac(header.group, ip.is_v4());
  if (context.source_mac == mac) out.claim(mac, ip);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto header = read_header(message);
  if (!header.sound) return;
  out.notice(header.version, {});
  out.event(Event::version, header.version == 2 ? "VRRPv2" : "VRRPv3");
  out.property({}, Property::capability, bytes_of("router"), Confidence::stated);
  if (header.priority == 0) {  // RFC 9568, 5.2.4
    auto text = SmallText{"VRRP group "}.decimal(header.group).add(": master resigns");
    out.event(Event::device_state, text.view());
  } else {
    auto text = SmallText{"vrrp group "}.decimal(header.group).add(", priority ");
    out.property({}, Property::description, text.decimal(header.priority).bytes(),
                 Confidence::stated);
  }
  for (unsigned i = 0; i < header.addresses && message.ok(); ++i) {
    const auto ip = IpAddress::of(message.take(address_size(context)));
    if (message.ok()) hear_address(ip, header, context, out);
  }
  if (header.version != 2) return;
  const auto secret = message.take(kSecretSize);
  if (!message.ok() || header.authentication != kSimpleText) return;
  const auto end = std::ranges::find(secret, std::uint8_t{0});
  say_cleartext_login("VRRP", {}, secret.first(static_cast<std::size_t>(end - secret.begin())),
                      out);
}

const Registration registration{{
    .name = "vrrp",
    .title = "VRRP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
