#pragma once

#include "sekimori/capture/capture_set.h"
#include "sekimori/model/facts.h"
#include "sekimori/model/observe.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace sekimori {

/// observe() for frames that come as they will. What it makes of frames is what observe() makes of
/// a file with the same ones.
class LiveObservation {
 public:
  /// `memory`: bytes that it may take, as ObserveOptions::memory.
  explicit LiveObservation(std::size_t memory = ObserveOptions::kDefaultMemory);
  ~LiveObservation();
  LiveObservation(const LiveObservation&) = delete;
  LiveObservation& operator=(const LiveObservation&) = delete;

  /// In the order of their coming. The frames' memory is not needed after it.
  void take(const FrameBatch& batch);

  /// Ends every flow and returns what was seen; take() is over then. To look without ending,
  /// do it in a copy of the process.
  [[nodiscard]] Facts finish(const std::vector<CaptureFile>& captures, const std::string& vantage);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sekimori
