#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

// Cisco's CDP: IEEE 802.2 SNAP 00000C/2000, version 2, and TLVs.
Payload tlv(unsigned type, const Payload& value) {
  return be16(type) + be16(value.size() + 4) + value;
}

void advertise(Plant& p, Station& station, std::initializer_list<Payload> tlvs) {
  const auto body = hex("aaaa03 00000c 2000 02 b4 0000") + joined(tlvs);
  p.scene.ethernet(station, "01:00:0c:cc:cc:cc", static_cast<std::uint16_t>(body.size()), body);
}

Payload own_address(const Station& station) {
  return tlv(2, hex("00000001 01 01 cc 0004") + ip_bytes(station.ip));
}

void neighbours(Plant& p) {
  advertise(p, p.core_switch,
            {tlv(1, text("SW-CORE")), own_address(p.core_switch), tlv(3, text("FastEthernet0/7")),
             tlv(4, be32(0x28)),
             tlv(5, text("Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version "
                         "15.0(2)SE11, RELEASE SOFTWARE (fc3)\nCompiled Sat 19-Aug-17")),
             tlv(6, text("cisco WS-C2960-8TC-L")), tlv(9, text("PLANT")), tlv(10, be16(30))});
  auto& radio = p.scene.station("00:00:0c:30:00:77", "10.30.0.77", Plant::kControl);
  advertise(p, radio,
            {tlv(1, text("AP0000.0c30.0077")),
             tlv(5, text("Cisco IOS Software, C2600 Software (AP3G2-K9W8-M), Version 15.2(4)JA1, "
                         "RELEASE SOFTWARE (fc2)")),
             tlv(6, text("cisco AIR-CAP2602I-Q-K9")), own_address(radio),
             tlv(3, text("GigabitEthernet0")), tlv(4, be32(3))});
}

const ProtocolRecipe recipe{{"cdp-neighbours", neighbours}};

}  // namespace
}  // namespace sekimori::captures
