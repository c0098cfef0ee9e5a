// Simple Network Management Protocol over UDP: RFC 1157 (v1), RFC 3416 (v2 and its PDUs), RFC 1901
// (v2c), RFC 3412 (v3 messages), RFC 3414 (users); MIB-II RFC 3418, ENTITY-MIB RFC 6933.
// Codes are the PDU's tag number, written `0`..`8`; an encrypted PDU is `v3/encrypted`.
// Communities are passwords: only their grade is told.

#include "sekimori/dissect/ber.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/enterprise.h"
#include "sekimori/dissect/secret.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint64_t kVersion1 = 0;
constexpr std::uint64_t kVersion2c = 1;
constexpr std::uint64_t kVersion3 = 3;

// PDUs, RFC 1157, 4.1 and RFC 3416, 3.
constexpr std::uint32_t kResponse = 2;
constexpr std::uint32_t kSet = 3;
constexpr std::uint32_t kTrap1 = 4;
constexpr std::uint32_t kInform = 6;
constexpr std::uint32_t kTrap2 = 7;
constexpr std::uint32_t kReport = 8;
constexpr std::uint32_t kEncrypted = 0x100;

constexpr std::uint64_t kTrapPort = 162;
constexpr std::uint8_t kAuthenticated = 1;  // msgFlags, RFC 3412, 6.4
constexpr std::uint8_t kPrivate = 2;
constexpr std::uint8_t kReportable = 4;
constexpr std::uint64_t kUserModel = 3;       // RFC 3411, 5: USM
constexpr std::uint32_t kReportReason = 100;  // reasons above are usmStats, below error-status
constexpr std::uint32_t kIpAddress = 0x40;    // RFC 2578: APPLICATION 0
constexpr int kMostBindings = 512;            // more than a datagram of usual size holds
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;  // keeps id 0 from meaning "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 161}, {Over::udp, 162}});

constexpr auto kOperations = std::to_array<Operation>({
    {0, "get", Access::read},
    {1, "get-next", Access::read},
    {kSet, "set", Access::write},
    {kTrap1, "trap", Access::report},
    {5, "get-bulk", Access::read},
    {kInform, "inform", Access::report},
    {kTrap2, "trap", Access::report},
    {kReport, "report", Access::report},
    {kEncrypted, "encrypted", Access::unknown, "v3/encrypted"},
});

using Arcs = std::span<const std::uint32_t>;
constexpr auto kSystem = std::to_array<std::uint32_t>({1, 3, 6, 1, 2, 1, 1});
constexpr auto kForwarding = std::to_array<std::uint32_t>({1, 3, 6, 1, 2, 1, 4, 1, 0});
constexpr auto kEntity = std::to_array<std::uint32_t>({1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1});
constexpr auto kEnterprises = std::to_array<std::uint32_t>({1, 3, 6, 1, 4, 1});
constexpr auto kUserStatistics = std::to_array<std::uint32_t>({1, 3, 6, 1, 6, 3, 15, 1, 1});

/// A column of a table, or a scalar of a group, by its arc behind the prefix.
struct Column {
  std::uint32_t arc;
  Property property;
};
constexpr auto kSystemColumns = std::to_array<Column>({
    {1, Property::description},
    {4, Property::contact},
    {5, Property::name},
    {6, Property::location},
});
constexpr auto kEntityColumns = std::to_array<Column>({
    {8, Property::hardware},
    {9, Property::firmware},
    {10, Property::software},
    {11, Property::serial},
    {12, Property::vendor},
    {13, Property::model},
});

// Recognition: the outer sequence and all that stands in it must fit to the byte.

bool fits_community(BerReader inside) noexcept {
  inside.take(ber::kOctetString);
  const auto pdu = inside.next();
  return inside.ok() && inside.empty() && pdu.tag >= ber::context(0, ber::Form::constructed) &&
         pdu.tag <= ber::context(kReport, ber::Form::constructed);
}

