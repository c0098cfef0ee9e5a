#include "scene.h"

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"

#include <algorithm>
#include <cmath>

namespace sekimori::captures {
namespace {

// 2026-04-06T00:00:00Z, a Monday: no clock goes into a capture.
constexpr std::int64_t kBegin = 1775433600LL * 1'000'000'000;
constexpr std::int64_t kStep = 1'000'000;       // ns between two packets of a talk
constexpr std::int64_t kRouterDelay = 120'000;  // ns
constexpr int kFarHops = 14;                    // from a station outside
constexpr std::size_t kQuoted = 28;             // of a packet, in ICMP: header and eight bytes

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  throw Error("not hex: " + std::string{letter});
}

}  // namespace

Payload hex(std::string_view text) {
  Payload bytes;
  int high = -1;
  for (const char letter : text) {
    if (letter == ' ' || letter == '/') continue;
    if (high < 0) {
      high = digit(letter);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit(letter)));
      high = -1;
    }
  }
  if (high >= 0) throw Error("half a byte: " + std::string{text});
  return bytes;
}

Payload text(std::string_view text) {
  return {text.begin(), text.end()};
}

Payload operator+(Payload left, const Payload& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Scene::Scene() : now_(kBegin) {}

Station& Scene::station(const std::string& mac, const std::string& ip, unsigned vlan) {
  auto& made = stations_.emplace_back();
  made.mac = mac;
  made.ip = ip;
  made.vlan = vlan;
  return made;
}

void Scene::put(unsigned vlan, const std::string& from_mac, const std::string& to_mac,
                const Tins::PDU& inner, std::int64_t delay) {
  Tins::EthernetII frame{to_mac, from_mac};
  if (vlan != 0) {
    Tins::Dot1Q tag{static_cast<std::uint16_t>(vlan)};
    tag.inner_pdu(inner.clone());
    frame.inner_pdu(tag);
  } else {
    frame.inner_pdu(inner);
  }
  auto bytes = frame.serialize();
  if (bytes.size() < 60) bytes.resize(60);  // Ethernet's least, less the checksum
  seen_.push_back({now_ + delay, std::move(bytes)});
}

void Scene::wait(double seconds) {
  // To the microsecond, so that no machine's last bit of a product shows.
  now_ += std::llround(seconds * 1e6) * 1000;
}

void Scene::go_to(double seconds) {
  now_ = kBegin;
  wait(seconds);
}

std::uint32_t Scene::second() const {
  return static_cast<std::uint32_t>((now_ - kBegin) / 1'000'000'000);
}

void Scene::send(Station& from, const Station& to, Tins::PDU& transport, Fate fate) {
  Tins::IP ip{to.ip, from.ip};
  ip.id(from.next_id++);
  ip.ttl(from.ttl);
  ip.inner_pdu(transport);
  if (from.vlan == to.vlan) {
    put(from.vlan, from.mac, to.mac, ip, 0);
  } else {
    const std::string router{kRouterMac};
    if (from.vlan != Station::kOutside) put(from.vlan, from.mac, router, ip, 0);
    ip.ttl(static_cast<std::uint8_t>(from.ttl - (from.vlan == Station::kOutside ? kFarHops : 1)));
    if (to.vlan != Station::kOutside && fate == Fate::delivered)
      put(to.vlan, router, to.mac, ip, kRouterDelay);
  }
  now_ += kStep;
}

Session Scene::connect(Station& client, Station& server, std::uint16_t port) {
  Session session{*this, client, server, client.next_port++, port};
  session.segment(true, Tins::TCP::SYN);
  session.segment(false, Tins::TCP::SYN | Tins::TCP::ACK);
  session.segment(true, Tins::TCP::ACK);
  return session;
}

void Scene::attempt(Station& client, Station& server, std::uint16_t port, Fate fate, int times) {
  Session session{*this, client, server, client.next_port++, port};
  double pause = 1;
  for (int i = 0; i < times; ++i) {
    if (i > 0) wait(pause);
    pause *= i > 0 ? 2 : 1;
    session.client_sequence_ = 1000U * session.client_port_;
    session.segment(true, Tins::TCP::SYN, {}, fate);
  }
}

void Scene::forbid(Station& client, Station& server, std::uint16_t port, Station& router) {
  const auto source = client.next_port;
  Tins::IP quoted{server.ip, client.ip};
  quoted.id(client.next_id);
  quoted.ttl(client.ttl);
  attempt(client, server, port, Fate::dropped);
  Tins::TCP syn{port, source};
  syn.flags(Tins::TCP::SYN);
  syn.seq(1000U * source);
  quoted.inner_pdu(syn);
  // RFC 792: the header and the first eight bytes behind it.
  auto bytes = quoted.serialize();
  bytes.resize(std::min(bytes.size(), kQuoted));
  Tins::ICMP icmp{Tins::ICMP::DEST_UNREACHABLE};
  icmp.code(13);  // RFC 1812, 5.2.7.1: communication administratively prohibited
  icmp.inner_pdu(Tins::RawPDU{bytes});
  send(router, client, icmp);
}

void Scene::refuse(Station& client, Station& server, std::uint16_t port) {
  Session session{*this, client, server, client.next_port++, port};
  session.segment(true, Tins::TCP::SYN);
  session.segment(false, Tins::TCP::RST | Tins::TCP::ACK);
}

void Scene::datagram(Station& from, Station& to, std::uint16_t source, std::uint16_t destination,
                     const Payload& payload) {
  Tins::UDP udp{destination, source};
  udp.inner_pdu(Tins::RawPDU{payload});
  send(from, to, udp);
}

void Scene::datagram(Station& from, const std::string& ip, const std::string& mac,
                     std::uint16_t source, std::uint16_t destination, const Payload& payload) {
  Station group;
  group.ip = ip;
  group.mac = mac;
  group.vlan = from.vlan;
  datagram(from, group, source, destination, payload);
}

void Scene::drop_datagram(Station& from, Station& to, std::uint16_t source,
                          std::uint16_t destination, const Payload& payload) {
  Tins::UDP udp{destination, source};
  udp.inner_pdu(Tins::RawPDU{payload});
  send(from, to, udp, Fate::dropped);
}

void Scene::resolve(Station& asks, Station& answers) {
  Tins::ARP question{answers.ip, asks.ip, "00:00:00:00:00:00", asks.mac};
  question.opcode(Tins::ARP::REQUEST);
  put(asks.vlan, asks.mac, "ff:ff:ff:ff:ff:ff", question, 0);
  now_ += kStep;
  Tins::ARP reply{asks.ip, answers.ip, asks.mac, answers.mac};
  reply.opcode(Tins::ARP::REPLY);
  put(answers.vlan, answers.mac, asks.mac, reply, 0);
  now_ += kStep;
}

void Scene::announce(Station& station) {
  Tins::ARP claim{station.ip, station.ip, "00:00:00:00:00:00", station.mac};
  claim.opcode(Tins::ARP::REQUEST);
  put(station.vlan, station.mac, "ff:ff:ff:ff:ff:ff", claim, 0);
  now_ += kStep;
}

void Scene::ping(Station& from, Station& to) {
  Tins::ICMP ask{Tins::ICMP::ECHO_REQUEST};
  ask.id(7);
  ask.sequence(1);
  ask.inner_pdu(Tins::RawPDU{"abcdefgh"});
  send(from, to, ask);
  Tins::ICMP reply{Tins::ICMP::ECHO_REPLY};
  reply.id(7);
  reply.sequence(1);
  reply.inner_pdu(Tins::RawPDU{"abcdefgh"});
  send(to, from, reply);
}

void Scene::ethernet(Station& from, const std::string& to_mac, std::uint16_t type,
                     const Payload& payload) {
  Tins::EthernetII frame{to_mac, from.mac};
  Payload body;
  if (from.vlan != 0) {
    body = {static_cast<std::uint8_t>(from.vlan >> 8U), static_cast<std::uint8_t>(from.vlan),
            static_cast<std::uint8_t>(type >> 8U), static_cast<std::uint8_t>(type)};
    frame.payload_type(0x8100);
  } else {
    frame.payload_type(type);
  }
  frame.inner_pdu(Tins::RawPDU{body + payload});
  auto bytes = frame.serialize();
  if (bytes.size() < 60) bytes.resize(60);
  seen_.push_back({now_, std::move(bytes)});
  now_ += kStep;
}

void Scene::radio(const Payload& frame) {
  // Version 0, a length of eight, and nothing present.
  seen_.push_back({now_, hex("00 00 0800 00000000") + frame, LinkType::ieee802_11_radiotap});
  now_ += kStep;
}

void Scene::see_again(double delay) {
  const auto later = std::llround(delay * 1e6) * 1000;
  for (std::size_t i = 0, count = seen_.size(); i < count; ++i)
    seen_.push_back({seen_[i].time + later, seen_[i].bytes, seen_[i].link});
}

void Scene::send_twice(unsigned other_vlan) {
  constexpr std::size_t kTagged = 18;   // header and tag, which the trailer's size leaves out
  constexpr std::size_t kVlan = 14;     // its place in the frame
  constexpr std::uint8_t kLanA = 0xa0;  // four bits, before the size's twelve
  constexpr std::uint8_t kLanB = 0xb0;
  constexpr std::int64_t kSkew = 9'000;  // ns between the twins
  for (std::size_t i = 0, count = seen_.size(); i < count; ++i) {
    auto first = seen_[i].bytes;
    const auto size = first.size() - kTagged + 6;
    const auto trailer = [&](std::uint8_t lan) {
      return Payload{static_cast<std::uint8_t>(i >> 8U),
                     static_cast<std::uint8_t>(i),
                     static_cast<std::uint8_t>(lan | size >> 8U),
                     static_cast<std::uint8_t>(size),
                     0x88,
                     0xfb};
    };
    auto twin = first + trailer(kLanB);
    twin[kVlan] = static_cast<std::uint8_t>(other_vlan >> 8U);
    twin[kVlan + 1] = static_cast<std::uint8_t>(other_vlan);
    seen_.push_back({seen_[i].time + kSkew, std::move(twin)});
    seen_[i].bytes = first + trailer(kLanA);
  }
}

void Scene::write(const std::filesystem::path& path) const {
  std::vector<const Seen*> order;
  for (const auto& seen : seen_) order.push_back(&seen);
  std::ranges::stable_sort(order, {}, [](const Seen* seen) { return seen->time; });
  std::filesystem::create_directories(path.parent_path());
  CaptureWriter writer{path};
  for (const auto* seen : order) {
    Frame frame;
    frame.bytes = seen->bytes;
    frame.wire_length = static_cast<std::uint32_t>(seen->bytes.size());
    frame.time = seen->time;
    frame.link_type = seen->link;
    writer.write(frame);
  }
  writer.finish();
}

Session::Session(Scene& scene, Station& client, Station& server, std::uint16_t client_port,
                 std::uint16_t port)
    : scene_(scene),
      client_(client),
      server_(server),
      client_port_(client_port),
      port_(port),
      client_sequence_(1000U * client_port),
      server_sequence_(7000U * port + client_port) {}

void Session::segment(bool from_client, std::uint16_t flags, const Payload& payload,
                      Scene::Fate fate) {
  auto& own = from_client ? client_sequence_ : server_sequence_;
  Tins::TCP tcp{from_client ? port_ : client_port_, from_client ? client_port_ : port_};
  tcp.flags(flags);
  tcp.seq(own);
  if ((flags & Tins::TCP::ACK) != 0) tcp.ack_seq(from_client ? server_sequence_ : client_sequence_);
  tcp.window(8192);
  if (!payload.empty()) tcp.inner_pdu(Tins::RawPDU{payload});
  own += static_cast<std::uint32_t>(payload.size());
  if ((flags & (Tins::TCP::SYN | Tins::TCP::FIN)) != 0) ++own;
  scene_.send(from_client ? client_ : server_, from_client ? server_ : client_, tcp, fate);
}

Session& Session::say(const Payload& payload) {
  segment(true, Tins::TCP::PSH | Tins::TCP::ACK, payload);
  return *this;
}

Session& Session::answer(const Payload& payload) {
  segment(false, Tins::TCP::PSH | Tins::TCP::ACK, payload);
  return *this;
}

Session& Session::keep_alive() {
  --client_sequence_;
  segment(true, Tins::TCP::ACK);
  ++client_sequence_;
  return *this;
}

Session& Session::close() {
  segment(true, Tins::TCP::FIN | Tins::TCP::ACK);
  segment(false, Tins::TCP::FIN | Tins::TCP::ACK);
  segment(true, Tins::TCP::ACK);
  return *this;
}

Session& Session::reset() {
  segment(true, Tins::TCP::RST | Tins::TCP::ACK);
  return *this;
}

}  // namespace sekimori::captures
