// What the merge of claims and evidence says: contradictions, gaps, and every question.

#include "verdicts.h"

#include "context.h"

#include <algorithm>
#include <string_view>

namespace sekimori::report {

bool is_contradiction(const Verdict& verdict) {
  return verdict.code == VerdictCode::contradicted ||
         verdict.code == VerdictCode::partly_contradicted;
}

std::int64_t lost_units(const Context& context, const Verdict& verdict) {
  const auto& set = context.from.questions;
  const auto* question = set.find(verdict.question);
  return set.units(*question, verdict.claimed) - set.units(*question, verdict.adjusted);
}

int severity_rank(const Context& context, const Verdict& verdict) {
  const auto found = context.question_rank.find(verdict.question);
  return found == context.question_rank.end() ? 1 : found->second;
}

namespace {

/// The frames of a fact: its first and its last.
std::vector<FrameId> frames_of(const EvidenceFact& fact) {
  std::vector<FrameId> frames;
  if (fact.capture && fact.frame) frames.push_back({*fact.capture, *fact.frame});
  if (fact.last_capture && fact.last_frame) {
    const FrameId last{*fact.last_capture, *fact.last_frame};
    if (frames.empty() || frames.front() != last) frames.push_back(last);
  }
  return frames;
}

Json fact_json(const Context& context, const EvidenceFact& fact) {
  auto evidence = Json::array();
  for (const auto& frame : frames_of(fact))
    evidence.push_back(context.frames.evidence(frame, fact.conversation, context.ends));
  Json json;
  json["rule"] = fact.rule;
  json["kind"] = to_text(fact.kind);
  json["strength"] = to_text(fact.strength);
  json["flows"] = fact.flows;
  json["text"] = text_of(fact.text);
  json["evidence"] = std::move(evidence);
  return json;
}

/// A verdict told in full.
Json verdict_json(const Context& context, const Verdict& verdict) {
  const auto& set = context.from.questions;
  const auto& question = *set.find(verdict.question);
  auto facts = Json::array();
  for (const auto& fact : verdict.facts) facts.push_back(fact_json(context, fact));
  const bool proven = std::ranges::any_of(
      verdict.facts, [](const EvidenceFact& fact) { return !frames_of(fact).empty(); });
  Json json;
  json["question"] = verdict.question;
  json["area"] = verdict.area;
  json["text"] = text_of(question.text);
  json["criterion"] = text_of(question.yes_when);
  json["claimed"] = set.text(verdict.claimed);
  json["adjusted"] = set.text(verdict.adjusted);
  json["suggested"] = to_text(verdict.suggested);
  json["lost"] = std::max(0.0, set.points(lost_units(context, verdict)));
  json["severity"] = severity_of_rank(severity_rank(context, verdict));
  json["verdict"] = to_text(verdict.code);
  json["evidence"] = to_text(verdict.evidence);
  json["facts"] = std::move(facts);
  json["note"] = text_of(verdict.note);
  json["fix"] = {{"type", question.fix_type}, {"difficulty", question.fix_difficulty}};
  json["refs"] = question.refs;
  // Without a number it is the first system's.
  const auto number = context.system == 1 ? "" : std::to_string(context.system) + '/';
  json["command"] = proven ? Json(evidence_command(number + verdict.question)) : Json(nullptr);
  return json;
}

/// Where in the chapter of gaps a verdict is told; "" where nowhere. What supports a claim, or is
/// to be looked into, is told where there is something to show.
std::string_view gap_of(const Verdict& verdict) {
  if (is_contradiction(verdict)) return "";  // a chapter of its own
  switch (verdict.code) {
    case VerdictCode::confirmed_gap:
      return "confirmed";
    case VerdictCode::understated:
      return "understated";
    case VerdictCode::suggested:
      return "suggested";
    case VerdictCode::na_disputed:
      return "disputed";
    default:
      return verdict.facts.empty() ? "" : "supported";
  }
}

Json coverage_json(const Coverage& coverage) {
  Json json;
  json["vantage"] = coverage.vantage_ok;
  json["days"] = Json::parse(short_decimal(coverage.days, 4));
  json["weekend"] = coverage.weekend;
  json["both_directions"] = coverage.both_directions
                                ? Json::parse(short_decimal(*coverage.both_directions, 4))
                                : Json(nullptr);
  json["loss"] = Json::parse(short_decimal(coverage.loss, 6));
  json["enough"] = coverage.enough;
  return json;
}

Json question_json(const Context& context, const Question& question, const Verdict& verdict) {
  const auto& set = context.from.questions;
  auto rules = Json::array();
  for (const auto& rule : question.evidence) rules.push_back(rule.id);
  Json json;
  json["id"] = question.id;
  json["area"] = question.area;
  json["text"] = text_of(question.text);
  json["criterion"] = text_of(question.yes_when);
  json["weight"] = question.weight;
  json["testability"] = to_text(question.testability);
  json["claimed"] = set.text(verdict.claimed);
  json["after"] = set.text(verdict.after);
  json["adjusted"] = set.text(verdict.adjusted);
  json["suggested"] = to_text(verdict.suggested);
  json["verdict"] = to_text(verdict.code);
  json["evidence"] = to_text(verdict.evidence);
  json["facts"] = verdict.facts.size();
  json["flag"] = verdict.flag;
  json["automatic"] = verdict.automatic;
  json["alternate"] = verdict.alternate;
  json["coverage"] =
      question.testability == Testability::never ? Json(nullptr) : coverage_json(verdict.coverage);
  json["note"] = text_of(verdict.note);
  json["memo"] = verdict.memo;
  json["rules"] = std::move(rules);
  json["refs"] = question.refs;
  return json;
}

}  // namespace

std::string evidence_command(std::string_view id) {
  std::string file{id};
  std::ranges::replace(file, '/', '-');
  return "sekimori evidence report.sekimori " + std::string{id} + " -o " + file + ".pcap";
}

std::vector<FrameId> frames_of_verdicts(const Reconciliation& result) {
  std::vector<FrameId> frames;
  for (const auto& verdict : result.verdicts) {
    for (const auto& fact : verdict.facts) {
      const auto more = frames_of(fact);
      frames.insert(frames.end(), more.begin(), more.end());
    }
  }
  return frames;
}

Json contradictions_section(const Context& context) {
  std::vector<const Verdict*> found;
  for (const auto& verdict : context.from.verdicts.verdicts)
    if (is_contradiction(verdict)) found.push_back(&verdict);
  // merge-rules 5.9: by lost points times severity; equal ones in the set's order.
  std::ranges::stable_sort(found, std::ranges::greater{}, [&](const Verdict* verdict) {
    return lost_units(context, *verdict) * severity_rank(context, *verdict);
  });
  auto list = Json::array();
  for (const auto* verdict : found) list.push_back(verdict_json(context, *verdict));
  return list;
}

Json gaps_section(const Context& context) {
  Json section;
  for (const auto* kind : {"confirmed", "understated", "suggested", "disputed", "supported"})
    section[kind] = Json::array();
  for (const auto& verdict : context.from.verdicts.verdicts)
    if (const auto kind = gap_of(verdict); !kind.empty())
      section[std::string{kind}].push_back(verdict_json(context, verdict));
  return section;
}

Json questions_section(const Context& context) {
  auto list = Json::array();
  for (const auto& verdict : context.from.verdicts.verdicts)
    list.push_back(question_json(context, *context.from.questions.find(verdict.question), verdict));
  return list;
}

}  // namespace sekimori::report
