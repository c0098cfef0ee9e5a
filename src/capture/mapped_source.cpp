#include "sekimori/bytes/error.h"

#include "byte_source.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace sekimori::detail {
namespace {

/// A piece of a file in memory, read-only.
class Mapping {
 public:
  Mapping(const Descriptor& file, std::uint64_t offset, std::size_t size)
      : start_(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(),
                      static_cast<off_t>(offset))),
        size_(size) {
    if (!is_mapped()) return;
    ::madvise(start_, size_, MADV_SEQUENTIAL);
    ::madvise(start_, size_, MADV_WILLNEED);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (is_mapped()) ::munmap(start_, size_);
  }

  // NOLINTNEXTLINE(*-int-to-ptr,*-cstyle-cast): the system's macro.
  [[nodiscard]] bool is_mapped() const noexcept { return start_ != MAP_FAILED; }
  [[nodiscard]] Bytes bytes() const noexcept {
    return {static_cast<const std::uint8_t*>(start_), size_};
  }

 private:
  void* start_;
  std::size_t size_;
};

// SHA-256 waits for each line of the cache, and the processor's own prefetching ends at a page's
// border: to ask for the next stride while this one is hashed takes a third off the time.
constexpr std::size_t kStride = 2048;
constexpr std::size_t kCacheLine = 64;

void prefetch(Bytes bytes) noexcept {
  const auto size = std::min(bytes.size(), kStride);
  for (std::size_t at = 0; at < size; at += kCacheLine) {
    __builtin_prefetch(bytes.subspan(at).data());
  }
}

class MappedSource final : public ByteSource {
 public:
  MappedSource(Descriptor file, std::uint64_t size, std::size_t window_size)
      : file_(std::move(file)),
        size_(size),
        window_size_(window_size),
        page_(static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))) {}

  void advance(std::size_t used, std::size_t least) override {
    warm(used);
    position_ += used;
    hashed_ -= used;
    window_ = window_.subspan(used);
    if (window_.size() >= least || position_ + window_.size() >= size_) return;
    look_at_size();
    map(least);
  }

  void warm(std::size_t count) override {
    const auto to = std::min(count, window_.size());
    while (hashed_ < to) {
      const auto next = window_.subspan(hashed_);
      prefetch(next.subspan(std::min(next.size(), kStride)));
      const auto step = std::min(kStride, to - hashed_);
      hash_.add(next.first(step));
      hashed_ += step;
    }
  }

  [[nodiscard]] std::string finish() override {
    do advance(window_.size(), 1);
    while (!window_.empty());
    keep_.reset();
    return hash_.finish();
  }

  [[nodiscard]] std::uint64_t stored_read(std::size_t at) const noexcept override {
    return position_ + at;
  }

 private:
  void look_at_size() {
    struct stat now {};
    if (::fstat(file_.number(), &now) != 0) return;
    const auto size = static_cast<std::uint64_t>(std::max<off_t>(now.st_size, 0));
    if (size >= size_) return;
    size_ = size;
    trouble_ = "the file shrank to " + std::to_string(size) + " bytes while it was read";
  }

  void map(std::size_t least) {
    window_ = {};
    keep_.reset();
    if (position_ >= size_) return;
    const auto start = position_ - position_ % page_;
    const auto lead = position_ - start;
    const auto size = std::min(size_ - start, std::max(window_size_, lead + least));
    auto mapping = std::make_shared<const Mapping>(file_, start, size);
    if (!mapping->is_mapped()) {
      trouble_ = "cannot map the file: " + std::generic_category().message(errno);
      size_ = position_;
      return;
    }
    window_ = mapping->bytes().subspan(lead);
    keep_ = std::move(mapping);
    if (start + size == size_) file_.close();  // so that many small files need no descriptors
  }

  Descriptor file_;
  std::uint64_t size_;
  std::size_t window_size_;
  std::uint64_t page_;
  std::uint64_t position_ = 0;  // of the window's first byte in the file
  std::size_t hashed_ = 0;      // bytes at the window's front that the hash has seen
  Sha256 hash_;
};

}  // namespace

std::unique_ptr<ByteSource> map_source(Descriptor file, std::uint64_t size,
                                       std::size_t window_size) {
  return std::make_unique<MappedSource>(std::move(file), size, window_size);
}

}  // namespace sekimori::detail
