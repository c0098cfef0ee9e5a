#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"

#include "capture_bytes.h"
#include "hex.h"

#include <csignal>
#include <iterator>
#include <sys/resource.h>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

Octets contents(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

Frame frame_of(const Octets& bytes, std::int64_t time, LinkType link_type = LinkType::ethernet,
               std::uint32_t on_wire = 60) {
  Frame frame;
  frame.bytes = bytes;
  frame.wire_length = on_wire;
  frame.time = time;
  frame.link_type = link_type;
  return frame;
}

TEST_CASE("Writer: frames of one link type become pcap with nanoseconds", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "cut.pcap";
  const auto bytes = "0102030405"_hex;
  CaptureWriter writer{path};
  writer.write(frame_of(bytes, 1'700'000'000'123'456'789, LinkType::raw_ip));
  writer.write(frame_of({}, 5, LinkType::raw_ip, 0));
  CHECK_FALSE(fs::exists(path));
  writer.finish();
  writer.finish();
  CHECK(files_in(folder.path()) == 1);
  CHECK(contents(path) ==
        "4d3cb2a1 0200 0400 00000000 00000000 00000400 65000000 /"
        "00f15365 15cd5b07 05000000 3c000000 0102030405 /"
        "00000000 05000000 00000000 00000000"_hex);

  const auto read = read_paths({path});
  REQUIRE(read.frames.size() == 2);
  CHECK(read.frames[0] == Seen{bytes, 60, 0, 1, 1'700'000'000'123'456'789, LinkType::raw_ip});
  CHECK(read.captures.at(0).damage.empty());
  CHECK_THROWS_AS(writer.write(frame_of(bytes, 1)), Error);
}

TEST_CASE("Writer: link types that differ become pcapng, whenever they come", "[writer]") {
  const auto before = GENERATE(0, 1, 3000);
  CAPTURE(before);
  const TemporaryFolder folder;
  const auto path = folder.path() / "cut.pcapng";
  CaptureWriter writer{path};
  std::vector<Seen> expected;
  const auto write = [&](const Octets& bytes, std::int64_t time, LinkType link_type) {
    writer.write(frame_of(bytes, time, link_type, 70));
    expected.push_back({bytes, 70, 0, expected.size() + 1, time, link_type});
  };
  for (int i = 0; i < before; ++i) {
    write(Octets(static_cast<std::size_t>(i % 7), 1), 1'000 + i, LinkType::ethernet);
  }
  write("0a0b0c"_hex, 1'700'000'000'123'456'789, LinkType::linux_sll);
  write("0d"_hex, 4'500'000'000'000'000'000, LinkType::ethernet);  // in 2112
  write("0e"_hex, 7, LinkType::linux_sll);
  writer.finish();
  CHECK(files_in(folder.path()) == 1);

  const auto read = read_paths({path});
  CHECK(read.captures.at(0).format == "pcapng");
  CHECK(read.captures[0].damage.empty());
  CHECK(read.frames == expected);
}

TEST_CASE("Writer: a time that pcap cannot hold makes pcapng of it", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "cut.pcap";
  CaptureWriter writer{path};
  writer.write(frame_of("01"_hex, 4'294'967'295'999'999'999));
  writer.write(frame_of("02"_hex, 4'294'967'296'000'000'000));
  writer.write(frame_of("03"_hex, -5));
  writer.finish();
  const auto read = read_paths({path});
  CHECK(read.captures.at(0).format == "pcapng");
  REQUIRE(read.frames.size() == 3);
  CHECK(read.frames[0].time == 4'294'967'295'999'999'999);
  CHECK(read.frames[1].time == 4'294'967'296'000'000'000);
  CHECK(read.frames[2].time == 0);
}

TEST_CASE("Writer: no frames make a capture without frames", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "cut.pcap";
  CaptureWriter{path}.finish();
  const auto read = read_paths({path});
  CHECK(read.frames.empty());
  CHECK(read.captures.at(0).damage.empty());
}

TEST_CASE("Writer: a frame longer than readers take is cut, and says so", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "cut.pcap";
  const Octets bytes(300'000, 9);
  CaptureWriter writer{path};
  writer.write(frame_of(bytes, 1, LinkType::ethernet, 300'000));
  writer.finish();
  const auto read = read_paths({path});
  CHECK(read.frames.at(0).bytes.size() == 262'144);
  CHECK(read.frames[0].wire_length == 300'000);
}

TEST_CASE("Writer: what is not finished leaves nothing, and the old file stays", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.write("cut.pcap", ascii("old"));
  {
    CaptureWriter writer{path};
    writer.write(frame_of("01"_hex, 1));
    writer.write(frame_of("01"_hex, 1, LinkType::raw_ip));
  }
  CHECK(files_in(folder.path()) == 1);
  CHECK(contents(path) == ascii("old"));

  CaptureWriter writer{path};
  writer.write(frame_of("01"_hex, 1));
  writer.finish();
  CHECK(read_paths({path}).frames.size() == 1);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("Writer: a folder that is not there is an error", "[writer]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(CaptureWriter{folder.path() / "no" / "cut.pcap"},
                    Catch::Contains("cut.pcap: cannot be written: No such file or directory"));
}

/// No file may grow past `most` bytes: a full disk, for this process.
class FullDisk {
 public:
  explicit FullDisk(rlim_t most) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    auto low = old_;
    low.rlim_cur = most;
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }

 private:
  struct rlimit old_ {};
  void (*handler_)(int);
};

TEST_CASE("Writer: a disk that is full is an error, and nothing is left behind", "[writer]") {
  const TemporaryFolder folder;
  const auto path = folder.write("cut.pcap", ascii("old"));
  const auto link_type = GENERATE(LinkType::ethernet, LinkType::raw_ip);
  {
    const Octets bytes(1000);
    const FullDisk full{100'000};
    CaptureWriter writer{path};
    writer.write(frame_of(bytes, 1));
    CHECK_THROWS_WITH(
        [&] {
          for (int i = 0; i < 1000; ++i) writer.write(frame_of(bytes, 1, link_type));
          writer.finish();
        }(),
        Catch::Contains("cut.pcap: cannot be written: "));
    CHECK_THROWS_AS(writer.finish(), Error);
  }
  CHECK(files_in(folder.path()) == 1);
  CHECK(contents(path) == ascii("old"));
}

TEST_CASE("Writer: the same frames make the same bytes", "[writer]") {
  const TemporaryFolder folder;
  for (const auto* name : {"a", "b"}) {
    CaptureWriter writer{folder.path() / name};
    writer.write(frame_of("01"_hex, 1));
    writer.write(frame_of("02"_hex, 2, LinkType::ieee802_11));
    writer.finish();
  }
  CHECK(contents(folder.path() / "a") == contents(folder.path() / "b"));
}

}  // namespace
}  // namespace sekimori::test
