#include "datagram.h"
#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>

namespace sekimori::test {
namespace {

using ByteVector = std::vector<std::uint8_t>;

/// `value` as `width` bytes, the highest first.
ByteVector big(std::size_t value, unsigned width) {
  ByteVector bytes;
  for (unsigned i = width; i > 0; --i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
  return bytes;
}
ByteVector xdr(std::string_view text) {
  auto bytes = join({big(text.size(), 4), ascii(text)});
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}
const ByteVector kNoAuth = "00000000 00000000"_hex;
/// AUTH_SYS of `ews1`, user and group 0.
const ByteVector kSys = [] {
  const auto body = join({"11223344"_hex, xdr("ews1"), "00000000 00000000 00000000"_hex});
  return join({"00000001"_hex, big(body.size(), 4), body});
}();

ByteVector call(std::uint32_t xid, std::uint32_t version, std::uint32_t procedure,
                const ByteVector& arguments, const ByteVector& credential = kNoAuth,
                std::uint32_t program = 100000) {
  return join({big(xid, 4), "00000000 00000002"_hex, big(program, 4), big(version, 4),
               big(procedure, 4), credential, kNoAuth, arguments});
}
ByteVector reply(std::uint32_t xid, const ByteVector& results) {
  return join({big(xid, 4), "00000001 00000000"_hex, kNoAuth, "00000000"_hex, results});
}
ByteVector marked(const ByteVector& message) {
  return join({big(0x80000000U | message.size(), 4), message});
}
ByteVector mapping(std::uint32_t program, std::uint32_t version, std::uint32_t protocol,
                   std::uint32_t port) {
  return join({big(program, 4), big(version, 4), big(protocol, 4), big(port, 4)});
}

constexpr auto kClient = Sender::client;
constexpr auto kServer = Sender::server;

const std::vector<MessageCase> kCases{
    {"a port is asked for",
     {{kClient, call(1, 2, 3, mapping(100003, 3, 6, 0), kSys)}, {kServer, reply(1, big(2049, 4))}},
     "request 2/3 get-port on nfs key 4294967297; name ews1; executed key 4294967297; capability "
     "rpc nfs v3 port/2049"},
    {"a program that is not there",
     {{kClient, call(2, 2, 3, mapping(395183, 1, 6, 0))}, {kServer, reply(2, big(0, 4))}},
     "request 2/3 get-port on vxi-11 key 4294967298; executed key 4294967298"},
    {"all of them",
     {{kClient, call(3, 2, 4, {})},
      {kServer, reply(3, join({big(1, 4), mapping(100005, 3, 17, 635), big(1, 4),
                               mapping(300000, 1, 6, 745), big(0, 4)}))}},
     "request 2/4 dump key 4294967299; executed key 4294967299; capability rpc mount v3 udp/635; "
     "capability rpc 300000 v1 tcp/745"},
    {"an address, by version 4",
     {{kClient, call(4, 4, 3, join({big(100003, 4), big(3, 4), xdr("tcp"), xdr(""), xdr("")}))},
      {kServer, reply(4, xdr("10.0.0.9.8.1"))}},
     "request 4/3 get-address on nfs key 4294967300; executed key 4294967300; capability rpc nfs "
     "v3 port/2049"},
    {"all addresses, by version 3",
     {{kClient, call(5, 3, 4, {})},
      {kServer, reply(5, join({big(1, 4), big(100024, 4), big(1, 4), xdr("udp6"), xdr("::.2.120"),
                               xdr("superuser"), big(0, 4)}))}},
     "request 3/4 dump key 4294967301; executed key 4294967301; capability rpc status v1 udp/632"},
    {"refusals: no such procedure, no such version, no trust",
     {{kClient, call(6, 2, 1, mapping(300000, 1, 6, 999))},
      {kServer, join({big(6, 4), "00000001 00000000"_hex, kNoAuth, "00000003"_hex})},
      {kClient, call(7, 2, 0, {})},
      {kServer, join({big(7, 4), "00000001 00000001 00000000 00000002 00000002"_hex})},
      {kClient, call(8, 2, 2, mapping(300000, 1, 6, 999))},
      {kServer, join({big(8, 4), "00000001 00000001 00000001 00000005"_hex})}},
     "request 2/1 set on 300000 key 4294967302; rejected for 3 key 4294967302; request 2/0 null "
     "key 4294967303; rejected for 100 key 4294967303; request 2/2 unset on 300000 key "
     "4294967304; rejected for 205 key 4294967304"},
};

TEST_CASE("rpcbind: what a dialogue means, whole, byte by byte and cut", "[rpcbind]") {
  check_meaning(over_tcp(kCases, marked));
  check_first_turns(over_tcp(kCases, marked));
}

TEST_CASE("rpcbind: datagrams mean the same", "[rpcbind]") {
  check_datagrams(kCases, 111);
}

TEST_CASE("rpcbind: the bytes decide on any port", "[rpcbind]") {
  const auto good = call(1, 2, 3, mapping(100003, 3, 6, 0));
  for (const auto seat : {0U, 111U}) {
    const Place udp{.over = Over::udp, .seat = seat};
    const Place tcp{.over = Over::tcp, .seat = seat};
    CHECK(extent_of(good, udp) == Extent::of(good.size()));
    CHECK(extent_of(marked(good), tcp) == Extent::of(good.size() + 4));
    CHECK(extent_of({good.begin(), good.begin() + 30}, udp) ==
          (seat == 111 ? Extent::incomplete() : Extent::foreign()));
    CHECK(extent_of("80000038 00000001 0000"_hex, tcp) == Extent::incomplete());
    for (const auto& other :
         {call(1, 2, 3, {}, kNoAuth, 100003),  // NFS has its own
          call(1, 99, 3, {}), call(1, 2, 3, {}, "00000009 00000000"_hex),
          call(1, 2, 3, {}, "00000001 00000fff"_hex),
          "00000001 00000000 00000003 000186a0 00000002 00000003 0000000000000000 00000000"_hex,
          "00000001 00000002 00000000 00000000 00000000 00000000"_hex,
          "00000001 00000001 00000002 00000000 00000000 00000000"_hex,
          "00000001 00000001 00000000 00000000 00000000 00000006"_hex, ByteVector(64, 0xff)}) {
      CHECK(extent_of(other, udp) == Extent::foreign());
      CHECK(extent_of(marked(other), tcp) == Extent::foreign());
    }
    CHECK(extent_of(ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), tcp) == Extent::foreign());
    CHECK(extent_of({}, udp) == Extent::foreign());
  }
}

TEST_CASE("rpcbind: damaged dialogues are survived", "[rpcbind]") {
  std::mt19937 random{GENERATE(range(0U, 200U))};
  for (const auto& c : over_tcp(kCases, marked)) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
