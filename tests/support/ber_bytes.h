#pragma once

#include "hex.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace sekimori::test {

/// A BER element: its tag, the shortest length, and its contents one behind the other.
inline std::vector<std::uint8_t> ber_of(unsigned tag,
                                        std::initializer_list<std::vector<std::uint8_t>> contents) {
  std::vector<std::uint8_t> content;
  for (const auto& part : contents) content.insert(content.end(), part.begin(), part.end());
  std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(tag)};
  const auto size = content.size();
  if (size >= 128) bytes.push_back(size < 256 ? 0x81 : 0x82);
  if (size >= 256) bytes.push_back(static_cast<std::uint8_t>(size >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(size));
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

}  // namespace sekimori::test
