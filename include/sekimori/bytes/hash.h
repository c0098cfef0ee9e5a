#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <cstdint>
#include <cstring>

namespace sekimori {

/// Mixes one word into a running hash. Stable across runs and machines of one byte order, so
/// that shards are the same everywhere; a defence against chosen collisions only where it begins
/// with a seed that nobody knows.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9fb21c651e98df25U;
  return hash ^ (hash >> 32U);
}

/// A hash of any bytes, eight at a time.
[[nodiscard]] inline std::uint64_t hash_of(Bytes bytes, std::uint64_t seed = 0) noexcept {
  std::uint64_t hash = mix(seed, bytes.size());
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = mix(hash, word);
    bytes = bytes.subspan(8);
  }
  std::uint64_t word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
  return mix(hash, word);
}

}  // namespace sekimori
