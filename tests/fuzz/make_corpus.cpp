// Writes seeds for the frames, streams and dissect targets from captures: small inputs of the
// targets' own form. `make_corpus FOLDER CAPTURE...`

#include "sekimori/capture/capture_set.h"
#include "sekimori/decode/packet.h"
#include "sekimori/dissect/dissector.h"

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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: make_corpus FOLDER CAPTURE...\n";
    return 2;
  }
  const fs::path folder{argv[1]};
  const auto all = Registration::all();
  std::map<std::string, Conversation> conversations;
  std::set<std::pair<std::size_t, std::size_t>> dissected;  // dissector, size: one of each
  CaptureSet set{{argv + 2, argv + argc}};
  FrameBatch batch;
  while (set.next(batch, 1000)) {
    for (const auto& frame : batch.frames) {
      const auto packet = decode(frame);
      if (packet.payload.empty()) continue;
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
  std::cout << conversations.size() << " conversations, " << dissected.size() << " messages\n";
  return 0;
}
