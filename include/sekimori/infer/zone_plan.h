#pragma once

#include "sekimori/bytes/address.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

enum class ZoneKind : std::uint8_t {
  office,
  dmz,
  control,
  field,
  safety,
  remote,
  management,
  wireless,
  external,
  unknown,
};

[[nodiscard]] std::string_view to_text(ZoneKind kind) noexcept;
/// The column of the merge rules: IT DMZ OT SIS REMOTE MGMT EXT; "" where none is known.
[[nodiscard]] std::string_view side_of(ZoneKind kind) noexcept;
/// The Purdue level of a kind of zone, where it has one.
[[nodiscard]] std::optional<double> default_level(ZoneKind kind) noexcept;

struct PlannedZone {
  std::string name_en, name_ja;  ///< equal where the plan gives one text
  ZoneKind kind = ZoneKind::unknown;
  std::optional<double> level;  ///< as declared
  std::vector<Prefix> subnets;
  std::vector<std::string> segments;  ///< `vlan 10`
  std::vector<Mac> macs;
};

/// The user's word on which addresses form which zone. Of several answers the most specific
/// stands: a MAC, then the longest subnet, then the segment.
class ZonePlan {
 public:
  /// Throws Error that names the file and the place in it.
  static ZonePlan load(const std::filesystem::path& path);
  static ZonePlan parse(std::string_view json, std::string_view file);

  [[nodiscard]] const std::vector<PlannedZone>& zones() const noexcept { return zones_; }
  [[nodiscard]] bool empty() const noexcept { return zones_.empty(); }

  [[nodiscard]] std::optional<std::size_t> zone_of(const Mac& mac) const;
  /// Where two zones share a subnet, their VLANs tell them apart.
  [[nodiscard]] std::optional<std::size_t> zone_of(const IpAddress& ip,
                                                   std::string_view segment) const;
  [[nodiscard]] std::optional<std::size_t> zone_of_segment(std::string_view segment) const;

  /// The assessor's own laptop and the like: no zone, no crossing, no wall.
  [[nodiscard]] bool excludes(const Mac& mac) const { return excluded_macs_.contains(mac); }
  [[nodiscard]] bool excludes(const IpAddress& ip) const { return excluded_ips_.contains(ip); }

  /// Declared to be a router, so that its MAC is nobody's own but its own.
  [[nodiscard]] bool is_router(const Mac& mac) const { return router_macs_.contains(mac); }
  [[nodiscard]] bool is_router(const IpAddress& ip) const { return router_ips_.contains(ip); }

  /// A global address that is on the Internet, as far as the plan tells: neither in a range that
  /// the plant uses as its own nor in the subnet of a zone that is not external.
  [[nodiscard]] bool is_external(const IpAddress& ip) const;

  /// The last address of a declared IPv4 subnet.
  [[nodiscard]] bool is_directed_broadcast(const IpAddress& ip) const {
    return broadcasts_.contains(ip);
  }

 private:
  friend class PlanReader;

  void index();

  std::vector<PlannedZone> zones_;
  std::vector<Prefix> internal_;
  std::set<Mac> excluded_macs_, router_macs_;
  std::set<IpAddress> excluded_ips_, router_ips_, broadcasts_;
  std::map<Prefix, std::vector<std::size_t>> by_prefix_;
  std::set<unsigned, std::greater<>> lengths_;
  std::map<Mac, std::size_t> by_mac_;
  std::map<std::string, std::size_t, std::less<>> by_segment_;
};

/// `ip` with all but the first `length` bits of its sixteen-byte form cleared.
[[nodiscard]] Prefix prefix_of(const IpAddress& ip, unsigned length) noexcept;

}  // namespace sekimori
