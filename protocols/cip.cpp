// CIP: requests to objects and their answers, as EtherNet/IP carries them: unconnected, or on a
// connection that a forward open made. The CIP Networks Library, volume 1 (ODVA): 2-4 (messages),
// 3-5.5 (Connection Manager), A-3 (common services), B-1 (status), C-1.4 (paths).
//
// Codes are written as service and class, `0x0e/0x01`; the service alone where the path names no
// class. A symbolic path is of class 0x6b. What an unconnected send and a multiple-service packet
// hold are requests of their own. The unit is the slot, or hop, to which the request is routed.

#include "sekimori/bytes/hash.h"
#include "sekimori/dissect/cip_identity.h"
#include "sekimori/dissect/dissector.h"

#include "cip/connections.h"
#include "cip/operations.h"
#include "cip/path.h"
#include "cip/target.h"

#include <algorithm>
#include <array>

namespace sekimori::cip {
namespace {

constexpr std::uint8_t kAnswer = 0x80;  // the bit that marks an answer's service
constexpr int kDeepest = 4;             // envelopes in envelopes; one in one is usual
constexpr int kMostRequests = 256;      // in one message; a full packet of 504 bytes has some 60

// General status, B-1.
constexpr std::uint8_t kDone = 0x00;
constexpr std::uint8_t kConnectionFailure = 0x01;
constexpr std::uint8_t kPartial = 0x06;
constexpr std::uint8_t kPartsFailed = 0x1e;

/// What a request leaves for its answer, in one word: its code, where it went, and one number more,
/// by the code: how many requests stand in it, or its attribute.
struct Asked {
  std::uint32_t code = 0;
  int routes = 0;         ///< unconnected sends around it, which the same answer answers
  bool of_first = false;  ///< upon instance 1
  Unit unit = Unit::here();
  std::uint16_t number = 0;

  [[nodiscard]] std::uint64_t word() const noexcept {
    return std::uint64_t{code} | static_cast<std::uint64_t>(routes) << 25U |
           (of_first ? 1ULL << 28U : 0) | std::uint64_t{unit.word()} << 32U |
           std::uint64_t{number} << 48U;
  }
  [[nodiscard]] static Asked of_word(std::uint64_t word) noexcept {
    return {.code = static_cast<std::uint32_t>(word) & kCodeBits,
            .routes = static_cast<int>(word >> 25U & 7U),
            .of_first = (word >> 28U & 1U) != 0,
            .unit = Unit::of_word(static_cast<std::uint16_t>(word >> 32U)),
            .number = static_cast<std::uint16_t>(word >> 48U)};
  }
};

SmallText notate(std::uint32_t code) {
  SmallText text;
  text.hex(service_of(code));
  if ((code & kWithClass) != 0) text.add('/').hex(class_of(code));
  return text;
}

/// The keys of what one exchange holds: the request itself, the unconnected send around it, and its
/// parts.
std::uint64_t key_of_route(std::uint64_t key) noexcept {
  return mix(key, 0x10000);
}
std::uint64_t key_of_part(std::uint64_t key, std::size_t part) noexcept {
  return mix(key, part + 1);
}

/// One message, and how much of the bounds is used up.
class Reader {
 public:
  Reader(const Context& context, Observer& out) noexcept : context_(context), out_(out) {}

  void request(ByteCursor message, std::uint64_t key, Unit unit, int depth, int routes);
  void answer(ByteCursor message, std::uint64_t key, int depth);

