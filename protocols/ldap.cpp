// Lightweight Directory Access Protocol over TCP and, connectionless, over UDP: RFC 4511; logins
// RFC 4513 and [MS-ADTS] 5.1.1; what a domain controller tells of itself [MS-ADTS] 3.1.1.3.2
// and 6.3. Codes are the operation's application tag: `0` bind, `3` search; an extended one is
// `23/` and its object identifier. The reason of a rejection is the result code (appendix A).

#include "sekimori/dissect/ber.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include "ldap/envelope.h"
#include "ldap/netlogon.h"
#include "ldap/operations.h"

#include <algorithm>
#include <array>

namespace sekimori::ldap {
namespace {

constexpr auto kSeats = std::to_array<Seat>(
    {{Over::tcp, 389}, {Over::udp, 389}, {Over::tcp, 3268}});  // global catalogue

// RFC 4511, 4.2: how a bind proves who asks; 9 to 11 are [MS-ADTS] 5.1.1.1.3.
constexpr std::uint32_t kSimple = ber::context(0);
constexpr std::uint32_t kSasl = ber::context(3, ber::Form::constructed);
constexpr std::uint32_t kSicilyNegotiate = ber::context(10);
constexpr std::uint32_t kSicilyResponse = ber::context(11);
constexpr std::uint32_t kServerToken = ber::context(7);  // in a bind's response

// RFC 4511, appendix A.1: codes that refuse nothing.
constexpr auto kNoRefusals = std::to_array<std::uint64_t>({0, 5, 6, 14});
constexpr std::uint64_t kBindGoesOn = 14;

constexpr std::uint32_t kLongest = 1U << 24U;
constexpr std::size_t kLengthField = 4;  // RFC 4422, 3.7: before each sealed buffer
constexpr std::uint32_t kShortestSealed = 16;
constexpr int kMostAttributes = 64;
constexpr int kMostFilters = 16;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;

// Contexts of open requests.
constexpr std::uint64_t kAnonymousBind = 1;
constexpr std::uint64_t kLogin = 2;
constexpr std::uint64_t kSaslLogin = 3;
constexpr std::uint64_t kTlsWanted = 4;

// Bits of the flow's last word; TLS has the first ones for its own.
constexpr std::size_t kWord = 3;
constexpr std::uint64_t kMayBeSealed = 1;  // a SASL layer may stand from here on
constexpr std::uint64_t kTls = 2;
constexpr std::uint64_t kTlsSealed = 4;  // and the bit above it for the server

// ---------------------------------------------------------------------------- recognition

/// A length and a token of Kerberos: its kind, flags, and 0xff (RFC 4121, 4.2.6.2).
bool begins_wrapped(Bytes bytes) noexcept {
  constexpr std::uint8_t kFlags = 7;
  return bytes.size() > 7 && bytes[4] == 5 && bytes[5] == 4 && bytes[6] <= kFlags &&
         bytes[7] == 0xff;
}

Extent sealed_extent(ByteCursor stream) noexcept {
  const auto length = stream.be32();
  if (!stream.ok()) return Extent::incomplete();
  if (length < kShortestSealed || length > kLongest) return Extent::foreign();
  return Extent::of(kLengthField + length);
}

Extent tls_extent(ByteCursor stream) noexcept {  // RFC 8446, 5.1
  const auto type = stream.u8();
  const auto major = stream.u8();
  stream.skip(1);
  const auto length = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (type < 20 || type > 24 || major != 3 || length == 0) return Extent::foreign();
  return Extent::of(std::size_t{5} + length);
}

std::uint64_t sealed_bit(Sender sender) noexcept {
  return kTlsSealed << static_cast<unsigned>(sender);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::foreign();
  const auto word = (*context.state)[kWord];
  if ((word & sealed_bit(context.sender)) != 0) return Extent::opaque();
  if ((word & kTls) != 0 && bytes[0] != ber::kSequence) return tls_extent(stream);
  if (bytes[0] == 0 && ((word & kMayBeSealed) != 0 || begins_wrapped(bytes)))
    return sealed_extent(stream);
  if (bytes[0] != ber::kSequence) return Extent::foreign();
  const auto cut =
      context.over == Over::tcp || context.on_seat ? Extent::incomplete() : Extent::foreign();
  BerReader reader{bytes};
  const auto message = reader.next();
  if (reader.state() == BerReader::State::broken) return Extent::foreign();
  if (message.tag == 0) return cut;
  if (message.length > kLongest) return Extent::foreign();
  Envelope envelope;
  switch (open_envelope(message, envelope)) {
    case Fit::fits:
      if (context.over == Over::udp && !message.is_whole()) return cut;
      return Extent::of(message.header + static_cast<std::size_t>(message.length));
    case Fit::cut:
      return cut;
    case Fit::foreign:
      break;
  }
  return Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  BerReader reader{message.rest()};
  Envelope envelope;
  if (open_envelope(reader.next(), envelope) != Fit::fits) return std::nullopt;
  return is_response(envelope.number) ? Sender::server : Sender::client;
}

// ------------------------------------------------------------------------------- meaning

SmallText distinguished(Bytes name) noexcept {
  return SmallText{view_of(name).substr(0, 200)};
}

/// The domain of `CN=x,DC=plant,DC=example` as DNS writes it (RFC 2247); empty where there is none.
SmallText domain_of(std::string_view name) noexcept {
  SmallText domain;
  while (!name.empty()) {
    const auto part = trimmed(take_until(name, ','));
    if (!begins_with(part, "DC=")) continue;
    if (!domain.empty()) domain.add('.');
    domain.add(part.substr(3));
  }
  return domain;
}

/// Where one entry is read by its name, its domain stands for all of them: the model's size
/// follows the network, not the number of accounts.
Bytes search_target(Bytes base, bool one_entry) noexcept {
  constexpr std::string_view kDomain = "DC=";
  const auto at = one_entry ? find_word(view_of(base), kDomain) : 0;
  if (at == std::string_view::npos) return base;
  return base.subspan(at);
}

class Message {
 public:
  Message(const Envelope& envelope, const Context& context, Observer& out) noexcept
      : number_(envelope.number),
        id_(kKeyed | envelope.id),
        inside_(envelope.operation.content),
        content_(envelope.operation.is_whole() ? envelope.operation.content : Bytes{}),
        whole_(envelope.operation.is_whole()),
        udp_(context.over == Over::udp),
        word_((*context.state)[kWord]),
        out_(out) {}

