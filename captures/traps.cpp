// What looks wrong in a capture and is not: the usual false contradictions (merge rules, 5.7).

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

#include <array>
#include <string>

namespace sekimori::captures {
namespace {

constexpr double kWeek = 7 * 86400.0;
/// A layer-3 switch without a virtual MAC.
constexpr std::string_view kSwitchMac = "00:1b:0c:30:00:01";  // Cisco

/// A host as it is seen behind a router of this MAC, in a VLAN that is not its own.
Station& routed(Plant& p, std::string_view router_mac, const std::string& ip, unsigned vlan) {
  auto& seen = p.scene.station(std::string{router_mac}, ip, vlan);
  seen.ttl = 127;
  return seen;
}

void poll(Plant& p, Station& client, Station& plc) {
  Modbus{p.scene, client, plc}.read(3, 0, 10).write_register(10, 1200).close();
}

/// Controllers and their server in 141.81.0.0/24, addresses of somebody else's on the Internet.
void public_range_on_link(Plant& p) {
  auto& server = p.scene.station("c8:f7:50:40:00:10", "141.81.0.10", Plant::kField);
  server.ttl = 128;
  auto& plc = p.scene.station("00:80:f4:40:00:86", "141.81.0.86", Plant::kField);
  for (int i = 0; i < 2; ++i) {
    p.scene.resolve(server, plc);
    p.scene.resolve(plc, server);
    poll(p, server, plc);
    ask_time(p.scene, server, p.collector);
    p.scene.wait(kWeek);
  }
}

/// The same range behind a router: nothing but the plant's word tells it from the Internet.
void public_range_routed(Plant& p) {
  auto& plc = p.scene.station("00:80:f4:40:00:86", "141.81.0.86", Station::kOutside);
  for (int i = 0; i < 2; ++i) {
    p.scene.resolve(p.scada, p.control_leg);
    poll(p, p.scada, plc);
    ask_time(p.scene, p.scada, p.collector);
    p.scene.wait(kWeek);
  }
}

/// One MAC and one name with an address in each VLAN, and everybody's packets behind it.
void layer_3_switch(Plant& p) {
  struct Leg {
    std::string ip;
    unsigned vlan;
  };
  const auto legs = std::to_array<Leg>({{"10.10.0.254", Plant::kOffice},
                                        {"10.20.0.254", Plant::kDmz},
                                        {"10.30.0.254", Plant::kControl},
                                        {"10.40.0.254", Plant::kField}});
  const std::array<Station*, 4> hosts{&p.office_pc, &p.historian, &p.hmi, &p.plc1};
  for (std::size_t i = 0; i < legs.size(); ++i) {
    auto& leg = p.scene.station(std::string{kSwitchMac}, legs[i].ip, legs[i].vlan);
    leg.ttl = 255;
    p.scene.resolve(*hosts[i], leg);
    p.scene.resolve(leg, *hosts[i]);
    p.scene.ping(*hosts[i], leg);
    p.scene.ethernet(leg, std::string{kLldpGroup}, 0x88cc,
                     lldp(leg, "1", "SW-L3", "Catalyst 3850 Ethernet switch", 0x0014));
    p.scene.wait(1);
  }
  auto& far = routed(p, kSwitchMac, p.historian.ip, Plant::kControl);
  talk_tls(p.scene, p.collector, far, "hist.plant.example");
  talk_tls(p.scene, p.hmi, far, "hist.plant.example");
  poll(p, routed(p, kSwitchMac, p.scada.ip, Plant::kField), p.plc1);
}

/// IEC 62439-3: each frame goes over LAN A and LAN B, with a trailer that says which.
void prp_pair(Plant& p) {
  p.scene.resolve(p.hmi, p.scada);
  p.scene.resolve(p.scada, p.hmi);
  auto& plc = p.scene.station("00:80:f4:30:00:51", "10.30.0.51", Plant::kControl);
  p.scene.resolve(p.scada, plc);
  tell_name(p.scene, p.scada, "SCADA-01", Plant::kControlBroadcast);
  poll(p, p.scada, plc);
  p.scene.send_twice(Plant::kControl + 1);
}

/// The assessor looks around from a laptop of his own.
void assessor_looks_around(Plant& p) {
  auto& laptop = p.scene.station("f4:a8:0d:30:00:99", "10.30.0.99", Plant::kControl);  // Wistron
  laptop.ttl = 128;
  p.scene.announce(laptop);
  tell_name(p.scene, laptop, "AUDIT-NB", Plant::kControlBroadcast);
  constexpr auto kPorts = std::to_array<std::uint16_t>(
      {21, 22, 23, 25, 53, 80, 102, 110, 135, 139, 443, 445, 502, 1433, 3389, 5900, 8080, 44818});
  for (const auto port : kPorts) p.scene.refuse(laptop, p.scada, port);
  look_up(p.scene, laptop, p.public_dns, "example.com", "93.184.216.34");
  browse(p.scene, laptop, p.web_site, "example.com");
  telnet(p.scene, laptop, p.core_switch, "admin", "kiso-no-seki-1602");
  poll(p, p.scada, p.plc1);
}

/// Asked for again and again, and nobody answers: the wall holds.
void nobody_answers(Plant& p) {
  for (int day = 0; day < 8; ++day) {
    poll(p, p.scada, p.plc1);
    p.scene.attempt(p.hmi, p.web_site, 443, Scene::Fate::dropped, 3);
    p.scene.attempt(p.hmi, p.web_site, 80, Scene::Fate::dropped, 3);
    p.scene.drop_datagram(p.hmi, p.public_dns, 50000, 53, dns_question(9, "example.com"));
    p.scene.drop_datagram(p.hmi, p.public_time, 123, 123, ntp_question(p.scene.second()));
    p.scene.wait(86400);
  }
}

/// The collector pushes, the historian asks back, and two mirror ports see both.
void historian_mirrors(Plant& p) {
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example");
  talk_tls(p.scene, p.historian, p.collector, "hist-col.plant.example", Tls::v13, 8443);
  poll(p, p.scada, p.plc1);
  p.scene.see_again(0.00002);
}

}  // namespace

std::vector<Recipe> trap_recipes() {
  return {
      {"trap-public-range-on-link", public_range_on_link},
      {"trap-public-range-routed", public_range_routed},
      {"trap-layer-3-switch", layer_3_switch},
      {"trap-prp-pair", prp_pair},
      {"trap-assessor", assessor_looks_around},
      {"trap-nobody-answers", nobody_answers},
      {"trap-historian-mirrors", historian_mirrors},
  };
}

}  // namespace sekimori::captures
