// Runs one evidence rule over a model: rows, their strength, and what they add up to.

#include "rule_run.h"

#include "sekimori/bytes/error.h"

#include "note.h"
#include "rule_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace sekimori {
namespace {

/// The result columns of a statement by name.
using Columns = std::map<std::string, int>;

Columns columns_of(const Statement& statement) {
  Columns columns;
  for (int i = 0; i < statement.columns(); ++i) columns.emplace(statement.column_name(i), i);
  return columns;
}

void add_amounts(const Conditions& conditions, std::set<std::string>& names) {
  for (const auto& condition : conditions)
    for (const auto& amount : condition)
      if (!amount.column.empty()) names.insert(amount.column);
}

/// `role_ja` is what the Japanese sentence says for `{role}`.
constexpr std::string_view kInJapanese = "_ja";

std::set<std::string> named_columns(const EvidenceRule& rule) {
  std::set<std::string> names;
  for (auto& name : placeholders(rule.text.en)) names.insert(std::move(name));
  for (const auto* const conditions : {&rule.strong, &rule.limited, &rule.supporting})
    add_amounts(*conditions, names);
  return names;
}

std::set<std::string> needed_columns(const EvidenceRule& rule) {
  auto names = named_columns(rule);
  names.insert({"strength", "flows", "conversation", "capture", "frame"});
  if (rule.kind == RuleKind::against && !rule.declared.empty()) names.insert(rule.declared);
  return names;
}

Statement prepare(Database& model, const QuestionSet& set, const std::string& what,
                  const std::string& query) {
  try {
    return model.prepare(set.with_tables(query));
  } catch (const Error& error) {
    throw Error(set.file, what, error.what());
  }
}

/// False at the end, and where the query fails: `failed` then says why.
bool step(Statement& statement, std::string& failed) {
  try {
    return statement.step();
  } catch (const Error& error) {
    failed = error.what();
    return false;
  }
}

void check_columns(const Columns& columns, const QuestionSet& set, const EvidenceRule& rule) {
  for (const auto& name : needed_columns(rule))
    if (!columns.contains(name))
      throw Error(set.file, rule.id, "the query returns no column \"" + name + '"');
}

std::optional<std::int64_t> whole(const Statement& statement, const Columns& columns,
                                  const std::string& name) {
  const auto found = columns.find(name);
  if (found == columns.end() || statement.is_null(found->second)) return std::nullopt;
  return statement.integer(found->second);
}

/// A column that is summed, or whose values are counted.
using Measured = std::pair<Amount::Measure, std::string>;

std::vector<Measured> measured_columns(const EvidenceRule& rule) {
  std::set<Measured> all;
  for (const auto* const conditions : {&rule.strong, &rule.limited, &rule.supporting})
    for (const auto& condition : *conditions)
      for (const auto& amount : condition)
        if (!amount.column.empty()) all.emplace(amount.measure, amount.column);
  return {all.begin(), all.end()};
}

/// What rows amount to, by measured column where there are such.
struct Tally {
  std::int64_t rows = 0, flows = 0;
  std::map<Measured, std::int64_t> sums;
  std::map<Measured, std::unordered_set<std::string>> distinct;

  void add(const Tally& other) {
    rows += other.rows;
    flows += other.flows;
    for (const auto& [column, sum] : other.sums) sums[column] += sum;
    for (const auto& [column, values] : other.distinct)
      distinct[column].insert(values.begin(), values.end());
  }

  [[nodiscard]] std::int64_t amount(const Amount& of) const {
    switch (of.measure) {
      case Amount::Measure::rows:
        return rows;
      case Amount::Measure::flows:
        return flows;
      case Amount::Measure::sum: {
        const auto found = sums.find({of.measure, of.column});
        return found != sums.end() ? found->second : 0;
      }
      case Amount::Measure::distinct: {
        const auto found = distinct.find({of.measure, of.column});
        return found != distinct.end() ? static_cast<std::int64_t>(found->second.size()) : 0;
      }
    }
    return 0;
  }