  /// False where it was cut before all was said.
  bool hear() {
    switch (number_) {
      case kBind:
        return bind();
      case kSearch:
        return search();
      case kModify:
      case kAdd:
      case kRename:
      case kCompare:
        return change();
      case kDelete:
        if (whole_) out_.request(kDelete, {.name = content_}, id_);
        return whole_;
      case kUnbind:
      case kAbandon:
        out_.notice(number_, {});
        return true;
      case kExtended:
        return extended();
      case kEntry:
        return entry();
      case kReference:
      case kIntermediate:
        return true;
      default:
        return result();
    }
  }

 private:
  // A login is the client's, whoever sends the message that tells it.
  static constexpr Subject kClientSubject{.kind = Subject::Kind::client};

  bool bind() {  // 4.2
    const auto version = inside_.counter();
    const auto name = inside_.take(ber::kOctetString);
    const auto proof = inside_.next();
    if (!inside_.ok()) return false;
    if (proof.is(kSimple)) {
      out_.request(kBind, {}, id_, proof.content.empty() ? kAnonymousBind : kLogin);
      say_version(version);
      if (!proof.content.empty()) say_cleartext_login("LDAP", name, proof.content, out_);
      return true;
    }
    const bool sicily = proof.is(kSicilyNegotiate) || proof.is(kSicilyResponse);
    out_.request(kBind, {}, id_, proof.is(kSasl) ? kSaslLogin : sicily ? kLogin : 0);
    say_version(version);
    if (sicily) say_ntlm(proof.content, out_);
    if (proof.is(kSasl)) sasl(BerReader{proof.content});
    return true;
  }

