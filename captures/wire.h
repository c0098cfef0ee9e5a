#pragma once

#include "scene.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

// Integers and ASN.1 as bytes.
namespace sekimori::captures {

[[nodiscard]] inline Payload u8(std::uint64_t value) {
  return {static_cast<std::uint8_t>(value)};
}
[[nodiscard]] Payload big(std::uint64_t value, unsigned width);
[[nodiscard]] Payload little(std::uint64_t value, unsigned width);
[[nodiscard]] inline Payload be16(std::uint64_t value) {
  return big(value, 2);
}
[[nodiscard]] inline Payload be32(std::uint64_t value) {
  return big(value, 4);
}
[[nodiscard]] inline Payload le16(std::uint64_t value) {
  return little(value, 2);
}
[[nodiscard]] inline Payload le32(std::uint64_t value) {
  return little(value, 4);
}
[[nodiscard]] inline Payload zeros(std::size_t count) {
  return Payload(count);
}
/// Bytes without meaning, such as a key or what is encrypted; the same for the same seed.
[[nodiscard]] Payload noise(std::size_t count, std::uint32_t seed);
/// The bytes behind their own number.
[[nodiscard]] Payload counted(unsigned width, const Payload& bytes);
[[nodiscard]] Payload joined(std::initializer_list<Payload> parts);
/// As Windows writes text.
[[nodiscard]] Payload utf16(std::string_view ascii);
[[nodiscard]] Payload mac_bytes(std::string_view mac);
[[nodiscard]] Payload ip_bytes(std::string_view ip);

// ITU-T X.690.
[[nodiscard]] Payload asn1(std::uint8_t tag, const Payload& content);
[[nodiscard]] Payload asn1_integer(std::uint32_t value);
[[nodiscard]] Payload asn1_octets(std::string_view octets);
/// From `1.3.6.1.2.1`.
[[nodiscard]] Payload asn1_oid(std::string_view dotted);
[[nodiscard]] Payload asn1_sequence(std::initializer_list<Payload> parts);

}  // namespace sekimori::captures
