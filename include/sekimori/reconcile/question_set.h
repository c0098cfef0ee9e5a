#pragma once

#include "sekimori/bytes/bilingual.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What an answer amounts to, whatever scale it was given on.
enum class Answer : std::uint8_t { unanswered, no, partial, yes, not_applicable };
inline constexpr std::size_t kAnswerCount = 5;

/// `yes`, `partial`, `no`, `na`; "" for unanswered.
[[nodiscard]] std::string_view to_text(Answer answer) noexcept;
[[nodiscard]] std::optional<Answer> parse_answer(std::string_view text) noexcept;

/// One value of a set's scale.
struct Choice {
  std::string id;
  Answer means = Answer::unanswered;
  double value = 0;  ///< share of the question's weight
  Bilingual title;
  std::vector<std::string> words;  ///< as people write it; compared after normalisation
};

/// The answers that a set knows, best first.
struct Scale {
  std::vector<Choice> choices;
  Bilingual not_applicable, unanswered, alternate;
  std::vector<std::string> not_applicable_words, unanswered_words, alternate_words;
  std::size_t alternate_choice = 0;  ///< what an alternate measure counts as
};

/// An answer as given: a choice of the scale, or none.
struct Mark {
  static constexpr std::size_t kNoChoice = SIZE_MAX;

  Answer means = Answer::unanswered;
  std::size_t choice = kNoChoice;  ///< index into Scale::choices

  friend constexpr bool operator==(const Mark&, const Mark&) = default;
};

enum class Testability : std::uint8_t { testable, partly, never };
inline constexpr std::size_t kTestabilityCount = 3;

/// `T`, `P`, `N`.
[[nodiscard]] std::string_view to_text(Testability testability) noexcept;

enum class Strength : std::uint8_t { s1, s2, s3 };
[[nodiscard]] std::string_view to_text(Strength strength) noexcept;
[[nodiscard]] std::optional<Strength> parse_strength(std::string_view text) noexcept;

enum class RuleKind : std::uint8_t { against, supports, flag };
/// `against`, `for`, `flag`.
[[nodiscard]] std::string_view to_text(RuleKind kind) noexcept;

/// A least amount of something that a rule's rows are counted by.
struct Amount {
  enum class Measure : std::uint8_t { rows, flows, distinct, sum };
  Measure measure = Measure::rows;
  std::string column;  ///< of `distinct` and `sum`
  std::int64_t least = 1;
};
/// Amounts that must all be reached.
using Condition = std::vector<Amount>;
/// Conditions of which one must hold.
using Conditions = std::vector<Condition>;

/// How traffic bears on a question: a query over the model whose rows are pieces of evidence.
struct EvidenceRule {
  std::string id;
  RuleKind kind = RuleKind::against;
  std::vector<std::string> vantage;  ///< any of these letters will do; `any`
  Strength min_strength = Strength::s2;
  std::optional<std::int64_t> min_flows;  ///< for rows of min_strength; else the policy's
  std::optional<double> min_days;         ///< else the question's, else the policy's
  bool needs_coverage = false;        ///< the rule says "all" or "none", so silence is part of it
  std::vector<std::string> needs;     ///< inputs without which it cannot run, and silence is unseen
  std::vector<std::string> uses;      ///< inputs without which it does not run, and nothing follows
  std::vector<Answer> claims;         ///< the claims it bears on; empty: all
  std::string declared = "declared";  ///< column: both zones are declared; "": no zone matters
  std::string query;
  std::string seen;  ///< returns a row where the rule could have fired; "": always
  Conditions strong, limited, supporting;
  Bilingual text;  ///< {column} stands for a column of the query
  std::vector<std::string> refs;
};

struct FollowUp {
  std::string of;                  ///< the parent question
  std::vector<Answer> asked_when;  ///< the parent's answers that call for it
};

struct Question {
  std::string id, area;
  double weight = 0;
  std::vector<std::size_t> choices;  ///< indexes into Scale::choices, best first
  Bilingual text, yes_when;
  Testability testability = Testability::never;
  std::string fix_type, fix_difficulty;
  std::vector<std::string> basis, vantage, refs, needs;
  int captures = 1;  ///< how many captures, apart in time, a test takes
  std::optional<double> min_days;
  bool one_step = false;  ///< evidence may lower it by one step only
  std::optional<FollowUp> follow_up;
  std::vector<EvidenceRule> evidence;
};

struct Area {
  std::string id;
  Bilingual title;
  std::int64_t most = 0;               ///< units
  std::vector<std::size_t> questions;  ///< indexes into QuestionSet::questions
};

struct CoverField {
  std::string id;
  Bilingual title;
  std::vector<std::string> values;  ///< empty: any text
};

/// How a table of answers names one of its columns.
struct ColumnNames {
  std::string id;                  ///< question_id, question, answer, answer_after, note, ...
  std::vector<std::string> words;  ///< compared after normalisation
};

/// Lines and units of the questions of one testability.
struct Share {
  std::size_t lines = 0;
  std::int64_t units = 0;
};

/// A self-assessment as data. Scores are counted in whole units (`unit` points each), so that no
/// sum depends on rounding.
struct QuestionSet {
  std::string file, id;
  std::int64_t revision = 0;
  Bilingual title, source;
  std::vector<CoverField> cover;
  std::vector<ColumnNames> columns;
  std::vector<std::string> id_prefixes;  ///< longest first
  Scale scale;
  double unit = 1;  ///< points
  std::map<std::string, Bilingual> testability_titles, fix_types, difficulties, obstacles, inputs;
  std::vector<std::string> easy_fixes;  ///< of fix_types: what costs little
  /// By input: a query that returns a row where it is in hand. Without one it never is.
  std::map<std::string, std::string> given;
  std::vector<std::pair<std::string, std::string>> tables;  ///< shared by the queries, in order
  std::set<std::string> views;  ///< those of `tables` that pick rows and are not worked out ahead
  std::vector<Area> areas;
  std::vector<Question> questions;  ///< in the set's order
  std::array<Share, kTestabilityCount> testability{};

  [[nodiscard]] const Question* find(std::string_view question) const;
  [[nodiscard]] std::int64_t units(const Question& question, const Mark& mark) const;
  [[nodiscard]] std::int64_t most_units(const Question& question) const;
  [[nodiscard]] std::int64_t most_units() const;  ///< of the whole set
  [[nodiscard]] double points(std::int64_t units) const {
    return static_cast<double>(units) * unit;
  }
  /// The id of the choice, `na`, or "".
  [[nodiscard]] std::string text(const Mark& mark) const;
  [[nodiscard]] const Bilingual& title_of(const Mark& mark) const;
  /// Questions that have no parent: those that the set counts by number.
  [[nodiscard]] std::size_t numbered() const;
  /// A query with the shared tables before it.
  [[nodiscard]] std::string with_tables(std::string_view query) const;
};

/// Whether SQL says `name` as a word of its own.
[[nodiscard]] bool names(std::string_view sql, std::string_view name);

/// Reads and checks a set: every key, every reference, every sum. Throws Error that names the file
/// and the place in it.
[[nodiscard]] QuestionSet parse_question_set(std::string_view json, std::string_view file);
[[nodiscard]] QuestionSet load_question_set(const std::filesystem::path& path);

/// A set that the program carries, by its id: `ssat`. Throws Error that names those it has.
[[nodiscard]] QuestionSet built_in_question_set(std::string_view id);
[[nodiscard]] std::vector<std::string> built_in_question_sets();

}  // namespace sekimori
