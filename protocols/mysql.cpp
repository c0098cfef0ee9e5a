// MySQL and MariaDB: the client/server protocol of the MySQL Internals manual. Code: the command,
// `0x03` query; a statement with its first word, `0x03/SELECT`; `0x100` is the login that follows
// the server's greeting. The reason of a rejection is the server's error number.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/sql.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 3306}});

constexpr std::uint32_t kQuery = 0x03;
constexpr std::uint32_t kChangeUser = 0x11;
constexpr std::uint32_t kPrepare = 0x16;
constexpr std::uint32_t kLogin = 0xff;  // no command has this number

// Command phase: the manual's list of commands.
constexpr auto kOwn = std::to_array<Operation>({
    {0x01, "quit", Access::session},
    {0x02, "use", Access::session},
    {0x04, "list-fields", Access::read},
    {0x05, "create-database", Access::configure},
    {0x06, "drop-database", Access::configure},
    {0x07, "refresh", Access::configure},
    {0x08, "shutdown", Access::control},
    {0x09, "statistics", Access::diagnose},
    {0x0a, "list-processes", Access::diagnose},
    {0x0c, "kill", Access::control},
    {0x0d, "debug", Access::diagnose},
    {0x0e, "ping", Access::session},
    {kChangeUser, "change-user", Access::authenticate},
    {0x12, "read-log", Access::read},
    {0x13, "read-table", Access::read},
    {0x15, "register-replica", Access::session},
    {0x17, "execute", Access::unknown},
    {0x18, "send-data", Access::session},
    {0x19, "close-statement", Access::session},
    {0x1a, "reset-statement", Access::session},
    {0x1b, "set-option", Access::session},
    {0x1c, "fetch", Access::read},
    {0x1e, "read-log", Access::read},
    {0x1f, "reset-connection", Access::session},
    {kLogin, "login", Access::authenticate, "login"},
});
constexpr auto kOperations = with_sql(kOwn, std::to_array<std::uint32_t>({kQuery, kPrepare}));

constexpr std::size_t kHeaderSize = 4;
constexpr std::size_t kHeard = 2048;  // of a message; the rest is passed over
constexpr std::uint8_t kProtocol = 10;
constexpr std::uint8_t kOk = 0x00;
constexpr std::uint8_t kError = 0xff;
constexpr std::uint8_t kMoreAuth = 0x01;
constexpr std::uint8_t kSwitch = 0xfe;
// Capabilities.
constexpr std::uint32_t kWithDatabase = 0x8;
constexpr std::uint32_t kCompress = 0x20;
constexpr std::uint32_t kProtocol41 = 0x200;
constexpr std::uint32_t kSsl = 0x800;
constexpr std::uint32_t kSecure = 0x8000;
constexpr std::uint32_t kPluginAuth = 0x80000;
constexpr std::uint32_t kAttributes = 0x100000;
constexpr std::uint32_t kLengthCoded = 0x200000;
constexpr std::size_t kSslRequestSize = 32;

// Bits of the flow's first word; the second counts the requests that wait.
constexpr std::uint64_t kGreeted = 1;
constexpr std::uint64_t kLoggingIn = 2;
constexpr std::uint64_t kIn = 4;
constexpr std::uint64_t kRaw = 8;  // TLS, or compressed
constexpr std::uint64_t kWantsCompression = 16;
constexpr std::uint64_t kNoSecret = 32;

SmallText notate(std::uint32_t code) {
  SmallText text;
  text.hex(code > 0xff ? code >> 8U : code);
  const auto verb = code & 0xffU;
  if (code > 0xff && verb < kSqlVerbs.size()) text.add('/').add(kSqlVerbs[verb].word);
  return text;
}

/// Up to a zero, which goes; fails the cursor where there is none.
Bytes take_zero(ByteCursor& cursor) noexcept {
  const auto end = view_of(cursor.rest()).find('\0');
  if (end == std::string_view::npos) {
    cursor.skip(cursor.remaining() + 1);
    return {};
  }
  const auto text = cursor.take(end);
  cursor.skip(1);
  return text;
}

/// A length of one byte, or two, three or eight behind a mark.
std::uint64_t take_length(ByteCursor& cursor) noexcept {
  const auto first = cursor.u8();
  if (first < 0xfb) return first;
  if (first == 0xfc) return cursor.le16();
  if (first == 0xfd) return cursor.le24();
  return first == 0xfe ? cursor.le64() : 0;
}

