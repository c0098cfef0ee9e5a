#include "sekimori/capture/capture_set.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/text.h"

#include "capture_reader.h"
#include "inputs.h"
#include "sha256.h"

#include <algorithm>
#include <compare>
#include <functional>
#include <utility>

namespace sekimori {
namespace {

using detail::CaptureReader;

constexpr std::size_t kReadAhead = 256;  // frames of each file that wait for their turn

/// One of several files that are merged.
struct Lane {
  std::filesystem::path path;
  std::unique_ptr<CaptureReader> reader;  // null until the merge comes to it, and after its end
  FrameBatch ahead;
  std::size_t next = 0;  // in ahead.frames
  bool kept = false;     // the batch being filled has what `ahead` lies in
};

/// Where a lane stands in the merge: by the time of its next frame, then by the order of the files.
struct Turn {
  std::int64_t time = 0;
  std::uint32_t lane = 0;

  friend auto operator<=>(const Turn&, const Turn&) = default;  // NOLINT(modernize-use-nullptr)
};

}  // namespace

class CaptureSet::Impl {
 public:
  explicit Impl(const std::vector<std::filesystem::path>& paths) {
    const auto inputs = detail::find_inputs(paths, skipped_);
    for (const auto& input : inputs) {
      try {
        add(input.path, inputs.size() == 1);
      } catch (const Error& error) {
        if (input.named) throw;
        skipped_.emplace_back(error.what());
      }
    }
    if (captures_.empty() && !paths.empty()) {
      throw Error(paths.front().string(), "no capture in this folder");
    }
  }

  bool next(FrameBatch& batch, std::size_t most) {
    most = std::max<std::size_t>(most, 1);
    batch.clear();
    batch.frames.reserve(std::min(most, kMostReserved));
    if (lanes_.size() == 1) {
      next_of_one(batch, most);
    } else {
      next_of_many(batch, most);
    }
    return !batch.frames.empty();
  }

  [[nodiscard]] const std::vector<CaptureFile>& captures() const { return captures_; }
  [[nodiscard]] const std::vector<std::string>& skipped() const { return skipped_; }
  [[nodiscard]] std::optional<std::uint64_t> bytes_total() const { return bytes_total_; }
  [[nodiscard]] std::uint64_t bytes_read() const {
    auto sum = bytes_of_finished_;
    for (const auto& lane : lanes_) {
      if (lane.reader != nullptr) sum += lane.reader->stored_read();
    }
    return sum;
  }

 private:
  static constexpr std::size_t kMostReserved = std::size_t{1} << 16U;

  // Opens a file to see that it is a capture, and with which time it begins. One of several is
  // then closed until the merge comes to it, so that a folder of rotated captures does not hold
  // them all open.
  void add(const std::filesystem::path& path, bool alone) {
    if (lanes_.size() > Sighting::kMostCapture)
      throw Error(path.string(), "more captures than can be read at once (16777216)");
    const auto index = static_cast<std::uint32_t>(lanes_.size());
    auto opened = detail::open_capture(path, index);
    CaptureFile about;
    about.path = path.string();
    about.name = path == "-" ? "stdin" : path.filename().string();
    about.format = opened.format;
    about.link_type = opened.reader->tally().link_type;
    captures_.push_back(std::move(about));
    if (!opened.is_file) {
      bytes_total_.reset();
    } else if (bytes_total_) {
      *bytes_total_ += opened.stored_size;
    }
    lanes_.push_back({path, std::move(opened.reader), {}, 0, false});
    if (!alone) look_ahead(index, opened.is_file);
  }

  void look_ahead(std::uint32_t index, bool may_close) {
    auto& lane = lanes_[index];
    if (!lane.reader->fill(lane.ahead, 1)) return finish(index);
    turns_.push_back({lane.ahead.frames.front().time, index});
    std::ranges::push_heap(turns_, std::greater{});
    if (!may_close) return;
    lane.reader.reset();
    lane.ahead.clear();
  }

  void next_of_one(FrameBatch& batch, std::size_t most) {
    auto& lane = lanes_.front();
    if (lane.reader == nullptr) return;
    const bool some = lane.reader->fill(batch, most);
    tell(0);
    if (!some) finish(0);
  }

