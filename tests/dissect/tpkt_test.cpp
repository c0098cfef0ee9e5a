#include "sekimori/dissect/tpkt.h"

#include "hex.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace sekimori::test {
namespace {

// An S7 client's request: rack 0, slot 2.
const auto kRequest = "0300 0016 / 11 e0 0000 0009 00 / c0 01 0a / c1 02 0100 / c2 02 0102"_hex;
const auto kData = "0300 0009 / 02 f0 80 / 3201"_hex;

Cotp read(const std::vector<std::uint8_t>& bytes, bool* ok = nullptr) {
  ByteCursor message{bytes};
  const auto cotp = read_cotp(message);
  if (ok != nullptr) *ok = message.ok();
  return cotp;
}

TEST_CASE("TPKT: a length is believed when a COTP header fits into it", "[tpkt]") {
  CHECK(tpkt_extent(ByteCursor{kRequest}) == Extent::of(22));
  CHECK(tpkt_extent(ByteCursor{"03"_hex}) == Extent::incomplete());
  CHECK(tpkt_extent(ByteCursor{"0300 00"_hex}) == Extent::incomplete());
  CHECK(tpkt_extent(ByteCursor{"0200"_hex}) == Extent::foreign());
  CHECK(tpkt_extent(ByteCursor{"0301"_hex}) == Extent::foreign());
  CHECK(tpkt_extent(ByteCursor{"0300 0006 01"_hex}) == Extent::foreign());
  CHECK(tpkt_extent(ByteCursor{"0300 0009 05"_hex}) == Extent::foreign());
  CHECK(tpkt_extent(ByteCursor{"0300 0009 01"_hex}) == Extent::foreign());
}

TEST_CASE("COTP: what a connection names, and what data carries", "[tpkt]") {
  const auto request = read(kRequest);
  CHECK(request.type == Cotp::Type::connect_request);
  CHECK(request.source == 9);
  CHECK(std::ranges::equal(request.calling, "0100"_hex));
  CHECK(std::ranges::equal(request.called, "0102"_hex));
  CHECK(request.payload.empty());

  const auto data = read(kData);
  CHECK(data.type == Cotp::Type::data);
  CHECK(data.last);
  CHECK(std::ranges::equal(data.payload, "3201"_hex));
  CHECK_FALSE(read("0300 0008 / 02 f0 00 / 32"_hex).last);
}

TEST_CASE("COTP: how a connection ends", "[tpkt]") {
  const auto request = read("0300 000b / 06 80 0009 0001 02"_hex);
  CHECK(request.type == Cotp::Type::disconnect_request);
  CHECK(request.reason == 2);
  const auto confirm = read("0300 000a / 05 c0 0009 0001"_hex);
  CHECK(confirm.type == Cotp::Type::disconnect_confirm);
  CHECK(confirm.source == 1);
  CHECK(read("0300 0009 / 02 10 80 / 3201"_hex).type == Cotp::Type::other);
}

TEST_CASE("COTP: a cut header says nothing", "[tpkt]") {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    CAPTURE(size);
    bool ok = true;
    const std::vector<std::uint8_t> cut(kRequest.begin(),
                                        kRequest.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(read(cut, &ok).type == Cotp::Type::other);
    CHECK_FALSE(ok);
  }
}

TEST_CASE("COTP: parameters that do not parse leave their bytes and no TSAP", "[tpkt]") {
  const auto cotp = read("0300 0010 / 0b e0 0000 0009 00 / c1 02 0100 c2"_hex);
  CHECK(cotp.type == Cotp::Type::connect_request);
  CHECK(cotp.calling.empty());
  CHECK(cotp.variable.size() == 5);
}

}  // namespace
}  // namespace sekimori::test
