#include "sekimori/dissect/reply_lines.h"

#include "hex.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

constexpr std::size_t kMost = 200;

TEST_CASE("Reply lines: a reply ends with the line that has no dash", "[reply]") {
  CHECK(reply_extent(ascii("250 a\r\n"), kMost) == Extent::of(7));
  CHECK(reply_extent(ascii("250-a\r\n250 b\r\nmore"), kMost) == Extent::of(14));
  CHECK(reply_extent(ascii("250-a\r\n"), kMost) == Extent::incomplete());
  CHECK(reply_extent(ascii("25"), kMost) == Extent::incomplete());
  CHECK(reply_extent(ascii("25x"), kMost) == Extent::foreign());
  CHECK(reply_extent(ascii("950 a\r\n"), kMost) == Extent::foreign());
  CHECK(reply_extent(ascii("250 " + std::string(300, 'a')), kMost) == Extent::foreign());

  const auto bytes = ascii("250-first\r\n that\r\n250 last\r\n");
  ByteCursor whole{bytes};
  const auto reply = take_reply(whole);
  REQUIRE(reply.has_value());
  CHECK(reply->code == 250);
  CHECK(reply->first == "first");
  CHECK(reply->last == "last");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteCursor cut{Bytes{bytes}.first(size)};
    CHECK_FALSE(take_reply(cut).has_value());
  }
}

TEST_CASE("Reply lines: a dot alone ends what it ends, however it is cut", "[reply]") {
  CHECK(dotted_extent(ascii(".\r\n"), true) == Extent::of(3));
  CHECK(dotted_extent(ascii(".\r"), true) == Extent::incomplete());
  CHECK(dotted_extent(ascii(".\r\n"), false) == Extent::incomplete());
  CHECK(dotted_extent(ascii("a\r\n.\r\nb"), true) == Extent::of(6));
  CHECK(dotted_extent(ascii("abcdef"), true) == Extent::of(2));
  CHECK(ends_dotted(ascii("a\r\n.\r\n"), true));
  CHECK_FALSE(ends_dotted(ascii(".\r\n"), false));

  // The sum of the pieces is the whole, wherever the stream is cut.
  const auto content = ascii("..\r\nx\r\n.\r\n");
  for (std::size_t cut = 1; cut < content.size(); ++cut) {
    CAPTURE(cut);
    std::size_t used = 0;
    bool fresh = true;
    bool done = false;
    for (const auto size : {cut, content.size()}) {
      while (used < size && !done) {
        const auto rest = Bytes{content}.first(size).subspan(used);
        const auto piece = dotted_extent(rest, fresh);
        if (!piece.is_message()) break;
        done = ends_dotted(rest.first(piece.size()), fresh);
        used += piece.size();
        fresh = false;
      }
    }
    CHECK(done);
    CHECK(used == content.size());
  }
}

}  // namespace
}  // namespace sekimori::test
