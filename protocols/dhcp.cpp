// DHCP for IPv4 (RFC 2131), its options (RFC 2132, RFC 4702, RFC 4578), and BOOTP (RFC 951)
// beneath. Codes are the message type of option 53, written `1`..`18`; without one, `bootp/1` and
// `bootp/2`.
//
// A new client speaks from 0.0.0.0 to everybody and is answered at an address it does not have
// yet: question and answer are two flows. Those messages are notices; only what goes to one
// address (renewals, relays) is a request that its answer, by the same xid, is paired with.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint8_t kBootRequest = 1;
constexpr std::uint8_t kBootReply = 2;
constexpr std::uint32_t kMagic = 0x63825363;  // RFC 2132, 2
constexpr std::uint8_t kEthernet = 1;
constexpr std::size_t kHardwareSize = 16;
constexpr std::size_t kNames = 64 + 128;  // server host name, boot file
constexpr std::uint32_t kBootp = 0x100;   // | op

constexpr std::uint32_t kDecline = 4;
constexpr std::uint32_t kAck = 5;
constexpr std::uint32_t kNak = 6;
constexpr std::uint32_t kInform = 8;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;  // keeps xid 0 from meaning "in order"
constexpr std::uint64_t kAsked = 1;  // of FlowState[0]: this flow carries requests

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 67}, {Over::udp, 68}});

constexpr auto kOperations = std::to_array<Operation>({
    {1, "discover", Access::discover},
    {2, "offer", Access::configure},
    {3, "request", Access::discover},
    {kDecline, "decline", Access::report},
    {kAck, "acknowledge", Access::configure},
    {kNak, "refuse", Access::configure},
    {7, "release", Access::report},
    {kInform, "inform", Access::discover},
    {9, "force-renew", Access::configure},
    {10, "lease-query", Access::discover},
    {11, "lease-unassigned", Access::report},
    {12, "lease-unknown", Access::report},
    {13, "lease-active", Access::report},
    {kBootp | kBootRequest, "boot-request", Access::discover, "bootp/1"},
    {kBootp | kBootReply, "boot-reply", Access::configure, "bootp/2"},
});

// Options, RFC 2132 unless said otherwise.
enum Option : std::uint8_t {
  kPad = 0,
  kMask = 1,
  kRouter = 3,
  kDns = 6,
  kHostName = 12,
  kDomain = 15,
  kNtp = 42,
  kWins = 44,
  kRequestedIp = 50,
  kMessageType = 53,
  kServerId = 54,
  kVendorClass = 60,
  kClientId = 61,
  kTftpServer = 66,
  kBootFile = 67,
  kFqdn = 81,          // RFC 4702
  kMachineId = 97,     // RFC 4578, 2.3
  kTftpAddress = 150,  // RFC 5859
  kEnd = 255,
};

/// What a server hands out, by the word that the address plan uses.
struct Handout {
  std::uint8_t option;
  std::string_view word;
  bool addresses;  ///< a list of IPv4 addresses, else text
};
constexpr auto kHandouts = std::to_array<Handout>({
    {kMask, "mask ", true},
    {kRouter, "router ", true},
    {kDns, "dns ", true},
    {kDomain, "domain ", false},
    {kNtp, "ntp ", true},
    {kWins, "wins ", true},
    {kTftpServer, "tftp ", false},
    {kTftpAddress, "tftp ", true},
    {kBootFile, "boot-file ", false},
});

/// Vendor classes that tell an operating system; habit, not standard.
struct ClassHint {
  std::string_view prefix;
  std::string_view os;
};
constexpr auto kClassHints = std::to_array<ClassHint>({
    {"MSFT 98", "Windows 98"},
    {"MSFT ", "Windows"},
    {"android-dhcp", "Android"},
    {"udhcp", "Linux"},
    {"dhcpcd", "Linux"},
    {"Linux", "Linux"},
});

struct Message {
  std::uint8_t op = 0;
  std::uint8_t hardware = 0;
  std::uint32_t xid = 0;
  IpAddress client_ip, your_ip, relay_ip;
  Bytes client_hardware;
  bool options_end = false;  ///< all options were read, or there are none
  std::array<Bytes, 256> options{};

