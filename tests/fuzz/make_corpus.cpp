// Writes seeds for the frames, streams, talks and dissect targets from captures: small inputs of
// the targets' own form. `make_corpus FOLDER CAPTURE...`

#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"
#include "sekimori/dissect/dissector.h"

#include "talk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace sekimori;
using Input = std::vector<std::uint8_t>;

constexpr std::size_t kMostSegments = 12;
constexpr std::size_t kMostFrames = 8;
constexpr std::size_t kMostSayings = 32;
constexpr std::size_t kMostTalk = 8000;  // bytes

void write(const fs::path& folder, const std::string& name, const Input& input) {
  fs::create_directories(folder);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes to a stream of chars.
  std::ofstream{folder / name, std::ios::binary}.write(reinterpret_cast<const char*>(input.data()),
                                                       static_cast<std::streamsize>(input.size()));
}

struct Conversation {
  Input streams;
  Input frames{0};
  std::size_t segments = 0;
  std::uint16_t port = 0;
};

/// One flow, as the talks target takes it.
class Talk {
 public:
  void say(const Packet& packet, std::uint16_t server) {
    if (sayings_ == kMostSayings) return;
    if (sayings_++ == 0) begin(packet, server);
    auto said = packet.payload;
    // In IEEE 802.3 it is all behind the length.
    if (packet.over == Over::llc || packet.over == Over::snap)
      said = packet.frame->bytes.subspan(kEthernetHeader);
    if (input_.size() + said.size() > kMostTalk) return;
    const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
    const bool from_server = ports ? packet.source_port == server : packet.source == server_;
    input_.insert(input_.end(), {static_cast<std::uint8_t>(from_server ? fuzz::kFromServer : 0),
                                 static_cast<std::uint8_t>(said.size()),
                                 static_cast<std::uint8_t>(said.size() >> 8U)});
    input_.insert(input_.end(), said.begin(), said.end());
  }

  [[nodiscard]] const Input& input() const { return input_; }

 private:
  static constexpr std::size_t kEthernetHeader = 14;

  void begin(const Packet& packet, std::uint16_t server) {
    using fuzz::TalkOver;
    const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
    const auto over = packet.over == Over::tcp   ? TalkOver::tcp
                      : packet.over == Over::udp ? TalkOver::udp
                      : packet.over == Over::ip  ? TalkOver::ip
                                                 : TalkOver::ethernet;
    const auto number = ports ? std::uint64_t{server}
                        : packet.over == Over::ethernet || packet.over == Over::ip ? packet.number
                                                                                   : 0;
    input_ = {static_cast<std::uint8_t>((static_cast<unsigned>(over) << 4U) |
                                        (packet.ip_version == 6 ? 0x40U : 0U)),
              static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
    server_ = packet.destination;
  }

  Input input_;
  IpAddress server_;
  std::size_t sayings_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: make_corpus FOLDER CAPTURE...\n";
    return 2;
  }
  const fs::path folder{argv[1]};
  const auto all = Registration::all();
  std::map<std::string, Conversation> conversations;
  std::map<std::string, std::map<std::uint64_t, Talk>> talks;  // by server's number, then by flow
  std::set<std::pair<std::size_t, std::size_t>> dissected;     // dissector, size: one of each
  CaptureSet set{{argv + 2, argv + argc}};
  FrameBatch batch;
  while (set.next(batch, 1000)) {
    for (const auto& frame : batch.frames) {
      const auto packet = decode(frame);
      if (packet.payload.empty() || packet.fragment) continue;
      const bool ports = packet.over == Over::tcp || packet.over == Over::udp;
      const auto server = std::min(packet.source_port, packet.destination_port);
      for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t at = 0; at < all[i]->seats.size(); ++at) {
          const auto& seat = all[i]->seats[at];
          if (seat.over != packet.over || seat.number != (ports ? server : packet.number)) continue;
          if (!dissected.insert({i, packet.payload.size() / 8}).second) continue;
          Input input{all[i]->name.begin(), all[i]->name.end()};
          input.push_back(10);
          input.push_back(static_cast<std::uint8_t>(3U | (at & 0xfU) << 4U));
          input.insert(input.end(), packet.payload.begin(), packet.payload.end());
          write(folder / "dissect",
                std::string{all[i]->name} + "-" + std::to_string(dissected.size()), input);
        }
      }
      const auto key = std::string{to_text(packet.over)} + std::to_string(server) + "-" +
                       std::to_string(packet.number);
      auto& talk = conversations[key];
      talk.port = server;
      if (packet.over != Over::wlan) {
        constexpr std::size_t kMostFlows = 8;  // of one capture's number
        auto& flows = talks[std::to_string(frame.capture) + "-" + key];
        const auto flow =
            (std::uint64_t{packet.pair} << 32U) + packet.source_port + packet.destination_port;
        if (flows.size() < kMostFlows || flows.contains(flow)) flows[flow].say(packet, server);
      }
      if (talk.segments++ >= kMostSegments) continue;
      const auto size = std::min<std::size_t>(packet.payload.size(), 255);
      talk.streams.push_back(static_cast<std::uint8_t>((packet.source_port == server ? 1U : 0U) |
                                                       (packet.over == Over::udp ? 0x40U : 0U)));
      talk.streams.push_back(static_cast<std::uint8_t>(size));
      talk.streams.insert(talk.streams.end(), packet.payload.begin(),
                          packet.payload.begin() + static_cast<std::ptrdiff_t>(size));
      if (talk.segments > kMostFrames) continue;
      talk.frames.push_back(static_cast<std::uint8_t>(frame.bytes.size()));
      talk.frames.push_back(static_cast<std::uint8_t>(frame.bytes.size() >> 8U));
      talk.frames.insert(talk.frames.end(), frame.bytes.begin(), frame.bytes.end());
    }
  }
  for (const auto& [key, talk] : conversations) {
    auto streams = talk.streams;
    streams.insert(streams.begin(), static_cast<std::uint8_t>(talk.port));
    streams.insert(streams.begin(), static_cast<std::uint8_t>(talk.port >> 8U));
    if (talk.port != 0) write(folder / "streams", key, streams);
    write(folder / "frames", key, talk.frames);
  }
  for (const auto& [key, flows] : talks) {
    std::size_t count = 0;
    for (const auto& [flow, talk] : flows)
      write(folder / "talks", key + "-" + std::to_string(++count), talk.input());
  }
  std::cout << conversations.size() << " conversations, " << dissected.size() << " messages\n";
  return 0;
}
