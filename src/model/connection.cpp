// A model file may come from anywhere and a query from anybody: the library is opened with its
// defences up, and a check's query runs under an authorizer.

#include "connection.h"

#include "sekimori/bytes/nearest.h"

#include "functions.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sekimori {
namespace {

constexpr std::int64_t kApplicationId = 0x534b4d52;  // "SKMR", as schema.sql sets it

// No text of a model is longer than a report's sentence; a query that builds one is not a check.
constexpr int kLongestValue = 16'000'000;
constexpr int kLongestQuery = 100'000;

}  // namespace

int size_of(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw Error("a text of " + std::to_string(text.size()) + " bytes is too long");
  return static_cast<int>(text.size());
}

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

}  // namespace sekimori
