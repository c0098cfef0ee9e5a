#pragma once

#include <cstdint>
#include <vector>

namespace sekimori {

/// A row number of a derived table, from 1; 0: none.
using RowId = std::uint32_t;
inline constexpr RowId kNoRow = 0;

/// The derived columns of a conversation.
struct ConversationLinks {
  RowId client = kNoRow, server = kNoRow;
  RowId client_zone = kNoRow, server_zone = kNoRow;
  RowId copy_of = kNoRow;  ///< conversation: the same packets, seen again elsewhere
  bool excluded = false;   ///< of a machine that the plan leaves out
};

/// What is concluded for rows of facts: element n - 1 is of row n, in the order of the facts.
struct DerivedColumns {
  std::vector<ConversationLinks> conversations;
  std::vector<RowId> property_assets;
  std::vector<RowId> event_assets;
};

}  // namespace sekimori
