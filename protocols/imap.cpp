// IMAP4rev1: RFC 3501, and rev2: RFC 9051; ID: RFC 2971. Code: the command, written as it stands;
// `UID FETCH` counts as FETCH, and a command that the table lacks is `other`. The reason of a
// rejection is 1 for NO, 2 for BAD.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/reply_lines.h"
#include "sekimori/dissect/sasl.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 143}});

constexpr std::uint32_t kLogin = 1;
constexpr std::uint32_t kAuthenticate = 2;
constexpr std::uint32_t kStartTls = 3;
constexpr std::uint32_t kCompress = 4;
constexpr std::uint32_t kIdle = 5;
constexpr std::uint32_t kId = 6;

constexpr auto kOperations = std::to_array<Operation>({
    {0, "extension", Access::unknown, "other"},
    {kLogin, "login", Access::authenticate, "LOGIN"},
    {kAuthenticate, "authenticate", Access::authenticate, "AUTHENTICATE"},
    {kStartTls, "start-tls", Access::session, "STARTTLS"},
    {kCompress, "compress", Access::session, "COMPRESS"},  // RFC 4978
    {kIdle, "idle", Access::session, "IDLE"},              // RFC 2177
    {kId, "identify", Access::discover, "ID"},
    {7, "capability", Access::discover, "CAPABILITY"},
    {8, "noop", Access::session, "NOOP"},
    {9, "logout", Access::session, "LOGOUT"},
    {10, "select", Access::read, "SELECT"},
    {11, "examine", Access::read, "EXAMINE"},
    {12, "create", Access::file, "CREATE"},
    {13, "delete", Access::file, "DELETE"},
    {14, "rename", Access::file, "RENAME"},
    {15, "subscribe", Access::file, "SUBSCRIBE"},
    {16, "unsubscribe", Access::file, "UNSUBSCRIBE"},
    {17, "list", Access::read, "LIST"},
    {18, "list-subscribed", Access::read, "LSUB"},
    {19, "status", Access::read, "STATUS"},
    {20, "append", Access::file, "APPEND"},
    {21, "check", Access::session, "CHECK"},
    {22, "close", Access::session, "CLOSE"},
    {23, "unselect", Access::session, "UNSELECT"},  // RFC 3691
    {24, "expunge", Access::file, "EXPUNGE"},
    {25, "search", Access::read, "SEARCH"},
    {26, "fetch", Access::file, "FETCH"},
    {27, "store", Access::file, "STORE"},
    {28, "copy", Access::file, "COPY"},
    {29, "move", Access::file, "MOVE"},            // RFC 6851
    {30, "namespace", Access::read, "NAMESPACE"},  // RFC 2342
    {31, "enable", Access::session, "ENABLE"},     // RFC 5161
    {32, "quota", Access::read, "GETQUOTAROOT"},   // RFC 2087
    {33, "quota", Access::read, "GETQUOTA"},
    {34, "sort", Access::read, "SORT"},      // RFC 5256
    {35, "thread", Access::read, "THREAD"},  // RFC 5256
});

constexpr std::size_t kLongestLine = 16384;
constexpr std::uint64_t kLongestLiteral = 4096;  // longer ones are content, and passed over
constexpr std::uint64_t kUser = 0;               // buffer
constexpr std::uint32_t kNo = 1;
constexpr std::uint32_t kBad = 2;

/// The flow's words: 0 bits, 1 where a login stands.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  static constexpr std::uint64_t kHeard = 1;
  static constexpr std::uint64_t kGreeted = 2;
  static constexpr std::uint64_t kIdling = 4;
  static constexpr std::uint64_t kSealed = 8;
  /// A line goes on behind a literal: of the client, and of the server above it.
  static constexpr std::uint64_t kGoesOn = 16;

  [[nodiscard]] bool is(std::uint64_t bit) const noexcept { return (words_[0] & bit) != 0; }
  void set(std::uint64_t bit, bool value = true) noexcept {
    words_[0] = value ? words_[0] | bit : words_[0] & ~bit;
  }
  static std::uint64_t goes_on(Sender sender) noexcept {
    return kGoesOn << static_cast<unsigned>(sender);
  }
  [[nodiscard]] Sasl sasl() const noexcept { return static_cast<Sasl>(words_[1]); }
  void sasl(Sasl next) noexcept { words_[1] = static_cast<std::uint64_t>(next); }

 private:
  FlowState& words_;
};

// RFC 3501, 9: neither `+` nor `*`, nor what has a meaning of its own.
bool is_tag(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 32 && std::ranges::all_of(word, [](char letter) {
    return letter > ' ' && letter < 0x7f &&
           std::string_view{"+*(){%\"\\"}.find(letter) == std::string_view::npos;
  });
}

