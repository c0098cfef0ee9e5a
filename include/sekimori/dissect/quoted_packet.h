#pragma once

#include "sekimori/dissect/dissector.h"

#include <optional>

namespace sekimori {

/// The packet that an ICMP error quotes (RFC 792; RFC 4443, 2.4), as far as the addresses and the
/// destination port; nothing where the quotation is shorter or no IP packet.
[[nodiscard]] std::optional<Blocked> read_quoted(Bytes quoted, std::uint16_t reason) noexcept;

}  // namespace sekimori
