#pragma once

#include "dialogue.h"

#include <catch2/catch.hpp>

#include <ostream>
#include <string>
#include <vector>

// What the tests of a protocol over TCP have in common: dialogues, and what they mean.
namespace sekimori::test {

struct DialogueCase {
  std::string name;
  Dialogue dialogue;
  std::string means;
};

inline std::ostream& operator<<(std::ostream& out, const DialogueCase& c) {
  return out << c.name;
}

/// Each dialogue means what it should, whole and byte by byte, and cut anywhere nothing else.
inline void check_meaning(const std::vector<DialogueCase>& cases, const Context& context = {}) {
  for (const auto& c : cases) {
    CAPTURE(c);
    CHECK(meaning(c.dialogue, context) == c.means);
    CHECK(meaning_bytewise(c.dialogue, context) == c.means);
    CHECK(cut_that_lies(c.dialogue, context) == "");
  }
}

/// What comes in one segment is known before anything is dissected.
inline void check_first_turns(const std::vector<DialogueCase>& cases) {
  for (const auto& c : cases) {
    CAPTURE(c);
    CHECK(first_turns_are_understood(c.dialogue));
  }
}

/// The messages of a protocol that runs over UDP, and with a `frame` around each over TCP.
struct MessageCase {
  std::string name;
  std::vector<Turn> messages;
  std::string means;
};

inline std::ostream& operator<<(std::ostream& out, const MessageCase& c) {
  return out << c.name;
}

template <class Frame>
std::vector<DialogueCase> over_tcp(const std::vector<MessageCase>& cases, const Frame& frame) {
  std::vector<DialogueCase> framed;
  for (const auto& c : cases) {
    framed.push_back({c.name, {}, c.means});
    for (const auto& turn : c.messages)
      framed.back().dialogue.push_back({turn.sender, frame(turn.bytes)});
  }
  return framed;
}

/// As datagrams to `seat`, each message is whole, of that sender, and all mean what they should.
inline void check_datagrams(const std::vector<MessageCase>& cases, std::uint64_t seat) {
  for (const auto& c : cases) {
    CAPTURE(c);
    keep_seed(c.messages, Over::udp, seat);
    FlowState state{};
    Transcript heard{the_dissector()};
    for (const auto& [sender, bytes] : c.messages) {
      const Context context{.over = Over::udp,
                            .sender = sender,
                            .sender_known = true,
                            .on_seat = true,
                            .seat = seat,
                            .state = &state};
      CHECK(the_dissector().extent(ByteCursor{bytes}, context) == Extent::of(bytes.size()));
      CHECK(the_dissector().sender(ByteCursor{bytes}, context) == sender);
      ByteCursor message{bytes};
      the_dissector().dissect(message, context, heard);
      CHECK(message.ok());
      CHECK(message.empty());
    }
    CHECK(heard.text() == c.means);
  }
}

}  // namespace sekimori::test
