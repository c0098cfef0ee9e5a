#pragma once

#include "sekimori/bytes/block_pool.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sekimori {

/// Flows by key: open addressing over eight-byte slots, the flows themselves beside it in blocks
/// that never move. The slot holds 32 bits of the hash, so a miss rarely touches a flow.
template <class Flow>
class FlowTable {
 public:
  explicit FlowTable(std::size_t most) : most_(most), slots_(kFirst) {}

  void prefetch_slot(std::uint64_t hash) const noexcept {
    __builtin_prefetch(&slots_[home(tag(hash))]);
  }
  /// To be called some packets after prefetch_slot, when the slot has come.
  void prefetch_flow(std::uint64_t hash) const noexcept {
    const auto& slot = slots_[home(tag(hash))];
    if (slot.number != 0) {
      const auto* at =
          reinterpret_cast<const char*>(&flow(slot.number - 1));  // NOLINT: an address to fetch
      for (std::size_t line = 0; line < sizeof(Flow); line += 64) __builtin_prefetch(at + line);
    }
  }

  /// The flow that is at its slot for `hash`, so the one that find() will most often find.
  [[nodiscard]] const Flow* peek(std::uint64_t hash) const noexcept {
    const auto& slot = slots_[home(tag(hash))];
    return slot.number != 0 && slot.tag == tag(hash) ? &flow(slot.number - 1) : nullptr;
  }

  template <class Key>
  [[nodiscard]] Flow* find(const Key& key, std::uint64_t hash) noexcept {
    for (auto at = home(tag(hash));; at = next(at)) {
      const auto& slot = slots_[at];
      if (slot.number == 0) return nullptr;
      if (slot.tag == tag(hash)) {
        auto& candidate = flow(slot.number - 1);
        if (candidate.key == key) return &candidate;
      }
    }
  }

  /// Adds a flow that find() did not find. The caller makes room first: full() must be false.
  Flow& add(std::uint64_t hash) {
    if (4 * (pool_.size() + 1) > 3 * slots_.size()) grow();
    const auto number = pool_.add();
    place({tag(hash), number + 1});
    auto& added = pool_[number];
    added.hash = hash;
    return added;
  }

  /// Removes and resets a flow of this table.
  void remove(Flow& gone) {
    auto at_slot = home(tag(gone.hash));
    while (slots_[at_slot].number == 0 || &flow(slots_[at_slot].number - 1) != &gone)
      at_slot = next(at_slot);
    const auto number = slots_[at_slot].number - 1;
    // Backward shift: no tombstones, so probes stay short however long the capture.
    for (auto hole = at_slot, probe = next(at_slot);; probe = next(probe)) {
      if (slots_[probe].number == 0) {
        slots_[hole] = {};
        break;
      }
      const auto wants = home(slots_[probe].tag);
      if (((probe - wants) & (slots_.size() - 1)) >= ((probe - hole) & (slots_.size() - 1))) {
        slots_[hole] = slots_[probe];
        hole = probe;
      }
    }
    pool_.remove(number);
  }

  /// Gives all memory back.
  void clear() {
    slots_ = std::vector<Slot>(kFirst);
    pool_ = {};
  }

  [[nodiscard]] std::size_t size() const noexcept { return pool_.size(); }
  [[nodiscard]] bool full() const noexcept { return pool_.size() >= most_; }
  /// Places in the pool, for a hand that walks round it.
  [[nodiscard]] std::size_t places() const noexcept { return pool_.places(); }
  /// The flow at a place, or null.
  [[nodiscard]] Flow* at_place(std::size_t place) noexcept { return pool_.at(place); }
  /// What one flow takes here: its place, and two slots.
  static constexpr std::size_t kEach = BlockPool<Flow>::kEach + 16;

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = 0;  // place in the pool plus one; 0: empty
  };
  static constexpr std::size_t kFirst = 1024;

  static std::uint32_t tag(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U);
  }
  [[nodiscard]] std::size_t home(std::uint32_t tag) const noexcept {
    return tag & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t at_slot) const noexcept {
    return (at_slot + 1) & (slots_.size() - 1);
  }
  [[nodiscard]] Flow& flow(std::uint32_t number) noexcept { return pool_[number]; }
  [[nodiscard]] const Flow& flow(std::uint32_t number) const noexcept { return pool_[number]; }
  void place(Slot slot) noexcept {
    auto at_slot = home(slot.tag);
    while (slots_[at_slot].number != 0) at_slot = next(at_slot);
    slots_[at_slot] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old)
      if (slot.number != 0) place(slot);
  }

  std::size_t most_;
  std::vector<Slot> slots_;
  BlockPool<Flow> pool_;
};

}  // namespace sekimori
