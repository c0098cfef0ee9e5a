// The packets that open a QUIC connection: sealed here with the keys that RFC 9001, A.1 and RFC
// 9369, A.1 print for one connection id, and opened by what derives them.

#include "sekimori/dissect/quic_initial.h"

#include "hex.h"

#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Octets = std::vector<std::uint8_t>;

struct Sealed {
  std::string_view name;
  Octets version;
  std::uint8_t first;  ///< long header, fixed bit, Initial, a packet number of two bytes
  Octets key, iv, hp;
};

const std::vector<Sealed> kVersions{
    {"version 1", "00000001"_hex, 0xc1, "1f369613dd76d5467730efcbe3b1a22d"_hex,
     "fa044b2f42a3fd3b46fb255c"_hex, "9f50449e04a0e810283a1e9933adedd2"_hex},
    {"version 2", "6b3343cf"_hex, 0xd1, "8b1a0bc121284290a29e0971b5cd045d"_hex,
     "91f73e2351d8fa91660e909f"_hex, "45b95e15235d6f45a6b19cbcb0294ba9"_hex},
};
const Octets kId = "8394c8f03e515708"_hex;

Octets operator+(Octets a, const Octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Encrypts `text`; with a nonce as AES-GCM and its tag behind, without one as one block of AES.
Octets encrypt(const Octets& key, const Octets& nonce, const Octets& header, const Octets& text) {
  auto* context = EVP_CIPHER_CTX_new();
  int size = 0;
  Octets out(text.size());
  if (nonce.empty()) {
    EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, key.data(), nullptr);
    EVP_EncryptUpdate(context, out.data(), &size, text.data(), static_cast<int>(text.size()));
  } else {
    Octets tag(16);
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, key.data(), nonce.data());
    EVP_EncryptUpdate(context, nullptr, &size, header.data(), static_cast<int>(header.size()));
    EVP_EncryptUpdate(context, out.data(), &size, text.data(), static_cast<int>(text.size()));
    EVP_EncryptFinal_ex(context, nullptr, &size);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag.data());
    out = out + tag;
  }
  EVP_CIPHER_CTX_free(context);
  return out;
}

Octets seal(const Sealed& with, const Octets& frames, std::uint8_t number) {
  const auto length = static_cast<std::uint16_t>(2 + frames.size() + 16);
  auto header =
      Octets{with.first} + with.version + Octets{8} + kId + Octets{0, 0} +
      Octets{static_cast<std::uint8_t>(0x40U | length >> 8U), static_cast<std::uint8_t>(length)} +
      Octets{0, number};
  auto nonce = with.iv;
  nonce.back() = static_cast<std::uint8_t>(nonce.back() ^ number);
  const auto body = encrypt(with.key, nonce, header, frames);
  const auto mask = encrypt(with.hp, {}, {}, Octets(body.begin() + 2, body.begin() + 18));
  header[0] = static_cast<std::uint8_t>(header[0] ^ (mask[0] & 0x0fU));
  for (std::size_t i = 0; i < 2; ++i) {
    auto& octet = header[header.size() - 2 + i];
    octet = static_cast<std::uint8_t>(octet ^ mask[1 + i]);
  }
  return header + body;
}

/// A ClientHello of no content but its length, which is all that is asked for here.
Octets hello(std::uint8_t size) {
  auto text = Octets{1, 0, 0, size};
  for (std::uint8_t i = 0; i < size; ++i) text.push_back(i);
  return text;
}
Octets part(const Octets& whole, std::uint8_t from, std::uint8_t size) {
  return Octets{6, from, size} + Octets(whole.begin() + from, whole.begin() + from + size);
}
Octets as_vector(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST_CASE("QUIC's first packet: opened with what stands in it", "[dissect]") {
  const auto& version = GENERATE(from_range(kVersions));
  CAPTURE(version.name);
  const auto whole = hello(40);
  const auto frames = Octets{0, 0, 1} + part(whole, 20, 24) + Octets{0} + part(whole, 0, 20);
  QuicInitial initial;
  const auto opened = initial.open(seal(version, frames, 2));
  REQUIRE(as_vector(opened) == frames);
  CHECK(as_vector(initial.client_hello(opened)) == Octets{22, 3, 1, 0, 44} + whole);
}

TEST_CASE("QUIC's first packet: a hello over two packets, in any order", "[dissect]") {
  const auto whole = hello(40);
  QuicInitial initial;
  auto frames = as_vector(initial.open(seal(kVersions[0], part(whole, 30, 14) + Octets(30), 1)));
  CHECK(initial.client_hello(frames).empty());
  frames = frames + as_vector(initial.open(seal(kVersions[0], part(whole, 0, 30), 2)));
  CHECK(as_vector(initial.client_hello(frames)) == Octets{22, 3, 1, 0, 44} + whole);
}

TEST_CASE("QUIC's first packet: what is damaged, cut or another's stays shut", "[dissect]") {
  const auto packet = seal(kVersions[0], part(hello(40), 0, 44), 0);
  QuicInitial initial;
  REQUIRE_FALSE(initial.open(packet).empty());
  for (std::size_t i = 0; i < packet.size(); ++i) {
    CAPTURE(i);
    auto damaged = packet;
    damaged[i] ^= 0x01;
    CHECK(initial.open(damaged).empty());
    CHECK(initial.open(Bytes{packet}.first(i)).empty());
  }
}

TEST_CASE("QUIC's first packet: frames that lie about their length say nothing", "[dissect]") {
  QuicInitial initial;
  for (const auto& frames :
       {Octets{}, Octets{6}, Octets{6, 0}, Octets{6, 0, 5, 1, 0, 0, 0}, Octets{6, 0, 4, 1, 0, 0, 1},
        Octets{6, 0, 4, 2, 0, 0, 0}, Octets{6, 0, 4, 1, 0xff, 0xff, 0xff},
        Octets{6, 0x7f, 0xff, 4, 1, 0, 0, 0}, Octets{2, 6, 0, 4, 1, 0, 0, 0}})
    CHECK(initial.client_hello(frames).empty());
  CHECK(as_vector(initial.client_hello(Octets{6, 0, 4, 1, 0, 0, 0})) ==
        Octets{22, 3, 1, 0, 4, 1, 0, 0, 0});
}

}  // namespace
}  // namespace sekimori::test
