#pragma once

#include "sekimori/reconcile/question_set.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What a plant says to one question.
struct GivenAnswer {
  std::string question;
  Mark mark;
  std::optional<Mark> after;  ///< after a planned improvement
  std::string note, evidence_ref, answered_by, answered_on;
  std::string fix, difficulty, obstacle;  ///< keys of the set's; "": not said
  bool alternate = false;                 ///< another measure counts as a yes: to be reviewed
  std::string where;                      ///< `row 12`, `/answers/3`
};

/// A line whose id the set does not have: kept and reported, never guessed at.
struct UnknownAnswer {
  std::string id, text, note, where;
};

/// Something the reader of a report should know of the answers; its text stands in MergePolicy.
struct Notice {
  std::string code;
  std::map<std::string, std::string> values;  ///< for the text's {placeholders}
};

/// A filled-in questionnaire.
struct Answers {
  std::string file;
  std::map<std::string, std::string> cover;  ///< by CoverField::id
  std::map<std::string, GivenAnswer> given;  ///< by question; blank ones are left out
  std::vector<UnknownAnswer> unknown;
  std::vector<Notice> notices;
};

/// Which of our questions somebody else's sheet means, as a person confirmed it.
struct AnswerMap {
  std::string file;
  std::map<std::string, std::string> by_text;  ///< the question as normal_word has it -> our id
  std::map<std::string, std::string> by_id;    ///< their id likewise, where no text stands by it
};

/// Reads JSON, CSV (UTF-8, UTF-16 with a mark, or CP932), XLSX or XLS, told apart by content; of
/// CSET its exported worksheets, where the set was one of its custom modules. A cell that is not an
/// answer throws Error: `file: row 7, column answer: "maybe" is not an answer ...`; so does a
/// question whose text is another than ours under that number, where no map says what it means.
[[nodiscard]] Answers parse_answers(std::string_view bytes, std::string_view file,
                                    const QuestionSet& set, const AnswerMap* map = nullptr);
[[nodiscard]] Answers load_answers(const std::filesystem::path& path, const QuestionSet& set,
                                   const AnswerMap* map = nullptr);

/// Reads CSV with the columns their_id, question and our_id; a row without our_id means nothing of
/// ours. Throws Error.
[[nodiscard]] AnswerMap parse_answer_map(std::string_view bytes, std::string_view file,
                                         const QuestionSet& set);
[[nodiscard]] AnswerMap load_answer_map(const std::filesystem::path& path, const QuestionSet& set);

/// Such a file for a sheet with a column of questions, to be confirmed by a person: our_id is
/// filled only where the text is ours; what merely reads alike stands under `proposal`, with its
/// likeness. Throws Error.
[[nodiscard]] std::string propose_answer_map(std::string_view bytes, std::string_view file,
                                             const QuestionSet& set);
/// How much two texts have in common: Dice of their pairs of letters, 0 to 1.
[[nodiscard]] double likeness(std::string_view one, std::string_view other);

/// A question's id as people write it (`Q39a`, full-width digits, `No.39-a`, `39.0`), made ours.
/// Nothing where it is no id at all; an id that the set lacks is still an id.
[[nodiscard]] std::optional<std::string> normal_id(std::string_view text, const QuestionSet& set);

/// One answer cell of any table.
struct AnswerCell {
  Mark mark;
  std::optional<Mark> after;
  std::string memo;
  bool alternate = false;
};

/// Reads a cell by the set's own words; `before -> after memo` in one cell too. Nothing where it
/// is not an answer.
[[nodiscard]] std::optional<AnswerCell> read_answer_cell(std::string_view text,
                                                         const QuestionSet& set);

/// Gathers rows of any table (CSV, spreadsheet) into Answers under one set of rules.
class AnswerGatherer {
 public:
  AnswerGatherer(const QuestionSet& set, std::string_view file);

  struct Row {
    std::string id, answer, after, note, evidence_ref, answered_by, answered_on;
    std::string fix, difficulty, obstacle;
    std::string where;         ///< `row 7`
    std::string answer_place;  ///< `row 7, column answer`
    std::string after_place;
  };
  void add(const Row& row);
  void add_cover(const std::string& field, const std::string& value, const std::string& where);
  void notice(Notice notice) { answers_.notices.push_back(std::move(notice)); }
  [[nodiscard]] Answers take();

 private:
  [[nodiscard]] AnswerCell cell(const std::string& text, const std::string& place,
                                const Question& question) const;
  void plan(GivenAnswer& given, const Row& row) const;
  void keep(GivenAnswer given, const Row& row);

  const QuestionSet& set_;
  Answers answers_;
};

}  // namespace sekimori
