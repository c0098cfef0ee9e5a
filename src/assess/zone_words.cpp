#include "sekimori/assess/zone_words.h"

namespace sekimori {

ZoneWords::ZoneWords(Database& model) {
  auto rows = model.prepare("SELECT name, name_ja FROM zone WHERE name_ja <> ''");
  while (rows.step()) japanese_.emplace(rows.text(0), rows.text(1));
}

Bilingual ZoneWords::say(std::string_view column, const std::string& value) const {
  if (column.ends_with("zone") || column.ends_with("zone_name")) {
    const auto known = japanese_.find(value);
    if (known != japanese_.end()) return {value, known->second};
  }
  return {value, value};
}

}  // namespace sekimori
