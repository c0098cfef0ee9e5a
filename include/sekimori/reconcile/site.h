#pragma once

#include "sekimori/assess/ruleset.h"
#include "sekimori/bytes/bilingual.h"
#include "sekimori/model/database.h"
#include "sekimori/model/held_views.h"
#include "sekimori/reconcile/reconcile.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// A system of a site that has a sheet of its own, and what it is bound to.
struct SiteSystem {
  /// What the site file calls, and where.
  struct Named {
    std::string name, where;
  };

  Bilingual name;
  std::string kind;     ///< ics, telemetry
  std::string set;      ///< a built-in question set; "": the one that the others have
  std::string answers;  ///< as it stands beside the site file; "": nobody answered yet
  std::vector<std::string> members;
  std::vector<Named> zones, captures;  ///< none: the whole site
  std::string where;                   ///< `/systems/1`
};

/// The systems of a site that are assessed apart.
struct Site {
  std::string file;
  std::vector<SiteSystem> systems;
};

/// Reads JSON. Throws Error that names the file and the place in it.
[[nodiscard]] Site parse_site(std::string_view json, std::string_view file);
[[nodiscard]] Site load_site(const std::filesystem::path& path);

/// The numbers of what a system is bound to. Throws Error for a zone that the model does not have,
/// or a capture that was not given, with the nearest that there is.
[[nodiscard]] PlantPart part_of(Database& model, const Site& site, const SiteSystem& system);

/// Throws Error where a sheet says on its cover that it is of the other kind of system: control
/// systems and telemetry are assessed apart.
void check_kind(const SiteSystem& system, const Answers& sheet);

/// What a system, or the whole site, is judged by.
struct Sheet {
  QuestionSet questions;
  std::optional<Answers> answers;  ///< none: nobody answered yet
  std::vector<Answers> members;    ///< of a committee
};

/// What came of one sheet.
struct Judged {
  PlantPart part;
  Reconciliation verdicts;
  std::set<std::string> violated;  ///< checks, by what is of the system alone
};

/// Concludes for each system, by its sheet, from what is of its zones and captures alone, and
/// writes the model's systems and verdicts. No HeldViews may live. Throws Error.
[[nodiscard]] std::vector<Judged> judge_systems(Database& model, const Rules& rules,
                                                const Site& site, const std::vector<Sheet>& sheets,
                                                const MergePolicy& policy);

}  // namespace sekimori
