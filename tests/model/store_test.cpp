#include "sekimori/model/store.h"

#include "sekimori/bytes/error.h"

#include "folder.h"
#include "random_facts.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <optional>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_in(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string error_of(const auto& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("Store: what is loaded is what was saved, to the nanosecond", "[model]") {
  const auto seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  const Folder folder;
  const auto facts = RandomFacts{seed}();
  save(facts, folder / "a.sekimori", {});
  CHECK(load(folder / "a.sekimori") == facts);
  CHECK(load(folder / "a.sekimori", 2) == facts);
}

TEST_CASE("Store: what happened in a conversation may be told in any order", "[model]") {
  const Folder folder;
  const auto path = folder / "a.sekimori";
  Facts facts;
  facts.captures.emplace_back().sha256 = "aa";
  for (const auto* transport : {"tcp", "udp"}) {
    ConversationKey key;
    key.transport = transport;
    auto& conversation = facts.conversations[key];
    for (const auto* object : {"coil", "input", "holding-register"})
      conversation.operations[{"modbus", 3, Sender::client, 17, object}].requests = 1;
    for (const auto* detail : {"a", "b", "c"}) conversation.events[{"login", {}, detail}].count = 1;
  }
  save(facts, path, {});
  // Rows of both conversations take turns, as nothing that this program writes does.
  Database{path, Database::Mode::read_write}.execute(
      "UPDATE operation SET operation = operation * 7 % 13 + 100;"
      "UPDATE event SET event = event * 7 % 13 + 100");
  const auto threads = GENERATE(1U, 2U);
  CHECK(load(path, threads) == facts);
  Database{path, Database::Mode::read_write}.execute("UPDATE event SET detail = 'a'");
  CHECK(error_of([&] { (void)load(path, threads); }) ==
        path.string() + ": event: the same fact twice");
}

TEST_CASE("Store: equal facts make equal bytes", "[model]") {
  const Folder folder;
  for (const char* name : {"a", "b"}) {
    save(RandomFacts{7}(), folder / name, [](Database& database) {
      database.execute("INSERT INTO zone VALUES (1, 'x', 'control', 'OT', 1, 1, 100, '', '')");
    });
  }
  CHECK(bytes_in(folder / "a") == bytes_in(folder / "b"));
  CHECK_FALSE(bytes_in(folder / "a").empty());
}

TEST_CASE("Store: what is concluded of facts stands in their rows", "[model]") {
  const Folder folder;
  const auto path = folder / "a.sekimori";
  Facts facts;
  facts.captures.emplace_back().sha256 = "aa";
  facts.properties[{{}, "vendor", "ACME", "lldp"}].count = 1;
  for (const auto* transport : {"tcp", "udp"}) {
    ConversationKey key;
    key.transport = transport;
    for (const auto* detail : {"a", "b"})
      facts.conversations[key].events[{"login", {}, detail}].count = 1;
  }
  // Of the last rows nothing is said.
  const SubjectAssets subjects{{7}, {8, kNoRow, 9}};
  const std::vector<ConversationLinks> links{{3, 4, 5, 6, 2}};
  save(facts, path, {}, {}, {[&] { return subjects; }, [&] { return links; }});
  const auto rows = [&](const std::string& query) {
    std::string all;
    Database database{path, Database::Mode::read_only};
    for (auto found = database.prepare(query); found.step(); all += ';')
      for (int i = 0; i < found.columns(); ++i) all += found.value(i).as_text() + ' ';
    return all;
  };
  CHECK(
      rows("SELECT transport, client, server, client_zone, server_zone, copy_of FROM conversation "
           "ORDER BY conversation") == "tcp 3 4 5 6 2 ;udp      ;");
  CHECK(rows("SELECT name, asset FROM property") == "vendor 7 ;");
  CHECK(rows("SELECT conversation, detail, asset FROM event ORDER BY event") ==
        "1 a 8 ;1 b  ;2 a 9 ;2 b  ;");
  CHECK(load(path) == facts);

  const auto before = bytes_in(path);
  const auto failing = []() -> SubjectAssets { throw Error("nothing follows"); };
  CHECK(error_of([&] {
          save(facts, path, {}, {}, {failing, {}});
        }) == path.string() + ": nothing follows");
  const auto late = []() -> std::vector<ConversationLinks> { throw Error("nobody talks"); };
  CHECK(error_of([&] {
          save(facts, path, {}, {}, {{}, late});
        }) == path.string() + ": nobody talks");
  CHECK(bytes_in(path) == before);
}

