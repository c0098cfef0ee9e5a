// The one door to SQLite. A model file may come from anywhere and a query from anybody, so the
// library is opened with its defences up, and a check's query runs under an authorizer.

#include "sekimori/model/database.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"

#include "functions.h"
#include "kinds.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <iterator>
#include <limits>
#include <new>
#include <span>
#include <system_error>
#include <utility>

namespace sekimori {
namespace {

constexpr std::int64_t kApplicationId = 0x534b4d52;  // "SKMR", as schema.sql sets it

// No text of a model is longer than a report's sentence; a query that builds one is not a check.
constexpr int kLongestValue = 16'000'000;
constexpr int kLongestQuery = 100'000;

int size_of(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw Error("a text of " + std::to_string(text.size()) + " bytes is too long");
  return static_cast<int>(text.size());
}

/// Once, before the library starts.
void set_up_library() {
  // Counting its memory would make the threads queue for each allocation.
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

std::string_view view_of(sqlite3_value* value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): SQLite's unsigned char.
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return text != nullptr ? std::string_view{text, size} : std::string_view{};
}

Value::Kind kind_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
      return Value::Kind::null;
    case SQLITE_INTEGER:
      return Value::Kind::integer;
    case SQLITE_FLOAT:
      return Value::Kind::real;
    default:
      return Value::Kind::text;
  }
}

Value value_of(sqlite3_value* from) {
  Value value;
  value.kind = kind_of(from);
  if (value.kind == Value::Kind::integer) value.integer = sqlite3_value_int64(from);
  if (value.kind == Value::Kind::real) value.real = sqlite3_value_double(from);
  if (value.kind == Value::Kind::text) value.text = view_of(from);
  return value;
}

/// Adds a value's bytes, behind its type and, where they may be of any length, their length.
void add_to(std::string& key, sqlite3_value* value) {
  const auto add = [&key](const auto& bytes) {
    const auto all = std::bit_cast<std::array<char, sizeof bytes>>(bytes);
    key.append(all.data(), all.size());
  };
  const int type = sqlite3_value_type(value);
  key += static_cast<char>(type);
  if (type == SQLITE_INTEGER) return add(sqlite3_value_int64(value));
  if (type == SQLITE_FLOAT) return add(sqlite3_value_double(value));
  if (type == SQLITE_NULL) return;
  const auto text = view_of(value);
  add(text.size());
  key.append(text);
}

