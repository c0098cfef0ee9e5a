#include "sekimori/dissect/dissector.h"

#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector tpkt(const ByteVector& tpdu) {
  return join({"0300"_hex, big(tpdu.size() + 4, 2), tpdu});
}
ByteVector dt(const ByteVector& payload, bool last = true) {
  return tpkt(join({last ? "02 f0 80"_hex : "02 f0 00"_hex, payload}));
}
ByteVector sizes(const ByteVector& parameter, const ByteVector& content) {
  return join({big(parameter.size(), 2), big(content.size(), 2)});
}
ByteVector job(unsigned reference, const ByteVector& parameter, const ByteVector& content = {}) {
  return join({"32 01 0000"_hex, big(reference, 2), sizes(parameter, content), parameter, content});
}
ByteVector answer(unsigned reference, const ByteVector& parameter, const ByteVector& content = {},
                  unsigned error = 0) {
  return join({"32 03 0000"_hex, big(reference, 2), sizes(parameter, content), big(error, 2),
               parameter, content});
}
/// An acknowledgement without data.
ByteVector ack(unsigned reference, unsigned error) {
  return join({"32 02 0000"_hex, big(reference, 2), "0000 0000"_hex, big(error, 2)});
}
ByteVector userdata(unsigned reference, const ByteVector& parameter, const ByteVector& content) {
  return join({"32 07 0000"_hex, big(reference, 2), sizes(parameter, content), parameter, content});
}
ByteVector envelope(const ByteVector& content) {
  return join({"ff 09"_hex, sized(content, 2)});
}
const ByteVector kNothing = "0a 00 0000"_hex;

/// Userdata that asks, with the type and group, and the subfunction.
ByteVector ask(unsigned reference, const ByteVector& what, const ByteVector& content) {
  return dt(userdata(reference, join({"000112 04 11"_hex, what, "00"_hex}), content));
}
/// Its answer: sequence, data unit, more, error.
ByteVector told(unsigned reference, const ByteVector& what, const ByteVector& content,
                const ByteVector& tail = "01 00 00 0000"_hex) {
  return dt(userdata(reference, join({"000112 08 12"_hex, what, tail}), content));
}

const ByteVector kRequest =
    "0300 0016 / 11 e0 0000 0009 00 / c0 01 0a / c1 02 0100 / c2 02 0102"_hex;
const ByteVector kConfirm =
    "0300 0016 / 11 d0 0009 0003 00 / c0 01 0a / c1 02 0100 / c2 02 0102"_hex;
const ByteVector kSetup = dt(job(1, "f0 00 0001 0001 01e0"_hex));
const ByteVector kSetupDone = dt(answer(1, "f0 00 0001 0001 00f0"_hex));

ByteVector item(const ByteVector& rest) {
  return join({"12 0a 10"_hex, rest});
}
/// Blocks by their names: `_0A00001P`.
ByteVector named_job(unsigned function, std::string_view name) {
  return dt(job(7, join({big(function, 1), "00 0000 00000000"_hex, sized(ascii(name), 1)})));
}
ByteVector invoke(const ByteVector& argument, std::string_view name) {
  return dt(job(9, join({"28 000000000000fd"_hex, sized(argument, 2), sized(ascii(name), 1)})));
}

ByteVector padded(std::string_view text, std::size_t size, std::uint8_t with = 0) {
  auto bytes = ascii(text);
  bytes.resize(size, with);
  return bytes;
}
ByteVector szl(const ByteVector& id, unsigned size, const std::vector<ByteVector>& records) {
  auto list = join({id, big(size, 2), big(records.size(), 2)});
  for (const auto& record : records) list = join({list, record});
  return list;
}
ByteVector module_record(unsigned index, std::string_view order, const ByteVector& versions) {
  return join({big(index, 2), padded(order, 20, ' '), "00c0"_hex, versions});
}
ByteVector component(unsigned index, std::string_view text) {
  return join({big(index, 2), padded(text, 32)});
}

const ByteVector kComponents =
    szl("001c 0000"_hex, 34,
        {component(1, "S7300 station"), component(2, "PLC_1"), component(3, "PRESS-3"),
         component(4, "Original Siemens Equipment"), component(5, "S C-X4U421302009"),
         component(7, "CPU 315-2 PN/DP"), component(8, "MMC 5F8A21C0"),
         join({"0009 002a f600"_hex, ByteVector(28, 0)}), component(10, "Acme"),
         component(11, "hall 2")});

