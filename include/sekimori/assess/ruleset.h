#pragma once

#include "sekimori/bytes/bilingual.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

enum class Severity : std::uint8_t { info, low, medium, high, critical };

[[nodiscard]] std::string_view to_text(Severity severity) noexcept;

/// What the captures must be like before silence means `met`. Thresholds are shares of one.
struct Needs {
  double days = 0;
  double both_directions = 0;        ///< least share of TCP flows seen in both directions
  double loss = 1;                   ///< most
  std::vector<std::string> vantage;  ///< one of these letters (B C D F R M W); empty: any
};

/// The captures on which a check answers thus; a test runs them all.
struct ProofCaptures {
  std::vector<std::string> violated, met, unseen;
};

/// A rule as data. The title states the good state, so that `met` and `violated` both read well.
struct Check {
  std::string id;  ///< `SEG-01`; never used again for something else
  Bilingual title, why, remedy, finding;
  Severity severity = Severity::info;
  std::string violated;  ///< SQL: a row for each finding
  std::string seen;      ///< SQL: a row if the check could have seen a violation
  Needs needs;
  std::vector<std::string> maps_to;  ///< `SSAT 18`, `IEC 62443-3-3 SR 5.2`, ...
  ProofCaptures proof;
};

/// A file of checks.
struct Ruleset {
  std::string name;
  std::string file;  ///< as errors call it
  Bilingual title;
  std::int64_t revision = 0;
  /// For the values of a column, what the sentences say instead: column, value, words.
  std::map<std::string, std::map<std::string, Bilingual>> words;
  std::vector<Check> checks;
};

/// A ruleset's text, its form checked to the last key but its SQL not yet prepared.
/// Throws Error: `file: /checks/3/violated: what`.
[[nodiscard]] Ruleset parse_ruleset(std::string_view text, std::string_view file);

/// The checks that are in force, by the order of their ids.
class Rules {
 public:
  /// Those that are part of the program.
  static Rules builtin();

  /// Adds rulesets; all is well with each of them, or Error is thrown: SQL that does not prepare
  /// against the schema, a placeholder that is no column, an id that is taken.
  void add(Ruleset ruleset);
  void add(const std::filesystem::path& file_or_folder);

  [[nodiscard]] const std::vector<Ruleset>& rulesets() const { return rulesets_; }

  struct Entry {
    const Ruleset* ruleset;
    const Check* check;
  };
  [[nodiscard]] std::vector<Entry> entries() const;
  /// Null where there is no such check.
  [[nodiscard]] const Check* find(std::string_view id) const;
  /// find(), or Error with the nearest id.
  [[nodiscard]] const Check& at(std::string_view id) const;

 private:
  std::vector<Ruleset> rulesets_;
};

/// `{client} wrote to {server}` in pieces: text and column names by turns, text first.
/// Throws std::invalid_argument with the reason where a brace is out of place.
[[nodiscard]] std::vector<std::string> split_template(std::string_view text);

}  // namespace sekimori
