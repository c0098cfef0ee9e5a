#pragma once

// Counts what `new` has given out. To be included by one file of a program: it replaces `new`.

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace sekimori::test {

struct HeapMeter {
  inline static std::atomic<std::size_t> now{0};
  inline static std::atomic<std::size_t> peak{0};

  /// Forgets how high it was.
  static void restart() noexcept { peak = now.load(); }

  static void* take(std::size_t size) {
    auto* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    const auto held = now += malloc_usable_size(memory);
    for (auto highest = peak.load(); held > highest && !peak.compare_exchange_weak(highest, held);)
      continue;
    return memory;
  }
  static void give(void* memory) noexcept {
    if (memory == nullptr) return;
    now -= malloc_usable_size(memory);
    std::free(memory);
  }
};

}  // namespace sekimori::test

// NOLINTBEGIN(misc-definitions-in-headers): replacements are defined once in a program.
void* operator new(std::size_t size) {
  return sekimori::test::HeapMeter::take(size);
}
void* operator new[](std::size_t size) {
  return sekimori::test::HeapMeter::take(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  try {
    return sekimori::test::HeapMeter::take(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  sekimori::test::HeapMeter::give(memory);
}
void operator delete(void* memory) noexcept {
  sekimori::test::HeapMeter::give(memory);
}
void operator delete[](void* memory) noexcept {
  sekimori::test::HeapMeter::give(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  sekimori::test::HeapMeter::give(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  sekimori::test::HeapMeter::give(memory);
}
// NOLINTEND(misc-definitions-in-headers)