std::uint64_t key_of(std::string_view tag) noexcept {
  std::uint64_t key = 0;
  for (const char letter : tag) key = key * 257 + static_cast<unsigned char>(letter);
  return key;
}

struct Command {
  std::string_view tag;
  std::uint32_t code = 0;
  std::string_view rest;
};

Command command_of(std::string_view line) noexcept {
  Command command;
  command.tag = take_until(line, ' ');
  auto word = take_until(line, ' ');
  if (same_word(word, "UID")) word = take_until(line, ' ');
  word = trimmed(word);
  const auto* const row = std::ranges::find_if(
      kOperations, [&](const Operation& each) { return same_word(each.notation, word); });
  command.code = row == kOperations.end() ? 0 : row->code;
  command.rest = line;
  return command;
}

/// The size of the literal that the line announces at its end: `{12}`, `{12+}` (RFC 7888).
std::optional<std::uint64_t> literal_of(std::string_view line) noexcept {
  line = trimmed(line);
  if (!line.ends_with('}')) return std::nullopt;
  line.remove_suffix(1);
  if (line.ends_with('+') || line.ends_with('-')) line.remove_suffix(1);
  const auto open = line.rfind('{');
  return open == std::string_view::npos ? std::nullopt : decimal_of(line.substr(open + 1));
}

// A line, and what short literals it holds; a long one is passed over, and the line goes on.
Extent line_with_literals(Bytes stream) noexcept {
  std::size_t at = 0;
  while (true) {
    if (at >= kLongestLine) return Extent::foreign();
    const auto line = line_extent(stream.subspan(at), kLongestLine - at);
    if (!line.is_message()) return line;
    const auto literal = literal_of(view_of(stream.subspan(at, line.size())));
    at += line.size();
    if (!literal) return Extent::of(at);
    if (*literal > kLongestLiteral) return Extent::of(at).then_skip(*literal);
    if (stream.size() - at < *literal) return Extent::incomplete();
    at += static_cast<std::size_t>(*literal);
  }
}

bool begins_status(std::string_view word) noexcept {
  return same_word(word, "OK") || same_word(word, "NO") || same_word(word, "BAD") ||
         same_word(word, "BYE") || same_word(word, "PREAUTH");
}

// Before anything was heard: a greeting, or a tag with a command of the table.
bool may_begin(std::string_view line) noexcept {
  if (line.starts_with("* ")) {
    line.remove_prefix(2);
    return begins_status(trimmed(take_until(line, ' ')));
  }
  const auto command = command_of(line);
  return is_tag(command.tag) && command.code != 0;
}

bool is_whole_text(std::string_view line) noexcept {
  return is_printable(trimmed(line.substr(0, line.find('\n'))));
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  const auto bytes = stream.rest();
  if (state.is(State::kSealed)) return Extent::opaque();
  if (bytes.empty()) return Extent::incomplete();
  const auto text = view_of(bytes);
  if (!state.is(State::kHeard)) {
    // No printable beginning, no line to be waited for.
    if (!is_printable(text.substr(0, std::min<std::size_t>(text.find('\r'), 8))))
      return Extent::foreign();
    const auto first = line_extent(bytes, kLongestLine);
    if (!first.is_message()) {
      const bool may = context.on_seat || text.starts_with("*") || text.size() < 64;
      return may ? first : Extent::foreign();
    }
    if (!may_begin(text.substr(0, first.size()))) return Extent::foreign();
  }
  if (!state.is(State::goes_on(context.sender)) && !is_whole_text(text)) return Extent::foreign();
  return line_with_literals(bytes);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto text = view_of(message.rest());
  if (text.starts_with("* ") || text.starts_with("+")) return Sender::server;
  auto line = text.substr(0, text.find('\n'));
  if (command_of(line).code != 0) return Sender::client;
  take_until(line, ' ');
  if (begins_status(take_until(line, ' '))) return Sender::server;
  return std::nullopt;
}

/// The next string: an atom, quoted, or a literal. Nothing where it is cut.
std::optional<std::string_view> take_string(std::string_view& text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.starts_with('"')) {
    std::size_t at = 1;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
    if (at >= text.size()) return std::nullopt;
    const auto word = text.substr(1, at - 1);
    text.remove_prefix(at + 1);
    return word;
  }
  if (text.starts_with('{')) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto size = literal_of(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!size || *size > text.size()) return std::nullopt;
    const auto word = text.substr(0, static_cast<std::size_t>(*size));
    text.remove_prefix(word.size());
    return word;
  }
  const auto end = std::min(text.find_first_of(" )\r\n"), text.size());
  if (end == 0) return std::nullopt;
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

