// Several people answer one sheet alone, and then agree.

#include "sekimori/reconcile/committee.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

Mark said(const Answers& answers, const std::string& question) {
  const auto found = answers.given.find(question);
  return found == answers.given.end() ? Mark{} : found->second.mark;
}

bool is_blank(const Mark& mark) {
  return mark == Mark{};
}

/// Of a sheet that says nothing there, nothing is demanded.
void check_cover(const Answers& consensus, const Answers& member) {
  for (const auto* const field : {"kind", "system"}) {
    const auto ours = consensus.cover.find(field);
    const auto theirs = member.cover.find(field);
    if (ours == consensus.cover.end() || theirs == member.cover.end()) continue;
    if (ours->second.empty() || theirs->second.empty() || ours->second == theirs->second) continue;
    throw Error(member.file, field,
                in_quotes(theirs->second) + ", and the consensus is of " + in_quotes(ours->second) +
                    ": such systems are assessed apart");
  }
}

Agreement agreement(const std::string& question, const Mark& consensus,
                    const std::vector<Answers>& members) {
  Agreement found;
  found.question = question;
  found.consensus = consensus;
  for (const auto& member : members) found.members.push_back(said(member, question));
  std::size_t with_consensus = 0;
  for (const auto& mark : found.members) {
    if (is_blank(mark)) continue;
    ++found.answered;
    const auto same = static_cast<std::size_t>(std::ranges::count(found.members, mark));
    found.most = std::max(found.most, same);
    if (mark == consensus) with_consensus = same;
  }
  found.moved = found.answered > 0 && with_consensus < found.most;
  return found;
}

}  // namespace

std::vector<Agreement> agreement_of(const QuestionSet& set, const Answers& consensus,
                                    const std::vector<Answers>& members) {
  for (const auto& member : members) check_cover(consensus, member);
  std::vector<Agreement> all;
  for (const auto& question : set.questions) {
    auto one = agreement(question.id, said(consensus, question.id), members);
    if (one.answered > 0 || !is_blank(one.consensus)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace sekimori
