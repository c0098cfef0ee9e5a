// Link-Local Multicast Name Resolution (RFC 4795): a DNS message asked of everybody on the link.
// Codes are the type of the question, written `query/A`; 0x10000 is an answer, `response`.
// A question goes to a group and its answer comes from a host, which makes two flows: neither can
// be paired, so both are notices. Who answers on 5355 offers the service.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/dns_message.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kResponse = 0x10000;
constexpr std::uint16_t kInternet = 1;
constexpr std::uint16_t kReserved = 0x00f0;  // RFC 4795, 2.1.1: Z
constexpr std::uint16_t kConflict = 0x0400;  // RFC 4795, 2.1.1: C

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 5355}});

constexpr auto kOperations = std::to_array<Operation>({
    {0, "query", Access::discover, "query/other"},
    {1, "query", Access::discover, "query/A"},
    {12, "query", Access::discover, "query/PTR"},
    {28, "query", Access::discover, "query/AAAA"},
    {255, "query", Access::discover, "query/ANY"},
    {kResponse, "response", Access::report, "response"},
});

// The form is that of DNS: only the port tells that this is not DNS itself.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (!context.on_seat) return Extent::foreign();
  const DnsReader reader{stream.rest()};
  const auto& header = reader.header();
  if (!reader.ok()) return Extent::incomplete();
  if (header.opcode() != 0 || (header.flags & kReserved) != 0 || header.counts[0] != 1)
    return Extent::foreign();
  switch (dns_fit(stream.rest(), context.on_seat)) {
    case DnsFit::fits:
      return Extent::of(stream.remaining());
    case DnsFit::cut:
      return Extent::incomplete();
    case DnsFit::foreign:
      break;
  }
  return Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const DnsReader reader{message.rest()};
  if (!reader.ok()) return std::nullopt;
  return reader.header().is_response() ? Sender::server : Sender::client;
}

void hear(const DnsReader& reader, const DnsRecord& record, const Context& context, Observer& out) {
  if (record.cls != kInternet || record.section != DnsSection::answer) return;
  const auto ip = record.address();
  if (ip.is_set()) {
    const bool own = ip == context.source;
    out.property({.kind = Subject::Kind::ip, .ip = ip}, Property::name, record.owner.text.bytes(),
                 own ? Confidence::stated : Confidence::observed);
  } else if (record.is(DnsType::ptr)) {
    const auto asked = reverse_address(record.owner.view());
    const auto name = reader.name_in(record, 0);
    if (asked && name && name->labels > 0)
      out.property({.kind = Subject::Kind::ip, .ip = *asked}, Property::name, name->text.bytes(),
                   *asked == context.source ? Confidence::stated : Confidence::observed);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  DnsReader reader{message.rest()};
  const auto header = reader.header();
  DnsQuestion question;
  if (reader.next(question)) {
    const auto row = find_operation(kOperations, question.type);
    const auto query = row.name.empty() ? 0U : std::uint32_t{question.type};
    out.notice(header.is_response() ? kResponse : query, {});
    // An answer gives the name asked for as the answerer's own (RFC 4795, 2.3), unless it answers
    // for an address or says that the name is another's as well.
    const bool named = question.type != static_cast<std::uint16_t>(DnsType::ptr);
    if (header.is_response() && header.rcode() == 0 && header.counts[1] > 0 && named &&
        (header.flags & kConflict) == 0)
      out.property({}, Property::name, question.name.text.bytes(), Confidence::stated);
  }
  DnsRecord record;
  while (reader.next(record))
    if (header.is_response()) hear(reader, record, context, out);
  if (reader.state() == DnsReader::State::broken)
    out.event(Event::malformed, "name that turns in a circle or is too long");
  reader.settle(message);
}

const Registration registration{{
    .name = "llmnr",
    .title = "LLMNR",
    .seats = kSeats,
    .operations = kOperations,
    .over_udp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
