// Multicast DNS (RFC 6762) and the services it announces (RFC 6763): a DNS message on port 5353.
// Codes are the type of the first question, written `query/PTR`; 0x10000 is `response`.
// Questions and answers go to the group, so they cannot be paired: both are notices.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/dns_message.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kResponse = 0x10000;
constexpr std::uint16_t kInternet = 1;
constexpr std::uint16_t kClassBits = 0x7fff;  // RFC 6762, 10.2: the top bit says "flush the cache"
constexpr std::size_t kLargest = 9000;        // of a message, RFC 6762, 17
constexpr std::size_t kBeforeTarget = 6;      // of an SRV record: priority, weight, port

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 5353}});

constexpr auto kOperations = std::to_array<Operation>({
    {0, "query", Access::discover, "query/other"},
    {1, "query", Access::discover, "query/A"},
    {12, "query", Access::discover, "query/PTR"},
    {16, "query", Access::discover, "query/TXT"},
    {28, "query", Access::discover, "query/AAAA"},
    {33, "query", Access::discover, "query/SRV"},
    {255, "query", Access::discover, "query/ANY"},
    {kResponse, "response", Access::report, "response"},
});

/// Keys of TXT records that tell what a device is: Apple's device-info, printers (Bonjour Printing
/// Specification), cast and HomeKit devices.
struct TxtKey {
  std::string_view key;
  Property property;
};
constexpr auto kTxtKeys = std::to_array<TxtKey>({
    {"model", Property::model},
    {"md", Property::model},
    {"usb_mdl", Property::model},
    {"ty", Property::product},
    {"product", Property::product},
    {"manufacturer", Property::vendor},
    {"vendor", Property::vendor},
    {"usb_mfg", Property::vendor},
    {"serial", Property::serial},
    {"serialnumber", Property::serial},
    {"firmware", Property::firmware},
    {"fw", Property::firmware},
    {"note", Property::location},
});

// The form is that of DNS: only the port tells that this is not DNS itself.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (!context.on_seat) return Extent::foreign();
  const DnsReader reader{stream.rest()};
  const auto& header = reader.header();
  if (!reader.ok()) return Extent::incomplete();
  if (header.opcode() != 0 || !counts_fit(header, kLargest)) return Extent::foreign();
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

// Towards the group, one flow carries a host's questions and its answers alike: no side is the
// server's. Straight answers come from a responder.
std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  const DnsReader reader{message.rest()};
  if (!reader.ok() || context.destination.is_multicast()) return std::nullopt;
  return reader.header().is_response() ? Sender::server : Sender::client;
}

void hear_texts(const DnsRecord& record, Observer& out) {
  ByteCursor data{record.data};
  while (!data.empty()) {
    const auto entry = data.take(data.u8());
    if (!data.ok()) return;
    const auto text = view_of(entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals + 1 == text.size()) continue;
    for (const auto& known : kTxtKeys)
      if (same_name(known.key, text.substr(0, equals)))
        out.property({}, known.property, entry.subspan(equals + 1), Confidence::stated);
  }
}

void hear_host(const DnsRecord& record, Observer& out) {
  ByteCursor data{record.data};
  const auto cpu = data.take(data.u8());
  const auto os = data.take(data.u8());
  if (!data.ok()) return;
  if (!cpu.empty()) out.property({}, Property::hardware, cpu, Confidence::stated);
  if (!os.empty()) out.property({}, Property::os, os, Confidence::stated);
}

/// `_http._tcp` of `Press 4._http._tcp.local`: what stands before the domain, from the first label
/// with an underscore on (RFC 6763, 4.1).
std::string_view service_of(std::string_view name) noexcept {
  const auto start = name.starts_with('_') ? 0 : name.find("._");
  if (start == std::string_view::npos) return {};
  name.remove_prefix(start + (start == 0 ? 0 : 1));
  for (const std::string_view transport : {"._tcp", "._udp"})
    if (const auto at = name.find(transport); at != std::string_view::npos)
      return name.substr(0, at + transport.size());
  return {};
}

void hear_service(std::string_view name, Observer& out) {
  const auto service = service_of(name);
  if (!service.empty() && !service.starts_with("_services."))
    out.property({}, Property::capability, bytes_of(service), Confidence::stated);
}

void hear(const DnsReader& reader, const DnsRecord& record, const Context& context, Observer& out) {
  if ((record.cls & kClassBits) != kInternet || record.ttl == 0) return;
  const auto ip = record.address();
  if (ip.is_set()) {
    const bool own = ip == context.source;
    out.property({.kind = Subject::Kind::ip, .ip = ip}, Property::name, record.owner.text.bytes(),
                 own ? Confidence::stated : Confidence::observed);
  } else if (record.is(DnsType::srv)) {
    hear_service(record.owner.view(), out);
    const auto target = reader.name_in(record, kBeforeTarget);
    if (target && target->labels > 0)
      out.property({}, Property::name, target->text.bytes(), Confidence::observed);
  } else if (record.is(DnsType::ptr)) {
    const auto asked = reverse_address(record.owner.view());
    const auto name = reader.name_in(record, 0);
    if (!name) return;
    if (asked)
      out.property({.kind = Subject::Kind::ip, .ip = *asked}, Property::name, name->text.bytes(),
                   Confidence::observed);
    else
      hear_service(name->view(), out);
  } else if (record.is(DnsType::txt)) {
    hear_texts(record, out);
  } else if (record.is(DnsType::hinfo)) {
    hear_host(record, out);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  DnsReader reader{message.rest()};
  const auto header = reader.header();
  DnsQuestion question;
  const bool asked = reader.next(question);
  if (header.is_response()) {
    if (reader.ok()) out.notice(kResponse, {});
  } else if (asked) {
    const auto known = !find_operation(kOperations, question.type).name.empty();
    out.notice(known ? std::uint32_t{question.type} : 0U, {});
  }
  // The records of a question are what the asker heard of others (RFC 6762, 7.1), or would like to
  // own (8.2): nothing of its own yet.
  DnsRecord record;
  while (reader.next(record))
    if (header.is_response()) hear(reader, record, context, out);
  if (reader.state() == DnsReader::State::broken)
    out.event(Event::malformed, "name that turns in a circle or is too long");
  reader.settle(message);
}

const Registration registration{{
    .name = "mdns",
    .title = "Multicast DNS",
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
