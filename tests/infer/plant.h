#pragma once

#include "sekimori/infer/inference.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sekimori::test {

inline Mac mac(std::string_view text) {
  const auto parsed = parse_mac(text);
  if (!parsed) throw std::invalid_argument(std::string{text});
  return *parsed;
}

inline IpAddress ip(std::string_view text) {
  const auto parsed = parse_ip(text);
  if (!parsed) throw std::invalid_argument(std::string{text});
  return *parsed;
}

/// Facts made by hand. Every fact has a frame of its own, counted from 1, unless told otherwise.
class Plant {
 public:
  Plant() { facts.captures.resize(1); }

  Facts facts;
  std::uint32_t capture = 0;

  Span next() {
    ++frame_;
    const Sighting seen{static_cast<std::int64_t>(frame_) * 1'000'000'000, capture, frame_};
    return {seen, seen};
  }

  /// ARP, and a packet of full TTL.
  Plant& station(std::string_view m, std::string_view address, const std::string& segment = "") {
    return bind(m, address, segment, 1, 64);
  }
  /// ARP alone.
  Plant& claims(std::string_view m, std::string_view address, const std::string& segment = "") {
    return bind(m, address, segment, 1, 0);
  }
  /// A packet of `m` from `address` with this TTL; 0: none was seen.
  Plant& sends(std::string_view m, std::string_view address, std::uint8_t ttl,
               const std::string& segment = "") {
    return bind(m, address, segment, 0, ttl);
  }
  Plant& layer_2(std::string_view m, const std::string& segment = "") {
    auto& fact = facts.bindings[{mac(m), {}, segment}];
    fact.packets = 1;
    fact.seen = next();
    return *this;
  }

  /// A decoded exchange.
  ConversationFact& talk(std::string_view client, std::string_view server, std::uint64_t port,
                         const std::string& protocol, const std::string& segment = "",
                         const std::string& transport = "tcp") {
    auto& fact = conversation(client, server, port, protocol, segment, transport);
    fact.attempted = fact.established = 1;
    fact.client_packets = fact.server_packets = 5;
    fact.client_bytes = fact.server_bytes = 100;
    fact.requests_seen = fact.replies_seen = protocol.empty() ? 0 : 1;
    fact.clear_flows = 1;
    return fact;
  }
  ConversationFact& unanswered(std::string_view client, std::string_view server, std::uint64_t port,
                               const std::string& segment = "") {
    auto& fact = conversation(client, server, port, "", segment, "tcp");
    fact.attempted = fact.unanswered = 1;
    fact.client_packets = 3;
    return fact;
  }
  ConversationFact& refused(std::string_view client, std::string_view server, std::uint64_t port,
                            const std::string& segment = "") {
    auto& fact = conversation(client, server, port, "", segment, "tcp");
    fact.attempted = fact.refused = 1;
    fact.client_packets = fact.server_packets = 1;
    return fact;
  }
  ConversationFact& frames(std::string_view client, std::string_view server,
                           const std::string& protocol, const std::string& segment = "") {
    ConversationKey key;
    key.client_mac = mac(client);
    key.server_mac = mac(server);
    key.transport = "ethernet";
    key.protocol = protocol;
    key.segment = segment;
    auto& fact = facts.conversations[key];
    fact.client_packets = 1;
    fact.seen = next();
    return fact;
  }

  Plant& operation(ConversationFact& fact, std::uint32_t code, Access access,
                   std::uint32_t unit = Target::kNoUnit) {
    auto& done = fact.operations[{"", code, Sender::client, unit, ""}];
    done.access = access;
    done.requests += 1;
    done.executed += 1;
    done.seen = next();
    return *this;
  }

  Plant& property(std::string_view address, const std::string& name, const std::string& value,
                  int confidence = 90, std::uint32_t unit = Target::kNoUnit,
                  const std::string& segment = "") {
    SubjectKey subject;
    subject.ip = ip(address);
    subject.segment = segment;
    subject.unit = unit;
    auto& fact = facts.properties[{subject, name, value, "test"}];
    fact.confidence = confidence;
    fact.count = 1;
    fact.seen = next();
    return *this;
  }

  Plant& prohibits(std::string_view by, std::string_view source, std::string_view destination,
                   std::uint64_t port, std::uint16_t code = 13) {
    const auto reason = static_cast<std::uint16_t>(3U << 8U | code);
    auto& fact = facts.blocked[{ip(by), ip(source), ip(destination), "", "tcp", port, reason}];
    fact.count = 1;
    fact.seen = next();
    return *this;
  }

 private:
  Plant& bind(std::string_view m, std::string_view address, const std::string& segment,
              std::uint64_t claims, std::uint8_t ttl) {
    const auto seen = next();
    auto& fact = facts.bindings[{mac(m), ip(address), segment}];
    if (fact.packets == 0) fact.seen = seen;
    fact.seen.join(seen);
    fact.claims += claims;
    fact.packets += 1;
    if (ttl != 0) fact.ttl_low = fact.ttl_high = ttl;
    return *this;
  }

  ConversationFact& conversation(std::string_view client, std::string_view server,
                                 std::uint64_t port, const std::string& protocol,
                                 const std::string& segment, const std::string& transport) {
    ConversationKey key;
    key.client_ip = ip(client);
    key.server_ip = ip(server);
    key.transport = transport;
    key.port = port;
    key.protocol = protocol;
    key.segment = segment;
    auto& fact = facts.conversations[key];
    fact.seen = next();
    return fact;
  }

  std::uint64_t frame_ = 0;
};

/// The asset that has `address`, in `segment` where one is told.
inline RowId asset_of(const Inference& made, std::string_view address,
                      std::optional<std::string> segment = {}) {
  const auto wanted = ip(address);
  for (const auto& row : made.addresses)
    if (row.ip == wanted && (!segment || row.segment == *segment)) return row.asset;
  return kNoRow;
}

inline RowId asset_with(const Inference& made, std::string_view m) {
  const auto wanted = mac(m);
  for (const auto& row : made.addresses)
    if (row.mac == wanted && row.on_link != OnLink::no) return row.asset;
  return kNoRow;
}

inline const AssetRow& row_of(const Inference& made, std::string_view address) {
  return made.assets.at(asset_of(made, address) - 1);
}

inline std::string zone_name(const Inference& made, RowId zone) {
  return zone == kNoRow ? "" : made.zones.at(zone - 1).name;
}

}  // namespace sekimori::test
