// RTSP 1.0: RFC 2326, and 2.0: RFC 7826; what cameras are asked for pictures with. Code: the
// method, written as it stands; one that the table lacks is `other`. The reason of a rejection is
// the status. Pictures that ride on the same connection are passed over.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 554}, {Over::tcp, 8554}});

// RFC 2326, 10; RFC 7826, 13.
constexpr auto kOperations = std::to_array<Operation>({
    {0, "extension", Access::unknown, "other"},
    {1, "options", Access::discover, "OPTIONS"},
    {2, "describe", Access::read, "DESCRIBE"},
    {3, "setup", Access::session, "SETUP"},
    {4, "play", Access::read, "PLAY"},
    {5, "pause", Access::session, "PAUSE"},
    {6, "teardown", Access::session, "TEARDOWN"},
    {7, "get-parameter", Access::read, "GET_PARAMETER"},
    {8, "set-parameter", Access::configure, "SET_PARAMETER"},
    {9, "announce", Access::report, "ANNOUNCE"},
    {10, "record", Access::file, "RECORD"},
    {11, "redirect", Access::session, "REDIRECT"},
    {12, "play-notify", Access::report, "PLAY_NOTIFY"},
});

constexpr std::string_view kProtocol = "RTSP/";
constexpr std::size_t kLongestHead = 8192;
constexpr std::size_t kInterleaved = 4;  // RFC 2326, 10.12: dollar, channel, length
constexpr std::uint64_t kMostBody = 0x1000000;
constexpr int kMostFields = 64;

constexpr std::uint64_t kHeard = 1;  // bit of the flow's first word

struct Start {
  bool is_request = false;
  std::string_view method;
  std::string_view target;
  std::uint32_t status = 0;
};

bool is_version(std::string_view word) noexcept {
  return word == "RTSP/1.0" || word == "RTSP/2.0";
}

std::optional<Start> start_of(std::string_view line) noexcept {
  Start start;
  line = trimmed(line);
  if (line.starts_with(kProtocol)) {
    if (!is_version(take_until(line, ' '))) return std::nullopt;
    const auto status = decimal_of(take_until(line, ' ')).value_or(0);
    if (status < 100 || status > 699) return std::nullopt;
    start.status = static_cast<std::uint32_t>(status);
    return start;
  }
  start.is_request = true;
  start.method = take_until(line, ' ');
  start.target = take_until(line, ' ');
  const bool word = !start.method.empty() && start.method.size() <= 20 &&
                    std::ranges::all_of(start.method, [](char letter) {
                      return (letter >= 'A' && letter <= 'Z') || letter == '_';
                    });
  if (!word || start.target.empty() || !is_version(line) || !is_printable(start.target))
    return std::nullopt;
  return start;
}

std::uint64_t body_of(Bytes head) noexcept {
  ByteCursor lines{head};
  for (int i = 0; i < kMostFields && !lines.empty(); ++i) {
    const auto field = field_of(take_line(lines));
    if (same_word(field.name, "content-length"))
      return std::min(decimal_of(field.value).value_or(0), kMostBody);
  }
  return 0;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (bytes[0] == '$' && ((*context.state)[0] & kHeard) != 0) {
    stream.skip(2);
    const auto length = stream.be16();
    return stream.ok() ? Extent::of(kInterleaved).then_skip(length) : Extent::incomplete();
  }
  const auto text = view_of(bytes);
  const auto end = text.substr(0, 1024).find('\n');
  if (end == std::string_view::npos) {
    // A method in capitals, or the protocol's name: nothing else is waited for.
    const auto word = text.substr(0, std::min<std::size_t>(text.find(' '), 20));
    const bool may = text.size() < 1024 && std::ranges::all_of(word, [](char letter) {
                       return (letter >= 'A' && letter <= 'Z') || letter == '_' || letter == '/' ||
                              letter == '.' || (letter >= '0' && letter <= '9');
                     });
    return may ? Extent::incomplete() : Extent::foreign();
  }
  if (!start_of(text.substr(0, end)).has_value()) return Extent::foreign();
  const auto head = block_extent(bytes, kLongestHead);
  if (!head.is_message()) return head;
  return head.then_skip(body_of(bytes.first(head.size())));
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto text = view_of(message.rest());
  const auto start = start_of(text.substr(0, text.find('\n')));
  // A server may ask as well (RFC 7826, 13), but seldom and never first.
  if (!start.has_value()) return std::nullopt;
  return start->is_request ? Sender::client : Sender::server;
}

// `rtsp://user:password@camera/stream`.
void login_in_target(std::string_view target, Observer& out) {
  const auto at = target.find("://");
  if (at == std::string_view::npos) return;
  auto rest = target.substr(at + 3);
  const auto place = rest.substr(0, rest.find('/'));
  const auto end = place.rfind('@');
  if (end == std::string_view::npos) return;
  auto pair = place.substr(0, end);
  const auto user = take_until(pair, ':');
  say_cleartext_login("rtsp address", bytes_of(user), bytes_of(pair), out);
}

/// What the fields of a head say. The number is what request and answer share (RFC 2326, 12.17).
struct Head {
  std::uint64_t number = 0;
  std::string_view software;
  std::string_view authorization;
  std::string_view realm;
};

// Nothing where the empty line that ends it is missing.
std::optional<Head> head_of(ByteCursor& message, bool is_request) noexcept {
  Head head;
  while (message.ok()) {
    const auto line = take_line(message);
    if (!message.ok()) return std::nullopt;
    if (line.empty()) break;
    auto field = field_of(line);
    if (same_word(field.name, "cseq")) head.number = decimal_of(field.value).value_or(0);
    if (same_word(field.name, is_request ? "user-agent" : "server")) head.software = field.value;
    if (same_word(field.name, "authorization")) head.authorization = field.value;
    if (!same_word(field.name, "www-authenticate")) continue;
    take_until(field.value, ' ');  // the scheme
    head.realm = parameter_of(field.value, "realm");
  }
  return head;
}

void request(const Start& start, const Head& head, Observer& out) {
  const auto* const row = std::ranges::find(kOperations, start.method, &Operation::notation);
  const bool proven = !head.authorization.empty();
  out.request(row == kOperations.end() ? 0 : row->code, {}, head.number, proven ? 1 : 0);
  login_in_target(start.target, out);
  if (proven) say_authorization(head.authorization, false, out);
}

void answer(const Start& start, const Head& head, Observer& out) {
  if (start.status < 200) return;
  const bool refused = start.status >= 400;
  const auto proven =
      out.reply(head.number, refused ? Outcome::rejected : Outcome::executed, start.status);
  if (start.status == 401 && proven.value_or(0) == 1)
    out.event(Event::login_rejected, "status 401");
  if (!head.realm.empty())
    out.property({}, Property::description,
                 SmallText{"realm "}.add(head.realm.substr(0, 120)).bytes(), Confidence::stated);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  if (!bytes.empty() && bytes[0] == '$') {
    message.skip(bytes.size());
    return;
  }
  const auto start = start_of(take_line(message));
  if (!message.ok() || !start.has_value()) return;
  const auto head = head_of(message, start->is_request);
  if (!head.has_value()) return;
  (*context.state)[0] |= kHeard;
  if (start->is_request) {
    request(*start, *head, out);
  } else {
    answer(*start, *head, out);
  }
  if (!head->software.empty())
    out.property({}, Property::software, bytes_of(head->software.substr(0, 200)),
                 Confidence::stated);
}

const Registration registration{{
    .name = "rtsp",
    .title = "RTSP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
