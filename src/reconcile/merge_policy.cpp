#include "sekimori/reconcile/merge_policy.h"

#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"

#include "rule_reader.h"

#include <algorithm>
#include <array>
#include <limits>

namespace sekimori::embedded {
extern const std::string_view merge_policy_json;
}  // namespace sekimori::embedded

namespace sekimori {
namespace {

constexpr double kLeastEffort = 0.001;
constexpr double kMostEffort = 1'000'000;
constexpr std::uintmax_t kLargestFile = 1U << 20U;  // bytes
constexpr double kLongestDays = 36500;
constexpr std::int64_t kMostFlows = 1'000'000;
constexpr std::int64_t kMostFacts = 100'000;

constexpr auto kEvidence =
    std::to_array<std::string_view>({"", "uncovered", "silent", "supporting", "limited", "strong"});
static_assert(kEvidence.size() == kEvidenceCount);

constexpr auto kVerdicts = std::to_array<std::string_view>(
    {"", "CORROBORATED", "NOT_CONTRADICTED", "PARTLY_CONTRADICTED", "CONTRADICTED", "CONFIRMED_GAP",
     "UNDERSTATED", "NOT_OBSERVED", "NOT_TESTABLE", "NA_DISPUTED", "SUGGESTED"});
static_assert(kVerdicts.size() == kVerdictCount);

// What the program says of its own accord; the texts stand in the policy.
constexpr auto kNotes = std::to_array<std::string_view>({"no-rule",
                                                         "no-rule-against",
                                                         "needs",
                                                         "no-capture",
                                                         "vantage",
                                                         "subject",
                                                         "failed",
                                                         "days",
                                                         "weekend",
                                                         "directions",
                                                         "directions-unknown",
                                                         "loss",
                                                         "assumed",
                                                         "capped",
                                                         "two-valued",
                                                         "too-weak",
                                                         "suggested",
                                                         "automatic",
                                                         "alternate",
                                                         "ignored-follow-up",
                                                         "unknown-answer",
                                                         "passed-over",
                                                         "more"});

template <std::size_t Size>
std::vector<std::string> strings(const std::array<std::string_view, Size>& texts) {
  return {texts.begin(), texts.end()};
}

template <std::size_t Size>
std::size_t index_of(const std::array<std::string_view, Size>& texts, std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find(texts, text) - texts.begin());
}

Adjustment read_cell(const JsonNode& node) {
  node.only({"adjusted", "verdict", "suggested"});
  Adjustment cell;
  cell.adjusted = answer_of(node.at("adjusted"));
  cell.verdict =
      static_cast<VerdictCode>(index_of(kVerdicts, node.at("verdict").one_of(strings(kVerdicts))));
  if (const auto suggested = node.find("suggested")) cell.suggested = answer_of(*suggested);
  return cell;
}

int rank(Answer answer) {
  return answer == Answer::not_applicable ? 0 : static_cast<int>(answer);
}

/// Evidence may lower an answer, never raise it (merge-rules 5.1).
void check_cell(const JsonNode& node, Answer claimed, const Adjustment& cell) {
  const bool applies = claimed != Answer::not_applicable;
  const bool leaves = cell.adjusted == Answer::not_applicable;
  if (applies && (leaves || rank(cell.adjusted) > rank(claimed)))
    node.at("adjusted").fail("evidence may lower an answer, never raise it");
  if (applies && claimed != Answer::unanswered && cell.adjusted == Answer::unanswered)
    node.at("adjusted").fail("an answer that was given stays an answer");
  if (!applies && !leaves && cell.adjusted != Answer::no)
    node.at("adjusted").fail("what does apply after all scores as no");
}

void read_adjustment(const JsonNode& node, MergePolicy& policy) {
  node.only({"yes", "partial", "no", "na", ""});
  for (std::size_t a = 0; a < kAnswerCount; ++a) {
    const auto claimed = static_cast<Answer>(a);
    const auto row = node.at(std::string{to_text(claimed)});
    row.only({"strong", "limited", "silent", "supporting", "uncovered"});
    for (std::size_t e = 1; e < kEvidenceCount; ++e) {
      const auto place = row.at(std::string{kEvidence[e]});
      policy.adjustment[a][e] = read_cell(place);
      check_cell(place, claimed, policy.adjustment[a][e]);
    }
    policy.adjustment[a][0] = {claimed, VerdictCode::not_testable, Answer::unanswered};
  }
}

void read_one_step(const JsonNode& node, MergePolicy& policy) {
  policy.one_step.fill(Evidence::strong);
  node.only({"yes", "partial", "no", "na", ""});
  node.each_key([&](const std::string& key, const JsonNode& value) {
    const auto evidence = value.one_of({"limited", "silent", "uncovered"});
    policy.one_step[static_cast<std::size_t>(*parse_answer(key))] =
        static_cast<Evidence>(index_of(kEvidence, evidence));
  });
}

void read_rating(const JsonNode& node, MergePolicy& policy) {
  node.each([&](const JsonNode& item) {
    item.only({"id", "at_least", "title"});
    RatingStep step{item.at("id").text(), item.at("at_least").number(0, 100),
                    item.at("title").bilingual()};
    if (!policy.rating.empty() && step.at_least >= policy.rating.back().at_least)
      item.at("at_least").fail("the steps fall from the best");
    policy.rating.push_back(std::move(step));
  });
  if (policy.rating.empty() || policy.rating.back().at_least > 0)
    node.fail("the last step begins at 0");
}

void read_coverage(const JsonNode& node, MergePolicy& policy) {
  node.only({"min_days", "weekend", "min_both_directions", "max_loss"});
  policy.min_days = node.at("min_days").number(0, kLongestDays);
  policy.weekend = node.at("weekend").boolean();
  policy.min_both_directions = node.at("min_both_directions").number(0, 1);
  policy.max_loss = node.at("max_loss").number(0, 1);
}

void read_contradiction(const JsonNode& node, MergePolicy& policy) {
  node.each([&](const JsonNode& item) {
    item.only({"strength", "flows"});
    policy.contradiction.push_back({*parse_strength(item.at("strength").one_of({"S2", "S3"})),
                                    item.at("flows").integer(1, kMostFlows)});
  });
  if (policy.contradiction.empty()) node.fail("at least one strength is expected");
}

}  // namespace

