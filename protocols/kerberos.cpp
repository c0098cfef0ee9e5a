// Kerberos version 5 between clients and the key distribution centre, over UDP and TCP: RFC 4120;
// weak encryption types RFC 6649 and RFC 8429. Codes are message types: `10` AS-REQ, `12` TGS-REQ.
// The reason of a rejection is the error code (7.5.9).

#include "sekimori/dissect/ber.h"
#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 88}, {Over::tcp, 88}});

// 5.10: application tags, which are the message types too.
constexpr std::uint32_t kTicket = 1;
constexpr std::uint32_t kAsRequest = 10;
constexpr std::uint32_t kAsReply = 11;
constexpr std::uint32_t kTgsRequest = 12;
constexpr std::uint32_t kTgsReply = 13;
constexpr std::uint32_t kError = 30;

constexpr auto kOperations = std::to_array<Operation>({
    {kAsRequest, "authenticate", Access::authenticate},
    {kTgsRequest, "get-ticket", Access::authenticate},
});

constexpr std::uint64_t kProtocolVersion = 5;
constexpr std::size_t kLengthField = 4;        // 7.2.2: before each message over TCP
constexpr std::uint32_t kLongest = 1U << 20U;  // tickets carry group lists, never this many
constexpr int kMostFields = 16;                // of a sequence: RFC 4120 has no longer one
constexpr int kMostComponents = 4;             // of a principal that anybody names
constexpr int kMostListed = 32;                // proofs, types, addresses
constexpr std::int64_t kNetbiosAddress = 20;   // 7.5.3

// What a request carries besides its body (7.5.2, RFC 4556, RFC 6113): proofs of who asks.
constexpr auto kProofs = std::to_array<std::int64_t>({2, 16, 136, 138});
constexpr std::int64_t kEncryptedTimestamp = 2;

// Contexts of open requests: what the answer must know.
constexpr std::uint64_t kUnproven = 1;
constexpr std::uint64_t kProven = 2;

struct Refusal {
  std::int64_t code;
  std::string_view words;
};
// 7.5.9: the errors that refuse a login. 25 only asks for the proof, and 52 for TCP.
constexpr auto kRefusals = std::to_array<Refusal>({
    {1, "account expired"},
    {6, "account unknown"},
    {12, "forbidden by policy"},
    {18, "account locked or disabled"},
    {23, "password expired"},
    {24, "wrong password"},
    {37, "clocks differ"},
});

constexpr std::uint32_t field_tag(std::uint32_t number) noexcept {
  return ber::context(number, ber::Form::constructed);
}

/// RFC 6649, RFC 8429; the negative ones are Microsoft's ([MS-KILE] 3.1.5.2).
std::string_view weakness_of(std::int64_t type) noexcept {
  switch (type) {
    case 1:
    case 2:
    case 3:
      return "Kerberos with DES";
    case 5:
    case 7:
    case 16:
      return "Kerberos with 3DES";
    case 23:
    case 24:
    case -128:
    case -133:
    case -135:
      return "Kerberos with RC4";
    default:
      return {};
  }
}

constexpr bool is_request(std::uint32_t type) noexcept {
  return type == kAsRequest || type == kTgsRequest;
}
constexpr bool is_known(std::uint32_t type) noexcept {
  return (type >= kAsRequest && type <= kTgsReply) || type == kError;
}

