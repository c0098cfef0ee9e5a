#pragma once

#include "sekimori/reconcile/reconcile.h"

#include <map>
#include <stdexcept>
#include <string>

namespace sekimori::test {

inline const QuestionSet& ssat() {
  static const auto set = built_in_question_set("ssat");
  return set;
}

inline const MergePolicy& policy() {
  static const auto merge = built_in_merge_policy();
  return merge;
}

/// Every question that is not named gets `rest`.
inline Answers answers(const std::string& rest,
                       const std::map<std::string, std::string>& named = {}) {
  std::string csv{"id,answer,note\n"};
  for (const auto& question : ssat().questions) {
    const auto found = named.find(question.id);
    csv += question.id + ',' + (found == named.end() ? rest : found->second) + ",a note\n";
  }
  return parse_answers(csv, "answers.csv", ssat());
}

inline const Verdict& of(const Reconciliation& result, const std::string& question) {
  for (const auto& verdict : result.verdicts)
    if (verdict.question == question) return verdict;
  throw std::out_of_range(question);
}

inline double points(std::int64_t units) {
  return ssat().points(units);
}

}  // namespace sekimori::test
