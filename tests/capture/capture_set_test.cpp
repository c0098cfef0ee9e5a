#include "sekimori/capture/capture_set.h"

#include "sekimori/bytes/error.h"

#include "../../src/capture/capture_reader.h"
#include "capture_bytes.h"
#include "hex.h"

#include <algorithm>
#include <random>
#include <sys/resource.h>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

Octets at_times(const std::vector<std::uint32_t>& seconds, std::uint8_t mark = 0) {
  auto bytes = pcap_header(Endian::little);
  for (const auto second : seconds) {
    const auto record =
        pcap_record(Endian::little, second, 0, {mark, static_cast<std::uint8_t>(second)}, 2);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

/// `capture:second` of each frame, in order.
std::string order_of(const std::vector<Seen>& frames) {
  std::string text;
  for (const auto& frame : frames) {
    if (!text.empty()) text += ' ';
    text += std::to_string(frame.capture) + ':' + std::to_string(frame.time / 1'000'000'000);
  }
  return text;
}

TEST_CASE("Merge: by time, then by the order of the files; no file is reordered", "[merge]") {
  const TemporaryFolder folder;
  const auto a = folder.write("a", at_times({1, 4, 4, 9}));
  const auto b = folder.write("b", at_times({4, 2, 6}));
  const auto c = folder.write("c", at_times({}));
  const auto d = folder.write("d", at_times({0, 4, 5}));
  const auto most = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100});

  const auto read = read_paths({a, b, c, d}, most);
  CHECK(order_of(read.frames) == "3:0 0:1 0:4 0:4 1:4 1:2 3:4 3:5 1:6 0:9");
  REQUIRE(read.captures.size() == 4);
  CHECK(read.captures[1].packets == 3);
  CHECK(read.captures[1].first_seen == 2'000'000'000);
  CHECK(read.captures[2].packets == 0);
  for (const auto& about : read.captures) CHECK(about.sha256 == sha256_of(about.path));

  const auto other = read_paths({b, a}, most);
  CHECK(order_of(other.frames) == "1:1 0:4 0:2 1:4 1:4 0:6 1:9");
}

TEST_CASE("Merge: files that went away while others were read are told apart, with the reason",
          "[merge]") {
  const TemporaryFolder folder;
  const auto a = folder.write("a", at_times({1}));
  const auto b = folder.write("b", at_times({2}));
  const auto c = folder.write("c", at_times({3}));
  CaptureSet set{{a, b, c}};
  fs::remove(b);
  fs::remove(c);
  CHECK(order_of(read_all(set)) == "0:1");
  const auto& captures = set.captures();
  for (const auto* lost : {&captures[1], &captures[2]}) {
    CHECK(lost->packets == 0);
    CHECK(lost->damage == "at byte 0, after frame 0: No such file or directory");
    CHECK(lost->sha256.size() == 64);
  }
  CHECK(captures[1].sha256 != captures[2].sha256);
}

TEST_CASE("Merge: many files with many frames keep their order and all their frames", "[merge]") {
  const auto seed = GENERATE(range(0U, 5U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const TemporaryFolder folder;
  std::vector<fs::path> paths;
  std::vector<Seen> expected;
  for (std::uint32_t file = 0; file < 7; ++file) {
    std::vector<std::uint32_t> times(random() % 1500);
    for (auto& time : times) time = static_cast<std::uint32_t>(random() % 300);
    std::ranges::sort(times);
    paths.push_back(
        folder.write(std::to_string(file), at_times(times, static_cast<std::uint8_t>(file))));
    std::uint64_t number = 0;
    for (const auto time : times) {
      expected.push_back({{static_cast<std::uint8_t>(file), static_cast<std::uint8_t>(time)},
                          2,
                          file,
                          ++number,
                          std::int64_t{time} * 1'000'000'000,
                          LinkType::ethernet});
    }
  }
  std::ranges::stable_sort(expected, {}, &Seen::time);
  CHECK(read_paths(paths, 1 + random() % 700).frames == expected);
}

TEST_CASE("Merge: a damaged file ends early, the others go on", "[merge]") {
  const TemporaryFolder folder;
  auto cut = at_times({1, 3, 5});
  cut.resize(cut.size() - 1);
  const auto read = read_paths({folder.write("a", cut), folder.write("b", at_times({2, 4, 6}))});
  CHECK(order_of(read.frames) == "0:1 1:2 0:3 1:4 1:6");
  CHECK(read.captures[0].damage == "at byte 60, after frame 2: record cut: 17 of 18 bytes");
  CHECK(read.captures[0].sha256 == sha256_of(read.captures[0].path));
  CHECK(read.captures[1].damage.empty());
}

TEST_CASE("Merge: more files than a process may open", "[merge]") {
  struct rlimit old {};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  auto low = old;
  low.rlim_cur = 40;
  const TemporaryFolder folder;
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(folder.write(std::to_string(i), at_times({1, 2, 3})));
  }
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  const auto read = read_paths({folder.path()});
  ::setrlimit(RLIMIT_NOFILE, &old);
  CHECK(read.frames.size() == 300);
  CHECK(read.skipped.empty());
}

TEST_CASE("Folders are searched to the bottom, in byte order; the rest is told", "[folders]") {
  const TemporaryFolder folder;
  static_cast<void>(folder.write("b.pcap", at_times({2})));
  static_cast<void>(folder.write("a/z.cap", at_times({1})));
  static_cast<void>(folder.write("a.pcap", at_times({3})));
  static_cast<void>(folder.write("B", at_times({4})));
  const auto notes = folder.write("notes.txt", ascii("read me"));
  const auto empty = folder.write("a/empty.pcap", {});
  fs::create_directory_symlink(folder.path(), folder.path() / "again");

  const auto read = read_paths({folder.path()});
  std::vector<std::string> names;
  for (const auto& about : read.captures) names.push_back(about.name);
  CHECK(names == std::vector<std::string>{"B", "a.pcap", "z.cap", "b.pcap"});
  CHECK(order_of(read.frames) == "2:1 3:2 1:3 0:4");
  CHECK(read.skipped ==
        std::vector<std::string>{
            (folder.path() / "again").string() + ": no regular file",
            empty.string() + ": at byte 0: empty",
            notes.string() + ": at byte 0: neither pcap nor pcapng: it begins with 72 65 61 64"});
}

TEST_CASE("What is named and cannot be read is an error that says why", "[set]") {
  const TemporaryFolder folder;
  const auto missing = folder.path() / "missing.pcap";
  CHECK_THROWS_WITH(CaptureSet{{missing}}, missing.string() + ": No such file or directory");

  const auto empty = folder.write("empty.pcap", {});
  CHECK_THROWS_WITH(CaptureSet{{empty}}, empty.string() + ": at byte 0: empty");

  const auto text = folder.write("text.pcap", ascii("hello"));
  CHECK_THROWS_WITH(CaptureSet{{text}},
                    text.string() +
                        ": at byte 0: neither pcap nor pcapng: it begins with 68 65 "
                        "6c 6c");

  const auto snoop = folder.write("x.snoop", "736e6f6f7000000000000002 00000004"_hex);
  CHECK_THROWS_WITH(CaptureSet{{snoop}}, Catch::Contains("a snoop capture, which is not read"));

  const auto xz = folder.write("x.xz", "fd377a585a000004"_hex);
  CHECK_THROWS_WITH(CaptureSet{{xz}}, Catch::Contains("packed with xz; unpack it first"));

  fs::create_directory(folder.path() / "bare");
  CHECK_THROWS_WITH(CaptureSet{{folder.path() / "bare"}},
                    Catch::Contains("bare: no capture in this folder"));

  const auto good = folder.write("good.pcap", at_times({1}));
  CHECK_THROWS_AS((CaptureSet{{good, text}}), Error);
}

TEST_CASE("A file is what its bytes are, whatever its name", "[set]") {
  CHECK(read_bytes(at_times({1}), "x.pcapng").captures.at(0).format == "pcap");
  CHECK(read_bytes(section(Endian::little), "x.pcap").captures.at(0).format == "pcapng");
}

TEST_CASE("Batches are no larger than asked, and their frames outlive the next batch", "[set]") {
  const TemporaryFolder folder;
  const auto path = folder.write("x", at_times({1, 2, 3, 4, 5, 6, 7}));
  CaptureSet set{{path}};
  std::vector<FrameBatch> batches(1);
  while (set.next(batches.back(), 3)) batches.emplace_back();
  REQUIRE(batches.size() == 4);
  CHECK(batches[0].frames.size() == 3);
  CHECK(batches[2].frames.size() == 1);
  CHECK(batches[0].frames[2].bytes[1] == 3);
  CHECK(batches[2].frames[0].bytes[1] == 7);
  CHECK_FALSE(set.next(batches.back(), 3));

  CHECK(set.bytes_total() == fs::file_size(path));
  CHECK(set.bytes_read() == fs::file_size(path));
}

TEST_CASE("The hash is that of the stored bytes, of damaged files too", "[sha256]") {
  const TemporaryFolder folder;
  CHECK(sha256_of(folder.write("empty", {})) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of(folder.write("abc", ascii("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_THROWS_AS(sha256_of(folder.path() / "missing"), Error);

  auto bytes = at_times({1, 2});
  bytes.insert(bytes.end(), 100'000, 0xff);  // a record length that cannot be
  const auto read = read_paths({folder.write("x", bytes)});
  CHECK(read.frames.size() == 2);
  CHECK_FALSE(read.captures.at(0).damage.empty());
  CHECK(read.captures[0].sha256 == sha256_of(read.captures[0].path));
}

// Frames of every length up to 5000 bytes, so that headers and bodies cross a window's end
// at every place.
Octets mixed_frames(Endian endian, bool pcapng) {
  std::mt19937 random{3};
  auto bytes = pcapng ? join({section(endian), interface(endian)}) : pcap_header(endian);
  for (std::uint32_t i = 0; i < 400; ++i) {
    Octets frame(i % 3 == 0 ? random() % 5000 : random() % 100);
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(random());
    const auto record = pcapng ? enhanced(endian, 0, i * std::uint64_t{1'000'000}, frame, 1)
                               : pcap_record(endian, i, 0, frame, 1);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

TEST_CASE("Windows: what is read does not depend on their size", "[windows]") {
  const auto pcapng = GENERATE(false, true);
  const auto endian = GENERATE(Endian::little, Endian::big);
  const TemporaryFolder folder;
  const auto path = folder.write("x", mixed_frames(endian, pcapng));
  const auto expected = read_paths({path});
  REQUIRE(expected.frames.size() == 400);

  for (const std::size_t window : {1U, 4096U, 8192U, 12288U, 65536U}) {
    CAPTURE(window);
    const auto opened = detail::open_capture(path, 0, window);
    FrameBatch batch;
    std::vector<Seen> seen;
    while (opened.reader->fill(batch, 50)) {
      take(batch, seen);
      batch.clear();
    }
    CHECK(seen == expected.frames);
    CHECK(opened.reader->damage().empty());
    CHECK(opened.reader->finish() == expected.captures.at(0).sha256);
    CHECK(opened.reader->stored_read() == fs::file_size(path));
  }
}

TEST_CASE("Windows: a batch keeps all the windows that its frames lie in", "[windows]") {
  const TemporaryFolder folder;
  const auto path = folder.write("x", mixed_frames(Endian::little, false));
  const auto expected = read_paths({path}).frames;
  FrameBatch batch;
  {
    const auto opened = detail::open_capture(path, 0, 4096);
    while (opened.reader->fill(batch, 1000)) continue;
  }
  std::vector<Seen> seen;
  take(batch, seen);
  CHECK(seen == expected);
}

std::size_t mapped_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t pages = 0;
  statm >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_CASE("Windows: a file larger than several is read without mapping all of it", "[windows]") {
  constexpr std::uint32_t kFrames = 400;
  constexpr std::uint32_t kSize = 200'000;
  const TemporaryFolder folder;
  const auto path = folder.path() / "x";
  {
    std::ofstream file{path, std::ios::binary};
    file << view_of(pcap_header(Endian::little));
    for (std::uint32_t i = 0; i < kFrames; ++i) {  // the bodies are holes
      file << view_of(Writing{Endian::little}.u32(i).u32(0).u32(kSize).u32(kSize).octets());
      file.seekp(kSize, std::ios::cur);
    }
  }
  fs::resize_file(path, 24 + std::uint64_t{kFrames} * (16 + kSize));

  const auto before = mapped_bytes();
  CaptureSet set{{path}};
  FrameBatch batch;
  std::uint64_t count = 0;
  std::size_t most_mapped = 0;
  while (set.next(batch, 20)) {
    count += batch.frames.size();
    for (const auto& frame : batch.frames) REQUIRE(frame.bytes.size() == kSize);
    most_mapped = std::max(most_mapped, mapped_bytes() - before);
  }
  CHECK(count == kFrames);
  CHECK(most_mapped < fs::file_size(path) / 2);
  CHECK(set.captures()[0].damage.empty());
  CHECK(set.captures()[0].sha256 == sha256_of(path));
}

TEST_CASE("A batch of large frames is handed over before it keeps the whole file", "[set]") {
  const TemporaryFolder folder;
  auto bytes = pcap_header(Endian::little);
  const auto record = pcap_record(Endian::little, 1, 0, Octets(200'000), 200'000);
  for (int i = 0; i < 400; ++i) bytes.insert(bytes.end(), record.begin(), record.end());
  std::vector<fs::path> paths{folder.write("one", bytes)};
  if (GENERATE(false, true)) paths.push_back(folder.write("two", bytes));
  CaptureSet set{paths};
  FrameBatch batch;
  std::size_t count = 0;
  while (set.next(batch, 1'000'000)) {
    CHECK(batch.frames.size() < 300);
    count += batch.frames.size();
  }
  CHECK(count == 400 * paths.size());
}

TEST_CASE("A file that shrinks while it is read ends there, and says so", "[windows]") {
  const TemporaryFolder folder;
  const auto path = folder.write("x", mixed_frames(Endian::little, false));
  const auto opened = detail::open_capture(path, 0, 4096);
  FrameBatch batch;
  REQUIRE(opened.reader->fill(batch, 1));
  batch.clear();
  fs::resize_file(path, 16'384);
  std::size_t count = 1;
  while (opened.reader->fill(batch, 10)) {
    count += batch.frames.size();
    batch.clear();
  }
  CHECK(count < 400);
  CHECK_THAT(opened.reader->damage(),
             Catch::Contains("the file shrank to 16384 bytes while it was read"));
}

}  // namespace
}  // namespace sekimori::test
