// Walls by their effects. Signs that a filter is there: it says so by ICMP, or attempts die beside
// others that are answered. Signs that none is: two zones share a segment, or talk at layer 2.

#include "walls.h"

#include "evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace sekimori {
namespace {

enum class Weighs : std::uint8_t { filter, adjacency, neither };

struct SignRow {
  std::string_view text;
  Weighs weighs;
  int points;  // percent that the sign alone would carry
};

constexpr SignRow kProhibited{"icmp-prohibited", Weighs::filter, 80};
constexpr SignRow kRefusedElsewhereServed{"refused-but-served-to-others", Weighs::filter, 55};
constexpr SignRow kUnansweredElsewhereServed{"unanswered-but-served-to-others", Weighs::filter, 60};
constexpr SignRow kUnansweredBesideAnswered{"unanswered-beside-answered", Weighs::filter, 45};
constexpr SignRow kLayer2Exchange{"layer-2-exchange", Weighs::adjacency, 90};
constexpr SignRow kDirectExchange{"direct-exchange", Weighs::adjacency, 85};
constexpr SignRow kSharedVlan{"shared-vlan", Weighs::adjacency, 75};
constexpr SignRow kSharedSegment{"shared-segment", Weighs::adjacency, 50};
constexpr SignRow kManyServices{"many-services", Weighs::adjacency, 40};
constexpr SignRow kRouted{"router-between", Weighs::neither, 0};
constexpr SignRow kOnlyUnanswered{"only-unanswered", Weighs::neither, 0};
constexpr SignRow kOneWay{"one-way-only", Weighs::neither, 0};
constexpr SignRow kFewTuples{"few-fixed-services", Weighs::neither, 0};

constexpr std::size_t kFew = 5;    // services that a filter's list might hold
constexpr std::size_t kMany = 10;  // services that nobody lists by hand
constexpr int kFewPoints = 10;     // what a short list adds to a filter's signs
constexpr int kMostSure = 95;
constexpr int kProven = 75;  // stations that hear each other do so whatever a filter says elsewhere
// Zones in one segment of which every pair is looked at; beyond, only pairs that talk.
constexpr std::size_t kMostZonesPaired = 32;

using Pair = std::pair<RowId, RowId>;

Pair pair_of(RowId one, RowId other) {
  return {std::min(one, other), std::max(one, other)};
}

struct Draft {
  std::map<std::string_view, std::pair<SignRow, WallSign>> signs;
  std::set<std::tuple<RowId, std::string_view, std::uint64_t>> answered;
  std::uint64_t conversations = 0, answers = 0, one_way_senders = 0;
  Sighting first;
  bool any = false;

  /// `detail` makes the text of one that may be the first.
  template <class Detail>
  void add(const SignRow& row, std::uint64_t count, const Sighting& seen, const Detail& detail) {
    const auto [entry, added] = signs.try_emplace(row.text, row, WallSign{row.text, 0, seen, {}});
    auto& sign = entry->second.second;
    sign.count += count;
    if (!added && sign.first < seen) return;
    auto text = detail();
    if (added || std::tie(seen, text) < std::tie(sign.first, sign.detail)) {
      sign.first = seen;
      sign.detail = std::move(text);
    }
  }
};

/// A service that somebody asked a server for in vain, and who got an answer from it.
struct Offer {
  std::set<RowId> answered_zones;
};

class Watch {
 public:
  Watch(const Facts& facts, const Census& census, const ZoneMap& zones,
        const std::vector<ConversationLinks>& links)
      : facts_(facts), census_(census), zones_(zones), links_(links) {}

  std::vector<WallRow> run() {
    watch_conversations();
    watch_attempts();
    watch_prohibitions();
    watch_segments();
    std::vector<WallRow> rows;
    for (auto& [pair, draft] : drafts_) rows.push_back(judge(pair, draft));
    return rows;
  }

 private:
  using Service = std::tuple<RowId, std::string_view, std::uint64_t>;
  using Conversation = std::pair<const ConversationKey, ConversationFact>;

