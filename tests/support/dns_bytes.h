#pragma once

#include "hex.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sekimori::test {

/// A domain name on the wire, without compression: labels between dots, then the root.
inline std::vector<std::uint8_t> name(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  while (!text.empty()) {
    const auto label = text.substr(0, text.find('.'));
    bytes.push_back(static_cast<std::uint8_t>(label.size()));
    bytes.insert(bytes.end(), label.begin(), label.end());
    text.remove_prefix(label.size() == text.size() ? text.size() : label.size() + 1);
  }
  bytes.push_back(0);
  return bytes;
}

/// A NetBIOS name on the wire (RFC 1001, 14.1).
inline std::vector<std::uint8_t> netbios(std::string_view text, unsigned suffix) {
  std::vector<std::uint8_t> bytes{32};
  for (std::size_t i = 0; i < 16; ++i) {
    const unsigned letter = i == 15           ? suffix
                            : i < text.size() ? static_cast<unsigned char>(text[i])
                                              : unsigned{' '};
    bytes.push_back(static_cast<std::uint8_t>('A' + (letter >> 4U)));
    bytes.push_back(static_cast<std::uint8_t>('A' + (letter & 15U)));
  }
  bytes.push_back(0);
  return bytes;
}

/// A resource record: its data with the length before it.
inline std::vector<std::uint8_t> data(std::vector<std::uint8_t> bytes) {
  const auto size = bytes.size();
  bytes.insert(bytes.begin(),
               {static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)});
  return bytes;
}

}  // namespace sekimori::test
