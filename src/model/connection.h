#pragma once

// The one door to SQLite: only here is its header included, and only by the files of this folder
// that know what is behind the door.

#include "sekimori/bytes/error.h"
#include "sekimori/model/database.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// An SQLite connection with its defences up.
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

/// The length of a text as SQLite takes it. Throws Error where it is too long.
[[nodiscard]] int size_of(std::string_view text);

// What SQLite holds; a view until it is asked for another value.
[[nodiscard]] std::string_view view_of(sqlite3_value* value);
[[nodiscard]] Value::Kind kind_of(sqlite3_value* value);
[[nodiscard]] Value value_of(sqlite3_value* value);

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

}  // namespace sekimori
