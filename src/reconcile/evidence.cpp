// The rules of a question set run over a model: what the traffic says of each question.

#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/reconcile.h"

#include "coverage.h"
#include "note.h"
#include "rule_run.h"

#include <algorithm>
#include <array>
#include <map>
#include <ranges>
#include <utility>

namespace sekimori {
namespace {

/// Queries of a set run under the authorizer and the step limit, whoever wrote them.
class Restriction {
 public:
  Restriction(Database& model, std::uint64_t steps) : model_(model) { model.restrict(steps); }
  ~Restriction() { model_.lift_restriction(); }
  Restriction(const Restriction&) = delete;
  Restriction& operator=(const Restriction&) = delete;

 private:
  Database& model_;
};

/// Works the set's shared tables out once instead of for each of its rules, and shows its views to
/// all of them. A table that cannot be held stays with the rules, and fails there.
class HeldTables {
 public:
  HeldTables(Database& model, const QuestionSet& set, std::uint64_t steps,
             const ViewsHeld& views_held)
      : model_(model), set_(set), steps_(steps), open_(set.tables) {
    // First what is made of the model and of held tables alone, and of that what asks no view.
    if (views_held) {
      hold_ready(views_of(model));
      views_held();
    }
    for (hold_ready({}); !open_.empty(); hold_ready({})) hold_one(open_.begin());
  }
  HeldTables(const HeldTables&) = delete;
  HeldTables& operator=(const HeldTables&) = delete;
  /// No restriction may be in force.
  ~HeldTables() {
    for (const auto& name : held_) {
      try {
        model_.let_go(name);
      } catch (const Error&) {
        continue;  // it goes with the connection
      }
    }
  }

  /// The set less the tables that are held.
  [[nodiscard]] const QuestionSet& set() const { return set_; }

 private:
  using Tables = decltype(QuestionSet::tables);

  static std::vector<std::string> views_of(Database& model) {
    std::vector<std::string> views;
    auto rows = model.prepare("SELECT name FROM main.sqlite_master WHERE type = 'view'");
    while (rows.step()) views.push_back(rows.text(0));
    return views;
  }

  /// Those of which all tables that they ask are held, one after the other; none that asks for what
  /// is still `awaited`.
  void hold_ready(const std::vector<std::string>& awaited) {
    const auto is_ready = [&](const auto& table) {
      const auto asks = [&](const std::string& name) { return names(table.second, name); };
      return set_.with_tables(table.second) == table.second && std::ranges::none_of(awaited, asks);
    };
    for (auto next = std::ranges::find_if(open_, is_ready); next != open_.end();
         next = std::ranges::find_if(open_, is_ready))
      hold_one(next);
  }

  void hold_one(Tables::iterator table) {
    if (hold(table->first, table->second)) held_.push_back(table->first);
    open_.erase(table);
  }

  bool hold(const std::string& name, const std::string& select) {
    const Restriction restriction{model_, steps_};
    try {
      const auto query = set_.with_tables(select);
      set_.views.contains(name) ? model_.show(name, query) : model_.hold(name, query);
    } catch (const Error&) {
      return false;
    }
    std::erase_if(set_.tables, [&](const auto& table) { return table.first == name; });
    return true;
  }

  Database& model_;
  QuestionSet set_;
  std::uint64_t steps_;
  Tables open_;
  std::vector<std::string> held_;
};

class EvidenceGatherer {
 public:
  EvidenceGatherer(Database& model, const QuestionSet& set, const MergePolicy& policy)
      : model_(model),
        set_(set),
        policy_(policy),
        captures_(read_captures(model)),
        zones_(model),
        given_(given_inputs(model, set)) {
    for (const auto& question : set.questions) {
      if (question.testability == Testability::never) continue;
      for (const auto& rule : question.evidence)
        if (in_hand(rule.needs) && in_hand(rule.uses)) by_query_[rule.query].push_back(&rule);
    }
  }

