#pragma once

#include "sekimori/decode/packet.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {

/// A frame that owns its bytes, in memory of just their size, so that a read past the end shows.
class OwnFrame {
 public:
  explicit OwnFrame(Bytes bytes, LinkType type = LinkType::ethernet, std::size_t wire_length = 0)
      : bytes_(std::make_unique<std::uint8_t[]>(bytes.size())) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes_[i] = bytes[i];
    frame_.bytes = {bytes_.get(), bytes.size()};
    frame_.wire_length = static_cast<std::uint32_t>(wire_length == 0 ? bytes.size() : wire_length);
    frame_.link_type = type;
    frame_.number = 1;
  }

  [[nodiscard]] const Frame& frame() const noexcept { return frame_; }
  [[nodiscard]] Frame& frame() noexcept { return frame_; }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  Frame frame_;
};

/// `10.0.0.1:502` or the MAC where there is no IP.
inline std::string end_text(const Packet& packet, bool source) {
  if (packet.ip_version == 0) {
    if (!packet.has_mac) return "?";
    return to_text(source ? packet.source_mac : packet.destination_mac);
  }
  auto text = to_text(source ? packet.source : packet.destination);
  const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
  if (ports) text += ":" + std::to_string(source ? packet.source_port : packet.destination_port);
  return text;
}

inline std::string stop_text(const Stop& stop) {
  if (stop.reason == StopReason::none) return "";
  std::string text = std::string{to_text(stop.layer)} + " " + std::string{to_text(stop.reason)};
  if (stop.limit != LimitedBy::none) text += " by " + std::string{to_text(stop.limit)};
  return text;
}

/// A packet as one line of prose, without what would be the same in every case.
inline std::string describe(const Packet& packet) {
  auto text = end_text(packet, true) + " > " + end_text(packet, false) + " ";
  const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
  text += packet.over == Over::nothing ? "nothing" : std::string{to_text(packet.over)};
  if (!ports && packet.over != Over::nothing) text += "/" + std::to_string(packet.number);
  text += " " + std::to_string(packet.payload.size());
  if (packet.payload.size() != packet.payload_length)
    text += " of " + std::to_string(packet.payload_length);
  if (packet.fragment)
    text += " fragment at " + std::to_string(packet.fragment_offset) +
            (packet.more_fragments ? " and more" : "");
  if (const auto segment = packet.segment.text(); !segment.empty()) text += " in " + segment;
  if (const auto stop = stop_text(packet.stop); !stop.empty()) text += "; " + stop;
  return text;
}

}  // namespace sekimori::test
