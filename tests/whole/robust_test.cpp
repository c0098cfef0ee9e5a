// Hostile input is the normal case: every damaged, odd and hostile file, and every prefix of the
// demo capture, is read to its end without complaint.

#include "sekimori/bytes/error.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"

#include "folder.h"
#include "real_captures.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

void observe_and_save(const fs::path& capture, const fs::path& model) {
  ObserveOptions options;
  options.threads = 2;
  const auto facts = observe({capture}, options);
  conclude_and_save(facts, ZonePlan{}, model);
}

TEST_CASE("Robust: every file of others is read, or refused with a word", "[robust]") {
  const Folder folder;
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const auto& capture : real_captures("")) {
    CAPTURE(capture);
    try {
      observe_and_save(capture, folder / "model.sekimori");
      ++read;
    } catch (const Error& error) {
      // A file that is no capture is refused by name; nothing else may be.
      CHECK(std::string{error.what()}.find(capture.filename().string()) != std::string::npos);
      ++refused;
    }
  }
  std::cout << read << " captures read, " << refused << " refused\n";
}

TEST_CASE("Robust: every prefix of the demo capture is read up to its cut", "[robust]") {
  const auto demo = fs::path{SEKIMORI_SOURCE_DIR} / "captures/demo/plant.pcap";
  std::ifstream file{demo, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  REQUIRE(bytes.size() > 4);
  const Folder folder;
  // The first frames byte by byte, then at steps that no record size divides.
  constexpr std::size_t kEvery = 4096;
  constexpr std::size_t kStep = 1009;
  std::uint64_t frames_before = 0;
  for (std::size_t size = 0; size < bytes.size(); size += size < kEvery ? 1 : kStep) {
    CAPTURE(size);
    const auto cut = folder / "cut.pcap";
    std::ofstream{cut, std::ios::binary}.write(bytes.data(), static_cast<std::streamsize>(size));
    if (size < 4) {  // not even a magic number
      CHECK_THROWS_AS(observe({cut}, {}), Error);
      continue;
    }
    const auto facts = observe({cut}, {});
    CHECK(facts.captures.at(0).packets >= frames_before);
    frames_before = facts.captures.at(0).packets;
  }
}

}  // namespace
}  // namespace sekimori::test
