#include "sekimori/report/evidence.h"

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"

#include "capture_bytes.h"

#include <catch2/catch.hpp>

#include <set>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;

/// A capture of ten frames; frame n holds n bytes of value `value`.
Octets ten_frames(std::uint8_t value) {
  auto bytes = pcap_header(Endian::little);
  for (std::uint32_t n = 1; n <= 10; ++n) {
    const auto frame = pcap_record(Endian::little, n, 0, Octets(n, value), n);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  return bytes;
}

/// Two captures, and a model with a finding of frames in both.
class Site {
 public:
  Site() {
    (void)folder_.write("captures/one.pcap", ten_frames(1));
    (void)folder_.write("captures/two.pcap", ten_frames(2));
    Database model{path(), Database::Mode::create};
    model.execute(schema_sql());
    add(model, 1, "one.pcap");
    add(model, 2, "two.pcap");
    model.execute(
        "INSERT INTO finding (finding, check_id, subject, severity, text_en, text_ja) VALUES "
        "('SEG-01.1', 'SEG-01', '', 'high', '', ''), ('SEG-01.2', 'SEG-01', '', 'high', '', '');"
        "INSERT INTO proof VALUES ('SEG-01.1', 2, 3), ('SEG-01.1', 1, 10), ('SEG-01.1', 1, 4);"
        "INSERT INTO verdict VALUES ('18', '3a', 'yes', 'strong', 'no', 'CONTRADICTED', 2, '', '', "
        "0, 1), ('18', '3a', 'yes', 'strong', 'no', 'CONTRADICTED', 2, '', '', 0, 2);"
        "INSERT INTO verdict_fact (question, capture, frame, last_capture, last_frame, system) "
        "VALUES ('18', 1, 2, 1, 5, 1), ('18', 1, 2, NULL, NULL, 1), ('18', 2, 3, 2, 4, 2)");
  }

  [[nodiscard]] fs::path path() const { return folder_ / "m.sekimori"; }
  [[nodiscard]] fs::path captures() const { return folder_ / "captures"; }
  [[nodiscard]] fs::path output() const { return folder_ / "cut.pcap"; }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

  std::size_t cut(std::string_view id, const std::vector<fs::path>& given) const {
    Database model{path(), Database::Mode::read_only};
    return cut_evidence(model, proof_of(model, id), {given, path()}, output());
  }

  std::string error(std::string_view id, const std::vector<fs::path>& given) const {
    try {
      cut(id, given);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  void add(Database& model, std::int64_t number, const std::string& name) {
    auto insert = model.prepare(
        "INSERT INTO capture (capture, name, sha256, format, link_type, packets, bytes, undecoded, "
        "stopped, duplicates, fragments_lost, stream_gaps, gap_bytes, one_way, two_way, "
        "kernel_drops, resumed, cut_requests, cut_flows, orphan_replies, overlap_conflicts, "
        "path_hint, first_ns, last_ns) VALUES (?, ?, ?, 'pcap', 'ETHERNET', 10, 55, 0, 0, 0, 0, 0, "
        "0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0)");
    insert.bind(1, number)
        .bind(2, std::string_view{name})
        .bind(3, std::string_view{sha256_of(captures() / name)})
        .run();
  }

  TemporaryFolder folder_;
};

/// Length and value of each frame: what it was made of.
std::set<std::pair<std::size_t, int>> frames_in(const fs::path& path) {
  std::set<std::pair<std::size_t, int>> found;
  for (const auto& frame : read_paths({path}).frames)
    found.emplace(frame.bytes.size(), frame.bytes.front());
  return found;
}

TEST_CASE("Evidence: exactly the frames that prove are cut", "[report]") {
  const Site site;
  CHECK(site.cut("SEG-01.1", {site.captures()}) == 3);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{3, 2}, {4, 1}, {10, 1}});
}

TEST_CASE("Evidence: a question's verdict is proved by the frames of its facts", "[report]") {
  const Site site;
  CHECK(site.cut("18", {site.captures() / "one.pcap"}) == 2);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{2, 1}, {5, 1}});
}

