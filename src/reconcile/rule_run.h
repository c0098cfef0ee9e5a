#pragma once

#include "sekimori/assess/zone_words.h"
#include "sekimori/model/database.h"
#include "sekimori/reconcile/merge_policy.h"
#include "sekimori/reconcile/reconcile.h"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sekimori {

/// One row of a rule's query.
struct RuleRow {
  Strength strength = Strength::s1;
  std::int64_t flows = 0;
  bool declared = true;
  std::optional<std::int64_t> conversation, capture, frame, last_capture, last_frame;
  std::map<std::string, Value> values;  ///< of the columns that the rule names, and their `_ja`
};

/// Rows of which the first are told, the strongest before the others.
struct RuleRows {
  std::vector<RuleRow> first;
  std::size_t all = 0;

  [[nodiscard]] bool empty() const { return all == 0; }
  /// Behind these.
  void add(RuleRows others);
};

/// What a rule's rows amount to.
struct RuleResult {
  RuleRows accepted;  ///< strong enough, and of enough flows
  RuleRows weak;
  bool strong = false, limited = false, supporting = false;
  bool assumed = false;  ///< strong only by rows of undeclared zones
  std::string failed;    ///< why it could not be run to its end: nothing follows from it then
};

/// Prepares the rule's statements and checks that they return the columns that the rule names.
/// Throws Error that names set and rule.
void check_rule(Database& model, const QuestionSet& set, const EvidenceRule& rule);

/// Runs rules that ask the same query: it is read once. A query that fails while it runs (too many
/// steps, say) is a result; one that does not fit the schema, or returns what no rule may, throws
/// Error.
[[nodiscard]] std::vector<RuleResult> run_rules(Database& model, const QuestionSet& set,
                                                std::span<const EvidenceRule* const> rules,
                                                const MergePolicy& policy);

/// Whether a query returns a row; false where it fails while it runs. `what` names it in an Error.
[[nodiscard]] bool has_row(Database& model, const QuestionSet& set, const std::string& what,
                           const std::string& query);

/// Whether the rule could have fired at all; false where that could not be found out.
[[nodiscard]] bool subject_seen(Database& model, const QuestionSet& set, const EvidenceRule& rule);

[[nodiscard]] EvidenceFact fact_of(const EvidenceRule& rule, const RuleRow& row, RuleKind kind,
                                   const ZoneWords& zones);

}  // namespace sekimori
