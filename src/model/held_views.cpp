#include "sekimori/model/held_views.h"

#include "sekimori/bytes/error.h"

#include <string_view>

namespace sekimori {
namespace {

constexpr std::string_view kMade = "CREATE VIEW ";

}  // namespace

HeldViews::HeldViews(Database& database) : database_(database) {
  try {
    database.hold("talk", "SELECT * FROM main.talk");
    dropping_.emplace_back("DROP TABLE temp.talk");
    database.execute("CREATE UNIQUE INDEX temp.talk_conversation ON talk (conversation)");
    // A view of the file sees nothing temporary, so each is made again in front of itself.
    std::vector<std::pair<std::string, std::string>> views;
    auto rows = database.prepare(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'view' AND name <> 'talk' "
        "ORDER BY rowid");
    while (rows.step()) views.emplace_back(rows.text(0), rows.text(1));
    for (const auto& [name, sql] : views) {
      if (!sql.starts_with(kMade)) continue;
      database.execute("CREATE TEMP VIEW " + sql.substr(kMade.size()));
      dropping_.push_back("DROP VIEW temp." + name);
    }
  } catch (...) {
    drop();
    throw;
  }
}

HeldViews::~HeldViews() {
  drop();
}

void HeldViews::drop() noexcept {
  for (auto statement = dropping_.rbegin(); statement != dropping_.rend(); ++statement) {
    try {
      database_.execute(*statement);
    } catch (const Error&) {
      // A statement that is still being read keeps its table; the table goes with the connection.
      continue;
    }
  }
}

}  // namespace sekimori
