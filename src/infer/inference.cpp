// The whole of inference, in its order: links, assets, properties, roles, zones, levels, and what
// follows from them for conversations, services, conduits and walls.

#include "sekimori/infer/inference.h"

#include "evidence.h"
#include "links.h"
#include "profile.h"
#include "walls.h"
#include "zones.h"

namespace sekimori {
namespace {

AssetRow describe(RowId asset, const Census& census, const Profiles& profiles,
                  const RoleVerdict& role, const ZoneMap& zones, const ZonePlan& plan) {
  const auto& member = census.member(asset);
  const auto& profile = profiles.assets[asset - 1];
  const auto& answer = zones.of(asset);
  const auto* zone = answer.zone == kNoRow ? nullptr : &zones.rows()[answer.zone - 1];
  auto level = level_of(member, role, answer, zone, plan);
  AssetRow row;
  row.kind = member.kind;
  row.name = name_of(asset, census, profiles.assets);
  row.role = role;
  row.level = level.level;
  row.level_confidence = level.confidence;
  row.level_reason = std::move(level.reason);
  row.zone = answer.zone;
  row.zone_confidence = answer.confidence;
  row.zone_reason = answer.reason;
  row.vendor = profile.vendor.text;
  row.model = profile.model.text.empty() ? profile.product.text : profile.model.text;
  row.firmware = profile.firmware.text;
  row.serial = profile.serial.text;
  row.os = profile.os.text;
  row.seen = member.seen;
  return row;
}

std::vector<RowId> event_assets(const Facts& facts, const Census& census) {
  std::vector<RowId> assets;
  for (const auto& [key, fact] : facts.conversations)
    for (const auto& [event, count] : fact.events) assets.push_back(census.of(event.subject));
  return assets;
}

}  // namespace

std::string_view to_text(AssetKind kind) noexcept {
  switch (kind) {
    case AssetKind::device:
      return "device";
    case AssetKind::unit:
      return "unit";
    case AssetKind::external:
      return "external";
    case AssetKind::group:
      return "group";
  }
  return "";
}

Inference infer(const Facts& facts, const ZonePlan& plan, const ColumnListener& known) {
  const auto on_link = test_on_link(facts, plan);
  const Census census{facts, on_link, plan};
  const auto profiles = make_profiles(facts, census);
  Inference made;
  made.property_assets = profiles.property_assets;
  made.event_assets = event_assets(facts, census);
  if (known.subjects) known.subjects(made);
  const auto roles = decide_roles(facts, census, profiles, plan);
  const ZoneMap zones{facts, census, plan, roles};
  made.conversations = link_conversations(facts, census, zones);
  if (known.conversations) known.conversations(made.conversations);
  made.walls = find_walls(facts, census, zones, made.conversations);
  made.services = list_services(facts, made.conversations);
  made.conduits = list_conduits(facts, made.conversations);
  made.assets.reserve(census.members().size());
  for (RowId asset = 1; asset <= census.members().size(); ++asset)
    made.assets.push_back(describe(asset, census, profiles, roles[asset - 1], zones, plan));
  made.addresses = census.addresses();
  made.zones = zones.rows();
  return made;
}

}  // namespace sekimori