TEST_CASE("Evidence: a question of the second system is asked for by its number", "[report]") {
  const Site site;
  CHECK(site.cut("2/18", {site.captures()}) == 2);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{3, 2}, {4, 2}});
  CHECK(site.cut("1/18", {site.captures()}) == 2);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{2, 1}, {5, 1}});
  CHECK(site.error("3/18", {}) == "no such finding or question: \"3/18\"; did you mean \"2/18\"?");
}

TEST_CASE("Evidence: a model of before systems were told apart proves as it did", "[report]") {
  const Site site;
  {
    Database model{site.path(), Database::Mode::read_write};
    model.execute(
        "DROP TABLE verdict; DROP TABLE verdict_fact; CREATE TABLE verdict (question TEXT);"
        "CREATE TABLE verdict_fact (question TEXT, capture, frame, last_capture, last_frame);"
        "INSERT INTO verdict VALUES ('18'); INSERT INTO verdict_fact VALUES ('18', 1, 2, 1, 5)");
  }
  CHECK(site.cut("18", {site.captures()}) == 2);
}

TEST_CASE("Evidence: frames can be named by their numbers", "[report]") {
  const Site site;
  CHECK(site.cut("1:3,2:7,1:3", {site.captures()}) == 2);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{3, 1}, {7, 2}});
  CHECK(site.error("3:1", {site.captures()}) == "no such capture in the model: 3");
  for (const auto* id :
       {"1:0", "0:1", "1:", ":1", "1:2,", "1:2 ", "1:2,x", "99999999999999999999:1"}) {
    CAPTURE(id);
    CHECK(site.error(id, {site.captures()}).starts_with("no such finding or question: "));
  }
}

TEST_CASE("Evidence: a capture is found beside the model, or by its content under any name",
          "[report]") {
  const Site site;
  fs::rename(site.captures() / "one.pcap", site.folder() / "one.pcap");
  CHECK(site.cut("18", {}) == 2);
  fs::rename(site.folder() / "one.pcap", site.captures() / "other.pcap");
  CHECK(site.cut("18", {site.captures()}) == 2);
}

TEST_CASE(
    "Evidence: where the capture cannot be looked at where it was, it is looked for elsewhere",
    "[report]") {
  const Site site;
  fs::rename(site.captures() / "one.pcap", site.folder() / "one.pcap");
  fs::create_symlink("loop", site.folder() / "loop");  // fails for root too
  const auto hint = site.folder() / "loop/one.pcap";
  {
    Database model{site.path(), Database::Mode::read_write};
    model.prepare("UPDATE capture SET path_hint = ?")
        .bind(1, std::string_view{hint.native()})
        .run();
  }
  CHECK(site.cut("18", {}) == 2);
  CHECK(site.error("18", {hint}) == hint.string() + ": Too many levels of symbolic links");
}

TEST_CASE("Evidence: a capture that grew since still proves", "[report]") {
  const Site site;
  auto grown = ten_frames(1);
  const auto more = pcap_record(Endian::little, 11, 0, Octets(11, 1), 11);
  grown.insert(grown.end(), more.begin(), more.end());
  (void)site.folder().write("captures/one.pcap", grown);
  CHECK(site.cut("18", {site.captures()}) == 2);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{2, 1}, {5, 1}});
}

/// The model's first capture is one of thirty frames, of which two files with ten frames are left:
/// those from the eleventh and from the twenty-first on.
class PieceSite : public Site {
 public:
  PieceSite() {
    Database model{path(), Database::Mode::read_write};
    model.execute(
        "UPDATE capture SET sha256 = 'of all', name = 'eth1', packets = 30 WHERE capture = 1");
    for (const auto number : {2, 3}) {
      const auto name = "raw.sekimori-00000" + std::to_string(number) + ".pcap";
      const auto place =
          folder().write("captures/" + name, ten_frames(static_cast<std::uint8_t>(10 * number)));
      model.prepare("INSERT INTO piece VALUES (1, ?, 10, ?, ?, ?, '')")
          .bind(1, std::int64_t{10 * number - 9})
          .bind(2, std::string_view{name})
          .bind(3, std::string_view{sha256_of(place)})
          .bind(4, static_cast<std::int64_t>(fs::file_size(place)))
          .run();
    }
  }
};

