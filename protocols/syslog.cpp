// Syslog: RFC 5424, 6 and, as found in the field, RFC 3164, 4; over UDP 514, and over TCP 601 and
// 514 either counted or ended by a line feed (RFC 6587, 3.4).
// Codes are the severity. The host is whom a message names, which a relay passes on for others.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kLongest = 16384;  // far above the 8192 that RFC 5425 asks for
constexpr std::size_t kDigits = 5;       // of a counted message's size
constexpr std::uint64_t kHighest = 191;  // RFC 5424, 6.2.1: facility * 8 + severity
constexpr unsigned kSeverities = 8;

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 514}, {Over::tcp, 514}, {Over::tcp, 601}});

// RFC 5424, table 2.
constexpr auto kOperations = std::to_array<Operation>({
    {0, "emergency", Access::report},
    {1, "alert", Access::report},
    {2, "critical", Access::report},
    {3, "error", Access::report},
    {4, "warning", Access::report},
    {5, "notice", Access::report},
    {6, "information", Access::report},
    {7, "debug", Access::report},
});

constexpr auto kMonths = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

constexpr bool is_digit(char letter) noexcept {
  return letter >= '0' && letter <= '9';
}

/// `<34>`; the priority goes from the front.
std::optional<unsigned> take_priority(std::string_view& text) noexcept {
  constexpr std::size_t kMostDigits = 3;
  if (text.empty() || text[0] != '<') return std::nullopt;
  const auto end = text.find('>');
  if (end == std::string_view::npos || end < 2 || end > kMostDigits + 1) return std::nullopt;
  const auto value = decimal_of(text.substr(1, end - 1));
  if (!value || *value > kHighest || (text[1] == '0' && end > 2)) return std::nullopt;
  text.remove_prefix(end + 1);
  return static_cast<unsigned>(*value);
}

/// `2026-04-06T` or the `-` that stands for none (RFC 5424, 6.2.3).
bool is_date(std::string_view text) noexcept {
  if (text == "-") return true;
  constexpr std::string_view kForm{"0000-00-00T"};
  if (text.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == '0' ? !is_digit(text[i]) : text[i] != kForm[i]) return false;
  return true;
}

/// `Apr  6 12:00:00 ` (RFC 3164, 4.1.2); it goes from the front.
bool take_timestamp(std::string_view& text) noexcept {
  constexpr std::string_view kForm{" 00 00:00:00 "};
  constexpr std::size_t kMonth = 3;
  if (text.size() < kMonth + kForm.size()) return false;
  if (std::ranges::find(kMonths, text.substr(0, kMonth)) == kMonths.end()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const auto letter = text[kMonth + i];
    const bool tens_of_day = i == 1 && letter == ' ';
    if (kForm[i] == '0' ? !is_digit(letter) && !tens_of_day : letter != kForm[i]) return false;
  }
  text.remove_prefix(kMonth + kForm.size());
  return true;
}

struct Report {
  unsigned severity = 0;
  bool dated = false;  ///< in the form of one of the two standards
  bool structured = false;
  std::string_view host;  ///< empty where it is not sure
  std::string_view application;
};

std::optional<Report> read(std::string_view text) noexcept {
  const auto priority = take_priority(text);
  if (!priority) return std::nullopt;
  Report report;
  report.severity = *priority % kSeverities;
  if (text.starts_with("1 ")) {
    auto rest = text.substr(2);
    if (!is_date(take_until(rest, ' '))) return report;
    report.host = take_until(rest, ' ');
    report.application = take_until(rest, ' ');
    // Process and message id follow: without them the words before may have been cut.
    report.dated = report.structured = !report.application.empty() && !rest.empty();
    if (!report.dated) report.host = report.application = {};
    return report;
  }
  if (!take_timestamp(text)) return report;
  report.dated = true;
  const auto end = text.find(' ');
  const auto host = text.substr(0, end);
  // A tag in the host's place ends in a colon or a number in brackets.
  if (end != std::string_view::npos && host.find_first_of(":[]") == std::string_view::npos)
    report.host = host;
  return report;
}

bool is_believed(std::string_view text, bool on_seat) noexcept {
  const auto report = read(text);
  return report && (report->dated || on_seat);
}

/// A message that a line feed ends.
Extent line_form(Bytes stream, bool on_seat) noexcept {
  constexpr std::size_t kPriority = 5;  // `<191>`
  const auto text = view_of(stream);
  const auto line = line_extent(stream, kLongest);
  if (line.is_message())
    return is_believed(text.substr(0, line.size()), on_seat) ? line : Extent::foreign();
  auto front = text;
  const bool begins = text.size() < kPriority && text.find('>') == std::string_view::npos;
  return begins || take_priority(front) ? line : Extent::foreign();
}

/// A message behind its size: `29 <34>1 ...`.
Extent counted_form(std::string_view text, bool on_seat) noexcept {
  constexpr std::size_t kLeast = 4;  // a priority, and something
  const auto end = text.find(' ');
  if (end == std::string_view::npos) {
    const bool digits = text.size() <= kDigits && std::ranges::all_of(text, is_digit);
    return digits ? Extent::incomplete() : Extent::foreign();
  }
  const auto count = decimal_of(text.substr(0, end));
  if (!count || end > kDigits || *count < kLeast || *count > kLongest) return Extent::foreign();
  const auto size = static_cast<std::size_t>(*count);
  const auto message = text.substr(end + 1);
  if (message.empty()) return Extent::incomplete();
  if (message[0] != '<') return Extent::foreign();
  if (message.size() < size) return Extent::incomplete();
  return is_believed(message.substr(0, size), on_seat) ? Extent::of(end + 1 + size)
                                                       : Extent::foreign();
}

Extent stream_extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (bytes[0] == '<') return line_form(bytes, context.on_seat);
  if (bytes[0] < '1' || bytes[0] > '9') return Extent::foreign();
  return counted_form(view_of(bytes), context.on_seat);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (context.over == Over::tcp) return stream_extent(stream, context);
  const auto all = stream.remaining();
  return is_believed(view_of(stream.rest()), context.on_seat) ? Extent::of(all) : Extent::foreign();
}

/// An address in the host's place is no name.
bool is_name(std::string_view host) noexcept {
  return !host.empty() && host != "-" && is_printable(host) &&
         host.find_first_not_of("0123456789.") != std::string_view::npos &&
         host.find(':') == std::string_view::npos;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto text = view_of(message.rest());
  if (context.over == Over::tcp && !text.empty() && is_digit(text[0])) take_until(text, ' ');
  const auto report = read(text);
  message.skip(message.remaining());
  if (!report) return;
  out.notice(report->severity, {});
  if (is_name(report->host))
    out.property({}, Property::name, bytes_of(report->host), Confidence::observed);
  if (report->structured && is_name(report->application))
    out.property({}, Property::software, bytes_of(report->application), Confidence::observed);
}

std::optional<Sender> sender(ByteCursor /*message*/, const Context& /*context*/) noexcept {
  return Sender::client;
}

const Registration registration{{
    .name = "syslog",
    .title = "Syslog",
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
}  // namespace sekimori
