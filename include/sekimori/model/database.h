#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

struct Kinds;

/// One value of a result row, as SQLite holds it.
struct Value {
  enum class Kind : std::uint8_t { null, integer, real, text };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] std::int64_t as_integer() const;  ///< 0 for null and text
  [[nodiscard]] double as_real() const;
  [[nodiscard]] std::string as_text() const;  ///< "" for null
};

/// The same in place, until the row's statement steps on.
struct ValueView {
  Value::Kind kind = Value::Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

/// A prepared statement. Positions count from 1 for bind, from 0 for columns, as SQLite does.
class Statement {
 public:
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;

  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, double value);
  Statement& bind(int position, std::string_view value);
  /// The same without a copy: of text that stays as it is until the statement has run.
  Statement& bind_lasting(int position, std::string_view value);
  Statement& bind(int position, const Value& value);
  Statement& bind_null(int position);
  /// True while there is a row. Throws Error.
  bool step();
  /// Runs to the end and makes the statement ready for new values.
  void run();
  void reset();

  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string column_name(int column) const;
  [[nodiscard]] Value value(int column) const;
  [[nodiscard]] ValueView look(int column) const;
  [[nodiscard]] Value::Kind kind(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// The same in place, until the next step.
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  struct Impl;
  explicit Statement(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A model file. Behind it is SQLite, which nobody else sees.
class Database {
 public:
  enum class Mode : std::uint8_t { create, read_only, read_write };

  /// Opens; `create` makes an empty file; one that exists must be empty. ":memory:" is allowed.
  /// read_only and read_write check application_id and schema version. Throws Error.
  Database(const std::filesystem::path& path, Mode mode);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// An empty model in memory, in a transaction of its own, that another may adopt() tables of; on
  /// another thread if need be. It fails like a full disk where it would take more than 256 MiB.
  /// Throws Error.
  [[nodiscard]] static Database aside();
  /// Fills tables, which are empty, with those that `aside` has of the same names, in a fraction of
  /// the time that their rows took. Its room is free again after the next share(). Throws Error.
  void adopt(Database aside, std::span<const std::string_view> tables);

  /// Ends a transaction and begins another, so that readers see what there is: until the next
  /// commit the file stays as it is, and by then they must be gone. Throws Error.
  void share();
  /// Another connection to the same file, for reading, on another thread if need be. Not of one in
  /// memory. What is held through it goes with it, and not before. Throws Error.
  [[nodiscard]] Database reader() const;
  /// Whether its file still stands under the name that it was opened by. Two connections of one
  /// name of which both do, asked once both are open, have the same file.
  [[nodiscard]] bool is_in_place() const;

  /// Runs statements that return nothing. Throws Error.
  void execute(std::string_view sql);
  /// Throws Error with SQLite's words, naming the model's nearest table or column where one is
  /// misspelt.
  Statement prepare(std::string_view sql);

  /// From here on only reading statements are allowed (an authorizer), and each may run no more
  /// than `steps` virtual-machine instructions; a statement that needs more throws Error.
  void restrict(std::uint64_t steps);
  void lift_restriction();

  /// Keeps what `select` gives as a temporary table, which from then on stands in front of a table
  /// or view of its name, with the same columns in the same order. A restriction holds for `select`
  /// as for any other query. It is up to the caller that nothing which `select` reads changes while
  /// the table is used, and that none of its columns is named twice. Its rows are in no order.
  void hold(const std::string& name, std::string_view select);
  /// Of rows that are held by kind.
  struct RowColumns {
    std::string key;                          ///< a whole number that no two rows share
    std::span<const std::string_view> kind;   ///< what many rows have alike
    std::span<const std::string_view> order;  ///< of `kind`, in which kinds are found in order
  };
  /// As hold(), of rows most of which are of few kinds: what the columns of a kind hold is kept
  /// once, and a query that asks for it looks among the kinds and then reads the rows of those that
  /// are meant. One that groups by what kinds are ordered by sorts nothing. Where kinds are many,
  /// it is hold() with the rows looked up by key. Not while a restriction holds.
  void hold_by_kind(const std::string& name, std::string_view select, const RowColumns& of);
  /// As hold_by_kind(), in memory (up to SQLite's 1 GB) that all readers share, those made before
  /// as well; from the next share() on they may take it, but must not look for it before. Its room
  /// is free again once this and they are gone. False, and nothing is held, where kinds are many or
  /// this is a reader().
  [[nodiscard]] bool hold_for_readers(const std::string& name, std::string_view select,
                                      const RowColumns& of);
  /// Shows a reader() what is held for readers under that name; false where it is not.
  [[nodiscard]] bool take(const std::string& name);
  /// Shows what `select` gives in front of a table or view of its name, worked out by each query
  /// for itself. A restriction holds for `select`.
  void show(const std::string& name, std::string_view select);
  /// Looks rows that hold() keeps up by a column from here on.
  void index_held(const std::string& name, const std::string& column);
  /// Lets go of what is held or shown, where this is no reader(); no restriction may be in force.
  /// Throws Error where it is being read.
  void let_go(const std::string& name);

  static constexpr int kSchemaVersion = 1;

 private:
  Database();
  /// What readers may take: a database in memory, and the SQL that shows what is in it.
  struct Held {
    std::string place, view;
  };
  void make_temporary(const std::string& sql);
  /// The SQL that shows what is then held in the database of this connection called `place`.
  /// Nothing where there are too many kinds.
  std::optional<std::string> make_by_kind(const std::string& place, const std::string& name,
                                          std::string_view select, const RowColumns& of);
  /// A name that no other database in memory has.
  [[nodiscard]] static std::string place_in_memory();
  /// Opens a database in memory that all connections share which open it by that name.
  void attach(const std::string& place);
  [[nodiscard]] bool is_reader() const;
  /// Makes an SQL function that numbers what it is given; none, where no kinds are given.
  void number_kinds(const std::string& function, Kinds* kinds);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  /// By name; a model and its readers have them in common.
  std::shared_ptr<std::map<std::string, Held>> for_readers_;
  std::string aside_;                 ///< the place of one made aside
  std::vector<std::string> adopted_;  ///< places of what is no longer needed
};

/// The tables and views of a model file (schema.sql).
[[nodiscard]] std::string_view schema_sql();

/// What checks and reports look things up by. Made once all rows are there: to keep an index up
/// with every row costs more.
[[nodiscard]] std::string_view operation_index_sql();
[[nodiscard]] std::string_view subject_index_sql();  ///< of properties and events
[[nodiscard]] std::string_view conversation_index_sql();
[[nodiscard]] std::string_view derived_index_sql();

}  // namespace sekimori
