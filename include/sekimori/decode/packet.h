#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/over.h"
#include "sekimori/capture/frame.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekimori {

/// The layer at which decoding stopped.
enum class Layer : std::uint8_t {
  none,
  link,
  wlan,
  vlan,
  llc,
  mpls,
  pppoe,
  ip,
  ip_extension,
  fragment,
  gre,
  erspan,
  vxlan,
  geneve,
  gtp,
  icmp,
  tcp,
  udp,
};

enum class StopReason : std::uint8_t {
  none,
  truncated,    ///< a header or payload needs more bytes than there are
  bad_length,   ///< a length field contradicts itself or the header it belongs to
  bad_version,  ///< a version field that the layer does not have
  too_deep,     ///< more nested headers than kMostHeaders
  unsupported,  ///< recognised, but nothing below it is read (encrypted 802.11, an odd link type)
  incomplete,   ///< a fragment whose datagram never became whole
};

/// Who set the limit that was met: a snapped capture is one thing, a lying header another.
enum class LimitedBy : std::uint8_t {
  none,
  capture,  ///< the snap length: fewer bytes captured than were on the wire
  frame,    ///< the frame itself ends here
  ip_total_length,
  ipv6_payload_length,
  udp_length,
  tcp_data_offset,
  header_field,  ///< any other length field
};

struct Stop {
  Layer layer = Layer::none;
  StopReason reason = StopReason::none;
  LimitedBy limit = LimitedBy::none;

  friend constexpr auto operator<=>(const Stop&, const Stop&) = default;
};

[[nodiscard]] std::string_view to_text(Layer layer) noexcept;
[[nodiscard]] std::string_view to_text(StopReason reason) noexcept;
[[nodiscard]] std::string_view to_text(LimitedBy limit) noexcept;

/// Where equal addresses are told apart: the stack of VLANs and tunnels that a packet came in.
/// Ids that differ by direction (MPLS labels, GTP TEIDs, outer addresses) are not part of it.
/// A priority tag (VLAN id 0) is no VLAN. What only the air told (802.11's own frames, and what is
/// encrypted there) is a segment of its own: nothing tells which wire it leads to.
class Segment {
 public:
  enum class Kind : std::uint8_t { vlan = 1, pppoe, gre_key, erspan, vxlan, geneve, tunnel, radio };
  static constexpr std::size_t kMost = 6;  ///< deeper tags only count towards the key

  constexpr void push(Kind kind, std::uint32_t id) noexcept {
    const auto tag = (std::uint64_t{static_cast<std::uint8_t>(kind)} << 32U) | id;
    key_ = mix(key_, tag);
    if (size_ < kMost) tags_[size_++] = tag;
  }

  /// Zero for the untagged segment; equal keys mean equal stacks.
  [[nodiscard]] constexpr std::uint64_t key() const noexcept { return key_; }
  /// `` for untagged, else such as `vlan 10`, `vlan 100.7`, `vlan 5/vxlan 4096`.
  [[nodiscard]] std::string text() const;

 private:
  std::array<std::uint64_t, kMost> tags_{};
  std::uint64_t key_ = 0;
  std::uint8_t size_ = 0;
};

/// Where a packet stands to a tunnel that joins two networks: GRE of IP or PPP, IP in IP. What a
/// mirror port or a virtual switch wraps frames in is none.
enum class Tunnel : std::uint8_t { none, inside, outside };

/// A frame decoded as far as it goes; views into the frame's own bytes. Where headers nest
/// (tunnels), the fields are the innermost ones and `segment` remembers what was unwrapped.
struct Packet {
  const Frame* frame = nullptr;
  Stop stop;                     ///< reason none: decoded to the end
  Over over = Over::nothing;     ///< what carries `payload`
  bool has_mac = false;          ///< innermost Ethernet or 802.11; never for IP in IP, GRE or GTP
  std::uint8_t ip_version = 0;   ///< 4, 6, or 0 for no IP
  std::uint8_t ttl = 0;          ///< or hop limit
  std::uint8_t ip_protocol = 0;  ///< after the IPv6 extension headers
  std::uint8_t tcp_flags = 0;    ///< FIN 1, SYN 2, RST 4, PSH 8, ACK 16 (RFC 9293, 3.1)
  bool fragment = false;  ///< part of a datagram: `payload` is IP payload at `fragment_offset`
  bool more_fragments = false;
  Tunnel tunnel = Tunnel::none;
  std::uint16_t fragment_offset = 0;  ///< bytes
  std::uint32_t ip_id = 0;            ///< IPv4, of the IPv6 fragment header, or 802.11's sequence
  std::uint64_t number = 0;           ///< EtherType, DSAP, IP protocol ..., as `over` says
  Mac source_mac;
  Mac destination_mac;
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t checksum = 0;  ///< of TCP or UDP, as sent
  std::uint16_t tcp_window = 0;
  std::uint32_t tcp_sequence = 0;
  std::uint32_t tcp_acknowledgment = 0;
  Bytes payload;                     ///< what `over` carries, as captured
  std::uint32_t payload_length = 0;  ///< as the headers say it was on the wire, >= payload.size()
  std::uint16_t pair = 0;            ///< hash of the outermost unordered address pair: the shard
  std::uint16_t tunnel_pair = 0;     ///< the same where a tunnel's ends are that pair, else 0
  Segment segment;
};

inline constexpr std::uint8_t kTcpFin = 0x01;
inline constexpr std::uint8_t kTcpSyn = 0x02;
inline constexpr std::uint8_t kTcpRst = 0x04;
inline constexpr std::uint8_t kTcpAck = 0x10;

/// Headers (tags, tunnels, extension headers) that one frame may nest before decoding stops.
inline constexpr int kMostHeaders = 32;

/// Decodes a frame in place. Never fails: a packet that cannot be read to its end carries `stop`
/// and every field up to there. An IP fragment (but a whole one, RFC 6946) stops at the IP header
/// with `fragment` set and stop.reason none.
[[nodiscard]] Packet decode(const Frame& frame) noexcept;

/// The packet around the first tunnel of a packet that is inside one: Tunnel::outside.
[[nodiscard]] Packet decode_tunnel(const Frame& frame) noexcept;

/// Goes on after reassembly: `datagram` is the whole IP payload of the datagram that `packet`, its
/// last fragment to arrive, belongs to, and must outlive the result.
[[nodiscard]] Packet decode_reassembled(const Packet& packet, Bytes datagram) noexcept;

/// The same, around the first tunnel.
[[nodiscard]] Packet decode_reassembled_tunnel(const Packet& packet, Bytes datagram) noexcept;

}  // namespace sekimori
