// Internet Key Exchange over UDP 500 and 4500: ISAKMP RFC 2408, 3; IKEv1 RFC 2409; IKEv2 RFC 7296,
// 3; the marker, the keepalive and ESP inside UDP of RFC 3948. Codes are version << 8 | exchange
// type, written `v1/2`, `v2/34`; `esp` and `keepalive` are what RFC 3948 adds.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/noise.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint64_t kNatPort = 4500;   // RFC 3948
constexpr std::size_t kHeaderSize = 28;    // RFC 2408, 3.1; RFC 7296, 3.1
constexpr std::size_t kPayloadHeader = 4;  // next, flags, length
constexpr std::uint8_t kKeepalive = 0xff;  // RFC 3948, 2.3
constexpr std::uint32_t kLowestSpi = 256;  // RFC 4303, 2.1: those below are reserved
constexpr std::size_t kLeastEsp = 32;      // header, IV, a block, check value
constexpr unsigned kMostPayloads = 64;     // of one message
constexpr std::uint32_t kEsp = 0x1000;     // codes of our own, apart from the exchanges'
constexpr std::uint32_t kKeepaliveCode = 0x1001;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 40U;  // keeps message 0 from "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 500}, {Over::udp, kNatPort}});

constexpr std::uint32_t code_of(std::uint32_t version, std::uint32_t exchange) noexcept {
  return version << 8U | exchange;
}

// RFC 2408, 3.1 and RFC 2409, appendix A; RFC 7296, 3.1 and IANA's "IKEv2 Exchange Types".
constexpr std::uint8_t kAggressive = 4;
constexpr std::uint8_t kInformational = 5;
constexpr std::uint8_t kQuick = 32;
constexpr std::uint8_t kInit = 34;
constexpr auto kOperations = std::to_array<Operation>({
    {code_of(1, 1), "base", Access::session},
    {code_of(1, 2), "main-mode", Access::session},
    {code_of(1, 3), "authentication-only", Access::session},
    {code_of(1, kAggressive), "aggressive-mode", Access::session},
    {code_of(1, kInformational), "informational", Access::session},
    {code_of(1, 6), "transaction", Access::session},
    {code_of(1, kQuick), "quick-mode", Access::session},
    {code_of(1, 33), "new-group", Access::session},
    {code_of(2, kInit), "sa-init", Access::session},
    {code_of(2, 35), "auth", Access::session},
    {code_of(2, 36), "create-child-sa", Access::session},
    {code_of(2, 37), "informational", Access::session},
    {code_of(2, 38), "session-resume", Access::session},
    {code_of(2, 43), "intermediate", Access::session},
    {code_of(2, 44), "followup-key-exchange", Access::session},
    {kEsp, "esp-in-udp", Access::session, "esp"},
    {kKeepaliveCode, "nat-keepalive", Access::session, "keepalive"},
});

