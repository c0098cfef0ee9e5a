// RDP: [MS-RDPBCGR] 1.3.1.1, the connection up to where its security begins. It shares TPKT and
// COTP with other protocols, so only a request that carries RDP's own negotiation or cookie is
// claimed. Code: the COTP type, `0xe0` connect; `0x7f65` is the MCS connect inside COTP data. The
// reason of a rejection is the failure code of 2.2.1.2.2.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/tpkt.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 3389}});

constexpr std::uint32_t kConnect = 0xe0;
constexpr std::uint32_t kMcsConnect = 0x7f65;  // T.125, Connect-Initial: application tag 101
constexpr std::uint16_t kMcsAnswer = 0x7f66;

constexpr auto kOperations = std::to_array<Operation>({
    {kConnect, "connect", Access::session, "0xe0"},
    {kMcsConnect, "mcs-connect", Access::session, "0x7f65"},
});

// 2.2.1.1.1, 2.2.1.2.1, 2.2.1.2.2.
constexpr std::uint8_t kNegotiationRequest = 1;
constexpr std::uint8_t kNegotiationAnswer = 2;
constexpr std::uint8_t kNegotiationFailure = 3;
constexpr std::uint16_t kNegotiationSize = 8;
// What a server may choose, and a client offers as bits.
constexpr std::uint32_t kStandard = 0;
constexpr std::uint32_t kTls = 1;
constexpr std::uint32_t kMostOffered = 0x1f;
// 2.2.1.3.1 and 2.2.1.4.1: blocks of the GCC user data.
constexpr std::uint16_t kClientCore = 0xc001;
constexpr std::uint16_t kServerSecurity = 0x0c02;
constexpr std::size_t kClientNameSize = 32;  // 2.2.1.3.2: bytes, sixteen UTF-16 units
constexpr int kMostBlocks = 16;

// Bits of the flow's first word.
constexpr std::uint64_t kAsked = 1;
constexpr std::uint64_t kConnected = 2;  // in the clear: MCS follows
constexpr std::uint64_t kRaw = 4;

struct Negotiation {
  std::uint8_t type = 0;  // 0: none
  std::uint8_t flags = 0;
  std::uint32_t value = 0;
};

struct Request {
  Bytes user;  // of `mstshash`
  bool cookie = false;
  Negotiation negotiation;
};

// Little endian inside a big-endian world (2.2.1.1.1).
Negotiation negotiation_of(ByteCursor& variable) noexcept {
  Negotiation found;
  found.type = variable.u8();
  found.flags = variable.u8();
  const auto length = variable.le16();
  found.value = variable.le32();
  if (!variable.ok() || length != kNegotiationSize || found.type < kNegotiationRequest ||
      found.type > kNegotiationFailure)
    return {};
  return found;
}

// A cookie or a routing token ends in CR LF; the negotiation stands behind it (2.2.1.1).
Request request_of(Bytes variable) noexcept {
  constexpr std::string_view kUser = "Cookie: mstshash=";
  constexpr std::string_view kToken = "Cookie: msts=";
  Request request;
  ByteCursor cursor{variable};
  const auto text = view_of(variable);
  if (text.starts_with(kUser) || text.starts_with(kToken)) {
    const auto end = text.find("\r\n");
    if (end == std::string_view::npos) return request;
    request.cookie = true;
    if (text.starts_with(kUser)) request.user = variable.subspan(kUser.size(), end - kUser.size());
    cursor.skip(end + 2);
  }
  if (!cursor.empty()) request.negotiation = negotiation_of(cursor);
  return request;
}

bool is_request(const Cotp& cotp) noexcept {
  const auto request = request_of(cotp.variable);
  return request.cookie || (request.negotiation.type == kNegotiationRequest &&
                            request.negotiation.value <= kMostOffered);
}

bool is_answer(const Cotp& cotp) noexcept {
  ByteCursor variable{cotp.variable};
  const auto type = negotiation_of(variable).type;
  return type == kNegotiationAnswer || type == kNegotiationFailure;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  if ((word & kRaw) != 0) return Extent::opaque();
  const auto size = tpkt_extent(stream);
  if (!size.is_message()) return size;
  if ((word & (kAsked | kConnected)) != 0) return size;
  if (stream.remaining() < size.size()) {
    // Only a request or an answer can begin, and both are short.
    return size.size() > 512 ? Extent::foreign() : Extent::incomplete();
  }
  ByteCursor message{stream.rest().first(size.size())};
  const auto cotp = read_cotp(message);
  const bool mine = (cotp.type == Cotp::Type::connect_request && is_request(cotp)) ||
                    (cotp.type == Cotp::Type::connect_confirm && is_answer(cotp));
  return mine ? size : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto cotp = read_cotp(message);
  if (cotp.type == Cotp::Type::connect_request) return Sender::client;
  if (cotp.type == Cotp::Type::connect_confirm) return Sender::server;
  return std::nullopt;
}

