#pragma once

#include "sekimori/bytes/json_node.h"
#include "sekimori/reconcile/question_set.h"

namespace sekimori {

[[nodiscard]] Answer answer_of(const JsonNode& node);  ///< yes partial no na ""

/// Reads one evidence rule of a question.
[[nodiscard]] EvidenceRule read_rule(const JsonNode& node);

/// Letters of vantage points (merge-rules 5.2), or `any`.
[[nodiscard]] std::vector<std::string> read_vantage(const JsonNode& node);

/// The names in braces of a text.
[[nodiscard]] std::vector<std::string> placeholders(std::string_view text);

}  // namespace sekimori
