#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace sekimori::bench {

using Bytes = std::vector<std::uint8_t>;

void be16(Bytes& out, unsigned value);
void be32(Bytes& out, std::uint32_t value);
void le16(Bytes& out, unsigned value);
void le32(Bytes& out, std::uint32_t value);

/// A station; its MAC follows from its address.
struct Host {
  std::uint32_t ip = 0;
  std::uint16_t ip_id = 1;
};

/// A TCP connection of two stations, by their place in the wire's list.
struct Connection {
  std::uint32_t client = 0;
  std::uint32_t server = 0;
  std::uint16_t client_port = 0;
  std::uint16_t server_port = 0;
  std::uint32_t client_sequence = 1;
  std::uint32_t server_sequence = 1;
  std::uint16_t transaction = 0;
};

/// Puts frames into a capture, 20 microseconds apart, checksums right. A name that ends in
/// `.pcapng` gives pcapng, any other (a pipe too) pcap.
class Wire {
 public:
  explicit Wire(const std::string& file);

  std::uint32_t host(std::uint32_t ip);
  [[nodiscard]] std::uint32_t ip_of(std::uint32_t host) const { return hosts_[host].ip; }

  /// SYN, SYN+ACK, ACK.
  void shake_hands(Connection& on);
  /// A request and its reply, a segment each.
  void exchange(Connection& on, const Bytes& ask, const Bytes& answer);
  void datagram(std::uint32_t from, std::uint32_t to, unsigned source, unsigned destination,
                const Bytes& payload);

  [[nodiscard]] std::uint64_t written() const { return written_; }
  /// Writes the rest; false where anything could not be written.
  [[nodiscard]] bool close();

 private:
  void segment(Connection& on, bool from_client, const Bytes& payload, std::uint8_t flags);
  void packet(std::uint32_t from, std::uint32_t to, unsigned protocol, Bytes& transport,
              std::size_t checksum_at);
  void record(const Bytes& frame);
  void put(const Bytes& bytes);
  void flush();

  std::ofstream out_;
  bool is_pcapng_;
  std::uint64_t written_ = 0;
  Bytes buffer_;
  Bytes ip_, transport_, frame_, record_;
  std::vector<Host> hosts_;
  std::vector<std::uint32_t> by_ip_;  // low 24 bits of the address -> place plus one
};

}  // namespace sekimori::bench
