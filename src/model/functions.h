#pragma once

#include <string>
#include <string_view>

namespace sekimori {

/// Whether a query that may only read must do without an SQL function.
[[nodiscard]] bool is_refused(std::string_view function);

/// ASCII letters in lower case, as SQLite compares names.
[[nodiscard]] std::string lower(std::string_view text);

}  // namespace sekimori
