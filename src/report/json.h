#pragma once

#include "sekimori/bytes/bilingual.h"

#include <nlohmann/json.hpp>

#include <cstddef>

namespace sekimori::report {

/// Keys keep the order in which they are written.
using Json = nlohmann::ordered_json;

/// Makes an object with room for so many keys: where one grows, all that is in it is copied.
inline Json::object_t* object_of(Json& json, std::size_t keys) {
  json = Json::object();
  auto* const object = json.get_ptr<Json::object_t*>();
  object->reserve(keys);
  return object;
}

inline Json text_of(const Bilingual& text) {
  return {{"en", text.en}, {"ja", text.ja}};
}

}  // namespace sekimori::report
