#include "sekimori/model/held_views.h"

#include "sekimori/bytes/error.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

/// Two zones with an asset each, and a conversation that crosses, with a write in it.
Database model() {
  Database database{":memory:", Database::Mode::create};
  database.execute(schema_sql());
  database.execute(
      "INSERT INTO zone (zone, name, kind, side, declared, confidence, reason) VALUES "
      "(1, 'office', 'office', 'IT', 1, 100, ''), (2, 'control', 'control', 'OT', 1, 100, '');"
      "INSERT INTO asset (asset, kind, name, role, role_confidence, role_reason, "
      "level_confidence, level_reason, zone, zone_confidence, zone_reason, vendor, model, "
      "firmware, serial, os, is_controller) VALUES "
      "(1, 'device', 'pc', 'workstation', 90, '', 90, '', 1, 100, '', '', '', '', '', '', 0), "
      "(2, 'device', 'plc', 'plc', 90, '', 90, '', 2, 100, '', '', '', '', '', '', 1);"
      "INSERT INTO conversation (conversation, client, server, client_ip, server_ip, transport, "
      "port, number, protocol, segment, client_zone, server_zone, direction_reason, attempted, "
      "established, refused, unanswered, resumed, packets, bytes, client_packets, "
      "server_packets, client_bytes, server_bytes, strength, encrypted, requests_seen, "
      "replies_seen, clear_flows, encrypted_flows, longest_ns) VALUES "
      "(1, 1, 2, '10.0.0.1', '10.0.1.1', 'tcp', 502, 502, 'modbus', '', 1, 2, 'payload', "
      "1, 1, 0, 0, 0, 9, 900, 5, 4, 60, 60, 'S3', 0, 1, 1, 1, 0, 0);"
      "INSERT INTO operation (operation, conversation, protocol, code, name, access, target, "
      "sender, requests, executed, rejected, unanswered, unconfirmed, number) VALUES "
      "(1, 1, 'modbus', '5', 'Write Single Coil', 'write', '', 'client', 1, 1, 0, 0, 0, 5)");
  return database;
}

std::vector<std::string> rows(Database& database, std::string_view query) {
  std::vector<std::string> all;
  auto statement = database.prepare(query);
  while (statement.step()) {
    std::string row;
    for (int column = 0; column < statement.columns(); ++column)
      row += statement.column_name(column) + '=' + statement.value(column).as_text() + ' ';
    all.push_back(std::move(row));
  }
  return all;
}

std::int64_t temporary(Database& database) {
  auto count = database.prepare("SELECT COUNT(*) FROM sqlite_temp_master");
  REQUIRE(count.step());
  return count.integer(0);
}

TEST_CASE("Held views say what the views say, from a copy", "[model]") {
  auto database = model();
  const auto* const view = GENERATE("talk", "crossing", "action", "crossing_action", "industrial",
                                    "cleartext", "told_service", "coverage");
  const auto query = std::string{"SELECT * FROM "} + view;
  const auto before = rows(database, query);
  {
    const HeldViews held{database};
    CHECK(rows(database, query) == before);
    // The copy does not follow; that nothing changes meanwhile is up to whoever holds.
    database.execute("DELETE FROM conversation");
    CHECK(rows(database, "SELECT 1 FROM talk").size() == 1);
    CHECK(rows(database, "SELECT 1 FROM main.talk").empty());
    CHECK(rows(database, "SELECT 1 FROM crossing").size() == 1);
  }
  CHECK(rows(database, "SELECT 1 FROM talk").empty());
  CHECK(temporary(database) == 0);
}