/// The message type where the bytes begin as a message does; 0 where they are another protocol's.
/// `missing` where they end before it is sure.
std::uint32_t type_of(const BerElement& message, bool& missing) noexcept {
  const auto type = message.tag & 0x1fU;
  if (message.tag != ber::application(type) || !is_known(type)) return 0;
  BerReader outer{message.content};
  const auto sequence = outer.next();
  BerReader inside{sequence.content};
  // 5.4.1 counts the first fields from 1, the others from 0.
  const std::uint32_t first = is_request(type) ? 1 : 0;
  const auto version = inside.enter(field_tag(first)).counter();
  const auto told = inside.enter(field_tag(first + 1)).counter();
  if (inside.state() == BerReader::State::cut && !message.is_whole()) {
    missing = true;
    return 0;
  }
  const bool whole = message.is_whole();
  if (!sequence.is(ber::kSequence) || (whole && !outer.empty()) ||
      sequence.header + sequence.length != message.length)
    return 0;
  return inside.ok() && version == kProtocolVersion && told == type ? type : 0;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const bool tcp = context.over == Over::tcp;
  const std::uint32_t length = tcp ? stream.be32() : 0;
  if (!stream.ok()) return Extent::incomplete();
  if (tcp && (length < 2 || length > kLongest)) return Extent::foreign();
  const auto bytes = stream.rest();
  if (bytes.empty()) return tcp ? Extent::incomplete() : Extent::foreign();
  if (!is_known(bytes[0] & 0x1fU) || (bytes[0] & 0xe0U) != 0x60) return Extent::foreign();
  BerReader reader{bytes};
  const auto message = reader.next();
  if (reader.state() == BerReader::State::broken) return Extent::foreign();
  const auto cut = tcp || context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (message.tag == 0) return cut;
  if (tcp && message.header + message.length != length) return Extent::foreign();
  bool missing = false;
  const auto type = type_of(message, missing);
  if (missing) return cut;
  if (type == 0) return Extent::foreign();
  if (tcp) return Extent::of(kLengthField + length);
  return message.is_whole() ? Extent::of(message.header + message.content.size()) : cut;
}

BerElement message_of(ByteCursor cursor, const Context& context) noexcept {
  if (context.over == Over::tcp) cursor.skip(kLengthField);
  BerReader reader{cursor.rest()};
  return reader.next();
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  bool missing = false;
  const auto type = type_of(message_of(message, context), missing);
  if (type == 0) return std::nullopt;
  return is_request(type) ? Sender::client : Sender::server;
}

/// What may stand in a message; a part that is not there, or not whole, stays empty.
struct Parts {
  Bytes proofs;  ///< SEQUENCE OF PA-DATA
  Bytes client;  ///< PrincipalName
  Bytes client_realm;
  Bytes realm;      ///< of the service
  Bytes service;    ///< PrincipalName
  Bytes types;      ///< SEQUENCE OF Int32
  Bytes addresses;  ///< SEQUENCE OF HostAddress
  Bytes ticket;
  Bytes sealed;  ///< EncryptedData
  std::optional<std::int64_t> error;
};

/// Hands each whole field of a sequence to `hear`: its number and the one element inside.
template <class Hear>
void each_field(BerReader sequence, Hear hear) {
  for (int i = 0; i < kMostFields && !sequence.empty(); ++i) {
    const auto field = sequence.next();
    // A body that the capture cut still has whole fields.
    BerReader inside{field.content};
    const auto content = inside.next();
    if (content.tag != 0 && field.is_constructed()) hear(field.tag & 0x1fU, content);
  }
}

SmallText principal(Bytes name) noexcept {  // 5.2.2
  BerReader parts{name};
  parts.next();  // name type
  auto strings = parts.enter(field_tag(1)).enter(ber::kSequence);
  SmallText text;
  for (int i = 0; i < kMostComponents && !strings.empty(); ++i) {
    const auto part = strings.take(ber::kGeneralString);
    if (!strings.ok()) return {};
    if (i > 0) text.add('/');
    text.add(view_of(part).substr(0, 100));
  }
  return text;
}

/// `op1@PLANT.EXAMPLE`
SmallText account(const Parts& parts, Bytes realm) noexcept {
  auto text = principal(parts.client);
  if (!text.empty() && !realm.empty()) text.add('@').add(view_of(realm).substr(0, 100));
  return text;
}

Parts request_parts(BerReader sequence) noexcept {  // 5.4.1
  Parts parts;
  each_field(sequence, [&](std::uint32_t number, const BerElement& content) {
    if (number == 3 && content.is_whole()) parts.proofs = content.content;
    if (number != 4) return;
    each_field(BerReader{content.content}, [&](std::uint32_t part, const BerElement& value) {
      if (!value.is_whole()) return;
      if (part == 1) parts.client = value.content;
      if (part == 2) parts.realm = value.content;
      if (part == 3) parts.service = value.content;
      if (part == 8) parts.types = value.content;
      if (part == 9) parts.addresses = value.content;
    });
  });
  return parts;
}

