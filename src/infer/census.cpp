// Assets from addresses. Two rules keep the count honest: an IP joins a MAC only where the on-link
// test allows it, and two MACs never become one asset because they had the same IP in turn.

#include "sekimori/infer/census.h"

#include "units.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace sekimori {
namespace {

using Node = std::uint32_t;
constexpr Node kNoNode = 0xffffffff;

/// Disjoint sets with path halving.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }

  Node root(Node node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  /// The lesser root leads, so that no order of joining shows.
  void join(Node one, Node other) {
    one = root(one);
    other = root(other);
    parent_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<Node> parent_;
};

/// A binding that makes a MAC and an IP one asset.
struct Owner {
  IpAddress ip;
  std::string_view segment;
  int rank = 0;  // the less the better
  std::uint64_t claims = 0, packets = 0;
  Node mac = kNoNode;
  const BindingFact* fact = nullptr;

  friend bool operator<(const Owner& a, const Owner& b) {
    return std::tie(a.ip, a.segment, a.rank, b.claims, b.packets, a.mac) <
           std::tie(b.ip, b.segment, b.rank, a.claims, a.packets, b.mac);
  }
};

bool same_place(const Owner& a, const Owner& b) {
  return a.ip == b.ip && a.segment == b.segment;
}

bool overlap(const Span& a, const Span& b) {
  return a.first.time <= b.last.time && b.first.time <= a.last.time;
}

bool same_maker(const Mac& a, const Mac& b) {
  return std::equal(a.octets.begin(), a.octets.begin() + 3, b.octets.begin());
}

void see(Member& member, const Span& span) {
  if (member.seen_any) {
    member.seen.join(span);
  } else {
    member.seen = span;
    member.seen_any = true;
  }
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

class CensusTaker {
 public:
  CensusTaker(const Facts& facts, const LinkTest& links, const ZonePlan& plan, Census& out)
      : facts_(facts), links_(links), plan_(plan), out_(out) {}

  void take() {
    collect_macs();
    collect_sites();
    collect_broadcasts();
    sets_ = Sets{macs_.size()};
    collect_owners();
    join_teams();
    collect_places();
    number_assets();
    out_.find_ends(facts_);
    list_addresses();
    mark_routers();
    number_units();
    see_all();
  }

 private:
  struct Reference {
    IpAddress ip;
    std::string_view segment;
    friend auto operator<=>(const Reference&, const Reference&) = default;
  };

  void collect_macs() {
    const auto add = [&](const Mac& mac) {
      if (mac.is_set() && (macs_.empty() || macs_.back() != mac)) macs_.push_back(mac);
    };
    for (const auto& [key, fact] : facts_.bindings)
      if (!key.mac.is_group()) add(key.mac);
    for (const auto& [key, fact] : facts_.conversations) {
      add(key.client_mac);
      add(key.server_mac);
      for (const auto& [event, count] : fact.events) add(event.subject.mac);
    }
    for (const auto& [key, fact] : facts_.properties) add(key.subject.mac);
    sort_unique(macs_);
  }

  [[nodiscard]] Node node_of(const Mac& mac) const {
    const auto found = std::lower_bound(macs_.begin(), macs_.end(), mac);
    return found != macs_.end() && *found == mac ? static_cast<Node>(found - macs_.begin())
                                                 : kNoNode;
  }

  /// x.y.z.255 that never speaks is the broadcast address of its subnet.
  void collect_broadcasts() {
    std::vector<IpAddress> mute;
    std::vector<IpAddress> speaks;
    const auto ends_so = [&](const IpAddress& ip) {
      return ip.is_v4() && ip.octets[15] == 255 &&
             (ip.is_private() || ip.is_link_local() || is_on_site(ip));
    };
    for (const auto& [key, fact] : facts_.bindings)
      if (ends_so(key.ip)) speaks.push_back(key.ip);
    for (const auto& [key, fact] : facts_.conversations) {
      if (ends_so(key.client_ip)) speaks.push_back(key.client_ip);
      if (!ends_so(key.server_ip)) continue;
      (fact.server_packets > 0 || key.transport == "tcp" ? speaks : mute).push_back(key.server_ip);
    }
    sort_unique(mute);
    sort_unique(speaks);
    std::set_difference(mute.begin(), mute.end(), speaks.begin(), speaks.end(),
                        std::back_inserter(broadcasts_));
  }

  /// Public addresses that stations have on a link that was seen: a plant may use them as its own.
  void collect_sites() {
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.bindings) {
      const bool own = links_.bindings[place++].on_link == OnLink::yes;
      if (own && key.ip.is_global()) sites_.insert(usual_subnet(key.ip));
    }
  }

  [[nodiscard]] bool is_on_site(const IpAddress& ip) const {
    return sites_.contains(usual_subnet(ip));
  }

  [[nodiscard]] bool is_group(const IpAddress& ip) const {
    return ip.is_multicast() || ip.is_broadcast() || plan_.is_directed_broadcast(ip) ||
           std::binary_search(broadcasts_.begin(), broadcasts_.end(), ip);
  }

  void collect_owners() {
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.bindings) {
      const auto& verdict = links_.bindings[place++];
      if (!verdict.joins) continue;
      const int rank = !redundancy_of(key.mac).empty() ? 0 : verdict.on_link == OnLink::yes ? 1 : 2;
      owners_.push_back(
          {key.ip, key.segment, rank, fact.claims, fact.packets, node_of(key.mac), &fact});
    }
    std::sort(owners_.begin(), owners_.end());
  }

  /// Interfaces that share one IP at the same time, are of one maker and have no other IP: a team.
  /// MACs that had the IP one after the other are machines that DHCP gave it to.
  void join_teams() {
    std::vector<std::uint32_t> addresses(macs_.size());
    for (const auto& owner : owners_)
      if (!owner.ip.is_link_local()) ++addresses[owner.mac];
    for (std::size_t i = 1; i < owners_.size(); ++i) {
      const auto& one = owners_[i - 1];
      const auto& other = owners_[i];
      if (!same_place(one, other) || one.mac == other.mac) continue;
      if (addresses[one.mac] != 1 || addresses[other.mac] != 1) continue;
      if (one.rank == 0 || !same_maker(macs_[one.mac], macs_[other.mac])) continue;
      if (overlap(one.fact->seen, other.fact->seen)) sets_.join(one.mac, other.mac);
    }
  }

  void collect_references(std::vector<Reference>& references) const {
    const auto add = [&](const IpAddress& ip, std::string_view segment) {
      if (ip.is_set() && !ip.is_unspecified()) references.push_back({ip, segment});
    };
    for (const auto& [key, fact] : facts_.bindings) add(key.ip, key.segment);
    for (const auto& [key, fact] : facts_.properties) add(key.subject.ip, key.subject.segment);
    const ConversationKey* before = nullptr;  // conversations of one client follow each other
    for (const auto& [key, fact] : facts_.conversations) {
      if (before == nullptr || before->client_ip != key.client_ip || before->segment != key.segment)
        add(key.client_ip, key.segment);
      before = &key;
      add(key.server_ip, key.segment);
      for (const auto& [event, count] : fact.events) add(event.subject.ip, event.subject.segment);
    }
    for (const auto& [key, fact] : facts_.blocked) {
      add(key.by, key.segment);
      add(key.source, key.segment);
      add(key.destination, key.segment);
    }
    sort_unique(references);
  }

  /// Gives each address in each segment a node: the MAC that owns it there, else the one MAC that
  /// owns it anywhere, else a node of its own. Nodes past the MACs are addresses.
  void collect_places() {
    std::vector<Reference> references;
    collect_references(references);
    std::size_t owner = 0;
    for (std::size_t first = 0; first < references.size();) {
      const auto& ip = references[first].ip;
      auto last = first;
      while (last < references.size() && references[last].ip == ip) ++last;
      while (owner < owners_.size() && owners_[owner].ip < ip) ++owner;
      auto end = owner;
      while (end < owners_.size() && owners_[end].ip == ip) ++end;
      place(references, first, last, owner, end);
      owner = end;
      first = last;
    }
  }

  void place(const std::vector<Reference>& references, std::size_t first, std::size_t last,
             std::size_t owner, std::size_t end) {
    const auto& ip = references[first].ip;
    const bool group = is_group(ip);
    Node only = kNoNode;  // the owner, where all segments agree
    bool agree = true;
    for (auto i = owner; i < end && !group; ++i) {
      if (i > owner && same_place(owners_[i - 1], owners_[i])) continue;  // not the best one here
      const auto root = sets_.root(owners_[i].mac);
      agree = agree && (only == kNoNode || only == root);
      only = root;
    }
    Node loose = kNoNode;
    auto here = owner;
    for (auto i = first; i < last; ++i) {
      const auto& segment = references[i].segment;
      while (here < end && owners_[here].segment < segment) ++here;
      Node node = kNoNode;
      auto on_link = OnLink::unknown;
      if (!group && here < end && owners_[here].segment == segment) {
        node = sets_.root(owners_[here].mac);
        if (owners_[here].rank < 2) on_link = OnLink::yes;
      } else if (only != kNoNode && agree) {
        node = only;
      } else {
        if (loose == kNoNode) {
          loose = static_cast<Node>(macs_.size() + loose_.size());
          loose_.push_back(ip);
        }
        node = loose;
      }
      out_.places_.push_back({ip, segment, node, on_link, false});
    }
  }

  [[nodiscard]] AssetKind kind_of(Node node) const {
    if (node < macs_.size()) return macs_[node].is_group() ? AssetKind::group : AssetKind::device;
    const auto& ip = loose_[node - macs_.size()];
    if (is_group(ip)) return AssetKind::group;
    return plan_.is_external(ip) && !is_on_site(ip) ? AssetKind::external : AssetKind::device;
  }

  /// Rows come by kind, then by address, so that they do not depend on what was met first.
  void number_assets() {
    const auto nodes = macs_.size() + loose_.size();
    std::vector<Member> drafts(nodes);
    for (Node node = 0; node < nodes; ++node) {
      drafts[node].kind = kind_of(node);
      if (node >= macs_.size()) drafts[node].ip = loose_[node - macs_.size()];
    }
    choose_names(drafts);
    std::vector<Node> order;
    for (Node node = 0; node < nodes; ++node)
      if (node >= macs_.size() || sets_.root(node) == node) order.push_back(node);
    std::sort(order.begin(), order.end(), [&](Node a, Node b) {
      const auto key = [&](Node node) {
        const auto& draft = drafts[node];
        return std::tuple{draft.kind, !draft.ip.is_set(), draft.ip, draft.segment, draft.mac, node};
      };
      return key(a) < key(b);
    });
    rows_.assign(nodes, kNoRow);
    for (const auto node : order) {
      out_.members_.push_back(drafts[node]);
      rows_[node] = static_cast<RowId>(out_.members_.size());
    }
    for (Node node = 0; node < macs_.size(); ++node) {
      rows_[node] = rows_[sets_.root(node)];
      out_.macs_.emplace_back(macs_[node], rows_[node]);
    }
    for (auto& place : out_.places_) place.asset = rows_[place.asset];
    for (Node node = 0; node < macs_.size(); ++node)
      if (plan_.excludes(macs_[node])) out_.members_[rows_[node] - 1].excluded = true;
    for (const auto& place : out_.places_)
      if (plan_.excludes(place.ip)) out_.members_[place.asset - 1].excluded = true;
  }

  /// The address to call an asset by: IPv4 before IPv6 before link-local, then the least.
  void choose_names(std::vector<Member>& drafts) {
    std::vector<bool> own_segment(drafts.size());
    for (Node node = 0; node < macs_.size(); ++node) {
      auto& draft = drafts[sets_.root(node)];
      if (!draft.mac.is_set() || macs_[node] < draft.mac) draft.mac = macs_[node];
    }
    const auto grade = [](const IpAddress& ip) {
      return (ip.is_link_local() ? 2 : 0) + (ip.is_v4() ? 0 : 1);
    };
    for (const auto& place : out_.places_) {
      auto& draft = drafts[place.asset];
      const bool better =
          !draft.ip.is_set() || std::tuple{grade(place.ip), place.ip, place.segment} <
                                    std::tuple{grade(draft.ip), draft.ip, draft.segment};
      if (!better && draft.ip != place.ip) continue;
      if (better) draft.ip = place.ip;
      // Where the station itself stands says more than where its packets passed.
      if (better || (place.on_link == OnLink::yes && !own_segment[place.asset])) {
        draft.segment = place.segment;
        if (place.on_link == OnLink::yes) own_segment[place.asset] = true;
      }
    }
  }

  void list_addresses() {
    std::vector<std::pair<RowId, std::string_view>> with_ip;
    std::vector<std::pair<Reference, RowId>> bound;
    bound.reserve(facts_.bindings.size());
    with_ip.reserve(facts_.bindings.size());
    out_.addresses_.reserve(facts_.bindings.size() + out_.places_.size());
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.bindings) {
      const auto& verdict = links_.bindings[place++];
      if (!is_station(key.ip)) continue;
      const auto asset = verdict.joins ? out_.of(key.mac) : out_.of(key.ip, key.segment);
      if (asset == kNoRow) continue;
      out_.addresses_.push_back({asset, key.mac, key.ip, key.segment, verdict.on_link});
      bound.emplace_back(Reference{key.ip, key.segment}, asset);
      if (verdict.joins) with_ip.emplace_back(asset, key.segment);
      if (verdict.on_link == OnLink::no) mark_forwarded(key.ip, key.segment);
    }
    sort_unique(bound);
    sort_unique(with_ip);
    for (const auto& [key, fact] : facts_.bindings) {
      if (is_station(key.ip)) continue;
      const auto asset = out_.of(key.mac);
      const std::pair<RowId, std::string_view> here{asset, key.segment};
      if (asset == kNoRow || std::binary_search(with_ip.begin(), with_ip.end(), here)) continue;
      out_.addresses_.push_back({asset, key.mac, {}, key.segment, OnLink::yes});
    }
    auto next = bound.begin();  // both are in the order of addresses
    for (const auto& known : out_.places_) {
      const std::pair here{Reference{known.ip, known.segment}, known.asset};
      while (next != bound.end() && *next < here) ++next;
      if (next != bound.end() && *next == here) continue;
      out_.addresses_.push_back(
          {known.asset, {}, known.ip, std::string{known.segment}, OnLink::unknown});
    }
    add_bare_macs();
    std::sort(out_.addresses_.begin(), out_.addresses_.end(), by_asset);
    out_.addresses_.erase(std::unique(out_.addresses_.begin(), out_.addresses_.end(),
                                      [](const AddressRow& a, const AddressRow& b) {
                                        return !by_asset(a, b) && !by_asset(b, a);
                                      }),
                          out_.addresses_.end());
  }

