// Rows to facts. A file may have been edited, so what does not fit is an error and no guess.

#include "sekimori/bytes/error.h"
#include "sekimori/model/store.h"

#include "store_parts.h"

#include <algorithm>
#include <future>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori {
namespace {

DirectionReason direction_reason(std::string_view text) {
  if (text == "first") return DirectionReason::first;
  if (text == "port") return DirectionReason::port;
  if (text == "handshake") return DirectionReason::handshake;
  if (text == "payload") return DirectionReason::payload;
  throw Error("conversation.direction_reason", "not a reason: \"" + std::string{text} + '"');
}

Access access_of(std::string_view text) {
  for (std::size_t i = 0; i < kAccessCount; ++i) {
    const auto access = static_cast<Access>(i);
    if (to_text(access) == text) return access;
  }
  throw Error("operation.access", "not an access: \"" + std::string{text} + '"');
}

[[noreturn]] void out_of_place(std::string_view column, const std::string& value) {
  throw Error(std::string{column}, "value out of place: \"" + value + '"');
}

[[noreturn]] void twice(const std::string& table) {
  throw Error(table, "the same fact twice");
}

/// The rows of a table, read column by column.
class Rows {
 public:
  Rows(Database& database, std::string table, const std::string& columns, std::size_t captures)
      : table_(std::move(table)),
        statement_(database.prepare("SELECT " + columns + " FROM " + table_ + " ORDER BY 1")),
        captures_(captures) {}

  bool next() {
    column_ = -1;
    return statement_.step();
  }
  /// False, and the column is passed over, where it is NULL.
  bool has_value() {
    if (!statement_.is_null(column_ + 1)) return true;
    ++column_;
    return false;
  }
  std::string text() { return statement_.text(++column_); }
  /// The same in place, until the next row.
  std::string_view view() { return statement_.view(++column_); }
  std::int64_t integer() { return statement_.integer(++column_); }
  std::uint64_t count() { return static_cast<std::uint64_t>(integer()); }
  template <typename T>
  T number() {
    const auto value = integer();
    if (std::cmp_less(value, std::numeric_limits<T>::min()) ||
        std::cmp_greater(value, std::numeric_limits<T>::max()))
      wrong(std::to_string(value));
    return static_cast<T>(value);
  }
  Mac mac() {
    const auto value = view();
    const auto mac = parse_mac(value);
    if (!mac && !value.empty()) wrong(std::string{value});
    return mac.value_or(Mac{});
  }
  IpAddress ip() {
    const auto value = view();
    if (value.empty()) return {};
    const auto ip = parse_ip(value);
    if (!ip) wrong(std::string{value});
    return ip.value_or(IpAddress{});
  }
  std::uint32_t unit() { return has_value() ? number<std::uint32_t>() : Target::kNoUnit; }
  std::uint32_t capture() {
    const auto value = integer();
    if (value < 1 || std::cmp_greater(value, captures_)) wrong(std::to_string(value));
    return static_cast<std::uint32_t>(value - 1);
  }
  /// capture, frame
  Sighting sighting() {
    const auto in = has_value() ? capture() : 0;
    const auto frame = has_value() ? count() : 0;
    if (frame > Sighting::kMostFrame) wrong(std::to_string(frame));
    return {0, in, frame};
  }
  /// capture, frame, last_capture, last_frame, first_ns, last_ns
  Span span() {
    Span span;
    span.first = sighting();
    span.last = sighting();
    span.first.time = integer();
    span.last.time = integer();
    return span;
  }
  /// low, high; none where they are NULL
  std::pair<std::uint64_t, std::uint64_t> range(std::uint64_t low, std::uint64_t high) {
    if (has_value()) low = count();
    if (has_value()) high = count();
    return {low, high};
  }
  [[noreturn]] void wrong(const std::string& value) const {
    out_of_place(table_ + '.' + statement_.column_name(column_), value);
  }
  template <typename Map, typename Key, typename Fact>
  auto add(Map& map, Key key, Fact fact) {
    // Rows come in the order of the map, unless somebody else wrote them.
    const auto known = map.size();
    const auto place = map.emplace_hint(map.end(), std::move(key), std::move(fact));
    if (map.size() == known) twice(table_);
    return place;
  }

