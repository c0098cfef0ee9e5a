#pragma once

#include "sekimori/capture/frame.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekimori {

/// A file with some frames of a capture, where several keep them and the oldest go.
struct CapturePiece {
  std::uint64_t first_frame = 0;  ///< its number in the capture
  std::uint64_t frames = 0;
  std::string name;
  std::string sha256;      ///< of the first `size` bytes: what is still written to grows
  std::uint64_t size = 0;  ///< bytes, headers and all
  std::string path;        ///< never in a report

  friend auto operator<=>(const CapturePiece&, const CapturePiece&) = default;
};

/// What is known of one capture file, complete once all its frames were read.
struct CaptureFile {
  std::string path;    ///< as the user gave it; never in a report
  std::string name;    ///< its last part; `stdin` for `-`
  std::string sha256;  ///< of the file as stored (still compressed), lower-case hex
  std::string format;  ///< `pcap`, `pcapng`, with `.gz` or `.zst` where compressed
  std::string damage;  ///< "" or where and why reading stopped: `at byte 1234, after frame 56: ...`
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;                  ///< on the wire
  std::uint64_t kernel_drops = 0;           ///< as an interface statistics block of pcapng tells
  std::int64_t first_seen = 0;              ///< ns; the least time of a frame
  std::int64_t last_seen = 0;               ///< ns; the greatest
  LinkType link_type = LinkType::ethernet;  ///< of the first interface
  std::vector<CapturePiece> pieces = {};    ///< by frame, where no one file has all of them
};

/// Frames in the order of reading, and what keeps their bytes alive.
struct FrameBatch {
  std::vector<Frame> frames;
  std::vector<std::shared_ptr<const void>> keep;

  void clear() {
    frames.clear();
    keep.clear();
  }
};

/// One or several captures read as one stream, merged by time; frames of one file keep their
/// order. A damaged file yields every frame before the damage and says where it was; a file that
/// is no capture at all throws Error, before the first frame.
class CaptureSet {
 public:
  /// Files, folders (read recursively, in byte order of the paths; files that are no captures are
  /// passed over and listed in skipped()), or `-` for standard input.
  /// Throws Error: no such file, unreadable, a file named on its own that is no capture.
  explicit CaptureSet(const std::vector<std::filesystem::path>& paths);
  ~CaptureSet();
  CaptureSet(CaptureSet&&) noexcept;
  CaptureSet& operator=(CaptureSet&&) noexcept;
  CaptureSet(const CaptureSet&) = delete;
  CaptureSet& operator=(const CaptureSet&) = delete;

  /// Clears `batch`, then fills it with up to `most` frames. False where none are left.
  bool next(FrameBatch& batch, std::size_t most);

  [[nodiscard]] const std::vector<CaptureFile>& captures() const;
  [[nodiscard]] const std::vector<std::string>& skipped() const;

  /// Bytes read of bytes in all, for a progress line; the second is absent for standard input.
  [[nodiscard]] std::uint64_t bytes_read() const;
  [[nodiscard]] std::optional<std::uint64_t> bytes_total() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes frames as a pcap file (nanoseconds) or, where link types differ, pcapng.
/// The file appears under its name only when finish() has succeeded.
class CaptureWriter {
 public:
  explicit CaptureWriter(std::filesystem::path path);
  ~CaptureWriter();
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  void write(const Frame& frame);
  /// Throws Error where the disk refuses; the old file then stays.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The SHA-256 of a file, or of its first bytes, lower-case hex. Throws Error.
[[nodiscard]] std::string sha256_of(const std::filesystem::path& path,
                                    std::uint64_t most = ~std::uint64_t{0});

}  // namespace sekimori
