// Writes the benchmark's capture: small packets of a control network, the same bytes every time.
// 90 % Modbus/TCP of 4 masters to 250 controllers; 10 % S7, EtherNet/IP, DNP3 and office traffic.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

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

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIp = 20;
constexpr unsigned kTcp = 6;
constexpr unsigned kUdp = 17;
constexpr std::uint8_t kPushAck = 0x18;

struct Host {
  std::uint32_t ip = 0;
  std::uint16_t ip_id = 1;
};

struct Connection {
  std::size_t client = 0;  // into Plant::hosts
  std::size_t server = 0;
  unsigned client_port = 0;
  unsigned server_port = 0;
  std::uint32_t client_sequence = 1;
  std::uint32_t server_sequence = 1;
  unsigned transaction = 0;
};

class Plant {
 public:
  Plant(std::ofstream& out, std::uint64_t packets) : out_(out), wanted_(packets) {
    Bytes header;
    le32(header, 0xa1b2c3d4);
    le16(header, 2);
    le16(header, 4);
    for (const std::uint32_t value : {0U, 0U, 262144U, 1U}) le32(header, value);
    put(header);
  }

  void run() {
    for (unsigned master = 0; master < 4; ++master) {
      for (unsigned plc = 0; plc < 250; ++plc)
        modbus_.push_back(
            connect(host(0x0a1e0002 + master), host(0x0a280001 + plc), 40000 + plc, 502));
    }
    for (unsigned i = 0; i < 10; ++i) {
      s7_.push_back(connect(host(0x0a1e0010), host(0x0a290001 + i), 41000 + i, 102));
      enip_.push_back(connect(host(0x0a1e0011), host(0x0a2a0001 + i), 42000 + i, 44818));
      dnp3_.push_back(connect(host(0x0a1e0012), host(0x0a2b0001 + i), 43000 + i, 20000));
    }
    office_ = connect(host(0x0a0a0005), host(0x0a0a0001), 50000, 80);
    std::size_t turn = 0;
    while (written_ < wanted_) {
      const auto draw = random_() % 100;
      if (draw < 90) {
        poll_modbus(modbus_[turn++ % modbus_.size()]);
      } else if (draw < 93) {
        exchange(s7_[random_() % s7_.size()], s7_read(), s7_answer());
      } else if (draw < 95) {
        exchange(enip_[random_() % enip_.size()], enip_nop(0x70), enip_nop(0x70));
      } else if (draw < 97) {
        exchange(dnp3_[random_() % dnp3_.size()], dnp3_read(), dnp3_answer());
      } else if (draw < 99) {
        dns();
      } else {
        const std::string get = "GET / HTTP/1.1\r\nHost: intranet\r\n\r\n";
        const std::string ok = "HTTP/1.1 304 Not Modified\r\nServer: web\r\n\r\n";
        exchange(office_, {get.begin(), get.end()}, {ok.begin(), ok.end()});
      }
    }
    flush();
  }

  [[nodiscard]] std::uint64_t written() const { return written_; }

 private:
  std::size_t host(std::uint32_t ip) {
    const auto found = std::ranges::find(hosts_, ip, &Host::ip);
    if (found != hosts_.end()) return static_cast<std::size_t>(found - hosts_.begin());
    hosts_.push_back({ip});
    return hosts_.size() - 1;
  }

  Connection connect(std::size_t client, std::size_t server, unsigned port, unsigned to) {
    Connection made{client, server, port, to};
    segment(made, true, {}, 0x02);
    segment(made, false, {}, 0x12);
    ++made.client_sequence;
    ++made.server_sequence;
    segment(made, true, {}, 0x10);
    return made;
  }

  void exchange(Connection& on, const Bytes& ask, const Bytes& answer) {
    segment(on, true, ask, kPushAck);
    segment(on, false, answer, kPushAck);
    ++on.transaction;
  }

  void poll_modbus(Connection& on) {
    Bytes ask;
    be16(ask, on.transaction & 0xffffU);
    be16(ask, 0);
    be16(ask, 6);
    ask.push_back(1);
    ask.push_back(3);
    be16(ask, static_cast<unsigned>(on.server % 8) * 10);
    be16(ask, 10);
    Bytes answer;
    be16(answer, on.transaction & 0xffffU);
    be16(answer, 0);
    be16(answer, 23);
    answer.push_back(1);
    answer.push_back(3);
    answer.push_back(20);
    for (unsigned i = 0; i < 10; ++i) be16(answer, static_cast<unsigned>(random_() & 0xffffU));
    exchange(on, ask, answer);
  }

