#include "dialogue_case.h"
#include "dnp3_frames.h"

#include <catch2/catch.hpp>

#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using namespace dnp3;

/// Keys are told apart in a test of their own.
std::string without_keys(const std::string& text) {
  static const std::regex key{" key [0-9]+"};
  return std::regex_replace(text, key, "");
}

// A fragment: control and function, with the indications where it answers; then its objects.
const std::vector<DialogueCase> cases{
    {"classes are read, and the outstation has just started",
     {asks("c0 01 / 3c02 06 / 3c03 06 / 3c04 06 / 3c01 06"_hex),
      answers("c0 81 9000 / 0102 00 00 01 / 81 01"_hex)},
     "request 1 read unit 10 on class 0 1 2 3; unit 10 event device-state restart; "
     "unit 10 event device-state time needed; executed"},
    {"one class", {asks("c0 01 / 3c03 06"_hex)}, "request 1 read unit 10 on class 2"},
    {"points by range",
     {asks("c1 01 / 1e02 00 05 09"_hex), answers("c1 81 0000 / 1e02 00 05 05 / 01 1234"_hex)},
     "request 1 read unit 10 on analog-input 5..9; executed"},
    {"points one by one, of events and of points",
     {asks("c1 01 / 0102 17 02 / 07 03"_hex), asks("c2 01 / 0201 28 0100 / 0900"_hex)},
     "request 1 read unit 10 on binary-input 3..7; request 1 read unit 10 on binary-input 9"},
    {"every point, and several kinds",
     {asks("c1 01 / 0100 06"_hex), asks("c2 01 / 0100 06 / 1e00 06"_hex),
      asks("c3 01 / 1400 01 0001 0201 / 1600 06"_hex)},
     "request 1 read unit 10 on binary-input; request 1 read unit 10 on several; "
     "request 1 read unit 10 on counter"},
    {"a limited number of events",
     {asks("c1 01 / 2000 07 05"_hex)},
     "request 1 read unit 10 on analog-input"},
    {"an answer of many fragments is one answer",
     {asks("c0 01 / 3c01 06"_hex), answers("a0 81 0000 / 0102 00 00 00 / 81"_hex),
      asks("c0 00"_hex), answers("41 81 0000 / 0102 00 01 01 / 81"_hex)},
     "request 1 read unit 10 on class 0; executed; notice 0 confirm unit 10"},
    {"a select and its operate, trip",
     {asks("c0 03 / 0c01 28 0100 / 0500 81 01 64000000 00000000 00"_hex),
      answers("c0 81 0000 / 0c01 28 0100 / 0500 81 01 64000000 00000000 00"_hex),
      asks("c1 04 / 0c01 28 0100 / 0500 81 01 64000000 00000000 00"_hex),
      answers("c1 81 0000 / 0c01 28 0100 / 0500 81 01 64000000 00000000 00"_hex)},
     "request 3 select unit 10 on binary-output trip 5; executed; "
     "request 4 operate unit 10 on binary-output trip 5; executed"},
    {"an operate without its select",
     {asks("c1 04 / 0c01 17 01 / 05 41 01 64000000 00000000 00"_hex),
      answers("c1 81 0000 / 0c01 17 01 / 05 41 01 64000000 00000000 02"_hex)},
     "request 4 operate unit 10 on binary-output close 5; rejected for 2"},
    {"one point of two is refused",
     {asks(
          "c0 05 / 0c01 17 02 / 02 03 01 64000000 64000000 00 / 07 03 01 64000000 64000000 00"_hex),
      answers("c0 81 0004 / 0c01 17 02 / 02 03 01 64000000 64000000 00 / "
              "07 03 01 64000000 64000000 04"_hex)},
     "request 5 direct-operate unit 10 on binary-output latch-on 2..7; rejected for 4"},
    {"two commands at once",
     {asks(
          "c0 05 / 0c01 17 02 / 02 03 01 64000000 64000000 00 / 03 04 01 64000000 64000000 00"_hex),
      asks("c1 05 / 0c01 17 01 / 01 01 01 64000000 64000000 00 / 2902 17 01 / 01 1234 00"_hex),
      asks("c2 05 / 0c01 17 01 / 01 02 01 64000000 64000000 00"_hex),
      asks("c3 05 / 0c01 17 01 / 01 00 01 64000000 64000000 00"_hex),
      asks("c4 05 / 0c01 17 01 / 01 09 01 64000000 64000000 00"_hex)},
     "request 5 direct-operate unit 10 on binary-output mixed 2..3; "
     "request 5 direct-operate unit 10 on several; "
     "request 5 direct-operate unit 10 on binary-output pulse-off 1; "
     "request 5 direct-operate unit 10 on binary-output nul 1; "
     "request 5 direct-operate unit 10 on binary-output undefined 1"},
    {"a pattern of outputs",
     {asks("c0 03 / 0c02 07 01 / 03 01 64000000 64000000 00 / 0c03 00 08 0a / 07"_hex)},
     "request 3 select unit 10 on binary-output latch-on 8..10"},
    {"analog outputs of each width",
     {asks("c0 05 / 2901 28 0100 / 0200 01000000 00"_hex),
      answers("c0 81 0000 / 2901 28 0100 / 0200 01000000 00"_hex),
      asks("c1 05 / 2902 17 01 / 02 0100 00"_hex),
      answers("c1 81 0000 / 2902 17 01 / 02 0100 06"_hex),
      asks("c2 05 / 2903 17 01 / 02 0000803f 00"_hex),
      asks("c3 05 / 2904 17 01 / 02 000000000000f03f 00"_hex)},
     "request 5 direct-operate unit 10 on analog-output 2; executed; "
     "request 5 direct-operate unit 10 on analog-output 2; rejected for 6; "
     "request 5 direct-operate unit 10 on analog-output 2; "
     "request 5 direct-operate unit 10 on analog-output 2"},
    {"no answer is wanted",
     {asks("c0 06 / 2902 17 01 / 02 0100 00"_hex), asks("c1 08 / 1400 06"_hex),
      asks("c2 0a / 1400 06"_hex), asks("c3 0c / 3202 07 01 000000000000 00000000 / 1400 06"_hex)},
     "notice 6 direct-operate-no-ack unit 10 on analog-output 2; "
     "notice 8 freeze-no-ack unit 10 on counter; "
     "notice 10 freeze-and-clear-no-ack unit 10 on counter; "
     "notice 12 freeze-at-time-no-ack unit 10 on counter"},
    {"to everyone",
     {asks("c0 02 / 3201 07 01 / 001122334455"_hex, 0xffff)},
     "notice 2 write-time unit 65535 on time"},
    {"what is unknown, wrong, or under way",
     {asks("c0 1f"_hex), answers("c0 81 0001"_hex), asks("c1 01 / 6e01 06"_hex),
      answers("c1 81 0002"_hex), asks("c2 01 / 1e02 00 00 ff"_hex), answers("c2 81 0004"_hex),
      asks("c3 0d"_hex), answers("c3 81 0010"_hex)},
     "request 31 activate-configuration unit 10; rejected for 256; "
     "request 1 read unit 10 on octet-string; rejected for 512; "
     "request 1 read unit 10 on analog-input 0..255; rejected for 1024; "
     "request 13 cold-restart unit 10; rejected for 4096"},
    {"restarts and applications",
     {asks("c0 0d"_hex), answers("c0 81 0000 / 3402 07 01 / 8813"_hex), asks("c1 0e"_hex),
      answers("c1 81 0000 / 3401 07 01 / 0500"_hex), asks("c2 12 / 5a01 5b 01 0400 / 70756d70"_hex),
      answers("c2 81 0000"_hex), asks("c3 11 / 5a01 06"_hex), answers("c3 81 0000"_hex),
      asks("c4 10 / 5a01 06"_hex), answers("c4 81 0001"_hex)},
     "request 13 cold-restart unit 10; executed; request 14 warm-restart unit 10; executed; "
     "request 18 stop-application unit 10 on pump; executed; "
     "unit 10 event mode-change stop application; "
     "request 17 start-application unit 10 on application; executed; "
     "unit 10 event mode-change start application; "
     "request 16 initialize-application unit 10 on application; rejected for 256"},
    {"what the device says of itself is told as it comes",
     {answers("c0 81 e020"_hex), answers("c0 81 e020"_hex), answers("c0 81 2000"_hex),
      answers("c0 81 a008"_hex), answers("c0 81 8000"_hex, 11)},
     "unit 10 event device-state restart; unit 10 event device-state trouble; "
     "unit 10 event device-state local control; "
     "unit 10 event device-state configuration corrupt; executed; executed; executed; "
     "unit 10 event device-state restart; unit 10 event device-state event buffer overflow; "
     "executed; unit 11 event device-state restart; executed"},
    {"writes of another kind",
     {asks("c0 02 / 3201 07 01 / 001122334455"_hex), answers("c0 81 0000"_hex),
      asks("c1 02 / 5001 00 07 07 / 00"_hex), asks("c2 02 / 2201 00 03 03 / 1000"_hex),
      asks("c3 02 / 00f7 00 00 00 / 01 03 525455"_hex),
      asks("c4 02 / 7004 17 01 / 01 6c6f6763"_hex), asks("c5 02 / 6e02 00 01 01 / 4142"_hex),
      asks("c6 02 / 3201 07 01 / 001122334455 / 2201 00 03 03 / 1000"_hex)},
     "request 2 write-time unit 10 on time; executed; "
     "request 2 clear-restart unit 10 on internal-indication 7; "
     "request 2 write-deadbands unit 10 on analog-deadband 3; "
     "request 2 write-attributes unit 10 on device-attribute 247; "
     "request 2 write-terminal unit 10 on virtual-terminal 1; "
     "request 2 write unit 10 on octet-string 1; request 2 write unit 10 on several"},
    {"time by the LAN and by the line",
     {asks("c0 18"_hex), answers("c0 81 0000"_hex), asks("c1 17"_hex),
      answers("c1 81 0000 / 3402 07 01 / 0500"_hex)},
     "request 24 record-time unit 10; executed; request 23 measure-delay unit 10; executed"},
    {"counters are frozen, once and at times",
     {asks("c0 07 / 1400 06"_hex), asks("c1 09 / 1405 00 02 04"_hex),
      asks("c2 0b / 3202 07 01 000000000000 00000000 / 1400 00 01 02"_hex)},
     "request 7 freeze unit 10 on counter; request 9 freeze-and-clear unit 10 on counter 2..4; "
     "request 11 freeze-at-time unit 10 on counter 1..2"},
    {"reports are asked for, sent and confirmed",
     {asks("c0 15 / 3c02 06 / 3c03 06 / 3c04 06"_hex), answers("c0 81 0000"_hex),
      asks("c1 14 / 3c02 06"_hex), answers("c1 81 0000"_hex),
      answers("f0 82 0200 / 0201 17 01 / 04 81"_hex), asks("d0 00"_hex)},
     "request 21 disable-unsolicited unit 10 on class 1 2 3; executed; "
     "request 20 enable-unsolicited unit 10 on class 1; executed; "
     "notice 130 unsolicited-response unit 10; notice 0 confirm unit 10"},
    {"points are put into classes",
     {asks("c0 16 / 3c02 06 / 0100 00 00 07 / 3c03 06 / 0100 06"_hex)},
     "request 22 assign-class unit 10 on binary-input"},
    {"a configuration is saved, data initialized; a function of nobody's",
     {asks("c0 13"_hex), asks("c1 0f"_hex), asks("c2 50"_hex)},
     "request 19 save-configuration unit 10; request 15 initialize-data unit 10; "
     "request 80 unknown unit 10"},
    {"what the device is",
     {asks("c0 01 / 00fe 00 00 00"_hex),
      answers("c0 81 0000 / 00fc 00 00 00 / 01 04 41636d65 / 00fa 00 00 00 / 01 05 525455 2d39 / "
              "00f2 00 00 00 / 01 03 312e32 / 00f3 00 00 00 / 01 01 42 / 00f8 00 00 00 / 01 02 5337"
              " / 00f7 00 00 00 / 01 04 50323031 / 00f5 00 00 00 / 01 04 57656c6c / "
              "00f9 00 00 00 / 01 06 323a32303039 / 00f0 00 00 00 / 02 02 0008 / "
              "00f6 00 00 00 / 01 00"_hex)},
     "request 1 read-attributes unit 10 on device-attribute 254; executed; "
     "unit 10 vendor Acme; unit 10 model RTU-9; unit 10 firmware 1.2; unit 10 hardware B; "
     "unit 10 serial S7; unit 10 name P201; unit 10 location Well; "
     "unit 10 capability DNP3 2:2009"},
    {"attributes of a maker's own set are none of the standard's",
     {asks("c0 01 / 00fc 00 01 01"_hex),
      answers("c0 81 0000 / 00fc 00 01 01 / 01 04 41636d65"_hex)},
     "request 1 read-attributes unit 10 on device-attribute 252; executed"},
    {"a file is read",
     {asks("c0 19 / 4603 5b 01 1f00 / 1a00 0500 000000000000 0000 00000000 00000000 0100 0004 0100 "
           "612e747874"_hex),
      answers("c0 81 0000 / 4604 5b 01 0d00 / 78563412 05000000 0004 0100 00"_hex),
      asks("c1 01 / 4605 5b 01 0800 / 78563412 00000000"_hex),
      answers("c1 81 0000 / 4605 5b 01 0c00 / 78563412 00000080 68656c6c"_hex),
      asks("c2 1a / 4604 5b 01 0d00 / 78563412 00000000 0000 0200 00"_hex),
      answers("c2 81 0000 / 4604 5b 01 0d00 / 78563412 00000000 0000 0200 00"_hex)},
     "request 25 open-file unit 10 on a.txt; event transfer read a.txt; executed; "
     "request 1 read-file unit 10 on file; executed; request 26 close-file unit 10 on file; "
     "executed"},
    {"a file is written, refused, deleted and asked about",
     {asks("c0 19 / 4603 5b 01 1f00 / 1a00 0500 000000000000 0000 00000000 04000000 0200 0004 0100 "
           "622e636667"_hex),
      answers("c0 81 0000 / 4604 5b 01 0d00 / 78563412 05000000 0004 0100 01"_hex),
      asks("c1 02 / 4605 5b 01 0a00 / 78563412 00000080 6869"_hex),
      answers("c1 81 0000 / 4606 5b 01 0900 / 78563412 00000080 02"_hex),
      asks("c2 1b / 4603 5b 01 1f00 / 1a00 0500 000000000000 0000 00000000 00000000 0000 0000 0100 "
           "622e636667"_hex),
      answers("c2 81 0000 / 4604 5b 01 0d00 / 00000000 00000000 0000 0100 00"_hex),
      asks("c3 1c / 4607 5b 01 1700 / 1200 0500 0100 00000000 000000000000 0000 622e636667"_hex),
      asks("c4 1f / 4608 5b 01 0500 / 622e636667"_hex),
      asks("c5 1e / 4604 5b 01 0d00 / 78563412 00000000 0000 0200 00"_hex)},
     "request 25 open-file unit 10 on b.cfg; event transfer write b.cfg; rejected for 1; "
     "request 2 write-file unit 10 on file; rejected for 2; "
     "request 27 delete-file unit 10 on b.cfg; event transfer delete b.cfg; executed; "
     "request 28 get-file-info unit 10 on b.cfg; "
     "request 31 activate-configuration unit 10 on b.cfg; request 30 abort-file unit 10 on file"},
    {"a password for files crosses in the clear",
     {asks(
          "c0 1d / 4602 5b 01 1900 / 0c00 0500 1100 0800 00000000 61646d696e 70617373776f7264"_hex),
      answers("c0 81 0000 / 4602 5b 01 0c00 / 0c00 0000 0c00 0000 01020304"_hex)},
     "request 29 authenticate-file unit 10 on file; "
     "event cleartext-login DNP3 file, user admin, password default; executed"},
    {"a critical request is challenged and carried out",
     {asks("c6 05 / 0c01 28 0100 / 0100 03 01 64000000 64000000 00"_hex),
      answers("c6 83 0000 / 7801 5b 01 0c00 / 03000000 0000 04 01 73746576"_hex),
      asks("c6 20 / 7802 5b 01 0a00 / 03000000 0100 06fae191"_hex),
      answers("c6 81 0000 / 0c01 28 0100 / 0100 03 01 64000000 64000000 00"_hex)},
     "request 5 direct-operate unit 10 on binary-output latch-on 1; "
     "unit 10 event version DNP3 secure authentication, HMAC SHA-256 of 16 octets; "
     "request 32 authenticate unit 10 on challenge-reply; "
     "event login DNP3 user 1, challenge-reply; executed; executed"},
    {"a challenge that is failed",
     {asks("c6 0d"_hex), answers("c6 83 0000 / 7801 5b 01 0c00 / 03000000 0000 02 01 73746576"_hex),
      asks("c6 20 / 7802 5b 01 0a00 / 03000000 0700 06fae191"_hex),
      answers("c6 83 0000 / 7807 5b 01 0f00 / 03000000 0700 0000 01 000000000000"_hex)},
     "request 13 cold-restart unit 10; "
     "unit 10 event version DNP3 secure authentication, HMAC SHA-1 of 10 octets; "
     "request 32 authenticate unit 10 on challenge-reply; "
     "event login DNP3 user 7, challenge-reply; rejected for 1; rejected for 1; "
     "unit 10 event login-rejected DNP3 user 7, error 1"},
    {"an aggressive request proves itself",
     {asks("cc 05 / 7803 07 01 / 09000000 0100 / 0c01 28 0100 / 0100 03 01 64000000 64000000 00 / "
           "7809 5b 01 1000 / ba8db44d5e72cd0ad418e5e415256867"_hex),
      asks("cd 01 / 7803 07 01 / 09000000 0100 / 3c02 06 / 7809 5b 01 0400 / ba8db44d"_hex)},
     "request 5 direct-operate unit 10 on binary-output latch-on 1; "
     "event login DNP3 user 1, aggressive mode; request 1 read unit 10 on class 1; "
     "event login DNP3 user 1, aggressive mode"},
    {"keys and users are changed",
     {asks("c0 20 / 7804 07 01 / 0100"_hex),
      answers("c0 83 0000 / 7805 5b 01 0f00 / 01000000 0100 02 02 04 0400 01020304"_hex),
      asks("c1 20 / 7806 5b 01 0a00 / 01000000 0100 deadbeef"_hex),
      answers("c1 83 0000 / 7805 5b 01 0f00 / 02000000 0100 02 04 04 0400 01020304"_hex),
      asks("c2 20 / 780b 5b 01 0c00 / 04 0300 0400 626f62 deadbeef"_hex),
      asks("c3 20 / 780a 5b 01 1300 / 04 01 01000000 0100 6400 0300 0000 0000 626f62"_hex),
      asks("c4 21 / 7807 5b 01 0f00 / 03000000 0700 0000 01 000000000000"_hex)},
     "request 32 authenticate unit 10 on session-key-status-request; executed; "
     "request 32 authenticate unit 10 on session-key-change; executed; "
     "unit 10 event login-rejected DNP3 user 1, session key; "
     "request 32 authenticate unit 10 on update-key-change-request; "
     "event login DNP3 user bob, update-key-change-request; "
     "request 32 authenticate unit 10 on user-status-change; "
     "event login DNP3 user bob, user-status-change; "
     "notice 33 authenticate-no-ack unit 10 on authentication-error"},
    {"the link alone",
     {client(frame(0xc0, 10, 3)), server(frame(0x00, 3, 10)), client(frame(0xd2, 10, 3)),
      server(frame(0x01, 3, 10)), client(frame(0xc9, 10, 3)), server(frame(0x0b, 3, 10)),
      server(frame(0x49, 3, 10)), client(frame(0x8b, 10, 3)), client(frame(0xc9, 10, 3)),
      server(frame(0x0f, 3, 10)), client(frame(0xc1, 10, 3))},
     "request link/0 reset-link unit 10; executed; request link/2 test-link unit 10; "
     "rejected for 1; request link/9 request-link-status unit 10; executed; "
     "request link/9 request-link-status unit 10; executed; "
     "request link/9 request-link-status unit 10; rejected for 15; "
     "request link/1 reset-user-process unit 10"},
    {"data that the link acknowledges",
     {client(frame(0xf3, 10, 3, one("c0 0e"_hex))), server(frame(0x00, 3, 10)),
      answers("c0 81 0000"_hex)},
     "request 14 warm-restart unit 10; executed"},
    {"what the link does not know",
     {client(frame(0xc9, 10, 3)), client(frame(0xca, 10, 3, one("c0 01 / 3c01 06"_hex))),
      client(frame(0xd9, 10, 3)), client(frame(0xd4, 10, 3, one("c0 0e"_hex)))},
     "request link/9 request-link-status unit 10; "
     "receiver: unit 10 event malformed link control 0x4a; "
     "request link/9 request-link-status unit 10; "
     "receiver: unit 10 event malformed link control 0x59; "
     "request 14 warm-restart unit 10; receiver: unit 10 event malformed link control 0x54"},
    {"objects that do not fit",
     {asks("c0 01 / 3c02"_hex), asks("c1 05 / 0c01 28 0100 / 0100 03"_hex),
      asks("c2 01 / 1e02 00 09 05"_hex), asks("c3 01 / 1e02 0f"_hex), answers("c3 81"_hex),
      answers("c3 81 0000 / 1e02 00 00 05 / 01"_hex)},
     "request 1 read unit 10; event malformed objects of 1; "
     "request 5 direct-operate unit 10 on binary-output; event malformed objects of 5; "
     "request 1 read unit 10; event malformed objects of 1; "
     "request 1 read unit 10; event malformed objects of 1; "
     "unit 10 event malformed response without indications; executed; "
     "unit 10 event malformed objects of 129"},
    {"counts without end",
     {asks("c0 02 / 6e00 02 00000000 ffffffff"_hex), asks("c1 02 / 7000 09 ffffffff"_hex),
      asks("c2 02 / 0a01 02 00000000 ffffffff"_hex), asks("c3 05 / 2902 09 ffffffff"_hex),
      asks("c4 01 / 1e02 39 ffffffff"_hex), asks("c5 01 / 1e00 09 ffffffff"_hex)},
     "request 2 write unit 10 on octet-string 0..4294967295; "
     "request 2 write-terminal unit 10 on virtual-terminal; "
     "request 2 write unit 10 on binary-output 0..4294967295; event malformed objects of 2; "
     "request 5 direct-operate unit 10 on analog-output; event malformed objects of 5; "
     "request 1 read unit 10 on analog-input; event malformed objects of 1; "
     "request 1 read unit 10 on analog-input"},
    {"each speaks as the other",
     {client(frame(0xc4, 10, 3, one("c0 81 0000"_hex))), answers("c0 01 / 3c01 06"_hex)},
     "event malformed function 129 of a master; event malformed function 1 of an outstation"},
};

