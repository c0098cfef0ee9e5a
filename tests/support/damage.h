#pragma once

#include "datagram.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {

/// Every message, damaged at random and cut at random: nothing but time may pass, and an extent
/// never lies about its size.
inline void survive_damage(const std::vector<Meaning>& cases, unsigned seed) {
  std::mt19937 random{seed};
  for (const auto& c : cases) {
    auto bytes = c.message;
    for (int i = 0; i < 4 && !bytes.empty(); ++i)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (random() % 2 == 0) bytes.resize(random() % (bytes.size() + 1));
    auto state = c.before;
    const auto context = context_of(c.place, state);
    const auto extent = the_dissector().extent(ByteCursor{bytes}, context);
    CHECK((!extent.is_message() || extent.size() > 0));
    if (the_dissector().sender != nullptr) (void)the_dissector().sender(ByteCursor{bytes}, context);
    (void)hear(bytes, context);
  }
}

/// What other protocols say, by name: a dissector must refuse it on a port that is not its own.
inline std::vector<std::pair<std::string, std::vector<std::uint8_t>>> words_of_others() {
  return {
      {"http", ascii("GET / HTTP/1.1\r\nHost: a\r\n\r\n")},
      {"ssdp", ascii("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"x\"\r\n\r\n")},
      {"ssh", ascii("SSH-2.0-OpenSSH_8.9\r\n")},
      {"modbus", "0001 0000 0006 11 03 006b 0003"_hex},
      {"modbus answer", "0001 0000 0007 11 03 04 0001 0002"_hex},
      {"s7comm", "0300 0019 02f080 32 01 0000 0400 0008 0000 f0 00 0001 0001 01e0"_hex},
      {"tls", "16 0301 0005 01 000001 00"_hex},
      {"dns", "0007 0100 0001 0000 0000 0000 03 777777 05 706c616e74 00 0001 0001"_hex},
      {"nbns",
       "8c12 0110 0001 0000 0000 0000 20 4644454b4544414141414141414141414141414141414141"
       "4141414141414141 00 0020 0001"_hex},
      {"ntp", join({"23 02 0a ec"_hex, std::vector<std::uint8_t>(36), "e5000000 00000001"_hex})},
      {"snmp",
       "30 26 02 01 01 04 06 7075626c6963 a0 19 02 04 00000007 02 01 00 02 01 00 30 0b "
       "30 09 06 05 2b06010201 05 00"_hex},
      {"bacnet", "81 0a 0011 01 04 00 05 01 0c 0c 02 00 0001 19 4d"_hex},
      {"enip", "6300 0000 00000000 00000000 0000000000000000 00000000"_hex},
      {"dnp3", "0564 05c9 0100 0300 0000"_hex},
      {"iec104", "68 04 07 00 00 00"_hex},
      {"fins", "80 00 02 00 0a 00 00 05 00 01 01 01 82 0000 00 0001"_hex},
      {"slmp", "5000 00 ff ff03 00 0c00 1000 0104 0000 640000 a8 0100"_hex},
      {"mqtt", "10 10 0004 4d515454 04 02 003c 0004 61626364"_hex},
      {"zeros", std::vector<std::uint8_t>(64)},
      {"ones", std::vector<std::uint8_t>(64, 0xff)},
      {"dhcp", join({"01 01 06 00 12345678 0000 0000"_hex, std::vector<std::uint8_t>(224),
                     "63825363 35 01 01 ff"_hex})},
  };
}

/// Whoever says what `own` names, by its front, is not asked.
inline void check_refuses_others(Over over, std::string_view own = "none") {
  for (const auto sender : {Sender::client, Sender::server}) {
    for (const auto& [name, bytes] : words_of_others()) {
      if (std::string_view{name}.starts_with(own)) continue;
      CAPTURE(name);
      const Place place{.over = over, .seat = 0, .sender = sender};
      FlowState state{};
      const auto context = context_of(place, state);
      const auto extent = the_dissector().extent(ByteCursor{bytes}, context);
      CHECK(extent == Extent::foreign());
    }
  }
}

}  // namespace sekimori::test
