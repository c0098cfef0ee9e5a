// The captures of this project: made by its own generator, described, and understood as their
// goldens say.

#include "captures.h"

#include "sekimori/dissect/dissector.h"
#include "sekimori/model/observe.h"

#include "facts_json.h"
#include "folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
const fs::path root{fs::path{SEKIMORI_SOURCE_DIR} / "captures"};

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  REQUIRE(file);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The names of the files in a folder with that ending, without it.
std::set<std::string> names(const fs::path& folder, const std::string& ending) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.path().extension() == ending)
      found.insert(fs::relative(entry.path(), folder).replace_extension().string());
  return found;
}

std::vector<std::string> with_golden() {
  std::vector<std::string> all{"demo/plant"};
  for (const auto& recipe : captures::protocol_recipes()) all.emplace_back(recipe.name);
  return all;
}

/// `modbus-gateway` is about Modbus; the demo about everything.
std::string protocol_of(const std::string& name) {
  return name.find('/') != std::string::npos ? "" : name.substr(0, name.find('-'));
}

TEST_CASE("Captures: the generator makes each file as it stands", "[captures]") {
  const Folder folder;
  captures::write_captures(folder.path());
  const auto made = names(folder.path(), ".pcap");
  CHECK(made == names(root, ".pcap"));
  for (const auto& name : made) {
    CAPTURE(name);
    const bool same = read(folder / (name + ".pcap")) == read(root / (name + ".pcap"));
    CHECK(same);
  }
}

TEST_CASE("Captures: no two recipes bear one name", "[captures]") {
  std::set<std::string_view> known;
  for (const auto& recipe : captures::all_recipes()) {
    CAPTURE(recipe.name);
    CHECK(known.insert(recipe.name).second);
  }
}

TEST_CASE("Captures: SOURCES.md has a line for each, and no other", "[captures]") {
  const auto sources = read(root / "SOURCES.md");
  std::set<std::string> described;
  constexpr std::string_view kBegin = "\n| `";
  constexpr std::string_view kEnd = ".pcap` |";
  for (auto at = sources.find(kBegin); at != std::string::npos; at = sources.find(kBegin, at + 1)) {
    const auto from = at + kBegin.size();
    const auto to = sources.find(kEnd, from);
    REQUIRE(to != std::string::npos);
    described.insert(sources.substr(from, to - from));
  }
  CHECK(described == names(root, ".pcap"));
}

TEST_CASE("Captures: they stay small", "[captures]") {
  for (const auto& name : names(root, ".pcap")) {
    CAPTURE(name);
    CHECK(fs::file_size(root / (name + ".pcap")) < (name == "demo/plant" ? 1'000'000U : 32'000U));
  }
}

TEST_CASE("Captures: every dissector has a capture that is about it", "[captures]") {
  for (const auto* dissector : Registration::all()) {
    CAPTURE(dissector->name);
    const auto all = with_golden();
    CHECK(std::ranges::any_of(
        all, [&](const std::string& name) { return protocol_of(name) == dissector->name; }));
  }
}

TEST_CASE("Captures: each is understood as its golden says", "[captures][golden]") {
  for (const auto& name : with_golden()) {
    CAPTURE(name);
    const auto facts = observe({root / (name + ".pcap")}, {});
    REQUIRE(facts.captures.size() == 1);
    CHECK(facts.stops.empty());
    CHECK(facts.captures[0].damage.empty());
    CHECK(facts.captures[0].stream_gaps == 0);
    const auto told = FactsJson{facts, protocol_of(name)}.json().dump(1) + '\n';
    const auto golden = root / (name + ".json");
    if (std::getenv("SEKIMORI_UPDATE_GOLDEN") != nullptr) std::ofstream{golden} << told;
    if (!fs::exists(golden)) {
      FAIL_CHECK("no golden: " << golden);
      continue;
    }
    CHECK(told == read(golden));
  }
}

TEST_CASE("Captures: no secret that crosses a wire in them is remembered", "[captures]") {
  for (const auto& name : names(root, ".pcap")) {
    CAPTURE(name);
    const auto told = FactsJson{observe({root / (name + ".pcap")}, {}), ""}.json().dump();
    for (const auto* secret :
         {"kiso-no-seki-1602", "seki-8-blue", "seki-8-rw-blue", "fwdownload", "private",
          "community, public", "admin:", "ews@plant.example", "seki-815"}) {
      CAPTURE(secret);
      CHECK(told.find(secret) == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sekimori::test