SmallText notate(std::uint32_t code) {
  return SmallText{"v"}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

// Payload types: RFC 2408, 3.1; RFC 7296, 3.2.
constexpr std::uint8_t kIdentity1 = 5;
constexpr std::uint8_t kNotify1 = 11;
constexpr std::uint8_t kVendor1 = 13;
constexpr std::uint8_t kNotify2 = 41;
constexpr std::uint8_t kVendor2 = 43;
constexpr std::uint8_t kEncrypted2 = 46;
constexpr std::uint8_t kEncryptedFragment2 = 53;  // RFC 7383

// Flags.
constexpr std::uint8_t kEncrypted1 = 0x01;
constexpr std::uint8_t kFlags1 = 0x07;  // and commit, authentication only
constexpr std::uint8_t kInitiator2 = 0x08;
constexpr std::uint8_t kResponse2 = 0x20;
constexpr std::uint8_t kFlags2 = 0x38;  // and higher version

/// Who made it, by how a vendor id begins (checked against several public lists of them).
struct Maker {
  std::array<std::uint8_t, 16> front;
  Property property;
  std::string_view name;
};
constexpr auto kMakers = std::to_array<Maker>({
    {{0x88, 0x2f, 0xe5, 0x6d, 0x6f, 0xd2, 0x0d, 0xbc, 0x22, 0x51, 0x61, 0x3b, 0x2e, 0xbe, 0x5b,
      0xeb},
     Property::software,
     "strongSwan"},
    {{0x1e, 0x2b, 0x51, 0x69, 0x05, 0x99, 0x1c, 0x7d, 0x7c, 0x96, 0xfc, 0xbf, 0xb5, 0x87, 0xe4,
      0x61},
     Property::os,
     "Windows"},
    {{0xf4, 0xed, 0x19, 0xe0, 0xc1, 0x14, 0xeb, 0x51, 0x6f, 0xaa, 0xac, 0x0e, 0xe3, 0x7d, 0xaf,
      0x28},
     Property::vendor,
     "Check Point"},
});

struct Header {
  std::uint64_t initiator = 0;
  std::uint64_t responder = 0;
  std::uint8_t next = 0;
  std::uint8_t major = 0;
  std::uint8_t exchange = 0;
  std::uint8_t flags = 0;
  std::uint32_t message = 0;
  std::uint32_t length = 0;

  [[nodiscard]] std::uint32_t code() const noexcept { return code_of(major, exchange); }
  [[nodiscard]] bool is_response() const noexcept { return (flags & kResponse2) != 0; }
};

Header read_header(ByteCursor& cursor) noexcept {
  Header header;
  header.initiator = cursor.be64();
  header.responder = cursor.be64();
  header.next = cursor.u8();
  header.major = cursor.u8() >> 4U;
  header.exchange = cursor.u8();
  header.flags = cursor.u8();
  header.message = cursor.be32();
  header.length = cursor.be32();
  return header;
}

/// All that the standards fix of a header.
bool is_sound(const Header& header) noexcept {
  if (header.initiator == 0 || header.length < kHeaderSize) return false;
  if (find_operation(kOperations, header.code()).name.empty()) return false;
  if (header.major == 1) return header.next <= 21 && (header.flags & ~kFlags1) == 0;  // NAT-OA
  const bool first = header.exchange == kInit && !header.is_response() && header.message == 0;
  const bool payload = header.next == 0 || (header.next >= 33 && header.next <= 54);
  return payload && (header.flags & ~kFlags2) == 0 &&
         (first || header.responder != 0 || header.exchange == kInit);
}

/// RFC 3948, 2.2: four zero bytes stand where ESP has its SPI.
bool skip_marker(ByteCursor& cursor) noexcept {
  auto look = cursor;
  if (look.be32() != 0 || !look.ok()) return false;
  cursor.skip(4);
  return true;
}

/// RFC 3948, 2.1: an SPI where the marker would stand, and a number that counts from one.
bool begins_esp(ByteCursor cursor) noexcept {
  const auto spi = cursor.be32();
  const auto sequence = cursor.be32();
  return cursor.ok() && spi >= kLowestSpi && sequence != 0;
}

/// What follows the header is in words of four bytes (RFC 4303, 2.4). It ends in a check value, of
/// twelve bytes or more by the usual algorithms (RFC 8221, 6).
bool is_esp(ByteCursor cursor) noexcept {
  constexpr std::size_t kCheckValue = 12;
  const auto bytes = cursor.rest();
  return begins_esp(cursor) && bytes.size() >= kLeastEsp && bytes.size() % 4 == 0 &&
         is_noise(bytes.last(kCheckValue));
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto all = stream.remaining();
  const auto bytes = stream.rest();
  const bool nat = context.on_seat && context.seat == kNatPort;
  if (nat && all == 1 && bytes[0] == kKeepalive) return Extent::of(1);
  const bool marked = skip_marker(stream);
  const auto size = stream.remaining();
  const auto header = read_header(stream);
  const bool whole = stream.ok();
  if (whole && is_sound(header)) {
    if (header.length == size) return Extent::of(all);
    if (context.on_seat && header.length < size) return Extent::of(all);  // padded
    if (context.on_seat) return Extent::incomplete();
  }
  if (nat && !marked) {
    if (is_esp(ByteCursor{bytes})) return Extent::of(all);
    return begins_esp(ByteCursor{bytes}) ? Extent::incomplete() : Extent::foreign();
  }
  return context.on_seat && !whole ? Extent::incomplete() : Extent::foreign();
}

/// IKEv2 says which end began the association; in version 1 only the very first message tells.
std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  if (!skip_marker(message) && context.seat == kNatPort) return std::nullopt;
  const auto header = read_header(message);
  if (!message.ok() || !is_sound(header)) return std::nullopt;
  if (header.responder == 0) return Sender::client;
  if (header.major == 1) return std::nullopt;
  return (header.flags & kInitiator2) != 0 ? Sender::client : Sender::server;
}

