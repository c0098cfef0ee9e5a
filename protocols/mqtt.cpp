// MQTT 3.1 (IBM, 2010), 3.1.1 and 5.0 (OASIS), and the topics of Sparkplug B (Eclipse, 3.0).
//
// Codes are written as the decimal type of the packet that a client sends: `3`. What a broker hands
// on to a client is no request, and written after a word: `broker/3`. The target is the topic, or
// the first of the topic filters. Reasons of refusals: the return code of a CONNACK (5: not
// authorized), the reason or return code of other acknowledgements.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include "mqtt/packet.h"
#include "mqtt/topic.h"

#include <algorithm>
#include <array>

namespace sekimori::mqtt {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 1883}});

/// Variants of PUBLISH, told by the topic; and what comes from the broker.
constexpr std::uint32_t kCommand = 1U << 8U;
constexpr std::uint32_t kBirth = 2U << 8U;
constexpr std::uint32_t kDeath = 3U << 8U;
constexpr std::uint32_t kBroker = 1U << 12U;

constexpr auto kOperations = std::to_array<Operation>({
    {kPublish, "publish", Access::report},
    {kPublish | kCommand, "publish-command", Access::write, "3"},
    {kPublish | kBirth, "publish-birth", Access::report, "3"},
    {kPublish | kDeath, "publish-death", Access::report, "3"},
    {kBroker | kPublish, "deliver", Access::report, "broker/3"},
    {kConnect, "connect", Access::session},
    {kPubAck, "acknowledge-publish", Access::session},
    {kPubRec, "receive-publish", Access::session},
    {kPubRel, "release-publish", Access::session},
    {kPubComp, "complete-publish", Access::session},
    {kSubscribe, "subscribe", Access::read},
    {kUnsubscribe, "unsubscribe", Access::session},
    {kPingReq, "ping", Access::session},
    {kDisconnect, "disconnect", Access::session},
    {kAuth, "authenticate", Access::authenticate},
});

SmallText notate(std::uint32_t code) {
  SmallText text;
  if ((code & kBroker) != 0) text.add("broker/");
  return text.decimal(code & 0xffU);
}

// What is kept of a flow: bit 0 it is known; 1 the client named no user; 2 a connection waits for
// its answer; from 8 the version.
constexpr std::uint64_t kKnown = 1;
constexpr std::uint64_t kAnonymous = 2;
constexpr std::uint64_t kConnecting = 4;

std::uint64_t state_of(const Context& context) noexcept {
  return context.state != nullptr ? (*context.state)[0] : 0;
}
unsigned version_of(const Context& context) noexcept {
  return static_cast<unsigned>(state_of(context) >> 8U & 0xffU);
}
void set(const Context& context, std::uint64_t bits) noexcept {
  if (context.state != nullptr) (*context.state)[0] |= bits;
}
void unset(const Context& context, std::uint64_t bits) noexcept {
  if (context.state != nullptr) (*context.state)[0] &= ~bits;
}

/// The payload of a long PUBLISH is not needed: only what stands before it is a message.
Extent extent_of(const Header& header, Bytes bytes) noexcept {
  constexpr std::size_t kLong = 4096;
  if (header.type != kPublish || header.length <= kLong) return Extent::of(header.whole());
  if (bytes.size() < header.size + 2) return Extent::incomplete();
  const auto topic = std::size_t{bytes[header.size]} << 8U | bytes[header.size + 1];
  const auto front = std::min<std::size_t>(2 + topic + 2, header.length);
  return Extent::of(header.size + front).then_skip(header.length - front);
}

/// Off the seat a flow begins with a CONNECT, which names the protocol; on it any packet of a
/// possible form is taken; once it is known, the framing alone decides.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  const bool known = (state_of(context) & kKnown) != 0;
  if (!known && !context.on_seat && bytes[0] != kConnect << 4U) return Extent::foreign();
  const auto header = header_of(bytes);
  if (header.is_broken) return Extent::foreign();
  if (!known && header.type == kConnect) {
    const auto named = names_protocol(header, bytes);
    if (named == Named::no) return Extent::foreign();
    if (named == Named::unsure) return Extent::incomplete();
  }
  if (header.is_short) return Extent::incomplete();
  if (!known && header.type != kConnect && !is_possible(header, bytes)) return Extent::foreign();
  return extent_of(header, bytes);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  switch (header_of(message.rest()).type) {
    case kConnect:
    case kSubscribe:
    case kUnsubscribe:
    case kPingReq:
      return Sender::client;
    case kConnAck:
    case kSubAck:
    case kUnsubAck:
    case kPingResp:
      return Sender::server;
    default:
      return std::nullopt;
  }
}

