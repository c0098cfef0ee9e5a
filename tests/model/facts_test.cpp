#include "sekimori/model/facts.h"

#include "random_facts.h"

#include <catch2/catch.hpp>

namespace sekimori::test {
namespace {

Facts joined(Facts one, const Facts& other) {
  one.join(other);
  return one;
}

Facts sorted(Facts facts) {
  facts.sort_captures();
  return facts;
}

TEST_CASE("Facts: joining is commutative", "[model]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  RandomFacts random{seed};
  const auto a = random();
  const auto b = random();
  CHECK(sorted(joined(a, b)) == sorted(joined(b, a)));
}

TEST_CASE("Facts: joining is associative", "[model]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  RandomFacts random{seed};
  const auto a = random();
  const auto b = random();
  const auto c = random();
  CHECK(sorted(joined(joined(a, b), c)) == sorted(joined(a, joined(b, c))));
  // Sorting on the way, as a file does, changes nothing.
  CHECK(sorted(joined(sorted(joined(a, b)), c)) == sorted(joined(a, sorted(joined(b, c)))));
}

TEST_CASE("Facts: joining with nothing changes nothing", "[model]") {
  const auto seed = GENERATE(range(0U, 50U));
  CAPTURE(seed);
  const auto a = RandomFacts{seed}();
  CHECK(joined(a, {}) == a);
  CHECK(sorted(joined({}, a)) == sorted(a));
}

TEST_CASE("Facts: of two equal times the capture's hash decides, not its place", "[model]") {
  const auto in = [](const char* sha256, std::int64_t first_seen) {
    Facts facts;
    facts.captures.emplace_back();
    facts.captures[0].sha256 = sha256;
    facts.captures[0].packets = 1;
    facts.captures[0].first_seen = first_seen;
    facts.bindings[{}].seen = {{7, 0, 1}, {7, 0, 1}};
    return facts;
  };
  // `bb` began earlier, so it is the first capture, but the tie goes to `aa`.
  const auto facts = sorted(joined(in("bb", 1), in("aa", 2)));
  REQUIRE(facts.captures[0].sha256 == "bb");
  CHECK(facts.bindings.at({}).seen.first.capture == 1);
  CHECK(facts.bindings.at({}).seen.last.capture == 0);
}

TEST_CASE("Facts: a conversation is as strong as what both sides said", "[model]") {
  ConversationFact fact;
  fact.client_bytes = 9;
  CHECK(fact.strength() == "S1");
  fact.server_bytes = 9;
  CHECK(fact.strength() == "S2");
  fact.requests_seen = 1;
  CHECK(fact.strength() == "S2");
  fact.replies_seen = 1;
  CHECK(fact.strength() == "S3");

  ConversationFact handshake;
  handshake.attempted = 1;
  CHECK(handshake.strength() == "S1");
  handshake.established = 1;
  CHECK(handshake.strength() == "S2");
}

TEST_CASE("Facts: a capture of which a shard saw nothing keeps its times", "[model]") {
  Facts some;
  some.captures.emplace_back();
  some.captures[0].sha256 = "aa";
  some.captures[0].packets = 3;
  some.captures[0].first_seen = 10;
  some.captures[0].last_seen = 20;
  auto none = some;
  none.captures[0].packets = 0;
  none.captures[0].first_seen = none.captures[0].last_seen = 0;
  CHECK(joined(some, none) == some);
  CHECK(joined(none, some) == some);
}

}  // namespace
}  // namespace sekimori::test
