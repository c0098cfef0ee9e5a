#pragma once

#include "sekimori/model/database.h"

#include <string>
#include <vector>

namespace sekimori {

/// Keeps what the views of schema.sql make of conversations for as long as it lives: a hundred
/// queries over `talk` and what is built on it then work it out once. Needs room for a copy of the
/// conversations where SQLite puts temporary files. Facts, assets, zones and lists must not change
/// meanwhile.
class HeldViews {
 public:
  explicit HeldViews(Database& database);
  HeldViews(const HeldViews&) = delete;
  HeldViews& operator=(const HeldViews&) = delete;
  ~HeldViews();

 private:
  void drop() noexcept;

  Database& database_;
  std::vector<std::string> dropping_;  // what takes them away again, in its order
};

}  // namespace sekimori
