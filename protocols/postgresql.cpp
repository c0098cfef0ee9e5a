// PostgreSQL: the frontend/backend protocol 3.0 of its manual (53.7, message formats). Code: the
// message's letter; `S` stands for the startup, which has none, and a statement adds its first
// word: `Q/SELECT`. The reason of a rejection is the SQLSTATE, read as a number of base 36.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/sql.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 5432}});

constexpr std::uint32_t kStartup = 0x80;  // no letter has this number
constexpr std::uint32_t kCancel = 0x81;
constexpr std::uint32_t kPassword = 'p';
constexpr std::uint32_t kQuery = 'Q';
constexpr std::uint32_t kParse = 'P';
constexpr std::uint32_t kExecute = 'E';
constexpr std::uint32_t kFunction = 'F';

constexpr auto kOwn = std::to_array<Operation>({
    {kStartup, "startup", Access::session, "startup"},
    {kCancel, "cancel", Access::session, "cancel"},
    {kExecute, "execute", Access::unknown, "E"},
    {kFunction, "function", Access::unknown, "F"},
    {'X', "terminate", Access::session, "X"},
});
constexpr auto kOperations = with_sql(kOwn, std::to_array<std::uint32_t>({kQuery, kParse}));

// The numbers that stand for a version in a startup message.
constexpr std::uint32_t kCancelRequest = 80877102;
constexpr std::uint32_t kSslRequest = 80877103;
constexpr std::uint32_t kGssRequest = 80877104;
constexpr std::uint32_t kLongestStartup = 10000;
constexpr std::uint32_t kLongest = 0x3fffffff;
constexpr std::size_t kHeard = 4096;  // of a message; the rest is passed over
constexpr std::string_view kServerLetters = "RSKZECTDNIAVGHWcdstnv123";
constexpr std::string_view kClientLetters = "QPBEDCSXpFHdcf";
constexpr std::uint64_t kUser = 0;  // buffer

// Bits of the flow's first word; the second has the kind of authentication asked for, plus one.
constexpr std::uint64_t kStarted = 1;
constexpr std::uint64_t kSslAsked = 2;
constexpr std::uint64_t kSealed = 4;
constexpr std::uint64_t kIn = 8;
constexpr std::uint64_t kProven = 16;  // the client sent something that proves it
constexpr std::uint64_t kAsked = 32;   // a query waits for its first answer
constexpr std::uint64_t kTyped = 64;   // messages with letters were heard
constexpr std::uint64_t kStartupOpen = 128;

// Authentication requests.
constexpr std::uint32_t kAuthOk = 0;
constexpr std::uint32_t kAuthClear = 3;
constexpr std::uint32_t kAuthMd5 = 5;
constexpr std::uint32_t kAuthGss = 7;
constexpr std::uint32_t kAuthSspi = 9;
constexpr std::uint32_t kAuthSasl = 10;
constexpr std::uint32_t kMostAuth = 12;

SmallText notate(std::uint32_t code) {
  SmallText text;
  text.add(static_cast<char>(code > 0xff ? code >> 8U : code));
  const auto verb = code & 0xffU;
  if (code > 0xff && verb < kSqlVerbs.size()) text.add('/').add(kSqlVerbs[verb].word);
  return text;
}

bool has(std::string_view letters, std::uint8_t letter) noexcept {
  return letters.find(static_cast<char>(letter)) != std::string_view::npos;
}

/// Up to a zero, which goes; fails the cursor where there is none.
std::string_view take_zero(ByteCursor& cursor) noexcept {
  const auto end = view_of(cursor.rest()).find('\0');
  if (end == std::string_view::npos) {
    cursor.skip(cursor.remaining() + 1);
    return {};
  }
  const auto text = view_of(cursor.take(end));
  cursor.skip(1);
  return text;
}