  static bool by_asset(const AddressRow& a, const AddressRow& b) {
    return std::tie(a.asset, a.ip, a.mac, a.segment) < std::tie(b.asset, b.ip, b.mac, b.segment);
  }

  /// MACs that have no row of their own yet: stations and groups of layer 2, and routers of which
  /// nothing but others' packets was seen.
  void add_bare_macs() {
    std::vector<Mac> done;
    for (const auto& row : out_.addresses_)
      if (out_.of(row.mac) == row.asset) done.push_back(row.mac);
    sort_unique(done);
    std::set<std::pair<Mac, std::string_view>> places;
    const auto add = [&](const Mac& mac, std::string_view segment) {
      if (mac.is_set() && !std::binary_search(done.begin(), done.end(), mac) &&
          out_.of(mac) != kNoRow)
        places.emplace(mac, segment);
    };
    for (const auto& [key, fact] : facts_.bindings) add(key.mac, key.segment);
    for (const auto& [key, fact] : facts_.conversations) {
      add(key.client_mac, key.segment);
      add(key.server_mac, key.segment);
      for (const auto& [event, count] : fact.events) add(event.subject.mac, event.subject.segment);
    }
    for (const auto& [key, fact] : facts_.properties) add(key.subject.mac, key.subject.segment);
    for (const auto& [mac, segment] : places)
      out_.addresses_.push_back({out_.of(mac), mac, {}, std::string{segment}, OnLink::yes});
  }

