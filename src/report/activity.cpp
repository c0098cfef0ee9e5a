// What happened: who talked with whom, what was asked of whom, and what else was heard.

#include "context.h"

#include <cstdint>

namespace sekimori::report {

Json conversations_section(const Plant& plant) {
  // Where not all of them fit, the gravest are kept, then those that cross a border.
  constexpr std::string_view kOrder =
      " ORDER BY COALESCE(w.severity, 0) DESC, COALESCE(t.crosses, 0) DESC, t.conversation";
  return bounded(
      plant, "talk",
      "WITH worst AS (SELECT conversation, MAX(" + std::string{kRank} +
          ") AS severity, COUNT(*) AS findings FROM finding WHERE conversation IS NOT NULL GROUP "
          "BY conversation), " +
          chosen("t.conversation", "talk t LEFT JOIN worst w USING (conversation)", kOrder,
                 kMostConversations) +
          " SELECT t.conversation, t.client AS client_asset, COALESCE(t.client_name, '') AS "
          "client, "
          "COALESCE(t.client_ip, t.client_mac, '') AS client_address, COALESCE(t.client_zone_name, "
          "'') AS client_zone, t.server AS server_asset, COALESCE(t.server_name, '') AS server, "
          "COALESCE(t.server_ip, t.server_mac, '') AS server_address, COALESCE(t.server_zone_name, "
          "'') AS server_zone, d.conduit, t.transport, t.number AS port, t.protocol, t.service, "
          "t.segment, COALESCE((SELECT GROUP_CONCAT(DISTINCT o.access) FROM operation o WHERE "
          "o.conversation = t.conversation), '') AS \"list:access\", t.attempted, t.established, "
          "t.refused, t.unanswered, t.packets, t.bytes, t.strength, t.encrypted AS "
          "\"flag:encrypted\", t.excepted AS \"flag:excepted\", w.severity AS "
          "\"severity:severity\", COALESCE(w.findings, 0) AS findings, t.first_seen AS "
          "\"seconds:first_seen\", t.last_seen AS \"seconds:last_seen\", t.capture || ':' || "
          "t.frame AS \"frame:evidence\" FROM chosen CROSS JOIN talk t USING (conversation) LEFT "
          "JOIN worst w USING (conversation) LEFT JOIN conduit d ON d.from_zone = t.client_zone "
          "AND d.to_zone = t.server_zone" +
          std::string{kOrder},
      kMostConversations);
}

Json operations_section(const Plant& plant) {
  auto by_access = plant.model.prepare(
      "SELECT access, COUNT(*) AS operations, SUM(requests) AS requests, SUM(executed) AS "
      "executed, SUM(rejected) AS rejected, SUM(o.unanswered) AS unanswered, SUM(unconfirmed) AS "
      "unconfirmed FROM operation o JOIN conversation c USING (conversation) "
      "WHERE c.copy_of IS NULL GROUP BY access ORDER BY access");
  Json section;
  section["by_access"] = rows_of(by_access, plant.words);
  std::int64_t total = 0;
  for (const auto& row : section["by_access"]) total += row["operations"].get<std::int64_t>();
  constexpr std::string_view kOrder =
      " ORDER BY changes DESC, COALESCE(crosses, 0) DESC, access, operation_protocol, client_name, "
      "server_name, code, operation";
  auto listed = bounded(
      plant, total,
      "WITH " + chosen("operation", "action", kOrder, kMostRows) +
          " SELECT conversation, client AS client_asset, COALESCE(client_name, '') AS client, "
          "COALESCE(client_zone_name, '') AS client_zone, "
          "COALESCE(server_name, '') AS "
          "server, server AS server_asset, COALESCE(server_zone_name, '') AS server_zone, "
          "operation_protocol AS protocol, "
          "code, operation_name AS name, access, target, sender, requests, executed, rejected, "
          "operation_unanswered AS unanswered, unconfirmed, changes AS \"flag:changes\", "
          "COALESCE(crosses, 0) AS \"flag:crosses\", operation_first_seen AS "
          "\"seconds:first_seen\", operation_last_seen AS \"seconds:last_seen\", "
          "operation_capture || ':' || operation_frame AS \"frame:evidence\" "
          "FROM chosen CROSS JOIN action USING (operation)" +
          std::string{kOrder});
  section["total"] = listed["total"];
  section["rows"] = std::move(listed["rows"]);
  return section;
}

Json events_section(const Plant& plant) {
  constexpr std::string_view kOrder = " ORDER BY e.kind = 'version', e.first_ns, e.event";
  return bounded(
      plant, "event",
      "WITH " + chosen("event", "event e", kOrder, kMostRows) +
          " SELECT e.event, e.kind, e.conversation, e.asset, COALESCE(a.name, '') AS name, "
          "e.detail, "
          "e.count, e.first_seen AS \"seconds:first_seen\", e.last_seen AS \"seconds:last_seen\", "
          "e.capture || ':' || e.frame AS \"frame:evidence\" FROM chosen CROSS JOIN event e USING "
          "(event) LEFT JOIN asset a USING (asset)" +
          std::string{kOrder});
}

}  // namespace sekimori::report
