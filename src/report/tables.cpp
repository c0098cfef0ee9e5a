// CSV for spreadsheets. What a device calls itself may look like a formula; a quote in front of it
// makes it text.

#include "sekimori/report/tables.h"

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/utc.h"

#include "context.h"
#include "model_tables.h"

#include <functional>
#include <utility>
#include <vector>

namespace sekimori {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";  // so that Excel reads UTF-8

/// A column named `time:x` holds nanoseconds.
struct TableColumns {
  explicit TableColumns(const Statement& rows) {
    constexpr std::string_view kTime = "time:";
    for (int column = 0; column < rows.columns(); ++column) {
      names.push_back(rows.column_name(column));
      times.push_back(names.back().starts_with(kTime));
      if (times.back()) names.back().erase(0, kTime.size());
    }
  }

  std::vector<std::string> names;
  std::vector<bool> times;
};

/// Numbers are the program's own and stay numbers.
void add_cell(std::string& text, const Statement& rows, int column, bool is_time) {
  const auto cell = rows.look(column);
  switch (cell.kind) {
    case Value::Kind::null:
      return;
    case Value::Kind::integer:
      text += is_time ? utc(cell.integer) : std::to_string(cell.integer);
      return;
    case Value::Kind::real:
      text += rows.value(column).as_text();
      return;
    case Value::Kind::text:
      if (is_plain_csv(cell.text))
        text += cell.text;
      else
        text += csv_cell(std::string{cell.text});
  }
}

void write_csv(Database& model, std::string_view query, const TextSink& sink) {
  constexpr std::size_t kPiece = 1 << 20;
  auto rows = model.prepare(query);
  const TableColumns columns{rows};
  std::string text{kMark};
  for (std::size_t i = 0; i < columns.names.size(); ++i)
    text += (i == 0 ? "" : ",") + columns.names[i];
  text += "\r\n";
  while (rows.step()) {
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
      if (i > 0) text += ',';
      add_cell(text, rows, static_cast<int>(i), columns.times[i]);
    }
    text += "\r\n";
    if (text.size() < kPiece) continue;
    sink(text);
    text.clear();
  }
  sink(text);
}

}  // namespace

namespace report {

void read_table(Database& model, std::string_view query,
                const std::function<void(const std::vector<std::string>&)>& head,
                const std::function<void(const std::vector<Value>&)>& line) {
  auto rows = model.prepare(query);
  const TableColumns columns{rows};
  head(columns.names);
  std::vector<Value> values(columns.names.size());
  while (rows.step()) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = rows.value(static_cast<int>(i));
      if (!columns.times[i] || values[i].is_null()) continue;
      Value time;
      time.kind = Value::Kind::text;
      time.text = utc(values[i].as_integer());
      values[i] = std::move(time);
    }
    line(values);
  }
}

// A derived row has its times as REAL: to the microsecond. Most assets have one address, whose
// parts need no sorting.
const std::string_view kAssets =
    "SELECT a.asset, a.kind, a.name, a.role, a.role_confidence, a.level, z.name AS zone, "
    "z.kind AS zone_kind, a.zone_confidence, "
    "CASE WHEN COUNT(o.asset) < 2 THEN NULLIF(MAX(o.ip), '') ELSE (SELECT group_concat(ip, ' ') "
    "FROM (SELECT DISTINCT ip FROM address d WHERE d.asset = a.asset AND ip <> '' ORDER BY ip)) "
    "END "
    "AS ip, "
    "CASE WHEN COUNT(o.asset) < 2 THEN CASE WHEN COALESCE(MAX(o.on_link), 1) = 1 THEN "
    "NULLIF(MAX(o.mac), '') END ELSE (SELECT group_concat(mac, ' ') FROM (SELECT DISTINCT mac FROM "
    "address d WHERE d.asset = a.asset AND COALESCE(on_link, 1) = 1 AND mac <> '' ORDER BY mac)) "
    "END "
    "AS mac, "
    "CASE WHEN COUNT(o.asset) < 2 THEN NULLIF(MAX(o.segment), '') ELSE (SELECT "
    "group_concat(segment, ' ') FROM (SELECT DISTINCT segment FROM address d WHERE d.asset = "
    "a.asset "
    "AND segment <> '' ORDER BY segment)) END AS segment, "
    "a.vendor, a.model, a.firmware, a.serial, a.os, a.role_reason, a.zone_reason, "
    "CAST(ROUND(a.first_seen * 1e6) AS INTEGER) * 1000 AS \"time:first_seen\", "
    "CAST(ROUND(a.last_seen * 1e6) AS INTEGER) * 1000 AS \"time:last_seen\", "
    "a.capture, a.frame FROM asset a LEFT JOIN zone z ON z.zone = a.zone "
    "LEFT JOIN address o ON o.asset = a.asset GROUP BY a.asset ORDER BY a.asset";

const std::string_view kConversations =
    "SELECT c.conversation, ca.name AS client, c.client_ip, c.client_mac, cz.name AS "
    "client_zone, sa.name AS server, c.server_ip, c.server_mac, sz.name AS server_zone, "
    "c.transport, c.number AS port, c.protocol, c.segment, c.direction_reason, "
    "c.attempted, c.established, c.refused, c.unanswered, c.resumed, c.packets, c.bytes, "
    "c.client_packets, c.server_packets, c.client_bytes, c.server_bytes, c.strength, "
    "c.encrypted, c.copy_of, c.first_ns AS \"time:first_seen\", c.last_ns AS "
    "\"time:last_seen\", c.capture, c.frame, c.last_capture, c.last_frame "
    "FROM conversation c LEFT JOIN asset ca ON ca.asset = c.client LEFT JOIN asset sa ON "
    "sa.asset = c.server LEFT JOIN zone cz ON cz.zone = c.client_zone LEFT JOIN zone sz ON "
    "sz.zone = c.server_zone ORDER BY c.conversation";

}  // namespace report

void write_assets_csv(Database& model, const TextSink& sink) {
  write_csv(model, report::kAssets, sink);
}

void write_conversations_csv(Database& model, const TextSink& sink) {
  write_csv(model, report::kConversations, sink);
}

}  // namespace sekimori
