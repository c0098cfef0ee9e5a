#pragma once

#include "sekimori/model/database.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What a cell of a list holds, and so how it is read and written.
enum class ListCell : std::uint8_t {
  text,
  end,   ///< an address, a block of addresses, or the name of an asset or zone; "" any
  host,  ///< the same, but no block: what is compared letter by letter
  ip,
  mac,
  block,  ///< `130.225.0.0/24`
  transport,
  port,
  truth,   ///< yes or no; "" no
  since,   ///< a time; a day alone begins with its first hour anywhere on earth
  until,   ///< a time; a day alone ends with its last hour anywhere on earth
  hours,   ///< `08:00-18:00+09:00`; "" any
  change,  ///< change, project, acceptance, risk or incident; "" change
};

struct ListColumn {
  std::string_view name;
  ListCell cell = ListCell::text;
  enum class Need : std::uint8_t { none, one_of, always } need = Need::none;
};

/// A list that a plant may hand over: an option of the command line and a table of the model.
struct ListKind {
  std::string_view name;   ///< `remote-access`
  std::string_view table;  ///< `listed_path`
  std::string_view about;  ///< for the command line
  std::span<const ListColumn> columns;
};

[[nodiscard]] std::span<const ListKind> list_kinds() noexcept;
/// Throws Error with the nearest name.
[[nodiscard]] const ListKind& list_kind(std::string_view name);

struct ListEntry {
  std::size_t row = 0;
  /// One for each column of the kind, made one form: addresses and MACs as the model writes them,
  /// times in seconds since 1970, hours as minutes of the day in UTC.
  std::vector<std::string> cells;
};

struct PlantList {
  const ListKind* kind = nullptr;
  std::vector<ListEntry> entries;
};

/// Reads CSV (UTF-8 or CP932; the first row names the columns, in any order) or a JSON array of
/// objects, told apart by content. Throws Error: `file: row 3: port: what`.
[[nodiscard]] PlantList parse_list(std::string_view kind, std::string_view bytes,
                                   std::string_view file);
[[nodiscard]] PlantList load_list(std::string_view kind, const std::filesystem::path& path);

/// Puts the lists into the model and works out which conversations and assets each entry covers,
/// for the checks and the questionnaire's rules to look at. The model's assets and zones must
/// stand already.
void write_lists(const std::vector<PlantList>& lists, Database& model);

}  // namespace sekimori
