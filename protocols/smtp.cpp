// SMTP: RFC 5321; logins RFC 4954, TLS RFC 3207, chunks RFC 3030. Of a mail only the domains of
// its sender and receivers are said. Code: the command, written as it stands; one that the table
// lacks is `other`. The reason of a rejection is the reply's code.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/reply_lines.h"
#include "sekimori/dissect/sasl.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// RFC 5321, 4.5.4.2; RFC 6409, 3.1.
constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 25}, {Over::tcp, 587}, {Over::tcp, 2525}});

constexpr std::uint32_t kHello = 1;
constexpr std::uint32_t kExtendedHello = 2;
constexpr std::uint32_t kMail = 3;
constexpr std::uint32_t kReceiver = 4;
constexpr std::uint32_t kData = 5;
constexpr std::uint32_t kChunk = 6;
constexpr std::uint32_t kAuth = 7;
constexpr std::uint32_t kStartTls = 8;

constexpr auto kOperations = std::to_array<Operation>({
    {0, "extension", Access::unknown, "other"},
    {kHello, "hello", Access::session, "HELO"},
    {kExtendedHello, "extended-hello", Access::session, "EHLO"},
    {kMail, "mail-from", Access::session, "MAIL"},
    {kReceiver, "mail-to", Access::session, "RCPT"},
    {kData, "mail-data", Access::file, "DATA"},
    {kChunk, "mail-chunk", Access::file, "BDAT"},
    {kAuth, "authenticate", Access::authenticate, "AUTH"},
    {kStartTls, "start-tls", Access::session, "STARTTLS"},
    {9, "reset", Access::session, "RSET"},
    {10, "verify", Access::discover, "VRFY"},
    {11, "expand", Access::discover, "EXPN"},
    {12, "help", Access::discover, "HELP"},
    {13, "noop", Access::session, "NOOP"},
    {14, "quit", Access::session, "QUIT"},
    {15, "turn-queue", Access::session, "ETRN"},  // RFC 1985
});

constexpr std::size_t kLongestCommand = 2048;
constexpr std::size_t kLongestSaslLine = 12288;  // RFC 4954, 4
constexpr std::size_t kLongestReply = 16384;
constexpr std::uint64_t kUser = 0;  // buffer

/// The flow's words: 0 bits, 1 the codes of the commands that wait, four bits each, oldest lowest,
/// 2 how many wait, 3 where a login stands.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  static constexpr std::uint64_t kHeard = 1;
  static constexpr std::uint64_t kGreeted = 2;
  static constexpr std::uint64_t kContent = 4;  // the client sends a mail
  static constexpr std::uint64_t kFresh = 8;    // from its first line
  static constexpr std::uint64_t kSealed = 16;

  [[nodiscard]] bool is(std::uint64_t bit) const noexcept { return (words_[0] & bit) != 0; }
  void set(std::uint64_t bit) noexcept { words_[0] |= bit; }
  void clear(std::uint64_t bit) noexcept { words_[0] &= ~bit; }

  void push(std::uint32_t code) noexcept {
    if (words_[2] < kMostCodes) words_[1] |= std::uint64_t{code} << (4 * words_[2]);
    ++words_[2];
  }
  [[nodiscard]] std::uint32_t oldest() const noexcept { return words_[1] & 0xfU; }
  void pop() noexcept {
    words_[1] >>= 4U;
    --words_[2];
  }
  [[nodiscard]] bool waiting() const noexcept { return words_[2] > 0; }

  [[nodiscard]] Sasl sasl() const noexcept { return static_cast<Sasl>(words_[3]); }
  void sasl(Sasl next) noexcept { words_[3] = static_cast<std::uint64_t>(next); }

 private:
  static constexpr std::uint64_t kMostCodes = 16;

  FlowState& words_;
};

struct Command {
  const Operation* row = nullptr;  // null: not of the table
  std::string_view argument;
};

Command command_of(std::string_view line) noexcept {
  line = trimmed(line);
  const auto word = take_until(line, ' ');
  const auto* const row = std::ranges::find_if(
      kOperations, [&](const Operation& each) { return same_word(each.notation, word); });
  return {row == kOperations.end() || row->code == 0 ? nullptr : row, trimmed(line)};
}

bool is_word(std::string_view line) noexcept {
  const auto word = line.substr(0, line.find_first_of(" \r\n"));
  return !word.empty() && word.size() <= 16 && std::ranges::all_of(word, [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') || letter == '-' ||
           (letter >= '0' && letter <= '9');
  });
}

// What no other protocol of lines begins with: files and news share most verbs.
bool is_own(const Command& command) noexcept {
  if (command.row == nullptr || command.argument.empty()) return false;
  const auto code = command.row->code;
  return code == kHello || code == kExtendedHello ||
         (code == kMail && begins_with(command.argument, "FROM:")) ||
         (code == kReceiver && begins_with(command.argument, "TO:"));
}

// RFC 3030, 2: `BDAT size [LAST]`, and so many bytes behind the line.
std::uint64_t chunk_of(const Command& command) noexcept {
  auto argument = command.argument;
  return decimal_of(take_until(argument, ' ')).value_or(0);
}

