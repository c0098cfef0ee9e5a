// SOCKS 4, 4a and 5: RFC 1928, login RFC 1929; version 4 as its authors' memo has it. Code: version
// and command, `5/1` connect. The reason of a rejection is the reply's code. Where to is said as a
// tunnel; what goes through it is not heard.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 1080}});

constexpr std::uint32_t kLogin = 0x5ff;

constexpr auto kOperations = std::to_array<Operation>({
    {0x401, "connect", Access::session, "4/1"},
    {0x402, "bind", Access::session, "4/2"},
    {0x501, "connect", Access::session, "5/1"},
    {0x502, "bind", Access::session, "5/2"},
    {0x503, "udp-associate", Access::session, "5/3"},
    {kLogin, "login", Access::authenticate, "5/login"},
});

constexpr std::uint8_t kFour = 4;
constexpr std::uint8_t kFive = 5;
constexpr std::uint8_t kConnect = 1;
constexpr std::uint8_t kBind = 2;
constexpr std::uint8_t kAssociate = 3;
// RFC 1928, 3.
constexpr std::uint8_t kNoLogin = 0;
constexpr std::uint8_t kPassword = 2;
constexpr std::uint8_t kNoMethod = 0xff;
constexpr std::uint8_t kLoginVersion = 1;  // RFC 1929, 2
// RFC 1928, 4: kinds of address.
constexpr std::uint8_t kIpv4 = 1;
constexpr std::uint8_t kName = 3;
constexpr std::uint8_t kIpv6 = 4;
// Version 4: granted, and three ways not to.
constexpr std::uint8_t kGranted = 0x5a;
constexpr std::uint8_t kLastRefusal = 0x5d;
constexpr std::size_t kLongestName = 255;

// Each side goes its own way, so that neither waits for the other: 0 it says its first word, 1 a
// login or a request, 2 what its address ends, 3 nothing more of its own. The flow's first word has
// the client's step, the second the server's; the third keeps the request's code.
constexpr std::uint64_t kFirst = 0;
constexpr std::uint64_t kMiddle = 1;
constexpr std::uint64_t kSecondReply = 2;  // a bind has one
constexpr std::uint64_t kRaw = 3;

bool is_method(std::uint8_t method) noexcept {
  return method <= 9 || (method >= 0x80 && method != kNoMethod);
}

Extent greeting_extent(ByteCursor stream) noexcept {
  constexpr std::uint8_t kMostMethods = 16;  // more than there are names for
  const auto available = stream.rest();
  stream.skip(1);
  const auto count = stream.u8();
  const auto there = available.subspan(std::min<std::size_t>(available.size(), 2));
  const auto methods = there.first(std::min<std::size_t>(there.size(), count));
  const bool bad = count == 0 || count > kMostMethods || !std::ranges::all_of(methods, is_method);
  stream.skip(count);
  if (!stream.ok()) return available.size() > 1 && bad ? Extent::foreign() : Extent::incomplete();
  return bad ? Extent::foreign() : Extent::of(2U + count);
}

// Version, command or reply, zero, kind, address, port (RFC 1928, 4 and 6).
Extent address_extent(ByteCursor stream, std::uint8_t most) noexcept {
  const auto available = stream.rest();
  const auto version = stream.u8();
  const auto code = stream.u8();
  const auto zero = stream.u8();
  const auto kind = stream.u8();
  if ((!available.empty() && version != kFive) || (available.size() > 1 && code > most) ||
      (available.size() > 2 && zero != 0))
    return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  std::size_t size = 0;
  if (kind == kIpv4) size = 4;
  if (kind == kIpv6) size = 16;
  if (kind == kName) size = std::size_t{1} + stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  if (size == 0 || (kind == kName && size == 1)) return Extent::foreign();
  return Extent::of(4 + size + 2);
}

Extent request_extent(ByteCursor stream) noexcept {
  const auto rest = stream.rest();
  if (rest.size() > 1 && (rest[1] < kConnect || rest[1] > kAssociate)) return Extent::foreign();
  return address_extent(stream, kAssociate);
}

Extent login_extent(ByteCursor stream) noexcept {
  const auto version = stream.u8();
  stream.skip(stream.u8());
  stream.skip(stream.u8());
  const auto size = stream.offset();
  if (!stream.ok()) return version == kLoginVersion ? Extent::incomplete() : Extent::foreign();
  return version == kLoginVersion ? Extent::of(size) : Extent::foreign();
}