  [[nodiscard]] bool holds(const Conditions& conditions) const {
    return std::ranges::any_of(conditions, [&](const Condition& condition) {
      return std::ranges::all_of(condition,
                                 [&](const Amount& each) { return amount(each) >= each.least; });
    });
  }
};

/// Where a row stands among those of its strength: by capture, frame and conversation, unknown ones
/// first.
using Place = std::array<std::optional<std::int64_t>, 3>;

/// The rows of one strength.
struct StrengthRows {
  Tally all, declared;
  std::multimap<Place, RuleRow> first;
};

/// Whether the query says how its rows stand; then they all have one place, and keep their order.
bool has_order(std::string_view query) {
  std::string words;  // in upper case, one blank between them
  for (const char letter : query) {
    if (letter >= 'a' && letter <= 'z')
      words += static_cast<char>(letter - 'a' + 'A');
    else if (std::string_view{" \t\n\r\f"}.find(letter) == std::string_view::npos)
      words += letter;
    else if (!words.ends_with(' '))
      words += ' ';
  }
  return words.find("ORDER BY") != std::string::npos;
}

/// Reads a rule's rows. A plant may have a hundred thousand that say the same: all are counted, but
/// no more are kept than can be told.
class RowReader {
 public:
  RowReader(const Statement& statement, const QuestionSet& set, const EvidenceRule& rule,
            std::size_t most)
      : statement_(statement),
        columns_(columns_of(statement)),
        set_(set),
        rule_(rule),
        most_(most),
        named_(named_columns(rule)),
        strength_(columns_.at("strength")),
        flows_(columns_.at("flows")) {
    if (!has_order(rule.query))
      places_ = {columns_.at("capture"), columns_.at("frame"), columns_.at("conversation")};
    for (const auto& [column, index] : columns_)
      if (column.ends_with(kInJapanese)) named_.insert(column);
    for (auto& column : measured_columns(rule)) {
      const int index = columns_.at(column.second);
      measured_.emplace_back(std::move(column), index);
    }
    const auto declared = columns_.find(rule.declared);
    if (!rule.declared.empty() && declared != columns_.end()) declared_ = declared->second;
  }

  void read() {
    const auto text = statement_.text(strength_);
    const auto strength = parse_strength(text);
    if (!strength)
      throw Error(set_.file, rule_.id, "the strength \"" + text + "\" is not S1 to S3");
    const bool declared = !declared_ || statement_.integer(*declared_) != 0;
    auto& rows = rows_[*strength];
    count(rows.all);
    if (declared) count(rows.declared);
    const auto at = place();
    if (rows.first.size() >= most_) {
      if (rows.first.empty() || at >= std::prev(rows.first.end())->first) return;
      rows.first.erase(std::prev(rows.first.end()));
    }
    rows.first.emplace(at, row(*strength, declared));
  }

  /// The strongest first.
  [[nodiscard]] std::map<Strength, StrengthRows, std::greater<>>& rows() { return rows_; }

 private:
  [[nodiscard]] Place place() const {
    Place place;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (!statement_.is_null(places_[i])) place.at(i) = statement_.integer(places_[i]);
    return place;
  }

  void count(Tally& tally) const {
    ++tally.rows;
    tally.flows += statement_.integer(flows_);
    for (const auto& [column, index] : measured_) {
      if (column.first == Amount::Measure::sum)
        tally.sums[column] += statement_.value(index).as_integer();
      else if (!statement_.is_null(index))
        tally.distinct[column].insert(statement_.value(index).as_text());
    }
  }

  [[nodiscard]] RuleRow row(Strength strength, bool declared) const {
    RuleRow row;
    row.strength = strength;
    row.flows = statement_.integer(flows_);
    row.declared = declared;
    row.conversation = whole(statement_, columns_, "conversation");
    row.capture = whole(statement_, columns_, "capture");
    row.frame = whole(statement_, columns_, "frame");
    row.last_capture = whole(statement_, columns_, "last_capture");
    row.last_frame = whole(statement_, columns_, "last_frame");
    for (const auto& name : named_) row.values.emplace(name, statement_.value(columns_.at(name)));
    return row;
  }