Parts reply_parts(BerReader sequence) noexcept {  // 5.4.2
  Parts parts;
  each_field(sequence, [&](std::uint32_t number, const BerElement& content) {
    if (!content.is_whole()) return;
    if (number == 3) parts.client_realm = content.content;
    if (number == 4) parts.client = content.content;
    if (number == 5 && content.is(ber::application(kTicket))) parts.ticket = content.content;
    if (number == 6) parts.sealed = content.content;
  });
  return parts;
}

Parts error_parts(BerReader sequence) noexcept {  // 5.9.1
  Parts parts;
  each_field(sequence, [&](std::uint32_t number, const BerElement& content) {
    if (!content.is_whole()) return;
    if (number == 6) parts.error = ber_integer(content.content);
    if (number == 7) parts.client_realm = content.content;
    if (number == 8) parts.client = content.content;
    if (number == 9) parts.realm = content.content;
  });
  return parts;
}

/// The type of an EncryptedData (5.2.9).
std::int64_t encryption_of(Bytes data) noexcept {
  BerReader reader{data};
  return reader.enter(field_tag(0)).integer();
}

void say_weakness(std::int64_t type, Observer& out) {
  const auto weakness = weakness_of(type);
  if (!weakness.empty()) out.event(Event::version, weakness, {.kind = Subject::Kind::client});
}

/// Of what a request proves who asks: whether anything does, and how a time stamp is encrypted.
struct Proof {
  bool any = false;
  std::int64_t encryption = 0;
};

Proof proof_of(Bytes list) noexcept {  // 5.2.7
  Proof proof;
  BerReader reader{list};
  for (int i = 0; i < kMostListed && !reader.empty(); ++i) {
    auto item = reader.enter(ber::kSequence);
    const auto type = item.enter(field_tag(1)).integer();
    auto value = item.enter(field_tag(2));
    const auto data = value.take(ber::kOctetString);
    if (!item.ok() || std::ranges::find(kProofs, type) == kProofs.end()) continue;
    proof.any = true;
    BerReader stamp{data};
    if (type == kEncryptedTimestamp) proof.encryption = encryption_of(stamp.take(ber::kSequence));
  }
  return proof;
}

/// Told where nothing better than a weak type is asked for: old systems, and those who want
/// tickets that they can guess the key of.
void say_offer(Bytes types, Observer& out) {
  std::string_view weak;
  BerReader reader{types};
  for (int i = 0; i < kMostListed && !reader.empty(); ++i) {
    const auto weakness = weakness_of(reader.integer());
    if (!reader.ok() || weakness.empty()) return;
    weak = weakness;
  }
  if (weak.empty()) return;
  constexpr std::size_t kName = 9;  // of `Kerberos ` before the rest
  out.event(Event::version,
            SmallText{"Kerberos asked "}.add(weak.substr(kName)).add(" only").view());
}

/// Windows gives its NetBIOS name for an address, blanks behind it (5.2.5).
void say_host(Bytes addresses, Observer& out) {
  BerReader reader{addresses};
  for (int i = 0; i < kMostListed && !reader.empty(); ++i) {
    auto item = reader.enter(ber::kSequence);
    const auto type = item.enter(field_tag(0)).integer();
    const auto name = item.enter(field_tag(1)).take(ber::kOctetString);
    if (item.ok() && type == kNetbiosAddress && !name.empty())
      out.property({}, Property::name, name, Confidence::stated);
  }
}

/// RFC 8062, 3: whoever bears this name proved nothing.
void say_login(std::string_view client, const Subject& subject, Observer& out) {
  constexpr std::string_view kAnonymous = "WELLKNOWN/ANONYMOUS";
  if (client.starts_with(kAnonymous)) {
    out.event(Event::anonymous_login, "Kerberos", subject);
  } else if (!client.empty()) {
    out.event(Event::login, SmallText{"Kerberos "}.add(client).view(), subject);
  }
}

/// An account that ends in `$` is a computer's ([MS-SAMR] 3.1.1.8.6); `host/` names one as well.
void say_computer(std::string_view client, Observer& out) {
  constexpr std::string_view kHost = "host/";
  if (client.starts_with(kHost)) {
    client.remove_prefix(kHost.size());
  } else if (client.ends_with('$')) {
    client.remove_suffix(1);
  } else {
    return;
  }
  if (!client.empty()) out.property({}, Property::name, bytes_of(client), Confidence::stated);
}

