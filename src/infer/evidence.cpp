// Roles by scored evidence. Each kind of fact adds points to a role and says why; role.cpp weighs.

#include "evidence.h"

#include "by_asset.h"
#include "role_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace sekimori {
namespace {

constexpr int kMakerPoints = 15;
constexpr int kMostPeersCounted = 5;
constexpr std::uint64_t kPolls = 10;  // requests from which on asking is watching
constexpr int kNamedWatcher = 25;

template <class Rows>
bool holds(const Rows& rows, std::string_view text) {
  return std::find(rows.begin(), rows.end(), text) != rows.end();
}

std::string lower(std::string_view text) {
  std::string out;
  for (const char letter : text)
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return out;
}

bool is_word(const std::string& text, std::string_view word) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) != 0;
  };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  return false;
}

constexpr auto kProductProperties =
    std::to_array<std::string_view>({"product", "model", "description", "software", "os"});
constexpr std::string_view kCalled = "is called ";

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string{noun} + (count == 1 ? "" : "s");
}

/// What was done over one protocol between two assets, as far as roles care.
struct Dealing {
  bool two_way = false, decoded = false;
  bool touched = false;        ///< read or changed the process
  bool commanded = false;      ///< an executed operation that changes it
  bool engineered = false;     ///< program, upload or firmware, executed
  bool started = false;        ///< control: start, stop, mode
  std::uint64_t requests = 0;  ///< of those that touched

  void join(const Dealing& other) {
    two_way |= other.two_way;
    decoded |= other.decoded;
    touched |= other.touched;
    commanded |= other.commanded;
    engineered |= other.engineered;
    started |= other.started;
    requests += other.requests;
  }
};

enum class Side : std::uint8_t { serves, asks };

struct Activity {
  RowId asset = kNoRow;
  Side side = Side::serves;
  std::string_view protocol;
  RowId peer = kNoRow;
  Dealing dealing;

  [[nodiscard]] auto key() const { return std::tie(asset, side, protocol, peer); }
};

bool touches(Access access) noexcept {
  switch (access) {
    case Access::read:
    case Access::write:
    case Access::force:
    case Access::control:
    case Access::program:
    case Access::upload:
    case Access::firmware:
    case Access::report:
      return true;
    default:
      return false;
  }
}

/// What IT protocols never ask for.
bool is_process(Access access) noexcept {
  return access == Access::force || access == Access::control || access == Access::program ||
         access == Access::upload;
}

bool is_industrial_role(Role role) noexcept {
  return is_controller(role) || role == Role::gateway || role == Role::opc_server;
}

class Gatherer {
 public:
  Gatherer(const Facts& facts, const Census& census, const Profiles& profiles, const ZonePlan& plan)
      : facts_(facts), census_(census), profiles_(profiles), plan_(plan) {
    evidence_.resize(census.members().size());
    watches_.resize(evidence_.size());
    for (const auto& hint : kServes)
      if (is_industrial_role(hint.role)) industrial_.insert(hint.text);
  }

  std::vector<RoleVerdict> run() {
    collect_activities();
    for (std::size_t first = 0; first < activities_.size();) {
      auto last = first;
      while (last < activities_.size() && same_group(activities_[first], activities_[last])) ++last;
      weigh_activity(first, last);
      first = last;
    }
    weigh_jumps();
    weigh_network();
    weigh_properties();
    weigh_makers();
    weigh_watchers();
    return verdicts();
  }

 private:
  void add(RowId asset, Role role, int points, std::string text) {
    if (asset != kNoRow && points > 0)
      evidence_[asset - 1].push_back({role, points, std::move(text)});
  }

  static bool same_group(const Activity& a, const Activity& b) {
    return a.asset == b.asset && a.side == b.side && a.protocol == b.protocol;
  }

