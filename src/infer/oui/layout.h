#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// How the register of MAC blocks lies in the program: what generate.cpp writes and oui.cpp reads.
// All numbers are little endian.
//
//   magic[8], day (u32: seconds since the epoch / 86400), count of blocks of 24, 28, 36 bits (u32
//   each), then the blocks in that order, sorted within each length: prefix (5 bytes, left-aligned
//   in 40 bits), name (3 bytes: offset into the names), then the names, each ended by a zero.
namespace sekimori::oui {

inline constexpr std::array<unsigned char, 8> kMagic{'S', 'K', 'O', 'U', 'I', '0', '0', '1'};
inline constexpr std::array<unsigned, 3> kLengths{24, 28, 36};
inline constexpr std::size_t kHeaderSize = 8 + 4 + 3 * 4;
inline constexpr std::size_t kPrefixSize = 5;
inline constexpr std::size_t kBlockSize = 8;
inline constexpr std::int64_t kSecondsPerDay = 86400;

}  // namespace sekimori::oui
