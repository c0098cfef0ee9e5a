// The NetBIOS name service over UDP: RFC 1001, 15 and RFC 1002, 4.2.
// Codes are opcode << 16 | question type, written `query/NB`, `query/NBSTAT`, `registration`;
// 0x100000 is the answer to a question that went to everybody, `response`: it comes from another
// flow than the question's and cannot be paired.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/dns_message.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// RFC 1002, 4.2.1.1, and 15 (multi-homed registration) as Windows sends it ([MS-NBTE], 2.2.4).
constexpr std::uint32_t kQuery = 0;
constexpr std::uint32_t kRegistration = 5;
constexpr std::uint32_t kRelease = 6;
constexpr std::uint32_t kWait = 7;
constexpr std::uint32_t kRefresh = 8;
constexpr std::uint32_t kRefreshToo = 9;  // RFC 1002 gives both numbers
constexpr std::uint32_t kMultiHomed = 15;
constexpr std::uint32_t kResponse = 0x100000;
constexpr std::uint16_t kBroadcast = 0x0010;  // RFC 1002, 4.2.1.1: B
constexpr std::uint16_t kReserved = 0x0060;   // RFC 1002, 4.2.1.1: between RA and B
constexpr std::uint16_t kGroup = 0x8000;      // RFC 1002, 4.2.2: G of NB_FLAGS
constexpr std::uint16_t kInternet = 1;
constexpr std::size_t kEncodedSize = 32;                   // RFC 1001, 14.1: two letters a byte
constexpr std::size_t kNameSize = 15;                      // and a suffix
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 16U;  // keeps id 0 from meaning "in order"
constexpr std::uint64_t kAsked = 1;  // of FlowState[0]: this flow carries requests

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 137}});

constexpr auto kOperations = std::to_array<Operation>({
    {0x20, "query-name", Access::discover, "query/NB"},
    {0x21, "query-status", Access::discover, "query/NBSTAT"},
    {kRegistration << 16U | 0x20, "register-name", Access::discover, "registration"},
    {kRelease << 16U | 0x20, "release-name", Access::discover, "release"},
    {kWait << 16U | 0x20, "wait", Access::discover, "wait"},
    {kRefresh << 16U | 0x20, "refresh-name", Access::discover, "refresh"},
    {kMultiHomed << 16U | 0x20, "register-name", Access::discover, "multihomed-registration"},
    {kResponse, "response", Access::report, "response"},
});

struct NetbiosName {
  std::array<std::uint8_t, kNameSize> letters{};
  std::size_t size = 0;  ///< without the blanks at the end
  std::uint8_t suffix = 0;

  [[nodiscard]] Bytes text() const noexcept { return Bytes{letters}.first(size); }
};

NetbiosName trimmed(Bytes sixteen) noexcept {
  NetbiosName name;
  std::copy_n(sixteen.begin(), kNameSize, name.letters.begin());
  name.suffix = sixteen[kNameSize];
  name.size = kNameSize;
  while (name.size > 0 && (name.letters[name.size - 1] == ' ' || name.letters[name.size - 1] == 0))
    --name.size;
  return name;
}

/// RFC 1001, 14.1: each half of a byte is a letter from `A` on.
std::optional<NetbiosName> decode(std::string_view label) noexcept {
  if (label.size() != kEncodedSize) return std::nullopt;
  std::array<std::uint8_t, kEncodedSize / 2> bytes{};
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] < 'A' || label[i] > 'P') return std::nullopt;
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] << 4U | (label[i] - 'A'));
  }
  return trimmed(bytes);
}

