// Scenarios of the merge (merge-rules 5.6): for each directly testable question, traffic that
// contradicts the claim and traffic that supports it.

#include "scenarios.h"

#include "modbus.h"
#include "services.h"
#include "sessions.h"

namespace sekimori::captures {
namespace {

constexpr double kDays = 8 * 86400.0;  // from a Monday over a weekend
constexpr unsigned kSafety = 50;       // VLAN
constexpr std::string_view kSwitch = "Hirschmann RS20 Ethernet switch, L2P-09.1";
constexpr std::string_view kGoodPassword = "kiso-no-seki-1602";

void scada_reads(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 10).read(1, 0, 8).close();
}

/// The same at the beginning and at the end of eight days in which SCADA reads its controller.
template <void (*act)(Plant&)>
void for_days(Plant& p) {
  scada_reads(p);
  act(p);
  p.scene.go_to(kDays);
  scada_reads(p);
  act(p);
}

void nothing_else(Plant& /*p*/) {}

// Boundary and DMZ.

void office_reads_plc(Plant& p) {
  Modbus{p.scene, p.office_pc, p.plc2}.read(3, 0, 4).close();
}

void collector_pushes(Plant& p) {
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example");
}

void vendor_reaches_ews(Plant& p) {
  talk_tls(p.scene, p.vendor, p.ews, "ews.plant.example");
}

/// An office PC plugged into the control VLAN.
void office_pc_in_control_vlan(Plant& p) {
  auto& stray = p.scene.station(p.office_pc.mac, p.office_pc.ip, Plant::kControl);
  p.scene.resolve(stray, p.hmi);
  p.scene.resolve(p.hmi, stray);
  browse(p.scene, stray, p.hmi, "10.30.0.11");
}

void router_forbids(Plant& p) {
  p.scene.resolve(p.office_pc, p.office_leg);
  p.scene.resolve(p.scada, p.control_leg);
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example");
  scada_reads(p);
  p.scene.forbid(p.office_pc, p.scada, 80, p.office_leg);
  p.scene.attempt(p.office_pc, p.plc1, 502, Scene::Fate::dropped, 3);
}

void office_browses_six(Plant& p) {
  for (auto* host : {&p.scada, &p.hmi, &p.ews, &p.collector, &p.plc1, &p.plc2})
    browse(p.scene, p.office_pc, *host, host->ip);
}

void one_pair_and_a_refusal(Plant& p) {
  collector_pushes(p);
  p.scene.attempt(p.office_pc, p.plc1, 502, Scene::Fate::dropped, 3);
}

void historian_speaks_three_protocols_twice(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example");
  ftp(p.scene, p.office_pc, p.historian, "loader", kGoodPassword);
  ssh(p.scene, p.office_pc, p.historian);
  browse(p.scene, p.historian, p.collector, "10.30.0.30");
  ftp(p.scene, p.historian, p.collector, "loader", kGoodPassword);
  ssh(p.scene, p.historian, p.collector);
}

void historian_speaks_two_protocols(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example");
  collector_pushes(p);
}

void hmi_browses_internet(Plant& p) {
  browse(p.scene, p.hmi, p.web_site, "example.com");
}

void scada_tries_internet(Plant& p) {
  p.scene.attempt(p.scada, p.web_site, 443, Scene::Fate::dropped, 3);
}

void control_reaches_office_six_times(Plant& p) {
  for (auto* from : {&p.hmi, &p.ews, &p.collector})
    for (auto* to : {&p.file_server, &p.mail_server}) browse(p.scene, *from, *to, to->ip);
}

void office_telnets_to_switch(Plant& p) {
  telnet(p.scene, p.admin_pc, p.core_switch, "admin", kGoodPassword);
}

void office_goes_by_ssh(Plant& p) {
  ssh(p.scene, p.admin_pc, p.core_switch);
}

void hmi_asks_public_dns(Plant& p) {
  look_up(p.scene, p.hmi, p.public_dns, "example.com", "93.184.216.34");
}

void collector_asks_dmz_time(Plant& p) {
  ask_time(p.scene, p.collector, p.historian);
}

/// One name from two addresses of two networks.
void host_with_two_legs(Plant& p) {
  p.scene.resolve(p.collector, p.control_leg);
  p.scene.resolve(p.collector_office, p.office_leg);
  for (int i = 0; i < 2; ++i) {
    tell_name(p.scene, p.collector, "HIST-COL", Plant::kControlBroadcast);
    tell_name(p.scene, p.collector_office, "HIST-COL", Plant::kOfficeBroadcast);
  }
}

void hosts_with_one_leg_each(Plant& p) {
  tell_name(p.scene, p.collector, "HIST-COL", Plant::kControlBroadcast);
  tell_name(p.scene, p.office_pc, "OFFICE-33", Plant::kOfficeBroadcast);
}

// Safety.

void office_reads_safety(Plant& p) {
  auto& safety = p.scene.station("00:80:f4:50:00:11", "10.50.0.11", kSafety);
  Modbus{p.scene, p.office_pc, safety}.read(3, 0, 4).close();
}

/// One station for the whole capture, for a station counts its packets.
void safety_talks_to_itself(Plant& p) {
  auto& one = p.scene.station("00:80:f4:50:00:11", "10.50.0.11", kSafety);
  auto& other = p.scene.station("00:80:f4:50:00:12", "10.50.0.12", kSafety);
  for (const double time : {0.0, kDays}) {
    p.scene.go_to(time);
    Modbus{p.scene, one, other}.read(3, 0, 4).close();
  }
}

// Management.

void tell_switch(Plant& p) {
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", kSwitch));
}

void vendor_telnets_to_switch(Plant& p) {
  tell_switch(p);
  telnet(p.scene, p.vendor, p.core_switch, "admin", kGoodPassword);
}

void switch_is_managed_by_ssh(Plant& p) {
  tell_switch(p);
  ssh(p.scene, p.ews, p.core_switch);
}

// Remote access.

void vendor_has_two_paths(Plant& p) {
  ssh(p.scene, p.vendor, p.jump_host);
  vnc(p.scene, p.vendor, p.ews, "EWS-01", VncSecurity::password);
}

void vendor_has_one_path(Plant& p) {
  ssh(p.scene, p.vendor, p.jump_host);
}

void vendor_reads_plc(Plant& p) {
  Modbus{p.scene, p.vendor, p.plc1}.read(3, 0, 4).close();
}

void vendor_goes_on_from_jump_host(Plant& p) {
  ssh(p.scene, p.vendor, p.jump_host);
  rdp(p.scene, p.jump_host, p.ews, "hosyu");
}

void two_strangers_connect(Plant& p) {
  ssh(p.scene, p.vendor, p.jump_host);
  talk_tls(p.scene, p.historian, p.web_site, "cloud.example");
}

// Hosts.

void hmi_updates_from_internet(Plant& p) {
  browse(p.scene, p.hmi, p.web_site, "download.windowsupdate.com", "/update.cab");
}

void hmi_updates_from_dmz(Plant& p) {
  browse(p.scene, p.hmi, p.historian, "wsus.plant.example", "/selfupdate", 8530);
}

void scada_sends_mail(Plant& p) {
  for (int i = 0; i < 2; ++i)
    smtp(p.scene, p.scada, p.mail_server, "scada@plant.example", "duty@corp.example");
}

void three_hosts_browse(Plant& p) {
  for (auto* host : {&p.hmi, &p.scada, &p.ews})
    talk_tls(p.scene, *host, p.web_site, "www.example.com");
}

/// By their names and what they answer, Windows computers.
void be_windows(Plant& p) {
  const auto share = [&](Station& server, std::string_view name) {
    tell_name(p.scene, server, name, Plant::kControlBroadcast);
    smb2(p.scene, p.ews, server,
         {.domain = "PLANT", .user = "tanaka", .workstation = "EWS-01", .server = name}, "data");
  };
  share(p.scada, "SCADA-01");
  share(p.hmi, "HMI-01");
  share(p.collector, "HIST-COL");
}

void three_hosts_answer_ftp(Plant& p) {
  be_windows(p);
  for (auto* host : {&p.scada, &p.hmi, &p.collector})
    ftp(p.scene, p.ews, *host, "loader", kGoodPassword);
}

void two_plcs_have_pages(Plant& p) {
  for (auto* plc : {&p.plc1, &p.plc2}) {
    Modbus{p.scene, p.scada, *plc}.read(3, 0, 10).close();
    browse(p.scene, p.ews, *plc, plc->ip, "/", 80, "Schneider-WEB/V2.1");
  }
}

void office_shares_files_with_hmi(Plant& p) {
  smb2(p.scene, p.hmi, p.file_server,
       {.domain = "CORP", .user = "hmi", .workstation = "HMI-01", .server = "FS-01"}, "recipes");
}

void switch_takes_public(Plant& p) {
  get_snmp(p.scene, p.ews, p.core_switch, 1, "public", kSysDescription, kSwitch);
}

void switch_takes_a_password(Plant& p) {
  telnet(p.scene, p.ews, p.core_switch, "netadmin", kGoodPassword);
}

void one_realm_on_both_sides(Plant& p) {
  smb2(p.scene, p.ews, p.collector,
       {.domain = "CORP", .user = "tanaka", .workstation = "EWS-01", .server = "HIST-COL"}, "data");
  smb2(p.scene, p.office_pc, p.file_server,
       {.domain = "CORP", .user = "tanaka", .workstation = "OFFICE-33", .server = "FS-01"}, "x");
}

void a_realm_of_its_own(Plant& p) {
  smb2(p.scene, p.ews, p.collector,
       {.domain = "PLANT", .user = "tanaka", .workstation = "EWS-01", .server = "HIST-COL"},
       "data");
}

// UMAS downloads in three steps: begin, blocks, end.
void load_program(Plant& p, Station& by) {
  Modbus{p.scene, by, p.plc1}
      .umas(0x02, {}, umas_identity("BMX P34 2020"))
      .umas(0x30, hex("0001"), {})
      .umas(0x31, hex("0001 0100 0000 1000") + noise(16, 1), {})
      .umas(0x32, hex("0001 0100"), {})
      .close();
}

void office_loads_program(Plant& p) {
  load_program(p, p.office_pc);
}

void ews_loads_program(Plant& p) {
  load_program(p, p.ews);
}

}  // namespace