  void say_version(std::uint64_t version) {
    out_.event(Event::version, SmallText{"LDAP v"}.decimal(version).view());
  }

  void sasl(BerReader proof) {
    const auto mechanism = proof.take(ber::kOctetString);
    const auto token = proof.empty() ? Bytes{} : proof.take(ber::kOctetString);
    if (!proof.ok()) return;
    if (same_word(view_of(mechanism), "PLAIN")) return plain(token);
    if (has_kerberos(token)) {
      out_.event(Event::login, "Kerberos");
    } else if (!say_ntlm(token, out_) && !find_ntlm(token).has_value()) {
      say_mechanism(view_of(mechanism));
    }
  }

  void say_mechanism(std::string_view mechanism) {
    // Of these the account shows in nothing that can be read, or in a token of its own.
    if (mechanism.empty() || same_word(mechanism, "GSS-SPNEGO") || same_word(mechanism, "NTLM"))
      return;
    out_.event(Event::login, SmallText{"LDAP SASL "}.add(mechanism.substr(0, 40)).view());
  }

  /// RFC 4616, 2: whom to act as, who asks, password; zeros between them.
  void plain(Bytes token) {
    auto text = view_of(token);
    take_until(text, '\0');
    const auto user = take_until(text, '\0');
    say_cleartext_login("LDAP SASL PLAIN", bytes_of(user), bytes_of(text), out_);
  }

  bool search() {  // 4.5.1
    const auto base = inside_.take(ber::kOctetString);
    const auto scope = inside_.counter(ber::kEnumerated);
    inside_.next(ber::kEnumerated);  // aliases
    inside_.next(ber::kInteger);     // most entries
    inside_.next(ber::kInteger);     // most seconds
    inside_.next(ber::kBoolean);
    const auto filter = inside_.next();
    if (!inside_.ok()) return false;
    const auto target = base.empty() ? bytes_of("(root)") : search_target(base, scope == 0);
    out_.request(kSearch, {.name = target}, id_);
    // [MS-ADTS] 6.3.3: whoever looks for a domain controller tells the own name and domain.
    if (udp_ && base.empty()) ping(filter);
    return true;
  }

  void ping(const BerElement& filter) {
    constexpr auto kAnd = ber::context(0, ber::Form::constructed);
    constexpr auto kEqual = ber::context(3, ber::Form::constructed);
    if (!filter.is(kAnd)) return;
    BerReader parts{filter.content};
    for (int i = 0; i < kMostFilters && !parts.empty(); ++i) {
      const auto part = parts.next();
      if (!part.is(kEqual)) continue;
      BerReader pair{part.content};
      const auto what = view_of(pair.take(ber::kOctetString));
      const auto value = pair.take(ber::kOctetString);
      if (!pair.ok() || value.empty()) continue;
      if (same_word(what, "Host")) out_.property({}, Property::name, value, Confidence::stated);
      if (same_word(what, "DnsDomain"))
        out_.property({}, Property::domain, value, Confidence::observed);
    }
  }

  /// Each begins with the entry that is meant (4.6, 4.7, 4.9, 4.10).
  bool change() {
    const auto name = inside_.take(ber::kOctetString);
    if (!inside_.ok()) return false;
    out_.request(number_, {.name = distinguished(name).bytes()}, id_);
    return true;
  }

