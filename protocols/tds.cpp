// TDS, the protocol of Microsoft SQL Server: [MS-TDS]. Code: the packet type, `0x10` login, `0x03`
// remote procedure; where it brings a statement, with the statement's first word: `0x01/SELECT`.
// The reason of a rejection is the server's error number. The password of a login is hidden by a
// fixed rule and counts as readable (2.2.6.4).

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/reply_lines.h"
#include "sekimori/dissect/sql.h"

#include "tds/login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

using tds::text_of;

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 1433}});

// 2.2.3.1.1.
constexpr std::uint8_t kBatch = 0x01;
constexpr std::uint8_t kOldLogin = 0x02;
constexpr std::uint8_t kProcedure = 0x03;
constexpr std::uint8_t kResult = 0x04;
constexpr std::uint8_t kAttention = 0x06;
constexpr std::uint8_t kBulk = 0x07;
constexpr std::uint8_t kFederated = 0x08;
constexpr std::uint8_t kTransaction = 0x0e;
constexpr std::uint8_t kLogin = 0x10;
constexpr std::uint8_t kSspi = 0x11;
constexpr std::uint8_t kPrelogin = 0x12;

constexpr auto kOwn = std::to_array<Operation>({
    {kOldLogin, "old-login", Access::authenticate, "0x02"},
    {kProcedure, "procedure", Access::unknown, "0x03"},
    {kAttention, "cancel", Access::session, "0x06"},
    {kBulk, "bulk-load", Access::write, "0x07"},
    {kFederated, "federated-login", Access::authenticate, "0x08"},
    {kTransaction, "transaction", Access::session, "0x0e"},
    {kLogin, "login", Access::authenticate, "0x10"},
    {kPrelogin, "prelogin", Access::session, "0x12"},
});
constexpr auto kOperations = with_sql(kOwn, std::to_array<std::uint32_t>({kBatch, kProcedure}));

// 2.2.3.1.
constexpr std::size_t kHeaderSize = 8;
constexpr std::uint16_t kLongest = 32767;
constexpr std::uint8_t kLast = 0x01;  // status: end of message
constexpr std::uint8_t kStatusBits = 0x1b;
constexpr std::size_t kTlsHeader = 5;
// 2.2.6.5.
constexpr std::uint8_t kVersionOption = 0;
constexpr std::uint8_t kEncryptionOption = 1;
constexpr std::uint8_t kLastOption = 7;
constexpr std::uint8_t kTerminator = 0xff;
constexpr std::uint8_t kEncryptLogin = 0;
constexpr std::uint8_t kEncryptAll = 1;
constexpr std::uint8_t kEncryptNothing = 2;
constexpr std::uint8_t kEncryptRequired = 3;
// 2.2.7: tokens.
constexpr std::uint8_t kError = 0xaa;
constexpr std::uint8_t kInfo = 0xab;
constexpr std::uint8_t kLoginAck = 0xad;
constexpr std::uint8_t kEnvironment = 0xe3;
constexpr std::uint8_t kSspiToken = 0xed;
constexpr std::uint8_t kDone = 0xfd;
constexpr std::uint8_t kLeastError = 11;  // class; lower ones are information
constexpr int kMostTokens = 64;
constexpr std::uint64_t kMessage = 0;  // buffer

// Bits of the flow's first word; the second counts the requests that wait, the third keeps an
// error's number while its answer goes on.
constexpr std::uint64_t kHeard = 1;
constexpr std::uint64_t kPreloginAsked = 2;
constexpr std::uint64_t kTls = 4;  // records may come
constexpr std::uint64_t kLoggingIn = 16;
constexpr std::uint64_t kMore = 32;  // the client's message goes on; of the server above it

SmallText notate(std::uint32_t code) {
  SmallText text;
  text.hex(code > 0xff ? code >> 8U : code);
  const auto verb = code & 0xffU;
  if (code > 0xff && verb < kSqlVerbs.size()) text.add('/').add(kSqlVerbs[verb].word);
  return text;
}

bool is_client_type(std::uint8_t type) noexcept {
  return std::ranges::find(kOwn, type, &Operation::code) != kOwn.end() || type == kBatch ||
         type == kSspi;
}

