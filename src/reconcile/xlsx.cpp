#include "xlsx.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <utility>
#include <zip.h>

namespace sekimori {
namespace {

// A sheet of a hundred questions is some tens of KB: these leave room, and none for a bomb.
constexpr zip_uint64_t kLargestPart = 16U << 20U;  // bytes, unpacked
constexpr zip_int64_t kMostParts = 2000;
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostColumns = 256;
constexpr std::size_t kMostSheets = 100;
constexpr std::size_t kMostMerges = 20'000;
constexpr std::size_t kMostCells = 1'000'000;  // of all sheets, empty ones between others too
constexpr std::size_t kMostText = 32U << 20U;  // bytes: a shared text counts at each of its cells
constexpr std::size_t kLongestCell = 3 * 32'767;  // bytes of the characters that Excel allows

struct Discard {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct Close {
  void operator()(zip_file_t* part) const noexcept { zip_fclose(part); }
};

/// Producers may give any prefix to the namespace: only the local part of a name counts.
std::string_view local(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const auto& node : parent.children())
    if (local(node) == name) return node;
  return {};
}

std::string attribute(const pugi::xml_node& node, std::string_view name) {
  for (const auto& each : node.attributes()) {
    const std::string_view full = each.name();
    if (full == name || full.ends_with(std::string{":"}.append(name))) return each.value();
  }
  return {};
}

/// A `t`, or the `t` of each run `r`; `rPh`, which holds the reading, is neither.
std::string rich_text(const pugi::xml_node& holder) {
  std::string text;
  for (const auto& node : holder.children()) {
    if (local(node) == "t") text += node.child_value();
    if (local(node) == "r") text += child(node, "t").child_value();
  }
  return text;
}

std::optional<std::size_t> number_of(std::string_view digits) {
  std::size_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// The column of `AB12`, from 0; nothing where there are no letters or too many.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char letter : reference) {
    if (letter < 'A' || letter > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(letter - 'A') + 1;
    if (column > kMostColumns) return std::nullopt;
  }
  if (column == 0) return std::nullopt;
  return column - 1;
}

/// Row and column of `AB12`, from 0.
std::optional<std::pair<std::size_t, std::size_t>> cell_of(std::string_view reference) {
  const auto column = column_of(reference);
  const auto digits = reference.find_first_of("0123456789");
  if (!column || digits == std::string_view::npos) return std::nullopt;
  const auto row = number_of(reference.substr(digits));
  if (!row || *row == 0) return std::nullopt;
  return std::pair{*row - 1, *column};
}

/// 18.18.68: LibreOffice says "visible" where others say nothing.
bool is_hidden(std::string_view state) {
  return state == "hidden" || state == "veryHidden";
}

class Workbook {
 public:
  Workbook(std::string_view bytes, std::string_view file) : file_(file) {
    zip_error_t error;
    zip_error_init(&error);
    auto* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
    if (source != nullptr && !archive_) zip_source_free(source);
    const std::string what = archive_ ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!archive_) throw Error(file_, "not a workbook: " + what);
    if (zip_get_num_entries(archive_.get(), 0) > kMostParts)
      throw Error(file_, "more parts than a workbook has");
    if (zip_name_locate(archive_.get(), "xl/vbaProject.bin", 0) >= 0)
      throw Error(file_, "it has macros: save it as .xlsx");
  }

  std::vector<Worksheet> sheets() {
    read_relations();
    for (const auto& [id, target] : targets_)
      if (target.ends_with("sharedStrings.xml")) read_strings(target);
    pugi::xml_document book;
    parse("xl/workbook.xml", book);
    std::vector<Worksheet> found;
    for (const auto& sheet : child(book.document_element(), "sheets").children()) {
      if (local(sheet) != "sheet" || is_hidden(attribute(sheet, "state"))) continue;
      const auto target = targets_.find(attribute(sheet, "id"));
      if (target == targets_.end()) continue;
      if (found.size() == kMostSheets) throw Error(file_, "more sheets than are read");
      found.push_back(sheet_of(target->second));
      found.back().name = sound(attribute(sheet, "name"), "xl/workbook.xml");
    }
    return found;
  }

  std::string part(const std::string& name) {
    zip_stat_t about;
    if (zip_stat(archive_.get(), name.c_str(), 0, &about) != 0)
      throw Error(file_, name, "not in it");
    if ((about.valid & ZIP_STAT_SIZE) == 0 || about.size > kLargestPart)
      throw Error(file_, name, "larger than it can be");
    const std::unique_ptr<zip_file_t, Close> in{zip_fopen(archive_.get(), name.c_str(), 0)};
    std::string text(about.size, '\0');
    // What is unpacked is never longer than `text`, whatever the archive says of its size.
    const auto got = in ? zip_fread(in.get(), text.data(), text.size()) : -1;
    if (got < 0 || static_cast<std::size_t>(got) != text.size())
      throw Error(file_, name, "damaged, or with a password");
    return text;
  }

 private:
  /// Entities that a document declares stay unread, so that none can grow.
  void parse(const std::string& name, pugi::xml_document& document) {
    const auto text = part(name);
    const auto result = document.load_buffer(text.data(), text.size());
    if (!result) throw Error(file_, name, result.description());
  }

