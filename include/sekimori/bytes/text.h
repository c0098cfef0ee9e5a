#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sekimori {

/// What the wire called text, as UTF-8 that is safe to store: valid UTF-8 stays, every other byte
/// and every control character becomes `\xNN`, trailing zeros and blanks go, and no more than
/// `most` bytes of input are looked at. Escaping for HTML, CSV and the like is the writer's work.
[[nodiscard]] std::string clean_text(Bytes bytes, std::size_t most = 256);

/// The bytes of a string, to hand a literal to what takes Bytes.
[[nodiscard]] inline Bytes bytes_of(std::string_view text) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): char to its unsigned twin.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view view_of(Bytes bytes) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): unsigned char to its plain twin.
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Whether two texts are equal, for those of a few letters that every message compares: a call to
/// compare them costs more than they do.
[[nodiscard]] inline bool is_equal(std::string_view one, std::string_view other) noexcept {
  if (one.size() != other.size()) return false;
  // The first and the last word of each may overlap: together they hold every byte.
  const auto equal_words = [&]<class Word>(Word mine) {
    Word theirs{};
    const auto differ = [&](std::size_t at) {
      std::memcpy(&mine, one.substr(at, sizeof mine).data(), sizeof mine);
      std::memcpy(&theirs, other.substr(at, sizeof theirs).data(), sizeof theirs);
      return mine != theirs;
    };
    return !differ(0) && !differ(one.size() - sizeof mine);
  };
  if (one.size() >= 8 && one.size() <= 16) return equal_words(std::uint64_t{0});
  if (one.size() >= 4 && one.size() < 8) return equal_words(std::uint32_t{0});
  return one == other;
}

/// Text built in place without the heap: for dissectors, which run once a message.
/// What does not fit is left out.
class SmallText {
 public:
  SmallText() noexcept {}  // NOLINT(*-member-init,*-equals-default): 256 zeros nobody reads
  explicit SmallText(std::string_view text) noexcept { add(text); }  // NOLINT(*-member-init)

  SmallText& add(std::string_view text) noexcept;
  SmallText& add(char letter) noexcept;
  SmallText& decimal(std::uint64_t value) noexcept;
  /// `0x` and at least `digits` lower-case digits.
  SmallText& hex(std::uint64_t value, unsigned digits = 2) noexcept;
  /// UTF-16 little endian, as SMB and NTLM write names, made UTF-8.
  SmallText& utf16le(Bytes bytes) noexcept;

  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }
  [[nodiscard]] Bytes bytes() const noexcept { return bytes_of(view()); }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  std::array<char, 256> text_;
  std::size_t size_ = 0;
};

}  // namespace sekimori
