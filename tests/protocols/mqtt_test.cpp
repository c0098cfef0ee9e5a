#include "dialogue_case.h"

#include <catch2/catch.hpp>

#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using Message = std::vector<std::uint8_t>;

std::string without_keys(const std::string& text) {
  static const std::regex key{" key [0-9]+"};
  return std::regex_replace(text, key, "");
}

Message operator+(Message left, const Message& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// A packet of a type and flags; bodies of these tests are shorter than 128 bytes.
Message packet(std::uint8_t first, const Message& body) {
  return Message{first, static_cast<std::uint8_t>(body.size())} + body;
}
Message text(std::string_view letters) {
  return Message{0, static_cast<std::uint8_t>(letters.size())} + ascii(letters);
}

/// A CONNECT of 3.1.1 by its flags and what they announce.
Turn connects(std::uint8_t flags, const Message& rest) {
  return client(packet(0x10, text("MQTT") + Message{4, flags, 0, 60} + rest));
}
const auto kAccepted = server("20 02 00 00"_hex);
const auto kPlain = connects(0x02, text("rtu-7"));
const std::string kOpened =
    "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; executed; "
    "client: event anonymous-login MQTT without a user";

const std::vector<DialogueCase> cases{
    {"without a user", {kPlain, kAccepted}, kOpened},
    {"with a user and a password",
     {connects(0xc2, text("rtu-7") + text("admin") + text("admin")), kAccepted},
     "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; "
     "event cleartext-login MQTT, user admin, password default; executed"},
    {"with a user and no password",
     {connects(0x82, text("rtu-7") + text("meter")), kAccepted},
     "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; "
     "event login MQTT user meter; executed"},
    {"with a will before them",
     {connects(0xc6, text("rtu-7") + text("state/rtu-7") + text("gone") + text("op") + text("op")),
      kAccepted},
     "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; "
     "event cleartext-login MQTT, user op, password same as user; executed"},
    {"refused",
     {kPlain, server("20 02 00 05"_hex)},
     "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; "
     "rejected for 5; client: event login-rejected MQTT code 5"},
    {"3.1, of a library that draws its name",
     {client(packet(0x10, text("MQIsdp") + "03 02 003c"_hex + text("mosq-dRkAMvJQ"))), kAccepted},
     "request 1 connect; event version MQTT 3.1; software Mosquitto client; executed; "
     "client: event anonymous-login MQTT without a user"},
    {"5.0, with properties and a bridge's bit",
     {client(packet(0x10, text("MQTT") + "85 c6 003c"_hex + "05 1100000010"_hex + text("edge") +
                              "05 1800000001"_hex + text("w") + text("x") + text("u") +
                              text("pw"))),
      server("20 03 00 87 00"_hex)},
     "request 1 connect; event version MQTT 5.0; description MQTT client edge; "
     "event cleartext-login MQTT, user u, password short; rejected for 135; "
     "client: event login-rejected MQTT code 135"},
    {"values of each quality",
     {kPlain, kAccepted, client(packet(0x30, text("tank/3/level") + ascii("4.2"))),
      client(packet(0x32, text("tank/3/level") + "0007"_hex + ascii("4.2"))),
      server("40 02 0007"_hex),
      client(packet(0x34, text("tank/3/level") + "0008"_hex + ascii("4.2"))),
      server("50 02 0008"_hex), client("62 02 0008"_hex), server("70 02 0008"_hex)},
     kOpened + "; notice 3 publish on tank/3/level; request 3 publish on tank/3/level; executed; "
               "request 3 publish on tank/3/level; notice 6 release-publish; executed"},
    {"commands by habit",
     {kPlain, kAccepted, client(packet(0x30, text("pump/1/set") + ascii("1"))),
      client(packet(0x30, text("cmnd/valve/POWER"))), client(packet(0x30, text("x/CMD/y"))),
      client(packet(0x30, text("offset/reset")))},
     kOpened +
         "; notice 3 publish-command on pump/1/set; notice 3 publish-command on cmnd/valve/POWER; "
         "notice 3 publish-command on x/CMD/y; notice 3 publish on offset/reset"},
    {"Sparkplug",
     {kPlain, kAccepted, client(packet(0x30, text("spBv1.0/plant/NBIRTH/edge1"))),
      client(packet(0x30, text("spBv1.0/plant/DBIRTH/edge1/pump"))),
      client(packet(0x30, text("spBv1.0/plant/DDATA/edge1/set"))),
      client(packet(0x32, text("spBv1.0/plant/NCMD/edge2") + "0001"_hex)), server("40 02 0001"_hex),
      client(packet(0x30, text("spBv1.0/plant/DCMD/edge2/pump"))),
      client(packet(0x30, text("spBv1.0/plant/NDEATH/edge1")))},
     kOpened + "; notice 3 publish-birth on spBv1.0/plant/NBIRTH/edge1; "
               "capability Sparkplug B node plant/edge1; "
               "notice 3 publish-birth on spBv1.0/plant/DBIRTH/edge1/pump; "
               "capability Sparkplug B device plant/edge1/pump; "
               "notice 3 publish on spBv1.0/plant/DDATA/edge1/set; "
               "request 3 publish-command on spBv1.0/plant/NCMD/edge2; executed; "
               "notice 3 publish-command on spBv1.0/plant/DCMD/edge2/pump; "
               "notice 3 publish-death on spBv1.0/plant/NDEATH/edge1"},
    {"Sparkplug's host, and what the broker is",
     {kPlain, kAccepted, client(packet(0x31, text("spBv1.0/STATE/scada") + ascii("{}"))),
      client(packet(0x82, "0001"_hex + text("$SYS/#") + "00"_hex)), server("90 03 0001 00"_hex),
      server(packet(0x31, text("$SYS/broker/version") + ascii("mosquitto version 2.0.11"))),
      server(packet(0x31, text("$SYS/broker/uptime") + ascii("7 seconds")))},
     kOpened +
         "; notice 3 publish on spBv1.0/STATE/scada; capability Sparkplug B host scada; "
         "request 8 subscribe on $SYS/#; executed; notice broker/3 deliver on $SYS/broker/version; "
         "software mosquitto version 2.0.11; notice broker/3 deliver on $SYS/broker/uptime"},
    {"subscribed, delivered, and let go",
     {kPlain, kAccepted, client(packet(0x82, "0001"_hex + text("plant/#") + "01"_hex)),
      server("90 03 0001 01"_hex),
      client(packet(0x82, "0002"_hex + text("a") + "00"_hex + text("b") + "00"_hex)),
      server("90 04 0002 00 80"_hex), server(packet(0x32, text("plant/cmd") + "0009"_hex)),
      client("40 02 0009"_hex), client(packet(0xa2, "0003"_hex + text("plant/#"))),
      server("b0 02 0003"_hex), client("c0 00"_hex), server("d0 00"_hex), client("e0 00"_hex)},
     kOpened +
         "; request 8 subscribe on plant/#; executed; request 8 subscribe on a; rejected for 128; "
         "notice broker/3 deliver on plant/cmd; notice 4 acknowledge-publish; "
         "request 10 unsubscribe on plant/#; executed; request 12 ping; executed; "
         "notice 14 disconnect"},
    {"5.0 says why not",
     {client(packet(0x10, text("MQTT") + "05 02 003c 00"_hex + text("edge"))),
      server("20 03 00 00 00"_hex), client(packet(0x32, text("a/b") + "0001 00"_hex)),
      server("40 03 0001 87"_hex), client(packet(0x34, text("a/b") + "0002 00"_hex)),
      server("50 03 0002 87"_hex), client(packet(0x82, "0003 00"_hex + text("#") + "02"_hex)),
      server("90 04 0003 00 87"_hex), client("f0 00"_hex)},
     "request 1 connect; event version MQTT 5.0; description MQTT client edge; executed; "
     "client: event anonymous-login MQTT without a user; request 3 publish on a/b; "
     "rejected for 135; request 3 publish on a/b; rejected for 135; request 8 subscribe on #; "
     "rejected for 135; notice 15 authenticate"},
    {"what breaks the rules",
     {kPlain, kAccepted, client(packet(0x36, text("a/b") + ascii("x"))), client("00 00"_hex),
      client("20 02 00 00"_hex)},
     kOpened + "; notice 3 publish on a/b; event malformed quality of service 3; notice 0 unknown; "
               "event malformed type 0; event malformed type 2"},
};

TEST_CASE("MQTT: what a dialogue means", "[mqtt]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(without_keys(meaning(c.dialogue)) == c.means);
  CHECK(without_keys(meaning_bytewise(c.dialogue)) == c.means);
}

TEST_CASE("MQTT: a dialogue cut anywhere says nothing that the whole does not", "[mqtt]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(cut_that_lies(c.dialogue) == "");
}

TEST_CASE("MQTT: what comes in one segment is known before anything is dissected", "[mqtt]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(first_turns_are_understood(c.dialogue, Context{.on_seat = true}));
}

TEST_CASE("MQTT: what a long publication carries is not kept", "[mqtt]") {
  Listener listener;
  listener.hear(kPlain);
  const auto front = "30 90 4e"_hex + text("tank/3/image");  // 10 000 bytes
  const Message picture(10'000 - 14, 0x10);
  listener.hear(Sender::client, front + picture + "c0 00"_hex);
  CHECK(without_keys(listener.text()) ==
        "request 1 connect; event version MQTT 3.1.1; description MQTT client rtu-7; "
        "notice 3 publish on tank/3/image; request 12 ping");
  CHECK(listener.waiting(Sender::client) == 0);
}

TEST_CASE("MQTT: a very long topic is cut", "[mqtt]") {
  const std::string topic(300, 't');
  auto body = Message{0x01, 0x2c} + ascii(topic);
  const auto said = without_keys(meaning({kPlain, client("30 ae 02"_hex + body)}));
  CHECK(said.ends_with("publish on " + topic.substr(0, 160)));
}

Extent extent_of(const Message& bytes, bool on_seat = false) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes},
                                Context{.over = Over::tcp, .on_seat = on_seat, .state = &state});
}

