#include "sekimori/bytes/draft.h"

#include "sekimori/bytes/error.h"

#include "files.h"
#include "folder.h"
#include "short_files.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("Draft: the old file stays until the new one is whole", "[draft]") {
  const Folder folder;
  std::ofstream{folder / "a"} << "old";
  {
    Draft draft{folder / "a"};
    draft.write("half");
    CHECK(content(folder / "a") == "old");
  }
  CHECK(content(folder / "a") == "old");
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
  Draft draft{folder / "a"};
  draft.write("ne");
  draft.write("w");
  draft.become_target();
  CHECK(content(folder / "a") == "new");
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
}

TEST_CASE("Draft: what a killed run left goes, what a living one makes stays", "[draft]") {
  const Folder folder;
  std::ofstream{folder / "a.partial"} << "left behind";
  {
    Draft first{folder / "a"};
    CHECK(first.path() == folder / "a.partial");
    CHECK(content(first.path()).empty());
    Draft second{folder / "a"};
    CHECK(second.path() == folder / "a.1.partial");
    second.write("second");
    first.write("first");
    second.become_target();
    CHECK(content(folder / "a") == "second");
    first.become_target();
    CHECK(content(folder / "a") == "first");
  }
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
}

TEST_CASE("Draft: where a link or a folder has the draft's name, another is taken", "[draft]") {
  const Folder folder;
  std::ofstream{folder / "mine"} << "mine";
  fs::create_symlink(folder / "mine", folder / "a.partial");
  fs::create_directory(folder / "a.1.partial");
  {
    Draft draft{folder / "a"};
    CHECK(draft.path() == folder / "a.2.partial");
    draft.write("new");
    draft.become_target();
  }
  CHECK(content(folder / "mine") == "mine");
  CHECK(content(folder / "a") == "new");
}

TEST_CASE("Draft: a folder left behind goes, but not one with a folder in it", "[draft]") {
  const Folder folder;
  fs::create_directories(folder / "a.partial");
  std::ofstream{folder / "a.partial/report"} << "left behind";
  fs::create_directories(folder / "b.partial/mine");
  const auto a = DraftPlace::folder(folder / "a", folder / "a");
  CHECK(a.path() == folder / "a.partial");
  CHECK(fs::is_empty(a.path()));
  const auto b = DraftPlace::folder(folder / "b", folder / "b");
  CHECK(b.path() == folder / "b.1.partial");
  CHECK(fs::exists(folder / "b.partial/mine"));
}

TEST_CASE("Draft: what a link leads to is replaced, and the link stays", "[draft]") {
  const Folder folder;
  fs::create_directory(folder / "far");
  std::ofstream{folder / "far/a"} << "old";
  fs::create_symlink("far/a", folder / "link");
  fs::create_symlink(folder / "link", folder / "again");
  fs::create_symlink("far/b", folder / "dangling");
  for (const auto* name : {"again", "dangling"}) {
    Draft draft{folder / name};
    CHECK(draft.path().parent_path() == folder / "far");
    draft.write("new");
    draft.become_target();
  }
  CHECK(content(folder / "far/a") == "new");
  CHECK(content(folder / "far/b") == "new");
  CHECK(names(folder.path()) == std::set<std::string>{"again", "dangling", "far", "link"});
  for (const auto* name : {"link", "again", "dangling"}) CHECK(fs::is_symlink(folder / name));
}

TEST_CASE("Draft: the new file has the permissions of the old one, from its beginning", "[draft]") {
  const Folder folder;
  for (const auto permissions : {fs::perms{0600}, fs::perms{0664}}) {
    std::ofstream{folder / "a"} << "old";
    fs::permissions(folder / "a", permissions);
    Draft draft{folder / "a"};
    CHECK(fs::status(draft.path()).permissions() == permissions);
    draft.become_target();
    CHECK(fs::status(folder / "a").permissions() == permissions);
  }
}

TEST_CASE("Draft: nothing but a file is replaced", "[draft]") {
  const Folder folder;
  fs::create_directory(folder / "a");
  CHECK_THROWS_WITH(Draft(folder / "a"),
                    (folder / "a").string() + ": cannot be written: it is a folder");
  CHECK_THROWS_WITH(Draft("/dev/null"), "/dev/null: cannot be written: it is no file");
  CHECK_THROWS_WITH(Draft(folder / "none/b", "b"),
                    "b: cannot be written: No such file or directory");
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
}

TEST_CASE("Draft: a disk that refuses is an error that names the file", "[draft]") {
  const Folder folder;
  std::ofstream{folder / "a"} << "old";
  {
    Draft draft{folder / "a"};
    const ShortFiles full{2};
    CHECK_THROWS_WITH(draft.write("too long"),
                      (folder / "a").string() + ": cannot be written: File too large");
  }
  CHECK(content(folder / "a") == "old");
  CHECK(names(folder.path()) == std::set<std::string>{"a"});
}

}  // namespace
}  // namespace sekimori::test