void say_domain(const Subject& subject, Bytes realm, Confidence confidence, Observer& out) {
  if (!realm.empty()) out.property(subject, Property::domain, realm, confidence);
}

bool request(std::uint32_t type, BerReader sequence, Observer& out) {
  const auto parts = request_parts(sequence);
  const auto service = principal(parts.service);
  if (parts.realm.empty() || service.empty()) return false;
  const auto proof = proof_of(parts.proofs);
  const bool first = type == kAsRequest;
  out.request(type, {.name = service.bytes()}, 0, !first ? 0 : proof.any ? kProven : kUnproven);
  say_domain({.kind = Subject::Kind::server}, parts.realm, Confidence::observed, out);
  if (first) {
    say_domain({}, parts.realm, Confidence::observed, out);
    const auto client = account(parts, parts.realm);
    say_computer(principal(parts.client).view(), out);
    if (proof.any) say_login(client.view(), {}, out);
  }
  say_weakness(proof.encryption, out);
  say_offer(parts.types, out);
  say_host(parts.addresses, out);
  return true;
}

bool reply(std::uint32_t type, BerReader sequence, Observer& out) {
  const auto parts = reply_parts(sequence);
  if (parts.ticket.empty() || parts.sealed.empty()) return false;
  const auto context = out.reply(0, Outcome::executed);
  BerReader outer{parts.ticket};
  auto ticket = outer.enter(ber::kSequence);
  ticket.next();  // version
  const auto realm = ticket.enter(field_tag(1)).take(ber::kGeneralString);
  ticket.next();  // service
  const auto sealed = ticket.enter(field_tag(3)).take(ber::kSequence);
  constexpr Subject kClient{.kind = Subject::Kind::client};
  say_domain({}, realm, Confidence::stated, out);
  if (type == kAsReply) {
    // RFC 8062, 3: of nobody in particular, the realm is none.
    const bool nobody = view_of(parts.client_realm).starts_with("WELLKNOWN:");
    if (!nobody) say_domain(kClient, parts.client_realm, Confidence::observed, out);
    say_login(account(parts, parts.client_realm).view(), kClient, out);
    // Who may have this answer unproven may guess the password from it at leisure.
    if (context == kUnproven)
      out.event(Event::version, "Kerberos without pre-authentication", kClient);
  }
  const auto of_ticket = encryption_of(sealed);
  const auto of_reply = encryption_of(parts.sealed);
  say_weakness(of_ticket, out);
  if (weakness_of(of_reply) != weakness_of(of_ticket)) say_weakness(of_reply, out);
  return true;
}

bool error(BerReader sequence, Observer& out) {
  const auto parts = error_parts(sequence);
  if (!parts.error.has_value() || parts.realm.empty()) return false;
  const auto context =
      out.reply(0, Outcome::rejected, static_cast<std::uint32_t>(*parts.error & 0xffffffff));
  say_domain({}, parts.realm, Confidence::stated, out);
  const auto* const refusal = std::ranges::find(kRefusals, *parts.error, &Refusal::code);
  if (refusal == kRefusals.end() || context.value_or(0) == 0) return true;
  SmallText text{"Kerberos "};
  const auto client = account(parts, parts.client_realm);
  if (!client.empty()) text.add(client.view()).add(": ");
  out.event(Event::login_rejected, text.add(refusal->words).view(),
            {.kind = Subject::Kind::client});
  return true;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto element = message_of(message, context);
  bool missing = false;
  const auto type = type_of(element, missing);
  BerReader outer{element.content};
  const auto sequence = outer.enter(ber::kSequence);
  const bool heard = type == 0          ? false
                     : is_request(type) ? request(type, sequence, out)
                     : type == kError   ? error(sequence, out)
                                        : reply(type, sequence, out);
  const bool cut = missing || (element.tag != 0 && !element.is_whole()) || element.tag == 0;
  message.skip(message.remaining() + (cut && !heard ? 1 : 0));
}

const Registration registration{{
    .name = "kerberos",
    .title = "Kerberos",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
