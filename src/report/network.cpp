// What is there: zones and what lies between them, assets, services, operations.

#include "context.h"

namespace sekimori::report {
namespace {

Json zones(const Plant& plant) {
  auto rows = plant.model.prepare(
      "SELECT z.zone, z.name, z.kind, z.side, z.level, z.declared AS \"flag:declared\", "
      "z.confidence, z.reason AS \"reason:reason\", COALESCE(a.assets, 0) AS assets FROM zone z "
      "LEFT JOIN (SELECT zone, COUNT(*) AS assets FROM asset GROUP BY zone) a USING (zone) ORDER "
      "BY "
      "z.zone");
  return rows_of(rows, plant.words);
}

Json conduits(const Plant& plant) {
  return bounded(
      plant, "conduit",
      "WITH worst AS (SELECT d.conduit, MAX(" + std::string{kRank} +
          ") AS severity, COUNT(*) AS findings FROM finding f LEFT JOIN conversation t USING "
          "(conversation) JOIN conduit d ON d.from_zone = COALESCE(f.client_zone, t.client_zone) "
          "AND d.to_zone = COALESCE(f.server_zone, t.server_zone) GROUP BY d.conduit) "
          "SELECT c.conduit, c.from_zone, f.name AS \"from\", c.to_zone, t.name AS \"to\", "
          "c.conversations, c.services, c.protocols AS \"list:protocols\", c.packets, c.bytes, "
          "c.two_way, c.controls, w.severity AS \"severity:severity\", COALESCE(w.findings, 0) AS "
          "findings, c.first_seen AS \"seconds:first_seen\", c.last_seen AS "
          "\"seconds:last_seen\", c.capture || ':' || c.frame AS \"frame:evidence\" FROM conduit c "
          "LEFT JOIN zone f ON f.zone = c.from_zone LEFT JOIN zone t ON t.zone = c.to_zone LEFT "
          "JOIN worst w USING (conduit) ORDER BY c.conduit");
}

/// The model keeps signs as JSON: schema.sql, table wall.
Json signs_of(const Words& words, const std::string& text) {
  auto list = Json::array();
  const auto signs = Json::parse(text, nullptr, false);
  if (!signs.is_array()) return list;
  for (const auto& sign : signs) {
    if (!sign.is_object()) continue;
    Json told;
    const auto name = sign.value("sign", std::string{});
    told["sign"] = name;
    told["title"] = text_of(words.term("sign", name));
    told["count"] = sign.value("count", std::int64_t{0});
    told["detail"] = text_of(words.reason(sign.value("detail", std::string{})));
    told["evidence"] = nullptr;
    if (sign.contains("capture") && sign.contains("frame"))
      told["evidence"] = {{"capture", sign["capture"]}, {"frame", sign["frame"]}};
    list.push_back(std::move(told));
  }
  return list;
}

Json walls(const Plant& plant) {
  auto rows = plant.model.prepare(
      "SELECT w.from_zone, f.name AS \"from\", w.to_zone, t.name AS \"to\", w.verdict, "
      "w.confidence, w.signs FROM wall w "
      "LEFT JOIN zone f ON f.zone = w.from_zone LEFT JOIN zone t ON t.zone = w.to_zone "
      "ORDER BY w.from_zone, w.to_zone");
  auto list = rows_of(rows, plant.words);
  for (auto& wall : list) wall["signs"] = signs_of(plant.words, wall["signs"]);
  return list;
}

/// Puts the rows of `query` below the assets of `section`, asked for one after the other: a model
/// may have a hundred times as many assets as are listed.
void attach(const Plant& plant, Json& section, const std::string& key, const std::string& query) {
  auto rows = plant.model.prepare(query);
  for (auto& asset : section["rows"]) {
    rows.bind(1, asset["asset"].get<std::int64_t>());
    asset[key] = rows_of(rows, plant.words);
    rows.reset();
  }
}

}  // namespace

Json network_section(const Plant& plant) {
  Json section;
  section["zones"] = zones(plant);
  section["conduits"] = conduits(plant);
  section["walls"] = walls(plant);
  return section;
}

Json assets_section(const Plant& plant) {
  constexpr std::string_view kOrder =
      " ORDER BY a.kind = 'group', a.kind = 'external', a.zone IS NULL, a.zone, a.asset";
  auto section = bounded(
      plant, "asset",
      "WITH named AS (SELECT client AS asset, finding, severity FROM finding UNION SELECT server, "
      "finding, severity FROM finding UNION SELECT asset, finding, severity FROM finding), worst "
      "AS (SELECT asset, MAX(" +
          std::string{kRank} +
          ") AS severity, COUNT(*) AS findings FROM named WHERE asset IS NOT NULL GROUP BY "
          "asset), " +
          chosen("asset", "asset a", kOrder, kMostRows) +
          " SELECT a.asset, a.kind, a.name, a.role, a.role_confidence, a.role_reason AS "
          "\"reason:role_reason\", a.level, a.level_confidence, a.level_reason AS "
          "\"reason:level_reason\", a.zone AS zone_id, COALESCE(z.name, '') AS zone, "
          "a.zone_confidence, a.zone_reason AS "
          "\"reason:zone_reason\", a.vendor, a.model, a.firmware, a.serial, a.os, w.severity AS "
          "\"severity:severity\", COALESCE(w.findings, 0) AS findings, a.first_seen AS "
          "\"seconds:first_seen\", a.last_seen AS \"seconds:last_seen\", a.capture || ':' || "
          "a.frame "
          "AS \"frame:evidence\" FROM chosen CROSS JOIN asset a USING (asset) LEFT JOIN zone z ON "
          "z.zone = a.zone LEFT JOIN worst w USING (asset)" +
          std::string{kOrder});
  attach(plant, section, "addresses",
         "SELECT mac, ip, segment, on_link AS \"flag:on_link\" FROM address WHERE asset = ? "
         "ORDER BY ip, mac, segment");
  // The same word of one asset, heard in several segments or of several addresses, is told once.
  attach(plant, section, "properties",
         "SELECT name, value, source, confidence, count, capture || ':' || frame AS "
         "\"frame:evidence\" FROM (SELECT name, value, source, confidence, SUM(count) AS "
         "count, capture, frame, MIN(first_ns) FROM property WHERE asset = ? "
         "GROUP BY name, value, source, confidence) "
         "ORDER BY name, confidence DESC, value, source");
  return section;
}

Json services_section(const Plant& plant) {
  constexpr std::string_view kOrder = " ORDER BY s.asset, s.transport, s.port, s.protocol";
  return bounded(
      plant, "service",
      "SELECT s.asset, a.name, COALESCE(z.name, '') AS zone, s.transport, s.port, s.protocol, "
      "s.confidence, s.encrypted AS \"flag:encrypted\", s.clients, s.strength, s.capture || ':' "
      "|| s.frame AS \"frame:evidence\" FROM (SELECT * FROM service s" +
          std::string{kOrder} + " LIMIT " + std::to_string(kMostRows) +
          ") s JOIN asset a ON a.asset = s.asset LEFT JOIN zone z ON z.zone = a.zone" +
          std::string{kOrder});
}

}  // namespace sekimori::report
