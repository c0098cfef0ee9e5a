// The improvement plan: what was told as planned, and what else would bring points.

#include "context.h"

#include <algorithm>

namespace sekimori::report {

Json plan_section(const Context& context) {
  const auto& set = context.from.questions;
  const auto& total = context.from.verdicts.total;
  const auto fixes = plan_of(set, context.from.verdicts, context.from.policy);
  auto steps = Json::array();
  for (const auto& fix : fixes) {
    const auto& question = *set.find(fix.question);
    const auto verdict =
        std::ranges::find(context.from.verdicts.verdicts, fix.question, &Verdict::question);
    steps.push_back({{"question", fix.question},
                     {"area", question.area},
                     {"text", text_of(question.text)},
                     {"criterion", text_of(question.yes_when)},
                     {"claimed", set.text(verdict->claimed)},
                     {"adjusted", set.text(verdict->adjusted)},
                     {"target", set.text(fix.target)},
                     {"gain", set.points(fix.gain)},
                     {"per_effort", Json::parse(short_decimal(fix.per_effort, 4))},
                     {"fix", fix.fix},
                     {"difficulty", fix.difficulty},
                     {"obstacle", fix.obstacle},
                     {"planned", fix.planned},
                     {"easy", fix.easy},
                     {"contradicted", fix.contradicted},
                     {"memo", verdict->memo}});
  }
  Json section;
  section["numbered"] = total.numbered;
  section["yes"] = total.yes;
  section["after_yes"] = total.after_yes;
  section["easy"] =
      std::ranges::count_if(fixes, [](const PlannedFix& fix) { return fix.planned && fix.easy; });
  section["steps"] = std::move(steps);
  return section;
}

}  // namespace sekimori::report
