// Cisco Discovery Protocol, versions 1 and 2: Cisco's "CDP Frame Format" (LAN switching technology
// notes) and what its neighbours read: IEEE 802.2 SNAP 00000C/2000, a header, and TLVs.
// The code is the version: 1 or 2, an advertisement.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint64_t kCisco = 0x00000c;
constexpr std::uint64_t kProtocol = 0x2000;
constexpr std::size_t kTlvHeader = 4;  // type and length, which counts them

// TLV types.
constexpr unsigned kDevice = 0x01;
constexpr unsigned kAddresses = 0x02;
constexpr unsigned kPort = 0x03;
constexpr unsigned kCapabilities = 0x04;
constexpr unsigned kVersion = 0x05;
constexpr unsigned kPlatform = 0x06;
constexpr unsigned kVtpDomain = 0x09;
constexpr unsigned kNativeVlan = 0x0a;
constexpr unsigned kVoiceVlan = 0x0e;
constexpr unsigned kSystemName = 0x14;
constexpr unsigned kManagementAddresses = 0x16;
constexpr unsigned kLocation = 0x17;
constexpr unsigned kHighest = 0x3f;  // what is known ends at 0x1f; a first type above is no CDP

// How an address names its protocol: ISO/IEC TR 9577's NLPID, or an 802.2 header.
constexpr std::uint8_t kNlpid = 1;
constexpr std::uint8_t kNlpidIp = 0xcc;
constexpr std::uint8_t kSnap = 2;
constexpr auto kSnapIpv6 =
    std::to_array<std::uint8_t>({0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd});
constexpr unsigned kMostAddresses = 16;  // of one TLV; a device has a few

constexpr auto kSeats = std::to_array<Seat>({
    {Over::snap, kCisco << 16U | kProtocol},
    {Over::ethernet, kProtocol},  // the same number on Cisco's serial lines (HDLC)
});

constexpr auto kOperations = std::to_array<Operation>({
    {1, "advertise", Access::report},
    {2, "advertise", Access::report},
});

// From the least bit on.
constexpr auto kCapabilityNames = std::to_array<std::string_view>(
    {"router", "bridge", "source-route-bridge", "switch", "host", "igmp", "repeater", "telephone",
     "remotely-managed", "camera", "two-port-relay"});

// Version, lifetime, checksum; then a TLV of a known type.
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto all = stream.remaining();
  const auto version = stream.u8();
  stream.skip(3);
  const unsigned type = stream.be16();
  const std::size_t size = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (version == 0 || version > 2 || type == 0 || type > kHighest || size < kTlvHeader)
    return Extent::foreign();
  stream.skip(size - kTlvHeader);
  return stream.ok() ? Extent::of(all) : Extent::incomplete();
}

/// The line that tells a version, or the first one: old systems begin with a line that tells none.
std::string_view telling_line(std::string_view text) noexcept {
  const auto first = trimmed(text.substr(0, text.find('\n')));
  while (!text.empty()) {
    const auto line = trimmed(take_until(text, '\n'));
    if (contains(line, "version")) return line;
  }
  return first;
}

/// `15.2(4)JA1` of `... Version 15.2(4)JA1, RELEASE SOFTWARE (fc2)`.
std::string_view release_of(std::string_view line) noexcept {
  constexpr std::string_view kWord = "version ";
  const auto at = find_word(line, kWord);
  if (at == std::string_view::npos) return {};
  auto rest = line.substr(at + kWord.size());
  return trimmed(rest.substr(0, rest.find_first_of(", ")));
}

class Advertisement {
 public:
  explicit Advertisement(Observer& out) noexcept : out_(out) {}

