// The figures of last time beside those of today.

#include "sekimori/report/previous.h"

#include "sekimori/bytes/input_error.h"

#include "same_system.h"

#include <string>

namespace sekimori {
namespace {

using report::Json;

/// Null where they were not of one question set, or nobody had answered.
Json figures(const Json& older, const Json& newer) {
  const auto& set = older.at("scope").at("questionnaire");
  if (set.at("id") != newer.at("scope").at("questionnaire").at("id")) return nullptr;
  const auto& score = older.at("summary").at("score");
  if (score.is_null()) return nullptr;
  Json json{{"revision", set.at("revision")}};
  for (const auto* const key : {"claimed", "claimed_most", "claimed_percent", "adjusted",
                                "adjusted_most", "adjusted_percent", "rating"})
    json[key] = score.at(key);
  json["areas"] = Json::array();
  for (const auto& area : older.at("summary").at("areas")) {
    Json row;
    for (const auto* const key :
         {"id", "claimed", "claimed_most", "adjusted", "adjusted_most", "percent"})
      row[key] = area.at(key);
    json["areas"].push_back(std::move(row));
  }
  return json;
}

std::string cover(const Json& of, const char* id) {
  for (const auto& field : of.at("scope").at("cover"))
    if (field.at("id") == id) return field.at("value");
  return "";
}

/// What of the older report is about this system; null where nothing is.
const Json* same_system(const Json& older, const Json& system) {
  if (!older.contains("systems")) {
    const auto name = cover(older, "system");
    for (const auto& [language, ours] : system.at("name").items())
      if (ours == name) return &older;
    return nullptr;
  }
  for (const auto& each : older["systems"])
    if (report::is_same_system(each, system)) return &each;
  return nullptr;
}

}  // namespace

void add_previous(Json& report, const Json& older, std::string_view file) {
  const std::string name{file};
  try {
    bool found = false;
    const auto put = [&](Json& into, const Json& from) {
      auto before = figures(from, into);
      if (before.is_null()) return;
      into["summary"]["previous"] = std::move(before);
      found = true;
    };
    if (report.contains("systems")) {
      for (auto& system : report["systems"])
        if (const auto* const before = same_system(older, system)) put(system, *before);
      const auto& first = report["systems"].front()["summary"];
      if (first.contains("previous")) report["summary"]["previous"] = first["previous"];
      if (!found)
        throw InputError(name, "tells of none of the systems, with answers to the same set");
      return;
    }
    if (older.contains("systems"))
      throw InputError(name,
                       "tells several systems apart, and here one sheet is for all of the site");
    put(report, older);
    if (!found) throw InputError(name, "has no answers to this question set to compare with");
  } catch (const nlohmann::json::exception& error) {
    throw InputError(name, std::string{"no whole report: "} + error.what());
  }
}

}  // namespace sekimori
