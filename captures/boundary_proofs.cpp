// What crosses the borders of the control network: rulesets/checks/segmentation.json,
// internet.json, safety.json.

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

#include <array>

namespace sekimori::captures {
namespace {

constexpr double kWeek = 7 * 86400.0;

void scada_reads(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 10).read(1, 0, 8).close();
}

void collector_pushes(Plant& p) {
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example");
}

/// A week in which the control network talks to itself alone.
void quiet_week(Plant& p) {
  scada_reads(p);
  p.scene.wait(kWeek);
  scada_reads(p);
}

// Controllers and industrial protocols.

void office_writes(Plant& p) {
  Modbus{p.scene, p.office_pc, p.plc2}.read(1, 0, 8).write_coil(4, true).close();
}

void office_is_refused(Plant& p) {
  Modbus{p.scene, p.office_pc, p.plc2}.refused(Modbus::ask(5, 4, 0xff00), 1).close();
}

void office_reads(Plant& p) {
  Modbus{p.scene, p.office_pc, p.plc2}.read(3, 0, 4).close();
}

void dmz_reads(Plant& p) {
  Modbus{p.scene, p.historian, p.plc1}.read(3, 0, 4).close();
}

// Office, DMZ and control.

void office_browses_control(Plant& p) {
  browse(p.scene, p.office_pc, p.collector, "10.30.0.30");
}

void historian_speaks_one_protocol(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example");
  browse(p.scene, p.historian, p.collector, "10.30.0.30");
}

void historian_speaks_two_protocols(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example");
  collector_pushes(p);
}

// Walls.

/// An office PC plugged into the control VLAN talks to the HMI without a router.
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

/// The same name from two addresses of two networks.
void host_with_two_legs(Plant& p) {
  p.scene.resolve(p.collector, p.control_leg);
  p.scene.resolve(p.collector_office, p.office_leg);
  tell_name(p.scene, p.collector, "HIST-COL", Plant::kControlBroadcast);
  tell_name(p.scene, p.collector_office, "HIST-COL", Plant::kOfficeBroadcast);
}

void hosts_with_one_leg_each(Plant& p) {
  p.scene.resolve(p.collector, p.control_leg);
  p.scene.resolve(p.office_pc, p.office_leg);
  tell_name(p.scene, p.collector, "HIST-COL", Plant::kControlBroadcast);
  tell_name(p.scene, p.office_pc, "OFFICE-33", Plant::kOfficeBroadcast);
}

// 0x88b5 is set aside for local experiments (IEEE 802, 9.2.3).
void frames_without_ip(Plant& p, Station& from, Station& to) {
  for (int i = 0; i < 3; ++i) {
    p.scene.ethernet(from, to.mac, 0x88b5, text("value 1"));
    p.scene.ethernet(to, from.mac, 0x88b5, text("value 2"));
  }
}

void layer_two_across(Plant& p) {
  // Both are known by their addresses; then one switch joins them.
  p.scene.resolve(p.office_pc, p.office_leg);
  p.scene.resolve(p.hmi, p.control_leg);
  auto& stray = p.scene.station(p.hmi.mac, p.hmi.ip, Plant::kOffice);
  frames_without_ip(p, p.office_pc, stray);
}

void layer_two_within(Plant& p) {
  p.scene.resolve(p.scada, p.control_leg);
  p.scene.resolve(p.hmi, p.control_leg);
  frames_without_ip(p, p.scada, p.hmi);
}

// The Internet.

void control_browses_internet(Plant& p) {
  look_up(p.scene, p.hmi, p.public_dns, "example.com", "93.184.216.34");
  browse(p.scene, p.hmi, p.web_site, "example.com");
}

void internet_reaches_control(Plant& p) {
  talk_tls(p.scene, p.vendor, p.ews, "ews.plant.example");
}

void desktop_open_to_internet(Plant& p) {
  rdp(p.scene, p.vendor, p.jump_host, "hosyu");
}

void control_tries_internet(Plant& p) {
  p.scene.drop_datagram(p.scada, p.public_time, 123, 123, ntp_question(0));
  p.scene.attempt(p.scada, p.web_site, 443, Scene::Fate::dropped, 3);
}

// Gateways, historians, forwarding hosts.

/// A station of the office as a gateway in the control VLAN shows it: routed once.
Station& behind(Plant& p, const std::string& gateway_mac, const Station& far) {
  auto& seen = p.scene.station(gateway_mac, far.ip, Plant::kControl);
  seen.ttl = static_cast<std::uint8_t>(far.ttl - 1);
  return seen;
}

void office_may_reach_nine_ports(Plant& p) {
  constexpr auto kPorts =
      std::to_array<std::uint16_t>({80, 8080, 8081, 8088, 8090, 8888, 9090, 49665, 49669});
  for (const auto port : kPorts) browse(p.scene, p.office_pc, p.scada, "10.30.0.10", "/", port);
}

constexpr std::string_view kOneGate = "00:1a:8c:30:00:01";    // Sophos
constexpr std::string_view kOtherGate = "00:09:0f:30:00:02";  // Fortinet

void two_gateways(Plant& p) {
  for (int week = 0; week < 2; ++week) {
    browse(p.scene, p.hmi, behind(p, std::string{kOneGate}, p.historian), "hist.plant.example");
    browse(p.scene, p.scada, behind(p, std::string{kOtherGate}, p.file_server), "fs-01");
    p.scene.wait(kWeek);
  }
}

void one_gateway(Plant& p) {
  for (int week = 0; week < 2; ++week) {
    p.scene.announce(p.collector);
    collector_pushes(p);
    p.scene.wait(kWeek);
  }
}

void hmi_forwards(Plant& p) {
  p.scene.resolve(p.hmi, p.control_leg);
  tell_name(p.scene, p.hmi, "HMI-01", Plant::kControlBroadcast);
  browse(p.scene, behind(p, p.hmi.mac, p.office_pc), p.scada, "10.30.0.10");
}

constexpr std::string_view kHistorian = "Proficy Historian 9.1";

void office_reads_control_historian(Plant& p) {
  browse(p.scene, p.office_pc, p.collector, "10.30.0.30", "/", 80, kHistorian);
}

void office_reads_dmz_historian(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example", "/", 80, kHistorian);
}

// The safety system. HIMA and its products are public knowledge.

constexpr unsigned kSafety = 50;

Station& safety_controller(Plant& p, const std::string& ip, unsigned vlan) {
  return p.scene.station("00:e0:a1:50:00:11", ip, vlan);  // HIMA
}

void hmi_writes_to_safety(Plant& p) {
  Modbus{p.scene, p.hmi, safety_controller(p, "10.50.0.11", kSafety)}
      .read(1, 0, 8)
      .write_coil(4, true)
      .close();
}

void safety_station_writes(Plant& p) {
  auto& station = p.scene.station("9c:7b:ef:50:00:20", "10.50.0.20", kSafety);
  Modbus{p.scene, station, safety_controller(p, "10.50.0.11", kSafety)}
      .read(1, 0, 8)
      .write_coil(4, true)
      .close();
}

void office_reads_safety(Plant& p) {
  Modbus{p.scene, p.office_pc, safety_controller(p, "10.50.0.11", kSafety)}.read(1, 0, 8).close();
}

void safety_among_the_rest(Plant& p) {
  auto& safety = safety_controller(p, "10.40.0.31", Plant::kField);
  Modbus{p.scene, p.scada, safety}.identify("HIMA", "HIMax X-CPU 01", "7.30").read(1, 0, 8).close();
  scada_reads(p);
}

// Where next to nothing is seen.

void arp_only(Plant& p) {
  p.scene.resolve(p.scada, p.control_leg);
  p.scene.resolve(p.hmi, p.scada);
}

}  // namespace

