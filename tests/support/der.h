#pragma once

#include "hex.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace sekimori::test {

using ByteVector = std::vector<std::uint8_t>;

inline ByteVector join(std::initializer_list<ByteVector> parts) {
  ByteVector all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// `value` as `width` bytes, the highest first.
inline ByteVector big(std::size_t value, unsigned width) {
  ByteVector bytes;
  for (unsigned i = width; i > 0; --i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
  return bytes;
}
inline ByteVector little(std::size_t value, unsigned width) {
  const auto bytes = big(value, width);
  return {bytes.rbegin(), bytes.rend()};
}
/// `content` behind its own size in `width` bytes.
inline ByteVector sized(const ByteVector& content, unsigned width) {
  return join({big(content.size(), width), content});
}

/// One element of DER (X.690).
inline ByteVector der(std::uint8_t tag, const ByteVector& content) {
  if (content.size() < 0x80) return join({{tag}, big(content.size(), 1), content});
  return join({{tag, 0x82}, big(content.size(), 2), content});
}

/// A certificate with these names; an RSA key of `key_bytes`, signed with SHA-1 or SHA-256.
/// `other_names`: what stands in its subjectAltName.
inline ByteVector certificate(std::string_view subject, std::string_view issuer,
                              std::size_t key_bytes, std::uint8_t signature = 0x0b,
                              const ByteVector& other_names = {}) {
  const auto name = [](std::string_view common) {
    return der(0x30, der(0x31, der(0x30, join({"06 03 55 04 03"_hex, der(0x0c, ascii(common))}))));
  };
  auto oid = "06 09 2a 86 48 86 f7 0d 01 01 00"_hex;
  oid.back() = signature;
  const auto algorithm = der(0x30, join({oid, "05 00"_hex}));
  ByteVector modulus(key_bytes + 1, 0xc3);
  modulus[0] = 0;
  const auto key = der(0x30, join({der(0x02, modulus), "02 03 01 00 01"_hex}));
  const auto info = der(0x30, join({"30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00"_hex,
                                    der(0x03, join({{0x00}, key}))}));
  const auto validity =
      der(0x30, join({der(0x17, ascii("200101000000Z")), der(0x18, ascii("20510203000000Z"))}));
  const auto extension = der(0x30, join({"06 03 55 1d 11"_hex, der(0x04, der(0x30, other_names))}));
  const auto usage = der(0x30, "06 03 55 1d 0f 01 01 ff 04 04 03 02 05 a0"_hex);
  const auto extensions =
      other_names.empty() ? ByteVector{} : der(0xa3, der(0x30, join({usage, extension})));
  const auto body = der(0x30, join({"a0 03 02 01 02"_hex, "02 01 07"_hex, algorithm, name(issuer),
                                    validity, name(subject), info, extensions}));
  return der(0x30, join({body, algorithm, "03 02 00 00"_hex}));
}

}  // namespace sekimori::test