Bytes take_coded(ByteCursor& cursor) noexcept {
  const auto length = take_length(cursor);
  return cursor.take(static_cast<std::size_t>(std::min<std::uint64_t>(length, SIZE_MAX / 2)));
}

// Version 10 of the handshake: text, thread, eight bytes, zero, capabilities, ..., ten zeros.
bool is_greeting(ByteCursor body) noexcept {
  const auto protocol = body.u8();
  const auto version = take_zero(body);
  body.skip(4 + 8);
  const auto filler = body.u8();
  body.skip(2 + 1 + 2 + 2 + 1);
  const auto zeros = body.take(6);
  return body.ok() && protocol == kProtocol && filler == 0 && !version.empty() &&
         version.size() <= 64 && version[0] >= '0' && version[0] <= '9' &&
         is_printable(view_of(version)) &&
         std::ranges::all_of(zeros, [](std::uint8_t byte) { return byte == 0; });
}

// HandshakeResponse41 or SSLRequest: nineteen zeros that nobody uses, and four of MariaDB's.
bool is_login(ByteCursor body) noexcept {
  const auto capabilities = body.le32();
  body.skip(4 + 1);
  const auto zeros = body.take(19);
  body.skip(4);
  return body.ok() && (capabilities & kProtocol41) != 0 &&
         std::ranges::all_of(zeros, [](std::uint8_t byte) { return byte == 0; });
}

bool is_error(ByteCursor body) noexcept {
  return body.u8() == kError && body.le16() >= 1000 && body.ok();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  if ((word & kRaw) != 0) return Extent::opaque();
  const auto bytes = stream.rest();
  const std::size_t length = stream.le24();
  const auto number = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  const auto kept = std::min(length, kHeard);
  const auto whole = Extent::of(kHeaderSize + kept).then_skip(length - kept);
  if (word != 0) return whole;
  // A greeting and a login are short and tell themselves.
  if (length < 3 || length > kHeard || number > 3) return Extent::foreign();
  if (number == 0 && stream.remaining() > 0) {
    const auto first = ByteCursor{stream.rest()}.u8();
    if (first != kProtocol && first != kError) return Extent::foreign();
  }
  if (stream.remaining() < length) return Extent::incomplete();
  const ByteCursor body{bytes.subspan(kHeaderSize, length)};
  const bool mine = number == 0 ? is_greeting(body) || (context.on_seat && is_error(body))
                                : number <= 2 && is_login(body);
  return mine ? whole : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const std::size_t length = message.le24();
  const auto number = message.u8();
  const ByteCursor body{message.rest().first(std::min(length, message.remaining()))};
  if (number == 0 && is_greeting(body)) return Sender::server;
  if (number == 1 && is_login(body)) return Sender::client;
  return std::nullopt;
}

void greeting(ByteCursor body, FlowState& words, Observer& out) {
  words[0] |= kGreeted;
  body.skip(1);
  const auto version = take_zero(body);
  if (body.ok())
    out.property({}, Property::software, SmallText{"MySQL "}.add(view_of(version)).bytes(),
                 Confidence::stated);
}

void attributes(ByteCursor list, Observer& out) {
  constexpr int kMost = 16;
  SmallText software;
  std::string_view version;
  for (int i = 0; i < kMost && !list.empty(); ++i) {
    const auto name = view_of(take_coded(list));
    const auto value = take_coded(list);
    if (!list.ok()) break;
    if (name == "_client_version") version = view_of(value).substr(0, 40);
    if (name == "program_name") software = SmallText{view_of(value).substr(0, 100)};
    if (name == "_client_name" && software.empty())
      software = SmallText{view_of(value).substr(0, 100)};
    if (name == "_os") out.property({}, Property::os, value, Confidence::stated);
  }
  if (software.empty()) return;
  if (!version.empty()) software.add(' ').add(version);
  out.property({}, Property::software, software.bytes(), Confidence::stated);
}

void say_login(std::string_view plugin, Bytes user, Observer& out) {
  SmallText text{"mysql, "};
  text.add(plugin.empty() ? "password proof" : plugin.substr(0, 64));
  if (!user.empty()) text.add(", user ").add(view_of(user).substr(0, 128));
  out.event(Event::login, text.view());
}

