// Modbus/TCP, also over UDP, and UMAS within its function 90.
// MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3 (the header);
// MODBUS Application Protocol V1.1b3, 6 (functions) and 7 (exceptions).
//
// Codes are written as the decimal function; where it has operations of its own, they follow a
// slash: `8/1` (diagnostics), `43/14` (encapsulated interface), `90/0x41` (UMAS).
// Ranges are addresses as on the wire, which count from 0. The target of function 23 is the range
// that it writes; the range that it reads only serves to check the answer.

#include "sekimori/dissect/dissector.h"

#include "modbus/file_groups.h"
#include "modbus/operations.h"
#include "modbus/pdu.h"

#include <algorithm>
#include <array>

namespace sekimori::modbus {
namespace {

constexpr std::size_t kPrefix = 6;     // what the length field does not count
constexpr std::size_t kHeader = 8;     // the prefix, the unit and the function
constexpr std::size_t kLongest = 254;  // unit, and a PDU of 253 bytes
// UMAS agrees on a frame size of its own with code 0x01; blocks of 1022 bytes are common.
constexpr std::size_t kLongestUmas = 2048;

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 502}, {Over::udp, 502}});

/// FlowState[0]: set once the core has handed over a message, so once the flow is known.
bool is_recognised(const Context& context) noexcept {
  return context.state != nullptr && (*context.state)[0] != 0;
}

std::size_t longest(std::uint8_t function) noexcept {
  return (function & ~unsigned{kRefusal}) == kUmas ? kLongestUmas : kLongest;
}

Pdu pdu_of(Bytes message, std::size_t length) noexcept {
  const auto size = length - 2;
  const auto body = message.subspan(kHeader);
  return {.body = body.first(std::min(body.size(), size)),
          .size = size,
          .unit = message[6],
          .function = message[7]};
}

std::size_t length_of(Bytes message) noexcept {
  return std::size_t{message[4]} << 8U | message[5];
}

/// For the first bytes of a stream, too few for a header: what they can no longer become.
Extent extent_of_few(Bytes bytes) noexcept {
  const auto at = [bytes](std::size_t i) { return i < bytes.size() ? bytes[i] : std::uint8_t{0}; };
  const bool ours = at(2) == 0 && at(3) == 0 && (at(4) << 8U) <= int{kLongestUmas};
  return ours ? Extent::incomplete() : Extent::foreign();
}

/// A flow that is known is taken by its framing alone, so that one odd message costs no other; on
/// the seat the function must be possible; elsewhere its layout must be known and fit, and a
/// datagram hold one message and no more: headers of small numbers are many (HART-IP, MELSOFT).
Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.size() < kHeader) return extent_of_few(bytes);
  const auto length = length_of(bytes);
  const auto function = bytes[7];
  if (bytes[2] != 0 || bytes[3] != 0 || length < 2 || length > longest(function))
    return Extent::foreign();
  const auto whole = Extent::of(kPrefix + length);
  if (is_recognised(context)) return whole;
  // On its own port a refusal without its reason is a faulty device's, and said to be malformed.
  const bool refusal_fits = length == 3 || (context.on_seat && length == 2);
  if (function == 0 || function == kRefusal || (function > kRefusal && !refusal_fits))
    return Extent::foreign();
  if (context.on_seat) return whole;

  const auto pdu = pdu_of(bytes, length);
  if (!is_laid_out(function & 0x7fU)) return Extent::foreign();
  if (context.over == Over::udp && bytes.size() != whole.size()) return Extent::foreign();
  if (!pdu.has_layout()) return Extent::incomplete();
  return fits_request(pdu) || fits_answer(pdu) ? whole : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto bytes = message.rest();
  if (bytes.size() < kHeader || length_of(bytes) < 2) return std::nullopt;
  const auto pdu = pdu_of(bytes, length_of(bytes));
  if (!pdu.has_layout()) return std::nullopt;
  const bool asks = fits_request(pdu);
  if (asks == fits_answer(pdu)) return std::nullopt;
  return asks ? Sender::client : Sender::server;
}

/// The device itself answers to the units 0 and 255 (Implementation Guide, 4.4.2.2); any other
/// stands for a device behind it.
Subject subject_of(const Pdu& pdu) noexcept {
  Subject subject;
  if (pdu.unit != 0 && pdu.unit != 0xff) subject.unit = pdu.unit;
  return subject;
}

