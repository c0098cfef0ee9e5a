#include "profile.h"

#include "sekimori/infer/oui.h"

#include <array>
#include <utility>

namespace sekimori {
namespace {

// A MAC's block names the maker of the interface, which need not be the maker of the device.
constexpr int kOuiConfidence = 25;

using Field = BestText Profile::*;
constexpr auto kFields = std::to_array<std::pair<std::string_view, Field>>({
    {"name", &Profile::name},
    {"vendor", &Profile::vendor},
    {"product", &Profile::product},
    {"model", &Profile::model},
    {"firmware", &Profile::firmware},
    {"serial", &Profile::serial},
    {"os", &Profile::os},
});

std::string address_of(const Member& member) {
  if (!member.redundancy.empty() && !member.ip.is_set())
    return std::string{member.redundancy} + " router " + to_text(member.mac);
  return member.ip.is_set() ? to_text(member.ip) : to_text(member.mac);
}

}  // namespace

Profiles make_profiles(const Facts& facts, const Census& census) {
  Profiles made;
  made.assets.resize(census.members().size());
  made.property_assets.reserve(facts.properties.size());
  for (const auto& [key, fact] : facts.properties) {
    const auto asset = census.of(key.subject);
    made.property_assets.push_back(asset);
    if (asset == kNoRow) continue;
    for (const auto& [name, field] : kFields)
      if (key.name == name)
        (made.assets[asset - 1].*field).offer(key.value, fact.confidence, fact.count);
  }
  for (const auto& row : census.addresses()) {
    // A virtual router's block belongs to whoever wrote the protocol.
    if (row.on_link == OnLink::no || !redundancy_of(row.mac).empty()) continue;
    if (census.of(row.mac) != row.asset) continue;
    made.assets[row.asset - 1].vendor.offer(vendor_of(row.mac), kOuiConfidence, 1);
  }
  return made;
}

std::string name_of(RowId asset, const Census& census, const std::vector<Profile>& profiles) {
  const auto& name = profiles[asset - 1].name.text;
  if (!name.empty()) return std::string{name};
  const auto& member = census.member(asset);
  if (member.kind != AssetKind::unit) return address_of(member);
  const auto& gateway = profiles[member.behind - 1].name.text;
  return "unit " + std::to_string(member.unit) + " behind " +
         (gateway.empty() ? address_of(census.member(member.behind)) : std::string{gateway});
}

}  // namespace sekimori
