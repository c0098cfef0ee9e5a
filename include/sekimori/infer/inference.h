#pragma once

#include "sekimori/infer/role.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/derived_columns.h"
#include "sekimori/model/facts.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

class Database;

enum class AssetKind : std::uint8_t { device, unit, external, group };
[[nodiscard]] std::string_view to_text(AssetKind kind) noexcept;

struct AssetRow {
  AssetKind kind = AssetKind::device;
  std::string name;
  RoleVerdict role;
  std::optional<double> level;
  int level_confidence = 0;
  std::string level_reason;
  RowId zone = kNoRow;
  int zone_confidence = 0;
  std::string zone_reason;
  std::string vendor, model, firmware, serial, os;
  Span seen;
};

/// Whether a MAC that sends as an IP is the station's own.
enum class OnLink : std::uint8_t { no, yes, unknown };

struct AddressRow {
  RowId asset = kNoRow;
  Mac mac;       ///< unset: not known
  IpAddress ip;  ///< unset: a station without IP
  std::string segment;
  OnLink on_link = OnLink::unknown;
};

struct ServiceRow {
  RowId asset = kNoRow;
  std::string transport;
  std::uint64_t port = 0;
  std::string protocol;
  int confidence = 0;
  bool encrypted = false;
  std::uint64_t clients = 0;
  std::string strength;
  Sighting first;
};

struct ZoneRow {
  std::string name, name_ja;
  ZoneKind kind = ZoneKind::unknown;
  std::optional<double> level;
  bool declared = false;
  int confidence = 0;
  std::string reason;
};

struct ConduitRow {
  RowId from = kNoRow, to = kNoRow;
  std::uint64_t conversations = 0, services = 0;
  std::string protocols;  ///< sorted, with commas
  std::uint64_t packets = 0, bytes = 0, two_way = 0, controls = 0;
  Span seen;
};

enum class WallVerdict : std::uint8_t { present, absent, unknown };
[[nodiscard]] std::string_view to_text(WallVerdict verdict) noexcept;

/// What speaks for or against a filter between two zones.
struct WallSign {
  std::string_view sign;  ///< lower-case words with dashes
  std::uint64_t count = 0;
  Sighting first;
  std::string detail;
};

/// Between two zones in either direction: `from` is the lesser row.
struct WallRow {
  RowId from = kNoRow, to = kNoRow;
  WallVerdict verdict = WallVerdict::unknown;
  int confidence = 0;
  std::vector<WallSign> signs;
};

/// All that is concluded from the facts. Row n of a table is element n - 1.
struct Inference : SubjectAssets {
  std::vector<ConversationLinks> conversations;
  std::vector<AssetRow> assets;
  std::vector<AddressRow> addresses;
  std::vector<ServiceRow> services;
  std::vector<ZoneRow> zones;
  std::vector<ConduitRow> conduits;
  std::vector<WallRow> walls;
};

/// Who is told columns as soon as they are known, to write them meanwhile.
struct ColumnListener {
  std::function<void(const SubjectAssets&)> subjects;
  std::function<void(const std::vector<ConversationLinks>&)> conversations;
};

/// Concludes. A function of its arguments alone; n log n in the number of facts.
[[nodiscard]] Inference infer(const Facts& facts, const ZonePlan& plan,
                              const ColumnListener& known = {});

/// Puts derived tables into a model file.
void write_tables(const Inference& inference, Database& database);

/// The same of tables that write_tables() wrote to a Database::aside().
void adopt_tables(Database aside, Database& database);

/// Concludes, and writes a model of facts and conclusions as save() does; `then` may add to it.
void conclude_and_save(const Facts& facts, const ZonePlan& plan, const std::filesystem::path& path,
                       const std::function<void(Database&)>& then = {});

}  // namespace sekimori
