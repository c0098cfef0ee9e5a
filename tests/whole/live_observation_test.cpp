// Frames that come as they will: in any batches, and while the clock that stamps them jumps.

#include "sekimori/model/live_observation.h"

#include "sekimori/capture/capture_set.h"
#include "sekimori/model/observe.h"

#include "describe_facts.h"
#include "folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDay = 86'400'000'000'000;  // ns
const fs::path plant = fs::path{SEKIMORI_SOURCE_DIR} / "captures/demo/plant.pcap";

struct Recording {
  FrameBatch all;  // keeps the bytes
  CaptureSet set{{plant}};

  Recording() {
    FrameBatch batch;
    while (set.next(batch, 4096)) {
      all.frames.insert(all.frames.end(), batch.frames.begin(), batch.frames.end());
      all.keep.insert(all.keep.end(), batch.keep.begin(), batch.keep.end());
    }
  }
  std::vector<Frame>& frames() { return all.frames; }
};

/// From frame `at` on the clock is `by` ahead of what it was.
void jump(std::vector<Frame>& frames, std::size_t at, std::int64_t by) {
  for (auto i = at; i < frames.size(); ++i) frames[i].time += by;
}

/// As a sensor would: `most` frames at a time.
Facts live(const std::vector<Frame>& frames, std::size_t most) {
  LiveObservation observation;
  CaptureFile about;
  about.sha256 = "live";
  about.format = "pcap";
  for (std::size_t from = 0; from < frames.size(); from += most) {
    FrameBatch batch;
    const auto end = std::min(frames.size(), from + most);
    for (auto i = from; i < end; ++i) batch.frames.push_back(frames[i]);
    observation.take(batch);
  }
  const auto [first, last] = std::ranges::minmax_element(frames, {}, &Frame::time);
  about.packets = frames.size();
  about.first_seen = first->time;
  about.last_seen = last->time;
  return observation.finish({about}, "");
}

Facts offline(const std::vector<Frame>& frames) {
  const Folder folder;
  CaptureWriter writer{folder / "frames.pcap"};
  for (const auto& frame : frames) writer.write(frame);
  writer.finish();
  return observe({folder / "frames.pcap"}, {});
}

std::uint64_t packets(const Facts& facts) {
  return std::accumulate(facts.conversations.begin(), facts.conversations.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) {
                           return sum + entry.second.client_packets + entry.second.server_packets;
                         });
}

std::uint64_t requests(const Facts& facts) {
  std::uint64_t sum = 0;
  for (const auto& [key, fact] : facts.conversations)
    for (const auto& [operation, seen] : fact.operations) sum += seen.requests;
  return sum;
}

TEST_CASE("LiveObservation: whatever the batches, the facts are observe()'s", "[live]") {
  Recording recording;
  const auto wanted = describe_facts(observe({plant}, {}));
  for (const std::size_t most : {1U, 7U, 512U, 100'000U}) {
    CAPTURE(most);
    CHECK(describe_facts(live(recording.frames(), most)) == wanted);
  }
}

TEST_CASE("LiveObservation: a clock that jumps loses no packet and no request", "[live]") {
  Recording recording;
  auto frames = recording.frames();
  const auto third = frames.size() / 3;
  const auto way = GENERATE(range(0, 4));
  CAPTURE(way);
  switch (way) {
    case 0:  // set right by a year, forward
      jump(frames, third, 365 * kDay);
      break;
    case 1:  // back
      jump(frames, third, -365 * kDay);
      break;
    case 2:  // forward, and then back to where it was
      jump(frames, third, 365 * kDay);
      jump(frames, 2 * third, -365 * kDay);
      break;
    default:  // trembles by an hour each frame
      for (std::size_t i = 0; i < frames.size(); i += 2) frames[i].time -= kDay / 24;
  }
  const auto whole = live(recording.frames(), 512);
  const auto jumped = live(frames, 512);
  CHECK(packets(jumped) == packets(whole));
  CHECK(jumped.conversations.size() >= whole.conversations.size());
  CHECK(describe_facts(jumped) == describe_facts(offline(frames)));
  // A flow that a jump ends may have a request or a handshake in flight at each of its jumps.
  const auto& capture = jumped.captures.front();
  const auto lost = requests(whole) - std::min(requests(whole), requests(jumped));
  CHECK(lost <= capture.cut_requests + capture.orphan_replies + capture.resumed);
  for (const auto& [key, fact] : jumped.conversations) {
    CHECK(fact.longest >= 0);
    for (const auto& [operation, seen] : fact.operations)
      CHECK(seen.seen.first.time <= seen.seen.last.time);
  }
}

}  // namespace
}  // namespace sekimori::test
