#include "der.h"
#include "transcript.h"

#include <catch2/catch.hpp>

#include <random>

namespace sekimori::test {
namespace {

ByteVector text(std::string_view words) {
  return sized(ascii(words), 4);
}
const ByteVector kAnnouncement = join({"3ed101 / 1d6f3454 / 00000000 / 02 01"_hex,
                                       text("EWS-01"),
                                       text("op"),
                                       "00000000"_hex,
                                       text("main"),
                                       {0},
                                       text("x"),
                                       "02 c351"_hex});

std::string meaning(const ByteVector& bytes) {
  FlowState state{};
  Transcript heard{the_dissector()};
  ByteCursor message{bytes};
  the_dissector().dissect(message, Context{.over = Over::udp, .state = &state}, heard);
  return heard.text();
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::udp, .state = &state});
}

TEST_CASE("AnyDesk: who announces itself", "[anydesk]") {
  CHECK(extent_of(kAnnouncement) == Extent::of(kAnnouncement.size()));
  CHECK(meaning(kAnnouncement) ==
        "notice 1 announce; name EWS-01; software AnyDesk; identifier AnyDesk 493827156");
}

TEST_CASE("AnyDesk: a cut announcement says what it still can, or nothing", "[anydesk]") {
  const auto whole = meaning(kAnnouncement);
  for (std::size_t size = 0; size < kAnnouncement.size(); ++size) {
    CAPTURE(size);
    const ByteVector cut(kAnnouncement.begin(),
                         kAnnouncement.begin() + static_cast<std::ptrdiff_t>(size));
    const auto said = meaning(cut);
    CHECK((said.empty() || said == whole));
  }
}

TEST_CASE("AnyDesk: the bytes decide, not the port", "[anydesk]") {
  CHECK(extent_of({}) == Extent::foreign());
  CHECK(extent_of("3ed1"_hex) == Extent::foreign());
  CHECK(extent_of(join({"3ed102 / 1d6f3454 / 00000000 / 02 01"_hex, text("a"), text("")})) ==
        Extent::foreign());
  CHECK(extent_of(join({"3ed101 / 1d6f3454 / 00000001 / 02 01"_hex, text("a"), text("")})) ==
        Extent::foreign());
  CHECK(extent_of(join({"3ed101 / 1d6f3454 / 00000000 / 02 01"_hex, text(""), text("")})) ==
        Extent::foreign());
  CHECK(extent_of("3ed101 1d6f3454 00000000 02 01 ffffffff 61"_hex) == Extent::foreign());
  CHECK(extent_of(join({"3ed101 / 1d6f3454 / 00000000 / 02 01"_hex, text("\x01"), text("")})) ==
        Extent::foreign());
}

TEST_CASE("AnyDesk: damaged announcements are survived", "[anydesk]") {
  const auto seed = GENERATE(range(0U, 200U));
  std::mt19937 random{seed};
  auto damaged = kAnnouncement;
  for (int i = 0; i < 4; ++i)
    damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
  CHECK_NOTHROW(meaning(damaged));
}

}  // namespace
}  // namespace sekimori::test
