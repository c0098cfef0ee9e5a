// Berkeley's remote commands.

#include "captures.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

Payload word(std::string_view letters) {
  return text(letters) + u8(0);
}

void rexec_command(Plant& p) {
  auto good = p.scene.connect(p.historian, p.collector, 512);
  good.say(word("") + word("backup") + word("backup") + word("ls /data")).answer(u8(0));
  good.answer(text("week-46\nweek-47\n"));
  good.close();
  auto bad = p.scene.connect(p.office_pc, p.collector, 512);
  bad.say(word("") + word("root") + word("toor-again-9") + word("id"))
      .answer(u8(1) + text("Login incorrect.\n"));
  bad.close();
}

void rsh_command(Plant& p) {
  auto session = p.scene.connect(p.historian, p.collector, 514);
  session.say(word("") + word("hist") + word("root") + word("sync")).answer(u8(0));
  session.close();
}

void rlogin_terminal(Plant& p) {
  auto session = p.scene.connect(p.ews, p.collector, 513);
  session.say(word("") + word("op") + word("root") + word("xterm/38400")).answer(u8(0));
  session.answer(text("# ")).say(text("exit\r"));
  session.close();
}

const ProtocolRecipe command{{"rexec-command", rexec_command}};
const ProtocolRecipe trusted{{"rsh-command", rsh_command}};
const ProtocolRecipe terminal{{"rlogin-terminal", rlogin_terminal}};

}  // namespace
}  // namespace sekimori::captures