// `("name" "Dovecot" "version" "2.3")` (RFC 2971, 3.1).
void identify(std::string_view list, Observer& out) {
  constexpr int kMostFields = 30;  // RFC 2971, 3.3
  if (!list.starts_with('(')) return;
  list.remove_prefix(1);
  std::string_view name;
  std::string_view version;
  for (int i = 0; i < kMostFields; ++i) {
    const auto field = take_string(list);
    const auto value = field ? take_string(list) : std::nullopt;
    if (!value) break;
    if (same_word(*field, "name")) name = *value;
    if (same_word(*field, "version")) version = *value;
    if (same_word(*field, "os"))
      out.property({}, Property::os, bytes_of(*value), Confidence::stated);
  }
  if (name.empty()) return;
  SmallText software{name.substr(0, 100)};
  if (!version.empty()) software.add(' ').add(version.substr(0, 100));
  out.property({}, Property::software, software.bytes(), Confidence::stated);
}

void request(std::string_view text, State& state, Observer& out) {
  if (state.sasl() != Sasl::none) {
    state.sasl(say_sasl(state.sasl(), text, "imap", out.buffer(kUser), out));
    return;
  }
  if (state.is(State::kIdling) && same_word(trimmed(text), "DONE")) {
    state.set(State::kIdling, false);
    return;
  }
  auto command = command_of(text);
  if (!is_tag(command.tag)) return;
  out.request(command.code, {}, key_of(command.tag), command.code);
  if (command.code == kLogin) {
    const auto user = take_string(command.rest);
    const auto secret = user ? take_string(command.rest) : std::nullopt;
    if (secret) say_cleartext_login("imap", bytes_of(*user), bytes_of(*secret), out);
  } else if (command.code == kAuthenticate) {
    const auto mechanism = trimmed(take_until(command.rest, ' '));
    state.sasl(sasl_of(mechanism));
    say_mechanism(mechanism, "imap", out);
    const auto first = trimmed(command.rest);
    if (!first.empty()) state.sasl(say_sasl(state.sasl(), first, "imap", out.buffer(kUser), out));
  } else if (command.code == kId) {
    identify(command.rest, out);
  }
  state.set(State::kIdling, command.code == kIdle);
}

// `* OK [CAPABILITY ...] Dovecot ready.` (RFC 3501, 7.1).
void greeting(std::string_view line, State& state, Observer& out) {
  if (state.is(State::kGreeted)) return;
  state.set(State::kGreeted);
  const auto status = take_until(line, ' ');
  if (!begins_status(status)) return;
  if (same_word(status, "PREAUTH")) out.event(Event::anonymous_login, "imap");
  if (line.starts_with('[')) take_until(line, ']');
  const auto words = trimmed(line).substr(0, 200);
  if (!words.empty()) out.property({}, Property::software, bytes_of(words), Confidence::stated);
}

void tagged(std::string_view line, State& state, Observer& out) {
  const auto tag = take_until(line, ' ');
  const auto status = take_until(line, ' ');
  const bool good = same_word(status, "OK");
  if (!good && !same_word(status, "NO") && !same_word(status, "BAD")) return;
  const auto asked = out.reply(key_of(tag), good ? Outcome::executed : Outcome::rejected,
                               good                      ? 0
                               : same_word(status, "NO") ? kNo
                                                         : kBad);
  if (!asked) return;
  if (*asked == kAuthenticate) state.sasl(Sasl::none);
  if (!good && (*asked == kAuthenticate || *asked == kLogin))
    out.event(Event::login_rejected, "imap");
  if (good && *asked == kStartTls) out.event(Event::encrypted, "TLS");
  if (good && (*asked == kStartTls || *asked == kCompress)) state.set(State::kSealed);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto goes_on = State::goes_on(context.sender);
  const bool continued = state.is(goes_on);
  const auto text = view_of(message.rest());
  // All of a message ends in an end of line; a cut one says nothing.
  if (text.empty() || !text.ends_with('\n')) {
    message.skip(message.remaining() + 1);
    return;
  }
  message.skip(text.size());
  state.set(goes_on, literal_of(text.substr(text.rfind('\n', text.size() - 2) + 1)).has_value());
  if (continued) return;
  state.set(State::kHeard);
  if (context.sender == Sender::client) {
    request(text, state, out);
    return;
  }
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("* ")) {
    line.remove_prefix(2);
    greeting(line, state, out);
    if (begins_with(line, "ID ")) identify(line.substr(3), out);
  } else if (!line.starts_with('+')) {
    tagged(line, state, out);
  }
}

const Registration registration{{
    .name = "imap",
    .title = "IMAP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // a line of words is little: off its port, both sides must speak
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
