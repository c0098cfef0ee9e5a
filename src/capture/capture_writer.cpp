// Writes pcap with nanoseconds (draft-ietf-opsawg-pcap, 4 and 5), little endian on every machine;
// pcapng (draft-ietf-opsawg-pcapng, 4.1 to 4.3) where pcap cannot say it.

#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/text.h"
#include "sekimori/capture/capture_set.h"

#include "capture_reader.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

namespace fs = std::filesystem;
using detail::kLongestFrame;
using detail::kNanosecondsPerSecond;

constexpr std::size_t kBuffer = std::size_t{1} << 18U;

// pcap has 32 bits for the seconds; none before 1970 and none after this.
constexpr std::int64_t kPcapTimeEnd = (std::int64_t{1} << 32U) * kNanosecondsPerSecond;

/// What is written beside the target, a buffer at a time.
class Output {
 public:
  explicit Output(const fs::path& target) : draft_(target), target_(target) {
    buffer_.reserve(kBuffer);
  }

  [[nodiscard]] const fs::path& path() const noexcept { return draft_.path(); }

  void add(Bytes bytes) {
    if (buffer_.size() + bytes.size() > kBuffer) flush();
    buffer_.append(view_of(bytes));
  }
  void add16(std::uint16_t value) { add_number(value, 2); }
  void add32(std::uint32_t value) { add_number(value, 4); }
  void add64(std::uint64_t value) { add_number(value, 8); }

  void flush() {
    // A write that was cut short cannot be taken up again.
    if (std::exchange(failed_, true))
      throw Error(target_.string(), "cannot be written: it failed before");
    draft_.write(buffer_);
    failed_ = false;
    buffer_.clear();
  }

  void become_target() {
    flush();
    draft_.become_target();
  }

 private:
  void add_number(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) buffer_ += static_cast<char>(value >> (8U * i) & 0xffU);
  }

  Draft draft_;
  fs::path target_;
  std::string buffer_;
  bool failed_ = false;
};

}  // namespace

class CaptureWriter::Impl {
 public:
  explicit Impl(fs::path path)
      : target_(std::move(path)), draft_(std::make_unique<Output>(target_)) {}

  void write(const Frame& frame) {
    if (draft_ == nullptr) throw Error(target_.string(), "already finished");
    if (!is_pcapng_ && !fits_pcap(frame)) turn_to_pcapng();
    if (is_pcapng_) {
      add_block(frame);
    } else {
      add_record(frame);
    }
  }

  void finish() {
    if (draft_ == nullptr) return;
    if (!is_pcapng_ && !link_type_) begin_pcap(LinkType::ethernet);
    draft_->become_target();
    draft_.reset();
  }

 private:
  [[nodiscard]] bool fits_pcap(const Frame& frame) const {
    return frame.time < kPcapTimeEnd && (!link_type_ || *link_type_ == frame.link_type);
  }

  static Bytes bytes_to_write(const Frame& frame) {
    // No reader takes more; wire_length tells that it was cut.
    return frame.bytes.first(std::min<std::size_t>(frame.bytes.size(), kLongestFrame));
  }

  void begin_pcap(LinkType link_type) {
    link_type_ = link_type;
    draft_->add32(0xa1b23c4d);  // nanoseconds
    draft_->add16(2);
    draft_->add16(4);
    draft_->add64(0);  // two fields out of use
    draft_->add32(kLongestFrame);
    draft_->add32(static_cast<std::uint32_t>(link_type));
  }

  void add_record(const Frame& frame) {
    if (!link_type_) begin_pcap(frame.link_type);
    const auto bytes = bytes_to_write(frame);
    const auto time = std::max<std::int64_t>(frame.time, 0);
    draft_->add32(static_cast<std::uint32_t>(time / kNanosecondsPerSecond));
    draft_->add32(static_cast<std::uint32_t>(time % kNanosecondsPerSecond));
    draft_->add32(static_cast<std::uint32_t>(bytes.size()));
    draft_->add32(std::max(frame.wire_length, static_cast<std::uint32_t>(bytes.size())));
    draft_->add(bytes);
  }

  // What was written so far is read back and written again: link types hardly ever differ, so the
  // frames need not wait in memory for that.
  void turn_to_pcapng() {
    draft_->flush();
    const auto old = std::exchange(draft_, nullptr);
    draft_ = std::make_unique<Output>(target_);
    is_pcapng_ = true;
    draft_->add32(0x0a0d0d0a);
    draft_->add32(28);
    draft_->add32(0x1a2b3c4d);
    draft_->add16(1);
    draft_->add16(0);
    draft_->add64(~std::uint64_t{0});  // the section's length is not told
    draft_->add32(28);
    if (!link_type_) return;

    constexpr std::size_t kMost = 1024;
    const auto opened = detail::open_capture(old->path(), 0);
    FrameBatch batch;
    while (opened.reader->fill(batch, kMost)) {
      for (const auto& frame : batch.frames) add_block(frame);
      batch.clear();
    }
    if (!opened.reader->damage().empty()) {
      throw Error(target_.string(), "cannot read back: " + opened.reader->damage());
    }
  }

  std::uint32_t interface_of(LinkType link_type) {
    const auto found = std::ranges::find(interfaces_, link_type);
    const auto index = static_cast<std::uint32_t>(found - interfaces_.begin());
    if (found != interfaces_.end()) return index;
    interfaces_.push_back(link_type);
    constexpr std::uint32_t kLength = 32;
    draft_->add32(1);
    draft_->add32(kLength);
    draft_->add16(static_cast<std::uint16_t>(link_type));
    draft_->add16(0);
    draft_->add32(kLongestFrame);
    draft_->add16(9);  // if_tsresol, one byte: 10^-9 s, and three of padding
    draft_->add16(1);
    draft_->add32(9);
    draft_->add32(0);  // the end of the options
    draft_->add32(kLength);
    return index;
  }

  void add_block(const Frame& frame) {
    constexpr std::uint32_t kFrameless = 32;
    const auto interface = interface_of(frame.link_type);
    const auto bytes = bytes_to_write(frame);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto padding = (4 - size % 4) % 4;
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(frame.time, 0));
    const auto length = kFrameless + size + padding;
    draft_->add32(6);
    draft_->add32(length);
    draft_->add32(interface);
    draft_->add32(static_cast<std::uint32_t>(time >> 32U));
    draft_->add32(static_cast<std::uint32_t>(time & 0xffffffffU));
    draft_->add32(size);
    draft_->add32(std::max(frame.wire_length, size));
    draft_->add(bytes);
    for (std::uint32_t i = 0; i < padding; ++i) draft_->add(Bytes{&kZero, 1});
    draft_->add32(length);
  }

  static constexpr std::uint8_t kZero = 0;

  fs::path target_;
  std::unique_ptr<Output> draft_;  // none once finished
  std::optional<LinkType> link_type_;
  bool is_pcapng_ = false;
  std::vector<LinkType> interfaces_;
};

CaptureWriter::CaptureWriter(fs::path path) : impl_(std::make_unique<Impl>(std::move(path))) {}
CaptureWriter::~CaptureWriter() = default;

void CaptureWriter::write(const Frame& frame) {
  impl_->write(frame);
}
void CaptureWriter::finish() {
  impl_->finish();
}

}  // namespace sekimori
