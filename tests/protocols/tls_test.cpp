#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector record(std::uint8_t type, const ByteVector& fragment) {
  return join({{type, 3, 3}, sized(fragment, 2)});
}
ByteVector handshake(std::uint8_t type, const ByteVector& body) {
  return join({{type}, sized(body, 3)});
}
const ByteVector kRandom(32, 0x5a);

ByteVector client_hello(std::string_view name) {
  const auto entry = join({{0}, sized(ascii(name), 2)});
  const auto extensions = join({"002b 0003 02 0304"_hex, "0000"_hex, sized(sized(entry, 2), 2)});
  return handshake(1, join({"0303"_hex, kRandom, "00 0002 c02f 01 00"_hex, sized(extensions, 2)}));
}
ByteVector server_hello(std::uint16_t version, std::uint16_t suite, const ByteVector& extensions) {
  return handshake(2, join({big(version, 2),
                            kRandom,
                            {0},
                            big(suite, 2),
                            {0},
                            extensions.empty() ? ByteVector{} : sized(extensions, 2)}));
}
ByteVector certificates(const ByteVector& der) {
  return handshake(11, sized(sized(der, 3), 3));
}

const ByteVector kChangeCipher = "14 0303 0001 01"_hex;
const ByteVector kSealed = join({"17 0303"_hex, sized(ByteVector(32, 0xee), 2)});

const std::vector<DialogueCase> cases{
    {"TLS 1.2, to the first sealed record",
     {client(record(22, client_hello("plc1.example"))),
      server(record(22, join({server_hello(0x0303, 0xc02f, {}),
                              certificates(certificate("plc1", "Plant CA", 256))}))),
      client(kChangeCipher), client(record(22, ByteVector(40, 0x99))), server(kChangeCipher),
      server(kSealed)},
     "event server-name plc1.example; server: name plc1.example; event version TLS 1.2; "
     "certificate CN=plc1; "
     "event certificate CN=plc1 by CN=Plant CA, until 2051-02-03; event encrypted TLS 1.2"},
    {"a certificate over three records, self-signed and weak",
     [] {
       const auto all = join(
           {server_hello(0x0301, 0x0005, {}), certificates(certificate("hmi", "hmi", 128, 0x05))});
       const auto third = static_cast<std::ptrdiff_t>(all.size() / 3);
       return Dialogue{server(record(22, {all.begin(), all.begin() + third})),
                       server(record(22, {all.begin() + third, all.begin() + 2 * third})),
                       server(record(22, {all.begin() + 2 * third, all.end()}))};
     }(),
     "event version TLS 1.0; event version TLS with RC4; certificate CN=hmi; "
     "event certificate self-signed CN=hmi, until 2051-02-03, weak: sha1, rsa 1024"},
    {"a certificate for names and addresses",
     {server(record(
         22, certificates(certificate(
                 "plc1", "Plant CA", 256, 0x0b,
                 join({der(0x82, ascii("*.plant.example")), der(0x82, ascii("plc1.plant.example")),
                       der(0x81, ascii("ops@plant.example")), der(0x87, "0a000005"_hex)})))))},
     "certificate CN=plc1; name plc1.plant.example; event certificate CN=plc1 by CN=Plant CA, for "
     "*.plant.example, plc1.plant.example, 10.0.0.5, until 2051-02-03"},
    {"TLS 1.3 behind the number of 1.2",
     {client(record(22, client_hello("a"))),
      server(join({record(22, server_hello(0x0303, 0x1301, "002b 0002 0304"_hex)), kChangeCipher,
                   kSealed}))},
     "event server-name a; server: name a; event version TLS 1.3; event encrypted TLS 1.3"},
    {"SSL 3.0", {server(record(22, server_hello(0x0300, 0x000a, {})))}, "event version SSL 3.0"},
    {"a cipher that hides nothing",
     {server(join({record(22, server_hello(0x0303, 0x0002, {})), kChangeCipher}))},
     "event version TLS 1.2; event version TLS without encryption"},
    {"met in mid-stream", {client(join({kSealed, kSealed}))}, "event encrypted TLS"},
    {"an alert and nothing else", {server("15 0303 0002 0228"_hex)}, ""},
    {"a greeting in the form of SSL 2.0",
     {client("802e 01 0301 0015 0000 0010 010080 020080 030080 040080 050080 060040 070001"
             "00112233445566778899aabbccddeeff"_hex),
      server(record(22, server_hello(0x0301, 0x0035, {})))},
     "event version TLS 1.0"},
    {"SSL 2.0",
     {server(join({"801e 04 00 01 0002 0000 0003 0010 010080"_hex, ByteVector(16, 7)}))},
     "event version SSL 2.0; event encrypted SSL 2.0"},
};

TEST_CASE("TLS: what a dialogue means, whole, byte by byte and cut", "[tls]") {
  check_meaning(cases);
}

TEST_CASE("TLS: what comes in one segment is known before anything is dissected", "[tls]") {
  check_first_turns(cases);
}

TEST_CASE("TLS: a sealed stream is heard no more", "[tls]") {
  Listener listener;
  for (const auto& turn : cases[0].dialogue) listener.hear(turn);
  CHECK(listener.opaque(Sender::client));
  CHECK(listener.opaque(Sender::server));
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("TLS: the bytes decide, not the port", "[tls]") {
  CHECK(extent_of("16"_hex) == Extent::incomplete());
  CHECK(extent_of("16 0301 0200 01 00"_hex) == Extent::of(0x205));
  CHECK(extent_of("16 0301 0200 01 01"_hex) == Extent::foreign());  // a hello of 64 KiB
  CHECK(extent_of("16 0401 0200"_hex) == Extent::foreign());
  CHECK(extent_of("16 0301 4900"_hex) == Extent::foreign());
  CHECK(extent_of("14 0301 0002"_hex) == Extent::foreign());
  CHECK(extent_of("17 0301 0005"_hex) == Extent::foreign());
  CHECK(extent_of("8044 01 0301 0015 0000 0010"_hex) == Extent::foreign());  // no sum
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("ff534d42"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1")) == Extent::foreign());
}

TEST_CASE("TLS: lengths that lie inside a hello end the reading and nothing else", "[tls]") {
  auto names = client_hello("plc1");
  for (std::size_t at = 4; at < names.size(); ++at) {
    auto bad = names;
    bad[at] = 0xff;
    Listener listener;
    listener.hear(client(record(22, bad)));
    CHECK(listener.text().size() < 64);
  }
}

TEST_CASE("TLS: a handshake message that never ends is let go", "[tls]") {
  Listener listener;
  listener.hear(server(record(22, join({"0b ffffff"_hex, ByteVector(16000, 1)}))));
  for (int i = 0; i < 8; ++i) listener.hear(server(record(22, ByteVector(16000, 9))));
  CHECK(listener.text().empty());
}

TEST_CASE("TLS: damaged dialogues are survived", "[tls]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