// Options of five bytes each up to the terminator, the first of which is the version; the data lie
// behind them, in order (2.2.6.5).
bool is_prelogin(Bytes body) noexcept {
  ByteCursor options{body};
  std::size_t least = 0;
  for (unsigned i = 0; i <= kLastOption + 1U; ++i) {
    const auto type = options.u8();
    if (!options.ok()) return false;
    if (type == kTerminator) return i > 0;
    const auto offset = options.be16();
    const auto length = options.be16();
    if (type > kLastOption || (i == 0 && type != kVersionOption) || (i == 0 && length != 6) ||
        offset < least || std::size_t{offset} + length > body.size())
      return false;
    least = std::size_t{offset} + length;
  }
  return false;
}

bool may_begin_answer(std::uint8_t token) noexcept {
  constexpr auto kTokens = std::to_array<std::uint8_t>(
      {0, 0x81, kError, kInfo, kLoginAck, kEnvironment, kSspiToken, kDone, 0xfe, 0xff});
  return std::ranges::find(kTokens, token) != kTokens.end();
}

// Off its port and before anything was heard, only what is sure begins.
bool may_begin(std::uint8_t type, Bytes body) noexcept {
  ByteCursor cursor{body};
  if (type == kPrelogin) return is_prelogin(body);
  if (type == kLogin) {
    const auto length = cursor.le32();
    const auto version = cursor.le32();
    return cursor.ok() && length >= 86 && length <= 0x20000 && (version >> 24U) >= 0x70 &&
           (version >> 24U) <= 0x75;
  }
  if (type == kResult) {
    const auto token = cursor.u8();
    return cursor.ok() && (token == 0 ? is_prelogin(body) : may_begin_answer(token));
  }
  return false;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  const auto bytes = stream.rest();
  if ((word & kTls) != 0 && is_tls_record(bytes)) {
    stream.skip(3);
    const auto length = stream.be16();
    return stream.ok() ? Extent::of(kTlsHeader).then_skip(length) : Extent::incomplete();
  }
  const auto type = stream.u8();
  const auto status = stream.u8();
  const auto length = stream.be16();
  stream.skip(3);  // process, number
  const auto window = stream.u8();
  if (!bytes.empty() && type != kResult && !is_client_type(type)) return Extent::foreign();
  if (bytes.size() > 1 && (status & ~kStatusBits) != 0) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (length < kHeaderSize || length > kLongest || window != 0) return Extent::foreign();
  const bool sure = (word & kHeard) != 0;
  if (sure) return Extent::of(length);
  // The structures that tell stand in the first packet, and that is short.
  const auto body =
      stream.rest().first(std::min<std::size_t>(length - kHeaderSize, stream.remaining()));
  const bool whole = body.size() == length - kHeaderSize;
  if (context.on_seat && type != kPrelogin) return Extent::of(length);
  if (type != kPrelogin && type != kLogin && type != kResult) return Extent::foreign();
  if (!whole && type == kPrelogin && length <= 512) return Extent::incomplete();
  if (!whole && body.size() < 8) return Extent::incomplete();
  return may_begin(type, body) ? Extent::of(length) : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.u8();
  if (!message.ok() || type == kPrelogin || is_tls_record(Bytes{&type, 1})) return std::nullopt;
  return type == kResult ? Sender::server : Sender::client;
}

void ask(std::uint32_t code, const Target& target, FlowState& words, Observer& out) {
  out.request(code, target, 0);
  ++words[1];
}

void say(Observer& out, Property property, const SmallText& text) {
  if (!text.empty()) out.property({}, property, text.bytes(), Confidence::stated);
}

void server_version(ByteCursor data, Observer& out) {
  const auto major = data.u8();
  const auto minor = data.u8();
  const auto build = data.be16();
  if (!data.ok()) return;
  SmallText text{"Microsoft SQL Server "};
  say(out, Property::software, text.decimal(major).add('.').decimal(minor).add('.').decimal(build));
}

void server_encryption(ByteCursor data, FlowState& words, Observer& out) {
  const auto choice = data.u8() & 0x0fU;
  if (!data.ok()) return;
  if (choice == kEncryptNothing) out.event(Event::version, "TDS without encryption");
  if (choice == kEncryptLogin) out.event(Event::version, "TDS with only the login encrypted");
  if (choice == kEncryptAll || choice == kEncryptRequired) out.event(Event::encrypted, "TLS");
  if (choice != kEncryptNothing) words[0] |= kTls;
}

