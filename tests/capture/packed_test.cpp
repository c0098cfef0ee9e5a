#include "sekimori/bytes/error.h"

#include "capture_bytes.h"
#include "hex.h"

#include <algorithm>
#include <fcntl.h>
#include <functional>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <zlib.h>
#include <zstd.h>

namespace sekimori::test {
namespace {

Octets gzip(Octets bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Octets packed(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Octets zstd(const Octets& bytes) {
  auto* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  Octets packed(ZSTD_compressBound(bytes.size()));
  const auto size =
      ZSTD_compress2(context, packed.data(), packed.size(), bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  REQUIRE(ZSTD_isError(size) == 0);
  packed.resize(size);
  return packed;
}

struct Packer {
  std::string name;
  std::string suffix;
  std::function<Octets(const Octets&)> pack;
};

std::ostream& operator<<(std::ostream& out, const Packer& packer) {
  return out << packer.name;
}

const std::vector<Packer> packers{{"gzip", ".gz", gzip}, {"zstd", ".zst", zstd}};

Octets a_capture(std::size_t frames, std::size_t size) {
  std::mt19937 random{7};
  auto bytes = pcap_header(Endian::little, kNanoMagic);
  for (std::size_t i = 0; i < frames; ++i) {
    Octets frame(size);
    for (auto& byte : frame) byte = static_cast<std::uint8_t>(random());
    const auto record = pcap_record(Endian::little, 1, static_cast<std::uint32_t>(i), frame, 1);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

Octets part(const Octets& bytes, std::size_t from, std::size_t to) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(to)};
}

TEST_CASE("Packed captures are known by their bytes, not by their names", "[packed]") {
  const auto packer = GENERATE(from_range(packers));
  CAPTURE(packer);
  const auto plain = a_capture(20, 30);
  const auto read = read_bytes(packer.pack(plain), "x.pcap");
  CHECK(read.frames == read_bytes(plain).frames);
  CHECK(read.captures.at(0).format == "pcap" + packer.suffix);
  CHECK(read.captures[0].damage.empty());

  const auto other =
      read_bytes(packer.pack(join({section(Endian::big), interface(Endian::big)})), "x.zip");
  CHECK(other.captures.at(0).format == "pcapng" + packer.suffix);

  CHECK(read_bytes(plain, "x.gz").frames == read.frames);
}

TEST_CASE("Packed captures larger than the blocks they are read through", "[packed]") {
  const auto packer = GENERATE(from_range(packers));
  CAPTURE(packer);
  const auto plain = join({a_capture(300, 9'000), a_capture(0, 0)});
  const auto cut = part(plain, 0, plain.size() - 24);
  const auto read = read_bytes(packer.pack(cut));
  CHECK(read.frames.size() == 300);
  CHECK(read.frames == read_bytes(cut).frames);
  CHECK(read.captures.at(0).damage.empty());
}

TEST_CASE("Packed captures may be several members one behind the other", "[packed]") {
  const auto packer = GENERATE(from_range(packers));
  CAPTURE(packer);
  const auto plain = a_capture(40, 50);
  const auto middle = plain.size() / 2;
  const auto packed =
      join({packer.pack(part(plain, 0, 7)), packer.pack({}), packer.pack(part(plain, 7, middle)),
            packer.pack(part(plain, middle, plain.size()))});
  const auto read = read_bytes(packed);
  CHECK(read.frames == read_bytes(plain).frames);
  CHECK(read.captures.at(0).damage.empty());
}

TEST_CASE("Packed captures cut anywhere give a beginning of the frames and say so", "[packed]") {
  const auto packer = GENERATE(from_range(packers));
  CAPTURE(packer);
  const auto plain = a_capture(12, 20);
  const auto all = read_bytes(plain).frames;
  const auto packed = packer.pack(plain);
  std::size_t refused = 0;
  std::size_t most = 0;

  for (std::size_t size = 0; size < packed.size(); ++size) {
    CAPTURE(size);
    try {
      const auto read = read_bytes(part(packed, 0, size));
      REQUIRE(read.frames.size() <= all.size());
      CHECK(std::equal(read.frames.begin(), read.frames.end(), all.begin()));
      CHECK_THAT(read.captures.at(0).damage,
                 Catch::Contains("stream cut at stored byte " + std::to_string(size)));
      most = std::max(most, read.frames.size());
    } catch (const Error& error) {
      ++refused;  // nothing was unpacked, so nobody can say what it was
      CHECK_THAT(error.what(), Catch::Contains("x.pcap: at byte 0: "));
    }
  }
  CHECK(refused < packed.size());
  CHECK(most == all.size());  // the checksum alone was cut
}

TEST_CASE("Packed captures with a bit turned say so", "[packed]") {
  const auto packer = GENERATE(from_range(packers));
  CAPTURE(packer);
  const auto plain = a_capture(3000, 100);  // several blocks of zstd
  const auto all = read_bytes(plain).frames;
  auto packed = packer.pack(plain);
  packed[packed.size() - 3] ^= 0x10U;  // in the checksum, or in the length behind it
  const auto read = read_bytes(packed);
  CHECK_THAT(read.captures.at(0).damage, Catch::Contains(packer.name + " stream damaged: "));
  CHECK_FALSE(read.frames.empty());
  CHECK(std::equal(read.frames.begin(), read.frames.end(), all.begin()));
}

TEST_CASE("What follows a gzip stream: zeros are padding, the rest is told", "[packed]") {
  const auto plain = a_capture(3, 10);
  const auto packed = gzip(plain);
  CHECK(read_bytes(join({packed, Octets(1000)})).captures.at(0).damage.empty());
  const auto read = read_bytes(join({packed, Octets(1000), "0102"_hex}));
  CHECK(read.frames.size() == 3);
  CHECK_THAT(read.captures.at(0).damage,
             Catch::Contains("after frame 3: something else follows the gzip stream at stored "
                             "byte " +
                             std::to_string(packed.size() + 1000)));
}

TEST_CASE("A zstd file may begin with a frame to be skipped", "[packed]") {
  const auto plain = a_capture(3, 10);
  const auto read = read_bytes(join({"542a4d18 03000000 616263"_hex, zstd(plain)}));
  CHECK(read.frames.size() == 3);
  CHECK(read.captures.at(0).format == "pcap.zst");
}

TEST_CASE("What is packed and no capture is refused", "[packed]") {
  CHECK_THROWS_WITH(read_bytes(gzip(ascii("hello, plant"))),
                    Catch::Contains("neither pcap nor pcapng: it begins with 68 65 6c 6c"));
  CHECK_THROWS_WITH(read_bytes(gzip(gzip(a_capture(1, 1)))), Catch::Contains("packed twice"));
  CHECK_THROWS_WITH(read_bytes(gzip({})), Catch::Contains("at byte 0: empty"));
}

TEST_CASE("More packed files than a process may open are looked at", "[packed]") {
  const auto packed = gzip(a_capture(40, 10'000));  // more than one read takes
  const TemporaryFolder folder;
  for (int i = 0; i < 50; ++i) static_cast<void>(folder.write(std::to_string(i), packed));
  struct rlimit old {};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  auto low = old;
  low.rlim_cur = 40;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  std::size_t opened = 0;
  {
    // Their times overlap, so the merge itself would need all at once; to begin needs one.
    const CaptureSet set{{folder.path()}};
    opened = set.captures().size();
    CHECK(set.skipped().empty());
  }
  ::setrlimit(RLIMIT_NOFILE, &old);
  CHECK(opened == 50);
  CHECK(read_paths({folder.path()}).frames.size() == 2000);
}

/// Standard input, until the end of the test, from a descriptor.
class StandardInput {
 public:
  explicit StandardInput(int from) : saved_(::dup(STDIN_FILENO)) {
    ::dup2(from, STDIN_FILENO);
    ::close(from);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

// In small pieces, so that fields are cut in two.
void write_slowly(int to, const Octets& bytes) {
  constexpr std::size_t kPiece = 777;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto count = ::write(to, bytes.data() + at, std::min(kPiece, bytes.size() - at));
    if (count <= 0) break;
    at += static_cast<std::size_t>(count);
  }
  ::close(to);
}

TEST_CASE("Standard input is read as files are: through a pipe", "[stdin]") {
  const auto plain = a_capture(500, 700);
  const auto form = GENERATE(0, 1, 2);
  CAPTURE(form);
  const auto bytes = form == 0 ? plain : form == 1 ? gzip(plain) : zstd(plain);
  const TemporaryFolder folder;
  const auto file = folder.write("x.pcap", bytes);
  const auto expected = read_paths({file});

  int ends[2] = {-1, -1};  // NOLINT(*-avoid-c-arrays): what pipe() takes
  REQUIRE(::pipe(ends) == 0);
  const StandardInput input{ends[0]};
  std::thread writer{write_slowly, ends[1], bytes};
  CaptureSet set{{"-"}};
  const auto frames = read_all(set);
  writer.join();

  CHECK(frames == expected.frames);
  const auto& about = set.captures().at(0);
  CHECK(about.name == "stdin");
  CHECK(about.sha256 == expected.captures.at(0).sha256);
  CHECK(about.damage.empty());
  CHECK_FALSE(set.bytes_total().has_value());
  CHECK(set.bytes_read() == bytes.size());
}

TEST_CASE("Standard input that is a file, and one that is empty", "[stdin]") {
  const auto plain = a_capture(5, 70);
  const TemporaryFolder folder;
  const auto file = folder.write("x.pcap", plain);
  {
    const StandardInput input{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    CHECK(read_paths({"-"}).frames.size() == 5);
  }
  const StandardInput input{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  CHECK_THROWS_WITH(read_paths({"-"}), "stdin: at byte 0: empty");
}

TEST_CASE("A named pipe is read, and merged with a file", "[stdin]") {
  const auto plain = a_capture(5, 70);
  const TemporaryFolder folder;
  const auto file = folder.write("x.pcap", plain);
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer{[&] { write_slowly(::open(pipe.c_str(), O_WRONLY | O_CLOEXEC), plain); }};
  const auto read = read_paths({file, pipe});
  writer.join();
  REQUIRE(read.frames.size() == 10);
  CHECK(read.frames[1].capture == 1);
  CHECK(read.frames[1].number == 1);
  CHECK(read.frames[9].number == 5);
}

}  // namespace
}  // namespace sekimori::test
