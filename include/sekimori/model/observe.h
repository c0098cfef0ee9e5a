#pragma once

#include "sekimori/model/facts.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sekimori {

struct Progress {
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> of;  ///< absent where it cannot be known (standard input)
  std::uint64_t packets = 0;
};

struct ObserveOptions {
  static constexpr std::size_t kDefaultMemory = std::size_t{1} << 30U;
  static constexpr std::size_t kLeastMemory = std::size_t{64} << 20U;

  unsigned threads = 1;  ///< shards; 0: as many as the machine has cores
  /// Bytes that a reading may take; on reaching it what tells least goes, counted as a cap.
  std::size_t memory = kDefaultMemory;
  std::string vantage;                            ///< letters of merge-rules 5.2, for every capture
  std::function<void(const Progress&)> progress;  ///< called now and then, from one thread
  std::function<void(const std::string&)> skipped;  ///< a file of a folder that is no capture
};

/// Reads captures to their end and returns what was seen. The result does not depend on the
/// number of threads. Throws Error where a capture cannot be opened.
[[nodiscard]] Facts observe(const std::vector<std::filesystem::path>& captures,
                            const ObserveOptions& options);

}  // namespace sekimori
