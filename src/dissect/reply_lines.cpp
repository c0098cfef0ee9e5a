#include "sekimori/dissect/reply_lines.h"

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::string_view kEnding = "\r\n.\r\n";
constexpr std::string_view kAlone = ".\r\n";

// Three digits, the first 1 to 5 or 6 (RFC 2228), the second to 5 (RFC 959, 4.2).
bool is_code(std::string_view text) noexcept {
  const auto digit = [&](std::size_t at, char low, char high) {
    return text[at] >= low && text[at] <= high;
  };
  return text.size() >= 3 && digit(0, '1', '6') && digit(1, '0', '5') && digit(2, '0', '9');
}

std::string_view text_of(std::string_view line) noexcept {
  return trimmed(line.substr(std::min<std::size_t>(line.size(), 4)));
}

}  // namespace

Extent reply_extent(Bytes stream, std::size_t most) noexcept {
  const auto text = view_of(stream);
  for (std::size_t at = 0; at < std::min<std::size_t>(text.size(), 3); ++at)
    if (text[at] < '0' || text[at] > '9') return Extent::foreign();
  if (text.size() < 4) return Extent::incomplete();
  if (!is_code(text) || (text[3] != ' ' && text[3] != '-' && text[3] != '\r' && text[3] != '\n'))
    return Extent::foreign();
  std::size_t at = 0;
  while (true) {
    const auto rest = stream.subspan(at);
    const auto line = line_extent(rest, most - std::min(at, most - 1));
    if (!line.is_message()) return line;
    const auto words = view_of(rest.first(line.size()));
    if (!is_printable(trimmed(words))) return Extent::foreign();
    at += line.size();
    const bool last = words.starts_with(text.substr(0, 3)) && words.size() > 3 && words[3] != '-';
    if (last) return Extent::of(at);
  }
}

std::optional<NumberedReply> take_reply(ByteCursor& message) noexcept {
  std::optional<NumberedReply> reply;
  std::string_view code;
  while (message.ok()) {
    const auto line = take_line(message);
    if (!message.ok() || !is_code(line)) {
      if (code.empty()) return std::nullopt;
      continue;
    }
    if (code.empty()) {
      code = line.substr(0, 3);
      reply = {.code = static_cast<std::uint32_t>(decimal_of(code).value_or(0)),
               .first = text_of(line)};
    }
    if (!line.starts_with(code) || (line.size() > 3 && line[3] == '-')) continue;
    reply->last = text_of(line);
    return reply;
  }
  return std::nullopt;
}

Extent dotted_extent(Bytes stream, bool fresh) noexcept {
  const auto text = view_of(stream);
  if (fresh && text.starts_with(kAlone)) return Extent::of(kAlone.size());
  if (fresh && kAlone.starts_with(text)) return Extent::incomplete();
  const auto end = text.find(kEnding);
  if (end != std::string_view::npos) return Extent::of(end + kEnding.size());
  // The ending may lie across two segments: what could begin it waits.
  const auto kept = kEnding.size() - 1;
  return text.size() > kept ? Extent::of(text.size() - kept) : Extent::incomplete();
}

bool ends_dotted(Bytes piece, bool fresh) noexcept {
  const auto text = view_of(piece);
  return text.ends_with(kEnding) || (fresh && text == kAlone);
}

bool is_tls_record(Bytes stream) noexcept {
  return !stream.empty() && stream[0] >= 20 && stream[0] <= 24 &&
         (stream.size() < 2 || stream[1] == 3);
}

}  // namespace sekimori