TEST_CASE("DNP3: what a dialogue means", "[dnp3]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(without_keys(meaning(c.dialogue)) == c.means);
  CHECK(without_keys(meaning_bytewise(c.dialogue)) == c.means);
}

TEST_CASE("DNP3: a dialogue cut anywhere says nothing that the whole does not", "[dnp3]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue) == "");
}

TEST_CASE("DNP3: an answer is the latest request's that bore its sequence", "[dnp3]") {
  // A restart that nobody answered must not be carried out by an answer to a later reading.
  Dialogue dialogue{asks("c3 0d"_hex)};
  for (const auto* control : {"c4", "c3"}) {
    auto fragment = hex(control);
    for (const auto byte : "01 / 3c01 06"_hex) fragment.push_back(byte);
    dialogue.push_back(asks(fragment));
  }
  dialogue.push_back(answers("c3 81 0000"_hex));
  CHECK(meaning(dialogue) ==
        "request 13 cold-restart unit 10 key 41219; request 1 read unit 10 on class 0 key 41220; "
        "request 1 read unit 10 on class 0 key 41235; executed key 41235");
}

TEST_CASE("DNP3: of requests that use a sequence at once each has its answer", "[dnp3]") {
  const std::string point{" / 2902 17 01 / 02 0100 00"};
  Dialogue dialogue;
  for (const auto* asked : {"c7 03", "c8 04", "c7 03", "c8 04", "c7 03"})
    dialogue.push_back(asks(hex(asked + point)));
  for (const auto* control : {"c7", "c8", "c7", "c8", "c7"})
    dialogue.push_back(answers(hex(control + (" 81 0000" + point))));
  const auto said = meaning(dialogue);
  for (const auto* key : {"41223", "41224", "41239", "41240", "41255"}) {
    CAPTURE(key);
    CHECK(said.find(std::string{"on analog-output 2 key "} + key) != std::string::npos);
    CHECK(said.find(std::string{"executed key "} + key) != std::string::npos);
  }
}