bool fits_user(BerReader inside) noexcept {
  inside.take(ber::kSequence);
  inside.take(ber::kOctetString);
  const auto data = inside.next();
  return inside.ok() && inside.empty() && (data.is(ber::kSequence) || data.is(ber::kOctetString));
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto cut = context.on_seat ? Extent::incomplete() : Extent::foreign();
  const auto bytes = stream.rest();
  if (bytes.empty() || bytes[0] != ber::kSequence) return Extent::foreign();
  BerReader reader{bytes};
  const auto message = reader.next();
  if (reader.state() == BerReader::State::broken) return Extent::foreign();
  if (!message.is(ber::kSequence)) return cut;
  BerReader inside{message.content};
  const auto version = inside.counter();
  if (inside.state() == BerReader::State::cut && !message.is_whole()) return cut;
  if (!inside.ok() || (version != kVersion1 && version != kVersion2c && version != kVersion3))
    return Extent::foreign();
  if (!message.is_whole()) return cut;
  const bool fits = version == kVersion3 ? fits_user(inside) : fits_community(inside);
  return fits ? Extent::of(message.header + message.content.size()) : Extent::foreign();
}

/// What a message says of itself before its PDU.
struct Envelope {
  std::uint64_t version = 0;
  Bytes community;
  std::uint64_t message_id = 0;
  std::uint8_t flags = 0;
  std::uint64_t model = 0;
  Bytes security;
};

/// Reads up to the PDU, which is then next in the reader.
bool read_envelope(BerReader& inside, Envelope& envelope) noexcept {
  envelope.version = inside.counter();
  if (envelope.version != kVersion3) {
    envelope.community = inside.take(ber::kOctetString);
    return inside.ok();
  }
  auto global = inside.enter(ber::kSequence);
  envelope.message_id = global.counter();
  global.counter();  // greatest size
  const auto flags = global.take(ber::kOctetString);
  envelope.model = global.counter();
  envelope.security = inside.take(ber::kOctetString);
  if (!global.ok() || flags.size() != 1) return false;
  envelope.flags = flags[0];
  return inside.ok();
}

/// The PDU inside; for version 3 it stands in a "scoped" one, unless that is encrypted.
BerElement pdu_of(BerReader& inside, const Envelope& envelope) noexcept {
  if (envelope.version != kVersion3) return inside.next();
  auto scoped = inside.enter(ber::kSequence);
  scoped.take(ber::kOctetString);  // engine
  scoped.take(ber::kOctetString);  // context
  return scoped.next();
}

constexpr std::uint32_t number_of(const BerElement& pdu) noexcept {
  return pdu.tag & 0x1fU;
}

// Managers ask and agents send traps: both towards a number that is a service's.
std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  BerReader reader{message.rest()};
  auto inside = reader.enter(ber::kSequence);
  Envelope envelope;
  if (!read_envelope(inside, envelope)) return std::nullopt;
  if (envelope.version == kVersion3 && (envelope.flags & kPrivate) != 0)
    return (envelope.flags & kReportable) != 0 ? std::optional{Sender::client} : std::nullopt;
  const auto pdu = pdu_of(inside, envelope);
  if (pdu.tag == 0) return std::nullopt;
  const auto number = number_of(pdu);
  return number == kResponse || number == kReport ? Sender::server : Sender::client;
}

class Message {
 public:
  Message(const Context& context, Observer& out) noexcept : context_(context), out_(out) {}

  void hear(BerReader& inside) {
    if (!read_envelope(inside, envelope_)) return;
    if (envelope_.version == kVersion3) return hear_user_message(inside);
    const auto pdu = inside.next();
    if (pdu.tag == 0) return;
    from_agent_ = is_told(number_of(pdu));
    out_.event(Event::version, envelope_.version == kVersion1 ? "SNMP v1" : "SNMP v2c", agent());
    say_community(number_of(pdu));
    hear_pdu(pdu, 0);
  }

 private:
  /// What an agent sends unasked.
  static bool is_told(std::uint32_t number) noexcept {
    return number == kTrap1 || number == kInform || number == kTrap2;
  }

  /// The managed side: whom the manager asks, or who tells it something.
  [[nodiscard]] Subject agent() const noexcept {
    return {.kind = from_agent_ ? Subject::Kind::client : Subject::Kind::server};
  }

  void say_community(std::uint32_t number) {
    auto text = SmallText{number == kSet ? "write community, " : "community, "};
    text.add(to_text(grade_secret(envelope_.community)));
    out_.event(Event::cleartext_login, text.view(), agent());
  }

  void hear_user_message(BerReader& inside) {
    const bool authenticated = (envelope_.flags & kAuthenticated) != 0;
    const bool encrypted = (envelope_.flags & kPrivate) != 0;
    const auto pdu = encrypted ? BerElement{} : pdu_of(inside, envelope_);
    if (!encrypted && pdu.tag == 0) return;
    from_agent_ =
        encrypted ? context_.on_seat && context_.seat == kTrapPort : is_told(number_of(pdu));
    out_.event(Event::version, "SNMP v3", agent());
    if (envelope_.model == kUserModel) hear_user(authenticated, encrypted);
    if (!encrypted) return hear_pdu(pdu, envelope_.message_id);
    out_.event(Event::encrypted, "SNMP v3 authPriv", agent());
    say_encrypted();
  }

