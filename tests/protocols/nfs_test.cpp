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
const ByteVector kSys = [] {
  const auto body = join({"11223344"_hex, xdr("ews1"), "00000000 00000000 00000000"_hex});
  return join({"00000001"_hex, big(body.size(), 4), body});
}();
/// RPCSEC_GSS, data, with a service: 2 integrity, 3 privacy; a handle of four bytes.
ByteVector gss(std::uint32_t service) {
  return join({"00000006 00000018 00000001 00000000 00000001"_hex, big(service, 4),
               "00000004 aabbccdd"_hex});
}

ByteVector call(std::uint32_t xid, std::uint32_t program, std::uint32_t version,
                std::uint32_t procedure, const ByteVector& arguments,
                const ByteVector& credential = kSys) {
  return join({big(xid, 4), "00000000 00000002"_hex, big(program, 4), big(version, 4),
               big(procedure, 4), credential, kNoAuth, arguments});
}
ByteVector nfs(std::uint32_t xid, std::uint32_t version, std::uint32_t procedure,
               const ByteVector& arguments, const ByteVector& credential = kSys) {
  return call(xid, 100003, version, procedure, arguments, credential);
}
ByteVector mount(std::uint32_t xid, std::uint32_t procedure, const ByteVector& arguments) {
  return call(xid, 100005, 3, procedure, arguments, kNoAuth);
}
ByteVector reply(std::uint32_t xid, const ByteVector& results) {
  return join({big(xid, 4), "00000001 00000000"_hex, kNoAuth, "00000000"_hex, results});
}
ByteVector marked(const ByteVector& message) {
  return join({big(0x80000000U | message.size(), 4), message});
}
const ByteVector kHandle = join({big(8, 4), ByteVector(8, 0x42)});
const ByteVector kSuccess = join({big(0, 4), ByteVector(12, 0)});

constexpr auto kClient = Sender::client;
constexpr auto kServer = Sender::server;

const std::vector<MessageCase> kCases{
    {"what is exported, and a mount that is refused and one that is not",
     {{kClient, mount(1, 5, {})},
      {kServer, reply(1, join({big(1, 4), xdr("/srv/recipes"), big(0, 4), big(1, 4), xdr("/home"),
                               big(1, 4), xdr("10.0.0.0/24"), big(0, 4), big(0, 4)}))},
      {kClient, mount(2, 1, xdr("/root"))},
      {kServer, reply(2, big(13, 4))},
      {kClient, mount(3, 1, xdr("/srv/recipes"))},
      {kServer, reply(3, kSuccess)},
      {kClient, mount(4, 3, xdr("/srv/recipes"))},
      {kServer, reply(4, {})}},
     "request mount3/5 list-exports key 4294967297; executed key 4294967297; capability nfs-export "
     "/srv/recipes to everyone; capability nfs-export /home; request mount3/1 mount on /root key "
     "4294967298; rejected for 13 key 4294967298; request mount3/1 mount on /srv/recipes key "
     "4294967299; executed key 4294967299; request mount3/3 unmount on /srv/recipes key "
     "4294967300; executed key 4294967300"},
    {"version 3: null, a name that is not there, a new file",
     {{kClient, nfs(1, 3, 0, {}, kNoAuth)},
      {kServer, reply(1, {})},
      {kClient, nfs(2, 3, 3, join({kHandle, xdr("a")}))},
      {kServer, reply(2, big(2, 4))},
      {kClient, nfs(3, 3, 8, join({kHandle, xdr("recipe.bin"), big(0, 4)}))},
      {kServer, reply(3, kSuccess)}},
     "request nfs3/0 null key 4294967297; event version NFS v3; executed key 4294967297; request "
     "nfs3/3 lookup key 4294967298; name ews1; event anonymous-login NFS AUTH_SYS; rejected for 2 "
     "key 4294967298; request nfs3/8 create key 4294967299; name ews1; event transfer create "
     "recipe.bin; executed key 4294967299"},
    {"version 2 and version 4",
     {{kClient, nfs(1, 2, 9, join({ByteVector(32, 0x42), xdr("a"), ByteVector(32, 0)}))},
      {kServer, reply(1, kSuccess)},
      {kClient, nfs(2, 4, 1, join({xdr(""), big(0, 4), big(0, 4)}))},
      {kServer, reply(2, big(10025, 4))}},
     "request nfs2/9 create key 4294967297; event version NFS v2; name ews1; event anonymous-login "
     "NFS AUTH_SYS; event transfer create a; executed key 4294967297; request nfs4/1 compound key "
     "4294967298; event version NFS v4; name ews1; rejected for 10025 key 4294967298"},
    {"privacy hides arguments and results",
     {{kClient, nfs(1, 3, 8, ByteVector(40, 0x99), gss(3))},
      {kServer, reply(1, join({big(40, 4), ByteVector(40, 0x99)}))}},
     "request nfs3/8 create key 4294967297; event version NFS v3; event encrypted NFS with "
     "RPCSEC_GSS privacy; executed key 4294967297"},
    {"what the messages refuse",
     {{kClient, nfs(1, 3, 1, kHandle)},
      {kServer, join({big(1, 4), "00000001 00000001 00000001 00000005"_hex})},
      {kClient, call(2, 100021, 4, 1, {})},
      {kServer, join({big(2, 4), "00000001 00000000"_hex, kNoAuth, "00000001"_hex})}},
     "request nfs3/1 get-attributes key 4294967297; event version NFS v3; name ews1; event "
     "anonymous-login NFS AUTH_SYS; rejected for 1205 key 4294967297; request nlm4/1 unknown key "
     "4294967298; name ews1; rejected for 1001 key 4294967298"},
};

