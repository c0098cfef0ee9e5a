// The house (DESIGN, section 3): what may include what, one file a protocol, one door to each
// library.

#include "sekimori/dissect/dissector.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
const fs::path root{SEKIMORI_SOURCE_DIR};

const std::vector<std::string> layers{"bytes", "capture", "decode",    "flow",   "dissect", "model",
                                      "infer", "assess",  "reconcile", "report", "cli"};

std::size_t rank(const std::string& layer) {
  return static_cast<std::size_t>(std::ranges::find(layers, layer) - layers.begin());
}

struct Include {
  fs::path file;
  std::string name;
};

std::vector<Include> includes(const fs::path& folder) {
  static const std::regex kInclude{R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])"};
  std::vector<Include> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    const auto ending = entry.path().extension();
    if (ending != ".cpp" && ending != ".h") continue;
    std::ifstream file{entry.path()};
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (std::regex_search(line, match, kInclude)) found.push_back({entry.path(), match[1]});
    }
  }
  return found;
}

TEST_CASE("House: a layer includes itself and earlier layers only", "[house]") {
  static const std::regex kLayer{R"(^sekimori/([a-z]+)/)"};
  std::size_t seen = 0;
  for (const auto& layer : layers) {
    for (const auto& folder : {root / "src" / layer, root / "include/sekimori" / layer}) {
      for (const auto& include : includes(folder)) {
        std::smatch match;
        if (!std::regex_search(include.name, match, kLayer)) continue;
        CAPTURE(include.file, include.name);
        CHECK(rank(match[1]) <= rank(layer));
        ++seen;
      }
    }
  }
  CHECK(seen > 100);
}

TEST_CASE("House: protocols see bytes and dissect only", "[house]") {
  static const std::regex kAllowed{
      R"(^(sekimori/(bytes|dissect)/|[a-z0-9_]+(/[a-z0-9_]+)?(\.h)?$))"};
  for (const auto& include : includes(root / "protocols")) {
    CAPTURE(include.file, include.name);
    CHECK(std::regex_search(include.name, kAllowed));
  }
}

TEST_CASE("House: one file opens each library's door", "[house]") {
  std::map<std::string, std::set<std::string>> doors;
  for (const auto& include : includes(root / "src"))
    for (const auto* library :
         {"sqlite3.h", "pcap.h", "pcap/pcap.h", "zip.h", "pugixml.hpp", "seccomp.h", "cap-ng.h",
          "sys/socket.h", "sys/wait.h", "xlsxwriter.h", "freexl.h"})
      if (include.name == library) doors[library].insert(include.file.filename().string());
  CHECK(doors["sqlite3.h"] == std::set<std::string>{"connection.h"});
  CHECK(doors["zip.h"] == std::set<std::string>{"xlsx.cpp"});
  CHECK(doors["pugixml.hpp"] == std::set<std::string>{"xlsx.cpp"});
  CHECK(doors["xlsxwriter.h"] == std::set<std::string>{"workbook.cpp"});
  CHECK(doors["freexl.h"] == std::set<std::string>{"xls.cpp"});
  // Two that go apart: a library that is not trusted with a file, and a snapshot.
  CHECK(doors["sys/wait.h"] == std::set<std::string>{"apart.cpp", "look.cpp"});
  CHECK(doors["pcap.h"] == std::set<std::string>{"interface.cpp"});
  CHECK(doors["seccomp.h"] == std::set<std::string>{"confine.cpp"});
  CHECK(doors["cap-ng.h"] == std::set<std::string>{"confine.cpp"});
  // To ask a capture socket, to forbid, and to tell the service manager.
  CHECK(doors["sys/socket.h"] ==
        std::set<std::string>{"interface.cpp", "confine.cpp", "service_manager.cpp"});
  CHECK(doors["pcap/pcap.h"].empty());
  for (const auto& include : includes(root / "src")) {
    // The command line prints; so do the generators that run while building.
    const auto folder = include.file.parent_path().filename();
    if (folder == "cli" || folder == "oui") continue;
    CAPTURE(include.file);
    CHECK(include.name != "iostream");
    CHECK_FALSE(include.name.starts_with("boost/program_options"));
  }
}

TEST_CASE("House: one socket is opened by name, to the service manager", "[house]") {
  // This project calls the system with `::` in front.
  static const std::regex kCall{
      R"((?:^|[^A-Za-z0-9_])::(socket|socketpair|connect|bind|listen|accept4?|send(?:to|msg|mmsg)?|exec[lv]p?e?|system|popen)\()"};
  std::map<std::string, std::set<std::string>> calls;
  for (const auto* folder : {"src", "protocols", "include"}) {
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      const auto ending = entry.path().extension();
      if (ending != ".cpp" && ending != ".h") continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      std::ifstream file{entry.path()};
      for (std::string line; std::getline(file, line);) {
        std::smatch match;
        if (std::regex_search(line, match, kCall))
          calls[match[1]].insert(entry.path().filename().string());
      }
    }
  }
  const std::set<std::string> manager{"service_manager.cpp"};
  CHECK(calls ==
        std::map<std::string, std::set<std::string>>{{"socket", manager}, {"connect", manager}});
}

TEST_CASE("House: each file in protocols is a dissector of that name", "[house]") {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator{root / "protocols"})
    if (entry.path().extension() == ".cpp") files.insert(entry.path().stem().string());
  std::set<std::string> names;
  for (const auto* dissector : Registration::all()) {
    names.insert(std::string{dissector->name});
    CAPTURE(dissector->name);
    const bool rides_alone =
        !dissector->seats.empty() || dissector->over_tcp || dissector->over_udp;
    CHECK((dissector->extent != nullptr) == rides_alone);
    CHECK(dissector->dissect != nullptr);
    CHECK_FALSE(dissector->title.empty());
    CHECK(fs::exists(root / "tests/protocols" / (std::string{dissector->name} + "_test.cpp")));
    std::set<std::uint32_t> codes;
    for (const auto& operation : dissector->operations) {
      CAPTURE(operation.name);
      CHECK(codes.insert(operation.code).second);
      CHECK_FALSE(operation.name.empty());
    }
  }
  CHECK(names == files);
}

}  // namespace
}  // namespace sekimori::test
