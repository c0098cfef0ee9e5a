// X11: the X Window System Protocol, version 11, 8 (connection setup) and appendix B (encoding).
// Only how a client comes in is heard; then a screen, its keys and its pointer cross readable, and
// are left. Code: `setup`. The reason of a rejection is 1 where more proof is asked for, else 0.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>(
    {{Over::tcp, 6000}, {Over::tcp, 6001}, {Over::tcp, 6002}, {Over::tcp, 6010}});

constexpr std::uint32_t kSetup = 1;
constexpr auto kOperations = std::to_array<Operation>({
    {kSetup, "setup", Access::authenticate, "setup"},
});

constexpr std::uint8_t kHighFirst = 0x42;
constexpr std::uint8_t kLowFirst = 0x6c;
constexpr std::uint16_t kMajor = 11;
constexpr std::uint16_t kLongestProof = 256;
// The server's answer.
constexpr std::uint8_t kFailed = 0;
constexpr std::uint8_t kSuccess = 1;
constexpr std::uint8_t kMoreProof = 2;
constexpr std::size_t kAnswerHeader = 8;
constexpr std::size_t kAnswerHeard = 32 + 256;  // as far as the maker's name

// Bits of the flow's first word.
constexpr std::uint64_t kAsked = 1;
constexpr std::uint64_t kLow = 2;
constexpr std::uint64_t kNoProof = 4;
constexpr std::uint64_t kAnswered = 8;

std::uint16_t take16(ByteCursor& cursor, bool low) noexcept {
  return low ? cursor.le16() : cursor.be16();
}
std::uint32_t take32(ByteCursor& cursor, bool low) noexcept {
  return low ? cursor.le32() : cursor.be32();
}
constexpr std::size_t padded(std::size_t size) noexcept {
  return (size + 3) / 4 * 4;
}

// Byte order, version, and a proof: its kind and its data.
Extent setup_extent(ByteCursor stream) noexcept {
  const auto available = stream.rest();
  const auto order = stream.u8();
  const bool low = order == kLowFirst;
  stream.skip(1);
  const auto major = take16(stream, low);
  const auto minor = take16(stream, low);
  const auto name = take16(stream, low);
  const auto data = take16(stream, low);
  stream.skip(2);
  if (!available.empty() && order != kHighFirst && !low) return Extent::foreign();
  if (available.size() >= 4 && major != kMajor) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (minor > 1 || name > kLongestProof || data > kLongestProof || (name == 0 && data != 0))
    return Extent::foreign();
  const auto size = 12 + padded(name) + padded(data);
  if (stream.remaining() < name) return Extent::incomplete();
  return is_printable(view_of(stream.take(name))) ? Extent::of(size) : Extent::foreign();
}

// Which order the client chose tells how to read it; on trial, whichever fits.
bool answer_fits(ByteCursor stream, bool low) noexcept {
  const auto status = stream.u8();
  const auto unused = stream.u8();
  const auto major = take16(stream, low);
  const auto minor = take16(stream, low);
  const auto length = take16(stream, low);
  if (!stream.ok() || status > kMoreProof) return false;
  if (status == kMoreProof) return length > 0 && length < 64;
  if (major != kMajor || minor > 1) return false;
  return status == kSuccess ? length >= 8 : length * 4U >= unused;
}

Extent answer_extent(ByteCursor stream, bool known, bool low) noexcept {
  const auto rest = stream.rest();
  if (!rest.empty() && rest[0] > kMoreProof) return Extent::foreign();
  if (rest.size() < kAnswerHeader) return Extent::incomplete();
  const bool is_low = known ? low : answer_fits(stream, true);
  if (!answer_fits(stream, is_low)) return Extent::foreign();
  stream.skip(6);
  const std::size_t size = kAnswerHeader + std::size_t{take16(stream, is_low)} * 4;
  const auto heard = std::min(size, kAnswerHeard);
  return Extent::of(heard).then_skip(size - heard);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  if ((word & kAnswered) != 0) return Extent::opaque();
  const auto rest = stream.rest();
  if (rest.empty()) return Extent::incomplete();
  if ((word & kAsked) != 0 && context.sender == Sender::client) return Extent::incomplete();
  if (rest[0] == kHighFirst || rest[0] == kLowFirst) return setup_extent(stream);
  return answer_extent(stream, (word & kAsked) != 0, (word & kLow) != 0);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  if (!message.ok()) return std::nullopt;
  return first == kHighFirst || first == kLowFirst ? Sender::client : Sender::server;
}

void setup(ByteCursor& message, FlowState& words, Observer& out) {
  const bool low = message.u8() == kLowFirst;
  message.skip(1 + 2 + 2);
  const std::size_t name_size = take16(message, low);
  const std::size_t data_size = take16(message, low);
  message.skip(2);
  const auto name = message.take(name_size);
  message.skip(padded(name_size) - name_size);
  const auto data = message.take(data_size);
  message.skip(padded(data_size) - data_size);
  if (!message.ok()) return;
  words[0] |= kAsked | (low ? kLow : 0) | (name.empty() ? kNoProof : 0);
  out.request(kSetup, {}, 0);
  // A cookie opens the screen to whoever read it; other proofs do not.
  if (view_of(name) == "MIT-MAGIC-COOKIE-1")
    say_cleartext_login("x11 cookie", {}, data, out);
  else if (!name.empty())
    out.event(Event::login, SmallText{"x11, "}.add(view_of(name).substr(0, 64)).view());
}

void answer(ByteCursor& message, FlowState& words, Observer& out) {
  const bool low = (words[0] & kLow) != 0;
  const auto status = message.u8();
  message.skip(kAnswerHeader - 1);
  if (!message.ok() || (words[0] & kAsked) == 0) return;
  if (status != kSuccess) {
    message.skip(message.remaining());
    words[0] |= kAnswered;
    out.reply(0, Outcome::rejected, status == kMoreProof ? 1 : 0);
    if (status == kFailed) out.event(Event::login_rejected, "x11");
    return;
  }
  const auto release = take32(message, low);
  message.skip(4 + 4 + 4);  // resource ids, motion buffer
  const std::size_t size = take16(message, low);
  message.skip(2 + 2 + 4 + 4 + 2);  // longest request, screens and formats, orders, key codes
  const auto vendor = message.take(std::min<std::size_t>(size, 200));
  if (!message.ok()) return;
  message.skip(message.remaining());
  words[0] |= kAnswered;
  out.reply(0, Outcome::executed);
  if ((words[0] & kNoProof) != 0) out.event(Event::anonymous_login, "x11");
  if (!vendor.empty())
    out.property({}, Property::software,
                 SmallText{view_of(vendor)}.add(' ').decimal(release).bytes(), Confidence::stated);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto rest = message.rest();
  if (rest.empty()) return;
  if (context.sender == Sender::client) {
    setup(message, words, out);
  } else {
    answer(message, words, out);
  }
}

const Registration registration{{
    .name = "x11",
    .title = "X11",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // a few small numbers: off its port, both sides must speak
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
