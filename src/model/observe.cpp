#include "sekimori/model/observe.h"

#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"

#include "capture_facts.h"
#include "shard.h"

#include <algorithm>
#include <barrier>
#include <exception>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

namespace sekimori {
namespace {

constexpr std::size_t kBatch = 8192;      // frames read at a time, for several threads
constexpr std::size_t kBatchAlone = 512;  // for one: what is read stays in the nearest cache
constexpr std::size_t kDecodeAhead = 32;  // packets decoded at a time on one thread
constexpr std::size_t kProgressFrames = 1 << 17;
constexpr unsigned kMostThreads = 256;

/// Who reads, and what all that read into.
class Observation {
 public:
  Observation(const std::vector<std::filesystem::path>& paths, const ObserveOptions& options)
      : options_(options), set_(paths), dissectors_(Registration::all()) {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    const auto threads = options.threads == 0 ? cores : std::min(options.threads, kMostThreads);
    // The seed scatters the flow table against chosen collisions; no result depends on it.
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
      read_together();
    }
    std::int64_t end = 0;
    for (const auto& capture : set_.captures()) end = std::max(end, capture.last_seen);
    finish(end);
    return facts();
  }

 private:
  /// What one round of the threads works on.
  struct Round {
    FrameBatch batch;
    std::vector<Packet> packets;
    std::vector<std::vector<std::uint32_t>> picked;  // [decoder * shards + shard]
  };

  void tell(std::size_t frames) {
    packets_ += frames;
    if (!options_.progress || packets_ < next_progress_) return;
    next_progress_ = packets_ + kProgressFrames;
    options_.progress({set_.bytes_read(), set_.bytes_total(), packets_});
  }

  void read_alone() {
    FrameBatch batch;
    std::array<Packet, kDecodeAhead> packets;
    while (set_.next(batch, kBatchAlone)) {
      for (std::size_t from = 0; from < batch.frames.size(); from += kDecodeAhead) {
        const auto count = std::min(kDecodeAhead, batch.frames.size() - from);
        for (std::size_t i = 0; i < count; ++i) decode_to(packets[i], batch.frames[from + i]);
        shards_[0]->take({packets.data(), count});
      }
      tell(batch.frames.size());
    }
  }

  /// Rounds of two steps: each thread decodes its slice of the batch and sorts it by shard; then
  /// each takes its shard's packets, slice by slice, so in the order of the capture. The calling
  /// thread reads the next batch meanwhile.
  void read_together() {
    const auto threads = static_cast<std::ptrdiff_t>(shards_.size());
    std::barrier ready{threads + 1};
    std::barrier decoded{threads};
    std::array<Round, 2> rounds;
    for (auto& round : rounds) round.picked.resize(shards_.size() * shards_.size());
    Round* current = nullptr;
    std::exception_ptr failure;
    std::mutex failing;
    const auto guarded = [&](const auto& work) {
      try {
        work();
      } catch (...) {
        const std::lock_guard lock{failing};
        if (!failure) failure = std::current_exception();
      }
    };
    std::vector<std::jthread> workers;
    for (std::size_t me = 0; me < shards_.size(); ++me) {
      workers.emplace_back([&, me] {
        for (;;) {
          ready.arrive_and_wait();
          auto* round = current;
          if (round == nullptr) return;
          guarded([&] { decode_slice(*round, me); });
          decoded.arrive_and_wait();
          guarded([&] { take_shard(*round, me); });
          ready.arrive_and_wait();
        }
      });
    }
    bool more = true;
    std::size_t turn = 0;
    guarded([&] { more = set_.next(rounds[0].batch, kBatch); });
    while (more && !failure) {
      auto& round = rounds[turn % 2];
      round.packets.resize(round.batch.frames.size());
      current = &round;
      ready.arrive_and_wait();
      auto& next = rounds[++turn % 2];
      guarded([&] { more = set_.next(next.batch, kBatch); });
      ready.arrive_and_wait();
      tell(round.packets.size());
    }
    current = nullptr;
    ready.arrive_and_wait();
    workers.clear();
    if (failure) std::rethrow_exception(failure);
  }

  void decode_slice(Round& round, std::size_t me) const {
    const auto shards = shards_.size();
    const auto& frames = round.batch.frames;
    for (std::size_t shard = 0; shard < shards; ++shard) round.picked[me * shards + shard].clear();
    const auto end = frames.size() * (me + 1) / shards;
    for (auto i = frames.size() * me / shards; i < end; ++i) {
      decode_to(round.packets[i], frames[i]);
      round.picked[me * shards + round.packets[i].pair % shards].push_back(
          static_cast<std::uint32_t>(i));
    }
  }

  void take_shard(const Round& round, std::size_t me) {
    for (std::size_t slice = 0; slice < shards_.size(); ++slice)
      shards_[me]->take(round.packets, round.picked[slice * shards_.size() + me]);
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
      shard->add_to(facts);
      shard.reset();
    }
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
