#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sekimori::detail {

/// A path to be opened.
struct Input {
  std::filesystem::path path;
  bool named = true;  ///< by the user, not found in a folder
};

/// The files behind `paths`, folders searched to the bottom in byte order of the paths. What cannot
/// be looked at goes to `skipped`. Throws Error where a path does not exist.
[[nodiscard]] std::vector<Input> find_inputs(const std::vector<std::filesystem::path>& paths,
                                             std::vector<std::string>& skipped);

}  // namespace sekimori::detail
