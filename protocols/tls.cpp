// TLS 1.0 to 1.3 and SSL 3.0: RFC 8446, RFC 5246, RFC 6101. SSL 2.0 (The SSL Protocol, Hickman
// 1995, 5) is told by its hello. Heard up to the first encrypted record: server name, version,
// cipher that hides nothing, certificate. There are no operations. No fingerprint of what a client
// offers is kept: it names a program only by somebody's list of fingerprints, and clients that
// shuffle their offer would fill the model with new ones.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/x509.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 443},
                                             {Over::tcp, 8443},
                                             {Over::tcp, 465},
                                             {Over::tcp, 636},
                                             {Over::tcp, 802},  // Modbus/TCP Security
                                             {Over::tcp, 853},
                                             {Over::tcp, 989},
                                             {Over::tcp, 990},
                                             {Over::tcp, 993},
                                             {Over::tcp, 995},
                                             {Over::tcp, 2221},  // CIP Security
                                             {Over::tcp, 3782},  // secure MMS
                                             {Over::tcp, 4911},  // Niagara Foxs
                                             {Over::tcp, 5061},
                                             {Over::tcp, 5986},
                                             {Over::tcp, 8883},     // MQTT
                                             {Over::tcp, 19998},    // IEC 60870-5-104
                                             {Over::tcp, 19999}});  // DNP3

constexpr std::size_t kHeaderSize = 5;
constexpr std::uint16_t kLongest = 16384 + 2048;  // RFC 5246, 6.2.3
constexpr std::uint16_t kShortestSealed = 16;     // no cipher's tag or padding is shorter
constexpr std::size_t kSslTwoHeader = 2;

// RFC 8446, 5.1, and RFC 6520.
constexpr std::uint8_t kChangeCipher = 20;
constexpr std::uint8_t kAlert = 21;
constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kApplication = 23;
constexpr std::uint8_t kHeartbeat = 24;
// RFC 8446, 4.
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 2;
constexpr std::uint8_t kCertificate = 11;
// RFC 8446, 4.2, and RFC 6066, 3.
constexpr std::uint16_t kServerNameExtension = 0;
constexpr std::uint16_t kVersionsExtension = 43;
constexpr std::uint8_t kHostName = 0;
constexpr int kMostExtensions = 128;

// Words of the flow: 0 the version that the server chose, 1 bits of the directions.
constexpr std::uint64_t kSealed = 1;      // and the bit above it for the server
constexpr std::uint64_t kOpenCipher = 4;  // the suite chosen hides nothing
constexpr std::uint64_t kSslTwo = 8;

std::uint64_t bit(std::uint64_t of_client, Sender sender) noexcept {
  return of_client << static_cast<unsigned>(sender);
}

std::string_view version_text(std::uint64_t version) noexcept {
  switch (version) {
    case 0x0002:
      return "SSL 2.0";
    case 0x0300:
      return "SSL 3.0";
    case 0x0301:
      return "TLS 1.0";
    case 0x0302:
      return "TLS 1.1";
    case 0x0303:
      return "TLS 1.2";
    case 0x0304:
      return "TLS 1.3";
    default:
      // RFC 8446, 4.2.1.2 of its drafts: 0x7f00 and the draft's number.
      return (version & 0xff00U) == 0x7f00 ? "TLS 1.3" : "";
  }
}

// RFC 5246, A.5; RFC 4492, 6; RFC 4785; RFC 5289: suites with NULL for a cipher.
bool is_open(std::uint16_t suite) noexcept {
  constexpr auto kOpen = std::to_array<std::uint16_t>(
      {0x0000, 0x0001, 0x0002, 0x002c, 0x002d, 0x002e, 0x003b, 0x00b0, 0x00b1, 0x00b4, 0x00b5,
       0x00b8, 0x00b9, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, 0xc039, 0xc03a, 0xc03b});
  return std::ranges::binary_search(kOpen, suite);
}

