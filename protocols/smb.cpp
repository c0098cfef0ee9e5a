// SMB 1, 2 and 3 over TCP, bare or in the session service of NetBIOS: [MS-CIFS], [MS-SMB],
// [MS-SMB2], RFC 1001 and 1002. Code: the family and the command, `1/0x72`, `2/0x05`; `nb/0x81`
// opens a NetBIOS session. The reason of a rejection is the status.

#include "sekimori/dissect/dissector.h"

#include "smb/operations.h"
#include "smb/session.h"
#include "smb/smb1.h"
#include "smb/smb2.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

using smb::State;

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 445}, {Over::tcp, 139}});

// RFC 1002, 4.3.1.
constexpr std::uint8_t kMessage = 0x00;
constexpr std::uint8_t kSessionRequest = 0x81;
constexpr std::uint8_t kPositive = 0x82;
constexpr std::uint8_t kNegative = 0x83;
constexpr std::uint8_t kRetarget = 0x84;
constexpr std::uint8_t kKeepAlive = 0x85;
constexpr std::uint64_t kSessionKey = std::uint64_t{1} << 63U;

// The first bytes behind the frame's header.
constexpr std::uint32_t kOne = 0xff534d42;
constexpr std::uint32_t kTwo = 0xfe534d42;
constexpr std::uint32_t kEncrypted = 0xfd534d42;   // [MS-SMB2] 2.2.41
constexpr std::uint32_t kCompressed = 0xfc534d42;  // [MS-SMB2] 2.2.42

constexpr std::size_t kShortest = 32;
constexpr std::size_t kNameSize = 34;  // RFC 1001, 14.1: 32 letters between a length and zero
constexpr std::size_t kLongestRequest = 400;  // with scopes
constexpr std::size_t kKept = 16384;          // bytes of a message that are looked at
constexpr std::size_t kKeptCompound = 65536;
constexpr std::size_t kKeptCarrier =
    4608;  // of one that carries content: a whole fragment of a pipe

Extent kept(std::size_t length, std::size_t most) noexcept {
  const auto all = smb::kFrameHeader + length;
  const auto size = std::min(all, most);
  return Extent::of(size).then_skip(all - size);
}

Extent netbios_extent(ByteCursor stream, std::uint8_t type, std::size_t length,
                      bool expected) noexcept {
  if (type == kSessionRequest) {
    if (length < 2 * kNameSize || length > kLongestRequest) return Extent::foreign();
    const auto first = stream.u8();
    if (!stream.ok()) return Extent::incomplete();
    return first == 32 ? Extent::of(smb::kFrameHeader + length) : Extent::foreign();
  }
  // The rest are so short that only what went before tells them.
  const bool fits = (type == kPositive && length == 0) || (type == kNegative && length == 1) ||
                    (type == kRetarget && length == 6) || (type == kKeepAlive && length == 0);
  return fits && expected ? Extent::of(smb::kFrameHeader + length) : Extent::foreign();
}

