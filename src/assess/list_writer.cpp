// Lists into the model, and which of its conversations and assets each entry covers.

#include "sekimori/assess/plant_list.h"
#include "sekimori/bytes/address.h"

#include "list_cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>

namespace sekimori {
namespace {

std::int64_t whole(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Names are the same whatever their capitals are (RFC 4343 says so of host names).
bool same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  };
  return std::ranges::equal(one, other, {}, lower, lower);
}

/// One end of a conversation, or an asset by one of its addresses.
struct Host {
  std::optional<std::int64_t> asset;
  std::optional<IpAddress> ip;
  std::string mac, name, zone;
};

/// What an entry says of an end: anything, a block of addresses, a MAC, or a name.
class End {
 public:
  explicit End(const std::string& text)
      : text_(text), block_(parse_prefix(text)), mac_(parse_mac(text)) {}

  [[nodiscard]] bool covers(const Host& host) const {
    if (text_.empty()) return true;
    if (block_) return host.ip && block_->contains(*host.ip);
    if (mac_) return host.mac == text_;
    return same_name(text_, host.name) || same_name(text_, host.zone);
  }

 private:
  std::string text_;
  std::optional<Prefix> block_;
  std::optional<Mac> mac_;
};

struct Conversation {
  std::int64_t number = 0;
  Host client, server;
  std::string transport, port, protocol;
  std::vector<std::string> server_names, certificates;
};

/// Where the columns of a kind stand.
class Cells {
 public:
  Cells(const ListKind& kind, const ListEntry& entry) : kind_(kind), entry_(entry) {}

  [[nodiscard]] const std::string& operator[](std::string_view name) const {
    const auto found = std::ranges::find(kind_.columns, name, &ListColumn::name);
    static const std::string kNone;
    if (found == kind_.columns.end()) return kNone;
    return entry_.cells[static_cast<std::size_t>(found - kind_.columns.begin())];
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return std::ranges::find(kind_.columns, name, &ListColumn::name) != kind_.columns.end();
  }

