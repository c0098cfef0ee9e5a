// The asset ledger as people see it: what to write where, in their language.

#include "sekimori/bytes/workbook.h"
#include "sekimori/reconcile/ledger.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sekimori {
namespace {

enum class Cell : std::uint8_t { told, written, level, reckoned };

struct Look {
  std::string_view key, en, ja;
  double width;  // letters
  Cell cell = Cell::told;
};

constexpr auto kLooks = std::to_array<Look>({
    {"key", "Told by", "識別子（MAC等）", 18},
    {"seen", "Seen", "観測", 10},
    {"name", "Name", "名称", 18},
    {"role", "Role", "役割", 19},
    {"zone", "Zone", "ゾーン", 14},
    {"vendor", "Vendor", "メーカー", 16},
    {"model", "Model", "型式", 15},
    {"addresses", "Addresses", "アドレス", 16},
    {"owner", "Owner", "管理責任者", 12, Cell::written},
    {"confidentiality", "Confidentiality", "機密性", 14, Cell::level},
    {"integrity", "Integrity", "完全性", 10, Cell::level},
    {"availability", "Availability", "可用性", 11, Cell::level},
    {"importance", "Importance", "重要度", 11, Cell::reckoned},
    {"threat", "Threat", "脅威の頻度", 9, Cell::level},
    {"vulnerability", "Vulnerability", "脆弱性", 13, Cell::level},
    {"likelihood", "Likelihood", "発生可能性", 11, Cell::reckoned},
    {"risk", "Risk", "リスク値", 9, Cell::reckoned},
    {"measures", "Measures", "対策", 30, Cell::written},
    {"residual_threat", "Threat after", "対策後の脅威", 15, Cell::level},
    {"residual_vulnerability", "Vulnerability after", "対策後の脆弱性", 20, Cell::level},
    {"residual_risk", "Residual risk", "残留リスク", 13, Cell::reckoned},
    {"acceptable", "Acceptable", "受容可否", 11, Cell::told},
});

const Bilingual kTitle{"Asset ledger with risks", "資産台帳（リスク評価）"};
const Bilingual kHint{
    "Fill in the white cells: levels 1 low, 2 middle, 3 high. Then: sekimori ledger MODEL --filled "
    "THIS.xlsx -o NEW.xlsx reckons the rest. Grey cells are made by the program.",
    "白いセルに記入してください。レベルは 1 低、2 中、3 高です。記入後、sekimori ledger MODEL "
    "--filled このファイル.xlsx -o 新しいファイル.xlsx で残りを計算します。灰色のセルはプログラムが"
    "書き込みます。"};

// Where the head stands: what reads a ledger looks for it.
constexpr std::uint32_t kWords = 2;
constexpr std::uint32_t kHeadRow = 3;
constexpr std::uint16_t kFrozen = 3;  // columns

const Look* look_of(std::string_view key) {
  const auto* const found = std::ranges::find(kLooks, key, &Look::key);
  return found == kLooks.end() ? nullptr : found;
}

std::string words_of(const Look& look, Language language) {
  const std::string en{look.en};
  const std::string ja{look.ja};
  if (language == Language::both) return ja + '\n' + en;
  return language == Language::ja ? ja : en;
}

/// The program's own yes and no; nobody reads them back.
std::string said(std::string_view key, const std::string& text, Language language) {
  if (key != "seen" && key != "acceptable") return text;
  return in_line({text, text == "yes" ? "はい" : text == "no" ? "いいえ" : text}, language);
}

bool is_number(const std::string& text) {
  return text.size() == 1 && text.front() >= '0' && text.front() <= '9';
}

void put(Workbook::Sheet& sheet, std::uint32_t row, std::uint16_t column, const Look& look,
         const std::string& text, Language language) {
  const auto style =
      look.cell == Cell::written || look.cell == Cell::level ? CellStyle::input : CellStyle::fixed;
  const bool counts = look.cell == Cell::level || look.cell == Cell::reckoned;
  if (counts && is_number(text))
    sheet.number(row, column, text.front() - '0', style);
  else
    sheet.text(row, column, said(look.key, text, language), style);
  if (look.cell == Cell::level) sheet.drop_down(row, column, {"1", "2", "3"});
}

}  // namespace

void write_ledger_workbook(const std::vector<CsvRow>& rows, const std::filesystem::path& path,
                           Language language, const std::filesystem::path& called) {
  Workbook book{path, called};
  auto sheet = book.add("ledger");
  sheet.text(0, 0, in_line(kTitle, language), CellStyle::title);
  sheet.text(1, 0, in_line(kHint, language), CellStyle::hint);
  const auto& head = rows.front();
  for (std::size_t j = 0; j < head.size(); ++j) {
    const auto* const look = look_of(head[j]);
    if (look == nullptr) continue;
    const auto column = static_cast<std::uint16_t>(j);
    sheet.width(column, look->width);
    sheet.text(kWords, column, words_of(*look, language), CellStyle::header);
    sheet.text(kHeadRow, column, head[j], CellStyle::hint);
    for (std::size_t i = 1; i < rows.size(); ++i)
      put(sheet, static_cast<std::uint32_t>(kHeadRow + i), column, *look, rows[i].at(j), language);
  }
  sheet.freeze(kHeadRow + 1, kFrozen);
  sheet.protect();
  book.close();
}

}  // namespace sekimori