 private:
  void unconnected_send(Asked& asked, ByteCursor body, std::uint64_t key, int depth);
  void forward_open(Asked& asked, ByteCursor body, std::uint64_t key);
  void forward_close(const Asked& asked, ByteCursor body, std::uint64_t key);
  void packet(Asked& asked, const Target& target, ByteCursor body, std::uint64_t key, int depth);
  void packet_answer(const Asked& asked, ByteCursor body, std::uint64_t key, int depth);
  void ask(const Asked& asked, const Target& target, std::uint64_t key);
  void say_address(const Path& path, ByteCursor body, const Asked& asked);
  void carry_pccc(ByteCursor body, std::uint64_t key, Unit unit);
  void done(const Asked& asked, ByteCursor body, std::uint64_t key);
  void identity(const Asked& asked, ByteCursor body);
  void attribute(std::uint16_t number, ByteCursor& body, const Asked& asked);
  void status(std::uint16_t word, const Asked& asked);
  void known_status(std::uint16_t word, const Asked& asked);
  void malformed(std::string_view what, std::uint32_t code);

  [[nodiscard]] static Subject subject(Unit unit) noexcept { return {.unit = unit.number()}; }

  const Context& context_;
  Observer& out_;
  int requests_ = 0;
};

void Reader::malformed(std::string_view what, std::uint32_t code) {
  out_.event(Event::malformed, SmallText{what}.add(notate(code).view()).view());
}

void Reader::ask(const Asked& asked, const Target& target, std::uint64_t key) {
  auto upon = target;
  upon.unit = asked.unit.number();
  out_.request(asked.code, upon, key, asked.word());
}

/// Class 0xf5, attribute 5: address, mask, gateway, two name servers, little endian: volume 2,
/// 5-4.3.2.5. Asked for is not taken: the outcome is the request's.
void Reader::say_address(const Path& path, ByteCursor body, const Asked& asked) {
  if (asked.code != code_of(kSetSingle, kTcpIp) || path.attribute != 5) return;
  const auto address = body.le32();
  if (!body.ok()) return;
  SmallText text{"asked to take the address "};
  for (unsigned i = 0; i < 4; ++i) {
    if (i > 0) text.add('.');
    text.decimal(address >> (24U - 8U * i) & 0xffU);
  }
  out_.event(Event::device_state, text.view(),
             {.kind = Subject::Kind::receiver, .unit = asked.unit.number()});
}

// NOLINTBEGIN(misc-no-recursion): envelopes hold requests, to a depth of kDeepest.

/// What was cut out of the message is not said: a request whose path was not read is none.
void Reader::request(ByteCursor message, std::uint64_t key, Unit unit, int depth, int routes) {
  const auto service = message.u8();
  const auto way = message.take(message.u8() * std::size_t{2});
  if (!message.ok()) return;
  if (++requests_ > kMostRequests) {
    if (requests_ == kMostRequests + 1) malformed("too many requests in one message: ", service);
    return;
  }
  const auto path = Path::read(way);
  Asked asked{.code = service, .routes = routes, .unit = unit};
  asked.of_first = path.has_instance && path.instance == 1;
  if (path.has_class)
    asked.code = code_of(service, path.of);
  else if (!path.symbol.empty())
    asked.code = code_of(service, kSymbol);
  if (!path.sound) {
    ask(asked, {}, key);
    return malformed("path of ", asked.code);
  }

  Target target;
  const auto name = name_of(path);
  target.name = name.bytes();
  if (path.has_instance) set_range(target, path.instance, path.instance);
  switch (asked.code) {
    case kUnconnectedSend:
      ask(asked, target, key_of_route(key));
      return unconnected_send(asked, message, key, depth);
    case kForwardOpen:
    case kLargeForwardOpen:
      return forward_open(asked, message, key);
    case kForwardClose:
      return forward_close(asked, message, key);
    case kMultiple:
    case code_of(kMultiple, kRouter):
      return packet(asked, target, message, key, depth);
    case kExecutePccc:
      ask(asked, target, key);
      return carry_pccc(message, key, unit);
    default:
      break;
  }
  if (!path.symbol.empty() && !aim_at_tag(path, asked.code, message, target)) return;
  if (service == kGetSingle || service == kSetSingle) asked.number = path.attribute;
  ask(asked, target, key);
  say_address(path, message, asked);
}

/// Priority and ticks, the message behind its size and padded, then the route behind its size.
void Reader::unconnected_send(Asked& asked, ByteCursor body, std::uint64_t key, int depth) {
  body.skip(2);
  const auto size = body.le16();
  const auto inner = body.nested(size);
  body.skip(size % 2U);
  const auto words = body.u8();
  body.skip(1);
  const auto route = Path::read(body.take(words * std::size_t{2}), asked.unit);
  if (!body.ok()) return;
  if (!route.sound) malformed("route of ", asked.code);
  if (depth >= kDeepest) return malformed("too deep: ", asked.code);
  request(inner, key, route.sound ? route.unit : Unit::unknown(), depth + 1, asked.routes + 1);
}

/// Volume 1, 3-5.5.2: of the connection the path alone says where it leads.
void Reader::forward_open(Asked& asked, ByteCursor body, std::uint64_t key) {
  const bool large = asked.code == kLargeForwardOpen;
  const std::size_t parameters = large ? 4 : 2;
  body.skip(2 + 4 + 4 + 2 + 2 + 4 + 1 + 3);  // up to the first packet interval
  body.skip(4 + parameters + 4 + parameters + 1);
  const auto way = body.take(body.u8() * std::size_t{2});
  if (!body.ok()) return;
  const auto path = Path::read(way, asked.unit);
  asked.unit = path.sound ? path.unit : Unit::unknown();
  const auto name = path.symbol.empty() ? name_of(path) : path.symbol;
  Target target;
  target.name = name.bytes();
  if (path.symbol.empty() && path.has_instance) set_range(target, path.instance, path.instance);
  ask(asked, target, key);
  if (!path.sound) malformed("path of ", asked.code);
}

void Reader::forward_close(const Asked& asked, ByteCursor body, std::uint64_t key) {
  body.skip(2 + 2 + 2 + 4);
  const auto words = body.u8();
  body.skip(1);
  const auto way = body.take(words * std::size_t{2});
  if (!body.ok()) return;
  const auto path = Path::read(way, asked.unit);
  auto closed = asked;
  closed.unit = path.sound ? path.unit : Unit::unknown();
  const auto name = path.symbol.empty() ? name_of(path) : path.symbol;
  Target target;
  target.name = name.bytes();
  if (path.symbol.empty() && path.has_instance) set_range(target, path.instance, path.instance);
  ask(closed, target, key);
}

/// A count, then of each part where it begins, counted from the count; a part goes to the next one.
template <class Take>
bool for_each_part(Bytes bytes, Take take) {
  ByteCursor offsets{bytes};
  const std::size_t count = offsets.le16();
  std::size_t begin = offsets.le16();
  const std::size_t least = 2 + 2 * count;
  for (std::size_t i = 0; i < count; ++i) {
    if (!offsets.ok()) return false;
    const std::size_t end = i + 1 < count ? offsets.le16() : bytes.size();
    if (!offsets.ok() || begin < least || begin > end) return false;
    if (end > bytes.size()) return false;
    take(i, ByteCursor{bytes.subspan(begin, end - begin)});
    begin = end;
  }
  return true;
}

void Reader::packet(Asked& asked, const Target& target, ByteCursor body, std::uint64_t key,
                    int depth) {
  const auto bytes = body.rest();
  asked.number = std::min<std::uint16_t>(body.le16(), kMostRequests);
  if (!body.ok()) return;
  ask(asked, target, key);
  if (depth >= kDeepest) return malformed("too deep: ", asked.code);
  for_each_part(bytes, [&](std::size_t i, ByteCursor part) {
    request(part, key_of_part(key, i), asked.unit, depth + 1, 0);
  });
}

void Reader::carry_pccc(ByteCursor body, std::uint64_t key, Unit unit) {
  auto inside = context_;
  inside.exchange = key;
  inside.unit = unit.number();
  out_.carry("pccc", body, inside);
}

// Answers.

/// The outcome needs less of the message than what it says: an answer of which the capture kept
/// only the front is an answer still.
void Reader::answer(ByteCursor message, std::uint64_t key, int depth) {
  const auto service = static_cast<std::uint8_t>(message.u8() & ~unsigned{kAnswer});
  message.skip(1);
  const auto general = message.u8();
  if (!message.ok() || ++requests_ > kMostRequests) return;
  const bool executed = general == kDone || general == kPartial;
  const auto outcome = executed ? Outcome::executed : Outcome::rejected;
  const auto word = out_.reply(key, outcome, general);
  const auto asked = Asked::of_word(word.value_or(0));
  if (word && asked.routes > 0) {
    // The router answers with its own service where it could not deliver.
    const bool undelivered = service == service_of(kUnconnectedSend) && !executed &&
                             (service != service_of(asked.code) || general == kConnectionFailure);
    for (int i = 0; i < asked.routes; ++i)
      out_.reply(key_of_route(key), undelivered ? Outcome::rejected : Outcome::executed, general);
    if (undelivered) return;
  }
  message.skip(message.u8() * std::size_t{2});  // the extended status
  if (!message.ok() || !word) return;
  if (service != service_of(asked.code)) return malformed("other answer to ", asked.code);
  const bool is_packet = service == kMultiple;
  if (is_packet && (executed || general == kPartsFailed))
    return packet_answer(asked, message, key, depth);
  if (is_packet) {
    for (std::size_t i = 0; i < asked.number; ++i)
      out_.reply(key_of_part(key, i), Outcome::rejected, general);
    return;
  }
  if (executed) done(asked, message, key);
}

void Reader::packet_answer(const Asked& asked, ByteCursor body, std::uint64_t key, int depth) {
  if (depth >= kDeepest) return;
  for_each_part(body.rest(), [&](std::size_t i, ByteCursor part) {
    if (i < asked.number) answer(part, key_of_part(key, i), depth + 1);
  });
}

// NOLINTEND(misc-no-recursion)

/// What an executed request means, and what its answer says.
void Reader::done(const Asked& asked, ByteCursor body, std::uint64_t key) {
  switch (asked.code) {
    case kForwardOpen:
    case kLargeForwardOpen: {
      Connection connection{.unit = asked.unit};
      connection.to_target = body.le32();
      connection.to_originator = body.le32();
      connection.serial = body.le16();
      if (body.ok()) Connections{out_}.open(connection);
      return;
    }
    case kForwardClose: {
      const auto serial = body.le16();
      if (body.ok()) Connections{out_}.close(serial);
      return;
    }
    case kExecutePccc:
      return carry_pccc(body, key, asked.unit);
    case kRunMode:
      return out_.event(Event::mode_change, "run", subject(asked.unit));
    case kProgramMode:
      return out_.event(Event::mode_change, "program", subject(asked.unit));
    case code_of(kReset, kIdentity):
      return out_.event(Event::device_state, "reset", subject(asked.unit));
    case kFirmwareBegin:
      return out_.event(Event::transfer, "firmware update", subject(asked.unit));
    case kProgramDownload:
      return out_.event(Event::transfer, "program download", subject(asked.unit));
    case kProgramUpload:
      return out_.event(Event::transfer, "program upload", subject(asked.unit));
    case kFileUpload:
      return out_.event(Event::transfer, "file upload", subject(asked.unit));
    case kFileDownload:
      return out_.event(Event::transfer, "file download", subject(asked.unit));
    default:
      break;
  }
  // Which module of a chassis spoke has to be known, or its identity would be another's.
  if (asked.unit.is_known() && asked.of_first) identity(asked, body);
}

bool is_printable(Bytes text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
}

void Reader::identity(const Asked& asked, ByteCursor body) {
  const auto about = subject(asked.unit);
  switch (asked.code) {
    case code_of(kGetAll, kIdentity): {
      const auto all = CipIdentity::read(body);
      if (!body.ok()) return;
      tell_cip_identity(all, about, out_);
      if (all.is_logix()) known_status(all.status, asked);
      return;
    }
    case code_of(kGetSingle, kIdentity):
      return attribute(asked.number, body, asked);
    case code_of(kGetList, kIdentity):
      // A count; of each attribute its number, its status and, where that is good, its value.
      for (auto left = body.le16(); left > 0 && body.ok(); --left) {
        const auto number = body.le16();
        if (body.le16() != kDone || !body.ok()) return;
        attribute(number, body, asked);
      }
      return;
    case code_of(kGetAll, kName): {  // the project's name in a controller, and its description
      const auto name = body.take(body.le16());
      if (body.ok() && is_printable(name))
        out_.property(about, Property::name, name, Confidence::stated);
      return;
    }
    case code_of(kGetSingle, kTcpIp): {
      if (asked.number != 6) return;  // the host name, volume 2, 5-4.3.2.6
      const auto name = body.take(body.le16());
      if (body.ok() && is_printable(name))
        out_.property(about, Property::name, name, Confidence::stated);
      return;
    }
    default:
      return;
  }
}

/// One attribute of the Identity object; past one whose length is not known nothing can be read.
void Reader::attribute(std::uint16_t number, ByteCursor& body, const Asked& asked) {
  const auto about = subject(asked.unit);
  switch (number) {
    case 1: {
      const auto vendor = body.le16();
      if (body.ok()) tell_cip_vendor(vendor, about, out_);
      return;
    }
    case 2:
    case 3:
      return body.skip(2);
    case 4: {
      const auto major = body.u8();
      const auto minor = body.u8();
      if (body.ok()) tell_cip_revision(major, minor, about, out_);
      return;
    }
    case 5: {
      const auto word = body.le16();
      if (body.ok()) status(word, asked);
      return;
    }
    case 6: {
      const auto serial = body.le32();
      if (body.ok()) tell_cip_serial(serial, about, out_);
      return;
    }
    case 7: {
      const auto name = body.take(body.u8());
      if (body.ok() && !name.empty())
        out_.property(about, Property::product, name, Confidence::stated);
      return;
    }
    default:
      return body.skip(body.remaining() + 1);
  }
}

/// The status word alone: of a module that said before that it is a Logix controller, its mode too.
void Reader::status(std::uint16_t word, const Asked& asked) {
  tell_cip_status(word, subject(asked.unit), out_);
  if (!Controllers{out_}.status(asked.unit)) return;
  const auto mode = logix_mode(word);
  if (!mode.empty())
    out_.property(subject(asked.unit), Property::mode, bytes_of(mode), Confidence::stated);
  known_status(word, asked);
}

void Reader::known_status(std::uint16_t word, const Asked& asked) {
  Controllers controllers{out_};
  const auto before = controllers.status(asked.unit);
  const auto mode = logix_mode(word);
  if (before == word || mode.empty()) return;
  if (before && logix_mode(*before) != mode)
    out_.event(Event::mode_change, mode, subject(asked.unit));
  controllers.set_status(asked.unit, word);
}

/// An unconnected message goes to the device itself; a connected one to where its forward open led.
/// Both ids of a connection stand for it, so that request and answer have one key.
void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto key = context.exchange;
  auto unit = Unit::here();
  if (context.channel != 0) {
    const auto connection = Connections{out}.find(context.channel);
    unit = connection ? connection->unit : Unit::unknown();
    key = mix(key, connection ? connection->to_target : 0x20000);
  }
  const auto bytes = message.rest();
  if (bytes.empty()) return message.skip(1);
  Reader reader{context, out};
  if ((bytes[0] & kAnswer) != 0)
    reader.answer(message, key, 0);
  else
    reader.request(message, key, unit, 0, 0);
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "cip",
    .title = "Common Industrial Protocol",
    .operations = kOperations,
    .dissect = dissect,
    .notate = notate,
    .derive = derive,
}};

}  // namespace
}  // namespace sekimori::cip
