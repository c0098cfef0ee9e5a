#pragma once

#include "sekimori/infer/census.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace sekimori {

/// The devices that answered behind each server: Modbus units, DNP3 outstations, IEC 104 stations.
struct UnitsBehind {
  std::vector<std::uint32_t> answered;  ///< sorted
  std::vector<std::uint32_t> assets;    ///< those that are devices of their own; empty: it is one
};

/// By server asset. `resolve` gives the asset of a conversation's server or a property's subject.
[[nodiscard]] std::map<RowId, UnitsBehind> find_units(
    const Facts& facts, const std::vector<ConversationEnds>& ends,
    const std::function<RowId(const SubjectKey&)>& subject);

}  // namespace sekimori
