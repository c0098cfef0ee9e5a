#pragma once

#include "sekimori/dissect/session.h"
#include "sekimori/flow/flow.h"

#include <algorithm>
#include <cstdint>

namespace sekimori {

/// How often a bound of the dissect layer was reached.
struct DissectCaps {
  std::uint64_t trials = 0;    ///< streams given up before a protocol was sure
  std::uint64_t messages = 0;  ///< messages longer than kMostMessage, heard in part
  std::uint64_t held = 0;      ///< flows whose unfinished messages went for want of memory
};

/// Recognises protocols in flows and hands their messages to the dissectors: the FlowTracker's
/// sink. A protocol is accepted after consistent messages: one from each end, or
/// Dissector::alone from one; on its own port two, or one when the flow ends with nothing
/// against it. Below UDP and TCP the number is the protocol's, so one valid message suffices.
///
/// Recorder is an Observer with, besides:
///   void prefetch(const Session&);
///   void opened(Flow&, const Packet&);  void bound(Flow&, std::uint8_t side, const Packet&);
///   void accepted(Flow&);                  the protocol and the two sides are known
///   void begin(Flow&, std::uint8_t sender, const Sighting&);   of each message
///   void finish(const ByteCursor&);                            of each message
///   void forget_requests(Flow&);           the open ones, and the memory that they take
///   void closed(Flow&, bool cut);
template <class Recorder>
class Dissection {
 public:
  using Attachment = Session;
  using FlowType = Flow<Session>;
  static constexpr std::size_t kMostMessage = 65536;

  Dissection(Recorder& recorder, const Dissectors& dissectors)
      : recorder_(recorder), dissectors_(dissectors) {}

  [[nodiscard]] const DissectCaps& caps() const noexcept { return caps_; }

  [[nodiscard]] bool is_seat(Over over, std::uint16_t port) const noexcept {
    return dissectors_.is_seat(over, port);
  }
  void prefetch(const FlowType& flow) const noexcept { recorder_.prefetch(flow.attachment); }

  /// Bytes that flows keep here outside themselves: messages without their ends, streams on trial,
  /// open requests by the dozen.
  [[nodiscard]] std::size_t held() const noexcept { return held_; }
  [[nodiscard]] static std::size_t held(const FlowType& flow) noexcept {
    return flow.attachment.counted;
  }
  /// Frees them. What was on trial stays unrecognised, a message in parts is lost, and what was
  /// asked counts as unanswered.
  void let_go(FlowType& flow) {
    auto& session = flow.attachment;
    ++caps_.held;
    if (session.state == Session::State::trying) give_up(session);
    if (session.left) {
      // In step no more: what is to be passed over goes with the rest.
      for (std::size_t end = 0; end < 2; ++end)
        if (session.left->skip[end] > 0) session.opaque[end] = true;
      session.left.reset();
    }
    recorder_.forget_requests(flow);
    session.keeps = true;
    account(session);
  }
  void opened(FlowType& flow, const Packet& packet) { recorder_.opened(flow, packet); }
  void bound(FlowType& flow, std::uint8_t sender, const Packet& packet) {
    recorder_.bound(flow, sender, packet);
  }
  [[nodiscard]] bool wants(const FlowType& flow, std::uint8_t sender) const noexcept {
    const auto& session = flow.attachment;
    return session.state != Session::State::given_up && !session.opaque[sender];
  }

  void stream(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    auto& session = flow.attachment;
    if (session.state == Session::State::accepted) {
      hear(flow, sender, bytes, seen);
    } else if (session.state != Session::State::given_up) {
      try_stream(flow, sender, bytes, seen);
    }
    account(session);
  }

  void gap(FlowType& flow, std::uint8_t sender, std::uint64_t missing) {
    auto& session = flow.attachment;
    if (session.state == Session::State::accepted) {
      step_over(flow, sender, missing);
    } else if (session.state == Session::State::trying) {
      // What was heard up to the hole must do; behind it the stream begins anew.
      if (!decide(flow, true)) restart(session);
    }
    account(session);
  }

  void datagram(FlowType& flow, std::uint8_t sender, const Packet& packet, const Sighting& seen) {
    auto& session = flow.attachment;
    if (packet.payload.empty() || session.state == Session::State::given_up) return;
    if (session.state != Session::State::accepted) {
      try_datagram(flow, sender, packet, seen);
    } else {
      hear_datagram(flow, sender, packet.payload, seen);
    }
    account(session);
  }

