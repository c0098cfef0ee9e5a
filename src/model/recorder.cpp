#include "sekimori/model/recorder.h"

#include "sekimori/bytes/hash.h"
#include "sekimori/bytes/text.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

constexpr int kMostCarried = 4;               // PCCC in CIP in EtherNet/IP is two
constexpr std::string_view kOther = "other";  // the target of operations past operations_each

void widen(Span& span, const Sighting& seen) {
  if (seen < span.first) span.first = seen;
  if (span.last < seen) span.last = seen;
}

/// Counts one more sighting; the first one sets the span.
template <class Fact>
void count(Fact& fact, const Sighting& seen) {
  if (fact.count++ == 0) {
    fact.seen = {seen, seen};
  } else {
    widen(fact.seen, seen);
  }
}

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  return hash_of(bytes_of(text), seed);
}

}  // namespace

Recorder::Recorder(const RecorderLimits& limits, const Dissectors& dissectors, std::uint64_t seed)
    : limits_(limits),
      seed_(seed),
      dissectors_(dissectors),
      bindings_(limits.bindings),
      conversations_(limits.conversations),
      operations_(limits.operations),
      properties_(limits.properties),
      events_(limits.events),
      blocked_(limits.blocked) {}

Recorder::CaptureCounters& Recorder::counters(std::uint32_t capture) {
  if (capture >= counters_.size()) counters_.resize(capture + 1U);
  return counters_[capture];
}

void Recorder::opened(FlowType& flow, const Packet& packet) {
  if (packet.segment.key() != 0 && !segments_.contains(packet.segment.key())) {
    if (segments_.size() < limits_.segments)
      segments_.emplace(packet.segment.key(), packet.segment.text());
    else
      ++segments_reached_;
  }
  const bool group_ip = packet.ip_version != 0 &&
                        (packet.destination.is_multicast() || packet.destination.is_broadcast());
  flow.attachment.to_group = group_ip || (packet.has_mac && packet.destination_mac.is_group());
}

void Recorder::bound(FlowType& flow, std::uint8_t sender, const Packet& packet) {
  // The packet at hand comes from the new MAC and is counted with it.
  flush_binding(flow, sender, flow.side[sender].bound_packets - 1);
  // When it was first seen is written down at once, so that no flow has to remember it.
  const auto& frame = *packet.frame;
  if (packet.source_mac.is_set())
    binding(flow, sender, packet.source_mac, {frame.time, frame.capture, frame.number});
}

std::uint32_t Recorder::binding(const Mac& mac, const IpAddress& ip, std::uint64_t segment,
                                const Sighting& seen) {
  const auto place = bindings_.find_or_add(
      mix(hash_of(ip, hash_of(mac, seed_)), segment),
      [&](const HotBinding& b) { return b.mac == mac && b.ip == ip && b.segment == segment; },
      [&] {
        return HotBinding{{.seen = {seen, seen}}, mac, ip, segment};
      });
  if (place != HashedVector<HotBinding>::kNone) widen(bindings_[place].seen, seen);
  return place;
}

std::uint32_t Recorder::binding(const FlowType& flow, std::uint8_t sender, const Mac& mac,
                                const Sighting& seen) {
  const auto ip = flow.key.has_ip ? flow.key.end[sender] : IpAddress{};
  return binding(mac, ip.is_unspecified() ? IpAddress{} : ip, flow.key.segment, seen);
}

void Recorder::flush_binding(const FlowType& flow, std::uint8_t sender, std::uint32_t packets) {
  const auto& side = flow.side[sender];
  if (packets == 0 || !side.mac.is_set()) return;
  const auto place = binding(flow, sender, side.mac, side.last);
  if (place == HashedVector<HotBinding>::kNone) return;
  auto& fact = bindings_[place];
  fact.packets += packets;
  fact.ttl_low = std::min(fact.ttl_low, side.ttl_low);
  fact.ttl_high = std::max(fact.ttl_high, side.ttl_high);
}

std::uint32_t Recorder::bind(FlowType& flow) {
  auto& session = flow.attachment;
  const auto client = flow.client;
  const auto server = static_cast<std::uint8_t>(1U - client);
  const auto name = session.dissector != nullptr ? session.dissector->name : std::string_view{};
  HotConversation wanted;
  wanted.over = flow.key.over;
  const bool ports = flow.key.over == Over::tcp || flow.key.over == Over::udp;
  wanted.port = ports ? flow.server_port() : flow.key.number;
  wanted.protocol = dissectors_.number_of(name);
  wanted.segment = flow.key.segment;
  wanted.has_ip = flow.key.has_ip;
  wanted.end = {flow.key.end[client], flow.key.end[server]};
  auto hash = mix(hash_of(wanted.end[1], hash_of(wanted.end[0], seed_)), wanted.segment);
  hash = hash_text(name, mix(hash, wanted.port * 8 + static_cast<std::uint64_t>(wanted.over)));
  session.conversation = conversations_.find_or_add(
      hash,
      [&](const HotConversation& c) {
        return c.end == wanted.end && c.has_ip == wanted.has_ip && c.over == wanted.over &&
               c.port == wanted.port && c.protocol == wanted.protocol &&
               c.segment == wanted.segment;
      },
      [&] {
        wanted.seen = {flow.first, flow.last()};
        return wanted;
      });
  return session.conversation;
}

