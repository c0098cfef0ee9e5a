// Lines for other programs: what a hostile name cannot do to them, and that each is said once.

#include "event_log.h"

#include "event_lines.h"
#include "folder.h"
#include "short_files.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace sekimori::cli {
namespace {

Change download() {
  Change change;
  change.kind = ChangeKind::program_download;
  change.client = "10.1.0.1";
  change.server = "10.3.0.1";
  change.client_zone = "Office";
  change.server_zone = "Control";
  change.transport = "tcp";
  change.port = 102;
  change.protocol = "s7comm";
  change.detail = "request-download";
  change.seen = {1'650'000'000'123'456'789, 0, 7};
  change.capture = "eth1";
  return change;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("Event lines: JSON has a name for each part", "[events]") {
  const auto json = nlohmann::json::parse(json_line(download()));
  CHECK(json == nlohmann::json::parse(R"({
    "time": "2022-04-15T05:20:00.123456789Z", "event": "program-download", "client": "10.1.0.1",
    "server": "10.3.0.1", "client_zone": "Office", "server_zone": "Control", "transport": "tcp",
    "port": 102, "protocol": "s7comm", "detail": "request-download", "capture": "eth1",
    "frame": 7})"));
  Change asset;
  asset.client = "00:1b:1b:00:00:01";
  asset.client_zone = "Field";
  const auto other = nlohmann::json::parse(json_line(asset));
  CHECK(other.at("asset") == "00:1b:1b:00:00:01");
  CHECK(other.at("zone") == "Field");
  CHECK_FALSE(other.contains("port"));
}

TEST_CASE("Event lines: CEF", "[events]") {
  CHECK(cef_line(download()) ==
        "CEF:0|sekimori|sekimori|" SEKIMORI_VERSION
        "|program-download|Program download|9|rt=1650000000123 src=10.1.0.1 dst=10.3.0.1 "
        "proto=tcp dpt=102 app=s7comm msg=request-download cs1Label=clientZone cs1=Office "
        "cs2Label=serverZone cs2=Control cs3Label=capture cs3=eth1 cn1Label=frame cn1=7");
  auto layer_2 = download();
  layer_2.client = "00:1b:1b:00:00:01";
  layer_2.server = "fe80::1";
  const auto line = cef_line(layer_2);
  CHECK(line.find(" srcmac=00:1b:1b:00:00:01 ") != std::string::npos);
  CHECK(line.find(" c6a3=fe80::1 c6a3Label=Destination IPv6 Address ") != std::string::npos);
}

TEST_CASE("Event lines: a name adds no field, no line and no header", "[events]") {
  auto hostile = download();
  hostile.detail = "x|9|y\\ src=6.6.6.6\nCEF:0|z";
  const auto line = cef_line(hostile);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find("msg=x|9|y\\\\ src\\=6.6.6.6\\nCEF:0|z ") != std::string::npos);
  hostile.detail = "\xff \"quoted\"\n";
  CHECK_NOTHROW(nlohmann::json::parse(json_line(hostile)));
  CHECK(json_line(hostile).find('\n') == std::string::npos);
}

TEST_CASE("EventLog: each change is said once, in both forms", "[events]") {
  const test::Folder folder;
  {
    EventLog log{folder / "json", folder / "cef"};
    CHECK(log.is_open());
    auto again = download();
    again.seen.frame = 900;  // found anew, later
    for (const auto& change : {download(), again})
      for (const auto& line : log.untold({change})) log.tell(line);
    CHECK(log.untold({download()}).empty());
    CHECK(log.told() == 1);
    CHECK(log.lost() == 0);
  }
  CHECK(lines_of(folder / "json") == std::vector{json_line(download())});
  CHECK(lines_of(folder / "cef") == std::vector{cef_line(download())});
  EventLog more{folder / "json", ""};  // a later run adds
  for (const auto& line : more.untold({download()})) more.tell(line);
  CHECK(lines_of(folder / "json").size() == 2);
}

TEST_CASE("EventLog: after many changes one line says that there will be no more", "[events]") {
  const test::Folder folder;
  EventLog log{folder / "json", ""};
  std::vector<Change> changes(EventLog::kMost + 50);
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i].client = std::to_string(i);
  for (int look = 0; look < 3; ++look)
    for (const auto& line : log.untold(changes)) log.tell(line);
  const auto lines = lines_of(folder / "json");
  CHECK(lines.size() == EventLog::kMost + 1);
  CHECK(lines.back() == R"({"event":"no-more-events"})");
}

TEST_CASE("EventLog: a line that cannot be written is counted", "[events]") {
  EventLog log{"/dev/full", ""};
  for (const auto& line : log.untold({download()})) log.tell(line);
  CHECK(log.lost() == 1);
  CHECK_THROWS(EventLog("/nosuch/folder/file", ""));
}

TEST_CASE("EventLog: a line that was cut is ended before the next", "[events]") {
  const test::Folder folder;
  EventLog log{folder / "json", ""};
  auto change = download();
  const auto tell = [&](const std::string& client) {
    change.client = client;
    for (const auto& line : log.untold({change})) log.tell(line);
  };
  {
    const test::ShortFiles full{100};
    tell("10.1.0.1");
    tell("10.1.0.2");
  }
  CHECK(log.lost() == 2);
  tell("10.1.0.3");
  tell("10.1.0.4");
  CHECK(log.lost() == 2);
  const auto lines = lines_of(folder / "json");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].size() == 100);
  for (const auto& line : {lines[1], lines[2]}) CHECK(nlohmann::json::accept(line));
}

/// Ends a test that waits.
class Alarm {
 public:
  Alarm() { ::alarm(60); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() { ::alarm(0); }
};

TEST_CASE("EventLog: it waits for no reader of a pipe", "[events]") {
  const test::Folder folder;
  const auto pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const Alarm alarm;
  CHECK_THROWS_WITH(EventLog(pipe, ""), pipe.string() + ": cannot be written: nobody reads it");

  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  EventLog log{pipe, ""};
  const auto tell = [&](std::size_t count, const std::string& detail) {
    std::vector<Change> changes(count);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      changes[i].client = detail + std::to_string(i);
      changes[i].detail = detail;
    }
    for (const auto& line : log.untold(changes)) log.tell(line);
  };
  const auto read_lines = [&] {
    std::string text(1U << 20U, '\0');
    const auto count = ::read(reader, text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    std::istringstream in{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  };
  tell(40, std::string(5000, 'x'));  // each longer than a pipe takes at once
  CHECK(log.lost() > 0);
  const auto before = log.lost();
  const auto first = read_lines();
  CHECK(first.size() > 1);
  tell(3, "later");
  CHECK(log.lost() == before);
  const auto later = read_lines();
  REQUIRE(later.size() >= 3);
  for (std::size_t i = later.size() - 3; i < later.size(); ++i)
    CHECK(nlohmann::json::accept(later[i]));
  ::close(reader);
  auto* const before_pipe = std::signal(SIGPIPE, SIG_IGN);
  tell(1, "nobody");
  static_cast<void>(std::signal(SIGPIPE, before_pipe));
  CHECK(log.lost() == before + 1);
}

}  // namespace
}  // namespace sekimori::cli