void connect_request(const Cotp& cotp, FlowState& words, Observer& out) {
  words[0] |= kAsked;
  out.request(kConnect, {}, 0);
  const auto request = request_of(cotp.variable);
  if (!request.user.empty())
    out.event(Event::login, SmallText{"user "}.add(view_of(request.user)).view());
}

std::string_view security_text(std::uint32_t chosen) noexcept {
  switch (chosen) {
    case kStandard:
      return "RDP standard security";
    case kTls:
      return "RDP over TLS";
    case 2:
      return "RDP with NLA";
    case 4:
      return "RDP with RDSTLS";
    case 8:
      return "RDP with NLA and early authorization";
    case 16:
      return "RDP with Entra authentication";
    default:
      return "RDP with unknown security";
  }
}

// Without an answer to the offer the server is of the time before it: standard security.
void connect_confirm(const Cotp& cotp, FlowState& words, Observer& out) {
  ByteCursor variable{cotp.variable};
  const auto answer = negotiation_of(variable);
  if (answer.type == kNegotiationFailure) {
    out.reply(0, Outcome::rejected, answer.value);
    return;
  }
  out.reply(0, Outcome::executed);
  const auto chosen = answer.type == kNegotiationAnswer ? answer.value : kStandard;
  out.event(Event::version, security_text(chosen));
  if (chosen == kStandard) {
    words[0] |= kConnected;
    return;
  }
  out.event(Event::encrypted, chosen == kTls || chosen == 4 ? "TLS" : "NLA");
  words[0] |= kRaw;
}

/// The GCC user data behind its key (T.124; 2.2.1.3 and 2.2.1.4): what stands between is BER and
/// PER of no worth here.
Bytes user_data(Bytes payload, std::string_view key) noexcept {
  const auto at = view_of(payload).find(key);
  if (at == std::string_view::npos) return {};
  ByteCursor cursor{payload.subspan(at + key.size())};
  // PER length: one byte, or two with the high bit set.
  const auto first = cursor.u8();
  if ((first & 0x80U) != 0) cursor.skip(1);
  return cursor.rest();
}

template <class Say>
void blocks(Bytes data, Say say) {
  ByteCursor cursor{data};
  for (int i = 0; i < kMostBlocks && cursor.remaining() >= 4; ++i) {
    const auto type = cursor.le16();
    const auto length = cursor.le16();
    if (length < 4) return;
    const auto body = cursor.take(length - 4U);
    if (!cursor.ok()) return;
    say(type, ByteCursor{body});
  }
}

void client_core(ByteCursor core, Observer& out) {
  core.skip(4 + 2 + 2 + 2 + 2 + 4);  // version, screen, depth, sequence, keyboard
  const auto build = core.le32();
  auto name = core.take(kClientNameSize);
  if (!core.ok()) return;
  // Padded with zero units.
  for (std::size_t at = 0; at + 1 < name.size(); at += 2) {
    if (name[at] != 0 || name[at + 1] != 0) continue;
    name = name.first(at);
    break;
  }
  const auto text = SmallText{}.utf16le(name);
  if (!text.empty()) out.property({}, Property::name, text.bytes(), Confidence::stated);
  const auto client = SmallText{"RDP client build "}.decimal(build);
  out.property({}, Property::software, client.bytes(), Confidence::stated);
}

// 2.2.1.4.3: level 0 hides nothing, 1 only what the client sends.
void server_security(ByteCursor security, Observer& out) {
  security.skip(4);
  const auto level = security.le32();
  if (!security.ok()) return;
  if (level == 0) out.event(Event::version, "RDP without encryption");
}

void mcs(Bytes payload, FlowState& words, Observer& out) {
  ByteCursor cursor{payload};
  const auto tag = cursor.be16();
  if (!cursor.ok()) return;
  if (tag == kMcsConnect) {
    out.request(kMcsConnect, {}, 0);
    blocks(user_data(payload, "Duca"), [&](std::uint16_t type, ByteCursor body) {
      if (type == kClientCore) client_core(body, out);
    });
  } else if (tag == kMcsAnswer) {
    out.reply(0, Outcome::executed);
    blocks(user_data(payload, "McDn"), [&](std::uint16_t type, ByteCursor body) {
      if (type == kServerSecurity) server_security(body, out);
    });
    words[0] |= kRaw;
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto cotp = read_cotp(message);
  switch (cotp.type) {
    case Cotp::Type::connect_request:
      return connect_request(cotp, words, out);
    case Cotp::Type::connect_confirm:
      return connect_confirm(cotp, words, out);
    case Cotp::Type::data:
      return mcs(message.take(message.remaining()), words, out);
    case Cotp::Type::disconnect_request:
    case Cotp::Type::disconnect_confirm:
    case Cotp::Type::other:
      return;
  }
}

const Registration registration{{
    .name = "rdp",
    .title = "Remote Desktop (RDP)",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