  [[nodiscard]] static bool counts(const ConversationLinks& link) {
    return link.client != kNoRow && link.server != kNoRow && link.client_zone != kNoRow &&
           link.server_zone != kNoRow;
  }

  static Service service_of(const ConversationKey& key, const ConversationLinks& link) {
    return {link.server, key.transport, key.port};
  }

  static auto told(const ConversationKey& key) {
    return [&key] {
      return to_text(key.client_ip) + " to " + to_text(key.server_ip) + ' ' + key.transport + '/' +
             std::to_string(key.port);
    };
  }

  void watch_conversations() {
    std::size_t place = 0;
    for (const auto& [key, fact] : facts_.conversations) {
      const auto& link = links_[place++];
      if (!counts(link) || link.client_zone == link.server_zone) continue;
      if (census_.member(link.server).kind == AssetKind::group) continue;
      auto& draft = drafts_[pair_of(link.client_zone, link.server_zone)];
      if (!draft.any || fact.seen.first < draft.first) draft.first = fact.seen.first;
      draft.any = true;
      watch_adjacency(key, fact, link, draft);
      watch_router(key, fact, draft);
      if (link.copy_of != kNoRow || !key.client_ip.is_set()) continue;
      ++draft.conversations;
      if (is_answered(key, fact)) {
        ++draft.answers;
        draft.answered.insert(service_of(key, link));
      } else if (fact.client_packets > 0 && fact.client_bytes > 0 && key.transport != "tcp") {
        ++draft.one_way_senders;
      }
    }
  }

  [[nodiscard]] static bool is_in_vain(const ConversationKey& key, const ConversationFact& fact,
                                       const ConversationLinks& link) {
    return counts(link) && link.client_zone != link.server_zone && link.copy_of == kNoRow &&
           key.transport == "tcp" && !is_answered(key, fact) && fact.attempted > 0;
  }

  /// Attempts that nobody answered, once it is known what was answered to whom.
  void watch_attempts() {
    std::vector<std::pair<const Conversation*, const ConversationLinks*>> in_vain;
    std::size_t place = 0;
    for (const auto& conversation : facts_.conversations) {
      const auto& [key, fact] = conversation;
      const auto& link = links_[place++];
      if (!is_in_vain(key, fact, link)) continue;
      in_vain.emplace_back(&conversation, &link);
      offers_[service_of(key, link)];
    }
    if (in_vain.empty()) return;
    place = 0;
    for (const auto& [key, fact] : facts_.conversations) {
      const auto& link = links_[place++];
      if (!counts(link) || !is_answered(key, fact)) continue;
      const auto offer = offers_.find(service_of(key, link));
      if (offer != offers_.end()) offer->second.answered_zones.insert(link.client_zone);
    }
    for (const auto& [conversation, link] : in_vain)
      watch_attempt(conversation->first, conversation->second, *link);
  }

  /// Both ends are on the link here and no router carries either of them: they hear each other.
  void watch_adjacency(const ConversationKey& key, const ConversationFact& fact,
                       const ConversationLinks& link, Draft& draft) {
    if (!is_two_way(fact) && fact.server_packets == 0) return;
    // A machine in both zones is no proof that the zones touch.
    if (zones_.is_split(link.client) || zones_.is_split(link.server)) return;
    if (!key.client_ip.is_set()) {
      const bool guessed = zones_.of(link.client).guessed || zones_.of(link.server).guessed;
      if (fact.client_packets > 0 && fact.server_packets > 0 && !guessed)
        draft.add(kLayer2Exchange, 1, fact.seen.first,
                  [&] { return to_text(key.client_mac) + " with " + to_text(key.server_mac); });
      return;
    }
    const auto own = [&](const IpAddress& ip) {
      return census_.on_link(ip, key.segment) == OnLink::yes && !census_.forwarded(ip, key.segment);
    };
    if (own(key.client_ip) && own(key.server_ip) && !census_.member(link.client).router &&
        !census_.member(link.server).router)
      draft.add(kDirectExchange, 1, fact.seen.first, told(key));
  }

