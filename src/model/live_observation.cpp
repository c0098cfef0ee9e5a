#include "sekimori/model/live_observation.h"

#include "sekimori/decode/packet.h"

#include "capture_facts.h"
#include "shard.h"

#include <algorithm>
#include <array>
#include <random>

namespace sekimori {
namespace {

constexpr std::size_t kDecodeAhead = 32;  // packets; as many as stay in the nearest cache

// The seed scatters tables against chosen collisions; no result depends on it.
std::uint64_t any_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

class LiveObservation::Impl {
 public:
  explicit Impl(std::size_t memory)
      : dissectors_(Registration::all()), shard_(dissectors_, any_seed(), budget_of(memory, 1)) {}

  void take(const FrameBatch& batch) {
    for (std::size_t from = 0; from < batch.frames.size(); from += kDecodeAhead) {
      const auto count = std::min(kDecodeAhead, batch.frames.size() - from);
      for (std::size_t i = 0; i < count; ++i) decode_to(packets_[i], batch.frames[from + i]);
      shard_.take({packets_.data(), count});
    }
  }

  Facts finish(const std::vector<CaptureFile>& captures, const std::string& vantage) {
    std::int64_t end = 0;
    for (const auto& capture : captures) end = std::max(end, capture.last_seen);
    shard_.finish(end);
    Facts facts;
    facts.captures = capture_facts(captures, vantage);
    shard_.move_to(facts);
    facts.sort_captures();
    return facts;
  }

 private:
  Dissectors dissectors_;
  Shard shard_;
  std::array<Packet, kDecodeAhead> packets_;
};

LiveObservation::LiveObservation(std::size_t memory) : impl_(std::make_unique<Impl>(memory)) {}
LiveObservation::~LiveObservation() = default;

void LiveObservation::take(const FrameBatch& batch) {
  impl_->take(batch);
}
Facts LiveObservation::finish(const std::vector<CaptureFile>& captures,
                              const std::string& vantage) {
  return impl_->finish(captures, vantage);
}

}  // namespace sekimori
