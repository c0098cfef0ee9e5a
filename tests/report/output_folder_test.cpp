#include "sekimori/report/output_folder.h"

#include "sekimori/bytes/error.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::set<std::string> names(const fs::path& folder) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator{folder})
    found.insert(entry.path().filename().string());
  return found;
}

TEST_CASE("Output: files appear together, in a folder that is made", "[report]") {
  const Folder folder;
  OutputFolder out{folder / "deep/er"};
  out.write("a", "one");
  out.write("b", "two");
  CHECK_FALSE(fs::exists(out / "a"));
  out.publish();
  CHECK(names(folder / "deep/er") == std::set<std::string>{"a", "b"});
  CHECK(content(out / "a") == "one");
  CHECK(content(out / "b") == "two");
}

TEST_CASE("Output: what is not published leaves the old files and nothing else", "[report]") {
  const Folder folder;
  std::ofstream{folder / "a"} << "old";
  {
    OutputFolder out{folder.path()};
    out.write("a", "new");
    out.write("b", "new");
  }
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
  CHECK(content(folder / "a") == "old");
}

TEST_CASE("Output: a folder that was made for nothing goes again", "[report]") {
  const Folder folder;
  { const OutputFolder out{folder / "new"}; }
  CHECK_FALSE(fs::exists(folder / "new"));
}

TEST_CASE("Output: a folder in a file's place is an error before anything is replaced",
          "[report]") {
  const Folder folder;
  std::ofstream{folder / "a"} << "old";
  fs::create_directory(folder / "b");
  {
    OutputFolder out{folder.path()};
    out.write("a", "new");
    CHECK_THROWS_WITH(out.write("b", "new"),
                      (folder / "b").string() + ": cannot be written: it is a folder");
  }
  CHECK(content(folder / "a") == "old");
}

TEST_CASE("Output: a full disk is an error that names the file", "[report]") {
  if (!fs::exists("/dev/full")) return;
  const Folder folder;
  // What is written beside `a` goes to a device that is always full.
  fs::create_symlink("/dev/full", folder / "a.partial");
  OutputFolder out{folder.path()};
  CHECK_THROWS_WITH(out.write("a", "new"),
                    (folder / "a").string() + ": cannot be written: No space left on device");
  CHECK_FALSE(fs::exists(folder / "a"));
}

TEST_CASE("Output: a folder that cannot be made is an error", "[report]") {
  const Folder folder;
  std::ofstream{folder / "file"} << "x";
  CHECK_THROWS_AS(OutputFolder{folder / "file"}, Error);
  CHECK_THROWS_AS(OutputFolder{folder / "file/deeper"}, Error);
}

}  // namespace
}  // namespace sekimori::test