  /// RFC 3414, 2.4: engine, boots, time, user, and what proves and hides it.
  void hear_user(bool authenticated, bool encrypted) {
    constexpr std::size_t kLongestUser = 32;
    BerReader reader{envelope_.security};
    auto parameters = reader.enter(ber::kSequence);
    const auto engine = parameters.take(ber::kOctetString);
    parameters.counter();
    parameters.counter();
    const auto user = parameters.take(ber::kOctetString);
    if (!parameters.ok()) return;
    say_engine(engine);
    if (user.empty()) return;
    auto text = SmallText{"user "}.add(view_of(user.first(std::min(user.size(), kLongestUser))));
    text.add(!authenticated ? ", noAuthNoPriv" : encrypted ? ", authPriv" : ", authNoPriv");
    out_.event(Event::login, text.view(), agent());
  }

  /// RFC 3411, 5: four bytes of the maker, then a form. The engine is the agent's, but for informs,
  /// where it is the receiver's (RFC 3414, 3.1).
  void say_engine(Bytes engine) {
    constexpr std::size_t kLeast = 5;
    constexpr std::size_t kMost = 32;
    if (engine.size() < kLeast || engine.size() > kMost) return;
    const bool inform = from_agent_ && (envelope_.flags & kReportable) != 0;
    const auto subject = inform ? Subject{.kind = Subject::Kind::server} : agent();
    constexpr std::string_view kDigits = "0123456789abcdef";
    SmallText text{"snmp-engine "};
    for (const auto byte : engine) text.add(kDigits[byte >> 4U]).add(kDigits[byte & 15U]);
    out_.property(subject, Property::identifier, text.bytes(), Confidence::stated);
    say_maker(ByteCursor{engine}.be32() & 0x7fffffffU, subject);
  }

  void say_maker(std::uint32_t enterprise, const Subject& subject) {
    const auto name = enterprise_name(enterprise);
    if (!name.empty())
      out_.property(subject, Property::vendor, bytes_of(name), Confidence::guessed);
  }

  /// Whether something encrypted asks or answers shows only in whether it wants reports.
  void say_encrypted() {
    const auto key = kKeyed | envelope_.message_id;
    if ((envelope_.flags & kReportable) != 0) {
      out_.request(kEncrypted, {}, key);
    } else if (from_agent_ && context_.sender == Sender::client) {
      out_.notice(kEncrypted, {});
    } else {
      out_.reply(key, Outcome::executed);
    }
  }

  void hear_pdu(const BerElement& pdu, std::uint64_t message_id) {
    if (pdu.tag == 0) return;
    BerReader inside{pdu.content};
    const auto number = number_of(pdu);
    if (number == kTrap1) return hear_trap1(inside);
    const auto request_id = inside.integer();
    const auto status = inside.integer();
    inside.integer();  // index, or repetitions of a get-bulk
    if (!inside.ok()) return;
    const auto id = envelope_.version == kVersion3 ? static_cast<std::uint32_t>(message_id)
                                                   : static_cast<std::uint32_t>(request_id);
    auto bindings = inside.enter(ber::kSequence);
    say_operation(number, kKeyed | id, status, bindings);
    // What a manager sends are wishes, what an agent sends is so.
    if (number == kResponse || number == kTrap2 || number == kInform) hear_bindings(bindings);
  }

  void say_operation(std::uint32_t number, std::uint64_t key, std::int64_t status,
                     BerReader bindings) {
    switch (number) {
      case kResponse:
        out_.reply(key, status == 0 ? Outcome::executed : Outcome::rejected,
                   static_cast<std::uint32_t>(status));
        return;
      case kReport:
        return say_report(key, bindings);
      case kTrap2:
        return out_.notice(number, {});
      case kSet:
        return say_set(key, bindings);
      default:
        return out_.request(number, {}, key);
    }
  }

  /// The object without its instance, so that the model grows with the kinds and not the rows.
  void say_set(std::uint64_t key, BerReader bindings) {
    constexpr std::size_t kMostArcs = 14;
    auto binding = bindings.enter(ber::kSequence);
    const auto oid = Oid::of(binding.take(ber::kOid));
    if (!binding.ok() || !oid) return;
    const auto arcs = oid->arcs().size();
    const auto name = oid->text(std::min(arcs - 1, kMostArcs));
    out_.request(kSet, {.name = name.bytes()}, key);
  }

