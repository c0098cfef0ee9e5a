// A model file is written whole or not at all: beside its place, then renamed into it.

#include "sekimori/model/store.h"

#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/input_error.h"

#include "store_parts.h"

#include <array>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

namespace sekimori {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

// Of a database file (sqlite.org/fileformat2.html, 1.3).
constexpr auto kMagic = "SQLite format 3\0"sv;
constexpr std::size_t kApplicationIdAt = 68;
constexpr auto kApplicationId = "SKMR"sv;  // as schema.sql sets it

void write(const Facts& facts, const fs::path& path, const std::function<void(Database&)>& derive,
           const ColumnSource& columns) {
  Database database{path, Database::Mode::create};
  // Nobody reads the file before it is renamed, so it needs no journal and one flush at the end.
  for (const auto* pragma :
       {"PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536"})
    database.execute(pragma);
  database.execute("BEGIN");
  database.execute(schema_sql());
  write_facts(facts, database, columns);
  if (derive) derive(database);
  database.execute("COMMIT");
}

}  // namespace

void save(const Facts& facts, const fs::path& path, const std::function<void(Database&)>& derive,
          const fs::path& called, const ColumnSource& columns) {
  const auto& name = called.empty() ? path : called;
  Draft draft{path, name};
  try {
    write(facts, draft.path(), derive, columns);
  } catch (const std::system_error& error) {
    throw Error(name.string(), "cannot be written: " + error.code().message());
  } catch (const InputError&) {
    throw;
  } catch (const Error& error) {
    throw Error(name.string(), error.what());
  }
  draft.become_target();
}

bool has_table(Database& model, std::string_view name) {
  auto found =
      model.prepare("SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?");
  found.bind(1, name);
  return found.step();
}

bool is_model_file(const fs::path& path) {
  std::array<char, kApplicationIdAt + kApplicationId.size()> begin{};
  std::ifstream file{path, std::ios::binary};
  file.read(begin.data(), begin.size());
  const std::string_view bytes{begin.data(), static_cast<std::size_t>(file.gcount())};
  return bytes.size() == begin.size() && bytes.starts_with(kMagic) &&
         bytes.ends_with(kApplicationId);
}

Facts load(const fs::path& path, unsigned threads) {
  Database database{path, Database::Mode::read_only};
  std::optional<Database> beside;
  if (threads > 1) beside = database.reader();
  // A sensor may have put its next snapshot there in between.
  if (beside && !(beside->is_in_place() && database.is_in_place())) beside.reset();
  try {
    return read_facts(database, beside ? &*beside : nullptr);
  } catch (const Error& error) {
    throw Error(path.string(), error.what());
  }
}

}  // namespace sekimori
