// Screens of Unix hosts over the network.

#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

/// X Window System Protocol, 8: a program on the historian draws on two screens, one of which asks
/// nobody who he is.
void x11_screens(Plant& p) {
  const auto body = joined({le32(12101004), zeros(12), le16(20), hex("ffff 01 02"), zeros(10),
                            text("The X.Org Foundation"), zeros(200)});
  const auto welcome = hex("01 00 0b00 0000") + le16(body.size() / 4) + body;
  auto proven = p.scene.connect(p.historian, p.hmi, 6000);
  proven
      .say(joined({hex("6c 00 0b00 0000 1200 1000 0000"), text("MIT-MAGIC-COOKIE-1"), zeros(2),
                   noise(16, 11)}))
      .answer(welcome);
  proven.say(hex("2b00 0100")).answer(noise(32, 12));
  proven.close();
  auto open = p.scene.connect(p.historian, p.ews, 6000);
  open.say(hex("6c 00 0b00 0000 0000 0000 0000")).answer(welcome);
  open.close();
}

const ProtocolRecipe screens{{"x11-screens", x11_screens}};

}  // namespace
}  // namespace sekimori::captures
