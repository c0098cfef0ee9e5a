// QUIC over UDP, told by its long headers alone: RFC 9000, 17.2, the version-independent part RFC
// 8999; version 2 RFC 9369; Google's versions before them. Said is that the channel is encrypted,
// by which version, and what its first packet asks for: that one anybody can read, and TLS tells
// the server's name. There are no operations.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/quic_initial.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 443}});

constexpr std::uint8_t kLongHeader = 0x80;
constexpr std::uint8_t kFixedBit = 0x40;
constexpr std::uint8_t kLongestId = 20;   // RFC 9000, 17.2
constexpr std::size_t kLeastSealed = 20;  // packet number and the tag (RFC 9001, 5.3)
constexpr std::size_t kRetryTag = 16;     // RFC 9001, 5.8

// Registered versions (RFC 9000, 22.2; RFC 9369, 3); drafts are 0xff0000NN (17 and later are met).
constexpr std::uint32_t kNegotiation = 0;
constexpr std::uint32_t kVersion1 = 1;
constexpr std::uint32_t kVersion2 = 0x6b3343cf;
constexpr std::uint32_t kFirstDraft = 0xff000011;
constexpr std::uint32_t kLastDraft = 0xff000022;
// Google's: `Q` or `T` and three digits.
constexpr std::uint32_t kFirstLongGoogle = 46;  // earlier ones have a header of their own
constexpr std::uint32_t kLastGoogle = 59;
constexpr std::uint32_t kFirstGoogle = 24;

// Google's header of those earlier versions: a version and eight bytes of identity are present.
constexpr std::uint8_t kGoogleVersion = 0x01;
constexpr std::uint8_t kGoogleIdentity = 0x08;
constexpr std::uint8_t kGoogleUnused = 0xc2;  // reset, multipath, reserved

enum class Family : std::uint8_t { none, negotiation, ietf, ietf2, google };

/// The number in `Q046`; 0 where it is none.
std::uint32_t google_number(std::uint32_t version) noexcept {
  const auto letter = version >> 24U;
  if (letter != 'Q' && letter != 'T') return 0;
  std::uint32_t number = 0;
  for (unsigned shift = 16;; shift -= 8) {
    const auto digit = ((version >> shift) & 0xffU) - '0';
    if (digit > 9) return 0;
    number = number * 10 + digit;
    if (shift == 0) return number;
  }
}

Family family_of(std::uint32_t version) noexcept {
  if (version == kNegotiation) return Family::negotiation;
  if (version == kVersion1 || (version >= kFirstDraft && version <= kLastDraft))
    return Family::ietf;
  if (version == kVersion2) return Family::ietf2;
  const auto number = google_number(version);
  if (number >= kFirstLongGoogle && number <= kLastGoogle) return Family::google;
  return Family::none;
}

/// What stands behind the identities (17.2.1 to 17.2.5).
bool rest_fits(ByteCursor cursor, Family family, unsigned type) noexcept {
  if (family == Family::negotiation) {
    if (cursor.remaining() == 0 || cursor.remaining() % 4 != 0) return false;
    while (!cursor.empty()) {
      const auto version = cursor.be32();
      // RFC 9000, 15: versions that only keep the way open.
      const bool grease = (version & 0x0f0f0f0fU) == 0x0a0a0a0aU;
      if (version != kNegotiation && (grease || family_of(version) != Family::none)) return true;
    }
    return false;
  }
  // RFC 9369, 3.2 turns the numbers of the types by one.
  const auto kind = family == Family::ietf2 ? (type + 3) % 4 : type;
  constexpr unsigned kInitial = 0;
  constexpr unsigned kRetry = 3;
  if (kind == kRetry) return cursor.remaining() > kRetryTag;
  if (kind == kInitial) {
    const auto token = quic_number(cursor);
    if (token > cursor.remaining()) return false;
    cursor.skip(static_cast<std::size_t>(token));
  }
  const auto length = quic_number(cursor);
  return cursor.ok() && length >= kLeastSealed && length <= cursor.remaining();
}

