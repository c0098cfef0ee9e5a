// Facts to rows. Every number and text is bound; rows come in the order of the maps.

#include "sekimori/bytes/error.h"

#include "store_parts.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace sekimori {
namespace {

std::string_view to_text(DirectionReason reason) {
  switch (reason) {
    case DirectionReason::first:
      return "first";
    case DirectionReason::port:
      return "port";
    case DirectionReason::handshake:
      return "handshake";
    case DirectionReason::payload:
      return "payload";
  }
  return "";
}

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / kSecond;
}

/// An INSERT whose values are put in the order of its columns.
class Insert {
 public:
  Insert(Database& database, const std::string& table, const std::string& columns)
      : statement_(database.prepare(sql(table, columns))) {}

  /// A text must last until run(), unless it is handed over.
  Insert& put(std::string&& text) {
    statement_.bind(++position_, std::string_view{text});
    return *this;
  }
  template <typename T>
  Insert& put(const T& value) {
    ++position_;
    if constexpr (std::is_enum_v<T>) {
      static_assert(sizeof(T) == 0, "an enumeration is stored as its text");
    } else if constexpr (std::is_integral_v<T>) {
      // Past 2^63 a count wraps, and wraps back when it is read.
      statement_.bind(position_, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      statement_.bind(position_, double{value});
    } else {
      statement_.bind_lasting(position_, std::string_view{value});
    }
    return *this;
  }
  Insert& put_null() {
    statement_.bind_null(++position_);
    return *this;
  }
  template <typename T>
  Insert& put(const std::optional<T>& value) {
    return value ? put(*value) : put_null();
  }
  Insert& put(const Mac& mac) { return mac.is_set() ? put(sekimori::to_text(mac)) : put_null(); }
  Insert& put(const IpAddress& ip) { return ip.is_set() ? put(sekimori::to_text(ip)) : put_null(); }
  Insert& put_row(RowId row) { return row != kNoRow ? put(row) : put_null(); }
  Insert& put_unit(std::uint32_t unit) { return unit != Target::kNoUnit ? put(unit) : put_null(); }

  /// capture, frame
  Insert& put(const Sighting& sighting) {
    if (sighting.frame == 0) return put_null().put_null();
    return put(sighting.capture + 1).put(sighting.frame);
  }
  /// first_seen, last_seen
  Insert& put_times(const Span& span) {
    return put(seconds(span.first.time)).put(seconds(span.last.time));
  }
  /// first_seen, last_seen, capture, frame, last_capture, last_frame, first_ns, last_ns
  Insert& put(const Span& span) {
    put_times(span).put(span.first).put(span.last);
    return put(span.first.time).put(span.last.time);
  }

  void run() {
    statement_.run();
    position_ = 0;
  }

 private:
  static std::string sql(const std::string& table, const std::string& columns) {
    std::string values = "?";
    for (auto count = std::ranges::count(columns, ','); count > 0; --count) values += ",?";
    return "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")";
  }

  Statement statement_;
  int position_ = 0;
};

constexpr const char* kSpan =
    "first_seen, last_seen, capture, frame, last_capture, last_frame, first_ns, last_ns";

