// The Domain Name System: RFC 1035, 4 (messages), 4.2.2 (over TCP, with two bytes of length);
// RFC 2136 (update), RFC 1996 (notify), RFC 5936 (zone transfer).
// Codes are opcode << 16 | type of the first question, written `query/A`, `update`.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/dns_message.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kQuery = 0;
constexpr std::uint32_t kStatus = 2;
constexpr std::uint32_t kNotify = 4;
constexpr std::uint32_t kUpdate = 5;
constexpr std::uint32_t kUpdateCode = kUpdate << 16U;
constexpr unsigned kHighestRcode = 11;         // RFC 8490, 10.2; above them nothing is assigned
constexpr std::uint16_t kReserved = 0x0040;    // RFC 1035, 4.1.1: Z
constexpr std::uint16_t kAnswerOnly = 0x0680;  // AA, TC and RA, which a question leaves clear
constexpr std::uint16_t kInternet = 1;         // classes, RFC 1035, 3.2.4
constexpr std::uint16_t kChaos = 3;
constexpr std::size_t kPrefixSize = 2;   // RFC 1035, 4.2.2
constexpr std::size_t kControllers = 4;  // names of domain controllers kept a message
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 16U;  // keeps id 0 from meaning "in order"

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 53}, {Over::tcp, 53}});

constexpr auto kOperations = std::to_array<Operation>({
    {0, "query", Access::discover, "query/other"},
    {1, "query", Access::discover, "query/A"},
    {2, "query", Access::discover, "query/NS"},
    {5, "query", Access::discover, "query/CNAME"},
    {6, "query", Access::discover, "query/SOA"},
    {10, "query", Access::discover, "query/NULL"},
    {12, "query", Access::discover, "query/PTR"},
    {13, "query", Access::discover, "query/HINFO"},
    {15, "query", Access::discover, "query/MX"},
    {16, "query", Access::discover, "query/TXT"},
    {28, "query", Access::discover, "query/AAAA"},
    {33, "query", Access::discover, "query/SRV"},
    {35, "query", Access::discover, "query/NAPTR"},
    {43, "query", Access::discover, "query/DS"},
    {48, "query", Access::discover, "query/DNSKEY"},
    {52, "query", Access::discover, "query/TLSA"},
    {64, "query", Access::discover, "query/SVCB"},
    {65, "query", Access::discover, "query/HTTPS"},
    {249, "key-agreement", Access::authenticate, "query/TKEY"},
    {251, "zone-transfer", Access::upload, "query/IXFR"},
    {252, "zone-transfer", Access::upload, "query/AXFR"},
    {255, "query", Access::discover, "query/ANY"},
    {257, "query", Access::discover, "query/CAA"},
    {kStatus << 16U, "status", Access::diagnose, "status"},
    {kNotify << 16U, "zone-changed", Access::report, "notify"},
    {kUpdateCode, "dynamic-update", Access::configure, "update"},
});

/// The table's code, where types of no interest share one, so that strange types asked at random
/// do not fill the model.
std::uint32_t code_of(unsigned opcode, std::uint16_t type) noexcept {
  if (opcode != kQuery) return opcode << 16U;
  return find_operation(kOperations, type).name.empty() ? 0 : type;
}

bool plausible(const DnsHeader& header, const Context& context) noexcept {
  const auto opcode = header.opcode();
  if (opcode != kQuery && opcode != kStatus && opcode != kNotify && opcode != kUpdate) return false;
  if (header.rcode() > kHighestRcode || (header.flags & kReserved) != 0) return false;
  if (!header.is_response() && header.rcode() != 0) return false;
  return context.on_seat || header.is_response() || (header.flags & kAnswerOnly) == 0;
}

/// One question, or none in an answer (RFC 9619, 4).
bool plausible_counts(const DnsHeader& header, const Context& context) noexcept {
  const auto questions = header.counts[0];
  return questions == 1 || (questions == 0 && header.is_response() && context.on_seat);
}

/// Off its seat, a question must be of a class that exists and of a type that people ask for.
bool usual_question(Bytes bytes) noexcept {
  DnsReader reader{bytes};
  DnsQuestion question;
  if (!reader.next(question) || (question.cls != kInternet && question.cls != kChaos)) return false;
  return reader.header().opcode() != kQuery || code_of(kQuery, question.type) != 0;
}

Extent stream_extent(ByteCursor stream, const Context& context) noexcept {
  const std::size_t size = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  if (size < DnsHeader::kSize) return Extent::foreign();
  const DnsReader reader{stream.rest().first(std::min(size, stream.remaining()))};
  const auto& header = reader.header();
  // Other protocols' first bytes are told apart as soon as the flags are there.
  constexpr std::size_t kThroughFlags = 4;
  if (stream.remaining() >= kThroughFlags && !plausible(header, context)) return Extent::foreign();
  if (!reader.ok()) return Extent::incomplete();
  if (!plausible_counts(header, context) || !counts_fit(header, size)) return Extent::foreign();
  if (stream.remaining() >= size) {
    const auto whole = stream.rest().first(size);
    if (!context.on_seat &&
        (DnsReader::walk(whole) != DnsReader::State::whole || !usual_question(whole)))
      return Extent::foreign();
  }
  return Extent::of(kPrefixSize + size);
}

