#pragma once

#include "zones.h"

#include <vector>

namespace sekimori {

/// Both ends of every conversation, their zones, and which are second sightings of the same
/// packets, in the order of the facts.
[[nodiscard]] std::vector<ConversationLinks> link_conversations(const Facts& facts,
                                                                const Census& census,
                                                                const ZoneMap& zones);

[[nodiscard]] std::vector<ServiceRow> list_services(const Facts& facts,
                                                    const std::vector<ConversationLinks>& links);

[[nodiscard]] std::vector<ConduitRow> list_conduits(const Facts& facts,
                                                    const std::vector<ConversationLinks>& links);

/// Somebody answered: more than resets.
[[nodiscard]] bool is_answered(const ConversationKey& key, const ConversationFact& fact) noexcept;

}  // namespace sekimori
