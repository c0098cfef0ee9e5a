#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace sekimori::test {

/// The bytes of a file; none where there is no such file.
inline std::string content(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The names of what is in a folder.
inline std::set<std::string> names(const std::filesystem::path& folder) {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    found.insert(entry.path().filename().string());
  return found;
}

}  // namespace sekimori::test