 private:
  std::string table_;
  Statement statement_;
  std::size_t captures_;
  int column_ = -1;
};

constexpr const char* kSpan = "capture, frame, last_capture, last_frame, first_ns, last_ns";

void read_pieces(Facts& facts, Database& database) {
  if (!has_table(database, "piece")) return;  // a model of before pieces were told
  Rows piece{database, "piece", "capture, first_frame, frames, name, sha256, bytes, path_hint",
             facts.captures.size()};
  while (piece.next()) {
    auto& p = facts.captures[piece.capture()].pieces.emplace_back();
    p.first_frame = piece.count();
    p.frames = piece.count();
    p.name = piece.text();
    p.sha256 = piece.text();
    p.size = piece.count();
    p.path = piece.text();
  }
  for (auto& capture : facts.captures) std::ranges::sort(capture.pieces);
}

void read_captures(Facts& facts, Database& database) {
  Rows rows{database, "capture",
            "capture, name, sha256, format, link_type, packets, bytes, vantage, undecoded, "
            "stopped, duplicates, fragments_lost, stream_gaps, gap_bytes, one_way, two_way, "
            "kernel_drops, resumed, cut_requests, cut_flows, orphan_replies, overlap_conflicts, "
            "damage, path_hint, first_ns, last_ns",
            0};
  while (rows.next()) {
    if (rows.integer() != static_cast<std::int64_t>(facts.captures.size()) + 1)
      throw Error("capture", "captures are not numbered from 1");
    CaptureFact c;
    for (auto* text : {&c.name, &c.sha256, &c.format, &c.link_type}) *text = rows.text();
    c.packets = rows.count();
    c.bytes = rows.count();
    c.vantage = rows.text();
    for (auto* count : {&c.undecoded, &c.stopped, &c.duplicates, &c.fragments_lost, &c.stream_gaps,
                        &c.gap_bytes, &c.one_way, &c.two_way, &c.kernel_drops, &c.resumed,
                        &c.cut_requests, &c.cut_flows, &c.orphan_replies, &c.overlap_conflicts})
      *count = rows.count();
    c.damage = rows.text();
    c.path_hint = rows.text();
    c.first_seen = rows.integer();
    c.last_seen = rows.integer();
    facts.captures.push_back(std::move(c));
  }

  const auto captures = facts.captures.size();
  Rows stop{database, "stop", "capture, layer, reason, limited_by, packets, frame", captures};
  while (stop.next()) {
    StopKey key;
    key.capture = stop.capture();
    for (auto* text : {&key.layer, &key.reason, &key.limited_by}) *text = stop.text();
    const auto packets = stop.count();
    stop.add(facts.stops, std::move(key), StopFact{packets, stop.count()});
  }

  Rows cap{database, "cap", "name, bound, reached", captures};
  while (cap.next()) {
    auto name = cap.text();
    const auto bound = cap.count();
    cap.add(facts.caps, std::move(name), CapFact{bound, cap.count()});
  }
}

void read_stations(Facts& facts, Database& database) {
  const auto captures = facts.captures.size();
  Rows binding{database, "binding",
               "mac, ip, segment, claims, packets, ttl_low, ttl_high, " + std::string{kSpan},
               captures};
  while (binding.next()) {
    BindingKey key;
    key.mac = binding.mac();
    key.ip = binding.ip();
    key.segment = binding.text();
    BindingFact fact;
    fact.claims = binding.count();
    fact.packets = binding.count();
    if (binding.has_value()) fact.ttl_low = binding.number<std::uint8_t>();
    if (binding.has_value()) fact.ttl_high = binding.number<std::uint8_t>();
    fact.seen = binding.span();
    binding.add(facts.bindings, std::move(key), fact);
  }

  Rows property{
      database, "property",
      "name, value, source, confidence, mac, ip, segment, unit, count, " + std::string{kSpan},
      captures};
  while (property.next()) {
    PropertyKey key;
    for (auto* text : {&key.name, &key.value, &key.source}) *text = property.text();
    PropertyFact fact;
    fact.confidence = property.number<int>();
    key.subject.mac = property.mac();
    key.subject.ip = property.ip();
    key.subject.segment = property.text();
    key.subject.unit = property.unit();
    fact.count = property.count();
    fact.seen = property.span();
    property.add(facts.properties, std::move(key), fact);
  }

  Rows blocked{database, "blocked",
               "by_ip, source_ip, destination_ip, segment, transport, port, type, code, count, " +
                   std::string{kSpan},
               captures};
  while (blocked.next()) {
    BlockedKey key;
    for (auto* ip : {&key.by, &key.source, &key.destination}) *ip = blocked.ip();
    key.segment = blocked.text();
    key.transport = blocked.text();
    key.port = blocked.count();
    const auto type = blocked.number<std::uint8_t>();
    key.reason = static_cast<std::uint16_t>(type << 8U | blocked.number<std::uint8_t>());
    BlockedFact fact;
    fact.count = blocked.count();
    fact.seen = blocked.span();
    blocked.add(facts.blocked, std::move(key), fact);
  }
}

/// Facts by the number of their row, which rises from one to the next.
template <typename Fact>
class ByRow {
 public:
  void add(std::int64_t id, Fact& fact) { facts_.emplace_back(id, &fact); }

