// Zones as declared; where nothing is declared, one zone a subnet and segment.

#include "zones.h"

#include "cells.h"
#include "evidence.h"

#include <algorithm>
#include <map>
#include <set>

namespace sekimori {
namespace {

constexpr int kDeclared = 95;
constexpr int kGuessed = 20;
constexpr Prefix kNoSubnet{{}, 0};

std::string text_of_level(double level) {
  auto text = std::to_string(level);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

class ZoneMaker {
 public:
  ZoneMaker(const Facts& facts, const Census& census, const ZonePlan& plan,
            const std::vector<RoleVerdict>& roles, ZoneMap& out)
      : facts_(facts), census_(census), plan_(plan), roles_(roles), out_(out) {}

  void make() {
    out_.assets_.resize(census_.members().size());
    out_.split_.assign(census_.members().size(), false);
    declare();
    place_declared();
    propose();
    place_external();
    place_rest();
    place_in_segments();
    find_split();
  }

 private:
  [[nodiscard]] static RowId row_of(std::size_t planned) { return static_cast<RowId>(planned + 1); }

  void declare() {
    for (const auto& zone : plan_.zones()) {
      ZoneRow row;
      row.name = zone.name_en;
      row.name_ja = zone.name_ja;
      row.kind = zone.kind;
      row.level = zone.level ? zone.level : default_level(zone.kind);
      row.declared = true;
      row.confidence = 100;
      row.reason = "declared in the zone plan";
      out_.rows_.push_back(row);
    }
  }

  /// Stations that take part in zones at all.
  [[nodiscard]] bool is_placed_by_address(RowId asset) const {
    const auto& member = census_.member(asset);
    return !member.excluded && member.kind != AssetKind::group && member.kind != AssetKind::unit;
  }

  void place_declared() {
    std::map<RowId, ZoneAnswer> by_mac;
    for (const auto& row : census_.addresses()) {
      if (!is_placed_by_address(row.asset) || row.on_link == OnLink::no) continue;
      const auto zone = plan_.zone_of(row.mac);
      if (!zone || census_.of(row.mac) != row.asset) continue;
      by_mac.emplace(row.asset, ZoneAnswer{row_of(*zone), kDeclared,
                                           "declared by its MAC " + to_text(row.mac)});
    }
    std::map<RowId, ZoneAnswer> by_segment;
    for (const auto& row : census_.addresses()) {
      if (!is_placed_by_address(row.asset)) continue;
      if (const auto whole = by_mac.find(row.asset); whole == by_mac.end()) {
        place_by_subnet(row);
        place_by_segment(row, by_segment);
      } else if (row.ip.is_set()) {
        out_.addresses_[{row.asset, row.ip}] = whole->second.zone;
      }
    }
    for (RowId asset = 1; asset <= out_.assets_.size(); ++asset)
      answer_declared(asset, by_mac, by_segment);
  }

  void place_by_subnet(const AddressRow& row) {
    if (!row.ip.is_set()) return;
    if (const auto zone = plan_.zone_of(row.ip, own_segment(row)))
      out_.addresses_[{row.asset, row.ip}] = row_of(*zone);
  }

  /// Only stations that stand in a VLAN are of its zone, not what was seen to pass through it.
  void place_by_segment(const AddressRow& row, std::map<RowId, ZoneAnswer>& by_segment) {
    const bool own = row.mac.is_set() && census_.of(row.mac) == row.asset;
    if (row.on_link != OnLink::yes && !own) return;
    const auto zone = plan_.zone_of_segment(row.segment);
    if (!zone) return;
    const auto [place, added] = by_segment.emplace(
        row.asset, ZoneAnswer{row_of(*zone), kDeclared - 5, "declared by its " + row.segment});
    if (row.ip.is_set()) out_.addresses_.try_emplace({row.asset, row.ip}, place->second.zone);
  }

  /// Where the address itself stands; it may be seen elsewhere too, behind a router.
  [[nodiscard]] std::string_view own_segment(const AddressRow& row) const {
    const auto& member = census_.member(row.asset);
    return row.on_link != OnLink::no || member.ip != row.ip ? std::string_view{row.segment}
                                                            : member.segment;
  }

  void answer_declared(RowId asset, const std::map<RowId, ZoneAnswer>& by_mac,
                       const std::map<RowId, ZoneAnswer>& by_segment) {
    auto& answer = out_.assets_[asset - 1];
    if (const auto found = by_mac.find(asset); found != by_mac.end()) {
      answer = found->second;
      return;
    }
    const auto& ip = census_.member(asset).ip;
    if (const auto zone = out_.addresses_.find({asset, ip}); zone != out_.addresses_.end()) {
      answer = {zone->second, kDeclared, "declared by its address " + to_text(ip)};
      return;
    }
    if (const auto found = by_segment.find(asset); found != by_segment.end())
      answer = found->second;
  }

  // ---- proposals

  using CellOfAddress = boost::container::flat_map<std::pair<RowId, IpAddress>, CellKey>;

  [[nodiscard]] bool needs_proposal(const AddressRow& row) const {
    const auto& member = census_.member(row.asset);
    return is_placed_by_address(row.asset) && member.kind == AssetKind::device && row.ip.is_set() &&
           is_station(row.ip) && !row.ip.is_link_local() &&
           !out_.addresses_.contains({row.asset, row.ip});
  }

  /// Segments that hold the same machines of one subnet are one: a mirror that shows them tagged
  /// and untagged.
  void collect_segments() {
    RowId asset = kNoRow;
    CellKey first;  // of the asset, in one subnet: its rows there follow each other
    CellKey before;
    for (const auto& row : census_.addresses()) {
      if (!needs_proposal(row) || row.on_link != OnLink::yes) continue;
      const CellKey here{usual_subnet(row.ip), row.segment};
      if (asset == kNoRow || here != before) same_.try_emplace(here, here.segment);
      before = here;
      if (row.asset == asset && here.subnet == first.subnet) {
        join(here.subnet, first.segment, here.segment);
      } else {
        asset = row.asset;
        first = here;
      }
    }
    for (const auto& [key, segment] : same_) roots_[key.subnet].insert(root(key));
  }

  /// Halves the path on the way.
  [[nodiscard]] std::string_view root(CellKey key) {
    for (;;) {
      const auto found = same_.find(key);
      if (found == same_.end() || found->second == key.segment) return key.segment;
      found->second = same_.at({key.subnet, found->second});
      key.segment = found->second;
    }
  }

  void join(const Prefix& subnet, std::string_view one, std::string_view other) {
    one = root({subnet, one});
    other = root({subnet, other});
    // The tagged one says more than "", so the greater leads.
    same_[{subnet, std::min(one, other)}] = std::max(one, other);
  }

  [[nodiscard]] CellKey cell_of(const AddressRow& row) {
    const auto subnet = usual_subnet(row.ip);
    const auto found = roots_.find(subnet);
    if (found == roots_.end()) return {subnet, {}};
    if (row.on_link == OnLink::yes) return {subnet, root({subnet, row.segment})};
    if (found->second.size() == 1) return {subnet, *found->second.begin()};
    return {subnet, found->second.contains(row.segment) ? std::string_view{row.segment} : ""};
  }

  void propose() {
    collect_segments();
    CellOfAddress cells;
    for (const auto& row : census_.addresses()) {
      if (!needs_proposal(row)) continue;
      // Rows of one address follow each other; the one on the link decides.
      const auto known = cells.size();
      const auto place =
          cells.emplace_hint(cells.end(), std::pair{row.asset, row.ip}, cell_of(row));
      if (cells.size() == known && row.on_link == OnLink::yes) place->second = cell_of(row);
    }
    follow_dual_stack(cells);
    by_address_.reserve(cells.size());
    auto cell = cells_.end();
    for (const auto& [address, key] : cells) {
      const auto& [asset, ip] = address;
      if (cell == cells_.end() || cell->first != key) cell = cells_.try_emplace(key).first;
      auto& members = cell->second.members;
      if (census_.member(asset).ip == ip || !cells.contains({asset, census_.member(asset).ip}))
        members.insert(members.end(), asset);
      by_address_.emplace_hint(by_address_.end(), address, &*cell);
    }
    place_layer_2();
    collect_peers();
    std::map<RowId, ZoneKind> placed;
    for (RowId asset = 1; asset <= out_.assets_.size(); ++asset) {
      if (out_.assets_[asset - 1].zone != kNoRow)
        placed[asset] = out_.kind(out_.assets_[asset - 1].zone);
      else if (census_.member(asset).kind == AssetKind::external)
        placed[asset] = ZoneKind::external;
    }
    judge(cells_, roles_, placed);
    number_cells();
  }

  /// Machines of one IPv4 cell that also speak IPv6 do not stand in two zones for it.
  void follow_dual_stack(CellOfAddress& cells) const {
    std::map<CellKey, std::set<CellKey>> twins;
    for (const auto& [address, key] : cells) {
      const auto& [asset, ip] = address;
      const auto& primary = census_.member(asset).ip;
      const auto twin = cells.find({asset, primary});
      if (!ip.is_v4() && primary.is_v4() && twin != cells.end()) twins[key].insert(twin->second);
    }
    for (auto& [address, key] : cells) {
      const auto found = twins.find(key);
      if (found != twins.end() && found->second.size() == 1) key = *found->second.begin();
    }
  }

  /// Stations without a usable IP go to the only or largest cell of their segment.
  void place_layer_2() {
    std::map<std::string_view, CellKey> largest;
    std::map<std::string_view, std::size_t> size;
    for (const auto& [key, cell] : cells_) {
      auto& best = size[key.segment];
      if (cell.members.size() <= best) continue;
      best = cell.members.size();
      largest[key.segment] = key;
    }
    std::vector<bool> has_cell(out_.assets_.size() + 1);
    for (const auto& [address, key] : by_address_) has_cell[address.first] = true;
    for (const auto& row : census_.addresses()) {
      const auto& member = census_.member(row.asset);
      if (!is_placed_by_address(row.asset) || member.kind != AssetKind::device) continue;
      if (out_.assets_[row.asset - 1].zone != kNoRow || has_cell[row.asset]) continue;
      if (layer_2_.contains(row.asset)) continue;
      const auto found = largest.find(row.segment);
      const auto key = found != largest.end() ? found->second : CellKey{kNoSubnet, row.segment};
      layer_2_[row.asset] = key;
      if (found == largest.end()) cells_[key].members.insert(row.asset);
    }
  }

  void collect_peers() {
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.conversations) {
      const auto [client, server] = census_.ends()[place++];
      if (!is_two_way(fact)) continue;
      if (client == kNoRow || server == kNoRow) continue;
      if (const auto cell = by_address_.find({client, key.client_ip}); cell != by_address_.end())
        cell->second->second.peers.insert(server);
      if (const auto cell = by_address_.find({server, key.server_ip}); cell != by_address_.end())
        cell->second->second.peers.insert(client);
    }
  }

  using ZoneOfAddress = std::vector<std::pair<std::pair<RowId, IpAddress>, RowId>>;

  /// What is in order, and of addresses that have no zone yet.
  void add(const ZoneOfAddress& zones) {
    out_.addresses_.insert(boost::container::ordered_unique_range, zones.begin(), zones.end());
  }

  void number_cells() {
    for (auto& [key, cell] : cells_) {
      ZoneRow row;
      row.name = row.name_ja = name_of(key, cells_);
      row.kind = cell.kind;
      row.level = default_level(cell.kind);
      row.confidence = cell.confidence;
      row.reason = "proposed: " + cell.reason;
      out_.rows_.push_back(row);
      cell.zone = static_cast<RowId>(out_.rows_.size());
    }
    ZoneOfAddress proposed;
    proposed.reserve(by_address_.size());
    for (const auto& [address, cell] : by_address_)
      proposed.emplace_back(address, cell->second.zone);
    add(proposed);
    for (const auto& [asset, key] : layer_2_) {
      const bool own = key.subnet == kNoSubnet;
      const auto& cell = cells_.at(key);
      out_.assets_[asset - 1] = {
          cell.zone, own ? cell.confidence : kGuessed,
          own ? "no IP address; its segment" : "no IP address; the largest subnet of its segment",
          !own};
    }
    for (RowId asset = 1; asset <= out_.assets_.size(); ++asset) {
      auto& answer = out_.assets_[asset - 1];
      if (answer.zone != kNoRow) continue;
      const auto& member = census_.member(asset);
      auto found = by_address_.find({asset, member.ip});
      if (found == by_address_.end()) {
        found = by_address_.lower_bound({asset, IpAddress{}});
        if (found == by_address_.end() || found->first.first != asset) continue;
      }
      const auto& [key, cell] = *found->second;
      answer = {cell.zone, cell.confidence, "proposed by its subnet " + to_text(key.subnet)};
    }
  }

  // ---- what has no address of its own in a zone

  [[nodiscard]] RowId declared_internet() const {
    for (std::size_t i = 0; i < plan_.zones().size(); ++i) {
      const auto& zone = plan_.zones()[i];
      if (zone.kind == ZoneKind::external && zone.subnets.empty() && zone.segments.empty() &&
          zone.macs.empty())
        return row_of(i);
    }
    return kNoRow;
  }

  RowId add_internet() {
    ZoneRow row;
    row.name = "external";
    row.name_ja = "外部";
    const auto taken = [&](const ZoneRow& other) { return other.name == row.name; };
    while (std::any_of(out_.rows_.begin(), out_.rows_.end(), taken)) row.name += " (other)";
    row.kind = ZoneKind::external;
    row.level = default_level(row.kind);
    row.confidence = 90;
    row.reason = "global addresses that nothing shows to be on site";
    out_.rows_.push_back(row);
    return static_cast<RowId>(out_.rows_.size());
  }

  void place_external() {
    auto internet = declared_internet();
    ZoneOfAddress external;
    for (RowId asset = 1; asset <= out_.assets_.size(); ++asset) {
      const auto& member = census_.member(asset);
      auto& answer = out_.assets_[asset - 1];
      if (member.kind != AssetKind::external || answer.zone != kNoRow || member.excluded) continue;
      if (internet == kNoRow) internet = add_internet();
      answer = {internet, 90, "a global address in no declared zone"};
      external.emplace_back(std::pair{asset, member.ip}, internet);
    }
    add(external);
  }

  void place_rest() {
    for (RowId asset = 1; asset <= out_.assets_.size(); ++asset) {
      const auto& member = census_.member(asset);
      auto& answer = out_.assets_[asset - 1];
      if (member.excluded) {
        answer = {kNoRow, 0, "left out: the zone plan says that it is not the plant's"};
      } else if (member.kind == AssetKind::group) {
        answer = {kNoRow, 0, "a group address is in the zone of whoever sends to it"};
      } else if (member.kind == AssetKind::unit) {
        answer = out_.assets_[member.behind - 1];
      } else if (answer.zone == kNoRow) {
        answer.reason = "no address tells its zone";
      }
    }
  }

  /// The zone in which a station talks below IP: that of its address in the segment.
  void place_in_segments() {
    std::vector<std::pair<std::pair<RowId, std::string_view>, RowId>> found;
    for (const auto& row : census_.addresses()) {
      if (row.on_link != OnLink::yes || !row.ip.is_set()) continue;
      const auto zone = out_.of(row.asset, row.ip);
      if (zone != kNoRow) found.push_back({{row.asset, row.segment}, zone});
    }
    // Of several addresses in a segment the first tells.
    std::ranges::stable_sort(found, {}, [](const auto& entry) { return entry.first; });
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    out_.segments_.insert(boost::container::ordered_unique_range, found.begin(), found.end());
  }

  void find_split() {
    for (const auto& [address, zone] : out_.addresses_)
      if (zone != out_.assets_[address.first - 1].zone) out_.split_[address.first - 1] = true;
  }

  const Facts& facts_;
  const Census& census_;
  const ZonePlan& plan_;
  const std::vector<RoleVerdict>& roles_;
  ZoneMap& out_;
  std::map<CellKey, std::string_view> same_;  // segment -> one nearer the root
  std::map<Prefix, std::set<std::string_view>> roots_;
  boost::container::flat_map<std::pair<RowId, IpAddress>, Cells::value_type*> by_address_;
  std::map<RowId, CellKey> layer_2_;
  Cells cells_;
};

ZoneMap::ZoneMap(const Facts& facts, const Census& census, const ZonePlan& plan,
                 const std::vector<RoleVerdict>& roles) {
  ZoneMaker{facts, census, plan, roles, *this}.make();
}

RowId ZoneMap::of(RowId asset, const IpAddress& ip) const {
  if (asset == kNoRow) return kNoRow;
  const auto found = addresses_.find({asset, ip});
  return found != addresses_.end() ? found->second : assets_[asset - 1].zone;
}

RowId ZoneMap::of(RowId asset, std::string_view segment) const {
  if (asset == kNoRow) return kNoRow;
  const auto found = segments_.find({asset, segment});
  return found != segments_.end() ? found->second : kNoRow;
}

namespace {

/// ISA-95 and the Purdue model: 1 controls, 2 supervises, 3 runs the site.
std::optional<double> level_of(Role role) noexcept {
  if (is_controller(role)) return 1;
  switch (role) {
    case Role::hmi:
    case Role::scada_server:
    case Role::engineering_station:
      return 2;
    case Role::historian:
    case Role::opc_server:
      return 3;
    case Role::jump_host:
      return 3.5;
    case Role::external:
      return 5;
    default:
      return std::nullopt;
  }
}

bool is_plant(ZoneKind kind) noexcept {
  return kind == ZoneKind::control || kind == ZoneKind::field || kind == ZoneKind::wireless ||
         kind == ZoneKind::safety;
}

}  // namespace

LevelAnswer level_of(const Member& member, const RoleVerdict& role, const ZoneAnswer& answer,
                     const ZoneRow* zone, const ZonePlan& plan) {
  if (member.kind == AssetKind::group) return {std::nullopt, 0, "a group address has no level"};
  const auto by_role = level_of(role.role);
  if (zone != nullptr && zone->declared) {
    const auto& declared = plan.zones()[answer.zone - 1];
    if (declared.level)
      return {declared.level, kDeclared, "the zone is declared to be of this level"};
    // A control zone holds panels and controllers alike: there the role says more.
    if (by_role && is_plant(zone->kind) && *by_role <= 3)
      return {by_role, std::min(80, role.confidence + 20),
              "role " + std::string{to_text(role.role)} + " in a zone declared as " +
                  std::string{to_text(zone->kind)}};
    if (zone->level)
      return {zone->level, 80, "usual for a zone declared as " + std::string{to_text(zone->kind)}};
  }
  if (by_role)
    return {by_role, role.confidence * 9 / 10, "usual for role " + std::string{to_text(role.role)}};
  if (member.kind == AssetKind::unit)
    return {1, 40, "a unit behind another's address is a field device or a controller"};
  if (zone != nullptr && zone->level && zone->kind != ZoneKind::unknown)
    return {zone->level, answer.confidence * 7 / 10,
            "level " + text_of_level(*zone->level) + " is usual for a zone proposed as " +
                std::string{to_text(zone->kind)}};
  return {std::nullopt, 0, "neither role nor zone tells"};
}

}  // namespace sekimori