// A startup has no letter: its length comes first, and begins with a zero.
Extent startup_extent(ByteCursor stream, bool heard) noexcept {
  const auto length = stream.be32();
  const auto number = stream.be32();
  if (!stream.ok()) return Extent::incomplete();
  const bool request = number == kSslRequest || number == kGssRequest;
  if (request) return length == 8 ? Extent::of(8) : Extent::foreign();
  if (number == kCancelRequest) return length == 16 ? Extent::of(16) : Extent::foreign();
  if ((number >> 16U) != 3 || (number & 0xffffU) > 2 || length < 9 || length > kLongestStartup)
    return Extent::foreign();
  if (stream.remaining() + 8 < length) return Extent::incomplete();
  // Names and values, each behind a zero, and one more zero.
  const auto pairs = view_of(stream.rest().first(length - 8));
  const bool named = pairs.starts_with("user") || contains(pairs, "user");
  return pairs.ends_with('\0') && (named || heard) ? Extent::of(length) : Extent::foreign();
}

Extent typed_extent(ByteCursor stream, std::string_view letters) noexcept {
  const auto letter = stream.u8();
  const auto length = stream.be32();
  if (stream.offset() > 0 && !has(letters, letter)) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (length < 4 || length > kLongest) return Extent::foreign();
  const auto kept = std::min<std::size_t>(length - 4, kHeard);
  return Extent::of(5 + kept).then_skip(length - 4 - kept);
}

// The server's first message asks for authentication, or tells an error.
bool is_authentication(ByteCursor stream) noexcept {
  const auto letter = stream.u8();
  const auto length = stream.be32();
  const auto kind = stream.be32();
  return stream.ok() && letter == 'R' && length >= 8 && length < 2000 && kind <= kMostAuth &&
         kind != 1;
}

bool is_error(ByteCursor stream) noexcept {
  const auto letter = stream.u8();
  const auto length = stream.be32();
  const auto field = stream.u8();
  return stream.ok() && letter == 'E' && length > 10 && length < 4096 && field == 'S';
}

// What comes right behind the end of authentication: settings, a key, readiness.
bool goes_on(ByteCursor stream) noexcept {
  const auto letter = stream.u8();
  const auto length = stream.be32();
  const auto state = stream.u8();
  if (!stream.ok()) return false;
  if (letter == 'Z') return length == 5 && (state == 'I' || state == 'T' || state == 'E');
  if (letter == 'K') return length == 12;
  return letter == 'S' && length > 6 && length < 2000 && state >= 'A';
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  if ((word & kSealed) != 0) return Extent::opaque();
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (bytes[0] == 0) return startup_extent(stream, word != 0);
  // One letter answers the question for TLS; of the messages that have it too, the length follows.
  if ((word & kTyped) == 0 && (bytes[0] == 'S' || bytes[0] == 'N') &&
      (word == 0 ? bytes.size() == 1 || bytes[1] != 0
                 : (word & kSslAsked) != 0 && context.sender == Sender::server))
    return Extent::of(1);
  if (word == 0 && !context.on_seat) {
    if (std::string_view{"RESKZ"}.find(static_cast<char>(bytes[0])) == std::string_view::npos)
      return Extent::foreign();
    if (bytes.size() < 6) return Extent::incomplete();
    if (bytes.size() < 9 && (bytes[0] == 'R' || bytes[0] == 'E')) return Extent::incomplete();
    if (!is_authentication(stream) && !is_error(stream) && !goes_on(stream))
      return Extent::foreign();
  }
  if (word == 0) {
    const auto either = has(kServerLetters, bytes[0]) ? kServerLetters : kClientLetters;
    return typed_extent(stream, either);
  }
  return typed_extent(stream, context.sender == Sender::server ? kServerLetters : kClientLetters);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  if (!message.ok()) return std::nullopt;
  if (first == 0 || first == 'Q' || first == 'p') return Sender::client;
  if (first == 'R' || first == 'Z') return Sender::server;
  return std::nullopt;
}

