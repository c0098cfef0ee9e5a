// Link Layer Discovery Protocol: IEEE 802.1AB-2016, 8 (TLVs); organisations' TLVs of IEEE 802.1Q,
// D.2 (VLANs), ANSI/TIA-1057 (media endpoints) and PROFINET (IEC 61158-6-10).
// Code 0 is an advertisement; 1 one of no lifetime, by which a station says that it leaves.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sekimori {
namespace {

constexpr std::uint32_t kAdvertise = 0;
constexpr std::uint32_t kLeave = 1;

// TLV types, 802.1AB, table 8-1.
constexpr unsigned kEnd = 0;
constexpr unsigned kChassis = 1;
constexpr unsigned kPort = 2;
constexpr unsigned kLifetime = 3;
constexpr unsigned kPortDescription = 4;
constexpr unsigned kSystemName = 5;
constexpr unsigned kSystemDescription = 6;
constexpr unsigned kCapabilities = 7;
constexpr unsigned kManagementAddress = 8;
constexpr unsigned kOrganisation = 127;

// Subtypes of chassis (table 8-2) and port (table 8-3) identifiers that are not text.
constexpr std::uint8_t kChassisMac = 4;
constexpr std::uint8_t kChassisNetwork = 5;
constexpr std::uint8_t kPortMac = 3;
constexpr std::uint8_t kPortNetwork = 4;
constexpr std::uint8_t kPortAlias = 1;

// Address families of IANA, as management addresses and identifiers carry them.
constexpr std::uint8_t kIpv4 = 1;
constexpr std::uint8_t kIpv6 = 2;

constexpr std::uint32_t kProfinet = 0x000ecf;
constexpr std::uint32_t kBridging = 0x0080c2;
constexpr std::uint32_t kMedia = 0x0012bb;

constexpr auto kSeats = std::to_array<Seat>({{Over::ethernet, 0x88cc}});

constexpr auto kOperations = std::to_array<Operation>({
    {kAdvertise, "advertise", Access::report, "0"},
    {kLeave, "leave", Access::report, "1"},
});

// 802.1AB, table 8-4, from the least bit on.
constexpr auto kCapabilityNames = std::to_array<std::string_view>(
    {"other", "repeater", "bridge", "wlan-ap", "router", "telephone", "cable-modem", "station",
     "c-vlan", "s-vlan", "two-port-relay"});
constexpr std::size_t kWlanBit = 3;

/// Inventory of ANSI/TIA-1057, 10.2.6: subtypes 5 to 10; an asset's tag is the owner's label, and
/// equal ones (often empty or a default) do not mean the same machine.
constexpr std::uint8_t kFirstInventory = 5;
constexpr auto kInventory =
    std::to_array<Property>({Property::hardware, Property::firmware, Property::software,
                             Property::serial, Property::vendor, Property::model});

bool header(ByteCursor& cursor, unsigned& type, std::size_t& size) noexcept {
  const unsigned word = cursor.be16();
  type = word >> 9U;
  size = word & 0x1ffU;
  return cursor.ok();
}

// Chassis, port and lifetime must open it, in this order (802.1AB, 8.2).
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  unsigned type = 0;
  std::size_t size = 0;
  for (const auto wanted : {kChassis, kPort, kLifetime}) {
    if (!header(stream, type, size)) return Extent::incomplete();
    if (type != wanted || size < 2) return Extent::foreign();
    stream.skip(size);
  }
  while (stream.ok() && !stream.empty()) {
    if (!header(stream, type, size)) break;
    stream.skip(size);
    if (type == kEnd && stream.ok()) return Extent::of(stream.offset());
  }
  // The end is mandatory, but some leave it out.
  return stream.ok() ? Extent::of(stream.offset()) : Extent::incomplete();
}

class Advertisement {
 public:
  explicit Advertisement(Observer& out) noexcept : out_(out) {}

  void hear(unsigned type, ByteCursor value) {
    switch (type) {
      case kChassis:
        return hear_chassis(value);
      case kPort:
        return hear_port(value);
      case kLifetime:
        return out_.notice(value.be16() == 0 ? kLeave : kAdvertise, {});
      case kPortDescription:
        return say_port("port ", value.rest());
      case kSystemName:
        name_ = value.rest();
        return say(Property::name, name_);
      case kSystemDescription:
        return say(Property::description, value.rest());
      case kCapabilities:
        return hear_capabilities(value);
      case kManagementAddress:
        return hear_management(value);
      case kOrganisation:
        return hear_organisation(value);
      default:
        return;
    }
  }

 private:
  void say(Property property, Bytes value) {
    if (!value.empty()) out_.property({}, property, value, Confidence::stated);
  }
  void say_port(std::string_view what, Bytes value) {
    if (!value.empty()) say(Property::description, SmallText{what}.add(view_of(value)).bytes());
  }

