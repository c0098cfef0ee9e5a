#pragma once

// Blocks as their file names write them: `_0A00001P` is `_`, the type in two hexadecimal digits,
// the number in five decimal ones, and the file system (P passive, A active, B both).

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori::s7comm {

struct Block {
  std::uint8_t type = 0;
  std::uint32_t number = 0;
};

[[nodiscard]] constexpr std::string_view type_text(std::uint8_t type) noexcept {
  switch (type) {
    case 0x08:
      return "OB";
    case 0x0a:
      return "DB";
    case 0x0b:
      return "SDB";
    case 0x0c:
      return "FC";
    case 0x0d:
      return "SFC";
    case 0x0e:
      return "FB";
    case 0x0f:
      return "SFB";
    default:
      return {};
  }
}

/// Of a name without its first letter: `0A00001P`.
[[nodiscard]] inline std::optional<Block> read_block(Bytes name) noexcept {
  const auto text = view_of(name);
  if (text.size() < 7) return std::nullopt;
  const auto type = hex_of(text.substr(0, 2));
  const auto number = decimal_of(text.substr(2, 5));
  if (!type || !number) return std::nullopt;
  return Block{static_cast<std::uint8_t>(*type), static_cast<std::uint32_t>(*number)};
}

inline SmallText name_of_type(std::uint8_t type) noexcept {
  const auto known = type_text(type);
  if (!known.empty()) return SmallText{known};
  SmallText text{"block type "};
  text.hex(type);
  return text;
}

/// A block in the words of a request and its answer, never 0.
[[nodiscard]] constexpr std::uint32_t packed(const Block& block) noexcept {
  return 1U << 31U | std::uint32_t{block.type} << 20U | (block.number & 0xfffffU);
}
[[nodiscard]] constexpr std::optional<Block> unpacked(std::uint32_t word) noexcept {
  if (word == 0) return std::nullopt;
  return Block{static_cast<std::uint8_t>(word >> 20U), word & 0xfffffU};
}

}  // namespace sekimori::s7comm
