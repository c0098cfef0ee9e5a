// Answers out of workbooks: their parts are written here by hand, for what no writer library makes:
// readings of Japanese text, foreign prefixes, and what a hostile file holds.

#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/answers.h"

#include "questionnaire.h"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <zip.h>

namespace sekimori::test {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

std::string zipped(const Parts& parts) {
  auto* const source = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  auto* const archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (archive == nullptr) throw std::runtime_error("no archive");
  zip_source_keep(source);
  for (const auto& [name, text] : parts) {
    auto* const part = zip_source_buffer(archive, text.data(), text.size(), 0);
    zip_file_add(archive, name.c_str(), part, ZIP_FL_ENC_UTF_8);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("not written");
  zip_stat_t about;
  zip_source_stat(source, &about);
  std::string bytes(about.size, '\0');
  zip_source_open(source);
  zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

constexpr auto kBook = R"(<workbook xmlns="m" xmlns:r="r"><sheets>
  <sheet name="1" sheetId="1" r:id="rId1"/><sheet name="2" sheetId="2" r:id="rId2"/>
  <sheet name="old" sheetId="3" state="hidden" r:id="rId3"/></sheets></workbook>)";
constexpr auto kRelations = R"(<Relationships>
  <Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
  <Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/>
  <Relationship Id="rId3" Target="worksheets/sheet3.xml"/>
  <Relationship Id="rId4" Target="sharedStrings.xml"/>
  <Relationship Id="rId5" Target="https://example.com/x.xml" TargetMode="External"/></Relationships>)";
// 設問番号 and はい with their readings; the id in two runs; 備考, and a plan in one cell.
constexpr auto kStrings = R"(<sst>
  <si><t>設問番号</t><rPh sb="0" eb="4"><t>セツモンバンゴウ</t></rPh><phoneticPr fontId="1"/></si>
  <si><t>回答</t><rPh sb="0" eb="2"><t>カイトウ</t></rPh></si>
  <si><r><t>問１</t></r><r><t>８</t></r><rPh sb="0" eb="1"><t>トイ</t></rPh></si>
  <si><t>はい</t><rPh sb="0" eb="2"><t>ハイ</t></rPh></si>
  <si><t>いいえ→はい 貼紙</t><rPh sb="7" eb="9"><t>ハリガミ</t></rPh></si></sst>)";
constexpr auto kFirst = R"(<worksheet><sheetData>
  <row r="1"><c r="B1" t="inlineStr"><is><t>自己評価</t></is></c></row>
  <row r="3"><c r="B3" t="s"><v>0</v></c><c r="D3" t="s"><v>1</v></c></row>
  <row r="4"><c r="B4" t="s"><v>2</v></c><c r="D4" t="s"><v>3</v></c></row>
  <row r="5"><c r="B5"><v>39</v></c><c r="D5" t="s"><v>4</v></c></row>
  </sheetData></worksheet>)";
constexpr auto kSecond = R"(<x:worksheet xmlns:x="m"><x:sheetData>
  <x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c><x:c t="str"><x:v>answer</x:v></x:c></x:row>
  <x:row><x:c><x:v>20.0</x:v></x:c><x:c t="str"><x:v>no</x:v></x:c></x:row></x:sheetData></x:worksheet>)";
constexpr auto kHidden = R"(<worksheet><sheetData>
  <row><c t="str"><v>id</v></c><c t="str"><v>answer</v></c></row>
  <row><c><v>18</v></c><c t="str"><v>no</v></c></row></sheetData></worksheet>)";

Parts parts() {
  return {{"[Content_Types].xml", "<Types/>"},        {"xl/workbook.xml", kBook},
          {"xl/_rels/workbook.xml.rels", kRelations}, {"xl/sharedStrings.xml", kStrings},
          {"xl/worksheets/sheet1.xml", kFirst},       {"xl/worksheets/sheet2.xml", kSecond},
          {"xl/worksheets/sheet3.xml", kHidden}};
}
Parts with(const std::string& name, const std::string& text) {
  auto changed = parts();
  for (auto& [part, content] : changed)
    if (part == name) content = text;
  return changed;
}

