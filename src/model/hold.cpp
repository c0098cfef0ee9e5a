// What a connection holds of its own beside the model file: copies and views for its queries.

#include "sekimori/bytes/error.h"
#include "sekimori/model/database.h"

#include "column_order.h"
#include "kinds.h"

#include <algorithm>
#include <functional>

namespace sekimori {
namespace {

constexpr const char* kNumber = "number_of_kind";
constexpr const char* kOwn = "temp";  // what SQLite calls a connection's own tables

std::string sql_name(std::string_view name) {
  std::string text{'"'};
  for (const char letter : name) text += letter == '"' ? "\"\"" : std::string{letter};
  return text + '"';
}

std::string listed(const auto& columns) {
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + sql_name(column);
  return list;
}

/// Behind other columns.
std::string also(const std::vector<std::string>& columns) {
  return columns.empty() ? std::string{} : ", " + listed(columns);
}

/// The table behind what is held as `name`.
std::string rows_of(const std::string& name) {
  return sql_name(name + " rows");
}

std::string kinds_of(const std::string& name) {
  return sql_name(name + " kinds");
}

/// As the source of another query; it may end in a comment.
std::string source(std::string_view select) {
  return " FROM (" + std::string{select} + "\n)";
}

std::vector<std::string> columns_of(const Statement& statement) {
  std::vector<std::string> columns;
  for (int i = 0; i < statement.columns(); ++i) columns.push_back(statement.column_name(i));
  return columns;
}

bool has_row(Database& database, std::string_view query) {
  return database.prepare(query).step();
}

/// While it lives, the connection has the function that numbers kinds; what was made since goes
/// again unless it is kept.
class Making {
 public:
  Making(Database& database, const std::function<void(Kinds*)>& number)
      : database_(database), number_(number) {
    number_(&kinds);
    database_.execute("SAVEPOINT holding");
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;
  ~Making() {
    try {
      number_(nullptr);
      if (!kept_) database_.execute("ROLLBACK TO holding; RELEASE holding");
    } catch (const Error&) {
      return;  // it goes with the connection
    }
  }

  void keep() {
    database_.execute("RELEASE holding");
    kept_ = true;
  }

  Kinds kinds;

 private:
  Database& database_;
  std::function<void(Kinds*)> number_;
  bool kept_ = false;
};

}  // namespace

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

void Database::hold(const std::string& name, std::string_view select) {
  // By itself first: what follows can then be nothing but one reading statement.
  const auto columns = columns_of(prepare(select));
  make_temporary("CREATE TEMP TABLE " + rows_of(name) + " AS SELECT " +
                 listed(asked_first(columns)) + source(select));
  make_temporary("CREATE TEMP VIEW " + sql_name(name) + " AS SELECT " + listed(columns) + " FROM " +
                 rows_of(name));
}

void Database::hold_by_kind(const std::string& name, std::string_view select,
                            const RowColumns& of) {
  if (const auto view = make_by_kind(kOwn, name, select, of)) return execute(*view);
  hold(name, select);
  index_held(name, of.key);
}

bool Database::hold_for_readers(const std::string& name, std::string_view select,
                                const RowColumns& of) {
  if (is_reader()) return false;  // what it opens is as read-only as its file
  const auto place = place_in_memory();
  attach(place);
  const auto view = make_by_kind(place, name, select, of);
  if (!view) return false;
  execute(*view);
  for_readers_->insert_or_assign(name, Held{place, *view});
  return true;
}

bool Database::take(const std::string& name) {
  const auto found = for_readers_->find(name);
  if (found == for_readers_->end()) return false;
  attach(found->second.place);
  execute(found->second.view);
  return true;
}

std::optional<std::string> Database::make_by_kind(const std::string& place, const std::string& name,
                                                  std::string_view select, const RowColumns& of) {
  const auto& [key, kind, order] = of;
  const auto columns = columns_of(prepare(select));
  std::vector<std::string> own;  // of a row, beside its key and its kind
  for (const auto& column : columns)
    if (column != key && std::ranges::find(kind, column) == kind.end()) own.push_back(column);
  const auto rows = place + '.' + rows_of(name);
  const auto kinds = place + '.' + kinds_of(name);
  Making making{*this, [this](Kinds* met) { number_kinds(kNumber, met); }};
  // A table made so has the columns' types; its rows are named by rowid.
  execute("CREATE TABLE " + kinds + " AS SELECT " + listed(kind) + source(select) +
          " LIMIT 0;"
          "CREATE TABLE " +
          rows + " AS SELECT CAST(0 AS INTEGER) AS \" kind\"" + also(asked_first(own)) +
          source(select) + " LIMIT 0");
  try {
    execute("INSERT INTO " + rows + " (rowid, \" kind\"" + also(own) + ") SELECT " + sql_name(key) +
            ", " + kNumber + '(' + listed(kind) + ')' + also(own) + source(select));
  } catch (const Error&) {
    if (making.kinds.numbers.size() > Kinds::kMost) return std::nullopt;
    throw;
  }

  std::string marks;
  for (std::size_t i = 0; i < kind.size(); ++i) marks += i == 0 ? "?" : ", ?";
  auto row = prepare("INSERT INTO " + kinds + " VALUES (" + marks + ')');
  for (const auto& values : making.kinds.values) {
    int position = 0;
    for (const auto& value : values) row.bind(++position, value);
    row.run();
  }
  if (!order.empty())
    execute("CREATE INDEX " + place + '.' + sql_name(name + " kinds in order") + " ON " +
            kinds_of(name) + " (" + listed(order) + ')');
  // Whoever plans a query must know that kinds are few.
  execute("CREATE INDEX " + place + '.' + sql_name(name + " by kind") + " ON " + rows_of(name) +
          " (\" kind\"); ANALYZE " + rows + "; ANALYZE " + kinds);
  std::string shown;
  for (const auto& column : columns) {
    shown += shown.empty() ? "" : ", ";
    if (column == key)
      shown += "r.rowid AS " + sql_name(column);
    else
      shown += (std::ranges::find(own, column) == own.end() ? "k." : "r.") + sql_name(column);
  }
  making.keep();
  return "CREATE TEMP VIEW " + sql_name(name) + " AS SELECT " + shown + " FROM " + kinds +
         " k JOIN " + rows + " r ON r.\" kind\" = k.rowid";
}

void Database::show(const std::string& name, std::string_view select) {
  prepare(select);
  make_temporary("CREATE TEMP VIEW " + sql_name(name) + " AS SELECT *" + source(select));
}

void Database::index_held(const std::string& name, const std::string& column) {
  execute("CREATE INDEX temp." + sql_name(name + " by " + column) + " ON " + rows_of(name) + " (" +
          sql_name(column) + ')');
}

void Database::let_go(const std::string& name) {
  if (is_reader()) return;  // page by page it would take longer
  for_readers_->erase(name);
  execute("DROP VIEW temp." + sql_name(name) + "; DROP TABLE IF EXISTS temp." + rows_of(name) +
          "; DROP TABLE IF EXISTS temp." + kinds_of(name));
  // What ANALYZE found goes with its tables; that of others is still asked.
  if (has_row(*this, "SELECT 1 FROM sqlite_temp_master WHERE name = 'sqlite_stat1'") &&
      !has_row(*this, "SELECT 1 FROM temp.sqlite_stat1"))
    execute("DROP TABLE temp.sqlite_stat1");
}

}  // namespace sekimori
