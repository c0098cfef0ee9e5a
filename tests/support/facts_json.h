#pragma once

#include "sekimori/bytes/over.h"
#include "sekimori/model/facts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace sekimori::test {

/// Facts as canonical JSON for goldens. `protocol` narrows them to what one protocol told; "" takes
/// all. Times and capture names stay out: what is left changes only when something is understood
/// differently.
class FactsJson {
 public:
  FactsJson(const Facts& facts, std::string_view protocol) : facts_(facts), protocol_(protocol) {}

  [[nodiscard]] nlohmann::json json() const {
    auto told = nlohmann::json::object();
    told["conversations"] = conversations();
    for (const auto& [key, fact] : facts_.properties)
      if (wanted(key.source))
        told["properties"][subject(key.subject)].push_back(key.name + " = " + key.value + " (" +
                                                           key.source + ", " +
                                                           std::to_string(fact.confidence) + " %)");
    if (protocol_.empty() || protocol_ == "arp" || protocol_ == "dhcp" || protocol_ == "lldp" ||
        protocol_ == "icmpv6") {
      for (const auto& [key, fact] : facts_.bindings)
        if (fact.claims > 0)
          told["claims"].push_back(to_text(key.mac) + " has " + to_text(key.ip) +
                                   place(key.segment));
    }
    for (const auto& [key, fact] : facts_.blocked)
      told["blocked"].push_back(
          to_text(key.by) + " stops " + to_text(key.source) + " > " + to_text(key.destination) +
          ' ' + key.transport + '/' + std::to_string(key.port) + ", reason " +
          std::to_string(key.reason >> 8U) + '/' + std::to_string(key.reason & 0xffU) + ", " +
          counted(fact.count) + place(key.segment));
    return told;
  }

 private:
  [[nodiscard]] bool wanted(const std::string& protocol) const {
    return protocol_.empty() || protocol == protocol_;
  }
  static std::string counted(std::uint64_t count) { return std::to_string(count) + " times"; }
  static std::string place(const std::string& segment) {
    return segment.empty() ? "" : " in " + segment;
  }
  static std::string subject(const SubjectKey& key) {
    std::string text = key.ip.is_set() ? to_text(key.ip) : to_text(key.mac);
    if (key.unit != Target::kNoUnit) text += " unit " + std::to_string(key.unit);
    return text + place(key.segment);
  }
  static std::string end(const IpAddress& ip, const Mac& mac) {
    return ip.is_set() ? to_text(ip) : to_text(mac);
  }

  [[nodiscard]] nlohmann::json conversations() const {
    auto all = nlohmann::json::object();
    for (const auto& [key, fact] : facts_.conversations) {
      // What rides inside another protocol stands in that one's conversation.
      const bool carries = std::ranges::any_of(
          fact.operations, [&](const auto& operation) { return wanted(operation.first.protocol); });
      if (!wanted(key.protocol) && !carries) continue;
      const auto name = end(key.client_ip, key.client_mac) + " > " +
                        end(key.server_ip, key.server_mac) + ' ' + key.transport + '/' +
                        std::to_string(key.port) +
                        (key.protocol.empty() ? "" : ' ' + key.protocol) + place(key.segment);
      auto& one = all[name];
      one["flows"] = {{"attempted", fact.attempted},
                      {"established", fact.established},
                      {"refused", fact.refused},
                      {"unanswered", fact.unanswered}};
      one["strength"] = fact.strength();
      one["encrypted"] = fact.encrypted_flows;
      for (const auto& [operation, done] : fact.operations)
        if (wanted(operation.protocol) || wanted(key.protocol))
          one["operations"][title(operation, done)] = outcome(done);
      for (const auto& [event, seen] : fact.events) {
        const auto about =
            event.subject.ip == key.client_ip && key.client_ip != key.server_ip ? " (client)" : "";
        one["events"].push_back(event.kind + ": " + event.detail + about + ", " +
                                counted(seen.count));
      }
    }
    return all;
  }

  static std::string title(const OperationKey& key, const OperationFact& fact) {
    std::string text = key.protocol + ' ' + fact.notation;
    if (key.unit != Target::kNoUnit) text += " unit " + std::to_string(key.unit);
    if (!key.object.empty()) text += ' ' + key.object;
    if (fact.low <= fact.high)
      text += ' ' + std::to_string(fact.low) + ".." + std::to_string(fact.high);
    return text + (key.sender == Sender::server ? " from the server" : "");
  }

  static nlohmann::json outcome(const OperationFact& fact) {
    nlohmann::json told{{"name", fact.name},
                        {"access", to_text(fact.access)},
                        {"requests", fact.requests},
                        {"frames", {fact.seen.first.frame, fact.seen.last.frame}}};
    if (fact.executed > 0) told["executed"] = fact.executed;
    if (fact.rejected > 0) told["rejected"] = fact.rejected;
    if (fact.unanswered > 0) told["unanswered"] = fact.unanswered;
    if (fact.unconfirmed > 0) told["unconfirmed"] = fact.unconfirmed;
    for (const auto& [reason, count] : fact.rejections)
      told["reasons"][std::to_string(reason)] = count.first;
    return told;
  }

  const Facts& facts_;
  std::string protocol_;
};

}  // namespace sekimori::test
