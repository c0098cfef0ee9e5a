// The report as a workbook, for those who sort, mark and hand on.

#include "sekimori/bytes/workbook.h"
#include "sekimori/report/tables.h"

#include "context.h"
#include "model_tables.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sekimori {
namespace {

using report::Json;

constexpr double kNarrow = 14;
constexpr double kWide = 50;

/// A value in the report's languages, on one line.
std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "\xe2\x9c\x93" : "";
  if (value.is_object() && (value.contains("en") || value.contains("ja"))) {
    std::string joined;
    for (const auto* const language : {"ja", "en"})
      if (value.contains(language) && value[language] != joined)
        joined += (joined.empty() ? "" : " / ") + value[language].get<std::string>();
    return joined;
  }
  if (!value.is_array()) return value.dump();
  std::string joined;
  for (const auto& each : value) joined += (joined.empty() ? "" : ", ") + text_of(each);
  return joined;
}

/// A column of a sheet that is made of the report: its heading, its key, and the group of the
/// legend that says what the value is called.
struct Column {
  std::string_view label, key;
  std::string_view legend = "";
  double width = kNarrow;
};

}  // namespace

class ReportWorkbook::Writer {
 public:
  Writer(Database& model, Language language, const std::filesystem::path& path,
         const std::filesystem::path& called, std::uint32_t most_rows)
      : book_(path, called), most_rows_(most_rows), language_(language) {
    Json legend{{"zone", report::legend_of_zones(model)}};
    keep_language(legend, language);
    zones_ = std::move(legend["zone"]);
    table(model, "assets", report::kAssets, "assets.csv");
    table(model, "conversation_list", report::kConversations, "conversations.csv");
  }

  void finish(const Json& report) {
    report_ = &report;
    list("zone_connections", report_->at("network").at("conduits").at("rows"),
         {{"from", "from", "zone", 20},
          {"to", "to", "zone", 20},
          {"conversations", "conversations"},
          {"services", "services"},
          {"protocols", "protocols", "", 30},
          {"packets", "packets"},
          {"bytes", "bytes"},
          {"two_way", "two_way"},
          {"controls", "controls"},
          {"first_seen", "first_seen", "", 28},
          {"last_seen", "last_seen", "", 28}});
    list("findings", report_->at("findings"),
         {{"finding", "id"},
          {"severity", "severity", "severity"},
          {"subject", "subject", "", 30},
          {"findings", "text", "", kWide},
          {"why", "why", "", kWide},
          {"remedy", "remedy", "", kWide},
          {"standards", "standards", "", 30},
          {"strength", "strength"},
          {"count", "count"},
          {"first_seen", "first_seen", "", 28},
          {"last_seen", "last_seen", "", 28},
          {"command", "command", "", kWide}});
    questionnaire();
    book_.close();
  }

 private:
  /// Of each system, where several are assessed apart.
  void questionnaire() {
    list("questions", of_systems("questions"),
         with_system({{"question", "id"},
                      {"area", "area"},
                      {"questions", "text", "", kWide},
                      {"criterion", "criterion", "", kWide},
                      {"weight", "weight"},
                      {"claimed", "claimed", "answer"},
                      {"adjusted", "adjusted", "answer"},
                      {"after", "after", "answer"},
                      {"verdict", "verdict", "verdict", 24},
                      {"note", "note", "", kWide},
                      {"memo", "memo", "", 30}}));
    list("plan", of_systems("plan", "steps"),
         with_system({{"question", "question"},
                      {"area", "area"},
                      {"questions", "text", "", kWide},
                      {"claimed", "claimed", "answer"},
                      {"adjusted", "adjusted", "answer"},
                      {"target", "target", "answer"},
                      {"gain", "gain"},
                      {"per_effort", "per_effort"},
                      {"fix", "fix", "fix", 24},
                      {"difficulty", "difficulty", "difficulty"},
                      {"obstacle", "obstacle", "obstacle", 24},
                      {"planned", "planned"},
                      {"easy", "easy"},
                      {"contradicted_fix", "contradicted"},
                      {"memo", "memo", "", 30}}));
    list("areas", areas(),
         with_system({{"area", "id"},
                      {"name", "title", "", kWide},
                      {"most", "most"},
                      {"claimed", "claimed"},
                      {"adjusted", "adjusted"},
                      {"lost", "lost"},
                      {"percent", "percent"},
                      {"after_percent", "after_percent"},
                      {"previous_percent", "previous", "", 18},
                      {"rating", "rating", "rating"}}));
    if (report_->contains("systems"))
      list("systems", systems(),
           {{"system", "system"},
            {"name", "name", "", 30},
            {"kind", "kind", "system_kind", 24},
            {"zones", "zones", "zone", 30},
            {"captures", "captures"},
            {"claimed", "claimed"},
            {"adjusted", "adjusted"},
            {"percent", "adjusted_percent"},
            {"rating", "rating", "rating"},
            {"previous_percent", "previous", "", 18},
            {"contradictions", "contradictions"}});
    committees();
  }