TEST_CASE("Held views of a part say what is of the part, and leave the file as it was", "[model]") {
  auto database = model();
  database.execute(
      "UPDATE conversation SET capture = 1, frame = 1, last_capture = 3, last_frame = 9;"
      "UPDATE operation SET capture = 3, frame = 8, last_capture = 3, last_frame = 8;"
      "INSERT INTO check_result VALUES ('A', 'r', 'violated', 1, '')");
  struct Case {
    PlantPart part;
    std::size_t talks, writes;
    std::vector<std::string> assets;
  };
  const std::vector<Case> cases{
      {{}, 1, 1, {"name=pc ", "name=plc "}},
      {{{2}, {}, {}}, 1, 1, {"name=pc ", "name=plc "}},  // what talks with it from an office too
      {{{1}, {}, {}}, 1, 1, {"name=pc "}},  // but nothing of somebody else's control network
      {{{1}, {}, {2}}, 0, 0, {"name=pc "}},
      {{{2}, {}, {1}}, 1, 1, {"name=pc ", "name=plc "}},
      {{{}, {1}, {}}, 1, 0, {"name=pc ", "name=plc "}},
      {{{}, {3}, {}}, 1, 1, {"name=pc ", "name=plc "}},
      {{{}, {2}, {}}, 0, 0, {}},  // between the first and the last frame nothing is known
      {{{2}, {2}, {}}, 0, 0, {}},
  };
  for (const auto& [part, talks, writes, assets] : cases) {
    CAPTURE(part.zones, part.captures, part.others);
    {
      const HeldViews held{database, part};
      CHECK(rows(database, "SELECT 1 FROM talk").size() == talks);
      CHECK(rows(database, "SELECT 1 FROM crossing").size() == talks);
      CHECK(rows(database, "SELECT 1 FROM crossing_action WHERE changes").size() == writes);
      CHECK(rows(database, "SELECT name FROM asset ORDER BY asset") == assets);
      CHECK(rows(database, "SELECT 1 FROM check_result").empty());
      database.execute("INSERT INTO check_result VALUES ('B', 'r', 'met', 0, '')");
    }
    CHECK(temporary(database) == 0);
    CHECK(rows(database, "SELECT check_id FROM check_result") ==
          std::vector<std::string>{"check_id=A "});
  }
}

TEST_CASE("What is held by kind has its values and their types, each kind once", "[model]") {
  auto database = model();
  const std::string select =
      "SELECT column1 AS id, column2 AS a, column3 AS b, column4 AS c FROM (VALUES "
      "(7, 'x', 1, 'one'), (3, NULL, 1.5, 'two'), (9, 'x', 1, NULL), (4, '', 1, 'four'), "
      "(5, NULL, 1.5, 5), (6, 'x', '1', 'six'), (8, 'x', 1.0, 'eight'), (2, 'x1', 1, 2)) -- end";
  const std::vector<std::string_view> kind{"b", "a"};
  const std::string all =
      "SELECT *, typeof(a), typeof(b), typeof(c) FROM held ORDER BY id, typeof(b)";
  const auto before = rows(database, "WITH held AS (" + select + "\n) " + all);
  database.hold_by_kind("held", select, {"id", kind, {}});
  CHECK(rows(database, all) == before);
  // 1, 1.0 and '1' are three; NULL is not ''.
  CHECK(rows(database, "SELECT 1 FROM \"held kinds\"").size() == 6);
  CHECK(rows(database, "SELECT id FROM held WHERE a IS NULL AND c = 'two'") ==
        std::vector<std::string>{"id=3 "});
  CHECK(rows(database, "SELECT c FROM held WHERE id = 4") == std::vector<std::string>{"c=four "});
  database.let_go("held");
  CHECK(temporary(database) == 0);

  // Two rows of one key, or no such column: nothing is left, and the next attempt is free.
  CHECK_THROWS_AS(database.hold_by_kind("held",
                                        "SELECT 1 AS id, 2 AS a, 3 AS b UNION ALL SELECT "
                                        "1, 3, 3",
                                        {"id", kind, {}}),
                  Error);
  CHECK_THROWS_AS(database.hold_by_kind("held", "SELECT 1 AS id, 2 AS a", {"id", kind, {}}), Error);
  CHECK(temporary(database) == 0);
  CHECK_THROWS_AS(database.prepare("SELECT number_of_kind(1)"), Error);
  database.hold_by_kind("held", select, {"id", kind, {}});
  CHECK(rows(database, "SELECT 1 FROM held").size() == 8);
}

