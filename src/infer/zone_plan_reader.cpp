// Reads a zone plan from JSON, and refuses what it does not understand: a plan that is half
// understood puts hosts on the wrong side of a wall.

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"
#include "sekimori/infer/zone_plan.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <sstream>

namespace sekimori {
namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes
constexpr std::int64_t kLastVlan = 4094;             // IEEE 802.1Q, 9.6
constexpr auto kLevels = std::to_array<double>({0, 1, 2, 3, 3.5, 4, 5});

constexpr auto kDeclarableKinds = std::to_array<ZoneKind>(
    {ZoneKind::office, ZoneKind::dmz, ZoneKind::control, ZoneKind::field, ZoneKind::safety,
     ZoneKind::remote, ZoneKind::management, ZoneKind::wireless, ZoneKind::external});

std::string in_quotes(std::string_view text) {
  return '"' + std::string{text} + '"';
}

std::string meant(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + in_quotes(near) + '?';
}

}  // namespace

class PlanReader {
 public:
  PlanReader(std::string_view file, ZonePlan& plan) : file_(file), plan_(plan) {}

  void read(const Json& root) {
    only(root, "", {"zones", "internal_public_ranges", "exclude", "routers", "comment"});
    if (!root.contains("zones")) fail("", "no \"zones\"");
    each(root, "", "zones", [&](const Json& zone, const std::string& at) { read_zone(zone, at); });
    each(root, "", "internal_public_ranges", [&](const Json& value, const std::string& at) {
      plan_.internal_.push_back(prefix(value, at));
    });
    each(root, "", "exclude", [&](const Json& value, const std::string& at) {
      address(value, at, plan_.excluded_macs_, plan_.excluded_ips_);
    });
    each(root, "", "routers", [&](const Json& value, const std::string& at) {
      address(value, at, plan_.router_macs_, plan_.router_ips_);
    });
    refuse_shared();
    plan_.index();
  }

 private:
  using Visit = std::function<void(const Json&, const std::string&)>;

  /// Where something that may stand once stood first.
  template <class Key>
  struct First {
    std::map<Key, std::string> seen;
  };

  [[noreturn]] void fail(const std::string& at, const std::string& what) const {
    throw Error(file_, at.empty() ? "/" : at, what);
  }

