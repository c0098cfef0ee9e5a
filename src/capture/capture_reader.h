#pragma once

#include "sekimori/capture/capture_set.h"

#include "byte_source.h"

#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::detail {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

/// The longest record that is believed. Every capture program cuts frames at this length or before
/// (tcpdump's MAXIMUM_SNAPLEN, Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD), so a larger length field
/// is damage, and to follow it would lose the place in the file.
constexpr std::uint32_t kLongestFrame = 262'144;

/// A file is mapped so much at a time.
constexpr std::size_t kWindowSize = std::size_t{16} << 20U;

enum class Order : bool { as_here, swapped };

/// A field at `offset`, which the caller has seen to be within `bytes`.
template <Order order>
[[nodiscard]] inline std::uint32_t load32(Bytes bytes, std::size_t offset) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.subspan(offset).data(), sizeof value);
  return order == Order::swapped ? __builtin_bswap32(value) : value;
}
template <Order order>
[[nodiscard]] inline std::uint16_t load16(Bytes bytes, std::size_t offset) noexcept {
  std::uint16_t value = 0;
  std::memcpy(&value, bytes.subspan(offset).data(), sizeof value);
  return order == Order::swapped ? __builtin_bswap16(value) : value;
}
template <Order order>
[[nodiscard]] inline std::uint64_t load64(Bytes bytes, std::size_t offset) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.subspan(offset).data(), sizeof value);
  return order == Order::swapped ? __builtin_bswap64(value) : value;
}

/// What was counted of a file so far.
struct Tally {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t kernel_drops = 0;
  std::int64_t first_seen = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_seen = std::numeric_limits<std::int64_t>::min();
  LinkType link_type = LinkType::ethernet;

  void count(const Frame& frame) noexcept {
    ++packets;
    bytes += frame.wire_length;
    if (frame.time < first_seen) first_seen = frame.time;
    if (frame.time > last_seen) last_seen = frame.time;
  }
};

/// Finds the frames in the bytes of one capture.
class CaptureReader {
 public:
  CaptureReader(std::unique_ptr<ByteSource> source, std::uint32_t capture)
      : source_(std::move(source)), capture_(capture) {}
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;
  virtual ~CaptureReader() = default;

  /// Adds up to `most` frames to the batch, fewer where that would keep much memory alive.
  /// False, with no frame added, where none are left.
  bool fill(FrameBatch& batch, std::size_t most);

  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
  [[nodiscard]] const std::string& damage() const noexcept { return damage_; }
  [[nodiscard]] std::uint64_t stored_read() const noexcept { return source_->stored_read(at_); }
  /// Reads the rest of the file, damaged or not; its SHA-256.
  [[nodiscard]] std::string finish() { return source_->finish(); }

 protected:
  /// Adds frames until there are `most`, or more() says full(), or end() was called.
  virtual void walk(std::vector<Frame>& frames, std::size_t most) = 0;

  /// The bytes from the next record on.
  [[nodiscard]] Bytes rest() const noexcept { return source_->window().subspan(at_); }
  /// Gives up all of the window but `rest`, and makes `rest` the window that follows, of at least
  /// `least` bytes. False where the file has fewer.
  bool more(Bytes& rest, std::size_t least);
  /// Says how far the walk has come.
  void stop_at(Bytes rest) noexcept { at_ = source_->window().size() - rest.size(); }
  /// Where `rest` begins in the unpacked file.
  [[nodiscard]] std::uint64_t position_of(Bytes rest) const noexcept {
    return position_ + (source_->window().size() - rest.size());
  }
  [[nodiscard]] bool full() const noexcept { return kept_ > kMostKept; }

  /// No frame follows: the proper end if `why` is empty and the source had no trouble.
  void end(Bytes rest, std::string_view why);
  /// The same for damage that was found behind the start of its block.
  void end_at(std::uint64_t position, Bytes rest, std::string_view why);
  /// The same where a record wanted more than there is.
  void end_cut(Bytes rest, std::string_view what, std::size_t wanted);

  [[nodiscard]] std::uint32_t capture() const noexcept { return capture_; }

  Tally tally_;

 private:
  // A batch of large frames is handed over early rather than hold more than this many bytes.
  static constexpr std::size_t kMostKept = std::size_t{32} << 20U;

  std::unique_ptr<ByteSource> source_;
  std::uint32_t capture_;
  std::size_t at_ = 0;          // in the window
  std::uint64_t position_ = 0;  // of the window's first byte in the unpacked file
  FrameBatch* batch_ = nullptr;
  std::size_t kept_ = 0;
  std::uint64_t ahead_ = 0;  // bytes that the next batch will probably take
  bool ended_ = false;
  std::string damage_;
};

/// Readers for bytes that begin as a pcap or a pcapng file does. They throw Error, without a file
/// name, where the version is one that nobody can read.
[[nodiscard]] bool is_pcap(Bytes front) noexcept;
[[nodiscard]] bool is_pcapng(Bytes front) noexcept;
[[nodiscard]] std::unique_ptr<CaptureReader> pcap_reader(std::unique_ptr<ByteSource> source,
                                                         std::uint32_t capture);
[[nodiscard]] std::unique_ptr<CaptureReader> pcapng_reader(std::unique_ptr<ByteSource> source,
                                                           std::uint32_t capture);

/// A capture that was opened and recognised by its first bytes.
struct OpenCapture {
  std::unique_ptr<CaptureReader> reader;
  std::string format;
  std::uint64_t stored_size = 0;  ///< 0 for what comes through a pipe
  bool is_file = false;           ///< regular, so it can be opened again
};

/// `path` may be `-`. Throws Error where it cannot be read or is no capture.
[[nodiscard]] OpenCapture open_capture(const std::filesystem::path& path, std::uint32_t capture,
                                       std::size_t window_size = kWindowSize);

}  // namespace sekimori::detail