ByteVector part(const ByteVector& whole, std::size_t from, std::size_t to) {
  return {whole.begin() + static_cast<std::ptrdiff_t>(from),
          whole.begin() + static_cast<std::ptrdiff_t>(std::min(to, whole.size()))};
}

const ByteVector kReadDb = job(2, "04 01 12 0a 10 02 0010 0001 84 000050"_hex);

const std::vector<DialogueCase> cases{
    {"a connection, and where in the rack it leads",
     {client(kRequest), server(kConfirm), client(kSetup), server(kSetupDone)},
     "request 0xf0 setup-communication on PG to rack 0 slot 2 key 1; executed key 1"},
    {"a connection by a TSAP of its own kind",
     {client("0300 0016 / 11 e0 0000 0009 00 / c1 02 4d57 / c2 02 4d57 / c0 01 0a"_hex),
      client(kSetup)},
     "request 0xf0 setup-communication key 1"},
    {"a read of a data block",
     {client(dt(job(2, join({"04 01"_hex, item("02 0010 0001 84 000050"_hex)})))),
      server(dt(answer(2, "04 01"_hex, "ff 04 0080"_hex)))},
     "request 0x04 read-variable on DB1 10..25 key 2; executed key 2"},
    {"a read of several areas",
     {client(dt(
         job(3, join({"04 05"_hex, item("03 0001 0000 83 000009"_hex),
                      item("1d 0001 0000 1d 000005"_hex), item("02 0001 0007 84 000000"_hex),
                      item("02 0001 0000 81 000000"_hex), item("02 0001 0000 82 000000"_hex)}))))},
     "request 0x04 read-variable on M, T, DB7, I and more key 3"},
    {"items of one area count as one",
     {client(dt(job(3, join({"04 02"_hex, item("08 0001 0007 84 000020"_hex),
                             item("01 0001 0007 84 000105"_hex)}))))},
     "request 0x04 read-variable on DB7 4..32 key 3"},
    {"counters and timers are numbered",
     {client(dt(job(3, join({"04 01"_hex, item("1c 0003 0000 1c 000004"_hex)}))))},
     "request 0x04 read-variable on C 4..6 key 3"},
    {"a read of a data block in parts, of a symbol, of an NC, of a drive",
     {client(dt(job(3, "04 01 12 0c b0 02 04 0005 0010 08 0005 0020"_hex))),
      client(dt(job(4, "04 01 12 07 b2 ff 00000052 9a"_hex))),
      client(dt(job(5, "04 02 12 08 82 41 0001 0002 7f 01 12 08 82 41 0001 0002 1a 01"_hex))),
      client(dt(job(6, "04 01 12 0a a2 00 0001 0003 03f5 0000"_hex)))},
     "request 0x04 read-variable on DB5 16..39 key 3; request 0x04 read-variable on symbol key 4; "
     "request 0x04 read-variable on channel module 0x7f, channel module 0x1a key 5; "
     "request 0x04 read-variable on drive parameter key 6"},
    {"a write and its refusal",
     {client(
          dt(job(4, join({"05 01"_hex, item("02 0001 0000 83 000000"_hex)}), "00 04 0008 01"_hex))),
      server(dt(answer(4, "05 01"_hex, "05"_hex)))},
     "request 0x05 write-variable on M 0 key 4; rejected for 5 key 4"},
    {"of several writes one is done",
     {client(dt(job(4,
                    join({"05 02"_hex, item("02 0001 0000 83 000000"_hex),
                          item("02 0001 0000 80 000000"_hex)}),
                    "00 04 0008 01 00 00 04 0008 02"_hex))),
      server(dt(answer(4, "05 02"_hex, "03 ff"_hex)))},
     "request 0x05 write-variable on M, P key 4; executed key 4"},
    {"of several reads none is done",
     {client(dt(job(5, join({"04 02"_hex, item("02 0001 0000 83 000000"_hex),
                             item("02 0001 0000 83 000000"_hex)})))),
      server(dt(answer(5, "04 02"_hex, "0a 00 0000 05 00 0000"_hex)))},
     "request 0x04 read-variable on M 0 key 5; rejected for 10 key 5"},
    {"of several reads the second is done, behind one of odd size",
     {client(dt(job(5, join({"04 02"_hex, item("02 0001 0000 83 000000"_hex),
                             item("02 0001 0000 83 000000"_hex)})))),
      server(dt(answer(5, "04 02"_hex, "0a 09 0001 77 00 ff 04 0008 01"_hex)))},
     "request 0x04 read-variable on M 0 key 5; executed key 5"},
    {"a refusal of the whole job",
     {client(dt(job(6, join({"04 01"_hex, item("02 0001 0000 83 000000"_hex)})))),
      server(dt(ack(6, 0x8104)))},
     "request 0x04 read-variable on M 0 key 6; rejected for 33028 key 6"},
    {"a stop",
     {client(dt(job(6, join({"29 0000000000"_hex, sized(ascii("P_PROGRAM"), 1)})))),
      server(dt(answer(6, "29"_hex)))},
     "request 0x29 stop-plc key 6; executed key 6; event mode-change stop"},
    {"a stop that is refused",
     {client(dt(job(6, join({"29 0000000000"_hex, sized(ascii("P_PROGRAM"), 1)})))),
      server(dt(ack(6, 0x8402)))},
     "request 0x29 stop-plc key 6; rejected for 33794 key 6"},
    {"starts, warm and cold",
     {client(invoke({}, "P_PROGRAM")), server(dt(answer(9, "28"_hex))),
      client(invoke(ascii("C "), "P_PROGRAM")), server(dt(answer(9, "28"_hex)))},
     "request 0x28 start-plc on P_PROGRAM, warm restart key 9; executed key 9; "
     "event mode-change warm restart; "
     "request 0x28 start-plc on P_PROGRAM, cold restart key 9; executed key 9; "
     "event mode-change cold restart"},
    {"what program invocation does to blocks and memory",
     {client(invoke(join({"01 00"_hex, ascii("0A00001P")}), "_INSE")),
      client(invoke(join({"02 00"_hex, ascii("0800001P0C00002P")}), "_DELE")),
      client(invoke(ascii("EP"), "_MODU")), client(invoke({}, "_GARB")),
      client(invoke({}, "_XYZ"))},
     "request 0x28 insert-block on _INSE DB 1 key 9; "
     "request 0x28 delete-block on _DELE OB and more key 9; "
     "request 0x28 copy-ram-to-rom on _MODU key 9; request 0x28 compress-memory on _GARB key 9; "
     "request 0x28 program-invocation on _XYZ key 9"},
    {"what it does to an NC",
     {client(invoke(join({sized(ascii("001"), 1), sized(ascii("/_N_MPF_DIR/_N_A_MPF"), 1)}),
                    "_N_F_DELE")),
      client(invoke(join({sized(ascii("401"), 1), sized(ascii("SUNRISE"), 1)}), "_N_LOGIN_")),
      client(invoke(join({sized(ascii("401"), 1)}), "_N_SCALE_"))},
     "request 0x28 nc-file on _N_F_DELE /_N_MPF_DIR/_N_A_MPF key 9; "
     "request 0x28 nc-login on _N_LOGIN_ key 9; event cleartext-login s7comm, password short; "
     "request 0x28 nc-configure on _N_SCALE_ key 9"},
    {"a download, of which the controller asks the parts",
     {client(dt(job(7, join({"1a 00 0100 00000000"_hex, sized(ascii("_0A00001P"), 1),
                             sized(ascii("1000500000040"), 1)})))),
      server(dt(answer(7, "1a"_hex))), server(named_job(0x1b, "_0A00001P")),
      client(dt(answer(7, "1b 00"_hex, "0002 00fb 7070"_hex))),
      server(named_job(0x1c, "_0A00001P")), client(dt(answer(7, "1c"_hex)))},
     "request 0x1a request-download on DB 1 key 7; executed key 7; event transfer download of DB1; "
     "request 0x1b download-block on DB 1 key 7; executed key 7; "
     "request 0x1c end-download on DB 1 key 7; executed key 7"},
    {"an upload: its number stands for the block",
     {client(named_job(0x1d, "_0B00004A")),
      server(dt(answer(7, "1d 00 0100 00000007 07 30303030323136"_hex))),
      client(dt(job(8, "1e 00 0000 00000007"_hex))),
      server(dt(answer(8, "1e 00"_hex, "0002 00fb 7070"_hex))),
      client(dt(job(9, "1f 00 0000 00000007"_hex))), server(dt(answer(9, "1f"_hex))),
      client(dt(job(10, "1e 00 0000 00000008"_hex)))},
     "request 0x1d start-upload on SDB 4 key 7; executed key 7; event transfer upload of SDB4; "
     "request 0x1e upload-block on SDB 4 key 8; executed key 8; "
     "request 0x1f end-upload on SDB 4 key 9; executed key 9; request 0x1e upload-block key 10"},
    {"a file of an NC, and a block of an unknown type",
     {client(named_job(0x1d, "_N_MPF_DIR")), client(named_job(0x1d, "_0700004A"))},
     "request 0x1d start-upload on _N_MPF_DIR key 7; "
     "request 0x1d start-upload on block type 0x07 4 key 7"},
    {"module identification",
     {client(ask(2, "44 01"_hex, envelope("0011 0000"_hex))),
      server(told(2, "84 01"_hex,
                  envelope(szl("0011 0000"_hex, 28,
                               {module_record(1, "6ES7 315-2EH14-0AB0", "0003 0001"_hex),
                                module_record(6, "6ES7 315-2EH14-0AB0", "0003 0001"_hex),
                                module_record(7, "", "5603 0207"_hex),
                                module_record(0x81, "Boot Loader", "4120 0909"_hex)}))))},
     "request 4/1 read-identity on szl 0x0011 0 key 65538; executed key 65538; "
     "model 6ES7 315-2EH14-0AB0; model 6ES7 315-2EH14-0AB0; hardware 3; firmware V3.2.7"},
    {"component identification, in parts that are asked for",
     {client(ask(2, "44 01"_hex, envelope("001c 0000"_hex))),
      server(told(2, "84 01"_hex, envelope(part(kComponents, 0, 200)), "02 d5 01 0000"_hex)),
      client(dt(userdata(3, "000112 08 12 44 01 02 d5 00 0000"_hex, kNothing))),
      server(told(3, "84 01"_hex, envelope(part(kComponents, 200, 999)), "02 d5 00 0000"_hex))},
     "request 4/1 read-identity on szl 0x001c 0 key 65538; executed key 65538; "
     "request 4/1 read-identity on szl 0x001c key 65539; executed key 65539; "
     "description station S7300 station; name PLC_1; location plant PRESS-3; "
     "description Original Siemens Equipment; vendor Siemens; serial S C-X4U421302009; "
     "product CPU 315-2 PN/DP; description memory card MMC 5F8A21C0; vendor Siemens; "
     "description OEM Acme; location hall 2"},
    {"the mode, the protection and the connections",
     {client(ask(2, "44 01"_hex, envelope("0424 0000"_hex))),
      server(told(2, "84 01"_hex,
                  envelope(szl("0424 0000"_hex, 20,
                               {"5144 ff08 00000000 00000000 1602081451375692"_hex})))),
      client(ask(3, "44 01"_hex, envelope("0232 0004"_hex))),
      server(told(3, "84 01"_hex,
                  envelope(szl("0232 0004"_hex, 40,
                               {join({"0004 0001 0003 0003 0002 0000"_hex, ByteVector(28, 0)})})))),
      client(ask(4, "44 01"_hex, envelope("0131 0001"_hex))),
      server(told(
          4, "84 01"_hex,
          envelope(szl("0131 0001"_hex, 40, {join({"0001 00f0 0010"_hex, ByteVector(34, 0)})}))))},
     "request 4/1 read-szl on szl 0x0424 0 key 65538; executed key 65538; mode run; "
     "request 4/1 read-szl on szl 0x0232 4 key 65539; executed key 65539; "
     "capability protection level 3; capability mode switch at RUN-P; "
     "request 4/1 read-szl on szl 0x0131 1 key 65540; executed key 65540; "
     "capability 16 connections, PDU of 240 bytes"},
    {"a list that the controller does not have",
     {client(ask(2, "44 01"_hex, envelope("0011 0000"_hex))),
      server(told(2, "84 01"_hex, kNothing, "00 00 00 d401"_hex))},
     "request 4/1 read-identity on szl 0x0011 0 key 65538; rejected for 54273 key 65538"},
    {"a password, and that it is wrong",
     {client(ask(6, "45 01"_hex, envelope("21 3a 1b 1d 6e 68 1b 1d"_hex))),
      server(told(6, "85 01"_hex, kNothing, "00 00 00 d602"_hex))},
     "request 5/1 plc-password key 65542; event cleartext-login s7comm, password short; "
     "rejected for 54786 key 65542; event login-rejected s7comm"},
    {"an empty password, accepted, and cleared",
     {client(ask(6, "45 01"_hex, envelope("75 75 00 00 75 75 00 00"_hex))),
      server(told(6, "85 01"_hex, kNothing)), client(ask(7, "45 02"_hex, kNothing)),
      server(told(7, "85 02"_hex, kNothing))},
     "request 5/1 plc-password key 65542; event cleartext-login s7comm, password empty; "
     "executed key 65542; request 5/2 clear-password key 65543; executed key 65543"},
    {"the clock, read and set",
     {client(ask(2, "47 01"_hex, kNothing)),
      server(told(2, "87 01"_hex, envelope("00 19 16020814513791 62"_hex))),
      client(ask(3, "47 02"_hex, envelope("00 19 16020823081000 02"_hex))),
      server(told(3, "87 02"_hex, kNothing))},
     "request 7/1 read-clock key 65538; executed key 65538; request 7/2 set-clock key 65539; "
     "executed key 65539"},
    {"blocks: listed, of a type, and one that is missing",
     {client(ask(2, "43 01"_hex, kNothing)), client(ask(3, "43 02"_hex, envelope("3038"_hex))),
      client(ask(4, "43 03"_hex, envelope(ascii("0A00012A")))),
      server(told(4, "83 03"_hex, kNothing, "00 00 00 d209"_hex))},
     "request 3/1 list-blocks key 65538; request 3/2 list-blocks-of-type on OB key 65539; "
     "request 3/3 block-info on DB 12 key 65540; rejected for 53769 key 65540"},
    {"variables modified by a programming device",
     {client(ask(2, "41 08"_hex,
                 envelope("0014 0028 00000001 00010006 00010001 00010001 00010000 0003 03 01 0000 "
                          "0000 02 01 0000 0004 70 01 0005 0008 0009 0004 4133851f 0009 0002 dead "
                          "0009 0001 0100"_hex))),
      server(told(2, "81 08"_hex, kNothing)),
      client(ask(3, "41 0e"_hex,
                 envelope("0014 0002 00000000 00010000 00000001 00010001 00010000 08 02"_hex))),
      server(dt(userdata(0, "000112 08 12 01 08 02 00 00 0000"_hex,
                         envelope("0004 0006 01000002 0003 ffff ff00"_hex))))},
     "request 1/8 modify-variable on M, DB5 key 65538; executed key 65538; "
     "request 1/14 enable-modify-job on modify-variable key 65539; "
     "notice push 1/8 modify-variable-data"},
    {"variables watched and forced by a programming device",
     {client(ask(2, "41 02"_hex,
                 envelope("0014 000e 00000001 00000012 00010001 00010001 00010000 0001 01 06 0000 "
                          "0000"_hex))),
      client(ask(3, "41 09"_hex,
                 envelope("0014 000e 00000001 00000012 00010001 00010001 00010000 0001 23 01 0000 "
                          "0004"_hex))),
      client(ask(4, "41 0e"_hex,
                 envelope("0014 0002 00000000 00010000 00000001 00010001 00010000 09 02"_hex))),
      client(ask(5, "41 0e"_hex,
                 envelope("0014 0002 00000000 00010000 00000001 00010001 00010000 02 02"_hex)))},
     "request 1/2 variable-status on M 0..5 key 65538; "
     "request 1/9 force-variable on Q 4..7 key 65539; "
     "request 1/14 enable-force-job on force-variable key 65540; "
     "request 1/14 enable-job on variable-status key 65541"},
    {"a memory reset",
     {client(ask(2, "41 0c"_hex, envelope("0000"_hex))), server(told(2, "81 0c"_hex, kNothing))},
     "request 1/12 memory-reset key 65538; executed key 65538; event mode-change memory reset"},
    {"cyclic data",
     {client(ask(2, "42 01"_hex,
                 envelope(join({"0001 01 0a"_hex, item("02 0004 0003 84 000000"_hex)})))),
      server(told(2, "82 01"_hex, envelope("0001 ff 04 0020 00000000"_hex))),
      server(dt(userdata(0, "000112 08 12 02 01 05 00 00 0000"_hex,
                         envelope("0001 ff 04 0020 00000000"_hex)))),
      client(ask(3, "42 04"_hex, envelope("05 00"_hex)))},
     "request 2/1 cyclic-transfer on DB3 0..3 key 65538; executed key 65538; "
     "notice push 2/1 cyclic-data; request 2/4 unsubscribe key 65539"},
    {"messages: subscribed, told, acknowledged",
     {client(ask(2, "44 02"_hex, envelope(join({"81 00"_hex, ascii("HmiRtm  ")})))),
      server(told(2, "84 02"_hex, envelope("0200"_hex))),
      server(dt(userdata(0, "000112 08 12 04 12 05 00 00 0000"_hex, envelope("00"_hex)))),
      client(ask(3, "44 0b"_hex, envelope("00"_hex)))},
     "request 4/2 message-service on user HmiRtm key 65538; executed key 65538; "
     "notice push 4/18 alarm-s; request 4/11 acknowledge-alarm key 65539"},
    {"a controller stops and runs, and says so",
     {server(dt(userdata(0, "000112 08 12 00 00 05 00 00 0000"_hex, kNothing))),
      server(dt(userdata(0, "000112 08 12 00 02 05 00 00 0000"_hex, kNothing))),
      server(dt(userdata(0, "000112 08 12 00 07 05 00 00 0000"_hex, kNothing)))},
     "notice push 0/0 mode-transition; event mode-change stop; mode stop; "
     "notice push 0/2 mode-transition; event mode-change run; mode run; "
     "notice push 0/7 unknown; event mode-change 0x07"},
    {"data in parts of a small TPDU, and an empty one before it",
     {client(kSetup), client(dt({}, false)),
      client(join({dt(part(kReadDb, 0, 9), false), dt(part(kReadDb, 9, 12), false)})),
      client(dt(part(kReadDb, 12, 99))), server(dt(answer(2, "04 01"_hex, "ff 04 0080"_hex)))},
     "request 0xf0 setup-communication key 1; request 0x04 read-variable on DB1 10..25 key 2; "
     "executed key 2"},
    {"the first message in parts",
     {client(join({dt({}, false), dt(part(kReadDb, 0, 9), false), dt(part(kReadDb, 9, 12), false),
                   dt(part(kReadDb, 12, 99))})),
      server(dt(answer(2, "04 01"_hex, "ff 04 0080"_hex)))},
     "request 0x04 read-variable on DB1 10..25 key 2; executed key 2"},
    {"functions that the table lacks",
     {client(dt(job(2, "04 00"_hex))), client(dt(job(3, "77 01"_hex))),
      server(dt(answer(3, "77"_hex))), client(ask(4, "49 05"_hex, kNothing)),
      server(dt(userdata(0, "000112 08 12 09 05 05 00 00 0000"_hex, kNothing)))},
     "request 0x04 read-variable key 2; request 0x77 unknown key 3; executed key 3; "
     "request 9/5 unknown key 65540; notice push 9/5 unknown"},
};

