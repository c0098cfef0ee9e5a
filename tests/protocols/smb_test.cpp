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

/// The frame of RFC 1002 round a message.
ByteVector frame(const ByteVector& message) {
  return join({{0}, sized(message, 3)});
}

struct Two {
  std::uint16_t command = 0;
  std::uint64_t message = 0;
  bool reply = false;
  std::uint32_t status = 0;
  std::uint32_t tree = 0;
  std::uint32_t next = 0;
};
ByteVector header(const Two& h) {
  return join({"fe534d42 4000 0000"_hex, little(h.status, 4), little(h.command, 2), "0100"_hex,
               little(h.reply ? 1 : 0, 4), little(h.next, 4), little(h.message, 8), zero(4),
               little(h.tree, 4), zero(8), zero(16)});
}
ByteVector two(const Two& h, const ByteVector& body) {
  return frame(join({header(h), body}));
}

const ByteVector kGuid = "04030201 0605 0807 090a0b0c0d0e0f10"_hex;

ByteVector tree_connect(std::string_view path) {
  return join({"0900 0000 4800"_hex, little(path.size() * 2, 2), wide(path)});
}
ByteVector create(std::string_view name, std::uint32_t disposition) {
  return join({"3900 00 00"_hex, zero(32), little(disposition, 4), zero(4), "7800"_hex,
               little(name.size() * 2, 2), zero(8), wide(name)});
}
/// [MS-NLMP] 2.2.1.3 with domain PLANT, user op and workstation ENG1, Windows 6.1.7601.
ByteVector authenticate(std::string_view domain, std::string_view user, std::string_view station) {
  const auto field = [](std::size_t size, std::size_t at) {
    return join({little(size, 2), little(size, 2), little(at, 4)});
  };
  const std::size_t at = 72;
  const auto names = join({wide(domain), wide(user), wide(station)});
  return join({ascii("NTLMSSP"),
               {0},
               little(3, 4),
               field(0, at),
               field(user.empty() ? 0 : 16, at),
               field(domain.size() * 2, at),
               field(user.size() * 2, at + domain.size() * 2),
               field(station.size() * 2, at + (domain.size() + user.size()) * 2),
               field(0, at),
               "01000002"_hex,
               "0601 b11d 0000000f"_hex,
               names});
}
ByteVector session_setup(const ByteVector& token) {
  return join({"1900 00 01"_hex, zero(8), "5800"_hex, little(token.size(), 2), zero(8), token});
}

struct One {
  std::uint8_t command = 0;
  std::uint16_t multiplex = 0;
  bool reply = false;
  std::uint32_t status = 0;
  std::uint16_t tree = 0;
};
ByteVector one(const One& h, const ByteVector& words, const ByteVector& data) {
  return frame(join({"ff534d42"_hex,
                     {h.command},
                     little(h.status, 4),
                     {static_cast<std::uint8_t>(h.reply ? 0x80 : 0)},
                     "00c0"_hex,
                     zero(12),
                     little(h.tree, 2),
                     "0100 0000"_hex,
                     little(h.multiplex, 2),
                     big(words.size() / 2, 1),
                     words,
                     little(data.size(), 2),
                     data}));
}
ByteVector netbios_name(std::string_view name) {
  ByteVector bytes{32};
  for (std::size_t i = 0; i < 16; ++i) {
    const auto letter = static_cast<unsigned char>(i < name.size() ? name[i] : ' ');
    bytes.push_back(static_cast<std::uint8_t>('A' + (letter >> 4U)));
    bytes.push_back(static_cast<std::uint8_t>('A' + (letter & 15U)));
  }
  bytes.push_back(0);
  return bytes;
}
const ByteVector kSession =
    join({"81000044"_hex, netbios_name("*SMBSERVER"), netbios_name("HMI1")});
