#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// Files that appear in a folder together: each is written beside its place, and all are renamed
/// once every one of them is whole. What was there before stays until then.
class OutputFolder {
 public:
  /// Makes the folder where it is missing. Throws Error.
  explicit OutputFolder(std::filesystem::path folder);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  /// Takes away what was not published, and the folder where it was made for nothing.
  ~OutputFolder();

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return folder_ / name;
  }
  /// Where somebody else may write a file that is to appear as `name`. Throws Error.
  [[nodiscard]] std::filesystem::path reserve(std::string_view name);
  /// Throws Error where the disk refuses.
  void write(std::string_view name, std::string_view content);
  /// Throws Error.
  void publish();

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> waiting_;
  bool is_new_ = false;
};

}  // namespace sekimori
