#include "byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace sekimori::detail {
namespace {

constexpr std::size_t kStoredBuffer = std::size_t{1} << 18U;
constexpr std::size_t kFirstBlock = std::size_t{1} << 16U;  // enough to learn a file's first frame
constexpr std::size_t kBlock = std::size_t{1} << 20U;

class StreamSource final : public ByteSource {
 public:
  StreamSource(StoredBytes stored, Packing packing)
      : stored_(std::move(stored)), unpacker_(make_unpacker(packing)) {}

  void advance(std::size_t used, std::size_t least) override {
    begin_ += used;
    while (end_ - begin_ < least && !ended_) {
      if (end_ == capacity_ || capacity_ - begin_ < least) change_block(least);
      const auto count = unpacker_->unpack(stored_, block_.get() + end_, capacity_ - end_);
      end_ += count;
      if (count == 0) {
        ended_ = true;
        trouble_ = unpacker_->trouble();
      }
    }
    window_ = {block_.get() + begin_, end_ - begin_};
  }

  [[nodiscard]] std::string finish() override {
    window_ = {};
    keep_.reset();
    block_.reset();
    return stored_.finish();
  }

  [[nodiscard]] std::uint64_t stored_read(std::size_t /*at*/) const noexcept override {
    return stored_.read_so_far();
  }

 private:
  // Frames of the old block may still be in use, so it is left to them and never written again
  // where it was read.
  void change_block(std::size_t least) {
    const auto capacity = std::max(block_ == nullptr ? kFirstBlock : kBlock, least);
    // NOLINTNEXTLINE(*-avoid-c-arrays): a vector would clear a megabyte for nothing.
    std::shared_ptr<std::uint8_t[]> fresh{new std::uint8_t[capacity]};
    if (end_ > begin_) std::memcpy(fresh.get(), block_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    capacity_ = capacity;
    block_ = std::move(fresh);
    keep_ = block_;
  }

  StoredBytes stored_;
  std::unique_ptr<Unpacker> unpacker_;
  std::shared_ptr<std::uint8_t[]> block_;  // NOLINT(*-avoid-c-arrays)
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace

StoredBytes::StoredBytes(Descriptor file)
    : file_(std::move(file)), buffer_(new std::uint8_t[kStoredBuffer]) {}

std::size_t StoredBytes::read_some(std::uint8_t* out, std::size_t room) {
  for (;;) {
    if (!file_.is_open()) return 0;
    const auto count = ::read(file_.number(), out, room);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) trouble_ = "cannot read on: " + std::generic_category().message(errno);
    if (count <= 0) {
      file_.close();
      return 0;
    }
    const auto size = static_cast<std::size_t>(count);
    hash_.add({out, size});
    total_ += size;
    return size;
  }
}

bool StoredBytes::want(std::size_t least) {
  while (end_ - begin_ < least) {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    const auto count = read_some(buffer_.get() + end_, kStoredBuffer - end_);
    if (count == 0) return false;
    end_ += count;
  }
  return true;
}

std::size_t StoredBytes::move_to(std::uint8_t* out, std::size_t room) {
  if (begin_ == end_) return read_some(out, room);
  const auto count = std::min(room, end_ - begin_);
  std::memcpy(out, buffer_.get() + begin_, count);
  begin_ += count;
  return count;
}

std::string StoredBytes::finish() {
  begin_ = end_ = 0;
  while (read_some(buffer_.get(), kStoredBuffer) > 0) continue;
  return hash_.finish();
}

std::unique_ptr<ByteSource> stream_source(StoredBytes stored, Packing packing) {
  return std::make_unique<StreamSource>(std::move(stored), packing);
}

}  // namespace sekimori::detail
