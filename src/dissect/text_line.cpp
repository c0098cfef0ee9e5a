#include "sekimori/dissect/text_line.h"

#include "sekimori/bytes/text.h"

#include <algorithm>
#include <charconv>

namespace sekimori {
namespace {

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool is_blank(char letter) noexcept {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

constexpr int digit_of(char letter) noexcept {
  const char small = lower(letter);
  if (small >= '0' && small <= '9') return small - '0';
  if (small >= 'a' && small <= 'f') return small - 'a' + 10;
  return -1;
}

constexpr int base64_of(char letter) noexcept {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  if (letter == '+' || letter == '-') return 62;
  if (letter == '/' || letter == '_') return 63;
  return -1;
}

std::optional<std::uint64_t> number_of(std::string_view text, int base) noexcept {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, base);
  if (text.empty() || result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

Extent line_extent(Bytes stream, std::size_t most) noexcept {
  const auto text = view_of(stream.first(std::min(stream.size(), most)));
  const auto end = text.find('\n');
  if (end != std::string_view::npos) return Extent::of(end + 1);
  return stream.size() >= most ? Extent::foreign() : Extent::incomplete();
}

std::string_view take_line(ByteCursor& cursor) noexcept {
  const auto end = view_of(cursor.rest()).find('\n');
  if (end == std::string_view::npos) {
    cursor.skip(cursor.remaining() + 1);
    return {};
  }
  auto line = view_of(cursor.take(end + 1)).substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Extent block_extent(Bytes stream, std::size_t most) noexcept {
  const auto text = view_of(stream.first(std::min(stream.size(), most)));
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    const auto behind = text.substr(end + 1);
    if (behind.starts_with('\n')) return Extent::of(end + 2);
    if (behind.starts_with("\r\n")) return Extent::of(end + 3);
  }
  return stream.size() >= most ? Extent::foreign() : Extent::incomplete();
}

Field field_of(std::string_view line) noexcept {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_until(std::string_view& text, char separator) noexcept {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool begins_with(std::string_view text, std::string_view front) noexcept {
  return same_word(text.substr(0, front.size()), front);
}

std::size_t find_word(std::string_view text, std::string_view part) noexcept {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  const auto* const found = std::search(text.begin(), text.end(), part.begin(), part.end(), same);
  return found == text.end() && !part.empty() ? std::string_view::npos
                                              : static_cast<std::size_t>(found - text.begin());
}

bool contains(std::string_view text, std::string_view part) noexcept {
  return find_word(text, part) != std::string_view::npos;
}

std::optional<std::uint64_t> decimal_of(std::string_view text) noexcept {
  return number_of(text, 10);
}

std::optional<std::uint64_t> hex_of(std::string_view text) noexcept {
  return number_of(text, 16);
}

bool is_printable(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

Bytes decode_base64(std::string_view text, std::span<std::uint8_t> room) noexcept {
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t size = 0;
  for (const char letter : text) {
    const int value = base64_of(letter);
    if (value < 0) break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (size == room.size()) break;
    room[size++] = static_cast<std::uint8_t>(bits >> held);
  }
  return room.first(size);
}

Bytes decode_percent(std::string_view text, std::span<std::uint8_t> room) noexcept {
  std::size_t size = 0;
  while (!text.empty() && size < room.size()) {
    const bool coded =
        text.size() >= 3 && text[0] == '%' && digit_of(text[1]) >= 0 && digit_of(text[2]) >= 0;
    const int value = coded            ? digit_of(text[1]) * 16 + digit_of(text[2])
                      : text[0] == '+' ? ' '
                                       : static_cast<unsigned char>(text[0]);
    room[size++] = static_cast<std::uint8_t>(value);
    text.remove_prefix(coded ? 3 : 1);
  }
  return room.first(size);
}

}  // namespace sekimori
