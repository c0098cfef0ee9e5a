// TLS as it looks from outside (RFC 8446, RFC 5246): two hellos, a certificate where the version
// shows it, and sealed records. Keys and signatures are noise.

#include "sessions.h"

namespace sekimori::captures {
namespace {

Payload record(unsigned type, unsigned version, const Payload& fragment) {
  return u8(type) + be16(version) + counted(2, fragment);
}

Payload message(unsigned type, const Payload& body) {
  return u8(type) + counted(3, body);
}

Payload extension(unsigned type, const Payload& body) {
  return be16(type) + counted(2, body);
}

Payload client_hello(std::string_view name, Tls version) {
  const bool newest = version == Tls::v13;
  Payload extensions;
  if (!name.empty()) extensions = extension(0, counted(2, u8(0) + counted(2, text(name))));
  extensions = extensions + extension(10, counted(2, hex("001d 0017"))) +
               extension(13, counted(2, hex("0403 0804 0401")));
  if (newest) {
    extensions = extensions + extension(43, counted(1, hex("0304 0303"))) +
                 extension(51, counted(2, hex("001d") + counted(2, noise(32, 3))));
  }
  const auto offered = version == Tls::v10 ? 0x0301U : 0x0303U;
  const auto suites = newest ? hex("1301 1302 009c") : hex("009c 003c 002f");
  return message(1, joined({be16(offered), noise(32, 1), u8(0), counted(2, suites), hex("01 00"),
                            counted(2, extensions)}));
}

Payload server_hello(Tls version) {
  const bool newest = version == Tls::v13;
  Payload extensions;
  if (newest) {
    extensions = extension(43, hex("0304")) + extension(51, hex("001d") + counted(2, noise(32, 4)));
  }
  const auto suite = newest ? hex("1301") : version == Tls::v10 ? hex("002f") : hex("009c");
  const auto legacy = version == Tls::v10 ? 0x0301U : 0x0303U;
  auto body = joined({be16(legacy), noise(32, 2), u8(0), suite, u8(0)});
  if (!extensions.empty()) body = body + counted(2, extensions);
  return message(2, body);
}

/// X.520 commonName as a distinguished name.
Payload common_name(std::string_view name) {
  return asn1_sequence({asn1(0x31, asn1_sequence({asn1_oid("2.5.4.3"), asn1(0x0c, text(name))}))});
}

/// Issued by the plant's own authority (RFC 5280, 4.1), with a key of 512 bits of noise.
Payload certificate(std::string_view name) {
  const auto algorithm = asn1_sequence({asn1_oid("1.2.840.113549.1.1.11"), asn1(0x05, {})});
  const auto key_kind = asn1_sequence({asn1_oid("1.2.840.113549.1.1.1"), asn1(0x05, {})});
  const auto key =
      asn1_sequence({asn1(0x02, u8(0) + u8(0xb1) + noise(63, 8)), asn1_integer(65537)});
  const auto validity =
      asn1_sequence({asn1(0x17, text("250101000000Z")), asn1(0x17, text("350101000000Z"))});
  const auto body = asn1_sequence({asn1(0xa0, asn1_integer(2)), asn1_integer(7), algorithm,
                                   common_name("Plant CA"), validity, common_name(name),
                                   asn1_sequence({key_kind, asn1(0x03, u8(0) + key)})});
  return asn1_sequence({body, algorithm, asn1(0x03, u8(0) + noise(64, 9))});
}

}  // namespace

void start_tls(Session& session, std::string_view name, Tls version) {
  const auto wire = version == Tls::v10 ? 0x0301U : 0x0303U;
  session.say(record(22, 0x0301, client_hello(name, version)));
  const auto change = record(20, wire, u8(1));
  if (version == Tls::v13) {
    session.answer(
        joined({record(22, wire, server_hello(version)), change, record(23, wire, noise(560, 5))}));
    session.say(change + record(23, wire, noise(53, 6)));
    return;
  }
  const auto shown = certificate(name.empty() ? "host.plant.example" : name);
  // A list of one (RFC 5246, 7.4.2), then ServerHelloDone; the client's key, RSA-encrypted.
  session.answer(joined({record(22, wire, server_hello(version)),
                         record(22, wire, message(11, counted(3, counted(3, shown)))),
                         record(22, wire, message(14, {}))}));
  const auto key = counted(2, noise(64, 10));
  session.say(
      joined({record(22, wire, message(16, key)), change, record(22, wire, noise(40, 11))}));
  session.answer(change + record(22, wire, noise(40, 12)));
}

Session open_tls(Scene& scene, Station& client, Station& server, std::string_view name, Tls version,
                 std::uint16_t port) {
  auto session = scene.connect(client, server, port);
  start_tls(session, name, version);
  return session;
}

void push_tls(Session& session, unsigned records, std::size_t size, Tls version) {
  const auto wire = version == Tls::v10 ? 0x0301U : 0x0303U;
  for (unsigned i = 0; i < records; ++i) {
    session.say(record(23, wire, noise(size, 100 + i)));
    session.answer(record(23, wire, noise(size / 2, 200 + i)));
  }
}

void talk_tls(Scene& scene, Station& client, Station& server, std::string_view name, Tls version,
              std::uint16_t port) {
  auto session = open_tls(scene, client, server, name, version, port);
  push_tls(session, 3, 180, version);
  session.close();
}

}  // namespace sekimori::captures