TEST_CASE("DNP3: outstations behind one address have keys of their own", "[dnp3]") {
  CHECK(meaning({asks("c3 01 / 3c01 06"_hex, 10), asks("c3 01 / 3c01 06"_hex, 11),
                 answers("c3 81 0000"_hex, 11), answers("c3 81 0000"_hex, 10)}) ==
        "request 1 read unit 10 on class 0 key 41219; "
        "request 1 read unit 11 on class 0 key 45315; executed key 45315; executed key 41219");
}

Dialogue in_segments(const Message& fragment, std::size_t size, unsigned sequence = 0) {
  Dialogue dialogue;
  for (const auto& data : segments(fragment, size, sequence))
    dialogue.push_back(client(frame(0xc4, kOutstation, kMaster, data)));
  return dialogue;
}

const auto kLongRequest =
    "c0 05 / 0c01 17 02 / 02 03 01 64000000 64000000 00 / 07 03 01 64000000 64000000 00"_hex;
const std::string kLongMeans =
    "request 5 direct-operate unit 10 on binary-output latch-on 2..7 key 41216";

TEST_CASE("DNP3: segments make one fragment, whatever their size and first number", "[dnp3]") {
  const auto size = GENERATE(range(std::size_t{1}, std::size_t{30}));
  const auto sequence = GENERATE(0U, 60U);
  CAPTURE(size, sequence);
  CHECK(meaning(in_segments(kLongRequest, size, sequence)) == kLongMeans);
  CHECK(cut_that_lies(in_segments(kLongRequest, size, sequence)) == "");
}