/// The SQL function of Database::number_kinds().
void number_of_kind(sqlite3_context* context, int count, sqlite3_value** values) {
  auto& kinds = *static_cast<Kinds*>(sqlite3_user_data(context));
  const std::span all{values, static_cast<std::size_t>(count)};
  try {
    kinds.key.clear();
    for (auto* const value : all) add_to(kinds.key, value);
    const auto next = static_cast<std::int64_t>(kinds.values.size()) + 1;
    const auto [found, added] = kinds.numbers.try_emplace(kinds.key, next);
    if (kinds.numbers.size() > Kinds::kMost)
      return sqlite3_result_error(context, "too many kinds", -1);
    if (added)
      std::ranges::transform(all, std::back_inserter(kinds.values.emplace_back()), value_of);
    sqlite3_result_int64(context, found->second);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

constexpr int kAnywhere = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
constexpr int kInMemory = kAnywhere | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

/// Of a database in memory: all connections share it that open it by this name.
std::string uri_of(const std::string& place) {
  return "file:/" + place + "?vfs=memdb";
}

struct Connection {
  sqlite3* handle = nullptr;
  bool restricted = false;
  bool holding = false;    // a temporary table is being made
  bool is_reader = false;  // see Database::reader()
  std::uint64_t most_steps = 0;
  std::uint64_t steps = 0;   // taken by the statement that runs
  std::uint64_t period = 1;  // steps between two calls of progress()

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  // Statements may outlive the Database: the handle then closes with the last of them.
  ~Connection() { sqlite3_close_v2(handle); }

  [[nodiscard]] std::string words(int code);
  [[nodiscard]] std::vector<std::string> names(const char* sql);
  void run(const std::string& sql);
  void install();
  void harden() const;
  void check_identity(const std::string& path) const;
  [[nodiscard]] std::int64_t pragma(const char* sql) const;

  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger);
  static int progress(void* self);
};

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

int Connection::authorize(void* self, int action, const char* /*first*/, const char* second,
                          const char* database, const char* /*trigger*/) {
  const auto& connection = *static_cast<const Connection*>(self);
  if (!connection.restricted) return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return second == nullptr || is_refused(second) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE: {
      // The rows of the table, and its row in the list of temporary ones.
      const bool temporary = database != nullptr && std::string_view{database} == "temp";
      return connection.holding && temporary ? SQLITE_OK : SQLITE_DENY;
    }
    case SQLITE_CREATE_TEMP_VIEW:
      return connection.holding ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int Connection::progress(void* self) {
  auto& impl = *static_cast<Connection*>(self);
  if (!impl.restricted) return 0;
  impl.steps += impl.period;
  return impl.steps >= impl.most_steps ? 1 : 0;
}

void Connection::harden() const {
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  // A misspelt "column" would otherwise silently be a string.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kLongestQuery);
  sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
}

void Connection::install() {
  // Setting an authorizer makes every statement be prepared again under it.
  sqlite3_set_authorizer(handle, restricted ? authorize : nullptr, this);
  period = std::clamp<std::uint64_t>(most_steps, 1, 1000);
  sqlite3_progress_handler(handle, restricted ? static_cast<int>(period) : 0,
                           restricted ? progress : nullptr, this);
}

void Connection::run(const std::string& sql) {
  const int code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Error(words(code));
}

std::int64_t Connection::pragma(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  std::int64_t value = -1;
  if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

void Connection::check_identity(const std::string& path) const {
  const auto id = pragma("PRAGMA application_id");
  if ((sqlite3_errcode(handle) & 0xff) == SQLITE_BUSY)
    throw Error(path, "locked: another program is writing it");
  if (id != kApplicationId) throw Error(path, "not a sekimori model file");
  const auto version = pragma("PRAGMA user_version");
  if (version != Database::kSchemaVersion)
    throw Error(path, "schema version " + std::to_string(version) + ", but this program reads " +
                          std::to_string(Database::kSchemaVersion));
}

std::vector<std::string> Connection::names(const char* sql) {
  std::vector<std::string> result;
  sqlite3_stmt* statement = nullptr;
  const bool was_restricted = std::exchange(restricted, false);
  if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK) {
    while (sqlite3_step(statement) == SQLITE_ROW) {
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): SQLite's unsigned char.
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      if (text != nullptr) result.emplace_back(text);
    }
  }
  sqlite3_finalize(statement);
  restricted = was_restricted;
  return result;
}

std::string Connection::words(int code) {
  if ((code & 0xff) == SQLITE_INTERRUPT)
    return "needs more than " + std::to_string(most_steps) + " steps";
  std::string text = sqlite3_errmsg(handle);
  if ((code & 0xff) == SQLITE_AUTH) return text + ": only reading is allowed here";

  const auto after = [&text](std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string{};
  };
  const auto column = after("no such column: ");
  const auto table = after("no such table: ");
  const auto& word = column.empty() ? table : column;
  if (word.empty()) return text;

  const auto dot = word.rfind('.');
  const auto start = dot == std::string::npos ? 0 : dot + 1;
  const auto meant = nearest(
      lower(word.substr(start)),
      names(column.empty()
                ? "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
                : "SELECT DISTINCT c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c "
                  "WHERE m.type IN ('table', 'view') ORDER BY c.name"));
  text = (column.empty() ? "no such table: \"" : "no such column: \"") + word + '"';
  if (!meant.empty()) text += "; did you mean \"" + word.substr(0, start) + meant + "\"?";
  return text;
}

}  // namespace

std::string Value::as_text() const {
  if (kind == Kind::text) return text;
  if (kind == Kind::integer) return std::to_string(integer);
  if (kind == Kind::null) return {};
  std::array<char, 32> buffer{};
  sqlite3_snprintf(static_cast<int>(buffer.size()), buffer.data(), "%!.15g", real);
  return buffer.data();
}

