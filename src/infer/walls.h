#pragma once

#include "links.h"
#include "zones.h"

#include <vector>

namespace sekimori {

/// Whether a filter stands between two zones, for each pair with any sign for or against. Only
/// what a filter does proves one: silence proves nothing, and a router need not filter.
[[nodiscard]] std::vector<WallRow> find_walls(const Facts& facts, const Census& census,
                                              const ZoneMap& zones,
                                              const std::vector<ConversationLinks>& links);

}  // namespace sekimori
