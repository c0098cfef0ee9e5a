#include "talk.h"

#include "sekimori/bytes/byte_cursor.h"

#include <tins/tins.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace sekimori::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kMostFrames = 512;
constexpr std::size_t kMostPieces = 40;
constexpr std::size_t kPiece = 8;  // a fragment's offset counts eight bytes

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;

Octets operator+(Octets left, const Octets& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Octets be16(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

Octets slice(const Octets& bytes, std::size_t at, std::size_t size) {
  const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  return {from, from + static_cast<std::ptrdiff_t>(size)};
}

/// libtins writes the protocol of the layers that it knows; this is of any other.
Octets with_protocol(Octets packet, std::uint8_t protocol) {
  if (packet[0] >> 4U == 6) {
    packet[6] = protocol;
    return packet;
  }
  packet[9] = protocol;
  packet[10] = packet[11] = 0;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += (std::uint32_t{packet[i]} << 8U) | packet[i + 1];
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  packet[10] = static_cast<std::uint8_t>(~sum >> 8U);
  packet[11] = static_cast<std::uint8_t>(~sum);
  return packet;
}

Octets ethernet(bool to_server, std::size_t type, const Octets& payload) {
  const Octets client{2, 0, 0, 0, 0, 1};
  const Octets server{2, 0, 0, 0, 0, 2};
  return (to_server ? server + client : client + server) + be16(type) + payload;
}

/// Between a tunnel's ends.
Tins::IP outer(bool to_server) {
  return to_server ? Tins::IP{"192.0.2.2", "192.0.2.1"} : Tins::IP{"192.0.2.1", "192.0.2.2"};
}

Octets over_ip(bool to_server, std::uint8_t protocol, const Octets& payload) {
  auto packet = outer(to_server) / Tins::RawPDU{payload};
  return ethernet(to_server, kIpv4, with_protocol(packet.serialize(), protocol));
}

Octets over_udp(bool to_server, std::uint16_t port, const Octets& payload) {
  auto packet = outer(to_server) / Tins::UDP{port, 49152} / Tins::RawPDU{payload};
  return ethernet(to_server, kIpv4, packet.serialize());
}

/// An IP packet in what carries it on this wire.
TalkFrame wrap(unsigned how, bool to_server, const Octets& ip) {
  constexpr std::uint8_t kGre = 47;
  const std::size_t type = ip[0] >> 4U == 6 ? kIpv6 : kIpv4;
  const auto plain = [&] { return ethernet(to_server, type, ip); };
  const Octets cooked_address{2, 0, 0, 0, 0, static_cast<std::uint8_t>(to_server ? 1 : 2), 0, 0};
  switch (how) {
    case 1:
      return {ethernet(to_server, 0x8100, be16(30) + be16(type) + ip)};
    case 2:
      return {ethernet(to_server, 0x88a8,
                       be16(100) + be16(0x8100) + be16(0xe000 + 7) + be16(type) + ip)};
    case 3:
      return {ethernet(to_server, 0x8847, Octets{0, 1, 0, 64, 0, 2, 1, 64} + ip)};
    case 4:
      return {ethernet(
          to_server, 0x8864,
          Octets{0x11, 0, 0, 9} + be16(ip.size() + 2) + be16(type == kIpv6 ? 0x57 : 0x21) + ip)};
    case 5:
      return {over_ip(to_server, kGre, be16(0) + be16(type) + ip)};
    case 6:
      return {over_ip(to_server, kGre, be16(0x2000) + be16(0x6558) + be16(0) + be16(5) + plain())};
    case 7:
      return {over_ip(to_server, kGre,
                      be16(0x1000) + be16(0x88be) + Octets{0, 0, 0, 1} +
                          Octets{0x10, 30, 0, 7, 0, 0, 0, 0} + plain())};
    case 8:
      return {over_udp(to_server, 4789, Octets{8, 0, 0, 0, 0, 0, 42, 0} + plain())};
    case 9:
      return {
          over_udp(to_server, 6081, Octets{1, 0, 0x65, 0x58, 0, 0, 42, 0, 0, 0, 0, 0} + plain())};
    case 10:
      return {
          over_udp(to_server, 2152, Octets{0x30, 255} + be16(ip.size()) + Octets{0, 0, 0, 1} + ip)};
    case 11:
      return {over_ip(to_server, type == kIpv6 ? 41 : 4, ip)};
    case 12:
      return {be16(0) + be16(1) + be16(6) + cooked_address + be16(type) + ip, LinkType::linux_sll};
    case 13:
      return {be16(type) + be16(0) + Octets{0, 0, 0, 2, 0, 1, 0, 6} + cooked_address + ip,
              LinkType::linux_sll2};
    case 14: {
      // Data to the network behind an access point, behind an empty radiotap header.
      const auto head = ethernet(to_server, 0, {});
      return {Octets{0, 0, 8, 0, 0, 0, 0, 0, 0x08, 0x01, 0, 0, 2, 0, 0, 0, 0, 9} +
                  slice(head, 6, 6) + slice(head, 0, 6) + Octets{0, 0, 0xaa, 0xaa, 3, 0, 0, 0} +
                  be16(type) + ip,
              LinkType::ieee802_11_radiotap};
    }
    case 15:
      return {ip, LinkType::raw_ip};
    default:
      return {plain()};
  }
}

/// One saying after another, to frames.
class Player {
 public:
  explicit Player(Bytes input) : input_(input) {
    const unsigned how = input_.u8();
    wrap_ = how & 15U;
    over_ = static_cast<TalkOver>((how & kTalkOver) >> 4U);
    six_ = (how & 0x40U) != 0;
    number_ = input_.be16();
    if ((how & 0x80U) != 0 || over_ != TalkOver::tcp) return;
    segment(0, Tins::TCP::SYN, {});
    ++next_[0][0];
    segment(1, Tins::TCP::SYN | Tins::TCP::ACK, {});
    ++next_[0][1];
    segment(0, Tins::TCP::ACK, {});
  }

  std::vector<TalkFrame> run() {
    while (!input_.empty() && frames_.size() < kMostFrames) say();
    flow_ = 0;
    if (over_ == TalkOver::tcp)
      for (const unsigned sender : {0U, 1U}) segment(sender, Tins::TCP::FIN | Tins::TCP::ACK, {});
    return std::move(frames_);
  }

 private:
  void say() {
    const unsigned flags = input_.u8();
    const auto bytes = input_.take(std::min<std::size_t>(input_.le16(), input_.remaining()));
    const Octets said{bytes.begin(), bytes.end()};
    const unsigned sender = flags & kFromServer;
    flow_ = (flags & kOtherFlow) != 0 ? 1 : 0;
    now_ += (flags & kLater) != 0 ? 3'000'000'000 : 0;
    const auto first = frames_.size();
    switch (over_) {
      case TalkOver::tcp:
        for (const auto& piece : pieces(said, flags & kCut, 1))
          segment(sender, Tins::TCP::ACK | Tins::TCP::PSH, piece);
        break;
      case TalkOver::udp: {
        const auto udp = Tins::UDP{port(1 - sender), port(sender)} / Tins::RawPDU{said};
        datagram(sender, kUdp, packet(sender, kUdp, udp), flags & kCut);
        break;
      }
      case TalkOver::ip: {
        const auto protocol = static_cast<std::uint8_t>(number_);
        datagram(sender, protocol, packet(sender, protocol, Tins::RawPDU{said}), flags & kCut);
        break;
      }
      case TalkOver::ethernet:
        // IEEE 802.3, 3.2.6: below 0x600 stands a length, and LLC follows.
        put({ethernet(sender == 0, number_ < 0x600 ? said.size() : number_, said)});
        break;
    }
    spoil(flags, first);
  }

  [[nodiscard]] std::uint16_t port(unsigned end) const {
    return end == 0 ? static_cast<std::uint16_t>(50000 + flow_) : number_;
  }

  /// What is said, cut; but for the last, in pieces of whole units.
  static std::vector<Octets> pieces(const Octets& said, unsigned cut, std::size_t unit) {
    std::size_t size = said.size();
    std::size_t most = 1;
    if (cut == 2) size = (said.size() / 2 + kPiece) / kPiece * kPiece, most = 2;
    if (cut == 4) size = kPiece, most = kMostPieces;
    if (cut == 6) size = unit, most = 6;
    std::vector<Octets> made;
    std::size_t at = 0;
    while (made.size() + 1 < most && at + size < said.size()) {
      made.push_back(slice(said, at, size));
      at += size;
    }
    made.push_back(slice(said, at, said.size() - at));
    return made;
  }

  /// What the network and the mirror do to the frames of one saying.
  void spoil(unsigned flags, std::size_t first) {
    const auto count = frames_.size() - first;
    if ((flags & kSwapped) != 0 && count > 1)
      std::swap(frames_.back().bytes, frames_[frames_.size() - 2].bytes);
    if ((flags & kRepeated) != 0 && count > 0) put(TalkFrame{frames_[first]});
    if ((flags & kLost) != 0 && count > 1)
      frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  void segment(unsigned sender, unsigned flags, const Octets& payload) {
    Tins::TCP tcp{port(1 - sender), port(sender)};
    tcp.seq(next_[flow_][sender]);
    tcp.ack_seq(next_[flow_][1 - sender]);
    tcp.flags(static_cast<std::uint16_t>(flags));
    next_[flow_][sender] += static_cast<std::uint32_t>(payload.size());
    put(wrap(wrap_, sender == 0, packet(sender, kTcp, tcp / Tins::RawPDU{payload})));
  }

  /// A datagram whole, or its fragments.
  void datagram(unsigned sender, std::uint8_t protocol, const Octets& whole, unsigned cut) {
    if (cut == 0) return put(wrap(wrap_, sender == 0, whole));
    const std::size_t head = six_ ? 40 : 20;
    const auto parts = pieces(slice(whole, head, whole.size() - head), cut, kPiece);
    const auto id = ++id_;
    std::size_t at = 0;
    for (const auto& part : parts) {
      const bool more = &part != &parts.back();
      put(wrap(wrap_, sender == 0, fragment(sender, protocol, part, at, more, id)));
      at += part.size();
    }
  }

  [[nodiscard]] Octets fragment(unsigned sender, std::uint8_t protocol, const Octets& part,
                                std::size_t at, bool more, std::uint16_t id) const {
    if (six_) {
      constexpr std::uint8_t kFragment = 44;  // RFC 8200, 4.5
      const auto header = Octets{protocol, 0} + be16(at | (more ? 1U : 0U)) + be16(0) + be16(id);
      return with_protocol((ipv6(sender) / Tins::RawPDU{header + part}).serialize(), kFragment);
    }
    auto ip = ipv4(sender);
    ip.id(id);
    ip.fragment_offset(static_cast<std::uint16_t>(at / kPiece));
    if (more) ip.flags(Tins::IP::MORE_FRAGMENTS);
    return with_protocol((ip / Tins::RawPDU{part}).serialize(), protocol);
  }

  [[nodiscard]] static Tins::IP ipv4(unsigned sender) {
    Tins::IP ip = sender == 0 ? Tins::IP{"10.0.0.2", "10.0.0.1"} : Tins::IP{"10.0.0.1", "10.0.0.2"};
    ip.ttl(64);
    return ip;
  }
  [[nodiscard]] static Tins::IPv6 ipv6(unsigned sender) {
    return sender == 0 ? Tins::IPv6{"2001:db8::2", "2001:db8::1"}
                       : Tins::IPv6{"2001:db8::1", "2001:db8::2"};
  }

  [[nodiscard]] Octets packet(unsigned sender, std::uint8_t protocol, const Tins::PDU& payload) {
    if (six_) return with_protocol((ipv6(sender) / payload).serialize(), protocol);
    auto ip = ipv4(sender);
    ip.id(++id_);
    return with_protocol((ip / payload).serialize(), protocol);
  }

  void put(TalkFrame frame) {
    now_ += 1'000'000;
    frame.time = now_;
    frames_.push_back(std::move(frame));
  }

  ByteCursor input_;
  unsigned wrap_ = 0;
  TalkOver over_ = TalkOver::tcp;
  bool six_ = false;
  std::uint16_t number_ = 0;
  std::size_t flow_ = 0;
  std::array<std::array<std::uint32_t, 2>, 2> next_{{{1000, 2000}, {3000, 0xfffffff0}}};
  std::uint16_t id_ = 0;
  std::int64_t now_ = 1'700'000'000'000'000'000;
  std::vector<TalkFrame> frames_;
};

}  // namespace

std::vector<TalkFrame> play(Bytes input) {
  return Player{input}.run();
}

}  // namespace sekimori::fuzz
