#pragma once

#include "sekimori/capture/capture_set.h"
#include "sekimori/model/facts.h"

#include <string>
#include <vector>

namespace sekimori {

/// A row for each capture, in its order, without what the shards count. Throws Error where two are
/// the same bytes.
[[nodiscard]] std::vector<CaptureFact> capture_facts(const std::vector<CaptureFile>& files,
                                                     const std::string& vantage);

}  // namespace sekimori
