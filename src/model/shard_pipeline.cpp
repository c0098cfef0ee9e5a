#include "shard_pipeline.h"

#include <thread>
#include <utility>

namespace sekimori {

ShardPipeline::ShardPipeline(CaptureSet& set, std::vector<std::unique_ptr<Shard>>& shards,
                             std::function<void(std::size_t)> tell)
    : set_(set), shards_(shards), tell_(std::move(tell)), turns_(shards.size()) {
  for (auto& round : rounds_) round.picked.resize(shards_.size() * shards_.size());
}

void ShardPipeline::run() {
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < shards_.size(); ++i) others.emplace_back([this, i] { work(i); });
    work(0);
  }
  if (failure_) std::rethrow_exception(failure_);
}

void ShardPipeline::work(std::size_t me) {
  std::unique_lock lock{mutex_};
  while (const auto task = next(me, lock)) {
    lock.unlock();
    std::exception_ptr failure;
    try {
      perform(*task);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    done(*task);
    changed_.notify_all();
  }
}

std::optional<ShardPipeline::Task> ShardPipeline::next(std::size_t me,
                                                       std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (failure_) return std::nullopt;
    tell(me);
    if (const auto task = find(me)) return task;
    if (ended_ && over_ == read_) return std::nullopt;
    changed_.wait(lock);
  }
}

/// Reading comes first, since all else waits for it; then the oldest packets; of the shards one's
/// own, whose state lies in this core's cache.
std::optional<ShardPipeline::Task> ShardPipeline::find(std::size_t me) {
  if (!reading_ && !ended_ && read_ - over_ < kRounds) {
    reading_ = true;
    return Task{What::read, read_, 0};
  }
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    const auto shard = (me + i) % shards_.size();
    auto& turn = turns_[shard];
    if (turn.taken || turn.round == read_ || at(turn.round).slices_done < shards_.size()) continue;
    turn.taken = true;
    return Task{What::take, turn.round, shard};
  }
  for (auto round = over_; round < read_; ++round)
    if (at(round).slices_begun < shards_.size())
      return Task{What::decode, round, at(round).slices_begun++};
  return std::nullopt;
}

void ShardPipeline::tell(std::size_t me) {
  if (me != 0 || untold_ == 0 || reading_) return;
  tell_(std::exchange(untold_, 0));
}

void ShardPipeline::perform(const Task& task) {
  auto& round = at(task.round);
  switch (task.what) {
    case What::read:
      round.slices_begun = round.slices_done = round.shards_done = 0;
      if (!set_.next(round.batch, kFrames)) round.batch.clear();
      round.packets.resize(round.batch.frames.size());
      break;
    case What::decode:
      decode_slice(round, task.part);
      break;
    case What::take:
      take_shard(round, task.part);
      break;
  }
}

void ShardPipeline::done(const Task& task) {
  auto& round = at(task.round);
  switch (task.what) {
    case What::read:
      reading_ = false;
      ended_ = round.batch.frames.empty();
      if (!ended_) ++read_;
      untold_ += round.batch.frames.size();
      break;
    case What::decode:
      ++round.slices_done;
      break;
    case What::take:
      turns_[task.part] = {task.round + 1, false};
      // The shards end a round in any order, but rounds end in theirs: none overtakes itself.
      if (++round.shards_done == shards_.size()) ++over_;
      break;
  }
}

void ShardPipeline::decode_slice(Round& round, std::size_t slice) const {
  const auto shards = shards_.size();
  const auto& frames = round.batch.frames;
  for (std::size_t shard = 0; shard < shards; ++shard) round.picked[slice * shards + shard].clear();
  const auto end = frames.size() * (slice + 1) / shards;
  for (auto i = frames.size() * slice / shards; i < end; ++i) {
    decode_to(round.packets[i], frames[i]);
    round.picked[slice * shards + round.packets[i].pair % shards].push_back(
        static_cast<std::uint32_t>(i));
  }
}

void ShardPipeline::take_shard(const Round& round, std::size_t shard) {
  for (std::size_t slice = 0; slice < shards_.size(); ++slice)
    shards_[shard]->take(round.packets, round.picked[slice * shards_.size() + shard]);
}

}  // namespace sekimori
