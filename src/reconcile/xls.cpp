// The one door to FreeXL. It opens files by name only, so the bytes are shown to it as one of
// memory.

#include "xls.h"

#include "sekimori/bytes/error.h"
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
constexpr std::size_t kMostCells = 1'000'000;
constexpr std::size_t kMostText = 32U << 20U;  // bytes

/// A file that has no name and goes with the process.
class MemoryFile {
 public:
  MemoryFile(std::string_view bytes, std::string_view file)
      : descriptor_(memfd_create("workbook", MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !bytes.empty()) {
      const auto written = write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (descriptor_ < 0 || !bytes.empty()) throw Error(file, "no memory to open it in");
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

[[noreturn]] void refuse(std::string_view file, int code) {
  throw Error(file, "no .xls that can be read (" + std::to_string(code) +
                        "): damaged, or with a password; save it as .xlsx without one");
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

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view file) : file_(file), memory_(bytes, file) {
    const void* book = nullptr;
    const auto code = freexl_open(memory_.path().c_str(), &book);
    book_.reset(book);
    if (code != FREEXL_OK) refuse(file_, code);
    if (info(book_, FREEXL_BIFF_PASSWORD) == FREEXL_BIFF_OBFUSCATED)
      throw Error(file_, "it has a password: save it without one");
  }

  std::vector<Worksheet> sheets() {
    const auto count = info(book_, FREEXL_BIFF_SHEET_COUNT);
    if (count > kMostSheets) throw Error(file_, "more sheets than are read");
    std::vector<Worksheet> found;
    for (unsigned short i = 0; i < count; ++i) found.push_back(sheet(i));
    return found;
  }

 private:
  Worksheet sheet(unsigned short index) {
    const char* name = nullptr;
    if (const auto code = freexl_get_worksheet_name(book_.get(), index, &name); code != FREEXL_OK)
      refuse(file_, code);
    if (const auto code = freexl_select_active_worksheet(book_.get(), index); code != FREEXL_OK)
      refuse(file_, code);
    unsigned rows = 0;
    unsigned short columns = 0;
    if (const auto code = freexl_worksheet_dimensions(book_.get(), &rows, &columns);
        code != FREEXL_OK)
      refuse(file_, code);
    if (rows > kMostRows) throw Error(file_, "more than " + std::to_string(kMostRows) + " rows");
    Worksheet sheet;
    sheet.merges_known = false;
    sheet.name = sound(name == nullptr ? "" : name);
    for (unsigned row = 0; row < rows; ++row) sheet.rows.push_back(cells(row, columns));
    return sheet;
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
      if (text_ > kMostText || cells_ > kMostCells) throw Error(file_, "more than is read");
      found.resize(column + 1U);
      found.back() = std::move(text);
    }
    return found;
  }

  [[nodiscard]] std::string sound(std::string text) const {
    if (!is_utf8(text)) throw Error(file_, "a text that is no UTF-8");
    return text;
  }

  std::string_view file_;
  MemoryFile memory_;
  Book book_;
  std::size_t cells_ = 0;
  std::size_t text_ = 0;
};

}  // namespace

std::vector<Worksheet> read_xls(std::string_view bytes, std::string_view file) {
  return Reader{bytes, file}.sheets();
}

}  // namespace sekimori
