#include "sekimori/assess/zone_words.h"

namespace sekimori {

ZoneWords::ZoneWords(Database& model) {
  auto rows = model.prepare("SELECT name, name_ja FROM zone WHERE name_ja <> ''");
  while (rows.step()) japanese_.emplace(rows.text(0), rows.text(1));
}

Bilingual ZoneWords::say(std::string_view column, const std::string& value) const {
  const bool names_zones =
      column.ends_with("zone") || column.ends_with("zone_name") || column.ends_with("zones");
  return {value, names_zones ? in_japanese(value) : value};
}

std::string ZoneWords::in_japanese(const std::string& value) const {
  if (const auto known = japanese_.find(value); known != japanese_.end()) return known->second;
  // Several, as group_concat and the rules' sentences put them together.
  for (const std::string_view between : {" > ", ","}) {
    const auto at = value.find(between);
    if (at == std::string::npos) continue;
    return in_japanese(value.substr(0, at)) + std::string{between} +
           in_japanese(value.substr(at + between.size()));
  }
  return value;
}

}  // namespace sekimori
