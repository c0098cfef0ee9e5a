#pragma once

#include "sekimori/model/database.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace sekimori::test {

/// A model made by hand, as save() and the inference would have made it: a host's zone is the word
/// before the dash of its name (`office-pc1`), or `internet`.
class Plant {
 public:
  Plant() : database_(":memory:", Database::Mode::create) {
    database_.execute(schema_sql());
    for (const auto* zone :
         {"1, 'office', 'office', 'IT'", "2, 'dmz', 'dmz', 'DMZ'", "3, 'control', 'control', 'OT'",
          "4, 'field', 'field', 'OT'", "5, 'remote', 'remote', 'REMOTE'",
          "6, 'internet', 'external', 'EXT'", "7, 'management', 'management', 'MGMT'",
          "8, 'unknown', 'unknown', ''", "9, 'safety', 'safety', 'SIS'"})
      run(std::string{"INSERT INTO zone (zone, name, kind, side, level, declared, confidence, "
                      "reason) VALUES ("} +
          zone + ", 2, 1, 100, '')");
    days(30);
  }

  [[nodiscard]] Database& database() { return database_; }
  void run(const std::string& sql) { database_.execute(sql); }

  /// One capture of so many days, every flow of it seen in both directions.
  Plant& days(double days) {
    run("DELETE FROM capture");
    run("INSERT INTO capture (capture, name, sha256, format, link_type, packets, bytes, "
        "first_seen, last_seen, undecoded, stopped, duplicates, fragments_lost, stream_gaps, "
        "gap_bytes, one_way, two_way, kernel_drops, resumed, cut_requests, cut_flows, "
        "orphan_replies, overlap_conflicts, first_ns, last_ns, vantage) VALUES (1, 'a', 'a', "
        "'pcap', 'ethernet', 100, 1, 0, " +
        std::to_string(days * 86400) + ", 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 'B')");
    return *this;
  }

  std::int64_t host(const std::string& name, const std::string& role = "unknown",
                    const std::string& kind = "") {
    const auto [place, is_new] = hosts_.emplace(name, std::int64_t(hosts_.size()) + 1);
    if (!is_new) return place->second;
    const auto zone = name.substr(0, name.find('-'));
    const bool controller = role == "plc" || role == "rtu";
    run("INSERT INTO asset (asset, kind, name, role, role_confidence, role_reason, level, "
        "level_confidence, level_reason, zone, zone_confidence, zone_reason, vendor, model, "
        "firmware, serial, os, is_controller, first_seen, last_seen, capture, frame) SELECT " +
        std::to_string(place->second) + ", '" +
        (!kind.empty()        ? kind
         : zone == "internet" ? "external"
                              : "device") +
        "', '" + name + "', '" + role +
        "', 90, '', 2, 90, '', zone, 100, '', '', '', '', '', '', " + (controller ? "1" : "0") +
        ", 0, 1, 1, 1 FROM zone WHERE name = '" + zone + "'");
    return place->second;
  }

  /// A conversation; `set` overrides columns, as in `longest = 90000`.
  std::int64_t talk(const std::string& client, const std::string& server,
                    const std::string& transport, int port, const std::string& protocol,
                    const std::string& strength = "S3", const std::string& set = "") {
    const auto client_id = std::to_string(host(client));
    const auto server_id = std::to_string(host(server));
    const auto id = ++conversations_;
    const auto text = std::to_string(id);
    const bool has_port = transport == "tcp" || transport == "udp";
    run("INSERT INTO conversation (conversation, client, client_ip, server, server_ip, transport, "
        "port, protocol, segment, client_zone, server_zone, direction_reason, attempted, "
        "established, refused, unanswered, resumed, packets, bytes, client_packets, "
        "server_packets, client_bytes, server_bytes, first_seen, last_seen, longest, strength, "
        "encrypted, capture, frame, last_capture, last_frame, number, requests_seen, "
        "replies_seen, clear_flows, encrypted_flows, longest_ns, first_ns, last_ns) SELECT " +
        text + ", a.asset, a.name, b.asset, b.name, '" + transport + "', " +
        (has_port ? std::to_string(port) : "''") + ", '" + protocol +
        "', '', a.zone, b.zone, 'payload', 1, 1, 0, 0, 0, 4, 400, 2, 2, 20, 20, 1, 2, 0, '" +
        strength + "', 0, 1, " + text + ", 1, " + text + ", " + std::to_string(port) +
        ", 1, 1, 1, 0, 0, 0, 0 FROM asset a, asset b WHERE a.asset = " + client_id +
        " AND b.asset = " + server_id);
    if (!set.empty()) run("UPDATE conversation SET " + set + " WHERE conversation = " + text);
    return id;
  }

