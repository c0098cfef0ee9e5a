#include "context.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <vector>

namespace sekimori::report {
namespace {

constexpr std::int64_t kMicrosecond = 1000;  // nanoseconds
constexpr double kMicrosecondsASecond = 1e6;

std::int64_t whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{}) throw Error("not a number: \"" + std::string{text} + '"');
  return number;
}

Json frame_of(std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size());
  Json frame;
  auto* const object = object_of(frame, 2);
  object->emplace_back("capture", whole_number(text.substr(0, colon)));
  object->emplace_back("frame", whole_number(text.substr(std::min(colon + 1, text.size()))));
  return frame;
}

Json list_of(std::string_view text) {
  auto list = Json::array();
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    list.push_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return list;
}

Json plain_value(const Statement& row, int column) {
  switch (row.kind(column)) {
    case Value::Kind::null:
      return nullptr;
    case Value::Kind::integer:
      return row.integer(column);
    case Value::Kind::real:
      return row.real(column);
    case Value::Kind::text:
      return row.view(column);
  }
  return nullptr;
}

/// A column of a query: what its name says before a colon, and its key.
struct Column {
  std::string kind, key;
};

std::vector<Column> columns_of(const Statement& rows) {
  std::vector<Column> columns;
  for (int column = 0; column < rows.columns(); ++column) {
    const auto name = rows.column_name(column);
    const auto colon = name.find(':');
    columns.push_back(colon == std::string::npos
                          ? Column{"", name}
                          : Column{name.substr(0, colon), name.substr(colon + 1)});
  }
  return columns;
}

Json value_of(std::string_view kind, const Statement& row, int column, const Words& words) {
  if (kind.empty()) return plain_value(row, column);
  if (kind == "list") return list_of(row.view(column));
  if (kind == "reason") return text_of(words.reason(row.text(column)));
  if (kind == "severity")
    return row.is_null(column) ? "" : severity_of_rank(static_cast<int>(row.integer(column)));
  if (row.is_null(column)) return nullptr;
  if (kind == "time") return utc(row.integer(column));
  if (kind == "seconds") return utc_of_seconds(row.real(column));
  if (kind == "flag") return row.integer(column) != 0;
  if (kind == "frame") return frame_of(row.view(column));
  return plain_value(row, column);
}

}  // namespace

std::string utc_of_seconds(double seconds) {
  return utc(std::llround(seconds * kMicrosecondsASecond) * kMicrosecond);
}

int rank_of(std::string_view severity) {
  for (const auto each :
       {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical})
    if (to_text(each) == severity) return static_cast<int>(each) + 1;
  return 1;
}

std::string_view severity_of_rank(int rank) {
  return to_text(static_cast<Severity>(rank - 1));
}

Json rows_of(Statement& rows, const Words& words, std::size_t most) {
  auto list = Json::array();
  const auto columns = columns_of(rows);
  while (list.size() < most && rows.step()) {
    Json row;
    auto* const object = object_of(row, columns.size());
    int at = 0;
    for (const auto& [kind, key] : columns)
      object->emplace_back(key, value_of(kind, rows, at++, words));
    list.push_back(std::move(row));
  }
  return list;
}

std::string chosen(const std::string& key, const std::string& tables, std::string_view order,
                   std::size_t most) {
  return "chosen AS (SELECT " + key + " FROM " + tables + std::string{order} + " LIMIT " +
         std::to_string(most) + ')';
}

Json bounded(const Plant& plant, const std::string& table, const std::string& select,
             std::size_t most) {
  auto count = plant.model.prepare("SELECT COUNT(*) FROM " + table);
  count.step();
  return bounded(plant, count.integer(0), select, most);
}

Json bounded(const Plant& plant, std::int64_t total, const std::string& select, std::size_t most) {
  auto rows = plant.model.prepare(select);
  Json section;
  section["total"] = total;
  section["rows"] = rows_of(rows, plant.words, most);
  return section;
}

}  // namespace sekimori::report
