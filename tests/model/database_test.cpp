#include "sekimori/model/database.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace sekimori::test {
namespace {

std::string error_of(const auto& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Database model() {
  Database database{":memory:", Database::Mode::create};
  database.execute(schema_sql());
  return database;
}

TEST_CASE("Database: values come back as they were bound", "[model]") {
  auto database = model();
  auto insert = database.prepare("INSERT INTO exception VALUES (?, ?, ?, ?, ?)");
  const std::string text = "it's \xe9\x96\xa2 \"x\"; DROP TABLE exception --";
  insert.bind(1, text).bind(2, std::string_view{}).bind(3, 2.5).bind(4, INT64_MIN).bind_null(5);
  insert.run();
  auto select = database.prepare("SELECT * FROM exception");
  REQUIRE(select.step());
  CHECK(select.columns() == 5);
  CHECK(select.column_name(3) == "port");
  CHECK(select.value(0).as_text() == text);
  CHECK(select.value(1).kind == Value::Kind::text);
  CHECK(select.text(1).empty());
  CHECK(select.value(2).as_text() == "2.5");
  CHECK(select.value(3).as_integer() == INT64_MIN);
  CHECK(select.value(4).is_null());
  CHECK(select.value(4).as_text().empty());
  CHECK_FALSE(select.step());
}

TEST_CASE("Database: a value is looked at in place", "[model]") {
  Database database{":memory:", Database::Mode::create};
  auto row = database.prepare("SELECT NULL, -7, 2.5, 'text', ''");
  REQUIRE(row.step());
  CHECK(row.look(0).kind == Value::Kind::null);
  CHECK(row.look(1).kind == Value::Kind::integer);
  CHECK(row.look(1).integer == -7);
  CHECK(row.look(2).kind == Value::Kind::real);
  CHECK(row.look(2).real == 2.5);
  CHECK(row.look(3).kind == Value::Kind::text);
  CHECK(row.look(3).text == "text");
  CHECK(row.look(4).kind == Value::Kind::text);
  CHECK(row.look(4).text.empty());
}

TEST_CASE("Database: a misspelt name is answered with the nearest one", "[model]") {
  auto database = model();
  const auto prepare = [&](const char* sql) {
    return error_of([&] { (void)database.prepare(sql); });
  };
  CHECK(prepare("SELECT c.client_zon FROM talk c") ==
        "no such column: \"c.client_zon\"; did you mean \"c.client_zone\"?");
  CHECK(prepare("SELECT 1 FROM conversatoin") ==
        "no such table: \"conversatoin\"; did you mean \"conversation\"?");
  CHECK(prepare("SELECT \"client_zon\" FROM talk") ==
        "no such column: \"client_zon\"; did you mean \"client_zone\"?");
  CHECK(prepare("SELECT 1 FROM quetzalcoatl") == "no such table: \"quetzalcoatl\"");
  database.restrict(100);
  CHECK(prepare("SELECT roel FROM asset") == "no such column: \"roel\"; did you mean \"role\"?");
}

TEST_CASE("Database: a query is one statement", "[model]") {
  auto database = model();
  CHECK_NOTHROW(database.prepare("SELECT 1; -- and no more"));
  CHECK(error_of([&] { (void)database.prepare("SELECT 1; SELECT 2"); }) ==
        "more than one statement");
  CHECK(error_of([&] { (void)database.prepare("SELECT 1; nonsense"); }) ==
        "more than one statement");
  CHECK(error_of([&] { (void)database.prepare("-- nothing"); }) == "no statement");
  CHECK(error_of([&] {
          (void)database.prepare({"SELECT 1\0; x", 12});
        }) == "a query has no zero byte");
}

TEST_CASE("Database: restricted, it only reads the model", "[model]") {
  const std::string sql = GENERATE(
      "DELETE FROM asset", "INSERT INTO exception VALUES ('', '', '', '', '')",
      "UPDATE meta SET value = ''", "DROP TABLE asset", "CREATE TABLE t (x)",
      "CREATE TEMP TABLE t (x)", "CREATE TEMP VIEW v AS SELECT 1", "ALTER TABLE asset ADD COLUMN x",
      "ATTACH 'x' AS x", "DETACH main", "PRAGMA user_version = 9", "PRAGMA table_info(asset)",
      "SELECT * FROM pragma_database_list", "BEGIN", "COMMIT", "SAVEPOINT x", "VACUUM", "ANALYZE",
      "REINDEX", "SELECT load_extension('x')", "SELECT random()", "SELECT randomblob(9)",
      "SELECT CURRENT_TIMESTAMP", "EXPLAIN DELETE FROM asset");
  CAPTURE(sql);
  auto database = model();
  database.restrict(100'000);
  CHECK_THROWS_AS(database.prepare(sql).run(), Error);
  CHECK_THROWS_AS(database.execute(sql), Error);
  CHECK_NOTHROW(database.prepare("SELECT upper(name) FROM asset").run());
}

TEST_CASE("Database: a statement prepared before the restriction is under it, too", "[model]") {
  auto database = model();
  auto insert = database.prepare("INSERT INTO exception VALUES ('', '', '', '', '')");
  insert.run();
  database.restrict(100'000);
  CHECK_THROWS_AS(insert.run(), Error);
  database.lift_restriction();
  CHECK_NOTHROW(insert.run());
}

TEST_CASE("Database: a statement that needs more steps than allowed is stopped", "[model]") {
  auto database = model();
  const char* endless =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n";
  database.restrict(50'000);
  CHECK(error_of([&] { database.prepare(endless).run(); }) == "needs more than 50000 steps");
  // The count is each statement's own.
  const char* short_one =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) "
      "SELECT COUNT(*) FROM n";
  auto statement = database.prepare(short_one);
  for (int i = 0; i < 20; ++i) CHECK_NOTHROW(statement.run());
}

TEST_CASE("Database: a value may not grow without bound", "[model]") {
  auto database = model();
  database.restrict(1'000'000);
  CHECK_THROWS_AS(database.prepare("SELECT zeroblob(100000000)").run(), Error);
  CHECK_THROWS_AS(
      database.prepare("SELECT replace(hex(zeroblob(9000)), '0', hex(zeroblob(9000)))").run(),
      Error);
  CHECK_THROWS_AS(database.prepare("SELECT printf('%.*c', 100000000, 'x')").run(), Error);
}

TEST_CASE("Database: only a model file is opened", "[model]") {
  const Folder folder;
  const auto open = [&](const char* name) {
    return error_of([&] { Database{folder / name, Database::Mode::read_only}; });
  };
  CHECK_THAT(open("none"), Catch::Contains("unable to open"));

  std::ofstream{folder / "text"}
      << "no database, but a text that is longer than a header of one is";
  CHECK_THAT(open("text"), Catch::Contains("not a sekimori model file"));
  std::ofstream{folder / "empty"};
  CHECK_THAT(open("empty"), Catch::Contains("not a sekimori model file"));

  {
    Database database{folder / "later", Database::Mode::create};
    database.execute(schema_sql());
    database.execute("PRAGMA user_version = 99");
  }
  CHECK_THAT(open("later"), Catch::Contains("schema version 99, but this program reads 1"));
  CHECK_THAT(error_of([&] {
               Database{folder / "later", Database::Mode::create};
             }),
             Catch::Contains("exists already"));
}

TEST_CASE("Database: a reader sees what was shared, while more is written", "[model]") {
  const Folder folder;
  const auto file = folder / "m.sekimori";
  Database database{file, Database::Mode::create};
  const auto put = [&](int from, int to) {
    for (int i = from; i < to; ++i)
      database.execute("INSERT INTO meta VALUES ('" + std::to_string(i) + "', '" +
                       std::string(2000, 'x') + "')");
  };
  const auto count = [](Database& of) {
    auto rows = of.prepare("SELECT COUNT(*) FROM meta");
    REQUIRE(rows.step());
    return rows.integer(0);
  };
  // Room for a few pages only: what is written must wait in memory for the readers to go.
  database.execute("PRAGMA journal_mode = MEMORY; PRAGMA cache_size = 10; BEGIN");
  database.execute(schema_sql());
  put(0, 10);
  database.share();
  put(10, 500);
  {
    auto reader = database.reader();
    CHECK(count(reader) == 10);
    put(500, 1000);
    CHECK(count(reader) == 10);
    CHECK_THROWS_AS(reader.execute("DELETE FROM meta"), Error);
  }
  CHECK(count(database) == 1000);
  database.execute("COMMIT; BEGIN EXCLUSIVE");
  CHECK(error_of([&] { static_cast<void>(database.reader()); }) ==
        file.string() + ": locked: another program is writing it");
  database.execute("COMMIT");
  auto reader = database.reader();
  CHECK(count(reader) == 1000);
}

TEST_CASE("Database: tables made aside are adopted with their rows and indexes", "[model]") {
  const Folder folder;
  const auto file = folder / "a.sekimori";
  const auto count = [](Database& database, const std::string& query) {
    auto row = database.prepare("SELECT COUNT(*) FROM " + query);
    REQUIRE(row.step());
    return row.integer(0);
  };
  Database database{file, Database::Mode::create};
  database.execute("BEGIN");
  database.execute(schema_sql());
  database.execute(derived_index_sql());
  database.execute("INSERT INTO meta VALUES ('a', 'mine')");
  auto aside = Database::aside();
  auto row = aside.prepare("INSERT INTO address VALUES (?, '', ?, 'x', 1)");
  for (std::int64_t asset = 1; asset <= 1000; ++asset) row.bind(1, asset).bind(2, 2.5).run();
  aside.execute("INSERT INTO meta VALUES ('b', 'not asked for')");
  aside.execute(derived_index_sql());
  database.adopt(std::move(aside), std::to_array<std::string_view>({"address", "zone"}));
  CHECK(count(database, "address INDEXED BY address_asset WHERE asset BETWEEN 7 AND 16") == 10);
  CHECK(count(database, "main.meta") == 1);
  CHECK(count(database, "pragma_database_list WHERE name LIKE 'memory%'") == 1);
  database.share();
  CHECK(count(database, "pragma_database_list WHERE name LIKE 'memory%'") == 0);
  auto reader = database.reader();
  CHECK(count(reader, "address") == 1000);
  CHECK(count(reader, "pragma_integrity_check WHERE integrity_check = 'ok'") == 1);
}

TEST_CASE("Database: what is made aside takes no more memory than is said", "[model]") {
  auto aside = Database::aside();
  const auto grow = [&] {
    auto row = aside.prepare("INSERT INTO exception VALUES (?, '', '', '', '')");
    const std::string text(1 << 20, 'x');
    for (int mebibytes = 0; mebibytes < 300; ++mebibytes) row.bind(1, text).run();
  };
  CHECK(error_of(grow) == "database or disk is full");
}

TEST_CASE("Database: it knows whether another file took the place of its own", "[model]") {
  const Folder folder;
  const auto make = [&](const char* name) {
    Database{folder / name, Database::Mode::create}.execute(schema_sql());
    return folder / name;
  };
  const auto path = make("a");
  const auto next = make("b");
  const Database database{path, Database::Mode::read_only};
  CHECK(database.is_in_place());
  std::filesystem::rename(next, path);
  CHECK_FALSE(database.is_in_place());
  CHECK(database.reader().is_in_place());
}

TEST_CASE("Database: the schema says the version that the program reads", "[model]") {
  auto database = model();
  auto version = database.prepare("PRAGMA user_version");
  REQUIRE(version.step());
  CHECK(version.integer(0) == Database::kSchemaVersion);
}

TEST_CASE("Database: a statement may outlive its database object", "[model]") {
  std::optional<Database> database{model()};
  auto statement = database->prepare("SELECT 7");
  database.reset();
  REQUIRE(statement.step());
  CHECK(statement.integer(0) == 7);
}

TEST_CASE("Nearest: the word with the fewest changes, if any is near", "[bytes]") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("roel", "role") == 1);
  CHECK(nearest("zoen", {"zone", "one", "asset"}) == "zone");
  CHECK(nearest("x", {"asset"}).empty());
  CHECK(nearest("", {"asset"}).empty());
}

}  // namespace
}  // namespace sekimori::test
