// SSDP, the discovery of UPnP: UPnP Device Architecture 2.0, 1.2 and 1.3, in datagrams that look
// like HTTP's heads. Code: the method, written as it stands; `200` answers a search.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/http_head.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 1900}});

constexpr std::uint32_t kSearch = 1;
constexpr std::uint32_t kNotify = 2;
constexpr std::uint32_t kAnswer = 200;

constexpr auto kOperations = std::to_array<Operation>({
    {kSearch, "search", Access::discover, "M-SEARCH"},
    {kNotify, "notify", Access::discover, "NOTIFY"},
    {kAnswer, "search-answer", Access::discover, "200"},
});

constexpr std::size_t kLongestLine = 1024;

// A search goes to a group and its answers come from many, so none of the three is paired.
std::uint32_t code_of(const StartLine& start) noexcept {
  if (!start.is_request) return start.status == 200 ? kAnswer : 0;
  if (start.target != "*") return 0;
  if (start.method == "M-SEARCH") return kSearch;
  return start.method == "NOTIFY" ? kNotify : 0;
}

std::uint32_t code_of(Bytes datagram) noexcept {
  const auto text = view_of(datagram.first(std::min(datagram.size(), kLongestLine)));
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const auto start = start_line_of(trimmed(text.substr(0, end)));
  return start.has_value() ? code_of(*start) : 0;
}

// A cut datagram is one all the same: its lines say what they say.
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto datagram = stream.rest();
  return code_of(datagram) != 0 ? Extent::of(datagram.size()) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  return code_of(message.rest()) == kAnswer ? Sender::server : Sender::client;
}

void say(Observer& out, Property property, std::string_view value) {
  if (!value.empty()) out.property({}, property, bytes_of(value), Confidence::stated);
}

// `Linux/3.10 UPnP/1.0 product/1.2` (1.2.2): the system first.
void server(std::string_view value, Observer& out) {
  say(out, Property::software, value);
  const auto system = value.substr(0, value.find(' '));
  const auto slash = system.find('/');
  if (slash == std::string_view::npos || same_word(system.substr(0, slash), "UPnP")) return;
  say(out, Property::os,
      SmallText{system.substr(0, slash)}.add(' ').add(system.substr(slash + 1)).view());
}

// `uuid:...`, alone or before `::` and a type (1.1.4).
void unique_name(std::string_view value, Observer& out) {
  if (begins_with(value, "uuid:"))
    say(out, Property::identifier, value.substr(0, value.find("::")));
}

// `urn:schemas-upnp-org:device:InternetGatewayDevice:1`; services would only repeat it.
void kind(std::string_view value, Observer& out) {
  constexpr std::string_view kDevice = ":device:";
  const auto at = value.find(kDevice);
  if (!begins_with(value, "urn:") || at == std::string_view::npos) return;
  auto rest = value.substr(at + kDevice.size());
  say(out, Property::capability, take_until(rest, ':'));
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  const auto code = code_of(message.rest());
  if (code == 0) {
    message.skip(message.remaining() + 1);
    return;
  }
  out.notice(code, {});
  take_line(message);
  while (!message.empty()) {
    const auto field = field_of(take_line(message));
    if (!message.ok()) return;
    if (code == kSearch) {
      if (same_word(field.name, "user-agent")) say(out, Property::software, field.value);
      continue;
    }
    if (same_word(field.name, "server")) server(field.value, out);
    if (same_word(field.name, "usn")) unique_name(field.value, out);
    if (same_word(field.name, "nt") || same_word(field.name, "st")) kind(field.value, out);
  }
}

const Registration registration{{
    .name = "ssdp",
    .title = "SSDP (UPnP)",
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
