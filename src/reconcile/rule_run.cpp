// Runs one evidence rule over a model: rows, their strength, and what they add up to.

#include "rule_run.h"

#include "sekimori/bytes/error.h"

#include "note.h"
#include "rule_reader.h"

#include <algorithm>
#include <set>

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

RuleRow row_of(const Statement& statement, const Columns& columns,
               const std::set<std::string>& named, const QuestionSet& set,
               const EvidenceRule& rule) {
  RuleRow row;
  const auto strength = statement.text(columns.at("strength"));
  const auto parsed = parse_strength(strength);
  if (!parsed) throw Error(set.file, rule.id, "the strength \"" + strength + "\" is not S1 to S3");
  row.strength = *parsed;
  row.flows = statement.integer(columns.at("flows"));
  if (!rule.declared.empty() && columns.contains(rule.declared))
    row.declared = statement.integer(columns.at(rule.declared)) != 0;
  row.conversation = whole(statement, columns, "conversation");
  row.capture = whole(statement, columns, "capture");
  row.frame = whole(statement, columns, "frame");
  row.last_capture = whole(statement, columns, "last_capture");
  row.last_frame = whole(statement, columns, "last_frame");
  for (const auto& name : named) row.values.emplace(name, statement.value(columns.at(name)));
  return row;
}

/// Flows that rows of this strength must show together before they count.
std::int64_t least_flows(Strength strength, const EvidenceRule& rule, const MergePolicy& policy) {
  if (rule.min_flows && strength == rule.min_strength) return *rule.min_flows;
  for (const auto& limit : policy.contradiction)
    if (limit.strength == strength) return limit.flows;
  return 1;
}

void sort_out(std::vector<RuleRow> rows, const EvidenceRule& rule, const MergePolicy& policy,
              RuleResult& result) {
  std::map<Strength, std::int64_t> flows;
  for (const auto& row : rows) flows[row.strength] += row.flows;
  std::ranges::stable_sort(rows, std::greater{}, &RuleRow::strength);
  for (auto& row : rows) {
    const bool enough = row.strength >= rule.min_strength &&
                        flows[row.strength] >= least_flows(row.strength, rule, policy);
    (enough ? result.accepted : result.weak).push_back(std::move(row));
  }
}

enum class Rows { all, declared };

std::int64_t amount_of(const Amount& amount, const std::vector<RuleRow>& rows, Rows which) {
  std::int64_t count = 0;
  std::set<std::string> distinct;
  for (const auto& row : rows) {
    if (which == Rows::declared && !row.declared) continue;
    switch (amount.measure) {
      case Amount::Measure::rows:
        ++count;
        break;
      case Amount::Measure::flows:
        count += row.flows;
        break;
      case Amount::Measure::sum:
        count += row.values.at(amount.column).as_integer();
        break;
      case Amount::Measure::distinct:
        if (!row.values.at(amount.column).is_null())
          distinct.insert(row.values.at(amount.column).as_text());
        break;
    }
  }
  return count + static_cast<std::int64_t>(distinct.size());
}

bool holds(const Conditions& conditions, const std::vector<RuleRow>& rows, Rows which) {
  return std::ranges::any_of(conditions, [&](const Condition& condition) {
    return std::ranges::all_of(condition, [&](const Amount& amount) {
      return amount_of(amount, rows, which) >= amount.least;
    });
  });
}

/// The query for no more than is read of it, since its rows are sorted as wide as they are.
std::string what_counts(Database& model, const QuestionSet& set, const EvidenceRule& rule) {
  const auto columns = columns_of(prepare(model, set, rule.id, rule.query));
  check_columns(columns, set, rule);
  if (rule.query.find(';') != std::string::npos) return rule.query;  // no part of another query
  auto wanted = needed_columns(rule);
  wanted.insert({"last_capture", "last_frame", rule.declared});
  for (const auto& name : named_columns(rule)) wanted.insert(name + std::string{kInJapanese});
  std::string list;
  for (const auto& name : wanted)
    if (columns.contains(name)) list += (list.empty() ? "" : ", ") + ('"' + name + '"');
  return "SELECT " + list + " FROM (" + rule.query + "\n)";  // it may end in a comment
}

}  // namespace

void check_rule(Database& model, const QuestionSet& set, const EvidenceRule& rule) {
  check_columns(columns_of(prepare(model, set, rule.id, rule.query)), set, rule);
  if (!rule.seen.empty()) prepare(model, set, rule.id, rule.seen);
}

RuleResult run_rule(Database& model, const QuestionSet& set, const EvidenceRule& rule,
                    const MergePolicy& policy) {
  auto named = named_columns(rule);
  auto statement = prepare(model, set, rule.id, what_counts(model, set, rule));
  const auto columns = columns_of(statement);
  for (const auto& [column, index] : columns)
    if (column.ends_with(kInJapanese)) named.insert(column);
  RuleResult result;
  std::vector<RuleRow> rows;
  while (step(statement, result.failed))
    rows.push_back(row_of(statement, columns, named, set, rule));
  if (!result.failed.empty()) return result;
  sort_out(std::move(rows), rule, policy, result);
  result.strong = holds(rule.strong, result.accepted, Rows::all);
  result.limited = holds(rule.limited, result.accepted, Rows::all);
  result.supporting = holds(rule.supporting, result.accepted, Rows::all);
  result.assumed = result.strong && !holds(rule.strong, result.accepted, Rows::declared);
  return result;
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
