// Who may work on what, and how: rulesets/checks/cleartext.json, control.json, remote-access.json.

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

namespace sekimori::captures {
namespace {

constexpr std::string_view kSwitch = "Hirschmann RS20 Ethernet switch, L2P-09.1";
constexpr std::string_view kGoodPassword = "kiso-no-seki-1602";

void collector_pushes(Plant& p) {
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example");
}

// Clear text.

void office_telnets_to_switch(Plant& p) {
  telnet(p.scene, p.admin_pc, p.core_switch, "admin", kGoodPassword);
}

void plc_page_is_read(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 10).close();
  browse(p.scene, p.ews, p.plc1, "10.40.0.11", "/", 80, "Schneider-WEB/V2.1");
}

void switch_is_managed_by_ssh(Plant& p) {
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", kSwitch));
  ssh(p.scene, p.ews, p.core_switch);
}

void password_is_read(Plant& p) {
  telnet(p.scene, p.ews, p.core_switch, "admin", kGoodPassword);
}

void login_is_sealed(Plant& p) {
  const auto port = p.ews.next_port++;
  p.scene.datagram(p.ews, p.core_switch, port, 161, snmp3(4711, "netadmin", true));
  p.scene.datagram(p.core_switch, p.ews, 161, port, snmp3(4711, "netadmin", false));
}

void default_community(Plant& p) {
  get_snmp(p.scene, p.ews, p.core_switch, 1, "public", kSysDescription, kSwitch);
}

// Control. What a station does makes its role, so each first does what its role does.

/// A SCADA server by its name, its software and what it asks.
void act_as_scada(Plant& p) {
  tell_name(p.scene, p.scada, "SCADA-01", Plant::kControlBroadcast);
  for (auto* plc : {&p.plc1, &p.plc2, &p.plc3})
    Modbus{p.scene, p.scada, *plc}.read(3, 0, 10).close();
  browse(p.scene, p.hmi, p.scada, "10.30.0.10", "/", 8088, "Ignition 8.1 SCADA");
}

// UMAS downloads in three steps: begin, blocks, end.
void load_program(Plant& p, Station& by, Station& plc) {
  Modbus{p.scene, by, plc}
      .umas(0x02, {}, umas_identity("BMX P34 2020"))
      .umas(0x30, hex("0001"), {})
      .umas(0x31, hex("0001 0100 0000 1000") + noise(16, 1), {})
      .umas(0x32, hex("0001 0100"), {})
      .close();
}

void read_program(Plant& p, Station& by, Station& plc) {
  Modbus{p.scene, by, plc}
      .umas(0x33, hex("0001 f003"), {})
      .umas(0x34, hex("0001 0100"), hex("01 0001 1000") + noise(16, 2))
      .umas(0x35, hex("0001 0100"), {})
      .close();
}

void stop_plc(Plant& p, Station& by, Station& plc) {
  Modbus{p.scene, by, plc}.umas(0x41, hex("ff00"), {}).close();
}

/// 8/10 (MODBUS Application Protocol, 6.8.1).
void clear_counters(Plant& p, Station& by, Station& plc) {
  Modbus{p.scene, by, plc}.read(3, 0, 4).diagnose(10, 0).close();
}

void scada_loads_program(Plant& p) {
  act_as_scada(p);
  load_program(p, p.scada, p.plc1);
}
void ews_loads_program(Plant& p) {
  load_program(p, p.ews, p.plc1);
}
void hmi_stops_plc(Plant& p) {
  Modbus{p.scene, p.hmi, p.plc1}.read(3, 0, 10).close();
  stop_plc(p, p.hmi, p.plc1);
}
void ews_stops_plc(Plant& p) {
  load_program(p, p.ews, p.plc1);
  stop_plc(p, p.ews, p.plc1);
}
void scada_reads_program(Plant& p) {
  act_as_scada(p);
  read_program(p, p.scada, p.plc1);
}
void ews_reads_program(Plant& p) {
  read_program(p, p.ews, p.plc1);
}
void hmi_clears_counters(Plant& p) {
  clear_counters(p, p.hmi, p.plc1);
}
void ews_clears_counters(Plant& p) {
  load_program(p, p.ews, p.plc1);
  clear_counters(p, p.ews, p.plc1);
}
void plc_refuses_write(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 4).refused(Modbus::ask(6, 9999, 1), 2).close();
}
void plc_takes_write(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 4).write_register(10, 1200).close();
}

// Remote access.

void vendor_reaches_ews(Plant& p) {
  vnc(p.scene, p.vendor, p.ews, "EWS-01", VncSecurity::none);
}

void office_uses_jump_host(Plant& p) {
  rdp(p.scene, p.admin_pc, p.jump_host, "kanri");
  rdp(p.scene, p.jump_host, p.ews, "hosyu");
}

void vendor_comes_sealed(Plant& p) {
  ssh(p.scene, p.vendor, p.jump_host);
}

