// IEEE 802.11-2020, 9.3.3 and 9.4: management frames, as a radio in monitor mode hears them: which
// networks there are, how they are protected, and who joins them. WPA's element of before the
// standard, and Wi-Fi Protected Setup's, are the Wi-Fi Alliance's. Codes are the subtype.
//
// What is asked and what answers have subtypes of their own, so that they are two flows: all but
// authentication are notices.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// Subtypes of management frames, table 9-1.
constexpr std::uint8_t kAssociationRequest = 0;
constexpr std::uint8_t kAssociationResponse = 1;
constexpr std::uint8_t kReassociationRequest = 2;
constexpr std::uint8_t kReassociationResponse = 3;
constexpr std::uint8_t kProbeResponse = 5;
constexpr std::uint8_t kBeacon = 8;
constexpr std::uint8_t kDisassociation = 10;
constexpr std::uint8_t kAuthentication = 11;
constexpr std::uint8_t kDeauthentication = 12;

constexpr auto kSeats = std::to_array<Seat>({
    {Over::wlan, kAssociationRequest},
    {Over::wlan, kAssociationResponse},
    {Over::wlan, kReassociationRequest},
    {Over::wlan, kReassociationResponse},
    {Over::wlan, kProbeResponse},
    {Over::wlan, kBeacon},
    {Over::wlan, kDisassociation},
    {Over::wlan, kAuthentication},
    {Over::wlan, kDeauthentication},
});

constexpr auto kOperations = std::to_array<Operation>({
    {kAssociationRequest, "association-request", Access::session},
    {kAssociationResponse, "association-response", Access::session},
    {kReassociationRequest, "reassociation-request", Access::session},
    {kReassociationResponse, "reassociation-response", Access::session},
    {kProbeResponse, "probe-response", Access::discover},
    {kBeacon, "beacon", Access::report},
    {kDisassociation, "disassociation", Access::session},
    {kAuthentication, "authentication", Access::authenticate},
    {kDeauthentication, "deauthentication", Access::session},
});

// Elements, table 9-92.
constexpr std::uint8_t kSsid = 0;
constexpr std::uint8_t kRsn = 48;
constexpr std::uint8_t kMeshId = 114;
constexpr std::uint8_t kVendor = 221;
constexpr std::size_t kMostSsid = 32;
// Of a vendor's element, the Wi-Fi Alliance's by Microsoft's number.
constexpr std::uint32_t kWpa = 0x0050f201;
constexpr std::uint32_t kSetup = 0x0050f204;

// Capability information, 9.4.1.4.
constexpr unsigned kInfrastructure = 0x0001;
constexpr unsigned kAdHoc = 0x0002;
constexpr unsigned kPrivacy = 0x0010;

// Authentication algorithms, 9.4.1.1.
constexpr unsigned kOpenSystem = 0;
constexpr unsigned kSharedKey = 1;
constexpr unsigned kHighestAlgorithm = 6;
constexpr unsigned kLeap = 128;  // Cisco's
constexpr unsigned kMostSteps = 4;

/// What stands before the elements, 9.3.3.
std::size_t fixed_size(std::uint64_t subtype) noexcept {
  switch (subtype) {
    case kAssociationRequest:
      return 4;  // capability, listen interval
    case kReassociationRequest:
      return 10;  // and the access point at present
    case kAssociationResponse:
    case kReassociationResponse:
    case kAuthentication:
      return 6;  // capability, status, id; algorithm, step, status
    case kProbeResponse:
    case kBeacon:
      return 12;  // time, interval, capability
    default:
      return 2;  // reason
  }
}

bool begins_with_ssid(std::uint64_t subtype) noexcept {
  return subtype == kBeacon || subtype == kProbeResponse || subtype == kAssociationRequest ||
         subtype == kReassociationRequest;
}

bool is_authentication(ByteCursor fields) noexcept {
  const unsigned algorithm = fields.le16();
  const unsigned step = fields.le16();
  return (algorithm <= kHighestAlgorithm || algorithm == kLeap) && step >= 1 && step <= kMostSteps;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over != Over::wlan) return Extent::foreign();
  const auto all = stream.remaining();
  const auto fixed = fixed_size(context.seat);
  if (all < fixed) return Extent::incomplete();
  if (context.seat == kAuthentication)
    return is_authentication(stream) ? Extent::of(all) : Extent::foreign();
  stream.skip(fixed);
  if (!begins_with_ssid(context.seat)) return Extent::of(all);
  const auto element = stream.u8();
  const std::size_t size = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  if (element != kSsid || size > kMostSsid) return Extent::foreign();
  return size <= stream.remaining() ? Extent::of(all) : Extent::incomplete();
}

/// The elements of one frame.
class Network {
 public:
  Network(Observer& out, std::string_view how) noexcept : out_(out), how_(how) {}

