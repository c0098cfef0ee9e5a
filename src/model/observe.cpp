#include "sekimori/model/observe.h"

#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"

#include "capture_facts.h"
#include "shard.h"
#include "shard_pipeline.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <thread>
#include <utility>

namespace sekimori {
namespace {

constexpr std::size_t kBatch = 512;       // frames read at a time: they stay in the nearest cache
constexpr std::size_t kDecodeAhead = 32;  // packets decoded at a time
constexpr std::size_t kProgressFrames = 1 << 17;
constexpr unsigned kMostThreads = 256;

/// Who reads, and what all that read into.
class Observation {
 public:
  Observation(const std::vector<std::filesystem::path>& paths, const ObserveOptions& options)
      : options_(options), set_(paths), dissectors_(Registration::all()) {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    const auto threads = options.threads == 0 ? cores : std::min(options.threads, kMostThreads);
    // The seed scatters tables against chosen collisions; no result depends on it.
    const auto seed = (std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}();
    const auto budget = budget_of(options.memory, threads);
    for (unsigned i = 0; i < threads; ++i)
      shards_.push_back(std::make_unique<Shard>(dissectors_, seed, budget));
    if (options.skipped)
      for (const auto& name : set_.skipped()) options.skipped(name);
  }

  Facts run() {
    if (shards_.size() == 1) {
      read_alone();
    } else {
      ShardPipeline{set_, shards_, [this](std::size_t frames) { tell(frames); }}.run();
    }
    std::int64_t end = 0;
    for (const auto& capture : set_.captures()) end = std::max(end, capture.last_seen);
    finish(end);
    return facts();
  }

 private:
  void tell(std::size_t frames) {
    packets_ += frames;
    if (!options_.progress || packets_ < next_progress_) return;
    next_progress_ = packets_ + kProgressFrames;
    options_.progress({set_.bytes_read(), set_.bytes_total(), packets_});
  }

  void read_alone() {
    FrameBatch batch;
    std::array<Packet, kDecodeAhead> packets;
    while (set_.next(batch, kBatch)) {
      for (std::size_t from = 0; from < batch.frames.size(); from += kDecodeAhead) {
        const auto count = std::min(kDecodeAhead, batch.frames.size() - from);
        for (std::size_t i = 0; i < count; ++i) decode_to(packets[i], batch.frames[from + i]);
        shards_[0]->take({packets.data(), count});
      }
      tell(batch.frames.size());
    }
  }

  void finish(std::int64_t end) {
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < shards_.size(); ++i)
      workers.emplace_back([this, i, end] { shards_[i]->finish(end); });
    shards_[0]->finish(end);
  }

  Facts facts() {
    Facts facts;
    facts.captures = capture_facts(set_.captures(), options_.vantage);
    for (auto& shard : shards_) {
      shard->move_to(facts);
      shard.reset();
    }
    facts = with_each_capture_once(std::move(facts));
    facts.sort_captures();
    return facts;
  }

  const ObserveOptions& options_;
  CaptureSet set_;
  Dissectors dissectors_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::uint64_t packets_ = 0;
  std::uint64_t next_progress_ = 0;
};

}  // namespace

Facts observe(const std::vector<std::filesystem::path>& captures, const ObserveOptions& options) {
  return Observation{captures, options}.run();
}

}  // namespace sekimori