  void closed(FlowType& flow, bool cut) {
    if (flow.attachment.state == Session::State::trying) decide(flow, true);
    recorder_.closed(flow, cut);
    held_ -= flow.attachment.counted;
    flow.attachment.counted = 0;
  }

 private:
  static constexpr std::uint8_t kMostRetries = 4;
  static constexpr std::uint8_t kMostForeign = 16;  // segments in a row, then the stream is lost
  static constexpr int kDirectionMessages = 4;      // of each end, asked for who sent them
  static constexpr std::uint8_t kSeatMessages = 2;  // from one end, on the protocol's own port

  [[nodiscard]] Context context(FlowType& flow, std::uint8_t sender, bool on_seat) const noexcept {
    Context context;
    context.over = flow.key.over;
    context.sender = sender == flow.client ? Sender::client : Sender::server;
    context.sender_known = flow.reason >= DirectionReason::handshake;
    context.on_seat = on_seat;
    context.to_group = flow.attachment.to_group;
    const bool ports = flow.key.over == Over::tcp || flow.key.over == Over::udp;
    context.seat = ports ? flow.server_port() : flow.key.number;
    if (flow.key.has_ip) {
      context.source = flow.key.end[sender];
      context.destination = flow.key.end[1U - sender];
    }
    context.source_mac = flow.side[sender].mac;
    context.destination_mac = flow.side[1U - sender].mac;
    context.state = &flow.attachment.words;
    return context;
  }

  void account(Session& session) noexcept {
    if (!session.keeps) return;
    const auto now = static_cast<std::uint32_t>(session.held());
    held_ += now;
    held_ -= session.counted;
    session.counted = now;
    session.keeps = now > 0;
  }

  Trial& trial(FlowType& flow) {
    auto& session = flow.attachment;
    if (!session.trial) {
      session.keeps = true;
      session.trial = std::make_unique<Trial>();
      const bool ports = flow.key.over == Over::tcp || flow.key.over == Over::udp;
      session.trial->candidates =
          ports ? dissectors_.candidates(flow.key.over, flow.server_port(),
                                         flow.key.port[flow.client])
                : dissectors_.candidates(flow.key.over, flow.key.number, flow.key.number);
      session.state = Session::State::trying;
    }
    return *session.trial;
  }

  static void keep(Trial& trial, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    auto& kept = trial.bytes[sender];
    kept.insert(kept.end(), bytes.begin(), bytes.end());
    trial.chunks.push_back({sender, static_cast<std::uint32_t>(bytes.size()), seen});
  }

  void try_stream(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    auto& heard = trial(flow);
    keep(heard, sender, bytes, seen);
    std::erase_if(heard.candidates,
                  [&](auto& candidate) { return !follows(flow, heard, candidate, sender); });
    settle(flow, heard);
  }

  void try_datagram(FlowType& flow, std::uint8_t sender, const Packet& packet,
                    const Sighting& seen) {
    auto& heard = trial(flow);
    keep(heard, sender, packet.payload, seen);
    std::erase_if(heard.candidates, [&](auto& candidate) {
      auto about = context(flow, sender, candidate.on_seat);
      about.state = &heard.words;
      const auto extent = candidate.dissector->extent(ByteCursor{packet.payload}, about);
      const bool cut = packet.payload.size() < packet.payload_length;
      const bool fits =
          extent.is_message() && extent.size() != 0 && extent.size() <= packet.payload_length;
      if (!fits && !(cut && candidate.on_seat && extent.is_incomplete())) return true;
      if (extent.proves()) count(candidate, sender);
      return false;
    });
    settle(flow, heard);
  }

  static void count(Trial::Candidate& candidate, std::uint8_t sender) noexcept {
    if (candidate.messages[sender] < 255) ++candidate.messages[sender];
  }

  /// Counts the messages that a candidate sees in what is kept of one end; false where the bytes
  /// are not its own.
  bool follows(FlowType& flow, Trial& heard, Trial::Candidate& candidate, std::uint8_t sender) {
    auto about = context(flow, sender, candidate.on_seat);
    about.state = &heard.words;
    const Bytes bytes{heard.bytes[sender]};
    auto& position = candidate.position[sender];
    while (position < bytes.size()) {
      const auto rest = bytes.subspan(position);
      const auto extent = candidate.dissector->extent(ByteCursor{rest}, about);
      const bool foreign = extent.is_foreign() || extent.size() == 0;
      // On its own port, one odd message behind good ones is a fault of the device, not another
      // protocol; the rest of the segment is lost, as it will be once the protocol is accepted.
      if (foreign && !(candidate.on_seat && candidate.messages[sender] > 0)) return false;
      if (extent.is_incomplete()) break;
      if (foreign || extent.is_opaque()) {
        position = static_cast<std::uint32_t>(bytes.size());
        break;
      }
      if (extent.size() > rest.size()) break;
      if (extent.proves()) count(candidate, sender);
      const auto all = extent.size() + extent.skip();
      position += static_cast<std::uint32_t>(std::min<std::uint64_t>(all, rest.size()));
    }
    return true;
  }

