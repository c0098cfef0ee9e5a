#pragma once

#include "sekimori/assess/plant_list.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekimori {

/// A cell as people write it, made one form; `problem` says why it cannot be.
[[nodiscard]] std::string normal_cell(std::string_view text, ListCell cell, std::string& problem);

/// Hours of a day in minutes of UTC; where `until` is before `from` they go over midnight.
struct Hours {
  std::int64_t from = 0, until = 0;
};
/// Of what normal_cell made.
[[nodiscard]] Hours hours_of(std::string_view cell);

}  // namespace sekimori
