#pragma once

#include "sekimori/bytes/text.h"
#include "sekimori/flow/flow_tracker.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori::test {

/// A sink that writes down what a flow layer tells it: `>` marks the end that asks.
struct FlowTranscript {
  struct Attachment {};
  using FlowType = Flow<Attachment>;

  std::string text;
  bool wanted = true;

  [[nodiscard]] const std::string& transcript() const { return text; }

  static bool is_seat(Over /*over*/, std::uint16_t port) { return port == 502 || port == 53; }
  void opened(FlowType& /*flow*/, const Packet& /*packet*/) {}
  void bound(FlowType& /*flow*/, std::uint8_t /*sender*/, const Packet& /*packet*/) {}
  [[nodiscard]] bool wants(const FlowType& /*flow*/, std::uint8_t /*sender*/) const {
    return wanted;
  }
  void stream(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& /*seen*/) {
    add((sender == flow.client ? ">" : "<") + std::string{view_of(bytes)});
  }
  void gap(FlowType& flow, std::uint8_t sender, std::uint64_t missing) {
    add((sender == flow.client ? ">" : "<") + ("gap " + std::to_string(missing)));
  }
  void datagram(FlowType& flow, std::uint8_t sender, const Packet& packet,
                const Sighting& /*seen*/) {
    add((sender == flow.client ? ">" : "<") + std::string{view_of(packet.payload)});
  }
  static std::size_t held() { return 0; }
  static std::size_t held(const FlowType& /*flow*/) { return 0; }
  void let_go(FlowType& /*flow*/) {}
  void closed(FlowType& flow, bool cut) {
    constexpr auto kReasons =
        std::to_array<std::string_view>({"first", "port", "handshake", "payload"});
    std::string line = "end by " + std::string{kReasons[static_cast<std::size_t>(flow.reason)]};
    if (flow.attempted) line += " attempted";
    if (flow.established) line += " established";
    if (flow.refused) line += " refused";
    if (flow.resumed) line += " resumed";
    if (cut) line += " cut";
    line += " to " + std::to_string(flow.server_port());
    add(line);
  }

 private:
  static std::string_view view_of(Bytes bytes) { return sekimori::view_of(bytes); }
  void add(const std::string& clause) { text += (text.empty() ? "" : "; ") + clause; }
};

/// Feeds a tracker with segments between 10.0.0.1:40000 (`a`) and 10.0.0.2:502 (`b`).
template <class Sink>
class Script {
 public:
  template <class... Arguments>
  explicit Script(const FlowLimits& limits = {}, Arguments&&... arguments)
      : sink(std::forward<Arguments>(arguments)...), tracker_(sink, limits) {}

  enum class From : std::uint8_t { a, b };

  /// One segment; time goes on by a millisecond each.
  Script& segment(From from, std::uint32_t sequence, std::string_view payload,
                  std::uint8_t flags = kTcpAck, std::uint32_t wire = 0) {
    const bool first = from == From::a;
    auto& frame = frames_.emplace_back();
    auto& bytes = payloads_.emplace_back(payload.begin(), payload.end());
    frame.time = now += 1'000'000;
    frame.number = frames_.size();
    frame.wire_length = static_cast<std::uint32_t>(54 + payload.size());
    Packet packet;
    packet.frame = &frame;
    packet.over = over;
    packet.ip_version = 4;
    packet.ttl = 64;
    packet.ip_id = ip_id != 0 ? ip_id : static_cast<std::uint32_t>(frames_.size());
    packet.source_mac = first ? mac_a : mac_b;
    packet.has_mac = packet.source_mac.is_set();
    packet.source = IpAddress::v4(first ? 0x0a000001 : 0x0a000002);
    packet.destination = IpAddress::v4(first ? 0x0a000002 : 0x0a000001);
    packet.source_port = first ? port_a : port_b;
    packet.destination_port = first ? port_b : port_a;
    packet.tcp_sequence = sequence;
    packet.tcp_acknowledgment = std::exchange(acknowledgment_, 0);
    packet.tcp_flags = flags;
    packet.payload = {bytes.data(), bytes.size()};
    packet.payload_length = wire != 0 ? wire : static_cast<std::uint32_t>(payload.size());
    tracker_.packet(packet, flow_of(packet, 7));
    return *this;
  }
  Script& a(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = kTcpAck) {
    return segment(From::a, sequence, payload, flags);
  }
  Script& b(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = kTcpAck) {
    return segment(From::b, sequence, payload, flags);
  }
  /// What the next segment says that its sender has; the others acknowledge nothing new.
  Script& acks(std::uint32_t next) {
    acknowledgment_ = next;
    return *this;
  }
  /// A three-way handshake; the next sequence numbers are 1 and 1.
  Script& handshake() { return a(0, "", kTcpSyn).b(0, "", kTcpSyn | kTcpAck).a(1, ""); }
  Script& wait(std::int64_t seconds) {
    now += seconds * 1'000'000'000;
    return *this;
  }
  Script& wait_ms(std::int64_t milliseconds) {
    now += milliseconds * 1'000'000;
    return *this;
  }
  std::string end() {
    tracker_.finish(now);
    return sink.transcript();
  }
  [[nodiscard]] FlowCounters counters() const {
    return tracker_.counters().empty() ? FlowCounters{} : tracker_.counters()[0];
  }
  [[nodiscard]] const FlowCaps& caps() const { return tracker_.caps(); }
  [[nodiscard]] std::size_t hole_bytes() const { return tracker_.hole_bytes(); }

  Sink sink;
  std::int64_t now = 0;
  std::uint32_t ip_id = 0;  ///< 0: another one each time
  Mac mac_a;                ///< unset: no MACs
  Mac mac_b;
  std::uint16_t port_a = 40000;
  std::uint16_t port_b = 502;
  Over over = Over::tcp;

 private:
  std::uint32_t acknowledgment_ = 0;
  std::deque<Frame> frames_;
  std::deque<std::vector<std::uint8_t>> payloads_;
  FlowTracker<Sink> tracker_;
};

using TcpScript = Script<FlowTranscript>;

}  // namespace sekimori::test
