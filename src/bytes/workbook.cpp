// The one door to libxlsxwriter.

#include "sekimori/bytes/workbook.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/unicode.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <dlfcn.h>
#include <map>
#include <set>
#include <stdio_ext.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <xlsxwriter.h>

namespace sekimori {
namespace {

constexpr std::size_t kLongestName = 31;       // letters
constexpr std::size_t kLongestText = 32'767;   // letters
constexpr std::size_t kLongestList = 255;      // letters, commas with them
constexpr std::time_t kCreated = 315'532'800;  // 1980-01-01, when ZIP's time begins
constexpr std::size_t kStyles = 6;
constexpr double kLine = 17;       // points
constexpr double kHighest = 409;   // points, by the format
constexpr double kUsualWidth = 8;  // letters

constexpr lxw_color_t kInk = 0x222222;
constexpr lxw_color_t kGrey = 0x666666;
constexpr lxw_color_t kFrame = 0xb8bec4;
constexpr lxw_color_t kHeader = 0xdde5ec;
constexpr lxw_color_t kFixed = 0xf4f6f8;

bool begins_letter(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
}

/// The first `most` letters of UTF-8.
std::string_view front(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (begins_letter(text[at]) && letters++ == most) return text.substr(0, at);
  return text;
}

/// Letters of half width that a line takes: what is not ASCII is taken for one of full width.
std::size_t lines_of(std::string_view text, double width) {
  const double room = std::max(width * 0.92 - 1, 1.0);
  // No letter has more halves than bytes.
  if (static_cast<double>(text.size()) <= room && text.find('\n') == std::string_view::npos)
    return 1;
  std::size_t lines = 0;
  while (true) {
    const auto end = std::min(text.find('\n'), text.size());
    double halves = 0;
    for (const char letter : text.substr(0, end))
      if (begins_letter(letter)) halves += static_cast<unsigned char>(letter) < 0x80U ? 1 : 2;
    lines += static_cast<std::size_t>(std::max(1.0, std::ceil(halves / room)));
    if (end == text.size()) return lines;
    text.remove_prefix(end + 1);
  }
}

/// libxlsxwriter prints what goes wrong, beside returning it. What it prints here is forgotten: in
/// glibc `stderr` is a variable that a program may set (the manual's chapter on standard streams).
class Quiet {
 public:
  Quiet() noexcept : heard_(std::exchange(stderr, nowhere_.get())) {
    if (stderr == nullptr) stderr = heard_;
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { stderr = heard_; }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> nowhere_{std::fopen("/dev/null", "we"),
                                                           &std::fclose};
  std::FILE* heard_;
};

/// Why the library's temporary files lack something that was written to them since it was set to
/// 0: an errno.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): lxw_tmpfile() has no other.
thread_local int temporary_trouble = 0;

std::FILE* file_of(void* cookie) noexcept {
  return static_cast<std::FILE*>(cookie);
}

ssize_t read_watched(void* cookie, char* bytes, std::size_t size) {
  return ::read(::fileno(file_of(cookie)), bytes, size);
}

ssize_t write_watched(void* cookie, const char* bytes, std::size_t size) {
  const auto written = ::write(::fileno(file_of(cookie)), bytes, size);
  if (written < 0) temporary_trouble = errno;
  return std::max<ssize_t>(written, 0);  // fopencookie(3): never less
}

int seek_watched(void* cookie, off64_t* offset, int from) {
  *offset = ::lseek(::fileno(file_of(cookie)), *offset, from);
  return *offset < 0 ? -1 : 0;
}

int close_watched(void* cookie) {
  return std::fclose(file_of(cookie));
}

}  // namespace

struct Workbook::Layout {
  std::vector<double> widths;                  // letters, by column
  std::map<std::uint32_t, std::size_t> lines;  // by row, where it needs more than one
};

struct Workbook::Book {
  std::string called;
  lxw_workbook* book = nullptr;
  std::array<lxw_format*, kStyles> formats{};
  std::set<std::string> names;      // in lower case
  std::map<void*, Layout> layouts;  // by sheet
  std::string text;                 // of the cell at hand, kept for its room
};

Workbook::Workbook(const std::filesystem::path& path, const std::filesystem::path& called)
    : book_(std::make_unique<Book>()) {
  book_->called = (called.empty() ? path : called).string();
  book_->book = workbook_new(path.c_str());
  if (book_->book == nullptr) throw Error(book_->called, "cannot be written");
  std::string author{"sekimori"};
  lxw_doc_properties about{};
  about.author = author.data();
  about.created = kCreated;
  workbook_set_properties(book_->book, &about);
  for (std::size_t i = 0; i < kStyles; ++i) {
    auto* const format = workbook_add_format(book_->book);
    const auto style = static_cast<CellStyle>(i);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (style != CellStyle::title && style != CellStyle::hint) format_set_text_wrap(format);
    format_set_font_color(format, style == CellStyle::hint ? kGrey : kInk);
    if (style == CellStyle::title) format_set_font_size(format, 14);
    if (style == CellStyle::title || style == CellStyle::header) format_set_bold(format);
    if (style == CellStyle::header) format_set_bg_color(format, kHeader);
    if (style == CellStyle::fixed) format_set_bg_color(format, kFixed);
    if (style == CellStyle::input) format_set_unlocked(format);
    if (style >= CellStyle::header) {
      format_set_border(format, LXW_BORDER_THIN);
      format_set_border_color(format, kFrame);
    }
    book_->formats[i] = format;
  }
}

Workbook::~Workbook() {
  if (book_->book != nullptr) lxw_workbook_free(book_->book);
}

Workbook::Sheet Workbook::add(std::string_view name) {
  std::string allowed{name};
  for (auto& letter : allowed)
    if (std::string_view{"[]:*?/\\'"}.find(letter) != std::string_view::npos) letter = ' ';
  allowed = stripped(front(allowed, kLongestName));
  if (allowed.empty()) allowed = "sheet";
  const auto base = allowed;
  for (int number = 2; !book_->names.insert(normal_word(allowed)).second; ++number) {
    const auto ending = ' ' + std::to_string(number);
    allowed = std::string{front(base, kLongestName - ending.size())} + ending;
  }
  auto* const sheet = workbook_add_worksheet(book_->book, allowed.c_str());
  if (sheet == nullptr) throw Error(book_->called, "no sheet can be named " + allowed);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9);  // A4
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_set_footer(sheet, "&L&A&R&P / &N");
  return {*book_, sheet, book_->layouts[sheet]};
}

void Workbook::close() {
  // Spreadsheets differ in whether they make a row as high as its text: so it is said.
  for (const auto& [sheet, layout] : book_->layouts)
    for (const auto& [row, lines] : layout.lines)
      worksheet_set_row(static_cast<lxw_worksheet*>(sheet), row,
                        std::min(kHighest, kLine * static_cast<double>(lines)), nullptr);
  const Quiet quiet;
  errno = temporary_trouble = 0;
  const auto failed = workbook_close(std::exchange(book_->book, nullptr));
  if (temporary_trouble != 0)
    throw Error(book_->called,
                "a temporary file: " + std::generic_category().message(temporary_trouble) +
                    " (TMPDIR names another folder for these)");
  if (failed == LXW_NO_ERROR) return;
  throw Error(book_->called,
              errno != 0 ? std::generic_category().message(errno) : lxw_strerror(failed));
}

void Workbook::Sheet::text(std::uint32_t row, std::uint16_t column, std::string_view text,
                           CellStyle style) {
  auto* const format = book_->formats[static_cast<std::size_t>(style)];
  const auto kept = front(text, kLongestText - 1);
  auto& whole = book_->text;
  whole = kept;
  if (kept.size() < text.size()) whole += "\xe2\x80\xa6";
  if (style != CellStyle::title && style != CellStyle::hint) {
    const auto& widths = layout_->widths;
    const auto lines = lines_of(whole, column < widths.size() ? widths[column] : kUsualWidth);
    if (lines > 1) layout_->lines[row] = std::max(layout_->lines[row], lines);
  }
  if (whole.empty())
    worksheet_write_blank(static_cast<lxw_worksheet*>(sheet_), row, column, format);
  else
    worksheet_write_string(static_cast<lxw_worksheet*>(sheet_), row, column, whole.c_str(), format);
}

void Workbook::Sheet::number(std::uint32_t row, std::uint16_t column, double number,
                             CellStyle style) {
  worksheet_write_number(static_cast<lxw_worksheet*>(sheet_), row, column, number,
                         book_->formats[static_cast<std::size_t>(style)]);
}

void Workbook::Sheet::drop_down(std::uint32_t row, std::uint16_t column,
                                const std::vector<std::string>& words) {
  std::size_t letters = 0;
  auto copies = words;  // the library asks for what it may write to
  std::vector<char*> list;
  for (auto& word : copies) {
    if (word.find(',') != std::string::npos) return;
    letters += static_cast<std::size_t>(std::ranges::count_if(word, begins_letter)) + 1;
    list.push_back(word.data());
  }
  if (letters > kLongestList) return;
  list.push_back(nullptr);
  lxw_data_validation rule{};
  rule.validate = LXW_VALIDATION_TYPE_LIST;
  rule.value_list = list.data();
  worksheet_data_validation_cell(static_cast<lxw_worksheet*>(sheet_), row, column, &rule);
}

void Workbook::Sheet::width(std::uint16_t column, double letters) {
  auto& widths = layout_->widths;
  if (widths.size() <= column) widths.resize(column + std::size_t{1}, kUsualWidth);
  widths[column] = letters;
  worksheet_set_column(static_cast<lxw_worksheet*>(sheet_), column, column, letters, nullptr);
}

void Workbook::Sheet::freeze(std::uint32_t row, std::uint16_t column) {
  worksheet_freeze_panes(static_cast<lxw_worksheet*>(sheet_), row, column);
}

void Workbook::Sheet::filter(std::uint32_t last_row, std::uint16_t last_column) {
  worksheet_autofilter(static_cast<lxw_worksheet*>(sheet_), 0, 0, last_row, last_column);
}

void Workbook::Sheet::protect() {
  lxw_protection allow{};
  allow.no_select_locked_cells = 0;
  allow.format_columns = allow.format_rows = 1;
  worksheet_protect(static_cast<lxw_worksheet*>(sheet_), nullptr, &allow);
}

}  // namespace sekimori

