#pragma once

#include "sekimori/model/database.h"
#include "sekimori/model/facts.h"

#include <string_view>

namespace sekimori {

/// Fills the tables of facts of an empty model.
void write_facts(const Facts& facts, Database& database);

/// What write_facts wrote.
[[nodiscard]] Facts read_facts(Database& database);

/// Nanoseconds in a second.
inline constexpr double kSecond = 1e9;

}  // namespace sekimori