TEST_CASE("Evidence: frames of a capture in pieces are cut from those that are left", "[report]") {
  const PieceSite site;
  CHECK(site.cut("1:12,1:20,1:21,1:30,2:1", {site.captures()}) == 5);
  CHECK(frames_in(site.output()) ==
        std::set<std::pair<std::size_t, int>>{{2, 20}, {10, 20}, {1, 30}, {10, 30}, {1, 2}});

  // The last was written to after the model, and has another name now.
  auto grown = ten_frames(30);
  const auto more = pcap_record(Endian::little, 11, 0, Octets(11, 30), 11);
  grown.insert(grown.end(), more.begin(), more.end());
  fs::remove(site.captures() / "raw.sekimori-000003.pcap");
  (void)site.folder().write("captures/kept.pcap", grown);
  CHECK(site.cut("1:25", {site.captures()}) == 1);
  CHECK(frames_in(site.output()) == std::set<std::pair<std::size_t, int>>{{5, 30}});
}

TEST_CASE("Evidence: frames that went with a piece are named, and so are those that did not",
          "[report]") {
  const PieceSite site;
  CHECK(site.error("1:3,1:4,1:15", {site.captures()}) ==
        "capture 1: 2 of 3 frames are in no raw file that is left (1:3,1:4); the others can be cut "
        "by their numbers: 1:15");
  CHECK(site.error("1:31", {site.captures()}) ==
        "capture 1: 1 of 1 frames are in no raw file that is left (1:31)");
  (void)site.folder().write("captures/raw.sekimori-000002.pcap", ten_frames(9));
  CHECK(site.error("1:11,1:15,1:22", {site.captures()}) ==
        "capture 1: 2 of 3 frames are in no raw file that is left (1:11,1:15): "
        "\"raw.sekimori-000002.pcap\" cannot be found; the others can be cut by their numbers: "
        "1:22");
  CHECK_FALSE(fs::exists(site.output()));
}

TEST_CASE("Evidence: pieces that cannot be are passed over", "[report]") {
  const PieceSite site;
  Database{site.path(), Database::Mode::read_write}.execute(
      "INSERT INTO piece SELECT 1, column1, column2, '', '', 0, '' FROM (VALUES "
      "(-9223372036854775808, 10), (0, 9223372036854775807), (9223372036854775807, 1), (21, -1))");
  CHECK(site.cut("1:21", {site.captures()}) == 1);
  CHECK(site.error("1:9223372036854775807", {site.captures()}) ==
        "capture 1: 1 of 1 frames are in no raw file that is left (1:9223372036854775807)");
}

TEST_CASE("Evidence: a model of before pieces were told proves as it did", "[report]") {
  const Site site;
  Database{site.path(), Database::Mode::read_write}.execute("DROP TABLE piece");
  CHECK(site.cut("18", {site.captures()}) == 2);
}

TEST_CASE("Evidence: another capture of the same name is refused, with both hashes", "[report]") {
  const Site site;
  const auto meant = sha256_of(site.captures() / "one.pcap");
  const auto changed = site.folder().write("captures/one.pcap", ten_frames(9));
  CHECK(site.error("18", {site.captures()}) ==
        changed.string() + ": is not the capture that the model was made from: SHA-256 " +
            sha256_of(changed) + ", not " + meant);
  CHECK_FALSE(fs::exists(site.output()));
}

TEST_CASE("Evidence: what cannot be found or proved is an error", "[report]") {
  const Site site;
  CHECK(site.error("18", {}).starts_with("capture 1: cannot be found: \"one.pcap\", SHA-256 "));
  CHECK(site.error("SEG-01.l", {}) ==
        "no such finding or question: \"SEG-01.l\"; did you mean \"SEG-01.1\"?");
  CHECK(site.error("SEG-01.2", {}) == "finding SEG-01.2 rests on no frame");
  CHECK(site.error("18", {site.folder() / "nowhere"}).ends_with(": no such file or folder"));
}

TEST_CASE("Evidence: a frame past the capture's end is an error, and nothing is written",
          "[report]") {
  const Site site;
  {
    Database model{site.path(), Database::Mode::read_write};
    model.execute("INSERT INTO proof VALUES ('SEG-01.2', 1, 11), ('SEG-01.2', 1, 1)");
  }
  CHECK(site.error("SEG-01.2", {site.captures()}) ==
        site.output().string() + ": of 2 frames only 1 are in the captures");
  CHECK_FALSE(fs::exists(site.output()));
}

}  // namespace
}  // namespace sekimori::test