/// The library asks this for its temporary files, and does not look whether all it writes to them
/// gets there: on a full disk its sheets would lack rows. A program's own function stands before a
/// shared library's of that name (ELF's rules of symbol lookup); this one watches the writes.
extern "C" std::FILE* lxw_tmpfile(char* folder) {
  using Make = std::FILE* (*)(char*);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): dlsym(3) knows no types.
  static const auto make = reinterpret_cast<Make>(::dlsym(RTLD_NEXT, "lxw_tmpfile"));
  auto* const file = make == nullptr ? nullptr : make(folder);
  if (file == nullptr) return nullptr;
  auto* const watched = ::fopencookie(file, "w+",
                                      {.read = sekimori::read_watched,
                                       .write = sekimori::write_watched,
                                       .seek = sekimori::seek_watched,
                                       .close = sekimori::close_watched});
  if (watched == nullptr) {
    std::fclose(file);
    return nullptr;
  }
  __fsetlocking(watched, FSETLOCKING_BYCALLER);  // one thread writes it, a cell at a time
  constexpr std::size_t kRoom = 1 << 17;
  static_cast<void>(std::setvbuf(watched, nullptr, _IOFBF, kRoom));  // with less it works too
  return watched;
}

/// The library asks this of minizip (zip.h, 1.1) for each part, with deflate's usual level. Sheets
/// are repetitive: at this level they take half the time and come out a seventh larger.
extern "C" int zipOpenNewFileInZip4_64(void* file, const char* name, const void* about,
                                       const void* local, unsigned local_size, const void* global,
                                       unsigned global_size, const char* comment, int method,
                                       int level, int raw, int window, int memory, int strategy,
                                       const char* password, unsigned long crc,
                                       unsigned long made_by, unsigned long flags, int zip64);
extern "C" int zipOpenNewFileInZip4_64(void* file, const char* name, const void* about,
                                       const void* local, unsigned local_size, const void* global,
                                       unsigned global_size, const char* comment, int method,
                                       int /*level*/, int raw, int window, int memory, int strategy,
                                       const char* password, unsigned long crc,
                                       unsigned long made_by, unsigned long flags, int zip64) {
  constexpr int kLevel = 3;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): dlsym(3) knows no types.
  static const auto open = reinterpret_cast<decltype(&zipOpenNewFileInZip4_64)>(
      ::dlsym(RTLD_NEXT, "zipOpenNewFileInZip4_64"));
  if (open == nullptr) return -1;
  return open(file, name, about, local, local_size, global, global_size, comment, method, kLevel,
              raw, window, memory, strategy, password, crc, made_by, flags, zip64);
}
