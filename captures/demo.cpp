// The demo plant: five minutes of a Monday, with all that a plant does by right and some of what
// it should not. The sins stand together in sins().

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace sekimori::captures {
namespace {

constexpr double kLength = 300;  // s
constexpr std::string_view kVendor = "Schneider Electric";
constexpr std::string_view kSwitch = "Hirschmann RS20 Ethernet switch, L2P-09.1";

/// What happens when, written down in any order.
class Day {
 public:
  explicit Day(Plant& plant) : p(plant) {}

  void live() {
    wake_up();
    poll_process();
    serve_history();
    work_in_office();
    engineer();
    manage();
    sins();
    filter();
    std::ranges::stable_sort(plan_, {}, [](const auto& entry) { return entry.first; });
    for (const auto& [time, act] : plan_) {
      p.scene.go_to(time);
      act();
    }
  }

 private:
  using Act = std::function<void()>;
  using Poll = std::function<void(Modbus&, int)>;

  void at(double time, Act act) { plan_.emplace_back(time, std::move(act)); }

  /// Again and again until the end, never quite in step: hosts have clocks of their own.
  void every(double first, double period, const std::function<void(int)>& act) {
    int round = 0;
    for (double time = first; time < kLength; time += period, ++round)
      at(time + 0.003 * (37 * round % 11), [act, round] { act(round); });
  }

  /// One session that stays up, and what is asked on it.
  void poll(Station& client, Station& server, double first, double period, const Poll& ask) {
    const auto talk = std::make_shared<std::optional<Modbus>>();
    every(first, period, [this, talk, ask, &client, &server](int round) {
      if (!*talk) talk->emplace(p.scene, client, server);
      ask(**talk, round);
    });
  }

  void wake_up() {
    const auto legs = {std::pair{&p.office_pc, &p.office_leg},
                       {&p.sales_pc, &p.office_leg},
                       {&p.admin_pc, &p.office_leg},
                       {&p.file_server, &p.office_leg},
                       {&p.mail_server, &p.office_leg},
                       {&p.collector_office, &p.office_leg},
                       {&p.historian, &p.dmz_leg},
                       {&p.jump_host, &p.dmz_leg},
                       {&p.core_switch, &p.control_leg},
                       {&p.scada, &p.control_leg},
                       {&p.hmi, &p.control_leg},
                       {&p.ews, &p.control_leg},
                       {&p.collector, &p.control_leg},
                       {&p.plc1, &p.field_leg},
                       {&p.plc2, &p.field_leg},
                       {&p.plc3, &p.field_leg},
                       {&p.gateway, &p.field_leg}};
    double time = 0.05;
    for (const auto& [station, leg] : legs) {
      for (const double later : {0.0, 180.0})
        at(time + later, [this, station = station, leg = leg] { p.scene.resolve(*station, *leg); });
      time += 0.09;
    }
    const std::pair<Station*, std::string_view> office[] = {
        {&p.office_pc, "OFFICE-33"}, {&p.admin_pc, "ADMIN-12"}, {&p.file_server, "FS-01"}};
    for (const auto& [station, name] : office)
      at(time += 0.3, [this, station = station, name = name] {
        tell_name(p.scene, *station, name, Plant::kOfficeBroadcast);
      });
    const std::pair<Station*, std::string_view> control[] = {
        {&p.scada, "SCADA-01"}, {&p.hmi, "HMI-01"}, {&p.ews, "EWS-01"}};
    for (const auto& [station, name] : control)
      at(time += 0.3, [this, station = station, name = name] {
        tell_name(p.scene, *station, name, Plant::kControlBroadcast);
      });
  }

  void poll_process() {
    double first = 2;
    for (auto* plc : {&p.plc1, &p.plc2, &p.plc3}) {
      poll(p.scada, *plc, first += 0.2, 2, [](Modbus& talk, int round) {
        if (round % 3 == 0) talk.read(1, 0, 16);
        if (round % 3 == 1) talk.read(3, 0, 20);
        if (round % 3 == 2) talk.read(4, 0, 8);
        // Set points and commands of the operators.
        if (round == 24) talk.write_coil(4, true);
        if (round == 53) talk.write_register(10, 1250);
        if (round == 85) talk.write_registers(20, {300, 310, 320, 330});
        if (round == 117) talk.write_coil(4, false);
      });
    }
    poll(p.scada, p.gateway, 2.9, 5, [](Modbus& talk, int round) {
      talk.read(3, 100, 4, 1 + static_cast<unsigned>(round) % 4);
    });
    first = 3.1;
    for (auto* plc : {&p.plc1, &p.plc2}) {
      poll(p.hmi, *plc, first += 0.2, 5,
           [](Modbus& talk, int round) { talk.read(round % 2 == 0 ? 1 : 3, 0, 8); });
    }
    first = 4.1;
    for (auto* plc : {&p.plc1, &p.plc2, &p.plc3})
      poll(p.collector, *plc, first += 0.2, 10, [](Modbus& talk, int) { talk.read(3, 0, 40); });
  }

  void serve_history() {
    const auto pipe = std::make_shared<std::optional<Session>>();
    every(6, 15, [this, pipe](int) {
      if (!*pipe) pipe->emplace(open_tls(p.scene, p.collector, p.historian, "hist.plant.example"));
      push_tls(**pipe, 2, 400);
    });
    every(8, 23, [this](int round) {
      auto& reader = round % 2 == 0 ? p.office_pc : p.sales_pc;
      look_up(p.scene, reader, p.file_server, "hist.plant.example", p.historian.ip);
      browse(p.scene, reader, p.historian, "hist.plant.example",
             round % 2 == 0 ? "/trend?tank=3" : "/report", 80, "PI Web API historian");
    });
    every(11, 64, [this](int) { ask_time(p.scene, p.collector, p.historian); });
    at(33, [this] { browse(p.scene, p.hmi, p.scada, "scada", "/", 8088, "Ignition 8.1"); });
    at(34, [this] { browse(p.scene, p.ews, p.scada, "scada", "/", 8088, "Ignition 8.1"); });
  }

  void work_in_office() {
    at(14, [this] {
      lease(p.scene, p.sales_pc, p.file_server, "SALES-41", p.office_leg.ip);
      p.scene.announce(p.sales_pc);
      tell_name(p.scene, p.sales_pc, "SALES-41", Plant::kOfficeBroadcast);
    });
    every(18, 31, [this](int round) {
      auto& reader = round % 2 == 0 ? p.sales_pc : p.admin_pc;
      look_up(p.scene, reader, p.file_server, "www.example.com", p.web_site.ip);
      talk_tls(p.scene, reader, p.web_site, "www.example.com");
    });
    at(27, [this] {
      smb2(p.scene, p.office_pc, p.file_server,
           {.domain = "CORP", .user = "tanaka", .workstation = "OFFICE-33", .server = "FS-01"},
           "public");
    });
    every(29, 64, [this](int) { ask_time(p.scene, p.file_server, p.public_time); });
  }

  void engineer() {
    at(41, [this] {
      Modbus{p.scene, p.ews, p.plc1}
          .identify(kVendor, "BMX P34 2020", "v2.70")
          .umas(0x01, hex("00"), hex("fd03 0000"))
          .umas(0x02, {}, umas_identity("BMX P34 2020"))
          .umas(0x20, hex("00 1400 0000 0000 1000"), hex("01 1000") + noise(16, 3))
          .close();
    });
    at(43, [this] {
      Modbus{p.scene, p.ews, p.plc2}.identify(kVendor, "BMX P34 2020", "v2.60").close();
    });
    at(44, [this] {
      Modbus{p.scene, p.ews, p.plc3}.identify(kVendor, "TM221CE24R", "V1.10").close();
    });
    at(46, [this] {
      Modbus talk{p.scene, p.ews, p.gateway};
      for (unsigned unit = 1; unit <= 4; ++unit) talk.identify("Yokogawa", "UT35A", "R1.05", unit);
      talk.close();
    });
    at(47, [this] {  // the program is read out, as a copy
      Modbus{p.scene, p.ews, p.plc1}
          .umas(0x33, hex("0001 f003"), {})
          .umas(0x34, hex("0001 0100"), hex("01 0001 1000") + noise(16, 2))
          .umas(0x35, hex("0001 0100"), {})
          .close();
    });
    // The way that the plant's rules ask for: office, jump host, engineering station.
    at(60, [this] { rdp(p.scene, p.admin_pc, p.jump_host, "kanri"); });
    at(70, [this] { rdp(p.scene, p.jump_host, p.ews, "hosyu"); });
  }

  void manage() {
    every(1, 30, [this](int) {
      p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                       lldp(p.core_switch, "1", "SW-CORE", kSwitch));
    });
    every(15, 60, [this](int) {
      get_snmp(p.scene, p.scada, p.core_switch, 1, "public", kSysDescription, kSwitch);
    });
    at(75, [this] { p.scene.ping(p.ews, p.plc1); });
  }

  void sins() {
    // Anonymous FTP and a page of a controller, both left on.
    at(95, [this] { ftp(p.scene, p.ews, p.plc1, "anonymous", "ews@plant.example"); });
    at(98, [this] { browse(p.scene, p.ews, p.plc2, p.plc2.ip, "/", 80, "Schneider-WEB/V2.1"); });
    // The HMI is on the Internet; the SCADA server tries to be.
    at(104, [this] {
      look_up(p.scene, p.hmi, p.public_dns, "example.com", p.web_site.ip);
      browse(p.scene, p.hmi, p.web_site, "example.com");
    });
    every(20, 64, [this](int) {
      p.scene.drop_datagram(p.scada, p.public_time, 123, 123, ntp_question(p.scene.second()));
    });
    // An office PC looks at a controller, and switches something on.
    at(131, [this] {
      Modbus{p.scene, p.office_pc, p.plc2}.read(1, 0, 8).write_coil(4, true).read(1, 0, 8).close();
    });
    for (const double alarm : {143.0, 243.0})
      at(alarm, [this] {
        smtp(p.scene, p.scada, p.mail_server, "scada@plant.example", "duty@corp.example");
      });
    // The vendor comes straight in.
    at(152, [this] { vnc(p.scene, p.vendor, p.ews, "EWS-01", VncSecurity::none); });
    at(183, [this] { telnet(p.scene, p.admin_pc, p.core_switch, "admin", "private"); });
    at(201, [this] {
      smb1(p.scene, p.hmi, p.file_server,
           {.domain = "CORP", .user = "hmi", .workstation = "HMI-01", .server = "FS-01"});
    });
    // The collector has a second card, in the office.
    for (const double time : {9.0, 212.0})
      at(time, [this] {
        tell_name(p.scene, p.collector, "HIST-COL", Plant::kControlBroadcast);
        tell_name(p.scene, p.collector_office, "HIST-COL", Plant::kOfficeBroadcast);
      });
  }

  /// The router has a filter, which was opened for what is above.
  void filter() {
    at(125, [this] { p.scene.forbid(p.office_pc, p.plc1, 80, p.office_leg); });
    at(160, [this] { p.scene.attempt(p.admin_pc, p.scada, 3389, Scene::Fate::dropped, 3); });
    at(190, [this] { p.scene.attempt(p.office_pc, p.ews, 445, Scene::Fate::dropped, 3); });
    at(221, [this] { p.scene.forbid(p.sales_pc, p.scada, 8088, p.office_leg); });
  }

  Plant& p;
  std::vector<std::pair<double, Act>> plan_;
};

void plant(Plant& p) {
  Day{p}.live();
}

}  // namespace

std::vector<Recipe> demo_recipes() {
  return {{"demo/plant", plant}};
}

}  // namespace sekimori::captures
