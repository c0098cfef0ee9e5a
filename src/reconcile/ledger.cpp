// The asset ledger: what was observed, what people say it is worth, and the risk of both.

#include "sekimori/reconcile/ledger.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "xls.h"
#include "xlsx.h"

#include <algorithm>
#include <map>
#include <optional>

namespace sekimori {
namespace embedded {
extern const std::string_view risk_policy_json;
}  // namespace embedded

namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr std::string_view kMark = "\xef\xbb\xbf";

// The columns, in their order. What a person writes comes back; the rest is made anew.
enum Column : std::size_t {
  key,
  seen,
  name,
  role,
  zone,
  vendor,
  model_name,
  addresses,
  owner,
  confidentiality,
  integrity,
  availability,
  importance,
  threat,
  vulnerability,
  likelihood,
  risk,
  measures,
  residual_threat,
  residual_vulnerability,
  residual_risk,
  acceptable,
  column_count
};
constexpr std::array<std::string_view, column_count> kHead{"key",
                                                           "seen",
                                                           "name",
                                                           "role",
                                                           "zone",
                                                           "vendor",
                                                           "model",
                                                           "addresses",
                                                           "owner",
                                                           "confidentiality",
                                                           "integrity",
                                                           "availability",
                                                           "importance",
                                                           "threat",
                                                           "vulnerability",
                                                           "likelihood",
                                                           "risk",
                                                           "measures",
                                                           "residual_threat",
                                                           "residual_vulnerability",
                                                           "residual_risk",
                                                           "acceptable"};
constexpr std::array kWritten{owner,        confidentiality, integrity,
                              availability, threat,          vulnerability,
                              measures,     residual_threat, residual_vulnerability};
constexpr std::array kLevels{confidentiality, integrity,       availability,          threat,
                             vulnerability,   residual_threat, residual_vulnerability};

CsvRow head() {
  return {kHead.begin(), kHead.end()};
}

std::optional<int> level(const std::string& text) {
  const auto word = normal_word(text);
  if (word.empty()) return std::nullopt;
  return word.front() - '0';
}

/// The rows of somebody's file in our order of columns.
std::map<std::string, CsvRow> by_key(const std::vector<CsvRow>& filled, std::string_view file) {
  std::map<std::string, CsvRow> rows;
  if (filled.empty()) return rows;
  std::map<std::size_t, std::size_t> places;  // ours -> theirs
  for (std::size_t i = 0; i < filled.front().size(); ++i) {
    const auto* const found = std::ranges::find(kHead, normal_word(filled.front()[i]));
    if (found != kHead.end()) places.emplace(found - kHead.begin(), i);
  }
  if (!places.contains(key)) throw Error(file, "no column is headed \"key\"");
  for (std::size_t i = 1; i < filled.size(); ++i) {
    CsvRow row(column_count);
    for (const auto& [ours, theirs] : places)
      if (theirs < filled[i].size()) row[ours] = stripped(filled[i][theirs]);
    if (row[key].empty()) continue;
    const auto where = "row " + std::to_string(i + 1);
    for (const auto column : kLevels) {
      const auto word = normal_word(row[column]);
      if (!word.empty() && word != "1" && word != "2" && word != "3")
        throw Error(file, where + ", column " + std::string{kHead[column]},
                    in_quotes(row[column]) + " is not 1, 2 or 3");
      row[column] = word;
    }
    if (!rows.emplace(row[key], row).second)
      throw Error(file, where, in_quotes(row[key]) + " stands twice");
  }
  return rows;
}

std::optional<int> product(std::optional<int> worth, std::optional<int> threat_level,
                           std::optional<int> weakness, const RiskPolicy& policy, CsvRow& row,
                           std::optional<Column> likely) {
  if (!threat_level || !weakness) return std::nullopt;
  const auto chance = policy.likelihood.at(static_cast<std::size_t>(*threat_level - 1))
                          .at(static_cast<std::size_t>(*weakness - 1));
  if (likely) row[*likely] = std::to_string(chance);
  if (!worth) return std::nullopt;
  return *worth * chance;
}

void reckon(CsvRow& row, const RiskPolicy& policy) {
  std::optional<int> worth;
  for (const auto column : {confidentiality, integrity, availability})
    if (const auto value = level(row[column])) worth = std::max(worth.value_or(0), *value);
  row[importance] = worth ? std::to_string(*worth) : "";
  row[likelihood] = "";
  const auto now =
      product(worth, level(row[threat]), level(row[vulnerability]), policy, row, likelihood);
  row[risk] = now ? std::to_string(*now) : "";
  // Where no other level is told for after the measures, the one of today stays.
  const auto or_else = [&](Column after, Column today) {
    const auto value = level(row[after]);
    return value ? value : level(row[today]);
  };
  const auto later = product(worth, or_else(residual_threat, threat),
                             or_else(residual_vulnerability, vulnerability), policy, row, {});
  row[residual_risk] = later ? std::to_string(*later) : "";
  row[acceptable] = !later ? "" : *later <= policy.acceptable ? "yes" : "no";
}

std::vector<CsvRow> observed(Database& model, Language language) {
  auto rows = model.prepare(
      "SELECT COALESCE(NULLIF((SELECT group_concat(mac, ' ') FROM (SELECT DISTINCT mac FROM "
      "address "
      "d WHERE d.asset = a.asset AND COALESCE(on_link, 1) = 1 AND mac <> '' ORDER BY mac)), ''), "
      "(SELECT group_concat(ip, ' ') FROM (SELECT DISTINCT ip FROM address d WHERE d.asset = "
      "a.asset AND ip <> '' ORDER BY ip)), a.name), a.name, a.role, COALESCE(z.name, ''), "
      "a.vendor, a.model, COALESCE((SELECT group_concat(ip, ' ') FROM (SELECT DISTINCT ip FROM "
      "address d WHERE d.asset = a.asset AND ip <> '' ORDER BY ip)), ''), "
      "COALESCE(NULLIF(z.name_ja, ''), z.name, '') "
      "FROM asset a LEFT JOIN "
      "zone z ON z.zone = a.zone WHERE a.kind = 'device' ORDER BY a.asset");
  std::vector<CsvRow> found;
  while (rows.step()) {
    CsvRow row(column_count);
    row[key] = rows.text(0);
    row[seen] = "yes";
    row[name] = rows.text(1);
    row[role] = rows.text(2);
    row[zone] = in_line({rows.text(3), rows.text(7)}, language);
    row[vendor] = rows.text(4);
    row[model_name] = rows.text(5);
    row[addresses] = rows.text(6);
    found.push_back(std::move(row));
  }
  return found;
}

/// The first row that heads a key, and what follows.
std::vector<CsvRow> from_head(std::vector<CsvRow> rows, std::string_view file) {
  const auto found = std::ranges::find_if(rows, [](const CsvRow& row) {
    return std::ranges::any_of(row,
                               [](const auto& cell) { return normal_word(cell) == kHead[key]; });
  });
  if (found == rows.end()) throw Error(file, "no row is headed \"key\"");
  rows.erase(rows.begin(), found);
  return rows;
}

}  // namespace

