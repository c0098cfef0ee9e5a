#pragma once

#include "sekimori/model/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// A part of the plant, by numbers of the model. Each list that is not empty narrows it.
struct PlantPart {
  std::vector<std::int64_t> zones, captures;
  std::vector<std::int64_t> others;  ///< zones of other parts, which answer for what they serve

  [[nodiscard]] bool is_whole() const { return zones.empty() && captures.empty(); }
};

/// Keeps what the views of schema.sql make of conversations for as long as it lives: a hundred
/// queries over `talk` and what is built on it then work it out once. Needs room for a copy of the
/// conversations: in memory or, where they are many, where SQLite puts temporary files. Facts,
/// assets, zones and lists must not change meanwhile.
class HeldViews {
 public:
  /// Of the whole plant: a copy that readers take where their HeldViews are made after this one and
  /// a share().
  explicit HeldViews(Database& database);
  /// Of a part alone, which until then stands in front of the whole: conversations with an end in
  /// its zones, but not what another part serves; its assets and what is said of them, and what
  /// they talk with outside of control networks. Of its captures, those rows whose first or last
  /// frame is in one. Checks are run anew for it, and what they find goes with it. No other may
  /// live.
  HeldViews(Database& database, const PlantPart& part);
  HeldViews(const HeldViews&) = delete;
  HeldViews& operator=(const HeldViews&) = delete;
  ~HeldViews();

 private:
  void hold(const std::string& name, std::string_view select);
  void hold_part(const PlantPart& part);
  void hold_said(const PlantPart& part, const std::string& seen);
  void show_views();  // made of talk, which is held by now
  void drop() noexcept;

  Database& database_;
  std::vector<std::string> held_;
  std::vector<std::string> dropping_;  // what takes the rest away again, in its order
};

}  // namespace sekimori