void write_captures(const Facts& facts, Database& database) {
  Insert insert{database, "capture",
                "capture, name, sha256, format, link_type, packets, bytes, first_seen, last_seen, "
                "vantage, undecoded, stopped, duplicates, fragments_lost, stream_gaps, gap_bytes, "
                "one_way, two_way, kernel_drops, resumed, cut_requests, cut_flows, orphan_replies, "
                "overlap_conflicts, damage, path_hint, first_ns, last_ns"};
  std::int64_t number = 0;
  for (const auto& c : facts.captures) {
    insert.put(++number).put(c.name).put(c.sha256).put(c.format).put(c.link_type);
    insert.put(c.packets).put(c.bytes);
    if (c.packets == 0) {
      insert.put_null().put_null();
    } else {
      insert.put(seconds(c.first_seen)).put(seconds(c.last_seen));
    }
    insert.put(c.vantage).put(c.undecoded).put(c.stopped).put(c.duplicates);
    insert.put(c.fragments_lost).put(c.stream_gaps).put(c.gap_bytes).put(c.one_way).put(c.two_way);
    insert.put(c.kernel_drops).put(c.resumed).put(c.cut_requests).put(c.cut_flows);
    insert.put(c.orphan_replies).put(c.overlap_conflicts).put(c.damage).put(c.path_hint);
    insert.put(c.first_seen).put(c.last_seen).run();
  }

  Insert piece{database, "piece", "capture, first_frame, frames, name, sha256, bytes, path_hint"};
  for (std::size_t i = 0; i < facts.captures.size(); ++i)
    for (const auto& p : facts.captures[i].pieces)
      piece.put(i + 1)
          .put(p.first_frame)
          .put(p.frames)
          .put(p.name)
          .put(p.sha256)
          .put(p.size)
          .put(p.path)
          .run();

  Insert stop{database, "stop", "capture, layer, reason, limited_by, packets, frame"};
  for (const auto& [key, fact] : facts.stops) {
    stop.put(std::int64_t{key.capture} + 1).put(key.layer).put(key.reason).put(key.limited_by);
    stop.put(fact.packets).put(fact.frame).run();
  }

  Insert cap{database, "cap", "name, bound, reached"};
  for (const auto& [name, fact] : facts.caps) cap.put(name).put(fact.bound).put(fact.reached).run();
}

void write_stations(const Facts& facts, Database& database) {
  Insert binding{database, "binding",
                 "mac, ip, segment, claims, packets, ttl_low, ttl_high, " + std::string{kSpan}};
  for (const auto& [key, fact] : facts.bindings) {
    binding.put(to_text(key.mac)).put(to_text(key.ip)).put(key.segment);
    binding.put(fact.claims).put(fact.packets);
    if (fact.ttl_low > fact.ttl_high) {
      binding.put_null().put_null();
    } else {
      binding.put(fact.ttl_low).put(fact.ttl_high);
    }
    binding.put(fact.seen).run();
  }

  Insert blocked{database, "blocked",
                 "by_ip, source_ip, destination_ip, segment, transport, port, type, code, count, " +
                     std::string{kSpan}};
  for (const auto& [key, fact] : facts.blocked) {
    blocked.put(key.by).put(key.source).put(key.destination).put(key.segment).put(key.transport);
    blocked.put(key.port).put(key.reason >> 8U).put(key.reason & 0xffU);
    blocked.put(fact.count).put(fact.seen).run();
  }
}

/// `unit 17 holding-register 0..99`
std::string target_text(const OperationKey& key, const OperationFact& fact) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
  if (key.unit != Target::kNoUnit) add("unit " + std::to_string(key.unit));
  if (!key.object.empty()) add(key.object);
  if (fact.low <= fact.high) add(std::to_string(fact.low));
  if (fact.low < fact.high) text += ".." + std::to_string(fact.high);
  return text;
}

/// What is concluded for a row, from 0; none where nothing is.
template <typename T>
T concluded(const std::vector<T>& rows, std::size_t row) {
  return row < rows.size() ? rows[row] : T{};
}

void write_properties(const Facts& facts, const std::vector<RowId>& assets, Database& database) {
  Insert property{database, "property",
                  "asset, name, value, source, confidence, mac, ip, segment, unit, count, " +
                      std::string{kSpan}};
  std::size_t row = 0;
  for (const auto& [key, fact] : facts.properties) {
    property.put_row(concluded(assets, row++));
    property.put(key.name).put(key.value).put(key.source).put(fact.confidence);
    property.put(key.subject.mac).put(key.subject.ip).put(key.subject.segment);
    property.put_unit(key.subject.unit).put(fact.count).put(fact.seen).run();
  }
}