/// [MS-CIFS] 2.2.4.52.2 of a server that wants `mode` passwords and is called SRV1 of PLANT.
ByteVector negotiated(std::uint8_t mode) {
  return one({.command = 0x72, .reply = true},
             join({"0000"_hex, {mode}, zero(16), little(0x4, 4), zero(10), {8}}),
             join({zero(8), wide("PLANT"), zero(2), wide("SRV1"), zero(2)}));
}
ByteVector plain_setup(std::string_view user, std::string_view secret) {
  return one({.command = 0x73, .multiplex = 2},
             join({"ff00 0000"_hex, zero(10), little(secret.size(), 2), zero(10)}),
             join({ascii(secret), zero((secret.size() + 1) % 2), wide(user), zero(2), wide("D"),
                   zero(2), wide("Windows 5.1"), zero(2), wide("LM"), zero(2)}));
}

const std::vector<DialogueCase> cases{
    {"SMB 2: what both say when they meet",
     {client(two({.command = 0, .message = 1},
                 join({"2400 0100 0100 0000 00000000"_hex, kGuid, zero(8), "1002"_hex}))),
      server(two({.command = 0, .message = 1, .reply = true},
                 join({"4100 0100 1002 0000"_hex, kGuid, zero(36)})))},
     "request 2/0x00 negotiate key 1; identifier smb-client-guid "
     "01020304-0506-0708-090a-0b0c0d0e0f10; executed key 1; event version SMB 2.1; "
     "identifier smb-server-guid 01020304-0506-0708-090a-0b0c0d0e0f10"},
    {"SMB 3.1.1",
     {server(two({.command = 0, .reply = true}, join({"4100 0100 1103 0000"_hex, zero(52)})))},
     "executed; event version SMB 3.1.1"},
    {"a login that is refused",
     {client(two({.command = 1, .message = 3}, session_setup(authenticate("PLANT", "op", "ENG1")))),
      server(two({.command = 1, .message = 3, .reply = true, .status = 0xc000006d}, zero(9)))},
     "event version SMB 2 or 3; request 2/0x01 session-setup key 3; name ENG1; "
     "os Windows 7 / Server 2008 R2 (6.1.7601); event login NTLM PLANT\\op; "
     "rejected for 3221225581 key 3; event login-rejected SMB status 0xc000006d"},
    {"a step of a login, then a guest",
     {server(two({.command = 1, .message = 2, .reply = true, .status = 0xc0000016},
                 "0900 0000 4800 0000"_hex)),
      client(two({.command = 1, .message = 3}, session_setup(authenticate("", "", "")))),
      server(two({.command = 1, .message = 3, .reply = true}, "0900 0100 4800 0000"_hex))},
     "event version SMB 2 or 3; executed key 2; request 2/0x01 session-setup key 3; "
     "os Windows 7 / Server 2008 R2 (6.1.7601); event login NTLM anonymous; "
     "executed key 3; event anonymous-login SMB guest"},
    {"a service made from afar, and a file put there",
     {client(two({.command = 3, .message = 4}, tree_connect("\\\\S\\IPC$"))),
      server(two({.command = 3, .message = 4, .reply = true, .tree = 5}, zero(16))),
      client(two({.command = 5, .message = 5, .tree = 5}, create("svcctl", 1))),
      client(two({.command = 5, .message = 6, .tree = 9}, create("Windows\\x.exe", 5))),
      server(two({.command = 5, .message = 6, .reply = true, .status = 0xc0000022}, zero(9))),
      client(two({.command = 5, .message = 7, .tree = 9}, create("read.me", 1)))},
     "event version SMB 2 or 3; request 2/0x03 tree-connect on \\\\S\\IPC$ key 4; executed key 4; "
     "request 2/0x05 create on svcctl key 5; request 2/0x05 create key 6; "
     "event transfer create Windows\\x.exe; rejected for 3221225506 key 6; "
     "request 2/0x05 create key 7"},
    {"a pipe known by its name alone",
     {client(two({.command = 5, .message = 5, .tree = 5}, create("svcctl", 1)))},
     "event version SMB 2 or 3; request 2/0x05 create on svcctl key 5"},
    {"a compound",
     {client(frame(join({header({.command = 5, .message = 8, .next = 64 + 56}), create("", 1),
                         header({.command = 16, .message = 9, .next = 72}), zero(8),
                         header({.command = 6, .message = 10}), zero(24)}))),
      server(frame(join({header({.command = 5, .message = 8, .reply = true, .next = 72}), zero(8),
                         header({.command = 16, .message = 9, .reply = true, .status = 0x80000005}),
                         zero(8)})))},
     "event version SMB 2 or 3; request 2/0x05 create key 8; request 2/0x10 query-info key 9; "
     "request 2/0x06 close key 10; executed key 8; executed key 9"},
    {"interim answers, cancels and breaks ask for nothing",
     {server(two({.command = 15, .message = 3, .reply = true, .status = 0x103}, zero(9))),
      client(two({.command = 12, .message = 3}, zero(4))),
      server(two({.command = 18, .message = UINT64_MAX, .reply = true}, zero(24)))},
     "event version SMB 2 or 3; notice 2/0x0c cancel"},
    {"encryption",
     {client(frame(join({"fd534d42"_hex, zero(48), ByteVector(200, 0xee)}))),
      server(frame(join({"fd534d42"_hex, zero(48), ByteVector(90, 0xee)})))},
     "event encrypted SMB 3"},
    {"a write whose content is not looked at",
     {client(two({.command = 9, .message = 1}, ByteVector(5000, 0x41))),
      client(two({.command = 13, .message = 2}, "0400 0000"_hex))},
     "event version SMB 2 or 3; request 2/0x09 write key 1; request 2/0x0d echo key 2"},
    {"NetBIOS, and SMB 1 with a plain password",
     {client(kSession), server("82000000"_hex),
      client(one({.command = 0x72, .multiplex = 1}, {}, join({{2}, ascii("NT LM 0.12"), {0}}))),
      server(negotiated(1)), client(plain_setup("op", "Tr0ub4dor")),
      server(one(
          {.command = 0x73, .multiplex = 2, .reply = true}, "ff00 0000 0100"_hex,
          join({zero(1), wide("Unix"), zero(2), wide("Samba"), zero(2), wide("PLANT"), zero(2)})))},
     "request nb/0x81 netbios-session key 9223372036854775808; name HMI1; "
     "executed key 9223372036854775808; request 1/0x72 negotiate; executed; event version SMB 1; "
     "domain PLANT; name SRV1; request 1/0x73 session-setup key 4611686018427453442; "
     "event cleartext-login SMB, user op, password not default; os Windows 5.1; software LM; "
     "executed key 4611686018427453442; event anonymous-login SMB guest; os Unix; "
     "software Samba; domain PLANT"},
    {"SMB 1: an encrypted password, no account, and a chain",
     {client(one({.command = 0x73, .multiplex = 3}, join({"ff00 0000"_hex, zero(22)}),
                 join({zero(1), zero(2), zero(2)}))),
      client(one({.command = 0x75, .multiplex = 4}, "ff00 0000 0000 0100"_hex,
                 join({zero(1), wide("\\\\S\\IPC$"), zero(2), ascii("?????"), {0}}))),
      server(one({.command = 0x75, .multiplex = 4, .reply = true, .tree = 7}, "ff00 0000 0100"_hex,
                 {})),
      client(one({.command = 0xa2, .multiplex = 5, .tree = 7},
                 join({"ff00 0000 00"_hex, little(14, 2), zero(28), little(1, 4), zero(9)}),
                 join({zero(1), wide("\\svcctl")})))},
     "event version SMB 1; request 1/0x73 session-setup key 4611686018427453443; "
     "event login SMB null session; "
     "request 1/0x75 tree-connect on \\\\S\\IPC$ key 4611686018427453444; "
     "executed key 4611686018427453444; request 1/0xa2 create on svcctl key 4611686018427453445"},
    {"an SMB 1 greeting that SMB 2 answers",
     {client(one({.command = 0x72}, {}, join({{2}, ascii("SMB 2.???"), {0}}))),
      server(two({.command = 0, .reply = true}, join({"4100 0100 ff02 0000"_hex, zero(52)})))},
     "request 1/0x72 negotiate; executed"},
    {"a NetBIOS session refused",
     {client(kSession), server("83000001 82"_hex)},
     "request nb/0x81 netbios-session key 9223372036854775808; name HMI1; "
     "rejected for 130 key 9223372036854775808"},
};

