#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"
#include "sekimori/reconcile/answers.h"

#include <algorithm>

namespace sekimori {
namespace {

bool is_blank(const std::string& text) {
  return stripped(text).empty();
}

std::string known_words(const Question& question, const QuestionSet& set) {
  std::string words;
  for (const auto choice : question.choices) words += set.scale.choices[choice].id + ", ";
  return words + "na";
}

}  // namespace

AnswerGatherer::AnswerGatherer(const QuestionSet& set, std::string_view file) : set_(set) {
  answers_.file = file;
}

AnswerCell AnswerGatherer::cell(const std::string& text, const std::string& place,
                                const Question& question) const {
  const auto refuse = [&]() {
    throw Error(answers_.file, place,
                in_quotes(text) + " is not an answer to question " + question.id + " (" +
                    known_words(question, set_) + ')');
  };
  const auto may_stand = [&](const Mark& mark) {
    return mark.choice == Mark::kNoChoice ||
           std::ranges::find(question.choices, mark.choice) != question.choices.end();
  };
  auto read = read_answer_cell(text, set_);
  if (!read || !may_stand(read->mark) || (read->after && !may_stand(*read->after))) refuse();
  return *read;
}

void AnswerGatherer::add(const Row& row) {
  const bool says = !is_blank(row.answer) || !is_blank(row.after);
  if (!says && is_blank(row.note)) return;

  const auto id = normal_id(row.id, set_);
  const auto* const question = id ? set_.find(*id) : nullptr;
  if (question == nullptr) {
    UnknownAnswer unknown{std::string{stripped(row.id)}, row.answer, row.note, row.where};
    notice(
        {"unknown-answer",
         {{"where", row.where}, {"id", in_quotes(unknown.id)}, {"text", in_quotes(row.answer)}}});
    answers_.unknown.push_back(std::move(unknown));
    return;
  }

  const auto before = cell(row.answer, row.answer_place, *question);
  GivenAnswer given;
  given.question = question->id;
  given.mark = before.mark;
  given.after = before.after;
  given.alternate = before.alternate;
  given.note = stripped(row.note);
  if (!before.memo.empty()) given.note += (given.note.empty() ? "" : "\n") + before.memo;
  if (!is_blank(row.after)) {
    const auto after = cell(row.after, row.after_place, *question);
    if (after.after || (given.after && *given.after != after.mark))
      throw Error(answers_.file, row.after_place,
                  in_quotes(row.after) + " and " + in_quotes(row.answer) +
                      " are two answers for after the improvement");
    given.after = after.mark;
    given.alternate = given.alternate || after.alternate;
  }
  const bool not_applicable = given.mark.means == Answer::not_applicable ||
                              (given.after && given.after->means == Answer::not_applicable);
  if (not_applicable && given.note.empty())
    throw Error(
        answers_.file, row.answer_place,
        in_quotes(row.answer) + " needs a note: why does question " + question->id + " not apply?");
  plan(given, row);
  keep(std::move(given), row);
}

/// How the improvement is to be made: kinds by id or title; the difficulty also out of the note, as
/// in `難易度：低`.
void AnswerGatherer::plan(GivenAnswer& given, const Row& row) const {
  const auto key = [&](const std::string& text, const std::map<std::string, Bilingual>& titles,
                       const char* column) -> std::string {
    const auto word = normal_word(text);
    if (word.empty()) return "";
    std::string known;
    for (const auto& [id, title] : titles) {
      if (word == normal_word(id) || word == normal_word(title.en) || word == normal_word(title.ja))
        return id;
      known += (known.empty() ? "" : ", ") + id;
    }
    throw Error(answers_.file, row.where + ", column " + column,
                in_quotes(text) + " is not one of " + known);
  };
  given.fix = key(row.fix, set_.fix_types, "fix");
  given.difficulty = key(row.difficulty, set_.difficulties, "difficulty");
  given.obstacle = key(row.obstacle, set_.obstacles, "obstacle");
  if (!given.difficulty.empty()) return;
  const auto note = normal_word(given.note);
  for (const std::string_view sign : {"\xe9\x9b\xa3\xe6\x98\x93\xe5\xba\xa6:", "difficulty:"}) {
    const auto at = note.find(sign);
    if (at == std::string::npos) continue;
    const auto rest = stripped(std::string_view{note}.substr(at + sign.size()));
    for (const auto& [id, title] : set_.difficulties)
      if (rest.starts_with(normal_word(title.en)) || rest.starts_with(normal_word(title.ja)))
        given.difficulty = id;
  }
}

void AnswerGatherer::keep(GivenAnswer given, const Row& row) {
  given.evidence_ref = stripped(row.evidence_ref);
  given.answered_by = stripped(row.answered_by);
  given.answered_on = stripped(row.answered_on);
  given.where = row.where;
  const auto found = answers_.given.find(given.question);
  if (found == answers_.given.end()) {
    answers_.given.emplace(given.question, std::move(given));
    return;
  }
  const auto& first = found->second;
  if (first.mark != given.mark || first.after != given.after)
    throw Error(answers_.file, row.answer_place,
                "question " + given.question + " has another answer at " + first.where);
  found->second = std::move(given);
}

void AnswerGatherer::add_cover(const std::string& field, const std::string& value,
                               const std::string& where) {
  const auto found = std::ranges::find(set_.cover, field, &CoverField::id);
  if (found == set_.cover.end()) throw Error(answers_.file, where, "no such field of the cover");
  auto said = std::string{stripped(value)};
  if (!found->values.empty() && !said.empty()) {
    said = normal_word(said);
    std::string known;
    for (const auto& each : found->values) known += (known.empty() ? "" : ", ") + each;
    if (std::ranges::find(found->values, said) == found->values.end())
      throw Error(answers_.file, where, in_quotes(value) + " is not one of " + known);
  }
  const auto [place, added] = answers_.cover.emplace(field, said);
  if (!added && place->second != said)
    throw Error(answers_.file, where, in_quotes(field) + " stands twice");
}

Answers AnswerGatherer::take() {
  return std::move(answers_);
}

}  // namespace sekimori
