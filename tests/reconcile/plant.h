#pragma once

#include "sekimori/assess/plant_list.h"
#include "sekimori/model/database.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {

/// What two hosts said to each other, as a row of the model.
struct Talk {
  std::string protocol = "modbus";
  int port = 502;
  std::string transport = "tcp";
  std::string strength = "S3";
  int flows = 1;
  int encrypted = 0;
  double longest = 0;  ///< seconds
};

/// A model of a small plant, filled row by row.
class Plant {
 public:
  enum Zone { office = 1, dmz, control, field, safety, remote, internet, management };

  Plant() : model_(":memory:", Database::Mode::create) {
    model_.execute(schema_sql());
    zone(office, "office", "office", "IT");
    zone(dmz, "dmz", "dmz", "DMZ");
    zone(control, "control", "control", "OT");
    zone(field, "field", "field", "OT");
    zone(safety, "safety", "safety", "SIS");
    zone(remote, "remote", "remote", "REMOTE");
    zone(internet, "internet", "external", "EXT");
    zone(management, "management", "management", "MGMT");
    for (const auto* const protocol : {"modbus", "s7comm"}) table("industrial_protocol", protocol);
    for (const auto* const protocol : {"rdp", "vnc", "ssh", "telnet"})
      table("remote_protocol", protocol);
  }

  Database& model() { return model_; }

  /// Ten seconds, or `days` from a Monday on, seen both ways without loss.
  void capture(const std::string& vantage, double days = 0) {
    const double start = 1704067200.0 + 86400.0 * 30 * captures_;  // 2024-01-01, a Monday
    const double end = start + (days > 0 ? days * 86400.0 : 10.0);
    ++captures_;
    insert("capture", {{"capture", number(captures_)},
                       {"sha256", text(std::to_string(captures_))},
                       {"packets", "1000"},
                       {"two_way", "100"},
                       {"first_seen", std::to_string(start)},
                       {"last_seen", std::to_string(end)},
                       {"vantage", text(vantage)}});
  }

  int host(const std::string& name, Zone zone, const std::string& role = "workstation") {
    ++hosts_;
    const bool controller = role == "plc" || role == "rtu" || role == "ied" || role == "io" ||
                            role == "safety_controller";
    insert("asset", {{"asset", number(hosts_)},
                     {"kind", text(zone == internet ? "external" : "device")},
                     {"name", text(name)},
                     {"role", text(role)},
                     {"zone", number(zone)},
                     {"capture", "1"},
                     {"frame", number(hosts_)},
                     {"is_controller", number(controller ? 1 : 0)}});
    insert("address", {{"asset", number(hosts_)},
                       {"mac", text(mac(hosts_))},
                       {"ip", text(ip(hosts_))},
                       {"segment", "''"},
                       {"on_link", "1"}});
    return hosts_;
  }

  [[nodiscard]] bool has(int host) const { return host <= hosts_; }

  int talk(int client, int server, const Talk& talk = {}) {
    ++talks_;
    const bool one_way = talk.strength == "S1";
    const auto zone_of = [](int host) {
      return "(SELECT zone FROM asset WHERE asset = " + number(host) + ")";
    };
    insert("conversation", {{"conversation", number(talks_)},
                            {"client", number(client)},
                            {"client_ip", text(ip(client))},
                            {"server", number(server)},
                            {"server_ip", text(ip(server))},
                            {"client_zone", zone_of(client)},
                            {"server_zone", zone_of(server)},
                            {"transport", text(talk.transport)},
                            {"port", number(talk.port)},
                            {"number", number(talk.port)},
                            {"protocol", text(talk.protocol)},
                            {"attempted", number(talk.flows)},
                            {"established", number(one_way ? 0 : talk.flows)},
                            {"last_capture", "1"},
                            {"last_frame", number(10 * talks_ + 1)},
                            {"unanswered", number(one_way ? talk.flows : 0)},
                            {"first_seen", std::to_string(1000 + talks_)},
                            {"last_seen", std::to_string(2000 + talks_)},
                            {"longest", std::to_string(talk.longest)},
                            {"strength", text(talk.strength)},
                            {"encrypted", number(talk.encrypted)},
                            {"capture", "1"},
                            {"frame", number(10 * talks_)}});
    return talks_;
  }

