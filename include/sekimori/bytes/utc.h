#pragma once

#include <cstdint>
#include <string>

namespace sekimori {

/// RFC 3339 in UTC with microseconds, or nanoseconds where there are any:
/// `2026-04-06T00:00:00.000000Z`. Of nanoseconds since the epoch.
[[nodiscard]] std::string utc(std::int64_t nanoseconds);

}  // namespace sekimori
