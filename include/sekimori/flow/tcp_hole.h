#pragma once

#include "sekimori/flow/flow.h"

#include <cstdint>

namespace sekimori {

/// Keeps what a packet brings from `next` on, in order of sequence; `early` says of it all but the
/// bytes. Of bytes that were kept before, the first copy stands. Returns how many bytes of the
/// later copy differ from it.
std::uint64_t keep_early(Hole& hole, std::uint32_t next, const EarlySegment& early,
                         const Packet& packet);

}  // namespace sekimori