TEST_CASE("Where kinds are many, what is held by kind is held as it is", "[model]") {
  auto database = model();
  const std::vector<std::string_view> kind{"b", "a"};
  for (const auto& [rows_of_it, tables] : {std::pair{20'000, 2}, std::pair{20'001, 1}}) {
    CAPTURE(rows_of_it);
    database.hold_by_kind("held",
                          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                              std::to_string(rows_of_it) +
                              ") SELECT i AS id, i AS a, 7 AS b FROM n",
                          {"id", kind, {}});
    CHECK(rows(database, "SELECT COUNT(*), SUM(a), MAX(id), MIN(b) FROM held") ==
          rows(database, "SELECT " + std::to_string(rows_of_it) + " AS 'COUNT(*)', " +
                             std::to_string(rows_of_it * (rows_of_it + 1LL) / 2) +
                             " AS 'SUM(a)', " + std::to_string(rows_of_it) +
                             " AS 'MAX(id)', 7 AS 'MIN(b)'"));
    CHECK(rows(database,
               "SELECT 1 FROM sqlite_temp_master WHERE type = 'table' AND name LIKE 'held%'")
              .size() == static_cast<std::size_t>(tables));
    database.let_go("held");
    CHECK(temporary(database) == 0);
  }
}

TEST_CASE("A query that groups by what kinds are ordered by sorts nothing", "[model]") {
  auto database = model();
  const std::vector<std::string_view> kind{"b", "c"};
  const std::vector<std::string_view> order{"c", "b"};
  const std::string select =
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) SELECT i AS id, i AS a, "
      "i % 3 AS b, i % 5 AS c FROM n";
  const std::string query = "SELECT c, b, SUM(a) AS a FROM held GROUP BY c, b";
  const auto plan = [&] {
    std::string text;
    for (const auto& row : rows(database, "EXPLAIN QUERY PLAN " + query)) text += row;
    return text;
  };
  database.hold_by_kind("held", select, {"id", kind, {}});
  const auto unordered = rows(database, query);
  CHECK(plan().find("GROUP BY") != std::string::npos);
  database.let_go("held");
  database.hold_by_kind("held", select, {"id", kind, order});
  CHECK(rows(database, query) == unordered);
  CHECK(unordered.size() == 15);
  CHECK(plan().find("GROUP BY") == std::string::npos);
  database.let_go("held");
  CHECK(temporary(database) == 0);
}

TEST_CASE("What is held for readers, they take", "[model]") {
  const Folder folder;
  Database database{folder / "a.sekimori", Database::Mode::create};
  database.execute(schema_sql());
  const std::vector<std::string_view> kind{"b"};
  const std::string select = "SELECT 7 AS id, 'x' AS a, 1.5 AS b UNION ALL SELECT 3, 'y', 1.5";
  auto early = database.reader();
  database.execute("BEGIN");
  REQUIRE(database.hold_for_readers("held", select, {"id", kind, {}}));
  database.share();
  auto late = database.reader();
  for (auto* const reader : {&early, &late}) {
    CHECK_THROWS_AS(reader->prepare("SELECT 1 FROM held"), Error);
    CHECK_FALSE(reader->take("other"));
    REQUIRE(reader->take("held"));
    CHECK(rows(*reader, "SELECT * FROM held ORDER BY id") ==
          std::vector<std::string>{"id=3 a=y b=1.5 ", "id=7 a=x b=1.5 "});
  }
  // Of another model, under the same name.
  Database other{folder / "b.sekimori", Database::Mode::create};
  other.execute(schema_sql());
  REQUIRE(other.hold_for_readers("held", "SELECT 1 AS id, 2 AS b", {"id", kind, {}}));
  CHECK(rows(other, "SELECT * FROM held") == std::vector<std::string>{"id=1 b=2 "});
  CHECK(rows(early, "SELECT COUNT(*) AS n FROM held") == std::vector<std::string>{"n=2 "});

  // No query may bring a database of its own, and what is let go is not there to be taken.
  CHECK_THROWS_AS(late.execute("ATTACH ':memory:' AS mine"), Error);
  database.let_go("held");
  CHECK(temporary(database) == 0);
  auto next = database.reader();
  CHECK_FALSE(next.take("held"));
}