TEST_CASE("Store: merging files is merging facts", "[model]") {
  const auto seed = GENERATE(range(0U, 20U));
  CAPTURE(seed);
  const Folder folder;
  RandomFacts random{seed};
  auto one = random();
  auto other = random();
  one.sort_captures();
  other.sort_captures();
  save(one, folder / "one", {});
  save(other, folder / "other", {});
  auto merged = load(folder / "one");
  merged.join(load(folder / "other"));
  one.join(other);
  CHECK(merged == one);
}

TEST_CASE("Store: a save that fails leaves the old file and nothing else", "[model]") {
  const Folder folder;
  const auto path = folder / "a.sekimori";
  save(RandomFacts{1}(), path, {});
  const auto before = bytes_in(path);
  const auto error = error_of([&] {
    save(RandomFacts{2}(), path, [](Database& database) { database.execute("INSERT INTO zne"); });
  });
  CHECK(error.starts_with(path.string()));
  CHECK(bytes_in(path) == before);
  CHECK(std::distance(fs::directory_iterator{folder.path()}, {}) == 1);
  CHECK_THROWS_AS(save({}, folder / "none" / "a.sekimori", {}), Error);
}

TEST_CASE("Store: a target is written as people say it", "[model]") {
  const Folder folder;
  Facts facts;
  auto& operations = facts.conversations[{}].operations;
  operations[{"modbus", 3, Sender::client, 17, "holding-register"}].high = 99;
  operations[{"modbus", 3, Sender::client, 17, "holding-register"}].low = 0;
  operations[{"modbus", 5, Sender::client, 17, "coil"}].low = 4;
  operations[{"modbus", 5, Sender::client, 17, "coil"}].high = 4;
  operations[{"modbus", 7, Sender::client, Target::kNoUnit, ""}].requests = 1;
  save(facts, folder / "a", {});
  Database database{folder / "a", Database::Mode::read_only};
  auto rows = database.prepare("SELECT target FROM operation ORDER BY number");
  REQUIRE(rows.step());
  CHECK(rows.text(0) == "unit 17 holding-register 0..99");
  REQUIRE(rows.step());
  CHECK(rows.text(0) == "unit 17 coil 4");
  REQUIRE(rows.step());
  CHECK(rows.text(0).empty());
}

TEST_CASE("Store: a file that was tampered with is an error with its place", "[model]") {
  struct Case {
    const char* change;
    const char* words;
  };
  const auto c = GENERATE(values<Case>({
      {"UPDATE conversation SET client_ip = 'somewhere'", "conversation.client_ip"},
      {"UPDATE conversation SET direction_reason = 'luck'", "conversation.direction_reason"},
      {"UPDATE conversation SET capture = 99", "conversation.capture"},
      {"UPDATE operation SET access = 'magic'", "operation.access"},
      {"UPDATE operation SET conversation = 99", "operation.conversation"},
      {"UPDATE operation SET number = -1", "operation.number"},
      {"UPDATE rejection SET operation = 99", "rejection.operation"},
      {"UPDATE binding SET mac = 'xx'", "binding.mac"},
      {"UPDATE binding SET ttl_low = 300, ttl_high = 300", "binding.ttl_low"},
      {"INSERT INTO property SELECT * FROM property", "property: the same fact twice"},
      {"UPDATE capture SET capture = 5", "capture: captures are not numbered"},
      {"DROP TABLE event", "no such table: \"event\""},
  }));
  CAPTURE(c.change);
  const Folder folder;
  const auto path = folder / "a.sekimori";
  Facts facts;
  facts.captures.emplace_back().sha256 = "aa";
  facts.bindings[{}].seen = {{1, 0, 1}, {1, 0, 1}};
  facts.properties[{}].seen = {{1, 0, 1}, {1, 0, 1}};
  auto& conversation = facts.conversations[{}];
  conversation.seen = {{1, 0, 1}, {1, 0, 1}};
  conversation.operations[{}].rejections[1] = {1, {1, 0, 1}};
  conversation.events[{}].count = 1;
  save(facts, path, {});
  REQUIRE(load(path) == facts);
  Database{path, Database::Mode::read_write}.execute(c.change);
  for (const auto threads : {1U, 2U}) {
    const auto error = error_of([&] { (void)load(path, threads); });
    CHECK_THAT(error, Catch::Contains(c.words) && Catch::StartsWith(path.string()));
  }
}

TEST_CASE("Store: a file cut anywhere is an error or the facts, never a crash", "[model]") {
  const Folder folder;
  const auto facts = RandomFacts{3}();
  save(facts, folder / "a", {});
  const auto whole = bytes_in(folder / "a");
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
    CAPTURE(size);
    std::ofstream{folder / "cut", std::ios::binary} << whole.substr(0, size);
    std::optional<Facts> loaded;
    const auto error = error_of([&] { loaded = load(folder / "cut", 1 + size % 2); });
    CHECK((!error.empty() || loaded == facts));
  }
}

}  // namespace
}  // namespace sekimori::test
