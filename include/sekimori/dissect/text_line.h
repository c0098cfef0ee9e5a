#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sekimori {

/// The line at the front of a stream, its LF included: incomplete while no LF is there, foreign
/// once `most` bytes hold none.
[[nodiscard]] Extent line_extent(Bytes stream, std::size_t most) noexcept;

/// The next line without its LF and CR. Fails the cursor where no LF follows: the line was cut,
/// and half a line says nothing.
std::string_view take_line(ByteCursor& cursor) noexcept;

/// A block of lines that an empty line ends (RFC 9112, 2.1; RFC 822), the empty line included.
[[nodiscard]] Extent block_extent(Bytes stream, std::size_t most) noexcept;

/// `Name: value`; an empty name where there is no colon.
struct Field {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] Field field_of(std::string_view line) noexcept;

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;  ///< blanks, tabs, CR, LF
/// What stands before the next `separator`, which goes; all of it where there is none.
std::string_view take_until(std::string_view& text, char separator) noexcept;

// ASCII letters alone are compared without regard to case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool begins_with(std::string_view text, std::string_view front) noexcept;
/// Where `part` begins; npos where it is not there.
[[nodiscard]] std::size_t find_word(std::string_view text, std::string_view part) noexcept;
[[nodiscard]] bool contains(std::string_view text, std::string_view part) noexcept;

/// All of `text` as a number; nothing where a letter is none or it does not fit.
[[nodiscard]] std::optional<std::uint64_t> decimal_of(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::uint64_t> hex_of(std::string_view text) noexcept;

/// True where every byte is printable ASCII, a blank, or beyond ASCII.
[[nodiscard]] bool is_printable(std::string_view text) noexcept;

/// Decodes into `room` and returns what was filled; stops at the first foreign letter (RFC 4648, 4)
/// and where the room ends.
[[nodiscard]] Bytes decode_base64(std::string_view text, std::span<std::uint8_t> room) noexcept;
/// `%41` and `+` of forms (RFC 3986, 2.1; HTML, application/x-www-form-urlencoded).
[[nodiscard]] Bytes decode_percent(std::string_view text, std::span<std::uint8_t> room) noexcept;

}  // namespace sekimori
