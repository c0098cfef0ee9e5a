#pragma once

#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/facts.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What one binding of the facts turned out to be.
struct LinkVerdict {
  OnLink on_link = OnLink::unknown;
  bool joins = false;  ///< the IP and the MAC are one asset
};

/// A station that sends for others.
struct RouterFact {
  Mac mac;
  std::uint64_t forwarded = 0;  ///< distinct addresses that it sent for
  bool declared = false;
  std::string_view redundancy;  ///< `VRRP` and the like, where the MAC is a virtual one
};

struct LinkTest {
  std::vector<LinkVerdict> bindings;  ///< in the order of Facts::bindings
  std::vector<RouterFact> routers;    ///< by MAC
};

/// Tells which (MAC, IP, segment) are the station's own and which a router's. Claims (ARP,
/// neighbour discovery, DHCP) say yes. Without one, a TTL a few steps below a usual initial value
/// says that a router sent the packet, and so does one MAC that sends for many subnets.
[[nodiscard]] LinkTest test_on_link(const Facts& facts, const ZonePlan& plan);

/// `VRRP`, `HSRP`, `GLBP` or `CARP`-like virtual router addresses; "" for any other.
[[nodiscard]] std::string_view redundancy_of(const Mac& mac) noexcept;

/// An address that a station may have as its own: unicast, and neither unset nor loopback.
[[nodiscard]] bool is_station(const IpAddress& ip) noexcept;

/// The subnet that an address is taken to be in where nothing tells its mask: /24, or /64 in IPv6.
[[nodiscard]] Prefix usual_subnet(const IpAddress& ip) noexcept;

}  // namespace sekimori