std::vector<Recipe> scenario_recipes() {
  return {
      {"a short look", scada_reads},
      {"a quiet week", for_days<nothing_else>},
      {"office reads a controller", office_reads_plc},
      {"vendor reaches the engineering station", vendor_reaches_ews},
      {"collector pushes into the DMZ", for_days<collector_pushes>},
      {"office PC in the control VLAN", office_pc_in_control_vlan},
      {"router forbids", router_forbids},
      {"office browses six control hosts", office_browses_six},
      {"one pair, others refused", for_days<one_pair_and_a_refusal>},
      {"three protocols on both sides", historian_speaks_three_protocols_twice},
      {"a protocol for each side", for_days<historian_speaks_two_protocols>},
      {"HMI on the Internet", hmi_browses_internet},
      {"Internet tried in vain", for_days<scada_tries_internet>},
      {"control reaches office six times", control_reaches_office_six_times},
      {"office telnets to a switch", office_telnets_to_switch},
      {"office goes by SSH", for_days<office_goes_by_ssh>},
      {"HMI asks a public DNS", hmi_asks_public_dns},
      {"time from the DMZ", for_days<collector_asks_dmz_time>},
      {"one host, two legs", host_with_two_legs},
      {"one leg each", for_days<hosts_with_one_leg_each>},
      {"office reads a safety controller", office_reads_safety},
      {"safety among itself", safety_talks_to_itself},
      {"vendor telnets to a switch", vendor_telnets_to_switch},
      {"switch managed by SSH", for_days<switch_is_managed_by_ssh>},
      {"vendor has two paths", vendor_has_two_paths},
      {"vendor has one path", for_days<vendor_has_one_path>},
      {"vendor reads a controller", vendor_reads_plc},
      {"vendor goes on from the jump host", for_days<vendor_goes_on_from_jump_host>},
      {"updates from the Internet", hmi_updates_from_internet},
      {"updates from the DMZ", for_days<hmi_updates_from_dmz>},
      {"SCADA sends mail", scada_sends_mail},
      {"three hosts browse", three_hosts_browse},
      {"three hosts answer FTP", three_hosts_answer_ftp},
      {"hosts share files", for_days<be_windows>},
      {"two controllers have pages", two_plcs_have_pages},
      {"HMI shares files of the office", office_shares_files_with_hmi},
      {"switch takes community public", switch_takes_public},
      {"switch takes a password", for_days<switch_takes_a_password>},
      {"one realm on both sides", one_realm_on_both_sides},
      {"a realm of its own", for_days<a_realm_of_its_own>},
      {"office loads a program", office_loads_program},
      {"engineer loads a program", for_days<ews_loads_program>},
      {"two strangers connect", two_strangers_connect},
  };
}

std::string_view scenario_zones() {
  return R"({ "zones": [
    { "name": "Office", "kind": "office", "subnets": ["10.10.0.0/24"] },
    { "name": "DMZ", "kind": "dmz", "subnets": ["10.20.0.0/24"], "vlans": [20] },
    { "name": "Control", "kind": "control", "subnets": ["10.30.0.0/24"], "vlans": [30] },
    { "name": "Field", "kind": "field", "subnets": ["10.40.0.0/24"], "vlans": [40] },
    { "name": "Safety", "kind": "safety", "subnets": ["10.50.0.0/24"], "vlans": [50] } ] })";
}

}  // namespace sekimori::captures
