#include "sekimori/infer/role.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace sekimori {
namespace {

constexpr std::array<std::string_view, kRoleCount> kTexts{
    "unknown",      "plc",          "rtu",
    "ied",          "io",           "safety_controller",
    "hmi",          "historian",    "engineering_station",
    "scada_server", "opc_server",   "workstation",
    "server",       "router",       "switch",
    "firewall",     "access_point", "gateway",
    "jump_host",    "printer",      "camera",
    "external"};

constexpr int kMostCertain = 95;
constexpr std::size_t kFactsTold = 4;

void tell(const RoleEvidence& evidence, std::string& text) {
  if (!text.empty()) text += "; ";
  text.append(evidence.text).append(" (").append(std::to_string(evidence.points)).append(")");
}

}  // namespace

std::string_view to_text(Role role) noexcept {
  return kTexts[static_cast<std::size_t>(role)];
}

bool is_controller(Role role) noexcept {
  return role == Role::plc || role == Role::rtu || role == Role::ied || role == Role::io ||
         role == Role::safety_controller;
}

bool is_supervisory(Role role) noexcept {
  return role == Role::hmi || role == Role::historian || role == Role::engineering_station ||
         role == Role::scada_server || role == Role::opc_server;
}

bool is_office(Role role) noexcept {
  return role == Role::workstation || role == Role::server || role == Role::printer ||
         role == Role::camera;
}

bool is_network(Role role) noexcept {
  return role == Role::router || role == Role::network_switch || role == Role::firewall ||
         role == Role::access_point;
}

RoleVerdict decide(std::vector<RoleEvidence> evidence) {
  std::sort(evidence.begin(), evidence.end(), [](const auto& a, const auto& b) {
    return std::tie(b.points, a.role, a.text) < std::tie(a.points, b.role, b.text);
  });
  std::array<int, kRoleCount> points{};
  for (const auto& one : evidence) points[static_cast<std::size_t>(one.role)] += one.points;
  points[0] = 0;

  std::size_t best = 0;
  std::size_t second = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i] > points[best]) {
      second = best;
      best = i;
    } else if (points[i] > points[second]) {
      second = i;
    }
  }
  if (best == 0) return {Role::unknown, 0, "no fact speaks for a role"};

  const auto named = [&](std::size_t role) {
    return std::string{kTexts[role]} + ' ' + std::to_string(points[role]);
  };
  RoleVerdict verdict;
  std::size_t listed = 0;
  std::size_t more = 0;
  for (const auto& one : evidence) {
    if (static_cast<std::size_t>(one.role) != best) continue;
    if (listed++ < kFactsTold) {
      tell(one, verdict.reason);
    } else {
      ++more;
    }
  }
  if (more > 0) verdict.reason += "; and " + std::to_string(more) + " more";
  if (points[best] < kLeastPoints) {
    verdict.reason = "too little to say " + named(best) + ": " + verdict.reason;
    return verdict;
  }
  verdict.role = static_cast<Role>(best);
  // Alone, its points; beside an equal one, two thirds of them.
  const int top = std::min(points[best], kMostCertain);
  const int rival = std::min(points[second], top);
  verdict.confidence = top * 2 * top / (2 * top + rival);
  if (second != 0) verdict.reason += "; runner-up " + named(second);
  return verdict;
}

}  // namespace sekimori