  bool extended() {  // 4.12
    const auto oid = view_of(inside_.take(ber::context(0)));
    const auto value = inside_.peek() == ber::context(1) ? inside_.take(ber::context(1)) : Bytes{};
    if (!inside_.ok() || !whole_) return false;
    const auto* const row = std::ranges::find(kExtendedNames, oid, &ExtendedName::oid);
    const bool known = row != kExtendedNames.end();
    const auto code = known ? row->code : kExtended;
    out_.request(code, known ? Target{} : Target{.name = bytes_of(oid.substr(0, 64))}, id_,
                 code == kStartTls ? kTlsWanted : 0);
    if (code == kNewPassword) new_password(BerReader{value});
    return true;
  }

  void new_password(BerReader value) {  // RFC 3062, 2
    auto parts = value.enter(ber::kSequence);
    Bytes user;
    for (int i = 0; i < 3 && !parts.empty(); ++i) {
      const auto part = parts.next();
      if (!parts.ok()) return;
      if (part.is(ber::context(0))) user = part.content;
      if (part.is(ber::context(2))) say_cleartext_login("LDAP new", user, part.content, out_);
    }
  }

  bool result() {  // 4.1.9
    const auto code = inside_.counter(ber::kEnumerated);
    inside_.take(ber::kOctetString);
    const auto words = inside_.take(ber::kOctetString);
    if (!inside_.ok() || !whole_) return false;
    const bool refused = std::ranges::find(kNoRefusals, code) == kNoRefusals.end();
    const auto context = out_.reply(id_, refused ? Outcome::rejected : Outcome::executed,
                                    refused ? static_cast<std::uint32_t>(code) : 0);
    if (number_ == kBindResponse) {
      bound(context.value_or(0), code, refused, words);
    } else if (context == kTlsWanted && !refused) {
      word_ |= kTls;
    }
    return true;
  }

  void bound(std::uint64_t context, std::uint64_t code, bool refused, Bytes words) {
    while (!inside_.empty()) {
      const auto part = inside_.next();
      if (part.is(kServerToken)) say_ntlm(part.content, out_);
    }
    // A server that speaks NTLM in its own way puts its challenge where a name would stand.
    if (refused) {
      if (context == kLogin || context == kSaslLogin) rejected(code, view_of(words));
      return;
    }
    if (code == kBindGoesOn) return;
    if (context == kAnonymousBind) out_.event(Event::anonymous_login, "LDAP", kClientSubject);
    if (context == kSaslLogin) word_ |= kMayBeSealed;
  }

  void rejected(std::uint64_t code, std::string_view words) {
    SmallText text{"LDAP result "};
    text.decimal(code);
    // What Active Directory adds tells why: `data 52e` is a wrong password.
    constexpr std::string_view kData = ", data ";
    const auto at = words.find(kData);
    if (at != std::string_view::npos) {
      auto data = words.substr(at + kData.size());
      text.add(", data ").add(take_until(data, ',').substr(0, 8));
    }
    out_.event(Event::login_rejected, text.view(), kClientSubject);
  }

  // What a server says of itself stands in the entry without a name (RFC 4512, 5.1).
  bool entry() {  // 4.5.2
    const auto name = inside_.take(ber::kOctetString);
    if (!inside_.ok()) return false;
    if (!name.empty()) return true;
    auto attributes = inside_.enter(ber::kSequence);
    for (int i = 0; i < kMostAttributes && !attributes.empty(); ++i) {
      auto attribute = attributes.enter(ber::kSequence);
      const auto type = attribute.take(ber::kOctetString);
      auto values = attribute.enter(ber::kSet);
      const auto value = values.take(ber::kOctetString);
      if (values.ok() && !value.empty()) attribute_of_server(view_of(type), value);
    }
    return whole_;
  }