  /// The text of an identifier: a MAC address, a network address, or what the subtype calls text.
  static SmallText identifier(ByteCursor value, std::uint8_t mac, std::uint8_t network) {
    const auto subtype = value.u8();
    const auto bytes = value.rest();
    SmallText text;
    if (subtype == mac && bytes.size() == 6) return text.add(to_text(Mac::of(bytes)));
    if (subtype == network && bytes.size() > 1)
      return text.add(to_text(IpAddress::of(bytes.subspan(1))));
    return text.add(view_of(bytes));
  }

  void hear_chassis(ByteCursor value) {
    const auto id = identifier(value, kChassisMac, kChassisNetwork);
    const auto subtype = value.u8();
    if (subtype == kChassisMac) mac_ = Mac::of(value.rest());
    chassis_ = SmallText{"chassis "}.add(id.view());
    if (!id.empty()) say(Property::identifier, chassis_.bytes());
  }

  void hear_port(ByteCursor value) {
    const auto id = identifier(value, kPortMac, kPortNetwork);
    const auto subtype = value.u8();
    // The port's own MAC address is the frame's source.
    if (!id.empty() && subtype != kPortMac)
      say_port(subtype == kPortAlias ? "port alias " : "port ", id.bytes());
  }

  void hear_capabilities(ByteCursor value) {
    value.skip(2);  // what it could do; the enabled ones follow
    const unsigned enabled = value.be16();
    if (!value.ok()) return;
    for (std::size_t bit = 0; bit < kCapabilityNames.size(); ++bit)
      if ((enabled >> bit & 1U) != 0) say(Property::capability, bytes_of(kCapabilityNames[bit]));
    if ((enabled >> kWlanBit & 1U) != 0) out_.event(Event::wireless, "WLAN access point");
  }

  /// The address is that of the station, whose frames may bear another MAC than this port's: it is
  /// tied by the chassis, and claimed only for the chassis' own MAC.
  void hear_management(ByteCursor value) {
    auto address = value.nested(value.u8());
    const auto family = address.u8();
    if (!address.ok() || (family != kIpv4 && family != kIpv6)) return;
    const auto ip = IpAddress::of(address.rest());
    if (!ip.is_set() || ip.is_unspecified() || ip.is_loopback() || ip.is_multicast()) return;
    const Subject subject{.kind = Subject::Kind::ip, .ip = ip};
    management_ = ip;
    say_claim();
    if (!chassis_.empty())
      out_.property(subject, Property::identifier, chassis_.bytes(), Confidence::stated);
    if (!name_.empty()) out_.property(subject, Property::name, name_, Confidence::stated);
  }

  void say_claim() {
    if (mac_.is_set() && !mac_.is_group() && management_.is_set()) out_.claim(mac_, management_);
  }

  void hear_organisation(ByteCursor value) {
    const auto organisation = value.be24();
    const auto subtype = value.u8();
    if (!value.ok()) return;
    if (organisation == kProfinet) hear_profinet(subtype, value);
    if (organisation == kBridging) hear_vlan(subtype, value);
    if (organisation == kMedia) hear_media(subtype, value);
  }

  void hear_profinet(std::uint8_t subtype, ByteCursor value) {
    constexpr std::uint8_t kInterfaceMac = 5;  // the interface's, not the port's
    if (!std::exchange(profinet_, true)) say(Property::capability, bytes_of("profinet"));
    const auto mac = Mac::of(value.rest());
    if (subtype != kInterfaceMac || !mac.is_set() || mac.is_group()) return;
    say(Property::identifier, SmallText{"mac "}.add(to_text(mac)).bytes());
    if (mac_ == mac) return;
    mac_ = mac;
    say_claim();
  }

  void hear_vlan(std::uint8_t subtype, ByteCursor value) {
    constexpr std::uint8_t kPortVlan = 1;
    constexpr std::uint8_t kVlanName = 3;
    if (subtype != kPortVlan && subtype != kVlanName) return;
    const auto vlan = value.be16();
    auto text = SmallText{"vlan "}.decimal(vlan);
    if (subtype == kVlanName) {
      const auto name = value.take(value.u8());
      text.add(' ').add(view_of(name));
    }
    if (value.ok() && vlan != 0) say(Property::description, text.bytes());
  }

  void hear_media(std::uint8_t subtype, ByteCursor value) {
    const auto index = static_cast<std::size_t>(subtype) - kFirstInventory;
    if (subtype >= kFirstInventory && index < kInventory.size())
      say(kInventory[index], value.rest());
  }

  Observer& out_;
  Mac mac_;  ///< of the chassis or the interface
  IpAddress management_;
  bool profinet_ = false;
  SmallText chassis_;
  Bytes name_;
};

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  Advertisement advertisement{out};
  while (!message.empty()) {
    unsigned type = 0;
    std::size_t size = 0;
    if (!header(message, type, size)) return;
    const auto value = message.nested(size);
    if (!message.ok() || type == kEnd) return;
    advertisement.hear(type, value);
  }
}

const Registration registration{{
    .name = "lldp",
    .title = "LLDP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
