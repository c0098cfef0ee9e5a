// What the zones of a finding are called in Japanese.

#include "sekimori/assess/zone_words.h"

#include "plant.h"

#include <catch2/catch.hpp>

namespace sekimori::test {
namespace {

TEST_CASE("Zone words: one zone or several are told in each language", "[assess]") {
  Plant plant;
  plant.run("UPDATE zone SET name = 'Control room', name_ja = '制御室' WHERE zone = 1");
  plant.run("UPDATE zone SET name = 'Office', name_ja = '事務所' WHERE zone = 2");
  const ZoneWords words{plant.database()};
  const auto ja = [&](const char* column, const char* value) {
    const auto said = words.say(column, value);
    CHECK(said.en == value);
    return said.ja;
  };
  CHECK(ja("from_zone", "Office") == "事務所");
  CHECK(ja("server_zone_name", "Control room") == "制御室");
  CHECK(ja("zones", "Office,Control room") == "事務所,制御室");
  CHECK(ja("at_zone", "external > Control room") == "external > 制御室");
  CHECK(ja("host", "Office") == "Office");
}

}  // namespace
}  // namespace sekimori::test
