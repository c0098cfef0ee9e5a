#include "sekimori/report/output_folder.h"

#include "sekimori/bytes/error.h"

#include "files.h"
#include "folder.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <sys/stat.h>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

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
  { const OutputFolder out{folder / "new/deep/er"}; }
  CHECK(names(folder.path()).empty());
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

ino_t inode(const fs::path& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

TEST_CASE("Output: an old report is replaced in one step, with its mode", "[report]") {
  const Folder folder;
  fs::create_directory(folder / "out");
  fs::permissions(folder / "out", fs::perms::owner_all | fs::perms::group_exec);
  std::ofstream{folder / "out/a"} << "old";
  const auto before = inode(folder / "out");
  {
    OutputFolder out{folder / "out"};
    out.write("a", "new");
    out.write("b", "new");
    CHECK(names(folder / "out") == std::set<std::string>{"a"});
    out.publish();
    CHECK(names(folder / "out") == std::set<std::string>{"a", "b"});
  }
  CHECK(inode(folder / "out") != before);
  CHECK(content(folder / "out/a") == "new");
  CHECK(fs::status(folder / "out").permissions() == (fs::perms::owner_all | fs::perms::group_exec));
  CHECK(names(folder.path()) == std::set<std::string>{"out"});
}

TEST_CASE("Output: what others have in the folder stays, and so does the folder", "[report]") {
  const Folder folder;
  fs::create_directory(folder / "out");
  std::ofstream{folder / "out/a"} << "old";
  std::ofstream{folder / "out/notes"} << "mine";
  const auto before = inode(folder / "out");
  {
    OutputFolder out{folder / "out"};
    out.write("a", "new");
    out.publish();
  }
  CHECK(inode(folder / "out") == before);
  CHECK(content(folder / "out/a") == "new");
  CHECK(content(folder / "out/notes") == "mine");
  CHECK(names(folder.path()) == std::set<std::string>{"out"});
}

TEST_CASE("Output: the folder where the program was started stays", "[report]") {
  const Folder folder;
  const auto started = fs::current_path();
  fs::current_path(folder.path());
  const auto before = inode(folder.path());
  {
    OutputFolder out{"."};
    out.write("a", "new");
    out.publish();
  }
  CHECK(inode(".") == before);
  CHECK(names(".") == std::set<std::string>{"a"});
  fs::current_path(started);
}

TEST_CASE("Output: what a killed run left beside the folder goes", "[report]") {
  const Folder folder;
  fs::create_directory(folder / ".out.partial");
  std::ofstream{folder / ".out.partial/a"} << "left behind";
  {
    OutputFolder out{folder / "out"};
    out.write("b", "new");
    out.publish();
  }
  CHECK(names(folder.path()) == std::set<std::string>{"out"});
  CHECK(names(folder / "out") == std::set<std::string>{"b"});
}

TEST_CASE("Output: a folder that cannot be made is an error", "[report]") {
  const Folder folder;
  std::ofstream{folder / "file"} << "x";
  CHECK_THROWS_AS(OutputFolder{folder / "file"}, Error);
  CHECK_THROWS_AS(OutputFolder{folder / "file/deeper"}, Error);
}

}  // namespace
}  // namespace sekimori::test
