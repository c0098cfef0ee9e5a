// The zone plan: what the user declares of the plant's zones.
// https://www.rfc-editor.org/rfc/rfc6901 is how errors name a place in the file.

#include "sekimori/infer/zone_plan.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

struct KindRow {
  ZoneKind kind;
  std::string_view text;
  std::string_view side;
  double level;  // negative: none
};

// Levels after ISA-95 and the Purdue model; a DMZ stands between 3 and 4.
constexpr auto kKinds = std::to_array<KindRow>({
    {ZoneKind::office, "office", "IT", 4},
    {ZoneKind::dmz, "dmz", "DMZ", 3.5},
    {ZoneKind::control, "control", "OT", 2},
    {ZoneKind::field, "field", "OT", 1},
    {ZoneKind::safety, "safety", "SIS", 1},
    {ZoneKind::remote, "remote", "REMOTE", 5},
    {ZoneKind::management, "management", "MGMT", 3},
    {ZoneKind::wireless, "wireless", "OT", -1},
    {ZoneKind::external, "external", "EXT", 5},
    {ZoneKind::unknown, "unknown", "", -1},
});

const KindRow& row_of(ZoneKind kind) noexcept {
  for (const auto& row : kKinds)
    if (row.kind == kind) return row;
  return kKinds.back();
}

}  // namespace

std::string_view to_text(ZoneKind kind) noexcept {
  return row_of(kind).text;
}

std::string_view side_of(ZoneKind kind) noexcept {
  return row_of(kind).side;
}

std::optional<double> default_level(ZoneKind kind) noexcept {
  const auto level = row_of(kind).level;
  return level < 0 ? std::nullopt : std::optional{level};
}

Prefix prefix_of(const IpAddress& ip, unsigned length) noexcept {
  Prefix prefix{ip, std::min(length, 128U)};
  for (std::size_t i = 0; i < prefix.base.octets.size(); ++i) {
    const auto first = static_cast<unsigned>(8 * i);
    if (first >= prefix.length) {
      prefix.base.octets[i] = 0;
    } else if (first + 8 > prefix.length) {
      const auto keep = 0xffU << (first + 8 - prefix.length);
      prefix.base.octets[i] = static_cast<std::uint8_t>(prefix.base.octets[i] & keep);
    }
  }
  return prefix;
}

std::optional<std::size_t> ZonePlan::zone_of(const Mac& mac) const {
  const auto found = by_mac_.find(mac);
  return found == by_mac_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::size_t> ZonePlan::zone_of(const IpAddress& ip, std::string_view segment) const {
  for (const auto length : lengths_) {
    const auto found = by_prefix_.find(prefix_of(ip, length));
    if (found == by_prefix_.end()) continue;
    if (found->second.size() == 1) return found->second.front();
    for (const auto zone : found->second) {
      const auto& segments = zones_[zone].segments;
      if (std::find(segments.begin(), segments.end(), segment) != segments.end()) return zone;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> ZonePlan::zone_of_segment(std::string_view segment) const {
  const auto found = by_segment_.find(segment);
  return found == by_segment_.end() ? std::nullopt : std::optional{found->second};
}

bool ZonePlan::is_external(const IpAddress& ip) const {
  if (!ip.is_global()) return false;
  const auto inside = [&](const Prefix& prefix) { return prefix.contains(ip); };
  if (std::any_of(internal_.begin(), internal_.end(), inside)) return false;
  for (const auto length : lengths_) {
    const auto found = by_prefix_.find(prefix_of(ip, length));
    if (found == by_prefix_.end()) continue;
    return zones_[found->second.front()].kind == ZoneKind::external;
  }
  return true;
}

void ZonePlan::index() {
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    for (const auto& subnet : zones_[i].subnets) {
      by_prefix_[subnet].push_back(i);
      lengths_.insert(subnet.length);
      // A /31 has no broadcast address (RFC 3021), and a /32 is one host.
      if (subnet.base.is_v4() && subnet.length >= 96 && subnet.length < 127) {
        const auto hosts = 0xffffffffU >> (subnet.length - 96);
        broadcasts_.insert(IpAddress::v4(subnet.base.v4_value() | hosts));
      }
    }
    for (const auto& mac : zones_[i].macs) by_mac_.emplace(mac, i);
    for (const auto& segment : zones_[i].segments) by_segment_.emplace(segment, i);
  }
}

}  // namespace sekimori
