// The on-link test: a router's MAC must not swallow the hosts behind it.

#include "sekimori/infer/on_link.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace sekimori {
namespace {

/// What a TTL says of the sender. `direct`: it is a usual initial value, so no router has passed
/// the packet on. `routed`: a few steps below one.
enum class Hops : std::uint8_t { unknown, direct, routed };

// Usual initial values (W. R. Stevens, TCP/IP Illustrated 1, 8.5; RFC 1700 names 64); 30 is what
// SIMATIC controllers send. Then those of older stacks, which say nothing since 64 - 4 and 128 - 28
// look the same.
constexpr auto kInitial = std::to_array<unsigned>({30, 32, 64, 128, 255});
constexpr auto kAmbiguous = std::to_array<unsigned>({60, 100, 150, 200});
constexpr unsigned kMostSteps = 24;     // routers that a packet inside a company passes
constexpr unsigned kMulticastTtl = 16;  // up to here a TTL limits how far a multicast goes

Hops hops_of(const BindingFact& fact) noexcept {
  if (fact.ttl_low > fact.ttl_high) return Hops::unknown;
  // The greatest counts: a station sends multicasts with a small TTL on purpose.
  const unsigned ttl = fact.ttl_high;
  if (ttl <= kMulticastTtl) return Hops::unknown;
  for (const auto initial : kInitial)
    if (ttl == initial) return Hops::direct;
  for (const auto value : kAmbiguous)
    if (ttl == value) return Hops::unknown;
  for (const auto initial : kInitial)
    if (ttl < initial) return initial - ttl <= kMostSteps ? Hops::routed : Hops::unknown;
  return Hops::unknown;
}

// A station with more addresses than this, unclaimed and in one subnet, is more likely a router.
constexpr std::size_t kMostAliases = 4;
// A station that claims so many addresses in so many subnets answers for others (RFC 1027).
constexpr std::size_t kProxyClaims = 8;
constexpr std::size_t kProxySubnets = 4;

// Claims of one address that are looked at: a flood of forged ones must not cost the square.
constexpr std::size_t kMostClaims = 256;

struct Entry {
  const BindingKey* key = nullptr;
  const BindingFact* fact = nullptr;
  std::size_t place = 0;  // in Facts::bindings
  Hops hops = Hops::unknown;
  bool claimed = false;
};

/// An address that somebody claims, for looking up who else does.
struct Claim {
  IpAddress ip;
  std::string_view segment;
  Mac mac;
  friend auto operator<=>(const Claim&, const Claim&) = default;
};

struct Neighbour {
  Prefix subnet;
  std::string_view segment;
  Mac mac;
  friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
};

bool is_v6(const IpAddress& ip) noexcept {
  return !ip.is_v4();
}

/// What all bindings of one MAC say together, for one family of addresses.
struct Profile {
  std::set<Prefix> claimed_subnets, free_subnets;
  std::set<IpAddress> claimed, unclaimed, direct, routed;
};

class Test {
 public:
  Test(const Facts& facts, const ZonePlan& plan) : plan_(plan) {
    verdicts_.resize(facts.bindings.size());
    std::size_t place = 0;
    for (const auto& [key, fact] : facts.bindings) {
      if (is_station(key.ip) && key.mac.is_set() && !key.mac.is_group())
        entries_.push_back({&key, &fact, place, hops_of(fact), fact.claims > 0});
      ++place;
    }
  }

  LinkTest run() {
    refuse_proxies();
    for (const auto& entry : entries_)
      if (entry.claimed) claims_.push_back({entry.key->ip, entry.key->segment, entry.key->mac});
    std::sort(claims_.begin(), claims_.end());
    refuse_routed_claims();
    collect_neighbours();
    for (std::size_t first = 0; first < entries_.size();) {
      auto last = first;
      while (last < entries_.size() && entries_[last].key->mac == entries_[first].key->mac) ++last;
      test_station(first, last);
      first = last;
    }
    return {std::move(verdicts_), std::move(routers_)};
  }

