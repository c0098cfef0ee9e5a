// The lists that a plant hands over beside its captures: what is meant to be there.

#include "sekimori/assess/plant_list.h"

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "list_cell.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargest = 16U << 20U;  // bytes of a list
using Need = ListColumn::Need;

constexpr auto kExceptions = std::to_array<ListColumn>({
    {"client", ListCell::host, Need::one_of},
    {"server", ListCell::host, Need::one_of},
    {"transport", ListCell::transport},
    {"port", ListCell::port},
    {"note"},
});
constexpr auto kAssets = std::to_array<ListColumn>({
    {"name", ListCell::text, Need::one_of},
    {"ip", ListCell::ip, Need::one_of},
    {"mac", ListCell::mac, Need::one_of},
    {"role"},
    {"kind"},
    {"vendor"},
    {"model"},
    {"firmware"},
    {"isolated", ListCell::truth},
    {"reviewed", ListCell::truth},
    {"note"},
});
constexpr auto kFlows = std::to_array<ListColumn>({
    {"client", ListCell::end, Need::one_of},
    {"server", ListCell::end, Need::one_of},
    {"transport", ListCell::transport},
    {"port", ListCell::port},
    {"protocol"},
    {"note"},
});
constexpr auto kPaths = std::to_array<ListColumn>({
    {"client", ListCell::end, Need::one_of},
    {"server", ListCell::end, Need::one_of},
    {"transport", ListCell::transport},
    {"port", ListCell::port},
    {"protocol"},
    {"kind"},
    {"hours", ListCell::hours},
    {"reviewed", ListCell::truth},
    {"note"},
});
constexpr auto kStations = std::to_array<ListColumn>({
    {"host", ListCell::end, Need::always},
    {"note"},
});
constexpr auto kParties = std::to_array<ListColumn>({
    {"name"},
    {"address", ListCell::block, Need::one_of},
    {"certificate", ListCell::text, Need::one_of},
    {"server_name", ListCell::text, Need::one_of},
    {"note"},
});
constexpr auto kChanges = std::to_array<ListColumn>({
    {"since", ListCell::since, Need::always},
    {"until", ListCell::until, Need::always},
    {"host", ListCell::end},
    {"kind", ListCell::change},
    {"what", ListCell::text, Need::always},
});
constexpr auto kApprovals = std::to_array<ListColumn>({
    {"client", ListCell::end, Need::one_of},
    {"server", ListCell::end, Need::one_of},
    {"since", ListCell::since, Need::always},
    {"until", ListCell::until, Need::always},
    {"note"},
});
constexpr auto kLeavers = std::to_array<ListColumn>({
    {"account", ListCell::text, Need::always},
    {"left_on", ListCell::until, Need::always},
    {"note"},
});

constexpr auto kKinds = std::to_array<ListKind>({
    {"exceptions", "exception", "flows that are meant to be, against a rule", kExceptions},
    {"assets", "listed_asset", "the list of assets", kAssets},
    {"flows", "listed_flow", "the flows that are allowed: the firewall's matrix", kFlows},
    {"remote-access", "listed_path", "the paths of remote access", kPaths},
    {"engineering", "listed_station", "the engineering stations", kStations},
    {"third-parties", "listed_party", "the third parties that may connect", kParties},
    {"changes", "listed_change", "the log of changes, projects, risks and incidents", kChanges},
    {"approvals", "listed_approval", "the log of approved remote sessions", kApprovals},
    {"leavers", "listed_leaver", "accounts of people who left", kLeavers},
});

std::string row_name(std::size_t row) {
  return "row " + std::to_string(row);
}

/// Rows of any table become entries of one kind, under one set of rules.
class EntryReader {
 public:
  EntryReader(const ListKind& kind, std::string_view file) : kind_(kind), file_(file) {}

  [[noreturn]] void fail(std::size_t row, std::string_view what) const {
    throw Error(file_, row_name(row), what);
  }

