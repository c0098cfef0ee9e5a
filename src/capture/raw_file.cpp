#include "raw_file.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/text.h"

#include "capture_reader.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <sys/file.h>
#include <system_error>

namespace sekimori::detail {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivate = 0600;  // a capture holds what the plant says, passwords and all

std::string reason() {
  return std::generic_category().message(errno);
}

}  // namespace

std::array<std::uint8_t, kPcapHeader> pcap_header(LinkType link_type) {
  std::array<std::uint8_t, kPcapHeader> header{};
  const auto put = [&header](std::size_t at, auto value) {
    std::memcpy(&header[at], &value, sizeof value);
  };
  put(0, std::uint32_t{0xa1b23c4d});
  put(4, std::uint16_t{2});
  put(6, std::uint16_t{4});
  put(16, kLongestFrame);
  put(20, static_cast<std::uint32_t>(link_type));
  return header;
}

fs::path free_name(const fs::path& path) {
  auto name = path;
  std::error_code code;
  for (std::uint64_t number = 2; fs::exists(fs::symlink_status(name, code)); ++number)
    name = path.parent_path() /
           (path.stem().string() + '-' + std::to_string(number) + path.extension().string());
  return name;
}

RawFile::RawFile(const fs::path& path, std::uint64_t cap, LinkType link_type)
    : path_(path), cap_(cap), link_type_(link_type) {
  if (cap_ > 0) find_pieces();
  if (!(cap_ > 0 ? begin_piece() : begin(path))) throw Error(path.string(), trouble_);
}

RawFile::~RawFile() {
  if (!file_.is_open() || stays_) return;
  ::unlink((cap_ > 0 ? name_of(pieces_.back().number) : path_).c_str());
}

/// In front of a piece's number. Other programs put dates, times and numbers of any length behind
/// a name; what goes when the cap is reached is known by this program's own name in it.
std::string RawFile::front() const {
  return path_.stem().string() + ".sekimori-";
}

fs::path RawFile::name_of(std::uint64_t number) const {
  constexpr std::size_t kDigits = 6;
  auto digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return path_.parent_path() / (front() + digits + path_.extension().string());
}

void RawFile::find_pieces() {
  const auto folder = path_.has_parent_path() ? path_.parent_path() : fs::path{"."};
  const auto begin = front();
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator{folder, trouble}) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(begin)) continue;
    Piece piece;
    std::from_chars(name.data() + begin.size(), name.data() + name.size(), piece.number);
    if (name_of(piece.number).filename() != name) continue;
    piece.size = entry.file_size(trouble);
    if (!trouble) pieces_.push_back(std::move(piece));
  }
  std::ranges::sort(pieces_, {}, &Piece::number);
  if (pieces_.empty()) return;
  // Two that took turns in one row of files would take each other's away.
  const auto newest = name_of(pieces_.back().number);
  const auto file = open_file(newest, O_RDONLY);
  if (file.is_open() && ::flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw Error(newest.string(), "is being written by another program; choose another name");
  next_number_ = pieces_.back().number + 1;
}

/// A file with its header, or none.
bool RawFile::begin(const fs::path& path) {
  file_ = open_file(path, O_WRONLY | O_CREAT | O_EXCL, kPrivate);
  if (file_.is_open() && write_all(file_.number(), view_of(Bytes{pcap_header(link_type_)}))) {
    // For find_pieces(); where the file system has no locks, there is none.
    static_cast<void>(::flock(file_.number(), LOCK_EX | LOCK_NB));
    return true;
  }
  trouble_ = "cannot be made: " + reason();
  if (file_.is_open()) ::unlink(path.c_str());
  file_.close();
  return false;
}

std::uint64_t RawFile::piece_size() const {
  return std::max(cap_ / kPieces, kLeastPiece);
}

/// Takes the oldest pieces away until the one that is written may have `size` bytes.
bool RawFile::make_room(std::uint64_t size) {
  for (const auto& piece : pieces_)
    if (!is_written(piece)) size += piece.size;
  while (!pieces_.empty() && !is_written(pieces_.front()) && size > cap_) {
    if (::unlink(name_of(pieces_.front().number).c_str()) != 0 && errno != ENOENT) {
      trouble_ = "the oldest raw file cannot be removed: " + reason();
      file_.close();
      return false;
    }
    size -= pieces_.front().size;
    pieces_.pop_front();
  }
  return true;
}

bool RawFile::begin_piece() {
  next_try_ = Clock::now() + kPatience;
  file_.close();  // what was written is an old one now
  if (!make_room(piece_size())) return false;
  if (!begin(name_of(next_number_))) {
    trouble_ = "the next raw file " + trouble_;
    return false;
  }
  trouble_.clear();
  auto& made = pieces_.emplace_back();
  made.number = next_number_++;
  made.size = kPcapHeader;
  made.hash.emplace().add(pcap_header(link_type_));
  return true;
}

/// Ends a piece with its last whole record; the next is tried in a while.
void RawFile::end_piece() {
  const auto& piece = pieces_.back();
  if (piece.size > kPcapHeader) {
    static_cast<void>(::ftruncate(file_.number(), static_cast<off_t>(piece.size)));
  } else {
    ::unlink(name_of(piece.number).c_str());
    pieces_.pop_back();
  }
  next_try_ = Clock::now() + kPatience;
}

bool RawFile::append(Bytes bytes) {
  if (!write_all(file_.number(), view_of(bytes))) {
    trouble_ = "the raw file ends early: " + reason();
    if (cap_ > 0) end_piece();
    file_.close();
    return false;
  }
  return true;
}

bool RawFile::add(Bytes records, std::uint64_t first, std::size_t count) {
  stays_ = true;
  if (!file_.is_open() && (cap_ == 0 || Clock::now() < next_try_ || !begin_piece())) return false;
  if (cap_ > 0) {
    const bool is_new = pieces_.back().frames == 0;
    if (!is_new && pieces_.back().size + records.size() > piece_size() && !begin_piece())
      return false;
    if (!make_room(std::max(piece_size(), kPcapHeader + records.size()))) return false;
  }
  if (!append(records)) return false;
  if (cap_ == 0) return true;
  auto& piece = pieces_.back();
  if (piece.frames == 0) piece.first_frame = first;
  piece.frames += count;
  piece.size += records.size();
  piece.hash->add(records);
  return true;
}

fs::path RawFile::whole() const {
  return cap_ == 0 && trouble_.empty() ? path_ : fs::path{};
}

std::vector<CapturePiece> RawFile::pieces() const {
  std::vector<CapturePiece> kept;
  for (const auto& piece : pieces_) {
    if (piece.frames == 0) continue;
    const auto path = name_of(piece.number);
    kept.push_back({piece.first_frame, piece.frames, path.filename().string(), piece.hash->so_far(),
                    piece.size, path.string()});
  }
  return kept;
}

}  // namespace sekimori::detail
