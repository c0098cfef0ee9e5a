// What the members of a committee said, beside the consensus.

#include "sekimori/report/committee.h"

#include "json.h"

#include <algorithm>
#include <set>
#include <string>

namespace sekimori {
namespace {

using report::Json;

/// The one person who answered the sheet, else the person of its cover, else a number.
std::string name_of(const Answers& answers, std::size_t number) {
  std::set<std::string> names;
  for (const auto& [id, given] : answers.given)
    if (!given.answered_by.empty()) names.insert(given.answered_by);
  if (names.size() == 1) return *names.begin();
  const auto person = answers.cover.find("person");
  if (person != answers.cover.end() && !person->second.empty()) return person->second;
  return std::to_string(number);
}

std::string_view word_of(const Agreement& agreement) {
  if (agreement.answered == 0) return "";
  if (agreement.most == agreement.answered) return "all";
  return agreement.most * 2 > agreement.answered ? "most" : "split";
}

}  // namespace

Json committee_section(const QuestionSet& set, const Answers& consensus,
                       const std::vector<Answers>& members) {
  const auto all = agreement_of(set, consensus, members);
  Json section;
  section["members"] = Json::array();
  for (std::size_t i = 0; i < members.size(); ++i)
    section["members"].push_back(name_of(members[i], i + 1));
  auto questions = Json::array();
  for (const auto& each : all) {
    auto answers = Json::array();
    for (const auto& mark : each.members) answers.push_back(set.text(mark));
    questions.push_back({{"question", each.question},
                         {"consensus", set.text(each.consensus)},
                         {"answers", std::move(answers)},
                         {"agreement", word_of(each)},
                         {"moved", each.moved}});
  }
  for (const auto* const word : {"all", "most", "split"})
    section[word] = std::ranges::count(questions, word, [](const Json& question) {
      return question["agreement"].get<std::string>();
    });
  section["moved"] = std::ranges::count_if(all, &Agreement::moved);
  section["questions"] = std::move(questions);
  return section;
}

}  // namespace sekimori
