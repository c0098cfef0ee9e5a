// TNS, the transport of Oracle Net, as other implementations and captures show it: its maker
// publishes no format. Code: the packet type, `1` connect; what a client asks of the listener
// itself adds its command, `1/STATUS`. The reason of a rejection is the number that ORA- or TNS-
// stands before.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 1521}, {Over::tcp, 1526}});

constexpr std::uint8_t kConnect = 1;
constexpr std::uint8_t kAccept = 2;
constexpr std::uint8_t kRefuse = 4;
constexpr std::uint8_t kRedirect = 5;
constexpr std::uint8_t kData = 6;
constexpr std::uint8_t kResend = 11;
constexpr std::uint8_t kMostType = 15;

// The listener's own commands (Oracle Net Services Reference, Listener Control).
constexpr auto kOperations = std::to_array<Operation>({
    {kConnect, "connect", Access::session, "1"},
    {0x101, "listener-ping", Access::diagnose, "1/PING"},
    {0x102, "listener-version", Access::discover, "1/VERSION"},
    {0x103, "listener-status", Access::diagnose, "1/STATUS"},
    {0x104, "listener-services", Access::diagnose, "1/SERVICES"},
    {0x105, "listener-stop", Access::control, "1/STOP"},
    {0x106, "listener-reload", Access::control, "1/RELOAD"},
    {0x107, "listener-save", Access::configure, "1/SAVE_CONFIG"},
    {0x108, "listener-log", Access::configure, "1/LOG_DIRECTORY"},
    {0x109, "listener-log", Access::configure, "1/LOG_FILE"},
    {0x10a, "listener-register", Access::configure, "1/SERVICE_REGISTER_NSGR"},
    {0x1ff, "listener-command", Access::unknown, "1/other"},
});
constexpr std::uint32_t kOtherCommand = 0x1ff;

constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kHeard = 4096;      // of a packet; the rest is passed over
constexpr std::size_t kConnectSize = 26;  // what stands before the text, header and all, at least
constexpr std::uint16_t kLeastVersion = 300;
constexpr std::uint16_t kMostVersion = 330;
constexpr std::uint16_t kLongVersion = 315;  // from here on, lengths have four bytes

// Bits of the flow's first word.
constexpr std::uint64_t kHeardConnect = 1;
constexpr std::uint64_t kSayAgain = 32;    // the server asked for the same once more
constexpr std::uint64_t kTextFollows = 2;  // the connect packet's text comes in a data packet
constexpr std::uint64_t kLongLengths = 4;
constexpr std::uint64_t kIn = 8;
constexpr std::uint64_t kHeardAny = 16;

struct Header {
  std::uint32_t length = 0;
  std::uint8_t type = 0;
  bool ok = false;
};

Header header_of(ByteCursor& stream, bool long_lengths) noexcept {
  Header header;
  std::uint16_t checksum = 0;
  if (long_lengths) {
    header.length = stream.be32();
  } else {
    header.length = stream.be16();
    checksum = stream.be16();
  }
  header.type = stream.u8();
  stream.skip(1);  // flags
  const auto header_checksum = stream.be16();
  header.ok = stream.ok() && header.length >= kHeaderSize && checksum == 0 &&
              header_checksum == 0 && header.type >= kConnect && header.type <= kMostType;
  return header;
}

struct Connect {
  std::uint16_t version = 0;
  std::size_t offset = 0;
  std::size_t size = 0;
};

// Version, oldest version, options, sizes, byte order; then where its text is.
Connect connect_of(ByteCursor body) noexcept {
  Connect connect;
  connect.version = body.be16();
  body.skip(2 + 2 + 2 + 2 + 2 + 2 + 2);
  connect.size = body.be16();
  connect.offset = body.be16();
  if (!body.ok()) return {};
  return connect;
}

bool is_version(std::uint16_t version) noexcept {
  return version >= kLeastVersion && version <= kMostVersion;
}

