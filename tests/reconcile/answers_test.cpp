#include "sekimori/reconcile/answers.h"

#include "sekimori/bytes/error.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

const QuestionSet& ssat() {
  static const auto set = built_in_question_set("ssat");
  return set;
}

/// `yes`, or `no>yes` with what is planned.
std::string marks(const Mark& mark, const std::optional<Mark>& after) {
  const auto text = [](const Mark& each) {
    const auto said = ssat().text(each);
    return said.empty() ? std::string{"-"} : said;
  };
  return text(mark) + (after ? '>' + text(*after) : "");
}

std::string complaint(std::string_view bytes) {
  try {
    static_cast<void>(parse_answers(bytes, "a.csv", ssat()));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Spelling {
  std::string written, meant;
};

std::ostream& operator<<(std::ostream& out, const Spelling& spelling) {
  return out << spelling.written;
}

const std::vector<Spelling> ids{
    {"39", "39"},
    {"39.0", "39"},
    {"39.00", "39"},
    {"39a", "39a"},
    {"39A", "39a"},
    {"３９ａ", "39a"},
    {"Q39a", "39a"},
    {"ｑ３９", "39"},
    {"問39a", "39a"},
    {"設問39a", "39a"},
    {"設問 39", "39"},
    {"No.39-a", "39a"},
    {"Ｎｏ．３９－ａ", "39a"},
    {"no39", "39"},
    {"№39", "39"},
    {"039", "39"},
    {"39(a)", "39a"},
    {"39（ａ）", "39a"},
    {"39 a", "39a"},
    {" 39　", "39"},
    {"39.a", "39a"},
    {"100", "100"},
    {"7b", "7b"},
};

TEST_CASE("Answers: an id is found however it is written", "[answers]") {
  const auto& id = GENERATE(from_range(ids));
  CAPTURE(id);
  CHECK(normal_id(id.written, ssat()) == id.meant);
}

TEST_CASE("Answers: what is no id is none", "[answers]") {
  for (const auto* const text :
       {"", " ", "abc", "1234", "39.5", "3. 周囲防御", "39ab", "問", "-39"}) {
    CAPTURE(text);
    CHECK_FALSE(normal_id(text, ssat()).has_value());
  }
}

const std::vector<Spelling> cells{
    {"はい", "yes"},
    {"yes", "yes"},
    {"YES", "yes"},
    {"Ｙｅｓ", "yes"},
    {"y", "yes"},
    {"○", "yes"},
    {"〇", "yes"},
    {"◯", "yes"},
    {"1", "yes"},
    {"１", "yes"},
    {"実施", "yes"},
    {"TRUE", "yes"},
    {" はい　", "yes"},
    {"いいえ", "no"},
    {"no", "no"},
    {"N", "no"},
    {"×", "no"},
    {"✕", "no"},
    {"0", "no"},
    {"未実施", "no"},
    {"FALSE", "no"},
    {"一部", "partial"},
    {"一部・時々", "partial"},
    {"時々", "partial"},
    {"partial", "partial"},
    {"partly", "partial"},
    {"sometimes", "partial"},
    {"△", "partial"},
    {"0.5", "partial"},
    {"該当なし", "na"},
    {"対象外", "na"},
    {"n/a", "na"},
    {"Ｎ／Ａ", "na"},
    {"NA", "na"},
    {"―", "na"},
    {"代替", "yes!"},
    {"alternate", "yes!"},
    {"alt", "yes!"},
    {"A", "yes!"},
    {"", "-"},
    {"未回答", "-"},
    {"U", "-"},
    {"不明", "-"},
    {"いいえ→はい", "no>yes"},
    {"いいえ->はい", "no>yes"},
    {"いいえ⇒はい", "no>yes"},
    {"一部 → はい", "partial>yes"},
    {"×－＞○", "no>yes"},
    {"n→代替", "no>yes!"},
    {"いいえ→はい 貼紙", "no>yes 貼紙"},
    {"いいえ→はい　貼紙を貼る。難易度: 低", "no>yes 貼紙を貼る。難易度: 低"},
    {"いいえ→はい（貼紙）", "no>yes （貼紙）"},
    {"一部→一部・時々、貼紙", "partial>partial 、貼紙"},
    {"No→Yes: a sign on the wall", "no>yes : a sign on the wall"},
};

TEST_CASE("Answers: a cell means what the table of forms says", "[answers]") {
  const auto& cell = GENERATE(from_range(cells));
  CAPTURE(cell);
  const auto read = read_answer_cell(cell.written, ssat());
  REQUIRE(read);
  CHECK(marks(read->mark, read->after) + (read->alternate ? "!" : "") +
            (read->memo.empty() ? "" : " " + read->memo) ==
        cell.meant);
}

TEST_CASE("Answers: what the table does not name is no answer", "[answers]") {
  for (const auto* const text :
       {"maybe", "はい？", "はいいいえ", "yes no", "2", "はい 貼紙", "→", "いいえ→",
        "いいえ→はいはい", "いいえ→多分", "多分→はい", "ほぼはい"}) {
    CAPTURE(text);
    CHECK_FALSE(read_answer_cell(text, ssat()).has_value());
  }
}

TEST_CASE("Answers: a CSV file with every column is read", "[answers]") {
  const auto answers = parse_answers(
      "question_id,answer,answer_after,note,evidence_ref,answered_by,answered_on\r\n"
      "1,yes,,\"two\r\nlines, \"\"quoted\"\"\",list.xlsx,Sato,2024-05-01\r\n"
      "39a,no,yes,,,,\r\n"
      "\r\n"
      "40,,,,,,\r\n",
      "a.csv", ssat());
  REQUIRE(answers.given.size() == 2);
  const auto& first = answers.given.at("1");
  CHECK(first.note == "two\r\nlines, \"quoted\"");
  CHECK(first.evidence_ref == "list.xlsx");
  CHECK(first.answered_by == "Sato");
  CHECK(first.answered_on == "2024-05-01");
  CHECK(first.where == "row 2");
  const auto& second = answers.given.at("39a");
  CHECK(marks(second.mark, second.after) == "no>yes");
}

TEST_CASE("Answers: the separator and the header are found by content", "[answers]") {
  const std::string kFirst = ssat().find("1")->text.ja;
  const auto answers = parse_answers(
      GENERATE_COPY(as<std::string>{}, "質問番号,質問,回答,備考\n1," + kFirst + ",はい,x\n",
                    "質問番号\t質問\t回答\t備考\n1\t" + kFirst + "\tはい\tx\n",
                    "備考;回答;質問番号\nx;はい;1\n",
                    "SSAT 回答リスト\n\n,質問番号,回答,備考\n,1,はい,x\n",
                    "\xef\xbb\xbfquestion_id,answer,note\n1,はい,x"),
      "a.csv", ssat());
  REQUIRE(answers.given.size() == 1);
  CHECK(ssat().text(answers.given.at("1").mark) == "yes");
  CHECK(answers.given.at("1").note == "x");
}

TEST_CASE("Answers: CP932 with full-width digits is read", "[answers]") {
  // 質問番号,回答,備考 / ３９ａ,いいえ→はい 貼紙, / 問１８,×, / ３,○,対象　/ ４,―,理由
  const std::string bytes{
      "\x8e\xbf\x96\xe2\x94\xd4\x8d\x86,\x89\xf1\x93\x9a,\x94\xf5\x8d\x6c\r\n"
      "\x82\x52\x82\x58\x82\x81,\x82\xa2\x82\xa2\x82\xa6\x81\xa8\x82\xcd\x82\xa2 "
      "\x93\x5c\x8e\x86,\r\n"
      "\x96\xe2\x82\x50\x82\x57,\x81\x7e,\r\n"
      "\x82\x52,\x81\x9b,\r\n"
      "\x82\x53,\x81\x5c,\x97\x9d\x97\x52\r\n"};
  const auto answers = parse_answers(bytes, "a.csv", ssat());
  REQUIRE(answers.given.size() == 4);
  CHECK(marks(answers.given.at("39a").mark, answers.given.at("39a").after) == "no>yes");
  CHECK(answers.given.at("39a").note == "貼紙");
  CHECK(ssat().text(answers.given.at("18").mark) == "no");
  CHECK(ssat().text(answers.given.at("3").mark) == "yes");
  CHECK(ssat().text(answers.given.at("4").mark) == "na");
  CHECK(answers.given.at("4").note == "理由");
}

TEST_CASE("Answers: UTF-16 with its mark, as spreadsheets save it, is read", "[answers]") {
  std::string bytes{"\xff\xfe"};
  for (const char letter : std::string{"id\tanswer\n7\tyes\n"}) bytes += {letter, '\0'};
  CHECK(parse_answers(bytes, "a.csv", ssat()).given.contains("7"));
}

TEST_CASE("Answers: bytes of no known encoding are refused", "[answers]") {
  CHECK(complaint("id,answer\n1,\x81") == "a.csv: byte 12: the text is neither UTF-8 nor CP932");
  CHECK(complaint("\xef\xbb\xbfid,answer\n1,\x82\xcd") == "a.csv: byte 15: not UTF-8");
}

struct Wrong {
  std::string text, said;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) {
  return out << wrong.text;
}

const std::vector<Wrong> wrongs{
    {"id,answer\n1,yes\n2,maybe\n",
     "a.csv: row 3, column answer: \"maybe\" is not an answer to question 2 (yes, partial, no, "
     "na)"},
    {"id,answer\n30,一部\n",
     "a.csv: row 2, column answer: \"一部\" is not an answer to question 30 (yes, no, na)"},
    {"id,answer,after\n1,no,perhaps\n",
     "a.csv: row 2, column answer_after: \"perhaps\" is not an answer to question 1 (yes, partial, "
     "no, na)"},
    {"id,answer,after\n1,no→yes,no\n",
     "a.csv: row 2, column answer_after: \"no\" and \"no→yes\" are two answers for after the "
     "improvement"},
    {"id,answer\n1,対象外\n",
     "a.csv: row 2, column answer: \"対象外\" needs a note: why does question 1 not apply?"},
    {"id,answer\n1,yes\n問１,no\n",
     "a.csv: row 3, column answer: question 1 has another answer at row 2"},
    {"id,answer\n1,\"yes\n", "a.csv: row 2: a quote is never closed"},
    {"id,answer\n1,\"yes\"x\n", "a.csv: row 2: something follows a closing quote"},
    {"id,answer,回答\n1,yes,no\n", "a.csv: row 1: two columns are headed \"answer\": leave one"},
    {"number,reply\n1,yes\n", "a.csv: no row is headed \"question_id\" and \"answer\""},
    {"", "a.csv: no row is headed \"question_id\" and \"answer\""},
    {"kind,boat\nid,answer\n", "a.csv: row 1: \"boat\" is not one of ics, scada, telemetry"},
};

TEST_CASE("Answers: a wrong cell is named with file, row and column", "[answers]") {
  const auto& wrong = GENERATE(from_range(wrongs));
  CAPTURE(wrong);
  CHECK(complaint(wrong.text) == wrong.said);
}

TEST_CASE("Answers: equal duplicates are one, unknown ids are kept and told", "[answers]") {
  const auto answers = parse_answers(
      "Organisation,ACME\nplease fill in\nid,answer,note\n1,yes,\nQ1,はい,again\n120,vielleicht,n\n"
      "Part B,,\nx,yes,\n",
      "a.csv", ssat());
  CHECK(answers.given.size() == 1);
  CHECK(answers.given.at("1").note == "again");
  CHECK(answers.cover.at("organisation") == "ACME");
  REQUIRE(answers.unknown.size() == 2);
  CHECK(answers.unknown[0].id == "120");
  CHECK(answers.unknown[0].text == "vielleicht");
  CHECK(answers.unknown[0].note == "n");
  CHECK(answers.unknown[0].where == "row 6");
  CHECK(answers.unknown[1].id == "x");
  REQUIRE(answers.notices.size() == 3);
  CHECK(answers.notices[0].code == "passed-over");
  CHECK(answers.notices[0].values.at("text") == "\"please fill in\"");
  CHECK(answers.notices[1].code == "unknown-answer");
}

TEST_CASE("Answers: JSON is read with its cover", "[answers]") {
  const auto answers = parse_answers(
      R"({"format": "ssat-answers", "version": 1, "organisation": "ACME", "system": "Line 3",
          "kind": "SCADA", "answers": [
            {"id": "39a", "answer": "no", "after": "yes", "note": "n"},
            {"id": 18, "answer": 0.5}, {"id": 19.0, "answer": true}, {"id": "20", "answer": null},
            {"id": "21", "answer": "n/a", "note": "no such link"},
            {"id": "q22", "answer": "alternate"}]})",
      "a.json", ssat());
  CHECK(answers.cover.at("organisation") == "ACME");
  CHECK(answers.cover.at("kind") == "scada");
  CHECK(marks(answers.given.at("39a").mark, answers.given.at("39a").after) == "no>yes");
  CHECK(ssat().text(answers.given.at("18").mark) == "partial");
  CHECK(ssat().text(answers.given.at("19").mark) == "yes");
  CHECK_FALSE(answers.given.contains("20"));
  CHECK(answers.given.at("21").mark.means == Answer::not_applicable);
  CHECK(answers.given.at("22").alternate);
}