struct Header {
  std::uint32_t version = 0;
  Family family = Family::none;
  unsigned type = 0;
};

/// Nothing where the bytes are no long header of a known version.
std::optional<Header> header_of(ByteCursor cursor) noexcept {
  const auto first = cursor.u8();
  if ((first & kLongHeader) == 0) {
    if ((first & kGoogleUnused) != 0 || (first & kGoogleVersion) == 0 ||
        (first & kGoogleIdentity) == 0)
      return std::nullopt;
    cursor.skip(8);
    const auto version = cursor.be32();
    const auto number = google_number(version);
    if (!cursor.ok() || number < kFirstGoogle || number >= kFirstLongGoogle) return std::nullopt;
    return Header{version, Family::google, 0};
  }
  Header header;
  header.version = cursor.be32();
  header.family = family_of(header.version);
  header.type = (first >> 4U) & 3U;
  if (!cursor.ok() || header.family == Family::none) return std::nullopt;
  // RFC 9000, 17.2.1: a negotiation may leave the bit out.
  if ((first & kFixedBit) == 0 && header.family != Family::negotiation) return std::nullopt;
  const bool short_lengths = header.family == Family::google && google_number(header.version) < 48;
  if (short_lengths)
    return cursor.remaining() > kLeastSealed ? std::optional{header} : std::nullopt;
  for (int i = 0; i < 2; ++i) {
    const auto size = cursor.u8();
    if (size > kLongestId) return std::nullopt;
    cursor.skip(size);
  }
  if (!cursor.ok() || !rest_fits(cursor, header.family, header.type)) return std::nullopt;
  return header;
}

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto size = stream.remaining();
  // Packets that share the datagram need no look of their own.
  return header_of(stream) ? Extent::of(size) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto header = header_of(message);
  if (header && header->family == Family::negotiation) return Sender::server;
  return std::nullopt;
}

SmallText version_text(const Header& header) noexcept {
  SmallText text{"QUIC "};
  if (header.version == kVersion1) return text.add("v1");
  if (header.version == kVersion2) return text.add("v2");
  if (header.family == Family::ietf) return text.add("draft ").decimal(header.version & 0xffU);
  text.add(static_cast<char>(header.version >> 24U));
  const auto number = google_number(header.version);
  return text.add(number < 100 ? "0" : "").decimal(number);
}

/// The hello of a client, once a flow. A flow that is met in its middle has none to open.
void ask_hello(Bytes packet, const Context& context, Observer& out) {
  constexpr std::uint64_t kMostTries = 3;
  constexpr std::uint64_t kHello = 1;
  auto& tries = (*context.state)[1];
  if (tries >= kMostTries) return;
  ++tries;
  QuicInitial initial;
  auto& gathered = out.buffer(kHello);  // a hello goes on in the next packet, in any order
  if (!gathered.append(initial.open(packet))) return;
  const auto hello = initial.client_hello(gathered.view());
  if (hello.empty()) return;
  gathered.clear();
  tries = kMostTries;
  FlowState fresh{};  // the words of this flow are QUIC's
  auto about = context;
  about.state = &fresh;
  ByteCursor record{hello};
  out.carry("tls", record, about);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto header = header_of(message);
  if (!header) {
    message.skip(message.remaining() + 1);
    return;
  }
  const auto packet = message.take(message.remaining());
  if (header->family == Family::negotiation) return;
  if (context.sender == Sender::client) ask_hello(packet, context, out);
  // Once for each version: long headers come in every direction.
  auto& said = (*context.state)[0];
  if (said == header->version) return;
  said = header->version;
  const auto text = version_text(*header);
  out.event(Event::version, text.view());
  out.event(Event::encrypted, text.view());
}

const Registration registration{{
    .name = "quic",
    .title = "QUIC",
    .seats = kSeats,
    .operations = {},
    .over_udp = true,
    .alone = 1,
    .encrypted = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
