// The one door to FreeXL. It opens files by name only, so the bytes are shown to it as one of
// memory. It believes lengths that a file gives (1.0.6: a directory entry's name, a shared string
// that goes on in the next record), so it reads in a process of its own, where that harms nothing.

#include "xls.h"

#include "sekimori/bytes/apart.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <freexl.h>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

namespace sekimori {
namespace {

constexpr unsigned kMostRows = 20'000;
constexpr unsigned kMostColumns = 256;
constexpr unsigned kMostSheets = 100;
constexpr std::size_t kMostCells = 1'000'000;  // that are written in the result
constexpr std::size_t kMostText = 32U << 20U;  // bytes

/// A file that has no name and goes with the process.
class MemoryFile {
 public:
  MemoryFile(std::string_view bytes, std::string_view file)
      : descriptor_(memfd_create("workbook", MFD_CLOEXEC)) {
    if (descriptor_ < 0 || !write_all(descriptor_, bytes))
      throw Error(file, "no memory to open it in");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

struct Close {
  void operator()(const void* book) const noexcept { freexl_close(book); }
};
using Book = std::unique_ptr<const void, Close>;

/// Why a file is refused; `code` is FreeXL's, or what became of its reader.
std::string unreadable(const std::string& code) {
  return "no .xls that can be read (" + code +
         "): damaged, or with a password; save it as .xlsx without one";
}

void check(int code) {
  if (code != FREEXL_OK) throw Error(unreadable(std::to_string(code)));
}

unsigned info(const Book& book, unsigned short what) {
  unsigned value = 0;
  return freexl_get_info(book.get(), what, &value) == FREEXL_OK ? value : 0;
}

/// 39 and not 39.000000.
std::string number_text(double number) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::string text_of(const FreeXL_CellValue& cell) {
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return std::to_string(cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return number_text(cell.value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      return cell.value.text_value == nullptr ? "" : cell.value.text_value;
    default:
      return "";
  }
}

/// Its errors name no file: who asked knows it.
class Reader {
 public:
  explicit Reader(const std::string& path) {
    const void* book = nullptr;
    const auto code = freexl_open(path.c_str(), &book);
    book_.reset(book);
    check(code);
    if (info(book_, FREEXL_BIFF_PASSWORD) == FREEXL_BIFF_OBFUSCATED)
      throw Error("it has a password: save it without one");
  }

  /// The sheets' names and rows.
  Json sheets() {
    const auto count = info(book_, FREEXL_BIFF_SHEET_COUNT);
    if (count > kMostSheets) throw Error("more sheets than are read");
    auto found = Json::array();
    for (unsigned short i = 0; i < count; ++i) found.push_back(sheet(i));
    return found;
  }

 private:
  Json sheet(unsigned short index) {
    const char* name = nullptr;
    check(freexl_get_worksheet_name(book_.get(), index, &name));
    check(freexl_select_active_worksheet(book_.get(), index));
    unsigned rows = 0;
    unsigned short columns = 0;
    check(freexl_worksheet_dimensions(book_.get(), &rows, &columns));
    if (rows > kMostRows) throw Error("more than " + std::to_string(kMostRows) + " rows");
    auto found = Json::array();
    for (unsigned row = 0; row < rows; ++row) found.push_back(cells(row, columns));
    return {{"name", sound(name == nullptr ? "" : name)}, {"rows", std::move(found)}};
  }

  CsvRow cells(unsigned row, unsigned short columns) {
    CsvRow found;
    for (unsigned short column = 0; column < std::min<unsigned>(columns, kMostColumns); ++column) {
      FreeXL_CellValue cell{};
      if (freexl_get_cell_value(book_.get(), row, column, &cell) != FREEXL_OK) continue;
      auto text = sound(text_of(cell));
      if (text.empty()) continue;
      text_ += text.size();
      cells_ += column + 1U - found.size();
      if (text_ > kMostText || cells_ > kMostCells) throw Error("more than is read");
      found.resize(column + 1U);
      found.back() = std::move(text);
    }
    return found;
  }

  static std::string sound(std::string text) {
    if (!is_utf8(text)) throw Error("a text that is no UTF-8");
    return text;
  }

  Book book_;
  std::size_t cells_ = 0;
  std::size_t text_ = 0;
};

/// What the process of its own says: the sheets, or why there are none.
std::string told(const std::string& path) {
  try {
    return Json{{"sheets", Reader{path}.sheets()}}.dump();
  } catch (const Error& error) {
    return Json{{"error", error.what()}}.dump();
  }
}

}  // namespace

std::vector<Worksheet> read_xls(std::string_view bytes, std::string_view file) {
  const MemoryFile memory{bytes, file};
  const auto answer = run_apart([&] { return told(memory.path()); });
  if (!answer) throw Error(file, unreadable("its reader broke off"));
  // A reader that a file has led astray may say anything.
  try {
    const auto json = Json::parse(*answer);
    if (json.contains("error")) throw Error(file, json["error"].get<std::string>());
    std::vector<Worksheet> sheets;
    for (const auto& sheet : json.at("sheets"))
      sheets.push_back({sheet.at("name"), sheet.at("rows"), {}, false});
    return sheets;
  } catch (const Json::exception&) {
    throw Error(file, unreadable("its reader went astray"));
  }
}

}  // namespace sekimori