TEST_CASE("Answers: a fault in JSON is named with its place", "[answers]") {
  const auto said = [](const std::string& body) {
    return complaint(R"({"format": "ssat-answers", "version": 1, )" + body + "}");
  };
  CHECK(
      said(R"("answers": [{"id": "1", "answer": "yes"}, {"id": "2", "answer": "maybe"}])") ==
      "a.csv: /answers/1/answer: \"maybe\" is not an answer to question 2 (yes, partial, no, na)");
  CHECK(said(R"("answers": [{"id": "1", "anwser": "yes"}])") ==
        "a.csv: /answers/0: no such key: \"anwser\"; did you mean \"answer\"?");
  CHECK(said(R"("answers": [{"answer": "yes"}])") == "a.csv: /answers/0: no \"id\"");
  CHECK(said(R"("answers": {})") == "a.csv: /answers: a list is expected");
  CHECK(said(R"("kind": "boat", "answers": [])") ==
        "a.csv: /kind: \"boat\" is not one of ics, scada, telemetry");
  CHECK(said(R"("version": 2, "answers": [])") ==
        "a.csv: the key \"version\" stands twice in one object");
  CHECK(complaint(R"({"format": "x"})").starts_with("a.csv: /format: \"x\" is not one of"));
}

TEST_CASE("Answers: every prefix of a file is read or refused, never worse", "[answers]") {
  const std::string whole{
      "Organisation,ACME\r\n質問番号,回答,備考\r\n３９ａ,いいえ→はい 貼紙,\"a "
      "\"\"b\"\"\"\r\n18,×,\r\n"};
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    try {
      const auto answers = parse_answers(whole.substr(0, size), "a.csv", ssat());
      CHECK(answers.given.size() <= 2);
    } catch (const Error& error) {
      CHECK(std::string{error.what()}.starts_with("a.csv: "));
    }
  }
}

}  // namespace
}  // namespace sekimori::test