  const Statement& statement_;
  Columns columns_;
  const QuestionSet& set_;
  const EvidenceRule& rule_;
  std::size_t most_;
  std::set<std::string> named_;
  int strength_, flows_;
  std::vector<int> places_;  ///< columns of the place, or none
  std::vector<std::pair<Measured, int>> measured_;
  std::optional<int> declared_;
  std::map<Strength, StrengthRows, std::greater<>> rows_;
};

/// Flows that rows of this strength must show together before they count.
std::int64_t least_flows(Strength strength, const EvidenceRule& rule, const MergePolicy& policy) {
  if (rule.min_flows && strength == rule.min_strength) return *rule.min_flows;
  for (const auto& limit : policy.contradiction)
    if (limit.strength == strength) return limit.flows;
  return 1;
}

/// The rules' query for no more than is read of it, since rows are sorted as wide as they are.
std::string what_counts(Database& model, const QuestionSet& set,
                        std::span<const EvidenceRule* const> rules) {
  const auto& query = rules.front()->query;
  const auto columns = columns_of(prepare(model, set, rules.front()->id, query));
  std::set<std::string> wanted{"last_capture", "last_frame"};
  for (const auto* const rule : rules) {
    check_columns(columns, set, *rule);
    wanted.merge(needed_columns(*rule));
    wanted.insert(rule->declared);
    for (const auto& name : named_columns(*rule)) wanted.insert(name + std::string{kInJapanese});
  }
  if (query.find(';') != std::string::npos) return query;  // no part of another query
  std::string list;
  for (const auto& name : wanted)
    if (columns.contains(name)) list += (list.empty() ? "" : ", ") + ('"' + name + '"');
  return "SELECT " + list + " FROM (" + query + "\n)";  // it may end in a comment
}

RuleResult result_of(std::map<Strength, StrengthRows, std::greater<>>& by_strength,
                     const EvidenceRule& rule, const MergePolicy& policy) {
  RuleResult result;
  Tally accepted;
  Tally declared;
  for (auto& [strength, rows] : by_strength) {
    const bool enough =
        strength >= rule.min_strength && rows.all.flows >= least_flows(strength, rule, policy);
    if (enough) {
      accepted.add(rows.all);
      declared.add(rows.declared);
    }
    RuleRows told;
    told.all = static_cast<std::size_t>(rows.all.rows);
    for (auto& [place, row] : rows.first) told.first.push_back(std::move(row));
    (enough ? result.accepted : result.weak).add(std::move(told));
  }
  result.strong = accepted.holds(rule.strong);
  result.limited = accepted.holds(rule.limited);
  result.supporting = accepted.holds(rule.supporting);
  result.assumed = result.strong && !declared.holds(rule.strong);
  return result;
}

}  // namespace

void check_rule(Database& model, const QuestionSet& set, const EvidenceRule& rule) {
  check_columns(columns_of(prepare(model, set, rule.id, rule.query)), set, rule);
  if (!rule.seen.empty()) prepare(model, set, rule.id, rule.seen);
}

void RuleRows::add(RuleRows others) {
  all += others.all;
  std::ranges::move(others.first, std::back_inserter(first));
}

std::vector<RuleResult> run_rules(Database& model, const QuestionSet& set,
                                  std::span<const EvidenceRule* const> rules,
                                  const MergePolicy& policy) {
  auto statement = prepare(model, set, rules.front()->id, what_counts(model, set, rules));
  std::vector<RowReader> readers;
  readers.reserve(rules.size());
  for (const auto* const rule : rules)
    readers.emplace_back(statement, set, *rule, policy.facts_per_rule);
  std::string failed;
  while (step(statement, failed))
    for (auto& reader : readers) reader.read();
  std::vector<RuleResult> results(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (failed.empty())
      results[i] = result_of(readers[i].rows(), *rules[i], policy);
    else
      results[i].failed = failed;
  }
  return results;
}

bool has_row(Database& model, const QuestionSet& set, const std::string& what,
             const std::string& query) {
  auto statement = prepare(model, set, what, query);
  std::string failed;
  return step(statement, failed);
}

bool subject_seen(Database& model, const QuestionSet& set, const EvidenceRule& rule) {
  return rule.seen.empty() || has_row(model, set, rule.id, rule.seen);
}

EvidenceFact fact_of(const EvidenceRule& rule, const RuleRow& row, RuleKind kind,
                     const ZoneWords& zones) {
  NoteValues values;
  for (const auto& [name, value] : row.values) {
    auto said = zones.say(name, value.as_text());
    const auto own = row.values.find(name + std::string{kInJapanese});
    if (own != row.values.end()) said.ja = own->second.as_text();
    values.emplace(name, std::move(said));
  }
  EvidenceFact fact;
  fact.rule = rule.id;
  fact.kind = kind;
  fact.strength = row.strength;
  fact.flows = row.flows;
  fact.text = fill(rule.text, values);
  fact.conversation = row.conversation;
  fact.capture = row.capture;
  fact.frame = row.frame;
  fact.last_capture = row.last_capture;
  fact.last_frame = row.last_frame;
  return fact;
}

}  // namespace sekimori