TEST_CASE("What is of too many kinds is held for nobody", "[model]") {
  auto database = model();
  database.execute("BEGIN; CREATE TEMP TABLE before (x)");
  const std::vector<std::string_view> kind{"b"};
  CHECK_FALSE(database.hold_for_readers(
      "held",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) SELECT i AS id, i AS "
      "b FROM n",
      {"id", kind, {}}));
  CHECK_FALSE(database.take("held"));
  // What was there before is there still, in the same transaction.
  CHECK(temporary(database) == 1);
  database.execute("COMMIT");
}

TEST_CASE("Readers hold what nobody could hold for them", "[model]") {
  const Folder folder;
  Database database{folder / "a.sekimori", Database::Mode::create};
  database.execute(schema_sql());
  // A scan: each conversation is of a kind of its own.
  database.execute(
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) "
      "INSERT INTO conversation (conversation, client_ip, server_ip, transport, port, number, "
      "protocol, segment, direction_reason, attempted, established, refused, unanswered, resumed, "
      "packets, bytes, client_packets, server_packets, client_bytes, server_bytes, strength, "
      "encrypted, requests_seen, replies_seen, clear_flows, encrypted_flows, longest_ns) "
      "SELECT i, '10.0.0.1', '10.0.1.1', 'tcp', i, i, '', '', 'first', 1, 0, 0, 1, 0, 1, 60, 1, "
      "0, 0, 0, 'S1', 0, 0, 0, 0, 0, 0 FROM n; BEGIN");
  const HeldViews held{database};
  database.share();
  auto reader = database.reader();
  const HeldViews its{reader};
  for (auto* const one : {&database, &reader})
    CHECK(rows(*one, "SELECT COUNT(*) AS n, MAX(number) AS most FROM talk") ==
          std::vector<std::string>{"n=20001 most=20001 "});
}

TEST_CASE("Talk that would fill memory is each connection's own", "[model]") {
  const auto places = [](Database& of) {
    return rows(of, "SELECT name FROM pragma_database_list WHERE name LIKE 'memory%'").size();
  };
  auto database = model();
  {
    const HeldViews held{database};
    CHECK(places(database) == 1);
    CHECK(rows(database, "SELECT 1 FROM talk").size() == 1);
  }
  // Ten conversations that could each have two names of 15 MB.
  auto again = model();
  again.execute("UPDATE asset SET name = hex(zeroblob(7500000)) WHERE asset = 1");
  again.execute(
      "CREATE TEMP TABLE more AS WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < "
      "10) SELECT n.i, c.* FROM n, conversation c; UPDATE more SET conversation = i, client = 2; "
      "ALTER TABLE more DROP COLUMN i; INSERT INTO conversation SELECT * FROM more; DROP TABLE "
      "more");
  const HeldViews held{again};
  CHECK(places(again) == 0);
  CHECK(rows(again, "SELECT 1 FROM talk").size() == 10);
}

TEST_CASE("Among held talk, who asks for a kind reads no rows of other kinds", "[model]") {
  auto database = model();
  // Two hundred times the same, by ten ports.
  database.execute(
      "CREATE TEMP TABLE more AS WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < "
      "201) "
      "SELECT n.i, c.* FROM n, conversation c; UPDATE more SET conversation = i, number = i % 10; "
      "ALTER TABLE more DROP COLUMN i; INSERT INTO conversation SELECT * FROM more; DROP TABLE "
      "more");
  const HeldViews held{database};
  CHECK(rows(database, "SELECT 1 FROM talk").size() == 201);
  CHECK(rows(database, "SELECT 1 FROM \"talk kinds\"").size() == 11);
  std::string plan;
  for (const auto& row : rows(database,
                              "EXPLAIN QUERY PLAN SELECT client_name FROM crossing WHERE "
                              "two_way AND client_side = 'DMZ'"))
    plan += row;
  CAPTURE(plan);
  CHECK(plan.find("SCAN k ") != std::string::npos);
  CHECK(plan.find("SEARCH r USING INDEX talk by kind") != std::string::npos);
}