// Suites whose cipher is broken or was weakened for export, by what is wrong with them.
std::string_view weakness_of(std::uint16_t suite) noexcept {
  constexpr auto kExport = std::to_array<std::uint16_t>(
      {0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019});
  constexpr auto kRc4 = std::to_array<std::uint16_t>(
      {0x0004, 0x0005, 0x0018, 0x008a, 0x008e, 0x0092, 0xc002, 0xc007, 0xc00c, 0xc011, 0xc016});
  if (is_open(suite)) return "TLS without encryption";
  if (std::ranges::binary_search(kExport, suite)) return "TLS with an export cipher";
  if (std::ranges::binary_search(kRc4, suite)) return "TLS with RC4";
  return {};
}

// Hickman, 5.2 and 5.5.1: two-byte header, type, version, three lengths that add up.
Extent ssl_two_extent(ByteCursor stream) noexcept {
  const auto header = stream.be16();
  const auto type = stream.u8();
  const bool hello = type == kClientHello;
  if (stream.ok() && ((header & 0x8000U) == 0 || (!hello && type != 4))) return Extent::foreign();
  if (!hello && stream.ok()) stream.skip(2);  // session hit, kind of certificate
  const auto version = stream.be16();
  const auto first = stream.be16();
  const auto second = stream.be16();
  const auto third = stream.be16();
  if (!stream.ok()) return Extent::incomplete();
  const std::size_t length = header & 0x7fffU;
  // A server that speaks this form chose SSL 2.0; a client may ask for more in it.
  const bool fits = version == 0x0002 || (hello && version >= 0x0300 && version <= 0x0303);
  const auto sum = std::size_t{first} + second + third + (hello ? 9 : 11);
  const auto suites = hello ? first : second;
  if (!fits || sum != length || suites % 3 != 0 || (hello && suites == 0) || third < 8 ||
      third > 32 || (hello && second != 0 && second != 16))
    return Extent::foreign();
  return Extent::of(kSslTwoHeader + length);
}

Extent record_extent(ByteCursor stream) noexcept {
  const auto available = stream.rest();
  const auto type = stream.u8();
  const auto major = stream.u8();
  const auto minor = stream.u8();
  const auto length = stream.be16();
  if (type < kChangeCipher || type > kHeartbeat) return Extent::foreign();
  if (available.size() > 1 && major != 3) return Extent::foreign();
  if (available.size() > 2 && minor > 4) return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (length == 0 || length > kLongest) return Extent::foreign();
  if (type == kChangeCipher && length != 1) return Extent::foreign();
  if (type == kAlert && length != 2 && length < kShortestSealed) return Extent::foreign();
  if (type == kApplication && length < kShortestSealed) return Extent::foreign();
  if (type == kHandshake && stream.remaining() > 0) {
    // A handshake record that is not sealed begins with a known type unless it continues one.
    const auto kind = stream.u8();
    const bool hello = kind == kClientHello || kind == kServerHello;
    if (hello && stream.remaining() > 0 && stream.u8() != 0) return Extent::foreign();
  }
  return Extent::of(kHeaderSize + length);
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto& bits = (*context.state)[1];
  if ((bits & (bit(kSealed, context.sender) | kSslTwo)) != 0) return Extent::opaque();
  const auto available = stream.rest();
  if (!available.empty() && (available[0] & 0x80U) != 0) return ssl_two_extent(stream);
  return record_extent(stream);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.u8();
  const bool ssl_two = (type & 0x80U) != 0;
  message.skip(ssl_two ? 1 : 4);
  const auto kind = message.u8();
  if (!message.ok() || (!ssl_two && type != kHandshake)) return std::nullopt;
  if (kind == kClientHello) return Sender::client;
  if (kind == kServerHello || (ssl_two && kind == 4)) return Sender::server;
  return std::nullopt;
}

// RFC 6066, 3.
void server_name(ByteCursor extension, Observer& out) {
  auto names = extension.nested(extension.be16());
  const auto kind = names.u8();
  const auto name = names.take(names.be16());
  if (!names.ok() || kind != kHostName || name.empty()) return;
  out.event(Event::server_name, view_of(name));
  out.property({.kind = Subject::Kind::server}, Property::name, name, Confidence::observed);
}

void client_hello(ByteCursor hello, Observer& out) {
  hello.skip(2 + 32);        // version, random
  hello.skip(hello.u8());    // session
  hello.skip(hello.be16());  // suites
  hello.skip(hello.u8());    // compressions
  auto extensions = hello.nested(hello.be16());
  for (int i = 0; i < kMostExtensions && !extensions.empty(); ++i) {
    const auto type = extensions.be16();
    auto extension = extensions.nested(extensions.be16());
    if (!extensions.ok()) return;
    if (type == kServerNameExtension) server_name(extension, out);
  }
}