  /// Of a question of the set.
  QuestionEvidence gather(const Question& question, Answer claimed) {
    found_ = {};
    claimed_ = claimed;
    strong_ = limited_ = supporting_ = too_weak_ = unassumed_ = failed_ = false;
    std::vector<Bilingual> reasons;
    const bool covered = cover(question, reasons);
    for (const auto& need : question.needs)
      if (!given_.contains(need)) found_.lacking.push_back(need);
    for (const auto& rule : question.evidence) {
      const bool bears =
          rule.claims.empty() || std::ranges::find(rule.claims, claimed) != rule.claims.end();
      if (bears && in_hand(rule.needs) && in_hand(rule.uses)) add(question, rule);
    }
    found_.evidence = strong_               ? Evidence::strong
                      : limited_            ? Evidence::limited
                      : supporting_         ? Evidence::supporting
                      : covered && !failed_ ? Evidence::silent
                                            : Evidence::uncovered;
    found_.assumed = strong_ && !unassumed_;
    const bool against = strong_ || limited_;
    if (too_weak_ && !against) found_.notes.push_back(policy_.notes.at("too-weak"));
    if (found_.evidence == Evidence::uncovered)
      found_.notes.insert(found_.notes.end(), reasons.begin(), reasons.end());
    return std::move(found_);
  }

 private:
  [[nodiscard]] Coverage coverage(const Question& question, const std::vector<std::string>& vantage,
                                  std::optional<double> days,
                                  std::vector<Bilingual>& reasons) const {
    const auto least = days ? *days : question.min_days.value_or(policy_.min_days);
    return coverage_of(captures_, vantage, least, policy_, reasons);
  }

  [[nodiscard]] bool in_hand(const std::vector<std::string>& inputs) const {
    return std::ranges::all_of(inputs,
                               [&](const std::string& input) { return given_.contains(input); });
  }

  /// Whether silence means something: each rule against the answer could have fired, and the
  /// captures of its vantage point suffice.
  bool cover(const Question& question, std::vector<Bilingual>& reasons) {
    found_.coverage = coverage(question, question.vantage, std::nullopt, reasons);
    bool any = false;
    for (const auto& rule : question.evidence) {
      if (rule.kind != RuleKind::against || !in_hand(rule.uses)) continue;
      any = true;
      std::vector<Bilingual> missing;
      const auto seen = coverage(question, rule.vantage, rule.min_days, missing);
      if (seen.enough && in_hand(rule.needs) && !subject_seen(model_, set_, rule))
        missing.push_back(policy_.notes.at("subject"));
      if (missing.empty() && in_hand(rule.needs)) continue;
      found_.coverage = seen;
      reasons = std::move(missing);
      return false;
    }
    return any && found_.coverage.enough;
  }

  /// Together with all others that ask the same, of this question or of another.
  RuleResult run(const EvidenceRule& rule) {
    auto known = results_.find(&rule);
    if (known == results_.end()) {
      const auto& rules = by_query_.at(rule.query);
      auto results = run_rules(model_, set_, rules, policy_);
      for (std::size_t i = 0; i < rules.size(); ++i)
        results_.insert_or_assign(rules[i], std::move(results[i]));
      known = results_.find(&rule);
    }
    return std::move(results_.extract(known).mapped());
  }

  void add(const Question& question, const EvidenceRule& rule) {
    auto result = run(rule);
    if (!result.failed.empty()) {
      failed_ = failed_ || rule.kind == RuleKind::against;
      found_.notes.push_back(fill(policy_.notes.at("failed"),
                                  {{"rule", same(rule.id)}, {"why", same(result.failed)}}));
      return;
    }
    std::vector<Bilingual> missing;
    const bool counts =
        !rule.needs_coverage || coverage(question, rule.vantage, rule.min_days, missing).enough;
    if (rule.kind == RuleKind::against) {
      if (counts) add_against(rule, result);
      return;
    }
    if (rule.kind == RuleKind::flag) {
      if (!counts) return;
      result.accepted.add(std::move(result.weak));
      keep(rule, result.accepted, RuleKind::flag);
      return;
    }
    found_.subject_seen = found_.subject_seen || !result.accepted.empty();
    if (counts && result.supporting) supporting_ = true;
    if ((counts && result.supporting) || claimed_ == Answer::not_applicable)
      keep(rule, result.accepted, RuleKind::supports);
  }