void login(ByteCursor body, FlowState& words, Observer& out) {
  constexpr std::string_view kClear = "mysql_clear_password";
  const auto size = body.remaining();
  const auto capabilities = body.le32();
  body.skip(4 + 1 + 23);
  if (!body.ok()) return;
  if ((capabilities & kSsl) != 0 && size == kSslRequestSize) {
    words[0] |= kRaw;
    out.event(Event::encrypted, "TLS");
    return;
  }
  const auto user = take_zero(body);
  const auto proof = (capabilities & kLengthCoded) != 0 ? take_coded(body)
                     : (capabilities & kSecure) != 0    ? body.take(body.u8())
                                                        : take_zero(body);
  Bytes database;
  Bytes plugin;
  if ((capabilities & kWithDatabase) != 0) database = take_zero(body);
  if ((capabilities & kPluginAuth) != 0) plugin = take_zero(body);
  if (!body.ok()) return;
  out.request(kLogin, Target{.name = database}, 0);
  ++words[1];
  words[0] |= kLoggingIn;
  if ((capabilities & kCompress) != 0) words[0] |= kWantsCompression;
  if (view_of(plugin) == kClear) {
    // The secret itself, a zero behind it.
    const auto secret = view_of(proof).substr(0, view_of(proof).find('\0'));
    say_cleartext_login("mysql", user, bytes_of(secret), out);
  } else if (proof.empty()) {
    words[0] |= kNoSecret;
  } else {
    say_login(view_of(plugin), user, out);
  }
  if ((capabilities & kAttributes) != 0) attributes(body.nested(take_length(body)), out);
}

void command(ByteCursor body, FlowState& words, Observer& out) {
  constexpr std::uint8_t kQuit = 0x01;
  constexpr std::uint8_t kUse = 0x02;
  constexpr std::uint8_t kSendData = 0x18;
  constexpr std::uint8_t kClose = 0x19;
  const std::uint32_t code = body.u8();
  if (!body.ok()) return;
  if (code == kQuit || code == kSendData || code == kClose) {  // never answered
    out.notice(code, {});
    return;
  }
  if (code == kQuery || code == kPrepare) {
    // Since 8.0.23 a client may send attributes in front: their count, and a one.
    auto text = view_of(body.rest());
    if (text.starts_with(std::string_view{"\0\1", 2})) text.remove_prefix(2);
    out.request((code << 8U) | sql_verb_of(text), {}, 0);
  } else {
    out.request(code, Target{.name = code == kUse ? body.rest() : Bytes{}}, 0);
  }
  if (code == kChangeUser) {
    words[0] |= kLoggingIn;
    const auto user = take_zero(body);
    if (body.ok()) say_login({}, user, out);
  }
  ++words[1];
}

void logged_in(bool good, FlowState& words, Observer& out) {
  if (!good) {
    out.event(Event::login_rejected, "mysql");
  } else if ((words[0] & kNoSecret) != 0) {
    out.event(Event::anonymous_login, "mysql");
  }
  if (good) words[0] |= kIn;
  if (good && (words[0] & kWantsCompression) != 0) words[0] |= kRaw;
  words[0] &= ~(kLoggingIn | kNoSecret);
}

void answer(std::uint8_t number, ByteCursor body, FlowState& words, Observer& out) {
  const auto first = body.u8();
  if (!body.ok()) return;
  if (words[1] == 0) return;
  const bool login = (words[0] & kLoggingIn) != 0;
  if (login && (first == kMoreAuth || first == kSwitch)) return;  // a step of it
  // Rows follow the first message of an answer.
  if (!login && number != 1) return;
  std::uint32_t reason = 0;
  if (first == kError) {
    reason = body.le16();
    if (!body.ok()) return;
  }
  out.reply(0, first == kError ? Outcome::rejected : Outcome::executed, reason);
  --words[1];
  if (login && (first == kOk || first == kError)) logged_in(first == kOk, words, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const std::size_t length = message.le24();
  const auto number = message.u8();
  const auto body = message.take(std::min(length, kHeard));
  if (!message.ok()) return;
  const ByteCursor cursor{body};
  if (context.sender == Sender::server) {
    if ((words[0] & kGreeted) == 0 && number == 0 && is_greeting(cursor)) {
      greeting(cursor, words, out);
    } else {
      answer(number, cursor, words, out);
    }
  } else if ((words[0] & (kLoggingIn | kIn)) == 0 && number > 0 && is_login(cursor)) {
    login(cursor, words, out);
  } else if (number == 0) {
    words[0] |= kIn;
    command(cursor, words, out);
  }
}

const Registration registration{{
    .name = "mysql",
    .title = "MySQL",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
