// POP3: RFC 1939; logins RFC 5034, TLS RFC 2595, capabilities RFC 2449. Code: the command, written
// as it stands; one that the table lacks is `other`. A rejection has no number: its reason is 0.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/reply_lines.h"
#include "sekimori/dissect/sasl.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 110}});

constexpr std::uint32_t kUserName = 1;
constexpr std::uint32_t kPassword = 2;
constexpr std::uint32_t kDigest = 3;
constexpr std::uint32_t kAuth = 4;
constexpr std::uint32_t kStartTls = 5;
constexpr std::uint32_t kList = 6;
constexpr std::uint32_t kUniqueList = 7;
constexpr std::uint32_t kRetrieve = 8;
constexpr std::uint32_t kTop = 9;
constexpr std::uint32_t kCapabilities = 10;
constexpr std::uint32_t kQuit = 12;
constexpr std::uint32_t kNoop = 13;
constexpr std::uint32_t kReset = 14;

constexpr auto kOperations = std::to_array<Operation>({
    {0, "extension", Access::unknown, "other"},
    {kUserName, "user", Access::authenticate, "USER"},
    {kPassword, "password", Access::authenticate, "PASS"},
    {kDigest, "digest", Access::authenticate, "APOP"},
    {kAuth, "authenticate", Access::authenticate, "AUTH"},
    {kStartTls, "start-tls", Access::session, "STLS"},
    {kList, "list", Access::read, "LIST"},
    {kUniqueList, "unique-list", Access::read, "UIDL"},
    {kRetrieve, "retrieve", Access::file, "RETR"},
    {kTop, "top", Access::read, "TOP"},
    {kCapabilities, "capabilities", Access::discover, "CAPA"},
    {11, "delete", Access::file, "DELE"},
    {kQuit, "quit", Access::session, "QUIT"},
    {kNoop, "noop", Access::session, "NOOP"},
    {kReset, "reset", Access::session, "RSET"},
    {15, "status", Access::read, "STAT"},
});

constexpr std::size_t kLongestCommand = 512;
constexpr std::size_t kLongestSaslLine = 12288;
constexpr std::uint64_t kUser = 0;  // buffer

/// The flow's words: 0 bits, 1 the codes of the commands that wait, four bits each, oldest lowest,
/// with a bit in 2 where a list is asked for; 3 how many wait, and where a login stands.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  static constexpr std::uint64_t kHeard = 1;
  static constexpr std::uint64_t kGreeted = 2;
  static constexpr std::uint64_t kContent = 4;  // the server sends lines up to a dot
  static constexpr std::uint64_t kFresh = 8;
  static constexpr std::uint64_t kSealed = 16;

  [[nodiscard]] bool is(std::uint64_t bit) const noexcept { return (words_[0] & bit) != 0; }
  void set(std::uint64_t bit) noexcept { words_[0] |= bit; }
  void clear(std::uint64_t bit) noexcept { words_[0] &= ~bit; }

  void push(std::uint32_t code, bool lines) noexcept {
    const auto count = waiting();
    if (count < kMostCodes) {
      words_[1] |= std::uint64_t{code} << (4 * count);
      words_[2] |= (lines ? std::uint64_t{1} : 0) << count;
    }
    words_[3] += kOne;
  }
  [[nodiscard]] std::uint32_t oldest() const noexcept { return words_[1] & 0xfU; }
  [[nodiscard]] bool oldest_has_lines() const noexcept { return (words_[2] & 1U) != 0; }
  void pop() noexcept {
    words_[1] >>= 4U;
    words_[2] >>= 1U;
    words_[3] -= kOne;
  }
  [[nodiscard]] std::uint64_t waiting() const noexcept { return words_[3] >> 8U; }

  [[nodiscard]] Sasl sasl() const noexcept { return static_cast<Sasl>(words_[3] & 0xffU); }
  void sasl(Sasl next) noexcept {
    words_[3] = (words_[3] & ~std::uint64_t{0xff}) | static_cast<std::uint64_t>(next);
  }

 private:
  static constexpr std::uint64_t kMostCodes = 16;
  static constexpr std::uint64_t kOne = 256;

  FlowState& words_;
};

struct Command {
  std::uint32_t code = 0;  // 0: not of the table
  std::string_view argument;
};

Command command_of(std::string_view line) noexcept {
  line = trimmed(line);
  const auto word = take_until(line, ' ');
  const auto* const row = std::ranges::find_if(
      kOperations, [&](const Operation& each) { return same_word(each.notation, word); });
  return {row == kOperations.end() ? 0 : row->code, line};
}

bool is_word(std::string_view line) noexcept {
  const auto word = line.substr(0, line.find_first_of(" \r\n"));
  return !word.empty() && word.size() <= 8 && std::ranges::all_of(word, [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9');
  });
}

// Verbs that files and mail going out have too prove nothing.
bool is_own(std::uint32_t code) noexcept {
  return code != 0 && code != kAuth && code != kQuit && code != kNoop && code != kReset &&
         code != kList && code != kUserName && code != kPassword;
}

// RFC 1939, 5; CAPA: RFC 2449, 5; AUTH alone lists the mechanisms.
bool asks_for_lines(const Command& command) noexcept {
  const bool bare = trimmed(command.argument).empty();
  return command.code == kRetrieve || command.code == kTop || command.code == kCapabilities ||
         ((command.code == kList || command.code == kUniqueList || command.code == kAuth) && bare);
}

bool is_reply(std::string_view line) noexcept {
  return line.starts_with("+") || line.starts_with("-ERR");
}