  void collect_activities() {
    // A protocol that another carries (CIP inside EtherNet/IP) counts by its own name.
    using ByProtocol = std::pair<std::string_view, Dealing>;
    std::vector<ByProtocol> dealings;
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.conversations) {
      const auto [client, server] = census_.ends()[place++];
      if (client == kNoRow || server == kNoRow || client == server) continue;
      dealings.clear();
      Dealing whole;
      whole.two_way = is_two_way(fact);
      whole.decoded = fact.requests_seen > 0 && fact.replies_seen > 0;
      if (!key.protocol.empty()) dealings.emplace_back(key.protocol, whole);
      for (const auto& [operation, done] : fact.operations) {
        const auto& protocol = operation.protocol.empty() ? key.protocol : operation.protocol;
        if (protocol.empty()) continue;
        auto dealing = std::ranges::find(dealings, protocol, &ByProtocol::first);
        if (dealing == dealings.end())
          dealing = dealings.insert(dealing, {std::string_view{protocol}, whole});
        note(dealing->second, done);
        if (is_process(done.access) && done.executed > 0 && !known(protocol))
          industrial_.insert(protocol);
      }
      for (const auto& [protocol, dealing] : dealings) {
        activities_.push_back({client, Side::asks, protocol, server, dealing});
        activities_.push_back({server, Side::serves, protocol, client, dealing});
      }
    }
    order_by_asset(
        activities_, evidence_.size(), [](const auto& one) { return one.asset; },
        [](const auto& a, const auto& b) { return a.key() < b.key(); });
    join_equal();
  }

  static bool known(std::string_view protocol) {
    const auto named = [&](const RoleHint& hint) { return hint.text == protocol; };
    return std::any_of(kServes.begin(), kServes.end(), named);
  }

  static void note(Dealing& dealing, const OperationFact& done) {
    if (touches(done.access) && done.executed + done.unconfirmed > 0) {
      dealing.touched = true;
      dealing.requests += done.requests;
    }
    if (done.executed == 0) return;
    dealing.commanded |= done.access == Access::write || done.access == Access::force ||
                         done.access == Access::control || done.access == Access::program;
    dealing.engineered |= done.access == Access::program || done.access == Access::upload ||
                          done.access == Access::firmware;
    dealing.started |= done.access == Access::control;
  }

  void join_equal() {
    std::size_t kept = 0;
    for (const auto& one : activities_) {
      if (kept > 0 && activities_[kept - 1].key() == one.key()) {
        activities_[kept - 1].dealing.join(one.dealing);
      } else {
        activities_[kept++] = one;
      }
    }
    activities_.resize(kept);
  }

  void weigh_activity(std::size_t first, std::size_t last) {
    const auto& group = activities_[first];
    Dealing all;
    std::uint64_t peers = 0;
    std::uint64_t touched = 0;
    for (auto i = first; i < last; ++i) {
      const auto& one = activities_[i];
      all.join(one.dealing);
      const bool answered = one.dealing.two_way || one.dealing.touched;
      const bool group_peer = census_.member(one.peer).kind == AssetKind::group;
      if (answered && !group_peer) ++peers;
      if (one.dealing.touched && !group_peer) ++touched;
    }
    if (group.side == Side::serves) {
      if (peers > 0) weigh_server(group, all, peers);
    } else {
      weigh_client(group, all, touched);
    }
  }

  void weigh_server(const Activity& group, const Dealing& all, std::uint64_t clients) {
    const auto protocol = std::string{group.protocol};
    const auto text = "serves " + protocol + " to " + counted(clients, "client");
    const auto units = census_.units(group.asset);
    bool told = false;
    for (const auto& hint : kServes) {
      if (hint.text != group.protocol) continue;
      told = true;
      // Behind several units the protocol says what they are, not what their gateway is.
      const int share = (all.decoded ? 1 : 2) * (units > 1 && is_controller(hint.role) ? 2 : 1);
      add(group.asset, hint.role, hint.points / share, text);
      if (all.commanded && is_controller(hint.role) && units <= 1)
        add(group.asset, hint.role, 10, "carries out commands over " + protocol);
    }
    if (!told && industrial_.contains(group.protocol))
      add(group.asset, Role::plc, 35, "carries out process operations over " + protocol);
    if (units > 1 && industrial_.contains(group.protocol))
      add(group.asset, Role::gateway, 60, "answers for " + counted(units, "unit"));
    if (!industrial_.contains(group.protocol) && clients >= 5)
      add(group.asset, Role::server, 15, text);
  }

  void weigh_client(const Activity& group, const Dealing& all, std::uint64_t servers) {
    const auto protocol = std::string{group.protocol};
    for (const auto& hint : kAsks)
      if (hint.text == group.protocol)
        add(group.asset, hint.role, hint.points, "sends " + protocol);
    if (!industrial_.contains(group.protocol) || servers == 0) return;
    const auto text = "asks " + counted(servers, "device") + " over " + protocol;
    // Whoever asks now and then may be anybody; whoever watches a process asks again and again.
    const bool polls = all.requests >= kPolls || servers > kMostPeersCounted;
    if (polls) watches_[group.asset - 1] = true;
    const bool many = servers > kMostPeersCounted;
    const bool telecontrol = holds(kTelecontrol, group.protocol);
    const int little = servers > 1 ? 25 : 20;
    add(group.asset, Role::hmi, !polls ? little : telecontrol ? 25 : many ? 35 : 40, text);
    add(group.asset, Role::scada_server, !polls ? 15 : telecontrol ? 45 : many ? 50 : 25, text);
    if (all.engineered)
      add(group.asset, Role::engineering_station, 75, "loads or reads programs over " + protocol);
    if (all.started)
      add(group.asset, Role::engineering_station, 20, "starts or stops over " + protocol);
  }

  /// A machine that people come to over a remote session, and leave by another for elsewhere.
  void weigh_jumps() {
    struct Ends {
      std::set<Prefix> from, to;
    };
    std::map<RowId, Ends> hops;
    for (const auto& one : activities_) {
      const bool remote = holds(kRemote, one.protocol);
      if (!one.dealing.two_way || !(remote || one.side == Side::asks)) continue;
      if (!remote && !industrial_.contains(one.protocol)) continue;
      const auto& peer = census_.member(one.peer);
      if (!peer.ip.is_set()) continue;
      auto& ends = hops[one.asset];
      (one.side == Side::serves ? ends.from : ends.to).insert(usual_subnet(peer.ip));
    }
    for (const auto& [asset, ends] : hops) {
      const auto& from = ends.from;
      const bool onward = std::any_of(ends.to.begin(), ends.to.end(),
                                      [&from](const Prefix& to) { return !from.contains(to); });
      if (from.empty() || !onward) continue;
      add(asset, Role::jump_host, 35,
          "remote sessions end here and others go on to another subnet");
      const auto& member = census_.member(asset);
      const auto zone = plan_.zone_of(member.ip, member.segment);
      if (zone && plan_.zones()[*zone].kind == ZoneKind::dmz)
        add(asset, Role::jump_host, 30, "stands in a DMZ");
    }
  }

  void weigh_network() {
    for (RowId asset = 1; asset <= evidence_.size(); ++asset) {
      const auto& member = census_.member(asset);
      if (!member.redundancy.empty())
        add(asset, Role::router, 75,
            "its MAC is a virtual " + std::string{member.redundancy} + " address");
      const auto forwarded = static_cast<int>(std::min<std::uint64_t>(member.forwarded, 4));
      if (forwarded > 0)
        // One other may be an odd TTL; several are a router's work.
        add(asset, Role::router, forwarded == 1 ? 20 : 45 + 10 * forwarded,
            "its MAC carries the packets of " + counted(member.forwarded, "other"));
      if (plan_.is_router(member.ip) || plan_.is_router(member.mac))
        add(asset, Role::router, 95, "declared in the zone plan");
    }
    for (const auto& [key, fact] : facts_.blocked) {
      // A host that refuses for itself has a filter of its own; it is no wall.
      if (!is_prohibited(key) || key.by == key.destination) continue;
      refused_[census_.of(key.by, key.segment)] += fact.count;
    }
    for (const auto& [asset, count] : refused_) {
      if (asset == kNoRow) continue;
      // What speaks for a router speaks for a firewall as well; that it forbids tells them apart.
      const auto evidence = evidence_[asset - 1];
      for (const auto& one : evidence)
        if (one.role == Role::router) add(asset, Role::firewall, one.points, one.text);
      add(asset, Role::firewall, 90, "forbade " + counted(count, "packet") + " by ICMP");
    }
  }

  void weigh_properties() {
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.properties) {
      const auto asset = profiles_.property_assets[place++];
      if (asset != kNoRow) weigh_property(asset, key);
    }
  }

  void weigh_property(RowId asset, const PropertyKey& key) {
    const auto value = lower(key.value);
    const auto contains = [&value](std::string_view text) {
      return value.find(text) != std::string::npos;
    };
    const auto names = [&value](std::string_view text) { return is_word(value, text); };
    if (key.name == "capability") {
      hint(asset, kCapabilities, "says that it is ", key.value, contains);
    } else if (key.name == "name") {
      hint(asset, kNameWords, kCalled, key.value, names);
    } else if (holds(kProductProperties, key.name)) {
      hint(asset, kProductWords, "is known as ", key.value, contains);
    } else if (key.name == "address-plan" && value.starts_with("router ")) {
      const auto ip = parse_ip(key.value.substr(7));
      const auto router = ip ? census_.of(*ip, key.subject.segment) : kNoRow;
      if (router != kNoRow && hinted_.emplace(router, "router", Role::router).second)
        add(router, Role::router, 40, "DHCP names it as the router");
    }
  }

  /// Each hint counts once for an asset, however often it is said.
  template <class Hints, class Match>
  void hint(RowId asset, const Hints& hints, std::string_view verb, const std::string& value,
            const Match& match) {
    for (const auto& one : hints)
      if (match(one.text) && hinted_.emplace(asset, one.text, one.role).second)
        add(asset, one.role, one.points, std::string{verb} + '"' + value + '"');
  }

  /// A maker alone decides nothing: it makes switches and panels too.
  void weigh_makers() {
    for (RowId asset = 1; asset <= evidence_.size(); ++asset) {
      const auto vendor = lower(profiles_.assets[asset - 1].vendor.text);
      if (vendor.empty()) continue;
      const auto made_by = [&](std::string_view maker) { return vendor.starts_with(maker); };
      const auto text = "made by " + std::string{profiles_.assets[asset - 1].vendor.text};
      if (std::any_of(kControllerMakers.begin(), kControllerMakers.end(), made_by)) {
        const auto best = best_controller(asset);
        if (best != Role::unknown) add(asset, best, kMakerPoints, text);
      }
      if (std::any_of(kCameraMakers.begin(), kCameraMakers.end(), made_by))
        add(asset, Role::camera, 20, text);
    }
  }

  /// Stations that watch the process: their names tell which they are, and that they are PCs too
  /// says little.
  void weigh_watchers() {
    for (RowId asset = 1; asset <= watches_.size(); ++asset) {
      if (!watches_[asset - 1]) continue;
      std::set<Role> named;
      for (auto& one : evidence_[asset - 1]) {
        if (is_supervisory(one.role) && one.text.starts_with(kCalled)) named.insert(one.role);
        if (one.role == Role::workstation || one.role == Role::server) one.points /= 2;
      }
      for (const auto role : named)
        add(asset, role, kNamedWatcher, "watches devices, as its name says");
    }
  }

  [[nodiscard]] Role best_controller(RowId asset) const {
    std::map<Role, int> points;
    for (const auto& one : evidence_[asset - 1])
      if (is_controller(one.role)) points[one.role] += one.points;
    Role best = Role::unknown;
    for (const auto& [role, sum] : points)
      if (best == Role::unknown || sum > points[best]) best = role;
    return best;
  }

  std::vector<RoleVerdict> verdicts() {
    std::vector<RoleVerdict> made;
    made.reserve(evidence_.size());
    for (RowId asset = 1; asset <= evidence_.size(); ++asset) {
      const auto kind = census_.member(asset).kind;
      if (kind == AssetKind::external) {
        made.push_back({Role::external, 90, "a global address that nothing shows to be on site"});
      } else if (kind == AssetKind::group) {
        made.push_back({Role::unknown, 0, "a group address, not a device"});
      } else {
        made.push_back(decide(std::move(evidence_[asset - 1])));
      }
    }
    return made;
  }

  const Facts& facts_;
  const Census& census_;
  const Profiles& profiles_;
  const ZonePlan& plan_;
  std::vector<std::vector<RoleEvidence>> evidence_;  // in the order of rows
  std::vector<Activity> activities_;
  std::set<std::string_view> industrial_;
  std::map<RowId, std::uint64_t> refused_;
  std::vector<bool> watches_;  // likewise
  std::set<std::tuple<RowId, std::string_view, Role>> hinted_;
};

}  // namespace

bool is_prohibited(const BlockedKey& key) noexcept {
  const auto type = key.reason >> 8U;
  const auto code = key.reason & 0xffU;
  // RFC 1812, 5.2.7.1: net, host and communication administratively prohibited. RFC 4443, 3.1.
  if (key.by.is_v4()) return type == 3 && (code == 9 || code == 10 || code == 13);
  return type == 1 && (code == 1 || code == 5);
}

bool is_two_way(const ConversationFact& fact) noexcept {
  return fact.strength() != "S1";
}

bool changes_state(Access access) noexcept {
  switch (access) {
    case Access::write:
    case Access::force:
    case Access::control:
    case Access::program:
    case Access::firmware:
    case Access::file:
    case Access::configure:
    case Access::time:
      return true;
    default:
      return false;
  }
}

std::vector<RoleVerdict> decide_roles(const Facts& facts, const Census& census,
                                      const Profiles& profiles, const ZonePlan& plan) {
  return Gatherer{facts, census, profiles, plan}.run();
}

}  // namespace sekimori
