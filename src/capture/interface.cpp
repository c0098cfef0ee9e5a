#include "interface.h"

#include "sekimori/bytes/error.h"

#include "capture_reader.h"

#include <pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <net/if.h>
#include <netpacket/packet.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace sekimori::detail {
namespace {

constexpr int kBlockPatience = 100;  // ms; the kernel hands a part-filled block over after this

void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  std::array<std::uint8_t, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// libpcap's callback. Not to be left by an exception, which C code cannot pass on: where memory
/// ends here, the program does.
// NOLINTNEXTLINE(readability-non-const-parameter): the signature is libpcap's.
void add_record(u_char* user, const pcap_pkthdr* header, const u_char* bytes) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libpcap's way to pass an object.
  auto& records = *reinterpret_cast<Records*>(user);
  const auto length = std::min<std::uint32_t>(header->caplen, kLongestFrame);
  records.begins.push_back(records.bytes.size());
  put32(records.bytes, static_cast<std::uint32_t>(header->ts.tv_sec));
  put32(records.bytes, static_cast<std::uint32_t>(header->ts.tv_usec));
  put32(records.bytes, length);
  put32(records.bytes, std::max(length, header->len));
  const Bytes frame{bytes, length};
  records.bytes.insert(records.bytes.end(), frame.begin(), frame.end());
}

/// What a count of 32 bits grew by, though it came round. One that fell began anew: no count grows
/// by half its range between two looks.
std::uint64_t growth(std::uint32_t now, std::uint32_t& before) noexcept {
  constexpr std::uint32_t kHalf = std::uint32_t{1} << 31U;
  const auto more = now - before;
  before = now;
  return more < kHalf ? more : 0;
}

}  // namespace

class Interface::Impl {
 public:
  Impl(const std::string& name, const InterfaceOptions& options) : name_(name) {
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    handle_.reset(pcap_create(name.c_str(), why.data()));
    if (!handle_) throw Error(name, why.data());
    pcap_set_snaplen(handle_.get(), static_cast<int>(kLongestFrame));
    pcap_set_promisc(handle_.get(), options.promiscuous ? 1 : 0);
    pcap_set_timeout(handle_.get(), kBlockPatience);
    pcap_set_buffer_size(handle_.get(), static_cast<int>(std::min<std::size_t>(
                                            options.ring_bytes, std::numeric_limits<int>::max())));
    nanoseconds_ = pcap_set_tstamp_precision(handle_.get(), PCAP_TSTAMP_PRECISION_NANO) == 0;
    activate(options);
    nanoseconds_ = pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO;
    if (pcap_setnonblock(handle_.get(), 1, why.data()) != 0) throw Error(name, why.data());
    filter(options.filter);
  }

  bool read(Records& records, int most) {
    const auto before = records.begins.size();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): see add_record().
    auto* const user = reinterpret_cast<u_char*>(&records);
    const auto count = pcap_dispatch(handle_.get(), most, add_record, user);
    if (!nanoseconds_) to_nanoseconds(records, before);
    return count >= 0;
  }

  [[nodiscard]] Link link() const {
    sockaddr_ll bound{};
    socklen_t size = sizeof bound;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the system's own signature.
    auto* const address = reinterpret_cast<sockaddr*>(&bound);
    // The socket loses its interface for good when that is taken away, not when it is down.
    // Number 0 is libpcap's `any`.
    if (::getsockname(descriptor(), address, &size) != 0 || bound.sll_ifindex < 0)
      return Link::gone;
    if (bound.sll_ifindex == 0) return Link::up;
    ifreq asked{};
    name_.copy(static_cast<char*>(asked.ifr_name), sizeof asked.ifr_name - 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
    if (::ioctl(descriptor(), SIOCGIFFLAGS, &asked) != 0)
      return errno == ENODEV ? Link::gone : Link::up;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): the system's own structure.
    return (static_cast<unsigned>(asked.ifr_flags) & IFF_UP) != 0 ? Link::up : Link::down;
  }

  Drops drops() {
    pcap_stat now{};
    if (pcap_stats(handle_.get(), &now) == 0) {
      drops_.kernel += growth(now.ps_drop, kernel_before_);
      drops_.interface += growth(now.ps_ifdrop, interface_before_);
    }
    return drops_;
  }

  [[nodiscard]] int descriptor() const noexcept { return pcap_get_selectable_fd(handle_.get()); }
  [[nodiscard]] LinkType link_type() const noexcept {
    const auto type = static_cast<LinkType>(pcap_datalink(handle_.get()));
    // The one in use whose number in the system differs from that in files.
    return type == LinkType::raw_ip_bsd ? LinkType::raw_ip : type;
  }
  [[nodiscard]] bool promiscuous() const noexcept { return promiscuous_; }
  [[nodiscard]] bool nanoseconds() const noexcept { return nanoseconds_; }

 private:
  struct Close {
    void operator()(pcap_t* handle) const noexcept { pcap_close(handle); }
  };

  void activate(const InterfaceOptions& options) {
    const auto result = pcap_activate(handle_.get());
    if (result < 0) {
      const std::string_view detail{pcap_geterr(handle_.get())};
      std::string why{pcap_statustostr(result)};
      if (!detail.empty() && detail != why) why += " (" + std::string{detail} + ')';
      throw Error(name_, why);
    }
    // libpcap's `any` is none, and its warning does not always come through.
    promiscuous_ = options.promiscuous && result != PCAP_WARNING_PROMISC_NOTSUP && name_ != "any";
  }

  void filter(const std::string& text) {
    if (text.empty()) return;
    bpf_program program{};
    if (pcap_compile(handle_.get(), &program, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
      throw Error("--filter", pcap_geterr(handle_.get()));
    const auto result = pcap_setfilter(handle_.get(), &program);
    pcap_freecode(&program);
    if (result != 0) throw Error(name_, pcap_geterr(handle_.get()));
  }

  static void to_nanoseconds(Records& records, std::size_t from) {
    for (auto i = from; i < records.begins.size(); ++i) {
      constexpr std::size_t kFraction = 4;
      const auto at = records.begins[i] + kFraction;
      const auto value = load32<Order::as_here>(records.bytes, at) * 1000U;
      std::memcpy(&records.bytes[at], &value, sizeof value);
    }
  }

  std::string name_;
  std::unique_ptr<pcap_t, Close> handle_;
  bool promiscuous_ = false;
  bool nanoseconds_ = false;
  Drops drops_;
  std::uint32_t kernel_before_ = 0;
  std::uint32_t interface_before_ = 0;
};

Interface::Interface(const std::string& name, const InterfaceOptions& options)
    : impl_(std::make_unique<Impl>(name, options)) {}
Interface::~Interface() = default;

bool Interface::read(Records& records, int most) {
  return impl_->read(records, most);
}
Interface::Link Interface::link() const {
  return impl_->link();
}
Interface::Drops Interface::drops() {
  return impl_->drops();
}
int Interface::descriptor() const noexcept {
  return impl_->descriptor();
}
LinkType Interface::link_type() const noexcept {
  return impl_->link_type();
}
bool Interface::promiscuous() const noexcept {
  return impl_->promiscuous();
}
bool Interface::nanoseconds() const noexcept {
  return impl_->nanoseconds();
}

}  // namespace sekimori::detail
