#include "context.h"

#include <cmath>

namespace sekimori::report {
namespace {

constexpr std::int64_t kMicrosecond = 1000;  // nanoseconds
constexpr double kMicrosecondsASecond = 1e6;

Json frame_of(const std::string& text) {
  const auto colon = text.find(':');
  return {{"capture", std::stoll(text.substr(0, colon))},
          {"frame", std::stoll(text.substr(colon + 1))}};
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

Json plain_value(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return nullptr;
    case Value::Kind::integer:
      return value.integer;
    case Value::Kind::real:
      return value.real;
    case Value::Kind::text:
      return value.text;
  }
  return nullptr;
}

Json value_of(std::string_view kind, const Value& value, const Words& words) {
  if (kind == "list") return list_of(value.as_text());
  if (kind == "reason") return text_of(words.reason(value.as_text()));
  if (kind == "severity")
    return value.is_null() ? "" : severity_of_rank(static_cast<int>(value.as_integer()));
  if (value.is_null()) return nullptr;
  if (kind == "time") return utc(value.as_integer());
  if (kind == "seconds") return utc_of_seconds(value.as_real());
  if (kind == "flag") return value.as_integer() != 0;
  if (kind == "frame") return frame_of(value.as_text());
  return plain_value(value);
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
  while (list.size() < most && rows.step()) {
    Json row = Json::object();
    for (int column = 0; column < rows.columns(); ++column) {
      const auto name = rows.column_name(column);
      const auto colon = name.find(':');
      const auto kind = colon == std::string::npos ? std::string{} : name.substr(0, colon);
      const auto key = colon == std::string::npos ? name : name.substr(colon + 1);
      row[key] = value_of(kind, rows.value(column), words);
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json bounded(const Plant& plant, const std::string& table, const std::string& select,
             std::size_t most) {
  auto count = plant.model.prepare("SELECT COUNT(*) FROM " + table);
  count.step();
  auto rows = plant.model.prepare(select);
  Json section;
  section["total"] = count.integer(0);
  section["rows"] = rows_of(rows, plant.words, most);
  return section;
}

}  // namespace sekimori::report
