#pragma once

#include "context.h"

#include <string>
#include <string_view>
#include <vector>

namespace sekimori::report {

[[nodiscard]] bool is_contradiction(const Verdict& verdict);
/// What the evidence takes from a claim.
[[nodiscard]] std::int64_t lost_units(const Context& context, const Verdict& verdict);
[[nodiscard]] int severity_rank(const Context& context, const Verdict& verdict);

/// The command line that cuts the frames of a finding or a question.
[[nodiscard]] std::string evidence_command(std::string_view id);

[[nodiscard]] std::vector<FrameId> frames_of_verdicts(const Reconciliation& result);

}  // namespace sekimori::report
