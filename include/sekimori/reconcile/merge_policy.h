#pragma once

#include "sekimori/reconcile/question_set.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What the traffic says of a question.
enum class Evidence : std::uint8_t {
  none,       ///< no rule can exist
  uncovered,  ///< too little was seen
  silent,     ///< enough was seen, and nothing against it
  supporting,
  limited,
  strong,
};
inline constexpr std::size_t kEvidenceCount = 6;

/// `strong`, `limited`, `silent`, `supporting`, `uncovered`; "" for none.
[[nodiscard]] std::string_view to_text(Evidence evidence) noexcept;

enum class VerdictCode : std::uint8_t {
  none,  ///< nothing to say: unanswered or not applicable, and not seen
  corroborated,
  not_contradicted,
  partly_contradicted,
  contradicted,
  confirmed_gap,
  understated,
  not_observed,
  not_testable,
  na_disputed,
  suggested,
};
inline constexpr std::size_t kVerdictCount = 11;

/// `CORROBORATED` ...; "" for none.
[[nodiscard]] std::string_view to_text(VerdictCode verdict) noexcept;

/// One cell of the adjustment table.
struct Adjustment {
  Answer adjusted = Answer::unanswered;
  VerdictCode verdict = VerdictCode::none;
  Answer suggested = Answer::unanswered;  ///< of an unanswered question
};

struct RatingStep {
  std::string id;
  double at_least = 0;  ///< percent
  Bilingual title;
};

struct ContradictionLimit {
  Strength strength = Strength::s3;
  std::int64_t flows = 1;
};

/// How claims and evidence are merged, as data: rulesets/merge.json or the user's own.
struct MergePolicy {
  std::string file;
  std::int64_t revision = 0;
  Bilingual title;
  double min_days = 0;
  bool weekend = false;  ///< silence needs a Saturday and a Sunday, UTC
  double min_both_directions = 0;
  double max_loss = 0;
  std::vector<ContradictionLimit> contradiction;
  std::array<std::array<Adjustment, kEvidenceCount>, kAnswerCount> adjustment{};
  /// How strong evidence is read where only one step is allowed.
  std::array<Evidence, kAnswerCount> one_step{};
  std::array<Bilingual, kVerdictCount> verdicts;
  std::map<std::string, double> effort;  ///< of a fix, by its difficulty: above 0
  std::vector<RatingStep> rating;        ///< best first
  std::size_t facts_per_rule = 0;
  std::uint64_t query_steps = 0;
  std::map<std::string, Bilingual, std::less<>> notes;

  [[nodiscard]] const RatingStep& rating_of(double percent) const;
};

/// Throws Error that names the file and the place in it.
[[nodiscard]] MergePolicy parse_merge_policy(std::string_view json, std::string_view file);
[[nodiscard]] MergePolicy load_merge_policy(const std::filesystem::path& path);
[[nodiscard]] MergePolicy built_in_merge_policy();

}  // namespace sekimori
