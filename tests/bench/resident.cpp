// What the engine holds while flows live: observes a capture on one thread and prints the heap in
// use at the last report of progress, in bytes. (The peak of the process would tell of writing the
// model too; the heap leaves out the window of the file.)

#include "sekimori/bytes/error.h"
#include "sekimori/model/observe.h"

#include <iostream>
#include <malloc.h>

namespace {

std::uint64_t heap() {
  const auto now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bench_resident CAPTURE\n";
    return 2;
  }
  std::uint64_t last = 0;
  sekimori::ObserveOptions options;
  options.threads = 1;
  options.progress = [&last](const auto& /*progress*/) { last = heap(); };
  try {
    const auto facts = sekimori::observe({argv[1]}, options);
    if (facts.captures.empty()) return 2;
  } catch (const sekimori::Error& error) {
    std::cerr << "bench_resident: " << error.what() << '\n';
    return 2;
  }
  std::cout << last << '\n';
  return 0;
}