  void next_of_many(FrameBatch& batch, std::size_t most) {
    for (auto& lane : lanes_) lane.kept = false;
    std::size_t held = 0;
    while (batch.frames.size() < most && held < kMostHeld && !turns_.empty()) {
      std::ranges::pop_heap(turns_, std::greater{});
      const auto index = turns_.back().lane;
      turns_.pop_back();
      auto& lane = lanes_[index];
      if (lane.reader == nullptr && !open_again(index)) continue;
      if (!draw(lane, index, batch, most, held)) {
        finish(index);
        continue;
      }
      turns_.push_back({lane.ahead.frames[lane.next].time, index});
      std::ranges::push_heap(turns_, std::greater{});
    }
  }

  // Takes frames from a lane for as long as it is its turn. False where it has no more.
  bool draw(Lane& lane, std::uint32_t index, FrameBatch& batch, std::size_t most,
            std::size_t& held) {
    const bool last = turns_.empty();
    const auto other = last ? Turn{} : turns_.front();
    for (;;) {
      if (lane.next == lane.ahead.frames.size()) {
        lane.ahead.clear();
        lane.next = 0;
        lane.kept = false;
        const bool some = lane.reader->fill(lane.ahead, kReadAhead);
        tell(index);
        if (!some) return false;
      }
      const auto& frame = lane.ahead.frames[lane.next];
      if (batch.frames.size() >= most || held >= kMostHeld) return true;
      if (!last && other < Turn{frame.time, index}) return true;
      if (!std::exchange(lane.kept, true)) {
        batch.keep.insert(batch.keep.end(), lane.ahead.keep.begin(), lane.ahead.keep.end());
      }
      batch.frames.push_back(frame);
      held += frame.bytes.size();
      ++lane.next;
    }
  }

  bool open_again(std::uint32_t index) {
    auto& lane = lanes_[index];
    try {
      lane.reader = detail::open_capture(lane.path, index).reader;
      return true;
    } catch (const Error& error) {
      auto& about = captures_[index];
      const auto in_front = lane.path.string() + ": ";  // no path belongs in a report
      std::string why{error.what()};
      if (why.starts_with(in_front)) why.erase(0, in_front.size());
      about.damage = "at byte 0, after frame 0: " + why;
      // It has no bytes to be told by, and is not another that went away.
      detail::Sha256 lost;
      lost.add(bytes_of(std::to_string(index) + ' ' + about.name));
      about.sha256 = lost.finish();
      return false;
    }
  }

  void tell(std::uint32_t index) {
    const auto& tally = lanes_[index].reader->tally();
    auto& about = captures_[index];
    about.packets = tally.packets;
    about.bytes = tally.bytes;
    about.kernel_drops = tally.kernel_drops;
    about.link_type = tally.link_type;
    about.first_seen = tally.packets > 0 ? tally.first_seen : 0;
    about.last_seen = tally.packets > 0 ? tally.last_seen : 0;
  }

  void finish(std::uint32_t index) {
    auto& lane = lanes_[index];
    tell(index);
    captures_[index].sha256 = lane.reader->finish();
    captures_[index].damage = lane.reader->damage();
    bytes_of_finished_ += lane.reader->stored_read();
    lane.reader.reset();
    lane.ahead = {};
    lane.next = 0;
  }

  // A merged batch is handed over early rather than hold more bytes of frames than this.
  static constexpr std::size_t kMostHeld = std::size_t{32} << 20U;

  std::vector<CaptureFile> captures_;
  std::vector<std::string> skipped_;
  std::vector<Lane> lanes_;
  std::vector<Turn> turns_;  // a heap, the earliest in front
  std::optional<std::uint64_t> bytes_total_ = 0;
  std::uint64_t bytes_of_finished_ = 0;
};

CaptureSet::CaptureSet(const std::vector<std::filesystem::path>& paths)
    : impl_(std::make_unique<Impl>(paths)) {}
CaptureSet::~CaptureSet() = default;
CaptureSet::CaptureSet(CaptureSet&&) noexcept = default;
CaptureSet& CaptureSet::operator=(CaptureSet&&) noexcept = default;

bool CaptureSet::next(FrameBatch& batch, std::size_t most) {
  return impl_->next(batch, most);
}
const std::vector<CaptureFile>& CaptureSet::captures() const {
  return impl_->captures();
}
const std::vector<std::string>& CaptureSet::skipped() const {
  return impl_->skipped();
}
std::uint64_t CaptureSet::bytes_read() const {
  return impl_->bytes_read();
}
std::optional<std::uint64_t> CaptureSet::bytes_total() const {
  return impl_->bytes_total();
}

}  // namespace sekimori