void Recorder::accepted(FlowType& flow) {
  bind(flow);
}

void Recorder::closed(FlowType& flow, bool cut) {
  auto& session = flow.attachment;
  for (std::uint8_t sender = 0; sender < 2; ++sender)
    flush_binding(flow, sender, flow.side[sender].bound_packets);
  if (session.conversation == Session::kNone) bind(flow);
  flush_requests(flow, cut);
  if (session.conversation == Session::kNone) return;
  auto& fact = conversations_[session.conversation];
  const auto& client = flow.side[flow.client];
  const auto& server = flow.side[1U - flow.client];
  const auto one = [](bool yes) { return std::uint64_t{yes ? 1U : 0U}; };
  fact.attempted += one(flow.attempted);
  fact.established += one(flow.established);
  fact.refused += one(flow.refused);
  fact.unanswered += one(flow.attempted && !flow.established && !flow.refused && !session.to_group);
  fact.resumed += one(flow.resumed);
  fact.client_packets += client.packets;
  fact.server_packets += server.packets;
  fact.client_bytes += client.payload;
  fact.server_bytes += server.payload;
  fact.bytes += flow.wire_bytes;
  const bool encrypted =
      session.encrypted || (session.dissector != nullptr && session.dissector->encrypted);
  if (client.payload + server.payload > 0) ++(encrypted ? fact.encrypted_flows : fact.clear_flows);
  fact.longest = std::max(fact.longest, flow.last().time - flow.first.time);
  fact.reason = std::max(fact.reason, flow.reason);
  fact.seen.join({flow.first, flow.last()});
}

void Recorder::unanswered(const Pending& pending) {
  if (pending.operation != Session::kNone) ++mishaps(pending.operation).unanswered;
}

Recorder::Mishaps& Recorder::mishaps(std::uint32_t place) {
  auto& of = place == Session::kNone ? spare_ : operations_[place];
  if (!of.mishaps) {
    of.mishaps = std::make_unique<Mishaps>();
    operations_.charge(HotOperation::kMishaps);
  }
  return *of.mishaps;
}

void Recorder::reject(Mishaps& mishaps, std::uint32_t reason) {
  ++mishaps.rejected;
  auto found = mishaps.rejections.find(reason);
  if (found == mishaps.rejections.end()) {
    if (mishaps.rejections.size() >= limits_.reasons_each) {
      ++reasons_each_reached_;
      return;
    }
    if (!operations_.charge_if_room(Mishaps::kReason)) return;
    found = mishaps.rejections.emplace(reason, std::pair{0U, seen_}).first;
  }
  auto& [times, first] = found->second;
  ++times;
  first = std::min(first, seen_);
}

void Recorder::flush_requests(FlowType& flow, bool cut) {
  while (const auto pending = flow.attachment.open.pop()) {
    unanswered(*pending);
    if (cut) ++counters(flow.last().capture).cut_requests;
  }
}

void Recorder::forget_requests(FlowType& flow) {
  flush_requests(flow, false);
  flow.attachment.open = {};
}

void Recorder::begin(FlowType& flow, std::uint8_t sender, const Sighting& seen) {
  flow_ = &flow;
  sender_ = sender;
  seen_ = seen;
  speaker_ = flow.attachment.dissector;
  if (flow.attachment.conversation == Session::kNone) return;
  auto& fact = conversations_[flow.attachment.conversation];
  protocol_ = fact.protocol;
  ++(sender == flow.client ? fact.requests_seen : fact.replies_seen);
}

void Recorder::finish(const ByteCursor& /*message*/) {
  flow_ = nullptr;
}