  void hear(unsigned type, ByteCursor value) {
    const auto text = value.rest();
    switch (type) {
      case kDevice:
        name_ = text;
        return say(Property::name, text);
      case kSystemName:
        return say(Property::name, text);
      case kAddresses:
      case kManagementAddresses:
        return hear_addresses(value);
      case kPort:
        return say_description("port ", text);
      case kCapabilities:
        return hear_capabilities(value.be32());
      case kVersion:
        return hear_version(view_of(text));
      case kPlatform:
        return hear_platform(view_of(text));
      case kVtpDomain:
        return say_description("vtp domain ", text);
      case kNativeVlan:
        return say_vlan("native vlan ", value);
      case kVoiceVlan:
        value.skip(1);  // of what kind the appliance is
        return say_vlan("voice vlan ", value);
      case kLocation:
        value.skip(1);
        return say(Property::location, value.rest());
      default:
        return;
    }
  }

 private:
  void say(Property property, Bytes value, Confidence confidence = Confidence::stated) {
    if (!value.empty()) out_.property({}, property, value, confidence);
  }
  void say_description(std::string_view what, Bytes value) {
    if (!value.empty()) say(Property::description, SmallText{what}.add(view_of(value)).bytes());
  }
  void say_vlan(std::string_view what, ByteCursor value) {
    const auto vlan = value.be16();
    if (value.ok()) say(Property::description, SmallText{what}.decimal(vlan).bytes());
  }

  void hear_capabilities(std::uint32_t bits) {
    for (std::size_t bit = 0; bit < kCapabilityNames.size(); ++bit)
      if ((bits >> bit & 1U) != 0) say(Property::capability, bytes_of(kCapabilityNames[bit]));
  }

  void hear_version(std::string_view text) {
    const auto line = telling_line(text);
    say(Property::software, bytes_of(line));
    say(Property::firmware, bytes_of(release_of(line)));
    if (contains(text, "cisco")) say(Property::vendor, bytes_of("Cisco"));
  }

  /// Cisco's order numbers of radio equipment begin with AIR; AIR-CT and AIR-WLC are controllers,
  /// which have no antenna of their own.
  void hear_platform(std::string_view text) {
    say(Property::model, bytes_of(text));
    if (begins_with(text, "cisco ")) say(Property::vendor, bytes_of("Cisco"));
    if (!contains(text, "AIR-")) return;
    out_.event(Event::wireless, SmallText{"Aironet "}.add(text).view());
    if (!contains(text, "AIR-CT") && !contains(text, "AIR-WLC"))
      say(Property::capability, bytes_of("wlan-ap"), Confidence::guessed);
  }

  /// The station's own addresses. No claim is made of them: the frame's MAC is the port's, and the
  /// address may be of another interface.
  void hear_addresses(ByteCursor& value) {
    const auto count = std::min<std::uint32_t>(value.be32(), kMostAddresses);
    for (std::uint32_t i = 0; i < count && value.ok(); ++i) {
      const auto kind = value.u8();
      const auto protocol = value.take(value.u8());
      const auto address = value.take(value.be16());
      if (!value.ok()) return;
      const bool v4 = kind == kNlpid && protocol.size() == 1 && protocol[0] == kNlpidIp;
      const bool v6 = kind == kSnap && std::ranges::equal(protocol, kSnapIpv6);
      if ((v4 && address.size() == 4) || (v6 && address.size() == 16))
        say_address(IpAddress::of(address));
    }
  }
  /// Names as they leave the factory are many machines' name: said of an address it proves no more
  /// than that somebody there is called so.
  void say_address(const IpAddress& ip) {
    if (ip.is_unspecified() || ip.is_loopback() || ip.is_multicast() || name_.empty()) return;
    out_.property({.kind = Subject::Kind::ip, .ip = ip}, Property::name, name_,
                  Confidence::observed);
  }

  Observer& out_;
  Bytes name_;
};

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto version = message.u8();
  message.skip(3);  // lifetime, checksum
  if (!message.ok() || version == 0 || version > 2) return;
  out.notice(version, {});
  Advertisement advertisement{out};
  while (!message.empty()) {
    const unsigned type = message.be16();
    const std::size_t size = message.be16();
    if (!message.ok()) return;
    if (size < kTlvHeader) return out.event(Event::malformed, "CDP TLV shorter than its header");
    const auto value = message.nested(size - kTlvHeader);
    if (!message.ok()) return;
    advertisement.hear(type, value);
  }
}

const Registration registration{{
    .name = "cdp",
    .title = "CDP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
