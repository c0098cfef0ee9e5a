#pragma once

#include "sekimori/infer/census.h"
#include "sekimori/infer/role.h"

#include "profile.h"

#include <vector>

namespace sekimori {

/// The role of every asset, from what it serves, asks, is called and forwards.
[[nodiscard]] std::vector<RoleVerdict> decide_roles(const Facts& facts, const Census& census,
                                                    const Profiles& profiles, const ZonePlan& plan);

/// ICMP's word that somebody forbade a packet, not merely that it could not be delivered.
[[nodiscard]] bool is_prohibited(const BlockedKey& key) noexcept;

/// Both sides were heard.
[[nodiscard]] bool is_two_way(const ConversationFact& fact) noexcept;

/// The accesses that change a device's state.
[[nodiscard]] bool changes_state(Access access) noexcept;

}  // namespace sekimori