 private:
  const ListKind& kind_;
  const ListEntry& entry_;
};

// ------------------------------------------------------------------------------ into its table

/// Exceptions had a table before the other lists, without a column for the row.
bool has_entry(const ListKind& kind) {
  return kind.table != "exception";
}

std::string insert_of(const ListKind& kind) {
  std::string names;
  std::string marks;
  const auto add = [&](const std::string& name) {
    names += (names.empty() ? "" : ", ") + name;
    marks += marks.empty() ? "?" : ", ?";
  };
  if (has_entry(kind)) add("entry");
  for (const auto& column : kind.columns) {
    if (column.cell == ListCell::hours) {
      add("hours_from");
      add("hours_until");
    } else {
      add(std::string{column.name});
    }
  }
  return "INSERT INTO " + std::string{kind.table} + " (" + names + ") VALUES (" + marks + ')';
}

/// Binds one cell; the next position.
int bind(Statement& insert, int position, ListCell cell, const std::string& text) {
  switch (cell) {
    case ListCell::port:
      // A conversation's port is a number, and a number never equals a text.
      if (text.empty()) break;
      insert.bind(position, whole(text));
      return position + 1;
    case ListCell::truth:
      insert.bind(position, std::int64_t{text.empty() ? 0 : 1});
      return position + 1;
    case ListCell::since:
    case ListCell::until:
      insert.bind(position, static_cast<double>(whole(text)));
      return position + 1;
    case ListCell::hours:
      if (text.empty()) {
        insert.bind_null(position).bind_null(position + 1);
      } else {
        const auto hours = hours_of(text);
        insert.bind(position, hours.from).bind(position + 1, hours.until);
      }
      return position + 2;
    default:
      break;
  }
  insert.bind(position, std::string_view{text});
  return position + 1;
}

void write_entries(const PlantList& list, Database& model) {
  auto insert = model.prepare(insert_of(*list.kind));
  for (const auto& entry : list.entries) {
    int position = 1;
    if (has_entry(*list.kind)) insert.bind(position++, static_cast<std::int64_t>(entry.row));
    for (std::size_t i = 0; i < entry.cells.size(); ++i)
      position = bind(insert, position, list.kind->columns[i].cell, entry.cells[i]);
    insert.run();
  }
}

// --------------------------------------------------------------------------- what it covers

std::optional<std::int64_t> number_at(const Statement& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return rows.integer(column);
}

std::vector<Conversation> read_conversations(Database& model) {
  auto rows = model.prepare(
      "SELECT c.conversation, c.client, c.client_ip, c.client_mac, ca.name, cz.name, c.server, "
      "c.server_ip, c.server_mac, sa.name, sz.name, c.transport, c.port, "
      "COALESCE(NULLIF(c.protocol, ''), (SELECT k.protocol FROM known_service k "
      "WHERE k.transport = c.transport AND k.number = c.number), '') FROM conversation c "
      "LEFT JOIN asset ca ON ca.asset = c.client LEFT JOIN zone cz ON cz.zone = c.client_zone "
      "LEFT JOIN asset sa ON sa.asset = c.server LEFT JOIN zone sz ON sz.zone = c.server_zone "
      "ORDER BY c.conversation");
  const auto host = [&](int at) {
    return Host{number_at(rows, at), parse_ip(rows.text(at + 1)), rows.text(at + 2),
                rows.text(at + 3), rows.text(at + 4)};
  };
  std::vector<Conversation> conversations;
  std::map<std::int64_t, std::size_t> places;
  while (rows.step()) {
    places[rows.integer(0)] = conversations.size();
    conversations.push_back(
        {rows.integer(0), host(1), host(6), rows.text(11), rows.text(12), rows.text(13), {}, {}});
  }
  auto events = model.prepare(
      "SELECT conversation, kind, detail FROM event WHERE conversation IS NOT NULL "
      "AND kind IN ('server-name', 'certificate') ORDER BY event");
  while (events.step()) {
    const auto place = places.find(events.integer(0));
    if (place == places.end()) continue;
    auto& conversation = conversations[place->second];
    const bool is_name = events.text(1) == "server-name";
    (is_name ? conversation.server_names : conversation.certificates).push_back(events.text(2));
  }
  return conversations;
}

/// An asset once for each of its addresses and names.
std::vector<Host> read_assets(Database& model) {
  auto rows = model.prepare(
      "SELECT a.asset, d.ip, CASE WHEN d.on_link = 0 THEN '' ELSE d.mac END, a.name, z.name "
      "FROM asset a LEFT JOIN address d ON d.asset = a.asset LEFT JOIN zone z ON z.zone = a.zone "
      "UNION SELECT p.asset, NULL, NULL, p.value, NULL FROM property p "
      "WHERE p.name = 'name' AND p.asset IS NOT NULL ORDER BY 1, 2, 3, 4");
  std::vector<Host> assets;
  while (rows.step())
    assets.push_back(
        {rows.integer(0), parse_ip(rows.text(1)), rows.text(2), rows.text(3), rows.text(4)});
  return assets;
}

/// `vendor.example` is the name itself, `*.vendor.example` whatever is under it.
bool fits(const std::string& said, const std::string& pattern) {
  if (!pattern.starts_with("*.")) return same_name(said, pattern);
  const auto ending = std::string_view{pattern}.substr(1);
  return said.size() > ending.size() &&
         same_name(std::string_view{said}.substr(said.size() - ending.size()), ending);
}

/// A certificate's text is `CN=..., O=...`, with words of what it is before it.
bool certifies(const std::string& said, const std::string& name) {
  for (std::size_t at = 0; at + name.size() <= said.size(); ++at) {
    const auto end = at + name.size();
    const bool begins = at == 0 || said[at - 1] == '=' || said[at - 1] == ' ';
    const bool ends = end == said.size() || said[end] == ',' || said[end] == ' ';
    if (begins && ends && same_name(std::string_view{said}.substr(at, name.size()), name))
      return true;
  }
  return false;
}

class Coverer {
 public:
  explicit Coverer(Database& model)
      : conversations_(read_conversations(model)),
        assets_(read_assets(model)),
        insert_(model.prepare("INSERT INTO listing (list, entry, conversation, asset) "
                              "SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM listing "
                              "WHERE list = ?1 AND entry = ?2 AND conversation IS ?3 "
                              "AND asset IS ?4)")) {}

