#pragma once

#include "sekimori/infer/census.h"
#include "sekimori/infer/role.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// A subnet in one segment: what a zone is proposed from. Without a subnet it is the stations of a
/// segment that speak no IP.
struct CellKey {
  Prefix subnet{{}, 0};
  std::string_view segment;
  friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

/// What stands in a cell and with what it talks.
struct Cell {
  std::set<RowId> members;
  std::set<RowId> peers;  ///< of two-way conversations, wherever they are
  ZoneKind kind = ZoneKind::unknown;
  int confidence = 0;
  std::string reason;
  RowId zone = kNoRow;  ///< once zones are numbered
};

using Cells = std::map<CellKey, Cell>;

/// `10.1.2.0/24`, with its segment where the same subnet stands in several.
[[nodiscard]] std::string name_of(const CellKey& key, const Cells& cells);

/// Judges each cell by the roles in it, then by what the others are. `zone_kind` tells the kind of
/// assets that the plan placed.
void judge(Cells& cells, const std::vector<RoleVerdict>& roles,
           const std::map<RowId, ZoneKind>& placed);

}  // namespace sekimori
