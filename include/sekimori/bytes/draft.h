#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace sekimori {

/// Takes a text in pieces that follow each other.
using TextSink = std::function<void(std::string_view)>;

/// A file or folder beside `target` that this process alone writes to: `target` + ".partial", or
/// ".1.partial" and so on where a living run has that one. It is locked, and the lock goes with the
/// process, however that ends: so what a killed run left behind is known, and goes.
class DraftPlace {
 public:
  DraftPlace() noexcept = default;
  /// Makes an empty file. Throws Error, which names `called`.
  static DraftPlace file(const std::filesystem::path& target, const std::filesystem::path& called);
  /// Makes an empty folder; one left behind goes where nothing but files is in it. Throws Error.
  static DraftPlace folder(const std::filesystem::path& target,
                           const std::filesystem::path& called);
  DraftPlace(DraftPlace&& other) noexcept;
  DraftPlace& operator=(DraftPlace&& other) noexcept;
  ~DraftPlace();

  [[nodiscard]] bool holds() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  struct Kind;
  DraftPlace(int descriptor, std::filesystem::path path) noexcept;
  static DraftPlace make(const std::filesystem::path& target, const std::filesystem::path& called,
                         const Kind& kind);
  static void remove_dead(const std::filesystem::path& path, const Kind& kind);

  int descriptor_ = -1;
  std::filesystem::path path_;
};

/// Where a file is, or would be made, that links lead to.
[[nodiscard]] std::filesystem::path followed(std::filesystem::path path);

/// A file that appears at its place whole or not at all: made beside it, then renamed. It has the
/// permissions of the one that it replaces; links that lead there stay.
class Draft {
 public:
  /// Errors call the file `called`, where that is not `target`. Throws Error, also where something
  /// other than a file is in the place.
  explicit Draft(std::filesystem::path target, std::filesystem::path called = {});
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  /// Takes away what did not become the target.
  ~Draft();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return place_.path(); }
  [[nodiscard]] const std::filesystem::path& called() const noexcept { return called_; }

  /// Behind what was written before. Throws Error where the disk refuses.
  void write(std::string_view bytes);
  /// What was written is on the disk, and then the draft in its place. Throws Error.
  void become_target();

 private:
  void resemble_target() const;

  std::filesystem::path target_;
  std::filesystem::path called_;
  DraftPlace place_;
};

/// So that names outlive a power cut. Some file systems refuse it; what they name is whole.
void flush_folder(const std::filesystem::path& folder) noexcept;

}  // namespace sekimori
