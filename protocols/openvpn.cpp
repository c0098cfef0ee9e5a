// OpenVPN over UDP and TCP: the project's "OpenVPN Wire Protocol" (draft-openvpn) and its
// doc/doxygen/doc_protocol_overview.h: opcode and key id, session id, then either an HMAC with a
// packet id and a time (tls-auth, tls-crypt) or none, acknowledgements, packet id. Over TCP two
// bytes of length before each packet.
// Codes are the opcode.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// Opcodes: the upper five bits of the first byte.
constexpr unsigned kResetClient1 = 1;  // key method 1, withdrawn
constexpr unsigned kResetServer1 = 2;
constexpr unsigned kSoftReset = 3;
constexpr unsigned kControl = 4;
constexpr unsigned kAcknowledge = 5;
constexpr unsigned kData1 = 6;
constexpr unsigned kResetClient2 = 7;
constexpr unsigned kResetServer2 = 8;
constexpr unsigned kData2 = 9;
constexpr unsigned kResetClient3 = 10;  // tls-crypt-v2: the client's wrapped key at the end
constexpr unsigned kControlWithKey = 11;

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 1194}, {Over::tcp, 1194}});

constexpr auto kOperations = std::to_array<Operation>({
    {kResetClient1, "hard-reset-client", Access::session},
    {kResetServer1, "hard-reset-server", Access::session},
    {kSoftReset, "soft-reset", Access::session},
    {kControl, "control", Access::session},
    {kAcknowledge, "acknowledge", Access::session},
    {kData1, "data", Access::session},
    {kResetClient2, "hard-reset-client", Access::session},
    {kResetServer2, "hard-reset-server", Access::session},
    {kData2, "data", Access::session},
    {kResetClient3, "hard-reset-client", Access::session},
    {kControlWithKey, "control-with-key", Access::session},
});

constexpr std::size_t kSession = 9;           // where opcode and session id end
constexpr std::size_t kReplay = 8;            // packet id and time of tls-auth and tls-crypt
constexpr std::size_t kCryptHmac = 32;        // tls-crypt: HMAC-SHA256
constexpr std::size_t kAcknowledgement = 12;  // of one packet: its id, and the peer's session id
constexpr std::size_t kLeastAck = kSession + 1 + kAcknowledgement;
constexpr std::size_t kLeastData = 24;            // opcode, packet id, check value, something
constexpr std::size_t kLongest = 4096;            // of a packet: far above any MTU in use
constexpr std::size_t kMostExtra = 32;            // options behind a reset of version 2.6
constexpr std::uint32_t kMostPackets = 0x10000;   // of a control channel that begins
constexpr std::uint32_t kEarly = 0x0f000000;      // version 2.6 begins its packet ids here
constexpr std::uint32_t kFirstTime = 0x3b9aca00;  // 2001, when OpenVPN was first published

/// Sizes of what tls-auth may be told to use: none, MD5, SHA-1, -224, -256, -384, -512.
constexpr auto kHmacs = std::to_array<std::size_t>({0, 16, 20, 28, 32, 48, 64});

/// How the control channel is guarded.
enum class Guard : std::uint8_t { unknown, none, tls_auth, tls_crypt };

/// A packet id and a time as they stand when a session begins.
bool is_replay_guard(Bytes bytes) noexcept {
  ByteCursor cursor{bytes};
  const auto id = cursor.be32();
  const auto time = cursor.be32();
  const bool early = (id & 0xff000000U) == kEarly;
  return cursor.ok() && id != 0 && (early || id < kMostPackets) && time >= kFirstTime;
}

/// What a reset has behind session id and guard: no acknowledgement, or that of packet 0 with the
/// peer's session, and its own packet id, which is 0.
bool is_reset_tail(Bytes tail, bool acknowledges) noexcept {
  ByteCursor cursor{tail};
  const auto count = cursor.u8();
  if (count > 1 || (count == 1) != acknowledges) return false;
  bool sound = true;
  if (count == 1) {
    sound = cursor.be32() == 0;
    sound = cursor.be64() != 0 && sound;
  }
  sound = cursor.be32() == 0 && sound;
  return cursor.ok() && cursor.empty() && sound;
}