  /// A frame cut short never comes here, so that what is not among the elements is not said.
  void hear(ByteCursor elements, unsigned capability) {
    while (!elements.empty()) {
      const auto element = elements.u8();
      auto value = elements.nested(elements.u8());
      if (!elements.ok()) break;
      hear_element(element, value);
    }
    // A check sequence that the capture does not tell of stands behind the elements: it is no sign.
    if (named_ && !keyed_) say((capability & kPrivacy) != 0 ? "WEP" : "open");
  }

  /// Of a station that joins: how it is protected is the network's to say.
  void hear_join(ByteCursor elements) {
    elements.skip(1);
    name_ = elements.take(elements.u8());
    if (elements.ok()) say({});
  }

 private:
  void hear_element(std::uint8_t element, ByteCursor value) {
    if (element == kSsid && !named_) {
      name_ = value.rest();
      named_ = name_.size() <= kMostSsid;
    } else if (element == kRsn && value.le16() == 1) {
      say_keyed("RSN");
    } else if (element == kMeshId && value.remaining() > 0) {
      out_.event(Event::wireless, SmallText{"802.11 mesh "}.add(view_of(value.rest())).view());
    } else if (element == kVendor) {
      const auto maker = value.be32();
      if (maker == kWpa && value.le16() == 1) say_keyed("WPA");
      if (maker == kSetup) hear_setup(value);
    }
  }

  void say_keyed(std::string_view protection) {
    keyed_ = true;
    if (named_) say(protection);
  }

  void say(std::string_view protection) {
    const bool hidden = std::ranges::all_of(name_, [](auto byte) { return byte == 0; });
    SmallText detail{how_};
    detail.add(hidden ? "hidden SSID" : "SSID ");
    if (!hidden) detail.add(view_of(name_));
    if (!protection.empty()) detail.add(", ").add(protection);
    out_.event(Event::wireless, detail.view());
  }

  /// Wi-Fi Simple Configuration 2.0.5, 12: what the access point's maker calls it.
  void hear_setup(ByteCursor value) {
    while (!value.empty()) {
      const auto type = value.be16();
      const auto text = value.take(value.be16());
      if (!value.ok()) return;
      const auto said = bytes_of(trimmed(view_of(text)));
      if (type == 0x1011) say_property(Property::name, said);
      if (type == 0x1021) say_property(Property::vendor, said);
      if (type == 0x1023) say_property(Property::product, said);
      if (type == 0x1024) say_property(Property::model, said);
      if (type == 0x1042) say_property(Property::serial, said);
    }
  }
  void say_property(Property property, Bytes value) {
    if (!value.empty() && value[0] != 0)
      out_.property({}, property, value, Confidence::observed);  // often a maker's sample text
  }

  Observer& out_;
  std::string_view how_;
  Bytes name_;
  bool named_ = false;
  bool keyed_ = false;
};

void hear_beacon(ByteCursor message, Observer& out) {
  message.skip(8 + 2);  // time, interval
  const unsigned capability = message.le16();
  if (!message.ok()) return;
  const bool point = (capability & (kInfrastructure | kAdHoc)) == kInfrastructure;
  if (point) out.property({}, Property::capability, bytes_of("wlan-ap"), Confidence::stated);
  const bool ad_hoc = (capability & kAdHoc) != 0;
  Network{out, ad_hoc ? "802.11 ad hoc " : "802.11 "}.hear(message, capability);
}

void hear_authentication(ByteCursor message, Observer& out) {
  const unsigned algorithm = message.le16();
  const unsigned step = message.le16();
  const unsigned status = message.le16();
  if (!message.ok()) return;
  // Of the two oldest, odd steps ask and even ones answer (12.3.3); of others both ends begin.
  if (algorithm != kOpenSystem && algorithm != kSharedKey) return out.notice(kAuthentication, {});
  if (algorithm == kSharedKey) out.event(Event::wireless, "802.11 shared key, WEP");
  if (step % 2 == 1) {
    out.request(kAuthentication, {}, 0);
  } else {
    out.reply(0, status == 0 ? Outcome::executed : Outcome::rejected, status);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto code = static_cast<std::uint32_t>(context.seat);
  const auto fixed = fixed_size(context.seat);
  auto fields = message.nested(message.remaining());
  if (fields.remaining() < fixed) return;
  if (code == kAuthentication) return hear_authentication(fields, out);
  out.notice(code, {});
  if (code == kBeacon || code == kProbeResponse) return hear_beacon(fields, out);
  if (code != kAssociationRequest && code != kReassociationRequest) return;
  fields.skip(fixed);
  Network{out, "802.11 joins "}.hear_join(fields);
}

/// Who answers is an access point.
std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  switch (context.seat) {
    case kAssociationRequest:
    case kReassociationRequest:
      return Sender::client;
    case kAssociationResponse:
    case kReassociationResponse:
    case kProbeResponse:
      return Sender::server;
    case kAuthentication:
      message.skip(2);
      return (message.le16() & 1U) != 0 ? Sender::client : Sender::server;
    default:
      return std::nullopt;
  }
}

const Registration registration{{
    .name = "wlan",
    .title = "802.11 radio",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
