#include "wire.h"

namespace sekimori::captures {
namespace {

std::vector<std::uint32_t> numbers(std::string_view dotted) {
  std::vector<std::uint32_t> found;
  found.push_back(0);
  for (const char letter : dotted) {
    if (letter == '.') {
      found.push_back(0);
    } else {
      found.back() = 10 * found.back() + static_cast<std::uint32_t>(letter - '0');
    }
  }
  return found;
}

/// An arc in groups of seven bits, all but the last marked (X.690, 8.19.2).
Payload arc(std::uint32_t number) {
  Payload bytes{static_cast<std::uint8_t>(number & 0x7fU)};
  while ((number >>= 7U) != 0)
    bytes.insert(bytes.begin(), static_cast<std::uint8_t>(0x80U | (number & 0x7fU)));
  return bytes;
}

}  // namespace

Payload big(std::uint64_t value, unsigned width) {
  Payload bytes(width);
  for (unsigned i = 0; i < width; ++i)
    bytes[width - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

Payload little(std::uint64_t value, unsigned width) {
  Payload bytes(width);
  for (unsigned i = 0; i < width; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

Payload noise(std::size_t count, std::uint32_t seed) {
  // Numerical Recipes' linear congruence: the same on every machine.
  Payload bytes(count);
  for (auto& byte : bytes) {
    seed = seed * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

Payload counted(unsigned width, const Payload& bytes) {
  return big(bytes.size(), width) + bytes;
}

Payload joined(std::initializer_list<Payload> parts) {
  Payload bytes;
  for (const auto& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}

Payload utf16(std::string_view ascii) {
  Payload bytes;
  for (const char letter : ascii) {
    bytes.push_back(static_cast<std::uint8_t>(letter));
    bytes.push_back(0);
  }
  return bytes;
}

Payload mac_bytes(std::string_view mac) {
  std::string digits;
  for (const char letter : mac)
    if (letter != ':') digits += letter;
  return hex(digits);
}

Payload ip_bytes(std::string_view ip) {
  Payload bytes;
  for (const auto number : numbers(ip)) bytes.push_back(static_cast<std::uint8_t>(number));
  return bytes;
}

Payload asn1(std::uint8_t tag, const Payload& content) {
  if (content.size() < 0x80) return u8(tag) + u8(content.size()) + content;
  if (content.size() < 0x100) return u8(tag) + u8(0x81) + u8(content.size()) + content;
  return u8(tag) + u8(0x82) + be16(content.size()) + content;
}

Payload asn1_integer(std::uint32_t value) {
  auto bytes = be32(value);
  while (bytes.size() > 1 && bytes[0] == 0 && (bytes[1] & 0x80U) == 0) bytes.erase(bytes.begin());
  if ((bytes[0] & 0x80U) != 0) bytes.insert(bytes.begin(), 0);
  return asn1(0x02, bytes);
}

Payload asn1_octets(std::string_view octets) {
  return asn1(0x04, text(octets));
}

Payload asn1_oid(std::string_view dotted) {
  const auto arcs = numbers(dotted);
  auto bytes = arc(arcs.at(0) * 40 + arcs.at(1));
  for (std::size_t i = 2; i < arcs.size(); ++i) bytes = bytes + arc(arcs[i]);
  return asn1(0x06, bytes);
}

Payload asn1_sequence(std::initializer_list<Payload> parts) {
  return asn1(0x30, joined(parts));
}

}  // namespace sekimori::captures
