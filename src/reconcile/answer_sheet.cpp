// Blank answer sheets as tables: CSV, JSON and a workbook.

#include "sekimori/reconcile/answer_sheet.h"

#include "sekimori/bytes/csv.h"
#include "sekimori/bytes/workbook.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace sekimori {
namespace {

using Json = nlohmann::ordered_json;

const Bilingual kCover{"Cover", "表紙"};
const Bilingual kCriterion{"Criterion for the best answer", "最良の答えと認める基準"};
const Bilingual kHint{
    "Write into the white cells only. \"not applicable\" needs a note that says why.",
    "白いセルだけに記入する。「対象外」には理由を備考に書く。"};
const Bilingual kFollowUp{"Answer this only where question {of} is answered: {when}.",
                          "設問{of}の答えが「{when}」のときだけ答える。"};

/// The columns of a sheet, by ColumnNames::id, and their widths in letters.
struct Column {
  std::string_view id;
  double width;
};
constexpr auto kColumns = std::to_array<Column>({{"question_id", 9},
                                                 {"question", 40},
                                                 {"criterion", 40},
                                                 {"answer", 11},
                                                 {"answer_after", 11},
                                                 {"fix", 14},
                                                 {"difficulty", 8},
                                                 {"obstacle", 14},
                                                 {"note", 28},
                                                 {"evidence_ref", 12},
                                                 {"answered_by", 10},
                                                 {"answered_on", 11}});

/// In Japanese the first of a column's words that is not ASCII.
std::string heading(const QuestionSet& set, std::string_view id, Language language) {
  const auto names = std::ranges::find(set.columns, id, &ColumnNames::id);
  if (names == set.columns.end()) return in_line(kCriterion, language);
  const auto is_ascii = [](const std::string& word) {
    return std::ranges::all_of(word, [](char letter) { return letter >= ' ' && letter <= '~'; });
  };
  if (language != Language::en)
    for (const auto& word : names->words)
      if (!is_ascii(word)) return word;
  return names->words.front();
}

/// The columns that the set has words for: an older set of a user's may lack some.
std::vector<Column> columns_of(const QuestionSet& set) {
  std::vector<Column> columns;
  for (const auto& column : kColumns) {
    const bool shown =
        column.id == "question" || column.id == "criterion" ||
        std::ranges::find(set.columns, column.id, &ColumnNames::id) != set.columns.end();
    if (shown) columns.push_back(column);
  }
  return columns;
}

std::string replaced(std::string text, std::string_view name, const std::string& value) {
  const auto at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

/// Which answers of its parent a follow-up waits for, as people write them.
std::string asked_when(const QuestionSet& set, const Question& question, Language language) {
  const auto& parent = *set.find(question.follow_up->of);
  std::string words;
  for (const auto index : parent.choices) {
    const auto& choice = set.scale.choices[index];
    if (std::ranges::find(question.follow_up->asked_when, choice.means) !=
        question.follow_up->asked_when.end())
      words += (words.empty()              ? ""
                : language == Language::en ? ", "
                                           : "・") +
               word_of(choice, language);
  }
  return words;
}

std::string question_text(const QuestionSet& set, const Question& question, Language language) {
  const auto one = [&](Language each) {
    std::string text = in_line(question.text, each);
    if (!question.follow_up) return text;
    return text + '\n' +
           replaced(replaced(in_line(kFollowUp, each), "{of}", question.follow_up->of), "{when}",
                    asked_when(set, question, each));
  };
  if (language != Language::both) return one(language);
  return one(Language::ja) + '\n' + one(Language::en);
}

std::string lines_of(const Bilingual& text, Language language) {
  return language == Language::both ? text.ja + '\n' + text.en : in_line(text, language);
}

std::vector<std::string> answers_of(const QuestionSet& set, const Question& question,
                                    Language language) {
  std::vector<std::string> words;
  for (const auto index : question.choices)
    words.push_back(word_of(set.scale.choices[index], language));
  words.push_back(
      in_line(set.scale.not_applicable, language == Language::en ? language : Language::ja));
  return words;
}

std::vector<std::string> titles_of(const std::map<std::string, Bilingual>& titles,
                                   Language language) {
  std::vector<std::string> words;
  for (const auto& [id, title] : titles)
    words.push_back(in_line(title, language == Language::en ? language : Language::ja));
  return words;
}

/// The words that drop down in a column; none where anything may be written.
std::vector<std::string> list_of(const QuestionSet& set, const Question& question,
                                 std::string_view column, Language language) {
  if (column == "answer" || column == "answer_after") return answers_of(set, question, language);
  if (column == "fix") return titles_of(set.fix_types, language);
  if (column == "difficulty") return titles_of(set.difficulties, language);
  if (column == "obstacle") return titles_of(set.obstacles, language);
  return {};
}

std::string title_of(const Area& area, Language language) {
  return in_line({area.id + ' ' + area.title.en, area.id + ' ' + area.title.ja}, language);
}

void write_cover(const QuestionSet& set, Language language, Workbook& book) {
  auto sheet = book.add(in_line(kCover, language));
  sheet.width(0, 32);
  sheet.width(1, 70);
  sheet.text(0, 0, in_line(set.title, language), CellStyle::title);
  sheet.text(1, 0, in_line(set.source, language == Language::en ? language : Language::ja),
             CellStyle::hint);
  std::uint32_t row = 3;
  for (const auto& field : set.cover) {
    sheet.text(row, 0, in_line(field.title, language), CellStyle::fixed);
    sheet.text(row, 1, "", CellStyle::input);
    if (!field.values.empty()) sheet.drop_down(row, 1, field.values);
    ++row;
  }
  sheet.text(row + 1, 0, in_line(kHint, language == Language::en ? language : Language::ja),
             CellStyle::hint);
  sheet.protect();
}

void write_area(const QuestionSet& set, const Area& area, Language language, Workbook& book) {
  auto sheet = book.add(title_of(area, language));
  const auto columns = columns_of(set);
  sheet.text(0, 0, title_of(area, language), CellStyle::title);
  std::uint16_t at = 0;
  for (const auto& column : columns) {
    sheet.width(at, column.width);
    sheet.text(1, at++, heading(set, column.id, language), CellStyle::header);
  }
  std::uint32_t row = 2;
  for (const auto index : area.questions) {
    const auto& question = set.questions[index];
    at = 0;
    for (const auto& column : columns) {
      if (column.id == "question_id")
        sheet.text(row, at, question.id, CellStyle::fixed);
      else if (column.id == "question")
        sheet.text(row, at, question_text(set, question, language), CellStyle::fixed);
      else if (column.id == "criterion")
        sheet.text(row, at, lines_of(question.yes_when, language), CellStyle::fixed);
      else
        sheet.text(row, at, "", CellStyle::input);
      if (const auto words = list_of(set, question, column.id, language); !words.empty())
        sheet.drop_down(row, at, words);
      ++at;
    }
    ++row;
  }
  sheet.freeze(2, 2);
  sheet.protect();
}

}  // namespace

std::string word_of(const Choice& choice, Language language) {
  return language == Language::en || choice.words.empty() ? choice.title.en : choice.words.front();
}

std::string answer_csv(const QuestionSet& set, Language language) {
  std::string text{"\xef\xbb\xbf"};  // so that Excel reads UTF-8
  for (const auto& field : set.cover) text += csv_cell(in_line(field.title, language)) + ",\r\n";
  const auto columns = columns_of(set);
  const auto line = [&](auto&& cell) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      text += (i == 0 ? "" : ",") + csv_cell(cell(columns[i].id));
    text += "\r\n";
  };
  line([&](std::string_view id) { return heading(set, id, language); });
  for (const auto& question : set.questions)
    line([&](std::string_view id) -> std::string {
      if (id == "question_id") return question.id;
      if (id == "question") return question_text(set, question, language);
      return id == "criterion" ? lines_of(question.yes_when, language) : "";
    });
  return text;
}

std::string answer_json(const QuestionSet& set) {
  Json json;
  json["format"] = set.id + "-answers";
  json["version"] = 1;
  for (const auto& field : set.cover) json[field.id] = "";
  auto answers = Json::array();
  for (const auto& question : set.questions)
    answers.push_back({{"id", question.id}, {"answer", ""}, {"after", ""}, {"note", ""}});
  json["answers"] = std::move(answers);
  return json.dump(1) + '\n';
}

void write_answer_workbook(const QuestionSet& set, Language language,
                           const std::filesystem::path& path, const std::filesystem::path& called) {
  Workbook book{path, called};
  write_cover(set, language, book);
  for (const auto& area : set.areas) write_area(set, area, language, book);
  book.close();
}

}  // namespace sekimori
