// The derived tables of schema.sql.

#include "sekimori/infer/inference.h"
#include "sekimori/model/database.h"
#include "sekimori/model/store.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace sekimori {
namespace {

constexpr auto kTables =
    std::to_array<std::string_view>({"asset", "address", "service", "zone", "conduit", "wall"});

constexpr double kNanoseconds = 1e9;  // in a second

/// Binds one value after the other.
class Row {
 public:
  explicit Row(Statement statement) : statement_(std::move(statement)) {}

  Row& put(std::int64_t value) {
    statement_.bind(++position_, value);
    return *this;
  }
  /// It must last until run(), unless it is handed over.
  Row& put_text(std::string_view value) {
    statement_.bind_lasting(++position_, value);
    return *this;
  }
  Row& put_text(std::string&& value) {
    statement_.bind(++position_, std::string_view{value});
    return *this;
  }
  Row& put_null() {
    statement_.bind_null(++position_);
    return *this;
  }
  Row& put_row(RowId row) { return row == kNoRow ? put_null() : put(row); }
  Row& put_level(const std::optional<double>& level) {
    if (!level) return put_null();
    statement_.bind(++position_, *level);
    return *this;
  }
  Row& put_time(const Sighting& seen) {
    statement_.bind(++position_, static_cast<double>(seen.time) / kNanoseconds);
    return *this;
  }
  /// capture, frame; in the file captures count from 1.
  Row& put_frame(const Sighting& seen) {
    if (seen.frame == 0) return put_null().put_null();
    return put(static_cast<std::int64_t>(seen.capture) + 1)
        .put(static_cast<std::int64_t>(seen.frame));
  }
  Row& put_count(std::uint64_t count) { return put(static_cast<std::int64_t>(count)); }

  void run() {
    statement_.run();
    position_ = 0;
  }

 private:
  Statement statement_;
  int position_ = 0;
};

void write_assets(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO asset (asset, kind, name, role, role_confidence, role_reason, level, "
      "level_confidence, level_reason, zone, zone_confidence, zone_reason, vendor, model, "
      "firmware, serial, os, is_controller, first_seen, last_seen, capture, frame) "
      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")};
  std::int64_t number = 0;
  for (const auto& asset : made.assets) {
    row.put(++number).put_text(to_text(asset.kind)).put_text(asset.name);
    row.put_text(to_text(asset.role.role)).put(asset.role.confidence).put_text(asset.role.reason);
    row.put_level(asset.level).put(asset.level_confidence).put_text(asset.level_reason);
    row.put_row(asset.zone).put(asset.zone_confidence).put_text(asset.zone_reason);
    row.put_text(asset.vendor).put_text(asset.model).put_text(asset.firmware);
    row.put_text(asset.serial).put_text(asset.os).put(is_controller(asset.role.role) ? 1 : 0);
    row.put_time(asset.seen.first).put_time(asset.seen.last).put_frame(asset.seen.first).run();
  }
}

void write_addresses(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO address (asset, mac, ip, segment, on_link) VALUES (?,?,?,?,?)")};
  for (const auto& address : made.addresses) {
    row.put_row(address.asset);
    address.mac.is_set() ? row.put_text(to_text(address.mac)) : row.put_null();
    address.ip.is_set() ? row.put_text(to_text(address.ip)) : row.put_null();
    row.put_text(address.segment);
    if (address.on_link == OnLink::unknown) {
      row.put_null();
    } else {
      row.put(address.on_link == OnLink::yes ? 1 : 0);
    }
    row.run();
  }
}

void write_services(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO service (asset, transport, port, protocol, confidence, encrypted, clients, "
      "strength, capture, frame) VALUES (?,?,?,?,?,?,?,?,?,?)")};
  for (const auto& service : made.services) {
    row.put_row(service.asset).put_text(service.transport).put_count(service.port);
    row.put_text(service.protocol).put(service.confidence).put(service.encrypted ? 1 : 0);
    row.put_count(service.clients).put_text(service.strength).put_frame(service.first).run();
  }
}

void write_zones(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO zone (zone, name, kind, side, level, declared, confidence, reason, name_ja) "
      "VALUES (?,?,?,?,?,?,?,?,?)")};
  std::int64_t number = 0;
  for (const auto& zone : made.zones) {
    row.put(++number).put_text(zone.name).put_text(to_text(zone.kind));
    row.put_text(side_of(zone.kind)).put_level(zone.level).put(zone.declared ? 1 : 0);
    row.put(zone.confidence).put_text(zone.reason);
    row.put_text(zone.name_ja == zone.name ? "" : zone.name_ja).run();
  }
}

void write_conduits(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO conduit (conduit, from_zone, to_zone, conversations, services, protocols, "
      "packets, bytes, two_way, controls, first_seen, last_seen, capture, frame) "
      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")};
  std::int64_t number = 0;
  for (const auto& conduit : made.conduits) {
    row.put(++number).put_row(conduit.from).put_row(conduit.to).put_count(conduit.conversations);
    row.put_count(conduit.services).put_text(conduit.protocols).put_count(conduit.packets);
    row.put_count(conduit.bytes).put_count(conduit.two_way).put_count(conduit.controls);
    row.put_time(conduit.seen.first).put_time(conduit.seen.last).put_frame(conduit.seen.first);
    row.run();
  }
}

/// As schema.sql says: [{"sign", "count", "detail", "capture", "frame"}].
std::string signs_text(const std::vector<WallSign>& signs) {
  auto list = nlohmann::json::array();
  for (const auto& sign : signs) {
    nlohmann::json one{{"sign", sign.sign}, {"count", sign.count}, {"detail", sign.detail}};
    if (sign.first.frame != 0) {
      one["capture"] = sign.first.capture + 1;
      one["frame"] = sign.first.frame;
    }
    list.push_back(std::move(one));
  }
  return list.dump();
}

void write_walls(const Inference& made, Database& database) {
  Row row{database.prepare(
      "INSERT INTO wall (from_zone, to_zone, verdict, confidence, signs, capture, frame) "
      "VALUES (?,?,?,?,?,?,?)")};
  for (const auto& wall : made.walls) {
    Sighting first;
    for (const auto& sign : wall.signs)
      if (first.frame == 0 || sign.first < first) first = sign.first;
    row.put_row(wall.from).put_row(wall.to).put_text(to_text(wall.verdict)).put(wall.confidence);
    row.put_text(signs_text(wall.signs)).put_frame(first).run();
  }
}

}  // namespace

void write_tables(const Inference& inference, Database& database) {
  for (const auto table : kTables) database.execute("DELETE FROM " + std::string{table});
  write_zones(inference, database);
  write_assets(inference, database);
  write_addresses(inference, database);
  write_services(inference, database);
  write_conduits(inference, database);
  write_walls(inference, database);
  database.execute(derived_index_sql());
}

void adopt_tables(Database aside, Database& database) {
  database.execute(derived_index_sql());
  database.adopt(std::move(aside), kTables);
}

void conclude_and_save(const Facts& facts, const ZonePlan& plan, const std::filesystem::path& path,
                       const std::function<void(Database&)>& then) {
  auto inference = infer(facts, plan);
  save(facts, path,
       [&](Database& database) {
         write_tables(inference, database);
         if (then) then(database);
       },
       {},
       {[&] { return std::move(static_cast<SubjectAssets&>(inference)); },
        [&] { return std::move(inference.conversations); }});
}

}  // namespace sekimori
