#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/hash.h"

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sekimori {

/// An EUI-48 address.
struct Mac {
  std::array<std::uint8_t, 6> octets{};

  /// The first six bytes of `bytes`; zero where there are fewer.
  static constexpr Mac of(Bytes bytes) noexcept {
    Mac mac;
    if (bytes.size() < mac.octets.size()) return mac;
    for (std::size_t i = 0; i < mac.octets.size(); ++i) mac.octets[i] = bytes[i];
    return mac;
  }

  /// The group bit (IEEE 802, 8.2.2): multicast or broadcast.
  [[nodiscard]] constexpr bool is_group() const noexcept { return (octets[0] & 1U) != 0; }
  /// The U/L bit: not assigned by a maker, so without a vendor.
  [[nodiscard]] constexpr bool is_local() const noexcept { return (octets[0] & 2U) != 0; }
  [[nodiscard]] constexpr bool is_set() const noexcept { return *this != Mac{}; }
  /// The octets as one number, the first one highest.
  [[nodiscard]] constexpr std::uint64_t word() const noexcept {
    if (!std::is_constant_evaluated() && std::endian::native == std::endian::little) {
      std::uint32_t high = 0;
      std::uint16_t low = 0;
      std::memcpy(&high, octets.data(), sizeof high);
      std::memcpy(&low, octets.data() + sizeof high, sizeof low);
      return (std::uint64_t{__builtin_bswap32(high)} << 16U) | __builtin_bswap16(low);
    }
    std::uint64_t value = 0;
    for (const auto octet : octets) value = (value << 8U) | octet;
    return value;
  }

  friend constexpr bool operator==(const Mac& a, const Mac& b) noexcept {
    return a.word() == b.word();
  }
  friend constexpr auto operator<=>(const Mac& a, const Mac& b) noexcept {
    return a.word() <=> b.word();
  }
};

/// An IPv4 or IPv6 address; IPv4 is kept in the mapped form of RFC 4291, 2.5.5.2, which never
/// appears on the wire. All zero: no address.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};

  static constexpr IpAddress v4(std::uint32_t value) noexcept {
    IpAddress ip;
    ip.set_low((std::uint64_t{0xffff} << 32U) | value);
    return ip;
  }
  /// An address of four or sixteen bytes; no address for any other size.
  static constexpr IpAddress of(Bytes bytes) noexcept {
    IpAddress ip;
    if (bytes.size() == 4) {
      ip.octets[10] = ip.octets[11] = 0xff;
      for (std::size_t i = 0; i < 4; ++i) ip.octets[12 + i] = bytes[i];
    } else if (bytes.size() == ip.octets.size()) {
      for (std::size_t i = 0; i < ip.octets.size(); ++i) ip.octets[i] = bytes[i];
    }
    return ip;
  }

  /// The last eight octets at one stroke: a processor stalls where it reads a word back that was
  /// written in pieces.
  constexpr void set_low(std::uint64_t value) noexcept {
    if (!std::is_constant_evaluated() && std::endian::native == std::endian::little) {
      value = __builtin_bswap64(value);
      std::memcpy(octets.data() + 8, &value, sizeof value);
      return;
    }
    for (unsigned i = 0; i < 8; ++i)
      octets[8 + i] = static_cast<std::uint8_t>(value >> (56U - 8U * i));
  }

  [[nodiscard]] constexpr std::uint64_t high() const noexcept { return half(0); }
  [[nodiscard]] constexpr std::uint64_t low() const noexcept { return half(8); }
  [[nodiscard]] constexpr bool is_set() const noexcept { return *this != IpAddress{}; }
  [[nodiscard]] constexpr bool is_v4() const noexcept {
    return high() == 0 && (low() >> 32U) == 0xffffU;
  }
  /// The IPv4 address as a number; zero for IPv6.
  [[nodiscard]] constexpr std::uint32_t v4_value() const noexcept {
    return is_v4() ? static_cast<std::uint32_t>(low()) : 0;
  }

  /// 224.0.0.0/4, ff00::/8 (RFC 5771, RFC 4291).
  [[nodiscard]] bool is_multicast() const noexcept;
  /// 255.255.255.255; a directed broadcast cannot be told without the mask.
  [[nodiscard]] bool is_broadcast() const noexcept;
  /// 127.0.0.0/8, ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// 0.0.0.0, ::.
  [[nodiscard]] bool is_unspecified() const noexcept;
  /// 169.254.0.0/16, fe80::/10.
  [[nodiscard]] bool is_link_local() const noexcept;
  /// RFC 1918, RFC 4193 (fc00::/7), and RFC 6598 shared space.
  [[nodiscard]] bool is_private() const noexcept;
  /// Routable on the Internet: unicast and in no special-purpose block of RFC 6890.
  [[nodiscard]] bool is_global() const noexcept;

  friend constexpr bool operator==(const IpAddress& a, const IpAddress& b) noexcept {
    return a.low() == b.low() && a.high() == b.high();
  }
  friend constexpr std::strong_ordering operator<=>(const IpAddress& a,
                                                    const IpAddress& b) noexcept {
    const auto high = a.high() <=> b.high();
    return high != 0 ? high : a.low() <=> b.low();
  }

 private:
  [[nodiscard]] constexpr std::uint64_t half(std::size_t from) const noexcept {
    if (!std::is_constant_evaluated() && std::endian::native == std::endian::little) {
      std::uint64_t value = 0;
      std::memcpy(&value, octets.data() + from, sizeof value);
      return __builtin_bswap64(value);
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | octets[from + i];
    return value;
  }
};

/// An address block in CIDR notation.
struct Prefix {
  IpAddress base;
  unsigned length = 128;  ///< bits of the sixteen-byte form: an IPv4 /24 is 120

  [[nodiscard]] bool contains(const IpAddress& ip) const noexcept;
  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
};

[[nodiscard]] std::string to_text(const Mac& mac);       ///< `00:1b:1b:01:02:03`
[[nodiscard]] std::string to_text(const IpAddress& ip);  ///< RFC 5952 for IPv6; "" for no address
[[nodiscard]] std::string to_text(const Prefix& prefix);
[[nodiscard]] std::optional<Mac> parse_mac(std::string_view text);  ///< `:` or `-` between octets
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);
/// `10.0.0.0/8`, `fd00::/8`; an address alone is a block of one.
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

[[nodiscard]] constexpr std::uint64_t hash_of(const Mac& mac, std::uint64_t seed = 1) noexcept {
  return mix(seed, mac.word());
}
[[nodiscard]] constexpr std::uint64_t hash_of(const IpAddress& ip,
                                              std::uint64_t seed = 2) noexcept {
  return mix(mix(seed, ip.high()), ip.low());
}

}  // namespace sekimori
