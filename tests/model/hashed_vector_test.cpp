#include "sekimori/model/hashed_vector.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace sekimori {
namespace {

struct Thing {
  std::uint64_t name = 0;
  std::uint64_t heard = 0;
  std::int64_t last = 0;
  bool stays = false;
  std::string more = {};

  [[nodiscard]] std::size_t heap() const { return more.size(); }
  [[nodiscard]] Worth worth() const { return {.must_stay = stays, .heard = heard, .last = last}; }
};

using Things = HashedVector<Thing>;

std::uint32_t add(Things& things, const Thing& thing) {
  return things.find_or_add(
      thing.name, [&](const Thing& known) { return known.name == thing.name; },
      [&] { return thing; });
}

bool knows(const Things& things, std::uint64_t name) {
  return things.find(name, [&](const Thing& known) { return known.name == name; }) != Things::kNone;
}

/// Room for so many things, by trying.
std::size_t bytes_of_each() {
  Things one{std::size_t{1} << 20U};
  add(one, {.name = 1});
  return one.bytes();
}

TEST_CASE("HashedVector: the least heard goes, and of those the longest silent", "[model]") {
  const auto room = 3 * bytes_of_each();
  Things things{room};
  add(things, {.name = 1, .heard = 5, .last = 1});
  add(things, {.name = 2, .heard = 1, .last = 9});
  add(things, {.name = 3, .heard = 1, .last = 8});
  CHECK(things.reached() == 0);

  add(things, {.name = 4, .heard = 7});
  CHECK(things.reached() == 1);
  CHECK_FALSE(knows(things, 3));
  CHECK((knows(things, 1) && knows(things, 2) && knows(things, 4)));

  add(things, {.name = 5, .heard = 7});
  CHECK_FALSE(knows(things, 2));
  CHECK(things.bytes() <= room);
}

TEST_CASE("HashedVector: what must stay stays, and the newcomer is refused", "[model]") {
  Things things{2 * bytes_of_each()};
  add(things, {.name = 1, .stays = true});
  add(things, {.name = 2, .stays = true});
  CHECK(add(things, {.name = 3}) == Things::kNone);
  CHECK(things.reached() == 1);
  CHECK((knows(things, 1) && knows(things, 2)));
  CHECK(add(things, {.name = 1}) != Things::kNone);  // known already: no room is needed
}

TEST_CASE("HashedVector: bytes kept elsewhere count", "[model]") {
  const auto each = bytes_of_each();
  Things things{4 * each};
  for (std::uint64_t name = 1; name <= 4; ++name) add(things, {.name = name});
  add(things, {.name = 9, .more = std::string(2 * each, 'x')});
  CHECK(knows(things, 9));
  CHECK(things.reached() == 3);
  CHECK(things.bytes() <= 4 * each);
  CHECK(add(things, {.name = 10, .more = std::string(8 * each, 'x')}) == Things::kNone);
}

TEST_CASE("HashedVector: after many have come and gone, it knows exactly those that it lists",
          "[model]") {
  Things things{100 * bytes_of_each()};
  std::map<std::uint64_t, int> gone;
  constexpr std::uint64_t kMany = 5000;
  for (std::uint64_t name = 0; name < kMany; ++name) {
    const Thing thing{.name = name * 64, .last = static_cast<std::int64_t>(name)};  // slots collide
    things.find_or_add(
        thing.name, [&](const Thing& known) { return known.name == thing.name; },
        [&] { return thing; }, [&](const Thing& lost) { ++gone[lost.name]; });
  }
  CHECK(things.reached() == gone.size());
  std::map<std::uint64_t, std::uint32_t> there;
  for (std::uint64_t i = 0; i < kMany; ++i) {
    const auto name = i * 64;
    const auto place = things.find(name, [&](const Thing& known) { return known.name == name; });
    CHECK((place == Things::kNone) == gone.contains(name));
    if (place != Things::kNone) there[name] = place;
  }
  CHECK(there.size() == 100);
  CHECK(gone.size() == kMany - there.size());
  std::map<std::uint64_t, std::uint32_t> handed;
  things.drain([&](std::size_t place, Thing& thing) {
    handed[thing.name] = static_cast<std::uint32_t>(place);
  });
  CHECK(handed == there);
  CHECK(things.bytes() == 0);
  CHECK(things.places() == 0);
  CHECK(add(things, {.name = 7}) != Things::kNone);  // it can be filled anew
  CHECK(knows(things, 7));
}

}  // namespace
}  // namespace sekimori
