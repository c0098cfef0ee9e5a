#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace sekimori::test {

/// The captures of others, which stand beside the project and are no part of it. Empty, and said
/// so, where they are missing; in CI they must be there.
inline std::vector<std::filesystem::path> real_captures(const std::filesystem::path& folder) {
  const auto root = std::filesystem::path{SEKIMORI_SOURCE_DIR} / "../shared/captures" / folder;
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::exists(root)) {
    if (std::getenv("CI") != nullptr)
      throw std::runtime_error("no real captures: " + root.string());
    std::cout << "skipped: no real captures in ../shared/captures/" << folder.string() << '\n';
    return found;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    const auto ending = entry.path().extension();
    if (entry.is_regular_file() && ending != ".tsv" && ending != ".md" && ending != ".jsonl")
      found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace sekimori::test
