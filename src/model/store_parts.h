#pragma once

#include "sekimori/model/database.h"
#include "sekimori/model/derived_columns.h"
#include "sekimori/model/facts.h"

#include <string_view>

namespace sekimori {

/// Fills the tables of facts of an empty model, those without derived columns first.
void write_facts(const Facts& facts, Database& database, const ColumnSource& columns);

/// What write_facts wrote. `beside`, where it is given, is another connection to the same model:
/// what happened in conversations is read through it at the same time.
[[nodiscard]] Facts read_facts(Database& database, Database* beside);

/// Nanoseconds in a second.
inline constexpr double kSecond = 1e9;

}  // namespace sekimori