bool is_printable(Bytes text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
}

SmallText notate(std::uint32_t code) {
  SmallText text;
  text.decimal(function_of(code));
  if ((code & kWithSub) == 0) return text;
  text.add('/');
  const auto sub = code & 0xffffU;
  return function_of(code) == kUmas ? text.hex(sub) : text.decimal(sub);
}

void tell_malformed(std::string_view what, std::uint32_t code, Observer& out) {
  out.event(Event::malformed, SmallText{what}.add(notate(code).view()).view());
}

// Requests.

/// What a request asks. `answer` is how many bytes of data its answer has to carry; 0: any.
struct Asked {
  std::uint32_t code = 0;
  Target target;
  std::uint32_t answer = 0;
};

/// A range is kept only from a request that fits: an illegal quantity would spoil it for good.
void aim(Asked& asked, std::string_view name, bool fits, std::uint64_t first,
         std::uint64_t count) noexcept {
  asked.target.name = bytes_of(name);
  if (!fits) return;
  asked.target.first = first;
  asked.target.last = first + count - 1;
  asked.target.has_range = true;
}

/// How many bytes of the body say upon what the request acts.
std::size_t target_size(std::uint8_t function) noexcept {
  switch (function) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 15:
    case 16:
      return 4;
    case 22:
    case 24:
    case kDiagnostics:
    case kUmas:
      return 2;
    case 23:
      return 8;
    case kEncapsulated:
      return 1;
    default:
      return 0;
  }
}

void aim_by_function(const Pdu& pdu, bool fits, Asked& asked) noexcept {
  const auto first = pdu.be16(0);
  const auto count = pdu.be16(2);
  switch (pdu.function) {
    case 1:
      asked.answer = (count + 7U) / 8U;
      return aim(asked, "coil", fits, first, count);
    case 2:
      asked.answer = (count + 7U) / 8U;
      return aim(asked, "discrete-input", fits, first, count);
    case 3:
      asked.answer = count * 2U;
      return aim(asked, "holding-register", fits, first, count);
    case 4:
      asked.answer = count * 2U;
      return aim(asked, "input-register", fits, first, count);
    case 5:
      return aim(asked, "coil", fits, first, 1);
    case 6:
    case 22:
      return aim(asked, "holding-register", fits, first, 1);
    case 15:
      return aim(asked, "coil", fits, first, count);
    case 16:
      return aim(asked, "holding-register", fits, first, count);
    case 23:
      asked.answer = count * 2U;
      return aim(asked, "holding-register", fits, pdu.be16(4), pdu.be16(6));
    case 24:
      return aim(asked, "fifo-queue", fits, first, 1);
    case kDiagnostics:
      asked.code = code_of(kDiagnostics, first);
      return;
    case kEncapsulated:
      asked.code = code_of(kEncapsulated, pdu.u8(0));
      return;
    case kUmas:
      asked.code = code_of(kUmas, pdu.u8(1));
      return;
    default:
      return;
  }
}

void say_request(const Asked& asked, std::uint64_t key, bool fits, Observer& out) {
  out.request(asked.code, asked.target, key, std::uint64_t{asked.answer} << 32U | asked.code);
  if (!fits) tell_malformed("request of ", asked.code, out);
}

/// One file: its number is in the name and the range is of records; several: of files.
void request_files(const Pdu& pdu, Asked& asked, std::uint64_t key, Observer& out) {
  if (pdu.is_cut()) return;
  const FileGroups groups{pdu};
  const auto range = groups.one_file() ? groups.records() : groups.files();
  SmallText name{"file"};
  if (groups.one_file()) name.add(' ').decimal(groups.files().first);
  aim(asked, name.view(), groups.fits(), range.first, range.last - range.first + 1U);
  say_request(asked, key, groups.fits(), out);
}

/// UMAS 0x10: two words, a length, and the name under which the client reserves the controller:
/// Unity's is the computer's name. Seen in a real exchange; the same in sandialabs/PEAT.
void name_client(const Pdu& pdu, Observer& out) {
  ByteCursor body{pdu.body};
  body.skip(2 + 4);
  const auto name = body.take(body.u8());
  if (body.ok() && is_printable(name))
    out.property(Subject{}, Property::name, name, Confidence::observed);
}

