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

/// A column that is summed, or whose values are counted, and the most that is asked of it.
struct Measured {
  Amount::Measure measure = Amount::Measure::sum;
  std::string column;
  std::int64_t most = 0;
};

std::vector<Measured> measured_columns(const EvidenceRule& rule) {
  std::map<std::pair<Amount::Measure, std::string>, std::int64_t> all;
  for (const auto* const conditions : {&rule.strong, &rule.limited, &rule.supporting}) {
    for (const auto& condition : *conditions) {
      for (const auto& amount : condition) {
        if (amount.column.empty()) continue;
        auto& most = all[{amount.measure, amount.column}];
        most = std::max(most, amount.least);
      }
    }
  }
  std::vector<Measured> measured;
  for (const auto& [column, most] : all) measured.push_back({column.first, column.second, most});
  return measured;
}

/// What rows amount to.
struct Tally {
  explicit Tally(const std::vector<Measured>& measured)
      : columns(&measured), sums(measured.size()), distinct(measured.size()) {}

  const std::vector<Measured>* columns;
  std::int64_t rows = 0, flows = 0;
  std::vector<std::int64_t> sums;               ///< by measured column
  std::vector<std::set<std::string>> distinct;  ///< likewise; no more than are asked

  /// Whether one value more may matter.
  [[nodiscard]] bool wants(std::size_t column) const {
    return static_cast<std::int64_t>(distinct[column].size()) < (*columns)[column].most;
  }

  void add(const Tally& other) {
    rows += other.rows;
    flows += other.flows;
    for (std::size_t i = 0; i < columns->size(); ++i) {
      sums[i] += other.sums[i];
      distinct[i].insert(other.distinct[i].begin(), other.distinct[i].end());
    }
  }

  [[nodiscard]] std::int64_t amount(const Amount& of) const {
    if (of.measure == Amount::Measure::rows) return rows;
    if (of.measure == Amount::Measure::flows) return flows;
    for (std::size_t i = 0; i < columns->size(); ++i) {
      const auto& [measure, column, most] = (*columns)[i];
      if (measure != of.measure || column != of.column) continue;
      return measure == Amount::Measure::sum ? sums[i]
                                             : static_cast<std::int64_t>(distinct[i].size());
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
  explicit StrengthRows(const std::vector<Measured>& measured)
      : all(measured), declared(measured) {}

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
        measured_(measured_columns(rule)),
        named_(named_columns(rule)),
        strength_(columns_.at("strength")),
        flows_(columns_.at("flows")) {
    if (!has_order(rule.query))
      places_ = {columns_.at("capture"), columns_.at("frame"), columns_.at("conversation")};
    for (const auto& [column, index] : columns_)
      if (column.ends_with(kInJapanese)) named_.insert(column);
    for (const auto& column : measured_) measured_at_.push_back(columns_.at(column.column));
    const auto declared = columns_.find(rule.declared);
    if (!rule.declared.empty() && declared != columns_.end()) declared_ = declared->second;
  }

  void read() {
    const auto text = statement_.text(strength_);
    const auto strength = parse_strength(text);
    if (!strength)
      throw Error(set_.file, rule_.id, "the strength \"" + text + "\" is not S1 to S3");
    const bool declared = !declared_ || statement_.integer(*declared_) != 0;
    auto& rows = rows_.try_emplace(*strength, measured_).first->second;
    count(rows.all);
    if (declared) count(rows.declared);
    const auto at = place();
    if (rows.first.size() >= most_) {
      if (rows.first.empty() || at >= std::prev(rows.first.end())->first) return;
      rows.first.erase(std::prev(rows.first.end()));
    }
    rows.first.emplace(at, row(*strength, declared));
  }

  [[nodiscard]] const std::vector<Measured>& measured() const { return measured_; }
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
    for (std::size_t i = 0; i < measured_.size(); ++i) {
      const int index = measured_at_[i];
      if (measured_[i].measure == Amount::Measure::sum)
        tally.sums[i] += statement_.value(index).as_integer();
      else if (tally.wants(i) && !statement_.is_null(index))
        tally.distinct[i].insert(statement_.value(index).as_text());
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
  std::vector<Measured> measured_;
  std::vector<int> measured_at_;  ///< the column of each
  std::set<std::string> named_;
  int strength_, flows_;
  std::vector<int> places_;  ///< columns of the place, or none
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

RuleResult result_of(RowReader& reader, const EvidenceRule& rule, const MergePolicy& policy) {
  RuleResult result;
  Tally accepted{reader.measured()};
  Tally declared{reader.measured()};
  for (auto& [strength, rows] : reader.rows()) {
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
      results[i] = result_of(readers[i], *rules[i], policy);
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