// Version, command, port, address, user and a zero; an address 0.0.0.x: a name behind it (4a).
Extent four_extent(ByteCursor stream) noexcept {
  const auto available = stream.rest();
  stream.skip(1);
  const auto command = stream.u8();
  const auto port = stream.be16();
  const auto address = stream.be32();
  if (available.size() > 1 && (command < kConnect || command > kBind)) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (port == 0 || address == 0) return Extent::foreign();
  std::size_t size = 8;
  const bool named = address < 256;
  for (int i = 0; i < (named ? 2 : 1); ++i) {
    const auto text = view_of(available.subspan(size));
    const auto end = text.substr(0, kLongestName + 1).find('\0');
    if (!is_printable(text.substr(0, std::min(end, text.size())))) return Extent::foreign();
    if (end == std::string_view::npos)
      return text.size() > kLongestName ? Extent::foreign() : Extent::incomplete();
    if (i == 1 && end == 0) return Extent::foreign();
    size += end + 1;
  }
  return Extent::of(size);
}

Extent four_reply_extent(ByteCursor stream) noexcept {
  const auto zero = stream.u8();
  const auto code = stream.u8();
  stream.skip(6);
  if (zero != 0) return Extent::foreign();
  if (stream.offset() > 1 && (code < kGranted || code > kLastRefusal)) return Extent::foreign();
  return stream.ok() ? Extent::of(8) : Extent::incomplete();
}

// Two bytes are little to begin with: off its port, what follows must fit as well.
Extent sure(Extent first, ByteCursor stream, Extent (*next)(ByteCursor) noexcept,
            bool on_seat) noexcept {
  if (!first.is_message() || on_seat) return first;
  stream.skip(first.size());
  if (stream.empty()) return Extent::incomplete();
  const auto second = next(stream);
  return second.is_message() ? first : second;
}

Extent after_greeting(ByteCursor stream) noexcept {
  const auto rest = stream.rest();
  return rest[0] == kLoginVersion ? login_extent(stream) : request_extent(stream);
}

Extent after_method(ByteCursor stream) noexcept {
  const auto rest = stream.rest();
  if (rest[0] == kFive) return address_extent(stream, 8);
  if (rest[0] != kLoginVersion) return Extent::foreign();
  return rest.size() < 2 ? Extent::incomplete() : Extent::of(2);
}

Extent method_extent(ByteCursor stream) noexcept {
  const auto version = stream.u8();
  const auto method = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  return version == kFive && (is_method(method) || method == kNoMethod) ? Extent::of(2)
                                                                        : Extent::foreign();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto step = (*context.state)[static_cast<std::size_t>(context.sender)];
  if (step == kRaw) return Extent::opaque();
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (step != kFirst) {
    if (context.sender == Sender::client) return after_greeting(stream);
    return ((*context.state)[2] >> 8U) == kFour ? four_reply_extent(stream) : after_method(stream);
  }
  if (bytes[0] == 0) return four_reply_extent(stream);
  if (bytes[0] == kFour) return four_extent(stream);
  if (bytes[0] != kFive) return Extent::foreign();
  // Both sides begin with the version: the client's counts what it can, the server's ends here.
  const bool sides_known = context.on_seat || context.sender_known;
  const auto asked = greeting_extent(stream);
  const auto greeted = sure(asked, stream, after_greeting, context.on_seat);
  if (sides_known && context.sender == Sender::client) return greeted;
  if (!sides_known && greeted.is_message()) return greeted;
  const auto chosen = sure(method_extent(stream), stream, after_method, context.on_seat);
  if (sides_known || chosen.is_message()) return chosen;
  return greeted.is_incomplete() || chosen.is_incomplete() ? Extent::incomplete()
                                                           : Extent::foreign();
}

void add_address(SmallText& text, Bytes address) {
  ByteCursor cursor{address};
  if (address.size() == 4) {
    for (int i = 0; i < 4; ++i) text.add(i == 0 ? "" : ".").decimal(cursor.u8());
  } else {
    text.add('[');
    for (int i = 0; i < 8; ++i) {
      const auto group = SmallText{}.hex(cursor.be16(), 1);
      text.add(i == 0 ? "" : ":").add(group.view().substr(2));
    }
    text.add(']');
  }
}

void end(FlowState& words) noexcept {
  words[0] = kRaw;
  words[1] = kRaw;
}

