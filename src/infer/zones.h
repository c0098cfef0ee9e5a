#pragma once

#include "sekimori/infer/census.h"
#include "sekimori/infer/role.h"

#include <boost/container/flat_map.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori {

struct ZoneAnswer {
  RowId zone = kNoRow;
  int confidence = 0;
  std::string reason;
  bool guessed = false;  ///< only that of the segment in which the station was seen
};

/// Which zone every address belongs to: as the plan declares, else as the traffic suggests.
/// A machine with addresses in two zones has a zone for each, so that what it does in one is not
/// taken for a crossing from the other.
class ZoneMap {
 public:
  ZoneMap(const Facts& facts, const Census& census, const ZonePlan& plan,
          const std::vector<RoleVerdict>& roles);

  [[nodiscard]] const std::vector<ZoneRow>& rows() const noexcept { return rows_; }
  [[nodiscard]] const ZoneAnswer& of(RowId asset) const { return assets_[asset - 1]; }
  [[nodiscard]] RowId of(RowId asset, const IpAddress& ip) const;
  /// Of the asset's own address in a segment; kNoRow where it has none there.
  [[nodiscard]] RowId of(RowId asset, std::string_view segment) const;
  [[nodiscard]] ZoneKind kind(RowId zone) const { return rows_[zone - 1].kind; }
  /// Its addresses lie in more than one zone.
  [[nodiscard]] bool is_split(RowId asset) const { return split_[asset - 1]; }

 private:
  friend class ZoneMaker;

  std::vector<ZoneRow> rows_;
  std::vector<ZoneAnswer> assets_;
  std::vector<bool> split_;
  boost::container::flat_map<std::pair<RowId, IpAddress>, RowId> addresses_;
  boost::container::flat_map<std::pair<RowId, std::string_view>, RowId> segments_;
};

struct LevelAnswer {
  std::optional<double> level;
  int confidence = 0;
  std::string reason;
};

/// The Purdue level of an asset.
[[nodiscard]] LevelAnswer level_of(const Member& member, const RoleVerdict& role,
                                   const ZoneAnswer& answer, const ZoneRow* zone,
                                   const ZonePlan& plan);

}  // namespace sekimori
