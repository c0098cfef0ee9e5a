#include "sekimori/dissect/dissector.h"

#include "hex.h"
#include "modbus_cases.h"
#include "transcript.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

struct Flow {
  explicit Flow(bool on_seat, Over over = Over::tcp) {
    context.over = over;
    context.on_seat = on_seat;
    context.state = &state;
  }

  FlowState state{};
  Context context;
};

Extent extent_of(const Message& message, bool on_seat = false) {
  const Flow flow{on_seat};
  return the_dissector().extent(ByteCursor{message}, flow.context);
}

/// What is heard of a message; the cursor tells whether it was all there.
bool hear(const Message& message, Sender sender, Transcript& heard) {
  Flow flow{false};
  flow.context.sender = sender;
  ByteCursor cursor{message};
  the_dissector().dissect(cursor, flow.context, heard);
  return cursor.ok();
}

Message prefix(const Message& message, std::size_t size) {
  return {message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST_CASE("Modbus: what a message means", "[modbus]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Transcript heard{the_dissector()};
  if (!c.before.empty()) {
    REQUIRE(hear(c.before, other(c.sender), heard));
    heard.forget();
  }
  CHECK(hear(c.message, c.sender, heard));
  CHECK(heard.text() == c.means);
}

TEST_CASE("Modbus: a message cut anywhere says nothing that the whole does not", "[modbus]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  for (std::size_t size = 0; size < c.message.size(); ++size) {
    CAPTURE(size);
    Transcript heard{the_dissector()};
    if (!c.before.empty()) {
      hear(c.before, other(c.sender), heard);
      heard.forget();
    }
    CHECK_FALSE(hear(prefix(c.message, size), c.sender, heard));
    const auto said = heard.text();
    CHECK((said.empty() || said == c.means || c.means.rfind(said + "; ", 0) == 0));
  }
}

TEST_CASE("Modbus: an answer of which the capture kept the front is an answer", "[modbus]") {
  Transcript heard{the_dissector()};
  CHECK(hear("0001 0000 0006 / 00 / 03 0000 007d"_hex, kClient, heard));
  heard.forget();
  CHECK_FALSE(hear("0001 0000 00fd / 00 / 03 fa 0000"_hex, kServer, heard));
  CHECK(heard.text() == "executed key 1");
  heard.forget();
  CHECK_FALSE(hear("0002 0000 0003 / 00 / 83"_hex, kServer, heard));  // its reason is not there
  CHECK(heard.text().empty());
}

TEST_CASE("Modbus: a message off the seat is taken when its layout fits", "[modbus]") {
  const auto& c = GENERATE(from_range(well_formed));
  CAPTURE(c);
  CHECK(extent_of(c.message) == Extent::of(c.message.size()));
  CHECK(extent_of(c.message, true) == Extent::of(c.message.size()));

  auto two = c.message;
  two.insert(two.end(), requests[0].message.begin(), requests[0].message.end());
  CHECK(extent_of(two) == Extent::of(c.message.size()));

  for (std::size_t size = 0; size < c.message.size(); ++size) {
    CAPTURE(size);
    const auto cut = extent_of(prefix(c.message, size));
    CHECK((cut.is_incomplete() || cut == Extent::of(c.message.size())));
  }
}

TEST_CASE("Modbus: a function without a layout is taken on the seat alone", "[modbus]") {
  const auto& c = GENERATE(from_range(opaque));
  CAPTURE(c);
  CHECK(extent_of(c.message).is_foreign());
  CHECK(extent_of(c.message, true) == Extent::of(c.message.size()));
}

TEST_CASE("Modbus: a datagram off the seat is one message", "[modbus]") {
  const auto& c = GENERATE(from_range(well_formed));
  CAPTURE(c);
  const Flow elsewhere{false, Over::udp};
  const Flow seated{true, Over::udp};
  const auto extent = the_dissector().extent;
  CHECK(extent(ByteCursor{c.message}, elsewhere.context) == Extent::of(c.message.size()));

  auto padded = c.message;
  padded.push_back(0);
  CHECK(extent(ByteCursor{padded}, elsewhere.context).is_foreign());
  CHECK(extent(ByteCursor{padded}, seated.context) == Extent::of(c.message.size()));
}

TEST_CASE("Modbus: a malformed message is foreign until the flow is known", "[modbus]") {
  const auto& c = GENERATE(from_range(malformed));
  CAPTURE(c);
  CHECK(extent_of(c.message).is_foreign());
  Flow flow{false};
  flow.state[0] = 1;
  CHECK(the_dissector().extent(ByteCursor{c.message}, flow.context) ==
        Extent::of(c.message.size()));
}

TEST_CASE("Modbus: a message makes the flow known", "[modbus]") {
  Flow flow{false};
  const auto odd = "0001 0000 0006 / 00 / 03 0000 ffff"_hex;
  REQUIRE(the_dissector().extent(ByteCursor{odd}, flow.context).is_foreign());

  Transcript heard{the_dissector()};
  ByteCursor message{requests[0].message};
  the_dissector().dissect(message, flow.context, heard);
  CHECK(the_dissector().extent(ByteCursor{odd}, flow.context) == Extent::of(12));
}

TEST_CASE("Modbus: bytes that are not Modbus are foreign on the seat too", "[modbus]") {
  const auto bytes = GENERATE(values<Message>({
      ascii("GET / HTTP/1.1\r\nHost: plc\r\n\r\n"),
      ascii("HTTP/1.1 200 OK\r\n"),
      ascii("SSH-2.0-OpenSSH_9.2\r\n"),
      "16 0301 00c8 01 0000c4 0303"_hex,                                      // TLS
      "0300 0016 11 e0 0000 0001 00"_hex,                                     // TPKT and COTP of S7
      "0300 001f 02 f0 80 32 01 0000 0000 000e"_hex,                          // S7 within it
      "6500 0400 00000000 00000000 0000000000000000 00000000 0100 0000"_hex,  // ENIP
      "6300 0000 00000000 00000000 0000000000000000 00000000"_hex,            // ENIP, no data
      "0564 05c9 0100 0200"_hex,                                              // DNP3
      "6804 4300 0000"_hex,                                                   // IEC 104
      "5000 00ff ff03 000c 0010"_hex,                                         // SLMP
      "0001 0001 0006 00 03 0000 0001"_hex,  // another protocol in the header
      "0001 0065 000c 00 2f 0000"_hex,       // Unitronics PCOM on 502
      "0001 0000 0001 00 03 0000"_hex,       // no room for a function
      "0001 0000 00ff 00 03 0000"_hex,       // longer than any
      "0001 0000 0801 00 5a 0000"_hex,       // longer than any of UMAS
      "0001 0000 0006 00 00 0000 0001"_hex,  // function 0
      "0001 0000 0006 00 83 0000 0001"_hex,  // a refusal of that size
      "0000 0000 0000 0000 0000 0000"_hex,
      "ffff ffff ffff ffff ffff ffff"_hex,
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
  CHECK(extent_of(bytes, true).is_foreign());
}

TEST_CASE("Modbus: too few bytes are not judged but where they rule it out", "[modbus]") {
  CHECK(extent_of({}).is_incomplete());
  CHECK(extent_of("00"_hex).is_incomplete());
  CHECK(extent_of("0001 0000"_hex).is_incomplete());
  CHECK(extent_of("0001 01"_hex).is_foreign());
  CHECK(extent_of("0001 0000 10"_hex).is_foreign());
  CHECK(extent_of("0001 0000 0006 00"_hex).is_incomplete());
  CHECK(extent_of("0001 0000 0006 00 03"_hex).is_incomplete());
  CHECK(extent_of("0001 0000 0006 00 03"_hex, true) == Extent::of(12));
}

TEST_CASE("Modbus: other protocols with small numbers in front are foreign off the seat",
          "[modbus]") {
  const auto bytes = GENERATE(values<Message>({
      "0100 0000 0002 000d 01 00007530"_hex,              // HART-IP, session initiate
      "d701 0000 0011 117f 0000 00a8 0300 ffff 0300"_hex  // MELSOFT
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
}

TEST_CASE("Modbus: random bytes that happen on a header are mostly refused", "[modbus]") {
  std::mt19937 random{502};
  std::uniform_int_distribution<unsigned> any{0, 255};
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    Message bytes(300);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(any(random));
    bytes[2] = bytes[3] = bytes[4] = 0;
    taken += extent_of(bytes).is_message() ? 1 : 0;
  }
  CAPTURE(taken);
  CHECK(taken < 1'000);
}

TEST_CASE("Modbus: any bytes are read without harm", "[modbus]") {
  const auto seed = GENERATE(range(0U, 50U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::uniform_int_distribution<unsigned> any{0, 255};
  std::uniform_int_distribution<std::size_t> size{2, 254};
  for (int i = 0; i < 500; ++i) {
    const auto length = size(random);
    Message message(6 + length);
    for (auto& byte : message) byte = static_cast<std::uint8_t>(any(random));
    message[2] = message[3] = message[4] = 0;
    message[5] = static_cast<std::uint8_t>(length);
    Transcript heard{the_dissector()};
    CHECK(hear(message, i % 2 == 0 ? kClient : kServer, heard));
  }
}

TEST_CASE("Modbus: the sender is told by the bytes or not at all", "[modbus]") {
  const auto told = [](const Message& message) {
    const Flow flow{true};
    return the_dissector().sender(ByteCursor{message}, flow.context);
  };
  CHECK(told("0001 0000 0006 / 11 / 03 006b 0003"_hex) == kClient);
  CHECK(told("0001 0000 0005 / 11 / 03 02 022b"_hex) == kServer);
  CHECK(told("0001 0000 0006 / 11 / 03 0300 0003"_hex) == kClient);  // 3 bytes are no registers
  CHECK_FALSE(told("0001 0000 0006 / 11 / 01 0300 0003"_hex));       // but they are coils
  CHECK(told("0001 0000 0004 / 11 / 01 01 cd"_hex) == kServer);
  CHECK(told("0001 0000 0003 / 01 / 86 02"_hex) == kServer);
  CHECK(told("0001 0000 0009 / 00 / 0f 0013 000a 02 cd01"_hex) == kClient);
  CHECK(told("0001 0000 0006 / 00 / 0f 0013 000a"_hex) == kServer);
  CHECK(told("0001 0000 0002 / 00 / 11"_hex) == kClient);
  CHECK(told("0001 0000 000a / 00 / 14 07 / 06 0004 0001 0002"_hex) == kClient);
  CHECK(told("0001 0000 0009 / 00 / 14 06 / 05 06 0dfe 0020"_hex) == kServer);
  CHECK(told("0001 0000 0004 / 00 / 5a 00 02"_hex) == kClient);
  CHECK(told("0001 0000 0004 / 00 / 5a 00 fe"_hex) == kServer);
  CHECK(told("0001 0000 0005 / 00 / 2b 0e 01 00"_hex) == kClient);
  CHECK(told("0001 0000 0008 / 00 / 2b 0e 01 01 00 00 00"_hex) == kServer);
  CHECK_FALSE(told("0001 0000 0006 / 00 / 06 0001 0003"_hex));  // an echo
  CHECK_FALSE(told("0001 0000 0004 / 00 / 64 01 02"_hex));      // a user's own
  CHECK_FALSE(told("0001 0000 0006 / 11 / 03"_hex));
  CHECK_FALSE(told("0001"_hex));
}

TEST_CASE("Modbus: a message's own sender is never told wrong", "[modbus]") {
  const auto& c = GENERATE(from_range(well_formed));
  CAPTURE(c);
  const Flow flow{false};
  const auto told = the_dissector().sender(ByteCursor{c.message}, flow.context);
  CHECK((!told || *told == c.sender));
}

TEST_CASE("Modbus: the table has each code once, named and written", "[modbus]") {
  std::set<std::uint32_t> codes;
  std::set<std::string> notations;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK_FALSE(row.name.empty());
    CHECK(codes.insert(row.code).second);
    CHECK(notations.insert(std::string{notation_of(the_dissector(), row.code).view()}).second);
  }
}

TEST_CASE("Modbus: what changes a controller is no reading", "[modbus]") {
  const auto access = [](const Message& message) {
    struct Listener final : Observer {
      void request(std::uint32_t code, const Target& /*target*/, std::uint64_t /*key*/,
                   std::uint64_t /*context*/) override {
        heard = find_operation(the_dissector().operations, code).access;
      }
      void notice(std::uint32_t /*code*/, const Target& /*target*/) override {}
      std::optional<std::uint64_t> reply(std::uint64_t /*key*/, Outcome /*outcome*/,
                                         std::uint32_t /*reason*/) override {
        return std::nullopt;
      }
      void property(const Subject& /*subject*/, Property /*property*/, Bytes /*value*/,
                    Confidence /*confidence*/) override {}
      void claim(const Mac& /*mac*/, const IpAddress& /*ip*/) override {}
      void event(Event /*event*/, std::string_view /*detail*/,
                 const Subject& /*subject*/) override {}
      void blocked(const Blocked& /*blocked*/) override {}
      StreamBuffer& buffer(std::uint64_t /*key*/) override { return kept; }
      bool carry(std::string_view /*protocol*/, ByteCursor& /*message*/,
                 const Context& /*context*/) override {
        return false;
      }
      Access heard = Access::unknown;
      StreamBuffer kept;
    } listener;
    Flow flow{true};
    ByteCursor cursor{message};
    the_dissector().dissect(cursor, flow.context, listener);
    return listener.heard;
  };
  CHECK(access("0001 0000 0006 / 00 / 03 0000 0001"_hex) == Access::read);
  CHECK(access("0001 0000 0006 / 00 / 05 0000 ff00"_hex) == Access::write);
  CHECK(access("0001 0000 0006 / 00 / 08 0000 0000"_hex) == Access::diagnose);
  CHECK(access("0001 0000 0006 / 00 / 08 0001 0000"_hex) == Access::control);
  CHECK(access("0001 0000 0006 / 00 / 08 0004 0000"_hex) == Access::control);
  CHECK(access("0001 0000 0005 / 00 / 2b 0e 01 00"_hex) == Access::discover);
  CHECK(access("0001 0000 0003 / 00 / 7d 00"_hex) == Access::firmware);
  CHECK(access("0001 0000 0003 / 00 / 7e 00"_hex) == Access::program);
  CHECK(access("0001 0000 0004 / 00 / 5a 00 30"_hex) == Access::program);
  CHECK(access("0001 0000 0004 / 00 / 5a 00 33"_hex) == Access::upload);
  CHECK(access("0001 0000 0004 / 00 / 5a 00 40"_hex) == Access::control);
  CHECK(access("0001 0000 0004 / 00 / 5a 00 41"_hex) == Access::control);
  CHECK(access("0001 0000 0004 / 00 / 5a 00 23"_hex) == Access::write);
}

}  // namespace
}  // namespace sekimori::test