TEST_CASE("DNP3: a fragment that lacks a segment says nothing", "[dnp3]") {
  const auto whole = in_segments(kLongRequest, 7);
  REQUIRE(whole.size() == 5);
  for (std::size_t lost = 0; lost < whole.size(); ++lost) {
    CAPTURE(lost);
    auto dialogue = whole;
    dialogue.erase(dialogue.begin() + static_cast<std::ptrdiff_t>(lost));
    CHECK(meaning(dialogue).empty());
    dialogue.insert(dialogue.end(), whole.begin(), whole.end());
    CHECK(meaning(dialogue) == kLongMeans);
  }
}

TEST_CASE("DNP3: the segments of two outstations do not mix", "[dnp3]") {
  const auto fragment = "c0 81 0000 / 1e02 00 00 01 / 01 1234 01 1235"_hex;
  const auto parts = segments(fragment, 6);
  Dialogue dialogue{asks("c0 01 / 1e02 00 00 01"_hex, 10), asks("c0 01 / 1e02 00 00 01"_hex, 11)};
  for (const auto& part : parts)
    for (const unsigned outstation : {10U, 11U})
      dialogue.push_back(server(frame(0x44, kMaster, outstation, part)));
  CHECK(without_keys(meaning(dialogue)) ==
        "request 1 read unit 10 on analog-input 0..1; request 1 read unit 11 on analog-input 0..1; "
        "executed; executed");
}