/// The operations of all conversations, which are numbered in the order of the facts.
void write_operations(const Facts& facts, Database& database) {
  Insert row{database, "operation",
             "operation, conversation, protocol, code, name, access, target, sender, requests, "
             "executed, rejected, unanswered, unconfirmed, unit, object, low, high, number, " +
                 std::string{kSpan}};
  Insert rejected{database, "rejection", "operation, reason, count, capture, frame, first_ns"};
  std::int64_t conversation = 0;
  std::int64_t number = 0;
  const auto write = [&](const OperationKey& key, const OperationFact& fact) {
    row.put(++number).put(conversation).put(key.protocol).put(fact.notation).put(fact.name);
    row.put(sekimori::to_text(fact.access)).put(target_text(key, fact));
    row.put(key.sender == Sender::client ? "client" : "server");
    row.put(fact.requests).put(fact.executed).put(fact.rejected);
    row.put(fact.unanswered).put(fact.unconfirmed).put_unit(key.unit).put(key.object);
    if (fact.low > fact.high) {
      row.put_null().put_null();
    } else {
      row.put(fact.low).put(fact.high);
    }
    row.put(key.code).put(fact.seen).run();

    for (const auto& [reason, rejection] : fact.rejections) {
      const auto& [count, first] = rejection;
      rejected.put(number).put(reason).put(count).put(first).put(first.time).run();
    }
  };
  for (const auto& [key, fact] : facts.conversations) {
    ++conversation;
    for (const auto& [operation, seen] : fact.operations) write(operation, seen);
  }
}

void write_events(const Facts& facts, const std::vector<RowId>& assets, Database& database) {
  Insert row{database, "event",
             "event, kind, conversation, asset, detail, mac, ip, segment, unit, count, " +
                 std::string{kSpan}};
  std::int64_t conversation = 0;
  std::size_t number = 0;
  for (const auto& [key, fact] : facts.conversations) {
    ++conversation;
    for (const auto& [event, seen] : fact.events) {
      const auto asset = concluded(assets, number++);
      row.put(number).put(event.kind).put(conversation).put_row(asset).put(event.detail);
      row.put(event.subject.mac).put(event.subject.ip).put(event.subject.segment);
      row.put_unit(event.subject.unit).put(seen.count).put(seen.seen).run();
    }
  }
}

void write_conversations(const Facts& facts, const std::vector<ConversationLinks>& links,
                         Database& database) {
  Insert row{database, "conversation",
             "conversation, client_ip, server_ip, client_mac, server_mac, transport, port, "
             "protocol, segment, direction_reason, attempted, established, refused, unanswered, "
             "resumed, packets, bytes, client_packets, server_packets, client_bytes, "
             "server_bytes, longest, strength, encrypted, number, requests_seen, replies_seen, "
             "clear_flows, encrypted_flows, longest_ns, client, server, client_zone, "
             "server_zone, copy_of, " +
                 std::string{kSpan}};
  std::size_t number = 0;
  for (const auto& [key, fact] : facts.conversations) {
    const auto link = concluded(links, number++);
    row.put(number).put(key.client_ip).put(key.server_ip).put(key.client_mac).put(key.server_mac);
    row.put(key.transport);
    if (key.transport == "tcp" || key.transport == "udp") {
      row.put(key.port);
    } else {
      row.put("");
    }
    row.put(key.protocol).put(key.segment).put(to_text(fact.reason));
    row.put(fact.attempted).put(fact.established).put(fact.refused).put(fact.unanswered);
    row.put(fact.resumed).put(fact.client_packets + fact.server_packets).put(fact.bytes);
    row.put(fact.client_packets).put(fact.server_packets);
    row.put(fact.client_bytes).put(fact.server_bytes);
    row.put(seconds(fact.longest)).put(fact.strength());
    row.put(fact.encrypted_flows > 0 && fact.clear_flows == 0 ? 1 : 0);
    row.put(key.port).put(fact.requests_seen).put(fact.replies_seen);
    row.put(fact.clear_flows).put(fact.encrypted_flows).put(fact.longest);
    row.put_row(link.client).put_row(link.server).put_row(link.client_zone);
    row.put_row(link.server_zone).put_row(link.copy_of).put(fact.seen).run();
  }
}

}  // namespace

void write_facts(const Facts& facts, Database& database, const ColumnSource& columns) {
  Insert{database, "meta", "key, value"}.put("made_by").put("sekimori " SEKIMORI_VERSION).run();
  write_captures(facts, database);
  write_stations(facts, database);
  write_operations(facts, database);
  database.execute(operation_index_sql());
  const auto subjects = columns.subjects ? columns.subjects() : SubjectAssets{};
  write_properties(facts, subjects.property_assets, database);
  write_events(facts, subjects.event_assets, database);
  database.execute(subject_index_sql());
  const auto links =
      columns.conversations ? columns.conversations() : std::vector<ConversationLinks>{};
  write_conversations(facts, links, database);
  database.execute(conversation_index_sql());
}

}  // namespace sekimori
