#pragma once

#include "sekimori/flow/flow.h"

#include <cstdint>

namespace sekimori {

/// Keeps a segment that lies beyond `next`, in order of sequence. Of bytes that were kept before,
/// the first copy stands. Returns how many bytes of the later copy differ from it.
std::uint64_t keep_early(Hole& hole, std::uint32_t next, std::uint32_t sequence,
                         const Packet& packet, const Sighting& seen);

}  // namespace sekimori
