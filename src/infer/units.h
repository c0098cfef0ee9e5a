#pragma once

#include "sekimori/infer/census.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace sekimori {

/// The devices that answered behind each server: Modbus units, DNP3 outstations, IEC 104 stations.
struct UnitsBehind {
  RowId server = kNoRow;
  std::vector<std::uint32_t> devices;  ///< units that are assets of their own; empty: it is one
};

/// In the order of servers. `subject` gives the asset that a property is of.
[[nodiscard]] std::vector<UnitsBehind> find_units(
    const Facts& facts, const std::vector<ConversationEnds>& ends,
    const std::function<RowId(const SubjectKey&)>& subject);

}  // namespace sekimori