const Context kOnSeat{.on_seat = true};

TEST_CASE("SMB: what a dialogue means, whole, byte by byte and cut", "[smb]") {
  check_meaning(cases);
}

TEST_CASE("SMB: what comes in one segment is known before anything is dissected", "[smb]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue, kOnSeat));
}

Extent extent_of(const ByteVector& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("SMB: the bytes decide, not the port", "[smb]") {
  CHECK(extent_of("00 000040"_hex) == Extent::incomplete());
  CHECK(extent_of("00 000040 fe534d42 4000"_hex) == Extent::incomplete());
  CHECK(extent_of("00 000040 fe534d42 4100"_hex) == Extent::foreign());
  CHECK(extent_of("00 000023 ff534d42"_hex) == Extent::of(39));
  CHECK(extent_of("00 000010 ff534d42"_hex) == Extent::foreign());
  CHECK(extent_of("00 000040 fe534d43"_hex) == Extent::foreign());
  CHECK(extent_of("82 000000"_hex) == Extent::foreign());
  CHECK(extent_of("82 000000"_hex, true) == Extent::of(4));
  CHECK(extent_of("85 000001"_hex, true) == Extent::foreign());
  CHECK(extent_of("81 000044 21"_hex, true) == Extent::foreign());
  CHECK(extent_of("0001 0000 0006 01 03 0000 000a"_hex) == Extent::foreign());
  CHECK(extent_of("6500 0400 00000000"_hex) == Extent::foreign());
  CHECK(extent_of(ascii("GET / HTTP/1.1")) == Extent::foreign());
}

TEST_CASE("SMB: long messages are kept in part", "[smb]") {
  const auto write = two({.command = 9}, ByteVector(70000, 1));
  CHECK(extent_of(write) == Extent::of(4608).then_skip(write.size() - 4608));
  const auto query = two({.command = 14}, ByteVector(70000, 1));
  CHECK(extent_of(query) == Extent::of(16384).then_skip(query.size() - 16384));
}

// A fragment of DCE/RPC: a request for operation 0 of context 0, with four bytes of arguments.
const ByteVector kFragment =
    "05 00 00 03 10000000 1c00 0000 07000000 04000000 0000 0000 00000000"_hex;
const ByteVector kFile = join({little(5, 8), little(9, 8)});

TEST_CASE("SMB: a pipe carries DCE/RPC", "[smb]") {
  const auto write = [](const ByteVector& data) {
    return two({.command = 9, .message = 4, .tree = 1},
               join({"3100 7000"_hex, little(data.size(), 4), zero(8), kFile, zero(16), data}));
  };
  const auto read = two({.command = 8, .message = 5, .tree = 1},
                        join({"3100 50 00"_hex, little(1024, 4), zero(8), kFile, zero(17)}));
  const auto was_read = two({.command = 8, .message = 5, .reply = true, .tree = 1},
                            join({"1100 50 00"_hex, little(28, 4), zero(8), kFragment}));
  const auto control = two(
      {.command = 11, .message = 6, .tree = 1},
      join({"3900 0000 17c01100"_hex, kFile, little(0x78, 4), little(28, 4), zero(24), kFragment}));
  const auto controlled = two({.command = 11, .message = 6, .reply = true, .tree = 1},
                              join({"3100 0000 17c01100"_hex, kFile, zero(8), little(0x70, 4),
                                    little(28, 4), zero(8), kFragment}));
  CHECK(meaning({client(write(kFragment)), client(read), server(was_read), client(control),
                 server(controlled)}) ==
        "event version SMB 2 or 3; request 2/0x09 write key 4; carries dcerpc of 28 bytes; request "
        "2/0x08 read key 5; executed key 5; carries dcerpc of 28 bytes; request 2/0x0b ioctl key "
        "6; carries dcerpc of 28 bytes; executed key 6; carries dcerpc of 28 bytes");
  CHECK(meaning({client(write(join({kFragment, kFragment})))}) ==
        "event version SMB 2 or 3; request 2/0x09 write key 4; carries dcerpc of 28 bytes; carries "
        "dcerpc of 28 bytes");
  CHECK(meaning({client(write(ascii("05 is a digit, and this a file")))}) ==
        "event version SMB 2 or 3; request 2/0x09 write key 4");
}

TEST_CASE("SMB 1: a pipe carries DCE/RPC", "[smb]") {
  const auto name = wide("\\PIPE\\");
  const std::size_t data_at = 32 + 1 + 32 + 2 + 1 + 12 + 2;
  const auto transaction = one(
      {.command = 0x25}, join({zero(22), little(28, 2), little(data_at, 2), "02 00 2600 0540"_hex}),
      join({zero(1), name, zero(2), kFragment}));
  const auto answer =
      one({.command = 0x25, .reply = true},
          join({zero(12), little(28, 2), little(32 + 1 + 20 + 2, 2), zero(4)}), kFragment);
  CHECK(meaning({client(transaction), server(answer)}) ==
        "event version SMB 1; request 1/0x25 transaction on \\PIPE\\ key 4611686018427453440; "
        "carries dcerpc of 28 bytes; executed key 4611686018427453440; carries dcerpc of 28 bytes");
  const auto write = one(
      {.command = 0x2f},
      join({"ff00 0000 0540"_hex, zero(14), little(28, 2), little(32 + 1 + 28 + 2, 2), zero(4)}),
      kFragment);
  const auto read =
      one({.command = 0x2e, .multiplex = 3}, join({"ff00 0000 0540"_hex, zero(14)}), {});
  const auto was_read =
      one({.command = 0x2e, .multiplex = 3, .reply = true},
          join({"ff00 0000"_hex, zero(6), little(28, 2), little(32 + 1 + 24 + 2, 2), zero(10)}),
          kFragment);
  CHECK(meaning({client(write), client(read), server(was_read)}) ==
        "event version SMB 1; request 1/0x2f write key 4611686018427453440; carries dcerpc of 28 "
        "bytes; request 1/0x2e read key 4611686018427453443; executed key 4611686018427453443; "
        "carries dcerpc of 28 bytes");
}

TEST_CASE("SMB: chains and compounds that turn back come to an end", "[smb]") {
  // Each command points to itself.
  const auto chain = one({.command = 0x2d}, "2d00 2000"_hex, {});
  CHECK(meaning({client(chain)}) ==
        "event version SMB 1; request 1/0x2d open key 4611686018427453440");
  ByteVector deep;
  for (int i = 0; i < 400; ++i) {
    const auto next = header({.command = 13, .message = 7, .next = 64});
    deep.insert(deep.end(), next.begin(), next.end());
  }
  const auto text = meaning({client(frame(deep))});
  std::size_t echoes = 0;
  for (auto at = text.find("echo"); at != std::string::npos; at = text.find("echo", at + 1))
    ++echoes;
  CHECK(echoes == 128);
}

TEST_CASE("SMB: a plain password is never said", "[smb]") {
  const auto text = meaning(cases[10].dialogue);
  CAPTURE(text);
  CHECK(text.find("password not default") != std::string::npos);
  CHECK(text.find("ub4") == std::string::npos);
}

TEST_CASE("SMB: damaged dialogues are survived", "[smb]") {
  const auto seed = GENERATE(range(0U, 400U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
