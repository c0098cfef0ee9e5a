#pragma once

#include "sekimori/bytes/address.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sekimori {

/// The organisation to which IEEE assigned a MAC's block, by the longest of 36, 28 and 24 bits,
/// shortened to how people call it; "" for local, group and unassigned addresses.
[[nodiscard]] std::string_view vendor_of(const Mac& mac);

/// The day of the built-in register, such as `2022-08-27`.
[[nodiscard]] std::string oui_date();

/// Blocks in the built-in register.
[[nodiscard]] std::size_t oui_count();

}  // namespace sekimori
