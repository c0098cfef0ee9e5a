#include "sekimori/dissect/http_head.h"

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::size_t kLongestMethod = 24;   // the registry's longest has 17 letters
constexpr std::size_t kLongestHead = 32768;  // bytes; servers refuse more than 8 to 32 KiB

constexpr bool is_digit(char letter) noexcept {
  return letter >= '0' && letter <= '9';
}

// RFC 9110, 5.6.2 allows more in a token; no method in use has it.
constexpr bool is_method_letter(char letter) noexcept {
  return (letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '_';
}

bool may_be_request(std::string_view text) noexcept {
  const auto front = text.substr(0, kLongestMethod + 1);
  std::size_t size = 0;
  while (size < front.size() && is_method_letter(front[size])) ++size;
  if (size == front.size()) return size <= kLongestMethod;
  return size >= 3 && front[size] == ' ' &&
         (front.size() == size + 1 || (front[size + 1] > ' ' && front[size + 1] < 0x7f));
}

// Lines up to the empty one.
void walk_trailers(Bytes bytes, Chunks& chunks) noexcept {
  while (true) {
    const auto rest = bytes.subspan(chunks.used);
    const auto line = line_extent(rest, kLongestChunkLine);
    if (!line.is_message()) return;
    chunks.used += line.size();
    if (trimmed(view_of(rest.first(line.size()))).empty()) {
      chunks.where = Chunks::Where::end;
      return;
    }
  }
}

}  // namespace

std::optional<StartLine> start_line_of(std::string_view line) noexcept {
  StartLine start;
  if (line.starts_with(kVersion)) {
    // RFC 9112, 4: HTTP/1.x SP three digits, then a blank and a phrase, or nothing.
    line.remove_prefix(kVersion.size());
    const bool fits = line.size() >= 5 && is_digit(line[0]) && line[1] == ' ' && line[2] >= '1' &&
                      line[2] <= '9' && is_digit(line[3]) && is_digit(line[4]) &&
                      (line.size() == 5 || line[5] == ' ');
    if (!fits) return std::nullopt;
    start.status = static_cast<std::uint32_t>(decimal_of(line.substr(2, 3)).value_or(0));
    return start;
  }
  if (!may_be_request(line)) return std::nullopt;
  start.is_request = true;
  start.method = take_until(line, ' ');
  const auto blank = line.rfind(' ');
  if (blank == std::string_view::npos || blank == 0) return std::nullopt;
  const auto version = line.substr(blank + 1);
  if (version.size() != kVersion.size() + 1 || !version.starts_with(kVersion) ||
      !is_digit(version.back()))
    return std::nullopt;
  start.target = line.substr(0, blank);
  if (!is_printable(start.target)) return std::nullopt;
  return start;
}

std::optional<bool> begins_response(Bytes stream) noexcept {
  const auto text = view_of(stream.first(std::min(stream.size(), kVersion.size())));
  if (!kVersion.starts_with(text)) return false;
  if (text.size() < kVersion.size()) return std::nullopt;
  return true;
}

Extent http_head_extent(Bytes stream) noexcept {
  const auto text = view_of(stream);
  if (begins_response(stream) == false && !may_be_request(text)) return Extent::foreign();
  const auto line = line_extent(stream, kLongestHead);
  if (!line.is_message()) return line;
  if (!start_line_of(trimmed(text.substr(0, line.size()))).has_value()) return Extent::foreign();
  return block_extent(stream, kLongestHead);
}

void HttpHead::read(const Field& field) noexcept {
  if (same_word(field.name, "content-length")) length = decimal_of(field.value);
  if (same_word(field.name, "transfer-encoding")) chunked = contains(field.value, "chunked");
  if (same_word(field.name, "content-encoding")) plain = same_word(field.value, "identity");
  if (same_word(field.name, "content-type")) {
    form = begins_with(field.value, "application/x-www-form-urlencoded") ||
           begins_with(field.value, "application/json");
    html = begins_with(field.value, "text/html");
  }
  if (same_word(field.name, "via") || same_word(field.name, "x-forwarded-for")) via = true;
  if (same_word(field.name, "upgrade")) upgrade = field.value;
}

// Extensions of the size follow a semicolon.
std::optional<std::uint64_t> chunk_size(std::string_view line) noexcept {
  line = trimmed(take_until(line, ';'));
  if (line.size() > 15) return std::nullopt;  // more than 2^60 bytes are no chunk
  return hex_of(line);
}

Chunks walk_chunks(Bytes bytes) noexcept {
  Chunks chunks;
  while (chunks.skip == 0) {
    const auto rest = bytes.subspan(chunks.used);
    const auto line = line_extent(rest, kLongestChunkLine);
    if (!line.is_message()) break;
    const auto size = chunk_size(view_of(rest.first(line.size())));
    if (!size.has_value()) break;
    chunks.used += line.size();
    if (*size == 0) {
      chunks.where = Chunks::Where::trailers;
      walk_trailers(bytes, chunks);
      break;
    }
    const auto here = std::min<std::uint64_t>(*size + 2, rest.size() - line.size());
    chunks.used += here;
    chunks.skip = *size + 2 - here;
  }
  return chunks;
}

}  // namespace sekimori
