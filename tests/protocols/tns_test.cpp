#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector packet(std::uint8_t type, const ByteVector& body) {
  return join({big(body.size() + 8, 2), "0000"_hex, {type}, "00 0000"_hex, body});
}
/// What stands before the text, and the text; or the text by itself.
ByteVector connect(std::string_view text, bool beside = false) {
  const auto fixed = join({"013a 012c 0c41 2000 ffff 7f08 0000 0001"_hex, big(text.size(), 2),
                           big(58, 2), "00000800 4141"_hex, ByteVector(24, 0)});
  return beside ? join({packet(1, fixed), packet(6, join({"0000"_hex, ascii(text)}))})
                : packet(1, join({fixed, ascii(text)}));
}
const std::string kText =
    "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=hist)(CID=(PROGRAM=C:\\ora\\trend.exe)(HOST=HMI-01)"
    "(USER=operator)))(ADDRESS=(PROTOCOL=tcp)(HOST=10.30.0.30)(PORT=1521)))";
const ByteVector kAccept = packet(2, "013a 0000 2000 7fff 0100 0000 0020 61 61"_hex);

ByteVector refuse(std::string_view text) {
  return packet(4, join({"22 00"_hex, big(text.size(), 2), ascii(text)}));
}
ByteVector redirect(std::string_view text) {
  return packet(5, join({big(text.size(), 2), ascii(text)}));
}

const std::string kAsked =
    "request 1 connect on hist; name HMI-01; software trend.exe; event login tns, user operator; ";

const std::vector<DialogueCase> cases{
    {"accepted",
     {client(connect(kText)), server(kAccept), client(packet(6, "0000 deadbeef 00"_hex)),
      server(packet(6, "0000 deadbeef 00"_hex))},
     kAsked + "event version TNS 314; executed"},
    {"asked to say it again",
     {client(connect(kText)), server(packet(11, {})), client(connect(kText)), server(kAccept)},
     kAsked + "event version TNS 314; executed"},
    {"the text beside",
     {client(connect(kText, true)), server(kAccept)},
     kAsked + "event version TNS 314; executed"},
    {"refused",
     {client(connect(kText)),
      server(refuse("(DESCRIPTION=(TMP=)(VSNNUM=186646784)(ERR=12514)(ERROR_STACK=(ERROR=(CODE="
                    "12514)(EMFI=4))))"))},
     kAsked + "software Oracle TNS listener 11.2.0.1.0; rejected for 12514"},
    {"sent elsewhere",
     {client(connect(kText)),
      server(redirect("(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=10.30.0.31)(PORT=1526)))"))},
     kAsked + "executed; event server-name redirect to 10.30.0.31:1526"},
    {"the listener is asked, and told to stop",
     {client(connect("(CONNECT_DATA=(COMMAND=version))")), server(kAccept),
      client(connect("(CONNECT_DATA=(CID=(PROGRAM=)(HOST=__jdbc__)(USER=))(COMMAND=stop))")),
      server(refuse("(ERR=1169)"))},
     "request 1/VERSION listener-version; event version TNS 314; executed; "
     "request 1/STOP listener-stop; rejected for 1169"},
    {"long lengths since 12",
     {client(connect(kText)), server(packet(2, "013b 0000 2000 7fff 0100 0000 0020 61 61"_hex)),
      client(join({"00010008 06 00 0000"_hex, ByteVector(0x10000, 1)})),
      server("0000000a 06 00 0000 0000"_hex)},
     kAsked + "event version TNS 315; executed"},
};

TEST_CASE("TNS: what a dialogue means", "[tns]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(meaning(c.dialogue) == c.means);
}

TEST_CASE("TNS: cut anywhere, or byte by byte, it means the same or less", "[tns]") {
  for (std::size_t i = 0; i + 1 < cases.size(); ++i) {
    CAPTURE(cases[i]);
    CHECK(meaning_bytewise(cases[i].dialogue) == cases[i].means);
    CHECK(cut_that_lies(cases[i].dialogue) == "");
  }
}

TEST_CASE("TNS: what comes in one segment is known before anything is dissected", "[tns]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue));
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("TNS: the bytes decide, not the port", "[tns]") {
  CHECK(extent_of(connect(kText)) == Extent::of(connect(kText).size()));
  CHECK(extent_of("0045 0000 01"_hex) == Extent::incomplete());
  CHECK(extent_of("0045 01"_hex) == Extent::foreign());
  CHECK(extent_of(packet(6, "0000 01"_hex)) == Extent::foreign());
  CHECK(extent_of(packet(6, "0000 01"_hex), true) == Extent::of(11));
  auto bad = connect(kText);
  bad[27] = 0x3b;  // where the text begins
  CHECK(extent_of(bad, true) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());  // Modbus
  CHECK(extent_of("0040 0000 0006 01 03 0000 000a"_hex, true) == Extent::foreign());
  CHECK(extent_of("0300 0016 11 e0 0000 0001 00 c1 02 0100"_hex, true) == Extent::foreign());
  CHECK(extent_of("16 0301 0200 01 00 ff"_hex, true) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1\r\n"), true) == Extent::foreign());
  CHECK(extent_of("65 00 04 00 00 00 00 00 00 00 00 00"_hex) == Extent::foreign());  // EtherNet/IP
}

TEST_CASE("TNS: damaged dialogues are survived", "[tns]") {
  const auto seed = GENERATE(range(0U, 100U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (std::size_t i = 0; i + 1 < cases.size(); ++i) survive(cases[i].dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
