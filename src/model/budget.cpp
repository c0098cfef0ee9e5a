#include "budget.h"

#include "sekimori/dissect/session.h"
#include "sekimori/flow/flow_table.h"

#include <algorithm>

namespace sekimori {

Budget budget_of(std::size_t memory, unsigned threads) noexcept {
  const auto share = memory / std::max(1U, threads);
  Budget budget;
  budget.flows.flows = std::max<std::size_t>(1024, share / 4 / FlowTable<Flow<Session>>::kEach);
  budget.flows.holes_bytes = share / 32;
  budget.flows.held_bytes = share / 20;
  budget.fragments.bytes = share / 64;
  budget.facts.conversations = share / 10;
  budget.facts.operations = share / 12;
  budget.facts.bindings = share / 32;
  budget.facts.properties = share / 40;
  budget.facts.events = share / 32;
  budget.facts.blocked = share / 80;
  budget.facts.segments = std::min<std::size_t>(budget.facts.segments, share / 8192);
  return budget;
}

}  // namespace sekimori
