#include "sekimori/capture/live_capture.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/text.h"

#include "capture_reader.h"
#include "descriptor.h"
#include "interface.h"
#include "raw_file.h"
#include "sha256.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <utility>

namespace sekimori {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int kMost = 512;  // records of an interface in a batch: they stay in the nearest caches
constexpr std::size_t kRecordHeader = 16;
constexpr milliseconds kDownWait{500};  // between looks at an interface that is down

/// `plant.pcap` for the only interface, `plant.eth1.pcap` for one of several.
fs::path raw_name(const fs::path& raw, const std::string& interface, bool alone) {
  if (alone) return raw;
  return raw.parent_path() / (raw.stem().string() + '.' + interface + raw.extension().string());
}

struct Lane {
  std::unique_ptr<detail::Interface> interface;
  LiveStatus status;
  LinkType link_type = LinkType::ethernet;
  detail::RawFile raw;
  bool keeps_raw = false;
  detail::Sha256 hash;
  detail::Tally tally;
  detail::Records records;
  std::size_t next = 0;  // in records.begins
};

Frame frame_at(const Lane& lane, std::size_t record, std::uint32_t capture) {
  using detail::load32;
  using detail::Order;
  const Bytes header = Bytes{lane.records.bytes}.subspan(lane.records.begins[record]);
  Frame frame;
  frame.capture = capture;
  frame.link_type = lane.link_type;
  frame.time = load32<Order::as_here>(header, 0) * detail::kNanosecondsPerSecond +
               load32<Order::as_here>(header, 4);
  frame.bytes = header.subspan(kRecordHeader, load32<Order::as_here>(header, 8));
  frame.wire_length = load32<Order::as_here>(header, 12);
  return frame;
}

/// Takes the low file descriptors while it lives, so that what is opened meanwhile lies above.
class LowDescriptors {
 public:
  LowDescriptors() {
    for (;;) {
      auto file = detail::open_file("/dev/null", O_RDONLY);
      if (!file.is_open()) throw Error("/dev/null", "cannot be opened");
      if (file.number() >= LiveCapture::kFirstSocket) return;
      held_.push_back(std::move(file));
    }
  }

 private:
  std::vector<detail::Descriptor> held_;
};

}  // namespace

class LiveCapture::Impl {
 public:
  explicit Impl(const LiveOptions& options) : options_(options) {
    if (options.interfaces.empty()) throw Error("live", "no interface given");
    const LowDescriptors held;
    for (const auto& name : options.interfaces) open(name);
  }

  void keep_raw() {
    if (options_.raw.empty()) return;
    for (auto& lane : lanes_) {
      const auto path = raw_name(options_.raw, lane.status.interface, lanes_.size() == 1);
      lane.raw = options_.raw_cap > 0
                     ? detail::RawFile{path, options_.raw_cap / lanes_.size(), lane.link_type}
                     : detail::RawFile{options_.raw_goes_on ? detail::free_name(path) : path, 0,
                                       lane.link_type};
      lane.keeps_raw = true;
    }
  }

  bool next(FrameBatch& batch, milliseconds wait) {
    batch.clear();
    if (!std::exchange(has_begun_, true))
      for (auto& lane : lanes_) lane.raw.stay();
    if (std::ranges::all_of(lanes_, is_gone)) return false;
    if (!std::exchange(more_, false) && !await(wait)) return true;
    for (auto& lane : lanes_) take(lane);
    merge(batch);
    return true;
  }

  [[nodiscard]] std::vector<CaptureFile> captures() const {
    std::vector<CaptureFile> captures;
    for (const auto& lane : lanes_) {
      CaptureFile about;
      const auto whole = lane.keeps_raw ? lane.raw.whole() : fs::path{};
      about.path = whole.string();
      about.name = whole.empty() ? lane.status.interface : whole.filename().string();
      about.sha256 = identity(lane);
      about.format = "pcap";
      about.packets = lane.tally.packets;
      about.bytes = lane.tally.bytes;
      about.kernel_drops = lane.status.kernel_drops + lane.status.interface_drops;
      about.first_seen = about.packets > 0 ? lane.tally.first_seen : 0;
      about.last_seen = about.packets > 0 ? lane.tally.last_seen : 0;
      about.link_type = lane.link_type;
      about.pieces = lane.raw.pieces();
      captures.push_back(std::move(about));
    }
    return captures;
  }

  std::vector<LiveStatus> status() {
    std::vector<LiveStatus> all;
    for (auto& lane : lanes_) {
      auto& status = lane.status;
      look(lane);
      if (!is_gone(lane)) {  // of what is gone, libpcap takes the counts for 0
        const auto drops = lane.interface->drops();
        status.kernel_drops = drops.kernel;
        status.interface_drops = drops.interface;
      }
      status.packets = lane.tally.packets;
      status.bytes = lane.tally.bytes;
      status.raw_trouble = lane.raw.trouble();
      all.push_back(status);
    }
    return all;
  }

