#pragma once

#include "sekimori/decode/packet.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/session.h"
#include "sekimori/flow/flow.h"
#include "sekimori/model/facts.h"
#include "sekimori/model/hashed_vector.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sekimori {

/// Bounds of one shard's memory of facts, in bytes where not said otherwise; each is counted when
/// reached. What goes to make room is what tells least: an address seen in few packets, a flow that
/// was never recognised, an odd message. Operations stay, and so do the conversations that hold
/// them: the first that came, then.
struct RecorderLimits {
  std::size_t bindings = std::size_t{64} << 20U;
  std::size_t conversations = std::size_t{256} << 20U;
  std::size_t operations = std::size_t{128} << 20U;
  std::size_t properties = std::size_t{64} << 20U;
  std::size_t events = std::size_t{64} << 20U;
  std::size_t blocked = std::size_t{32} << 20U;
  std::size_t segments =
      65536;  ///< distinct stacks of VLANs and tunnels; the names of more are lost
  /// Distinct targets of one conversation; further ones are counted under the target `other`.
  std::uint16_t operations_each = 4096;
  std::uint16_t events_each = 1024;  ///< of one conversation
  /// Distinct reasons of one operation's rejections; further ones are counted without a reason.
  std::uint16_t reasons_each = 256;
};

/// Writes down what dissectors say: the facts of one shard, hashed. Counting a message that was
/// heard before costs no heap.
class Recorder final : public Observer {
 public:
  using FlowType = Flow<Session>;

  /// The seed scatters the tables against chosen collisions; no result depends on it.
  Recorder(const RecorderLimits& limits, const Dissectors& dissectors, std::uint64_t seed);

  // What the flow and dissect layers tell; see Dissection.
  /// Fetches what the next message of a flow is likely to count in.
  void prefetch(const Session& session) const noexcept {
    if (session.conversation == Session::kNone) return;
    __builtin_prefetch(&conversations_[session.conversation].requests_seen);
    for (const auto place : session.recent) {
      if (place == Session::kNone) break;
      __builtin_prefetch(&operations_[place]);
      __builtin_prefetch(&operations_[place].seen);
    }
  }
  void opened(FlowType& flow, const Packet& packet);
  void bound(FlowType& flow, std::uint8_t sender, const Packet& packet);
  void accepted(FlowType& flow);
  void begin(FlowType& flow, std::uint8_t sender, const Sighting& seen);
  void finish(const ByteCursor& message);
  void forget_requests(FlowType& flow);
  void closed(FlowType& flow, bool cut);

  // Observer: what the dissector of the message between begin() and finish() says.
  void request(std::uint32_t code, const Target& target, std::uint64_t key,
               std::uint64_t context) override;
  void notice(std::uint32_t code, const Target& target) override;
  std::optional<std::uint64_t> reply(std::uint64_t key, Outcome outcome,
                                     std::uint32_t reason) override;
  void property(const Subject& subject, Property property, Bytes value,
                Confidence confidence) override;
  void claim(const Mac& mac, const IpAddress& ip) override;
  void event(Event event, std::string_view detail, const Subject& subject) override;
  void blocked(const Blocked& blocked) override;
  StreamBuffer& buffer(std::uint64_t key) override;
  bool carry(std::string_view protocol, ByteCursor& message, const Context& context) override;

  /// A packet that stopped, or of which nothing could be read.
  void stopped(const Packet& packet);

  /// Adds this shard's facts and forgets them; `facts.captures` must already have a row for each
  /// capture.
  void move_to(Facts& facts);

 private:
  /// What a string keeps outside itself.
  [[nodiscard]] static std::size_t heap_of(const std::string& text) noexcept {
    return text.capacity() > 15 ? text.capacity() + 1 : 0;  // libstdc++ keeps 15 letters in place
  }

  struct HotSubject {
    Mac mac;
    IpAddress ip;
    std::uint64_t segment = 0;
    std::uint32_t unit = Target::kNoUnit;
    friend bool operator==(const HotSubject&, const HotSubject&) = default;
  };
  // What there are many of is laid out for size: a base's last bytes take up the next members.
  struct HotBinding : BindingFact {
    Mac mac;
    IpAddress ip;
    std::uint64_t segment = 0;

    [[nodiscard]] static std::size_t heap() noexcept { return 0; }
    [[nodiscard]] Worth worth() const noexcept {
      return {.heard = packets + claims, .last = seen.last.time};
    }
  };
  struct HotConversation : ConversationCounts {
    Over over : 7 = Over::nothing;
    bool has_ip : 1 = false;
    std::uint16_t protocol = Dissectors::kNoNumber;
    std::uint16_t operations = 0;
    std::uint16_t events = 0;
    std::array<IpAddress, 2> end;  // client, server; below IP their MACs, as in FlowKey
    std::uint64_t port = 0;
    std::uint64_t segment = 0;

    [[nodiscard]] static std::size_t heap() noexcept { return 0; }
    /// A flow that is alive knows the place of one with a protocol; an attempt tells less than what
    /// was established.
    [[nodiscard]] Worth worth() const noexcept {
      return {.must_stay = protocol != Dissectors::kNoNumber || operations > 0 || events > 0,
              .heard = established > 0 ? 1U : 0U,
              .last = seen.last.time};
    }
  };
  /// What most operations never come to.
  struct Mishaps {
    using Rejections = std::map<std::uint32_t, std::pair<std::uint64_t, Sighting>>;

