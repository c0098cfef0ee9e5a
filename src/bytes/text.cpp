#include "sekimori/bytes/text.h"

#include <algorithm>
#include <charconv>

namespace sekimori {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// The length of the valid UTF-8 sequence at the front, or 0 (RFC 3629, 4).
std::size_t utf8_length(Bytes bytes) noexcept {
  const auto lead = bytes[0];
  std::size_t size = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) size = 2;
  if (lead >= 0xe0 && lead <= 0xef) size = 3;
  if (lead >= 0xf0 && lead <= 0xf4) size = 4;
  if (size == 0 || bytes.size() < size) return 0;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (std::size_t i = 2; i < size; ++i)
    if (bytes[i] < 0x80 || bytes[i] > 0xbf) return 0;
  return size;
}

/// U+0080..U+009F and the signs that turn the direction of text: they deceive readers.
bool deceives(Bytes sequence) noexcept {
  if (sequence.size() == 2) return sequence[0] == 0xc2 && sequence[1] < 0xa0;
  if (sequence.size() != 3 || sequence[0] != 0xe2) return false;
  if (sequence[1] == 0x80)
    return (sequence[2] >= 0x8b && sequence[2] <= 0x8f) ||
           (sequence[2] >= 0xa8 && sequence[2] <= 0xae);
  return sequence[1] == 0x81 && sequence[2] >= 0xa0 && sequence[2] <= 0xaf;
}

}  // namespace

std::string clean_text(Bytes bytes, std::size_t most) {
  while (!bytes.empty() && (bytes.back() == 0 || bytes.back() == ' ' || bytes.back() == '\r' ||
                            bytes.back() == '\n' || bytes.back() == '\t'))
    bytes = bytes.first(bytes.size() - 1);
  bytes = bytes.first(std::min(bytes.size(), most));
  std::string text;
  while (!bytes.empty()) {
    const auto size = utf8_length(bytes);
    const bool control = bytes[0] < 0x20 || bytes[0] == 0x7f;
    if (size == 0 || control || deceives(bytes.first(size))) {
      const auto bad = std::max<std::size_t>(size, 1);
      for (const auto byte : bytes.first(bad)) {
        text += "\\x";
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
      }
      bytes = bytes.subspan(bad);
      continue;
    }
    text += view_of(bytes.first(size));
    bytes = bytes.subspan(size);
  }
  return text;
}

SmallText& SmallText::add(std::string_view text) noexcept {
  const auto count = std::min(text.size(), text_.size() - size_);
  std::copy_n(text.begin(), count, text_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += count;
  return *this;
}

SmallText& SmallText::add(char letter) noexcept {
  return add(std::string_view{&letter, 1});
}

SmallText& SmallText::decimal(std::uint64_t value) noexcept {
  std::array<char, 20> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return add(std::string_view{digits.data(), static_cast<std::size_t>(result.ptr - digits.data())});
}

SmallText& SmallText::hex(std::uint64_t value, unsigned digits) noexcept {
  std::array<char, 16> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value, 16);
  const auto size = static_cast<std::size_t>(result.ptr - text.data());
  add("0x");
  for (std::size_t i = size; i < digits; ++i) add('0');
  return add(std::string_view{text.data(), size});
}

SmallText& SmallText::utf16le(Bytes bytes) noexcept {
  ByteCursor cursor{bytes};
  while (cursor.remaining() >= 2) {
    std::uint32_t point = cursor.le16();
    if (point >= 0xd800 && point <= 0xdbff && cursor.remaining() >= 2) {
      const std::uint32_t low = cursor.le16();
      point = low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00)
                                             : 0xfffd;
    } else if (point >= 0xd800 && point <= 0xdfff) {
      point = 0xfffd;
    }
    std::array<char, 4> out{};
    std::size_t size = 0;
    const auto put = [&](std::uint32_t byte) { out[size++] = static_cast<char>(byte); };
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xc0U | (point >> 6U));
      put(0x80U | (point & 0x3fU));
    } else if (point < 0x10000) {
      put(0xe0U | (point >> 12U));
      put(0x80U | ((point >> 6U) & 0x3fU));
      put(0x80U | (point & 0x3fU));
    } else {
      put(0xf0U | (point >> 18U));
      put(0x80U | ((point >> 12U) & 0x3fU));
      put(0x80U | ((point >> 6U) & 0x3fU));
      put(0x80U | (point & 0x3fU));
    }
    if (size_ + size > text_.size()) break;
    add(std::string_view{out.data(), size});
  }
  return *this;
}

}  // namespace sekimori