std::uint32_t Recorder::find_operation(std::uint32_t code, const Target& target, Sender sender) {
  auto& session = flow_->attachment;
  for (const auto place : session.recent) {
    if (place == Session::kNone) continue;
    const auto& known = operations_[place];
    if (known.code != code || known.unit != target.unit || known.sender != sender ||
        known.protocol != protocol_)
      continue;
    if (is_equal(known.name(), view_of(target.name))) return place;
  }
  auto& conversation = conversations_[session.conversation];
  // Names are made safe before they are compared, so that the same name is the same target
  // whatever bytes the wire called it by.
  auto object = clean_text(target.name);
  auto unit = target.unit;
  const auto hash = [&] {
    return hash_text(object, mix(mix(mix(seed_, session.conversation), code) ^ own_key(0),
                                 (std::uint64_t{unit} << 1U) | static_cast<std::uint64_t>(sender)));
  };
  const auto equal = [&](const HotOperation& o) {
    return o.conversation == session.conversation && o.protocol == protocol_ && o.code == code &&
           o.unit == unit && o.sender == sender && o.name() == object;
  };
  if (conversation.operations >= limits_.operations_each &&
      operations_.find(hash(), equal) == HashedVector<HotOperation>::kNone) {
    ++operations_each_reached_;
    object = kOther;
    unit = Target::kNoUnit;
  }
  const auto place = operations_.find_or_add(hash(), equal, [&] {
    // Codes past the bound still count each by itself, so this may come to its own.
    if (conversation.operations < UINT16_MAX) ++conversation.operations;
    HotOperation made;
    made.conversation = session.conversation;
    made.code = code;
    made.unit = unit;
    made.sender = sender;
    made.protocol = protocol_;
    if (!object.empty()) made.object = std::make_unique<const std::string>(object);
    return made;
  });
  if (place != Session::kNone) {
    session.recent[session.recent_next] = place;
    session.recent_next = static_cast<std::uint8_t>((session.recent_next + 1U) % 4U);
  }
  return place;
}

std::uint32_t Recorder::operation(std::uint32_t code, const Target& target) {
  const auto sender = sender_ == flow_->client ? Sender::client : Sender::server;
  const auto place = flow_->attachment.conversation == Session::kNone
                         ? Session::kNone
                         : find_operation(code, target, sender);
  auto& found = place == Session::kNone ? spare_ : operations_[place];
  if (found.requests++ == 0) {
    found.seen = {seen_, seen_};
  } else {
    widen(found.seen, seen_);
  }
  if (target.has_range && target.first <= target.last) {
    const bool empty = found.low > found.high;
    found.low = empty ? target.first : std::min(found.low, target.first);
    found.high = empty ? target.last : std::max(found.high, target.last);
  }
  return place;
}

void Recorder::request(std::uint32_t code, const Target& target, std::uint64_t key,
                       std::uint64_t context) {
  const auto place = operation(code, target);
  auto& open = flow_->attachment.open;
  const auto gone = open.open({own_key(key), context, place, sender_});
  if (open.held() > 0) flow_->attachment.keeps = true;
  if (gone) unanswered(*gone);
}

void Recorder::notice(std::uint32_t code, const Target& target) {
  const auto place = operation(code, target);
  ++mishaps(place).unconfirmed;
}

std::optional<std::uint64_t> Recorder::reply(std::uint64_t key, Outcome outcome,
                                             std::uint32_t reason) {
  const auto asker = static_cast<std::uint8_t>(1U - sender_);
  const auto pending = flow_->attachment.open.close(asker, own_key(key));
  if (!pending) {
    ++counters(seen_.capture).orphan_replies;
    return std::nullopt;
  }
  if (pending->operation == Session::kNone) return pending->context;
  auto& found = operations_[pending->operation];
  widen(found.seen, seen_);
  if (outcome == Outcome::executed) {
    ++found.executed;
  } else {
    reject(mishaps(pending->operation), reason);
  }
  return pending->context;
}

bool Recorder::resolve(const Subject& subject, HotSubject& out) const {
  out.segment = flow_->key.segment;
  out.unit = subject.unit;
  auto end = sender_;
  switch (subject.kind) {
    case Subject::Kind::sender:
      break;
    case Subject::Kind::receiver:
      end = static_cast<std::uint8_t>(1U - sender_);
      break;
    case Subject::Kind::client:
      end = flow_->client;
      break;
    case Subject::Kind::server:
      end = static_cast<std::uint8_t>(1U - flow_->client);
      break;
    case Subject::Kind::ip:
      out.ip = subject.ip;
      return subject.ip.is_set() && !subject.ip.is_unspecified();
    case Subject::Kind::mac:
      out.mac = subject.mac;
      return subject.mac.is_set();
  }
  const auto ip = flow_->key.has_ip ? flow_->key.end[end] : IpAddress{};
  if (ip.is_set() && !ip.is_unspecified()) {
    out.ip = ip;
    return true;
  }
  out.mac = flow_->key.has_ip ? flow_->side[end].mac
                              : Mac::of(Bytes{flow_->key.end[end].octets}.subspan(10));
  return out.mac.is_set();
}

