// Workbooks that LibreOffice wrote (tests/reconcile/workbooks: from our own list.fods, and from a
// blank sheet of ours that was filled in), and maps of somebody else's numbering.

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/workbook.h"
#include "sekimori/reconcile/answers.h"

#include "folder.h"
#include "questionnaire.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

std::string file(const std::string& name) {
  return read_file(std::string{SEKIMORI_SOURCE_DIR} + "/tests/reconcile/workbooks/" + name);
}

std::string said(const Answers& answers, const std::string& question) {
  const auto found = answers.given.find(question);
  return found == answers.given.end() ? "nothing" : ssat().text(found->second.mark);
}

TEST_CASE("LibreOffice: signs, full width, and merged headings are read from both formats",
          "[answers]") {
  const auto& name = GENERATE(from_range(std::vector<std::string>{"list.xlsx", "list.xls"}));
  CAPTURE(name);
  const auto read = parse_answers(file(name), name, ssat());
  CHECK(read.cover.at("organisation") == "第二工場");
  CHECK(said(read, "18") == "yes");
  CHECK(said(read, "39") == "no");
  CHECK(said(read, "39a") == "no");
  CHECK(ssat().text(*read.given.at("39a").after) == "yes");
  CHECK(read.given.at("39a").difficulty == "L");
  CHECK(said(read, "20") == "partial");
  CHECK(read.given.at("20").note == "監視だけ");
  CHECK(said(read, "26") == "na");
  CHECK(read.unknown.empty());
  // What is merged over rows is told by the newer format alone.
  CHECK(said(read, "21") == (name == "list.xlsx" ? "partial" : "nothing"));
}

TEST_CASE("LibreOffice: a sheet of ours that it saved comes back as it was filled in",
          "[answers]") {
  const auto read = parse_answers(file("sheet.xlsx"), "sheet.xlsx", ssat());
  CHECK(read.cover.at("organisation") == "第一工場 ＆ 協力会社");
  CHECK(read.given.size() == 101);
  CHECK(read.notices.empty());
  CHECK(read.unknown.empty());
  std::size_t area_row = 0;
  std::string area;
  for (const auto& question : ssat().questions) {
    area_row = question.area == area ? area_row + 1 : 3;
    area = question.area;
    CAPTURE(question.id);
    const bool third = area_row % 3 == 0;
    CHECK(said(read, question.id) == (third ? "no" : "yes"));
    CHECK(read.given.at(question.id).after.has_value() == third);
    CHECK(read.given.at(question.id).difficulty == (third ? "L" : ""));
  }
}

TEST_CASE("LibreOffice: a workbook cut anywhere is refused, or says nothing that it did not",
          "[answers]") {
  const auto whole = file("list.xls");
  const auto all = parse_answers(whole, "a.xls", ssat());
  std::size_t refused = 0;
  for (std::size_t size = 8; size < whole.size(); size += 7) {
    CAPTURE(size);
    try {
      const auto read = parse_answers(whole.substr(0, size), "a.xls", ssat());
      for (const auto& [id, given] : read.given) CHECK(given.mark == all.given.at(id).mark);
    } catch (const Error& error) {
      CHECK_THAT(error.what(), Catch::StartsWith("a.xls: "));
      ++refused;
    }
  }
  CHECK(refused > 100);
  CHECK_THROWS_WITH(parse_answers("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", ssat()),
                    Catch::Contains("damaged, or with a password"));
}

/// `bytes` with others from `place` on.
std::string with(std::string bytes, std::size_t place, const std::string& others) {
  return bytes.replace(place, others.size(), others);
}

// What a reader that believes them does then is for the memory behind to say: it breaks off,
// refuses or reads on.
TEST_CASE("LibreOffice: a workbook whose lengths lie breaks its reader and nothing else",
          "[answers]") {
  const auto whole = file("list.xls");
  // A directory entry's name of 64 KB in its 64 bytes (MS-CFB 2.6.1).
  const auto root = whole.find(std::string{"R\0o\0o\0t\0", 8});
  REQUIRE(root != std::string::npos);
  const auto name = with(whole, root + 64, "\xfe\xff");
  // A shared string of 128 KB, of which the next record has 160 bytes (MS-XLS 2.4.265).
  const auto table = whole.find(std::string{"\xfc\x00\xb5\x00\x10\x00\x00\x00", 8});
  REQUIRE(table != std::string::npos);
  const std::string split{
      "\xfc\x00\x0d\x00\x10\x00\x00\x00\x10\x00\x00\x00\xff\xff\x01__"
      "\x3c\x00\xa4\x00\x01",
      22};
  const auto text = with(whole, table, split);
  for (const auto& bytes : {name, text}) {
    try {
      const auto read = parse_answers(bytes, "a.xls", ssat());
      CHECK(said(read, "39") == "no");
    } catch (const Error& error) {
      CHECK_THAT(error.what(), Catch::StartsWith("a.xls: "));
    }
  }
}

