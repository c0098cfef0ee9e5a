#include "sekimori/dissect/ber.h"

#include "hex.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

using State = BerReader::State;

static_assert(ber::context(0) == 0x80);
static_assert(ber::context(2, ber::Form::constructed) == 0xa2);
static_assert(ber::application(3) == 0x63);
static_assert(ber::application(0, ber::Form::primitive) == 0x40);
static_assert(ber::context(31) == (0x9f | 31U << 8U));
static_assert(ber::context(40, ber::Form::constructed) == (0xbf | 40U << 8U));

TEST_CASE("BER: elements come in order, and nested ones inside their wall", "[ber]") {
  const auto bytes = "30 08 02 01 05 04 03 616263 05 00"_hex;
  BerReader reader{bytes};
  CHECK(reader.peek() == ber::kSequence);
  auto inside = reader.enter(ber::kSequence);
  CHECK(inside.integer() == 5);
  CHECK(view_of(inside.take(ber::kOctetString)) == "abc");
  CHECK(inside.empty());
  CHECK(inside.ok());
  CHECK(inside.peek() == 0);
  CHECK(reader.next().is(ber::kNull));
  CHECK(reader.empty());
  CHECK(reader.offset() == bytes.size());
}

TEST_CASE("BER: long lengths and long tags", "[ber]") {
  auto bytes = "9f 28 82 0104"_hex;
  bytes.resize(bytes.size() + 260, 0x11);
  BerReader reader{bytes};
  const auto element = reader.next();
  CHECK(element.tag == ber::context(40));
  CHECK(element.length == 260);
  CHECK(element.header == 5);
  CHECK(element.is_whole());
  CHECK(reader.empty());

  const auto two = "bf 81 00 01 00"_hex;  // number 128
  BerReader high{two};
  CHECK(high.next().tag == ber::context(128, ber::Form::constructed));
}

TEST_CASE("BER: what is not definite, or too large, is broken", "[ber]") {
  for (const auto* text :
       {"30 80 00 00", "04 85 00 00 00 00 01 41", "1f ffffffffff7f 00", "1f 8f808080 00 00"}) {
    CAPTURE(text);
    const auto bytes = hex(text);
    BerReader reader{bytes};
    const auto element = reader.next();
    CHECK(reader.state() == State::broken);
    CHECK(element.tag == 0);
    CHECK(element.content.empty());
    CHECK(reader.next().tag == 0);
    CHECK(reader.integer() == 0);
  }
}

TEST_CASE("BER: every cut is told as a cut and never read past", "[ber]") {
  const auto bytes = "30 0b 02 02 0105 04 03 616263 05 00"_hex;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    BerReader reader{Bytes{bytes}.first(size)};
    auto inside = reader.enter(ber::kSequence);
    CHECK(reader.state() == State::cut);
    const auto number = inside.integer();
    if (size >= 6)
      CHECK(number == 0x105);
    else
      CHECK(number == 0);
    const auto text = inside.take(ber::kOctetString);
    CHECK(view_of(text) == (size >= 11 ? "abc" : ""));
  }
}

TEST_CASE("BER: a tag that was not wanted fails the reader", "[ber]") {
  const auto bytes = "02 01 05 02 01 06"_hex;
  BerReader reader{bytes};
  CHECK(reader.take(ber::kOctetString).empty());
  CHECK(reader.state() == State::other);
  CHECK(reader.integer() == 0);
  CHECK_FALSE(reader.enter(ber::kInteger).ok());
}

TEST_CASE("BER: numbers", "[ber]") {
  CHECK(ber_integer("00"_hex) == 0);
  CHECK(ber_integer("ff"_hex) == -1);
  CHECK(ber_integer("00 ff"_hex) == 255);
  CHECK(ber_integer("80 00000000000000"_hex) == INT64_MIN);
  CHECK(ber_integer("7f ffffffffffffff"_hex) == INT64_MAX);
  CHECK(ber_integer({}) == std::nullopt);
  CHECK(ber_integer("00 0000000000000001"_hex) == std::nullopt);
  CHECK(ber_counter("00 ffffffffffffffff"_hex) == UINT64_MAX);
  CHECK(ber_counter("ff"_hex) == 255);
  CHECK(ber_counter("01 0000000000000000"_hex) == std::nullopt);
  CHECK(ber_counter({}) == std::nullopt);
}

TEST_CASE("BER: object identifiers", "[ber]") {
  const auto text = [](const std::vector<std::uint8_t>& content) {
    const auto oid = Oid::of(content);
    return oid ? std::string{oid->text().view()} : "none";
  };
  CHECK(text("2b 06 01 02 01"_hex) == "1.3.6.1.2.1");
  CHECK(text("2b 06 01 04 01 c3 73"_hex) == "1.3.6.1.4.1.8691");
  CHECK(text("00"_hex) == "0.0");
  CHECK(text("88 37"_hex) == "2.999");
  CHECK(text("2b 8f ff ff ff 7f"_hex) == "1.3.4294967295");
  CHECK(text("2b 90 80 80 80 00"_hex) == "none");
  CHECK(text("2b 86"_hex) == "none");
  CHECK(text({}) == "none");
  CHECK(text(std::vector<std::uint8_t>(31, 1)).size() == 2 * 32 - 1);
  CHECK(text(std::vector<std::uint8_t>(32, 1)) == "none");
  constexpr auto kPrefix = std::to_array<std::uint32_t>({1, 3, 6});
  CHECK(Oid::of("2b 06 01"_hex)->starts_with(kPrefix));
  CHECK_FALSE(Oid::of("2b"_hex)->starts_with(kPrefix));
  CHECK(Oid::of("2b 06 01 02"_hex)->text(3).view() == "1.3.6");
}

}  // namespace
}  // namespace sekimori::test
