#pragma once

#include "captures.h"

#include <string_view>
#include <vector>

namespace sekimori::captures {

/// What plants do that makes an answer of the questionnaire true or false: one or more for each
/// question that traffic can test directly. They are played by the test of the merge and stand in
/// no file. Scenarios that show a good state last eight days, from a Monday over a weekend.
[[nodiscard]] std::vector<Recipe> scenario_recipes();

/// The zones of the plant, with a safety network beside those of zones.json.
[[nodiscard]] std::string_view scenario_zones();

}  // namespace sekimori::captures
