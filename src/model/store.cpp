// A model file is written whole or not at all: beside its place, then renamed into it.

#include "sekimori/model/store.h"

#include "sekimori/bytes/error.h"

#include "store_parts.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sekimori {
namespace {

namespace fs = std::filesystem;

void flush(const fs::path& path, int flags) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX.
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw std::system_error(errno, std::generic_category());
  const int failed = ::fsync(file) != 0 ? errno : 0;
  ::close(file);
  // Some file systems cannot flush a directory, and say so.
  if (failed != 0 && failed != EINVAL) throw std::system_error(failed, std::generic_category());
}

void write(const Facts& facts, const fs::path& path, const std::function<void(Database&)>& derive) {
  Database database{path, Database::Mode::create};
  // Nobody reads the file before it is renamed, so it needs no journal and one flush at the end.
  for (const auto* pragma : {"PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF",
                             "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA cache_size = -65536"})
    database.execute(pragma);
  database.execute("BEGIN");
  database.execute(schema_sql());
  write_facts(facts, database);
  if (derive) derive(database);
  database.execute("COMMIT");
}

/// Takes the half-written file away, whatever happened.
class Partial {
 public:
  explicit Partial(fs::path path) : path_(std::move(path)) { remove(); }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  ~Partial() { remove(); }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  void remove() {
    std::error_code ignored;
    fs::remove(path_, ignored);
    fs::remove(fs::path{path_} += "-journal", ignored);
  }

  fs::path path_;
};

}  // namespace

void save(const Facts& facts, const fs::path& path, const std::function<void(Database&)>& derive) {
  const Partial partial{fs::path{path} += ".partial"};
  try {
    write(facts, partial.path(), derive);
    flush(partial.path(), O_RDONLY);
    fs::rename(partial.path(), path);
    const auto folder = fs::absolute(path).parent_path();
    flush(folder, O_RDONLY | O_DIRECTORY);
  } catch (const std::system_error& error) {
    throw Error(path.string(), "cannot be written: " + error.code().message());
  } catch (const Error& error) {
    throw Error(path.string(), error.what());
  }
}

Facts load(const fs::path& path) {
  Database database{path, Database::Mode::read_only};
  try {
    return read_facts(database);
  } catch (const Error& error) {
    throw Error(path.string(), error.what());
  }
}

}  // namespace sekimori
