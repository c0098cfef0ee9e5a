#include "sekimori/flow/tcp_hole.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

/// Offsets from the sequence number that the stream waits for: they do not wrap.
struct Stretch {
  std::uint32_t begin = 0;
  Bytes bytes;

  [[nodiscard]] std::uint32_t end() const noexcept {
    return begin + static_cast<std::uint32_t>(bytes.size());
  }
};

std::uint64_t differing(Bytes a, Bytes b) noexcept {
  std::uint64_t differ = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (a[i] != b[i]) ++differ;
  return differ;
}

}  // namespace

std::uint64_t keep_early(Hole& hole, std::uint32_t next, std::uint32_t sequence,
                         const Packet& packet, const Sighting& seen) {
  std::uint64_t conflicts = 0;
  Stretch rest{sequence - next, packet.payload};
  std::vector<Stretch> fresh;  // the parts that nobody kept before
  for (const auto& kept_segment : hole.segments) {
    const Stretch kept{kept_segment.sequence - next, kept_segment.bytes};
    if (kept.end() <= rest.begin) continue;
    if (kept.begin >= rest.end()) break;
    if (rest.begin < kept.begin) {
      const auto before = kept.begin - rest.begin;
      fresh.push_back({rest.begin, rest.bytes.first(before)});
      rest = {kept.begin, rest.bytes.subspan(before)};
    }
    const auto common = std::min(kept.end(), rest.end()) - rest.begin;
    conflicts +=
        differing(kept.bytes.subspan(rest.begin - kept.begin, common), rest.bytes.first(common));
    rest = {rest.begin + common, rest.bytes.subspan(common)};
  }
  const auto uncaptured = packet.payload_length - static_cast<std::uint32_t>(packet.payload.size());
  if (!rest.bytes.empty() || uncaptured > 0) fresh.push_back(rest);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto& part = fresh[i];
    EarlySegment segment{next + part.begin,
                         i + 1 == fresh.size() ? uncaptured : 0,
                         seen,
                         {part.bytes.begin(), part.bytes.end()}};
    hole.bytes += segment.bytes.size();
    const auto place =
        std::ranges::upper_bound(hole.segments, part.begin, {},
                                 [next](const EarlySegment& kept) { return kept.sequence - next; });
    hole.segments.insert(place, std::move(segment));
  }
  return conflicts;
}

}  // namespace sekimori
