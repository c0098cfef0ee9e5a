#pragma once

#include <cstdint>
#include <functional>
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

/// Of which asset properties and events are: element n - 1 is of row n, in the order of the facts.
struct SubjectAssets {
  std::vector<RowId> property_assets;
  std::vector<RowId> event_assets;
};

/// Who has what is concluded for rows of facts, and may still be at work: each is asked when its
/// rows are the next to be written. What nobody has is NULL.
struct ColumnSource {
  std::function<SubjectAssets()> subjects;
  std::function<std::vector<ConversationLinks>()> conversations;
};

}  // namespace sekimori
