// Finding assets in the census; all its tables are sorted.

#include "sekimori/infer/census.h"

#include <algorithm>
#include <tuple>

namespace sekimori {

const Census::Place* Census::find(const IpAddress& ip, std::string_view segment) const {
  const auto found = std::lower_bound(
      places_.begin(), places_.end(), std::tie(ip, segment),
      [](const Place& place, const auto& key) { return std::tie(place.ip, place.segment) < key; });
  const bool hit = found != places_.end() && found->ip == ip && found->segment == segment;
  return hit ? &*found : nullptr;
}

RowId Census::of(const Mac& mac) const {
  if (!mac.is_set()) return kNoRow;
  const auto found =
      std::lower_bound(macs_.begin(), macs_.end(), mac,
                       [](const auto& entry, const Mac& wanted) { return entry.first < wanted; });
  return found != macs_.end() && found->first == mac ? found->second : kNoRow;
}

RowId Census::of(const IpAddress& ip, std::string_view segment) const {
  const auto* place = find(ip, segment);
  return place == nullptr ? kNoRow : place->asset;
}

RowId Census::unit(RowId asset, std::uint32_t unit) const {
  const std::pair key{asset, unit};
  const auto found =
      std::lower_bound(units_.begin(), units_.end(), key,
                       [](const auto& entry, const auto& wanted) { return entry.first < wanted; });
  return found != units_.end() && found->first == key ? found->second : asset;
}

RowId Census::of(const SubjectKey& subject) const {
  auto asset = of(subject.ip, subject.segment);
  if (asset == kNoRow) asset = of(subject.mac);
  return asset == kNoRow ? kNoRow : unit(asset, subject.unit);
}

void Census::find_ends(const Facts& facts) {
  ends_.reserve(facts.conversations.size());
  const auto end_of = [&](const IpAddress& ip, const Mac& mac, std::string_view segment) {
    return ip.is_set() ? of(ip, segment) : of(mac);
  };
  const ConversationKey* before = nullptr;  // conversations of one client follow each other
  for (const auto& [key, fact] : facts.conversations) {
    const bool same = before != nullptr && before->client_ip == key.client_ip &&
                      before->client_mac == key.client_mac && before->segment == key.segment;
    const auto client =
        same ? ends_.back().client : end_of(key.client_ip, key.client_mac, key.segment);
    ends_.push_back({client, end_of(key.server_ip, key.server_mac, key.segment)});
    before = &key;
  }
}

OnLink Census::on_link(const IpAddress& ip, std::string_view segment) const {
  const auto* place = find(ip, segment);
  return place == nullptr ? OnLink::unknown : place->on_link;
}

bool Census::forwarded(const IpAddress& ip, std::string_view segment) const {
  const auto* place = find(ip, segment);
  return place != nullptr && place->forwarded;
}

}  // namespace sekimori
