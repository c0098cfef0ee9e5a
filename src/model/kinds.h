#pragma once

#include "sekimori/model/database.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sekimori {

/// Tuples of values that many rows share, numbered from 1 in the order in which they are first met.
struct Kinds {
  static constexpr std::size_t kMost = 20'000;  ///< of some 2 KB each; who meets more stops

  std::unordered_map<std::string, std::int64_t> numbers;  ///< by the bytes of the values
  std::vector<std::vector<Value>> values;
  std::string key;  ///< of the tuple at hand, kept for its room
};

}  // namespace sekimori
