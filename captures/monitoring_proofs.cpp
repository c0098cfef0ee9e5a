// What should be heard, and over how many days it was not: rulesets/checks/monitoring.json.

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

namespace sekimori::captures {
namespace {

/// The same again so many days later: a capture that watches all the time between.
template <class Act>
void twice(Plant& p, double days, const Act& act) {
  act();
  p.scene.wait(days * 86400);
  act();
}

void manage_switch(Plant& p) {
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", "Hirschmann RS20 Ethernet switch"));
  ssh(p.scene, p.ews, p.core_switch);
}

void switch_is_silent(Plant& p) {
  twice(p, 8, [&] { manage_switch(p); });
}

void switch_reports(Plant& p) {
  twice(p, 8, [&] {
    manage_switch(p);
    p.scene.datagram(p.core_switch, p.collector, 514, 514, syslog("SW-CORE", "port 7 link up"));
  });
}

void plc_is_only_polled(Plant& p) {
  twice(p, 31, [&] { Modbus{p.scene, p.scada, p.plc1}.read(3, 0, 10).close(); });
}

void program_is_saved(Plant& p) {
  twice(p, 8, [&] {
    Modbus{p.scene, p.ews, p.plc1}
        .umas(0x33, hex("0001 f003"), {})
        .umas(0x34, hex("0001 0100"), hex("01 0001 1000") + noise(16, 2))
        .umas(0x35, hex("0001 0100"), {})
        .close();
  });
}

void hmi_gets_nothing(Plant& p) {
  twice(p, 15, [&] {
    smb2(p.scene, p.ews, p.hmi, {"PLANT", "hosyu", "EWS-01", "HMI-01"}, "recipes");
  });
}

void hmi_gets_updates(Plant& p) {
  twice(p, 8, [&] {
    browse(p.scene, p.hmi, p.historian, "wsus.plant.example", "/ClientWebService/client.asmx", 8530,
           "Microsoft-IIS/10.0");
  });
}

}  // namespace

std::vector<Recipe> monitoring_recipes() {
  return {
      {"check-mon-01-violated", switch_is_silent},   {"check-mon-01-met", switch_reports},
      {"check-mon-02-violated", plc_is_only_polled}, {"check-mon-02-met", program_is_saved},
      {"check-mon-03-violated", hmi_gets_nothing},   {"check-mon-03-met", hmi_gets_updates},
  };
}

}  // namespace sekimori::captures
