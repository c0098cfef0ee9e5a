#include "plant.h"

namespace sekimori::captures {

Plant::Plant()
    : office_leg(router_leg("10.10.0.1", kOffice)),
      dmz_leg(router_leg("10.20.0.1", kDmz)),
      control_leg(router_leg("10.30.0.1", kControl)),
      field_leg(router_leg("10.40.0.1", kField)),
      file_server(windows("00:50:56:10:00:05", "10.10.0.5", kOffice)),  // VMware
      mail_server(scene.station("00:50:56:10:00:06", "10.10.0.6", kOffice)),
      admin_pc(windows("98:e7:43:10:00:12", "10.10.0.12", kOffice)),  // Dell
      office_pc(windows("98:e7:43:10:00:33", "10.10.0.33", kOffice)),
      sales_pc(windows("9c:7b:ef:10:00:41", "10.10.0.41", kOffice)),          // Hewlett Packard
      collector_office(windows("c8:f7:50:30:00:31", "10.10.0.30", kOffice)),  // Dell, second card
      laptop(windows("98:e7:43:10:00:50", "10.10.0.50", kOffice)),
      historian(windows("00:50:56:20:00:10", "10.20.0.10", kDmz)),
      jump_host(windows("00:50:56:20:00:20", "10.20.0.20", kDmz)),
      core_switch(scene.station("ec:e5:55:30:00:02", "10.30.0.2", kControl)),  // Hirschmann
      scada(windows("c8:f7:50:30:00:10", "10.30.0.10", kControl)),
      hmi(windows("c8:f7:50:30:00:11", "10.30.0.11", kControl)),
      ews(windows("9c:7b:ef:30:00:20", "10.30.0.20", kControl)),
      collector(windows("c8:f7:50:30:00:30", "10.30.0.30", kControl)),
      plc1(scene.station("00:80:f4:40:00:11", "10.40.0.11", kField)),  // Telemecanique
      plc2(scene.station("00:80:f4:40:00:12", "10.40.0.12", kField)),
      plc3(scene.station("00:80:f4:40:00:13", "10.40.0.13", kField)),
      s7(scene.station("00:1b:1b:40:00:14", "10.40.0.14", kField)),       // Siemens
      logix(scene.station("00:00:bc:40:00:15", "10.40.0.15", kField)),    // Rockwell Automation
      gateway(scene.station("00:90:e8:40:00:20", "10.40.0.20", kField)),  // Moxa
      rtu(scene.station("00:30:a7:40:00:30", "10.40.0.30", kField)),      // Schweitzer Engineering
      vendor(windows("02:00:00:00:00:01", "130.225.0.10", Station::kOutside)),
      public_dns(scene.station("02:00:00:00:00:02", "8.8.8.8", Station::kOutside)),
      web_site(scene.station("02:00:00:00:00:03", "93.184.216.34", Station::kOutside)),
      public_time(scene.station("02:00:00:00:00:04", "129.6.15.28", Station::kOutside)) {}

Station& Plant::router_leg(const std::string& ip, unsigned vlan) {
  auto& leg = scene.station(std::string{Scene::kRouterMac}, ip, vlan);
  leg.ttl = 255;
  return leg;
}

Station& Plant::windows(const std::string& mac, const std::string& ip, unsigned vlan) {
  auto& host = scene.station(mac, ip, vlan);
  host.ttl = 128;
  return host;
}

}  // namespace sekimori::captures