 private:
  static bool is_gone(const Lane& lane) { return lane.status.link == LiveStatus::Link::gone; }

  /// Interfaces that heard nothing are not one capture given twice: their names tell them apart.
  static std::string identity(const Lane& lane) {
    if (lane.tally.packets > 0) return lane.hash.so_far();
    detail::Sha256 silent;
    silent.add(bytes_of(lane.status.interface));
    return silent.finish();
  }

  void open(const std::string& name) {
    if (std::ranges::any_of(lanes_, [&](const Lane& l) { return l.status.interface == name; }))
      throw Error(name, "is given twice");
    Lane lane;
    lane.interface = std::make_unique<detail::Interface>(
        name, detail::InterfaceOptions{options_.filter, options_.ring_bytes, options_.promiscuous});
    lane.status.interface = name;
    lane.status.promiscuous = lane.interface->promiscuous();
    lane.status.nanoseconds = lane.interface->nanoseconds();
    lane.link_type = lane.interface->link_type();
    lane.hash.add(detail::pcap_header(lane.link_type));
    lanes_.push_back(std::move(lane));
  }

  /// False where nothing came in time.
  bool await(milliseconds wait) {
    std::vector<pollfd> waits;
    for (auto& lane : lanes_) {
      if (lane.status.link == LiveStatus::Link::down) look(lane);
      if (lane.status.link == LiveStatus::Link::up)
        waits.push_back({lane.interface->descriptor(), POLLIN, 0});
    }
    if (waits.size() < lanes_.size()) wait = std::min(wait, kDownWait);
    return ::poll(waits.data(), waits.size(), static_cast<int>(wait.count())) > 0;
  }

  static void look(Lane& lane) {
    switch (lane.interface->link()) {
      case detail::Interface::Link::up:
        lane.status.link = LiveStatus::Link::up;
        break;
      case detail::Interface::Link::down:
        lane.status.link = LiveStatus::Link::down;
        break;
      case detail::Interface::Link::gone:
        lane.status.link = LiveStatus::Link::gone;
        break;
    }
  }

  void take(Lane& lane) {
    lane.records.clear();
    lane.next = 0;
    if (lane.status.link != LiveStatus::Link::up) return;
    if (!lane.interface->read(lane.records, kMost)) look(lane);
    const auto count = lane.records.begins.size();
    if (count == 0) return;
    more_ = more_ || count >= static_cast<std::size_t>(kMost);
    lane.hash.add(lane.records.bytes);
    if (lane.keeps_raw) keep(lane);
  }

  /// In runs of records that a raw file under a small cap has room for.
  static void keep(Lane& lane) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 10U;  // but of one record
    const auto& begins = lane.records.begins;
    const Bytes bytes{lane.records.bytes};
    const auto end = [&](std::size_t i) {
      return i + 1 < begins.size() ? begins[i + 1] : bytes.size();
    };
    for (std::size_t from = 0; from < begins.size();) {
      auto to = from;
      while (to + 1 < begins.size() && end(to + 1) - begins[from] <= kMostBytes) ++to;
      const auto count = to + 1 - from;
      const auto run = bytes.subspan(begins[from], end(to) - begins[from]);
      if (!lane.raw.add(run, lane.tally.packets + 1 + from, count)) lane.status.own_drops += count;
      from = to + 1;
    }
  }

  /// The earliest of the next frames first, and of those the first interface's; each interface
  /// keeps its own order, as CaptureSet does with files.
  void merge(FrameBatch& batch) {
    std::vector<std::optional<Frame>> front(lanes_.size());
    const auto draw = [&](std::size_t i) {
      auto& lane = lanes_[i];
      front[i].reset();
      if (lane.next < lane.records.begins.size())
        front[i] = frame_at(lane, lane.next++, static_cast<std::uint32_t>(i));
    };
    for (std::size_t i = 0; i < lanes_.size(); ++i) draw(i);
    for (;;) {
      std::optional<std::size_t> first;
      for (std::size_t i = 0; i < lanes_.size(); ++i)
        if (front[i] && (!first || front[i]->time < front[*first]->time)) first = i;
      if (!first) return;
      auto& frame = *front[*first];
      auto& tally = lanes_[*first].tally;
      tally.count(frame);
      frame.number = tally.packets;
      batch.frames.push_back(frame);
      draw(*first);
    }
  }

  const LiveOptions options_;
  std::vector<Lane> lanes_;
  bool has_begun_ = false;
  bool more_ = false;  // an interface had more than one batch takes
};

LiveCapture::LiveCapture(const LiveOptions& options) : impl_(std::make_unique<Impl>(options)) {}
LiveCapture::~LiveCapture() = default;

void LiveCapture::keep_raw() {
  impl_->keep_raw();
}
bool LiveCapture::next(FrameBatch& batch, milliseconds wait) {
  return impl_->next(batch, wait);
}
std::vector<CaptureFile> LiveCapture::captures() const {
  return impl_->captures();
}
std::vector<LiveStatus> LiveCapture::status() {
  return impl_->status();
}

}  // namespace sekimori