  /// The systems, or the whole report where there are none.
  [[nodiscard]] std::vector<const Json*> parts() const {
    std::vector<const Json*> all;
    const auto systems = report_->find("systems");
    if (systems == report_->end())
      all.push_back(report_);
    else
      for (const auto& system : *systems) all.push_back(&system);
    return all;
  }

  [[nodiscard]] std::vector<Column> with_system(std::vector<Column> columns) const {
    if (report_->contains("systems"))
      columns.insert(columns.begin(), {"system", "system_name", "", 24});
    return columns;
  }

  /// The rows of every system, each with the system's name and its own words.
  [[nodiscard]] Json of_systems(const char* section, const char* key = nullptr) const {
    auto all = Json::array();
    for (const auto* const part : parts()) {
      for (auto row : key == nullptr ? part->at(section) : part->at(section).at(key)) {
        if (part != report_) {
          row["system_name"] = part->at("name");
          say_as(part->at("legend"), row);
        }
        all.push_back(std::move(row));
      }
    }
    return all;
  }

  /// Systems may be judged by different sets, each with words of its own.
  static void say_as(const Json& legend, Json& row) {
    for (const auto& [cell, group] :
         {std::pair{"claimed", "answer"}, std::pair{"adjusted", "answer"},
          std::pair{"after", "answer"}, std::pair{"target", "answer"}, std::pair{"fix", "fix"},
          std::pair{"difficulty", "difficulty"}, std::pair{"obstacle", "obstacle"}}) {
      const auto found = row.find(cell);
      if (found == row.end() || !found->is_string()) continue;
      const auto& words = legend.at(group);
      const auto word = words.find(found->get<std::string>());
      if (word != words.end()) *found = *word;
    }
  }

  [[nodiscard]] Json areas() const {
    auto all = of_systems("summary", "areas");
    for (auto& row : all) row["previous"] = nullptr;
    std::size_t at = 0;
    for (const auto* const part : parts()) {
      const auto& summary = part->at("summary");
      for (const auto& area : summary.at("areas")) {
        auto& row = all.at(at++);
        if (!summary.contains("previous")) continue;
        for (const auto& before : summary["previous"].at("areas"))
          if (before.at("id") == area.at("id")) row["previous"] = before.at("percent");
      }
    }
    return all;
  }

  [[nodiscard]] Json systems() const {
    auto all = Json::array();
    for (const auto* const part : parts()) {
      const auto& summary = part->at("summary");
      Json row{{"system", part->at("system")},
               {"name", part->at("name")},
               {"kind", part->at("kind")},
               {"zones", part->at("zones")},
               {"captures", part->at("captures")}};
      for (const auto* const key : {"claimed", "adjusted", "adjusted_percent", "rating"})
        row[key] = summary.at("score").is_null() ? Json(nullptr) : summary.at("score").at(key);
      row["previous"] = summary.contains("previous") ? summary.at("previous").at("adjusted_percent")
                                                     : Json(nullptr);
      row["contradictions"] = part->at("contradictions").size();
      all.push_back(std::move(row));
    }
    return all;
  }

  /// A sheet for each committee, a column for each member.
  void committees() {
    for (const auto* const part : parts()) {
      const auto committee = part->find("committee");
      if (committee == part->end()) continue;
      const auto& members = committee->at("members");
      std::vector<std::string> keys;
      for (std::size_t i = 0; i < members.size(); ++i)
        keys.push_back("member " + std::to_string(i));
      auto rows = committee->at("questions");
      for (auto& row : rows)
        for (std::size_t i = 0; i < keys.size(); ++i) row[keys[i]] = row.at("answers").at(i);
      std::vector<Column> columns{{"question", "question"}, {"consensus", "consensus", "answer"}};
      for (const auto& key : keys) columns.push_back({"", key, "answer"});
      columns.push_back({"agreement", "agreement", "agreement", 24});
      columns.push_back({"moved", "moved"});
      auto name = label("committee");
      if (part != report_) name += ' ' + text_of(part->at("name"));
      list_as(name, rows, columns, members);
    }
  }

  [[nodiscard]] std::string label(std::string_view key) const {
    return in_line(words_.label(key), language_);
  }