 private:
  /// Entries are in the order of MAC, IP, segment.
  void refuse_proxies() {
    for (std::size_t first = 0; first < entries_.size();) {
      auto last = first;
      // A layer-3 switch has an address in each of many segments: only within one does it count.
      std::map<std::string_view, std::pair<std::set<IpAddress>, std::set<Prefix>>> claimed;
      for (; last < entries_.size() && entries_[last].key->mac == entries_[first].key->mac;
           ++last) {
        const auto& entry = entries_[last];
        if (!entry.claimed || is_v6(entry.key->ip)) continue;
        auto& [ips, subnets] = claimed[entry.key->segment];
        ips.insert(entry.key->ip);
        subnets.insert(usual_subnet(entry.key->ip));
      }
      for (auto i = first; i < last; ++i) {
        const auto found = claimed.find(entries_[i].key->segment);
        if (found == claimed.end() || entries_[i].hops == Hops::direct) continue;
        const auto& [ips, subnets] = found->second;
        if (ips.size() >= kProxyClaims && subnets.size() >= kProxySubnets)
          entries_[i].claimed = false;
      }
      first = last;
    }
  }

  /// Proxy ARP for a few: the claimed address is a host's elsewhere, and its packets come routed.
  void refuse_routed_claims() {
    for (auto& entry : entries_) {
      if (!entry.claimed || entry.hops != Hops::routed) continue;
      if (claimed_by_another(entry, Where::elsewhere)) entry.claimed = false;
    }
  }

  /// Subnets of which somebody surely stands in a segment.
  void collect_neighbours() {
    for (const auto& entry : entries_)
      if (entry.claimed || entry.hops == Hops::direct)
        neighbours_.insert({usual_subnet(entry.key->ip), entry.key->segment, entry.key->mac});
  }

  /// Another station of the same subnet stands in the segment, and no router carries packets
  /// between stations of one subnet.
  [[nodiscard]] bool has_neighbour(const Entry& entry) const {
    const Neighbour first{usual_subnet(entry.key->ip), entry.key->segment, {}};
    auto found = neighbours_.lower_bound(first);
    for (int looked = 0; looked < 2 && found != neighbours_.end(); ++looked, ++found) {
      if (found->subnet != first.subnet || found->segment != first.segment) return false;
      if (found->mac != entry.key->mac) return true;
    }
    return false;
  }

  enum class Where : std::uint8_t { here, elsewhere };

  [[nodiscard]] bool claimed_by_another(const Entry& entry, Where where) const {
    const auto& key = *entry.key;
    const Claim least{key.ip, {}, {}};
    auto claim = std::lower_bound(claims_.begin(), claims_.end(), least);
    for (std::size_t looked = 0;
         looked < kMostClaims && claim != claims_.end() && claim->ip == key.ip; ++looked, ++claim) {
      if (claim->mac == key.mac || !redundancy_of(claim->mac).empty()) continue;
      if ((claim->segment == key.segment) == (where == Where::here)) return true;
    }
    return false;
  }

  static void note(const Entry& entry, Profile& profile) {
    const auto& ip = entry.key->ip;
    if (entry.claimed) {
      profile.claimed.insert(ip);
      profile.claimed_subnets.insert(usual_subnet(ip));
      return;
    }
    profile.unclaimed.insert(ip);
    profile.free_subnets.insert(usual_subnet(ip));
    if (entry.hops == Hops::direct) profile.direct.insert(ip);
    if (entry.hops == Hops::routed) profile.routed.insert(ip);
  }

  void test_station(std::size_t first, std::size_t last) {
    const auto mac = entries_[first].key->mac;
    const auto redundancy = redundancy_of(mac);
    bool declared = plan_.is_router(mac);
    std::array<Profile, 2> profiles;
    for (auto i = first; i < last; ++i) {
      const auto& entry = entries_[i];
      const auto& ip = entry.key->ip;
      if (!ip.is_link_local()) note(entry, profiles[is_v6(ip) ? 1 : 0]);
      if (entry.claimed && plan_.is_router(ip)) declared = true;
    }
    std::set<IpAddress> forwarded;
    for (auto i = first; i < last; ++i) {
      const auto& entry = entries_[i];
      auto& verdict = verdicts_[entry.place];
      verdict = entry.claimed || entry.key->ip.is_link_local()
                    ? LinkVerdict{OnLink::yes, true}
                    : weigh(entry, profiles[is_v6(entry.key->ip) ? 1 : 0],
                            declared || !redundancy.empty());
      if (verdict.on_link == OnLink::no) forwarded.insert(entry.key->ip);
    }
    if (declared || !redundancy.empty() || !forwarded.empty())
      routers_.push_back({mac, forwarded.size(), declared, redundancy});
  }

