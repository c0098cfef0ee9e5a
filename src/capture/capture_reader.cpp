#include "capture_reader.h"

#include <algorithm>
#include <utility>

namespace sekimori::detail {
namespace {

// What fits the second-level cache of any machine of today beside what others keep there.
constexpr std::uint64_t kLeastAhead = std::uint64_t{1} << 14U;
constexpr std::uint64_t kMostAhead = std::uint64_t{1} << 18U;

}  // namespace

bool CaptureReader::fill(FrameBatch& batch, std::size_t most) {
  const auto frames_before = batch.frames.size();
  const auto keeps_before = batch.keep.size();
  batch_ = &batch;
  // A walk may come back without a frame: it went past a long block of another kind.
  while (!ended_ && batch.frames.size() == frames_before) {
    kept_ = 0;
    batch.keep.resize(keeps_before);
    if (source_->keep() != nullptr) batch.keep.push_back(source_->keep());
    source_->warm(at_ + ahead_);
    const auto before = position_ + at_;
    walk(batch.frames, frames_before + std::max<std::size_t>(most, 1));
    // The next batch will take about as much as this one.
    ahead_ = std::clamp(position_ + at_ - before, kLeastAhead, kMostAhead);
  }
  batch_ = nullptr;
  if (batch.frames.size() > frames_before) return true;
  batch.keep.resize(keeps_before);
  return false;
}

bool CaptureReader::more(Bytes& rest, std::size_t least) {
  const auto used = source_->window().size() - rest.size();
  const auto* const held = source_->keep().get();
  source_->advance(used, least);
  position_ += used;
  kept_ += used;
  at_ = 0;
  rest = source_->window();
  if (batch_ != nullptr && source_->keep() != nullptr && source_->keep().get() != held) {
    batch_->keep.push_back(source_->keep());
  }
  return rest.size() >= least;
}

void CaptureReader::end(Bytes rest, std::string_view why) {
  end_at(position_of(rest), rest, why);
}

void CaptureReader::end_at(std::uint64_t position, Bytes rest, std::string_view why) {
  stop_at(rest);
  ended_ = true;
  const auto& trouble = source_->trouble();
  if (why.empty() && trouble.empty()) return;
  damage_ = "at byte " + std::to_string(position) + ", after frame " +
            std::to_string(tally_.packets) + ": ";
  damage_ += trouble.empty() ? why : trouble;
}

void CaptureReader::end_cut(Bytes rest, std::string_view what, std::size_t wanted) {
  end(rest, std::string{what} + " cut: " + std::to_string(rest.size()) + " of " +
                std::to_string(wanted) + " bytes");
}

}  // namespace sekimori::detail
