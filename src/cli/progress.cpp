#include "progress.h"

#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace sekimori::cli {
namespace {

constexpr auto kEvery = std::chrono::milliseconds{200};
constexpr double kMega = 1e6;

}  // namespace

ProgressLine::ProgressLine() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::cerr << "\r\x1b[K" << std::flush;  // clear the line
}

void ProgressLine::show(const Progress& progress) {
  const auto now = Clock::now();
  if (!on_terminal_ || now - last_ < kEvery) return;
  last_ = now;
  shown_ = true;
  const auto elapsed = std::chrono::duration<double>(now - began_).count();
  std::ostringstream line;
  line << std::fixed << std::setprecision(0) << "\r\x1b[K"
       << static_cast<double>(progress.bytes) / kMega;
  if (progress.of) line << " of " << static_cast<double>(*progress.of) / kMega;
  line << " MB, " << std::setprecision(2)
       << static_cast<double>(progress.packets) / kMega / std::max(elapsed, 1e-3)
       << " million packets/s";
  if (progress.of && progress.bytes > 0) {
    const auto share = static_cast<double>(progress.bytes) / static_cast<double>(*progress.of);
    line << ", " << std::setprecision(0) << std::ceil(elapsed / share - elapsed) << " s left";
  }
  std::cerr << line.str() << std::flush;
}

}  // namespace sekimori::cli
