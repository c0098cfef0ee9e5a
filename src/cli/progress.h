#pragma once

#include "sekimori/model/observe.h"

#include <chrono>

namespace sekimori::cli {

/// A line on a terminal that tells how far reading has come: bytes, packets a second, time left.
/// Silent where standard error is no terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  bool on_terminal_;
  bool shown_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point last_ = {};
};

}  // namespace sekimori::cli
