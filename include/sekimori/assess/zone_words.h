#pragma once

#include "sekimori/bytes/bilingual.h"
#include "sekimori/model/database.h"

#include <map>
#include <string>
#include <string_view>

namespace sekimori {

/// What zones are called in both languages: queries return the English name.
class ZoneWords {
 public:
  explicit ZoneWords(Database& model);

  /// The value of a query's column, with the zone's name in each language where the column is one
  /// of a zone, `server_zone_name`, `from_zone`, or of several: `a > b`, `zones` with commas.
  [[nodiscard]] Bilingual say(std::string_view column, const std::string& value) const;

 private:
  [[nodiscard]] std::string in_japanese(const std::string& value) const;

  std::map<std::string, std::string> japanese_;
};

}  // namespace sekimori
