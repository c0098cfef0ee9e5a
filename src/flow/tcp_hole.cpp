#include "sekimori/flow/tcp_hole.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

/// Offsets from what the stream waits for, or from what begins before it: they do not wrap.
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

std::uint64_t keep_early(Hole& hole, std::uint32_t next, const EarlySegment& early,
                         const Packet& packet) {
  std::uint64_t conflicts = 0;
  const auto captured = static_cast<std::uint32_t>(packet.payload.size());
  const auto behind = static_cast<std::int32_t>(next - early.sequence);
  const auto old = static_cast<std::uint32_t>(std::max(behind, 0));  // heard before
  auto base = next;
  if (!hole.segments.empty() &&
      static_cast<std::int32_t>(hole.segments.front().sequence - next) < 0)
    base = hole.segments.front().sequence;
  Stretch rest{early.sequence + old - base, packet.payload.subspan(std::min(old, captured))};
  std::vector<Stretch> fresh;  // the parts that nobody kept before
  for (const auto& kept_segment : hole.segments) {
    const Stretch kept{kept_segment.sequence - base, kept_segment.bytes};
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
  const auto uncaptured = packet.payload_length - std::max(old, captured);
  if (!rest.bytes.empty() || uncaptured > 0) fresh.push_back(rest);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto& part = fresh[i];
    EarlySegment segment{early};
    segment.sequence = base + part.begin;
    segment.missing = i + 1 == fresh.size() ? uncaptured : 0;
    segment.bytes.assign(part.bytes.begin(), part.bytes.end());
    hole.bytes += segment.bytes.size();
    const auto place =
        std::ranges::upper_bound(hole.segments, part.begin, {},
                                 [base](const EarlySegment& kept) { return kept.sequence - base; });
    if (place != hole.segments.end()) {  // who has all before that one has all before this
      segment.acknowledged = place->acknowledged;
      segment.due = place->due;
    }
    hole.segments.insert(place, std::move(segment));
  }
  return conflicts;
}

}  // namespace sekimori