void server_hello(ByteCursor hello, FlowState& words, Observer& out) {
  std::uint64_t version = hello.be16();
  hello.skip(32);
  hello.skip(hello.u8());
  const auto suite = hello.be16();
  hello.skip(1);  // compression
  if (!hello.ok()) return;
  auto extensions = hello.nested(hello.be16());
  for (int i = 0; i < kMostExtensions && !extensions.empty(); ++i) {
    const auto type = extensions.be16();
    auto extension = extensions.nested(extensions.be16());
    if (!extensions.ok()) break;
    const auto chosen = extension.be16();
    if (type == kVersionsExtension && extension.ok()) version = chosen;
  }
  words[0] = version;
  const auto text = version_text(version);
  if (!text.empty()) out.event(Event::version, text);
  const auto weakness = weakness_of(suite);
  if (!weakness.empty()) out.event(Event::version, weakness);
  if (is_open(suite)) words[1] |= kOpenCipher;
}

// The first of the list is the sender's own (RFC 5246, 7.4.2).
void certificates(ByteCursor body, Observer& out) {
  auto list = body.nested(body.be24());
  const auto first = list.take(list.be24());
  if (list.ok()) say_certificate(first, out);
}

/// Handshake messages of one direction, gathered over records (RFC 5246, 6.2.1).
void handshake(Bytes fragment, const Context& context, Observer& out) {
  auto& words = *context.state;
  auto& gathered = out.buffer(0);
  if (!gathered.append(fragment)) return;
  ByteCursor messages{gathered.view()};
  std::size_t done = 0;
  while (messages.remaining() >= 4) {
    const auto type = messages.u8();
    const auto body = messages.take(messages.be24());
    if (!messages.ok()) break;
    done = messages.offset();
    if (type == kClientHello) client_hello(ByteCursor{body}, out);
    if (type == kServerHello) server_hello(ByteCursor{body}, words, out);
    if (type == kCertificate) certificates(ByteCursor{body}, out);
  }
  if (done == 0) return;
  const auto rest = gathered.view().subspan(done);
  const std::vector<std::uint8_t> kept(rest.begin(), rest.end());
  gathered.clear();
  gathered.append(kept);
}

void seal(const Context& context, Observer& out) {
  auto& words = *context.state;
  const bool said = (words[1] & bit(kSealed, other(context.sender))) != 0;
  words[1] |= bit(kSealed, context.sender);
  if (said || (words[1] & kOpenCipher) != 0) return;
  const auto text = version_text(words[0]);
  out.event(Event::encrypted, text.empty() ? "TLS" : text);
}

void ssl_two(ByteCursor& message, FlowState& words, Observer& out) {
  message.skip(kSslTwoHeader);
  const auto type = message.u8();
  if (type == kClientHello) {
    // Only a hello: the server's answer tells whether this was SSL 2.0 or a greeting to newer ones.
    message.skip(message.remaining());
    return;
  }
  message.skip(2);
  const auto version = message.be16();
  const auto certificate_size = message.be16();
  message.skip(4);
  const auto certificate = message.take(certificate_size);
  if (!message.ok()) return;
  out.event(Event::version, version_text(version));
  words[1] |= kSslTwo;
  if (!certificate.empty()) say_certificate(certificate, out);
  out.event(Event::encrypted, version_text(version));
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto available = message.rest();
  if (!available.empty() && (available[0] & 0x80U) != 0) {
    ssl_two(message, words, out);
    return;
  }
  const auto type = message.u8();
  message.skip(2);
  const auto fragment = message.take(message.be16());
  if (!message.ok()) return;
  if (type == kHandshake) {
    handshake(fragment, context, out);
  } else if (type == kChangeCipher || type == kApplication) {
    seal(context, out);
  }
}

const Registration registration{{
    .name = "tls",
    .title = "TLS",
    .seats = kSeats,
    .operations = {},
    .over_tcp = true,
    .alone = 1,
    .encrypted = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