  void event(int conversation, const std::string& kind, const std::string& detail, int asset = 0) {
    insert("event", {{"kind", text(kind)},
                     {"conversation", conversation == 0 ? "NULL" : number(conversation)},
                     {"asset", asset == 0 ? "NULL" : number(asset)},
                     {"detail", text(detail)},
                     {"ip", text(ip(asset))},
                     {"count", "1"},
                     {"capture", "1"},
                     {"frame", "7"}});
  }

  void operation(int conversation, const std::string& name, const std::string& access,
                 int executed = 1) {
    insert("operation", {{"conversation", number(conversation)},
                         {"name", text(name)},
                         {"access", text(access)},
                         {"sender", "'client'"},
                         {"requests", number(executed)},
                         {"executed", number(executed)},
                         {"first_seen", "1000"},
                         {"last_seen", "2000"},
                         {"capture", "1"},
                         {"frame", "8"}});
  }

  void property(int asset, const std::string& name, const std::string& value,
                const std::string& source, double first = 1000, double last = 2000) {
    insert("property", {{"asset", number(asset)},
                        {"name", text(name)},
                        {"value", text(value)},
                        {"source", text(source)},
                        {"confidence", "90"},
                        {"mac", text(mac(asset))},
                        {"ip", text(ip(asset))},
                        {"count", "1"},
                        {"first_seen", std::to_string(first)},
                        {"last_seen", std::to_string(last)},
                        {"capture", "1"},
                        {"frame", "9"}});
  }

  /// The host says in ARP that it is there.
  void claim(int asset, const std::string& segment) {
    run("UPDATE address SET segment = " + text(segment) + " WHERE asset = " + number(asset));
    insert("binding", {{"mac", text(mac(asset))},
                       {"ip", text(ip(asset))},
                       {"segment", text(segment)},
                       {"claims", "3"},
                       {"capture", "1"},
                       {"frame", number(100 + asset)}});
  }

  void wall(Zone from, Zone to, const std::string& verdict) {
    insert("wall", {{"from_zone", number(from)},
                    {"to_zone", number(to)},
                    {"verdict", text(verdict)},
                    {"confidence", "80"},
                    {"capture", "1"},
                    {"frame", "11"}});
  }

  void allow(const std::string& client, const std::string& server,
             const std::string& transport = "", int port = 0) {
    exceptions_ += client + ',' + server + ',' + transport + ',' +
                   (port == 0 ? std::string{} : number(port)) + '\n';
    hand_over("exceptions", "client,server,transport,port\n" + exceptions_);
  }

  /// A list that the plant hands over; what it covers stands in the model already.
  void hand_over(const std::string& kind, const std::string& csv) {
    lists_[kind] = parse_list(kind, csv, kind + ".csv");
    std::vector<PlantList> lists;
    for (const auto& [name, list] : lists_) lists.push_back(list);
    write_lists(lists, model_);
  }

  void assume_zones() { run("UPDATE zone SET declared = 0"); }

  void run(const std::string& sql) { model_.execute(sql); }

  static std::string ip(int host) { return "10.0.0." + std::to_string(host); }

 private:
  static std::string number(int value) { return std::to_string(value); }
  static std::string text(const std::string& value) { return "'" + value + "'"; }
  static std::string mac(int host) { return "02:00:00:00:00:" + std::to_string(10 + host); }

  void table(const std::string& name, const std::string& protocol) {
    run("INSERT OR IGNORE INTO " + name + " VALUES (" + text(protocol) + ")");
  }

  void zone(Zone id, const std::string& name, const std::string& kind, const std::string& side) {
    insert("zone", {{"zone", number(id)},
                    {"name", text(name)},
                    {"kind", text(kind)},
                    {"side", text(side)},
                    {"declared", id == internet ? "0" : "1"}});
  }

  /// A row of which only some columns matter: those that must not be NULL and are not given
  /// become 0 or ''.
  void insert(const std::string& table, std::map<std::string, std::string> row) {
    auto columns = model_.prepare("SELECT name, type FROM pragma_table_info('" + table +
                                  "') WHERE \"notnull\" AND dflt_value IS NULL");
    while (columns.step()) row.emplace(columns.text(0), columns.text(1) == "TEXT" ? "''" : "0");
    std::string names;
    std::string values;
    for (const auto& [name, value] : row) {
      names += (names.empty() ? "" : ", ") + name;
      values += (values.empty() ? "" : ", ") + value;
    }
    run("INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")");
  }

  Database model_;
  std::map<std::string, PlantList> lists_;
  std::string exceptions_;
  int captures_ = 0;
  int hosts_ = 0;
  int talks_ = 0;
};

}  // namespace sekimori::test