void Recorder::property(const Subject& subject, Property property, Bytes value,
                        Confidence confidence) {
  HotSubject about;
  if (!resolve(subject, about)) return;
  const auto text = clean_text(value);
  if (text.empty()) return;
  const auto* source = speaker_;
  auto hash = mix(hash_of(about.mac, hash_of(about.ip, seed_)), about.segment);
  hash = hash_text(
      text, mix(hash, (std::uint64_t{about.unit} << 8U) | static_cast<std::uint64_t>(property)));
  const auto place = properties_.find_or_add(
      hash,
      [&](const HotProperty& p) {
        return p.subject == about && p.property == property && p.source == source &&
               p.value == text;
      },
      [&] {
        return HotProperty{about, property, source, text, {}};
      });
  if (place == HashedVector<HotProperty>::kNone) return;
  auto& fact = properties_[place].fact;
  fact.confidence = std::max(fact.confidence, static_cast<int>(confidence));
  count(fact, seen_);
}

void Recorder::claim(const Mac& mac, const IpAddress& ip) {
  if (!mac.is_set() || mac.is_group() || !ip.is_set() || ip.is_unspecified() || ip.is_multicast() ||
      ip.is_broadcast())
    return;
  const auto place = binding(mac, ip, flow_->key.segment, seen_);
  if (place != HashedVector<HotBinding>::kNone) ++bindings_[place].claims;
}

void Recorder::event(Event event, std::string_view detail, const Subject& subject) {
  if (event == Event::encrypted) flow_->attachment.encrypted = true;
  HotSubject about;
  const auto number = flow_->attachment.conversation;
  if (number == Session::kNone || !resolve(subject, about)) return;
  auto& conversation = conversations_[number];
  const auto text = clean_text(bytes_of(detail));
  const auto hash =
      hash_text(text, mix(hash_of(about.mac, hash_of(about.ip, mix(seed_, number))),
                          (std::uint64_t{about.unit} << 8U) | static_cast<std::uint64_t>(event)));
  const auto equal = [&](const HotEvent& e) {
    return e.conversation == number && e.event == event && e.subject == about && e.detail == text;
  };
  auto place = events_.find(hash, equal);
  if (place == HashedVector<HotEvent>::kNone) {
    if (conversation.events >= limits_.events_each) {
      ++events_each_reached_;
      return;
    }
    place = events_.find_or_add(
        hash, equal,
        [&] {
          return HotEvent{number, event, about, text, {}};
        },
        [&](const HotEvent& gone) { --conversations_[gone.conversation].events; });
    if (place != HashedVector<HotEvent>::kNone) ++conversation.events;
  }
  if (place != HashedVector<HotEvent>::kNone) count(events_[place].fact, seen_);
}

void Recorder::blocked(const Blocked& blocked) {
  const auto by = flow_->key.end[sender_];
  const auto segment = flow_->key.segment;
  auto hash = hash_of(blocked.destination, hash_of(blocked.source, hash_of(by, seed_)));
  hash = mix(mix(hash, segment), (blocked.number << 24U) ^ (std::uint64_t{blocked.reason} << 4U) ^
                                     static_cast<std::uint64_t>(blocked.over));
  const auto place = blocked_.find_or_add(
      hash,
      [&](const HotBlocked& b) {
        return b.by == by && b.segment == segment && b.what.source == blocked.source &&
               b.what.destination == blocked.destination && b.what.over == blocked.over &&
               b.what.number == blocked.number && b.what.reason == blocked.reason;
      },
      [&] {
        return HotBlocked{by, segment, blocked, {}};
      });
  if (place != HashedVector<HotBlocked>::kNone) count(blocked_[place].fact, seen_);
}

StreamBuffer& Recorder::buffer(std::uint64_t key) {
  const auto end = (key & StreamBuffer::kShared) != 0 ? std::uint8_t{0} : sender_;
  auto& shelf = flow_->attachment.leftovers().shelf[end];
  if (!shelf) shelf = std::make_unique<BufferShelf>();
  flow_->attachment.keeps = true;
  return shelf->at(key);
}

std::uint64_t Recorder::own_key(std::uint64_t key) const noexcept {
  return carried_ == 0 ? key : mix(key, hash_text(speaker_->name, 0));
}

bool Recorder::carry(std::string_view protocol, ByteCursor& message, const Context& context) {
  const auto number = dissectors_.number_of(protocol);
  if (number == Dissectors::kNoNumber || carried_ == kMostCarried) return false;
  const auto* const outer = std::exchange(speaker_, dissectors_.all()[number]);
  const auto outer_number = std::exchange(protocol_, number);
  ++carried_;
  speaker_->dissect(message, context, *this);
  --carried_;
  protocol_ = outer_number;
  speaker_ = outer;
  return true;
}

void Recorder::stopped(const Packet& packet) {
  auto& count = counters(packet.frame->capture);
  if (packet.over == Over::nothing) ++count.undecoded;
  if (packet.stop.reason == StopReason::none) return;
  ++count.stopped;
  auto& fact =
      stops_.try_emplace({packet.frame->capture, packet.stop}, StopFact{0, packet.frame->number})
          .first->second;
  ++fact.packets;
}

}  // namespace sekimori
