#pragma once

#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

// What holds for rlogin, rsh and rexec alike: they have no sign of their own, so the port counts.
namespace sekimori::test {

inline const Context kShellPort{.on_seat = true};

inline void check_shell_is_left_alone_after(const Dialogue& dialogue) {
  Listener listener{kShellPort};
  for (const auto& turn : dialogue) listener.hear(turn);
  listener.hear(client("x"));
  CHECK(listener.opaque(Sender::client));
}

inline void check_shell_recognition(const std::vector<std::uint8_t>& first) {
  const auto extent_of = [](const std::vector<std::uint8_t>& bytes, bool on_seat = true) {
    FlowState state{};
    return the_dissector().extent(ByteCursor{bytes},
                                  Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
  };
  CHECK(extent_of(first) == Extent::of(first.size()));
  CHECK(extent_of(first, false) == Extent::foreign());
  CHECK(extent_of(ascii("<34>Oct 11 host su: failed\n")) == Extent::foreign());  // syslog
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n")) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00 ff"_hex) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1"_hex) == Extent::foreign());
}

inline void check_shell_survival(const std::vector<DialogueCase>& cases) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (const auto& c : cases) survive(c.dialogue, random);
  }
}

}  // namespace sekimori::test