TEST_CASE("MQTT: on a foreign port a CONNECT alone is taken", "[mqtt]") {
  const auto& bytes = kPlain.bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const Message cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const auto extent = extent_of(cut);
    CHECK((extent.is_incomplete() || extent == Extent::of(bytes.size())));
  }
  CHECK(extent_of(bytes) == Extent::of(bytes.size()));
  for (const auto& other : {"20 02 00 00"_hex, "c0 00"_hex, "82 08 0001 0003 612f62 00"_hex,
                            "30 05 0003 612f62"_hex, "e0 00"_hex}) {
    CHECK(extent_of(other).is_foreign());
    CHECK(extent_of(other, true) == Extent::of(other.size()));
  }
}

TEST_CASE("MQTT: other bytes are foreign, on the seat too", "[mqtt]") {
  const auto bytes = GENERATE(values<Message>({
      ascii("GET / HTTP/1.1\r\n\r\n"),
      ascii("SSH-2.0-OpenSSH_9.2\r\n"),
      "1603 0100 c801 0000 c403 03"_hex,                // TLS
      "0001 0000 0006 01 03 0000 000a"_hex,             // Modbus
      "0564 05c9 0a00 0300 2fca"_hex,                   // DNP3
      "10 0c 0004 4d515458 04 02 003c 0000"_hex,        // another name
      "10 0c 0004 4d515454 07 02 003c 0000"_hex,        // another level
      "11 0c 0004 4d515454 04 02 003c 0000"_hex,        // a flag that is reserved
      "10 06 0004 4d515454"_hex,                        // no room for flags
      "10 ffffffff 0004 4d515454 04 02 003c 0000"_hex,  // a length without an end
      "36 05 0003 612f62"_hex,                          // quality 3
      "30 05 0009 612f62"_hex,                          // a topic longer than its packet
      "80 08 0001 0003 612f62 00"_hex,                  // a subscription without its flag
      "c0 01 00"_hex,
      "f0 ff ff ff ff"_hex,
  }));
  CAPTURE(bytes);
  CHECK(extent_of(bytes).is_foreign());
  CHECK(extent_of(bytes, true).is_foreign());
}