void request_umas(const Pdu& pdu, Asked& asked, std::uint64_t key, bool fits, Observer& out) {
  if (asked.code == kUmasReadMemory) {  // a range, then the block's number, little endian
    if (pdu.size >= 5 && !pdu.has(5)) return;
    const auto block = static_cast<std::uint64_t>(pdu.u8(4)) << 8U | pdu.u8(3);
    aim(asked, "memory-block", pdu.has(5), block, 1);
  }
  say_request(asked, key, fits, out);
  if (asked.code == kUmasReserve) name_client(pdu, out);
}

/// What was cut out of the message is not said: a request whose target was not read is none.
void request(const Pdu& pdu, std::uint64_t key, Observer& out) {
  Asked asked{.code = pdu.function, .target = {.unit = pdu.unit}};
  if (pdu.function == 20 || pdu.function == 21) return request_files(pdu, asked, key, out);
  const auto wanted = target_size(pdu.function);
  const bool fits = fits_request(pdu);
  if (wanted > pdu.size) return say_request(asked, key, false, out);
  if (!pdu.has_layout()) return;
  aim_by_function(pdu, fits, asked);
  if (!fits) asked.answer = 0;
  if (pdu.function == kUmas) return request_umas(pdu, asked, key, fits, out);
  say_request(asked, key, fits, out);
}

// Answers.

constexpr auto kIdentityObjects = std::to_array<Property>({
    Property::vendor,       // vendor name
    Property::model,        // product code
    Property::firmware,     // major and minor revision
    Property::description,  // vendor URL
    Property::product,      // product name
    Property::model,        // model name
    Property::software,     // user application name
});
constexpr std::uint8_t kFirstPrivateObject = 0x80;

/// 6.21: the type, the kind of access, conformity, more follows, next object, how many objects;
/// then of each its number, its length and its text. False where they do not fill the message.
bool identify_device(const Pdu& pdu, Observer& out) {
  ByteCursor objects{pdu.body};
  objects.skip(5);
  for (auto left = objects.u8(); left > 0 && objects.ok(); --left) {
    const auto id = objects.u8();
    const auto text = objects.take(objects.u8());
    if (!objects.ok() || text.empty()) continue;
    if (id < kIdentityObjects.size())
      out.property(subject_of(pdu), kIdentityObjects[id], text, Confidence::stated);
    else if (id >= kFirstPrivateObject && is_printable(text))
      out.property(subject_of(pdu), Property::description, text, Confidence::stated);
  }
  return pdu.is_cut() || (objects.ok() && objects.empty());
}

/// 6.13: an identifier of the device's own making, whether it runs (0 or 255), more of its own.
/// The identifier is one byte, or else a text that the run byte ends.
void identify_server(const Pdu& pdu, Observer& out) {
  if (pdu.is_cut()) return;
  const auto bytes = pdu.body.subspan(1);
  const auto runs = [](std::uint8_t byte) { return byte == 0 || byte == 0xff; };
  const auto at = std::ranges::find_if(bytes.subspan(1), runs);
  const auto id = bytes.first(static_cast<std::size_t>(at - bytes.begin()));
  if (at == bytes.end() || (id.size() > 1 && !is_printable(id))) return;
  const auto rest = bytes.subspan(id.size() + 1);

  SmallText text{"server id "};
  if (id.size() == 1)
    text.hex(id[0]);
  else
    text.add(view_of(id));
  if (is_printable(rest)) text.add(", ").add(view_of(rest));
  out.property(subject_of(pdu), Property::description, text.bytes(), Confidence::stated);
  out.property(subject_of(pdu), Property::mode, bytes_of(*at == 0 ? "stop" : "run"),
               Confidence::stated);
}