  void only(const Json& object, const std::string& at,
            const std::vector<std::string>& known) const {
    if (!object.is_object()) fail(at, "an object is expected");
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      fail(at, "no such key: " + in_quotes(key) + meant(key, known));
    }
  }

  void each(const Json& object, const std::string& at, const char* key, const Visit& visit) const {
    const auto found = object.find(key);
    if (found == object.end()) return;
    const auto here = at + '/' + key;
    if (!found->is_array()) fail(here, "a list is expected");
    std::size_t i = 0;
    for (const auto& value : *found) visit(value, here + '/' + std::to_string(i++));
  }

  [[nodiscard]] std::string text(const Json& value, const std::string& at) const {
    if (!value.is_string()) fail(at, "a text is expected");
    auto said = value.get<std::string>();
    if (said.empty()) fail(at, "an empty text");
    return said;
  }

  [[nodiscard]] Prefix prefix(const Json& value, const std::string& at) const {
    const auto said = text(value, at);
    const auto found = parse_prefix(said);
    if (!found) fail(at, in_quotes(said) + " is no subnet such as 10.1.0.0/16");
    const auto masked = prefix_of(found->base, found->length);
    if (masked != *found)
      fail(at, in_quotes(said) + " has bits set behind its length; did you mean " +
                   in_quotes(to_text(masked)) + '?');
    return *found;
  }

  void address(const Json& value, const std::string& at, std::set<Mac>& macs,
               std::set<IpAddress>& ips) const {
    const auto said = text(value, at);
    if (const auto mac = parse_mac(said)) {
      macs.insert(*mac);
    } else if (const auto ip = parse_ip(said)) {
      ips.insert(*ip);
    } else {
      fail(at, in_quotes(said) + " is neither a MAC nor an IP address");
    }
  }

  [[nodiscard]] std::string segment(const Json& value, const std::string& at) const {
    if (value.is_number_integer()) {
      const auto id = value.get<std::int64_t>();
      if (id < 1 || id > kLastVlan) fail(at, "a VLAN id is 1 to 4094");
      return "vlan " + std::to_string(id);
    }
    if (!value.is_string()) fail(at, "a VLAN id, or a stack such as \"100.7\", is expected");
    const auto said = text(value, at);
    return said.find(' ') == std::string::npos ? "vlan " + said : said;
  }

  void read_name(const Json& value, const std::string& at, PlannedZone& zone) const {
    if (value.is_string()) {
      zone.name_en = zone.name_ja = text(value, at);
      return;
    }
    only(value, at, {"en", "ja"});
    if (value.contains("en")) zone.name_en = text(value["en"], at + "/en");
    if (value.contains("ja")) zone.name_ja = text(value["ja"], at + "/ja");
    if (zone.name_en.empty() && zone.name_ja.empty()) fail(at, "a name is expected");
    if (zone.name_en.empty()) zone.name_en = zone.name_ja;
    if (zone.name_ja.empty()) zone.name_ja = zone.name_en;
  }

  [[nodiscard]] ZoneKind kind(const Json& value, const std::string& at) const {
    const auto said = text(value, at);
    std::vector<std::string> known;
    for (const auto each_kind : kDeclarableKinds) {
      if (said == to_text(each_kind)) return each_kind;
      known.emplace_back(to_text(each_kind));
    }
    fail(at, "no such kind: " + in_quotes(said) + meant(said, known));
  }

  [[nodiscard]] double level(const Json& value, const std::string& at) const {
    if (!value.is_number()) fail(at, "a number is expected");
    const auto said = value.get<double>();
    for (const auto known : kLevels)
      if (!(said < known) && !(known < said)) return said;
    fail(at, "a Purdue level is 0, 1, 2, 3, 3.5, 4 or 5");
  }

  void read_zone(const Json& value, const std::string& at) {
    only(value, at, {"name", "kind", "level", "subnets", "vlans", "macs", "comment"});
    PlannedZone zone;
    if (!value.contains("name")) fail(at, "no \"name\"");
    if (!value.contains("kind")) fail(at, "no \"kind\"");
    read_name(value["name"], at + "/name", zone);
    once(names_, zone.name_en, at + "/name", in_quotes(zone.name_en));
    zone.kind = kind(value["kind"], at + "/kind");
    if (value.contains("level")) zone.level = level(value["level"], at + "/level");
    each(value, at, "subnets", [&](const Json& subnet, const std::string& here) {
      zone.subnets.push_back(prefix(subnet, here));
      subnets_.push_back({zone.subnets.back(), plan_.zones_.size(), here});
    });
    each(value, at, "vlans", [&](const Json& vlan, const std::string& here) {
      zone.segments.push_back(segment(vlan, here));
      once(segments_, zone.segments.back(), here, zone.segments.back());
    });
    each(value, at, "macs", [&](const Json& mac, const std::string& here) {
      const auto said = text(mac, here);
      const auto found = parse_mac(said);
      if (!found) fail(here, in_quotes(said) + " is no MAC address such as 00:1b:1b:01:02:03");
      zone.macs.push_back(*found);
      once(macs_, *found, here, said);
    });
    plan_.zones_.push_back(std::move(zone));
  }

  template <class Key>
  void once(First<Key>& first, const Key& key, const std::string& at, const std::string& name) {
    const auto [place, added] = first.seen.emplace(key, at);
    if (!added) fail(at, name + " already stands at " + place->second);
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
      fail(subnet.at, to_text(subnet.prefix) + " already stands at " + other.at +
                          (other.zone == subnet.zone ? "" : ", and no VLANs tell the two apart"));
    }
  }

  struct Subnet {
    Prefix prefix;
    std::size_t zone = 0;
    std::string at;
  };

  std::string_view file_;
  ZonePlan& plan_;
  First<std::string> names_, segments_;
  First<Mac> macs_;
  std::vector<Subnet> subnets_;
};

ZonePlan ZonePlan::parse(std::string_view json, std::string_view file) {
  Json root;
  try {
    root = Json::parse(json);
  } catch (const Json::parse_error& error) {
    // The library's words begin with its own error number.
    const std::string_view what = error.what();
    const auto words = what.find("] ");
    throw Error(file, words == std::string_view::npos ? what : what.substr(words + 2));
  }
  ZonePlan plan;
  PlanReader{file, plan}.read(root);
  return plan;
}

ZonePlan ZonePlan::load(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw Error(path.string(), "cannot be read");
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (!failed && size > kLargestFile) throw Error(path.string(), "too large for a zone plan");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  auto text = bytes.str();
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // byte order mark
  return parse(text, path.string());
}

}  // namespace sekimori
