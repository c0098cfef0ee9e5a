#pragma once

#include "sekimori/bytes/hash.h"
#include "sekimori/decode/packet.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

/// The walk through a frame's headers: what every layer's file shares. A layer is a function that
/// takes the walk at its first byte and says which layer comes next.
namespace sekimori::decoding {

enum class Step : std::uint8_t {
  done,
  ethernet,
  ether_type,  ///< of `Walk::type`
  llc,
  ppp,
  mpls,
  ip,           ///< of version `Walk::type`; 0: either
  ip_protocol,  ///< of `Walk::type`
  extension,    ///< an IPv6 extension header or AH, of `Walk::type`
  ipv6_fragment,
  gre,
  tcp,
  udp,
};

// EtherTypes (IEEE Registration Authority).
inline constexpr std::uint32_t kFirstEtherType = 0x0600;  // IEEE 802.3, 3.2.6: below is a length
inline constexpr std::uint32_t kIpv4 = 0x0800;
inline constexpr std::uint32_t kArp = 0x0806;
inline constexpr std::uint32_t kBridging = 0x6558;  // RFC 1701: Transparent Ethernet Bridging
inline constexpr std::uint32_t kVlan = 0x8100;
inline constexpr std::uint32_t kIpv6 = 0x86dd;
inline constexpr std::uint32_t kGrePpp = 0x880b;
inline constexpr std::uint32_t kMpls = 0x8847;
inline constexpr std::uint32_t kMplsUpstream = 0x8848;
inline constexpr std::uint32_t kPppoeSession = 0x8864;
inline constexpr std::uint32_t kServiceVlan = 0x88a8;
inline constexpr std::uint32_t kOldVlan = 0x9100;
inline constexpr std::uint32_t kOldServiceVlan = 0x9200;

// IP protocols (IANA) that lead on to another header.
inline constexpr std::uint8_t kIpInIp = 4;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kIpv6InIp = 41;
inline constexpr std::uint8_t kGre = 47;

// Ports of the tunnels over UDP: GTP-U (3GPP TS 29.281), VXLAN (RFC 7348, Linux before it, and
// draft-ietf-nvo3-vxlan-gpe), Geneve (RFC 8926).
inline constexpr std::uint16_t kGtpUser = 2152;
inline constexpr std::uint16_t kVxlan = 4789;
inline constexpr std::uint16_t kVxlanGpe = 4790;
inline constexpr std::uint16_t kOldVxlan = 8472;
inline constexpr std::uint16_t kGeneve = 6081;

inline constexpr std::size_t kEthernetHeader = 14;
inline constexpr std::size_t kIpv4Header = 20;
inline constexpr std::size_t kIpv6Header = 40;
inline constexpr std::size_t kTcpHeader = 20;
inline constexpr std::size_t kUdpHeader = 8;

// Loads at a place that the caller has walled.
[[nodiscard]] inline std::uint16_t be16(Bytes bytes, std::size_t at) noexcept {
  std::uint16_t value = 0;
  std::memcpy(&value, bytes.subspan(at, sizeof value).data(), sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap16(value) : value;
}
[[nodiscard]] inline std::uint32_t be32(Bytes bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.subspan(at, sizeof value).data(), sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
}
[[nodiscard]] inline std::uint32_t be24(Bytes bytes, std::size_t at) noexcept {
  return (std::uint32_t{bytes[at]} << 16U) | (std::uint32_t{bytes[at + 1]} << 8U) | bytes[at + 2];
}
inline void load(Mac& mac, Bytes bytes, std::size_t at) noexcept {
  std::memcpy(mac.octets.data(), bytes.subspan(at, 6).data(), 6);
}
inline void load_ipv4(IpAddress& ip, Bytes bytes, std::size_t at) noexcept {
  ip = IpAddress::v4(be32(bytes, at));
}
inline void load_ipv6(IpAddress& ip, Bytes bytes, std::size_t at) noexcept {
  std::memcpy(ip.octets.data(), bytes.subspan(at, 16).data(), 16);
}

/// Equal both ways round: the sum of the two hashes forgets their order.
template <class Address>
[[nodiscard]] constexpr std::uint16_t pair_of(const Address& one, const Address& other) noexcept {
  return static_cast<std::uint16_t>(mix(3, hash_of(one) + hash_of(other)));
}

/// Where the walk stands.
struct Walk {
  Packet& packet;
  Bytes bytes;                            ///< captured and not yet read, inside every wall
  std::uint32_t wire = 0;                 ///< the same as the headers say it was on the wire
  LimitedBy wall = LimitedBy::frame;      ///< who set `wire`
  LimitedBy shortage = LimitedBy::frame;  ///< why `bytes` is shorter than `wire`, if it is
  std::uint32_t type = 0;                 ///< of the header that comes next, as Step says
  Layer around = Layer::link;             ///< what PPP or MPLS came in
  Layer carrier = Layer::link;            ///< of `packet.over`
  bool has_pair = false;
  bool unwrapping = false;              ///< in a tunnel, before its first inner header
  std::optional<Segment> outside = {};  ///< the segment around that tunnel
  Tunnel before = Tunnel::none;         ///< of `packet.tunnel` around it
  std::uint16_t pair_before = 0;        ///< of `packet.tunnel_pair` around it
  bool to_tunnel = false;               ///< the walk ends where a tunnel joins two networks

  /// Whether `count` bytes can be read; if not, the packet stops here.
  [[nodiscard]] bool has(std::size_t count, Layer layer) noexcept {
    if (count <= bytes.size()) return true;
    stop(shortage_of(count, layer));
    return false;
  }

  void skip(std::size_t count) noexcept {
    bytes = bytes.subspan(count);
    wire -= static_cast<std::uint32_t>(count);
  }

  /// A length field made a wall: nothing past `length` bytes belongs to this header. One that
  /// claims more than there is, is believed for `wire` (a file may have lost the true length of a
  /// cut frame), never for `bytes`.
  void limit(std::uint32_t length, LimitedBy who, Layer layer) noexcept {
    if (length > wire) {
      note(because(layer, wall));
      if (bytes.size() == wire) shortage = wall;
    } else if (length < bytes.size()) {
      bytes = bytes.first(length);
    }
    wire = length;
    wall = who;
  }

  /// The packet is at least this: `over` carries what has not been read yet.
  void carry(Over over, std::uint64_t number, Layer layer) noexcept {
    packet.over = over;
    packet.number = number;
    packet.payload = bytes;
    packet.payload_length = wire;
    carrier = layer;
  }

  /// Inside a tunnel from here on. What is pushed is taken back where no header follows.
  void enter(Segment::Kind kind, std::uint32_t id) noexcept {
    if (!unwrapping) {
      outside = packet.segment;
      before = packet.tunnel;
      pair_before = packet.tunnel_pair;
    }
    unwrapping = true;
    if (has_pair) packet.tunnel_pair = packet.pair;
    packet.segment.push(kind, id);
  }

  /// The same, of a tunnel that joins two networks; false where the walk is to end before it.
  [[nodiscard]] bool join(Segment::Kind kind, std::uint32_t id) noexcept {
    if (!to_tunnel) enter(kind, id);
    packet.tunnel = to_tunnel ? Tunnel::outside : Tunnel::inside;
    return !to_tunnel;
  }

  /// Something odd that does not end the walk; the first is kept.
  void note(const Stop& stop) noexcept {
    if (packet.stop.reason == StopReason::none) packet.stop = stop;
  }

  /// The end of the walk before the end of the packet.
  Step stop(const Stop& stop) noexcept {
    packet.stop = stop;
    if (unwrapping) {
      packet.segment = *outside;
      packet.tunnel = before;
      packet.tunnel_pair = pair_before;
    }
    return Step::done;
  }

  [[nodiscard]] Stop shortage_of(std::size_t count, Layer layer) const noexcept {
    return because(layer, count <= wire ? shortage : wall);
  }

  /// Bytes that are missing are a truncation; bytes that a length field denies are its lie.
  [[nodiscard]] static Stop because(Layer layer, LimitedBy limit) noexcept {
    const bool cut = limit == LimitedBy::capture || limit == LimitedBy::frame;
    return {layer, cut ? StopReason::truncated : StopReason::bad_length, limit};
  }
};

// link.cpp
[[nodiscard]] Step link(Walk& walk, LinkType type) noexcept;
[[nodiscard]] Step ethernet(Walk& walk) noexcept;
[[nodiscard]] Step ether_type(Walk& walk) noexcept;
[[nodiscard]] Step llc(Walk& walk) noexcept;
/// Whether an Ethernet frame may begin here; false where too little was captured to tell.
[[nodiscard]] bool looks_like_ethernet(Bytes bytes, std::uint32_t wire) noexcept;
/// The same, and of a type that nothing else resembles: IP, ARP or a tag.
[[nodiscard]] bool is_surely_ethernet(Bytes bytes, std::uint32_t wire) noexcept;

// wlan.cpp
/// A frame of 802.11, behind the header that `type` has before it.
[[nodiscard]] Step wlan(Walk& walk, LinkType type) noexcept;

// shim.cpp: what stands between link and network
[[nodiscard]] Step mpls(Walk& walk) noexcept;
[[nodiscard]] Step pppoe(Walk& walk) noexcept;
[[nodiscard]] Step ppp(Walk& walk) noexcept;

// ip.cpp
[[nodiscard]] Step ip(Walk& walk) noexcept;
[[nodiscard]] Step ip_protocol(Walk& walk) noexcept;
[[nodiscard]] Step extension(Walk& walk) noexcept;
[[nodiscard]] Step ipv6_fragment(Walk& walk) noexcept;
/// Whether an IP header that fits its surroundings begins here; false where too little was
/// captured to tell.
[[nodiscard]] bool looks_like_ip(Bytes bytes, std::uint32_t wire) noexcept;

// transport.cpp
[[nodiscard]] Step tcp(Walk& walk) noexcept;
[[nodiscard]] Step udp(Walk& walk) noexcept;

// tunnel.cpp
[[nodiscard]] Step gre(Walk& walk) noexcept;
/// What a UDP payload to or from a tunnel's port leads on to: done where it is only a payload.
[[nodiscard]] Step vxlan(Walk& walk) noexcept;
[[nodiscard]] Step vxlan_gpe(Walk& walk) noexcept;
[[nodiscard]] Step geneve(Walk& walk) noexcept;
[[nodiscard]] Step gtp_user(Walk& walk) noexcept;

}  // namespace sekimori::decoding