void office_shares_files_with_hmi(Plant& p) {
  smb2(p.scene, p.hmi, p.file_server,
       {.domain = "CORP", .user = "hmi", .workstation = "HMI-01", .server = "FS-01"}, "recipes");
}

void ews_opens_tunnel(Plant& p) {
  openvpn(p.scene, p.ews, p.vendor);
}

/// A session from outside that stays up a day and an hour, with a sign of life every nine minutes.
void vendor_stays(Plant& p) {
  auto session = open_tls(p.scene, p.vendor, p.jump_host, "jump.plant.example");
  push_tls(session, 1);
  for (int i = 0; i < 167; ++i) {
    p.scene.wait(540);
    session.keep_alive();
  }
  push_tls(session, 1);
  session.close();
}

void vendor_goes_again(Plant& p) {
  talk_tls(p.scene, p.vendor, p.jump_host, "jump.plant.example");
  p.scene.wait(86400);
  talk_tls(p.scene, p.vendor, p.jump_host, "jump.plant.example");
}

void old_desktop(Plant& p) {
  rdp(p.scene, p.jump_host, p.ews, "hosyu", RdpSecurity::standard);
}

void office_manages_switch(Plant& p) {
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", kSwitch));
  ssh(p.scene, p.admin_pc, p.core_switch);
}

/// A bind of IObjectExporter, by which DCOM begins, and its acceptance (C706, 12.6.4.3 and 4;
/// [MS-DCOM] 1.9).
void office_uses_dcom(Plant& p) {
  const auto ndr = hex("045d888a eb1c c911 9fe8 08002b104860 02000000");
  auto session = p.scene.connect(p.office_pc, p.historian, 135);
  session.say(hex("05000b03 10000000 4800 0000 01000000 d016 d016 00000000 01000000 0000 0100"
                  "c4fefc99 6052 1b10 bbcb 00aa0021347a 00000000") +
              ndr);
  session.answer(hex("05000c03 10000000 3c00 0000 01000000 d016 d016 15230000 0400 31333500 0000"
                     "01000000 0000 0000") +
                 ndr);
  session.close();
}

/// PRELOGIN and its answer ([MS-TDS] 2.2.6.5): version, encryption.
void office_asks_database(Plant& p) {
  const auto options = hex("00 000b 0006  01 0011 0001  ff  0f000000 0000 00");
  auto session = p.scene.connect(p.office_pc, p.collector, 1433);
  session.say(hex("12 01 001a 0000 01 00") + options);
  session.answer(hex("04 01 001a 0000 01 00") + options);
  session.close();
}

void historian_writes(Plant& p) {
  browse(p.scene, p.hmi, p.collector, "10.30.0.30", "/", 80, "Proficy Historian 9.1");
  Modbus{p.scene, p.collector, p.plc1}.read(3, 0, 10).write_register(10, 1200).close();
}

}  // namespace

std::vector<Recipe> access_recipes() {
  return {
      {"check-clr-01-violated", office_telnets_to_switch},
      {"check-clr-01-met", collector_pushes},
      {"check-clr-02-violated", plc_page_is_read},
      {"check-clr-02-met", switch_is_managed_by_ssh},
      {"check-clr-03-violated", password_is_read},
      {"check-clr-03-met", login_is_sealed},
      {"check-clr-04-violated", default_community},
      {"check-clr-04-met", password_is_read},
      {"check-ctl-01-violated", scada_loads_program},
      {"check-ctl-01-met", ews_loads_program},
      {"check-ctl-02-violated", hmi_stops_plc},
      {"check-ctl-02-met", ews_stops_plc},
      {"check-ctl-04-violated", scada_reads_program},
      {"check-ctl-04-met", ews_reads_program},
      {"check-ctl-05-violated", hmi_clears_counters},
      {"check-ctl-05-met", ews_clears_counters},
      {"check-ctl-06-violated", plc_refuses_write},
      {"check-ctl-06-met", plc_takes_write},
      {"check-rem-01-violated", vendor_reaches_ews},
      {"check-rem-01-met", office_uses_jump_host},
      {"check-rem-02-violated", vendor_reaches_ews},
      {"check-rem-02-met", vendor_comes_sealed},
      {"check-rem-03-violated", office_shares_files_with_hmi},
      {"check-rem-03-met", collector_pushes},
      {"check-rem-04-violated", ews_opens_tunnel},
      {"check-rem-04-met", collector_pushes},
      {"check-rem-05-violated", vendor_stays},
      {"check-rem-05-met", vendor_goes_again},
      {"check-rem-06-violated", old_desktop},
      {"check-rem-07-violated", office_manages_switch},
      {"check-rem-08-violated", office_uses_dcom},
      {"check-rem-09-violated", office_asks_database},
      {"check-ctl-07-violated", historian_writes},
  };
}

}  // namespace sekimori::captures