  void settle(FlowType& flow, Trial& heard) {
    if (decide(flow, false)) return;
    auto& session = flow.attachment;
    if (heard.candidates.empty()) {
      restart(session);
    } else if (heard.bytes[0].size() + heard.bytes[1].size() > Trial::kMostBytes ||
               heard.chunks.size() > Trial::kMostChunks) {
      ++caps_.trials;
      if (!decide(flow, true)) give_up(session);
    }
  }

  static void give_up(Session& session) {
    session.trial.reset();
    session.state = Session::State::given_up;
    session.left.reset();
    session.keeps = true;  // to be counted once more
  }

  /// A flow met in mid-stream begins amid a message: the next segment may do better.
  static void restart(Session& session) {
    if (++session.retries > kMostRetries) {
      give_up(session);
    } else {
      session.trial.reset();
      session.state = Session::State::fresh;
    }
  }

  [[nodiscard]] static bool convinces(const Trial::Candidate& candidate, Over over,
                                      bool at_end) noexcept {
    const auto least = std::min(candidate.messages[0], candidate.messages[1]);
    const auto most = std::max(candidate.messages[0], candidate.messages[1]);
    if (most == 0) return false;
    if (over != Over::tcp && over != Over::udp) return true;
    if (least > 0 || most >= candidate.dissector->alone) return true;
    return candidate.on_seat && (at_end || most >= kSeatMessages);
  }

  /// Accepts the best candidate that convinces; false where none does.
  bool decide(FlowType& flow, bool at_end) {
    auto& session = flow.attachment;
    if (!session.trial) return false;
    const Trial::Candidate* best = nullptr;
    for (const auto& candidate : session.trial->candidates) {
      if (!convinces(candidate, flow.key.over, at_end)) continue;
      if (best == nullptr || (candidate.on_seat == best->on_seat &&
                              candidate.dissector->alone < best->dissector->alone))
        best = &candidate;
    }
    if (best == nullptr) return false;
    accept(flow, *best);
    return true;
  }

  void accept(FlowType& flow, const Trial::Candidate& candidate) {
    auto& session = flow.attachment;
    session.dissector = candidate.dissector;
    session.on_seat = candidate.on_seat;
    session.state = Session::State::accepted;
    const auto heard = std::move(session.trial);
    tell_sides(flow, *heard);
    recorder_.accepted(flow);
    std::array<std::size_t, 2> at{};
    for (const auto& chunk : heard->chunks) {
      const auto bytes = Bytes{heard->bytes[chunk.sender]}.subspan(at[chunk.sender], chunk.size);
      at[chunk.sender] += chunk.size;
      if (session.state != Session::State::accepted) return;
      if (flow.key.over == Over::tcp) {
        hear(flow, chunk.sender, bytes, chunk.seen);
      } else {
        hear_datagram(flow, chunk.sender, bytes, chunk.seen);
      }
    }
  }

  /// Payload meaning outweighs handshake and port: DESIGN section 2, flow.
  void tell_sides(FlowType& flow, Trial& heard) {
    const auto& dissector = *flow.attachment.dissector;
    if (dissector.sender == nullptr) return;
    int says_end0 = 0;
    int says_end1 = 0;
    for (std::uint8_t end = 0; end < 2; ++end) {
      auto about = context(flow, end, flow.attachment.on_seat);
      about.state = &heard.words;
      Bytes rest{heard.bytes[end]};
      for (int i = 0; i < kDirectionMessages && !rest.empty(); ++i) {
        const auto extent = dissector.extent(ByteCursor{rest}, about);
        if (!extent.is_message() || extent.size() == 0) break;
        const auto size = std::min(extent.size(), rest.size());
        const auto who = dissector.sender(ByteCursor{rest.first(size)}, about);
        if (who) ++((*who == Sender::client) == (end == 0) ? says_end0 : says_end1);
        const auto all = std::min<std::uint64_t>(size + extent.skip(), rest.size());
        rest = rest.subspan(static_cast<std::size_t>(all));
      }
    }
    if (says_end0 == says_end1) return;
    flow.client = says_end0 > says_end1 ? 0 : 1;
    flow.reason = DirectionReason::payload;
  }

