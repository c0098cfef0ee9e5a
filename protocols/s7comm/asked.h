#pragma once

// What is remembered: in the words of a flow, and of a request until its answer.

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include "blocks.h"
#include "items.h"

#include <cstdint>

namespace sekimori::s7comm {

// The flow's words. The first: what tpkt.h keeps, whether a message was heard, and the TSAPs of
// the connection; the second: the list of which parts are gathered; the third: the upload at hand.
inline constexpr std::uint64_t kKnown = 1U << 4U;
inline constexpr std::uint64_t kHasTsap = 1U << 5U;
inline constexpr unsigned kTsapShift = 32;
inline constexpr std::uint64_t kValid = 1ULL << 63U;

inline constexpr std::uint64_t kSzlBuffer = 0x535a4c;  // key of Observer::buffer
inline constexpr std::uint64_t kUserdataKey = 1U << 16U;
inline constexpr std::uint32_t kNextPart = 1U << 31U;  // in Asked::detail of a list

/// What a request asks. `detail` comes back with the answer.
struct Asked {
  std::uint32_t code = 0;
  std::uint32_t detail = 0;
  SmallText name;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  bool fits = true;
  bool complete = true;  ///< false where what it acts upon could not be read

  void aim(std::uint64_t from, std::uint64_t to) noexcept {
    first = from;
    last = to;
  }
  void aim(const Block& block) noexcept {
    name = name_of_type(block.type);
    aim(block.number, block.number);
  }
  void aim(const Items& items) noexcept {
    name = items.name();
    if (items.has_range()) aim(items.first(), items.last());
  }
};

}  // namespace sekimori::s7comm
