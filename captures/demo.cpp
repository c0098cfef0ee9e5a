// The demo plant: five minutes of a Monday, with all that a plant does by right and some of what
// it should not. The sins stand together in sins().

#include "captures.h"
#include "dnp3.h"
#include "logix.h"
#include "modbus.h"
#include "s7.h"
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
constexpr S7Identity kPacking{.order = "6ES7 315-2EH14-0AB0",
                              .firmware = "3.2.7",
                              .station = "PACKING",
                              .name = "PACKING-PLC",
                              .plant = "PM2",
                              .serial = "S C-C2UR28922012",
                              .type = "CPU 315-2 PN/DP"};
constexpr std::string_view kSwitch = "Hirschmann RS20 Ethernet switch, L2P-09.1";

/// What happens when, written down in any order.
class Day {
 public:
  explicit Day(Plant& plant) : plant_(plant) {}

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
      plant_.scene.go_to(time);
      act();
    }
  }

 private:
  using Act = std::function<void()>;

  void at(double time, Act act) { plan_.emplace_back(time, std::move(act)); }

  /// Again and again until the end, never quite in step: hosts have clocks of their own.
  void every(double first, double period, const std::function<void(int)>& act) {
    const int rounds = static_cast<int>((kLength - first) / period);
    for (int round = 0; round <= rounds; ++round)
      at(first + period * round + 0.003 * (37 * round % 11), [act, round] { act(round); });
  }

  /// One session that stays up, and what is asked on it.
  template <class Talk>
  void poll(Station& client, Station& server, double first, double period,
            const std::function<void(Talk&, int)>& ask) {
    const auto talk = std::make_shared<std::optional<Talk>>();
    every(first, period, [this, talk, ask, &client, &server](int round) {
      if (!*talk) talk->emplace(plant_.scene, client, server);
      ask(**talk, round);
    });
  }

  void wake_up() {
    const auto legs = {std::pair{&plant_.office_pc, &plant_.office_leg},
                       {&plant_.sales_pc, &plant_.office_leg},
                       {&plant_.admin_pc, &plant_.office_leg},
                       {&plant_.file_server, &plant_.office_leg},
                       {&plant_.mail_server, &plant_.office_leg},
                       {&plant_.collector_office, &plant_.office_leg},
                       {&plant_.laptop, &plant_.office_leg},
                       {&plant_.historian, &plant_.dmz_leg},
                       {&plant_.jump_host, &plant_.dmz_leg},
                       {&plant_.core_switch, &plant_.control_leg},
                       {&plant_.scada, &plant_.control_leg},
                       {&plant_.hmi, &plant_.control_leg},
                       {&plant_.ews, &plant_.control_leg},
                       {&plant_.collector, &plant_.control_leg},
                       {&plant_.plc1, &plant_.field_leg},
                       {&plant_.plc2, &plant_.field_leg},
                       {&plant_.plc3, &plant_.field_leg},
                       {&plant_.s7, &plant_.field_leg},
                       {&plant_.logix, &plant_.field_leg},
                       {&plant_.gateway, &plant_.field_leg},
                       {&plant_.rtu, &plant_.field_leg}};
    double time = 0.05;
    for (const auto& [station, leg] : legs) {
      for (const double later : {0.0, 180.0})
        at(time + later,
           [this, station = station, leg = leg] { plant_.scene.resolve(*station, *leg); });
      time += 0.09;
    }
    using Named = std::pair<Station*, std::string_view>;
    const auto office = {Named{&plant_.office_pc, "OFFICE-33"}, Named{&plant_.admin_pc, "ADMIN-12"},
                         Named{&plant_.file_server, "FS-01"}, Named{&plant_.laptop, "ENG-LAPTOP"}};
    for (const auto& [station, name] : office)
      at(time += 0.3, [this, station = station, name = name] {
        tell_name(plant_.scene, *station, name, Plant::kOfficeBroadcast);
      });
    const auto control = {Named{&plant_.scada, "SCADA-01"}, Named{&plant_.hmi, "HMI-01"},
                          Named{&plant_.ews, "EWS-01"}};
    for (const auto& [station, name] : control)
      at(time += 0.3, [this, station = station, name = name] {
        tell_name(plant_.scene, *station, name, Plant::kControlBroadcast);
      });
  }

  /// The SCADA server's round at a controller, with the operators' commands.
  static void supervise(Modbus& talk, int round) {
    if (round % 3 == 0) talk.read(1, 0, 16);
    if (round % 3 == 1) talk.read(3, 0, 20);
    if (round % 3 == 2) talk.read(4, 0, 8);
    if (round == 24) talk.write_coil(4, true);
    if (round == 53) talk.write_register(10, 1250);
    if (round == 85) talk.write_registers(20, {300, 310, 320, 330});
    if (round == 117) talk.write_coil(4, false);
  }

  void poll_process() {
    double first = 2;
    for (auto* plc : {&plant_.plc1, &plant_.plc2, &plant_.plc3}) {
      poll<Modbus>(plant_.scada, *plc, first += 0.2, 2, supervise);
    }
    poll_cells();
    poll<Modbus>(plant_.scada, plant_.gateway, 2.9, 5, [](Modbus& talk, int round) {
      talk.read(3, 100, 4, 1 + static_cast<unsigned>(round) % 4);
    });
    first = 3.1;
    for (auto* plc : {&plant_.plc1, &plant_.plc2}) {
      poll<Modbus>(plant_.hmi, *plc, first += 0.2, 5,
                   [](Modbus& talk, int round) { talk.read(round % 2 == 0 ? 1 : 3, 0, 8); });
    }
    first = 4.1;
    for (auto* plc : {&plant_.plc1, &plant_.plc2, &plant_.plc3})
      poll<Modbus>(plant_.collector, *plc, first += 0.2, 10,
                   [](Modbus& talk, int) { talk.read(3, 0, 40); });
  }

  /// The packing line's S7, the boiler's ControlLogix, and the pumping station beyond the fence.
  void poll_cells() {
    poll<S7>(plant_.scada, plant_.s7, 3.5, 4, [](S7& talk, int round) {
      talk.read(10, 0, 32);
      if (round == 31) talk.write(10, 4, hex("0001"));
    });
    poll<Logix>(plant_.scada, plant_.logix, 3.7, 4, [](Logix& talk, int round) {
      if (round == 0) talk.forward_open();
      if (round % 2 == 0) {
        talk.read_tags({"Boiler_Level", "Boiler_Pressure", "Feed_Pump"});
      } else {
        talk.read_tag("Steam_Flow");
      }
      if (round == 40) talk.write_tag("Level_SP", 620);
    });
    poll<Dnp3>(plant_.scada, plant_.rtu, 3.9, 6, [](Dnp3& talk, int round) {
      if (round == 0) {
        talk.reset_link().integrity_poll().enable_unsolicited();
      } else {
        talk.event_poll(round % 8 == 0 ? 1 : 0);
      }
      if (round == 20) talk.select(1, 0x41).operate(1, 0x41);
    });
  }

  void serve_history() {
    const auto pipe = std::make_shared<std::optional<Session>>();
    every(6, 15, [this, pipe](int) {
      if (!*pipe)
        pipe->emplace(
            open_tls(plant_.scene, plant_.collector, plant_.historian, "hist.plant.example"));
      push_tls(**pipe, 2, 400);
    });
    every(8, 23, [this](int round) {
      auto& reader = round % 2 == 0 ? plant_.office_pc : plant_.sales_pc;
      look_up(plant_.scene, reader, plant_.file_server, "hist.plant.example", plant_.historian.ip);
      browse(plant_.scene, reader, plant_.historian, "hist.plant.example",
             round % 2 == 0 ? "/trend?tank=3" : "/report", 80, "PI Web API historian");
    });
    every(11, 64, [this](int) { ask_time(plant_.scene, plant_.collector, plant_.historian); });
    at(33, [this] {
      browse(plant_.scene, plant_.hmi, plant_.scada, "scada", "/", 8088, "Ignition 8.1");
    });
    at(34, [this] {
      browse(plant_.scene, plant_.ews, plant_.scada, "scada", "/", 8088, "Ignition 8.1");
    });
  }

  void work_in_office() {
    at(14, [this] {
      lease(plant_.scene, plant_.sales_pc, plant_.file_server, "SALES-41", plant_.office_leg.ip);
      plant_.scene.announce(plant_.sales_pc);
      tell_name(plant_.scene, plant_.sales_pc, "SALES-41", Plant::kOfficeBroadcast);
    });
    every(18, 31, [this](int round) {
      auto& reader = round % 2 == 0 ? plant_.sales_pc : plant_.admin_pc;
      look_up(plant_.scene, reader, plant_.file_server, "www.example.com", plant_.web_site.ip);
      talk_tls(plant_.scene, reader, plant_.web_site, "www.example.com");
    });
    at(27, [this] {
      smb2(plant_.scene, plant_.office_pc, plant_.file_server,
           {.domain = "CORP", .user = "tanaka", .workstation = "OFFICE-33", .server = "FS-01"},
           "public");
    });
    every(29, 64, [this](int) { ask_time(plant_.scene, plant_.file_server, plant_.public_time); });
  }

  void engineer() {
    at(41, [this] {
      Modbus{plant_.scene, plant_.ews, plant_.plc1}
          .identify(kVendor, "BMX P34 2020", "v2.70")
          .umas(0x01, hex("00"), hex("fd03 0000"))
          .umas(0x02, {}, umas_identity("BMX P34 2020"))
          .umas(0x20, hex("00 1400 0000 0000 1000"), hex("01 1000") + noise(16, 3))
          .close();
    });
    at(43, [this] {
      Modbus{plant_.scene, plant_.ews, plant_.plc2}
          .identify(kVendor, "BMX P34 2020", "v2.60")
          .close();
    });
    at(44, [this] {
      Modbus{plant_.scene, plant_.ews, plant_.plc3}
          .identify(kVendor, "TM221CE24R", "V1.10")
          .close();
    });
    at(46, [this] {
      Modbus talk{plant_.scene, plant_.ews, plant_.gateway};
      for (unsigned unit = 1; unit <= 4; ++unit) talk.identify("Yokogawa", "UT35A", "R1.05", unit);
      talk.close();
    });
    at(46.4, [this] {
      S7{plant_.scene, plant_.ews, plant_.s7, S7::Kind::programming_device}
          .identify(kPacking)
          .ask_mode(8)
          .close();
    });
    at(46.6, [this] {
      Logix{plant_.scene, plant_.ews, plant_.logix}
          .list_identity(logix_bridge())
          .identify(logix_controller())
          .close();
    });
    at(46.8, [this] {
      Dnp3{plant_.scene, plant_.scada, plant_.rtu}
          .identify({{252, "SEL"}, {250, "SEL-3530"}, {242, "R145"}, {248, "1151300042"}})
          .close();
    });
    at(47, [this] {  // the program is read out, as a copy
      Modbus{plant_.scene, plant_.ews, plant_.plc1}
          .umas(0x33, hex("0001 f003"), {})
          .umas(0x34, hex("0001 0100"), hex("01 0001 1000") + noise(16, 2))
          .umas(0x35, hex("0001 0100"), {})
          .close();
    });
    // The way that the plant's rules ask for: office, jump host, engineering station.
    at(60, [this] { rdp(plant_.scene, plant_.admin_pc, plant_.jump_host, "kanri"); });
    at(70, [this] { rdp(plant_.scene, plant_.jump_host, plant_.ews, "hosyu"); });
  }

  void manage() {
    every(1, 30, [this](int) {
      plant_.scene.ethernet(plant_.core_switch, std::string{kLldpGroup}, 0x88cc,
                            lldp(plant_.core_switch, "1", "SW-CORE", kSwitch));
    });
    every(15, 60, [this](int) {
      get_snmp(plant_.scene, plant_.scada, plant_.core_switch, 1, "public", kSysDescription,
               kSwitch);
    });
    at(75, [this] { plant_.scene.ping(plant_.ews, plant_.plc1); });
  }

  void sins() {
    // Anonymous FTP and a page of a controller, both left on.
    at(95,
       [this] { ftp(plant_.scene, plant_.ews, plant_.plc1, "anonymous", "ews@plant.example"); });
    at(98, [this] {
      browse(plant_.scene, plant_.ews, plant_.plc2, plant_.plc2.ip, "/", 80, "Schneider-WEB/V2.1");
    });
    // The HMI is on the Internet; the SCADA server tries to be.
    at(104, [this] {
      look_up(plant_.scene, plant_.hmi, plant_.public_dns, "example.com", plant_.web_site.ip);
      browse(plant_.scene, plant_.hmi, plant_.web_site, "example.com");
    });
    every(20, 64, [this](int) {
      plant_.scene.drop_datagram(plant_.scada, plant_.public_time, 123, 123,
                                 ntp_question(plant_.scene.second()));
    });
    // An office PC looks at a controller, and switches something on.
    at(131, [this] {
      Modbus{plant_.scene, plant_.office_pc, plant_.plc2}
          .read(1, 0, 8)
          .write_coil(4, true)
          .read(1, 0, 8)
          .close();
    });
    // A laptop in the office loads a program into the packing line's controller.
    at(137, [this] {
      S7{plant_.scene, plant_.laptop, plant_.s7, S7::Kind::programming_device}
          .identify(kPacking)
          .stop()
          .indicate_mode(0)
          .download("OB1", 2)
          .start()
          .indicate_mode(2)
          .close();
    });
    for (const double alarm : {143.0, 243.0})
      at(alarm, [this] {
        smtp(plant_.scene, plant_.scada, plant_.mail_server, "scada@plant.example",
             "duty@corp.example");
      });
    // The vendor comes straight in.
    at(152, [this] { vnc(plant_.scene, plant_.vendor, plant_.ews, "EWS-01", VncSecurity::none); });
    at(183,
       [this] { telnet(plant_.scene, plant_.admin_pc, plant_.core_switch, "admin", "private"); });
    at(201, [this] {
      smb1(plant_.scene, plant_.hmi, plant_.file_server,
           {.domain = "CORP", .user = "hmi", .workstation = "HMI-01", .server = "FS-01"});
    });
    // The collector has a second card, in the office.
    for (const double time : {9.0, 212.0})
      at(time, [this] {
        tell_name(plant_.scene, plant_.collector, "HIST-COL", Plant::kControlBroadcast);
        tell_name(plant_.scene, plant_.collector_office, "HIST-COL", Plant::kOfficeBroadcast);
      });
  }

  /// The router has a filter, which was opened for what is above.
  void filter() {
    at(125, [this] { plant_.scene.forbid(plant_.office_pc, plant_.plc1, 80, plant_.office_leg); });
    at(160, [this] {
      plant_.scene.attempt(plant_.admin_pc, plant_.scada, 3389, Scene::Fate::dropped, 3);
    });
    at(190, [this] {
      plant_.scene.attempt(plant_.office_pc, plant_.ews, 445, Scene::Fate::dropped, 3);
    });
    at(221,
       [this] { plant_.scene.forbid(plant_.sales_pc, plant_.scada, 8088, plant_.office_leg); });
  }

  Plant& plant_;
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
