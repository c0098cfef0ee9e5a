#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::test {

/// Bytes as people write them: hex digits, with blanks and `/` at the field borders.
inline std::vector<std::uint8_t> hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  int high = -1;
  for (const char letter : text) {
    if (letter == ' ' || letter == '/' || letter == '\n') continue;
    int digit = -1;
    if (letter >= '0' && letter <= '9') digit = letter - '0';
    if (letter >= 'a' && letter <= 'f') digit = letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') digit = letter - 'A' + 10;
    if (digit < 0) throw std::invalid_argument("not hex: " + std::string{text});
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) throw std::invalid_argument("half a byte: " + std::string{text});
  return bytes;
}

inline std::vector<std::uint8_t> operator""_hex(const char* text, std::size_t size) {
  return hex({text, size});
}

/// The bytes of a text, for protocols made of lines.
inline std::vector<std::uint8_t> ascii(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace sekimori::test