/// NetBIOS names, mDNS and LLMNR have this form too, and dissectors of their own.
bool is_relative(const Context& context) noexcept {
  return context.seat == 137 || context.seat == 5353 || context.seat == 5355;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over == Over::tcp) return stream_extent(stream, context);
  if (is_relative(context)) return Extent::foreign();
  const auto datagram = stream.rest();
  const DnsReader reader{datagram};
  if (!reader.ok()) return context.on_seat ? Extent::incomplete() : Extent::foreign();
  if (!plausible(reader.header(), context) || !plausible_counts(reader.header(), context))
    return Extent::foreign();
  if (!context.on_seat && !usual_question(datagram)) return Extent::foreign();
  switch (dns_fit(datagram, context.on_seat)) {
    case DnsFit::fits:
      return Extent::of(datagram.size());
    case DnsFit::cut:
      return Extent::incomplete();
    case DnsFit::foreign:
      break;
  }
  return Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  if (context.over == Over::tcp) message.skip(kPrefixSize);
  const DnsReader reader{message.rest()};
  if (!reader.ok()) return std::nullopt;
  return reader.header().is_response() ? Sender::server : Sender::client;
}

Subject at(const IpAddress& ip) noexcept {
  return {.kind = Subject::Kind::ip, .ip = ip};
}

/// What the records of one answer say of addresses.
class Answer {
 public:
  Answer(const DnsReader& reader, const DnsQuestion& question, Observer& out) noexcept
      : reader_(reader), question_(question), out_(out) {}

  void hear(const DnsRecord& record) {
    if (record.cls == kChaos) return hear_version(record);
    if (record.cls != kInternet) return;
    if (record.address().is_set()) return hear_address(record);
    if (record.is(DnsType::ptr)) return hear_reverse(record);
    if (record.is(DnsType::srv)) note_controller(record);
  }

 private:
  void hear_address(const DnsRecord& record) {
    const auto ip = record.address();
    const auto asked = question_.type == record.type;
    // An alias chain ends at a name that nobody uses; the one asked for is what people know.
    const auto& name =
        record.section == DnsSection::answer && asked ? question_.name : record.owner;
    if (name.labels > 0 && !ip.is_unspecified() && !ip.is_multicast())
      out_.property(at(ip), Property::name, name.text.bytes(), Confidence::observed);
    for (const auto& controller : controllers_)
      if (!controller.empty() && same_name(controller.view(), record.owner.view()))
        out_.property(at(ip), Property::capability, bytes_of("domain-controller"),
                      Confidence::observed);
  }

  void hear_reverse(const DnsRecord& record) {
    const auto ip = reverse_address(record.owner.view());
    const auto name = reader_.name_in(record, 0);
    if (ip && name && name->labels > 0)
      out_.property(at(*ip), Property::name, name->text.bytes(), Confidence::observed);
  }

  /// Active Directory publishes its controllers as services under `dc._msdcs` ([MS-ADTS], 6.3.2.3).
  void note_controller(const DnsRecord& record) {
    const auto owner = record.owner.view();
    if (owner.find("._msdcs.") == std::string_view::npos || noted_ == controllers_.size()) return;
    constexpr std::size_t kBeforeTarget = 6;  // priority, weight, port (RFC 2782)
    if (const auto target = reader_.name_in(record, kBeforeTarget))
      controllers_[noted_++] = target->text;
  }

  /// `version.bind` in class CHAOS: the server tells its software.
  void hear_version(const DnsRecord& record) {
    ByteCursor data{record.data};
    const auto text = data.take(data.u8());
    if (record.is(DnsType::txt) && data.ok() && !text.empty() &&
        same_name(record.owner.view(), "version.bind"))
      out_.property({.kind = Subject::Kind::sender}, Property::software, text, Confidence::stated);
  }

  const DnsReader& reader_;
  const DnsQuestion& question_;
  Observer& out_;
  std::array<SmallText, kControllers> controllers_;
  std::size_t noted_ = 0;
};

/// A host that registers its own address names itself; one that registers another's (a DHCP
/// server) is believed less.
void hear_update(const DnsRecord& record, const Context& context, Observer& out) {
  const auto ip = record.address();
  if (!ip.is_set() || record.cls != kInternet || record.owner.labels == 0) return;
  const bool own = ip == context.source;
  out.property(at(ip), Property::name, record.owner.text.bytes(),
               own ? Confidence::stated : Confidence::observed);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto bytes = message.rest();
  if (context.over == Over::tcp) {
    ByteCursor prefix{bytes};
    const std::size_t size = prefix.be16();
    bytes = prefix.rest().first(std::min(size, prefix.remaining()));
  }
  DnsReader reader{bytes};
  const auto header = reader.header();
  DnsQuestion question;
  const bool asked = reader.next(question);
  const auto key = kKeyed | header.id;
  if (reader.ok() && header.is_response()) {
    out.reply(key, header.rcode() == 0 ? Outcome::executed : Outcome::rejected, header.rcode());
  } else if (asked && header.opcode() == kNotify) {
    out.request(kNotify << 16U, {}, key);
  } else if (asked) {
    out.request(code_of(header.opcode(), question.type), {}, key);
  }

  Answer answer{reader, question, out};
  DnsRecord record;
  while (reader.next(record)) {
    if (header.opcode() == kUpdate && !header.is_response()) {
      hear_update(record, context, out);
    } else if (header.is_response() && header.opcode() == kQuery) {
      answer.hear(record);
    }
  }
  if (reader.state() == DnsReader::State::broken)
    out.event(Event::malformed, "name that turns in a circle or is too long");
  reader.settle(message);
}

const Registration registration{{
    .name = "dns",
    .title = "DNS",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