/// What a flow remembers of version 1, which does not mark answers: words[0] is the exchange that
/// waits for its answer, words[1] the one that was answered last; the sender is in the last bit.
std::uint64_t talk_of(const Header& header, Sender sender) noexcept {
  return kKeyed | std::uint64_t{header.message} << 9U | std::uint64_t{header.exchange} << 1U |
         (sender == Sender::server ? 1U : 0U);
}

class Message {
 public:
  Message(const Context& context, const Header& header, Observer& out) noexcept
      : context_(context), header_(header), out_(out) {}

  void hear(ByteCursor body) {
    say_version();
    const bool sealed1 = header_.major == 1 && (header_.flags & kEncrypted1) != 0;
    const auto error = sealed1 ? 0 : error_of(body);
    // An error may stand in what was cut.
    whole_ = sealed1 || body.remaining() == header_.length - kHeaderSize;
    say_operation(error);
    if (!sealed1) hear_payloads(body);
    if (sealed1) out_.event(Event::encrypted, "IKE");
  }

 private:
  void say_version() {
    const bool old = header_.major == 1;
    out_.event(Event::tunnel, old ? "IKEv1" : "IKEv2");
    const bool weak = old && header_.exchange == kAggressive;
    out_.event(Event::version, weak ? "IKEv1 aggressive mode" : old ? "IKEv1" : "IKEv2");
  }

  void say_operation(std::uint32_t error) {
    if (header_.major == 1) return say_operation1(error);
    const auto key = kKeyed | header_.message;
    if (!header_.is_response()) return out_.request(header_.code(), {}, key);
    if (error == 0 && !whole_) return;
    out_.reply(key, error == 0 ? Outcome::executed : Outcome::rejected, error);
  }

  /// Whoever speaks first in an exchange asks, the other answers; a third message of aggressive and
  /// of quick mode only confirms.
  void say_operation1(std::uint32_t error) {
    auto& words = *context_.state;
    const auto own = talk_of(header_, context_.sender);
    const auto theirs = talk_of(header_, other(context_.sender));
    if (header_.exchange == kInformational) {
      out_.notice(header_.code(), {});
      if (error != 0 && words[0] != 0 && ((words[0] ^ own) & 1U) != 0) {
        out_.reply(words[0], Outcome::rejected, error);
        words[0] = 0;
      }
    } else if (words[0] == theirs) {
      out_.reply(theirs, Outcome::executed);
      words[1] = theirs;
      words[0] = 0;
    } else if (words[1] == own && (header_.exchange == kAggressive || header_.exchange == kQuick)) {
      out_.notice(header_.code(), {});
    } else if (words[1] != theirs) {  // else the same answer again
      out_.request(header_.code(), {}, own);
      words[0] = own;
    }
  }

  template <class Hear>
  void each_payload(ByteCursor body, const Hear& hear) const {
    auto type = header_.next;
    for (unsigned i = 0; i < kMostPayloads && type != 0 && body.ok(); ++i) {
      const auto next = body.u8();
      body.skip(1);
      const std::size_t size = body.be16();
      if (!body.ok()) return;
      // What follows an encrypted payload's header is the type inside.
      const bool sealed =
          header_.major == 2 && (type == kEncrypted2 || type == kEncryptedFragment2);
      if (sealed) return hear(type, ByteCursor{Bytes{}});
      if (size < kPayloadHeader) return;
      const auto value = body.nested(size - kPayloadHeader);
      if (!body.ok()) return;
      hear(type, value);
      type = next;
    }
  }

