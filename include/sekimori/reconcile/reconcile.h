#pragma once

#include "sekimori/model/database.h"
#include "sekimori/reconcile/answers.h"
#include "sekimori/reconcile/merge_policy.h"
#include "sekimori/reconcile/question_set.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sekimori {

/// A piece of evidence and the frames that prove it.
struct EvidenceFact {
  std::string rule;
  RuleKind kind = RuleKind::flag;  ///< `flag` too where a row of another rule was too weak
  Strength strength = Strength::s1;
  std::int64_t flows = 0;
  Bilingual text;
  std::optional<std::int64_t> conversation, capture, frame, last_capture, last_frame;
};

/// How well the captures of a vantage point cover a question (merge-rules 5.3).
struct Coverage {
  bool vantage_ok = false;
  bool weekend = false;
  double days = 0;                        ///< of observation, overlaps counted once
  std::optional<double> both_directions;  ///< share of TCP flows with payload; unset: no such flow
  double loss = 0;
  bool enough = false;
};

/// What was found for one question.
struct QuestionEvidence {
  Evidence evidence = Evidence::uncovered;
  /// Supporting for a claim of "not applicable": rows that prove the subject exists.
  bool subject_seen = false;
  bool assumed = false;  ///< rests on zones that nobody declared: one step at most
  bool flag = false;
  Coverage coverage;
  std::vector<EvidenceFact> facts;
  std::vector<Bilingual> notes;
  std::vector<std::string> lacking;  ///< inputs that the question needs and nobody handed over
};

struct Verdict {
  std::string question;
  std::string area;
  std::int64_t weight = 0;  ///< units
  Mark claimed, adjusted, after;
  Answer suggested = Answer::unanswered;
  Evidence evidence = Evidence::none;
  VerdictCode code = VerdictCode::none;
  bool flag = false;
  bool automatic = false;  ///< a follow-up that was not asked: it inherits its parent's answer
  bool alternate = false;
  std::string memo;
  std::string fix, difficulty, obstacle;  ///< of the improvement, as told; "": not told
  Coverage coverage;
  std::vector<EvidenceFact> facts;
  Bilingual note;
};

/// Sums in units; a question that does not apply is in neither sum nor maximum.
struct Score {
  std::int64_t most = 0;  ///< as claimed
  std::int64_t claimed = 0;
  std::int64_t adjusted_most = 0;
  std::int64_t adjusted = 0;
  std::int64_t after_most = 0;
  std::int64_t after = 0;  ///< what-if: the planned improvements made, by claim alone
  std::int64_t yes_weight = 0;
  std::int64_t verified = 0;  ///< of yes_weight: corroborated
  std::size_t lines = 0, numbered = 0;
  std::size_t yes = 0, after_yes = 0;  ///< of the numbered questions

  [[nodiscard]] std::optional<double> claimed_percent() const;
  [[nodiscard]] std::optional<double> adjusted_percent() const;
  [[nodiscard]] std::optional<double> after_percent() const;
  [[nodiscard]] std::optional<double> verified_percent() const;
};

struct AreaScore {
  std::string area;
  Score score;
  std::string rating;  ///< id of a step; "" where nothing in the area applies
};

struct Reconciliation {
  std::vector<Verdict> verdicts;  ///< in the set's order
  std::vector<AreaScore> areas;
  Score total;
  std::string rating, claimed_rating;
  std::vector<Bilingual> warnings;
};

/// Claim and evidence in one cell of the policy's table.
struct Judgement {
  Mark adjusted;
  VerdictCode code = VerdictCode::none;
  Answer suggested = Answer::unanswered;
  Evidence evidence = Evidence::none;  ///< as applied, after caps
  bool flag = false;
  bool capped = false;      ///< one step was all that was allowed
  bool two_valued = false;  ///< limited evidence against a yes/no line: a flag only
};

/// The merge of one question, from a claim and given evidence.
[[nodiscard]] Judgement apply(const Mark& claimed, Evidence evidence, bool one_step,
                              const Question& question, const QuestionSet& set,
                              const MergePolicy& policy);

/// Claims after follow-ups have inherited: one for each question, in the set's order.
struct Claim {
  Mark mark, after;
  bool automatic = false;
  bool alternate = false;
  std::string memo, fix, difficulty, obstacle;
};
[[nodiscard]] std::vector<Claim> settle_claims(const QuestionSet& set, const Answers& answers,
                                               std::vector<Notice>& notices);

/// The whole merge from given evidence; a question without an entry is not covered.
[[nodiscard]] Reconciliation judge(const QuestionSet& set, const Answers& answers,
                                   const MergePolicy& policy,
                                   const std::map<std::string, QuestionEvidence>& evidence);

/// One line of the plan: what a better answer to a question would bring, and at what effort.
struct PlannedFix {
  std::string question;
  Mark target;            ///< the answer told for after the improvement, else the best
  std::int64_t gain = 0;  ///< units, beside the adjusted answer
  std::string fix, difficulty, obstacle;  ///< as told, else the set's own; no obstacle: ""
  double per_effort = 0;                  ///< points
  bool planned = false;                   ///< somebody told an answer for after it
  bool easy = false;                      ///< one of the set's easy kinds, at the least difficulty
  /// The traffic speaks against the better answer: it must change first, and be looked at again.
  bool contradicted = false;
};

/// All that would bring points: the most points per effort first, equal ones in the set's order.
[[nodiscard]] std::vector<PlannedFix> plan_of(const QuestionSet& set, const Reconciliation& result,
                                              const MergePolicy& policy);

/// What the traffic says of each question, by its id.
using GatheredEvidence = std::map<std::string, QuestionEvidence>;

/// Waits for, and shows, what is held of the model's views, where that is still being made.
using ViewsHeld = std::function<void()>;

/// Runs the set's rules over a model. Reads only. What asks none of the model's views is asked
/// before `views_held` is called.
[[nodiscard]] GatheredEvidence gather_evidence(Database& model, const QuestionSet& set,
                                               const Answers& answers, const MergePolicy& policy,
                                               const ViewsHeld& views_held = {});

/// Whether a rule may ask what the checks found, which then come first.
[[nodiscard]] bool asks_for_findings(const QuestionSet& set);

/// Which of the set's inputs are in hand.
[[nodiscard]] std::set<std::string> given_inputs(Database& model, const QuestionSet& set);

/// Prepares every query against the model's schema. Throws Error that names set and rule.
void check_queries(Database& model, const QuestionSet& set);

/// Judges by the evidence, and writes `verdict` and `verdict_fact` of a system of the site.
Reconciliation reconcile(Database& model, const QuestionSet& set, const Answers& answers,
                         const MergePolicy& policy, const GatheredEvidence& evidence,
                         std::int64_t system = 1);

/// Gathers before.
Reconciliation reconcile(Database& model, const QuestionSet& set, const Answers& answers,
                         const MergePolicy& policy, std::int64_t system = 1);

}  // namespace sekimori
