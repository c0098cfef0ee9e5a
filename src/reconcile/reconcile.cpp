#include "sekimori/reconcile/reconcile.h"

namespace sekimori {
namespace {

void bind_number(Statement& statement, int position, const std::optional<std::int64_t>& value) {
  if (value)
    statement.bind(position, *value);
  else
    statement.bind_null(position);
}

void write_facts(Statement& insert, const Verdict& verdict, std::int64_t system) {
  for (const auto& fact : verdict.facts) {
    insert.bind(1, verdict.question)
        .bind(2, fact.rule)
        .bind(3, to_text(fact.kind))
        .bind(4, to_text(fact.strength))
        .bind(5, fact.text.en)
        .bind(6, fact.text.ja);
    bind_number(insert, 7, fact.conversation);
    bind_number(insert, 8, fact.capture);
    bind_number(insert, 9, fact.frame);
    bind_number(insert, 10, fact.last_capture);
    bind_number(insert, 11, fact.last_frame);
    insert.bind(12, system);
    insert.run();
  }
}

void write_verdicts(Database& model, const QuestionSet& set, const Reconciliation& result,
                    std::int64_t system) {
  for (const auto* const table : {"verdict", "verdict_fact"}) {
    auto old = model.prepare("DELETE FROM " + std::string{table} + " WHERE system = ?");
    old.bind(1, system).run();
  }
  auto insert = model.prepare(
      "INSERT INTO verdict (question, area, claimed, evidence, adjusted, verdict, weight, note_en, "
      "note_ja, flag, system) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  auto insert_fact = model.prepare(
      "INSERT INTO verdict_fact (question, rule, kind, strength, text_en, text_ja, conversation, "
      "capture, frame, last_capture, last_frame, system) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?)");
  for (const auto& verdict : result.verdicts) {
    insert.bind(1, verdict.question)
        .bind(2, verdict.area)
        .bind(3, set.text(verdict.claimed))
        .bind(4, to_text(verdict.evidence))
        .bind(5, set.text(verdict.adjusted))
        .bind(6, to_text(verdict.code))
        .bind(7, set.points(verdict.weight))
        .bind(8, verdict.note.en)
        .bind(9, verdict.note.ja)
        .bind(10, std::int64_t{verdict.flag ? 1 : 0})
        .bind(11, system);
    insert.run();
    write_facts(insert_fact, verdict, system);
  }
}

}  // namespace

Reconciliation reconcile(Database& model, const QuestionSet& set, const Answers& answers,
                         const MergePolicy& policy, const GatheredEvidence& evidence,
                         std::int64_t system) {
  auto result = judge(set, answers, policy, evidence);
  // A savepoint, because the caller may be in a transaction of its own.
  model.execute("SAVEPOINT verdicts");
  write_verdicts(model, set, result, system);
  model.execute("RELEASE verdicts");
  return result;
}

Reconciliation reconcile(Database& model, const QuestionSet& set, const Answers& answers,
                         const MergePolicy& policy, std::int64_t system) {
  return reconcile(model, set, answers, policy, gather_evidence(model, set, answers, policy),
                   system);
}

}  // namespace sekimori
