#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace sekimori {

/// Puts the figures of an older report beside those of this one: `summary.previous`, and that of
/// each system, which is told by its name. Throws Error, with `file` as the older one's name, where
/// nothing of it can be compared: another question set, no answers, other systems.
void add_previous(nlohmann::ordered_json& report, const nlohmann::ordered_json& older,
                  std::string_view file);

}  // namespace sekimori
