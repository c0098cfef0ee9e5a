#pragma once

#include <cstdint>
#include <string_view>

namespace sekimori {

/// What carries a message, and so what its number means.
enum class Over : std::uint8_t {
  nothing,   ///< the packet stopped before anything could be said
  ethernet,  ///< EtherType
  llc,       ///< IEEE 802.2 destination service access point
  snap,      ///< OUI << 16 | protocol id
  wlan,      ///< IEEE 802.11 frame type << 4 | subtype
  ip,        ///< IP protocol number
  udp,       ///< port
  tcp,       ///< port
};

[[nodiscard]] constexpr std::string_view to_text(Over over) noexcept {
  switch (over) {
    case Over::nothing:
      return "";
    case Over::ethernet:
      return "ethernet";
    case Over::llc:
      return "llc";
    case Over::snap:
      return "snap";
    case Over::wlan:
      return "wlan";
    case Over::ip:
      return "ip";
    case Over::udp:
      return "udp";
    case Over::tcp:
      return "tcp";
  }
  return "";
}

}  // namespace sekimori