// `+OK`, `-ERR`; `+ ` asks a login for more (RFC 5034, 4), once one is under way.
Extent reply_extent(Bytes stream, const State& state) noexcept {
  constexpr std::string_view kGood = "+OK";
  constexpr std::string_view kBad = "-ERR";
  const auto text = view_of(stream);
  if (kGood.starts_with(text) || kBad.starts_with(text)) return Extent::incomplete();
  const bool more = state.sasl() != Sasl::none && text.starts_with("+ ");
  const auto mark = text.starts_with(kGood) ? kGood : kBad;
  if (!more &&
      (!text.starts_with(mark) || (text.size() > mark.size() && text[mark.size()] != ' ' &&
                                   text[mark.size()] != '\r' && text[mark.size()] != '\n')))
    return Extent::foreign();
  const auto line = line_extent(stream, kLongestSaslLine);
  if (!line.is_message()) return line;
  return is_printable(trimmed(text.substr(0, line.size()))) ? line : Extent::foreign();
}

Extent command_extent(Bytes stream, const State& state, bool on_seat) noexcept {
  const bool login = state.sasl() != Sasl::none;
  const auto line = line_extent(stream, login ? kLongestSaslLine : kLongestCommand);
  if (line.is_foreign()) return line;
  const auto text = view_of(stream.first(line.is_message() ? line.size() : stream.size()));
  if (login) return is_printable(trimmed(text)) ? line : Extent::foreign();
  if (!line.is_message()) return is_word(text) ? line : Extent::foreign();
  const auto code = command_of(text).code;
  // A greeting `+OK` is proof enough for verbs that files have too: it must come from the server.
  const bool may = state.is(State::kHeard) ? is_word(trimmed(text))
                   : on_seat               ? code != 0
                                           : is_own(code) || code == kUserName;
  return may && is_printable(trimmed(text)) ? line : Extent::foreign();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  const auto bytes = stream.rest();
  if (state.is(State::kSealed)) return Extent::opaque();
  if (bytes.empty()) return Extent::incomplete();
  if (state.is(State::kContent) && context.sender == Sender::server)
    return dotted_extent(bytes, state.is(State::kFresh));
  const bool login = state.sasl() != Sasl::none && context.sender == Sender::client;
  const bool server = state.is(State::kHeard) && context.sender == Sender::server;
  if (server || (!login && (bytes[0] == '+' || bytes[0] == '-'))) return reply_extent(bytes, state);
  return command_extent(bytes, state, context.on_seat);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  if (!message.ok()) return std::nullopt;
  return first == '+' || first == '-' ? Sender::server : Sender::client;
}

void request(std::string_view line, State& state, Observer& out) {
  if (state.sasl() != Sasl::none) {
    state.sasl(say_sasl(state.sasl(), line, "pop3", out.buffer(kUser), out));
    return;
  }
  const auto command = command_of(line);
  out.request(command.code, {}, 0);
  state.push(command.code, asks_for_lines(command));
  auto argument = trimmed(command.argument);
  auto& user = out.buffer(kUser);
  if (command.code == kUserName) {
    user.clear();
    user.append(bytes_of(argument));
  } else if (command.code == kPassword) {
    // Blanks belong to the secret (RFC 1939, 7).
    say_cleartext_login("pop3", user.view(), bytes_of(command.argument), out);
  } else if (command.code == kDigest) {
    out.event(Event::login,
              SmallText{"pop3, APOP, user "}.add(take_until(argument, ' ').substr(0, 128)).view());
  } else if (command.code == kAuth && !argument.empty()) {
    const auto mechanism = take_until(argument, ' ');
    state.sasl(sasl_of(mechanism));
    say_mechanism(mechanism, "pop3", out);
    const auto first = trimmed(argument);
    if (!first.empty()) state.sasl(say_sasl(state.sasl(), first, "pop3", user, out));
  }
}

// `+OK Dovecot ready. <1896.697170952@host>`: the time stamp is for APOP (RFC 1939, 7).
void greeting(std::string_view text, State& state, Observer& out) {
  if (state.is(State::kGreeted)) return;
  state.set(State::kGreeted);
  const auto words = trimmed(text.substr(0, text.find('<'))).substr(0, 200);
  if (!words.empty()) out.property({}, Property::software, bytes_of(words), Confidence::stated);
}

void reply(std::string_view line, State& state, Observer& out) {
  if (line.starts_with("+ ")) return;
  const bool good = line.starts_with("+OK");
  if (state.waiting() == 0) {
    if (good) greeting(line.substr(3), state, out);
    return;
  }
  const auto asked = state.oldest();
  out.reply(0, good ? Outcome::executed : Outcome::rejected);
  if (good && state.oldest_has_lines()) state.set(State::kContent | State::kFresh);
  state.pop();
  if (asked == kAuth) state.sasl(Sasl::none);
  if (!good && (asked == kAuth || asked == kPassword || asked == kDigest))
    out.event(Event::login_rejected, "pop3");
  if (good && asked == kStartTls) {
    state.set(State::kSealed);
    out.event(Event::encrypted, "TLS");
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto bytes = message.rest();
  if (bytes.empty()) return;
  if (state.is(State::kContent) && context.sender == Sender::server) {
    if (ends_dotted(bytes, state.is(State::kFresh))) state.clear(State::kContent);
    state.clear(State::kFresh);
    message.skip(bytes.size());
    return;
  }
  const auto line = take_line(message);
  if (!message.ok()) return;
  state.set(State::kHeard);
  const bool login = state.sasl() != Sasl::none && context.sender == Sender::client;
  if (!login && is_reply(line)) {
    reply(line, state, out);
  } else {
    request(line, state, out);
  }
}

const Registration registration{{
    .name = "pop3",
    .title = "POP3",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // other protocols of lines answer `+OK` too: off its port, both sides must speak
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