  struct Counts {
    int executed = 1, rejected = 0, unanswered = 0, unconfirmed = 0;
  };
  void operation(std::int64_t conversation, const std::string& protocol, const std::string& access,
                 Counts counts) {
    const auto id = std::to_string(++operations_);
    const auto requests =
        counts.executed + counts.rejected + counts.unanswered + counts.unconfirmed;
    run("INSERT INTO operation (operation, conversation, protocol, code, name, access, target, "
        "sender, requests, executed, rejected, unanswered, unconfirmed, unit, object, low, high, "
        "first_seen, last_seen, capture, frame, last_capture, last_frame, number, first_ns, "
        "last_ns) VALUES (" +
        id + ", " + std::to_string(conversation) + ", '" + protocol + "', '1', 'do-" + access +
        "', '" + access + "', 'unit 1', 'client', " + std::to_string(requests) + ", " +
        std::to_string(counts.executed) + ", " + std::to_string(counts.rejected) + ", " +
        std::to_string(counts.unanswered) + ", " + std::to_string(counts.unconfirmed) +
        ", 1, '', NULL, NULL, 1, 2, 1, " + std::to_string(500 + operations_) +
        ", 1, 999, 1, 0, 0)");
  }
  /// A Modbus conversation with one operation in it.
  void modbus(const std::string& client, const std::string& server, const std::string& access,
              Counts counts) {
    operation(talk(client, server, "tcp", 502, "modbus"), "modbus", access, counts);
  }
  void modbus(const std::string& client, const std::string& server, const std::string& access) {
    modbus(client, server, access, Counts{});
  }

  void event(std::int64_t conversation, const std::string& kind, const std::string& detail) {
    const auto id = std::to_string(++events_);
    run("INSERT INTO event (event, kind, conversation, asset, detail, segment, count, first_seen, "
        "last_seen, capture, frame, last_capture, last_frame, first_ns, last_ns) SELECT " +
        id + ", '" + kind + "', conversation, server, '" + detail + "', '', 1, 1, 2, 1, " +
        std::to_string(700 + events_) +
        ", 1, 799, 0, 0 FROM conversation WHERE conversation = " + std::to_string(conversation));
  }

  /// An entry of a list that the plant handed over covers a conversation.
  void listed(const std::string& list, std::int64_t conversation) {
    run("INSERT INTO list VALUES ('" + list + "', 1)");
    run("INSERT INTO listing VALUES ('" + list + "', 1, " + std::to_string(conversation) +
        ", NULL)");
  }

  void property(const std::string& name_of_host, const std::string& name, const std::string& value,
                int confidence = 90) {
    run("INSERT INTO property (asset, name, value, source, confidence, count, first_seen, "
        "last_seen, capture, frame) VALUES (" +
        std::to_string(host(name_of_host)) + ", '" + name + "', '" + value + "', 'x', " +
        std::to_string(confidence) + ", 1, 1, 2, 1, 800)");
  }

  void binding(const std::string& mac, const std::string& ip, int claims, double first,
               double last) {
    run("INSERT INTO binding (mac, ip, segment, claims, packets, first_seen, last_seen, capture, "
        "frame, last_capture, last_frame, first_ns, last_ns) VALUES ('" +
        mac + "', '" + ip + "', '', " + std::to_string(claims) + ", 5, " + std::to_string(first) +
        ", " + std::to_string(last) + ", 1, 900, 1, 999, 0, 0)");
  }

  void wall(int from, int to, const std::string& verdict) {
    run("INSERT INTO wall VALUES (" + std::to_string(from) + ", " + std::to_string(to) + ", '" +
        verdict + "', 80, '[]', 1, 950)");
  }

  /// The address of a host as a router's MAC shows it in a segment.
  void behind(const std::string& name_of_host, const std::string& router_mac,
              const std::string& segment) {
    const auto id = std::to_string(host(name_of_host));
    run("INSERT INTO address VALUES (" + id + ", '" + router_mac + "', '" + name_of_host + "', '" +
        segment + "', 0)");
    seen(router_mac, name_of_host, segment);
  }
  /// An address of its own.
  void stands(const std::string& name_of_host, const std::string& mac, const std::string& segment) {
    const auto id = std::to_string(host(name_of_host));
    run("INSERT INTO address VALUES (" + id + ", '" + mac + "', '" + name_of_host + "', '" +
        segment + "', 1)");
    seen(mac, name_of_host, segment);
  }

 private:
  void seen(const std::string& mac, const std::string& ip, const std::string& segment) {
    run("INSERT INTO binding (mac, ip, segment, claims, packets, first_seen, last_seen, capture, "
        "frame, last_capture, last_frame, first_ns, last_ns) VALUES ('" +
        mac + "', '" + ip + "', '" + segment + "', 0, 5, 1, 2, 1, 910, 1, 999, 0, 0)");
  }

  Database database_;
  std::map<std::string, std::int64_t> hosts_;
  std::int64_t conversations_ = 0;
  std::int64_t operations_ = 0;
  std::int64_t events_ = 0;
};

}  // namespace sekimori::test