  /// Errors are numbered below the statuses: RFC 2408, 3.14.1 (31 at most), RFC 7296, 3.10.1.
  [[nodiscard]] std::uint32_t error_of(ByteCursor body) const noexcept {
    constexpr std::uint32_t kLeastStatus2 = 16384;
    constexpr std::uint32_t kMostError1 = 31;
    std::uint32_t found = 0;
    each_payload(body, [&](std::uint8_t type, ByteCursor value) {
      if (found != 0) return;
      if (header_.major == 1 && type == kNotify1) {
        value.skip(6);  // domain of interpretation, protocol, SPI size
        const auto notice = value.be16();
        if (notice <= kMostError1) found = notice;
      } else if (header_.major == 2 && type == kNotify2 && header_.is_response()) {
        value.skip(2);  // protocol, SPI size
        const auto notice = value.be16();
        if (notice < kLeastStatus2) found = notice;
      }
    });
    return found;
  }

  void hear_payloads(ByteCursor body) {
    each_payload(body, [&](std::uint8_t type, ByteCursor value) {
      const bool old = header_.major == 1;
      if (type == (old ? kVendor1 : kVendor2)) hear_vendor(value.rest());
      if (old && type == kIdentity1) hear_identity(value);
      if (!old && (type == kEncrypted2 || type == kEncryptedFragment2))
        out_.event(Event::encrypted, "IKE");
    });
  }

  /// Most are digests of a text that only their makers know; some are text.
  void hear_vendor(Bytes id) {
    const auto* const made = std::ranges::find_if(kMakers, [&](const Maker& maker) {
      return id.size() >= maker.front.size() &&
             std::ranges::equal(maker.front, id.first(maker.front.size()));
    });
    if (made != kMakers.end())
      out_.property({}, made->property, bytes_of(made->name), Confidence::stated);
    const auto text = view_of(id);
    // Openswan and Libreswan: OE, and ten letters that are a digest of the version.
    if (id.size() == 12 && text.starts_with("OE") && is_printable(text))
      out_.property({}, Property::software, bytes_of("Openswan or Libreswan"), Confidence::stated);
    if (text.starts_with("CISCO") && is_printable(text))
      out_.property({}, Property::vendor, bytes_of("Cisco"), Confidence::stated);
  }

  /// RFC 2407, 4.6.2: readable in aggressive mode alone.
  void hear_identity(ByteCursor value) {
    constexpr std::uint8_t kName = 2;
    constexpr std::uint8_t kUserName = 3;
    constexpr std::uint8_t kKeyId = 11;
    const auto kind = value.u8();
    value.skip(3);  // protocol and port
    const auto id = value.rest();
    if (id.empty() || !is_printable(view_of(id))) return;
    if (kind == kName) out_.property({}, Property::name, id, Confidence::observed);
    if (kind == kUserName || kind == kKeyId)
      out_.event(Event::login, SmallText{"IKE "}.add(view_of(id)).view());
  }

  const Context& context_;
  const Header& header_;
  Observer& out_;
  bool whole_ = false;
};

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  if (bytes.size() == 1 && bytes[0] == kKeepalive && context.seat == kNatPort) {
    message.skip(1);
    return out.notice(kKeepaliveCode, {});
  }
  auto look = message;
  skip_marker(look);
  const auto header = read_header(look);
  if (look.ok() && is_sound(header)) {
    Message{context, header, out}.hear(ByteCursor{
        look.rest().first(std::min<std::size_t>(look.remaining(), header.length - kHeaderSize))});
  } else if (context.seat == kNatPort && begins_esp(message)) {
    out.notice(kEsp, {});
    out.event(Event::tunnel, "ESP in UDP");
    out.event(Event::encrypted, "ESP");
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "ike",
    .title = "IKE",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
