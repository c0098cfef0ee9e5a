#pragma once

#include "sekimori/model/facts.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace sekimori::test {

/// Facts at random from few keys, so that two of them meet: for the laws of joining and storing.
class RandomFacts {
 public:
  explicit RandomFacts(std::uint32_t seed) : random_(seed) {}

  Facts operator()() {
    Facts facts;
    captures(facts);
    if (facts.captures.empty()) return facts;
    const auto captures = static_cast<std::uint32_t>(facts.captures.size());
    captures_ = captures;
    for (auto n = below(4); n > 0; --n)
      facts.stops[{number(captures), word(), word(), word()}] = {below(9) + 1, below(9) + 1};
    for (auto n = below(3); n > 0; --n) facts.caps[word()] = {below(9), below(9)};
    for (auto n = below(5); n > 0; --n) {
      auto& fact = facts.bindings[{mac(), ip(), word()}];
      fact.claims += below(5);
      fact.packets += below(5);
      if (below(2) == 0) fact.ttl_low = fact.ttl_high = static_cast<std::uint8_t>(below(256));
      fact.seen = span();
    }
    for (auto n = below(5); n > 0; --n)
      facts.properties[{subject(), word(), word(), word()}] = {static_cast<int>(below(100)),
                                                               below(9), span()};
    for (auto n = below(6); n > 0; --n) facts.conversations[conversation_key()] = conversation();
    for (auto n = below(4); n > 0; --n)
      facts.blocked[{ip(), ip(), ip(), word(), "tcp", below(3),
                     static_cast<std::uint16_t>(below(65536))}] = {below(9), span()};
    return facts;
  }

 private:
  std::uint64_t below(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{0, most - 1}(random_);
  }
  std::uint32_t number(std::uint64_t most) { return static_cast<std::uint32_t>(below(most)); }
  std::string word() {
    static const std::vector<std::string> words{"", "alpha", "it's", "\"b\"; --", "\xe9\x96\xa2"};
    return words[below(words.size())];
  }
  Mac mac() { return {{0, 0x1b, 0x1b, 0, 0, static_cast<std::uint8_t>(below(2) + 1)}}; }
  IpAddress ip() {
    switch (below(4)) {
      case 0:
        return {};
      case 1:
        return IpAddress{{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}};
      default:
        return IpAddress::v4(0x0a000001U + number(2));
    }
  }
  Sighting sighting() {
    // Few times, so that ties between captures happen; nanoseconds that a double cannot hold.
    return {1'700'000'000'123'456'789 + static_cast<std::int64_t>(below(3)), number(captures_),
            below(3) + 1};
  }
  Span span() {
    const auto one = sighting();
    const auto other = sighting();
    return one < other ? Span{one, other} : Span{other, one};
  }
  SubjectKey subject() { return {mac(), ip(), word(), below(2) == 0 ? Target::kNoUnit : 1U}; }

  void captures(Facts& facts) {
    for (const char* hash : {"cc", "aa", "bb"}) {
      if (below(3) == 0) continue;
      CaptureFact capture;
      capture.sha256 = hash;
      for (auto* text : {&capture.name, &capture.format, &capture.link_type, &capture.vantage,
                         &capture.damage, &capture.path_hint})
        *text = word();
      for (auto* count : {&capture.packets, &capture.bytes, &capture.undecoded, &capture.stopped,
                          &capture.duplicates, &capture.fragments_lost, &capture.stream_gaps,
                          &capture.gap_bytes, &capture.one_way, &capture.two_way,
                          &capture.kernel_drops, &capture.resumed, &capture.cut_requests,
                          &capture.cut_flows, &capture.orphan_replies, &capture.overlap_conflicts})
        *count = below(3);
      capture.first_seen = 1'700'000'000'000'000'001 + static_cast<std::int64_t>(below(5));
      capture.last_seen = capture.first_seen + static_cast<std::int64_t>(below(5));
      for (auto n = below(3); n > 0; --n)
        capture.pieces.push_back({below(3) + 1, below(3) + 1, word(), word(), below(3), word()});
      std::ranges::sort(capture.pieces);
      const auto twice = std::ranges::unique(capture.pieces);
      capture.pieces.erase(twice.begin(), twice.end());
      facts.captures.push_back(capture);
    }
  }

  ConversationKey conversation_key() {
    ConversationKey key;
    key.client_ip = ip();
    key.server_ip = IpAddress::v4(0x0a000009U);
    key.transport = below(2) == 0 ? "tcp" : "ethernet";
    key.port = below(2) == 0 ? 502 : 34962;
    key.protocol = word();
    key.segment = word();
    return key;
  }

  OperationFact operation() {
    OperationFact fact;
    fact.notation = word();
    fact.name = word();
    fact.access = static_cast<Access>(below(kAccessCount));
    for (auto* count :
         {&fact.requests, &fact.executed, &fact.rejected, &fact.unanswered, &fact.unconfirmed})
      *count = below(9);
    if (below(2) == 0) {
      fact.low = below(9);
      fact.high = fact.low + below(9);
    }
    for (auto n = below(3); n > 0; --n) fact.rejections[number(3)] = {below(9), sighting()};
    fact.seen = span();
    return fact;
  }

  ConversationFact conversation() {
    ConversationFact fact;
    for (auto* count : {&fact.attempted, &fact.established, &fact.refused, &fact.unanswered,
                        &fact.resumed, &fact.client_packets, &fact.server_packets, &fact.bytes,
                        &fact.client_bytes, &fact.server_bytes, &fact.requests_seen,
                        &fact.replies_seen, &fact.clear_flows, &fact.encrypted_flows})
      *count = below(3);
    fact.longest = static_cast<std::int64_t>(below(1U << 30U));
    fact.reason = static_cast<DirectionReason>(below(4));
    fact.seen = span();
    for (auto n = below(4); n > 0; --n) {
      const auto sender = below(2) == 0 ? Sender::client : Sender::server;
      fact.operations[{word(), number(2), sender, below(2) == 0 ? Target::kNoUnit : 1U, word()}] =
          operation();
    }
    for (auto n = below(3); n > 0; --n)
      fact.events[{word(), subject(), word()}] = {below(9), span()};
    return fact;
  }

  std::mt19937 random_;
  std::uint32_t captures_ = 1;
};

}  // namespace sekimori::test
