// Network Time Protocol: RFC 5905, 7.3 (header, versions 1 to 4); control messages RFC 9327; the
// private mode 7 of the reference implementation (ntp_request.h of its distribution).
// Codes are mode << 8 | operation, written by the mode alone (`3`) or with it (`6/2`, `7/42`).

#include "sekimori/dissect/dissector.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kHeaderSize = 48;
constexpr std::size_t kControlSize = 12;  // RFC 9327, 2
constexpr std::size_t kPrivateSize = 8;

// Modes, RFC 5905, figure 10.
constexpr unsigned kActive = 1;
constexpr unsigned kPassive = 2;
constexpr unsigned kClient = 3;
constexpr unsigned kServer = 4;
constexpr unsigned kBroadcast = 5;
constexpr unsigned kControl = 6;
constexpr unsigned kPrivate = 7;

constexpr unsigned kHighestStratum = 16;                   // RFC 5905, figure 11: unsynchronised
constexpr unsigned kNotSynchronised = 3;                   // leap indicator, figure 9
constexpr std::int8_t kCoarsest = 4;                       // log2 s: 16 s, and
constexpr std::int8_t kFinest = -40;                       // a picosecond: no clock is outside
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 63U;  // apart from time stamps of mode 3

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 123}});

constexpr std::uint32_t code_of(unsigned mode, unsigned operation) noexcept {
  return mode << 8U | operation;
}

constexpr auto kOperations = std::to_array<Operation>({
    {code_of(kActive, 0), "peer", Access::time, "1"},
    {code_of(kPassive, 0), "peer", Access::time, "2"},
    {code_of(kClient, 0), "ask-time", Access::time, "3"},
    {code_of(kBroadcast, 0), "broadcast-time", Access::time, "5"},
    {code_of(kControl, 1), "read-status", Access::diagnose},
    {code_of(kControl, 2), "read-variables", Access::diagnose},
    {code_of(kControl, 3), "write-variables", Access::configure},
    {code_of(kControl, 4), "read-clock-variables", Access::diagnose},
    {code_of(kControl, 5), "write-clock-variables", Access::configure},
    {code_of(kControl, 6), "set-trap", Access::configure},
    {code_of(kControl, 8), "configure", Access::configure},
    {code_of(kControl, 9), "save-configuration", Access::upload},
    {code_of(kControl, 10), "read-most-recent", Access::diagnose},
    {code_of(kControl, 31), "unset-trap", Access::configure},
    {code_of(kPrivate, 0), "list-peers", Access::diagnose},
    {code_of(kPrivate, 20), "list-clients", Access::diagnose},
    {code_of(kPrivate, 42), "list-clients", Access::diagnose},
});

