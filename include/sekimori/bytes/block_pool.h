#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sekimori {

/// Things by number, in blocks that never move: growth copies nothing and frees nothing, so the
/// memory in use is that of the things and not up to three times as much. A number that was freed
/// is given again.
template <class T>
class BlockPool {
 public:
  /// The number of a thing as T{} makes it.
  std::uint32_t add() {
    std::uint32_t number = 0;
    if (free_.empty()) {
      if (places_ % kBlock == 0) {
        blocks_.push_back(std::make_unique<T[]>(kBlock));
        used_.resize(used_.size() + kBlock / kBits);
      }
      number = static_cast<std::uint32_t>(places_++);
    } else {
      number = free_.back();
      free_.pop_back();
    }
    used_[number / kBits] |= bit(number);
    return number;
  }

  void remove(std::uint32_t number) {
    (*this)[number] = T{};
    used_[number / kBits] &= ~bit(number);
    free_.push_back(number);
  }

  [[nodiscard]] T& operator[](std::uint32_t number) noexcept {
    return blocks_[number / kBlock][number % kBlock];
  }
  [[nodiscard]] const T& operator[](std::uint32_t number) const noexcept {
    return blocks_[number / kBlock][number % kBlock];
  }

  [[nodiscard]] std::size_t size() const noexcept { return places_ - free_.size(); }
  /// One more than the greatest number there ever was, for a hand that walks round.
  [[nodiscard]] std::size_t places() const noexcept { return places_; }
  /// The thing of a number, or null where it was freed.
  [[nodiscard]] T* at(std::size_t number) noexcept {
    return is_used(number) ? &(*this)[static_cast<std::uint32_t>(number)] : nullptr;
  }

  /// Hands out `each(number, T&)` in order, and gives memory back on the way; then it is empty.
  template <class Each>
  void drain(const Each& each) {
    for (std::size_t number = 0; number < places_; ++number) {
      if (is_used(number)) each(number, (*this)[static_cast<std::uint32_t>(number)]);
      if ((number + 1) % kBlock == 0) blocks_[number / kBlock].reset();
    }
    *this = {};
  }

  /// What one thing takes here.
  static constexpr std::size_t kEach = sizeof(T) + 1;

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kBits = 64;

  [[nodiscard]] static std::uint64_t bit(std::size_t number) noexcept {
    return std::uint64_t{1} << (number % kBits);
  }
  [[nodiscard]] bool is_used(std::size_t number) const noexcept {
    return (used_[number / kBits] & bit(number)) != 0;
  }

  std::size_t places_ = 0;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<std::uint64_t> used_;  // a bit each
  std::vector<std::uint32_t> free_;
};

}  // namespace sekimori
