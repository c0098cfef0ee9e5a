#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/flow/flow.h"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace sekimori {

/// First and last sighting: joins by least and greatest.
struct Span {
  Sighting first;
  Sighting last;

  void join(const Span& other) {
    if (other.first < first) first = other.first;
    if (last < other.last) last = other.last;
  }
  friend bool operator==(const Span&, const Span&) = default;
};

struct CaptureFact {
  std::string name, sha256, format, link_type, vantage, damage, path_hint;
  std::uint64_t packets = 0, bytes = 0, undecoded = 0, stopped = 0, duplicates = 0,
                fragments_lost = 0, stream_gaps = 0, gap_bytes = 0, one_way = 0, two_way = 0,
                kernel_drops = 0, resumed = 0, cut_requests = 0, cut_flows = 0, orphan_replies = 0,
                overlap_conflicts = 0;
  std::int64_t first_seen = 0, last_seen = 0;  ///< ns
  std::vector<CapturePiece> pieces;            ///< by frame
  friend bool operator==(const CaptureFact&, const CaptureFact&) = default;
};

struct StopKey {
  std::uint32_t capture = 0;
  std::string layer, reason, limited_by;
  friend auto operator<=>(const StopKey&, const StopKey&) = default;
};
struct StopFact {
  std::uint64_t packets = 0;
  std::uint64_t frame = 0;  ///< the first
  friend bool operator==(const StopFact&, const StopFact&) = default;
};

struct BindingKey {
  Mac mac;
  IpAddress ip;  ///< unset where the station sent no IP
  std::string segment;
  friend auto operator<=>(const BindingKey&, const BindingKey&) = default;
};
struct BindingFact {
  Span seen;
  std::uint64_t claims = 0, packets = 0;
  std::uint8_t ttl_low = 255, ttl_high = 0;  ///< low > high: none seen
  friend bool operator==(const BindingFact&, const BindingFact&) = default;
};

/// Whom a property or event is about: by IP where there is one, else by MAC.
struct SubjectKey {
  Mac mac;
  IpAddress ip;
  std::string segment;
  std::uint32_t unit = Target::kNoUnit;
  friend auto operator<=>(const SubjectKey&, const SubjectKey&) = default;
};

struct PropertyKey {
  SubjectKey subject;
  std::string name, value, source;
  friend auto operator<=>(const PropertyKey&, const PropertyKey&) = default;
};
struct PropertyFact {
  int confidence = 0;  ///< percent; the greatest
  std::uint64_t count = 0;
  Span seen;
  friend bool operator==(const PropertyFact&, const PropertyFact&) = default;
};

struct ConversationKey {
  IpAddress client_ip, server_ip;  ///< unset below IP
  Mac client_mac, server_mac;      ///< set only below IP: above it, MACs are bindings
  std::string transport;           ///< to_text(Over)
  std::uint64_t port = 0;          ///< port, or the number of `transport`
  std::string protocol, segment;
  friend auto operator<=>(const ConversationKey&, const ConversationKey&) = default;
};

struct OperationKey {
  std::string
      protocol;  ///< the conversation's own, or one that it carries (CIP inside EtherNet/IP)
  std::uint32_t code = 0;
  Sender sender = Sender::client;
  std::uint32_t unit = Target::kNoUnit;
  std::string object;
  friend auto operator<=>(const OperationKey&, const OperationKey&) = default;
};
struct OperationFact {
  std::string notation, name;  ///< of the code
  Access access = Access::unknown;
  std::uint64_t requests = 0, executed = 0, rejected = 0, unanswered = 0, unconfirmed = 0;
  std::uint64_t low = 1, high = 0;  ///< low > high: no range
  std::map<std::uint32_t, std::pair<std::uint64_t, Sighting>>
      rejections;  ///< reason -> count, first
  Span seen;
  friend bool operator==(const OperationFact&, const OperationFact&) = default;
};

struct EventKey {
  std::string kind;  ///< to_text(Event)
  SubjectKey subject;
  std::string detail;
  friend auto operator<=>(const EventKey&, const EventKey&) = default;
};
struct EventFact {
  std::uint64_t count = 0;
  Span seen;
  friend bool operator==(const EventFact&, const EventFact&) = default;
};

/// What is counted of a conversation.
struct ConversationCounts {
  std::uint64_t attempted = 0, established = 0, refused = 0, unanswered = 0, resumed = 0;
  std::uint64_t client_packets = 0, server_packets = 0, bytes = 0;  ///< bytes: on the wire
  std::uint64_t client_bytes = 0, server_bytes = 0;                 ///< payload
  std::uint64_t requests_seen = 0, replies_seen = 0;                ///< decoded messages
  std::uint64_t clear_flows = 0, encrypted_flows = 0;               ///< with payload
  std::int64_t longest = 0;                                         ///< ns
  Span seen;
  DirectionReason reason = DirectionReason::first;

  friend bool operator==(const ConversationCounts&, const ConversationCounts&) = default;
};
struct ConversationFact : ConversationCounts {
  std::map<OperationKey, OperationFact> operations;
  std::map<EventKey, EventFact> events;

  /// S3: decoded messages of both sides; S2: payload or a completed handshake both ways; else S1.
  [[nodiscard]] std::string_view strength() const noexcept;
  friend bool operator==(const ConversationFact&, const ConversationFact&) = default;
};

struct BlockedKey {
  IpAddress by, source, destination;
  std::string segment, transport;
  std::uint64_t port = 0;
  std::uint16_t reason = 0;  ///< ICMP type << 8 | code
  friend auto operator<=>(const BlockedKey&, const BlockedKey&) = default;
};
struct BlockedFact {
  std::uint64_t count = 0;
  Span seen;
  friend bool operator==(const BlockedFact&, const BlockedFact&) = default;
};

struct CapFact {
  std::uint64_t bound = 0, reached = 0;
  friend bool operator==(const CapFact&, const CapFact&) = default;
};

/// The distinct facts of any number of captures, in an order that depends on nothing but
/// themselves. Joining is commutative and associative: counts add, spans join, ranges widen.
/// This is the cold form; while frames flow, each shard keeps a hashed one (see observation.h).
struct Facts {
  std::vector<CaptureFact> captures;  ///< by first_seen, then sha256, once sort_captures() ran
  std::map<StopKey, StopFact> stops;
  std::map<std::string, CapFact> caps;
  std::map<BindingKey, BindingFact> bindings;
  std::map<PropertyKey, PropertyFact> properties;
  std::map<ConversationKey, ConversationFact> conversations;
  std::map<BlockedKey, BlockedFact> blocked;

  /// Adds another's facts. Captures of equal SHA-256 are one capture: their counts add, which is
  /// right for shards of one reading and wrong for the same file read twice; `merge` refuses that.
  void join(const Facts& other);
  void join(Facts&& other);  ///< the same without a copy

  /// Puts captures into their lasting order and renumbers every sighting.
  void sort_captures();
  friend bool operator==(const Facts&, const Facts&) = default;
};

}  // namespace sekimori
