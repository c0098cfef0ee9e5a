#pragma once

#include "sekimori/infer/change.h"

#include <string>

namespace sekimori::cli {

/// One change as a line of JSON, without the line's end.
[[nodiscard]] std::string json_line(const Change& change);
/// The same as ArcSight's Common Event Format, version 0, without a syslog header.
[[nodiscard]] std::string cef_line(const Change& change);

}  // namespace sekimori::cli
