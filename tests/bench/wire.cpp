#include "wire.h"

#include <stdexcept>

namespace sekimori::bench {
namespace {

constexpr std::size_t kIp = 20;
constexpr std::size_t kShortestFrame = 60;  // Ethernet's, without the frame check sequence
constexpr unsigned kTcp = 6;
constexpr unsigned kUdp = 17;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;
constexpr std::uint8_t kPushAck = 0x18;
constexpr std::size_t kBuffer = std::size_t{1} << 20U;
constexpr std::uint32_t kNetwork = 10;  // every station is in 10.0.0.0/8
constexpr std::uint64_t kFirstSecond = 1'600'000'000;
constexpr std::uint64_t kMicrosApart = 20;

void add(Bytes& out, const Bytes& more) {
  out.insert(out.end(), more.begin(), more.end());
}

unsigned folded_sum(const std::uint8_t* bytes, std::size_t size, std::uint32_t sum) {
  for (std::size_t i = 0; i + 1 < size; i += 2)
    sum += (static_cast<unsigned>(bytes[i]) << 8U) | bytes[i + 1];
  if (size % 2 != 0) sum += static_cast<unsigned>(bytes[size - 1]) << 8U;
  while ((sum >> 16U) != 0) sum = (sum & 0xffffU) + (sum >> 16U);
  return sum;
}

void mac(Bytes& out, std::uint32_t ip) {
  be16(out, 0x001b);  // an assigned prefix with the address behind it
  be32(out, 0x1b000000U | (ip & 0xffffffU));
}

}  // namespace

void be16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}
void be32(Bytes& out, std::uint32_t value) {
  be16(out, value >> 16U);
  be16(out, value & 0xffffU);
}
void le16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
}
void le32(Bytes& out, std::uint32_t value) {
  le16(out, value & 0xffffU);
  le16(out, value >> 16U);
}

Wire::Wire(const std::string& file)
    : out_(file, std::ios::binary),
      is_pcapng_(file.ends_with(".pcapng")),
      by_ip_(std::size_t{1} << 24U) {
  Bytes header;
  if (is_pcapng_) {
    for (const std::uint32_t value : {0x0a0d0d0aU, 28U, 0x1a2b3c4dU}) le32(header, value);
    le16(header, 1);
    le16(header, 0);
    for (const std::uint32_t value : {~0U, ~0U, 28U}) le32(header, value);  // length not told
    for (const std::uint32_t value : {1U, 20U, 1U, 262144U, 20U}) le32(header, value);
  } else {
    le32(header, 0xa1b2c3d4);
    le16(header, 2);
    le16(header, 4);
    for (const std::uint32_t value : {0U, 0U, 262144U, 1U}) le32(header, value);
  }
  put(header);
}

std::uint32_t Wire::host(std::uint32_t ip) {
  if (ip >> 24U != kNetwork) throw std::invalid_argument("a station outside of 10.0.0.0/8");
  auto& place = by_ip_[ip & 0xffffffU];
  if (place == 0) {
    hosts_.push_back({ip});
    place = static_cast<std::uint32_t>(hosts_.size());
  }
  return place - 1;
}

void Wire::shake_hands(Connection& on) {
  segment(on, true, {}, kSyn);
  segment(on, false, {}, kSyn | kAck);
  ++on.client_sequence;
  ++on.server_sequence;
  segment(on, true, {}, kAck);
}

void Wire::exchange(Connection& on, const Bytes& ask, const Bytes& answer) {
  segment(on, true, ask, kPushAck);
  segment(on, false, answer, kPushAck);
  ++on.transaction;
}

void Wire::segment(Connection& on, bool from_client, const Bytes& payload, std::uint8_t flags) {
  auto& tcp = transport_;
  tcp.clear();
  be16(tcp, from_client ? on.client_port : on.server_port);
  be16(tcp, from_client ? on.server_port : on.client_port);
  be32(tcp, from_client ? on.client_sequence : on.server_sequence);
  be32(tcp, from_client ? on.server_sequence : on.client_sequence);
  tcp.push_back(0x50);
  tcp.push_back(flags);
  be16(tcp, 8192);
  be32(tcp, 0);
  add(tcp, payload);
  (from_client ? on.client_sequence : on.server_sequence) +=
      static_cast<std::uint32_t>(payload.size());
  packet(from_client ? on.client : on.server, from_client ? on.server : on.client, kTcp, tcp, 16);
}

void Wire::datagram(std::uint32_t from, std::uint32_t to, unsigned source, unsigned destination,
                    const Bytes& payload) {
  auto& udp = transport_;
  udp.clear();
  be16(udp, source);
  be16(udp, destination);
  be16(udp, static_cast<unsigned>(payload.size() + 8));
  be16(udp, 0);
  add(udp, payload);
  packet(from, to, kUdp, udp, 6);
}

void Wire::packet(std::uint32_t from, std::uint32_t to, unsigned protocol, Bytes& transport,
                  std::size_t checksum_at) {
  auto& ip = ip_;
  ip = {0x45, 0x00};
  be16(ip, static_cast<unsigned>(kIp + transport.size()));
  be16(ip, hosts_[from].ip_id++);
  be16(ip, 0x4000);
  ip.push_back(64);
  ip.push_back(static_cast<std::uint8_t>(protocol));
  be16(ip, 0);
  be32(ip, hosts_[from].ip);
  be32(ip, hosts_[to].ip);
  const auto sum = ~folded_sum(ip.data(), ip.size(), 0) & 0xffffU;
  ip[10] = static_cast<std::uint8_t>(sum >> 8U);
  ip[11] = static_cast<std::uint8_t>(sum);
  const auto pseudo =
      folded_sum(ip.data() + 12, 8, protocol + static_cast<unsigned>(transport.size()));
  const auto check = ~folded_sum(transport.data(), transport.size(), pseudo) & 0xffffU;
  transport[checksum_at] = static_cast<std::uint8_t>(check >> 8U);
  transport[checksum_at + 1] = static_cast<std::uint8_t>(check);
  auto& frame = frame_;
  frame.clear();
  mac(frame, hosts_[to].ip);
  mac(frame, hosts_[from].ip);
  be16(frame, 0x0800);
  add(frame, ip);
  add(frame, transport);
  while (frame.size() < kShortestFrame) frame.push_back(0);
  record(frame);
}

void Wire::record(const Bytes& frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  const auto micros = written_ * kMicrosApart;
  auto& head = record_;
  head.clear();
  if (is_pcapng_) {
    const auto time = kFirstSecond * 1'000'000 + micros;
    const auto padded = (size + 3U) & ~3U;
    for (const std::uint32_t value : {6U, padded + 32U, 0U, static_cast<std::uint32_t>(time >> 32U),
                                      static_cast<std::uint32_t>(time), size, size})
      le32(head, value);
    put(head);
    put(frame);
    head.assign(padded - size, 0);
    le32(head, padded + 32U);
    put(head);
  } else {
    le32(head, static_cast<std::uint32_t>(kFirstSecond + micros / 1'000'000));
    le32(head, static_cast<std::uint32_t>(micros % 1'000'000));
    le32(head, size);
    le32(head, size);
    put(head);
    put(frame);
  }
  ++written_;
}

void Wire::put(const Bytes& bytes) {
  add(buffer_, bytes);
  if (buffer_.size() > kBuffer) flush();
}

void Wire::flush() {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes to a stream of chars.
  out_.write(reinterpret_cast<const char*>(buffer_.data()),
             static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

bool Wire::close() {
  flush();
  out_.close();
  return !out_.fail();
}

}  // namespace sekimori::bench