  /// RFC 3414, 3.2: the counter that is reported tells what was wrong.
  void say_report(std::uint64_t key, BerReader bindings) {
    auto binding = bindings.enter(ber::kSequence);
    const auto oid = Oid::of(binding.take(ber::kOid));
    if (!binding.ok() || !oid) return;
    std::uint32_t reason = 0;
    if (oid->starts_with(kUserStatistics) && oid->arcs().size() > kUserStatistics.size())
      reason = std::min<std::uint32_t>(oid->arcs()[kUserStatistics.size()], kReportReason);
    out_.reply(key, Outcome::rejected, kReportReason + reason);
    if (reason == 3) out_.event(Event::login_rejected, "SNMP v3 user unknown", agent());
    if (reason == 5) out_.event(Event::login_rejected, "SNMP v3 wrong digest", agent());
  }

  /// RFC 1157, 4.1.6: the maker's object, the agent's own address, and what happened.
  void hear_trap1(BerReader& inside) {
    const auto enterprise = Oid::of(inside.take(ber::kOid));
    const auto address = inside.take(kIpAddress);
    inside.integer();
    inside.integer();
    if (!inside.ok()) return;
    out_.notice(kTrap1, {});
    const auto ip = IpAddress::of(address);
    const bool told = ip.is_v4() && !ip.is_unspecified() && ip != context_.source;
    subject_ = told ? Subject{.kind = Subject::Kind::ip, .ip = ip} : Subject{};
    if (enterprise) hear_maker(*enterprise);
    inside.next();  // time
    auto bindings = inside.enter(ber::kSequence);
    hear_bindings(bindings);
  }

  void hear_maker(const Oid& oid) {
    if (oid.starts_with(kEnterprises) && oid.arcs().size() > kEnterprises.size())
      say_maker(oid.arcs()[kEnterprises.size()], subject_);
  }

  void hear_bindings(BerReader& bindings) {
    for (int i = 0; i < kMostBindings && !bindings.empty(); ++i) {
      auto binding = bindings.enter(ber::kSequence);
      const auto oid = Oid::of(binding.take(ber::kOid));
      const auto value = binding.next();
      if (!binding.ok()) return;
      if (oid) hear_value(*oid, value);
    }
  }

  void hear_value(const Oid& oid, const BerElement& value) {
    constexpr std::uint32_t kObjectId = 2;  // RFC 3418: sysObjectID
    const auto arcs = oid.arcs();
    if (value.is(ber::kOctetString)) {
      say_column(kSystem, kSystemColumns, arcs, value.content, Confidence::stated);
      // Index 1 is the chassis by habit; others are its modules.
      const bool chassis = arcs.back() == 1;
      say_column(kEntity, kEntityColumns, arcs, value.content,
                 chassis ? Confidence::stated : Confidence::observed);
    } else if (value.is(ber::kOid) && oid.starts_with(kSystem) && arcs.size() > kSystem.size() &&
               arcs[kSystem.size()] == kObjectId) {
      if (const auto object = Oid::of(value.content)) hear_maker(*object);
    } else if (value.is(ber::kInteger) && std::ranges::equal(arcs, kForwarding) &&
               ber_integer(value.content) == 1) {
      out_.property(subject_, Property::capability, bytes_of("ip-forwarding"), Confidence::stated);
    }
  }

  void say_column(Arcs prefix, std::span<const Column> columns, Arcs arcs, Bytes value,
                  Confidence confidence) {
    if (value.empty() || arcs.size() != prefix.size() + 2 ||
        !std::ranges::equal(prefix, arcs.first(prefix.size())))
      return;
    const auto found = std::ranges::find(columns, arcs[prefix.size()], &Column::arc);
    if (found != columns.end()) out_.property(subject_, found->property, value, confidence);
  }

  const Context& context_;
  Observer& out_;
  Envelope envelope_;
  bool from_agent_ = false;
  Subject subject_;  ///< whom values are about: who sent them, or whom a v1 trap names
};

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  BerReader reader{message.rest()};
  auto inside = reader.enter(ber::kSequence);
  Message{context, out}.hear(inside);
  message.skip(message.remaining() + (reader.state() == BerReader::State::cut ? 1 : 0));
}

const Registration registration{{
    .name = "snmp",
    .title = "SNMP",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
