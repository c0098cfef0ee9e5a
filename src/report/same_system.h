#pragma once

#include "json.h"

namespace sekimori::report {

/// Whether two reports mean the same system; where one of them is in one language alone, that one
/// counts.
[[nodiscard]] inline bool is_same_system(const Json& one, const Json& other) {
  if (one.at("kind") != other.at("kind")) return false;
  for (const auto& [language, name] : one.at("name").items())
    if (other.at("name").contains(language) && other.at("name")[language] == name) return true;
  return false;
}

}  // namespace sekimori::report