TEST_CASE("S7comm: what a dialogue means", "[s7comm]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.dialogue) == c.means);
  CHECK(meaning_bytewise(c.dialogue) == c.means);
}

TEST_CASE("S7comm: a dialogue cut anywhere says nothing that the whole does not", "[s7comm]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue) == "");
}

const std::vector<DialogueCase> malformed{
    {"a setup that ends early",
     {client(kSetup), client(dt(job(2, "f0 00 01e0 01e0"_hex)))},
     "request 0xf0 setup-communication key 1; request 0xf0 setup-communication key 2; "
     "event malformed request of 0xf0"},
    {"items that are not there",
     {client(kSetup), client(dt(job(2, "05 03 12 0a 10 02 0010 0001 84 000050"_hex)))},
     "request 0xf0 setup-communication key 1; request 0x05 write-variable on DB1 key 2; "
     "event malformed request of 0x05"},
    {"an item that is none",
     {client(kSetup), client(dt(job(2, "05 01 11 0a 10 02 0010 0001 84 000050"_hex)))},
     "request 0xf0 setup-communication key 1; request 0x05 write-variable key 2; "
     "event malformed request of 0x05"},
    {"a job without a function",
     {client(kSetup), client(dt(job(2, {})))},
     "request 0xf0 setup-communication key 1; event malformed job without a function"},
    {"userdata without its head, and of no kind",
     {client(kSetup), client(dt(userdata(2, "000113 04 11 44 01 00"_hex, kNothing))),
      client(dt(userdata(2, "000112 04 11 54 01 00"_hex, kNothing)))},
     "request 0xf0 setup-communication key 1; event malformed userdata without its head; "
     "event malformed userdata of unknown kind"},
    {"sizes that do not fill the message",
     {client(kSetup), client(dt(join({job(2, "29"_hex), "00"_hex}))),
      server(dt("32 03 0000 0002 0007 0000 0000 29"_hex))},
     "request 0xf0 setup-communication key 1; request 0x29 stop-plc key 2; "
     "event malformed request of 0x29; event malformed sizes that do not fill the message; "
     "executed key 2; event mode-change stop; event malformed sizes that do not fill the message"},
    {"a message that ends within its header",
     {client(kSetup), client(dt("32"_hex)), client(dt("32 01 0000 0002 0001"_hex))},
     "request 0xf0 setup-communication key 1; event malformed message that ends within its header; "
     "event malformed message that ends within its header"},
    {"another protocol within",
     {client(kSetup), client(dt("72 01 0000"_hex))},
     "request 0xf0 setup-communication key 1"},
};

