#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori {

/// A time as people write it, in seconds since the epoch: `2026-04-06T09:00+09:00`, with a blank or
/// `T`, with or without seconds, always with its offset (`Z`, `+09:00`, `+0900`, `+09`). A day
/// alone is its midnight in UTC and `day_alone` seconds. Nothing where it is none.
[[nodiscard]] std::optional<std::int64_t> read_time(std::string_view said, std::int64_t day_alone);

}  // namespace sekimori