  void read_relations() {
    pugi::xml_document document;
    parse("xl/_rels/workbook.xml.rels", document);
    for (const auto& relation : document.document_element().children()) {
      if (attribute(relation, "TargetMode") == "External") continue;
      auto target = attribute(relation, "Target");
      target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
      targets_.emplace(attribute(relation, "Id"), std::move(target));
    }
  }

  void read_strings(const std::string& name) {
    pugi::xml_document document;
    parse(name, document);
    for (const auto& item : document.document_element().children())
      if (local(item) == "si") strings_.push_back(sound(rich_text(item), name));
  }

  Worksheet sheet_of(const std::string& name) {
    pugi::xml_document document;
    parse(name, document);
    Worksheet sheet;
    auto& rows = sheet.rows;
    for (const auto& row : child(document.document_element(), "sheetData").children()) {
      if (local(row) != "row") continue;
      const auto place = number_of(attribute(row, "r")).value_or(rows.size() + 1);
      if (place == 0 || place > kMostRows || place <= rows.size())
        throw Error(file_, name, "a row out of place, or beyond row " + std::to_string(kMostRows));
      rows.resize(place);
      for (const auto& cell : row.children())
        if (local(cell) == "c") put(cell, name, rows.back());
    }
    for (const auto& merge : child(document.document_element(), "mergeCells").children())
      if (local(merge) == "mergeCell") join(attribute(merge, "ref"), name, sheet);
    return sheet;
  }

  /// 18.3.1.54: `B4:D6`. What lies outside the rows that are there joins nothing.
  void join(const std::string& reference, const std::string& name, Worksheet& sheet) {
    const auto colon = reference.find(':');
    if (colon == std::string::npos) return;
    const auto first = cell_of(std::string_view{reference}.substr(0, colon));
    const auto last = cell_of(std::string_view{reference}.substr(colon + 1));
    if (!first || !last || last->first < first->first || first->first >= sheet.rows.size()) return;
    if (sheet.merges.size() == kMostMerges) throw Error(file_, name, "more than is read");
    const Worksheet::Merge merge{first->first, first->second,
                                 std::min(last->first, sheet.rows.size() - 1), last->second};
    sheet.merges.push_back(merge);
    const auto& top = sheet.rows[merge.first_row];
    if (merge.first_column >= top.size() || top[merge.first_column].empty()) return;
    const auto text = top[merge.first_column];
    for (auto row = merge.first_row + 1; row <= merge.last_row; ++row)
      set_cell(sheet.rows[row], merge.first_column, text, name);
  }

  void put(const pugi::xml_node& cell, const std::string& name, CsvRow& row) {
    const auto reference = attribute(cell, "r");
    const auto column =
        reference.empty() ? row.size() : column_of(reference).value_or(kMostColumns);
    if (column >= kMostColumns) return;  // to the right of anything that is asked for
    if (auto text = text_of(cell, name); !text.empty())
      set_cell(row, column, std::move(text), name);
  }

  void set_cell(CsvRow& row, std::size_t column, std::string text, const std::string& name) {
    text_ += text.size();
    if (row.size() <= column) {
      cells_ += column + 1 - row.size();
      row.resize(column + 1);
    }
    if (cells_ > kMostCells || text_ > kMostText) throw Error(file_, name, "more than is read");
    row[column] = std::move(text);
  }

  /// 18.18.11: shared, inline, or as it stands: a number, a formula's result, a truth.
  std::string text_of(const pugi::xml_node& cell, const std::string& name) {
    const auto type = attribute(cell, "t");
    if (type == "inlineStr") return sound(rich_text(child(cell, "is")), name);
    std::string value = child(cell, "v").child_value();
    if (type == "s") {
      const auto place = number_of(value);
      if (!place || *place >= strings_.size())
        throw Error(file_, name,
                    "cell " + attribute(cell, "r") + " has no text " + in_quotes(value));
      return strings_[*place];
    }
    if (type == "b") return value == "1" ? "TRUE" : "FALSE";
    return sound(std::move(value), name);
  }

  /// The parser takes the bytes of a text as they come; what goes on into a report must be UTF-8.
  [[nodiscard]] std::string sound(std::string text, const std::string& name) const {
    if (text.size() > kLongestCell) throw Error(file_, name, "a text longer than a cell holds");
    if (!is_utf8(text)) throw Error(file_, name, "a text that is no UTF-8");
    return text;
  }

  std::string_view file_;
  std::unique_ptr<zip_t, Discard> archive_;
  std::map<std::string, std::string> targets_;
  std::vector<std::string> strings_;
  std::size_t cells_ = 0;
  std::size_t text_ = 0;
};

}  // namespace

bool is_xlsx(std::string_view bytes) noexcept {
  using namespace std::string_view_literals;
  return bytes.starts_with("PK\x03\x04"sv);
}

bool is_ole(std::string_view bytes) noexcept {
  using namespace std::string_view_literals;
  return bytes.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv);
}

std::vector<Worksheet> read_xlsx(std::string_view bytes, std::string_view file) {
  return Workbook{bytes, file}.sheets();
}

std::string read_part(std::string_view bytes, std::string_view file, const std::string& part) {
  return Workbook{bytes, file}.part(part);
}

}  // namespace sekimori