// 2.2.6.5: VERSION is major, minor, build; ENCRYPTION what the server will have.
void prelogin_answer(Bytes body, FlowState& words, Observer& out) {
  ByteCursor options{body};
  for (unsigned i = 0; i <= kLastOption; ++i) {
    const auto type = options.u8();
    const auto offset = options.be16();
    const auto length = options.be16();
    if (!options.ok() || type == kTerminator || std::size_t{offset} + length > body.size()) return;
    const ByteCursor data{body.subspan(offset, length)};
    if (type == kVersionOption) server_version(data, out);
    if (type == kEncryptionOption) server_encryption(data, words, out);
  }
}

void login(Bytes message, FlowState& words, Observer& out) {
  const auto login = tds::login_of(message);
  if (!login) return;
  const auto database = text_of(login->database);
  ask(kLogin, Target{.name = database.bytes()}, words, out);
  words[0] |= kLoggingIn;
  tds::say_login(*login, out);
}

// 2.2.5.3: since TDS 7.2 headers stand before it, behind their whole length.
Bytes behind_headers(Bytes body) noexcept {
  constexpr std::uint32_t kMost = 256;
  const auto length = ByteCursor{body}.le32();
  return length >= 4 && length <= kMost && length <= body.size() ? body.subspan(length) : body;
}

void batch(Bytes body, FlowState& words, Observer& out) {
  const auto text = text_of(behind_headers(body));
  ask((std::uint32_t{kBatch} << 8U) | sql_verb_of(text.view()), {}, words, out);
}

// 2.2.6.6: a name, or a number of those that every server has.
void procedure(Bytes body, FlowState& words, Observer& out) {
  constexpr std::uint16_t kNumbered = 0xffff;
  constexpr std::uint16_t kExecuteSql = 10;
  constexpr std::uint8_t kText = 0xe7;  // NVARCHAR
  constexpr auto kNames = std::to_array<std::string_view>(
      {"", "sp_cursor", "sp_cursoropen", "sp_cursorprepare", "sp_cursorexecute",
       "sp_cursorprepexec", "sp_cursorunprepare", "sp_cursorfetch", "sp_cursoroption",
       "sp_cursorclose", "sp_executesql", "sp_prepare", "sp_execute", "sp_prepexec",
       "sp_prepexecrpc", "sp_unprepare"});
  ByteCursor call{behind_headers(body)};
  SmallText name;
  const auto length = call.le16();
  if (length == kNumbered) {
    const auto number = call.le16();
    if (call.ok() && number < kNames.size()) name.add(kNames[number]);
    if (!call.ok()) return;
    if (number == kExecuteSql) {
      // The first parameter is the statement: no name, type, longest, collation, size.
      call.skip(2 + 1 + 1);
      const auto type = call.u8();
      const auto longest = call.le16();
      call.skip(5);
      // A long one comes in pieces: eight bytes for all, four for the first.
      if (longest == 0xffff) call.skip(8 + 4);
      if (longest != 0xffff) call.skip(2);
      if (call.ok() && type == kText) {
        const auto verb = sql_verb_of(text_of(call.rest()).view());
        ask((std::uint32_t{kProcedure} << 8U) | verb, {}, words, out);
        return;
      }
    }
  } else {
    name = text_of(call.take(std::size_t{length} * 2));
  }
  if (call.ok() && !name.empty()) ask(kProcedure, Target{.name = name.bytes()}, words, out);
}

/// A text behind its length in UTF-16 units of one byte.
SmallText short_text(ByteCursor& cursor) noexcept {
  return text_of(cursor.take(std::size_t{cursor.u8()} * 2));
}

void error(ByteCursor token, bool real, FlowState& words, Observer& out) {
  const auto number = token.le32();
  token.skip(1);
  const auto severity = token.u8();
  token.skip(std::size_t{token.le16()} * 2);
  const auto server = short_text(token);
  if (!token.ok()) return;
  say(out, Property::name, server);
  if (real && severity >= kLeastError && words[2] == 0) words[2] = number;
}