  void attribute_of_server(std::string_view type, Bytes value) {
    struct Told {
      std::string_view type;
      Property property;
    };
    constexpr auto kTold = std::to_array<Told>({
        {"dnsHostName", Property::name},        // [MS-ADTS] 3.1.1.3.2.5
        {"vendorName", Property::vendor},       // RFC 3045
        {"vendorVersion", Property::software},  // RFC 3045
    });
    for (const auto& row : kTold)
      if (same_word(type, row.type)) out_.property({}, row.property, value, Confidence::stated);
    if (same_word(type, "defaultNamingContext")) {
      const auto domain = domain_of(view_of(value));
      if (!domain.empty()) out_.property({}, Property::domain, domain.bytes(), Confidence::stated);
    } else if (same_word(type, "domainControllerFunctionality")) {
      domain_controller(value);
    } else if (udp_ && same_word(type, "Netlogon")) {
      ldap::say_netlogon(value, out_);
    }
  }

  /// [MS-ADTS] 3.1.1.3.2.25: the newest behaviour that this system could take part in.
  void domain_controller(Bytes value) {
    struct Level {
      std::string_view number, name;
    };
    constexpr auto kLevels = std::to_array<Level>({
        {"0", "Windows 2000 Server"},
        {"2", "Windows Server 2003"},
        {"3", "Windows Server 2008"},
        {"4", "Windows Server 2008 R2"},
        {"5", "Windows Server 2012"},
        {"6", "Windows Server 2012 R2"},
        {"7", "Windows Server 2016 to 2022"},
        {"10", "Windows Server 2025"},
    });
    out_.property({}, Property::capability, bytes_of("domain-controller"), Confidence::stated);
    const auto* const row = std::ranges::find(kLevels, view_of(value), &Level::number);
    // Samba gives a number too.
    if (row != kLevels.end())
      out_.property({}, Property::os, bytes_of(row->name), Confidence::guessed);
  }

  std::uint32_t number_;
  std::uint64_t id_;
  BerReader inside_;
  Bytes content_;
  bool whole_;
  bool udp_;
  std::uint64_t& word_;
  Observer& out_;
};

/// False where the message was cut.
bool hear(Bytes bytes, const Context& context, Observer& out) {
  BerReader reader{bytes};
  const auto message = reader.next();
  Envelope envelope;
  if (open_envelope(message, envelope) != Fit::fits) return false;
  return Message{envelope, context, out}.hear() && message.is_whole();
}

/// RFC 4121, 4.2.6.2: a token of Kerberos that seals, or that only signs what can be read.
void hear_wrapped(Bytes token, const Context& context, Observer& out) {
  constexpr std::uint16_t kWrap = 0x0504;
  constexpr std::uint8_t kSealed = 2;
  constexpr std::size_t kHeader = 16;
  ByteCursor cursor{token};
  const bool wrap = cursor.be16() == kWrap;
  const auto flags = cursor.u8();
  cursor.skip(1);
  const std::size_t extra = cursor.be16();
  const std::size_t rotated = cursor.be16();
  if (!cursor.ok()) return;
  if (!wrap || (flags & kSealed) != 0) {
    out.event(Event::encrypted, "LDAP SASL");
    return;
  }
  if (token.size() < kHeader + extra || (rotated != 0 && rotated != extra)) return;
  hear(token.subspan(kHeader + rotated, token.size() - kHeader - extra), context, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  auto& word = (*context.state)[kWord];
  if (bytes.empty()) return;
  if (bytes[0] == ber::kSequence) {
    const bool heard = hear(bytes, context, out);
    message.skip(bytes.size() + (heard ? 0 : 1));
    return;
  }
  if ((word & kTls) != 0) {
    constexpr std::uint8_t kHandshake = 22;
    ByteCursor record{bytes};
    const auto type = record.u8();
    record.skip(2);
    record.skip(record.be16());
    if (!record.ok()) return message.skip(SIZE_MAX);
    if (type != kHandshake && type != 21) word |= sealed_bit(context.sender);  // 21: an alert
    out.carry("tls", message, context);
    return;
  }
  const auto length = message.be32();
  const auto token = message.take(length);
  if (message.ok()) hear_wrapped(token, context, out);
}

const Registration registration{{
    .name = "ldap",
    .title = "LDAP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori::ldap
