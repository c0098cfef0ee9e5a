#include "datagram.h"

#include <algorithm>
#include <random>

namespace sekimori::test {
namespace {

using ByteVector = std::vector<std::uint8_t>;

/// One fragment of DCE/RPC: a request for a method, a response, or a fault, of call 7.
ByteVector fragment(std::uint8_t type, std::uint8_t flags, std::uint8_t opnum,
                    const ByteVector& stub) {
  const auto size = static_cast<std::uint8_t>(24 + stub.size());
  return join({{5, 0, type, flags},
               "10000000"_hex,
               {size, 0},
               "0000 07000000 00000000 0000"_hex,
               {opnum, 0},
               stub});
}
ByteVector request(std::uint8_t opnum) {
  return fragment(0, 3, opnum, ByteVector(40, 0));
}
ByteVector response(const ByteVector& stub) {
  return fragment(2, 3, 0, stub);
}
const ByteVector kStatus =
    join({"00000000 00000000 00000200"_hex, ByteVector(24, 0x11), "0100 0000 02000000 ffffffff"_hex,
          "0300 0100 0500 0000 00000400 05000000 00000000 05000000"_hex,
          "4100 6300 6d00 6500 0000"_hex, "0000 00000000"_hex});

constexpr auto kKey = "9223372036854775815";

/// What a request to an interface and its answer mean.
std::string meaning_of(std::uint64_t interface, const ByteVector& asks, const ByteVector& answers) {
  FlowState state{};
  Transcript heard{the_dissector()};
  auto context = context_of({.over = Over::tcp}, state);
  context.seat = interface;
  for (const auto* bytes : {&asks, &answers}) {
    ByteCursor message{*bytes};
    the_dissector().dissect(message, context, heard);
    context.sender = Sender::server;
  }
  return heard.text();
}

struct Case {
  std::uint64_t interface = 0;
  ByteVector asks, answers;
  std::string means;
};
const std::vector<Case> kCases{
    {0, request(6), response(kStatus),
     std::string{"request IOPCServer/6 get-status key "} + kKey + "; executed key " + kKey +
         "; software Acme 3.1.5"},
    {4, request(3), response(ByteVector(16, 0)),
     std::string{"request IOPCSyncIO/3 read key "} + kKey + "; executed key " + kKey},
    {4, request(4), response("00000000 00000000 05000780"_hex),  // E_ACCESSDENIED
     std::string{"request IOPCSyncIO/4 write key "} + kKey + "; rejected for 2147942405 key " +
         kKey},
    {6, request(4), response("00000000 00000000 01000000"_hex),  // S_FALSE: some of them
     std::string{"request IOPCAsyncIO2/4 write key "} + kKey + "; executed key " + kKey},
    {7, request(3), fragment(3, 3, 0, "05000000 00000000"_hex),
     std::string{"request IOPCDataCallback/3 data-change key "} + kKey + "; rejected for 5 key " +
         kKey},
    {99, request(99), {}, std::string{"request IOPCServerList/99 unknown key "} + kKey},
};

TEST_CASE("OPC DA: what a call means", "[opcda]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c.means);
  CHECK(meaning_of(c.interface, c.asks, c.answers) == c.means);
}

TEST_CASE("OPC DA: a call cut anywhere says nothing that the whole does not", "[opcda]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c.means);
  for (std::size_t size = 0; size < c.answers.size(); ++size)
    CHECK(c.means.starts_with(meaning_of(
        c.interface, c.asks, {c.answers.begin(), c.answers.begin() + static_cast<long>(size)})));
  for (std::size_t size = 0; size < c.asks.size(); ++size)
    CHECK(c.means.starts_with(
        meaning_of(c.interface, {c.asks.begin(), c.asks.begin() + static_cast<long>(size)}, {})));
}

TEST_CASE("OPC DA: only what DCE/RPC carries is its own", "[opcda]") {
  CHECK(the_dissector().extent == nullptr);
  CHECK(the_dissector().seats.empty());
}

TEST_CASE("OPC DA: fragments count once, and damage is survived", "[opcda]") {
  CHECK(meaning_of(4, fragment(0, 2, 4, {}), fragment(2, 1, 0, ByteVector(8, 1))) == "");
  std::mt19937 random{GENERATE(range(0U, 200U))};
  for (auto c : kCases) {
    for (auto* bytes : {&c.asks, &c.answers})
      for (int i = 0; i < 4 && !bytes->empty(); ++i)
        (*bytes)[random() % bytes->size()] = static_cast<std::uint8_t>(random());
    meaning_of(c.interface, c.asks, c.answers);
  }
}

}  // namespace
}  // namespace sekimori::test
