#pragma once

#include "sekimori/bytes/block_pool.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <tuple>
#include <utility>
#include <vector>

namespace sekimori {

/// How little is lost where a fact goes to make room: the least goes first.
struct Worth {
  bool must_stay = false;   ///< others refer to it, or it is what the whole reading is for
  std::uint64_t heard = 0;  ///< how often, or how much of it there was
  std::int64_t last = 0;    ///< ns; when it was last seen
};

/// Distinct things, found by hash, in so many bytes. What comes when they are full takes the place
/// of the least worthy of some that stand there, or is refused; both are counted.
/// T has `heap()`, the bytes that it keeps elsewhere, and `worth()`.
template <class T>
class HashedVector {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit HashedVector(std::size_t most_bytes) : most_(most_bytes), slots_(kFirst) {}

  /// The place of the item that `equal` knows, or kNone.
  template <class Equal>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Equal& equal) const {
    const auto wanted = tag(hash);
    for (auto at = home(wanted); slots_[at].number != 0; at = next(at)) {
      if (slots_[at].tag == wanted && equal(items_[slots_[at].number - 1]))
        return slots_[at].number - 1;
    }
    return kNone;
  }

  /// The place of the item that `equal` knows, else of one that `make` returns; kNone where it
  /// was refused. `gone` hears of the item that had to go.
  template <class Equal, class Make, class Gone>
  std::uint32_t find_or_add(std::uint64_t hash, const Equal& equal, const Make& make,
                            const Gone& gone) {
    const auto found = find(hash, equal);
    if (found != kNone) return found;
    T made = make();
    const auto cost = kEach + made.heap();
    while (bytes_ + cost > most_) {
      ++reached_;
      if (!evict(gone)) return kNone;
    }
    const auto place = items_.add();
    items_[place] = std::move(made);
    if (place == tags_.size()) tags_.emplace_back();
    tags_[place] = tag(hash);
    bytes_ += cost;
    put({tag(hash), place + 1});
    if (4 * items_.size() > 3 * slots_.size()) grow();
    return place;
  }
  template <class Equal, class Make>
  std::uint32_t find_or_add(std::uint64_t hash, const Equal& equal, const Make& make) {
    return find_or_add(hash, equal, make, [](const T&) {});
  }

  [[nodiscard]] T& operator[](std::uint32_t place) noexcept { return items_[place]; }
  [[nodiscard]] const T& operator[](std::uint32_t place) const noexcept { return items_[place]; }
  /// Bytes that an item has come to keep elsewhere.
  void charge(std::size_t bytes) noexcept { bytes_ += bytes; }
  /// The same for what it can do without: false where there is no room, which is counted.
  [[nodiscard]] bool charge_if_room(std::size_t bytes) noexcept {
    if (bytes_ + bytes > most_) {
      ++reached_;
      return false;
    }
    charge(bytes);
    return true;
  }
  /// Hands out `each(place, T&)` in that order, and gives memory back on the way; then it is empty.
  template <class Each>
  void drain(const Each& each) {
    slots_ = std::vector<Slot>(kFirst);
    tags_ = {};
    items_.drain(each);
    bytes_ = 0;
  }
  [[nodiscard]] std::size_t places() const noexcept { return items_.places(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t most() const noexcept { return most_; }
  /// How often it was full: as many items, or parts of them, went or were refused.
  [[nodiscard]] std::uint64_t reached() const noexcept { return reached_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = 0;  // place plus one; 0: empty
  };
  static constexpr std::size_t kFirst = 64;
  static constexpr std::size_t kSample = 16;  // items that one which has to go is chosen from
  static constexpr std::size_t kEach =
      BlockPool<T>::kEach + sizeof(std::uint32_t) + 4 * sizeof(Slot);

  [[nodiscard]] static std::uint32_t tag(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
  }
  [[nodiscard]] std::size_t home(std::uint32_t tag) const noexcept {
    return tag & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t at) const noexcept {
    return (at + 1) & (slots_.size() - 1);
  }

  void put(Slot slot) noexcept {
    auto at = home(slot.tag);
    while (slots_[at].number != 0) at = next(at);
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old)
      if (slot.number != 0) put(slot);
  }

  /// Backward shift: no tombstones, so probes stay short.
  void take_out(std::uint32_t place) noexcept {
    auto hole = home(tags_[place]);
    while (slots_[hole].number != place + 1) hole = next(hole);
    for (auto probe = next(hole); slots_[probe].number != 0; probe = next(probe)) {
      const auto wants = home(slots_[probe].tag);
      const auto mask = slots_.size() - 1;
      if (((probe - wants) & mask) < ((probe - hole) & mask)) continue;
      slots_[hole] = slots_[probe];
      hole = probe;
    }
    slots_[hole] = {};
  }

  template <class Gone>
  bool evict(const Gone& gone) {
    auto victim = kNone;
    Worth least;
    const auto tries = items_.places() < kSample ? items_.places() : kSample;
    for (std::size_t tried = 0; tried < tries; ++tried) {
      if (hand_ >= items_.places()) hand_ = 0;
      const auto place = static_cast<std::uint32_t>(hand_++);
      const auto* item = items_.at(place);
      if (item == nullptr) continue;
      const auto worth = item->worth();
      if (worth.must_stay) continue;
      if (victim != kNone && std::tie(least.heard, least.last) <= std::tie(worth.heard, worth.last))
        continue;
      victim = place;
      least = worth;
    }
    if (victim == kNone) return false;
    gone(items_[victim]);
    bytes_ -= kEach + items_[victim].heap();
    take_out(victim);
    items_.remove(victim);
    return true;
  }

  std::size_t most_;
  std::size_t bytes_ = 0;
  std::size_t hand_ = 0;
  std::uint64_t reached_ = 0;
  BlockPool<T> items_;
  std::deque<std::uint32_t> tags_;  // by place
  std::vector<Slot> slots_;
};

}  // namespace sekimori