  static Bytes s7_read() {
    return {0x03, 0x00, 0x00, 0x1f, 0x02, 0xf0, 0x80, 0x32, 0x01, 0x00, 0x00,
            0x00, 0x01, 0x00, 0x0e, 0x00, 0x00, 0x04, 0x01, 0x12, 0x0a, 0x10,
            0x02, 0x00, 0x04, 0x00, 0x01, 0x84, 0x00, 0x00, 0x00};
  }
  static Bytes s7_answer() {
    return {0x03, 0x00, 0x00, 0x1d, 0x02, 0xf0, 0x80, 0x32, 0x03, 0x00,
            0x00, 0x00, 0x01, 0x00, 0x02, 0x00, 0x08, 0x00, 0x00, 0x04,
            0x01, 0xff, 0x04, 0x00, 0x20, 0x01, 0x02, 0x03, 0x04};
  }
  static Bytes enip_nop(unsigned command) {
    Bytes out;
    le16(out, command);
    le16(out, 0);
    for (int i = 0; i < 5; ++i) le32(out, 0);
    return out;
  }
  static Bytes dnp3_read() {
    return {0x05, 0x64, 0x0b, 0xc4, 0x01, 0x00, 0x04, 0x00, 0x46,
            0xb2, 0xc0, 0xc0, 0x01, 0x3c, 0x02, 0x06, 0x54, 0xe0};
  }
  static Bytes dnp3_answer() {
    return {0x05, 0x64, 0x0a, 0x44, 0x04, 0x00, 0x01, 0x00, 0x92,
            0xe4, 0xc0, 0xc0, 0x81, 0x00, 0x00, 0x9c, 0xe8};
  }

  void dns() {
    Bytes ask;
    be16(ask, static_cast<unsigned>(random_() & 0xffffU));
    for (const unsigned value : {0x0100U, 1U, 0U, 0U, 0U}) be16(ask, value);
    const std::string name =
        "\x05plant\x07"
        "example";
    ask.insert(ask.end(), name.begin(), name.end());
    add(ask, {0, 0, 1, 0, 1});
    datagram(host(0x0a0a0007), host(0x0a0a0001), 53000, 53, ask);
    auto answer = ask;
    answer[2] = 0x81;
    answer[3] = 0x80;
    answer[7] = 1;
    add(answer, {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 10, 0, 9});
    datagram(host(0x0a0a0001), host(0x0a0a0007), 53, 53000, answer);
  }

  void segment(Connection& on, bool from_client, const Bytes& payload, std::uint8_t flags) {
    Bytes tcp;
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

  void datagram(std::size_t from, std::size_t to, unsigned source, unsigned destination,
                const Bytes& payload) {
    Bytes udp;
    be16(udp, source);
    be16(udp, destination);
    be16(udp, static_cast<unsigned>(payload.size() + 8));
    be16(udp, 0);
    add(udp, payload);
    packet(from, to, kUdp, udp, 6);
  }

  void packet(std::size_t from, std::size_t to, unsigned protocol, Bytes& transport,
              std::size_t checksum_at) {
    Bytes ip{0x45, 0x00};
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
    Bytes frame;
    mac(frame, hosts_[to].ip);
    mac(frame, hosts_[from].ip);
    be16(frame, 0x0800);
    add(frame, ip);
    add(frame, transport);
    while (frame.size() < 60) frame.push_back(0);
    Bytes record;
    const auto micros = written_ * 20;
    le32(record, static_cast<std::uint32_t>(1'600'000'000 + micros / 1'000'000));
    le32(record, static_cast<std::uint32_t>(micros % 1'000'000));
    le32(record, static_cast<std::uint32_t>(frame.size()));
    le32(record, static_cast<std::uint32_t>(frame.size()));
    put(record);
    put(frame);
    ++written_;
  }

  static void mac(Bytes& out, std::uint32_t ip) {
    be16(out, 0x001b);  // an assigned prefix with the address behind it
    be32(out, 0x1b000000U | (ip & 0xffffffU));
  }

  void put(const Bytes& bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (buffer_.size() > (1U << 20U)) flush();
  }
  void flush() {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes to a stream of chars.
    out_.write(reinterpret_cast<const char*>(buffer_.data()),
               static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

  std::ofstream& out_;
  std::uint64_t wanted_;
  std::uint64_t written_ = 0;
  std::mt19937 random_{20121112};
  Bytes buffer_;
  std::vector<Host> hosts_;
  std::vector<Connection> modbus_, s7_, enip_, dnp3_;
  Connection office_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_generate PACKETS FILE\n";
    return 2;
  }
  std::ofstream out{argv[2], std::ios::binary};
  Plant plant{out, std::strtoull(argv[1], nullptr, 10)};
  plant.run();
  out.close();
  if (!out) {
    std::cerr << argv[2] << ": cannot write\n";
    return 2;
  }
  std::cout << plant.written() << " packets\n";
  return 0;
}
