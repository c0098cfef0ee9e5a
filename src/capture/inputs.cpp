#include "inputs.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <system_error>

namespace sekimori::detail {
namespace {

namespace fs = std::filesystem;

void search(const fs::path& folder, std::vector<fs::path>& found,
            std::vector<std::string>& skipped) {
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const auto next = folders.back();
    folders.pop_back();
    std::error_code problem;
    fs::directory_iterator entry{next, problem};
    for (; !problem && entry != fs::directory_iterator{}; entry.increment(problem)) {
      std::error_code status_problem;
      // A link to a folder is not followed: it may lead back.
      if (entry->is_directory(status_problem) && !entry->is_symlink(status_problem)) {
        folders.push_back(entry->path());
      } else if (entry->is_regular_file(status_problem)) {
        found.push_back(entry->path());
      } else {
        skipped.push_back(entry->path().string() + ": no regular file");
      }
    }
    if (problem && next == folder) throw Error(next.string(), problem.message());
    if (problem) skipped.push_back(next.string() + ": " + problem.message());
  }
}

}  // namespace

std::vector<Input> find_inputs(const std::vector<fs::path>& paths,
                               std::vector<std::string>& skipped) {
  std::vector<Input> inputs;
  for (const auto& path : paths) {
    std::error_code problem;
    if (path == "-" || !fs::is_directory(path, problem)) {
      inputs.push_back({path, true});
      continue;
    }
    std::vector<fs::path> found;
    search(path, found, skipped);
    std::ranges::sort(found, {}, &fs::path::native);
    for (auto& file : found) inputs.push_back({std::move(file), false});
  }
  std::ranges::sort(skipped);
  return inputs;
}

}  // namespace sekimori::detail
