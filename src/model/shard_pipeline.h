#pragma once

#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"

#include "shard.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace sekimori {

/// Several threads that read one capture set into as many shards. The frames go in rounds, and
/// each round in tasks: read it; decode a slice of it; let a shard take its packets of it. Whoever
/// is free takes the next task that can be done, so no thread waits for a slower one while any
/// work is left. Each shard gets its packets in the order of the capture.
class ShardPipeline {
 public:
  /// `tell(frames)` is called on the thread that runs run(), now and then, with the frames read
  /// since the last call, while none is being read.
  ShardPipeline(CaptureSet& set, std::vector<std::unique_ptr<Shard>>& shards,
                std::function<void(std::size_t)> tell);

  /// Reads all there is, on as many threads as there are shards, the calling one among them.
  /// Throws what reading throws.
  void run();

 private:
  static constexpr std::size_t kFrames = 1024;  // of a round: its packets stay in the caches
  static constexpr std::size_t kRounds = 8;     // that may be under way

  enum class What : std::uint8_t { read, decode, take };

  struct Task {
    What what;
    std::uint64_t round;
    std::size_t part;  // slice or shard
  };

  struct Round {
    FrameBatch batch;
    std::vector<Packet> packets;
    std::vector<std::vector<std::uint32_t>> picked;  // [slice * shards + shard]
    std::size_t slices_begun = 0;
    std::size_t slices_done = 0;
    std::size_t shards_done = 0;
  };

  struct Turn {
    std::uint64_t round = 0;  // the next to take
    bool taken = false;       // some thread is at it
  };

  Round& at(std::uint64_t round) noexcept { return rounds_[round % kRounds]; }

  void work(std::size_t me);
  /// The next task for a thread; none where all is done. Waits until there is one.
  std::optional<Task> next(std::size_t me, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::optional<Task> find(std::size_t me);
  void tell(std::size_t me);
  /// The task itself, without the lock.
  void perform(const Task& task);
  /// What it makes possible.
  void done(const Task& task);
  void decode_slice(Round& round, std::size_t slice) const;
  void take_shard(const Round& round, std::size_t shard);

  CaptureSet& set_;
  std::vector<std::unique_ptr<Shard>>& shards_;
  std::function<void(std::size_t)> tell_;
  std::mutex mutex_;  // guards all below, but for what a round holds while a task is at it
  std::condition_variable changed_;
  std::array<Round, kRounds> rounds_;
  std::vector<Turn> turns_;  // of the shards
  std::uint64_t read_ = 0;   // rounds
  std::uint64_t over_ = 0;   // rounds that every shard took
  std::size_t untold_ = 0;   // frames
  bool reading_ = false;
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace sekimori
