// What control hosts run and whom they ask: rulesets/checks/hygiene.json.

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

#include <array>
#include <string>

namespace sekimori::captures {
namespace {

constexpr double kWeek = 7 * 86400.0;

void scada_reads(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 10).close();
}

void quiet_week(Plant& p) {
  scada_reads(p);
  p.scene.wait(kWeek);
  scada_reads(p);
}

void old_tls(Plant& p) {
  talk_tls(p.scene, p.ews, p.collector, "hist-col", Tls::v10);
}

void new_tls(Plant& p) {
  talk_tls(p.scene, p.ews, p.collector, "hist-col", Tls::v13);
}

void scada_sends_mail(Plant& p) {
  smtp(p.scene, p.scada, p.mail_server, "scada@plant.example", "duty@corp.example");
}

void hmi_browses(Plant& p) {
  browse(p.scene, p.hmi, p.web_site, "example.com");
}

void office_names_control(Plant& p) {
  look_up(p.scene, p.hmi, p.file_server, "fs-01.corp.example", "10.10.0.5");
}

void control_names_itself(Plant& p) {
  look_up(p.scene, p.hmi, p.collector, "hist-col.plant.example", "10.30.0.30");
}

void two_claim_one_address(Plant& p) {
  auto& thief = p.scene.station("98:e7:43:30:00:99", p.hmi.ip, Plant::kControl);
  for (int i = 0; i < 3; ++i) {
    p.scene.announce(p.hmi);
    p.scene.wait(10);
    p.scene.announce(thief);
    p.scene.wait(10);
  }
}

/// Only those who never say which address is theirs.
void nobody_claims(Plant& p) {
  look_up(p.scene, p.hmi, p.collector, "hist-col.plant.example", "10.30.0.30");
}

void office_scans_control(Plant& p) {
  constexpr auto kPorts = std::to_array<std::uint16_t>(
      {21, 22, 23, 25, 53, 80, 102, 110, 135, 139, 443, 445, 502, 1433, 3389, 5900, 8080, 44818});
  for (const auto port : kPorts) p.scene.refuse(p.office_pc, p.scada, port);
}

void hmi_asks_everybody(Plant& p) {
  tell_name(p.scene, p.hmi, "HMI-01", Plant::kControlBroadcast);
}

void radio_in_control(Plant& p) {
  // Capabilities of IEEE 802.1AB, table 8-4: bridge and WLAN access point.
  auto& radio = p.scene.station("00:90:e8:30:00:77", "10.30.0.77", Plant::kControl);  // Moxa
  p.scene.resolve(radio, p.control_leg);
  p.scene.ethernet(radio, std::string{kLldpGroup}, 0x88cc,
                   lldp(radio, "wlan0", "AP-01", "Moxa AWK-3131A access point", 0x000c));
}

void switch_in_control(Plant& p) {
  p.scene.resolve(p.core_switch, p.control_leg);
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", "Hirschmann RS20 Ethernet switch"));
}

void office_updates_hmi(Plant& p) {
  browse(p.scene, p.hmi, p.file_server, "wsus.corp.example", "/ClientWebService/client.asmx", 8530,
         "Microsoft-IIS/10.0");
}

void relay_updates_hmi(Plant& p) {
  browse(p.scene, p.hmi, p.historian, "wsus.plant.example", "/ClientWebService/client.asmx", 8530,
         "Microsoft-IIS/10.0");
}

constexpr Account kShare{"PLANT", "hosyu", "EWS-01", "HMI-01"};

void windows_7_shares(Plant& p) {
  smb1(p.scene, p.ews, p.hmi, kShare);
}

void windows_10_shares(Plant& p) {
  smb2(p.scene, p.ews, p.hmi, kShare, "recipes");
}

void clock_is_adrift(Plant& p) {
  for (int i = 0; i < 2; ++i) {
    p.scene.datagram(p.hmi, p.collector, 123, 123, ntp_question(p.scene.second()));
    p.scene.datagram(p.collector, p.hmi, 123, 123, ntp_answer(p.scene.second(), 16));
    p.scene.wait(64);
  }
}

void clock_is_right(Plant& p) {
  ask_time(p.scene, p.hmi, p.collector);
}

void office_asks_control_for_names(Plant& p) {
  look_up(p.scene, p.office_pc, p.collector, "hist-col.plant.example", "10.30.0.30");
}

void passwords_are_tried(Plant& p) {
  auto session = p.scene.connect(p.hmi, p.collector, 21);
  session.answer(text("220 FTP server ready\r\n"));
  for (int i = 0; i < 12; ++i) {
    session.say(text("USER hosyu\r\n")).answer(text("331 Password required\r\n"));
    session.say(text("PASS guess-" + std::to_string(i) + "\r\n"))
        .answer(text("530 Login incorrect\r\n"));
    p.scene.wait(2);
  }
  session.close();
}

void camera_in_control(Plant& p) {
  // Capability of IEEE 802.1AB, table 8-4: station only.
  auto& camera = p.scene.station("ac:cc:8e:30:00:66", "10.30.0.66", Plant::kControl);  // Axis
  p.scene.resolve(camera, p.control_leg);
  p.scene.ethernet(camera, std::string{kLldpGroup}, 0x88cc,
                   lldp(camera, "eth0", "CAM-3", "AXIS P3245-V network camera", 0x0080));
}

void all_use_one_account(Plant& p) {
  for (auto* station : {&p.scada, &p.hmi, &p.ews})
    telnet(p.scene, *station, p.core_switch, "kanri", "kiso-no-seki-1602");
}

/// The server chooses TLS_RSA_WITH_RC4_128_SHA (RFC 5246, A.5).
void weak_cipher(Plant& p) {
  constexpr unsigned kRecord = 22;
  constexpr unsigned kTls12 = 0x0303;
  const auto message = [](unsigned type, const Payload& body) {
    return u8(kRecord) + be16(kTls12) + counted(2, u8(type) + counted(3, body));
  };
  auto session = p.scene.connect(p.ews, p.collector, 443);
  session.say(
      message(1, joined({be16(kTls12), noise(32, 51), u8(0), hex("0002 0005"), hex("01 00")})));
  session.answer(message(2, joined({be16(kTls12), noise(32, 52), u8(0), hex("0005 00")})) +
                 message(14, {}));
  session.close();
}

void one_dhcp_server(Plant& p) {
  lease(p.scene, p.hmi, p.collector, "HMI-01", "10.30.0.1");
}

void two_dhcp_servers(Plant& p) {
  one_dhcp_server(p);
  auto& box = p.scene.station("00:90:e8:30:00:88", "10.30.0.88", Plant::kControl);  // Moxa
  lease(p.scene, p.ews, box, "EWS-01", "10.30.0.88");
}

}  // namespace

