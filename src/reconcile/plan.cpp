// What to do next: points that a better answer brings, over the effort that it takes.

#include "sekimori/reconcile/reconcile.h"

#include <algorithm>

namespace sekimori {
namespace {

Mark best_of(const Question& question, const QuestionSet& set) {
  Mark best;
  for (const auto index : question.choices) {
    const Mark mark{set.scale.choices[index].means, index};
    if (best.choice == Mark::kNoChoice || set.units(question, mark) > set.units(question, best))
      best = mark;
  }
  return best;
}

double effort_of(const std::string& difficulty, const MergePolicy& policy) {
  const auto found = policy.effort.find(difficulty);
  return found == policy.effort.end() ? 1 : found->second;
}

/// The least effort of those that the set knows.
bool is_least(const std::string& difficulty, const QuestionSet& set, const MergePolicy& policy) {
  return std::ranges::none_of(set.difficulties, [&](const auto& other) {
    return effort_of(other.first, policy) < effort_of(difficulty, policy);
  });
}

bool inherits(const Question& question, const Mark& parent) {
  const auto& asked = question.follow_up->asked_when;
  return std::ranges::find(asked, parent.means) == asked.end();
}

const Verdict& verdict_of(const Reconciliation& result, const std::string& question) {
  return *std::ranges::find(result.verdicts, question, &Verdict::question);
}

/// Whether a follow-up gets its answer from what is planned for its parent.
bool comes_with_parent(const Question& question, const Reconciliation& result) {
  if (!question.follow_up) return false;
  const auto& parent = verdict_of(result, question.follow_up->of);
  return parent.after != parent.claimed && inherits(question, parent.after);
}

/// What follow-ups gain along with the planned answer of their parent.
std::int64_t brought_along(const Question& parent, const Mark& target, const QuestionSet& set,
                           const Reconciliation& result) {
  std::int64_t gain = 0;
  for (const auto& question : set.questions) {
    if (!question.follow_up || question.follow_up->of != parent.id || !inherits(question, target))
      continue;
    gain +=
        set.units(question, target) - set.units(question, verdict_of(result, question.id).adjusted);
  }
  return gain;
}

}  // namespace

std::vector<PlannedFix> plan_of(const QuestionSet& set, const Reconciliation& result,
                                const MergePolicy& policy) {
  std::vector<PlannedFix> plan;
  for (const auto& verdict : result.verdicts) {
    if (verdict.automatic || verdict.adjusted.means == Answer::not_applicable) continue;
    const auto& question = *set.find(verdict.question);
    if (comes_with_parent(question, result)) continue;
    PlannedFix fix;
    fix.question = question.id;
    fix.planned = verdict.after != verdict.claimed;
    fix.target = fix.planned ? verdict.after : best_of(question, set);
    fix.gain = set.units(question, fix.target) - set.units(question, verdict.adjusted);
    if (fix.planned) fix.gain += brought_along(question, fix.target, set, result);
    if (fix.gain <= 0) continue;
    fix.fix = verdict.fix.empty() ? question.fix_type : verdict.fix;
    fix.difficulty = verdict.difficulty.empty() ? question.fix_difficulty : verdict.difficulty;
    fix.obstacle = verdict.obstacle;
    fix.easy = std::ranges::find(set.easy_fixes, fix.fix) != set.easy_fixes.end() &&
               is_least(fix.difficulty, set, policy);
    fix.per_effort = set.points(fix.gain) / effort_of(fix.difficulty, policy);
    fix.contradicted =
        verdict.evidence == Evidence::strong || verdict.evidence == Evidence::limited;
    plan.push_back(std::move(fix));
  }
  std::ranges::stable_sort(plan, std::ranges::greater{}, &PlannedFix::per_effort);
  return plan;
}

}  // namespace sekimori
