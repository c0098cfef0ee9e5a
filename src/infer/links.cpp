#include "links.h"

#include "by_asset.h"
#include "evidence.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace sekimori {
namespace {

using Entry = std::map<ConversationKey, ConversationFact>::const_iterator;

/// The same but for the segment.
bool same_talk(const ConversationKey& a, const ConversationKey& b) {
  return std::tie(a.client_ip, a.server_ip, a.client_mac, a.server_mac, a.transport, a.port,
                  a.protocol) == std::tie(b.client_ip, b.server_ip, b.client_mac, b.server_mac,
                                          b.transport, b.port, b.protocol);
}

/// The less, the nearer to the client the packets were seen.
auto distance(const Entry& entry, const Census& census) {
  const auto far = [](OnLink on_link) {
    return on_link == OnLink::yes ? 0 : on_link == OnLink::unknown ? 1 : 2;
  };
  const auto& key = entry->first;
  const auto packets = entry->second.client_packets + entry->second.server_packets;
  return std::tuple{far(census.on_link(key.client_ip, key.segment)),
                    far(census.on_link(key.server_ip, key.segment)), ~packets};
}

/// Which directions it shows: 1 the client's, 2 the server's.
std::size_t directions(const ConversationFact& fact) {
  return (fact.client_packets > 0 ? 1U : 0U) | (fact.server_packets > 0 ? 2U : 0U);
}

class Linker {
 public:
  Linker(const Facts& facts, const Census& census, const ZoneMap& zones)
      : facts_(facts), census_(census), zones_(zones) {}

  std::vector<ConversationLinks> run() {
    links_.reserve(facts_.conversations.size());
    for (const auto& [key, fact] : facts_.conversations)
      links_.push_back(link(key, census_.ends()[links_.size()]));
    // The segment comes last in the key, so what differs only in it stands together.
    auto first = facts_.conversations.begin();
    std::size_t place = 0;
    while (first != facts_.conversations.end()) {
      std::vector<Entry> run;
      auto last = first;
      for (; last != facts_.conversations.end() && same_talk(first->first, last->first); ++last)
        run.push_back(last);
      if (run.size() > 1) mark_copies(run, place);
      place += run.size();
      first = last;
    }
    return std::move(links_);
  }

 private:
  [[nodiscard]] ConversationLinks link(const ConversationKey& key,
                                       const ConversationEnds& ends) const {
    ConversationLinks made;
    made.client = ends.client;
    made.server = ends.server;
    if (made.client != kNoRow) made.client_zone = zones_.of(made.client, key.client_ip);
    if (made.server != kNoRow) made.server_zone = zones_.of(made.server, key.server_ip);
    if (!key.client_ip.is_set()) {
      const auto here = zones_.of(made.client, key.segment);
      if (here != kNoRow) made.client_zone = here;
    }
    if (is_excluded(made.client) || is_excluded(made.server)) {
      made.excluded = true;
      made.client_zone = made.server_zone = kNoRow;
    } else if (made.server != kNoRow && census_.member(made.server).kind == AssetKind::group) {
      made.server_zone = made.client_zone;
    } else if (made.client != kNoRow && census_.member(made.client).kind == AssetKind::group) {
      made.client_zone = made.server_zone;
    } else if (!key.client_ip.is_set() && made.client != kNoRow && made.server != kNoRow) {
      follow_layer_2(made, key.segment);
    }
    return made;
  }

  /// Below IP a station speaks as what it is in that segment. Where only the other end's zone is
  /// known so (a router has a foot in many zones, a station without IP is placed by a guess), both
  /// are on one wire, and nothing crosses.
  void follow_layer_2(ConversationLinks& link, std::string_view segment) const {
    const auto client = zones_.of(link.client, segment);
    const auto server = zones_.of(link.server, segment);
    if (client != kNoRow) link.client_zone = client;
    if (server != kNoRow) link.server_zone = server;
    const auto vague = [&](RowId asset, RowId here) {
      return here == kNoRow && (zones_.of(asset).guessed || census_.member(asset).router);
    };
    if (vague(link.client, client)) {
      link.client_zone = link.server_zone;
    } else if (vague(link.server, server)) {
      link.server_zone = link.client_zone;
    }
  }

  [[nodiscard]] bool is_excluded(RowId asset) const {
    return asset != kNoRow && census_.member(asset).excluded;
  }

  static constexpr std::array<std::size_t, 4> kNoRanks{SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};

