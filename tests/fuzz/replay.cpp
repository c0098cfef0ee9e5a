// Runs a fuzz target over files, where there is no libFuzzer: each input whole, and cut anywhere.

#include "target.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  constexpr std::size_t kRuns = 10'000;  // of all inputs together
  constexpr std::size_t kMostCuts = 64;  // of one
  std::vector<fs::path> inputs;
  for (int i = 1; i < argc; ++i) {
    if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::recursive_directory_iterator{argv[i]})
        if (entry.is_regular_file()) inputs.push_back(entry.path());
    } else {
      inputs.emplace_back(argv[i]);
    }
  }
  std::ranges::sort(inputs);
  const auto cuts = std::clamp<std::size_t>(kRuns / (inputs.size() + 1), 2, kMostCuts);
  for (const auto& input : inputs) {
    std::ifstream file{input, std::ios::binary};
    const std::vector<char> text{std::istreambuf_iterator<char>{file}, {}};
    const std::vector<std::uint8_t> bytes{text.begin(), text.end()};
    const auto step = std::max<std::size_t>(1, bytes.size() / cuts);
    for (std::size_t size = 0; size < bytes.size(); size += step) {
      // A vector of its own, so that the sanitizer sees a read past the cut.
      const std::vector<std::uint8_t> cut(bytes.begin(),
                                          bytes.begin() + static_cast<std::ptrdiff_t>(size));
      LLVMFuzzerTestOneInput(cut.data(), cut.size());
    }
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::cout << inputs.size() << " inputs\n";
  return inputs.empty() ? 1 : 0;
}
