// Reads a zone plan from JSON, and refuses what it does not understand: a plan that is half
// understood puts hosts on the wrong side of a wall.

#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/infer/zone_plan.h"

#include <algorithm>
#include <array>
#include <functional>

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr std::int64_t kLastVlan = 4094;             // IEEE 802.1Q, 9.6
constexpr auto kLevels = std::to_array<double>({0, 1, 2, 3, 3.5, 4, 5});

constexpr auto kDeclarableKinds = std::to_array<ZoneKind>(
    {ZoneKind::office, ZoneKind::dmz, ZoneKind::control, ZoneKind::field, ZoneKind::safety,
     ZoneKind::remote, ZoneKind::management, ZoneKind::wireless, ZoneKind::external});

}  // namespace

class PlanReader {
 public:
  explicit PlanReader(ZonePlan& plan) : plan_(plan) {}

  void read(const JsonNode& root) {
    root.keys({"zones"}, {"internal_public_ranges", "exclude", "routers", "comment"});
    root.at("zones").each([&](const JsonNode& zone) { read_zone(zone); });
    each(root, "internal_public_ranges",
         [&](const JsonNode& value) { plan_.internal_.push_back(prefix(value)); });
    each(root, "exclude",
         [&](const JsonNode& value) { address(value, plan_.excluded_macs_, plan_.excluded_ips_); });
    each(root, "routers",
         [&](const JsonNode& value) { address(value, plan_.router_macs_, plan_.router_ips_); });
    refuse_shared();
    plan_.index();
  }

 private:
  /// Where something that may stand once stood first.
  template <class Key>
  struct First {
    std::map<Key, std::string> seen;
  };

  static void each(const JsonNode& object, const char* key,
                   const std::function<void(const JsonNode&)>& visit) {
    if (const auto list = object.find(key)) list->each(visit);
  }

  [[nodiscard]] static Prefix prefix(const JsonNode& value) {
    const auto said = value.text();
    const auto found = parse_prefix(said);
    if (!found) value.fail(in_quotes(said) + " is no subnet such as 10.1.0.0/16");
    const auto masked = prefix_of(found->base, found->length);
    if (masked != *found)
      value.fail(in_quotes(said) + " has bits set behind its length; did you mean " +
                 in_quotes(to_text(masked)) + '?');
    return *found;
  }

  static void address(const JsonNode& value, std::set<Mac>& macs, std::set<IpAddress>& ips) {
    const auto said = value.text();
    if (const auto mac = parse_mac(said)) {
      macs.insert(*mac);
    } else if (const auto ip = parse_ip(said)) {
      ips.insert(*ip);
    } else {
      value.fail(in_quotes(said) + " is neither a MAC nor an IP address");
    }
  }

  [[nodiscard]] static std::string segment(const JsonNode& value) {
    if (value.is_integer()) return "vlan " + std::to_string(value.integer(1, kLastVlan));
    if (!value.is_text()) value.fail("a VLAN id, or a stack such as \"100.7\", is expected");
    const auto said = value.text();
    return said.find(' ') == std::string::npos ? "vlan " + said : said;
  }

  static void read_name(const JsonNode& value, PlannedZone& zone) {
    if (value.is_text()) {
      zone.name_en = zone.name_ja = value.text();
      return;
    }
    value.only({"en", "ja"});
    if (const auto en = value.find("en")) zone.name_en = en->text();
    if (const auto ja = value.find("ja")) zone.name_ja = ja->text();
    if (zone.name_en.empty() && zone.name_ja.empty()) value.fail("a name is expected");
    if (zone.name_en.empty()) zone.name_en = zone.name_ja;
    if (zone.name_ja.empty()) zone.name_ja = zone.name_en;
  }

  [[nodiscard]] static ZoneKind kind(const JsonNode& value) {
    const auto said = value.text();
    std::vector<std::string> known;
    for (const auto each_kind : kDeclarableKinds) {
      if (said == to_text(each_kind)) return each_kind;
      known.emplace_back(to_text(each_kind));
    }
    value.fail("no such kind: " + in_quotes(said) + did_you_mean(said, known));
  }

  [[nodiscard]] static double level(const JsonNode& value) {
    const auto said = value.number();
    for (const auto known : kLevels)
      if (!(said < known) && !(known < said)) return said;
    value.fail("a Purdue level is 0, 1, 2, 3, 3.5, 4 or 5");
  }

  void read_zone(const JsonNode& value) {
    value.keys({"name", "kind"}, {"level", "subnets", "vlans", "macs", "comment"});
    PlannedZone zone;
    read_name(value.at("name"), zone);
    once(names_, zone.name_en, value.at("name"), in_quotes(zone.name_en));
    zone.kind = kind(value.at("kind"));
    if (const auto said = value.find("level")) zone.level = level(*said);
    each(value, "subnets", [&](const JsonNode& subnet) {
      zone.subnets.push_back(prefix(subnet));
      subnets_.push_back({zone.subnets.back(), plan_.zones_.size(), subnet});
    });
    each(value, "vlans", [&](const JsonNode& vlan) {
      zone.segments.push_back(segment(vlan));
      once(segments_, zone.segments.back(), vlan, zone.segments.back());
    });
    each(value, "macs", [&](const JsonNode& mac) {
      const auto said = mac.text();
      const auto found = parse_mac(said);
      if (!found) mac.fail(in_quotes(said) + " is no MAC address such as 00:1b:1b:01:02:03");
      zone.macs.push_back(*found);
      once(macs_, *found, mac, said);
    });
    plan_.zones_.push_back(std::move(zone));
  }

  template <class Key>
  static void once(First<Key>& first, const Key& key, const JsonNode& at, const std::string& name) {
    const auto [place, added] = first.seen.emplace(key, at.path());
    if (!added) at.fail(name + " already stands at " + place->second);
  }

  /// Cells that repeat a subnet are told apart by their VLANs; without VLANs nothing tells.
  void refuse_shared() const {
    std::map<Prefix, const Subnet*> first;
    for (const auto& subnet : subnets_) {
      const auto [place, added] = first.emplace(subnet.prefix, &subnet);
      if (added) continue;
      const auto& other = *place->second;
      if (other.zone != subnet.zone && !plan_.zones_[other.zone].segments.empty() &&
          !plan_.zones_[subnet.zone].segments.empty())
        continue;
      subnet.at.fail(to_text(subnet.prefix) + " already stands at " + other.at.path() +
                     (other.zone == subnet.zone ? "" : ", and no VLANs tell the two apart"));
    }
  }

  struct Subnet {
    Prefix prefix;
    std::size_t zone;
    JsonNode at;
  };

  ZonePlan& plan_;
  First<std::string> names_, segments_;
  First<Mac> macs_;
  std::vector<Subnet> subnets_;
};

ZonePlan ZonePlan::parse(std::string_view json, std::string_view file) {
  const auto root = parse_json(json, file);
  ZonePlan plan;
  PlanReader{plan}.read({root, file});
  return plan;
}

ZonePlan ZonePlan::load(const std::filesystem::path& path) {
  return parse(read_file(path, kLargestFile), path.string());
}

}  // namespace sekimori
