#pragma once

#include "sekimori/bytes/bilingual.h"

#include <nlohmann/json.hpp>

namespace sekimori::report {

/// Keys keep the order in which they are written.
using Json = nlohmann::ordered_json;

inline Json text_of(const Bilingual& text) {
  return {{"en", text.en}, {"ja", text.ja}};
}

}  // namespace sekimori::report
