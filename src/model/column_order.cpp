#include "column_order.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sekimori {
namespace {

// What rules ask of a conversation before they read on.
constexpr auto kAskedFirst = std::to_array<std::string_view>(
    {"two_way",          "client_side", "server_side", "crosses",     "service",
     "protocol",         "transport",   "number",      "port",        "access",
     "client_role",      "server_role", "client_kind", "server_kind", "client_zone_kind",
     "server_zone_kind", "strength",    "encrypted",   "client",      "server",
     "capture",          "frame",       "established", "resumed",     "client_name",
     "server_name",      "first_seen",  "last_seen"});

}  // namespace

std::vector<std::string> asked_first(std::vector<std::string> columns) {
  std::ranges::reverse(columns);
  std::ranges::stable_sort(columns, {}, [](const std::string& column) {
    return std::ranges::find(kAskedFirst, column) - kAskedFirst.begin();
  });
  return columns;
}

}  // namespace sekimori