  [[nodiscard]] const Bytes& option(std::uint8_t code) const noexcept { return options[code]; }
  [[nodiscard]] Mac mac() const noexcept {
    return hardware == kEthernet && client_hardware.size() == 6 ? Mac::of(client_hardware) : Mac{};
  }
  [[nodiscard]] std::optional<std::uint32_t> code() const noexcept {
    if (option(kMessageType).size() == 1) return option(kMessageType)[0];
    if (options_end) return kBootp | op;
    return std::nullopt;
  }
};

void read_options(ByteCursor& cursor, Message& message) noexcept {
  while (!cursor.empty()) {
    const auto code = cursor.u8();
    if (code == kPad) continue;
    if (code == kEnd) {
      message.options_end = true;
      return;
    }
    const auto value = cursor.take(cursor.u8());
    if (!cursor.ok()) return;
    // The first stands: a later one would be its continuation (RFC 3396).
    if (message.options[code].empty()) message.options[code] = value;
  }
}

bool read(ByteCursor& cursor, Message& message) noexcept {
  message.op = cursor.u8();
  message.hardware = cursor.u8();
  const std::size_t hardware_size = cursor.u8();
  cursor.skip(1);  // hops
  message.xid = cursor.be32();
  cursor.skip(4);  // seconds, flags
  message.client_ip = IpAddress::of(cursor.take(4));
  message.your_ip = IpAddress::of(cursor.take(4));
  cursor.skip(4);  // next server
  message.relay_ip = IpAddress::of(cursor.take(4));
  message.client_hardware =
      cursor.take(kHardwareSize).first(cursor.ok() ? std::min(hardware_size, kHardwareSize) : 0);
  cursor.skip(kNames);
  const auto magic = cursor.be32();
  if (!cursor.ok()) return false;
  if (magic == kMagic)
    read_options(cursor, message);
  else
    message.options_end = true;
  return true;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto size = stream.remaining();
  const auto op = stream.u8();
  const auto hardware = stream.u8();
  const auto hardware_size = stream.u8();
  const bool right = (op == kBootRequest || op == kBootReply) && hardware_size <= kHardwareSize;
  if (stream.ok() && !right) return Extent::foreign();
  stream.skip(25 + kHardwareSize + kNames);
  const auto magic = stream.be32();
  if (!stream.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  // BOOTP leaves the magic out; then only the port speaks for it.
  const bool bare = context.on_seat && hardware == kEthernet && hardware_size == 6 && magic == 0;
  return magic == kMagic || bare ? Extent::of(size) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto op = message.u8();
  if (!message.ok()) return std::nullopt;
  return op == kBootReply ? Sender::server : Sender::client;
}

void say_operation(const Message& message, std::uint32_t code, const Context& context,
                   Observer& out) {
  const auto key = kKeyed | message.xid;
  const bool one_to_one = !context.source.is_unspecified() && context.source.is_set() &&
                          !context.destination.is_broadcast();
  if (message.op == kBootRequest) {
    const bool expects = code == 1 || code == 3 || code == kInform || code == 10 || code >= kBootp;
    if (!one_to_one || !expects) return out.notice(code, {});
    if (context.state != nullptr) context.state->at(0) |= kAsked;
    return out.request(code, {}, key);
  }
  const bool asked = context.state != nullptr && (context.state->at(0) & kAsked) != 0;
  if (!one_to_one || !asked) return out.notice(code, {});
  out.reply(key, code == kNak ? Outcome::rejected : Outcome::executed);
}

/// RFC 4702, 2: flags, two result codes, and a name in ASCII or, with flag E, in DNS labels.
SmallText full_name(Bytes option) noexcept {
  constexpr std::uint8_t kLabels = 0x04;
  ByteCursor cursor{option};
  const auto flags = cursor.u8();
  cursor.skip(2);
  SmallText text;
  if ((flags & kLabels) == 0) return text.add(view_of(cursor.rest()));
  while (!cursor.empty()) {
    const auto size = cursor.u8();
    const auto label = cursor.take(size);
    if (!cursor.ok() || size == 0) break;
    if (!text.empty()) text.add('.');
    text.add(view_of(label));
  }
  return text;
}

SmallText hex_text(std::string_view what, Bytes bytes) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kMost = 32;
  SmallText text{what};
  for (const auto byte : bytes.first(std::min(bytes.size(), kMost)))
    text.add(kDigits[byte >> 4U]).add(kDigits[byte & 15U]);
  return text;
}

