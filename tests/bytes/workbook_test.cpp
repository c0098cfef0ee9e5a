#include "sekimori/bytes/workbook.h"

#include "sekimori/bytes/error.h"

#include "folder.h"
#include "short_files.h"

#include <catch2/catch.hpp>

#include <filesystem>

namespace sekimori::test {
namespace {

/// Rows that pack well: the workbook is far smaller than the temporary file of its sheet.
void write(const std::filesystem::path& path) {
  Workbook book{path};
  auto sheet = book.add("rows");
  for (std::uint32_t row = 0; row < 20'000; ++row) sheet.text(row, 0, "the same");
  book.close();
}

TEST_CASE("Workbook: a temporary file that the disk refuses in part is an error, not a short sheet",
          "[workbook]") {
  const Folder folder;
  const auto path = folder / "rows.xlsx";
  write(path);
  const auto size = std::filesystem::file_size(path);
  std::filesystem::remove(path);
  const ShortFiles most{2 * size};
  CHECK_THROWS_WITH(write(path), path.string() +
                                     ": a temporary file: File too large (TMPDIR names "
                                     "another folder for these)");
}

}  // namespace
}  // namespace sekimori::test