TEST_CASE("DNP3: a fragment without an end is let go", "[dnp3]") {
  Listener listener;
  const Message data(250, 0);
  for (unsigned i = 0; i < 400; ++i) {
    auto segment = data;
    segment[0] = static_cast<std::uint8_t>((i == 0 ? 0x40U : 0U) | (i & 0x3fU));
    listener.hear(client(frame(0xc4, 10, 3, segment)));
  }
  CHECK(listener.text().empty());
  listener.hear(asks("c0 0e"_hex));
  CHECK(listener.text() == "request 14 warm-restart unit 10 key 41216");
}

TEST_CASE("DNP3: a block whose CRC is wrong is malformed and says no more", "[dnp3]") {
  const auto good = asks("c0 05 / 0c01 17 01 / 02 03 01 64000000 64000000 00"_hex);
  for (std::size_t at = 10; at < good.bytes.size(); ++at) {
    CAPTURE(at);
    auto bad = good;
    bad.bytes[at] ^= 0x10U;
    // Behind a sound frame: off the seat, the first has to be sound.
    CHECK(without_keys(meaning({asks("c0 0e"_hex), bad, asks("c1 0e"_hex)})) ==
          "request 14 warm-restart unit 10; receiver: unit 10 event malformed CRC of a block; "
          "request 14 warm-restart unit 10");
  }
}

