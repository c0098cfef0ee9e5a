#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

// IEEE 802.11: management frames of an access point in the control network, of what it carries, and
// of networks next door.
constexpr std::string_view kAll = "ff:ff:ff:ff:ff:ff";
constexpr std::string_view kPoint = "00:90:e8:30:00:77";   // Moxa
constexpr std::string_view kTablet = "98:e7:43:30:00:78";  // Dell
constexpr std::string_view kNextDoor = "02:00:00:00:00:21";
constexpr std::string_view kOld = "02:00:00:00:00:22";
constexpr std::string_view kHidden = "02:00:00:00:00:23";

class Air {
 public:
  explicit Air(Scene& scene) : scene_(scene) {}

  /// Frame control, three addresses and a sequence number, one more each time.
  void send(std::string_view control, std::string_view first, std::string_view second,
            std::string_view third, const Payload& body) {
    scene_.radio(joined({hex(control), hex("0000"), mac_bytes(first), mac_bytes(second),
                         mac_bytes(third), le16(sequence_ * 16U), body}));
    ++sequence_;
  }
  /// The same frame once more, as after an acknowledgment that did not come.
  void again(std::string_view control, std::string_view first, std::string_view second,
             std::string_view third, const Payload& body) {
    --sequence_;
    send(control, first, second, third, body);
  }

  void beacon(std::string_view point, unsigned capability, const Payload& elements) {
    send("8000", kAll, point, point, network(capability, elements));
  }
  void answer_probe(std::string_view point, unsigned capability, const Payload& elements) {
    send("5000", kTablet, point, point, network(capability, elements));
  }

 private:
  /// A time, an interval of 100 units of 1024 us, and what it can do.
  Payload network(unsigned capability, const Payload& elements) const {
    return joined({little(1024U * 100U * sequence_, 8), le16(100), le16(capability), elements});
  }

  Scene& scene_;
  unsigned sequence_ = 1;
};

Payload element(unsigned id, const Payload& value) {
  return u8(id) + counted(1, value);
}
Payload ssid(std::string_view name) {
  return element(0, text(name));
}
Payload setup(unsigned type, std::string_view value) {
  return be16(type) + counted(2, text(value));
}

const auto kRates = element(1, hex("82848b96"));

void say_networks(Air& air) {
  const auto rsn = element(48, hex("0100 000fac04 0100 000fac04 0100 000fac02 0000"));
  const auto wpa = element(221, hex("0050f201 0100 0050f202 0100 0050f202 0100 0050f202"));
  air.beacon(kPoint, 0x0001, ssid("YARD-TABLET") + kRates);
  air.beacon(kNextDoor, 0x0011, ssid("NEIGHBOUR") + kRates + rsn);
  air.beacon(kOld, 0x0011, ssid("OLD-WPA") + kRates + wpa);
  air.beacon(kHidden, 0x0011, ssid("") + kRates);
  const auto maker = element(
      221, joined({hex("0050f204"), setup(0x1021, "Moxa Inc."), setup(0x1023, "AWK-3131A")}));
  air.answer_probe(kPoint, 0x0001, ssid("YARD-TABLET") + kRates + maker);
}

void join(Air& air) {
  air.send("b000", kPoint, kTablet, kPoint, hex("0000 0100 0000"));
  air.again("b008", kPoint, kTablet, kPoint, hex("0000 0100 0000"));
  air.send("b000", kTablet, kPoint, kPoint, hex("0000 0200 0000"));
  air.send("0000", kPoint, kTablet, kPoint, hex("0100 0a00") + ssid("YARD-TABLET") + kRates);
  air.send("1000", kTablet, kPoint, kPoint, hex("0100 0000 01c0") + kRates);
}

Payload arp(unsigned operation, std::string_view from, std::string_view from_ip,
            std::string_view to, std::string_view to_ip) {
  return joined({hex("aaaa03 000000 0806 / 0001 0800 06 04"), be16(operation), mac_bytes(from),
                 ip_bytes(from_ip), mac_bytes(to), ip_bytes(to_ip)});
}

void tablet(Plant& p) {
  Air air{p.scene};
  say_networks(air);
  p.scene.wait(1);
  join(air);
  air.send("0801", kPoint, kTablet, kAll,
           arp(1, kTablet, "10.30.0.78", "00:00:00:00:00:00", "10.30.0.77"));
  air.send("0802", kTablet, kPoint, kPoint, arp(2, kPoint, "10.30.0.77", kTablet, "10.30.0.78"));
  p.scene.wait(1);
  air.send("c000", kTablet, kPoint, kPoint, hex("0300"));
}

const ProtocolRecipe recipe{{"wlan-tablet", tablet}};

}  // namespace
}  // namespace sekimori::captures
