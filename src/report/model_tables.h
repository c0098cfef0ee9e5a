#pragma once

#include "sekimori/model/database.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::report {

// Queries of whole tables for spreadsheets. A column named `time:x` holds nanoseconds.
extern const std::string_view kAssets, kConversations;

/// Hands over the names of a query's columns, then each row; times as RFC 3339.
void read_table(Database& model, std::string_view query,
                const std::function<void(const std::vector<std::string>&)>& head,
                const std::function<void(const std::vector<Value>&)>& line);

}  // namespace sekimori::report
