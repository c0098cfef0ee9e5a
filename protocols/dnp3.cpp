// DNP3 over TCP, UDP and in tunnels of serial lines. IEEE 1815-2012: 9 (data link), 8 (transport),
// 4 (application), 7 (secure authentication), Annex A (objects).
//
// Codes are written as the decimal function: `5`; of the link alone, after a word: `link/9`.
// A unit is the outstation's link address, whoever speaks. A range is of points, of a device's
// attributes, or of bits of the indications. Reasons of refusals: the status of the first point
// (4: not supported) or file, the code of an authentication error; or, above 255, the internal
// indications that refuse, their second octet high (512: object unknown).

#include "sekimori/dissect/dissector.h"

#include "dnp3/link.h"
#include "dnp3/memory.h"
#include "dnp3/operations.h"
#include "dnp3/request.h"
#include "dnp3/response.h"

#include <algorithm>
#include <array>

namespace sekimori::dnp3 {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 20000}, {Over::udp, 20000}});

/// Before a flow is known, so much may come before the first frame.
constexpr std::size_t kMostBefore = 64;

/// What is no frame, once the flow is known: noise of the line, or a frame that was spoilt. It
/// reaches to the next header.
Extent extent_of_noise(Bytes bytes, const Context& context) noexcept {
  const auto next = next_frame(bytes, 1);
  if (next.found) return Extent::of(next.at);
  if (context.over == Over::udp) return Extent::foreign();
  return next.at >= kMostFrame ? Extent::of(next.at) : Extent::incomplete();
}

bool has_sound_blocks(const LinkHeader& header, Bytes bytes) noexcept {
  return FrameData{header, bytes.first(std::min(bytes.size(), header.frame_size()))}
      .has_sound_blocks();
}

Extent extent_of_first(Bytes bytes, const Context& context) noexcept {
  if (const auto header = header_of(bytes)) {
    const bool taken =
        context.on_seat || (header->is_regular() && has_sound_blocks(*header, bytes));
    return taken ? Extent::of(header->frame_size()) : Extent::foreign();
  }
  if (bytes[0] == kStart0 && bytes.size() < kHeader) {
    const bool ours =
        (bytes.size() < 2 || bytes[1] == kStart1) && (bytes.size() < 3 || bytes[2] >= kCounted);
    return ours ? Extent::incomplete() : Extent::foreign();
  }
  if (context.over == Over::udp) return Extent::foreign();
  const auto next = next_frame(bytes.first(std::min(bytes.size(), kMostBefore + kHeader)), 1);
  return next.found ? Extent::of(next.at) : Extent::foreign();
}

/// The header's CRC decides; off the seat the first frame must be one that the standard knows, and
/// its blocks be sound.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (!Memory{context}.is_known()) return extent_of_first(bytes, context);
  if (const auto header = header_of(bytes)) return Extent::of(header->frame_size());
  const bool begins = bytes[0] == kStart0 && (bytes.size() < 2 || bytes[1] == kStart1);
  if (begins && bytes.size() < kHeader) return Extent::incomplete();
  return extent_of_noise(bytes, context);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto header = header_of(message.rest());
  if (!header) return std::nullopt;
  return header->from_master() ? Sender::client : Sender::server;
}

Subject outstation_of(const LinkHeader& header) noexcept {
  Subject subject;
  subject.kind = header.from_master() ? Subject::Kind::receiver : Subject::Kind::sender;
  subject.unit = header.outstation();
  return subject;
}

SmallText notate(std::uint32_t code) {
  SmallText text;
  if ((code & kOfLink) != 0) text.add("link/");
  return text.decimal(function_of(code));
}

// Application, 4.2.2: the control octet's first, final, confirm and unsolicited bits, and the
// sequence; the function.

