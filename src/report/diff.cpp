// Two reports of one plant: what is new, what is gone, what is still there.

#include "sekimori/report/diff.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"

#include "same_system.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {
namespace {

using Ordered = report::Json;
using Keyed = std::map<std::string, const Ordered*>;

constexpr auto kScores = std::to_array<const char*>(
    {"claimed", "claimed_most", "adjusted", "adjusted_most", "after", "verified"});
constexpr std::string_view kBetween = " | ";

std::string text(const Ordered& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// The rows of a list, bounded or not.
const Ordered& rows(const Ordered& list) {
  return list.is_object() ? list.at("rows") : list;
}

bool is_cut(const Ordered& list) {
  return list.is_object() && list.at("total") > list.at("rows").size();
}

std::string asset_key(const Ordered& asset) {
  std::map<std::string, bool> macs;
  std::map<std::string, bool> addresses;
  for (const auto& address : asset.at("addresses")) {
    const auto& on_link = address.at("on_link");
    const auto mac = text(address, "mac");
    if (!mac.empty() && (on_link.is_null() || on_link == true)) macs[mac] = true;
    addresses[text(address, "segment") + ' ' + text(address, "ip")] = true;
  }
  std::string key;
  for (const auto& [each, unused] : macs.empty() ? addresses : macs)
    key += (key.empty() ? "" : ",") + each;
  return key.empty() ? text(asset, "name") : key;
}

std::string joined(const Ordered& json, std::initializer_list<const char*> keys) {
  std::string key;
  for (const auto* each : keys)
    key += (key.empty() ? "" : std::string{kBetween}) + text(json, each);
  return key;
}

std::string finding_key(const Ordered& finding) {
  return joined(finding, {"check", "subject"});
}
std::string conduit_key(const Ordered& conduit) {
  return text(conduit, "from") + " > " + text(conduit, "to");
}
std::string operation_key(const Ordered& operation) {
  return joined(operation, {"client", "server", "protocol", "code", "name", "target"});
}

template <class Key>
Keyed keyed(const Ordered& list, Key&& key) {
  Keyed found;
  for (const auto& item : rows(list)) found.emplace(key(item), &item);
  return found;
}

/// What a thing is called: its key, and its name where it has one.
Ordered shown(const std::string& key, const Ordered& item) {
  Ordered json{{"key", key}};
  if (item.contains("name") && item.contains("role")) {
    json["name"] = item["name"];
    json["role"] = item["role"];
    json["zone"] = item["zone"];
  }
  if (item.contains("severity") && item.contains("text")) {  // a finding
    json["severity"] = item["severity"];
    json["text"] = item["text"];
  }
  return json;
}

/// Everything of a key: several things may be told by the same.
template <class Key>
std::map<std::string, std::vector<const Ordered*>> grouped(const Ordered& list, Key&& key) {
  std::map<std::string, std::vector<const Ordered*>> found;
  for (const auto& item : rows(list)) found[key(item)].push_back(&item);
  return found;
}

/// What is in `one` beyond as many of its key in the other.
template <class Groups>
Ordered beyond(const Groups& one, const Groups& other) {
  auto list = Ordered::array();
  for (const auto& [each, items] : one) {
    const auto found = other.find(each);
    const auto known = found == other.end() ? 0 : found->second.size();
    for (std::size_t i = known; i < items.size(); ++i) list.push_back(shown(each, *items[i]));
  }
  return list;
}

template <class Key>
Ordered compare(const Ordered& older, const Ordered& newer, Key&& key) {
  const auto before = grouped(older, key);
  const auto after = grouped(newer, key);
  Ordered section{{"new", beyond(after, before)}, {"gone", beyond(before, after)}};
  section["still"] = rows(newer).size() - section["new"].size();
  section["cut"] = is_cut(older) || is_cut(newer);
  return section;
}

/// Whether a report may have a finding of a check and not tell it.
bool may_hide(const Ordered& check) {
  return check.at("result") == "unseen" || check.at("listed") < check.at("findings");
}

/// Takes the findings out of `list` that the other report may have too, or could not see.
Ordered taken_unsure(Ordered& list, const Ordered& other) {
  const auto checks =
      keyed(other.at("checks"), [](const Ordered& check) { return text(check, "id"); });
  auto sure = Ordered::array();
  auto unsure = Ordered::array();
  for (auto& item : list) {
    const auto key = text(item, "key");
    const auto check = checks.find(key.substr(0, key.find(kBetween)));
    auto& into = check == checks.end() || may_hide(*check->second) ? unsure : sure;
    into.push_back(std::move(item));
  }
  list = std::move(sure);
  return unsure;
}

Ordered findings(const Ordered& older, const Ordered& newer) {
  auto section = compare(older.at("findings"), newer.at("findings"), finding_key);
  section["unsure_new"] = taken_unsure(section["new"], older);
  section["unsure_gone"] = taken_unsure(section["gone"], newer);
  return section;
}

Ordered answers(const Ordered& older, const Ordered& newer) {
  const auto by_id = [](const Ordered& question) { return text(question, "id"); };
  const auto before = keyed(older, by_id);
  auto changed = Ordered::array();
  std::size_t still = 0;
  for (const auto& question : newer) {
    const auto found = before.find(by_id(question));
    const auto state = [](const Ordered& of) {
      return Ordered{{"claimed", of.at("claimed")},
                     {"adjusted", of.at("adjusted")},
                     {"verdict", of.at("verdict")}};
    };
    if (found == before.end()) continue;  // of another revision of the set: see `questionnaire`
    const auto was = state(*found->second);
    const auto is = state(question);
    if (was == is)
      ++still;
    else
      changed.push_back({{"question", question.at("id")}, {"was", was}, {"is", is}});
  }
  return {{"changed", std::move(changed)}, {"still", still}};
}

Ordered score(const Ordered& older, const Ordered& newer) {
  if (older.is_null() || newer.is_null()) return nullptr;
  Ordered json;
  for (const auto* key : kScores) json[key] = {{"was", older.at(key)}, {"is", newer.at(key)}};
  return json;
}

Ordered areas(const Ordered& older, const Ordered& newer) {
  const auto before = keyed(older, [](const Ordered& area) { return text(area, "id"); });
  auto list = Ordered::array();
  for (const auto& area : newer) {
    const auto found = before.find(text(area, "id"));
    if (found == before.end()) continue;
    const auto& was = *found->second;
    if (was.at("claimed") == area.at("claimed") && was.at("adjusted") == area.at("adjusted"))
      continue;
    list.push_back({{"area", area.at("id")},
                    {"claimed", {{"was", was.at("claimed")}, {"is", area.at("claimed")}}},
                    {"adjusted", {{"was", was.at("adjusted")}, {"is", area.at("adjusted")}}}});
  }
  return list;
}

/// What became of the answers of a report, or of a system in it.
Ordered judged(const Ordered& older, const Ordered& newer) {
  return {{"score", score(older.at("summary").at("score"), newer.at("summary").at("score"))},
          {"areas", areas(older.at("summary").at("areas"), newer.at("summary").at("areas"))},
          {"answers", answers(older.at("questions"), newer.at("questions"))}};
}

/// Systems that both tell of, by the newer one's order, and those that one of them alone does.
Ordered systems(const Ordered& older, const Ordered& newer) {
  const auto of = [](const Ordered& report) {
    return report.contains("systems") ? report["systems"] : Ordered::array();
  };
  const auto before = of(older);
  const auto after = of(newer);
  const auto same_in = [](const Ordered& list, const Ordered& system) {
    return std::ranges::find_if(
        list, [&](const Ordered& each) { return report::is_same_system(each, system); });
  };
  Ordered section{
      {"new", Ordered::array()}, {"gone", Ordered::array()}, {"still", Ordered::array()}};
  for (const auto& system : after) {
    const auto was = same_in(before, system);
    if (was == before.end()) {
      section["new"].push_back(system.at("name"));
      continue;
    }
    auto change = judged(*was, system);
    change["name"] = system.at("name");
    section["still"].push_back(std::move(change));
  }
  for (const auto& system : before)
    if (same_in(after, system) == after.end()) section["gone"].push_back(system.at("name"));
  return section;
}

std::string quoted(const Ordered& mark) {
  const auto word = mark.get<std::string>();
  return word.empty() ? "-" : word;
}

void judged_text(const Ordered& diff, std::ostream& out) {
  if (const auto& sums = diff.at("score"); !sums.is_null())
    for (const auto* key : {"claimed", "adjusted", "after", "verified"})
      out << "score, " << key << ": " << sums.at(key).at("was") << " -> " << sums.at(key).at("is")
          << '\n';
  for (const auto& area : diff.at("areas"))
    out << "area " << text(area, "area") << ": adjusted " << area.at("adjusted").at("was") << " -> "
        << area.at("adjusted").at("is") << ", claimed " << area.at("claimed").at("was") << " -> "
        << area.at("claimed").at("is") << '\n';
  const auto& all = diff.at("answers");
  out << "answers: " << all.at("changed").size() << " changed, " << all.at("still")
      << " as they were\n";
  for (const auto& change : all.at("changed"))
    out << "  " << text(change, "question") << ": " << quoted(change.at("was").at("claimed"))
        << " -> " << quoted(change.at("is").at("claimed")) << "; adjusted "
        << quoted(change.at("was").at("adjusted")) << " -> "
        << quoted(change.at("is").at("adjusted")) << "; " << quoted(change.at("was").at("verdict"))
        << " -> " << quoted(change.at("is").at("verdict")) << '\n';
}

void systems_text(const Ordered& systems, std::ostream& out) {
  const auto name = [](const Ordered& texts) { return texts.front().get<std::string>(); };
  for (const auto& system : systems.at("new")) out << "system, new: " << name(system) << '\n';
  for (const auto& system : systems.at("gone")) out << "system, gone: " << name(system) << '\n';
  for (const auto& system : systems.at("still")) {
    out << "system: " << name(system.at("name")) << '\n';
    judged_text(system, out);
  }
}

void section_text(const Ordered& diff, const char* key, std::ostream& out) {
  const auto& section = diff.at(key);
  out << key << ": " << section.at("new").size() << " new, " << section.at("gone").size()
      << " gone, " << section.at("still") << " still there"
      << (section.at("cut") == true ? " (of the rows that the reports hold)" : "");
  if (const auto unsure = section.value("unsure_new", Ordered::array()).size() +
                          section.value("unsure_gone", Ordered::array()).size();
      unsure > 0)
    out << ", " << unsure << " of checks that one report could not see or tells in part (?)";
  out << '\n';
  for (const auto& [sign, list] : {std::pair{"+ ", "new"}, std::pair{"- ", "gone"},
                                   std::pair{"?+ ", "unsure_new"}, std::pair{"?- ", "unsure_gone"}})
    for (const auto& item : section.value(list, Ordered::array())) {
      out << "  " << sign << item.at("key").get<std::string>();
      if (item.contains("name") && !item.at("name").is_null())
        out << "  " << text(item, "name") << " (" << text(item, "role") << ')';
      if (item.contains("severity")) out << "  [" << text(item, "severity") << ']';
      out << '\n';
    }
}

}  // namespace

std::filesystem::path report_file(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? path / "report.json" : path;
}

Ordered load_report(const std::filesystem::path& path) {
  const auto file = report_file(path);
  constexpr std::uintmax_t kLargest = 1U << 30U;  // bytes
  const auto content = read_file(file, kLargest);
  auto report = Ordered::parse(content, nullptr, false);
  if (!report.is_object() || text(report, "format") != "sekimori-report")
    throw Error(file.string(), "no report of this program");
  if (text(report, "version") != "1") throw Error(file.string(), "/version: only 1 is known");
  return report;
}

Ordered diff_reports(const Ordered& older, const Ordered& newer) {
  Ordered diff{{"format", "sekimori-diff"}, {"version", 1}};
  const auto set = [](const Ordered& report) {
    const auto& of = report.at("scope").at("questionnaire");
    return Ordered{{"id", of.at("id")}, {"revision", of.at("revision")}};
  };
  diff["questionnaire"] = {{"was", set(older)}, {"is", set(newer)}};
  diff.update(judged(older, newer));
  if (older.contains("systems") || newer.contains("systems"))
    diff["systems"] = systems(older, newer);
  diff["findings"] = findings(older, newer);
  diff["assets"] = compare(older.at("assets"), newer.at("assets"), asset_key);
  diff["conduits"] =
      compare(older.at("network").at("conduits"), newer.at("network").at("conduits"), conduit_key);
  diff["operations"] = compare(older.at("operations"), newer.at("operations"), operation_key);
  return diff;
}

std::string diff_text(const Ordered& diff) {
  std::ostringstream out;
  if (diff.at("questionnaire").at("was") != diff.at("questionnaire").at("is"))
    out << "the questionnaires differ: " << diff.at("questionnaire").dump() << '\n';
  if (diff.contains("systems"))
    systems_text(diff.at("systems"), out);
  else
    judged_text(diff, out);
  for (const auto* key : {"findings", "assets", "conduits", "operations"})
    section_text(diff, key, out);
  return out.str();
}

}  // namespace sekimori
