// Which file is what: by its first bytes, never by its name.

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/text.h"

#include "capture_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace sekimori::detail {
namespace {

constexpr std::size_t kFront = 16;  // bytes that tell every format apart

/// Formats that are known and not read, so that the operator learns what he has.
struct Stranger {
  std::string_view magic;
  std::string_view means;
};

using namespace std::string_view_literals;
constexpr std::string_view kConvert = "; `editcap -F pcapng` converts it";
constexpr auto kStrangers = std::to_array<Stranger>({
    {"snoop\0\0\0"sv, "a snoop capture"},
    {"GMBU"sv, "a Microsoft Network Monitor capture"},
    {"RTSS"sv, "a Microsoft Network Monitor capture"},
    {"TRSNIFF data"sv, "a Sniffer capture"},
    {"XCP\0"sv, "a NetXRay capture"},
    {"iptrace "sv, "an iptrace capture"},
    {"\x7fver"sv, "a Savvius Peek capture"},
    {"\x1c\x00\x01\xac"sv, "an Ixia lcap capture"},
    {"\x1c\x00\x01\xab"sv, "an Ixia lcap capture"},
});
constexpr auto kPacked = std::to_array<Stranger>({
    {"\xfd"
     "7zXZ\0"sv,
     "packed with xz"},
    {"BZh"sv, "packed with bzip2"},
    {"\x04\x22\x4d\x18"sv, "packed with lz4"},
    {"PK\x03\x04"sv, "a zip archive"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {"\x1f\x8b"sv, "packed twice"},
    {"\x28\xb5\x2f\xfd"sv, "packed twice"},
});

std::string first_bytes(Bytes front) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : front.first(std::min<std::size_t>(front.size(), 4))) {
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string why_no_capture(Bytes front, const std::string& trouble) {
  if (front.empty()) return trouble.empty() ? "empty" : trouble;
  const auto text = view_of(front);
  for (const auto& other : kStrangers) {
    if (text.starts_with(other.magic)) {
      return std::string{other.means}.append(", which is not read").append(kConvert);
    }
  }
  for (const auto& other : kPacked) {
    if (text.starts_with(other.magic)) return std::string{other.means} + "; unpack it first";
  }
  return "neither pcap nor pcapng: it begins with " + first_bytes(front);
}

std::unique_ptr<CaptureReader> recognise(std::unique_ptr<ByteSource> source, std::uint32_t capture,
                                         std::string& format) {
  source->advance(0, kFront);
  const auto front = source->window();
  if (is_pcap(front)) {
    format = "pcap";
    return pcap_reader(std::move(source), capture);
  }
  if (is_pcapng(front)) {
    format = "pcapng";
    return pcapng_reader(std::move(source), capture);
  }
  throw Error("at byte 0", why_no_capture(front, source->trouble()));
}

std::string_view suffix_of(Packing packing) {
  switch (packing) {
    case Packing::none:
      return "";
    case Packing::gzip:
      return ".gz";
    case Packing::zstd:
      return ".zst";
  }
  return "";
}

[[noreturn]] void throw_reason() {
  throw Error(std::generic_category().message(errno));
}

Descriptor open_path(const std::filesystem::path& path) {
  if (path != "-") return open_file(path, O_RDONLY);
  // A copy, so that closing it leaves standard input to its owner.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  return Descriptor{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)};
}

Packing packing_of_file(const Descriptor& file) {
  std::array<std::uint8_t, kFront> front{};
  const auto count = ::pread(file.number(), front.data(), front.size(), 0);
  if (count < 0) throw_reason();
  return packing_of(Bytes{front}.first(static_cast<std::size_t>(count)));
}

OpenCapture open_any(const std::filesystem::path& path, std::uint32_t capture,
                     std::size_t window_size) {
  auto file = open_path(path);
  struct stat about {};
  if (!file.is_open() || ::fstat(file.number(), &about) != 0) throw_reason();
  if (S_ISDIR(about.st_mode)) throw Error("a folder");

  OpenCapture opened;
  opened.is_file = S_ISREG(about.st_mode) && path != "-";
  if (opened.is_file) {
    opened.stored_size = static_cast<std::uint64_t>(std::max<off_t>(about.st_size, 0));
  }
  if (opened.is_file && packing_of_file(file) == Packing::none) {
    opened.reader = recognise(map_source(std::move(file), opened.stored_size, window_size), capture,
                              opened.format);
    return opened;
  }
  StoredBytes stored{std::move(file)};
  stored.want(4);
  const auto packing = packing_of(stored.ready());
  opened.reader = recognise(stream_source(std::move(stored), packing), capture, opened.format);
  opened.format += suffix_of(packing);
  return opened;
}

}  // namespace

OpenCapture open_capture(const std::filesystem::path& path, std::uint32_t capture,
                         std::size_t window_size) {
  try {
    return open_any(path, capture, window_size);
  } catch (const Error& error) {
    throw Error(path == "-" ? std::string{"stdin"} : path.string(), error.what());
  }
}

}  // namespace sekimori::detail