// What a side may say first, checked as far as the protocol's own numbers allow.
bool may_begin(const Header& header, ByteCursor body) noexcept {
  switch (header.type) {
    case kConnect: {
      const auto connect = connect_of(body);
      return is_version(connect.version) && connect.offset >= kConnectSize &&
             connect.offset <= header.length &&
             (connect.offset + connect.size == header.length || connect.offset == header.length);
    }
    case kAccept: {
      const auto version = body.be16();
      return body.ok() && is_version(version) && header.length < 256;
    }
    case kRefuse: {
      body.skip(2);
      const auto size = body.be16();
      return body.ok() && header.length == size + kHeaderSize + 4;
    }
    case kRedirect: {
      const auto size = body.be16();
      return body.ok() &&
             (header.length == size + kHeaderSize + 2 || header.length == kHeaderSize + 2);
    }
    case kResend:
      return header.length == kHeaderSize;
    case kData: {
      // A connect's text, where it did not fit beside the numbers.
      body.skip(2);
      return body.u8() == '(' && body.ok();
    }
    default:
      return false;
  }
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  const auto available = stream.rest();
  const auto header = header_of(stream, (word & kLongLengths) != 0);
  if (!stream.ok()) {
    // A connect is short, and most of its header is zero.
    if (word == 0 && available.size() > 2 && available[2] != 0) return Extent::foreign();
    return Extent::incomplete();
  }
  if (!header.ok) return Extent::foreign();
  const auto kept = std::min<std::size_t>(header.length, kHeard);
  const auto whole = Extent::of(kept).then_skip(header.length - kept);
  if ((word & kHeardAny) != 0) return whole;
  const bool begins = header.type == kConnect || header.type == kAccept || header.type == kRefuse ||
                      header.type == kRedirect || header.type == kResend ||
                      (header.type == kData && !context.on_seat);
  if (!begins) return context.on_seat ? whole : Extent::foreign();
  if (header.length > kHeard) return Extent::foreign();
  if (stream.remaining() < std::min<std::size_t>(header.length - kHeaderSize, 20))
    return Extent::incomplete();
  return may_begin(header, stream) ? whole : Extent::foreign();
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  const auto type = header_of(message, ((*context.state)[0] & kLongLengths) != 0).type;
  if (!message.ok()) return std::nullopt;
  if (type == kConnect) return Sender::client;
  if (type == kAccept || type == kRefuse || type == kRedirect || type == kResend)
    return Sender::server;
  return std::nullopt;
}

/// The value of `(NAME=value)`, the first from `text`'s beginning; empty where there is none.
std::string_view value_of(std::string_view text, std::string_view name) noexcept {
  while (true) {
    const auto at = find_word(text, name);
    if (at == std::string_view::npos) return {};
    const bool opened = at > 0 && text[at - 1] == '(';
    text.remove_prefix(at + name.size());
    const auto rest = trimmed(text);
    if (!opened || !rest.starts_with('=')) continue;
    const auto value = trimmed(rest.substr(1));
    if (value.starts_with('(')) return value;
    const auto end = value.find(')');
    return end == std::string_view::npos ? std::string_view{} : trimmed(value.substr(0, end));
  }
}

std::uint32_t command_code(std::string_view command) noexcept {
  const auto* const row = std::ranges::find_if(kOperations, [&](const Operation& each) {
    return each.code > 0xff && same_word(each.notation.substr(2), command);
  });
  return row == kOperations.end() ? kOtherCommand : row->code;
}

// `(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=x)(CID=(PROGRAM=p)(HOST=h)(USER=u)))(ADDRESS=...))`.
void connect_text(std::string_view text, Observer& out) {
  const auto identity = value_of(text, "CID");
  const auto service = value_of(text, "SERVICE_NAME");
  const auto name = service.empty() ? value_of(text, "SID") : service;
  const auto command = value_of(text, "COMMAND");
  out.request(command.empty() ? kConnect : command_code(command), Target{.name = bytes_of(name)},
              0);
  if (identity.empty()) return;
  const auto host = value_of(identity, "HOST");
  const auto user = value_of(identity, "USER");
  auto program = value_of(identity, "PROGRAM");
  // A path tells where it is installed, its end what it is.
  const auto slash = program.find_last_of("\\/");
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  if (!host.empty() && !begins_with(host, "__"))
    out.property({}, Property::name, bytes_of(host), Confidence::stated);
  if (!program.empty())
    out.property({}, Property::software, bytes_of(program.substr(0, 128)), Confidence::stated);
  if (!user.empty())
    out.event(Event::login, SmallText{"tns, user "}.add(user.substr(0, 128)).view());
}

