#pragma once

#include <string>
#include <vector>

namespace sekimori {

/// In the order in which a row of what is held is best kept, since it is read from its front: what
/// rules ask first, then from the last column on, because a select has what it works out behind
/// what it takes over.
[[nodiscard]] std::vector<std::string> asked_first(std::vector<std::string> columns);

}  // namespace sekimori