  void watch_router(const ConversationKey& key, const ConversationFact& fact, Draft& draft) {
    if (!key.client_ip.is_set()) return;
    if (census_.forwarded(key.client_ip, key.segment) ||
        census_.forwarded(key.server_ip, key.segment))
      draft.add(kRouted, 1, fact.seen.first, told(key));
  }

  /// An attempt that nobody answered. It tells of a filter only beside attempts that were.
  void watch_attempt(const ConversationKey& key, const ConversationFact& fact,
                     const ConversationLinks& link) {
    auto& draft = drafts_[pair_of(link.client_zone, link.server_zone)];
    const auto& answered_zones = offers_.at(service_of(key, link)).answered_zones;
    const bool served = !answered_zones.empty();
    const bool served_here = answered_zones.contains(link.client_zone);
    const auto count = fact.refused + fact.unanswered;
    if (served && !served_here) {
      draft.add(fact.refused > 0 ? kRefusedElsewhereServed : kUnansweredElsewhereServed, count,
                fact.seen.first, told(key));
      return;
    }
    // A refusal of a service that nobody gets is a closed port, which needs no filter.
    if (fact.unanswered == 0 || served_here) return;
    const bool beside = std::any_of(draft.answered.lower_bound({link.server, {}, 0}),
                                    draft.answered.lower_bound({link.server + 1, {}, 0}),
                                    [](const auto&) { return true; });
    draft.add(beside ? kUnansweredBesideAnswered : kOnlyUnanswered, fact.unanswered,
              fact.seen.first, told(key));
  }

  void watch_prohibitions() {
    for (const auto& [key, fact] : facts_.blocked) {
      if (!is_prohibited(key) || key.by == key.destination) continue;
      const auto source = census_.of(key.source, key.segment);
      const auto target = census_.of(key.destination, key.segment);
      const auto from = zones_.of(source, key.source);
      const auto to = zones_.of(target, key.destination);
      if (from == kNoRow || to == kNoRow || from == to) continue;
      if (census_.member(source).excluded || census_.member(target).excluded) continue;
      auto& draft = drafts_[pair_of(from, to)];
      draft.any = true;
      draft.add(kProhibited, fact.count, fact.seen.first, [&] {
        return to_text(key.by) + " forbade " + to_text(key.source) + " to " +
               to_text(key.destination) + ' ' + key.transport + '/' + std::to_string(key.port);
      });
    }
  }

  // ---- two zones in one segment

  struct Station {
    Sighting seen;
    std::uint64_t count = 0;
  };
  /// A segment of one capture: the same text in another capture may be another place.
  using Place = std::pair<std::string_view, std::uint32_t>;

  /// The zone whose station claims an address here; kNoRow for what proves nothing.
  [[nodiscard]] RowId claiming_zone(const BindingKey& key, const BindingFact& fact) const {
    const auto asset = census_.of(key.ip, key.segment);
    if (asset == kNoRow || fact.claims == 0 || zones_.is_split(asset)) return kNoRow;
    const auto& member = census_.member(asset);
    return member.router || member.excluded ? kNoRow : zones_.of(asset, key.ip);
  }

  static void note(Station& station, const Sighting& seen) {
    if (station.count == 0 || seen < station.seen) station.seen = seen;
    ++station.count;
  }

  void watch_segments() {
    std::map<Place, std::map<RowId, Station>> places;
    std::set<std::string_view> folded;  // both sides of a router are seen in it
    for (const auto& [key, fact] : facts_.bindings) {
      if (!is_station(key.ip) || census_.on_link(key.ip, key.segment) != OnLink::yes) continue;
      if (census_.forwarded(key.ip, key.segment)) folded.insert(key.segment);
      const auto zone = claiming_zone(key, fact);
      if (zone == kNoRow) continue;
      const auto& [first, last] = fact.seen;
      note(places[{key.segment, first.capture}][zone], first);
      if (last.capture != first.capture) note(places[{key.segment, last.capture}][zone], last);
    }
    for (const auto& [place, present] : places) {
      if (folded.contains(place.first)) continue;
      const auto& row = place.first.empty() ? kSharedSegment : kSharedVlan;
      if (present.size() <= kMostZonesPaired) {
        share_all(row, place, present);
      } else {
        share_talking(row, place, present);
      }
    }
  }

