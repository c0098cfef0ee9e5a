#include "sekimori/bytes/address.h"

#include <arpa/inet.h>
#include <charconv>

namespace sekimori {
namespace {

struct Block {
  std::uint32_t base;
  unsigned length;
};

// RFC 6890 and its updates: IPv4 blocks that are not globally reachable. 192.0.0.0/24 holds a few
// exceptions for protocol anycast, which no plant sees.
constexpr auto kSpecialV4 = std::to_array<Block>({
    {0x00000000, 8},   // this network
    {0x0a000000, 8},   // RFC 1918
    {0x64400000, 10},  // RFC 6598, shared address space
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link local
    {0xac100000, 12},  // RFC 1918
    {0xc0000000, 24},  // IETF protocol assignments
    {0xc0000200, 24},  // TEST-NET-1
    {0xc0a80000, 16},  // RFC 1918
    {0xc6120000, 15},  // benchmarking
    {0xc6336400, 24},  // TEST-NET-2
    {0xcb007100, 24},  // TEST-NET-3
    {0xe0000000, 4},   // multicast
    {0xf0000000, 4},   // reserved, and 255.255.255.255
});

constexpr bool within(std::uint32_t ip, Block block) noexcept {
  return ((ip ^ block.base) >> (32U - block.length)) == 0;
}

constexpr unsigned kMappedBits = 96;  // of the sixteen-byte form, before the IPv4 address

}  // namespace

bool IpAddress::is_multicast() const noexcept {
  return is_v4() ? within(v4_value(), {0xe0000000, 4}) : octets[0] == 0xff;
}

bool IpAddress::is_broadcast() const noexcept {
  return is_v4() && v4_value() == 0xffffffff;
}

bool IpAddress::is_loopback() const noexcept {
  return is_v4() ? within(v4_value(), {0x7f000000, 8}) : high() == 0 && low() == 1;
}

bool IpAddress::is_unspecified() const noexcept {
  return is_v4() ? v4_value() == 0 : high() == 0 && low() == 0;
}

bool IpAddress::is_link_local() const noexcept {
  return is_v4() ? within(v4_value(), {0xa9fe0000, 16}) : (high() >> 54U) == 0x3fa;
}

bool IpAddress::is_private() const noexcept {
  if (!is_v4()) return (octets[0] & 0xfeU) == 0xfc;
  const auto ip = v4_value();
  return within(ip, {0x0a000000, 8}) || within(ip, {0xac100000, 12}) ||
         within(ip, {0xc0a80000, 16}) || within(ip, {0x64400000, 10});
}

bool IpAddress::is_global() const noexcept {
  if (is_v4()) {
    for (const auto& block : kSpecialV4)
      if (within(v4_value(), block)) return false;
    return true;
  }
  // 2000::/3 is all that is allocated; 2001:db8::/32 is documentation, 2001::/23 protocols.
  if ((octets[0] >> 5U) != 1) return false;
  const auto first = high() >> 32U;
  return first != 0x20010db8 && (first & 0xfffffe00U) != 0x20010000;
}

bool Prefix::contains(const IpAddress& ip) const noexcept {
  const auto differ = [&](std::uint64_t a, std::uint64_t b, unsigned bits) {
    return bits != 0 && ((a ^ b) >> (64U - bits)) != 0;
  };
  if (length > 128) return false;
  if (length <= 64) return !differ(base.high(), ip.high(), length);
  return base.high() == ip.high() && !differ(base.low(), ip.low(), length - 64);
}

std::string to_text(const Mac& mac) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(3 * mac.octets.size());
  for (const auto octet : mac.octets) {
    if (!text.empty()) text += ':';
    text += kDigits[octet >> 4U];
    text += kDigits[octet & 15U];
  }
  return text;
}

std::string to_text(const IpAddress& ip) {
  if (!ip.is_set()) return {};
  if (ip.is_v4()) {  // by hand, since a large plant's addresses are written millions of times
    std::string text;
    for (std::size_t i = 12; i < ip.octets.size(); ++i) {
      if (!text.empty()) text += '.';
      text += std::to_string(ip.octets[i]);
    }
    return text;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, ip.octets.data(), text.data(), text.size());
  return text.data();
}

std::string to_text(const Prefix& prefix) {
  const bool v4 = prefix.base.is_v4() && prefix.length >= kMappedBits;
  return to_text(prefix.base) + '/' +
         std::to_string(v4 ? prefix.length - kMappedBits : prefix.length);
}

std::optional<Mac> parse_mac(std::string_view text) {
  if (text.size() != 17) return std::nullopt;
  Mac mac;
  for (std::size_t i = 0; i < mac.octets.size(); ++i) {
    const auto* from = text.data() + 3 * i;
    const auto result = std::from_chars(from, from + 2, mac.octets[i], 16);
    if (result.ec != std::errc{} || result.ptr != from + 2) return std::nullopt;
    if (i < 5 && from[2] != ':' && from[2] != '-') return std::nullopt;
  }
  return mac;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  const std::string copy{text};
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, copy.c_str(), octets.data()) == 1)
    return IpAddress::of(Bytes{octets}.first(4));
  if (inet_pton(AF_INET6, copy.c_str(), octets.data()) == 1) return IpAddress::of(octets);
  return std::nullopt;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = parse_ip(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return Prefix{*base, 128};
  const auto digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (digits.empty() || result.ec != std::errc{} || result.ptr != digits.data() + digits.size())
    return std::nullopt;
  if (length > (base->is_v4() ? 32U : 128U)) return std::nullopt;
  return Prefix{*base, base->is_v4() ? length + kMappedBits : length};
}

}  // namespace sekimori
