#pragma once

// Files: IEEE 1815-2012, Annex A, group 70.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/web_login.h"

#include "objects.h"
#include "operations.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::dnp3 {

/// The bytes at an offset that is counted from the front of the object.
[[nodiscard]] constexpr Bytes part_of(Bytes object, std::size_t offset, std::size_t size) noexcept {
  if (offset > object.size() || size > object.size() - offset) return {};
  return object.subspan(offset, size);
}

/// The name in a file command (variation 3), a descriptor (7) or a specification (8); empty where
/// there is none.
[[nodiscard]] constexpr Bytes file_name(std::uint8_t variation, Bytes object) noexcept {
  if (variation == 8) return object;
  if (variation != 3 && variation != 7) return {};
  ByteCursor cursor{object};
  const auto offset = cursor.le16();
  return part_of(object, offset, cursor.le16());
}

/// The status in the answer to a command (variation 4) or to a block (6): 0 is success.
[[nodiscard]] constexpr std::uint8_t file_status(std::uint8_t variation, Bytes object) noexcept {
  ByteCursor cursor{object};
  if (variation == 4) cursor.skip(4 + 4 + 2 + 2);  // handle, size, block size, request
  if (variation == 6) cursor.skip(4 + 4);          // handle, block
  return variation == 4 || variation == 6 ? cursor.u8() : std::uint8_t{0};
}

/// How a file is opened, in variation 3: behind the name's place (4), the time (6), the
/// permissions (2), the key (4) and the size (4).
[[nodiscard]] constexpr std::uint16_t open_mode(Bytes object) noexcept {
  ByteCursor cursor{object};
  cursor.skip(4 + 6 + 2 + 4 + 4);
  return cursor.le16();
}

/// Variation 2: where user and password stand, and a key that the outstation gives.
inline void say_file_login(Bytes object, Observer& out) {
  ByteCursor cursor{object};
  const auto user_at = cursor.le16();
  const auto user_size = cursor.le16();
  const auto password_at = cursor.le16();
  const auto password_size = cursor.le16();
  if (!cursor.ok()) return;
  const auto user = part_of(object, user_at, user_size);
  if (user.empty()) return;
  say_cleartext_login("DNP3 file", user, part_of(object, password_at, password_size), out);
}

/// What is done to a file, in words; empty where its bytes stay where they are.
[[nodiscard]] constexpr std::string_view transfer_name(std::uint8_t function,
                                                       std::uint16_t mode) noexcept {
  constexpr auto kModes = std::to_array<std::string_view>({"", "read", "write", "append"});
  if (function == kDeleteFile) return "delete";
  return function == kOpenFile && mode < kModes.size() ? kModes[mode] : std::string_view{};
}

inline void say_transfer(std::uint8_t function, Bytes name, std::uint16_t mode, Observer& out) {
  const auto what = transfer_name(function, mode);
  if (!what.empty()) out.event(Event::transfer, SmallText{what}.add(' ').add(view_of(name)).view());
}

}  // namespace sekimori::dnp3