TEST_CASE("DNP3: noise between frames is stepped over", "[dnp3]") {
  const auto noise = GENERATE(values<Message>({"00"_hex, "05"_hex, "ff ff ff"_hex,
                                               "05 05 64 00"_hex, "05 64 05 c4 0a00 0300 0000"_hex,
                                               Message(300, 0x55), ascii("CONNECT 9600\r\n")}));
  CAPTURE(noise);
  Dialogue dialogue{asks("c0 0e"_hex), asks("c1 0e"_hex)};
  auto& bytes = dialogue[1].bytes;
  bytes.insert(bytes.begin(), noise.begin(), noise.end());
  const bool header = noise.size() == 10;
  const bool split = noise.size() > 292;
  // One octet that a frame may begin with could be what a capture kept of one.
  std::string said = noise == "05"_hex ? ""
                     : header          ? "event malformed CRC of a header; "
                                       : "event malformed bytes between frames; ";
  CHECK(without_keys(meaning(dialogue)) ==
        "request 14 warm-restart unit 10; " + said + "request 14 warm-restart unit 10");
  if (split) said += said;
  CHECK(without_keys(meaning_bytewise(dialogue)) ==
        "request 14 warm-restart unit 10; " + said + "request 14 warm-restart unit 10");
}

TEST_CASE("DNP3: a frame whose header was spoilt costs no other", "[dnp3]") {
  auto spoilt = asks("c1 05 / 0c01 17 01 / 02 03 01 64000000 64000000 00"_hex);
  spoilt.bytes[4] ^= 1U;
  CHECK(without_keys(meaning({asks("c0 0e"_hex), spoilt, asks("c2 0e"_hex)})) ==
        "request 14 warm-restart unit 10; event malformed CRC of a header; "
        "request 14 warm-restart unit 10");
}

