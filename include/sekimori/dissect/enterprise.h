#pragma once

#include <cstdint>
#include <string_view>

namespace sekimori {

/// The maker behind an IANA private enterprise number, as SNMP's sysObjectID and engine ids carry
/// it; empty where it is none of those whose devices stand in plants and offices.
[[nodiscard]] std::string_view enterprise_name(std::uint32_t number) noexcept;

}  // namespace sekimori