/// What an answer repeats: the packet's identifier; for a connection and a ping, nothing.
std::uint64_t key_of(unsigned type, std::uint16_t packet) noexcept {
  return std::uint64_t{type} << 16U | packet;
}

/// Makers' own names, at the front of identifiers that their libraries draw at random.
void say_client(Bytes identifier, Observer& out) {
  struct Library {
    std::string_view front;
    std::string_view name;
  };
  constexpr auto kLibraries = std::to_array<Library>({{"mosq-", "Mosquitto client"},
                                                      {"mosq/", "Mosquitto client"},
                                                      {"mosqpub|", "Mosquitto client"},
                                                      {"mosqsub|", "Mosquitto client"},
                                                      {"paho", "Eclipse Paho"},
                                                      {"mqttjs_", "MQTT.js"},
                                                      {"mqtt-explorer-", "MQTT Explorer"}});
  if (identifier.empty()) return;
  const auto text = view_of(identifier);
  for (const auto& library : kLibraries)
    if (text.starts_with(library.front))
      return out.property({}, Property::software, bytes_of(library.name), Confidence::guessed);
  out.property({}, Property::description, SmallText{"MQTT client "}.add(text.substr(0, 64)).bytes(),
               Confidence::stated);
}

void connect(ByteCursor body, const Context& context, Observer& out) {
  const auto connection = connection_of(body);
  if (!connection.is_whole) return;
  out.request(kConnect, {}, key_of(kConnect, 0));
  unset(context, kAnonymous | 0xff00U);
  set(context, kConnecting | std::uint64_t{connection.version} << 8U);
  out.event(Event::version, version_name(connection.version));
  say_client(connection.client, out);
  if (connection.has_password)
    say_cleartext_login("MQTT", connection.user, connection.password, out);
  else if (connection.has_user)
    out.event(Event::login,
              SmallText{"MQTT user "}.add(view_of(connection.user).substr(0, 128)).view());
  else
    set(context, kAnonymous);
}

void answer_connect(ByteCursor body, const Context& context, Observer& out) {
  body.skip(1);  // whether a session was there
  const auto code = body.u8();
  if (!body.ok()) return;
  out.reply(key_of(kConnect, 0), code == 0 ? Outcome::executed : Outcome::rejected, code);
  const bool asked = (state_of(context) & kConnecting) != 0;
  const bool anonymous = (state_of(context) & kAnonymous) != 0;
  unset(context, kConnecting | kAnonymous);
  Subject client;
  client.kind = Subject::Kind::client;
  // 3.2.2.3 of 3.1.1: bad user or password, not authorized; 3.2.2.2 of 5.0 the same.
  if (code == 4 || code == 5 || code == 0x86 || code == 0x87)
    out.event(Event::login_rejected, SmallText{"MQTT code "}.decimal(code).view(), client);
  else if (code == 0 && asked && anonymous)
    out.event(Event::anonymous_login, "MQTT without a user", client);
}

std::uint32_t publish_code(const Topic& topic) noexcept {
  if (topic.is_command()) return kPublish | kCommand;
  if (topic.is_birth()) return kPublish | kBirth;
  if (topic.is_death()) return kPublish | kDeath;
  return kPublish;
}