struct Flow {
  explicit Flow(bool on_seat, Over over = Over::tcp) {
    context.over = over;
    context.on_seat = on_seat;
    context.state = &state;
  }

  FlowState state{};
  Context context;
};

Extent extent_of(const Message& bytes, bool on_seat = false, Over over = Over::tcp) {
  const Flow flow{on_seat, over};
  return the_dissector().extent(ByteCursor{bytes}, flow.context);
}

Message prefix(const Message& message, std::size_t size) {
  return {message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST_CASE("DNP3: a sound frame is taken on any port", "[dnp3]") {
  const auto bytes = GENERATE(values<Message>(
      {frame(0xc4, 10, 3, one("c0 01 / 3c02 06 / 3c03 06 / 3c04 06 / 3c01 06"_hex)),
       frame(0x44, 3, 10, one(Message(249, 0x81))), frame(0xc9, 10, 3), frame(0x0b, 3, 10),
       frame(0xf3, 10, 3, one("c0 0e"_hex)), frame(0x00, 3, 10), frame(0xd2, 10, 3)}));
  for (const bool on_seat : {false, true}) {
    for (const auto over : {Over::tcp, Over::udp}) {
      CHECK(extent_of(bytes, on_seat, over) == Extent::of(bytes.size()));
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto cut = extent_of(prefix(bytes, size), on_seat, over);
        CHECK((size < 10 ? cut.is_incomplete() : cut == Extent::of(bytes.size())));
      }
    }
  }
}

TEST_CASE("DNP3: off the seat a frame has to be sound and one of the standard's", "[dnp3]") {
  auto bad_block = frame(0xc4, 10, 3, one("c0 01 / 3c01 06"_hex));
  bad_block.back() ^= 1U;
  const auto bytes = GENERATE_COPY(values<Message>({
      bad_block,
      frame(0xc2, 10, 3, one("c0 01 / 3c01 06"_hex)),  // data where the function has none
      frame(0xd4, 10, 3, one("c0 01 / 3c01 06"_hex)),  // a count where there is none
      frame(0xc3, 10, 3, one("c0 01 / 3c01 06"_hex)),  // none where there is one
      frame(0xca, 10, 3),                              // no function
      frame(0x0c, 3, 10), frame(0xc4, 10, 3),          // data without data
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
  CHECK(extent_of(bytes, true) == Extent::of(bytes.size()));
}

TEST_CASE("DNP3: noise before the first frame is stepped over in a stream alone", "[dnp3]") {
  auto bytes = "00 ff 0d0a"_hex;
  CHECK(extent_of(bytes).is_foreign());
  const auto first = frame(0xc9, 10, 3);
  bytes.insert(bytes.end(), first.begin(), first.end());
  CHECK(extent_of(bytes) == Extent::of(4));
  CHECK(extent_of(bytes, false, Over::udp).is_foreign());
  Message far(100, 0);
  far.insert(far.end(), first.begin(), first.end());
  CHECK(extent_of(far).is_foreign());
}

TEST_CASE("DNP3: other bytes are foreign, on the seat too", "[dnp3]") {
  auto header = frame(0xc4, 10, 3, one("c0 01 / 3c01 06"_hex));
  header[8] ^= 1U;
  const auto bytes = GENERATE_COPY(values<Message>({
      header,
      ascii("GET / HTTP/1.1\r\nHost: rtu\r\n\r\n"),
      ascii("SSH-2.0-OpenSSH_9.2\r\n"),
      "16 0301 00c8 01 0000c4 0303"_hex,
      "0001 0000 0006 / 11 / 03 006b 0003"_hex,  // Modbus
      "0300 0016 11 e0 0000 0001 00"_hex,        // TPKT
      "6804 4300 0000"_hex,                      // IEC 104
      "0564 04c4 0a00 0300 0000"_hex,            // shorter than its own header
      "0565 05c9 0a00 0300 0000"_hex,
      "0500 0b03 1000 0000 4800 0000 7f00 0000"_hex,  // DCE/RPC
      "0501 00"_hex,                                  // SOCKS
      Message(40, 0),
      Message(40, 0xff),
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
  CHECK(extent_of(bytes, true).is_foreign());
  CHECK(extent_of(bytes, true, Over::udp).is_foreign());
}

TEST_CASE("DNP3: the sender is told by the direction bit", "[dnp3]") {
  const Flow flow{true};
  const auto told = [&](const Message& message) {
    return the_dissector().sender(ByteCursor{message}, flow.context);
  };
  CHECK(told(frame(0xc4, 10, 3, one("c0 01 / 3c01 06"_hex))) == Sender::client);
  CHECK(told(frame(0x44, 3, 10, one("c0 81 0000"_hex))) == Sender::server);
  CHECK(told(frame(0x8b, 10, 3)) == Sender::client);
  CHECK_FALSE(told("00 ff"_hex));
  CHECK_FALSE(told({}));
}

TEST_CASE("DNP3: several frames in one datagram, and padding behind them", "[dnp3]") {
  Flow flow{true, Over::udp};
  auto bytes = frame(0xc9, 10, 3);
  const auto size = bytes.size();
  const auto second = frame(0xc4, 10, 3, one("c0 0e"_hex));
  bytes.insert(bytes.end(), second.begin(), second.end());
  bytes.resize(bytes.size() + 6);
  flow.state[0] = 1;
  const auto extent = the_dissector().extent;
  CHECK(extent(ByteCursor{bytes}, flow.context) == Extent::of(size));
  const Bytes rest = Bytes{bytes}.subspan(size);
  CHECK(extent(ByteCursor{rest}, flow.context) == Extent::of(second.size()));
  CHECK(extent(ByteCursor{rest.subspan(second.size())}, flow.context).is_foreign());
}

TEST_CASE("DNP3: neither passwords nor keys nor challenges are ever said", "[dnp3]") {
  for (const auto& c : cases) {
    const auto text = meaning(c.dialogue);
    CHECK(text.find("password password") == std::string::npos);
    CHECK(text.find("stev") == std::string::npos);
    CHECK(text.find("\\xde\\xad") == std::string::npos);
  }
}

TEST_CASE("DNP3: random bytes are not taken for a frame", "[dnp3]") {
  std::mt19937 random{20000};
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    Message bytes(40);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = 0x05;
    bytes[1] = 0x64;
    taken += extent_of(bytes).is_message() ? 1 : 0;
  }
  CAPTURE(taken);
  CHECK(taken < 10);
}

TEST_CASE("DNP3: damaged dialogues are survived", "[dnp3]") {
  const auto seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

/// Damage within the fragment, under sound CRCs, reaches what lies behind them.
TEST_CASE("DNP3: any fragment is read without harm", "[dnp3]") {
  const auto seed = GENERATE(range(0U, 40U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  Listener listener;
  for (int i = 0; i < 300; ++i) {
    Message fragment(2 + random() % 60);
    for (auto& byte : fragment) byte = static_cast<std::uint8_t>(random());
    fragment[0] = static_cast<std::uint8_t>(0xc0U | (random() & 0x0fU));
    const bool answer = random() % 2 == 0;
    fragment[1] = static_cast<std::uint8_t>(answer ? 129 + random() % 3 : random() % 34);
    if (fragment.size() > 8) {
      constexpr std::array<std::uint8_t, 8> kGroups{0, 1, 12, 41, 50, 60, 70, 120};
      const std::size_t at = answer ? 4 : 2;
      fragment[at] = kGroups[random() % kGroups.size()];
      fragment[at + 1] = static_cast<std::uint8_t>(random() % 12);
      constexpr std::array<std::uint8_t, 8> kQualifiers{0, 1, 2, 6, 7, 0x17, 0x28, 0x5b};
      fragment[at + 2] = kQualifiers[random() % kQualifiers.size()];
    }
    CHECK(listener.hear(answer ? answers(fragment) : asks(fragment)));
  }
}

TEST_CASE("DNP3: the table has each code once and named", "[dnp3]") {
  std::set<std::uint32_t> codes;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK_FALSE(row.name.empty());
    CHECK(codes.insert(row.code).second);
    CHECK(row.access != Access::unknown);
  }
}

}  // namespace
}  // namespace sekimori::test