Extent extent2(ByteCursor stream, std::size_t length) noexcept {
  if (length < smb::kHeader2) return Extent::foreign();
  const auto size = stream.rest().size() > 5 ? stream.rest()[4] | stream.rest()[5] << 8U : 64;
  if (size != 64) return Extent::foreign();
  const auto header = smb::read_header2(stream);
  if (!stream.ok()) return Extent::incomplete();
  if (header.command > smb::two::kLast) return Extent::foreign();
  if (header.next != 0) return kept(length, kKeptCompound);
  const bool carries = (header.command == smb::two::kRead && header.is_reply()) ||
                       (header.command == smb::two::kWrite && !header.is_reply());
  return kept(length, carries ? kKeptCarrier : kKept);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  const auto type = stream.u8();
  const auto length = stream.be24();
  if (type != kMessage && (type < kSessionRequest || type > kKeepAlive)) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (type != kMessage) {
    const bool expected = context.on_seat || state.is(State::netbios) || state.is(State::spoken);
    return netbios_extent(stream, type, length, expected);
  }
  if (length < kShortest) return Extent::foreign();
  auto peek = stream;
  const auto mark = peek.be32();
  if (!peek.ok()) return Extent::incomplete();
  switch (mark) {
    case kOne:
      return kept(length, kKept);
    case kTwo:
      return extent2(stream, length);
    case kEncrypted:
    case kCompressed:
      return kept(length, smb::kFrameHeader + kShortest);
    default:
      return Extent::foreign();
  }
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.u8();
  message.skip(3);
  const auto as = [](bool reply) { return reply ? Sender::server : Sender::client; };
  if (type == kSessionRequest) return Sender::client;
  if (type == kPositive || type == kNegative || type == kRetarget) return Sender::server;
  auto peek = message;
  const auto mark = peek.be32();
  if (mark == kOne) {
    const auto header = smb::read_header1(message);
    if (message.ok()) return as(header.is_reply() || header.is_oplock_break());
  } else if (mark == kTwo) {
    const auto header = smb::read_header2(message);
    if (message.ok()) return as(header.is_reply());
  }
  return std::nullopt;
}

// RFC 1001, 14.1: two letters a byte, from `A`; the sixteenth byte is the kind of name.
SmallText netbios_name(ByteCursor& message) noexcept {
  SmallText name;
  if (message.u8() != 32) return name;
  std::string_view blanks;
  for (int i = 0; i < 16; ++i) {
    const auto high = static_cast<unsigned>(message.u8() - 'A');
    const auto low = static_cast<unsigned>(message.u8() - 'A');
    if (!message.ok() || high > 15 || low > 15) return {};
    const auto letter = static_cast<char>(high << 4U | low);
    if (i < 15) name.add(letter);
  }
  // A scope may follow, label by label.
  for (int i = 0; i < 8; ++i) {
    const auto label = message.u8();
    if (label == 0) break;
    message.skip(label);
  }
  return SmallText{trimmed(name.view())};
}

void session_request(ByteCursor& message, State& state, Observer& out) {
  const auto called = netbios_name(message);
  const auto calling = netbios_name(message);
  if (!message.ok()) return;
  state.set(State::netbios);
  out.request(smb::kNetbios | kSessionRequest, {}, kSessionKey);
  constexpr std::string_view kAnyServer = "*SMBSERVER";  // [MS-SMB] 2.1
  if (!called.empty() && called.view() != kAnyServer)
    out.property({.kind = Subject::Kind::receiver}, Property::name, called.bytes(),
                 Confidence::observed);
  if (!calling.empty()) out.property({}, Property::name, calling.bytes(), Confidence::observed);
}

void netbios(std::uint8_t type, ByteCursor& message, State& state, Observer& out) {
  if (type == kSessionRequest) return session_request(message, state, out);
  if (type == kPositive) out.reply(kSessionKey, Outcome::executed);
  if (type == kNegative) {
    const auto reason = message.u8();
    if (message.ok()) out.reply(kSessionKey, Outcome::rejected, reason);
  }
  message.skip(message.remaining());
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto type = message.u8();
  message.skip(3);
  if (!message.ok()) return;
  if (type != kMessage) return netbios(type, message, state, out);
  auto peek = message;
  const auto mark = peek.be32();
  if (!peek.ok()) return smb::fail(message);
  state.set(State::spoken);
  if (mark == kOne) {
    smb::hear1(message, state, context, out);
  } else if (mark == kTwo) {
    smb::hear2(message, state, context, out);
  } else if (mark == kEncrypted) {
    if (state.first(State::encryption_told)) out.event(Event::encrypted, "SMB 3");
    message.skip(message.remaining());
  }
}

const Registration registration{{
    .name = "smb",
    .title = "SMB",
    .seats = kSeats,
    .operations = smb::kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = smb::notate,
}};

}  // namespace
}  // namespace sekimori