  void cover(const PlantList& list, const ListEntry& entry) {
    list_ = list.kind->name;
    row_ = entry.row;
    const Cells cells{*list.kind, entry};
    if (list_ == "assets") {
      cover_assets(cells);
    } else if (list_ == "third-parties") {
      cover_party(cells);
    } else if (cells.has("host")) {
      cover_host(End{cells["host"]}, cells["host"].empty());
    } else if (cells.has("client")) {
      cover_flow(cells);
    }
  }

 private:
  void cover_assets(const Cells& cells) {
    const auto& ip = cells["ip"];
    const auto& mac = cells["mac"];
    const auto& name = cells["name"];
    for (const auto& asset : assets_) {
      const bool is_it = (!ip.empty() && asset.ip && to_text(*asset.ip) == ip) ||
                         (!mac.empty() && asset.mac == mac) ||
                         (!name.empty() && same_name(asset.name, name));
      if (is_it) put(std::nullopt, asset.asset);
    }
  }

  void cover_party(const Cells& cells) {
    const auto block = parse_prefix(cells["address"]);
    const auto& name = cells["server_name"];
    const auto& certificate = cells["certificate"];
    for (const auto& each : conversations_) {
      const auto inside = [&](const Host& host) {
        return block && host.ip && block->contains(*host.ip);
      };
      const bool is_it = inside(each.client) || inside(each.server) ||
                         (!name.empty() && std::ranges::any_of(each.server_names,
                                                               [&](const std::string& said) {
                                                                 return fits(said, name);
                                                               })) ||
                         (!certificate.empty() &&
                          std::ranges::any_of(each.certificates, [&](const std::string& said) {
                            return certifies(said, certificate);
                          }));
      if (is_it) put(each.number, std::nullopt);
    }
  }

  void cover_host(const End& end, bool any) {
    if (any) return;
    for (const auto& asset : assets_)
      if (end.covers(asset)) put(std::nullopt, asset.asset);
  }

  void cover_flow(const Cells& cells) {
    const End client{cells["client"]};
    const End server{cells["server"]};
    const auto allows = [](const std::string& wanted, const std::string& seen) {
      return wanted.empty() || same_name(wanted, seen);
    };
    for (const auto& each : conversations_)
      if (allows(cells["transport"], each.transport) && allows(cells["port"], each.port) &&
          allows(cells["protocol"], each.protocol) && client.covers(each.client) &&
          server.covers(each.server))
        put(each.number, std::nullopt);
  }

  void put(std::optional<std::int64_t> conversation, std::optional<std::int64_t> asset) {
    insert_.bind(1, std::string_view{list_}).bind(2, static_cast<std::int64_t>(row_));
    conversation ? insert_.bind(3, *conversation) : insert_.bind_null(3);
    asset ? insert_.bind(4, *asset) : insert_.bind_null(4);
    insert_.run();
  }

  std::vector<Conversation> conversations_;
  std::vector<Host> assets_;
  Statement insert_;
  std::string list_;
  std::size_t row_ = 0;
};

}  // namespace

void write_lists(const std::vector<PlantList>& lists, Database& model) {
  model.execute("SAVEPOINT lists; DELETE FROM list; DELETE FROM listing");
  for (const auto& kind : list_kinds()) model.execute("DELETE FROM " + std::string{kind.table});
  auto given = model.prepare("INSERT OR REPLACE INTO list (list, entries) VALUES (?, ?)");
  std::optional<Coverer> coverer;  // reads all conversations
  for (const auto& list : lists) {
    write_entries(list, model);
    given.bind(1, list.kind->name).bind(2, static_cast<std::int64_t>(list.entries.size())).run();
    if (!coverer && !list.entries.empty()) coverer.emplace(model);
    for (const auto& entry : list.entries) coverer->cover(list, entry);
  }
  model.execute("RELEASE lists");
}

}  // namespace sekimori
