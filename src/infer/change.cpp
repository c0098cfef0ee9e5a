#include "sekimori/infer/change.h"

#include "sekimori/infer/inference.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace sekimori {
namespace {

constexpr auto kNames =
    std::to_array<std::string_view>({"new-asset", "new-conduit", "new-operation",
                                     "program-download", "mode-change", "wall-broken"});
static_assert(kNames.size() == kChangeKindCount);

/// An operation whatever its target.
using OperationKind = std::tuple<std::string, std::uint32_t, Sender>;

OperationKind kind_of(const OperationKey& key) {
  return {key.protocol, key.code, key.sender};
}

std::string end_text(const IpAddress& ip, const Mac& mac) {
  return ip.is_set() ? to_text(ip) : to_text(mac);
}

bool is_answered_both_ways(const ConversationFact& fact) {
  return fact.client_packets > 0 && fact.server_packets > 0;
}

class Finder {
 public:
  Finder(const Facts* baseline, const Facts& now, const ZonePlan& plan)
      : baseline_(baseline), now_(now) {
    if (baseline != nullptr) {
      both_ = *baseline;
      both_.join(now);
      all_ = &both_;
    }
    inferred_ = infer(*all_, plan);
    if (baseline != nullptr) {
      note_walls(infer(*baseline, plan));
      note_stations();
    }
  }

  std::vector<Change> run() {
    watch_conversations();
    if (baseline_ != nullptr) watch_walls();
    std::ranges::sort(changes_, [](const Change& a, const Change& b) {
      return std::tuple{a.seen.time, a.kind, a.key()} < std::tuple{b.seen.time, b.kind, b.key()};
    });
    return std::move(changes_);
  }

 private:
  [[nodiscard]] const std::string& zone_name(RowId zone) const {
    static const std::string none;
    return zone == kNoRow ? none : inferred_.zones[zone - 1].name;
  }

  using NamePair = std::pair<std::string, std::string>;

  static NamePair names_of(const std::vector<ZoneRow>& zones, const WallRow& wall) {
    return std::minmax(zones[wall.from - 1].name, zones[wall.to - 1].name);
  }

  void note_walls(const Inference& before) {
    for (const auto& wall : before.walls) walls_[names_of(before.zones, wall)] = wall.verdict;
  }

  void note_stations() {
    for (const auto& [key, fact] : baseline_->bindings) {
      macs_.insert(key.mac);
      if (key.ip.is_set()) ips_.insert(key.ip);
    }
    for (const auto& [key, fact] : baseline_->conversations) {
      if (fact.client_packets > 0) note_end(key.client_ip, key.client_mac);
      if (fact.server_packets > 0) note_end(key.server_ip, key.server_mac);
    }
    // A router's MAC makes nobody behind it known.
    for (const auto& address : inferred_.addresses) {
      const bool own_mac = address.mac.is_set() && address.on_link != OnLink::no;
      if ((own_mac && macs_.contains(address.mac)) ||
          (address.ip.is_set() && ips_.contains(address.ip)))
        known_.insert(address.asset);
    }
  }

  void note_end(const IpAddress& ip, const Mac& mac) {
    if (ip.is_set()) {
      ips_.insert(ip);
    } else {
      macs_.insert(mac);
    }
  }

  void watch_conversations() {
    std::set<std::pair<RowId, RowId>> conduits;
    if (baseline_ != nullptr) {
      std::size_t number = 0;
      for (const auto& [key, fact] : all_->conversations) {
        const auto& link = inferred_.conversations[number++];
        const auto known = baseline_->conversations.find(key);
        if (known != baseline_->conversations.end() && is_answered_both_ways(known->second))
          conduits.emplace(link.client_zone, link.server_zone);
      }
    }
    std::size_t number = 0;
    for (const auto& [key, joined] : all_->conversations) {
      const auto& link = inferred_.conversations[number++];
      const auto found = now_.conversations.find(key);
      if (found == now_.conversations.end() || link.excluded) continue;
      const auto& fact = found->second;
      if (baseline_ != nullptr) {
        watch_assets(key, fact, link);
        const bool crosses = link.client_zone != link.server_zone && link.client_zone != kNoRow &&
                             link.server_zone != kNoRow;
        if (crosses && is_answered_both_ways(fact) &&
            !conduits.contains({link.client_zone, link.server_zone}))
          keep_first(new_conduits_[{link.client_zone, link.server_zone}],
                     made(ChangeKind::new_conduit, key, link, fact.seen.first, to_text(key)));
      }
      watch_operations(key, fact, link);
    }
    for (auto& [asset, change] : new_assets_) place(std::move(change));
    for (auto& [zones, change] : new_conduits_) place(std::move(change));
  }

  /// `tcp/502 modbus`
  static std::string to_text(const ConversationKey& key) {
    auto text = key.transport + '/' + std::to_string(key.port);
    if (!key.protocol.empty()) text += ' ' + key.protocol;
    return text;
  }
  static std::string to_text(const IpAddress& ip) { return sekimori::to_text(ip); }
  static std::string to_text(const Mac& mac) { return sekimori::to_text(mac); }

  void watch_assets(const ConversationKey& key, const ConversationFact& fact,
                    const ConversationLinks& link) {
    if (fact.client_packets > 0)
      watch_asset(link.client, end_text(key.client_ip, key.client_mac), link.client_zone, fact);
    if (fact.server_packets > 0)
      watch_asset(link.server, end_text(key.server_ip, key.server_mac), link.server_zone, fact);
  }

