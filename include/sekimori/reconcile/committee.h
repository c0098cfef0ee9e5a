#pragma once

#include "sekimori/reconcile/answers.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sekimori {

/// What the members of a committee said to one question, beside what they agreed on.
struct Agreement {
  std::string question;
  Mark consensus;
  std::vector<Mark> members;  ///< in the members' order; unanswered where one said nothing
  std::size_t answered = 0;   ///< members who said something
  std::size_t most = 0;       ///< how many of them said the commonest answer
  /// The consensus is not the commonest answer, or nobody's.
  bool moved = false;
};

/// One for each question that anybody answered, in the set's order. Throws Error that names a
/// member's file whose cover is of another kind or system than the consensus: SCADA and telemetry,
/// and systems that are not alike, are assessed apart.
[[nodiscard]] std::vector<Agreement> agreement_of(const QuestionSet& set, const Answers& consensus,
                                                  const std::vector<Answers>& members);

}  // namespace sekimori