TEST_CASE("S7comm: what breaks the protocol is told, and counted all the same", "[s7comm]") {
  const auto& c = GENERATE(from_range(malformed));
  CAPTURE(c);
  CHECK(meaning(c.dialogue) == c.means);
  CHECK(meaning_bytewise(c.dialogue) == c.means);
}

TEST_CASE("S7comm: a list with a part missing says nothing, and the next one is heard",
          "[s7comm]") {
  const auto first = told(2, "84 01"_hex, envelope(part(kComponents, 0, 100)), "02 d5 01 0000"_hex);
  const auto last =
      told(4, "84 01"_hex, envelope(part(kComponents, 200, 999)), "02 d5 00 0000"_hex);
  const auto next = client(dt(userdata(4, "000112 08 12 44 01 02 d5 00 0000"_hex, kNothing)));
  const auto ask_it = client(ask(2, "44 01"_hex, envelope("001c 0000"_hex)));
  CHECK(meaning({ask_it, server(first), next, server(last)}).find("name") == std::string::npos);
  // A last part whose first was never heard is no list of its own.
  CHECK(meaning({ask_it, next, server(last)}).find("description") == std::string::npos);
  CHECK(
      meaning({ask_it, server(first), ask_it, server(told(2, "84 01"_hex, envelope(kComponents)))})
          .find("name PLC_1") != std::string::npos);
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("S7comm: the first messages are understood while no state is kept", "[s7comm]") {
  for (const auto& c : cases) {
    CAPTURE(c);
    CHECK(first_turns_are_understood(c.dialogue, Context{.on_seat = true}));
  }
}

TEST_CASE("S7comm: a connection proves nothing, data does", "[s7comm]") {
  CHECK(extent_of(kRequest) == Extent::of(22).as_no_proof());
  CHECK(extent_of(kConfirm, true) == Extent::of(22).as_no_proof());
  CHECK(extent_of(kSetup) == Extent::of(25));
  CHECK(extent_of(kSetupDone) == Extent::of(27));
  CHECK(extent_of(dt(ack(1, 0x8104))) == Extent::of(19));
  CHECK(extent_of(join({dt({}, false), kSetup})) == Extent::of(32));
  CHECK(extent_of(dt({}, false)).is_incomplete());
}

TEST_CASE("S7comm: a message cut anywhere is waited for", "[s7comm]") {
  for (const auto& bytes : {kSetup, kSetupDone, join({dt({}, false), kSetup})}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      const auto cut = extent_of(part(bytes, 0, size));
      CHECK((cut.is_incomplete() || cut == Extent::of(bytes.size())));
    }
  }
}