  static void share(Draft& draft, const SignRow& row, const Place& place, const Station& a,
                    const Station& b) {
    if (draft.signs.contains(kRouted.text)) return;
    draft.any = true;
    draft.add(row, std::min(a.count, b.count), std::max(a.seen, b.seen), [&] {
      return "stations of both zones answer ARP in the " +
             (place.first.empty() ? "untagged segment" : std::string{place.first});
    });
  }

  void share_all(const SignRow& row, const Place& place, const std::map<RowId, Station>& present) {
    for (auto one = present.begin(); one != present.end(); ++one)
      for (auto other = std::next(one); other != present.end(); ++other)
        share(drafts_[{one->first, other->first}], row, place, one->second, other->second);
  }

  void share_talking(const SignRow& row, const Place& place,
                     const std::map<RowId, Station>& present) {
    for (auto& [pair, draft] : drafts_) {
      const auto one = present.find(pair.first);
      const auto other = present.find(pair.second);
      if (one != present.end() && other != present.end())
        share(draft, row, place, one->second, other->second);
    }
  }

  // ---- the verdict

  static auto services_told(std::size_t count) {
    return [count]() -> std::string {
      return count == 1 ? "1 service answers across"
                        : std::to_string(count) + " services answer across";
    };
  }

  static void sum_up(Draft& draft) {
    if (draft.answers == 0 && draft.one_way_senders > 0)
      draft.add(kOneWay, draft.one_way_senders, draft.first,
                [] { return std::string{"nothing came back"}; });
    if (draft.answered.size() > kMany)
      draft.add(kManyServices, draft.answered.size(), draft.first,
                services_told(draft.answered.size()));
    else if (!draft.answered.empty() && draft.answered.size() <= kFew)
      draft.add(kFewTuples, draft.answered.size(), draft.first,
                services_told(draft.answered.size()));
  }

  static WallRow judge(const Pair& pair, Draft& draft) {
    sum_up(draft);
    WallRow row;
    row.from = pair.first;
    row.to = pair.second;
    int filter = 0;
    int adjacency = 0;
    for (const auto& [text, entry] : draft.signs) {
      const auto& [sign, seen] = entry;
      row.signs.push_back(seen);
      if (sign.weighs == Weighs::adjacency) adjacency = std::max(adjacency, sign.points);
      // Each further sign halves what doubt is left, as far as it goes.
      if (sign.weighs == Weighs::filter) filter += (100 - filter) * sign.points / 100;
    }
    if (filter > 0 && draft.signs.contains(kFewTuples.text)) filter += kFewPoints;
    filter = std::min(filter, kMostSure);
    if (adjacency >= kProven || (adjacency > kManyServices.points && adjacency >= filter)) {
      // A path around a filter is as good as none.
      row.verdict = WallVerdict::absent;
      row.confidence = filter > 0 ? adjacency * 2 / 3 : adjacency;
    } else if (filter > 0) {
      row.verdict = WallVerdict::present;
      row.confidence = adjacency > kManyServices.points ? filter * 2 / 3 : filter;
    } else if (adjacency > 0) {
      row.verdict = WallVerdict::absent;
      row.confidence = adjacency;
    }
    return row;
  }

  const Facts& facts_;
  const Census& census_;
  const ZoneMap& zones_;
  const std::vector<ConversationLinks>& links_;
  std::map<Service, Offer> offers_;
  std::map<Pair, Draft> drafts_;
};

}  // namespace

std::string_view to_text(WallVerdict verdict) noexcept {
  switch (verdict) {
    case WallVerdict::present:
      return "present";
    case WallVerdict::absent:
      return "absent";
    case WallVerdict::unknown:
      return "unknown";
  }
  return "";
}

std::vector<WallRow> find_walls(const Facts& facts, const Census& census, const ZoneMap& zones,
                                const std::vector<ConversationLinks>& links) {
  return Watch{facts, census, zones, links}.run();
}

}  // namespace sekimori
