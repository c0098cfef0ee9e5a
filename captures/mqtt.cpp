// MQTT 3.1.1 (OASIS), and Sparkplug B's topics, whose payloads are noise here.

#include "captures.h"
#include "wire.h"

#include <string_view>

namespace sekimori::captures {
namespace {

Payload words(std::string_view letters) {
  return counted(2, text(letters));
}

/// 2.2: type and flags, the length; these packets are shorter than 128 bytes.
Payload packet(unsigned first, const Payload& body) {
  return u8(first) + counted(1, body);
}

Payload connect(std::string_view client) {
  return packet(0x10, words("MQTT") + hex("04 02 003c") + words(client));
}

Payload connect_as(std::string_view client, std::string_view user, std::string_view password) {
  return packet(0x10, joined({words("MQTT"), hex("04 c2 003c"), words(client), words(user),
                              words(password)}));
}

Payload publish(std::string_view topic, const Payload& content) {
  return packet(0x30, words(topic) + content);
}

/// Of quality 1.
Payload publish_surely(std::string_view topic, unsigned number, const Payload& content) {
  return packet(0x32, joined({words(topic), be16(number), content}));
}

Payload subscribe(std::string_view filter, unsigned number) {
  return packet(0x82, joined({be16(number), words(filter), u8(1)}));
}

/// An edge node reports to the broker at the SCADA server and is commanded through it; the HMI
/// commands without a user; a guess at a password is refused.
void sparkplug(Plant& p) {
  constexpr unsigned kPort = 1883;
  auto node = p.scene.connect(p.gateway, p.scada, kPort);
  node.say(connect_as("edge-well-3", "edge", "kiso-no-seki-1602"))
      .answer(hex("20 02 00 00"))
      .say(publish("spBv1.0/plant/NBIRTH/well-3", noise(40, 51)))
      .say(publish("spBv1.0/plant/DBIRTH/well-3/pump", noise(40, 52)))
      .say(subscribe("spBv1.0/plant/NCMD/well-3", 1))
      .answer(hex("90 03 0001 01"))
      .say(publish("spBv1.0/plant/NDATA/well-3", noise(12, 53)))
      .say(publish("spBv1.0/plant/NDATA/well-3", noise(12, 54)));

  auto hmi = p.scene.connect(p.hmi, p.scada, kPort);
  hmi.say(connect("hmi-01"))
      .answer(hex("20 02 00 00"))
      .say(publish_surely("spBv1.0/plant/NCMD/well-3", 1, noise(9, 55)))
      .answer(hex("40 02 0001"))
      .say(publish("plant/pump/1/set", text("on")))
      .say(hex("e0 00"))
      .close();

  node.answer(publish_surely("spBv1.0/plant/NCMD/well-3", 7, noise(9, 55)))
      .say(hex("40 02 0007"))
      .say(hex("c0 00"))
      .answer(hex("d0 00"))
      .close();

  auto guess = p.scene.connect(p.office_pc, p.scada, kPort);
  guess.say(connect_as("paho9281", "admin", "private")).answer(hex("20 02 00 05")).close();
}

const ProtocolRecipe recipe{{"mqtt-sparkplug", sparkplug}};

}  // namespace
}  // namespace sekimori::captures