  void message(FlowType& flow, std::uint8_t sender, Bytes bytes, const Context& about,
               const Sighting& seen) {
    ByteCursor cursor{bytes};
    recorder_.begin(flow, sender, seen);
    flow.attachment.dissector->dissect(cursor, about, recorder_);
    recorder_.finish(cursor);
  }

  void hear_datagram(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    const auto& session = flow.attachment;
    const auto about = context(flow, sender, session.on_seat);
    while (!bytes.empty()) {
      const auto extent = session.dissector->extent(ByteCursor{bytes}, about);
      // A datagram has no more to come: what ends early was cut, and says what it still can.
      const bool cut = extent.is_incomplete() && session.on_seat;
      if (!cut && (!extent.is_message() || extent.size() == 0)) return;
      const auto size = cut ? bytes.size() : std::min(extent.size(), bytes.size());
      message(flow, sender, bytes.first(size), about, seen);
      bytes = bytes.subspan(size);
    }
  }

  void hear(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    auto& session = flow.attachment;
    if (session.opaque[sender]) return;
    if (session.left && session.left->skip[sender] > 0) {
      auto& skip = session.left->skip[sender];
      const auto passed = std::min<std::uint64_t>(skip, bytes.size());
      skip -= passed;
      bytes = bytes.subspan(static_cast<std::size_t>(passed));
      if (bytes.empty()) return;
    }
    if (session.left && !session.left->partial[sender].empty()) {
      auto& partial = session.left->partial[sender];
      partial.insert(partial.end(), bytes.begin(), bytes.end());
      const auto used = hear_messages(flow, sender, partial, seen);
      partial.erase(partial.begin(), partial.begin() + static_cast<std::ptrdiff_t>(used));
    } else if (const auto used = hear_messages(flow, sender, bytes, seen); used < bytes.size()) {
      const auto rest = bytes.subspan(used);
      session.leftovers().partial[sender].assign(rest.begin(), rest.end());
    }
    if (session.foreign[sender] >= kMostForeign) give_up(session);
  }

  /// Dissects the whole messages at the front; returns how many bytes are done with.
  std::size_t hear_messages(FlowType& flow, std::uint8_t sender, Bytes work, const Sighting& seen) {
    auto& session = flow.attachment;
    const auto about = context(flow, sender, session.on_seat);
    std::size_t used = 0;
    while (used < work.size()) {
      const auto rest = work.subspan(used);
      const auto extent = session.dissector->extent(ByteCursor{rest}, about);
      if (extent.is_opaque()) {
        session.opaque[sender] = true;
        return work.size();
      }
      if (extent.is_foreign() || extent.size() == 0) {
        ++session.foreign[sender];
        return work.size();
      }
      if (extent.is_incomplete() || extent.size() > rest.size()) {
        if (rest.size() < kMostMessage) return used;
        ++caps_.messages;
        if (extent.is_message()) {
          message(flow, sender, rest, about, seen);
          pass_over(session, sender, extent.size() - rest.size() + extent.skip());
        }
        return work.size();
      }
      session.foreign[sender] = 0;
      message(flow, sender, rest.first(extent.size()), about, seen);
      used += extent.size();
      const auto passed = std::min<std::uint64_t>(extent.skip(), work.size() - used);
      used += static_cast<std::size_t>(passed);
      if (extent.skip() > passed) pass_over(session, sender, extent.skip() - passed);
    }
    return used;
  }

  static void pass_over(Session& session, std::uint8_t sender, std::uint64_t bytes) {
    session.leftovers().skip[sender] = bytes;
  }

  /// `missing` bytes of the stream will not come. Where the message that they belong to says how
  /// long it is, the stream stays in step.
  void step_over(FlowType& flow, std::uint8_t sender, std::uint64_t missing) {
    auto& session = flow.attachment;
    if (session.opaque[sender] || !session.left) return;
    auto& left = *session.left;
    if (!left.partial[sender].empty()) {
      const Bytes rest{left.partial[sender]};
      const auto about = context(flow, sender, session.on_seat);
      const auto extent = session.dissector->extent(ByteCursor{rest}, about);
      if (extent.is_message() && extent.size() > rest.size()) {
        message(flow, sender, rest, about, flow.last());
        left.skip[sender] = extent.size() - rest.size() + extent.skip();
      }
      left.partial[sender].clear();
    }
    left.skip[sender] -= std::min(left.skip[sender], missing);
  }

  Recorder& recorder_;
  const Dissectors& dissectors_;
  DissectCaps caps_;
  std::size_t held_ = 0;
};

}  // namespace sekimori
