#pragma once

#include "sekimori/dissect/dissector.h"

#include "hex.h"
#include "seed.h"
#include "transcript.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {

/// What one side sends in one go.
struct Turn {
  Sender sender = Sender::client;
  std::vector<std::uint8_t> bytes;
};

inline Turn client(std::vector<std::uint8_t> bytes) {
  return {Sender::client, std::move(bytes)};
}
inline Turn server(std::vector<std::uint8_t> bytes) {
  return {Sender::server, std::move(bytes)};
}
inline Turn client(std::string_view text) {
  return client(ascii(text));
}
inline Turn server(std::string_view text) {
  return server(ascii(text));
}

using Dialogue = std::vector<Turn>;

/// A Transcript whose buffers belong to a direction, as the core's do.
class Notes final : public Observer {
 public:
  explicit Notes(const Dissector& dissector) : script_(dissector) {}

  void request(std::uint32_t code, const Target& target, std::uint64_t key,
               std::uint64_t context) override {
    script_.request(code, target, key, context);
  }
  void notice(std::uint32_t code, const Target& target) override { script_.notice(code, target); }
  std::optional<std::uint64_t> reply(std::uint64_t key, Outcome outcome,
                                     std::uint32_t reason) override {
    return script_.reply(key, outcome, reason);
  }
  void property(const Subject& subject, Property property, Bytes value,
                Confidence confidence) override {
    script_.property(subject, property, value, confidence);
  }
  void claim(const Mac& mac, const IpAddress& ip) override { script_.claim(mac, ip); }
  void event(Event event, std::string_view detail, const Subject& subject) override {
    script_.event(event, detail, subject);
  }
  void blocked(const Blocked& blocked) override { script_.blocked(blocked); }
  StreamBuffer& buffer(std::uint64_t key) override {
    const auto end = (key & StreamBuffer::kShared) != 0 ? Sender::client : sender;
    return buffers_[static_cast<std::size_t>(end)][key];
  }
  bool carry(std::string_view protocol, ByteCursor& message, const Context& context) override {
    return script_.carry(protocol, message, context);
  }

  [[nodiscard]] const std::string& text() const { return script_.text(); }

  Sender sender = Sender::client;

 private:
  Transcript script_;
  std::array<std::map<std::uint64_t, StreamBuffer>, 2> buffers_;
};

/// The least core that lets a dissector hear a TCP dialogue: streams cut into messages, state and
/// buffers kept for the flow.
class Listener {
 public:
  explicit Listener(Context context = {}) : context_(context), notes_(dissector_) {
    context_.over = Over::tcp;
    context_.sender_known = true;
    context_.state = &state_;
  }

  /// Hears bytes of one side. False once that side's bytes were refused.
  bool hear(Sender sender, Bytes bytes) {
    auto& side = sides_[static_cast<std::size_t>(sender)];
    for (const auto byte : bytes) {
      if (side.skip > 0) {
        --side.skip;
      } else {
        side.pending.push_back(byte);
      }
    }
    while (!side.pending.empty() && !side.opaque && !side.foreign) {
      if (!step(sender, side)) break;
    }
    return !side.foreign;
  }
  bool hear(const Turn& turn) { return hear(turn.sender, turn.bytes); }

  /// Hears a message of which the capture kept less than the whole.
  void hear_cut(Sender sender, Bytes bytes) {
    // A copy of just these bytes, so that a sanitizer sees a step past their end.
    const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    ByteCursor message{copy};
    context_.sender = sender;
    notes_.sender = sender;
    dissector_.dissect(message, context_, notes_);
  }

  [[nodiscard]] bool opaque(Sender sender) const {
    return sides_[static_cast<std::size_t>(sender)].opaque;
  }
  [[nodiscard]] const std::string& text() const { return notes_.text(); }
  [[nodiscard]] std::size_t waiting(Sender sender) const {
    return sides_[static_cast<std::size_t>(sender)].pending.size();
  }
  [[nodiscard]] std::size_t messages() const { return messages_; }
  /// How each message lay in its stream: for tests that cut them.
  struct Heard {
    Sender sender;
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] const std::vector<Heard>& heard() const { return heard_; }

 private:
  struct Side {
    std::vector<std::uint8_t> pending;
    std::uint64_t skip = 0;
    bool opaque = false;
    bool foreign = false;
  };

