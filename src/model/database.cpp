#include "connection.h"

#include <atomic>
#include <limits>
#include <system_error>
#include <utility>

namespace sekimori {
namespace {

/// Once, before the library starts.
void set_up_library() {
  // Counting its memory would make the threads queue for each allocation.
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

constexpr int kAnywhere = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
constexpr int kInMemory = kAnywhere | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

constexpr int kMostAside = (256 << 20) / 4096;  // pages, of SQLite's usual size

// What is held goes to a file where it takes more than this many KiB.
constexpr const char* kRoom = "PRAGMA temp.cache_size = -262144";

/// Of a database in memory: all connections share it that open it by this name.
std::string uri_of(const std::string& place) {
  return "file:/" + place + "?vfs=memdb";
}

/// While it lives, something temporary may be made.
class Holding {
 public:
  explicit Holding(Connection& connection) : connection_(connection) { connection_.holding = true; }
  ~Holding() { connection_.holding = false; }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

 private:
  Connection& connection_;
};

}  // namespace

Database::Database()
    : impl_(std::make_unique<Impl>()),
      for_readers_(std::make_shared<std::map<std::string, Held>>()) {
  set_up_library();
}

Database::Database(const std::filesystem::path& path, Mode mode) : Database{} {
  auto& connection = *impl_->connection;
  const bool in_memory = path == ":memory:";
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  if (mode == Mode::create && !in_memory && !missing && size != 0)
    throw Error(path.string(), "exists already");
  // One thread uses a connection at a time, so SQLite need not lock it for every value. An absolute
  // path is never taken for a URI, which only attach() gives.
  int flags = kAnywhere;
  flags |= mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  const auto name = in_memory ? path : std::filesystem::absolute(path);
  const int code = sqlite3_open_v2(name.c_str(), &connection.handle, flags, nullptr);
  if (code != SQLITE_OK) {
    throw Error(path.string(), connection.handle != nullptr ? sqlite3_errmsg(connection.handle)
                                                            : sqlite3_errstr(code));
  }
  connection.harden();
  if (mode != Mode::create) connection.check_identity(path.string());
  connection.run(kRoom);  // reads the file, so that it comes last
}

Database Database::aside() {
  Database made;
  auto& connection = *made.impl_->connection;
  made.aside_ = place_in_memory();
  const int code =
      sqlite3_open_v2(uri_of(made.aside_).c_str(), &connection.handle, kInMemory, nullptr);
  if (code != SQLITE_OK) throw Error(sqlite3_errstr(code));
  connection.harden();
  connection.run("PRAGMA journal_mode = OFF; PRAGMA max_page_count = " +
                 std::to_string(kMostAside) + "; BEGIN");
  connection.run(std::string{schema_sql()});
  return made;
}

void Database::share() {
  auto& connection = *impl_->connection;
  connection.run("COMMIT");
  for (const auto& place : adopted_) connection.run("DETACH " + place);
  adopted_.clear();
  // A page that left the cache for the file would lock readers out.
  connection.run("PRAGMA cache_spill = OFF; BEGIN");
}

Database Database::reader() const {
  Database other{sqlite3_db_filename(impl_->connection->handle, "main"), Mode::read_only};
  other.impl_->connection->is_reader = true;
  other.for_readers_ = for_readers_;
  return other;
}

Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

void Database::execute(std::string_view sql) {
  impl_->connection->run(std::string{sql});
}

Statement Database::prepare(std::string_view sql) {
  auto& connection = *impl_->connection;
  if (sql.find('\0') != std::string_view::npos) throw Error("a query has no zero byte");
  auto impl = std::make_unique<Statement::Impl>();
  impl->database = impl_->connection;
  const char* tail = nullptr;
  connection.steps = 0;
  int code = sqlite3_prepare_v2(connection.handle, sql.data(), size_of(sql), &impl->handle, &tail);
  if (code != SQLITE_OK) throw Error(connection.words(code));
  if (impl->handle == nullptr) throw Error("no statement");
  if (connection.restricted && sqlite3_stmt_readonly(impl->handle) == 0)
    throw Error("not authorized: only reading is allowed here");

  // What follows may be blanks and comments, and no second statement.
  const auto used = static_cast<std::size_t>(tail - sql.data());
  sqlite3_stmt* second = nullptr;
  code = sqlite3_prepare_v2(connection.handle, tail, size_of(sql.substr(used)), &second, nullptr);
  const bool more = code != SQLITE_OK || second != nullptr;
  sqlite3_finalize(second);
  if (more) throw Error("more than one statement");
  return Statement{std::move(impl)};
}

void Database::restrict(std::uint64_t steps) {
  auto& connection = *impl_->connection;
  connection.restricted = true;
  connection.most_steps = steps;
  connection.install();
}

void Database::make_temporary(const std::string& sql) {
  const Holding holding{*impl_->connection};
  impl_->connection->steps = 0;
  impl_->connection->run(sql);
}

bool Database::is_in_place() const {
  int moved = 0;
  const int code =
      sqlite3_file_control(impl_->connection->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved == 0;
}

bool Database::is_reader() const {
  return impl_->connection->is_reader;
}

std::string Database::place_in_memory() {
  static std::atomic<unsigned> made = 0;  // connections of other models see the same names
  return "memory_" + std::to_string(++made);
}

void Database::attach(const std::string& place) {
  auto& connection = *impl_->connection;
  const auto sql = "ATTACH '" + uri_of(place) + "' AS " + place;
  sqlite3_limit(connection.handle, SQLITE_LIMIT_ATTACHED, std::numeric_limits<int>::max());
  const int code = sqlite3_exec(connection.handle, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_limit(connection.handle, SQLITE_LIMIT_ATTACHED, 0);  // for any query
  if (code != SQLITE_OK) throw Error(connection.words(code));
}

void Database::lift_restriction() {
  auto& connection = *impl_->connection;
  connection.restricted = false;
  connection.install();
}

}  // namespace sekimori