  [[nodiscard]] std::size_t column(const std::string& name, std::size_t row) const {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < kind_.columns.size(); ++i) {
      if (kind_.columns[i].name == name) return i;
      known.emplace_back(kind_.columns[i].name);
    }
    fail(row, "no such column: " + in_quotes(name) + did_you_mean(name, known));
  }

  [[nodiscard]] std::vector<std::string> blank() const {
    return std::vector<std::string>(kind_.columns.size());
  }

  void add(std::size_t row, std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& column = kind_.columns[i];
      std::string problem;
      cells[i] = normal_cell(stripped(cells[i]), column.cell, problem);
      if (problem.empty() && cells[i].empty() && column.need == Need::always) problem = "is needed";
      if (!problem.empty()) fail(row, std::string{column.name} + ": " + problem);
    }
    check_needs(row, cells);
    list_.entries.push_back({row, std::move(cells)});
  }

  [[nodiscard]] PlantList take() {
    list_.kind = &kind_;
    return std::move(list_);
  }

 private:
  void check_needs(std::size_t row, const std::vector<std::string>& cells) const {
    std::string names;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (kind_.columns[i].need != Need::one_of) continue;
      if (!cells[i].empty()) return;
      names += (names.empty() ? "" : ", ") + std::string{kind_.columns[i].name};
    }
    if (!names.empty()) fail(row, "all of " + names + " are empty: the entry would cover anything");
  }

  const ListKind& kind_;
  std::string_view file_;
  PlantList list_;
};

/// The one that the first row uses: spreadsheets of some countries write semicolons, and tabs come
/// from the clipboard.
char separator_of(std::string_view text) {
  const auto line = text.substr(0, text.find_first_of("\r\n"));
  for (const char separator : {',', '\t', ';'})
    if (line.find(separator) != std::string_view::npos) return separator;
  return ',';
}

bool is_blank(const CsvRow& row) {
  return std::ranges::all_of(row, [](const std::string& cell) { return stripped(cell).empty(); });
}

PlantList read_csv(std::string_view text, std::string_view file, const ListKind& kind) {
  EntryReader reader{kind, file};
  const auto csv = parse_csv(text, separator_of(text));
  std::vector<std::size_t> header;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const auto& cells = csv.rows[i];
    if (is_blank(cells)) continue;
    if (header.empty()) {
      for (const auto& cell : cells) {
        const auto name = normal_word(cell);
        const auto column = reader.column(name, i + 1);
        if (std::ranges::find(header, column) != header.end())
          reader.fail(i + 1, "the column " + in_quotes(name) + " stands twice");
        header.push_back(column);
      }
      continue;
    }
    if (cells.size() > header.size())
      reader.fail(i + 1, std::to_string(cells.size()) + " cells, but the header has " +
                             std::to_string(header.size()));
    auto entry = reader.blank();
    for (std::size_t j = 0; j < cells.size(); ++j) entry[header[j]] = cells[j];
    reader.add(i + 1, std::move(entry));
  }
  if (!csv.problem.empty()) reader.fail(csv.rows.size() + 1, csv.problem);
  if (header.empty()) throw Error(file, "empty: the first row names the columns");
  return reader.take();
}

PlantList read_json(std::string_view text, std::string_view file, const ListKind& kind) {
  EntryReader reader{kind, file};
  const auto json = parse_json(text, file);
  if (!json.is_array()) throw Error(file, "not a JSON array of objects");
  std::size_t row = 0;
  for (const auto& object : json) {
    ++row;
    if (!object.is_object()) reader.fail(row, "not an object");
    auto entry = reader.blank();
    for (const auto& [key, value] : object.items()) {
      auto& cell = entry[reader.column(key, row)];
      if (value.is_string())
        cell = value.get<std::string>();
      else if (value.is_number_integer() || value.is_boolean())
        cell = value.dump();
      else if (!value.is_null())
        reader.fail(row, key + ": neither text nor a whole number");
    }
    reader.add(row, std::move(entry));
  }
  return reader.take();
}

}  // namespace

std::span<const ListKind> list_kinds() noexcept {
  return kKinds;
}

const ListKind& list_kind(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& kind : kKinds) {
    if (kind.name == name) return kind;
    known.emplace_back(kind.name);
  }
  throw Error("no such list: " + in_quotes(name) + did_you_mean(name, known));
}

PlantList parse_list(std::string_view kind, std::string_view bytes, std::string_view file) {
  const auto text = to_utf8(bytes, file);
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  return is_json ? read_json(text, file, list_kind(kind)) : read_csv(text, file, list_kind(kind));
}

PlantList load_list(std::string_view kind, const std::filesystem::path& path) {
  return parse_list(kind, read_file(path, kLargest), path.string());
}

}  // namespace sekimori