/// A message of this protocol names something in its first question or record.
std::optional<NetbiosName> first_name(DnsReader reader) noexcept {
  DnsQuestion question;
  if (reader.next(question)) return decode(question.name.first());
  DnsRecord record;
  if (reader.next(record)) return decode(record.owner.first());
  return std::nullopt;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto datagram = stream.rest();
  const DnsReader reader{datagram};
  const auto& header = reader.header();
  if (!reader.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  const auto opcode = header.opcode();
  const bool known = opcode == kQuery || (opcode >= kRegistration && opcode <= kRefreshToo) ||
                     opcode == kMultiHomed;
  if (!known || (header.flags & kReserved) != 0 || header.counts[0] > 1) return Extent::foreign();
  const auto fit = dns_fit(datagram, context.on_seat);
  if (fit == DnsFit::foreign) return Extent::foreign();
  if (fit == DnsFit::cut) return Extent::incomplete();
  return first_name(reader) ? Extent::of(datagram.size()) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const DnsReader reader{message.rest()};
  if (!reader.ok()) return std::nullopt;
  return reader.header().is_response() ? Sender::server : Sender::client;
}

/// What a name says by its last byte ([MS-NBTE], 2.2.1 and the suffixes that Windows uses).
void say_name(const NetbiosName& name, bool group, const Subject& subject, Confidence confidence,
              Observer& out) {
  constexpr std::uint8_t kWorkstation = 0x00;
  constexpr std::uint8_t kMasterBrowser = 0x1d;
  constexpr std::uint8_t kDomainMaster = 0x1b;
  constexpr std::uint8_t kControllers = 0x1c;
  constexpr std::uint8_t kFileServer = 0x20;
  const auto can = [&](std::string_view what) {
    out.property(subject, Property::capability, bytes_of(what), confidence);
  };
  // `\x01\x02__MSBROWSE__\x02` and the like are marks, not names.
  if (name.size == 0 || name.letters[0] < 0x20) return;
  if (name.suffix == kWorkstation || name.suffix == kFileServer)
    out.property(subject, group ? Property::domain : Property::name, name.text(), confidence);
  if (name.suffix == kFileServer && !group) can("file-server");
  if (name.suffix == kMasterBrowser && !group) can("master-browser");
  if (name.suffix != kControllers && name.suffix != kDomainMaster) return;
  out.property(subject, Property::domain, name.text(), confidence);
  can(name.suffix == kControllers ? "domain-controller" : "domain-master-browser");
}

/// The data of an NB record: flags and an address, again and again (RFC 1002, 4.2.2 and 4.2.13).
void hear_owners(const NetbiosName& name, const DnsRecord& record, const Context& context,
                 Observer& out) {
  ByteCursor data{record.data};
  while (!data.empty()) {
    const bool group = (data.be16() & kGroup) != 0;
    const auto ip = IpAddress::of(data.take(4));
    if (!data.ok()) return;
    if (ip.is_unspecified() || !ip.is_v4() || ip.is_broadcast() || ip.is_multicast()) continue;
    const bool own = ip == context.source;
    say_name(name, group, {.kind = Subject::Kind::ip, .ip = ip},
             own ? Confidence::stated : Confidence::observed, out);
  }
}

/// The data of a node status (RFC 1002, 4.2.18): a table of names, then the adapter's address.
void hear_status(const DnsRecord& record, Observer& out) {
  ByteCursor data{record.data};
  for (auto names = data.u8(); names > 0 && data.ok(); --names) {
    const auto sixteen = data.take(kNameSize + 1);
    const bool group = (data.be16() & kGroup) != 0;
    if (data.ok()) say_name(trimmed(sixteen), group, {}, Confidence::stated, out);
  }
  const auto mac = Mac::of(data.take(6));
  // Said as a mark of the machine and not as a claim: the answer may come from behind a router.
  if (data.ok() && mac.is_set() && !mac.is_group())
    out.property({}, Property::identifier, SmallText{"mac "}.add(to_text(mac)).bytes(),
                 Confidence::stated);
}

std::uint32_t code_of(const DnsHeader& header, std::uint16_t type) noexcept {
  const auto opcode = header.opcode() == kRefreshToo ? kRefresh : header.opcode();
  return opcode == kQuery ? type : opcode << 16U | 0x20U;
}

void say_operation(const DnsHeader& header, std::uint16_t type, const Context& context,
                   Observer& out) {
  const auto key = kKeyed | header.id;
  const bool everybody = (header.flags & kBroadcast) != 0 || context.destination.is_broadcast();
  if (!header.is_response()) {
    if (everybody) return out.notice(code_of(header, type), {});
    if (context.state != nullptr) context.state->at(0) |= kAsked;
    return out.request(code_of(header, type), {}, key);
  }
  if (context.state == nullptr || (context.state->at(0) & kAsked) == 0)
    return out.notice(kResponse, {});
  // "Wait for acknowledgement" puts the answer off (RFC 1002, 4.2.16).
  if (header.opcode() == kWait) return out.notice(kWait << 16U | 0x20U, {});
  out.reply(key, header.rcode() == 0 ? Outcome::executed : Outcome::rejected, header.rcode());
}

/// True where the records tell who owns a name: an answer, or a registration's own claim.
bool tells_owners(const DnsHeader& header) noexcept {
  if (header.opcode() == kRelease || header.opcode() == kWait) return false;
  return !header.is_response() || header.rcode() == 0;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  DnsReader reader{message.rest()};
  const auto header = reader.header();
  DnsQuestion question;
  const bool asked = reader.next(question);
  bool said = false;
  if (asked) {
    say_operation(header, question.type, context, out);
    said = true;
  }
  DnsRecord record;
  while (reader.next(record)) {
    if (!said) say_operation(header, record.type, context, out);
    said = true;
    const auto name = decode(record.owner.first());
    if (!name || record.cls != kInternet || !tells_owners(header)) continue;
    if (record.is(DnsType::nb)) hear_owners(*name, record, context, out);
    if (record.is(DnsType::nbstat) && header.is_response()) hear_status(record, out);
  }
  if (reader.state() == DnsReader::State::broken)
    out.event(Event::malformed, "name that turns in a circle or is too long");
  reader.settle(message);
}

const Registration registration{{
    .name = "nbns",
    .title = "NetBIOS name service",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
