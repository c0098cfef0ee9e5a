// Names and banners as somebody chooses them who wants them to be more than text: markup for the
// page, formulas for a spreadsheet, links and cells for Markdown, and letters that turn a line
// round.

#include "captures.h"
#include "services.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

void snmp_hostile(Plant& p) {
  auto& scene = p.scene;
  const std::string broadcast{Plant::kControlBroadcast};
  scene.resolve(p.hmi, p.scada);

  // Names.
  lease(scene, p.office_pc, p.office_leg, "<svg onload=alert(2)>", p.office_leg.ip);
  tell_name(scene, p.hmi, "\"><IMG SRC=X>", broadcast);
  tell_name(scene, p.scada, "=1+1", broadcast);
  scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                 lldp(p.core_switch, "<b>port</b>", "</script><script>alert(1)</script>",
                      "-->{{report}}<!-- ${alert(3)} %3Cscript%3E"));
  look_up(scene, p.ews, p.scada, "a|b`c*d_[x](javascript:alert(4)).example", "10.30.0.10");

  // Descriptions.
  get_snmp(scene, p.scada, p.core_switch, 1, "seki", kSysDescription,
           "<iframe srcdoc=\"<script>alert(5)</script>\"></iframe>");
  get_snmp(scene, p.scada, p.gateway, 1, "seki", kSysDescription, "@SUM(1+9)*cmd|' /C calc'!A0");
  get_snmp(scene, p.scada, p.plc1, 1, "seki", kSysName, "+1+cmd|' /C calc'!A0");
  get_snmp(scene, p.scada, p.plc2, 1, "seki", kSysName, "-2+3\t\"x\",y\r\nz");
  // U+202E turns what follows round; U+0000 and a byte that is no UTF-8 end what is careless.
  get_snmp(scene, p.scada, p.plc3, 1, "seki", kSysName,
           "plc\xe2\x80\xae"
           "gpj.exe");
  get_snmp(scene, p.scada, p.rtu, 1, "seki", kSysName, std::string{"rtu\0<u>\xff\xfe", 10});

  // Banners.
  scene.connect(p.ews, p.scada, 80)
      .say(text("GET / HTTP/1.1\r\nHost: <script>alert(6)</script>\r\nUser-Agent: '\"><img src=x "
                "onerror=alert(7)>\r\n\r\n"))
      .answer(text("HTTP/1.1 200 OK\r\nServer: <style>*{display:none}</style>\r\nContent-Length: "
                   "0\r\n\r\n"))
      .close();
  scene.connect(p.ews, p.core_switch, 22)
      .answer(text("SSH-2.0-<a href=//x>=HYPERLINK(\"x\")\r\n"))
      .say(text("SSH-2.0-&lt;&#60;script&#62;\r\n"))
      .close();
  scene.connect(p.admin_pc, p.mail_server, 25)
      .answer(text("220 <math><mi xlink:href=\"data:x\"> ESMTP\r\n"))
      .say(text("EHLO `rm -rf`$(reboot)\r\n"))
      .answer(text("250 ok\r\n"))
      .close();
}

const ProtocolRecipe recipe{{"snmp-hostile", snmp_hostile}};

}  // namespace
}  // namespace sekimori::captures