std::vector<Recipe> boundary_recipes() {
  return {
      {"arp-only", arp_only},
      {"check-seg-01-violated", office_writes},
      {"check-seg-01-met", scada_reads},
      {"check-seg-02-violated", office_is_refused},
      {"check-seg-02-met", scada_reads},
      {"check-seg-03-violated", office_browses_control},
      {"check-seg-03-met", collector_pushes},
      {"check-seg-04-violated", office_reads},
      {"check-seg-04-met", scada_reads},
      {"check-seg-05-violated", dmz_reads},
      {"check-seg-05-met", collector_pushes},
      {"check-seg-06-violated", historian_speaks_one_protocol},
      {"check-seg-06-met", historian_speaks_two_protocols},
      {"check-seg-07-violated", office_pc_in_control_vlan},
      {"check-seg-07-met", router_forbids},
      {"check-seg-08-violated", host_with_two_legs},
      {"check-seg-08-met", hosts_with_one_leg_each},
      {"check-seg-09-violated", layer_two_across},
      {"check-seg-09-met", layer_two_within},
      {"check-seg-11-violated", office_browses_control},
      {"check-seg-11-met", collector_pushes},
      {"check-seg-12-violated", office_may_reach_nine_ports},
      {"check-seg-13-violated", two_gateways},
      {"check-seg-13-met", one_gateway},
      {"check-seg-14-violated", hmi_forwards},
      {"check-seg-15-violated", office_reads_control_historian},
      {"check-seg-15-met", office_reads_dmz_historian},
      {"check-saf-01-violated", hmi_writes_to_safety},
      {"check-saf-01-met", safety_station_writes},
      {"check-saf-02-violated", office_reads_safety},
      {"check-saf-03-violated", safety_among_the_rest},
      {"check-int-04-violated", desktop_open_to_internet},
      {"check-int-01-violated", control_browses_internet},
      {"check-int-01-met", quiet_week},
      {"check-int-02-violated", internet_reaches_control},
      {"check-int-02-met", quiet_week},
      {"check-int-03-violated", control_tries_internet},
      {"check-int-03-met", quiet_week},
  };
}

}  // namespace sekimori::captures
