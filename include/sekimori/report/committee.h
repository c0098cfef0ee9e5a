#pragma once

#include "sekimori/reconcile/committee.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace sekimori {

/// The report's "committee": who answered, and by question what each said, what was agreed on, and
/// how far they agreed: `all`, `most` (more than half), `split`. Throws Error as agreement_of does.
[[nodiscard]] nlohmann::ordered_json committee_section(const QuestionSet& set,
                                                       const Answers& consensus,
                                                       const std::vector<Answers>& members);

}  // namespace sekimori