  void mark_forwarded(const IpAddress& ip, std::string_view segment) {
    const auto* place = out_.find(ip, segment);
    if (place == nullptr) return;
    auto& mine = out_.places_[static_cast<std::size_t>(place - out_.places_.data())];
    mine.forwarded = true;
    if (mine.on_link == OnLink::unknown) mine.on_link = OnLink::no;
  }

  void mark_routers() {
    for (const auto& router : links_.routers) {
      const auto asset = out_.of(router.mac);
      if (asset == kNoRow) continue;
      auto& member = out_.members_[asset - 1];
      member.router = true;
      member.forwarded += router.forwarded;
      if (!router.redundancy.empty()) member.redundancy = router.redundancy;
    }
  }

  void number_units() {
    const auto found = find_units(facts_, out_.ends_, [&](const SubjectKey& key) {
      return key.ip.is_set() ? out_.of(key.ip, key.segment) : out_.of(key.mac);
    });
    out_.unit_counts_.assign(out_.members_.size(), 0);
    for (const auto& [asset, devices] : found) {
      out_.unit_counts_[asset - 1] = std::max<std::size_t>(devices.size(), 1);
      for (const auto unit : devices) {
        Member member;
        member.kind = AssetKind::unit;
        member.behind = asset;
        member.unit = unit;
        member.excluded = out_.member(asset).excluded;
        out_.members_.push_back(member);
        out_.units_.push_back({{asset, unit}, static_cast<RowId>(out_.members_.size())});
      }
    }
    out_.unit_counts_.resize(out_.members_.size());
  }

