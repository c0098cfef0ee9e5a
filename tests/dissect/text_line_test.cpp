#include "sekimori/dissect/text_line.h"

#include "sekimori/bytes/text.h"

#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace sekimori::test {
namespace {

TEST_CASE("Lines: a line or a block is there, not yet, or never", "[text_line]") {
  CHECK(line_extent(bytes_of("a\r\nb"), 10) == Extent::of(3));
  CHECK(line_extent(bytes_of("abc"), 10) == Extent::incomplete());
  CHECK(line_extent(bytes_of("abcdefghijk\n"), 10) == Extent::foreign());
  CHECK(block_extent(bytes_of("a\r\nb\r\n\r\nc"), 20) == Extent::of(8));
  CHECK(block_extent(bytes_of("a\nb\n\nc"), 20) == Extent::of(5));
  CHECK(block_extent(bytes_of("a\r\n\r"), 20) == Extent::incomplete());
  CHECK(block_extent(bytes_of("a\r\nb\r\nc\r\n"), 8) == Extent::foreign());
}

TEST_CASE("Lines: half a line is none", "[text_line]") {
  ByteCursor cursor{bytes_of("ab\r\n\ncd")};
  CHECK(take_line(cursor) == "ab");
  CHECK(take_line(cursor).empty());
  CHECK(cursor.ok());
  CHECK(take_line(cursor).empty());
  CHECK_FALSE(cursor.ok());
}

TEST_CASE("Words: letters are compared without regard to case", "[text_line]") {
  CHECK(same_word("HoSt", "host"));
  CHECK_FALSE(same_word("host", "hosts"));
  CHECK(begins_with("Basic abc", "basic "));
  CHECK_FALSE(begins_with("Bas", "basic"));
  CHECK(find_word("my PassWord:", "password") == 3);
  CHECK(find_word("pass", "password") == std::string_view::npos);
  CHECK(find_word("", "") == 0);
  CHECK(contains("x", ""));
  CHECK(field_of("A : b c ").name == "A");
  CHECK(field_of("A : b c ").value == "b c");
  CHECK(field_of("no colon").name.empty());
}

TEST_CASE("Numbers: all of the text, or nothing", "[text_line]") {
  CHECK(decimal_of("17") == 17U);
  CHECK_FALSE(decimal_of("").has_value());
  CHECK_FALSE(decimal_of("1x").has_value());
  CHECK_FALSE(decimal_of("-1").has_value());
  CHECK_FALSE(decimal_of("18446744073709551616").has_value());
  CHECK(hex_of("fF") == 255U);
}

TEST_CASE("Decoding: what is well-formed, as far as there is room", "[text_line]") {
  std::array<std::uint8_t, 8> room{};
  // RFC 4648, 10.
  CHECK(view_of(decode_base64("Zm9vYmFy", room)) == "foobar");
  CHECK(view_of(decode_base64("Zm9vYg==", room)) == "foob");
  CHECK(view_of(decode_base64("Zm9v!mFy", room)) == "foo");
  CHECK(decode_base64("Zm9vYmFyZm9vYmFy", room).size() == 8);
  CHECK(view_of(decode_percent("a%41+%2", room)) == "aA %2");
  CHECK(decode_percent("123456789", room).size() == 8);
}

}  // namespace
}  // namespace sekimori::test
