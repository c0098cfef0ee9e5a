#include "der.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

ByteVector wide(std::string_view text) {
  ByteVector bytes;
  for (const char letter : text) {
    bytes.push_back(static_cast<std::uint8_t>(letter));
    bytes.push_back(0);
  }
  return bytes;
}
ByteVector zero(std::size_t count) {
  return ByteVector(count, 0);
}

struct Head {
  std::uint8_t type = 0;
  std::uint8_t flags = 3;  // first and last
  std::uint32_t call = 1;
  std::uint8_t level = 0;  // of the verifier, where there is a token
};
ByteVector pdu(const Head& head, const ByteVector& body, const ByteVector& token = {}) {
  const auto verifier = token.empty() ? ByteVector{} : join({{0x0a, head.level}, zero(6), token});
  return join({{5, 0, head.type, head.flags},
               "10000000"_hex,
               little(16 + body.size() + verifier.size(), 2),
               little(token.size(), 2),
               little(head.call, 4),
               body,
               verifier});
}

const ByteVector kNdr = "045d888aeb1cc9119fe808002b104860 02000000"_hex;
const ByteVector kSvcctl = "81bb7a364498f135ad3298f038001003 02000000"_hex;
const ByteVector kEpmapper = "0883afe11f5dc91191a408002b14a0fa 03000000"_hex;
const ByteVector kSamr = "785734123412cdabef000123456789ac 01000000"_hex;
const ByteVector kExporter = "c4fefc9960521b10bbcb00aa0021347a 00000000"_hex;
const ByteVector kNobody = "efbeaddefecabeba1234567890abcdef 01000000"_hex;
const ByteVector kSyncIo = "523ac1391e01d01196750020afd8adb3 00000000"_hex;

ByteVector context(std::uint16_t number, const ByteVector& interface) {
  return join({little(number, 2), "01 00"_hex, interface, kNdr});
}
ByteVector bind_to(const std::vector<ByteVector>& contexts, const ByteVector& token = {},
                   Head head = {.type = 11}) {
  ByteVector body = join({"b810 b810 00000000"_hex, little(contexts.size(), 1), zero(3)});
  for (const auto& each : contexts) body = join({body, each});
  return pdu(head, body, token);
}
/// Results: 0 accepted, 2 refused by the provider, with a reason.
ByteVector bound(const std::vector<std::uint16_t>& results, const ByteVector& token = {},
                 Head head = {.type = 12}) {
  ByteVector body = join({"b810 b810 3b4d0000 0400"_hex, ascii("135"), zero(1), zero(2),
                          little(results.size(), 1), zero(3)});
  for (const auto result : results)
    body = join({body, little(result == 0 ? 0 : 2, 2), little(result, 2), kNdr});
  return pdu(head, body, token);
}
ByteVector request(std::uint16_t opnum, const ByteVector& stub, Head head = {.call = 2},
                   std::uint16_t number = 0, const ByteVector& token = {}) {
  return pdu(head, join({little(stub.size(), 4), little(number, 2), little(opnum, 2), stub}),
             token);
}
ByteVector response(const ByteVector& stub, Head head = {.type = 2, .call = 2},
                    std::uint16_t number = 0, const ByteVector& token = {}) {
  head.type = 2;
  return pdu(head, join({little(stub.size(), 4), little(number, 2), "0000"_hex, stub}), token);
}
ByteVector fault(std::uint32_t status, std::uint32_t call = 2) {
  return pdu({.type = 3, .call = call}, join({zero(8), little(status, 4), zero(4)}));
}
ByteVector counted(std::string_view text) {
  const auto count = text.size() + 1;
  return join({little(count, 4), zero(4), little(count, 4), wide(text), zero(2)});
}
/// [MS-NLMP] 2.2.1.3: user op of PLANT at EWS-01.
ByteVector authenticate() {
  const auto field = [](std::size_t size, std::size_t at) {
    return join({little(size, 2), little(size, 2), little(at, 4)});
  };
  return join({ascii("NTLMSSP"),
               {0},
               little(3, 4),
               field(0, 64),
               field(16, 64),
               field(10, 64),
               field(4, 74),
               field(12, 78),
               field(0, 64),
               "01000000"_hex,
               wide("PLANT"),
               wide("op"),
               wide("EWS-01")});
}

// A tower of the endpoint mapper: samr at TCP port 49664.
const ByteVector kTower = [] {
  const auto floor = [](const ByteVector& syntax) {
    return join({"1300 0d"_hex, {syntax.begin(), syntax.begin() + 18}, "0200 0000"_hex});
  };
  return join({"0500"_hex, floor(kSamr), floor(kNdr), "0100 0b 0200 0000"_hex,
               "0100 07 0200 c200"_hex, "0100 09 0400 0a000009"_hex});
}();

constexpr auto kKey = "9223372036854775809";   // call 1
constexpr auto kKey2 = "9223372036854775810";  // call 2
const std::string kBound =
    std::string{"request bind bind on svcctl key "} + kKey + "; executed key " + kKey;

