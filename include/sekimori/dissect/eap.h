#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <string_view>

// The Extensible Authentication Protocol (RFC 3748, 4), which 802.1X, RADIUS and PPP carry.
namespace sekimori {

inline constexpr std::uint8_t kEapRequest = 1;
inline constexpr std::uint8_t kEapResponse = 2;
inline constexpr std::uint8_t kEapSuccess = 3;
inline constexpr std::uint8_t kEapFailure = 4;

/// Whether a packet whose length fits begins here; more may follow it.
[[nodiscard]] bool is_eap(ByteCursor packet) noexcept;

/// Says who logs in (`<way> operator`), by what method (`EAP PEAP`), and that it was refused.
void hear_eap(ByteCursor packet, std::string_view way, Observer& out);

}  // namespace sekimori
