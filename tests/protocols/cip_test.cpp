#include "sekimori/dissect/dissector.h"

#include "carried.h"

#include <catch2/catch.hpp>

#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Message = std::vector<std::uint8_t>;

Message operator+(Message left, const Message& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

struct Case {
  std::string name;
  Exchange exchange;
  std::string means;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

/// An unconnected send to the slot: volume 1, 3-5.5.4.
Message to_slot(std::uint8_t slot, const Message& request) {
  const auto size = static_cast<std::uint8_t>(request.size());
  auto bytes = "52 02 20062401 / 069a"_hex + Message{size, 0} + request;
  if (size % 2 != 0) bytes.push_back(0);
  return bytes + "01 00 01"_hex + Message{slot};
}

// Of a real 1756-L61 in slot 0 behind a 1756-ENBT.
const auto kIdentity =
    "81000000 / 0100 0e00 3600 1001 6030 3f825100 14 313735362d4c36312f42204c4f47495835353631"_hex;
const std::string kIdentified =
    "unit 0 vendor Rockwell Automation; unit 0 product 1756-L61/B LOGIX5561; "
    "unit 0 description device type 14 (programmable logic controller), product code 54; "
    "unit 0 firmware 16.1; unit 0 serial 0x0051823f; unit 0 mode remote run";
const std::string kRouted = "request 0x52/0x06 unconnected-send on connection-manager 1; ";

// To the message router in slot 0: 0x1f0 there and 0x80fe0019 back.
const auto kOpen =
    "54 02 20062401 / 07f9 19000080 1800fe80 1900 4d00 f32b9532 00 000000 00127a00 f443 00127a00"
    "f443 a3 03 010020022401"_hex;
const auto kOpened = "d4000000 / f0010000 1900fe80 1900 4d00 f32b9532 00127a00 00127a00 00 00"_hex;
const std::string kOpening =
    "request 0x54/0x06 forward-open unit 0 on message-router 1; executed; ";

const std::vector<Case> cases{
    {"identity of the device itself",
     {asks("01 02 20012401"_hex),
      answers("81000000 / 0100 0c00 3a00 0403 3000 c3ae5100 0b 313735362d454e42542f41"_hex)},
     "request 0x01/0x01 get-attributes-all on identity 1; executed; vendor Rockwell Automation; "
     "product 1756-ENBT/A; description device type 12 (communications adapter), product code 58; "
     "firmware 4.3; serial 0x0051aec3"},
    {"identity of the controller in slot 0",
     {asks(to_slot(0, "01 02 20012401"_hex)), answers(kIdentity)},
     kRouted + "request 0x01/0x01 get-attributes-all unit 0 on identity 1; executed; executed; " +
         kIdentified},
    {"faults are told",
     {asks("01 02 20012401"_hex),
      answers("81000000 / e7ff 0700 0100 0101 000c 01000000 01 41"_hex)},
     "request 0x01/0x01 get-attributes-all on identity 1; executed; vendor CIP vendor 65511; "
     "product A; description device type 7 (general purpose discrete i/o), product code 1; "
     "firmware 1.1; serial 0x00000001; event device-state major recoverable fault; "
     "event device-state major unrecoverable fault"},
    {"a slot without a module: the router refuses, and what was sent with it",
     {asks(to_slot(4, "01 02 20012401"_hex)), answers("d2 00 01 01 0402 01 00"_hex)},
     kRouted +
         "request 0x01/0x01 get-attributes-all unit 4 on identity 1; rejected for 1; rejected "
         "for 1"},
    {"a module that refuses: the unconnected send was done",
     {asks(to_slot(0, "0e 03 20f424003008"_hex)), answers("8e 00 05 00"_hex)},
     kRouted + "request 0x0e/0xf4 get-attribute-single unit 0 on port attribute 8 0; "
               "rejected for 5; executed"},
    {"a route of two hops, and one that no number expresses",
     {asks("52 02 20062401 / 069a 0600 01 02 20012401 / 02 00 0103 0205"_hex, 1),
      asks("52 02 20062401 / 069a 0600 01 02 20012401 / 05 00 12 08 31302e302e302e35"_hex, 2)},
     kRouted + "request 0x01/0x01 get-attributes-all unit 1029 on identity 1; " + kRouted +
         "request 0x01/0x01 get-attributes-all on identity 1"},
    {"where the route cannot be expressed, nothing is said of who the device is",
     {asks("52 02 20062401 / 069a 0600 01 02 20012401 / 05 00 12 08 31302e302e302e35"_hex),
      answers(kIdentity)},
     kRouted + "request 0x01/0x01 get-attributes-all on identity 1; executed; executed"},
    {"name of the project",
     {asks(to_slot(0, "01 02 20642401"_hex)),
      answers("81000000 / 0f00 4e69667479436f6e74726f6c6c6572 0000"_hex)},
     kRouted + "request 0x01/0x64 get-attributes-all unit 0 on program-name 1; executed; "
               "executed; unit 0 name NiftyController"},

    {"tags by name",
     {asks("4c 04 91054c6576656c00 / 0100"_hex, 1), answers("cc000000 / c400 01000000"_hex, 1),
      asks("4d 04 91054c6576656c00 / c400 0100 01000000"_hex, 2), answers("cd000000"_hex, 2),
      asks("4e 04 91054c6576656c00 / 0100 01 ff"_hex, 3), answers("ce000f00"_hex, 3)},
     "request 0x4c/0x6b read-tag on Level; executed; request 0x4d/0x6b write-tag on Level; "
     "executed; request 0x4e/0x6b read-modify-write-tag on Level; rejected for 15"},
    {"a program's tag, an element and a member",
     {asks("4c 0d 910c 50726f6772616d3a4d61696e / 9104 54616e6b 2803 / 9102 4c76 / 0100"_hex)},
     "request 0x4c/0x6b read-tag on Program:Main.Tank[].Lv 3"},
    {"elements of an array, and of one of two dimensions",
     {asks("4c 04 9104 54616e6b 280a / 0500"_hex), asks("4c 05 9104 54616e6b 280a 2802 / 0500"_hex),
      asks("52 04 9104 54616e6b 280a / 0500 00000000"_hex), asks("4c 03 9104 54616e6b / 0500"_hex)},
     "request 0x4c/0x6b read-tag on Tank[] 10..14; request 0x4c/0x6b read-tag on Tank[]; "
     "request 0x52/0x6b read-tag-fragmented on Tank[] 10..14; "
     "request 0x4c/0x6b read-tag on Tank 0..4"},
    {"a write of a structure has a type of two words",
     {asks("4d 04 9104 54616e6b 2801 / a002 ce0f 0200 00000000"_hex)},
     "request 0x4d/0x6b write-tag on Tank[] 1..2"},
    {"more of an answer is to come",
     {asks("52 03 9104 54616e6b / 6400 00000000"_hex), answers("d2000600 / c400 0000"_hex)},
     "request 0x52/0x6b read-tag-fragmented on Tank 0..99; executed"},
    {"an index of two bytes and one of four",
     {asks("4c 05 9104 54616e6b 2900 2c01 / 0100"_hex),
      asks("4c 06 9104 54616e6b 2a00 00000100 / 0100"_hex)},
     "request 0x4c/0x6b read-tag on Tank[] 300; request 0x4c/0x6b read-tag on Tank[] 65536"},
    {"a symbol by its number",
     {asks("4c 03 206b 2500 2c01 / 0100"_hex)},
     "request 0x4c/0x6b read-tag on symbol 300"},
    {"the same service of another class is another operation",
     {asks("4c 02 20722400 / 00ce0400 0100"_hex), asks("4c 02 20062401"_hex),
      asks("4c 00 0102"_hex), asks("4c 03 210003032401"_hex)},
     "request 0x4c/0x72 read-memory on memory 0; request 0x4c/0x06 unknown on "
     "connection-manager 1; request 0x4c unknown; request 0x4c/0x303 unknown on class 0x303 1"},

    {"a connection: what goes through it is the controller's in slot 0",
     {asks(kOpen, 1), answers(kOpened, 1), asks("01 02 20012401"_hex, 7, 0x1f0),
      answers(kIdentity, 7, 0x80fe0019)},
     kOpening + "request 0x01/0x01 get-attributes-all unit 0 on identity 1; executed; " +
         kIdentified},
    {"a connection whose opening was not seen: the device is not known",
     {asks("01 02 20012401"_hex, 7, 0x1f0), answers(kIdentity, 7, 0x80fe0019)},
     "request 0x01/0x01 get-attributes-all on identity 1; executed"},
    {"after the close it is not known any more",
     {asks(kOpen, 1), answers(kOpened, 1),
      asks("4e 02 20062401 / 07f9 1900 4d00 f32b9532 03 00 010020022401"_hex, 2),
      answers("ce000000 / 1900 4d00 f32b9532 00 00"_hex, 2), asks("01 02 20012401"_hex, 7, 0x1f0)},
     kOpening + "request 0x4e/0x06 forward-close unit 0 on message-router 1; executed; "
                "request 0x01/0x01 get-attributes-all on identity 1"},
    {"a connection that is refused is none",
     {asks(kOpen, 1), answers("d4 00 01 01 1301 1900 4d00 f32b9532 00 00"_hex, 1),
      asks("01 02 20012401"_hex, 7, 0x1f0)},
     "request 0x54/0x06 forward-open unit 0 on message-router 1; rejected for 1; "
     "request 0x01/0x01 get-attributes-all on identity 1"},
    {"a large connection for I/O, with an electronic key",
     {asks("5b 02 20062401 / 07f9 00000000 0200fd80 0200 4d00 f32b9532 00 000000 204e0000"
           "24000048 204e0000 1e000048 01 09 3404 0100 0c00 3a00 84 03 2004 2466 2c64 2c65"_hex),
      answers("db000000 / 0100b600 0200fd80 0200 4d00 f32b9532 204e0000 204e0000 00 00"_hex)},
     "request 0x5b/0x06 large-forward-open on assembly 102; executed"},

    {"several in one packet, each with its own outcome",
     {asks("0a 02 20022401 / 0200 0600 1000 / 4c 03 9104 54616e6b 0100 / 0e 03 200124013007"_hex),
      answers("8a00 1e00 / 0200 0600 0a00 / cc000400 / 8e000000 0454616e6b"_hex)},
     "request 0x0a/0x02 multiple-service-packet on message-router 1; "
     "request 0x4c/0x6b read-tag on Tank; "
     "request 0x0e/0x01 get-attribute-single on identity attribute 7 1; "
     "rejected for 30; rejected for 4; executed; product Tank"},
    {"a packet that is refused as a whole",
     {asks("0a 02 20022401 / 0200 0600 1000 / 4c 03 9104 54616e6b 0100 / 0e 03 200124013007"_hex),
      answers("8a00 0800"_hex)},
     "request 0x0a/0x02 multiple-service-packet on message-router 1; "
     "request 0x4c/0x6b read-tag on Tank; "
     "request 0x0e/0x01 get-attribute-single on identity attribute 7 1; "
     "rejected for 8; rejected for 8; rejected for 8"},
    {"a packet in an unconnected send",
     {asks(to_slot(2, "0a 02 20022401 / 0100 0400 / 0e 03 200124013007"_hex)),
      answers("8a00 0000 / 0100 0400 / 8e000000 0454616e6b"_hex)},
     kRouted + "request 0x0a/0x02 multiple-service-packet unit 2 on message-router 1; "
               "request 0x0e/0x01 get-attribute-single unit 2 on identity attribute 7 1; "
               "executed; executed; executed; unit 2 product Tank"},

    {"a list of attributes",
     {asks("03 02 20012401 / 0500 0100 0400 0600 0700 0900"_hex),
      answers("83000a00 / 0500 / 0100 0000 2f00 / 0400 0000 0203 / 0600 0000 78563412 / 0700 0000"
              "02 4e58 / 0900 1400"_hex)},
     "request 0x03/0x01 get-attribute-list on identity 1; rejected for 10"},
    {"a list of attributes that all are there",
     {asks("03 02 20012401 / 0400 0100 0400 0600 0700"_hex),
      answers("83000000 / 0400 / 0100 0000 2f00 / 0400 0000 0203 / 0600 0000 78563412 / 0700 0000"
              "02 4e58"_hex)},
     "request 0x03/0x01 get-attribute-list on identity 1; executed; vendor Omron; firmware 2.3; "
     "serial 0x12345678; product NX"},
    {"the mode of a controller that is known, as it changes",
     {asks(to_slot(0, "01 02 20012401"_hex), 1), answers(kIdentity, 1),
      asks(to_slot(0, "0e 03 200124013005"_hex), 2), answers("8e000000 7030"_hex, 2),
      asks(to_slot(0, "0e 03 200124013005"_hex), 3), answers("8e000000 7030"_hex, 3)},
     kRouted + "request 0x01/0x01 get-attributes-all unit 0 on identity 1; executed; executed; " +
         kIdentified + "; " + kRouted +
         "request 0x0e/0x01 get-attribute-single unit 0 on identity attribute 5 1; executed; "
         "executed; unit 0 mode remote program; unit 0 event mode-change remote program; " +
         kRouted +
         "request 0x0e/0x01 get-attribute-single unit 0 on identity attribute 5 1; executed; "
         "executed; unit 0 mode remote program"},
    {"a status word of a device that is no controller tells no mode",
     {asks("0e 03 200124013005"_hex), answers("8e000000 7030"_hex)},
     "request 0x0e/0x01 get-attribute-single on identity attribute 5 1; executed"},

    {"start and stop of a controller",
     {asks("06 02 208e2401"_hex, 1), answers("86000000"_hex, 1), asks("07 02 208e2401"_hex, 2),
      answers("87000000"_hex, 2), asks("06 02 208e2401"_hex, 3), answers("86001000"_hex, 3)},
     "request 0x06/0x8e run-mode on controller 1; executed; event mode-change run; "
     "request 0x07/0x8e program-mode on controller 1; executed; event mode-change program; "
     "request 0x06/0x8e run-mode on controller 1; rejected for 16"},
    {"lock and unlock: the class is the last of the path",
     {asks("4b 04 208e240120742401 01"_hex), asks("4c 04 208e240120742401"_hex)},
     "request 0x4b/0x74 lock-controller on controller-lock 1; "
     "request 0x4c/0x74 unlock-controller on controller-lock 1"},
    {"a program goes in",
     {asks("08 02 20ac2401 0000"_hex), answers("88000000"_hex)},
     "request 0x08/0xac program-download on change-log 1; executed; "
     "event transfer program download"},
    {"a program goes out",
     {asks("4b 03 206825000000"_hex, 1), answers("cb000000 24200000"_hex, 1),
      asks("4f 03 206a2500fa1b 00000000 5800"_hex, 2), answers("cf000000 3c696e3e"_hex, 2)},
     "request 0x4b/0x68 list-instances on program 0; executed; "
     "request 0x4f/0x6a read-object on class 0x6a 7162; executed; event transfer program upload"},
    {"the clock is set",
     {asks("04 02 208b2401 / 0100 0600 c0325cfff3590400"_hex),
      answers("84000000 / 0100 0600 0000"_hex)},
     "request 0x04/0x8b set-attribute-list on wall-clock-time 1; executed"},
    {"firmware goes in, and the module is reset",
     {asks("4b 02 20a12401 16ff1b0000000000"_hex, 1), answers("cb000000 00007b14"_hex, 1),
      asks("4d 02 20a12401 00000000 0000"_hex, 2), answers("cd000000 00000000 0200"_hex, 2),
      asks("05 02 20012401 00"_hex, 3), answers("85000000"_hex, 3)},
     "request 0x4b/0xa1 begin-firmware-update on nonvolatile-storage 1; executed; "
     "event transfer firmware update; request 0x4d/0xa1 firmware-block on "
     "nonvolatile-storage 1; executed; request 0x05/0x01 reset on identity 1; executed; "
     "event device-state reset"},
    {"files",
     {asks("4b 02 203724c8 20"_hex, 1), answers("cb000000 00000000"_hex, 1),
      asks("4c 02 203724c8 00"_hex, 2), answers("cc000000"_hex, 2)},
     "request 0x4b/0x37 initiate-file-upload on file 200; executed; event transfer file upload; "
     "request 0x4c/0x37 initiate-file-download on file 200; executed; "
     "event transfer file download"},
    {"an address is set",
     {asks("10 03 20f524013005 / 4d00280a 00ffffff 0100280a 00000000 00000000 0000"_hex),
      answers("90000000"_hex)},
     "request 0x10/0xf5 set-attribute-single on tcp-ip-interface attribute 5 1; "
     "receiver: event device-state asked to take the address 10.40.0.77; executed"},
    {"the host name is read",
     {asks("0e 03 20f524013006"_hex), answers("8e000000 0500 626f696c31 00"_hex)},
     "request 0x0e/0xf5 get-attribute-single on tcp-ip-interface attribute 6 1; executed; "
     "name boil1"},
    {"PCCC is handed over, both ways",
     {asks("4b 02 20672401 / 07 4d00 e0312b3d 06 00 63c5 03"_hex),
      answers("cb000000 / 07 4d00 e0312b3d 46 00 63c5 00ee"_hex)},
     "request 0x4b/0x67 execute-pccc on pccc 1; carries pccc of 12 bytes; executed; "
     "carries pccc of 13 bytes"},
    {"an answer whose request was not seen", {answers(kIdentity)}, "executed"},
    {"an answer to something else",
     {asks("4c 02 20722400 / 00ce0400 0100"_hex), answers("81000000"_hex)},
     "request 0x4c/0x72 read-memory on memory 0; executed; "
     "event malformed other answer to 0x4c/0x72"},

    {"a path that breaks the rules",
     {asks("0e 01 a001"_hex), asks("0e 01 9109"_hex), asks("0e 03 2001 9109 0000"_hex),
      asks("0e 01 2301"_hex)},
     "request 0x0e get-attribute-single; event malformed path of 0x0e; "
     "request 0x0e get-attribute-single; event malformed path of 0x0e; "
     "request 0x0e/0x01 get-attribute-single; event malformed path of 0x0e/0x01; "
     "request 0x0e get-attribute-single; event malformed path of 0x0e"},
};

TEST_CASE("CIP: what an exchange means", "[cip]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.exchange) == c.means);
}

TEST_CASE("CIP: a message cut anywhere says nothing that the whole does not", "[cip]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  // What is handed over gets shorter with the message, and its length is in the text.
  const auto lie = cut_that_lies(c.exchange);
  static const std::regex kShorter{".*carries pccc of [0-9]+ bytes"};
  CHECK((lie.empty() || std::regex_match(lie, kShorter)));
}

TEST_CASE("CIP: what a service does depends on its class", "[cip]") {
  struct Row {
    Message request;
    Access access;
  };
  const std::vector<Row> rows{
      {"01 02 20012401"_hex, Access::discover},      {"05 02 20012401 00"_hex, Access::control},
      {"10 03 20f524013005"_hex, Access::configure}, {"10 03 200424643003"_hex, Access::write},
      {"0e 03 200424643003"_hex, Access::read},      {"04 02 208b2401"_hex, Access::time},
      {"02 02 20f62401"_hex, Access::configure},     {"09 02 20682401"_hex, Access::program},
      {"10 03 20292401 3003"_hex, Access::control},  {"4c 02 20372401"_hex, Access::firmware},
      {"4c 02 20722400"_hex, Access::read},          {"4c 02 20742401"_hex, Access::control},
      {"06 02 208e2401"_hex, Access::control},       {"4b 02 20682400"_hex, Access::upload},
      {"10 03 21003303 2401"_hex, Access::write},    {"0a 00"_hex, Access::session},
      {"32 02 20012401"_hex, Access::unknown},       {"4d 02 20012401"_hex, Access::unknown},
  };
  for (const auto& row : rows) {
    std::uint32_t code = row.request[0];
    if (row.request[1] != 0) {
      const bool wide = row.request[2] == 0x21;
      const auto of = wide ? row.request[4] | row.request[5] << 8U : row.request[3];
      code |= static_cast<std::uint32_t>(of) << 8U | 1U << 24U;
    }
    CAPTURE(notation_of(the_dissector(), code).view());
    CHECK(operation_of(the_dissector(), code).access == row.access);
  }
}

TEST_CASE("CIP: no two codes are written alike, and none stands twice", "[cip]") {
  std::set<std::string> notations;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK(notations.insert(std::string{notation_of(the_dissector(), row.code).view()}).second);
  }
}

/// Packets in packets: the innermost reads a tag.
Message nested(int depth) {
  auto inner = "4c 03 9104 54616e6b 0100"_hex;
  for (int i = 0; i < depth; ++i) inner = "0a 02 20022401 / 0100 0400"_hex + inner;
  return inner;
}

TEST_CASE("CIP: envelopes in envelopes end at a bound", "[cip]") {
  CHECK(meaning(Exchange{asks(nested(4))}).find("read-tag on Tank") != std::string::npos);
  const auto five = meaning(Exchange{asks(nested(5))});
  CHECK(five.find("read-tag") == std::string::npos);
  CHECK(five.ends_with("event malformed too deep: 0x0a/0x02"));
  auto routed = "01 02 20012401"_hex;
  for (std::uint8_t i = 0; i < 5; ++i) routed = to_slot(i, routed);
  CHECK(meaning(Exchange{asks(routed)}).ends_with("event malformed too deep: 0x52/0x06"));
}

TEST_CASE("CIP: requests in one message end at a bound", "[cip]") {
  // Three hundred times the same request, of which 256 with the packet itself are heard.
  Message offsets{0x2c, 0x01};
  Message parts;
  for (unsigned i = 0; i < 300; ++i) {
    const auto at = 2 + 600 + parts.size();
    offsets.push_back(static_cast<std::uint8_t>(at));
    offsets.push_back(static_cast<std::uint8_t>(at >> 8U));
    parts = parts + "01 02 20012401"_hex;
  }
  const auto said = meaning(Exchange{asks("0a 02 20022401"_hex + offsets + parts)});
  std::size_t requests = 0;
  for (auto at = said.find("request"); at != std::string::npos; at = said.find("request ", at + 1))
    ++requests;
  CHECK(requests == 256);
  CHECK(said.find("malformed too many requests in one message") != std::string::npos);
}

TEST_CASE("CIP: offsets that lie are followed no further", "[cip]") {
  const auto packet = [](const Message& offsets) {
    return meaning(Exchange{asks("0a 02 20022401"_hex + offsets + "01 02 20012401"_hex)});
  };
  const std::string alone = "request 0x0a/0x02 multiple-service-packet on message-router 1";
  CHECK(packet("0100 0000"_hex).starts_with(alone));
  CHECK(packet("0100 0000"_hex).find("0x01") == std::string::npos);       // into the offsets
  CHECK(packet("0100 ff00"_hex).find("0x01") == std::string::npos);       // past the end
  CHECK(packet("0200 0c00 0600"_hex).find("0x01") == std::string::npos);  // backwards
  CHECK(packet("ffff 0600"_hex).find("0x01") == std::string::npos);  // more than there is room for
}

TEST_CASE("CIP: connections are kept to a bound, the newest", "[cip]") {
  CarriedListener flow;
  for (std::uint8_t i = 0; i < 40; ++i) {
    auto open = kOpen;
    auto opened = kOpened;
    open[16] = i;  // the serial, and the id there
    opened[12] = i;
    opened[4] = i;
    opened[8] = i;
    flow.hear(asks(open, i));
    flow.hear(answers(opened, i));
  }
  const auto before = flow.text().size();
  flow.hear(asks("06 02 208e2401"_hex, 100, 0x100U + 39));
  flow.hear(asks("06 02 208e2401"_hex, 101, 0x100U + 1));
  CHECK(flow.text().substr(before) ==
        "; request 0x06/0x8e run-mode unit 0 on controller 1; "
        "request 0x06/0x8e run-mode on controller 1");
}

TEST_CASE("CIP: random damage is survived", "[cip]") {
  const auto seed = GENERATE(range(0U, 100U));
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.exchange, random);
}

}  // namespace
}  // namespace sekimori::test
