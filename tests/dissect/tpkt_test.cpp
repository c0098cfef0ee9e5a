#include "sekimori/dissect/tpkt.h"

#include "hex.h"
#include "transcript.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
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

TEST_CASE("TPKT: one is taken off a message, and a cut one fails it", "[tpkt]") {
  const auto two = "0300 0008 / 02 f0 00 / 32  0300 0009 / 02 f0 80 / 0102"_hex;
  ByteCursor message{two};
  CHECK(take_tpkt(message).remaining() == 8);
  CHECK(take_tpkt(message).remaining() == 9);
  CHECK(message.ok());
  CHECK(message.empty());
  for (std::size_t size = 1; size < 8; ++size) {
    CAPTURE(size);
    ByteCursor cut{Bytes{two}.first(size)};
    CHECK(take_tpkt(cut).remaining() == size);
    CHECK_FALSE(cut.ok());
  }
}

TEST_CASE("TSDU: how a stream begins, over the TPDUs that carry it", "[tpkt]") {
  const auto front = [](const std::vector<std::uint8_t>& bytes) {
    return tsdu_front(ByteCursor{bytes});
  };
  CHECK(front(kRequest).extent == Extent::of(22));
  CHECK(front(kRequest).type == Cotp::Type::connect_request);

  const auto one = front(kData);
  CHECK(one.extent == Extent::of(9));
  CHECK(one.type == Cotp::Type::data);
  CHECK(one.length == 2);
  CHECK(std::ranges::equal(one.payload, "3201"_hex));

  // An empty TPDU, then the TSDU in two.
  const auto pieces =
      "0300 0007 / 02 f0 00  0300 0008 / 02 f0 00 / 32  0300 0009 / 02 f0 80 / 0102"_hex;
  const auto three = front(pieces);
  CHECK(three.extent == Extent::of(24));
  CHECK(three.length == 3);
  CHECK(std::ranges::equal(three.payload, "32"_hex));
  for (std::size_t size = 0; size < pieces.size(); ++size) {
    CAPTURE(size);
    const auto cut = front({pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(size)});
    CHECK((cut.extent.is_incomplete() || cut.extent == three.extent));
  }

  CHECK(front("0300 0007 / 02 f0 00  0301"_hex).extent.is_foreign());
  CHECK(front("0300 0007 / 02 f0 00  0300 000b / 06 80 0009 0001 02"_hex).extent.is_foreign());
  std::vector<std::uint8_t> endless;
  for (int i = 0; i < 100; ++i) endless.insert(endless.end(), pieces.begin(), pieces.begin() + 7);
  CHECK(front(endless).extent.is_foreign());
}

/// Gathers the TPDUs of messages, each as long as it is given.
class Gathering {
 public:
  /// The TSDU that the message ends, as text; `-` for none.
  std::string hear(const std::vector<std::uint8_t>& bytes, Sender sender = Sender::client) {
    ByteCursor message{bytes};
    auto tpkt = take_tpkt(message);
    const bool whole = message.ok();
    const auto cotp = read_cotp(tpkt);
    auto& heard = sender == Sender::client ? client_ : server_;  // buffers belong to a direction
    const auto tsdu = gather_tsdu(cotp, whole, sender, word, heard);
    return tsdu ? std::string{view_of(*tsdu)} : "-";
  }

  std::uint64_t word = 0;

 private:
  static constexpr Dissector kNone{};
  Transcript client_{kNone};
  Transcript server_{kNone};
};

std::vector<std::uint8_t> data(const std::string& text, bool last) {
  auto bytes = "0300 0000 / 02 f0 00"_hex;
  bytes[2] = static_cast<std::uint8_t>((text.size() + 7) >> 8U);
  bytes[3] = static_cast<std::uint8_t>(text.size() + 7);
  bytes[6] = last ? 0x80 : 0;
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

TEST_CASE("TSDU: the parts of one are put together", "[tpkt]") {
  Gathering flow;
  CHECK(flow.hear(data("whole", true)) == "whole");
  CHECK(flow.hear(data("a", false)) == "-");
  CHECK(flow.hear(data("", false)) == "-");
  CHECK(flow.hear(data("b", false)) == "-");
  CHECK(flow.hear(data("c", true)) == "abc");
  CHECK(flow.hear(data("", false)) == "-");  // as STEP 7 acknowledges
  CHECK(flow.hear(data("next", true)) == "next");
  CHECK(flow.word == 0);
}

TEST_CASE("TSDU: one that lacks a part is not told, and the next one is", "[tpkt]") {
  Gathering flow;
  auto cut = data("lost", false);
  cut.pop_back();
  CHECK(flow.hear(data("a", false)) == "-");
  CHECK(flow.hear(cut) == "-");
  CHECK(flow.hear(data("b", false)) == "-");
  CHECK(flow.hear(data("c", true)) == "-");
  CHECK(flow.hear(data("next", true)) == "next");

  // Of the last part the front is as good as of a TSDU in one part.
  auto end = data("end", true);
  end.pop_back();
  CHECK(flow.hear(end) == "en");
  CHECK(flow.hear(data("a", false)) == "-");
  CHECK(flow.hear(end) == "aen");
  CHECK(flow.hear(data("next", true)) == "next");
}

TEST_CASE("TSDU: a new connection forgets what was begun", "[tpkt]") {
  Gathering flow;
  CHECK(flow.hear(data("a", false)) == "-");
  CHECK(flow.hear(kRequest) == "-");
  CHECK(flow.hear(data("b", true)) == "b");
}

TEST_CASE("TSDU: the two directions are apart, and so are other bits of the word", "[tpkt]") {
  Gathering flow;
  flow.word = ~kTsduBits;
  CHECK(flow.hear(data("a", false), Sender::client) == "-");
  CHECK(flow.hear(data("whole", true), Sender::server) == "whole");
  auto cut = data("lost", false);
  cut.pop_back();
  CHECK(flow.hear(cut, Sender::server) == "-");
  CHECK(flow.hear(data("b", true), Sender::server) == "-");
  CHECK(flow.hear(data("", true), Sender::client) == "a");
  CHECK(flow.word == ~kTsduBits);
}

TEST_CASE("TSDU: more than fits is given up up to its end", "[tpkt]") {
  Gathering flow;
  const std::string much(60'000, 'x');
  CHECK(flow.hear(data(much, false)) == "-");
  CHECK(flow.hear(data(much, false)) == "-");
  CHECK(flow.hear(data("still lost", true)) == "-");
  CHECK(flow.hear(data("next", true)) == "next");
  CHECK(flow.hear(data(much, false)) == "-");
  CHECK(flow.hear(data(much, true)) == "-");
  CHECK(flow.hear(data("next", true)) == "next");
}

}  // namespace
}  // namespace sekimori::test