  void see_all() {
    const auto note = [&](RowId asset, const Span& span) {
      if (asset != kNoRow) see(out_.members_[asset - 1], span);
    };
    for (const auto& [key, fact] : facts_.bindings) {
      note(out_.of(key.mac), fact.seen);
      note(out_.of(key.ip, key.segment), fact.seen);
    }
    for (const auto& [key, fact] : facts_.properties) note(out_.of(key.subject), fact.seen);
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.conversations) {
      const auto [client, server] = out_.ends_[place++];
      note(client, fact.seen);
      note(server, fact.seen);
      for (const auto& [operation, done] : fact.operations) {
        const auto unit = out_.unit(server, operation.unit);
        if (unit != server) note(unit, done.seen);
      }
      for (const auto& [event, count] : fact.events) note(out_.of(event.subject), count.seen);
    }
    for (const auto& [key, fact] : facts_.blocked)
      for (const auto& ip : {key.by, key.source, key.destination})
        note(out_.of(ip, key.segment), fact.seen);
  }

  const Facts& facts_;
  const LinkTest& links_;
  const ZonePlan& plan_;
  Census& out_;
  std::vector<Mac> macs_;         // the first nodes
  std::vector<IpAddress> loose_;  // the nodes after them
  std::vector<IpAddress> broadcasts_;
  std::set<Prefix> sites_;
  std::vector<Owner> owners_;
  std::vector<RowId> rows_;  // of nodes
  Sets sets_{0};
};

Census::Census(const Facts& facts, const LinkTest& links, const ZonePlan& plan) {
  CensusTaker{facts, links, plan, *this}.take();
}

}  // namespace sekimori
