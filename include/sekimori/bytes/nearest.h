#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// How many letters must be added, dropped, changed or swapped with their neighbour to make one
/// word of the other.
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

/// The candidate that a misspelt word was probably meant to be; "" where none is near. The first
/// of equally near ones.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);

}  // namespace sekimori
