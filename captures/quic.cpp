// QUIC as its long headers show it (RFC 9000, 17.2); what is sealed is noise.

#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

Payload identities(bool from_client) {
  const auto client = counted(1, noise(8, 1));
  const auto server = counted(1, noise(8, 2));
  return from_client ? server + client : client + server;
}
/// 17.2.2: no token, and a length of two bytes.
Payload initial(bool from_client, std::size_t size) {
  return joined(
      {hex("c3 00000001"), identities(from_client), u8(0), be16(0x4000U | size), noise(size, 3)});
}
/// 17.2.4.
Payload handshake(bool from_client, std::size_t size) {
  return joined(
      {hex("e1 00000001"), identities(from_client), be16(0x4000U | size), noise(size, 4)});
}

void quic_handshake(Plant& p) {
  const auto port = p.hmi.next_port;
  p.scene.datagram(p.hmi, p.web_site, port, 443, initial(true, 1160));
  p.scene.datagram(p.web_site, p.hmi, 443, port, initial(false, 130) + handshake(false, 900));
  p.scene.datagram(p.hmi, p.web_site, port, 443, handshake(true, 60));
  p.scene.datagram(p.web_site, p.hmi, 443, port, u8(0x45) + noise(200, 5));
}

const ProtocolRecipe recipe{{"quic-handshake", quic_handshake}};

}  // namespace
}  // namespace sekimori::captures
