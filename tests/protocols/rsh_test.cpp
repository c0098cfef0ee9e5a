#include "dialogue.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

struct Case {
  std::string name;
  Dialogue dialogue;
  std::string means;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

const Context kOnSeat{.on_seat = true};

const std::vector<Case> cases{
    {"a command",
     {client("31303232 00 726f6f7400 6f7000 6c7300"_hex), server("00"_hex), server("a b")},
     "request 1 run-command; event login rsh, user op; executed; event anonymous-login rsh"},
    {"refused",
     {client("00 6f7000 6f7000 6c7300"_hex), server("\x01Permission denied.\n")},
     "request 1 run-command; event login rsh, user op; rejected for 1; "
     "event login-rejected rsh"},
};

TEST_CASE("rsh: what a dialogue means", "[rsh]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.dialogue, kOnSeat) == c.means);
  CHECK(meaning_bytewise(c.dialogue, kOnSeat) == c.means);
}

TEST_CASE("rsh: a dialogue cut anywhere says nothing that the whole does not", "[rsh]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue, kOnSeat) == "");
}

TEST_CASE("rsh: what follows is left alone", "[rsh]") {
  Listener listener{kOnSeat};
  for (const auto& turn : cases[0].dialogue) listener.hear(turn);
  listener.hear(client("x"));
  CHECK(listener.opaque(Sender::client));
}

Extent extent_of(const std::vector<std::uint8_t>& bytes, bool on_seat = true) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("rsh: without its port it is nothing, and on it not everything", "[rsh]") {
  const auto& first = cases[0].dialogue[0].bytes;
  CHECK(extent_of(first) == Extent::of(first.size()));
  CHECK(extent_of(first, false) == Extent::foreign());
  CHECK(extent_of(ascii("<34>Oct 11 host su: failed\n")) == Extent::foreign());  // syslog
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n")) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00 ff"_hex) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1"_hex) == Extent::foreign());
}

TEST_CASE("rsh: damaged dialogues are survived", "[rsh]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