void publish(const Header& header, ByteCursor body, const Context& context, Observer& out) {
  const Topic topic{body.take(body.be16())};
  const auto quality = header.quality();
  const auto packet = quality != 0 && quality != 3 ? body.be16() : std::uint16_t{0};
  if (!body.ok()) return;
  const Target target{.name = topic.name()};
  if (context.sender == Sender::server)
    out.notice(kBroker | kPublish, target);
  else if (packet == 0)
    out.notice(publish_code(topic), target);
  else
    out.request(publish_code(topic), target, key_of(kPublish, packet));
  if (quality == 3) out.event(Event::malformed, "quality of service 3");
  if (context.sender == Sender::client && (topic.is_birth() || topic.is_host_state()))
    out.property({}, Property::capability, topic.node().bytes(), Confidence::stated);
  if (context.sender == Sender::server && topic.is_broker_version() && !header.is_cut) {
    if (version_of(context) == 5) skip_properties(body);
    if (is_printable(view_of(body.rest())))
      out.property({}, Property::software, body.rest(), Confidence::stated);
  }
}

/// 3.8 and 3.10: an identifier, in 5.0 properties, then the filters.
void subscribe(const Header& header, ByteCursor body, const Context& context, Observer& out) {
  const auto packet = body.be16();
  if (version_of(context) == 5) skip_properties(body);
  const auto filter = body.take(body.be16());
  if (!body.ok()) return;
  out.request(header.type, {.name = Topic{filter}.name()}, key_of(header.type, packet));
}

/// 3.9: a code for each filter; one that was refused refuses the whole.
void answer_subscribe(std::uint8_t type, const Header& header, ByteCursor body,
                      const Context& context, Observer& out) {
  const auto packet = body.be16();
  if (version_of(context) == 5) skip_properties(body);
  if (!body.ok() || header.is_cut) return;
  const auto codes = body.rest();
  const auto refused = std::ranges::find_if(codes, [](std::uint8_t code) { return code >= 0x80; });
  const bool done = refused == codes.end();
  out.reply(key_of(type, packet), done ? Outcome::executed : Outcome::rejected,
            done ? 0U : *refused);
}

/// 3.4 to 3.7: a receipt is the answer to a publication of quality 1, a completion to one of
/// quality 2; a receipt with a reason of 5.0 may refuse either.
void answer_publish(const Header& header, ByteCursor body, Observer& out) {
  const auto packet = body.be16();
  const auto reason = header.length > 2 ? body.u8() : std::uint8_t{0};
  if (!body.ok()) return;
  if (reason >= 0x80)
    out.reply(key_of(kPublish, packet), Outcome::rejected, reason);
  else if (header.type != kPubRec)
    out.reply(key_of(kPublish, packet), Outcome::executed);
}

void from_client(const Header& header, ByteCursor body, const Context& context, Observer& out) {
  switch (header.type) {
    case kConnect:
      return connect(body, context, out);
    case kPublish:
      return publish(header, body, context, out);
    case kSubscribe:
    case kUnsubscribe:
      return subscribe(header, body, context, out);
    case kPingReq:
      return out.request(kPingReq, {}, key_of(kPingReq, 0));
    case kConnAck:
    case kSubAck:
    case kUnsubAck:
    case kPingResp:
      return out.event(Event::malformed, SmallText{"type "}.decimal(header.type).view());
    default:
      out.notice(header.type, {});
      if (header.type == 0) out.event(Event::malformed, "type 0");
  }
}

void from_broker(const Header& header, ByteCursor body, const Context& context, Observer& out) {
  switch (header.type) {
    case kConnAck:
      return answer_connect(body, context, out);
    case kPublish:
      return publish(header, body, context, out);
    case kPubAck:
    case kPubRec:
    case kPubComp:
      return answer_publish(header, body, out);
    case kSubAck:
      return answer_subscribe(kSubscribe, header, body, context, out);
    case kUnsubAck:
      return answer_subscribe(kUnsubscribe, header, body, context, out);
    case kPingResp:
      out.reply(key_of(kPingReq, 0), Outcome::executed);
      return;
    default:
      return;
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto header = header_of(message.rest());
  if (header.is_broken || header.is_short) return message.skip(message.remaining() + 1);
  set(context, kKnown);
  message.skip(header.size);
  header.is_cut = message.remaining() < header.length;
  const ByteCursor body{message.rest().first(std::min(message.remaining(), header.length))};
  if (context.sender == Sender::client)
    from_client(header, body, context, out);
  else
    from_broker(header, body, context, out);
  message.skip(header.length);
}

const Registration registration{{
    .name = "mqtt",
    .title = "MQTT",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::mqtt
