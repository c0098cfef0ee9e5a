// Frames kept on disk: what is kept, what goes, and that nothing goes that is somebody else's.

#include "../../src/capture/raw_file.h"

#include "capture_bytes.h"
#include "files.h"

#include <string>

namespace sekimori::test {
namespace {

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
    for (int i = 0; i < 8; ++i) CHECK(raw.add(long_record()));
  }
  auto after = names(folder.path());
  for (const auto& name : before) CHECK(after.contains(name));
  CHECK_FALSE(after.contains("plant.sekimori-000007.pcap"));
  CHECK(after.contains("plant.sekimori-000015.pcap"));
}

}  // namespace
}  // namespace sekimori::test