Extent command_extent(Bytes stream, const State& state, bool on_seat) noexcept {
  const bool login = state.sasl() != Sasl::none;
  const auto line = line_extent(stream, login ? kLongestSaslLine : kLongestCommand);
  if (line.is_foreign()) return line;
  const auto text = view_of(stream.first(line.is_message() ? line.size() : stream.size()));
  if (login) return is_printable(trimmed(text)) ? line : Extent::foreign();
  if (!line.is_message()) return is_word(text) ? line : Extent::foreign();
  const auto command = command_of(text);
  const bool may = state.is(State::kHeard) ? is_word(trimmed(text))
                   : on_seat               ? command.row != nullptr
                                           : is_own(command);
  if (!may || !is_printable(trimmed(text))) return Extent::foreign();
  if (command.row != nullptr && command.row->code == kChunk)
    return line.then_skip(chunk_of(command));
  return line;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  const auto bytes = stream.rest();
  if (state.is(State::kSealed)) return Extent::opaque();
  if (bytes.empty()) return Extent::incomplete();
  if (state.is(State::kContent) && context.sender == Sender::client)
    return dotted_extent(bytes, state.is(State::kFresh));
  // A login's line may begin with a digit; a reply comes from the server alone.
  const bool login = state.sasl() != Sasl::none && context.sender == Sender::client;
  const bool server = state.is(State::kHeard) && context.sender == Sender::server;
  if (server || (!login && bytes[0] >= '0' && bytes[0] <= '9'))
    return reply_extent(bytes, kLongestReply);
  return command_extent(bytes, state, context.on_seat);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  if (!message.ok()) return std::nullopt;
  return first >= '0' && first <= '9' ? Sender::server : Sender::client;
}

/// A name, and neither an address nor everybody's own (RFC 5321, 4.1.3).
bool is_name(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 253 && word.front() != '[' &&
         !begins_with(word, "localhost") && word.find(' ') == std::string_view::npos &&
         word.find_first_not_of("0123456789.") != std::string_view::npos;
}

bool has_dot(std::string_view word) noexcept {
  return word.find('.') != std::string_view::npos;
}

void say_name(std::string_view word, Observer& out) {
  if (is_name(word)) out.property({}, Property::name, bytes_of(word), Confidence::stated);
}

// `FROM:<who@domain> SIZE=1`: the person stays out. An empty path is a report of failure.
std::string_view domain_of(std::string_view argument) noexcept {
  const auto open = argument.find('<');
  const auto close = argument.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  const auto path = argument.substr(open + 1, close - open - 1);
  const auto at = path.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : path.substr(at + 1, 253);
}

void authenticate(std::string_view argument, State& state, Observer& out) {
  const auto mechanism = take_until(argument, ' ');
  state.sasl(sasl_of(mechanism));
  say_mechanism(mechanism, "smtp", out);
  const auto first = trimmed(argument);
  if (!first.empty()) state.sasl(say_sasl(state.sasl(), first, "smtp", out.buffer(kUser), out));
}

void request(std::string_view line, State& state, Observer& out) {
  if (state.sasl() != Sasl::none) {
    state.sasl(say_sasl(state.sasl(), line, "smtp", out.buffer(kUser), out));
    return;
  }
  const auto command = command_of(line);
  const auto code = command.row != nullptr ? command.row->code : 0;
  Target target;
  if (code == kMail || code == kReceiver) target.name = bytes_of(domain_of(command.argument));
  out.request(code, target, 0);
  state.push(code);
  if (code == kHello || code == kExtendedHello)
    say_name(command.argument.substr(0, command.argument.find(' ')), out);
  if (code == kAuth) authenticate(command.argument, state, out);
  if (code == kData) state.set(State::kContent | State::kFresh);
}

// `220 mail.example ESMTP Postfix` (RFC 5321, 4.2).
void greeting(const NumberedReply& reply, State& state, Observer& out) {
  if (state.is(State::kGreeted) || reply.code != 220) return;
  state.set(State::kGreeted);
  auto text = reply.first;
  const auto name = take_until(text, ' ');
  // A word alone is a name where the protocol's stands behind it, and a greeting otherwise.
  if (has_dot(name) || (contains(text, "SMTP") && !contains(name, "SMTP"))) say_name(name, out);
  const auto software = trimmed(text).substr(0, 200);
  if (!software.empty())
    out.property({}, Property::software, bytes_of(software), Confidence::stated);
}

void answer(const NumberedReply& reply, State& state, Observer& out) {
  const auto asked = state.oldest();
  // 354 and 334 ask for more; the end is still to come (RFC 5321, 4.2.1; RFC 4954, 4).
  if (reply.code / 100 == 3) return;
  const bool rejected = reply.code >= 400;
  out.reply(0, rejected ? Outcome::rejected : Outcome::executed, reply.code);
  state.pop();
  if (asked == kData && rejected) state.clear(State::kContent | State::kFresh);
  if (asked == kHello || asked == kExtendedHello)
    if (const auto name = reply.first.substr(0, reply.first.find(' ')); !rejected && has_dot(name))
      say_name(name, out);
  if (asked == kAuth) {
    state.sasl(Sasl::none);
    if (reply.code == 535) out.event(Event::login_rejected, "smtp");  // RFC 4954, 6
  }
  if (asked == kStartTls && reply.code == 220) {
    state.set(State::kSealed);
    out.event(Event::encrypted, "TLS");
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto bytes = message.rest();
  if (bytes.empty()) return;
  if (state.is(State::kContent) && context.sender == Sender::client) {
    if (ends_dotted(bytes, state.is(State::kFresh))) state.clear(State::kContent);
    state.clear(State::kFresh);
    message.skip(bytes.size());
    return;
  }
  state.set(State::kHeard);
  const bool login = state.sasl() != Sasl::none && context.sender == Sender::client;
  if (!login && bytes[0] >= '0' && bytes[0] <= '9') {
    const auto reply = take_reply(message);
    if (!reply) return;
    if (state.waiting()) {
      answer(*reply, state, out);
    } else {
      greeting(*reply, state, out);
    }
    return;
  }
  const auto line = take_line(message);
  if (message.ok()) request(line, state, out);
}

const Registration registration{{
    .name = "smtp",
    .title = "SMTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // replies look like those of files and news: off its port, both sides must speak
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
