#include "sekimori/model/held_views.h"

#include "sekimori/bytes/error.h"

#include <array>
#include <string_view>
#include <utility>

namespace sekimori {
namespace {

constexpr const char* kTalk = "talk";

constexpr std::string_view kMade = "CREATE VIEW ";

// What rules ask of a conversation, and what goes with that: of this there are as many kinds as
// pairs of zones talk by ways of their own, where there are a hundred times as many conversations.
constexpr auto kKind = std::to_array<std::string_view>(
    {"two_way", "crosses", "client_side", "server_side", "service", "service_name", "protocol",
     "transport", "number", "port", "client_role", "server_role", "client_kind", "server_kind",
     "client_is_controller", "server_is_controller", "client_level", "server_level", "client_zone",
     "server_zone", "client_zone_name", "server_zone_name", "client_zone_kind", "server_zone_kind",
     "client_zone_declared", "server_zone_declared",
     // and what it was seen as
     "strength", "encrypted", "excepted", "segment", "direction_reason"});

// What conduits are grouped by.
constexpr auto kOrder =
    std::to_array<std::string_view>({"client_zone", "server_zone", "service_name"});

const Database::RowColumns kColumns{"conversation", kKind, kOrder};

/// Whether what is held of conversations may stand in memory: by the most that a row can take.
bool fits_in_memory(Database& database) {
  constexpr std::int64_t kMost = 256 << 20;  // bytes
  constexpr std::int64_t kRow = 400;         // numbers, addresses; beside both names
  auto size = database.prepare(
      "SELECT (SELECT COUNT(*) FROM main.conversation), "
      "(SELECT MAX(LENGTH(CAST(name AS BLOB))) FROM main.asset)");
  return size.step() && size.integer(0) <= kMost / (kRow + 2 * size.integer(1));
}

/// `column IN (1, 2)`, or `otherwise` where any is meant.
std::string within(std::string_view column, const std::vector<std::int64_t>& numbers,
                   std::string_view otherwise = "1") {
  if (numbers.empty()) return std::string{otherwise};
  std::string list;
  for (const auto number : numbers) list += (list.empty() ? "" : ", ") + std::to_string(number);
  return std::string{column} + " IN (" + list + ')';
}

/// That one of two columns is in the list.
std::string either(std::string_view one, std::string_view other,
                   const std::vector<std::int64_t>& numbers) {
  return '(' + within(one, numbers) + " OR " + within(other, numbers) + ')';
}

}  // namespace

HeldViews::HeldViews(Database& database) : database_(database) {
  try {
    if (!database_.take(kTalk) &&
        !(fits_in_memory(database_) &&
          database_.hold_for_readers(kTalk, "SELECT * FROM main.talk", kColumns)))
      database_.hold_by_kind(kTalk, "SELECT * FROM main.talk", kColumns);
    show_views();
  } catch (...) {
    drop();
    throw;
  }
}

HeldViews::HeldViews(Database& database, const PlantPart& part) : database_(database) {
  try {
    for (const std::string table : {"check_result", "finding", "proof"}) {
      // These are written to.
      database_.execute("CREATE TEMP TABLE " + table + " AS SELECT * FROM main." + table +
                        " WHERE 0");
      dropping_.push_back("DROP TABLE temp." + table);
    }
    if (!part.is_whole()) hold_part(part);
    database_.hold_by_kind(
        kTalk,
        part.is_whole() ? "SELECT * FROM main.talk"
                        : "SELECT * FROM main.talk WHERE conversation IN (SELECT conversation FROM "
                          "temp.conversation)",
        kColumns);
    show_views();
  } catch (...) {
    drop();
    throw;
  }
}

HeldViews::~HeldViews() {
  drop();
}

void HeldViews::hold(const std::string& name, std::string_view select) {
  database_.hold(name, select);
  held_.push_back(name);
}

void HeldViews::hold_part(const PlantPart& part) {
  const auto seen = either("capture", "last_capture", part.captures);
  const auto served = within("server_zone", part.others, "0");
  hold("conversation", "SELECT * FROM main.conversation WHERE (" +
                           within("server_zone", part.zones) + " OR (" +
                           within("client_zone", part.zones) + " AND NOT COALESCE(" + served +
                           ", 0))) AND " + seen);
  for (const auto* const column : {"conversation", "client", "server"})
    database_.index_held("conversation", column);
  // An asset of a capture talked in it, or sent there; what our zones talk with is an asset too,
  // but not where it belongs to somebody else's control network.
  const std::string talks =
      "a.asset IN (SELECT client FROM temp.conversation UNION SELECT server FROM "
      "temp.conversation)";
  const std::string sent =
      "a.asset IN (SELECT d.asset FROM main.address d JOIN main.binding b USING (mac, ip, segment) "
      "WHERE " +
      either("b.capture", "b.last_capture", part.captures) + ')';
  hold("asset", "SELECT a.* FROM main.asset a LEFT JOIN main.zone z ON z.zone = a.zone WHERE (" +
                    within("a.zone", part.zones) + " AND (" +
                    (part.captures.empty() ? "1" : talks + " OR " + sent) + ")) OR (" + talks +
                    " AND COALESCE(z.side, '') NOT IN ('OT', 'SIS'))");
  database_.index_held("asset", "asset");
  hold_said(part, seen);
  for (const auto* const table : {"operation", "event"})
    database_.index_held(table, "conversation");
  for (const auto* const table : {"property", "address"}) database_.index_held(table, "asset");
  for (const auto* const table : {"address", "binding"}) database_.index_held(table, "mac");
}

void HeldViews::hold_said(const PlantPart& part, const std::string& seen) {
  const std::string ours = "conversation IN (SELECT conversation FROM temp.conversation)";
  const std::string at_ours = "asset IN (SELECT asset FROM temp.asset)";
  hold("address", "SELECT * FROM main.address WHERE " + at_ours);
  hold("service", "SELECT * FROM main.service WHERE " + at_ours);
  hold("property", "SELECT * FROM main.property WHERE " + at_ours + " AND " + seen);
  hold("binding",
       "SELECT * FROM main.binding WHERE (mac, ip, segment) IN (SELECT mac, ip, segment "
       "FROM temp.address) AND " +
           seen);
  hold("operation", "SELECT * FROM main.operation WHERE " + ours + " AND " + seen);
  hold("rejection",
       "SELECT * FROM main.rejection WHERE operation IN (SELECT operation FROM "
       "temp.operation)");
  hold("event", "SELECT * FROM main.event WHERE (" + ours + " OR (conversation IS NULL AND " +
                    (part.zones.empty() ? "1" : at_ours) + ")) AND " + seen);
  const std::string is_ours = " IN (SELECT ip FROM temp.address)";
  hold("blocked", "SELECT * FROM main.blocked WHERE (source_ip" + is_ours + " OR destination_ip" +
                      is_ours + ") AND " + seen);
  for (const auto* const table : {"conduit", "wall"})
    hold(table, "SELECT * FROM main." + std::string{table} + " WHERE " +
                    either("from_zone", "to_zone", part.zones));
  // What covers a zone is only what saw something of it.
  hold("capture",
       part.captures.empty()
           ? "SELECT * FROM main.capture WHERE capture IN (SELECT capture FROM temp.conversation "
             "UNION SELECT last_capture FROM temp.conversation UNION SELECT capture FROM "
             "temp.binding UNION SELECT last_capture FROM temp.binding)"
           : "SELECT * FROM main.capture WHERE " + within("capture", part.captures));
  // A permitted flow that nobody used is ours where it names a zone or an asset of ours.
  const std::string names =
      " IN (SELECT name FROM main.zone WHERE " + within("zone", part.zones, "0") +
      " UNION SELECT name FROM temp.asset UNION SELECT ip FROM temp.address WHERE ip <> '')";
  hold("listed_flow",
       "SELECT * FROM main.listed_flow WHERE entry IN (SELECT entry FROM "
       "main.listing WHERE list = 'flows' AND " +
           ours + ") OR client" + names + " OR server" + names);
}

void HeldViews::show_views() {
  held_.emplace_back(kTalk);
  // A view of the file sees nothing temporary, so each is made again in front of itself.
  std::vector<std::pair<std::string, std::string>> views;
  auto rows = database_.prepare(
      "SELECT name, sql FROM main.sqlite_master WHERE type = 'view' AND name <> 'talk' "
      "ORDER BY rowid");
  while (rows.step()) views.emplace_back(rows.text(0), rows.text(1));
  for (const auto& [name, sql] : views) {
    if (!sql.starts_with(kMade)) continue;
    database_.execute("CREATE TEMP VIEW " + sql.substr(kMade.size()));
    dropping_.push_back("DROP VIEW temp." + name);
  }
}

void HeldViews::drop() noexcept {
  // A statement that is still being read keeps its table, which goes with the connection.
  const auto attempt = [](const auto& what) {
    try {
      what();
    } catch (const Error&) {
    }
  };
  for (auto one = dropping_.rbegin(); one != dropping_.rend(); ++one)
    attempt([&] { database_.execute(*one); });
  for (auto name = held_.rbegin(); name != held_.rend(); ++name)
    attempt([&] { database_.let_go(*name); });
}

}  // namespace sekimori
