#include "sekimori/dissect/dissector.h"

#include "datagram.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <regex>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Message = std::vector<std::uint8_t>;

std::string without_keys(const std::string& text) {
  static const std::regex kKey{" key [0-9]+"};
  return std::regex_replace(text, kKey, "");
}

// Command, length, session, status, sender's context, options; as a 1756-ENBT answers.
const auto kRegister = "6500 0400 00000000 00000000 0102030405060708 00000000 / 0100 0000"_hex;
const auto kRegistered = "6500 0400 01000212 00000000 0102030405060708 00000000 / 0100 0000"_hex;
const auto kAskIdentity = "6300 0000 00000000 00000000 0000000000000000 00000000"_hex;
const auto kIdentity =
    "6300 3200 00000000 00000000 0000000000000000 00000000 / 0100 0c00 2c00 /"
    "0100 0002af12c0a80a780000000000000000 0100 0c00 3a00 0403 3000 c3ae5100 0a"
    "313735362d454e4254 20 03"_hex;
const std::string kIdentified =
    "vendor Rockwell Automation; product 1756-ENBT; "
    "description device type 12 (communications adapter), product code 58; firmware 4.3; "
    "serial 0x0051aec3";
// SendRRData: no address, and the identity asked for; SendUnitData: a connection, its sequence.
const auto kAsk =
    "6f00 1600 01000212 00000000 0a00000000000000 00000000 /"
    "00000000 1400 0200 0000 0000 b200 0600 / 01 02 20012401"_hex;
const auto kTold =
    "6f00 1400 01000212 00000000 0a00000000000000 00000000 /"
    "00000000 1400 0200 0000 0000 b200 0400 / 81 00 05 00"_hex;
const auto kUnitAsk =
    "7000 1c00 01000212 00000000 0000000000000000 00000000 /"
    "00000000 0100 0200 a100 0400 016b0700 b100 0800 ee1b / 06 02 208e2401"_hex;
const auto kUnitTold =
    "7000 1a00 01000212 00000000 0000000000000000 00000000 /"
    "00000000 0000 0200 a100 0400 4c00fe80 b100 0600 ee1b / 86 00 00 00"_hex;

const std::vector<DialogueCase> cases{
    {"a session",
     {client(kRegister), server(kRegistered),
      client("6600 0000 01000212 00000000 0000000000000000 00000000"_hex)},
     "request 0x0065 register-session; executed; notice 0x0066 unregister-session"},
    {"a session that is refused",
     {client(kRegister), server("6500 0000 00000000 69000000 0102030405060708 00000000"_hex)},
     "request 0x0065 register-session; rejected for 105"},
    {"who is there",
     {client(kAskIdentity), server(kIdentity)},
     "request 0x0063 list-identity; executed; " + kIdentified},
    {"a device that tests itself",
     {client(kAskIdentity),
      server(
          "6300 2a00 00000000 00000000 0000000000000000 00000000 / 0100 0c00 2400 /"
          "0100 0002af12c0a80a780000000000000000 2f00 2b00 0100 0102 1000 01000000 02 4e58 01"_hex)},
     "request 0x0063 list-identity; executed; vendor Omron; product NX; "
     "description device type 43 (generic device), product code 1; firmware 1.2; "
     "serial 0x00000001; event device-state firmware update in progress; "
     "event device-state self-testing"},
    {"what it serves, and the makers' own command",
     {client("0400 0000 00000000 00000000 0000000000000000 00000000"_hex),
      server("0400 1a00 00000000 00000000 0000000000000000 00000000 /"
             "0100 0001 1400 0100 2001 436f6d6d756e69636174696f6e730000"_hex),
      client("6400 0000 00000000 00000000 0000000000000000 00000000"_hex),
      server("6400 0200 00000000 00000000 0000000000000000 00000000 / 0000"_hex),
      client("0100 0000 00000000 00000000 0000000000000000 00000000"_hex)},
     "request 0x0004 list-services; executed; request 0x0064 list-interfaces; executed; "
     "request 0x0001 legacy-identify"},
    {"unconnected messages",
     {client(kAsk), server(kTold)},
     "request 0x006f send-rr-data; carries cip of 6 bytes; executed; carries cip of 4 bytes"},
    {"connected messages, which have no answer of their own",
     {client(kUnitAsk), server(kUnitTold)},
     "notice 0x0070 send-unit-data; carries cip of 6 bytes; carries cip of 4 bytes"},
    {"an error instead of an answer",
     {client(kAsk), server("6f00 0000 01000212 64000000 0a00000000000000 00000000"_hex)},
     "request 0x006f send-rr-data; carries cip of 6 bytes; rejected for 100"},
    {"two in a row are told apart by the sender's context",
     {client(kAsk),
      client("6f00 1600 01000212 00000000 0b00000000000000 00000000 /"
             "00000000 1400 0200 0000 0000 b200 0600 / 01 02 20012401"_hex),
      server("6f00 0000 01000212 64000000 0b00000000000000 00000000"_hex), server(kTold)},
     "request 0x006f send-rr-data; carries cip of 6 bytes; request 0x006f send-rr-data; "
     "carries cip of 6 bytes; rejected for 100; executed; carries cip of 4 bytes"},
    {"commands that tell, once the protocol is sure",
     {client(kRegister),
      client("0000 0400 00000000 00000000 0000000000000000 00000000 / 01020304"_hex),
      client("7200 0000 01000212 00000000 0000000000000000 00000000"_hex),
      client("7300 0000 01000212 00000000 0000000000000000 00000000"_hex),
      client("3300 0000 01000212 00000000 0000000000000000 00000000"_hex)},
     "request 0x0065 register-session; notice 0x0000 nop; notice 0x0072 indicate-status; "
     "notice 0x0073 cancel; notice 0x0033 unknown"},
    {"items that are longer than the message",
     {client(kRegister), client("6f00 1600 01000212 00000000 0a00000000000000 00000000 /"
                                "00000000 1400 0200 0000 0000 b200 0700 / 01 02 20012401"_hex)},
     "request 0x0065 register-session; request 0x006f send-rr-data; "
     "event malformed items of 0x006f"},
};

