#include "capture_facts.h"

#include "sekimori/bytes/error.h"

#include <set>
#include <string_view>
#include <utility>

namespace sekimori {
namespace {

std::string_view to_text(LinkType type) {
  switch (type) {
    case LinkType::null:
      return "NULL";
    case LinkType::ethernet:
      return "ETHERNET";
    case LinkType::ppp:
      return "PPP";
    case LinkType::raw_ip_bsd:
    case LinkType::raw_ip_openbsd:
    case LinkType::raw_ip:
      return "RAW";
    case LinkType::ppp_hdlc:
      return "PPP_HDLC";
    case LinkType::ieee802_11:
      return "IEEE802_11";
    case LinkType::loop:
      return "LOOP";
    case LinkType::linux_sll:
      return "LINUX_SLL";
    case LinkType::ieee802_11_prism:
      return "IEEE802_11_PRISM";
    case LinkType::ieee802_11_radiotap:
      return "IEEE802_11_RADIOTAP";
    case LinkType::ipv4:
      return "IPV4";
    case LinkType::ipv6:
      return "IPV6";
    case LinkType::linux_sll2:
      return "LINUX_SLL2";
  }
  return {};
}

}  // namespace

std::vector<CaptureFact> capture_facts(const std::vector<CaptureFile>& files,
                                       const std::string& vantage) {
  std::vector<CaptureFact> facts;
  for (const auto& file : files) {
    CaptureFact capture;
    capture.name = file.name;
    capture.sha256 = file.sha256;
    capture.format = file.format;
    capture.link_type = to_text(file.link_type);
    if (capture.link_type.empty())
      capture.link_type = std::to_string(static_cast<unsigned>(file.link_type));
    capture.vantage = vantage;
    capture.damage = file.damage;
    capture.path_hint = file.path;
    capture.packets = file.packets;
    capture.bytes = file.bytes;
    capture.kernel_drops = file.kernel_drops;
    capture.first_seen = file.first_seen;
    capture.last_seen = file.last_seen;
    capture.pieces = file.pieces;
    for (const auto& other : facts)
      if (other.sha256 == capture.sha256 && capture.packets > 0)
        throw Error(file.path, "the same bytes as " + other.name + ": give each capture once");
    facts.push_back(capture);
  }
  return facts;
}

Facts with_each_capture_once(Facts facts) {
  std::set<std::string_view> hashes;
  for (const auto& capture : facts.captures) hashes.insert(capture.sha256);
  if (hashes.size() == facts.captures.size()) return facts;
  Facts once;
  once.join(std::move(facts));
  return once;
}

}  // namespace sekimori