  /// By the address that it used first, which later facts do not change.
  void watch_asset(RowId asset, const std::string& address, RowId zone,
                   const ConversationFact& fact) {
    if (asset == kNoRow || known_.contains(asset)) return;
    const auto& row = inferred_.assets[asset - 1];
    if (row.kind == AssetKind::group) return;
    Change change;
    change.kind = ChangeKind::new_asset;
    change.client = address;
    change.client_zone = zone_name(zone);
    change.detail = row.name;
    change.seen = fact.seen.first;
    keep_first(new_assets_[asset], std::move(change));
  }

  static void keep_first(Change& kept, Change change) {
    if (kept.seen.frame == 0 || change.seen < kept.seen) kept = std::move(change);
  }

  void watch_operations(const ConversationKey& key, const ConversationFact& fact,
                        const ConversationLinks& link) {
    std::optional<std::set<OperationKind>> before;
    if (baseline_ != nullptr) {
      before.emplace();
      const auto found = baseline_->conversations.find(key);
      if (found != baseline_->conversations.end())
        for (const auto& [operation, known] : found->second.operations)
          before->insert(kind_of(operation));
    }
    std::set<std::uint64_t> switched;  // frames: what a request asks is not told again as an event
    for (const auto& [operation, seen] : fact.operations) {
      if (seen.access == Access::program || seen.access == Access::firmware) {
        add(ChangeKind::program_download, key, link, seen.seen.first, seen.name);
      } else if (seen.access == Access::control) {
        add(ChangeKind::mode_change, key, link, seen.seen.first, seen.name);
        switched.insert(seen.seen.first.frame);
      }
      if (before && before->insert(kind_of(operation)).second)
        add(ChangeKind::new_operation, key, link, seen.seen.first,
            operation.protocol + ' ' + seen.name);
    }
    for (const auto& [event, seen] : fact.events)
      if (event.kind == sekimori::to_text(Event::mode_change) &&
          !switched.contains(seen.seen.first.frame))
        add(ChangeKind::mode_change, key, link, seen.seen.first, event.detail);
  }

  /// Captures of the baseline come first in what was joined.
  [[nodiscard]] bool is_of_now(const Sighting& seen) const {
    return seen.capture >= baseline_->captures.size();
  }

  void watch_walls() {
    for (const auto& wall : inferred_.walls) {
      if (wall.verdict != WallVerdict::absent) continue;
      const auto names = names_of(inferred_.zones, wall);
      const auto before = walls_.find(names);
      if (before != walls_.end() && before->second == WallVerdict::absent) continue;
      Change change;
      change.kind = ChangeKind::wall_broken;
      std::tie(change.client_zone, change.server_zone) = names;
      for (const auto& sign : wall.signs) {
        change.detail += change.detail.empty() ? "" : ", ";
        change.detail += sign.sign;
        if (is_of_now(sign.first) && (change.seen.frame == 0 || sign.first < change.seen))
          change.seen = sign.first;
      }
      if (change.seen.frame == 0) continue;  // what the baseline showed already
      if (change.seen.capture < all_->captures.size())
        change.capture = all_->captures[change.seen.capture].name;
      changes_.push_back(std::move(change));
    }
  }

  [[nodiscard]] Change made(ChangeKind kind, const ConversationKey& key,
                            const ConversationLinks& link, const Sighting& seen,
                            std::string detail) const {
    Change change;
    change.kind = kind;
    change.client = end_text(key.client_ip, key.client_mac);
    change.server = end_text(key.server_ip, key.server_mac);
    change.client_zone = zone_name(link.client_zone);
    change.server_zone = zone_name(link.server_zone);
    change.transport = key.transport;
    change.port = key.port;
    change.protocol = key.protocol;
    change.detail = std::move(detail);
    change.seen = seen;
    return change;
  }

  void add(ChangeKind kind, const ConversationKey& key, const ConversationLinks& link,
           const Sighting& seen, std::string detail) {
    place(made(kind, key, link, seen, std::move(detail)));
  }

  void place(Change change) {
    if (change.seen.capture < now_.captures.size())
      change.capture = now_.captures[change.seen.capture].name;
    if (keys_.insert(change.key()).second) changes_.push_back(std::move(change));
  }

  const Facts* baseline_;
  const Facts& now_;
  Facts both_;
  const Facts* all_ = &now_;
  Inference inferred_;
  std::map<NamePair, WallVerdict> walls_;
  std::set<Mac> macs_;
  std::set<IpAddress> ips_;
  std::set<RowId> known_;
  std::map<RowId, Change> new_assets_;
  std::map<std::pair<RowId, RowId>, Change> new_conduits_;
  std::set<std::string> keys_;
  std::vector<Change> changes_;
};

}  // namespace

std::string_view to_text(ChangeKind kind) noexcept {
  return kNames[static_cast<std::size_t>(kind)];
}

std::string Change::key() const {
  const auto name = to_text(kind);
  switch (kind) {
    case ChangeKind::new_asset:
      return std::string{name} + '|' + client;
    case ChangeKind::new_conduit:
    case ChangeKind::wall_broken:
      return std::string{name} + '|' + client_zone + '|' + server_zone;
    case ChangeKind::new_operation:
    case ChangeKind::program_download:
    case ChangeKind::mode_change:
      break;
  }
  return std::string{name} + '|' + client + '|' + server + '|' + protocol + '|' + detail;
}

std::vector<Change> find_changes(const Facts* baseline, const Facts& now, const ZonePlan& plan) {
  return Finder{baseline, now, plan}.run();
}

}  // namespace sekimori
