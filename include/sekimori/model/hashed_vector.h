#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sekimori {

/// Distinct things in the order of their coming, found by hash. Bounded: what does not fit is
/// refused and counted.
template <class T>
class HashedVector {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit HashedVector(std::size_t most) : most_(most), slots_(kFirst) {}

  /// The place of the item that `equal` knows, or kNone.
  template <class Equal>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Equal& equal) const {
    const auto tag = static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    for (auto at = tag & (slots_.size() - 1); slots_[at].number != 0;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].tag == tag && equal(items_[slots_[at].number - 1]))
        return slots_[at].number - 1;
    }
    return kNone;
  }

  /// The place of the item that `equal` knows, else of one that `make` returns; kNone where full.
  template <class Equal, class Make>
  std::uint32_t find_or_add(std::uint64_t hash, const Equal& equal, const Make& make) {
    const auto tag = static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    auto at = tag & (slots_.size() - 1);
    while (slots_[at].number != 0) {
      if (slots_[at].tag == tag && equal(items_[slots_[at].number - 1]))
        return slots_[at].number - 1;
      at = (at + 1) & (slots_.size() - 1);
    }
    if (items_.size() >= most_) {
      ++refused_;
      return kNone;
    }
    items_.push_back(make());
    slots_[at] = {tag, static_cast<std::uint32_t>(items_.size())};
    if (2 * items_.size() > slots_.size()) grow();
    return static_cast<std::uint32_t>(items_.size() - 1);
  }

  [[nodiscard]] T& operator[](std::uint32_t place) noexcept { return items_[place]; }
  [[nodiscard]] const T& operator[](std::uint32_t place) const noexcept { return items_[place]; }
  [[nodiscard]] const std::vector<T>& items() const noexcept { return items_; }
  [[nodiscard]] std::size_t most() const noexcept { return most_; }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = 0;  // place plus one; 0: empty
  };
  static constexpr std::size_t kFirst = 64;

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old) {
      if (slot.number == 0) continue;
      auto at = slot.tag & (slots_.size() - 1);
      while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::size_t most_;
  std::uint64_t refused_ = 0;
  std::vector<T> items_;
  std::vector<Slot> slots_;
};

}  // namespace sekimori