/// How a hard reset is guarded: every byte that the protocol fixes must be as it says.
Guard guard_of(Bytes packet) noexcept {
  const unsigned opcode = packet[0] >> 3U;
  const bool client = opcode == kResetClient1 || opcode == kResetClient2 || opcode == kResetClient3;
  const std::size_t tail = client ? 5 : 5 + kAcknowledgement;
  const auto behind = packet.subspan(kSession);
  const auto crypt = kReplay + kCryptHmac + tail;
  const bool counted = behind.size() >= kReplay && is_replay_guard(behind.first(kReplay));
  if (opcode == kResetClient3) {
    // The wrapped key ends in its own size.
    if (behind.size() < crypt + 2 || !counted) return Guard::unknown;
    const auto last = behind.last(2);
    const auto size = static_cast<std::size_t>(last[0] << 8U | last[1]);
    return size >= 2 && size + crypt <= behind.size() ? Guard::tls_crypt : Guard::unknown;
  }
  if (behind.size() == tail && is_reset_tail(behind, !client)) return Guard::none;
  for (const auto hmac : kHmacs) {
    if (hmac == 0 || behind.size() != hmac + kReplay + tail) continue;
    if (is_replay_guard(behind.subspan(hmac, kReplay)) &&
        is_reset_tail(behind.subspan(hmac + kReplay), !client))
      return Guard::tls_auth;
  }
  const bool fits = behind.size() >= crypt && behind.size() <= crypt + kMostExtra;
  return fits && counted ? Guard::tls_crypt : Guard::unknown;
}

bool is_text(Bytes bytes) noexcept {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\r' || byte == '\n';
  });
}

bool is_hard_reset(unsigned opcode) noexcept {
  return opcode == kResetClient1 || opcode == kResetServer1 || opcode == kResetClient2 ||
         opcode == kResetServer2 || opcode == kResetClient3;
}

/// Whether a packet of its whole size is one. Only a hard reset proves itself; the others are
/// believed on OpenVPN's own port, or behind a reset (words[0] of the flow).
bool fits(Bytes packet, bool believed) noexcept {
  if (packet.size() < kSession + 5) return false;
  const unsigned opcode = packet[0] >> 3U;
  const auto key = packet[0] & 7U;
  const bool session = std::ranges::any_of(packet.subspan(1, 8), [](auto b) { return b != 0; });
  if (is_hard_reset(opcode)) return key == 0 && session && guard_of(packet) != Guard::unknown;
  if (!believed) return false;
  switch (opcode) {
    case kSoftReset:
    case kControl:
    case kControlWithKey:
      return session;
    case kAcknowledge:
      return session && packet.size() >= kLeastAck;
    case kData1:
    case kData2:
      // Encrypted: that it can be read shows that it is something else.
      return packet.size() >= kLeastData && !is_text(packet.first(kLeastData));
    default:
      return false;
  }
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const bool believed = context.on_seat || (*context.state)[0] != 0;
  if (context.over != Over::tcp) {
    const auto all = stream.remaining();
    return fits(stream.rest(), believed) ? Extent::of(all) : Extent::foreign();
  }
  const std::size_t size = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (size < kSession + 5 || size > kLongest) return Extent::foreign();
  if (!stream.empty()) {
    const unsigned opcode = stream.rest()[0] >> 3U;
    if (opcode == 0 || opcode > kControlWithKey || (!believed && !is_hard_reset(opcode)))
      return Extent::foreign();
  }
  if (stream.remaining() < size) return Extent::incomplete();
  return fits(stream.rest().first(size), believed) ? Extent::of(2 + size) : Extent::foreign();
}

Bytes packet_of(ByteCursor& message, const Context& context) noexcept {
  if (context.over == Over::tcp) message.skip(2);
  return message.rest();
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  const auto packet = packet_of(message, context);
  if (packet.empty()) return std::nullopt;
  const unsigned opcode = packet[0] >> 3U;
  if (opcode == kResetClient1 || opcode == kResetClient2 || opcode == kResetClient3)
    return Sender::client;
  if (opcode == kResetServer1 || opcode == kResetServer2) return Sender::server;
  return std::nullopt;
}

void hear_reset(unsigned opcode, Bytes packet, Observer& out) {
  if (opcode == kResetServer1 || opcode == kResetServer2) {
    out.reply(0, Outcome::executed);
  } else {
    out.request(opcode, {}, 0);
  }
  out.event(Event::tunnel, "OpenVPN");
  if (packet.size() < kSession) return;
  switch (guard_of(packet)) {
    case Guard::none:
      return out.event(Event::version, "OpenVPN, control channel not guarded");
    case Guard::tls_auth:
      return out.event(Event::version, "OpenVPN with tls-auth");
    case Guard::tls_crypt:
      return out.event(Event::version, "OpenVPN with tls-crypt");
    case Guard::unknown:
      return;
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto packet = packet_of(message, context);
  if (packet.empty()) return;
  const unsigned opcode = packet[0] >> 3U;
  (*context.state)[0] = 1;
  if (is_hard_reset(opcode)) {
    hear_reset(opcode, packet, out);
  } else {
    out.notice(opcode, {});
    out.event(Event::tunnel, "OpenVPN");
    if (opcode == kData1 || opcode == kData2) out.event(Event::encrypted, "OpenVPN");
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "openvpn",
    .title = "OpenVPN",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
