// What kind of zone a cell is, by the roles of its members. A guess, and told as one: its
// confidence never reaches that of a declared zone.

#include "cells.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr int kMostSure = 70;

struct Count {
  int controllers = 0, safety = 0, supervisory = 0, operators = 0, office = 0, workstations = 0,
      jumps = 0;

  [[nodiscard]] int industrial() const { return controllers + supervisory; }
  [[nodiscard]] int known() const { return industrial() + office; }
};

Count count(const Cell& cell, const std::vector<RoleVerdict>& roles) {
  Count sum;
  for (const auto asset : cell.members) {
    const auto role = roles[asset - 1].role;
    if (is_controller(role)) ++sum.controllers;
    if (role == Role::safety_controller) ++sum.safety;
    if (role == Role::gateway) ++sum.controllers;
    if (is_supervisory(role)) ++sum.supervisory;
    if (is_supervisory(role) && role != Role::historian && role != Role::opc_server)
      ++sum.operators;
    if (is_office(role)) ++sum.office;
    if (role == Role::workstation) ++sum.workstations;
    if (role == Role::jump_host) ++sum.jumps;
  }
  return sum;
}

std::string told(const Count& sum) {
  std::string text;
  const auto add = [&](int number, std::string_view noun) {
    if (number == 0) return;
    text += (text.empty() ? "" : ", ") + std::to_string(number) + ' ' + std::string{noun};
    if (number != 1) text += 's';
  };
  add(sum.controllers - sum.safety, "controller");
  add(sum.safety, "safety controller");
  add(sum.supervisory, "supervisory station");
  add(sum.office, "office host");
  add(sum.jumps, "jump host");
  return text.empty() ? "no member of known role" : text;
}

void judge_alone(Cell& cell, const Count& sum) {
  cell.reason = told(sum);
  // A few controllers among many office hosts make no control network; that is for the report.
  if (sum.industrial() > 0 && 4 * sum.industrial() >= sum.known()) {
    const bool safety_only = sum.safety > 0 && sum.safety == sum.industrial() && sum.office == 0;
    cell.kind = safety_only ? ZoneKind::safety : ZoneKind::control;
    cell.confidence = 40 + 10 * std::min(3, sum.industrial()) - (sum.office > 0 ? 15 : 0);
  } else if (sum.office > 0) {
    cell.kind = ZoneKind::office;
    cell.confidence = 30 + 5 * std::min(4, sum.office);
  } else {
    cell.confidence = 20;
  }
  cell.confidence = std::min(cell.confidence, kMostSure);
}

/// Controllers that supervisory stations of another cell ask.
bool is_field(const Cell& cell, const Count& sum, const std::vector<RoleVerdict>& roles) {
  if (cell.kind != ZoneKind::control || sum.supervisory > 0 || sum.office > 0) return false;
  return std::any_of(cell.peers.begin(), cell.peers.end(), [&](RowId peer) {
    return !cell.members.contains(peer) && is_supervisory(roles[peer - 1].role);
  });
}

bool is_process(ZoneKind kind) noexcept {
  return kind == ZoneKind::control || kind == ZoneKind::field || kind == ZoneKind::safety;
}

/// Servers between an office (or the world) and a control network: nobody works at them, and
/// nothing is controlled by them.
bool is_dmz(const Cell& cell, const Count& sum, const std::map<RowId, ZoneKind>& kinds) {
  if (cell.kind == ZoneKind::safety || cell.kind == ZoneKind::field) return false;
  if (sum.controllers > 0 || sum.operators > 0 || sum.workstations > 0) return false;
  bool inward = false;
  bool outward = false;
  for (const auto peer : cell.peers) {
    const auto found = kinds.find(peer);
    if (found == kinds.end() || cell.members.contains(peer)) continue;
    inward |= is_process(found->second);
    outward |= found->second == ZoneKind::office || found->second == ZoneKind::external ||
               found->second == ZoneKind::remote;
  }
  return inward && outward;
}

}  // namespace

std::string name_of(const CellKey& key, const Cells& cells) {
  const auto place = key.segment.empty() ? "untagged segment" : std::string{key.segment};
  if (key.subnet.length == 0) return "layer 2 of " + place;
  const auto subnet = to_text(key.subnet);
  std::size_t same = 0;
  for (auto cell = cells.lower_bound({key.subnet, {}});
       cell != cells.end() && cell->first.subnet == key.subnet && same < 2; ++cell)
    ++same;
  return same > 1 ? subnet + " in " + place : subnet;
}

void judge(Cells& cells, const std::vector<RoleVerdict>& roles,
           const std::map<RowId, ZoneKind>& placed) {
  std::map<CellKey, Count> counts;
  for (auto& [key, cell] : cells) judge_alone(cell, counts[key] = count(cell, roles));
  for (auto& [key, cell] : cells) {
    if (!is_field(cell, counts[key], roles)) continue;
    cell.kind = ZoneKind::field;
    cell.reason += ", asked from another subnet";
  }
  auto kinds = placed;
  for (const auto& [key, cell] : cells)
    for (const auto asset : cell.members) kinds.emplace(asset, cell.kind);
  std::vector<CellKey> between;
  for (const auto& [key, cell] : cells)
    if (is_dmz(cell, counts[key], kinds)) between.push_back(key);
  for (const auto& key : between) {
    auto& cell = cells[key];
    cell.kind = ZoneKind::dmz;
    cell.confidence = 35;
    cell.reason += ", and it talks with both sides";
  }
}

}  // namespace sekimori
