// CSV for spreadsheets. What a device calls itself may look like a formula; a quote in front of it
// makes it text.

#include "sekimori/report/tables.h"

#include "sekimori/bytes/csv.h"

#include "context.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";  // so that Excel reads UTF-8

/// Numbers are the program's own and stay numbers.
std::string cell(const Value& value) {
  if (value.kind != Value::Kind::text) return value.as_text();
  return csv_cell(value.as_text());
}

/// A column named `time:x` holds nanoseconds.
std::string csv(Database& model, std::string_view query) {
  constexpr std::string_view kTime = "time:";
  auto rows = model.prepare(query);
  std::string text{kMark};
  std::vector<bool> times;
  for (int column = 0; column < rows.columns(); ++column) {
    auto name = rows.column_name(column);
    times.push_back(name.starts_with(kTime));
    if (times.back()) name.erase(0, kTime.size());
    text += (column == 0 ? "" : ",") + name;
  }
  text += "\r\n";
  while (rows.step()) {
    for (int column = 0; column < rows.columns(); ++column) {
      if (column > 0) text += ',';
      const auto value = rows.value(column);
      if (times[static_cast<std::size_t>(column)] && !value.is_null())
        text += utc(value.as_integer());
      else
        text += cell(value);
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace

std::string assets_csv(Database& model) {
  // A derived row has its times as REAL: to the microsecond.
  return csv(
      model,
      "SELECT a.asset, a.kind, a.name, a.role, a.role_confidence, a.level, z.name AS zone, "
      "z.kind AS zone_kind, a.zone_confidence, "
      "(SELECT group_concat(ip, ' ') FROM (SELECT DISTINCT ip FROM address d WHERE d.asset = "
      "a.asset AND ip <> '' ORDER BY ip)) AS ip, "
      "(SELECT group_concat(mac, ' ') FROM (SELECT DISTINCT mac FROM address d WHERE d.asset "
      "= a.asset AND COALESCE(on_link, 1) = 1 AND mac <> '' ORDER BY mac)) AS mac, "
      "(SELECT group_concat(segment, ' ') FROM (SELECT DISTINCT segment FROM address d WHERE "
      "d.asset = a.asset AND segment <> '' ORDER BY segment)) AS segment, "
      "a.vendor, a.model, a.firmware, a.serial, a.os, a.role_reason, a.zone_reason, "
      "CAST(ROUND(a.first_seen * 1e6) AS INTEGER) * 1000 AS \"time:first_seen\", "
      "CAST(ROUND(a.last_seen * 1e6) AS INTEGER) * 1000 AS \"time:last_seen\", "
      "a.capture, a.frame FROM asset a LEFT JOIN zone z ON z.zone = a.zone "
      "ORDER BY a.asset");
}

std::string conversations_csv(Database& model) {
  return csv(
      model,
      "SELECT c.conversation, ca.name AS client, c.client_ip, c.client_mac, cz.name AS "
      "client_zone, sa.name AS server, c.server_ip, c.server_mac, sz.name AS server_zone, "
      "c.transport, c.number AS port, c.protocol, c.segment, c.direction_reason, "
      "c.attempted, c.established, c.refused, c.unanswered, c.resumed, c.packets, c.bytes, "
      "c.client_packets, c.server_packets, c.client_bytes, c.server_bytes, c.strength, "
      "c.encrypted, c.copy_of, c.first_ns AS \"time:first_seen\", c.last_ns AS "
      "\"time:last_seen\", c.capture, c.frame, c.last_capture, c.last_frame "
      "FROM conversation c LEFT JOIN asset ca ON ca.asset = c.client LEFT JOIN asset sa ON "
      "sa.asset = c.server LEFT JOIN zone cz ON cz.zone = c.client_zone LEFT JOIN zone sz ON "
      "sz.zone = c.server_zone ORDER BY c.conversation");
}

}  // namespace sekimori
