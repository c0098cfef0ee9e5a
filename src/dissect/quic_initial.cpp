// The first packet of a QUIC connection: RFC 9001, 5 (keys, sealing, header protection); RFC 9000,
// 12.4 and 19 (frames), 17.2 (headers); RFC 9369 for version 2.

#include "sekimori/dissect/quic_initial.h"

#include "sekimori/bytes/text.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <bitset>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace sekimori {

std::uint64_t quic_number(ByteCursor& cursor) noexcept {
  const auto first = cursor.u8();
  std::uint64_t value = first & 0x3fU;
  for (unsigned more = (1U << (first >> 6U)) - 1; more > 0; --more)
    value = value << 8U | cursor.u8();
  return value;
}

namespace {

constexpr std::size_t kKey = 16;  // AEAD_AES_128_GCM
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kSecret = 32;  // SHA-256
constexpr std::size_t kSample = 16;
constexpr std::uint8_t kLongestId = 20;

/// What differs between the versions.
struct Version {
  std::uint32_t number;
  unsigned initial;  ///< type of the packet
  std::array<std::uint8_t, 20> salt;
  std::string_view key, iv, hp;  ///< labels
};
constexpr auto kVersions = std::to_array<Version>({
    // RFC 9001, 5.2.
    {1,
     0,
     {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
     "tls13 quic key",
     "tls13 quic iv",
     "tls13 quic hp"},
    // RFC 9369, 3.1 to 3.3.
    {0x6b3343cf,
     1,
     {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
      0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
     "tls13 quicv2 key",
     "tls13 quicv2 iv",
     "tls13 quicv2 hp"},
});

using Secret = std::array<std::uint8_t, kSecret>;

bool hmac(Bytes key, Bytes text, Secret& out) noexcept {
  unsigned size = 0;
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text.data(), text.size(),
              out.data(), &size) != nullptr &&
         size == out.size();
}

/// HKDF-Expand-Label (RFC 8446, 7.1) with no context: one block of HKDF is enough.
bool expand(const Secret& secret, std::string_view label, std::span<std::uint8_t> out) noexcept {
  std::array<std::uint8_t, 32> info{};
  std::size_t at = 0;
  info[at++] = 0;
  info[at++] = static_cast<std::uint8_t>(out.size());
  info[at++] = static_cast<std::uint8_t>(label.size());
  for (const auto byte : bytes_of(label)) info[at++] = byte;
  info[at++] = 0;
  info[at++] = 1;  // the block's number
  Secret block{};
  if (!hmac(secret, Bytes{info}.first(at), block)) return false;
  std::copy_n(block.begin(), out.size(), out.begin());
  return true;
}

struct Keys {
  std::array<std::uint8_t, kKey> key{};
  std::array<std::uint8_t, kNonce> iv{};
  std::array<std::uint8_t, kKey> hp{};
};

std::optional<Keys> clients_keys(const Version& version, Bytes id) noexcept {
  Secret initial{};
  Secret client{};
  Keys keys;
  if (!hmac(version.salt, id, initial) || !expand(initial, "tls13 client in", client) ||
      !expand(client, version.key, keys.key) || !expand(client, version.iv, keys.iv) ||
      !expand(client, version.hp, keys.hp))
    return std::nullopt;
  return keys;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

/// RFC 9001, 5.4.3.
std::optional<std::array<std::uint8_t, kSample>> mask_of(const Keys& keys, Bytes sample) noexcept {
  std::array<std::uint8_t, kSample> mask{};
  int size = 0;
  const Cipher cipher{EVP_CIPHER_CTX_new()};
  if (!cipher ||
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ecb(), nullptr, keys.hp.data(), nullptr) != 1 ||
      EVP_EncryptUpdate(cipher.get(), mask.data(), &size, sample.data(),
                        static_cast<int>(sample.size())) != 1 ||
      size != static_cast<int>(kSample))
    return std::nullopt;
  return mask;
}

/// The content of a packet; false where the tag does not fit.
bool unseal(const Keys& keys, const std::array<std::uint8_t, kNonce>& nonce, Bytes header,
            Bytes sealed, std::span<std::uint8_t> content) noexcept {
  int size = 0;
  auto tag = std::array<std::uint8_t, kTag>{};
  const auto body = sealed.first(sealed.size() - kTag);
  std::ranges::copy(sealed.last(kTag), tag.begin());
  const Cipher cipher{EVP_CIPHER_CTX_new()};
  return cipher &&
         EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(),
                            nonce.data()) == 1 &&
         EVP_DecryptUpdate(cipher.get(), nullptr, &size, header.data(),
                           static_cast<int>(header.size())) == 1 &&
         EVP_DecryptUpdate(cipher.get(), content.data(), &size, body.data(),
                           static_cast<int>(body.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
         EVP_DecryptFinal_ex(cipher.get(), nullptr, &size) == 1;
}

/// Puts the handshake's bytes where they belong: clients cut them up and shuffle them. False where
/// the hello is not whole.
bool gather(Bytes content, std::span<std::uint8_t> hello, std::size_t& size) noexcept {
  constexpr std::uint64_t kPadding = 0;
  constexpr std::uint64_t kPing = 1;
  constexpr std::uint64_t kCrypto = 6;
  std::bitset<QuicInitial::kMostHello> known;
  ByteCursor frames{content};
  while (!frames.empty()) {
    const auto type = quic_number(frames);
    if (type == kPadding || type == kPing) continue;
    if (type != kCrypto) break;
    const auto offset = quic_number(frames);
    const auto length = quic_number(frames);
    if (!frames.ok() || length > frames.remaining() || offset > hello.size() ||
        length > hello.size() - offset)
      return false;
    auto at = static_cast<std::size_t>(offset);
    for (const auto byte : frames.take(static_cast<std::size_t>(length))) {
      known.set(at);
      hello[at++] = byte;
    }
  }
  constexpr std::uint8_t kClientHello = 1;  // RFC 8446, 4
  ByteCursor message{Bytes{hello.data(), hello.size()}};
  if (message.u8() != kClientHello) return false;
  const auto high = message.u8();
  size = 4 + (std::size_t{high} << 16U | message.be16());
  if (size > hello.size()) return false;
  for (std::size_t i = 0; i < size; ++i)
    if (!known[i]) return false;
  return true;
}

}  // namespace

Bytes QuicInitial::open(Bytes packet) noexcept {
  ByteCursor cursor{packet};
  const auto first = cursor.u8();
  const auto number = cursor.be32();
  const auto* const version = std::ranges::find(kVersions, number, &Version::number);
  constexpr std::uint8_t kLongFixed = 0xc0;
  if (!cursor.ok() || version == kVersions.end() || (first & kLongFixed) != kLongFixed ||
      ((first >> 4U) & 3U) != version->initial)
    return {};
  const auto id_size = cursor.u8();
  const auto id = cursor.take(id_size);
  const auto source_size = cursor.u8();
  cursor.skip(source_size);
  const auto token = quic_number(cursor);
  if (!cursor.ok() || id_size > kLongestId || source_size > kLongestId ||
      token > cursor.remaining())
    return {};
  cursor.skip(static_cast<std::size_t>(token));
  const auto length = quic_number(cursor);
  constexpr std::size_t kLongestNumber = 4;
  const auto at = cursor.offset();
  if (!cursor.ok() || length > cursor.remaining() || length < kLongestNumber + kSample ||
      at + length > kMostPacket)
    return {};

  const auto keys = clients_keys(*version, id);
  if (!keys) return {};
  const auto mask = mask_of(*keys, packet.subspan(at + kLongestNumber, kSample));
  if (!mask) return {};
  std::array<std::uint8_t, kMostPacket> header{};
  const auto shown = static_cast<std::uint8_t>(first ^ ((*mask)[0] & 0x0fU));
  const std::size_t width = (shown & 3U) + 1U;
  std::copy_n(packet.begin(), at + width, header.begin());
  header[0] = shown;
  auto nonce = keys->iv;
  for (std::size_t i = 0; i < width; ++i) {
    header[at + i] = static_cast<std::uint8_t>(header[at + i] ^ (*mask)[1 + i]);
    auto& octet = nonce[kNonce - width + i];
    octet = static_cast<std::uint8_t>(octet ^ header[at + i]);
  }
  const auto sealed = packet.subspan(at + width, static_cast<std::size_t>(length) - width);
  if (sealed.size() < kTag ||
      !unseal(*keys, nonce, Bytes{header}.first(at + width), sealed, content_))
    return {};
  return Bytes{content_}.first(sealed.size() - kTag);
}

Bytes QuicInitial::client_hello(Bytes frames) noexcept {
  std::size_t size = 0;
  const std::span<std::uint8_t> hello{record_.data() + kRecordHeader, kMostHello};
  if (!gather(frames, hello, size)) return {};
  record_[0] = 22;  // handshake
  record_[1] = 3;
  record_[2] = 1;
  record_[3] = static_cast<std::uint8_t>(size >> 8U);
  record_[4] = static_cast<std::uint8_t>(size);
  return Bytes{record_}.first(kRecordHeader + size);
}

}  // namespace sekimori
