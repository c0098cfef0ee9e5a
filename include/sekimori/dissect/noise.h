#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sekimori {

/// What a cipher leaves looks like noise: in a dozen bytes or more of it no value makes up half.
/// Padding, counters and small numbers do.
[[nodiscard]] inline bool is_noise(Bytes bytes) noexcept {
  return std::ranges::none_of(bytes, [&](std::uint8_t byte) {
    return static_cast<std::size_t>(std::ranges::count(bytes, byte)) * 2 >= bytes.size();
  });
}

}  // namespace sekimori
