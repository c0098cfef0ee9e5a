#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <cstdint>
#include <string_view>

namespace sekimori {

/// All that may be said of a secret once it was read. The secret itself goes no further than the
/// dissector: the model, the report and the log never hold one.
enum class SecretGrade : std::uint8_t {
  empty,
  known_default,  ///< a supplier's default or `public`, `private`
  same_as_user,
  too_short,  ///< under 8 characters
  common,     ///< in the short list of dictionary passwords
  other,
};

[[nodiscard]] SecretGrade grade_secret(Bytes secret, Bytes user = {}) noexcept;

/// `empty`, `default`, `same as user`, `short`, `common`, `not default`.
[[nodiscard]] std::string_view to_text(SecretGrade grade) noexcept;

}  // namespace sekimori