void say_login(std::string_view how, StreamBuffer& user, Observer& out) {
  SmallText text{"postgresql, "};
  text.add(how.substr(0, 64));
  if (!user.view().empty()) text.add(", user ").add(view_of(user.view()).substr(0, 128));
  out.event(Event::login, text.view());
}

void startup(ByteCursor message, FlowState& words, Observer& out) {
  constexpr int kMostPairs = 32;
  message.skip(4);
  const auto number = message.be32();
  if (!message.ok()) return;
  if (number == kSslRequest || number == kGssRequest) {
    words[0] |= kSslAsked;
    return;
  }
  if (number == kCancelRequest) {
    out.notice(kCancel, {});
    return;
  }
  std::string_view user;
  std::string_view database;
  std::string_view program;
  for (int i = 0; i < kMostPairs; ++i) {
    const auto name = take_zero(message);
    const auto value = name.empty() ? std::string_view{} : take_zero(message);
    if (!message.ok()) return;
    if (name.empty()) break;
    if (name == "user") user = value;
    if (name == "database") database = value;
    if (name == "application_name") program = value;
  }
  words[0] |= kStarted | kStartupOpen;
  auto& known = out.buffer(kUser);
  known.clear();
  known.append(bytes_of(user));
  out.request(kStartup, Target{.name = bytes_of(database.empty() ? user : database)}, kStartup);
  if (!program.empty()) out.property({}, Property::software, bytes_of(program), Confidence::stated);
}

// What the letter `p` brings depends on what the server asked for.
void password(ByteCursor body, FlowState& words, Observer& out) {
  auto& user = out.buffer(kUser);
  const auto kind = words[1];
  words[0] |= kProven;
  words[1] = 0;
  if (kind == kAuthClear + 1) {
    const auto secret = take_zero(body);
    if (body.ok()) say_cleartext_login("postgresql", user.view(), bytes_of(secret), out);
  } else if (kind == kAuthMd5 + 1) {
    say_login("md5", user, out);
  } else if (kind == kAuthSasl + 1) {
    const auto mechanism = take_zero(body);
    if (body.ok()) say_login(mechanism, user, out);
  } else if (kind == kAuthGss + 1 || kind == kAuthSspi + 1) {
    say_login(kind == kAuthGss + 1 ? "GSSAPI" : "SSPI", user, out);
  }
}

void client_message(std::uint8_t letter, ByteCursor body, FlowState& words, Observer& out) {
  switch (letter) {
    case 'p':
      return password(body, words, out);
    case 'Q':
      out.request((kQuery << 8U) | sql_verb_of(view_of(body.rest())), {}, kQuery);
      words[0] |= kAsked;
      return;
    case 'P':
      take_zero(body);  // the statement's name
      if (body.ok()) out.request((kParse << 8U) | sql_verb_of(view_of(body.rest())), {}, kParse);
      return;
    case 'E':
    case 'F':
      out.request(letter, {}, letter);
      return;
    case 'X':
      out.notice(letter, {});
      return;
    default:
      return;
  }
}

std::uint32_t reason_of(std::string_view state) noexcept {
  std::uint32_t number = 0;
  for (const char letter : state.substr(0, 5)) {
    const bool digit = letter >= '0' && letter <= '9';
    if (!digit && (letter < 'A' || letter > 'Z')) return 0;
    number = number * 36 + static_cast<std::uint32_t>(digit ? letter - '0' : letter - 'A' + 10);
  }
  return number;
}

