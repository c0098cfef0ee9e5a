// Joining facts. Sightings of one time in two captures are ordered by the captures' SHA-256 and
// not by their place in a list, which depends on the order of joining; so joining is associative.

#include "sekimori/model/facts.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sekimori {
namespace {

/// Where captures of the joined list stand, and how sightings in them compare.
struct Places {
  std::vector<std::uint32_t> from_other;  ///< place in the other's list -> place in the joined one
  std::vector<std::size_t> rank;          ///< place -> order by SHA-256

  [[nodiscard]] Sighting moved(Sighting sighting) const {
    // A sighting that is not set has no frame, and names no capture.
    if (sighting.frame != 0 && sighting.capture < from_other.size())
      return {sighting.time, from_other[sighting.capture], sighting.frame};
    return sighting;
  }
  [[nodiscard]] Span moved(const Span& span) const { return {moved(span.first), moved(span.last)}; }

  [[nodiscard]] bool before(const Sighting& one, const Sighting& other) const {
    const auto key = [this](const Sighting& s) {
      return std::tuple{s.time, s.capture < rank.size() ? rank[s.capture] : s.capture, s.frame};
    };
    return key(one) < key(other);
  }
};

// Either text may be missing; where both are there and differ, the order of joining must not show.
void join_text(std::string& mine, const std::string& other) {
  if (mine.empty() || (!other.empty() && other < mine)) mine = other;
}

void join_range(std::uint64_t& low, std::uint64_t& high, std::uint64_t low_other,
                std::uint64_t high_other) {
  const bool mine = low <= high;
  const bool others = low_other <= high_other;
  if (mine && others) {
    low = std::min(low, low_other);
    high = std::max(high, high_other);
  } else if (others) {
    low = low_other;
    high = high_other;
  } else if (!mine) {
    low = 1;
    high = 0;
  }
}

void join_times(CaptureFact& mine, const CaptureFact& other) {
  if (mine.packets == 0 && other.packets != 0) {
    mine.first_seen = other.first_seen;
    mine.last_seen = other.last_seen;
  } else if ((mine.packets == 0) == (other.packets == 0)) {
    mine.first_seen = std::min(mine.first_seen, other.first_seen);
    mine.last_seen = std::max(mine.last_seen, other.last_seen);
  }
}

void join_capture(CaptureFact& mine, const CaptureFact& other) {
  join_times(mine, other);  // before packets change
  for (const auto text : {&CaptureFact::name, &CaptureFact::format, &CaptureFact::link_type,
                          &CaptureFact::vantage, &CaptureFact::damage, &CaptureFact::path_hint})
    join_text(mine.*text, other.*text);
  for (const auto count :
       {&CaptureFact::packets, &CaptureFact::bytes, &CaptureFact::undecoded, &CaptureFact::stopped,
        &CaptureFact::duplicates, &CaptureFact::fragments_lost, &CaptureFact::stream_gaps,
        &CaptureFact::gap_bytes, &CaptureFact::one_way, &CaptureFact::two_way,
        &CaptureFact::kernel_drops, &CaptureFact::resumed, &CaptureFact::cut_requests,
        &CaptureFact::cut_flows, &CaptureFact::orphan_replies, &CaptureFact::overlap_conflicts})
    mine.*count += other.*count;
  std::vector<CapturePiece> pieces;
  std::ranges::set_union(mine.pieces, other.pieces, std::back_inserter(pieces));
  mine.pieces = std::move(pieces);
}

// Each of these takes a fact whose sightings were already moved.

void join_span(const Places& places, Span& mine, const Span& other) {
  if (places.before(other.first, mine.first)) mine.first = other.first;
  if (places.before(mine.last, other.last)) mine.last = other.last;
}

void join_fact(const Places& places, BindingFact& mine, const BindingFact& other) {
  mine.claims += other.claims;
  mine.packets += other.packets;
  mine.ttl_low = std::min(mine.ttl_low, other.ttl_low);
  mine.ttl_high = std::max(mine.ttl_high, other.ttl_high);
  join_span(places, mine.seen, other.seen);
}

void join_fact(const Places& places, PropertyFact& mine, const PropertyFact& other) {
  mine.confidence = std::max(mine.confidence, other.confidence);
  mine.count += other.count;
  join_span(places, mine.seen, other.seen);
}

template <typename Counted>  // EventFact, BlockedFact
void join_fact(const Places& places, Counted& mine, const Counted& other) {
  mine.count += other.count;
  join_span(places, mine.seen, other.seen);
}

void join_fact(const Places& places, OperationFact& mine, const OperationFact& other) {
  join_text(mine.notation, other.notation);
  join_text(mine.name, other.name);
  mine.access = std::min(mine.access, other.access);  // `unknown` is the greatest
  for (const auto count :
       {&OperationFact::requests, &OperationFact::executed, &OperationFact::rejected,
        &OperationFact::unanswered, &OperationFact::unconfirmed})
    mine.*count += other.*count;
  join_range(mine.low, mine.high, other.low, other.high);
  for (const auto& [reason, rejection] : other.rejections) {
    const auto [place, is_new] = mine.rejections.try_emplace(reason, rejection);
    if (is_new) continue;
    place->second.first += rejection.first;
    if (places.before(rejection.second, place->second.second))
      place->second.second = rejection.second;
  }
  join_span(places, mine.seen, other.seen);
}

template <typename Map>
void join_map(const Places& places, Map& mine, Map& other);

void join_fact(const Places& places, ConversationFact& mine, ConversationFact& other) {
  for (const auto count :
       {&ConversationFact::attempted, &ConversationFact::established, &ConversationFact::refused,
        &ConversationFact::unanswered, &ConversationFact::resumed,
        &ConversationFact::client_packets, &ConversationFact::server_packets,
        &ConversationFact::bytes, &ConversationFact::client_bytes, &ConversationFact::server_bytes,
        &ConversationFact::requests_seen, &ConversationFact::replies_seen,
        &ConversationFact::clear_flows, &ConversationFact::encrypted_flows})
    mine.*count += other.*count;
  mine.longest = std::max(mine.longest, other.longest);
  mine.reason = std::max(mine.reason, other.reason);
  join_span(places, mine.seen, other.seen);
  join_map(places, mine.operations, other.operations);
  join_map(places, mine.events, other.events);
}

// `visit` sees every sighting of a fact, those of the facts within it too.
template <typename Fact, typename Visit>
void each_sighting(Fact& fact, const Visit& visit) {
  visit(fact.seen.first);
  visit(fact.seen.last);
  if constexpr (requires { fact.rejections; }) {
    for (auto& [reason, rejection] : fact.rejections) visit(rejection.second);
  }
  if constexpr (requires { fact.operations; }) {
    for (auto& [key, operation] : fact.operations) each_sighting(operation, visit);
    for (auto& [key, event] : fact.events) each_sighting(event, visit);
  }
}

// Moves the nodes of `other` over, in the order of both, and joins those that are in both.
template <typename Map>
void join_map(const Places& places, Map& mine, Map& other) {
  if (mine.empty()) return mine.swap(other);
  auto hint = mine.begin();
  while (!other.empty()) {
    auto node = other.extract(other.begin());
    auto& fact = node.mapped();  // stays where it is, whoever has the node
    const auto size = mine.size();
    hint = mine.insert(hint, std::move(node));
    if (mine.size() == size) join_fact(places, hint->second, fact);
    ++hint;
  }
}

template <typename Map, typename Visit>
void each_sighting_in(Map& map, const Visit& visit) {
  for (auto& [key, fact] : map) each_sighting(fact, visit);
}

template <typename Visit>
void each_sighting_of(Facts& facts, const Visit& visit) {
  each_sighting_in(facts.bindings, visit);
  each_sighting_in(facts.properties, visit);
  each_sighting_in(facts.conversations, visit);
  each_sighting_in(facts.blocked, visit);
}

std::map<StopKey, StopFact> renumbered(const std::map<StopKey, StopFact>& stops,
                                       const std::vector<std::uint32_t>& places) {
  std::map<StopKey, StopFact> result;
  for (const auto& [old, fact] : stops) {
    auto key = old;
    if (key.capture < places.size()) key.capture = places[key.capture];
    result.emplace(std::move(key), fact);
  }
  return result;
}

// Adds the captures that `mine` lacks and joins those that it has.
Places join_captures(std::vector<CaptureFact>& mine, const std::vector<CaptureFact>& other) {
  std::map<std::string, std::uint32_t> by_hash;
  for (std::size_t i = 0; i < mine.size(); ++i)
    by_hash.emplace(mine[i].sha256, static_cast<std::uint32_t>(i));
  Places places;
  for (const auto& capture : other) {
    const auto [place, is_new] =
        by_hash.emplace(capture.sha256, static_cast<std::uint32_t>(mine.size()));
    if (is_new) {
      if (mine.size() > Sighting::kMostCapture)
        throw Error("merge", "more captures than one model holds (16777216)");
      mine.push_back(capture);
    } else {
      join_capture(mine[place->second], capture);
    }
    places.from_other.push_back(place->second);
  }
  places.rank.resize(mine.size());
  std::size_t rank = 0;
  for (const auto& [hash, place] : by_hash) places.rank[place] = rank++;
  return places;
}

}  // namespace

