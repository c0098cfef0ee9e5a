#pragma once

#include "json_node.h"

namespace sekimori {

/// Reads one evidence rule of a question.
[[nodiscard]] EvidenceRule read_rule(const JsonNode& node);

/// Letters of vantage points (merge-rules 5.2), or `any`.
[[nodiscard]] std::vector<std::string> read_vantage(const JsonNode& node);

/// The names in braces of a text.
[[nodiscard]] std::vector<std::string> placeholders(std::string_view text);

}  // namespace sekimori