const std::vector<DialogueCase> kCases{
    {"a service is created",
     {client(bind_to({context(0, kSvcctl)})), server(bound({0})),
      client(request(12, join({zero(20), counted("PSEXESVC"), zero(8)}))),
      server(response(join({zero(24), little(0, 4)})))},
     kBound + "; request svcctl/12 create-service on PSEXESVC key " + kKey2 + "; executed key " +
         kKey2},
    {"and refused, by its result and by a fault",
     {client(bind_to({context(0, kSvcctl)})), server(bound({0})),
      client(request(12, join({zero(20), counted("x"), zero(8)}))),
      server(response(join({zero(24), little(5, 4)}))), client(request(19, zero(24))),
      server(fault(0x1c010002))},
     kBound + "; request svcctl/12 create-service on x key " + kKey2 + "; rejected for 5 key " +
         kKey2 + "; request svcctl/19 start-service key " + kKey2 +
         "; rejected for 469827586 key " + kKey2},
    {"results of other kinds: more to come is no refusal, and of NTSTATUS only errors are",
     {client(bind_to({context(0, kSvcctl), context(1, kSamr)})), server(bound({0, 0})),
      client(request(14, zero(32))), server(response(join({zero(8), little(234, 4)}))),
      client(request(13, zero(32), {.call = 2}, 1)),
      server(response(little(0x105, 4), {.call = 2}, 1)),
      client(request(12, zero(32), {.call = 2}, 1)),
      server(response(little(0xc0000022, 4), {.call = 2}, 1))},
     std::string{"request bind bind on svcctl, samr key "} + kKey + "; executed key " + kKey +
         "; request svcctl/14 list-services key " + kKey2 + "; executed key " + kKey2 +
         "; request samr/13 list-users key " + kKey2 + "; executed key " + kKey2 +
         "; request samr/12 create-user key " + kKey2 + "; rejected for 3221225506 key " + kKey2},
    {"in fragments: asked with the first, answered with the last",
     {client(bind_to({context(0, kSvcctl)})), server(bound({0})),
      client(request(14, zero(40), {.flags = 1, .call = 2})),
      client(request(14, zero(40), {.flags = 0, .call = 2})),
      client(request(14, zero(8), {.flags = 2, .call = 2})),
      server(response(ByteVector(40, 1), {.flags = 1, .call = 2})),
      server(response(little(0, 4), {.flags = 2, .call = 2}))},
     kBound + "; request svcctl/14 list-services key " + kKey2 + "; executed key " + kKey2},
    {"binds that are refused",
     {client(bind_to({context(0, kSvcctl)})), server(bound({1})),
      client(bind_to({context(0, kSvcctl)})), server(pdu({.type = 13}, "0400 00"_hex)),
      client(request(0, {}))},
     std::string{"request bind bind on svcctl key "} + kKey + "; rejected for 1 key " + kKey +
         "; request bind bind on svcctl key " + kKey + "; rejected for 4 key " + kKey +
         "; request svcctl/0 close-handle key " + kKey2},
    {"an interface without a name, and a bind that was not heard",
     {client(bind_to({context(0, kNobody)}, {}, {.type = 14})),
      server(bound({0}, {}, {.type = 15})), client(request(3, {})), server(response({})),
      client(request(4, {}, {.call = 2}, 7)), server(response({}, {.call = 2}, 7))},
     std::string{"request alter alter-context on deadbeef-cafe-babe-1234-567890abcdef key "} +
         kKey + "; executed key " + kKey +
         "; request ?/3 unknown on deadbeef-cafe-babe-1234-567890abcdef key " + kKey2 +
         "; executed key " + kKey2 + "; request ?/4 unknown key " + kKey2 + "; executed key " +
         kKey2},
    {"one interface offered in two ways of writing",
     {client(bind_to({context(0, kSvcctl), context(1, kSvcctl)})), server(bound({2, 0})),
      client(request(19, {}, {.call = 2}, 1)), server(response(little(1056, 4), {.call = 2}, 1))},
     kBound + "; request svcctl/19 start-service key " + kKey2 + "; rejected for 1056 key " +
         kKey2},
    {"NTLM in three steps, and privacy",
     {client(bind_to({context(0, kSvcctl)}, join({ascii("NTLMSSP"), {0}, little(1, 4), zero(28)}),
                     {.type = 11, .level = 6})),
      server(bound({0})), client(pdu({.type = 16, .level = 6}, zero(4), authenticate())),
      client(request(12, ByteVector(40, 0x99), {.call = 2, .level = 6}, 0, zero(16))),
      server(response(ByteVector(40, 0x99), {.call = 2, .level = 6}, 0, zero(16))),
      client(request(12, ByteVector(40, 0x99), {.call = 2, .level = 6}, 0, zero(16))),
      server(fault(5))},
     kBound + "; name EWS-01; event login NTLM PLANT\\op; request svcctl/12 create-service key " +
         kKey2 + "; event encrypted DCE/RPC privacy; executed key " + kKey2 +
         "; request svcctl/12 create-service key " + kKey2 + "; rejected for 5 key " + kKey2 +
         "; client: event login-rejected DCE/RPC access denied"},
    {"where an interface listens",
     {client(bind_to({context(0, kEpmapper)})), server(bound({0})), client(request(3, zero(80))),
      server(response(join({zero(44), little(kTower.size(), 4), little(kTower.size(), 4), kTower,
                            zero(1), little(0, 4)})))},
     std::string{"request bind bind on epmapper key "} + kKey + "; executed key " + kKey +
         "; request epmapper/3 map key " + kKey2 +
         "; capability rpc samr tcp/49664; executed key " + kKey2},
    {"what addresses a machine has",
     {client(bind_to({context(0, kExporter)})), server(bound({0})), client(request(5, {})),
      server(response(join({"05000700 00000200 30000000 3000 2000"_hex, "0700"_hex, wide("PLC-GW"),
                            zero(2), "0700"_hex, wide("10.0.0.9"), zero(2), "0700"_hex,
                            wide("192.168.7.9[49155]"), zero(4), zero(6)})))},
     std::string{"request bind bind on IObjectExporter key "} + kKey + "; executed key " + kKey +
         "; request IObjectExporter/5 server-alive key " + kKey2 +
         "; name PLC-GW; capability rpc dcom tcp/49155; description DCOM at 10.0.0.9, "
         "192.168.7.9; executed key " +
         kKey2},
    {"OPC speaks for itself",
     {client(bind_to({context(0, kSyncIo)})), server(bound({0})), client(request(4, zero(40))),
      server(response(zero(16))), server(fault(5))},
     std::string{"request bind bind on IOPCSyncIO key "} + kKey + "; executed key " + kKey +
         "; carries opcda of 64 bytes; carries opcda of 40 bytes; carries opcda of 32 bytes"},
};