void error(ByteCursor body, FlowState& words, Observer& out) {
  constexpr int kMostFields = 24;
  std::string_view state;
  for (int i = 0; i < kMostFields && state.empty(); ++i) {
    const auto field = body.u8();
    if (!body.ok() || field == 0) break;
    const auto text = take_zero(body);
    if (!body.ok()) return;
    if (field == 'C') state = text;
  }
  const auto reason = reason_of(state);
  if ((words[0] & kIn) == 0) {
    if ((words[0] & kStartupOpen) == 0) return;
    words[0] &= ~kStartupOpen;
    out.reply(kStartup, Outcome::rejected, reason);
    // Class 28: invalid authorization (manual, appendix A).
    if (state.starts_with("28")) out.event(Event::login_rejected, "postgresql");
    return;
  }
  if ((words[0] & kAsked) != 0) {
    words[0] &= ~kAsked;
    out.reply(kQuery, Outcome::rejected, reason);
    return;
  }
  // Of a parse and what follows it only one can have failed: the oldest that waits.
  if ((words[2] >> 32U) > 0) {
    words[2] -= std::uint64_t{1} << 32U;
    out.reply(kParse, Outcome::rejected, reason);
  } else if ((words[2] & 0xffffffffU) > 0) {
    --words[2];
    out.reply(kExecute, Outcome::rejected, reason);
  }
}

void authentication(ByteCursor body, FlowState& words, Observer& out) {
  const auto kind = body.be32();
  if (!body.ok()) return;
  if (kind != kAuthOk) {
    if (kind == kAuthClear || kind == kAuthMd5 || kind == kAuthGss || kind == kAuthSspi ||
        kind == kAuthSasl)
      words[1] = kind + 1;
    return;
  }
  words[0] |= kIn;
  if ((words[0] & kStartupOpen) == 0) return;
  words[0] &= ~kStartupOpen;
  out.reply(kStartup, Outcome::executed);
  if ((words[0] & kProven) == 0) out.event(Event::anonymous_login, "postgresql");
}

void server_message(std::uint8_t letter, ByteCursor body, FlowState& words, Observer& out) {
  switch (letter) {
    case 'R':
      return authentication(body, words, out);
    case 'E':
      return error(body, words, out);
    case 'S': {
      const auto name = take_zero(body);
      const auto value = take_zero(body);
      if (body.ok() && name == "server_version")
        out.property({}, Property::software, SmallText{"PostgreSQL "}.add(value).bytes(),
                     Confidence::stated);
      return;
    }
    case '1':
      if ((words[2] >> 32U) > 0) words[2] -= std::uint64_t{1} << 32U;
      out.reply(kParse, Outcome::executed);
      return;
    case 'C':  // done
    case 'I':  // an empty statement
    case 's':  // as many rows as asked for
      if ((words[0] & kAsked) != 0) {
        words[0] &= ~kAsked;
        out.reply(kQuery, Outcome::executed);
      } else if ((words[2] & 0xffffffffU) > 0) {
        --words[2];
        out.reply(kExecute, Outcome::executed);
      }
      return;
    case 'V':
      out.reply(kFunction, Outcome::executed);
      return;
    case 'Z':  // ready: nothing waits
      words[0] |= kIn;
      words[0] &= ~kAsked;
      words[2] = 0;
      return;
    default:
      return;
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto bytes = message.rest();
  if (bytes.empty()) return;
  if (bytes[0] == 0) {
    message.skip(bytes.size());
    startup(ByteCursor{bytes}, words, out);
    return;
  }
  if (bytes.size() == 1 && (words[0] & kSslAsked) != 0 && (words[0] & kTyped) == 0) {
    message.skip(1);
    words[0] &= ~kSslAsked;
    if (bytes[0] != 'S' || context.sender != Sender::server) return;
    words[0] |= kSealed;
    out.event(Event::encrypted, "TLS");
    return;
  }
  const auto letter = message.u8();
  const auto length = message.be32();
  if (!message.ok() || length < 4) return;
  const auto body = message.take(std::min<std::size_t>(length - 4, kHeard));
  if (!message.ok()) return;
  words[0] |= kTyped;
  if (context.sender == Sender::server) {
    server_message(letter, ByteCursor{body}, words, out);
  } else {
    // How many wait: of parses above, of executions below.
    if (letter == 'P') words[2] += std::uint64_t{1} << 32U;
    if (letter == 'E') ++words[2];
    client_message(letter, ByteCursor{body}, words, out);
  }
}

const Registration registration{{
    .name = "postgresql",
    .title = "PostgreSQL",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 3,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