  static constexpr LinkVerdict kOwn{OnLink::yes, true};
  static constexpr LinkVerdict kLikelyOwn{OnLink::unknown, true};
  static constexpr LinkVerdict kOpen{OnLink::unknown, false};
  static constexpr LinkVerdict kRouted{OnLink::no, false};

  /// The one address that a MAC sends from, unclaimed.
  [[nodiscard]] LinkVerdict weigh_only(const Entry& entry) const {
    const bool direct = entry.hops == Hops::direct;
    if (claimed_by_another(entry, Where::here))
      return direct ? kOwn : kRouted;  // own: a team of interfaces
    if (has_neighbour(entry)) return direct ? kOwn : kLikelyOwn;
    if (entry.hops == Hops::routed) return kRouted;
    const bool global = entry.key->ip.is_global();
    // One public address alone is as likely the far end of a short path.
    if (direct) return global ? kOpen : kOwn;
    return global || claimed_by_another(entry, Where::elsewhere) ? kRouted : kLikelyOwn;
  }

  /// An address that nobody of this MAC claimed.
  [[nodiscard]] LinkVerdict weigh(const Entry& entry, const Profile& station,
                                  bool known_router) const {
    if (known_router) return kRouted;
    if (station.unclaimed.size() == 1 && station.claimed.empty()) return weigh_only(entry);
    if (entry.hops == Hops::routed || claimed_by_another(entry, Where::here)) return kRouted;
    const auto& ip = entry.key->ip;
    if (!station.claimed.empty()) {
      if (station.claimed_subnets.contains(usual_subnet(ip)))
        return entry.hops == Hops::direct ? kOwn : kOpen;
      return ip.is_global() || !station.routed.empty() ? kRouted : kOpen;
    }
    if (!station.routed.empty()) {
      // Among packets that it passes on, those of full TTL are the router's own.
      return entry.hops == Hops::direct && station.direct.size() == 1 ? kOwn : kRouted;
    }
    if (station.free_subnets.size() == 1 && station.unclaimed.size() <= kMostAliases)
      return entry.hops == Hops::direct ? kOwn : kOpen;
    return entry.hops == Hops::direct ? kOpen : kRouted;
  }

  const ZonePlan& plan_;
  std::vector<Entry> entries_;
  std::vector<Claim> claims_;
  std::set<Neighbour> neighbours_;
  std::vector<LinkVerdict> verdicts_;
  std::vector<RouterFact> routers_;
};

struct VirtualBlock {
  std::uint64_t lead;
  unsigned bits;
  std::string_view text;
};

// RFC 9568, 7.3 (VRRP over IPv4 and IPv6); RFC 2281, 5.1 (HSRP); Cisco's configuration guides for
// HSRP version 2 (IPv4 and IPv6; the last 12 bits are the group) and GLBP.
constexpr auto kVirtual = std::to_array<VirtualBlock>({
    {0x00005e0001, 40, "VRRP"},
    {0x00005e0002, 40, "VRRP"},
    {0x00000c07ac, 40, "HSRP"},
    {0x00000c9ff, 36, "HSRP"},
    {0x000573a00, 36, "HSRP"},
    {0x0007b400, 32, "GLBP"},
});

}  // namespace

std::string_view redundancy_of(const Mac& mac) noexcept {
  for (const auto& block : kVirtual)
    if (mac.word() >> (48U - block.bits) == block.lead) return block.text;
  return {};
}

bool is_station(const IpAddress& ip) noexcept {
  return ip.is_set() && !ip.is_unspecified() && !ip.is_multicast() && !ip.is_broadcast() &&
         !ip.is_loopback();
}

Prefix usual_subnet(const IpAddress& ip) noexcept {
  return prefix_of(ip, ip.is_v4() ? 120 : 64);
}

LinkTest test_on_link(const Facts& facts, const ZonePlan& plan) {
  return Test{facts, plan}.run();
}

}  // namespace sekimori