TEST_CASE("What is let go takes nothing from what else is held", "[model]") {
  auto database = model();
  {
    const HeldViews held{database, PlantPart{}};
    const auto known = rows(database, "SELECT * FROM temp.sqlite_stat1 ORDER BY tbl, idx");
    CHECK(known.size() == 2);
    database.hold("mine", "SELECT name FROM asset");
    database.let_go("mine");
    CHECK(rows(database, "SELECT * FROM temp.sqlite_stat1 ORDER BY tbl, idx") == known);
  }
  CHECK(temporary(database) == 0);
}

TEST_CASE("What is shown is worked out by each query, under the restriction", "[model]") {
  auto database = model();
  database.restrict(100'000);
  database.show("mine", "SELECT name FROM asset WHERE is_controller -- who steers");
  CHECK(rows(database, "SELECT * FROM mine") == std::vector<std::string>{"name=plc "});
  CHECK_THROWS_AS(database.show("mine", "SELECT 1"), Error);  // it is there already
  for (const auto* refused : {"DELETE FROM asset", "SELECT random()", "SELECT nothing FROM asset",
                              "SELECT 1; DROP TABLE asset"}) {
    CAPTURE(refused);
    CHECK_THROWS_AS(database.show("other", refused), Error);
  }
  database.lift_restriction();
  database.execute("UPDATE asset SET name = 'press'");
  CHECK(rows(database, "SELECT * FROM mine") == std::vector<std::string>{"name=press "});
  database.let_go("mine");
  CHECK(temporary(database) == 0);
}

TEST_CASE("A restriction holds for what is held", "[model]") {
  auto database = model();
  database.restrict(100'000);
  database.hold("mine", "SELECT name FROM asset ORDER BY name -- a comment\n");
  CHECK(rows(database, "SELECT * FROM mine ORDER BY name") ==
        std::vector<std::string>{"name=pc ", "name=plc "});

  for (const auto* refused :
       {"DELETE FROM asset", "SELECT random()", "SELECT 1; DROP TABLE asset",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT nothing FROM asset"}) {
    CAPTURE(refused);
    CHECK_THROWS_AS(database.hold("other", refused), Error);
  }
  // Names are names, whatever is in them.
  const std::string odd = "a\" AS SELECT 1; DROP TABLE asset; --";
  database.hold(odd, "SELECT 1 AS \"x\"\", 2; --\", 3 AS two_way");
  CHECK(rows(database, R"(SELECT * FROM "a"" AS SELECT 1; DROP TABLE asset; --")") ==
        std::vector<std::string>{"x\", 2; --=1 two_way=3 "});
  CHECK_THROWS_AS(database.hold("mine", "SELECT 1"), Error);  // it is there already
  // Nor may a query write to what is held, or make something temporary of its own.
  for (const auto* refused : {"INSERT INTO mine VALUES ('x')", "DROP TABLE mine",
                              "CREATE TEMP TABLE x AS SELECT 1", "UPDATE mine SET name = ''"}) {
    CAPTURE(refused);
    CHECK_THROWS_AS(database.prepare(refused), Error);
  }
  database.lift_restriction();
  database.let_go(odd);
  database.let_go("mine");
  CHECK_THROWS_AS(database.let_go("mine"), Error);
  CHECK(temporary(database) == 0);
  CHECK(rows(database, "SELECT 1 FROM asset").size() == 2);
}

}  // namespace
}  // namespace sekimori::test
