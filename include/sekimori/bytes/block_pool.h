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
      if (places_ % kBlock == 0) blocks_.push_back(std::make_unique<Entry[]>(kBlock));
      number = static_cast<std::uint32_t>(places_++);
    } else {
      number = free_.back();
      free_.pop_back();
    }
    entry(number).used = true;
    return number;
  }

  void remove(std::uint32_t number) {
    entry(number) = Entry{};
    free_.push_back(number);
  }

  [[nodiscard]] T& operator[](std::uint32_t number) noexcept { return entry(number).thing; }
  [[nodiscard]] const T& operator[](std::uint32_t number) const noexcept {
    return blocks_[number / kBlock][number % kBlock].thing;
  }

  [[nodiscard]] std::size_t size() const noexcept { return places_ - free_.size(); }
  /// One more than the greatest number there ever was, for a hand that walks round.
  [[nodiscard]] std::size_t places() const noexcept { return places_; }
  /// The thing of a number, or null where it was freed.
  [[nodiscard]] T* at(std::size_t number) noexcept {
    auto& found = entry(static_cast<std::uint32_t>(number));
    return found.used ? &found.thing : nullptr;
  }
  [[nodiscard]] const T* at(std::size_t number) const noexcept {
    const auto& found = blocks_[number / kBlock][number % kBlock];
    return found.used ? &found.thing : nullptr;
  }

  /// What one thing takes here.
  static constexpr std::size_t kEach = sizeof(T) + alignof(T);

 private:
  struct Entry {
    T thing{};
    bool used = false;
  };
  static constexpr std::size_t kBlock = 256;

  [[nodiscard]] Entry& entry(std::uint32_t number) noexcept {
    return blocks_[number / kBlock][number % kBlock];
  }

  std::size_t places_ = 0;
  std::vector<std::unique_ptr<Entry[]>> blocks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace sekimori