// VSNNUM: eight bits, then four, eight, four, eight (11.2.0.2.0 is 186647040).
void listener_version(std::string_view text, Observer& out) {
  const auto number = decimal_of(value_of(text, "VSNNUM")).value_or(0);
  if (number >> 24U == 0 || number > 0xffffffffU) return;
  SmallText version{"Oracle TNS listener "};
  version.decimal(number >> 24U).add('.').decimal((number >> 20U) & 0xfU).add('.');
  version.decimal((number >> 12U) & 0xffU).add('.').decimal((number >> 8U) & 0xfU).add('.');
  version.decimal(number & 0xffU);
  out.property({}, Property::software, version.bytes(), Confidence::stated);
}

void connect(const Header& header, ByteCursor packet, FlowState& words, Observer& out) {
  const auto whole = packet.rest();
  packet.skip(kHeaderSize);
  const auto asked = connect_of(packet);
  const bool again = (words[0] & kHeardConnect) != 0 && (words[0] & kSayAgain) != 0;
  words[0] &= ~(kIn | kTextFollows | kSayAgain);
  words[0] |= kHeardConnect;
  if (again) return;
  if (asked.offset == header.length && asked.size > 0) {
    words[0] |= kTextFollows;
    return;
  }
  if (asked.offset > whole.size() || asked.size > whole.size() - asked.offset) return;
  connect_text(view_of(whole.subspan(asked.offset, asked.size)), out);
}

void refuse(ByteCursor body, Observer& out) {
  body.skip(2);
  const auto text = view_of(body.take(body.be16()));
  if (!body.ok()) return;
  listener_version(text, out);
  const auto reason = decimal_of(value_of(text, "ERR")).value_or(0);
  out.reply(0, Outcome::rejected, static_cast<std::uint32_t>(reason));
}

// Go to another address: since 10.1 the text may come in a data packet of its own.
void redirect(std::string_view text, Observer& out) {
  out.reply(0, Outcome::executed);
  const auto host = value_of(text, "HOST");
  if (host.empty()) return;
  SmallText detail{"redirect to "};
  detail.add(host.substr(0, 128));
  const auto port = value_of(text, "PORT");
  if (!port.empty()) detail.add(':').add(port.substr(0, 5));
  out.event(Event::server_name, detail.view());
}

void accept(ByteCursor body, FlowState& words, Observer& out) {
  const auto version = body.be16();
  if (!body.ok()) return;
  out.event(Event::version, SmallText{"TNS "}.decimal(version).view());
  out.reply(0, Outcome::executed);
  words[0] |= kIn;
  if (version >= kLongVersion) words[0] |= kLongLengths;
}

void data(ByteCursor body, const Context& context, FlowState& words, Observer& out) {
  body.skip(2);  // flags
  if (!body.ok()) return;
  if ((words[0] & kTextFollows) != 0 && context.sender == Sender::client) {
    words[0] &= ~kTextFollows;
    connect_text(view_of(body.rest()), out);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto packet = message;
  const auto header = header_of(message, (words[0] & kLongLengths) != 0);
  if (!header.ok) return;
  const auto body = message.take(std::min<std::size_t>(header.length, kHeard) - kHeaderSize);
  if (!message.ok()) return;
  words[0] |= kHeardAny;
  const ByteCursor cursor{body};
  switch (header.type) {
    case kConnect:
      return connect(header, packet, words, out);
    case kAccept:
      return accept(cursor, words, out);
    case kRefuse:
      return refuse(cursor, out);
    case kRedirect:
      return redirect(view_of(body), out);
    case kData:
      return data(cursor, context, words, out);
    case kResend:
      words[0] |= kSayAgain;
      return;
    default:
      return;
  }
}

const Registration registration{{
    .name = "tns",
    .title = "Oracle Net (TNS)",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