std::string_view to_text(Evidence evidence) noexcept {
  return kEvidence[static_cast<std::size_t>(evidence)];
}

std::string_view to_text(VerdictCode verdict) noexcept {
  return kVerdicts[static_cast<std::size_t>(verdict)];
}

const RatingStep& MergePolicy::rating_of(double percent) const {
  const auto found = std::ranges::find_if(
      rating, [&](const RatingStep& step) { return percent >= step.at_least; });
  return found == rating.end() ? rating.back() : *found;
}

MergePolicy parse_merge_policy(std::string_view json, std::string_view file) {
  const auto parsed = parse_json(json, file);
  const JsonNode root{parsed, file};
  root.only({"format", "version", "revision", "title", "coverage", "contradiction", "one_step",
             "adjustment", "verdicts", "rating", "effort", "facts_per_rule", "query_steps",
             "notes"});
  root.at("format").expect("merge-policy");
  root.at("version").expect(1);
  MergePolicy policy;
  policy.file = file;
  policy.revision = root.at("revision").integer(0, INT32_MAX);
  policy.title = root.at("title").bilingual();
  read_coverage(root.at("coverage"), policy);
  read_contradiction(root.at("contradiction"), policy);
  read_one_step(root.at("one_step"), policy);
  read_adjustment(root.at("adjustment"), policy);
  const auto verdicts = root.at("verdicts");
  auto codes = strings(kVerdicts);
  codes.erase(codes.begin());
  verdicts.only(codes);
  for (const auto& code : codes)
    policy.verdicts[index_of(kVerdicts, code)] = verdicts.at(code).bilingual();
  read_rating(root.at("rating"), policy);
  if (const auto effort = root.find("effort"))
    effort->each_key([&](const std::string& key, const JsonNode& value) {
      policy.effort.emplace(key, value.number(kLeastEffort, kMostEffort));
    });
  policy.facts_per_rule =
      static_cast<std::size_t>(root.at("facts_per_rule").integer(1, kMostFacts));
  policy.query_steps = static_cast<std::uint64_t>(
      root.at("query_steps").integer(1, std::numeric_limits<std::int64_t>::max()));
  const auto notes = root.at("notes");
  notes.only(strings(kNotes));
  for (const auto& note : strings(kNotes)) policy.notes.emplace(note, notes.at(note).bilingual());
  return policy;
}

MergePolicy load_merge_policy(const std::filesystem::path& path) {
  return parse_merge_policy(read_file(path, kLargestFile), path.string());
}

MergePolicy built_in_merge_policy() {
  return parse_merge_policy(embedded::merge_policy_json, "merge.json");
}

}  // namespace sekimori