std::string_view ConversationFact::strength() const noexcept {
  if (requests_seen > 0 && replies_seen > 0) return "S3";
  return established > 0 || (client_bytes > 0 && server_bytes > 0) ? "S2" : "S1";
}

void Facts::join(const Facts& other) {
  join(Facts{other});
}

void Facts::join(Facts&& other) {
  const auto places = join_captures(captures, other.captures);

  for (const auto& [key, fact] : renumbered(other.stops, places.from_other)) {
    const auto [place, is_new] = stops.try_emplace(key, fact);
    if (is_new) continue;
    place->second.packets += fact.packets;
    place->second.frame = std::min(place->second.frame, fact.frame);
  }
  for (const auto& [name, cap] : other.caps) {
    auto& mine = caps[name];
    mine.bound = std::max(mine.bound, cap.bound);
    mine.reached += cap.reached;
  }

  bool moves = false;
  for (std::size_t i = 0; i < places.from_other.size(); ++i)
    moves = moves || places.from_other[i] != i;
  if (moves)
    each_sighting_of(other, [&places](Sighting& sighting) { sighting = places.moved(sighting); });
  join_map(places, bindings, other.bindings);
  join_map(places, properties, other.properties);
  join_map(places, conversations, other.conversations);
  join_map(places, blocked, other.blocked);
}

void Facts::sort_captures() {
  std::vector<std::uint32_t> order(captures.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [this](std::uint32_t one, std::uint32_t other) {
    const auto& a = captures[one];
    const auto& b = captures[other];
    return std::tie(a.first_seen, a.sha256) < std::tie(b.first_seen, b.sha256);
  });
  if (std::ranges::is_sorted(order)) return;

  std::vector<std::uint32_t> place(order.size());
  std::vector<CaptureFact> sorted;
  sorted.reserve(captures.size());
  for (const auto from : order) {
    place[from] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(std::move(captures[from]));
  }
  captures = std::move(sorted);
  stops = renumbered(stops, place);
  each_sighting_of(*this, [&place](Sighting& sighting) {
    if (sighting.frame != 0 && sighting.capture < place.size())
      sighting = {sighting.time, place[sighting.capture], sighting.frame};
  });
}

}  // namespace sekimori
