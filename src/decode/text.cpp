#include "sekimori/bytes/text.h"

#include "sekimori/bytes/hash.h"
#include "sekimori/decode/packet.h"

namespace sekimori {
namespace {

constexpr std::uint32_t kIpInIp = 4;     // IP protocols,
constexpr std::uint32_t kIpv6InIp = 41;  // as pushed for tunnels
constexpr std::uint32_t kGre = 47;       // that have no id
constexpr std::uint32_t kGtp = 2152;     // of their own

std::string numbered(std::string_view name, std::uint32_t id) {
  return std::string{name} + " " + std::to_string(id);
}

std::string describe(Segment::Kind kind, std::uint32_t id) {
  switch (kind) {
    case Segment::Kind::vlan:
      return numbered("vlan", id);
    case Segment::Kind::pppoe:
      return numbered("pppoe", id);
    case Segment::Kind::gre_key:
      return numbered("gre", id);
    case Segment::Kind::erspan:
      return numbered("erspan", id);
    case Segment::Kind::vxlan:
      return numbered("vxlan", id);
    case Segment::Kind::geneve:
      return numbered("geneve", id);
    case Segment::Kind::radio:
      return "radio";
    case Segment::Kind::tunnel:
      break;
  }
  if (id == kIpInIp) return "ip-in-ip";
  if (id == kIpv6InIp) return "6in4";
  if (id == kGre) return "gre";
  if (id == kGtp) return "gtp";
  return numbered("tunnel", id);
}

}  // namespace

std::string_view to_text(Layer layer) noexcept {
  switch (layer) {
    case Layer::none:
      return "";
    case Layer::link:
      return "link";
    case Layer::wlan:
      return "wlan";
    case Layer::vlan:
      return "vlan";
    case Layer::llc:
      return "llc";
    case Layer::mpls:
      return "mpls";
    case Layer::pppoe:
      return "pppoe";
    case Layer::ip:
      return "ip";
    case Layer::ip_extension:
      return "ip_extension";
    case Layer::fragment:
      return "fragment";
    case Layer::gre:
      return "gre";
    case Layer::erspan:
      return "erspan";
    case Layer::vxlan:
      return "vxlan";
    case Layer::geneve:
      return "geneve";
    case Layer::gtp:
      return "gtp";
    case Layer::icmp:
      return "icmp";
    case Layer::tcp:
      return "tcp";
    case Layer::udp:
      return "udp";
  }
  return "";
}

std::string_view to_text(StopReason reason) noexcept {
  switch (reason) {
    case StopReason::none:
      return "";
    case StopReason::truncated:
      return "truncated";
    case StopReason::bad_length:
      return "bad_length";
    case StopReason::bad_version:
      return "bad_version";
    case StopReason::too_deep:
      return "too_deep";
    case StopReason::unsupported:
      return "unsupported";
    case StopReason::incomplete:
      return "incomplete";
  }
  return "";
}

std::string_view to_text(LimitedBy limit) noexcept {
  switch (limit) {
    case LimitedBy::none:
      return "";
    case LimitedBy::capture:
      return "capture";
    case LimitedBy::frame:
      return "frame";
    case LimitedBy::ip_total_length:
      return "ip_total_length";
    case LimitedBy::ipv6_payload_length:
      return "ipv6_payload_length";
    case LimitedBy::udp_length:
      return "udp_length";
    case LimitedBy::tcp_data_offset:
      return "tcp_data_offset";
    case LimitedBy::header_field:
      return "header_field";
  }
  return "";
}

std::string Segment::text() const {
  std::string text;
  std::uint64_t told = 0;
  auto before = Kind{};
  for (std::size_t i = 0; i < size_; ++i) {
    const auto kind = static_cast<Kind>(tags_[i] >> 32U);
    const auto id = static_cast<std::uint32_t>(tags_[i]);
    if (kind == Kind::vlan && before == Kind::vlan) {
      text += "." + std::to_string(id);
    } else {
      text += (text.empty() ? "" : "/") + describe(kind, id);
    }
    before = kind;
    told = mix(told, tags_[i]);
  }
  // Tags beyond kMost are in the key alone: it keeps such stacks apart in text, too.
  if (told != key_) text += "/" + std::string{SmallText{}.hex(key_, 16).view()};
  return text;
}

}  // namespace sekimori