TEST_CASE("DCE/RPC: what a dialogue means", "[dcerpc]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c);
  CHECK(meaning(c.dialogue) == c.means);
  CHECK(meaning_bytewise(c.dialogue) == c.means);
}

TEST_CASE("DCE/RPC: a dialogue cut anywhere says nothing that the whole does not", "[dcerpc]") {
  const auto& c = GENERATE(from_range(kCases));
  CAPTURE(c);
  // A transcript of a carried message tells its size, which a cut changes.
  if (c.name != "OPC speaks for itself") CHECK(cut_that_lies(c.dialogue) == "");
  CHECK(first_turns_are_understood(c.dialogue));
}

TEST_CASE("DCE/RPC: numbers with the highest byte first", "[dcerpc]") {
  const auto bind =
      join({"05 00 0b 03 00000000 0048 0000 00000001"_hex, "10b8 10b8 00000000 01 000000"_hex,
            "0000 01 00 367abb81 9844 35f1 ad3298f038001003 00000002"_hex,
            "8a885d04 1ceb 11c9 9fe808002b104860 00000002"_hex});
  CHECK(meaning({client(bind)}) == std::string{"request bind bind on svcctl key "} + kKey);
}

Extent extent_of(const ByteVector& bytes) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, Context{.over = Over::tcp, .state = &state});
}

TEST_CASE("DCE/RPC: the bytes decide, not the port", "[dcerpc]") {
  CHECK(extent_of("05 00 0b 03 10000000 4800 0000 01000000"_hex) == Extent::of(0x48));
  CHECK(extent_of("05 00 0b 03 00000000 0048 0000 00000001"_hex) == Extent::of(0x48));
  CHECK(extent_of("05 00 0b"_hex) == Extent::incomplete());
  for (const auto* other :
       {"04 00 0b 03 10000000 4800 0000 01000000",  // connectionless
        "05 02 0b 03 10000000 4800 0000 01000000",
        "05 00 01 03 10000000 4800 0000 01000000",  // ping: connectionless
        "05 00 14 03 10000000 4800 0000 01000000", "05 00 0b 03 20000000 4800 0000 01000000",
        "05 00 0b 03 10000001 4800 0000 01000000",
        "05 00 0b 03 10000000 1000 0000 01000000",  // shorter than a bind
        "05 00 00 03 10000000 1800 0800 01000000",  // no room for a verifier
        "05 64 05 c0 0100 0a00",                    // DNP3
        "05 01 00"}) {                              // SOCKS 5
    CAPTURE(other);
    const auto extent = extent_of(hex(other));
    CHECK((extent == Extent::foreign() || hex(other).size() < 16));
  }
  CHECK(extent_of("0564 05c0 0100 0a00"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1")) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
}

TEST_CASE("DCE/RPC: a list of interfaces that lies about its length says nothing", "[dcerpc]") {
  auto bytes = bind_to({context(0, kSvcctl)});
  bytes[24] = 200;
  CHECK(meaning({client(bytes)}) == "");
  bytes[24] = 1;
  bytes[30] = 255;  // ways of writing
  CHECK(meaning({client(bytes)}) == "");
}

TEST_CASE("DCE/RPC: damaged dialogues are survived", "[dcerpc]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : kCases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