SmallText notate(std::uint32_t code) {
  return SmallText{}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

struct Opening {
  unsigned leap = 0;
  unsigned version = 0;
  unsigned mode = 0;
};

Opening opening_of(unsigned first) noexcept {
  return {.leap = first >> 6U, .version = first >> 3U & 7U, .mode = first & 7U};
}

/// Behind the header stand extension fields and a key with its digest, all in words of four bytes
/// (RFC 5905, 7.3 and 7.5).
bool time_message(ByteCursor stream, const Opening& opening, bool on_seat) noexcept {
  const auto size = stream.remaining();
  stream.skip(1);
  const unsigned stratum = stream.u8();
  stream.skip(1);  // poll
  const auto precision = static_cast<std::int8_t>(stream.u8());
  stream.skip(36);  // delay, dispersion, reference, three time stamps
  const auto transmit = stream.be64();
  if (!stream.ok() || size % 4 != 0 || stratum > kHighestStratum) return false;
  if (precision > kCoarsest || precision < kFinest) return false;
  if (on_seat) return true;
  const bool usual = opening.version >= 3 && (opening.mode == kClient || opening.mode == kServer);
  return usual && transmit != 0 && stratum < kHighestStratum &&
         (size == kHeaderSize || size == kHeaderSize + 20 || size == kHeaderSize + 24);
}

bool control_message(ByteCursor stream, bool on_seat) noexcept {
  const auto size = stream.remaining();
  stream.skip(10);
  const std::size_t count = stream.be16();
  return on_seat && stream.ok() && kControlSize + count <= size;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto size = stream.remaining();
  const auto opening = opening_of(ByteCursor{stream}.u8());
  if (size == 0 || opening.version == 0 || opening.version > 4 || opening.mode == 0)
    return Extent::foreign();
  const bool short_form = opening.mode == kControl || opening.mode == kPrivate;
  const auto least = opening.mode == kPrivate   ? kPrivateSize
                     : opening.mode == kControl ? kControlSize
                                                : kHeaderSize;
  if (size < least) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (!short_form && !time_message(stream, opening, context.on_seat)) return Extent::foreign();
  if (opening.mode == kControl && !control_message(stream, context.on_seat))
    return Extent::foreign();
  if (opening.mode == kPrivate && !context.on_seat) return Extent::foreign();
  return Extent::of(size);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  const auto second = message.u8();
  if (!message.ok()) return std::nullopt;
  constexpr std::uint8_t kResponse = 0x80;  // first byte of mode 7, second of mode 6
  switch (opening_of(first).mode) {
    case kClient:
      return Sender::client;
    case kServer:
      return Sender::server;
    case kControl:
      return (second & kResponse) != 0 ? Sender::server : Sender::client;
    case kPrivate:
      return (first & kResponse) != 0 ? Sender::server : Sender::client;
    default:
      return std::nullopt;
  }
}

/// Where a server has its time from: letters for a clock of its own (stratum 1), an IPv4 address
/// above it, which for IPv6 is a hash (RFC 5905, figure 12).
void say_source(unsigned stratum, Bytes reference, Observer& out) {
  auto capability = SmallText{"ntp-server stratum "}.decimal(stratum);
  out.property({}, Property::capability, capability.bytes(), Confidence::stated);
  SmallText text{"time from "};
  if (stratum == 1) {
    while (!reference.empty() && reference.back() == 0)
      reference = reference.first(reference.size() - 1);
    if (reference.empty()) return;
    text.add(view_of(reference));
  } else {
    const auto ip = IpAddress::of(reference);
    if (ip.is_unspecified()) return;
    // ntpd gives reference clocks addresses of 127.127.type.unit; type 1 is the machine's own.
    constexpr std::uint32_t kOwnClock = 0x7f7f01;
    if (ip.v4_value() >> 8U == kOwnClock) {
      text.add("its own clock");
    } else {
      text.add(to_text(ip));
    }
  }
  out.property({}, Property::description, text.bytes(), Confidence::stated);
}

void say_server(const Opening& opening, unsigned stratum, Bytes reference, Observer& out) {
  if (opening.leap == kNotSynchronised || stratum == kHighestStratum)
    return out.event(Event::device_state, "clock not synchronised");
  if (stratum > 0) say_source(stratum, reference, out);
}

void hear_time(ByteCursor& message, const Opening& opening, Observer& out) {
  message.skip(1);
  const unsigned stratum = message.u8();
  message.skip(10);  // poll, precision, delay, dispersion
  const auto reference = message.take(4);
  message.skip(8);  // reference time stamp
  const auto origin = message.be64();
  message.skip(8);  // receive time stamp
  const auto transmit = message.be64();
  if (!message.ok()) return;
  const bool signed_message = message.remaining() >= 20;
  const auto version = SmallText{"NTP v"}.decimal(opening.version);
  out.event(Event::version, SmallText{version}.add(signed_message ? ", authenticated" : "").view());

  // A server sends the client's own time stamp back (RFC 5905, 8).
  if (opening.mode == kClient) out.request(code_of(kClient, 0), {}, transmit);
  if (opening.mode == kServer)
    out.reply(origin, stratum == 0 ? Outcome::rejected : Outcome::executed);  // "kiss of death"
  if (opening.mode == kActive || opening.mode == kPassive || opening.mode == kBroadcast)
    out.notice(code_of(opening.mode, 0), {});
  if (opening.mode == kServer || opening.mode == kBroadcast)
    say_server(opening, stratum, reference, out);
  message.skip(message.remaining());
}

/// `version="ntpd 4.2.8", system="Linux/5.10"`: variables parted by commas (RFC 9327, 2).
void hear_variables(std::string_view text, Observer& out) {
  struct Variable {
    std::string_view name;
    Property property;
  };
  constexpr auto kVariables = std::to_array<Variable>({{"version", Property::software},
                                                       {"system", Property::os},
                                                       {"processor", Property::hardware}});
  for (const auto& variable : kVariables) {
    const auto at = text.find(SmallText{variable.name}.add("=\"").view());
    if (at == std::string_view::npos) continue;
    const auto value = text.substr(at + variable.name.size() + 2);
    const auto end = value.find('"');
    if (end != std::string_view::npos && end > 0)
      out.property({}, variable.property, bytes_of(value.substr(0, end)), Confidence::stated);
  }
}

void hear_control(ByteCursor& message, Observer& out) {
  constexpr unsigned kResponse = 0x80;  // RFC 9327, 2: R, E, M
  constexpr unsigned kError = 0x40;
  constexpr unsigned kMore = 0x20;
  message.skip(1);
  const unsigned second = message.u8();
  const auto sequence = message.be16();
  const auto status = message.be16();
  message.skip(4);  // association, offset
  const auto count = message.be16();
  if (!message.ok()) return;
  const auto key = kKeyed | sequence;
  if ((second & kResponse) == 0) return out.request(code_of(kControl, second & 0x1fU), {}, key);
  const bool failed = (second & kError) != 0;
  if (failed) out.reply(key, Outcome::rejected, status >> 8U);
  if (!failed && (second & kMore) == 0) out.reply(key, Outcome::executed);
  const auto variables = message.take(count);
  if (message.ok()) hear_variables(view_of(variables), out);
}

void hear_private(ByteCursor& message, Observer& out) {
  constexpr unsigned kResponse = 0x80;  // of the first byte: R, M
  constexpr unsigned kMore = 0x40;
  const unsigned first = message.u8();
  message.skip(2);  // sequence of a long answer, implementation
  const auto request = message.u8();
  const unsigned error = message.u8() >> 4U;
  message.skip(3);  // items and their size
  if (!message.ok()) return;
  const auto key = kKeyed | std::uint64_t{request} << 32U;  // answers repeat the request alone
  if ((first & kResponse) == 0) {
    out.request(code_of(kPrivate, request), {}, key);
  } else if ((first & kMore) == 0) {
    out.reply(key, error == 0 ? Outcome::executed : Outcome::rejected, error);
  }
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto opening = opening_of(ByteCursor{message}.u8());
  if (opening.mode == kControl) {
    hear_control(message, out);
  } else if (opening.mode == kPrivate) {
    hear_private(message, out);
  } else {
    hear_time(message, opening, out);
  }
}

const Registration registration{{
    .name = "ntp",
    .title = "NTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
