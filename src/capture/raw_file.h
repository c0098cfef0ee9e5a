#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/capture/capture_set.h"

#include "descriptor.h"
#include "sha256.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sekimori::detail {

constexpr std::size_t kPcapHeader = 24;

/// The header of a pcap file with nanoseconds (draft-ietf-opsawg-pcap, 4), in this machine's order.
[[nodiscard]] std::array<std::uint8_t, kPcapHeader> pcap_header(LinkType link_type);

/// `plant.pcap` or, where that is there already, `plant-2.pcap` and so on.
[[nodiscard]] std::filesystem::path free_name(const std::filesystem::path& path);

/// Frames kept on disk while they are heard: one file without end or, with a cap, files that are
/// numbered on, of which the oldest goes before the cap is passed.
class RawFile {
 public:
  RawFile() = default;
  /// With a cap, `plant.pcap` gives `plant.sekimori-000001.pcap` and so on, and files that an
  /// earlier run left under such a name count; no other is touched. Throws Error, also where
  /// another process writes them, and without a cap where the file is there already.
  RawFile(const std::filesystem::path& path, std::uint64_t cap, LinkType link_type);

  RawFile(RawFile&&) = default;
  RawFile& operator=(RawFile&&) = default;
  /// Takes away the file that was made last, where nothing was added and stay() was not said.
  ~RawFile();

  /// From here on a file may be kept for having nothing in it.
  void stay() noexcept { stays_ = true; }

  /// Adds `count` records, whole, of the frames from `first` on. False where the disk refuses:
  /// without a cap for good, with one until another file can be made.
  bool add(Bytes records, std::uint64_t first, std::size_t count);

  /// Where the frames are, if they are in one file; else empty.
  [[nodiscard]] std::filesystem::path whole() const;
  /// Under a cap: what this run wrote and is still there, up to the last record.
  [[nodiscard]] std::vector<CapturePiece> pieces() const;
  [[nodiscard]] bool is_open() const noexcept { return file_.is_open(); }
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  static constexpr std::uint64_t kPieces = 8;  // files under a cap
  static constexpr std::uint64_t kLeastPiece = std::uint64_t{64} << 10U;

  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kPatience{1};  // until a file that failed is tried again

  struct Piece {
    std::uint64_t number = 0;
    std::uint64_t size = 0;
    std::uint64_t first_frame = 0;
    std::uint64_t frames = 0;         // 0: of an earlier run
    std::optional<Sha256> hash = {};  // none of an earlier run
  };

  [[nodiscard]] std::string front() const;
  [[nodiscard]] std::filesystem::path name_of(std::uint64_t number) const;
  void find_pieces();
  bool begin(const std::filesystem::path& path);
  [[nodiscard]] std::uint64_t piece_size() const;
  [[nodiscard]] bool is_written(const Piece& piece) const noexcept {
    return file_.is_open() && piece.number + 1 == next_number_;
  }
  bool make_room(std::uint64_t size);
  bool begin_piece();
  void end_piece();
  bool append(Bytes bytes);

  std::filesystem::path path_;
  std::uint64_t cap_ = 0;
  LinkType link_type_ = LinkType::ethernet;
  Descriptor file_;
  std::deque<Piece> pieces_;  // by number; the last is being written
  std::uint64_t next_number_ = 1;
  Clock::time_point next_try_;
  std::string trouble_;
  bool stays_ = false;
};

}  // namespace sekimori::detail
