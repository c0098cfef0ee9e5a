// Frames kept on disk: what is kept, what goes, and that nothing goes that is somebody else's.

#include "../../src/capture/raw_file.h"

#include "capture_bytes.h"
#include "files.h"
#include "short_files.h"

#include <chrono>
#include <set>
#include <string>
#include <thread>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
using detail::RawFile;

constexpr std::uint64_t kCap = std::uint64_t{1} << 20U;

/// As many records in one as are longer than a piece may be.
Octets long_record() {
  return pcap_record(Endian::little, 1, 0, Octets(kCap / 4), kCap / 4);
}

TEST_CASE("RawFile: the oldest of its own pieces goes, and nothing that has another's name",
          "[raw]") {
  const TemporaryFolder folder;
  const Octets day(kCap);
  for (const auto* name :
       {"plant-20260406.pcap", "plant-093000.pcap", "plant-000001.pcap", "plant_00001_2026.pcap",
        "plant.pcap", "plant.pcap1", "plant.sekimori-1.pcap", "plant.sekimori-20260406.pcapng",
        "plant.sekimori-.pcap", "plant.sekimori-000001x.pcap", "other.sekimori-000001.pcap"})
    static_cast<void>(folder.write(name, day));
  const auto before = names(folder.path());
  static_cast<void>(folder.write("plant.sekimori-000007.pcap", day));
  {
    RawFile raw{folder / "plant.pcap", kCap, LinkType::ethernet};
    for (std::uint64_t i = 1; i <= 8; ++i) CHECK(raw.add(long_record(), i, 1));
    // What is told is what this run wrote and what is left.
    const auto pieces = raw.pieces();
    REQUIRE(pieces.size() == 3);
    CHECK(pieces.back().name == "plant.sekimori-000015.pcap");
    for (const auto& piece : pieces) {
      CHECK(piece.path == (folder / piece.name).string());
      CHECK(piece.frames == 1);
      CHECK(piece.size == fs::file_size(piece.path));
      CHECK(piece.sha256 == sha256_of(piece.path));
    }
    CHECK(pieces.front().first_frame == 6);
    CHECK(pieces.back().first_frame == 8);
  }
  auto after = names(folder.path());
  std::uint64_t kept = 0;
  for (const auto& name : after)
    if (!before.contains(name)) kept += fs::file_size(folder / name);
  CHECK(kept <= kCap);
  for (const auto& name : before) CHECK(after.contains(name));
  CHECK_FALSE(after.contains("plant.sekimori-000007.pcap"));
  CHECK(after.contains("plant.sekimori-000015.pcap"));
}

TEST_CASE("RawFile: one that was made for nothing goes again, unless it is to stay", "[raw]") {
  const auto cap = GENERATE(std::uint64_t{0}, kCap);
  const TemporaryFolder folder;
  {
    RawFile raw;
    raw = RawFile{folder / "plant.pcap", cap, LinkType::ethernet};
    CHECK(names(folder.path()).size() == 1);
  }
  CHECK(names(folder.path()).empty());
  RawFile{folder / "plant.pcap", cap, LinkType::ethernet}.stay();
  CHECK(names(folder.path()).size() == 1);
}

TEST_CASE("RawFile: one that is there already stays as it is", "[raw]") {
  const TemporaryFolder folder;
  const auto plant = folder.write("plant.pcap", {1});
  CHECK_THROWS_WITH((RawFile{plant, 0, LinkType::ethernet}),
                    plant.string() + ": cannot be made: File exists");
  CHECK(content(plant).size() == 1);
  CHECK(detail::free_name(plant) == folder / "plant-2.pcap");
  static_cast<void>(folder.write("plant-2.pcap", {}));
  CHECK(detail::free_name(plant) == folder / "plant-3.pcap");
  CHECK(detail::free_name(folder / "other.pcap") == folder / "other.pcap");
}

TEST_CASE("RawFile: two do not keep their pieces under one name", "[raw]") {
  const TemporaryFolder folder;
  {
    RawFile first{folder / "plant.pcap", kCap, LinkType::ethernet};
    first.stay();
    CHECK_THROWS_WITH((RawFile{folder / "plant.pcap", kCap, LinkType::ethernet}),
                      (folder / "plant.sekimori-000001.pcap").string() +
                          ": is being written by another program; choose another name");
    const RawFile other{folder / "other.pcap", kCap, LinkType::ethernet};
  }
  const RawFile next{folder / "plant.pcap", kCap, LinkType::ethernet};
  CHECK(names(folder.path()) ==
        std::set<std::string>{"plant.sekimori-000001.pcap", "plant.sekimori-000002.pcap"});
}

TEST_CASE("RawFile: under a cap a disk that refuses for a while costs the frames of that while",
          "[raw]") {
  const TemporaryFolder folder;
  RawFile raw{folder / "plant.pcap", kCap, LinkType::ethernet};
  const auto record = pcap_record(Endian::little, 1, 0, Octets(100), 100);
  CHECK(raw.add(record, 1, 1));
  {
    const ShortFiles full{200};
    CHECK_FALSE(raw.add(record, 2, 1));
    CHECK_FALSE(raw.add(record, 3, 1));  // not tried again so soon
    CHECK(raw.trouble() == "the raw file ends early: File too large");
    std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    const ShortFiles none{20};
    CHECK_FALSE(raw.add(record, 4, 1));
    CHECK(raw.trouble() == "the next raw file cannot be made: File too large");
  }
  CHECK(names(folder.path()) == std::set<std::string>{"plant.sekimori-000001.pcap"});
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  CHECK(raw.add(record, 5, 1));
  CHECK(raw.trouble().empty());
  const auto pieces = raw.pieces();
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].first_frame == 1);
  CHECK(pieces[1].first_frame == 5);
  for (const auto& piece : pieces) CHECK(piece.sha256 == sha256_of(piece.path));
  for (const auto* name : {"plant.sekimori-000001.pcap", "plant.sekimori-000002.pcap"}) {
    const auto read = read_paths({folder / name});
    CHECK(read.frames.size() == 1);
    CHECK(read.captures.at(0).damage.empty());
  }
}

}  // namespace
}  // namespace sekimori::test
