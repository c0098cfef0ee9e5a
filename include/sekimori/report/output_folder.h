#pragma once

#include "sekimori/bytes/draft.h"

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// Files that appear in a folder together. They are written in a folder of their own beside it,
/// which takes its place in one step once all of them are whole; what was there before stays until
/// then. Where that cannot be (the folder has files of others in it, is where the program was
/// started, is mounted, or lies in a folder that nobody may write to), each file takes its place
/// by itself, one right after the other.
class OutputFolder {
 public:
  /// Makes the folders that it lies in, where they are missing. Throws Error.
  explicit OutputFolder(std::filesystem::path folder);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  /// Takes away what was not published, and folders that were made for nothing.
  ~OutputFolder();

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return folder_ / name;
  }
  /// Where somebody else may write a file that is to appear as `name`. Threads may reserve and
  /// write side by side. Throws Error.
  [[nodiscard]] std::filesystem::path reserve(std::string_view name);
  /// Throws Error where the disk refuses.
  void write(std::string_view name, std::string_view content);
  /// What is too long to be held as a whole.
  void write(std::string_view name, const std::function<void(const TextSink&)>& content);
  /// Once, at the end. Throws Error.
  void publish();

 private:
  void make(const std::filesystem::path& folder);
  [[nodiscard]] bool replace_folder();
  void replace_files();
  /// Where files cannot be renamed into the folder: it is mounted, or Landlock is of a version that
  /// knows no right to (before Linux 5.19).
  void copy_files();
  [[nodiscard]] bool is_all_replaced() const;

  std::filesystem::path folder_;  // as it was given
  std::filesystem::path place_;   // the same, absolute
  std::vector<std::filesystem::path> made_;
  std::mutex naming_;
  std::vector<std::string> names_;
  DraftPlace draft_;
};

}  // namespace sekimori