TEST_CASE("CSET: the export of a custom module is read by its requirements", "[answers]") {
  const auto read = parse_answers(
      "Question_Id,Question_Group_Heading,Simple_Question,Requirement_Title,Answer_Text,"
      "Mark_For_Review,Comment,Alternate_Justification\n"
      "1039,Access Control,Is it?,18,Y,False,,\n1040,Access Control,Is it?,39a,N,False,later,\n"
      "1041,Access Control,Is it?,20,A,True,,a diode\n1042,Access Control,Is it?,21,U,False,,\n",
      "cset.csv", ssat());
  CHECK(said(read, "18") == "yes");
  CHECK(said(read, "39a") == "no");
  CHECK(read.given.at("39a").note == "later");
  CHECK(said(read, "20") == "yes");
  CHECK(read.given.at("20").alternate);
  CHECK(read.given.at("20").evidence_ref == "a diode");
  CHECK(read.unknown.empty());
}

/// A workbook of somebody else: its numbers are not ours.
std::string foreign() {
  const Folder folder;
  Workbook book{folder / "a.xlsx"};
  auto sheet = book.add("questions");
  std::uint32_t row = 4;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      sheet.text(row, static_cast<std::uint16_t>(i + 1), cells[i]);
    ++row;
  };
  line({"No.", "質問", "回答"});
  line({"1", ssat().find("18")->text.ja, "はい"});
  line({"2", "ファイアウォールの設定を直近12か月以内に審査し、記録しているか。", "いいえ"});
  line({"3", "昼食は何時ですか。", "一部"});
  book.close();
  return read_file(folder / "a.xlsx");
}

TEST_CASE("Maps: another numbering is never taken for ours", "[answers]") {
  CHECK_THROWS_WITH(parse_answers(foreign(), "a.xlsx", ssat()),
                    Catch::StartsWith("a.xlsx: sheet \"questions\", row 6: question 1 reads "
                                      "otherwise in this program"));
}

TEST_CASE("Maps: what reads alike is proposed, and nothing but ours is filled in", "[answers]") {
  const auto rows = parse_csv(propose_answer_map(foreign(), "a.xlsx", ssat()).substr(3), ',').rows;
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == CsvRow{"their_id", "question", "our_id", "proposal", "likeness"});
  CHECK(rows[1][2] == "18");
  CHECK(rows[2][2].empty());
  CHECK(rows[2][3] == "16");
  CHECK(std::stod(rows[2][4]) >= 0.6);
  CHECK(rows[3][2].empty());
  CHECK(rows[3][3].empty());
}

TEST_CASE("Maps: answers follow a confirmed map, and what it leaves out is reported", "[answers]") {
  const auto proposal = propose_answer_map(foreign(), "a.xlsx", ssat());
  const auto unconfirmed = parse_answer_map(proposal, "map.csv", ssat());
  auto read = parse_answers(foreign(), "a.xlsx", ssat(), &unconfirmed);
  CHECK(read.given.size() == 1);
  CHECK(said(read, "18") == "yes");
  CHECK(read.unknown.size() == 2);
  auto rows = parse_csv(proposal.substr(3), ',').rows;
  rows[2][2] = "16";
  std::string confirmed;
  for (const auto& row : rows) {
    for (const auto& cell : row) confirmed += csv_cell(cell) + ',';
    confirmed += '\n';
  }
  const auto map = parse_answer_map(confirmed, "map.csv", ssat());
  read = parse_answers(foreign(), "a.xlsx", ssat(), &map);
  CHECK(said(read, "16") == "no");
  CHECK(read.unknown.size() == 1);
}

TEST_CASE("Maps: what is wrong in one is said with its row", "[answers]") {
  struct Case {
    std::string csv, says;
  };
  const auto& [csv, says] = GENERATE(from_range(std::vector<Case>{
      {"", "m.csv: it is empty"},
      {"their_id,question\n", "m.csv: row 1: no column is headed \"our_id\""},
      {"their_id,question,our_id\n1,x,999\n", "m.csv: row 2: there is no question \"999\""},
      {"their_id,question,our_id\n1,x,18\n2,y,18\n",
       "m.csv: row 3: question 18 is meant by row 2 too"},
      {"their_id,question,our_id\n1,x,18\n2,X,19\n",
       "m.csv: row 3: the same question stands above with another meaning"},
      {"their_id,question,our_id\n,,18\n",
       "m.csv: row 2: neither their_id nor question says what is meant"},
      {"their_id,question,our_id\n1,\"x,18\n", "m.csv: row 2: a quote is never closed"},
  }));
  CHECK_THROWS_WITH(parse_answer_map(csv, "m.csv", ssat()), says);
}

TEST_CASE("Maps: likeness counts pairs of letters", "[answers]") {
  CHECK(likeness("night", "nacht") == Approx(0.25));
  CHECK(likeness("ＡＢＣ", "abc") == Approx(1));
  CHECK(likeness("", "abc") == 0);
}

}  // namespace
}  // namespace sekimori::test