TEST_CASE("EtherNet/IP: what a dialogue means", "[enip]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Context context;
  context.on_seat = true;
  context.seat = 44818;
  CHECK(without_keys(meaning(c.dialogue, context)) == c.means);
  CHECK(meaning_bytewise(c.dialogue, context) == meaning(c.dialogue, context));
}

TEST_CASE("EtherNet/IP: a message cut anywhere says nothing that the whole does not", "[enip]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  Context context;
  context.on_seat = true;
  context.seat = 44818;
  // What is handed over gets shorter with the message, and its length is in the text.
  const auto lie = without_keys(cut_that_lies(c.dialogue, context));
  static const std::regex kShorter{".*carries cip of [0-5] bytes"};
  CHECK((lie.empty() || std::regex_match(lie, kShorter)));
}

TEST_CASE("EtherNet/IP: on a foreign port the whole body has to fit", "[enip]") {
  const auto extent = [](const Message& message) {
    FlowState state{};
    Context context;
    context.over = Over::tcp;
    context.state = &state;
    return the_dissector().extent(ByteCursor{message}, context);
  };
  for (const auto& message :
       {kRegister, kRegistered, kAskIdentity, kIdentity, kAsk, kTold, kUnitAsk, kUnitTold}) {
    CHECK(extent(message) == Extent::of(message.size()));
    for (std::size_t size = 0; size < message.size(); ++size) {
      const Message front(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK((extent(front).is_incomplete() || extent(front) == Extent::of(message.size())));
    }
  }
  // The version, the options, a length that is another command's, an interface that is not CIP's,
  // an item that does not exist, one that is too long, a status that does not exist.
  const std::vector<Message> others{
      "6500 0400 00000000 00000000 0102030405060708 00000000 / 0200 0000"_hex,
      "6500 0400 00000000 00000000 0102030405060708 01000000 / 0100 0000"_hex,
      "6500 0600 00000000 00000000 0102030405060708 00000000 / 0100 00000000"_hex,
      "6f00 1600 01000212 00000000 0a00000000000000 00000000 /"
      "01000000 1400 0200 0000 0000 b200 0600 / 01 02 20012401"_hex,
      "6f00 1600 01000212 00000000 0a00000000000000 00000000 /"
      "00000000 1400 0200 0000 0000 b300 0600 / 01 02 20012401"_hex,
      "6f00 1600 01000212 00000000 0a00000000000000 00000000 /"
      "00000000 1400 0200 0000 0000 b200 0700 / 01 02 20012401"_hex,
      "6500 0400 00000000 04000000 0102030405060708 00000000 / 0100 0000"_hex,
      "0000 0000 00000000 00000000 0000000000000000 00000000"_hex,
      "4745 5420 2f20 4854 5450 2f31 2e31"_hex,                      // HTTP
      "0001 0000 0006 01 03 0000 000a"_hex,                          // Modbus
      "0300 0016 11e0 0000 0001 00c1 0201 00c2 0201 02c0 010a"_hex,  // COTP
      "0564 0bc4 0100 0300 e42b"_hex,                                // DNP3
      "6804 0700 0000"_hex,                                          // IEC 104
      "1603 0100 a501 0000 a103 03"_hex,                             // TLS
      Message(64, 0),
  };
  for (const auto& message : others) {
    CAPTURE(message);
    CHECK(extent(message).is_foreign());
  }
}

TEST_CASE("EtherNet/IP: a NOP is no proof, but what follows it may be", "[enip]") {
  FlowState state{};
  Context context;
  context.over = Over::tcp;
  context.on_seat = true;
  context.seat = 44818;
  context.state = &state;
  const auto extent = [&](const Message& message) {
    return the_dissector().extent(ByteCursor{message}, context);
  };
  const Message nop(24, 0);
  CHECK(extent(nop) == Extent::incomplete());
  CHECK(extent(Message(64, 0)).is_foreign());
  CHECK(extent(join({nop, kRegister})) == Extent::of(24));
  CHECK(extent(join({nop, "4745 5420 2f20 4854 5450 2f31 2e31 0d0a 0d0a 0000 0000 0000"_hex}))
            .is_foreign());
  context.on_seat = false;
  CHECK(extent(join({nop, kRegister})).is_foreign());
}

TEST_CASE("EtherNet/IP: the first turns are understood without state", "[enip]") {
  Context context;
  context.on_seat = true;
  context.seat = 44818;
  CHECK(first_turns_are_understood({client(kRegister), server(kRegistered)}, context));
}

TEST_CASE("EtherNet/IP: the bytes tell who asks", "[enip]") {
  const auto who = [](const Message& message) {
    return the_dissector().sender(ByteCursor{message}, Context{});
  };
  for (const auto& message : {kRegister, kAskIdentity, kAsk, kUnitAsk})
    CHECK(who(message) == Sender::client);
  for (const auto& message : {kRegistered, kIdentity, kTold, kUnitTold})
    CHECK(who(message) == Sender::server);
  CHECK_FALSE(who("6f00 1600"_hex));
}

const auto kIo = "0200 0280 0800 0100b600 2a000000 b100 0e00 / 2a00 01000000 0102030405060708"_hex;

TEST_CASE("EtherNet/IP: cyclic I/O is known by its form on any UDP port", "[enip]") {
  const auto extent = [](const Message& message, std::uint64_t seat, Over over = Over::udp) {
    FlowState state{};
    Context context;
    context.over = over;
    context.on_seat = seat == 2222;
    context.seat = seat;
    context.state = &state;
    return the_dissector().extent(ByteCursor{message}, context);
  };
  CHECK(extent(kIo, 2222) == Extent::of(kIo.size()));
  CHECK(extent(kIo, 40000) == Extent::of(kIo.size()));
  CHECK(extent(kIo, 40000, Over::tcp).is_foreign());
  auto longer = kIo;
  longer.push_back(0);
  CHECK(extent(longer, 2222).is_foreign());
  auto shorter = kIo;
  shorter.pop_back();
  CHECK(extent(shorter, 2222).is_foreign());
  CHECK(extent(kRegister, 2222).is_foreign());
  CHECK(hear(kIo, Context{.over = Over::udp}) == "notice io cyclic-io");
}

TEST_CASE("EtherNet/IP: what asks everybody expects no answer from anybody", "[enip]") {
  FlowState state{};
  auto context = context_of({.seat = 44818, .destination = "10.0.0.255"}, state);
  context.to_group = true;
  CHECK(hear(kAskIdentity, context) == "notice 0x0063 list-identity");
}

TEST_CASE("EtherNet/IP: random damage is survived", "[enip]") {
  const auto seed = GENERATE(range(0U, 100U));
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
