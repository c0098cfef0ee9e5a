#pragma once

#include "sekimori/reconcile/site.h"
#include "sekimori/report/report.h"

#include "command.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <vector>

namespace sekimori::cli {

/// --answers, --answer-map, --member, --site
void add_answer_options(options::options_description& described);

/// The sheets of a site: one for each system of --site, or the one of --answers for all of it.
struct Sheets {
  std::optional<Site> site;
  std::vector<Sheet> sheets;  ///< one at least
  std::vector<SuppliedInput> supplied;

  [[nodiscard]] const Sheet& first() const { return sheets.front(); }
};
/// Throws Error.
[[nodiscard]] Sheets read_sheets(const options::variables_map& given);

/// The systems as a report takes them; none without a site file.
[[nodiscard]] std::vector<SystemSources> sources_of(const Sheets& sheets,
                                                    const std::vector<Judged>& judged);
/// Adds what the members of committees said.
void add_committees(const Sheets& sheets, nlohmann::ordered_json& report);

}  // namespace sekimori::cli