TEST_CASE("S7comm: bytes of other protocols are foreign on its seat too", "[s7comm]") {
  const auto bytes = GENERATE(values<ByteVector>({
      ascii("GET / HTTP/1.1\r\n"),
      "160301 0005 0100000100"_hex,                              // TLS
      "0001 0000 0006 / 11 / 03 006b 0003"_hex,                  // Modbus
      dt("72 01 0040 31 0000 04ca"_hex),                         // S7comm-plus
      dt("0d 3c 05 06 13 01 00 16 01 02"_hex),                   // MMS: session connect
      dt("01 00 01 00 61 1a 30 18"_hex),                         // MMS: data
      dt("7f65 82 0194"_hex),                                    // RDP: MCS
      dt("32 04 0000 0001 0008 0000"_hex),                       // no such type
      dt("32 01 0001 0001 0008 0000"_hex),                       // redundancy identification
      dt("32 01 0000 0001 0009 0000 f0 00 0001 0001 01e0"_hex),  // longer than its TSDU
      "0300 000b / 06 80 0009 0001 02"_hex,                      // a disconnect
      "0300 0007 / 02 70 80"_hex,                                // no such TPDU
      "0300 0024 / 27 e0"_hex,                                   // longer than its TPKT
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
  CHECK(extent_of(bytes, true).is_foreign());
}

TEST_CASE("S7comm: off its seat a message must be filled and its function known", "[s7comm]") {
  const auto loose = dt(join({job(1, "f0 00 0001 0001 01e0"_hex), "00"_hex}));
  CHECK(extent_of(loose).is_foreign());
  CHECK(extent_of(loose, true) == Extent::of(loose.size()));
  const auto odd = dt(job(1, "77 00"_hex));
  CHECK(extent_of(odd).is_foreign());
  CHECK(extent_of(odd, true) == Extent::of(odd.size()));
  const auto headless = dt(userdata(1, "010112 04 11 44 01 00"_hex, kNothing));
  CHECK(extent_of(headless).is_foreign());
}

TEST_CASE("S7comm: on its seat a message that ends within its header decides nothing", "[s7comm]") {
  CHECK(extent_of(dt("32"_hex)).is_foreign());
  CHECK(extent_of(dt("32"_hex), true) == Extent::of(8).as_no_proof());
  CHECK(extent_of(dt("32 01 0000 0002 0001"_hex), true) == Extent::of(15).as_no_proof());
  CHECK(extent_of(dt("31"_hex), true).is_foreign());
  CHECK(extent_of(dt({}), true).is_foreign());
}

TEST_CASE("S7comm: random bytes that happen on a TPKT are refused", "[s7comm]") {
  std::mt19937 random{102};
  for (int i = 0; i < 20'000; ++i) {
    ByteVector payload(30);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    payload[0] = 0x32;
    CHECK_FALSE(extent_of(dt(payload)).is_message());
  }
}

TEST_CASE("S7comm: who sent a message is told by its bytes or not at all", "[s7comm]") {
  const auto told_by = [](const ByteVector& message) {
    FlowState state{};
    return the_dissector().sender(ByteCursor{message}, Context{.over = Over::tcp, .state = &state});
  };
  CHECK(told_by(kRequest) == Sender::client);
  CHECK(told_by(kConfirm) == Sender::server);
  CHECK(told_by(kSetup) == Sender::client);
  CHECK(told_by(kSetupDone) == Sender::server);
  CHECK(told_by(named_job(0x1b, "_0A00001P")) == Sender::server);
  CHECK(told_by(dt(answer(7, "1b 00"_hex))) == Sender::client);
  CHECK(told_by(ask(2, "44 01"_hex, kNothing)) == Sender::client);
  CHECK(told_by(told(2, "84 01"_hex, kNothing)) == Sender::server);
  CHECK(told_by(dt(userdata(0, "000112 08 12 00 02 05 00 00 0000"_hex, kNothing))) ==
        Sender::server);
  CHECK_FALSE(told_by(ask(2, "46 01"_hex, kNothing)));
  CHECK_FALSE(told_by(dt(ack(1, 0x8104))));
  CHECK_FALSE(told_by("0300 0007 / 02 f0 80"_hex));
}

TEST_CASE("S7comm: the table has each code once, named", "[s7comm]") {
  std::set<std::uint32_t> codes;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK_FALSE(row.name.empty());
    CHECK(codes.insert(row.code).second);
  }
}

TEST_CASE("S7comm: what a request may do is told apart where one notation serves several",
          "[s7comm]") {
  const std::vector<std::pair<std::string_view, Access>> expected{
      {"start-plc", Access::control},
      {"stop-plc", Access::control},
      {"insert-block", Access::program},
      {"delete-block", Access::program},
      {"copy-ram-to-rom", Access::program},
      {"nc-login", Access::authenticate},
      {"nc-file", Access::file},
      {"read-szl", Access::diagnose},
      {"read-identity", Access::discover},
      {"enable-job", Access::diagnose},
      {"enable-modify-job", Access::write},
      {"enable-force-job", Access::force},
      {"set-clock", Access::time},
      {"read-clock", Access::diagnose},
      {"download-block", Access::program},
      {"upload-block", Access::upload},
      {"memory-reset", Access::control},
      {"plc-password", Access::authenticate},
  };
  for (const auto& [name, access] : expected) {
    CAPTURE(name);
    const auto row = std::ranges::find(the_dissector().operations, name, &Operation::name);
    REQUIRE(row != the_dissector().operations.end());
    CHECK(row->access == access);
  }
}

TEST_CASE("S7comm: no secret leaves the dissector", "[s7comm]") {
  const auto said = meaning(
      {client(ask(6, "45 01"_hex, envelope("213a1b1d6e681b1d"_hex))),
       client(invoke(join({sized(ascii("401"), 1), sized(ascii("hush"), 1)}), "_N_LOGIN_"))});
  CHECK(said.find("toor") == std::string::npos);
  CHECK(said.find("hush") == std::string::npos);
}

TEST_CASE("S7comm: damaged dialogues are survived", "[s7comm]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