std::vector<Recipe> hygiene_recipes() {
  return {
      {"check-hyg-01-violated", old_tls},
      {"check-hyg-01-met", new_tls},
      {"check-hyg-02-violated", scada_sends_mail},
      {"check-hyg-02-met", quiet_week},
      {"check-hyg-03-violated", hmi_browses},
      {"check-hyg-03-met", quiet_week},
      {"check-hyg-04-violated", office_names_control},
      {"check-hyg-04-met", control_names_itself},
      {"check-hyg-05-violated", two_claim_one_address},
      {"check-hyg-05-unseen", nobody_claims},
      {"check-hyg-06-violated", office_scans_control},
      {"check-hyg-07-violated", hmi_asks_everybody},
      {"check-hyg-07-met", control_names_itself},
      {"check-hyg-08-violated", radio_in_control},
      {"check-hyg-08-met", switch_in_control},
      {"check-hyg-09-violated", office_updates_hmi},
      {"check-hyg-09-met", relay_updates_hmi},
      {"check-hyg-10-violated", windows_7_shares},
      {"check-hyg-10-met", windows_10_shares},
      {"check-hyg-11-violated", clock_is_adrift},
      {"check-hyg-11-met", clock_is_right},
      {"check-hyg-12-violated", office_asks_control_for_names},
      {"check-hyg-13-violated", passwords_are_tried},
      {"check-hyg-14-violated", camera_in_control},
      {"check-hyg-15-violated", all_use_one_account},
      {"check-hyg-16-violated", weak_cipher},
      {"check-hyg-17-violated", two_dhcp_servers},
      {"check-hyg-17-met", one_dhcp_server},
  };
}

}  // namespace sekimori::captures