/// UMAS 0x02, as Apache PLC4X lays it out and as a real Quantum answers: session, status, range
/// (2), identifier (4), model (2), firmware (2, binary-coded decimal, `70 02` is 2.70), patch (2),
/// internal release (2), hardware (2), crash code (4), unknown (2), then the counted reference.
void identify_plc(const Pdu& pdu, Observer& out) {
  ByteCursor body{pdu.body};
  body.skip(2 + 2 + 4 + 2);
  const auto minor = body.u8();
  const auto major = body.u8();
  body.skip(2 + 2);
  const auto hardware = body.le16();
  body.skip(4 + 2);
  const auto reference = body.take(body.u8());
  if (!body.ok()) return;
  if (!reference.empty())
    out.property(subject_of(pdu), Property::model, reference, Confidence::stated);
  const auto firmware = SmallText{}
                            .decimal((major >> 4U) * 10U + (major & 15U))
                            .add('.')
                            .decimal(minor >> 4U)
                            .decimal(minor & 15U);
  out.property(subject_of(pdu), Property::firmware, firmware.bytes(), Confidence::stated);
  out.property(subject_of(pdu), Property::hardware, SmallText{}.decimal(hardware).bytes(),
               Confidence::stated);
}

/// What an answer says beyond its outcome; `code` is the request's.
bool read_answer(const Pdu& pdu, std::uint32_t code, Observer& out) {
  if (pdu.function == 17) identify_server(pdu, out);
  if (pdu.function == kEncapsulated && pdu.u8(0) == kDeviceIdentification)
    return identify_device(pdu, out);
  if (code == kUmasReadId) identify_plc(pdu, out);
  if (code == kUmasStart) out.event(Event::mode_change, "start", subject_of(pdu));
  if (code == kUmasStop) out.event(Event::mode_change, "stop", subject_of(pdu));
  return true;
}

/// A refusal's reason is the exception code of 7, or in UMAS the word behind the status.
bool refuse(const Pdu& pdu, std::size_t at, std::size_t width, std::uint64_t key, Observer& out,
            std::optional<std::uint64_t>& asked) {
  const auto read = std::min(width, pdu.size - std::min(pdu.size, at));
  if (!pdu.has(at + read)) return false;
  std::uint32_t reason = pdu.u8(at);
  if (read == 2) reason |= std::uint32_t{pdu.u8(at + 1)} << 8U;  // UMAS is little endian
  asked = out.reply(key, Outcome::rejected, reason);
  return true;
}

/// The outcome needs less of the message than its check: an answer of which the capture kept only
/// the front is an answer still.
void answer(const Pdu& pdu, std::uint64_t key, Observer& out) {
  const auto function = static_cast<std::uint8_t>(pdu.function & 0x7fU);
  bool executed = false;
  std::optional<std::uint64_t> asked;
  if (pdu.function >= kRefusal) {
    if (!refuse(pdu, 0, 1, key, out, asked)) return;
  } else if (function == kUmas && pdu.size >= 2 && !pdu.has(2)) {
    return;
  } else if (function == kUmas && pdu.u8(1) == kUmasError) {
    if (!refuse(pdu, 2, 2, key, out, asked)) return;
  } else if (function == kUmas && pdu.u8(1) != kUmasOk) {
    return tell_malformed("answer of ", kUmas, out);  // neither done nor refused
  } else {
    executed = true;
    asked = out.reply(key, Outcome::executed);
  }

  const auto code = asked ? static_cast<std::uint32_t>(*asked) : 0;
  const auto awaited = asked ? *asked >> 32U : 0;
  if (asked && function_of(code) != function) return tell_malformed("other answer to ", code, out);
  if (!pdu.has_layout()) return;
  if (!fits_answer(pdu))
    return tell_malformed(executed ? "answer of " : "refusal of ", function, out);
  if (!executed) return;
  if (awaited != 0 && awaited + 1 != pdu.size)
    return tell_malformed("answer of other size to ", code, out);
  if (!read_answer(pdu, code, out)) tell_malformed("objects of ", function, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  if (bytes.size() < kHeader) return message.skip(kHeader);
  const auto length = length_of(bytes);
  if (length < 2) return;
  if (context.state != nullptr) (*context.state)[0] = 1;
  const auto pdu = pdu_of(bytes, length);
  // What the answer repeats: the transaction, and the unit within a gateway.
  const auto key = std::uint64_t{pdu.unit} << 16U | std::uint64_t{bytes[0]} << 8U | bytes[1];
  if (context.sender == Sender::client)
    request(pdu, key, out);
  else
    answer(pdu, key, out);
  message.skip(kPrefix + length);
}

const Registration registration{{
    .name = "modbus",
    .title = "Modbus/TCP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::modbus
