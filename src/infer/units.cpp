// Devices behind one address. Many servers answer whatever unit they are asked for, so an answer
// alone does not make a device.

#include "units.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sekimori {
namespace {

// A serial line carries 32 unit loads (TIA-485); a server that answers for more units than that
// does not look at the number.
constexpr std::size_t kMostUnits = 32;

// MODBUS Application Protocol V1.1b3, 7: the gateway's word that nobody is there.
constexpr std::uint32_t kPathUnavailable = 0x0a;
constexpr std::uint32_t kTargetSilent = 0x0b;

// The CIP Networks Library, volume 1, B-1: the router's word that the slot could not be reached.
constexpr std::uint32_t kConnectionFailure = 0x01;

/// Units that are slots of a chassis, or nodes behind it, of which 0 is one as good as any.
bool counts_slots(std::string_view protocol) noexcept {
  return protocol == "cip" || protocol == "pccc";
}

/// 0 and 255 mean the server itself (MODBUS Messaging on TCP/IP V1.0b, 4.4.2.3), 0xfff0 and above
/// are reserved or broadcast in DNP3 (IEEE 1815, 9.2.4.1.3).
bool is_device(std::uint32_t unit, std::string_view protocol) noexcept {
  return counts_slots(protocol) || (unit != 0 && unit != 255 && unit < 0xfff0);
}

bool answered(const ConversationKey& conversation, const OperationKey& key,
              const OperationFact& fact) {
  if (key.sender == Sender::server) return true;  // it reports of its own accord
  if (fact.executed > 0) return true;
  const bool modbus = conversation.protocol == "modbus";
  const bool slots = counts_slots(key.protocol);
  return std::any_of(fact.rejections.begin(), fact.rejections.end(), [&](const auto& rejection) {
    if (modbus) return rejection.first != kPathUnavailable && rejection.first != kTargetSilent;
    return !slots || rejection.first != kConnectionFailure;
  });
}

/// Units that say different things of themselves are different devices; under kNoUnit, what the
/// server says of itself.
using Identity = std::set<std::pair<std::string, std::string>>;
using Identities = std::map<RowId, std::map<std::uint32_t, Identity>>;

bool is_identity(const std::string& name) {
  return name == "vendor" || name == "product" || name == "model" || name == "serial" ||
         name == "firmware" || name == "name";
}

std::set<std::string> serials(const Identities::mapped_type& identities, std::uint32_t unit) {
  std::set<std::string> found;
  const auto said = identities.find(unit);
  if (said == identities.end()) return found;
  for (const auto& [name, value] : said->second)
    if (name == "serial") found.insert(value);
  return found;
}

std::vector<std::uint32_t> devices(const std::vector<std::uint32_t>& answered_units,
                                   const Identities::mapped_type& identities) {
  if (answered_units.size() <= kMostUnits) return answered_units;
  std::set<Identity> distinct;
  std::vector<std::uint32_t> identified;
  for (const auto& [unit, said] : identities) {
    if (unit == Target::kNoUnit) continue;
    distinct.insert(said);
    identified.push_back(unit);
  }
  return distinct.size() > 1 ? identified : std::vector<std::uint32_t>{};
}

/// A unit of the server's own serial number is the server by another name (the communication module
/// in its slot). One unit alone is the server too, unless their serial numbers differ.
std::vector<std::uint32_t> others(const std::vector<std::uint32_t>& answered_units,
                                  const Identities::mapped_type& identities) {
  if (answered_units.size() < 2 && identities.empty()) return {};  // as of most
  const auto own = serials(identities, Target::kNoUnit);
  auto found = devices(answered_units, identities);
  bool differs = false;
  std::erase_if(found, [&](std::uint32_t unit) {
    const auto its = serials(identities, unit);
    const bool same = std::ranges::any_of(its, [&](const auto& one) { return own.contains(one); });
    differs = differs || (!same && !its.empty() && !own.empty());
    return same;
  });
  if (answered_units.size() < 2 && !differs) return {};
  return found;
}

using Answers = std::vector<std::pair<RowId, std::uint32_t>>;

void collect_answers(const Facts& facts, const std::vector<ConversationEnds>& ends, Answers& seen) {
  std::size_t place = 0;
  for (const auto& [key, fact] : facts.conversations) {
    const auto asset = ends[place++].server;
    if (asset == kNoRow) continue;
    for (const auto& [operation, done] : fact.operations) {
      if (operation.unit == Target::kNoUnit || !is_device(operation.unit, operation.protocol))
        continue;
      if (!answered(key, operation, done)) continue;
      seen.emplace_back(asset, operation.unit);
    }
  }
}

}  // namespace

std::vector<UnitsBehind> find_units(const Facts& facts, const std::vector<ConversationEnds>& ends,
                                    const std::function<RowId(const SubjectKey&)>& subject) {
  Answers seen;
  collect_answers(facts, ends, seen);
  Identities identities;
  for (const auto& [key, fact] : facts.properties) {
    const bool itself = key.subject.unit == Target::kNoUnit;
    if (!itself && !is_device(key.subject.unit, key.source)) continue;
    const auto asset = subject(key.subject);
    if (asset == kNoRow) continue;
    if (!itself) seen.emplace_back(asset, key.subject.unit);
    if (is_identity(key.name)) identities[asset][key.subject.unit].emplace(key.name, key.value);
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());

  std::vector<UnitsBehind> found;
  const Identities::mapped_type nothing;
  std::vector<std::uint32_t> units;
  for (auto one = seen.begin(); one != seen.end();) {
    const auto server = one->first;
    units.clear();
    for (; one != seen.end() && one->first == server; ++one) units.push_back(one->second);
    const auto said = identities.find(server);
    found.push_back({server, others(units, said == identities.end() ? nothing : said->second)});
  }
  return found;
}

}  // namespace sekimori
