#pragma once

#include "sekimori/capture/capture_set.h"
#include "sekimori/model/facts.h"

#include <string>
#include <vector>

namespace sekimori {

/// A row for each capture, in its order, without what the shards count. Throws Error where two are
/// the same bytes, unless these hold no frame, of which nothing would be doubled.
[[nodiscard]] std::vector<CaptureFact> capture_facts(const std::vector<CaptureFile>& files,
                                                     const std::string& vantage);

/// Captures of the same bytes become one, as in a merge.
[[nodiscard]] Facts with_each_capture_once(Facts facts);

}  // namespace sekimori
