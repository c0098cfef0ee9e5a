#include "damage.h"
#include "dialogue.h"

namespace sekimori::test {
namespace {

constexpr Place kPort{.seat = 514};
constexpr Place kForeign{};

constexpr std::string_view kNew{
    "<165>1 2026-04-06T12:00:00.003Z hist-1 collector 1234 ID47 - tank 3 is full"};
constexpr std::string_view kOld{"<34>Apr  6 12:00:00 ews-1 su: failed for operator"};
constexpr std::string_view kCisco{"<189>29: *Mar  1 00:04:33.019: %SYS-5-CONFIG_I: Configured"};

const std::vector<Meaning> kCases{
    {ascii(kNew), kForeign, "notice 5 notice; name hist-1; software collector"},
    {ascii("<14>1 - 10.0.0.9 - - - -"), kForeign, "notice 6 information"},
    {ascii(kOld), kForeign, "notice 2 critical; name ews-1"},
    {ascii("<34>Apr 16 12:00:00 su[77]: failed"), kForeign, "notice 2 critical"},
    {ascii("<34>Apr 16 12:00:00 10.0.0.9 su: failed"), kForeign, "notice 2 critical"},
    {ascii(kCisco), kPort, "notice 5 notice"},
};

TEST_CASE("Syslog: what messages mean", "[syslog]") {
  check_meaning(GENERATE(from_range(kCases)));
}

TEST_CASE("Syslog: a message cut anywhere says nothing that the whole does not", "[syslog]") {
  check_cuts(GENERATE(from_range(kCases)));
}

std::string line(std::string_view text) {
  return std::string{text} + "\n";
}
std::string counted(std::string_view text) {
  return std::to_string(text.size()) + " " + std::string{text};
}

TEST_CASE("Syslog: over TCP, by lines and by counts", "[syslog]") {
  const Dialogue lines{client(line(kNew) + line(kOld))};
  const Dialogue counts{client(counted(kNew) + counted(kOld))};
  for (const auto& dialogue : {lines, counts}) {
    CHECK(meaning(dialogue) ==
          "notice 5 notice; name hist-1; software collector; notice 2 critical; name ews-1");
    CHECK(meaning_bytewise(dialogue) == meaning(dialogue));
    CHECK(cut_that_lies(dialogue) == "");
    CHECK(first_turns_are_understood(dialogue));
  }
}

TEST_CASE("Syslog: priority and date decide", "[syslog]") {
  CHECK(extent_of(ascii(kCisco), kForeign) == Extent::foreign());
  CHECK(extent_of(ascii("<192>1 - a b - - -"), kPort) == Extent::foreign());
  CHECK(extent_of(ascii("<>1 - a b - - -"), kPort) == Extent::foreign());
  CHECK(extent_of(ascii("<01>1 - a b - - -"), kPort) == Extent::foreign());
  CHECK(extent_of(ascii("<1000>"), kPort) == Extent::foreign());
  CHECK(extent_of(ascii("<html>1"), kPort) == Extent::foreign());
  CHECK(extent_of(ascii("<34>Abc  6 12:00:00 a b"), kForeign) == Extent::foreign());
  CHECK(extent_of(ascii("<34>Apr  6 12-00-00 a b"), kForeign) == Extent::foreign());
  CHECK(extent_of(ascii("<34>1 2026-04-06 a b c d"), kForeign) == Extent::foreign());
  const Place tcp{.over = Over::tcp};
  CHECK(extent_of(ascii("<?xml version=\"1.0\"?>"), tcp) == Extent::foreign());
  CHECK(extent_of(ascii("<a>"), tcp) == Extent::foreign());
  CHECK(extent_of(ascii("<3"), tcp) == Extent::incomplete());
  CHECK(extent_of(ascii("29"), tcp) == Extent::incomplete());
  CHECK(extent_of(ascii("29 GET"), tcp) == Extent::foreign());
  CHECK(extent_of(ascii("290000 <3"), tcp) == Extent::foreign());
  CHECK(extent_of(join({ascii("1022"), "00"_hex, ascii("root"), "00"_hex}), tcp) ==
        Extent::foreign());
}

TEST_CASE("Syslog: others are refused", "[syslog]") {
  check_refuses_others(Over::udp);
  check_refuses_others(Over::tcp);
}

TEST_CASE("Syslog: damaged messages are survived", "[syslog]") {
  const auto seed = GENERATE(range(0U, 200U));
  survive_damage(kCases, seed);
  std::mt19937 random{seed};
  survive({client(line(kNew) + counted(kOld))}, random);
}

}  // namespace
}  // namespace sekimori::test