struct Statement::Impl {
  sqlite3_stmt* handle = nullptr;
  std::shared_ptr<Connection> database;
  bool running = false;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { sqlite3_finalize(handle); }

  void check(int code) const {
    if (code != SQLITE_OK) throw Error(database->words(code));
  }
  void bind(int position, std::string_view value, sqlite3_destructor_type keep) const {
    // A null pointer would be NULL, and an empty view may have one.
    const char* text = value.empty() ? "" : value.data();
    check(sqlite3_bind_text(handle, position, text, size_of(value), keep));
  }
};

struct Database::Impl {
  std::shared_ptr<Connection> connection = std::make_shared<Connection>();
};

Database::Database() : impl_(std::make_unique<Impl>()) {
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
}

Database Database::aside() {
  Database made;
  auto& connection = *made.impl_->connection;
  made.aside_ = place_in_memory();
  const int code =
      sqlite3_open_v2(uri_of(made.aside_).c_str(), &connection.handle, kInMemory, nullptr);
  if (code != SQLITE_OK) throw Error(sqlite3_errstr(code));
  connection.harden();
  connection.run("PRAGMA journal_mode = OFF; BEGIN");
  made.execute(schema_sql());
  return made;
}

void Database::adopt(Database aside, std::span<const std::string_view> tables) {
  aside.execute("COMMIT");
  attach(aside.aside_);
  adopted_.push_back(aside.aside_);
  // SQLite copies records as they are where table and indexes are made by the same statements.
  for (const auto table : tables) {
    const std::string name{table};
    execute("INSERT INTO main." + name + " SELECT * FROM " + aside.aside_ + '.' + name);
  }
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

void Database::number_kinds(const std::string& function, Kinds* kinds) {
  const int code = sqlite3_create_function_v2(
      impl_->connection->handle, function.c_str(), -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, kinds,
      kinds != nullptr ? number_of_kind : nullptr, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Error(impl_->connection->words(code));
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

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

Statement& Statement::bind(int position, std::int64_t value) {
  impl_->check(sqlite3_bind_int64(impl_->handle, position, value));
  return *this;
}

Statement& Statement::bind(int position, double value) {
  impl_->check(sqlite3_bind_double(impl_->handle, position, value));
  return *this;
}

Statement& Statement::bind(int position, std::string_view value) {
  // NOLINTNEXTLINE: SQLITE_TRANSIENT is SQLite's own cast of -1 to a function pointer.
  impl_->bind(position, value, reinterpret_cast<sqlite3_destructor_type>(-1));
  return *this;
}

Statement& Statement::bind_lasting(int position, std::string_view value) {
  impl_->bind(position, value, SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int position) {
  impl_->check(sqlite3_bind_null(impl_->handle, position));
  return *this;
}

bool Statement::step() {
  if (!impl_->running) {
    impl_->database->steps = 0;
    impl_->running = true;
  }
  const int code = sqlite3_step(impl_->handle);
  if (code == SQLITE_ROW) return true;
  impl_->running = false;
  if (code == SQLITE_DONE) return false;
  const auto words = impl_->database->words(code);
  sqlite3_reset(impl_->handle);
  throw Error(words);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  impl_->running = false;
  sqlite3_reset(impl_->handle);
}

int Statement::columns() const {
  return sqlite3_column_count(impl_->handle);
}

std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(impl_->handle, column);
  return name != nullptr ? name : "";
}

Value Statement::value(int column) const {
  return value_of(sqlite3_column_value(impl_->handle, column));
}

Value::Kind Statement::kind(int column) const {
  return kind_of(sqlite3_column_value(impl_->handle, column));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(impl_->handle, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(impl_->handle, column);
}

std::string Statement::text(int column) const {
  return std::string{view(column)};
}

std::string_view Statement::view(int column) const {
  return view_of(sqlite3_column_value(impl_->handle, column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(impl_->handle, column) == SQLITE_NULL;
}

}  // namespace sekimori