// 2.2.7.14.
void login_ack(ByteCursor token, FlowState& words, Observer& out) {
  token.skip(1 + 4);
  auto program = short_text(token);
  const auto major = token.u8();
  const auto minor = token.u8();
  const auto build = token.be16();
  if (!token.ok()) return;
  words[0] &= ~kLoggingIn;
  // Padded with zero units.
  const auto name = program.view().substr(0, program.view().find('\0'));
  say(out, Property::software,
      SmallText{name}.add(' ').decimal(major).add('.').decimal(minor).add('.').decimal(build));
}

/// Walks the tokens whose length is told. True where the answer is a step of a login only.
bool tokens(Bytes body, FlowState& words, Observer& out) {
  ByteCursor stream{body};
  for (int i = 0; i < kMostTokens && !stream.empty(); ++i) {
    const auto type = stream.u8();
    if (type != kError && type != kInfo && type != kLoginAck && type != kEnvironment &&
        type != kSspiToken)
      return false;
    const auto token = stream.nested(stream.le16());
    if (!stream.ok()) return false;
    if (type == kError || type == kInfo) error(token, type == kError, words, out);
    if (type == kLoginAck) login_ack(token, words, out);
    if (type == kSspiToken) {
      say_ntlm(token.rest(), out);
      if (i == 0 && stream.empty()) return true;
    }
  }
  return false;
}

void finish(FlowState& words, Observer& out) {
  const auto number = static_cast<std::uint32_t>(words[2]);
  words[2] = 0;
  if (words[1] == 0) return;
  --words[1];
  out.reply(0, number != 0 ? Outcome::rejected : Outcome::executed, number);
  if ((words[0] & kLoggingIn) != 0 && number != 0) {
    out.event(Event::login_rejected, "tds");
    words[0] &= ~kLoggingIn;
  }
}

// An answer's first packet tells how it went; the rest are rows.
void result(Bytes body, bool last, FlowState& words, Observer& out) {
  constexpr auto kServerMore = kMore << 1U;
  const bool first = (words[0] & kServerMore) == 0;
  words[0] = last ? words[0] & ~kServerMore : words[0] | kServerMore;
  if (!first || body.empty()) return;
  if ((words[0] & kPreloginAsked) != 0 && body[0] == kVersionOption) {
    words[0] &= ~kPreloginAsked;
    prelogin_answer(body, words, out);
    finish(words, out);
    return;
  }
  if (!tokens(body, words, out)) finish(words, out);
}

/// A message of the client, as far as it is there: whole where it is a login.
void client_message(std::uint8_t type, Bytes body, FlowState& words, Observer& out) {
  switch (type) {
    case kBatch:
      return batch(body, words, out);
    case kProcedure:
      return procedure(body, words, out);
    case kLogin:
      return login(body, words, out);
    case kSspi:
      say_ntlm(body, out);
      return;
    case kPrelogin:
      // Within it the TLS handshake is wrapped as well.
      if (!is_prelogin(body)) return;
      words[0] |= kPreloginAsked;
      return ask(kPrelogin, {}, words, out);
    default:
      return ask(type, {}, words, out);
  }
}

void client_packet(std::uint8_t type, Bytes body, bool last, FlowState& words, Observer& out) {
  const bool first = (words[0] & kMore) == 0;
  words[0] = last ? words[0] & ~kMore : words[0] | kMore;
  if (type != kLogin) {
    if (first) client_message(type, body, words, out);
    return;
  }
  auto& gathered = out.buffer(kMessage);
  if (first) gathered.clear();
  if (!gathered.append(body) || !last) return;
  login(gathered.view(), words, out);
  gathered.clear();
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  if ((words[0] & kTls) != 0 && is_tls_record(message.rest())) {
    message.skip(message.remaining());
    return;
  }
  const auto type = message.u8();
  const auto status = message.u8();
  const auto length = message.be16();
  message.skip(4);
  if (!message.ok() || length < kHeaderSize) return;
  const auto body = message.take(length - kHeaderSize);
  if (!message.ok()) return;
  words[0] |= kHeard;
  const bool last = (status & kLast) != 0;
  if (type == kResult) {
    result(body, last, words, out);
  } else if (context.sender == Sender::client) {
    client_packet(type, body, last, words, out);
  }
}

const Registration registration{{
    .name = "tds",
    .title = "Microsoft SQL Server (TDS)",
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