    std::uint64_t rejected = 0, unanswered = 0, unconfirmed = 0;
    Rejections rejections;

    static constexpr std::size_t kAllocation = 16;  // what an allocator adds, at most
    static constexpr std::size_t kReason = sizeof(Rejections::value_type) + 32 + kAllocation;
  };
  struct HotOperation {
    std::uint32_t conversation = 0;
    std::uint32_t code = 0;
    std::uint32_t unit = Target::kNoUnit;
    Sender sender = Sender::client;
    std::uint16_t protocol = Dissectors::kNoNumber;
    std::unique_ptr<const std::string> object;  // null where it has no name
    std::uint64_t requests = 0, executed = 0;
    Span seen;
    std::uint64_t low = 1, high = 0;
    std::unique_ptr<Mishaps> mishaps;

    [[nodiscard]] std::string_view name() const noexcept {
      return object ? std::string_view{*object} : std::string_view{};
    }
    [[nodiscard]] std::size_t heap() const noexcept {
      return (object ? sizeof *object + heap_of(*object) : 0) +
             (mishaps ? kMishaps + mishaps->rejections.size() * Mishaps::kReason : 0);
    }
    static constexpr std::size_t kMishaps = sizeof(Mishaps) + Mishaps::kAllocation;
    [[nodiscard]] static Worth worth() noexcept { return {.must_stay = true}; }
  };
  struct HotProperty {
    HotSubject subject;
    Property property = Property::name;
    const Dissector* source = nullptr;
    std::string value;
    PropertyFact fact;

    [[nodiscard]] std::size_t heap() const noexcept { return heap_of(value); }
    [[nodiscard]] Worth worth() const noexcept {
      return {.heard = fact.count, .last = fact.seen.last.time};
    }
  };
  struct HotEvent {
    std::uint32_t conversation = 0;
    Event event = Event::version;
    HotSubject subject;
    std::string detail;
    EventFact fact;

    [[nodiscard]] std::size_t heap() const noexcept { return heap_of(detail); }
    /// A broken rule of a protocol is what a flood is made of; all else is what the report is for.
    [[nodiscard]] Worth worth() const noexcept {
      return {.heard = event == Event::malformed ? 0U : 1U, .last = fact.seen.last.time};
    }
  };
  struct HotBlocked {
    IpAddress by;
    std::uint64_t segment = 0;
    Blocked what;
    BlockedFact fact;

    [[nodiscard]] static std::size_t heap() noexcept { return 0; }
    [[nodiscard]] Worth worth() const noexcept {
      return {.heard = fact.count, .last = fact.seen.last.time};
    }
  };
  struct CaptureCounters {
    std::uint64_t cut_requests = 0, orphan_replies = 0, stopped = 0, undecoded = 0;
  };

  /// A key of the protocol that speaks: those of carried ones must not meet the carrier's.
  [[nodiscard]] std::uint64_t own_key(std::uint64_t key) const noexcept;
  CaptureCounters& counters(std::uint32_t capture);
  std::uint32_t bind(FlowType& flow);
  /// Its place, known from `seen` on; HashedVector's kNone where there is no room.
  std::uint32_t binding(const Mac& mac, const IpAddress& ip, std::uint64_t segment,
                        const Sighting& seen);
  std::uint32_t binding(const FlowType& flow, std::uint8_t sender, const Mac& mac,
                        const Sighting& seen);
  void flush_binding(const FlowType& flow, std::uint8_t sender, std::uint32_t packets);
  void flush_requests(FlowType& flow, bool cut);
  void unanswered(const Pending& pending);
  /// Of the operation at a place; the spare one's for Session::kNone.
  Mishaps& mishaps(std::uint32_t place);
  void reject(Mishaps& mishaps, std::uint32_t reason);
  /// The place of the operation, counted once more; Session::kNone where there is no room for it.
  std::uint32_t operation(std::uint32_t code, const Target& target);
  std::uint32_t find_operation(std::uint32_t code, const Target& target, Sender sender);
  [[nodiscard]] bool resolve(const Subject& subject, HotSubject& out) const;
  [[nodiscard]] std::string segment_text(std::uint64_t key) const;
  [[nodiscard]] SubjectKey key_of(const HotSubject& subject) const;
  [[nodiscard]] ConversationKey key_of(const HotConversation& conversation) const;

  RecorderLimits limits_;
  std::uint64_t seed_;
  FlowType* flow_ = nullptr;  // of the message at hand
  std::uint8_t sender_ = 0;
  Sighting seen_;
  const Dissectors& dissectors_;
  const Dissector* speaker_ = nullptr;              // the flow's own, or one that it carries
  std::uint16_t protocol_ = Dissectors::kNoNumber;  // the speaker's
  int carried_ = 0;                                 // how deep
  HotOperation spare_;                              // counts for nobody once `operations` is full
  std::vector<CaptureCounters> counters_;
  std::map<std::pair<std::uint32_t, Stop>, StopFact> stops_;
  std::map<std::uint64_t, std::string> segments_;
  std::uint64_t operations_each_reached_ = 0;
  std::uint64_t events_each_reached_ = 0;
  std::uint64_t reasons_each_reached_ = 0;
  std::uint64_t segments_reached_ = 0;
  HashedVector<HotBinding> bindings_;
  HashedVector<HotConversation> conversations_;
  HashedVector<HotOperation> operations_;
  HashedVector<HotProperty> properties_;
  HashedVector<HotEvent> events_;
  HashedVector<HotBlocked> blocked_;
};

}  // namespace sekimori