TEST_CASE("MQTT: the sender is told by the type, or not at all", "[mqtt]") {
  const auto told = [](const Message& message) {
    return the_dissector().sender(ByteCursor{message}, Context{});
  };
  CHECK(told(kPlain.bytes) == Sender::client);
  CHECK(told("20 02 00 00"_hex) == Sender::server);
  CHECK(told("c0 00"_hex) == Sender::client);
  CHECK(told("d0 00"_hex) == Sender::server);
  CHECK_FALSE(told("30 05 0003 612f62"_hex));
  CHECK_FALSE(told("40 02 0001"_hex));
}

TEST_CASE("MQTT: passwords are never said", "[mqtt]") {
  const auto said =
      meaning({connects(0xc2, text("rtu-7") + text("op") + text("kiso-no-seki")), kAccepted});
  CHECK(said.find("kiso") == std::string::npos);
  CHECK(said.find("user op, password not default") != std::string::npos);
}

TEST_CASE("MQTT: the table has each code once and named", "[mqtt]") {
  std::set<std::uint32_t> codes;
  for (const auto& row : the_dissector().operations) {
    CAPTURE(row.name);
    CHECK_FALSE(row.name.empty());
    CHECK(codes.insert(row.code).second);
  }
}

TEST_CASE("MQTT: damaged dialogues are survived", "[mqtt]") {
  const auto seed = GENERATE(range(0U, 100U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const auto& c : cases) survive(c.dialogue, random);
}

}  // namespace
}  // namespace sekimori::test
