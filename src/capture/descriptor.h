#pragma once

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace sekimori::detail {

/// An open file descriptor; closed with its owner.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

  void close() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

/// open(2), with a mode for a file that is made; not open where errno says why.
[[nodiscard]] inline Descriptor open_file(const std::filesystem::path& path, int flags,
                                          mode_t mode = 0) {
  constexpr int kAlways = O_CLOEXEC | O_NOCTTY;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  return Descriptor{::open(path.c_str(), flags | kAlways, mode)};
}

}  // namespace sekimori::detail