  static void put(Workbook::Sheet& sheet, std::uint32_t row, std::uint16_t column,
                  const Json& value) {
    if (value.is_number())
      sheet.number(row, column, value.get<double>());
    else
      sheet.text(row, column, text_of(value));
  }

  /// A table of the model, by its own names of columns; `whole` is the file that has all of it.
  void table(Database& model, std::string_view name, std::string_view query,
             std::string_view whole) {
    auto sheet = book_.add(label(name));
    std::uint16_t columns = 0;
    std::uint32_t row = 0;
    std::vector<bool> zones;
    report::read_table(
        model, std::string{query} + " LIMIT " + std::to_string(most_rows_ + 1),
        [&](const std::vector<std::string>& names) {
          for (const auto& each : names) {
            zones.push_back(each == "zone" || each.ends_with("_zone"));
            sheet.width(columns, 18);
            sheet.text(0, columns++, each, CellStyle::header);
          }
        },
        [&](const std::vector<Value>& values) {
          if (row == most_rows_) {
            sheet.text(row + 1, 0, label("more_rows_in") + ' ' + std::string{whole});
            return;
          }
          ++row;
          for (std::uint16_t i = 0; i < columns; ++i) {
            const auto& value = values[i];
            if (value.kind == Value::Kind::integer || value.kind == Value::Kind::real)
              sheet.number(row, i, value.as_real());
            else if (!value.is_null())
              sheet.text(row, i, zones[i] ? zone_called(value.text) : value.text);
          }
        });
    end(sheet, row, columns);
  }

  /// What a sheet says of a zone; few are said often.
  const std::string& zone_called(const std::string& zone) {
    const auto [said, is_new] = said_zones_.try_emplace(zone);
    if (is_new) said->second = text_of(called_by(zones_, zone));
    return said->second;
  }

  void list(std::string_view name, const Json& rows, const std::vector<Column>& columns) {
    list_as(label(name), rows, columns);
  }

  /// Columns without a label are headed by `titles`, one after the other.
  void list_as(const std::string& name, const Json& rows, const std::vector<Column>& columns,
               const Json& titles = {}) {
    auto sheet = book_.add(name);
    std::uint16_t at = 0;
    std::size_t untitled = 0;
    for (const auto& column : columns) {
      sheet.width(at, column.width);
      sheet.text(0, at++,
                 column.label.empty() ? text_of(titles.at(untitled++)) : label(column.label),
                 CellStyle::header);
    }
    std::uint32_t row = 0;
    for (const auto& line : rows) {
      if (row == most_rows_) break;
      ++row;
      at = 0;
      for (const auto& column : columns)
        put(sheet, row, at++, called(line.at(std::string{column.key}), column));
    }
    end(sheet, row, at);
  }

  /// What the legend calls a code; the value itself where it has no word for it.
  [[nodiscard]] Json called(const Json& value, const Column& column) const {
    if (column.legend.empty()) return value;
    if (value.is_array()) {
      auto all = Json::array();
      for (const auto& each : value) all.push_back(called(each, column));
      return all;
    }
    if (!value.is_string()) return value;
    return called_by(report_->at("legend").at(std::string{column.legend}), value);
  }

  static Json called_by(const Json& legend, const Json& value) {
    const auto found = legend.find(value.get<std::string>());
    return found == legend.end() ? value : *found;
  }

  static void end(Workbook::Sheet& sheet, std::uint32_t last_row, std::uint16_t columns) {
    sheet.freeze(1, 1);
    if (columns > 0)
      sheet.filter(std::max<std::uint32_t>(last_row, 1), static_cast<std::uint16_t>(columns - 1));
  }

  Workbook book_;
  std::uint32_t most_rows_;
  report::Words words_;
  Language language_;
  Json zones_;  ///< what they are called
  std::unordered_map<std::string, std::string> said_zones_;
  const Json* report_ = nullptr;
};

ReportWorkbook::ReportWorkbook(Database& model, Language language,
                               const std::filesystem::path& path,
                               const std::filesystem::path& called, std::uint32_t most_rows)
    : writer_(std::make_unique<Writer>(model, language, path, called, most_rows)) {}
ReportWorkbook::~ReportWorkbook() = default;
ReportWorkbook::ReportWorkbook(ReportWorkbook&&) noexcept = default;
ReportWorkbook& ReportWorkbook::operator=(ReportWorkbook&&) noexcept = default;

void ReportWorkbook::finish(const nlohmann::ordered_json& report) {
  writer_->finish(report);
}

}  // namespace sekimori