std::string complaint(const Parts& all) {
  try {
    static_cast<void>(parse_answers(zipped(all), "a.xlsx", ssat()));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("Workbook: ids and answers are found beside their readings", "[answers]") {
  const auto read = parse_answers(zipped(parts()), "a.xlsx", ssat());
  REQUIRE(read.given.size() == 3);
  CHECK(ssat().text(read.given.at("18").mark) == "yes");
  CHECK(read.given.at("18").where == "sheet \"1\", row 4");
  CHECK(ssat().text(read.given.at("39").mark) == "no");
  CHECK(ssat().text(*read.given.at("39").after) == "yes");
  CHECK(read.given.at("39").note == "貼紙");
  CHECK(ssat().text(read.given.at("20").mark) == "no");
}

TEST_CASE("Workbook: what is wrong is said with its place", "[answers]") {
  struct Case {
    Parts parts;
    std::string says;
  };
  auto macros = parts();
  macros.emplace_back("xl/vbaProject.bin", "x");
  const auto sheet = std::string{"xl/worksheets/sheet2.xml"};
  const std::vector<Case> cases{
      {macros, "a.xlsx: it has macros: save it as .xlsx"},
      {{{"x", "y"}}, "a.xlsx: xl/_rels/workbook.xml.rels: not in it"},
      {with(sheet, std::string(17U << 20U, ' ')),
       "a.xlsx: xl/worksheets/sheet2.xml: larger than it can be"},
      {with(sheet, "<worksheet><sheetData>"), "a.xlsx: xl/worksheets/sheet2.xml: "},
      {with(sheet, R"(<worksheet><sheetData><row r="1048576"/></sheetData></worksheet>)"),
       "a.xlsx: xl/worksheets/sheet2.xml: a row out of place, or beyond row 20000"},
      {with(sheet, R"(<worksheet><sheetData><row r="2"/><row r="2"/></sheetData></worksheet>)"),
       "a.xlsx: xl/worksheets/sheet2.xml: a row out of place, or beyond row 20000"},
      {with(sheet, R"(<w><sheetData><row><c r="A1" t="s"><v>5</v></c></row></sheetData></w>)"),
       "a.xlsx: xl/worksheets/sheet2.xml: cell A1 has no text \"5\""},
      {with("xl/sharedStrings.xml",
            R"(<!DOCTYPE sst [<!ENTITY a "yes">]><sst><si><t>設問番号</t></si>
         <si><t>回答</t></si><si><t>18</t></si><si><t>&a;</t></si><si><t>no</t></si></sst>)"),
       "a.xlsx: sheet \"1\", row 4, column answer: \"&a;\" is not an answer to question 18"},
      {with(sheet, "<w><sheetData><row><c t=\"str\"><v>\xe3\x81</v></c></row></sheetData></w>"),
       "a.xlsx: xl/worksheets/sheet2.xml: a text that is no UTF-8"},
      {with(sheet, "<w><sheetData><row><c t=\"str\"><v>" + std::string(100'000, 'a') +
                       "</v></c></row></sheetData></w>"),
       "a.xlsx: xl/worksheets/sheet2.xml: a text longer than a cell holds"},
      {with("xl/workbook.xml", "<workbook/>"),
       "a.xlsx: no sheet has a row that is headed \"question_id\" and \"answer\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.says);
    CHECK_THAT(complaint(c.parts), Catch::StartsWith(c.says));
  }
}

TEST_CASE("Workbook: one text in very many cells, or cells far apart, are no bomb", "[answers]") {
  std::string rows;
  for (int i = 0; i < 600; ++i) rows += R"(<row><c t="s"><v>0</v></c></row>)";
  const auto all = "<w><sheetData>" + rows + "</sheetData></w>";
  auto shared = with("xl/worksheets/sheet2.xml", all);
  for (auto& [name, text] : shared)
    if (name == "xl/sharedStrings.xml")
      text = "<sst><si><t>" + std::string(90'000, 'a') + "</t></si></sst>";
    else if (name == "xl/worksheets/sheet1.xml")
      text = "<w><sheetData/></w>";
  CHECK(complaint(shared) == "a.xlsx: xl/worksheets/sheet2.xml: more than is read");
  std::string wide;
  for (int i = 1; i <= 4000; ++i)
    wide += "<row><c r=\"IV" + std::to_string(i) + "\" t=\"str\"><v>a</v></c></row>";
  CHECK(complaint(with("xl/worksheets/sheet2.xml", "<w><sheetData>" + wide + "</sheetData></w>")) ==
        "a.xlsx: xl/worksheets/sheet2.xml: more than is read");
}

TEST_CASE("Workbook: a column far to the right is not read", "[answers]") {
  const auto read = parse_answers(
      zipped(with("xl/worksheets/sheet2.xml",
                  R"(<w><sheetData><row><c r="XFD1" t="str"><v>id</v></c></row></sheetData></w>)")),
      "a.xlsx", ssat());
  CHECK(read.given.size() == 2);
}

TEST_CASE("Workbook: cut anywhere it is refused with a word", "[answers]") {
  const auto whole = zipped(parts());
  for (std::size_t size = 4; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(parse_answers(whole.substr(0, size), "a.xlsx", ssat()), Error);
  }
}

}  // namespace
}  // namespace sekimori::test
