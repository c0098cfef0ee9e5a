#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori {

/// The first line of an HTTP/1 message (RFC 9112, 3 and 4), which SSDP shares.
struct StartLine {
  bool is_request = false;
  std::string_view method;
  std::string_view target;
  std::uint32_t status = 0;
};
[[nodiscard]] std::optional<StartLine> start_line_of(std::string_view line) noexcept;

/// The head of a message: start line, fields, empty line. Foreign as soon as the bytes cannot
/// become an HTTP/1 start line.
[[nodiscard]] Extent http_head_extent(Bytes stream) noexcept;

/// True where `stream` begins as a response does; nothing while too few bytes tell.
[[nodiscard]] std::optional<bool> begins_response(Bytes stream) noexcept;

/// What the fields of a head say about the body and the two ends.
struct HttpHead {
  std::optional<std::uint64_t> length;
  bool chunked = false;
  bool form = false;  ///< URL-encoded or JSON
  bool html = false;
  bool plain = true;    ///< no content coding
  bool via = false;     ///< handed on by another
  bool refused = true;  ///< false: the challenge is part of a handshake
  std::string_view software;
  std::string_view upgrade;

  void read(const Field& field) noexcept;
};

inline constexpr std::size_t kLongestChunkLine = 1024;  // of a chunk's size or a trailer field

/// How far chunks and trailers reach into `bytes` (RFC 9112, 7.1): whole lines, and what is there
/// of the last chunk; `skip` bytes of it are still to come.
struct Chunks {
  enum class Where : std::uint8_t { chunk, trailers, end };

  std::size_t used = 0;
  std::uint64_t skip = 0;
  Where where = Where::chunk;
};
[[nodiscard]] Chunks walk_chunks(Bytes bytes) noexcept;

/// The size that a chunk's first line tells.
[[nodiscard]] std::optional<std::uint64_t> chunk_size(std::string_view line) noexcept;

}  // namespace sekimori