  void add_against(const EvidenceRule& rule, const RuleResult& result) {
    const bool counts = result.strong || result.limited;
    strong_ = strong_ || result.strong;
    limited_ = limited_ || result.limited;
    unassumed_ = unassumed_ || (result.strong && !result.assumed);
    keep(rule, result.accepted, counts ? RuleKind::against : RuleKind::flag);
    keep(rule, result.weak, RuleKind::flag);
    too_weak_ = too_weak_ || (!counts && !result.accepted.empty()) || !result.weak.empty();
  }

  void keep(const EvidenceRule& rule, const RuleRows& rows, RuleKind kind) {
    if (rows.empty()) return;
    found_.flag = found_.flag || kind == RuleKind::flag;
    const auto kept = std::min(rows.first.size(), policy_.facts_per_rule);
    for (std::size_t i = 0; i < kept; ++i)
      found_.facts.push_back(fact_of(rule, rows.first[i], kind, zones_));
    if (kept < rows.all)
      found_.notes.push_back(
          fill(policy_.notes.at("more"), {{"count", same(std::to_string(rows.all - kept))}}));
  }

  Database& model_;
  const QuestionSet& set_;
  const MergePolicy& policy_;
  std::vector<CaptureSpan> captures_;
  ZoneWords zones_;
  std::set<std::string> given_;
  std::map<std::string_view, std::vector<const EvidenceRule*>> by_query_;
  std::map<const EvidenceRule*, RuleResult> results_;  ///< of those that nobody asked for yet
  QuestionEvidence found_;
  Answer claimed_ = Answer::unanswered;
  bool strong_ = false, limited_ = false, supporting_ = false, too_weak_ = false;
  bool failed_ = false;     // a rule against it did not run: its silence means nothing
  bool unassumed_ = false;  // some strong rule holds by declared zones alone
};

}  // namespace

std::set<std::string> given_inputs(Database& model, const QuestionSet& set) {
  std::set<std::string> given;
  for (const auto& [input, query] : set.given)
    if (has_row(model, set, input, query)) given.insert(input);
  return given;
}

void check_queries(Database& model, const QuestionSet& set) {
  static_cast<void>(given_inputs(model, set));
  for (const auto& question : set.questions)
    for (const auto& rule : question.evidence) check_rule(model, set, rule);
}

bool asks_for_findings(const QuestionSet& set) {
  const auto names_them = [](const std::string& query) {
    return std::ranges::any_of(
        std::to_array<std::string_view>({"finding", "check_result", "proof"}),
        [&](auto table) { return query.find(table) != std::string::npos; });
  };
  const auto rule_does = [&](const EvidenceRule& rule) {
    return names_them(rule.query) || names_them(rule.seen);
  };
  return std::ranges::any_of(set.given | std::views::values, names_them) ||
         std::ranges::any_of(set.tables | std::views::values, names_them) ||
         std::ranges::any_of(set.questions, [&](const Question& question) {
           return std::ranges::any_of(question.evidence, rule_does);
         });
}

GatheredEvidence gather_evidence(Database& model, const QuestionSet& set, const Answers& answers,
                                 const MergePolicy& policy, const ViewsHeld& views_held) {
  std::vector<Notice> told_by_judge;
  const auto claims = settle_claims(set, answers, told_by_judge);
  const HeldTables held{model, set, policy.query_steps, views_held};
  const Restriction restriction{model, policy.query_steps};
  EvidenceGatherer gatherer{model, held.set(), policy};
  GatheredEvidence evidence;
  const auto& questions = held.set().questions;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& question = questions[i];
    if (question.testability == Testability::never) continue;
    evidence.emplace(question.id, gatherer.gather(question, claims[i].mark.means));
  }
  return evidence;
}

}  // namespace sekimori