RiskPolicy parse_risk_policy(std::string_view json, std::string_view file) {
  const auto parsed = parse_json(json, file);
  const JsonNode root{parsed, file};
  root.keys({"format", "version", "likelihood", "acceptable"}, {"comment"});
  root.at("format").expect("risk-policy");
  root.at("version").expect(1);
  RiskPolicy policy;
  std::size_t rows = 0;
  root.at("likelihood").each([&](const JsonNode& line) {
    if (rows == policy.likelihood.size()) line.fail("three rows of three levels are expected");
    std::size_t cells = 0;
    line.each([&](const JsonNode& cell) {
      if (cells == 3) line.fail("three levels are expected");
      policy.likelihood[rows][cells++] = static_cast<int>(cell.integer(1, 3));
    });
    if (cells != 3) line.fail("three levels are expected");
    ++rows;
  });
  if (rows != policy.likelihood.size())
    root.at("likelihood").fail("three rows of three levels are expected");
  policy.acceptable = static_cast<int>(root.at("acceptable").integer(0, 9));
  return policy;
}

RiskPolicy load_risk_policy(const std::filesystem::path& path) {
  return parse_risk_policy(read_file(path, kLargestFile), path.string());
}

RiskPolicy built_in_risk_policy() {
  return parse_risk_policy(embedded::risk_policy_json, "risk.json");
}

std::vector<CsvRow> risk_ledger(Database& model, const RiskPolicy& policy,
                                const std::vector<CsvRow>& filled, std::string_view filled_file,
                                Language language) {
  auto known = by_key(filled, filled_file);
  std::vector<CsvRow> rows{head()};
  for (auto& row : observed(model, language)) {
    if (const auto found = known.find(row[key]); found != known.end()) {
      for (const auto column : kWritten) row[column] = found->second[column];
      known.erase(found);
    }
    reckon(row, policy);
    rows.push_back(std::move(row));
  }
  for (auto& [unseen, row] : known) {
    row[seen] = "";
    reckon(row, policy);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<CsvRow> load_ledger(const std::filesystem::path& path) {
  const auto bytes = read_file(path, kLargestFile);
  const auto file = path.string();
  if (is_xlsx(bytes) || is_ole(bytes)) {
    auto sheets = is_xlsx(bytes) ? read_xlsx(bytes, file) : read_xls(bytes, file);
    if (sheets.empty()) throw Error(file, "it has no sheet");
    return from_head(std::move(sheets.front().rows), file);
  }
  auto csv = parse_csv(to_utf8(bytes, file), ',');
  if (!csv.problem.empty())
    throw Error(file, "row " + std::to_string(csv.rows.size() + 1), csv.problem);
  return from_head(std::move(csv.rows), file);
}

std::string ledger_csv(const std::vector<CsvRow>& rows) {
  std::string text{kMark};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_cell(row[i]);
    text += "\r\n";
  }
  return text;
}

}  // namespace sekimori