  void mark_copies(std::vector<Entry>& run, std::size_t place) {
    std::vector<std::size_t> order(run.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return distance(run[a], census_) < distance(run[b], census_);
    });
    // Equal addresses in two cells are two machines, and then it is no copy. Nor is it one where
    // it shows a direction that the other lacks: the traffic goes one way and comes back another.
    std::map<std::pair<RowId, RowId>, std::array<std::size_t, 4>> originals;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      auto& link = links_[place + order[rank]];
      const auto shows = directions(run[order[rank]]->second);
      auto& ranks = originals.try_emplace({link.client, link.server}, kNoRanks).first->second;
      auto original = order.size();
      for (std::size_t other = 0; other < ranks.size(); ++other)
        if ((shows & ~other) == 0) original = std::min(original, ranks[other]);
      if (original < order.size()) {
        link.copy_of = static_cast<RowId>(place + order[original] + 1);
      } else {
        ranks[shows] = rank;
      }
    }
  }

  const Facts& facts_;
  const Census& census_;
  const ZoneMap& zones_;
  std::vector<ConversationLinks> links_;
};

}  // namespace

bool is_answered(const ConversationKey& key, const ConversationFact& fact) noexcept {
  if (fact.server_packets == 0) return false;
  if (key.transport != "tcp") return true;
  return fact.established > 0 || fact.server_bytes > 0;
}

std::vector<ConversationLinks> link_conversations(const Facts& facts, const Census& census,
                                                  const ZoneMap& zones) {
  return Linker{facts, census, zones}.run();
}

std::vector<ServiceRow> list_services(const Facts& facts,
                                      const std::vector<ConversationLinks>& links) {
  struct Use {
    RowId server = kNoRow, client = kNoRow;
    const ConversationKey* key = nullptr;
    const ConversationFact* fact = nullptr;

    [[nodiscard]] auto service() const {
      return std::tie(server, key->transport, key->port, key->protocol);
    }
  };
  std::vector<Use> uses;
  RowId last_server = kNoRow;
  std::size_t place = 0;
  for (const auto& [key, fact] : facts.conversations) {
    const auto& link = links[place++];
    if (link.copy_of != kNoRow || link.server == kNoRow) continue;
    if (key.transport != "tcp" && key.transport != "udp") continue;
    if (!is_answered(key, fact)) continue;
    uses.push_back({link.server, link.client, &key, &fact});
    last_server = std::max(last_server, link.server);
  }
  order_by_asset(
      uses, last_server, [](const Use& use) { return use.server; },
      [](const Use& a, const Use& b) {
        return std::tuple{a.service(), a.client} < std::tuple{b.service(), b.client};
      });

  std::vector<ServiceRow> rows;
  for (auto use = uses.begin(); use != uses.end();) {
    const auto first = use;
    std::string_view strength = "S1";
    bool clear = false;
    bool encrypted = false;
    ServiceRow row;
    std::tie(row.asset, row.transport, row.port, row.protocol) = first->service();
    row.first = first->fact->seen.first;
    for (; use != uses.end() && use->service() == first->service(); ++use) {
      if (use == first || use->client != std::prev(use)->client) ++row.clients;
      strength = std::max(strength, use->fact->strength());
      clear |= use->fact->clear_flows > 0;
      encrypted |= use->fact->encrypted_flows > 0;
      row.first = std::min(row.first, use->fact->seen.first);
    }
    row.confidence = strength == "S3" ? 90 : strength == "S2" ? 60 : 30;
    row.encrypted = encrypted && !clear;
    row.strength = strength;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ConduitRow> list_conduits(const Facts& facts,
                                      const std::vector<ConversationLinks>& links) {
  struct Draft {
    ConduitRow row;
    std::set<std::tuple<RowId, std::string_view, std::uint64_t>> services;
    std::set<std::string_view> protocols;
  };
  std::map<std::pair<RowId, RowId>, Draft> drafts;
  std::size_t place = 0;
  for (const auto& [key, fact] : facts.conversations) {
    const auto& link = links[place++];
    if (link.copy_of != kNoRow || link.client_zone == kNoRow || link.server_zone == kNoRow ||
        link.client_zone == link.server_zone)
      continue;
    const auto [entry, added] = drafts.try_emplace({link.client_zone, link.server_zone});
    auto& [row, services, protocols] = entry->second;
    ++row.conversations;
    row.packets += fact.client_packets + fact.server_packets;
    row.bytes += fact.bytes;
    if (is_two_way(fact)) ++row.two_way;
    for (const auto& [operation, done] : fact.operations)
      if (changes_state(done.access)) row.controls += done.requests;
    if (added) {
      row.seen = fact.seen;
    } else {
      row.seen.join(fact.seen);
    }
    services.emplace(link.server, key.transport, key.port);
    protocols.insert(key.protocol.empty() ? std::string_view{key.transport} : key.protocol);
  }
  std::vector<ConduitRow> rows;
  for (auto& [zones, draft] : drafts) {
    auto& row = draft.row;
    row.from = zones.first;
    row.to = zones.second;
    row.services = draft.services.size();
    for (const auto& protocol : draft.protocols)
      row.protocols += (row.protocols.empty() ? "" : ",") + std::string{protocol};
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace sekimori