void dissect_fragment(Bytes fragment, bool is_cut, const LinkHeader& header, Memory& memory,
                      Observer& out) {
  ByteCursor cursor{fragment};
  const auto control = cursor.u8();
  const auto function = cursor.u8();
  if (!cursor.ok()) return;
  const unsigned sequence = control & 0x0fU;
  const bool is_first = (control & 0x80U) != 0;
  const bool answers = function >= kResponse && function <= kAuthenticationResponse;
  if (answers && !header.from_master()) {
    say_answer({.function = function, .sequence = sequence, .is_first = is_first, .is_cut = is_cut},
               cursor, header.outstation(), memory, out);
  } else if (answers || (!header.from_master() && function != kConfirm)) {
    out.event(Event::malformed, SmallText{"function "}
                                    .decimal(function)
                                    .add(answers ? " of a master" : " of an outstation")
                                    .view());
  } else if (is_first && !is_cut) {
    say_request(function, sequence, cursor.rest(), header.outstation(), memory, out);
  }
}

// Transport, 8.2: an octet before each segment says whether it is the last, the first, and its
// number of 64.

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kFirst = 0x40;
constexpr std::uint8_t kSequence = 0x3f;

/// The segments of a pair of addresses, and the octets before them.
std::uint64_t segments_key(const LinkHeader& header) noexcept {
  return std::uint64_t{header.source} << 16U | header.destination;
}
constexpr std::uint64_t kOctets = std::uint64_t{1} << 32U;

void dissect_segment(Bytes data, bool is_cut, const LinkHeader& header, Memory& memory,
                     Observer& out) {
  if (data.empty()) return;
  const auto octet = data[0];
  const auto segment = data.subspan(1);
  const bool is_first = (octet & kFirst) != 0;
  if (is_first && (octet & kFinal) != 0)
    return dissect_fragment(segment, is_cut, header, memory, out);
  if (!is_first && !memory.is_gathering()) return;

  auto& octets = out.buffer(segments_key(header) | kOctets);
  const auto before = octets.view();
  const bool follows = !before.empty() && ((before.back() + 1U) & kSequence) == (octet & kSequence);
  auto& gathered = out.buffer(segments_key(header));
  if (is_first) {
    octets.clear();
    gathered.clear();
    memory.gather(true);
  } else if (!follows || is_cut || gathered.view().empty()) {
    octets.clear();
    gathered.clear();
    return;
  }
  if (is_cut || !octets.append(Bytes{&octet, 1}) || !gathered.append(segment)) {
    octets.clear();
    gathered.clear();
    return;
  }
  if ((octet & kFinal) == 0) return;
  dissect_fragment(gathered.view(), false, header, memory, out);
  octets.clear();
  gathered.clear();
}

// Link, 9.2.4.

void dissect_link(const LinkHeader& header, Memory& memory, Observer& out) {
  const auto function = header.function();
  const Target target{.unit = header.outstation()};
  if (!header.is_primary()) {
    const bool done = function == 0 || function == 11;
    if (memory.answer_link())
      out.reply(link_key(header.outstation()), done ? Outcome::executed : Outcome::rejected,
                done ? 0U : function);
  } else if (function <= 2 || function == 9) {
    if (header.destination >= kAll) return out.notice(link_code(function), target);
    memory.ask_link();
    out.request(link_code(function), target, link_key(header.outstation()));
  }
}

void dissect_frame(const LinkHeader& header, Bytes frame, Memory& memory, Observer& out) {
  const FrameData data{header, frame};
  if (!data.has_sound_blocks())
    return out.event(Event::malformed, "CRC of a block", outstation_of(header));
  if (header.carries_data()) {
    if (header.function() == 3) memory.forget_link();
    dissect_segment(data.bytes(), data.is_cut(), header, memory, out);
  } else {
    dissect_link(header, memory, out);
  }
  if (!header.is_regular() && !data.is_cut())
    out.event(Event::malformed, SmallText{"link control "}.hex(header.control & 0x7fU).view(),
              outstation_of(header));
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  Memory memory{context};
  if (const auto header = header_of(bytes)) {
    memory.know();
    const auto size = header->frame_size();
    dissect_frame(*header, bytes.first(std::min(size, bytes.size())), memory, out);
    return message.skip(size);
  }
  const bool begins =
      !bytes.empty() && bytes[0] == kStart0 && (bytes.size() < 2 || bytes[1] == kStart1);
  if (bytes.empty() || (begins && bytes.size() < kHeader)) return message.skip(kHeader);
  out.event(Event::malformed, begins ? "CRC of a header" : "bytes between frames");
  message.skip(bytes.size());
}

const Registration registration{{
    .name = "dnp3",
    .title = "DNP3",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::dnp3
