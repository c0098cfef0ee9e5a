#pragma once

// Messages of Modbus and UMAS and what they mean.

#include "sekimori/dissect/dissector.h"

#include "hex.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <vector>

namespace sekimori::test {

using Message = std::vector<std::uint8_t>;

/// A message, for an answer with the request before it, and what it means.
struct Case {
  std::string name;
  Sender sender = Sender::client;
  Message message;
  std::string means;
  Message before = {};
};

inline std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

inline constexpr auto kClient = Sender::client;
inline constexpr auto kServer = Sender::server;

/// `count` zeros, for messages whose data does not matter.
inline std::string many(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "00";
  return text;
}

inline const std::vector<Case> requests{
    {"read coils", kClient, "0001 0000 0006 / 11 / 01 0013 0025"_hex,
     "request 1 read-coils unit 17 on coil 19..55 key 1114113"},
    {"read discrete inputs", kClient, "0000 0000 0006 / 00 / 02 00c4 0016"_hex,
     "request 2 read-discrete-inputs unit 0 on discrete-input 196..217"},
    {"read holding registers", kClient, "0001 0000 0006 / 11 / 03 006b 0003"_hex,
     "request 3 read-holding-registers unit 17 on holding-register 107..109 key 1114113"},
    {"read the last register", kClient, "0001 0000 0006 / 00 / 04 ffff 0001"_hex,
     "request 4 read-input-registers unit 0 on input-register 65535 key 1"},
    {"write a coil", kClient, "0002 0000 0006 / 00 / 05 00ac ff00"_hex,
     "request 5 write-coil unit 0 on coil 172 key 2"},
    {"write a register", kClient, "0002 0000 0006 / ff / 06 0001 0003"_hex,
     "request 6 write-register unit 255 on holding-register 1 key 16711682"},
    {"read exception status", kClient, "0002 0000 0002 / 00 / 07"_hex,
     "request 7 read-exception-status unit 0 key 2"},
    {"return query data", kClient, "0002 0000 0006 / 00 / 08 0000 a537"_hex,
     "request 8/0 return-query-data unit 0 key 2"},
    {"restart communications", kClient, "0002 0000 0006 / 00 / 08 0001 ff00"_hex,
     "request 8/1 restart-communications unit 0 key 2"},
    {"force listen only", kClient, "0002 0000 0006 / 00 / 08 0004 0000"_hex,
     "request 8/4 force-listen-only unit 0 key 2"},
    {"clear counters", kClient, "0002 0000 0006 / 00 / 08 000a 0000"_hex,
     "request 8/10 clear-counters unit 0 key 2"},
    {"a diagnosis that the table lacks", kClient, "0002 0000 0006 / 00 / 08 0077 0000"_hex,
     "request 8/119 unknown unit 0 key 2"},
    {"get the event counter", kClient, "0002 0000 0002 / 00 / 0b"_hex,
     "request 11 get-event-counter unit 0 key 2"},
    {"get the event log", kClient, "0002 0000 0002 / 00 / 0c"_hex,
     "request 12 get-event-log unit 0 key 2"},
    {"write coils", kClient, "0002 0000 0009 / 00 / 0f 0013 000a 02 cd01"_hex,
     "request 15 write-coils unit 0 on coil 19..28 key 2"},
    {"write registers", kClient, "0002 0000 000b / 00 / 10 0001 0002 04 000a 0102"_hex,
     "request 16 write-registers unit 0 on holding-register 1..2 key 2"},
    {"report server id", kClient, "0002 0000 0002 / 05 / 11"_hex,
     "request 17 report-server-id unit 5 key 327682"},
    {"read two ranges of one file", kClient,
     "0002 0000 0011 / 00 / 14 0e / 06 0004 0001 0002 / 06 0004 0009 0002"_hex,
     "request 20 read-file-record unit 0 on file 4 1..10 key 2"},
    {"read two files", kClient,
     "0002 0000 0011 / 00 / 14 0e / 06 0004 0001 0002 / 06 0003 0009 0002"_hex,
     "request 20 read-file-record unit 0 on file 3..4 key 2"},
    {"write a file", kClient, "0002 0000 0010 / 00 / 15 0d / 06 0004 0007 0003 06af 04be 100d"_hex,
     "request 21 write-file-record unit 0 on file 4 7..9 key 2"},
    {"mask a register", kClient, "0002 0000 0008 / 00 / 16 0004 00f2 0025"_hex,
     "request 22 mask-write-register unit 0 on holding-register 4 key 2"},
    {"read and write registers", kClient,
     "0002 0000 0011 / 00 / 17 0003 0006 / 000e 0003 06 00ff 00ff 00ff"_hex,
     "request 23 read-write-registers unit 0 on holding-register 14..16 key 2"},
    {"read a queue", kClient, "0002 0000 0004 / 00 / 18 04de"_hex,
     "request 24 read-fifo-queue unit 0 on fifo-queue 1246 key 2"},
    {"CANopen through Modbus", kClient, "0002 0000 0008 / 00 / 2b 0d 01 02 03 04 05"_hex,
     "request 43/13 canopen-general-reference unit 0 key 2"},
    {"read the identity", kClient, "0002 0000 0005 / 00 / 2b 0e 01 00"_hex,
     "request 43/14 read-device-identification unit 0 key 2"},
    {"read one object", kClient, "0002 0000 0005 / 00 / 2b 0e 04 06"_hex,
     "request 43/14 read-device-identification unit 0 key 2"},
};

/// Functions of which only the length can be checked.
inline const std::vector<Case> opaque{
    {"a program function", kClient, "0002 0000 0004 / 00 / 7e 01 02"_hex,
     "request 126 program-584-984-extended unit 0 key 2"},
    {"new firmware", kClient, "0002 0000 0004 / 00 / 7d 01 02"_hex,
     "request 125 firmware-replacement unit 0 key 2"},
    {"a user's own function", kClient, "0002 0000 0004 / 00 / 64 01 02"_hex,
     "request 100 unknown unit 0 key 2"},
};

inline const std::vector<Case> umas{
    {"UMAS opens", kClient, "0001 0000 0005 / 00 / 5a 00 01 00"_hex,
     "request 90/0x01 init-communication unit 0 key 1"},
    {"UMAS asks who", kClient, "0001 0000 0004 / 00 / 5a 00 02"_hex,
     "request 90/0x02 read-id unit 0 key 1"},
    {"UMAS answers who", kServer,
     "0001 0000 0032 / 00 / 5a 00 fe / 0102 03040506 0000 / 7002 0000 2700 0900 08000000 0000 /"
     "0e 3134302043505520333131203130 / 01 0101 0000 00001100"_hex,
     "executed key 1; model 140 CPU 311 10; firmware 2.70; hardware 9",
     "0001 0000 0004 / 00 / 5a 00 02"_hex},
    {"UMAS reserves", kClient, "0001 0000 000f / 00 / 5a 00 10 434c 0000 06 4557532d3031"_hex,
     "request 90/0x10 take-reservation unit 0 key 1; name EWS-01"},
    {"UMAS reserves without a name", kClient, "0001 0000 0009 / 00 / 5a 00 10 434c 0000 00"_hex,
     "request 90/0x10 take-reservation unit 0 key 1"},
    {"UMAS reserves with a name that is no text", kClient,
     "0001 0000 000b / 00 / 5a 00 10 434c 0000 02 01ff"_hex,
     "request 90/0x10 take-reservation unit 0 key 1"},
    {"UMAS is reserved", kServer, "0001 0000 0005 / 00 / 5a 00 fe 01"_hex, "executed key 1",
     "0001 0000 0009 / 00 / 5a 00 10 434c 0000 00"_hex},
    {"UMAS reads memory", kClient, "0001 0000 000d / 00 / 5a 00 20 00 1301 0000 0000 6400"_hex,
     "request 90/0x20 read-memory-block unit 0 on memory-block 275 key 1"},
    {"UMAS loads a program into the controller", kClient,
     "0001 0000 000b / 00 / 5a 01 31 0001 0100 0100 aa"_hex,
     "request 90/0x31 program-download-block unit 0 key 1"},
    {"UMAS reads a program out", kClient, "0001 0000 0008 / 00 / 5a 01 34 0001 0100"_hex,
     "request 90/0x34 program-upload-block unit 0 key 1"},
    {"UMAS asks to start", kClient, "0001 0000 0006 / 00 / 5a 01 40 ff00"_hex,
     "request 90/0x40 start-plc unit 0 key 1"},
    {"UMAS starts", kServer, "0001 0000 0004 / 00 / 5a 01 fe"_hex,
     "executed key 1; event mode-change start", "0001 0000 0006 / 00 / 5a 01 40 ff00"_hex},
    {"UMAS stops a unit", kServer, "0001 0000 0004 / 07 / 5a 01 fe"_hex,
     "executed key 458753; unit 7 event mode-change stop",
     "0001 0000 0006 / 07 / 5a 01 41 ff00"_hex},
    {"UMAS refuses to stop", kServer, "0001 0000 0006 / 00 / 5a 01 fd 8180"_hex,
     "rejected for 32897 key 1", "0001 0000 0006 / 00 / 5a 01 41 ff00"_hex},
    {"UMAS refuses with one byte", kServer, "0001 0000 0005 / 00 / 5a 01 fd 83"_hex,
     "rejected for 131 key 1", "0001 0000 0006 / 00 / 5a 01 41 ff00"_hex},
    {"UMAS refuses without a reason", kServer, "0001 0000 0004 / 00 / 5a 01 fd"_hex,
     "rejected for 0 key 1", "0001 0000 0006 / 00 / 5a 01 41 ff00"_hex},
    {"a device without UMAS", kServer, "0001 0000 0003 / 00 / da 01"_hex, "rejected for 1 key 1",
     "0001 0000 0004 / 00 / 5a 00 02"_hex},
    {"UMAS answers nobody that was heard", kServer, "0001 0000 0004 / 00 / 5a 01 fe"_hex,
     "executed key 1"},
    {"a UMAS frame with 1022 bytes", kClient, hex("0001 0000 0402 / 00 / 5a 01 31" + many(1022)),
     "request 90/0x31 program-download-block unit 0 key 1"},
    {"a UMAS code that the table lacks", kClient, "0001 0000 0004 / 00 / 5a 00 6d"_hex,
     "request 90/0x6d unknown unit 0 key 1"},
};

inline const std::vector<Case> answers{
    {"coils", kServer, "0001 0000 0004 / 11 / 01 01 cd"_hex, "executed key 1114113",
     "0001 0000 0006 / 11 / 01 0013 0008"_hex},
    {"registers", kServer, "0001 0000 0007 / 11 / 03 04 022b 0000"_hex, "executed key 1114113",
     "0001 0000 0006 / 11 / 03 006b 0002"_hex},
    {"registers that nobody was heard to ask for", kServer, "0001 0000 0005 / 11 / 03 02 022b"_hex,
     "executed key 1114113"},
    {"a coil written", kServer, "0001 0000 0006 / 00 / 05 00ac ff00"_hex, "executed key 1"},
    {"exception status", kServer, "0001 0000 0003 / 00 / 07 6d"_hex, "executed key 1"},
    {"an event counter", kServer, "0001 0000 0006 / 00 / 0b ffff 0108"_hex, "executed key 1"},
    {"an event log", kServer, "0001 0000 000b / 00 / 0c 08 0000 0108 0121 2000"_hex,
     "executed key 1"},
    {"registers written", kServer, "0001 0000 0006 / 00 / 10 0001 0002"_hex, "executed key 1"},
    {"file records", kServer, "0001 0000 000f / 00 / 14 0c / 05 06 0dfe 0020 / 05 06 33cd 0040"_hex,
     "executed key 1"},
    {"registers read and written", kServer, "0001 0000 0005 / 00 / 17 02 00fe"_hex,
     "executed key 1", "0001 0000 000d / 00 / 17 0003 0001 / 000e 0001 02 00ff"_hex},
    {"a queue", kServer, "0001 0000 000a / 00 / 18 0006 0002 01b8 1284"_hex, "executed key 1"},
    {"an empty queue", kServer, "0001 0000 0006 / 00 / 18 0002 0000"_hex, "executed key 1"},
    {"listening only is echoed by some", kServer, "0001 0000 0006 / 00 / 08 0004 0000"_hex,
     "executed key 1"},
    {"a refusal", kServer, "0001 0000 0003 / 01 / 86 02"_hex, "rejected for 2 key 65537",
     "0001 0000 0006 / 01 / 06 0001 0003"_hex},
    {"a gateway's refusal", kServer, "0001 0000 0003 / 09 / 83 0b"_hex,
     "rejected for 11 key 589825", "0001 0000 0006 / 09 / 03 0001 0003"_hex},
};

inline const std::vector<Case> identities{
    {"the basic identity", kServer,
     "0006 0000 001a / 00 / 2b 0e 01 01 00 00 03 / 00 04 41636d65 / 01 04 504c4337 /"
     "02 04 56312e32"_hex,
     "executed key 6; vendor Acme; model PLC7; firmware V1.2",
     "0006 0000 0005 / 00 / 2b 0e 01 00"_hex},
    {"the regular identity of a unit behind a gateway", kServer,
     "0006 0000 0016 / 21 / 2b 0e 02 82 ff 06 04 / 03 02 2f75 / 04 02 503a /"
     "05 01 4d / 06 01 41"_hex,
     "executed key 2162694; unit 33 description /u; unit 33 product P:; unit 33 model M; "
     "unit 33 software A",
     "0006 0000 0005 / 21 / 2b 0e 02 00"_hex},
    {"the extended identity, of which text is told", kServer,
     "0006 0000 0014 / ff / 2b 0e 03 83 00 00 03 / 80 03 616263 / 81 02 0102 / 7f 01 41"_hex,
     "executed key 16711686; description abc", "0006 0000 0005 / ff / 2b 0e 03 80"_hex},
    {"one object", kServer, "0006 0000 000d / 00 / 2b 0e 04 81 00 00 01 / 02 03 312e30"_hex,
     "executed key 6; firmware 1.0", "0006 0000 0005 / 00 / 2b 0e 04 02"_hex},
    {"an object without text", kServer, "0006 0000 000a / 00 / 2b 0e 04 81 00 00 01 / 00 00"_hex,
     "executed key 6"},
    {"a running server", kServer, "0006 0000 000d / 00 / 11 0a / b4 ff 4c4d42332e312e38"_hex,
     "executed key 6; description server id 0xb4, LMB3.1.8; mode run"},
    {"a stopped server without more", kServer, "0006 0000 0005 / 03 / 11 02 / 09 00"_hex,
     "executed key 196614; unit 3 description server id 0x09; unit 3 mode stop"},
    {"a server whose id is text", kServer, "0006 0000 0009 / 00 / 11 06 / 41636d652d ff"_hex,
     "executed key 6; description server id Acme-; mode run"},
    {"a server id in which no run byte can be told", kServer,
     "0006 0000 0007 / 00 / 11 04 / 01 02 03 ff"_hex, "executed key 6"},
    {"a server id alone", kServer, "0006 0000 0004 / 00 / 11 01 / 09"_hex, "executed key 6"},
};

/// Messages that their function cannot have.
inline const std::vector<Case> malformed{
    {"more registers than a message holds", kClient, "0001 0000 0006 / 00 / 03 0000 ffff"_hex,
     "request 3 read-holding-registers unit 0 on holding-register key 1; "
     "event malformed request of 3"},
    {"no register at all", kClient, "0001 0000 0006 / 00 / 03 0000 0000"_hex,
     "request 3 read-holding-registers unit 0 on holding-register key 1; "
     "event malformed request of 3"},
    {"a read without its quantity", kClient, "0001 0000 0004 / 00 / 03 0000"_hex,
     "request 3 read-holding-registers unit 0 key 1; event malformed request of 3"},
    {"a read with more behind it", kClient, "0001 0000 0008 / 00 / 03 0000 0001 0000"_hex,
     "request 3 read-holding-registers unit 0 on holding-register key 1; "
     "event malformed request of 3"},
    {"a coil that is neither on nor off", kClient, "0001 0000 0006 / 00 / 05 0000 0001"_hex,
     "request 5 write-coil unit 0 on coil key 1; event malformed request of 5"},
    {"registers that the byte count does not cover", kClient,
     "0001 0000 000b / 00 / 10 0001 0002 02 000a 0102"_hex,
     "request 16 write-registers unit 0 on holding-register key 1; "
     "event malformed request of 16"},
    {"a read and write with random counts", kClient,
     "0001 0000 000d / 00 / 17 0000 0000 df21 12bf cf ed0e"_hex,
     "request 23 read-write-registers unit 0 on holding-register key 1; "
     "event malformed request of 23"},
    {"no file record", kClient, "0001 0000 0003 / 00 / 14 00"_hex,
     "request 20 read-file-record unit 0 on file key 1; event malformed request of 20"},
    {"an encapsulated type that nobody knows", kClient, "0001 0000 0004 / 00 / 2b 55 00"_hex,
     "request 43/85 unknown unit 0 key 1; event malformed request of 43/85"},
    {"UMAS without a code", kClient, "0001 0000 0003 / 00 / 5a 00"_hex,
     "request 90 umas unit 0 key 1; event malformed request of 90"},
    {"function 0", kClient, "0001 0000 0002 / 00 / 00"_hex,
     "request 0 unknown unit 0 key 1; event malformed request of 0"},
    {"data that the byte count does not cover", kServer, "0001 0000 0006 / 00 / 03 02 0000 00"_hex,
     "executed key 1; event malformed answer of 3"},
    {"a refusal with more behind it", kServer, "0001 0000 0005 / 00 / 83 02 0000"_hex,
     "rejected for 2 key 1; event malformed refusal of 3"},
};

/// Messages whose fault shows only further in, or beside the request.
inline const std::vector<Case> inconsistent{
    {"a file record that ends outside", kClient,
     "0001 0000 000c / 00 / 15 09 / 06 0004 0007 0003 06af"_hex,
     "request 21 write-file-record unit 0 on file key 1; event malformed request of 21"},
    {"a client that refuses", kClient, "0001 0000 0003 / 00 / 83 02"_hex,
     "request 131 unknown unit 0 key 1; event malformed request of 131"},
    {"less than was asked for", kServer, "0001 0000 0005 / 00 / 03 02 0000"_hex,
     "executed key 1; event malformed answer of other size to 3",
     "0001 0000 0006 / 00 / 03 0000 0002"_hex},
    {"the answer to another function", kServer, "0001 0000 0005 / 00 / 04 02 0000"_hex,
     "executed key 1; event malformed other answer to 3", "0001 0000 0006 / 00 / 03 0000 0001"_hex},
    {"the refusal of another function", kServer, "0001 0000 0003 / 00 / 84 02"_hex,
     "rejected for 2 key 1; event malformed other answer to 3",
     "0001 0000 0006 / 00 / 03 0000 0001"_hex},
    {"UMAS neither done nor refused", kServer, "0001 0000 0004 / 00 / 5a 01 40"_hex,
     "event malformed answer of 90", "0001 0000 0006 / 00 / 5a 01 40 ff00"_hex},
    {"fewer objects than said", kServer,
     "0006 0000 000e / 00 / 2b 0e 01 01 00 00 02 / 00 04 41636d65"_hex,
     "executed key 6; vendor Acme; event malformed objects of 43"},
    {"more objects than said", kServer, "0006 0000 000b / 00 / 2b 0e 01 00 4d b7 00 / 000000"_hex,
     "executed key 6; event malformed objects of 43"},

};

inline std::vector<Case> joined(std::initializer_list<const std::vector<Case>*> parts) {
  std::vector<Case> all;
  for (const auto* part : parts) all.insert(all.end(), part->begin(), part->end());
  return all;
}

inline const std::vector<Case> well_formed = joined({&requests, &umas, &answers, &identities});
inline const std::vector<Case> cases = joined({&well_formed, &opaque, &malformed, &inconsistent});

}  // namespace sekimori::test
