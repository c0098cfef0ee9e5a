#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace sekimori::cli {

/// Work on a copy of this process, while this one goes on: the copy can end every flow, conclude
/// and write a model file, and no frame waits for it. It shares the memory that neither changes.
class Look {
 public:
  Look() = default;
  ~Look();
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  /// Tells the original process one line, without the line's end.
  using Tell = std::function<void(std::string_view line)>;

  /// Starts the copy, which does `work` and ends; an Error of it becomes a line with `failed: ` in
  /// front. Throws Error where the system has no room for another process.
  void begin(const std::function<void(const Tell&)>& work);
  [[nodiscard]] bool is_running() const noexcept { return pipe_ >= 0; }
  /// Lines that came since; never waits. is_running() is false after the last ones.
  std::vector<std::string> lines();
  /// Waits for the end, and returns the remaining lines.
  std::vector<std::string> wait();
  /// How long the last one took, or has taken.
  [[nodiscard]] std::chrono::steady_clock::duration length() const noexcept { return length_; }

 private:
  bool receive(std::vector<std::string>& lines);
  void reap(std::vector<std::string>& lines);

  pid_t process_ = -1;
  int pipe_ = -1;
  std::string rest_;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::duration length_{};
};

}  // namespace sekimori::cli
