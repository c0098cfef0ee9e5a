#pragma once

#include "sekimori/model/facts.h"

#include <map>
#include <string>

namespace sekimori::test {

/// Facts as text by key, without what names a capture or a frame: two ways to read the same
/// traffic give equal maps.
inline std::map<std::string, std::string> describe_facts(const Facts& facts) {
  std::map<std::string, std::string> lines;
  const auto number = [](std::uint64_t value) { return std::to_string(value) + " "; };
  const auto times = [](const Span& span) {
    return std::to_string(span.first.time) + ".." + std::to_string(span.last.time);
  };
  const auto subject = [](const SubjectKey& key) {
    return to_text(key.mac) + " " + to_text(key.ip) + " " + key.segment + " " +
           std::to_string(key.unit);
  };
  for (const auto& [key, fact] : facts.bindings)
    lines["binding " + to_text(key.mac) + " " + to_text(key.ip) + " " + key.segment] =
        number(fact.claims) + number(fact.packets) + number(fact.ttl_low) + number(fact.ttl_high) +
        times(fact.seen);
  for (const auto& [key, fact] : facts.properties)
    lines["property " + subject(key.subject) + " " + key.name + "=" + key.value + " by " +
          key.source] = number(fact.count) + std::to_string(fact.confidence) + times(fact.seen);
  for (const auto& [key, fact] : facts.conversations) {
    const auto name = "conversation " + to_text(key.client_ip) + to_text(key.client_mac) + " " +
                      to_text(key.server_ip) + to_text(key.server_mac) + " " + key.transport + "/" +
                      std::to_string(key.port) + " " + key.protocol + " " + key.segment;
    lines[name] = number(fact.attempted) + number(fact.established) + number(fact.refused) +
                  number(fact.unanswered) + number(fact.resumed) + number(fact.client_packets) +
                  number(fact.server_packets) + number(fact.bytes) + number(fact.client_bytes) +
                  number(fact.server_bytes) + number(fact.requests_seen) +
                  number(fact.replies_seen) + number(fact.clear_flows) +
                  number(fact.encrypted_flows) + number(static_cast<std::uint64_t>(fact.longest)) +
                  number(static_cast<std::uint64_t>(fact.reason)) + times(fact.seen);
    for (const auto& [operation, o] : fact.operations)
      lines[name + " operation " + o.notation + " " + std::to_string(operation.unit) + " " +
            operation.object + (operation.sender == Sender::client ? "" : " from the server")] =
          number(o.requests) + number(o.executed) + number(o.rejected) + number(o.unanswered) +
          number(o.unconfirmed) + number(o.low) + number(o.high) + times(o.seen);
    for (const auto& [event, e] : fact.events)
      lines[name + " event " + event.kind + " " + event.detail + " " + subject(event.subject)] =
          number(e.count) + times(e.seen);
  }
  for (const auto& [key, fact] : facts.blocked)
    lines["blocked " + to_text(key.by) + " " + to_text(key.source) + " " +
          to_text(key.destination) + " " + std::to_string(key.port) + " " +
          std::to_string(key.reason)] = number(fact.count) + times(fact.seen);
  return lines;
}

}  // namespace sekimori::test