  bool step(Sender sender, Side& side) {
    context_.sender = sender;
    notes_.sender = sender;
    const std::vector<std::uint8_t> copy = side.pending;
    const auto extent = dissector_.extent(ByteCursor{copy}, context_);
    if (extent.is_foreign()) side.foreign = true;
    if (extent.is_opaque()) side.opaque = true;
    if (!extent.is_message() || extent.size() > side.pending.size()) return false;
    if (extent.size() == 0) throw std::logic_error("a message of no bytes");
    const std::vector<std::uint8_t> bytes(
        copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(extent.size()));
    ByteCursor message{bytes};
    dissector_.dissect(message, context_, notes_);
    ++messages_;
    heard_.push_back({sender, bytes});
    side.pending.erase(side.pending.begin(),
                       side.pending.begin() + static_cast<std::ptrdiff_t>(extent.size()));
    const auto skipped = std::min<std::uint64_t>(extent.skip(), side.pending.size());
    side.pending.erase(side.pending.begin(),
                       side.pending.begin() + static_cast<std::ptrdiff_t>(skipped));
    side.skip = extent.skip() - skipped;
    return true;
  }

  const Dissector& dissector_ = the_dissector();
  Context context_;
  FlowState state_{};
  Notes notes_;
  std::array<Side, 2> sides_;
  std::size_t messages_ = 0;
  std::vector<Heard> heard_;
};

/// What a dialogue means when each turn comes at once.
inline std::string meaning(const Dialogue& dialogue, const Context& context = {}) {
  keep_seed(dialogue, Over::tcp, context.seat);
  Listener listener{context};
  for (const auto& turn : dialogue) listener.hear(turn);
  return listener.text();
}

/// What it means when every byte comes alone.
inline std::string meaning_bytewise(const Dialogue& dialogue, const Context& context = {}) {
  Listener listener{context};
  for (const auto& turn : dialogue)
    for (const auto byte : turn.bytes) listener.hear(turn.sender, Bytes{&byte, 1});
  return listener.text();
}

/// The first cut of the dialogue after which more is said than the whole says, as text; empty
/// where there is none: what every dissector has to hold. Cuts the stream at every byte, and each
/// message at every byte as a capture with a short snap length does.
inline std::string cut_that_lies(const Dialogue& dialogue, const Context& context = {}) {
  const auto whole = meaning(dialogue, context);
  Listener full{context};
  for (const auto& turn : dialogue) full.hear(turn);
  Listener stream{context};
  for (const auto& turn : dialogue) {
    for (const auto byte : turn.bytes) {
      stream.hear(turn.sender, Bytes{&byte, 1});
      if (!whole.starts_with(stream.text())) return "stream: " + stream.text();
    }
  }
  const auto& heard = full.heard();
  for (std::size_t last = 0; last < heard.size(); ++last) {
    for (std::size_t size = 0; size < heard[last].bytes.size(); ++size) {
      Listener cut{context};
      for (std::size_t i = 0; i < last; ++i) cut.hear_cut(heard[i].sender, heard[i].bytes);
      cut.hear_cut(heard[last].sender, Bytes{heard[last].bytes}.first(size));
      if (!whole.starts_with(cut.text()))
        return "message " + std::to_string(last) + " cut to " + std::to_string(size) + ": " +
               cut.text();
    }
  }
  return {};
}

/// True where the first turn of each side is understood while no state is kept, as the core needs
/// it to tell protocols apart: at least one message, and nothing foreign behind it.
inline bool first_turns_are_understood(const Dialogue& dialogue, const Context& context = {}) {
  for (const auto sender : {Sender::client, Sender::server}) {
    const auto turn = std::ranges::find(dialogue, sender, &Turn::sender);
    if (turn == dialogue.end()) continue;
    FlowState words{};
    auto about = context;
    about.over = Over::tcp;
    about.sender = sender;
    about.state = &words;
    std::size_t messages = 0;
    for (Bytes rest{turn->bytes}; !rest.empty(); ++messages) {
      const auto extent = the_dissector().extent(ByteCursor{rest}, about);
      if (extent.is_foreign() || extent.is_opaque()) return false;
      if (extent.is_incomplete() || extent.size() > rest.size()) break;
      const auto all = std::min<std::uint64_t>(rest.size(), extent.size() + extent.skip());
      rest = rest.subspan(all);
    }
    if (messages == 0) return false;
  }
  return true;
}

/// Any bytes, to any side, whole and in pieces: nothing but time may pass. Damages `dialogue` at
/// random as well, so that the depths behind a valid beginning are reached.
template <class Random>
void survive(const Dialogue& dialogue, Random& random) {
  Listener listener;
  for (auto turn : dialogue) {
    for (int i = 0; i < 4 && !turn.bytes.empty(); ++i)
      turn.bytes[random() % turn.bytes.size()] = static_cast<std::uint8_t>(random());
    listener.hear(turn);
  }
}

}  // namespace sekimori::test