void say_client(const Message& message, Observer& out) {
  const auto mac = message.mac();
  const auto subject = mac.is_set() ? Subject{.kind = Subject::Kind::mac, .mac = mac} : Subject{};
  const auto say = [&](Property property, Bytes value, Confidence confidence) {
    if (!value.empty()) out.property(subject, property, value, confidence);
  };
  say(Property::name, message.option(kHostName), Confidence::stated);
  if (message.option(kFqdn).size() > 3)
    say(Property::name, full_name(message.option(kFqdn)).bytes(), Confidence::stated);
  const auto vendor_class = message.option(kVendorClass);
  say(Property::software, vendor_class, Confidence::stated);
  const auto hint = std::ranges::find_if(kClassHints, [&](const ClassHint& known) {
    return view_of(vendor_class).starts_with(known.prefix);
  });
  if (hint != kClassHints.end()) say(Property::os, bytes_of(hint->os), Confidence::guessed);
  if (message.option(kClientId).size() > 1)
    say(Property::identifier, hex_text("dhcp-client ", message.option(kClientId)).bytes(),
        Confidence::stated);
  if (message.option(kMachineId).size() > 1)
    say(Property::identifier, hex_text("machine ", message.option(kMachineId).subspan(1)).bytes(),
        Confidence::stated);
}

void say_plan(const Message& message, Observer& out) {
  Subject server{};
  if (message.option(kServerId).size() == 4)
    server = {.kind = Subject::Kind::ip, .ip = IpAddress::of(message.option(kServerId))};
  for (const auto& handout : kHandouts) {
    ByteCursor value{message.option(handout.option)};
    if (!handout.addresses && !value.empty())
      out.property(server, Property::address_plan,
                   SmallText{handout.word}.add(view_of(value.rest())).bytes(), Confidence::stated);
    while (handout.addresses && value.remaining() >= 4) {
      const auto ip = to_text(IpAddress::of(value.take(4)));
      out.property(server, Property::address_plan, SmallText{handout.word}.add(ip).bytes(),
                   Confidence::stated);
    }
  }
}

/// The server's word that a client now has an address, and what it calls it.
void say_binding(const Message& message, Observer& out) {
  const auto ip = message.your_ip;
  if (ip.is_unspecified() || ip.is_multicast() || ip.is_broadcast()) return;
  if (message.mac().is_set() && !message.mac().is_group()) out.claim(message.mac(), ip);
  const Subject client{.kind = Subject::Kind::ip, .ip = ip};
  if (!message.option(kHostName).empty())
    out.property(client, Property::name, message.option(kHostName), Confidence::observed);
  if (message.option(kFqdn).size() > 3) {
    const auto name = full_name(message.option(kFqdn));
    if (!name.empty()) out.property(client, Property::name, name.bytes(), Confidence::observed);
  }
}

void dissect(ByteCursor& cursor, const Context& context, Observer& out) {
  Message message;
  if (!read(cursor, message)) return;
  const auto code = message.code();
  if (!code) return;
  say_operation(message, *code, context, out);
  if (!message.relay_ip.is_unspecified())
    out.property({.kind = Subject::Kind::ip, .ip = message.relay_ip}, Property::capability,
                 bytes_of("dhcp-relay"), Confidence::observed);
  if (message.op == kBootRequest) {
    say_client(message, out);
    if (*code == kDecline && message.option(kRequestedIp).size() == 4) {
      const auto ip = to_text(IpAddress::of(message.option(kRequestedIp)));
      out.event(Event::device_state, SmallText{"address in use by another: "}.add(ip).view());
    }
  } else if (*code != kNak) {
    say_plan(message, out);
    if (*code == kAck || *code == (kBootp | kBootReply)) say_binding(message, out);
  }
  cursor.skip(cursor.remaining());
}

const Registration registration{{
    .name = "dhcp",
    .title = "DHCP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
