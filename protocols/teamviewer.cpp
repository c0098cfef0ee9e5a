// TeamViewer's own framing, as published analyses have it, for its maker publishes none: the first
// form `17 24`, the second `11 30`, and what UDP puts before the first. Over TLS or HTTP on other
// ports it is told by names only. Code: the command. What it carries is hidden or encrypted: only
// that it is there, and when encryption begins, is said.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 5938}, {Over::udp, 5938}});

constexpr std::uint16_t kFirstForm = 0x1724;
constexpr std::uint16_t kSecondForm = 0x1130;
constexpr std::size_t kFirstHeader = 5;    // magic, command, length of two bytes, the lowest first
constexpr std::size_t kSecondHeader = 24;  // magic, command, zero, length of four; four numbers
constexpr std::uint32_t kLongest = 0x1000000;
// Over UDP the first form stands behind a counter, zeros and a kind.
constexpr std::size_t kDatagramHeader = 11;

constexpr std::uint32_t kConfirmEncryption = 94;

constexpr auto kOperations = std::to_array<Operation>({
    {10, "identify", Access::session},
    {11, "request-connect", Access::session},
    {13, "disconnect", Access::session},
    {16, "ping", Access::session},
    {17, "pong", Access::session},
    {18, "ask-broker", Access::session},
    {19, "broker-answer", Access::session},
    {21, "no-partner", Access::session},
    {23, "session-mode", Access::session},
    {24, "request-route", Access::session},
    {27, "keep-alive", Access::session},
    {28, "request-keep-alive", Access::session},
    {29, "ask-broker", Access::session},
    {30, "broker-answer", Access::session},
    {35, "keep-alive", Access::session},
    {45, "login-to-broker", Access::session},
    {46, "partner", Access::session},
    {47, "accept-route", Access::session},
    {48, "broker-answer", Access::session},
    {49, "partner", Access::session},
    {53, "end-session", Access::session},
    {71, "ping", Access::session},
    {90, "data", Access::session},
    {91, "data", Access::session},
    {92, "data", Access::session},
    {93, "request-encryption", Access::session},
    {kConfirmEncryption, "confirm-encryption", Access::session},
    {98, "data", Access::session},
    {99, "data", Access::session},
    {106, "data", Access::session},
    {107, "data", Access::session},
});

// Bits of the flow's first word.
constexpr std::uint64_t kFormSaid = 1;
constexpr std::uint64_t kEncryptionSaid = 2;

// The commands that the analyses list.
bool is_command(std::uint8_t code) noexcept {
  return (code >= 10 && code <= 63 && code != 12) || (code >= 70 && code <= 72) ||
         (code >= 90 && code <= 113);
}

struct Frame {
  std::uint16_t form = 0;
  std::uint8_t command = 0;
  std::size_t header = 0;
  std::uint32_t length = 0;
};

// Reads a header; the cursor fails where it is cut, and `form` is 0 where it is none.
Frame frame_of(ByteCursor& stream) noexcept {
  Frame frame;
  const auto form = stream.be16();
  frame.command = stream.u8();
  if (form == kFirstForm) {
    frame.header = kFirstHeader;
    frame.length = stream.le16();
  } else if (form == kSecondForm) {
    frame.header = kSecondHeader;
    const auto zero = stream.u8();
    frame.length = stream.le32();
    stream.skip(16);
    if (zero != 0 || frame.length > kLongest) return {};
  } else {
    return {};
  }
  if (is_command(frame.command)) frame.form = form;
  return frame;
}

Extent datagram_extent(ByteCursor stream) noexcept {
  const auto size = stream.remaining();
  const auto counter = stream.u8();
  const auto zeros = stream.take(kDatagramHeader - 2);
  const auto kind = stream.u8();
  const auto frame = frame_of(stream);
  if (!stream.ok()) return Extent::foreign();
  const bool mine = counter == 0 && kind <= 0x0f && frame.form == kFirstForm &&
                    std::ranges::all_of(zeros, [](std::uint8_t byte) { return byte == 0; }) &&
                    frame.length <= stream.remaining();
  return mine ? Extent::of(size) : Extent::foreign();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over == Over::udp) return datagram_extent(stream);
  const auto available = stream.rest();
  const auto frame = frame_of(stream);
  if (!stream.ok()) {
    const bool first = available.empty() || available[0] == 0x17 || available[0] == 0x11;
    const bool second = available.size() < 2 || (available[0] == 0x17 && available[1] == 0x24) ||
                        (available[0] == 0x11 && available[1] == 0x30);
    const bool third = available.size() < 3 || is_command(available[2]);
    return first && second && third ? Extent::incomplete() : Extent::foreign();
  }
  if (frame.form == 0) return Extent::foreign();
  return Extent::of(frame.header).then_skip(frame.length);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  if (context.over == Over::udp) message.skip(kDatagramHeader);
  const auto frame = frame_of(message);
  if (!message.ok() || frame.form == 0) return;
  if (context.over == Over::udp) message.skip(message.remaining());
  out.notice(frame.command, {});
  if ((words[0] & kFormSaid) == 0) {
    words[0] |= kFormSaid;
    out.event(Event::version, frame.form == kFirstForm ? "TeamViewer 1" : "TeamViewer 2");
  }
  if (frame.command == kConfirmEncryption && (words[0] & kEncryptionSaid) == 0) {
    words[0] |= kEncryptionSaid;
    out.event(Event::encrypted, "TeamViewer");
  }
}

const Registration registration{{
    .name = "teamviewer",
    .title = "TeamViewer",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 2,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
