// Claims and evidence become verdicts and scores. Pure: no model, no file.

#include "sekimori/reconcile/reconcile.h"

#include "note.h"

#include <algorithm>

namespace sekimori {
namespace {

/// The question's choice that means `means`: the claimed one where it does, else the best.
Mark mark_of(Answer means, const Mark& claimed, const Question& question, const QuestionSet& set) {
  if (claimed.means == means) return claimed;
  Mark mark{means, Mark::kNoChoice};
  for (const auto choice : question.choices) {
    if (set.scale.choices[choice].means != means) continue;
    mark.choice = choice;
    break;
  }
  return mark;
}

bool has_choice(Answer means, const Question& question, const QuestionSet& set) {
  return std::ranges::any_of(question.choices, [&](std::size_t choice) {
    return set.scale.choices[choice].means == means;
  });
}

bool asked(const FollowUp& follow_up, const Mark& parent) {
  return std::ranges::find(follow_up.asked_when, parent.means) != follow_up.asked_when.end();
}

Claim claim_of(const Question& question, const Answers& answers) {
  Claim claim;
  const auto found = answers.given.find(question.id);
  if (found == answers.given.end()) return claim;
  const auto& given = found->second;
  claim.mark = given.mark;
  claim.after = given.after.value_or(given.mark);
  claim.alternate = given.alternate;
  claim.memo = given.note;
  claim.fix = given.fix;
  claim.difficulty = given.difficulty;
  claim.obstacle = given.obstacle;
  return claim;
}

/// What a follow-up counts as beside its parent's answer; sets `automatic` where it inherits.
/// One that is left blank under a parent that does not apply does not apply either, and so costs
/// nothing.
Mark inherited(const FollowUp& follow_up, const Mark& own, const Mark& parent, bool& automatic) {
  const bool blank = own.means == Answer::unanswered;
  automatic = !asked(follow_up, parent) || (blank && parent.means == Answer::not_applicable);
  return automatic ? parent : own;
}

void settle_follow_up(const Question& question, Claim& claim, const Claim& parent,
                      const QuestionSet& set, std::vector<Notice>& notices) {
  const auto& follow_up = *question.follow_up;
  const auto own = claim.mark;
  claim.mark = inherited(follow_up, own, parent.mark, claim.automatic);
  bool automatic_after = false;
  claim.after = inherited(follow_up, claim.after, parent.after, automatic_after);
  if (!claim.automatic || own.means == Answer::unanswered || own == claim.mark) return;
  claim.alternate = false;
  notices.push_back({"ignored-follow-up",
                     {{"question", question.id},
                      {"parent", follow_up.of},
                      {"used", set.text(claim.mark)},
                      {"given", set.text(own)}}});
}

void add_to(Score& score, const Question& question, const Verdict& verdict,
            const QuestionSet& set) {
  const auto most = set.most_units(question);
  const auto count = [&](const Mark& mark, std::int64_t& sum, std::int64_t& maximum) {
    if (mark.means == Answer::not_applicable) return;
    maximum += most;
    sum += set.units(question, mark);
  };
  count(verdict.claimed, score.claimed, score.most);
  count(verdict.adjusted, score.adjusted, score.adjusted_most);
  count(verdict.after, score.after, score.after_most);
  if (verdict.claimed.means == Answer::yes) {
    score.yes_weight += most;
    if (verdict.code == VerdictCode::corroborated) score.verified += most;
  }
  ++score.lines;
  if (question.follow_up) return;
  ++score.numbered;
  if (verdict.claimed.means == Answer::yes) ++score.yes;
  if (verdict.after.means == Answer::yes) ++score.after_yes;
}

std::optional<double> percent(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string rating_of(std::optional<double> share, const MergePolicy& policy) {
  return share ? policy.rating_of(*share).id : "";
}

void note_lists(const std::vector<std::string>& lacking, const QuestionSet& set,
                const MergePolicy& policy, Bilingual& note) {
  if (lacking.empty()) return;
  Bilingual list;
  for (std::size_t i = 0; i < lacking.size(); ++i) {
    const auto& title = set.inputs.at(lacking[i]);
    const bool last = i + 1 == lacking.size();
    list.en += (i == 0 ? "" : last ? " and " : ", ") + title.en;
    list.ja += (i == 0 ? "" : "と") + title.ja;
  }
  append(note, fill(policy.notes.at("needs"), {{"list", list}}));
}

bool has_rule_against(const Question& question) {
  return std::ranges::any_of(
      question.evidence, [](const EvidenceRule& rule) { return rule.kind == RuleKind::against; });
}

Bilingual note_of(const Question& question, const Claim& claim, const Judgement& judgement,
                  const QuestionEvidence& evidence, const QuestionSet& set,
                  const MergePolicy& policy) {
  Bilingual note;
  const auto say = [&](std::string_view code, const NoteValues& values = {}) {
    append(note, fill(policy.notes.find(code)->second, values));
  };
  if (claim.automatic) say("automatic", {{"question", same(question.follow_up->of)}});
  if (claim.alternate) say("alternate");
  if (judgement.evidence == Evidence::none) return note;
  if (judgement.suggested != Answer::unanswered) {
    const auto mark = mark_of(judgement.suggested, {}, question, set);
    say("suggested", {{"answer", set.title_of(mark)}});
  }
  if (judgement.capped) say(evidence.assumed ? "assumed" : "capped");
  if (judgement.two_valued) say("two-valued");
  for (const auto& each : evidence.notes) append(note, each);
  if (judgement.evidence == Evidence::uncovered) {
    if (question.evidence.empty())
      say("no-rule");
    else if (!has_rule_against(question))
      say("no-rule-against");
  }
  // Where the traffic already speaks, what a list would add changes nothing.
  if (judgement.evidence == Evidence::uncovered || judgement.evidence == Evidence::silent)
    note_lists(evidence.lacking, set, policy, note);
  return note;
}

Verdict judge_one(const Question& question, const Claim& claim, const QuestionSet& set,
                  const MergePolicy& policy, const QuestionEvidence& evidence) {
  auto seen = question.testability == Testability::never ? Evidence::none : evidence.evidence;
  const bool disputed = claim.mark.means == Answer::not_applicable && evidence.subject_seen &&
                        (seen == Evidence::uncovered || seen == Evidence::silent);
  if (disputed) seen = Evidence::supporting;
  const auto judgement =
      apply(claim.mark, seen, question.one_step || evidence.assumed, question, set, policy);

  Verdict verdict;
  verdict.question = question.id;
  verdict.area = question.area;
  verdict.weight = set.most_units(question);
  verdict.claimed = claim.mark;
  verdict.adjusted = judgement.adjusted;
  verdict.after = claim.after;
  verdict.suggested = judgement.suggested;
  verdict.evidence = judgement.evidence;
  verdict.code = judgement.code;
  verdict.flag = evidence.flag || judgement.flag;
  verdict.automatic = claim.automatic;
  verdict.alternate = claim.alternate;
  verdict.memo = claim.memo;
  verdict.fix = claim.fix;
  verdict.difficulty = claim.difficulty;
  verdict.obstacle = claim.obstacle;
  verdict.coverage = evidence.coverage;
  verdict.facts = evidence.facts;
  verdict.note = note_of(question, claim, judgement, evidence, set, policy);
  return verdict;
}

}  // namespace

std::optional<double> Score::claimed_percent() const {
  return percent(claimed, most);
}

std::optional<double> Score::adjusted_percent() const {
  return percent(adjusted, adjusted_most);
}

std::optional<double> Score::after_percent() const {
  return percent(after, after_most);
}

std::optional<double> Score::verified_percent() const {
  return percent(verified, yes_weight);
}

Judgement apply(const Mark& claimed, Evidence evidence, bool one_step, const Question& question,
                const QuestionSet& set, const MergePolicy& policy) {
  Judgement judgement;
  const auto row = static_cast<std::size_t>(claimed.means);
  if (one_step && evidence == Evidence::strong && policy.one_step[row] != Evidence::strong) {
    evidence = policy.one_step[row];
    judgement.capped = true;
  }
  if (evidence == Evidence::limited && !has_choice(Answer::partial, question, set)) {
    evidence = Evidence::uncovered;
    judgement.two_valued = judgement.flag = true;
  }
  const auto& cell = policy.adjustment[row][static_cast<std::size_t>(evidence)];
  judgement.evidence = evidence;
  judgement.code = cell.verdict;
  judgement.suggested = cell.suggested;
  judgement.adjusted = mark_of(cell.adjusted, claimed, question, set);
  return judgement;
}

std::vector<Claim> settle_claims(const QuestionSet& set, const Answers& answers,
                                 std::vector<Notice>& notices) {
  std::vector<Claim> claims;
  claims.reserve(set.questions.size());
  for (const auto& question : set.questions) {
    auto claim = claim_of(question, answers);
    if (question.follow_up) {
      const auto* const parent = set.find(question.follow_up->of);
      const auto at = static_cast<std::size_t>(parent - set.questions.data());
      settle_follow_up(question, claim, claims.at(at), set, notices);
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

Reconciliation judge(const QuestionSet& set, const Answers& answers, const MergePolicy& policy,
                     const std::map<std::string, QuestionEvidence>& evidence) {
  Reconciliation result;
  auto notices = answers.notices;
  const auto claims = settle_claims(set, answers, notices);
  for (const auto& area : set.areas) {
    AreaScore score{area.id, {}, ""};
    for (const auto i : area.questions) {
      const auto& question = set.questions[i];
      const auto found = evidence.find(question.id);
      QuestionEvidence nothing;
      nothing.lacking = question.needs;
      result.verdicts.push_back(judge_one(question, claims[i], set, policy,
                                          found == evidence.end() ? nothing : found->second));
      add_to(score.score, question, result.verdicts.back(), set);
      add_to(result.total, question, result.verdicts.back(), set);
    }
    score.rating = rating_of(score.score.adjusted_percent(), policy);
    result.areas.push_back(std::move(score));
  }
  result.rating = rating_of(result.total.adjusted_percent(), policy);
  result.claimed_rating = rating_of(result.total.claimed_percent(), policy);
  for (const auto& notice : notices) {
    NoteValues values;
    for (const auto& [key, value] : notice.values) values.emplace(key, same(value));
    result.warnings.push_back(fill(policy.notes.at(notice.code), values));
  }
  return result;
}

}  // namespace sekimori
