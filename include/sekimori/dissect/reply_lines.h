#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <optional>
#include <string_view>

// What the protocols of mail and files have in common.
namespace sekimori {

/// `123 text`, or `123-text` up to a line that begins with `123 ` (RFC 959, 4.2; RFC 5321, 4.2.1).
[[nodiscard]] Extent reply_extent(Bytes stream, std::size_t most) noexcept;

struct NumberedReply {
  std::uint32_t code = 0;
  std::string_view first = {};  ///< the text of its first line
  std::string_view last = {};   ///< and of its last
};

/// Nothing where the last line, which tells that a reply is whole, is missing.
std::optional<NumberedReply> take_reply(ByteCursor& message) noexcept;

/// A piece of what a line with a single dot ends (RFC 5321, 4.1.1.4; RFC 1939, 3). `fresh`: the
/// piece stands at the beginning of a line.
[[nodiscard]] Extent dotted_extent(Bytes stream, bool fresh) noexcept;
/// True where the piece is the last.
[[nodiscard]] bool ends_dotted(Bytes piece, bool fresh) noexcept;

/// A TLS record (RFC 8446, 5.1).
[[nodiscard]] bool is_tls_record(Bytes stream) noexcept;

}  // namespace sekimori