void method(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(1);
  const auto chosen = message.u8();
  if (!message.ok()) return;
  words[1] = kMiddle;
  if (chosen == kNoLogin) out.event(Event::anonymous_login, "socks");
  if (chosen == kNoMethod) out.event(Event::login_rejected, "socks");
  if (chosen != kNoLogin && chosen != kPassword) end(words);
}

void login(ByteCursor& message, Observer& out) {
  message.skip(1);
  const auto user = message.take(message.u8());
  const auto secret = message.take(message.u8());
  if (!message.ok()) return;
  out.request(kLogin, {}, 0);
  say_cleartext_login("socks", user, secret, out);
}

void judged(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(1);
  const auto status = message.u8();
  if (!message.ok()) return;
  out.reply(0, status == 0 ? Outcome::executed : Outcome::rejected, status);
  if (status == 0) return;
  out.event(Event::login_rejected, "socks");
  end(words);
}

void ask(std::uint32_t code, const SmallText& where, FlowState& words, Observer& out) {
  out.request(code, {}, 0);
  words[2] = code;
  const auto name = find_operation(kOperations, code).name;
  SmallText detail{(code >> 8U) == kFour ? "SOCKS 4 " : "SOCKS 5 "};
  out.event(Event::tunnel, detail.add(name).add(' ').add(where.view()).view());
  words[0] = kRaw;
}

void request(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(1);
  const auto command = message.u8();
  message.skip(1);
  const auto kind = message.u8();
  SmallText where;
  if (kind == kName) {
    where.add(view_of(message.take(message.u8())).substr(0, 200));
  } else {
    const auto address = message.take(kind == kIpv4 ? 4 : 16);
    if (message.ok()) add_address(where, address);
  }
  const auto port = message.be16();
  if (!message.ok()) return;
  ask(0x500U | command, where.add(':').decimal(port), words, out);
}

void four(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(1);
  const auto command = message.u8();
  const auto port = message.be16();
  const auto address = message.take(4);
  const auto text = view_of(message.rest());
  const auto end = text.find('\0');
  if (!message.ok() || end == std::string_view::npos) return;
  message.skip(end + 1);
  SmallText where;
  if (ByteCursor{address}.be32() < 256) {
    const auto name = text.substr(end + 1);
    const auto stop = name.find('\0');
    if (stop == std::string_view::npos) return;
    message.skip(stop + 1);
    where.add(name.substr(0, std::min<std::size_t>(stop, 200)));
  } else {
    add_address(where, address);
  }
  if (end > 0)
    out.event(
        Event::login,
        SmallText{"socks, user "}.add(text.substr(0, std::min<std::size_t>(end, 128))).view());
  ask(0x400U | command, where.add(':').decimal(port), words, out);
}

void reply(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(1);
  const auto code = message.u8();
  if (!message.ok()) return;
  const bool is_four = (words[2] >> 8U) == kFour;
  const bool good = code == (is_four ? kGranted : 0);
  // The address is of no worth here, but a cut reply is none.
  if (is_four) message.skip(6);
  if (!is_four) {
    message.skip(1);
    const auto kind = message.u8();
    message.skip(kind == kName ? std::size_t{message.u8()} : kind == kIpv4 ? 4U : 16U);
    message.skip(2);
  }
  if (!message.ok()) return;
  const bool second = words[1] == kSecondReply;
  if (!second) out.reply(0, good ? Outcome::executed : Outcome::rejected, code);
  const bool binds = (words[2] & 0xffU) == kBind;
  words[1] = good && binds && !second ? kSecondReply : kRaw;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto bytes = message.rest();
  if (bytes.empty()) return;
  const auto first = bytes[0];
  if (context.sender == Sender::client) {
    if (words[0] == kFirst && first == kFour) return four(message, words, out);
    if (words[0] != kFirst)
      return first == kLoginVersion ? login(message, out) : request(message, words, out);
    message.skip(1);
    message.skip(message.u8());
    if (message.ok()) words[0] = kMiddle;
    return;
  }
  if (words[1] == kFirst && first == kFive) return method(message, words, out);
  if (words[1] == kMiddle && first == kLoginVersion) return judged(message, words, out);
  reply(message, words, out);
}

const Registration registration{{
    .name = "socks",
    .title = "SOCKS",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // a few small numbers: off its port, both sides must speak
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
