#pragma once

#include "scene.h"

namespace sekimori::captures {

/// The plant of the captures: an office, a DMZ, a control and a field network, VLANs on one core
/// switch whose mirror port sees them all, one router with a leg in each, and the world beyond.
/// zones.json says the same. Makers of the MACs: IEEE's register.
struct Plant {
  static constexpr unsigned kOffice = 0;  // untagged
  static constexpr unsigned kDmz = 20;
  static constexpr unsigned kControl = 30;
  static constexpr unsigned kField = 40;
  static constexpr std::string_view kOfficeBroadcast = "10.10.0.255";
  static constexpr std::string_view kControlBroadcast = "10.30.0.255";

  Plant();
  Plant(const Plant&) = delete;
  Plant& operator=(const Plant&) = delete;

  Scene scene;

  // The router's legs.
  Station &office_leg, &dmz_leg, &control_leg, &field_leg;

  // Office: 10.10.0.0/24.
  Station &file_server, &mail_server, &admin_pc, &office_pc, &sales_pc, &collector_office, &laptop;
  // DMZ: 10.20.0.0/24.
  Station &historian, &jump_host;
  // Control: 10.30.0.0/24.
  Station &core_switch, &scada, &hmi, &ews, &collector;
  // Field: 10.40.0.0/24.
  Station &plc1, &plc2, &plc3, &s7, &logix, &gateway, &rtu;
  // Beyond.
  Station &vendor, &public_dns, &web_site, &public_time;

 private:
  Station& router_leg(const std::string& ip, unsigned vlan);
  /// TTLs as they leave: Windows hosts say 128.
  Station& windows(const std::string& mac, const std::string& ip, unsigned vlan);
};

}  // namespace sekimori::captures
