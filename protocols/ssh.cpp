// SSH: RFC 4253. Heard up to the new keys: versions and software of both sides, and the server's
// host key as a mark that tells machines apart. There are no operations.

#include "sekimori/bytes/hash.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 22}, {Over::tcp, 2222}});

constexpr std::string_view kMark = "SSH-";
constexpr std::size_t kLongestBanner = 255;      // bytes (4.2)
constexpr std::uint32_t kLongestPacket = 35000;  // bytes (6.1)
constexpr std::uint32_t kShortestPacket = 12;    // 6: sixteen bytes with the length field
constexpr std::uint8_t kLeastPadding = 4;
constexpr std::size_t kCookie = 16;
// 12, and RFC 4419, 5; RFC 5656, 7.1.
constexpr std::uint8_t kKexInit = 20;
constexpr std::uint8_t kNewKeys = 21;
constexpr std::uint8_t kExchangeInit = 30;
constexpr std::uint8_t kExchangeReply = 31;
constexpr std::uint8_t kGroupReply = 33;
constexpr std::uint8_t kLastOfExchange = 49;

// Bits of the flow's first word; each has one for the server above it.
constexpr std::uint64_t kBanner = 1;
constexpr std::uint64_t kSealed = 4;
constexpr std::uint64_t kSshOne = 16;

std::uint64_t bit(std::uint64_t of_client, Sender sender) noexcept {
  return of_client << static_cast<unsigned>(sender);
}

struct Banner {
  std::string_view version;   // `SSH-2.0`
  std::string_view software;  // and comments
};

// SSH-protoversion-softwareversion SP comments (4.2).
std::optional<Banner> banner_of(std::string_view line) noexcept {
  if (!line.starts_with(kMark) || !is_printable(line)) return std::nullopt;
  const auto end = line.find('-', kMark.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = line.substr(kMark.size(), end - kMark.size());
  const auto is_digit = [](char letter) {
    return (letter >= '0' && letter <= '9') || letter == '.';
  };
  if (number.size() < 3 || number.size() > 5 || !std::ranges::all_of(number, is_digit))
    return std::nullopt;
  return Banner{line.substr(0, end), trimmed(line.substr(end + 1))};
}

Extent banner_extent(Bytes stream) noexcept {
  const auto line = line_extent(stream, kLongestBanner);
  if (line.is_message() && !banner_of(trimmed(view_of(stream.first(line.size())))).has_value())
    return Extent::foreign();
  return line;
}

Extent packet_extent(ByteCursor stream, bool after_banner) noexcept {
  const auto length = stream.be32();
  const auto padding = stream.u8();
  const auto type = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  if (length < kShortestPacket || length > kLongestPacket || padding < kLeastPadding ||
      padding + 1U >= length || type == 0 || type > kLastOfExchange)
    return Extent::foreign();
  if (!after_banner) {
    // Only what looks like lists of algorithms (7.1) can be told from other protocols.
    stream.skip(kCookie);
    const auto list = stream.be32();
    if (!stream.ok()) return Extent::incomplete();
    if (type != kKexInit || list == 0 || list > length) return Extent::foreign();
    const auto names = stream.rest().first(std::min<std::size_t>(stream.remaining(), list));
    if (!is_printable(view_of(names))) return Extent::foreign();
  }
  return Extent::of(4 + std::size_t{length});
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  if ((word & (bit(kSealed, context.sender) | kSshOne)) != 0) return Extent::opaque();
  const auto bytes = stream.rest();
  const auto front = view_of(bytes.first(std::min(bytes.size(), kMark.size())));
  const bool heard = (word & bit(kBanner, context.sender)) != 0;
  if (!heard && kMark.starts_with(front))
    return front.size() < kMark.size() ? Extent::incomplete() : banner_extent(bytes);
  return packet_extent(stream, heard);
}

// The banner is the same on both sides; the exchange of keys is not (RFC 4253, 8; RFC 4419, 3).
std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  if (view_of(message.rest()).starts_with(kMark)) return std::nullopt;
  message.skip(5);
  const auto type = message.u8();
  if (!message.ok()) return std::nullopt;
  if (type == kExchangeInit) return Sender::client;
  if (type == kExchangeReply || type == kGroupReply) return Sender::server;
  return std::nullopt;
}

// K_S, the server's public host key (8): a string that begins with the name of its kind.
void host_key(ByteCursor& body, Observer& out) {
  const auto key = body.take(body.be32());
  ByteCursor inner{key};
  const auto kind = view_of(inner.take(inner.be32()));
  if (!body.ok() || !inner.ok() || kind.size() > 64 ||
      (kind.find("ssh-") == std::string_view::npos && !kind.starts_with("ecdsa-")))
    return;
  SmallText text{kind};
  text.add(' ').hex(hash_of(key), 16);
  out.property({}, Property::identifier, text.bytes(), Confidence::stated);
}

void banner(std::string_view line, const Context& context, Observer& out) {
  const auto said = banner_of(trimmed(line));
  if (!said.has_value()) return;
  auto& word = (*context.state)[0];
  word |= bit(kBanner, context.sender);
  // 1.99 speaks both (5.1); anything else below 2 is the old protocol alone.
  if (said->version.starts_with("SSH-1.") && said->version != "SSH-1.99") word |= kSshOne;
  out.event(Event::version, said->version);
  // The whole line: it is what scanners, advisories and other tools name the server by.
  if (!said->software.empty())
    out.property({}, Property::software, bytes_of(trimmed(line)), Confidence::stated);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& word = (*context.state)[0];
  if ((word & bit(kBanner, context.sender)) == 0 && view_of(message.rest()).starts_with("S")) {
    const auto line = take_line(message);
    if (message.ok()) banner(line, context, out);
    return;
  }
  auto packet = message.nested(message.be32());
  packet.skip(1);  // padding
  const auto type = packet.u8();
  if (!packet.ok()) return;
  if (type == kExchangeReply || type == kGroupReply) host_key(packet, out);
  if (type != kNewKeys) return;
  const bool said = (word & bit(kSealed, other(context.sender))) != 0;
  word |= bit(kSealed, context.sender);
  if (!said) out.event(Event::encrypted, "SSH");
}

const Registration registration{{
    .name = "ssh",
    .title = "SSH",
    .seats = kSeats,
    .operations = {},
    .over_tcp = true,
    .alone = 1,
    .encrypted = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
