#include "sekimori/dissect/dissector.h"

#include "carried.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

struct Case {
  std::string name;
  Exchange exchange;
  std::string means;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

// Who asks: seven bytes with the length; then command, status, transaction.
const std::vector<Case> cases{
    {"diagnostic status of a MicroLogix 1400, as a real one answers",
     {asks("07 4d00 e0312b3d / 06 00 63c5 / 03"_hex),
      answers("07 4d00 e0312b3d / 46 00 63c5 / 00 ee 4a 9f 23 313736362d4c454320202000 00 26"
              "00 36 82 9e fc 01"_hex)},
     "request 0x06/0x03 diagnostic-status; executed; vendor Rockwell Automation; "
     "product 1766-LEC; hardware series B revision D; mode remote run"},
    {"a major error in program mode by the key",
     {asks("07 4d00 e0312b3d / 06 00 0100 / 03"_hex),
      answers("07 4d00 e0312b3d / 46 00 0100 / 00 ee 31 5b 61 312f352e30342020202020 2000 11"_hex)},
     "request 0x06/0x03 diagnostic-status; executed; vendor Rockwell Automation; "
     "product 1/5.04; hardware series D revision B; mode program; "
     "event device-state major error 0x0020"},
    {"the status of another family is not read as this one's",
     {asks("07 4d00 e0312b3d / 06 00 0100 / 03"_hex),
      answers("07 4d00 e0312b3d / 46 00 0100 / 00 04 31 5b 61 312f352e30342020202020 2000 11"_hex)},
     "request 0x06/0x03 diagnostic-status; executed"},
    {"a read of three address fields",
     {asks("07 4d00 e0312b3d / 0f 00 0200 / a2 14 07 89 0a 00"_hex),
      answers("07 4d00 e0312b3d / 4f 00 0200 / 0001 0002"_hex)},
     "request 0x0f/0xa2 protected-typed-logical-read on N7 10; executed"},
    {"a write; the file and the element need words",
     {asks("07 4d00 e0312b3d / 0f 00 0300 / aa 02 ff2c01 8a ff0001 00 / 0000803f"_hex),
      answers("07 4d00 e0312b3d / 4f 00 0300"_hex)},
     "request 0x0f/0xaa protected-typed-logical-write on F300 256; executed"},
    {"a masked write that is refused",
     {asks("07 4d00 e0312b3d / 0f 00 0400 / ab 02 03 85 00 00 0100 0100"_hex),
      answers("07 4d00 e0312b3d / 4f 10 0400"_hex)},
     "request 0x0f/0xab protected-typed-logical-masked-write on B3 0; rejected for 16"},
    {"two address fields, a file type without a letter",
     {asks("07 4d00 e0312b3d / 0f 00 0400 / a9 02 03 55 04 / 0100"_hex)},
     "request 0x0f/0xa9 protected-typed-logical-write-2 on file type 0x55 3 4"},
    {"an extended status is the reason with the status before it",
     {asks("07 4d00 e0312b3d / 0f 00 0500 / 52"_hex),
      answers("07 4d00 e0312b3d / 4f f0 0500 / 0b"_hex)},
     "request 0x0f/0x52 download-completed; rejected for 61451"},
    {"the mode is changed",
     {asks("07 4d00 e0312b3d / 0f 00 0600 / 80 06"_hex),
      answers("07 4d00 e0312b3d / 4f 00 0600"_hex)},
     "request 0x0f/0x80 change-mode on mode run; executed; event mode-change run"},
    {"the mode of a MicroLogix 1000 is changed",
     {asks("07 4d00 e0312b3d / 0f 00 0700 / 3a 01"_hex),
      answers("07 4d00 e0312b3d / 4f 00 0700"_hex)},
     "request 0x0f/0x3a change-mode on mode program; executed; event mode-change program"},
    {"a mode change that is refused changes nothing",
     {asks("07 4d00 e0312b3d / 0f 00 0700 / 80 01"_hex),
      answers("07 4d00 e0312b3d / 4f 70 0700"_hex)},
     "request 0x0f/0x80 change-mode on mode program; rejected for 112"},
    {"a program goes in, and out",
     {asks("07 4d00 e0312b3d / 0f 00 0800 / 50"_hex, 1),
      answers("07 4d00 e0312b3d / 4f 00 0800"_hex, 1),
      asks("07 4d00 e0312b3d / 0f 00 0900 / 53"_hex, 2),
      answers("07 4d00 e0312b3d / 4f 00 0900"_hex, 2)},
     "request 0x0f/0x50 download-all-request; executed; event transfer program download; "
     "request 0x0f/0x53 upload-all-request; executed; event transfer program upload"},
    {"commands without functions",
     {asks("07 4d00 e0312b3d / 08 00 0a00 / 1000 0500"_hex, 1),
      asks("07 4d00 e0312b3d / 01 00 0b00 / 1000 04"_hex, 2)},
     "request 0x08 unprotected-write; request 0x01 unprotected-read"},
    {"a function that the table lacks",
     {asks("07 4d00 e0312b3d / 0f 00 0c00 / a4 ff94 4fff"_hex)},
     "request 0x0f/0xa4 unknown"},
    {"a force, and the status that tells of it, as in a real capture",
     {asks("07 4d00 e0312b3d / 0f 00 62d4 / ab 04 01 a2 00 00 2000 2000 2000"_hex, 1),
      answers("07 4d00 e0312b3d / 4f 00 62d4"_hex, 1),
      asks("07 4d00 e0312b3d / 06 00 64d4 / 03"_hex, 2),
      answers("07 4d00 e0312b3d / 46 00 64d4 / 00 ee 4a 9f 23 313736362d4c454320202000 00 66"
              "00 36 82 9e fc 01"_hex,
              2)},
     "request 0x0f/0xab/0xa2 force on file type 0xa2 1 0; executed; "
     "request 0x06/0x03 diagnostic-status; executed; vendor Rockwell Automation; "
     "product 1766-LEC; hardware series B revision D; mode remote run; "
     "event device-state forces are in place"},
    {"the device behind the address is the carrier's",
     {{Sender::client, "07 4d00 e0312b3d / 0f 00 0200 / a2 14 07 89 0a 00"_hex, 1, 0, 3}},
     "request 0x0f/0xa2 protected-typed-logical-read unit 3 on N7 10"},
};

TEST_CASE("PCCC: what an exchange means", "[pccc]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.exchange) == c.means);
}

TEST_CASE("PCCC: a message cut anywhere says nothing that the whole does not", "[pccc]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.exchange).empty());
}

TEST_CASE("PCCC: a length of who asks that lies says nothing", "[pccc]") {
  CHECK(meaning(Exchange{asks("00 0f 00 0200 a2"_hex)}).empty());
  CHECK(meaning(Exchange{asks("ff 4d00 e0312b3d / 0f 00 0200 / a2"_hex)}).empty());
  CHECK(meaning(Exchange{asks({})}).empty());
}

TEST_CASE("PCCC: no two codes are written alike", "[pccc]") {
  std::set<std::string> notations;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK(notations.insert(std::string{notation_of(the_dissector(), row.code).view()}).second);
  }
}

TEST_CASE("PCCC: random damage is survived", "[pccc]") {
  const auto seed = GENERATE(range(0U, 100U));
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.exchange, random);
}

}  // namespace
}  // namespace sekimori::test
