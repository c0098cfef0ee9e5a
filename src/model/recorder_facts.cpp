// The cold form of a shard's facts: keys spelled out, in the order of the maps.

#include "sekimori/model/recorder.h"

#include <utility>

namespace sekimori {

namespace {

template <class Hot>
OperationFact spelled_out(Hot& hot, const Dissector& dissector) {
  const auto row = operation_of(dissector, hot.code);
  OperationFact fact;
  fact.notation = notation_of(dissector, hot.code).view();
  fact.name = row.name;
  fact.access = row.access;
  fact.requests = hot.requests;
  fact.executed = hot.executed;
  fact.low = hot.low;
  fact.high = hot.high;
  if (hot.mishaps) {
    fact.rejected = hot.mishaps->rejected;
    fact.unanswered = hot.mishaps->unanswered;
    fact.unconfirmed = hot.mishaps->unconfirmed;
    fact.rejections = std::move(hot.mishaps->rejections);
  }
  fact.seen = hot.seen;
  return fact;
}

}  // namespace

std::string Recorder::segment_text(std::uint64_t key) const {
  if (key == 0) return {};
  const auto found = segments_.find(key);
  if (found != segments_.end()) return found->second;
  return std::string{SmallText{"stack "}.hex(key, 16).view()};  // past RecorderLimits::segments
}

SubjectKey Recorder::key_of(const HotSubject& subject) const {
  return {subject.mac, subject.ip, segment_text(subject.segment), subject.unit};
}

ConversationKey Recorder::key_of(const HotConversation& c) const {
  const auto mac = [&](std::size_t end) {
    return c.has_ip ? Mac{} : Mac::of(Bytes{c.end[end].octets}.subspan(10));
  };
  return {c.has_ip ? c.end[0] : IpAddress{},
          c.has_ip ? c.end[1] : IpAddress{},
          mac(0),
          mac(1),
          std::string{to_text(c.over)},
          c.port,
          c.protocol == Dissectors::kNoNumber ? std::string{}
                                              : std::string{dissectors_.all()[c.protocol]->name},
          segment_text(c.segment)};
}

void Recorder::move_to(Facts& facts) {
  Facts own;
  for (const auto& capture : facts.captures) own.captures.emplace_back().sha256 = capture.sha256;
  std::vector<ConversationFact*> places(conversations_.places());
  conversations_.drain([&](std::size_t place, const HotConversation& c) {
    places[place] =
        &own.conversations.emplace(key_of(c), ConversationFact{c, {}, {}}).first->second;
  });
  operations_.drain([&](std::size_t /*place*/, HotOperation& o) {
    places[o.conversation]->operations.emplace(
        OperationKey{std::string{dissectors_.all()[o.protocol]->name}, o.code, o.sender, o.unit,
                     std::string{o.name()}},
        spelled_out(o, *dissectors_.all()[o.protocol]));
  });
  events_.drain([&](std::size_t /*place*/, const HotEvent& e) {
    places[e.conversation]->events.emplace(
        EventKey{std::string{to_text(e.event)}, key_of(e.subject), e.detail}, e.fact);
  });
  bindings_.drain([&](std::size_t /*place*/, const HotBinding& b) {
    own.bindings.emplace(BindingKey{b.mac, b.ip, segment_text(b.segment)}, b);
  });
  properties_.drain([&](std::size_t /*place*/, const HotProperty& p) {
    own.properties.emplace(PropertyKey{key_of(p.subject), std::string{to_text(p.property)}, p.value,
                                       std::string{p.source->name}},
                           p.fact);
  });
  blocked_.drain([&](std::size_t /*place*/, const HotBlocked& b) {
    own.blocked.emplace(BlockedKey{b.by, b.what.source, b.what.destination, segment_text(b.segment),
                                   std::string{to_text(b.what.over)}, b.what.number, b.what.reason},
                        b.fact);
  });
  for (const auto& [key, fact] : stops_)
    own.stops.emplace(
        StopKey{key.first, std::string{to_text(key.second.layer)},
                std::string{to_text(key.second.reason)}, std::string{to_text(key.second.limit)}},
        fact);
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    auto& capture = own.captures[i];
    capture.cut_requests = counters_[i].cut_requests;
    capture.orphan_replies = counters_[i].orphan_replies;
    capture.stopped = counters_[i].stopped;
    capture.undecoded = counters_[i].undecoded;
  }
  const auto cap = [&](const char* name, std::uint64_t bound, std::uint64_t reached) {
    if (reached > 0) own.caps.emplace(name, CapFact{bound, reached});
  };
  cap("segments", limits_.segments, segments_reached_);
  cap("bytes of bindings", limits_.bindings, bindings_.reached());
  cap("bytes of conversations", limits_.conversations, conversations_.reached());
  cap("bytes of operations", limits_.operations, operations_.reached());
  cap("operations of a conversation", limits_.operations_each, operations_each_reached_);
  cap("reasons of an operation", limits_.reasons_each, reasons_each_reached_);
  cap("bytes of properties", limits_.properties, properties_.reached());
  cap("bytes of events", limits_.events, events_.reached());
  cap("events of a conversation", limits_.events_each, events_each_reached_);
  cap("bytes of blocked", limits_.blocked, blocked_.reached());
  facts.join(std::move(own));
}

}  // namespace sekimori
