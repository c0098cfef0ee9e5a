#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// How a cell looks; every text wraps and stands at the top.
enum class CellStyle : std::uint8_t {
  plain,
  title,   ///< large, without a frame
  hint,    ///< grey, without a frame
  header,  ///< bold on a ground of its own
  fixed,   ///< framed, on a light ground: not to be written into
  input,   ///< framed, free to be written into where the sheet is protected
};

/// A workbook (.xlsx) to be written. Every text is written as a text: none is ever a formula, a
/// link or a number, whatever it looks like. Equal calls make equal bytes.
class Workbook {
  struct Book;
  struct Layout;

 public:
  /// Rows and columns count from 0. What stands beyond the format's bounds (1,048,576 rows, 32,767
  /// letters a cell) is cut, a text with a `…` behind it.
  class Sheet {
   public:
    void text(std::uint32_t row, std::uint16_t column, std::string_view text,
              CellStyle style = CellStyle::plain);
    void number(std::uint32_t row, std::uint16_t column, double number,
                CellStyle style = CellStyle::plain);
    /// The cell takes these words alone, from a list that drops down; any where the format has no
    /// room for them (255 letters, no commas).
    void drop_down(std::uint32_t row, std::uint16_t column, const std::vector<std::string>& words);
    /// To be said before the column's texts, which make their rows as high as they need.
    void width(std::uint16_t column, double letters);
    /// What stands above the row, and left of the column, stays in sight.
    void freeze(std::uint32_t row, std::uint16_t column);
    void filter(std::uint32_t last_row, std::uint16_t last_column);
    /// Only cells of `input` can be written into; there is no password.
    void protect();

   private:
    friend class Workbook;
    Sheet(Book& book, void* sheet, Layout& layout)
        : book_(&book), sheet_(sheet), layout_(&layout) {}
    Book* book_;
    void* sheet_;
    Layout* layout_;
  };

  /// It appears at `path` by `close`. Throws Error where the disk refuses, which names `called`
  /// where that is not `path`.
  explicit Workbook(const std::filesystem::path& path, const std::filesystem::path& called = {});
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  ~Workbook();

  /// A name that the format forbids (31 letters, no []:*?/\, once) is made one that it allows.
  [[nodiscard]] Sheet add(std::string_view name);
  /// Throws Error.
  void close();

 private:
  std::unique_ptr<Book> book_;
};

}  // namespace sekimori