TEST_CASE("NFS: what a dialogue means, whole, byte by byte and cut", "[nfs]") {
  check_meaning(over_tcp(kCases, marked));
  check_first_turns(over_tcp(kCases, marked));
}

TEST_CASE("NFS: datagrams mean the same", "[nfs]") {
  check_datagrams(kCases, 2049);
}

TEST_CASE("NFS: a file's content is passed over", "[nfs]") {
  const auto write = nfs(1, 3, 7, join({kHandle, ByteVector(60000, 0x42)}));
  CHECK(extent_of(marked(write), {.over = Over::tcp, .seat = 0}) ==
        Extent::of(4 + 2048).then_skip(write.size() - 2048));
}

TEST_CASE("NFS: the bytes decide on any port", "[nfs]") {
  for (const auto seat : {0U, 2049U}) {
    const Place udp{.over = Over::udp, .seat = seat};
    const Place tcp{.over = Over::tcp, .seat = seat};
    // The port mapper has a dissector of its own; NIS is neither's.
    for (const auto program : {100000U, 100004U, 1U}) {
      const auto other = call(1, program, 2, 3, ByteVector(16, 0));
      CHECK(extent_of(other, udp) == Extent::foreign());
      CHECK(extent_of(marked(other), tcp) == Extent::foreign());
    }
    CHECK(extent_of(ascii("05 is a digit, and this a line"), tcp) == Extent::foreign());
    CHECK(extent_of(ByteVector(60, 0), udp) == Extent::foreign());
    CHECK(extent_of("80000004 00000001"_hex, tcp) == Extent::foreign());
    CHECK(extent_of("ffffffff 00000001"_hex, tcp) == Extent::foreign());
  }
}

TEST_CASE("NFS: exports without an end say what there is of them", "[nfs]") {
  const auto text =
      meaning({client(marked(mount(1, 5, {}))),
               server(marked(
                   reply(1, join({big(1, 4), xdr("/a"), big(0, 4), big(1, 4), "7fffffff"_hex}))))});
  CHECK(text ==
        "request mount3/5 list-exports key 4294967297; executed key 4294967297; capability "
        "nfs-export /a to everyone");
}

TEST_CASE("NFS: damaged dialogues are survived", "[nfs]") {
  std::mt19937 random{GENERATE(range(0U, 200U))};
  for (const auto& c : over_tcp(kCases, marked)) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