  /// The fact that a row of another table names in `column`.
  Fact& of(std::int64_t id, std::string_view column) const {
    const auto found =
        std::ranges::lower_bound(facts_, id, {}, &std::pair<std::int64_t, Fact*>::first);
    if (found == facts_.end() || found->first != id) out_of_place(column, std::to_string(id));
    return *found->second;
  }

 private:
  std::vector<std::pair<std::int64_t, Fact*>> facts_;
};

using Conversations = ByRow<ConversationFact>;

Conversations read_conversations(Facts& facts, Database& database) {
  Conversations by_id;
  Rows rows{database, "conversation",
            "conversation, client_ip, server_ip, client_mac, server_mac, transport, number, "
            "protocol, segment, direction_reason, attempted, established, refused, unanswered, "
            "resumed, client_packets, server_packets, bytes, client_bytes, server_bytes, "
            "requests_seen, replies_seen, clear_flows, encrypted_flows, longest_ns, " +
                std::string{kSpan},
            facts.captures.size()};
  while (rows.next()) {
    const auto id = rows.integer();
    ConversationKey key;
    key.client_ip = rows.ip();
    key.server_ip = rows.ip();
    key.client_mac = rows.mac();
    key.server_mac = rows.mac();
    key.transport = rows.text();
    key.port = rows.count();
    key.protocol = rows.text();
    key.segment = rows.text();
    ConversationFact fact;
    fact.reason = direction_reason(rows.view());
    for (auto* count : {&fact.attempted, &fact.established, &fact.refused, &fact.unanswered,
                        &fact.resumed, &fact.client_packets, &fact.server_packets, &fact.bytes,
                        &fact.client_bytes, &fact.server_bytes, &fact.requests_seen,
                        &fact.replies_seen, &fact.clear_flows, &fact.encrypted_flows})
      *count = rows.count();
    fact.longest = rows.integer();
    fact.seen = rows.span();
    by_id.add(id, rows.add(facts.conversations, std::move(key), std::move(fact))->second);
  }
  return by_id;
}

/// What happened in conversations, by the number of their row: as a rule once each.
template <typename Map>
using InConversations = std::vector<std::pair<std::int64_t, Map>>;

using Operations = InConversations<std::map<OperationKey, OperationFact>>;
using Events = InConversations<std::map<EventKey, EventFact>>;

template <typename Map>
Map& of_conversation(InConversations<Map>& all, std::int64_t id) {
  return all.empty() || all.back().first != id ? all.emplace_back(id, Map{}).second
                                               : all.back().second;
}

Operations read_operations(Database& database, std::size_t captures) {
  Operations operations;
  ByRow<OperationFact> by_id;
  Rows rows{database, "operation",
            "operation, conversation, protocol, number, sender, unit, object, code, name, access, "
            "requests, "
            "executed, rejected, unanswered, unconfirmed, low, high, " +
                std::string{kSpan},
            captures};
  while (rows.next()) {
    const auto id = rows.integer();
    auto& happened = of_conversation(operations, rows.integer());
    OperationKey key;
    key.protocol = rows.text();
    key.code = rows.number<std::uint32_t>();
    key.sender = rows.view() == "server" ? Sender::server : Sender::client;
    key.unit = rows.unit();
    key.object = rows.text();
    OperationFact fact;
    fact.notation = rows.text();
    fact.name = rows.text();
    fact.access = access_of(rows.view());
    for (auto* count :
         {&fact.requests, &fact.executed, &fact.rejected, &fact.unanswered, &fact.unconfirmed})
      *count = rows.count();
    std::tie(fact.low, fact.high) = rows.range(fact.low, fact.high);
    fact.seen = rows.span();
    by_id.add(id, rows.add(happened, std::move(key), std::move(fact))->second);
  }

  Rows rejection{database, "rejection", "operation, reason, count, capture, frame, first_ns",
                 captures};
  while (rejection.next()) {
    const auto id = rejection.integer();
    auto& operation = by_id.of(id, "rejection.operation");
    const auto reason = rejection.number<std::uint32_t>();
    const auto count = rejection.count();
    auto first = rejection.sighting();
    first.time = rejection.integer();
    rejection.add(operation.rejections, reason, std::pair{count, first});
  }
  return operations;
}

Events read_events(Database& database, std::size_t captures) {
  Events events;
  Rows rows{
      database, "event",
      "event, conversation, kind, detail, mac, ip, segment, unit, count, " + std::string{kSpan},
      captures};
  while (rows.next()) {
    rows.integer();
    // An event without a conversation is derived, and comes back with the next inference.
    if (!rows.has_value()) continue;
    auto& happened = of_conversation(events, rows.integer());
    EventKey key;
    key.kind = rows.text();
    key.detail = rows.text();
    key.subject.mac = rows.mac();
    key.subject.ip = rows.ip();
    key.subject.segment = rows.text();
    key.subject.unit = rows.unit();
    EventFact fact;
    fact.count = rows.count();
    fact.seen = rows.span();
    rows.add(happened, std::move(key), fact);
  }
  return events;
}

/// Hands over what happened; `table` is where it was read.
template <typename Map>
void put(InConversations<Map>& happened, const Conversations& conversations,
         Map ConversationFact::*member, const std::string& table) {
  const auto column = table + ".conversation";
  for (auto& [id, rows] : happened) {
    auto& mine = conversations.of(id, column).*member;
    if (mine.empty()) {
      mine = std::move(rows);
    } else {
      mine.merge(rows);
      if (!rows.empty()) twice(table);
    }
  }
}

std::pair<Operations, Events> read_happened(Database& database) {
  auto count = database.prepare("SELECT COUNT(*) FROM capture");
  const auto captures = count.step() ? static_cast<std::size_t>(count.integer(0)) : 0;
  auto operations = read_operations(database, captures);
  return {std::move(operations), read_events(database, captures)};
}

}  // namespace

Facts read_facts(Database& database, Database* beside) {
  auto reading = std::async(beside != nullptr ? std::launch::async : std::launch::deferred,
                            [&] { return read_happened(beside != nullptr ? *beside : database); });
  Facts facts;
  read_captures(facts, database);
  read_pieces(facts, database);
  read_stations(facts, database);
  const auto conversations = read_conversations(facts, database);
  auto [operations, events] = reading.get();
  put(operations, conversations, &ConversationFact::operations, "operation");
  put(events, conversations, &ConversationFact::events, "event");
  return facts;
}

}  // namespace sekimori
