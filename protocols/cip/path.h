#pragma once

// Paths: The CIP Networks Library, volume 1, C-1.4: segments that say through which ports and to
// which class, instance, attribute or symbol a request goes. Padded form.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>

namespace sekimori::cip {

/// Which device behind the address. `Target::kNoUnit` alone stands for the device at the address
/// itself; what no number expresses, or where the connection's opening was not seen, is `unknown`.
class Unit {
 public:
  [[nodiscard]] static constexpr Unit here() noexcept { return Unit{kHere}; }
  [[nodiscard]] static constexpr Unit unknown() noexcept { return Unit{kUnknown}; }
  [[nodiscard]] static constexpr Unit of_word(std::uint16_t word) noexcept { return Unit{word}; }
  [[nodiscard]] constexpr std::uint16_t word() const noexcept { return word_; }

  [[nodiscard]] constexpr bool is_known() const noexcept { return word_ != kUnknown; }
  [[nodiscard]] constexpr std::uint32_t number() const noexcept {
    return word_ < kUnknown ? word_ : Target::kNoUnit;
  }

  /// One hop further: a slot, or a node of the network behind it. The first hop is its link (a
  /// slot's number); a second one adds 256 for each slot and one more, so that they do not meet.
  [[nodiscard]] constexpr Unit hop(std::uint32_t link) const noexcept {
    if (word_ == kHere && link < 256) return Unit{static_cast<std::uint16_t>(link)};
    if (word_ < 253 && link < 256)
      return Unit{static_cast<std::uint16_t>((word_ + 1U) * 256U + link)};
    return unknown();
  }

  friend constexpr bool operator==(Unit, Unit) = default;

 private:
  static constexpr std::uint16_t kHere = 0xffff;
  static constexpr std::uint16_t kUnknown = 0xfffe;

  explicit constexpr Unit(std::uint16_t word) noexcept : word_(word) {}

  std::uint16_t word_;
};

/// What a path says. Of several classes the last is what is addressed; those before it are its
/// scope (a tag of a program).
struct Path {
  bool sound = true;
  bool has_class = false;
  bool has_instance = false;
  bool has_attribute = false;
  std::uint16_t of = 0;  ///< the class
  std::uint32_t instance = 0;
  std::uint16_t attribute = 0;
  SmallText symbol;          ///< `Program:Main.Tank[].Level`
  unsigned indexes = 0;      ///< how many stand in `symbol`
  std::uint32_t index = 0;   ///< the first of them
  Unit unit = Unit::here();  ///< where the port segments lead, from where the path begins

  static Path read(Bytes bytes, Unit from = Unit::here()) noexcept {
    Path path;
    path.unit = from;
    ByteCursor cursor{bytes};
    while (path.sound && cursor.ok() && !cursor.empty()) path.read_segment(cursor);
    path.sound = path.sound && cursor.ok();
    return path;
  }

 private:
  void read_segment(ByteCursor& cursor) noexcept {
    const auto segment = cursor.u8();
    switch (segment >> 5U) {
      case 0:
        return read_port(segment, cursor);
      case 1:
        return read_logical(segment, cursor);
      case 2:  // network: a byte, or with the bit set a counted row of words
        return cursor.skip((segment & 0x10U) != 0 ? cursor.u8() * std::size_t{2} : 1U);
      case 3:
        return read_symbol(segment & 0x1fU, cursor);
      case 4:
        if (segment == 0x91) return read_symbol(cursor.u8(), cursor);
        return cursor.skip(cursor.u8() * std::size_t{2});  // data, in words
      default:
        sound = false;
    }
  }

  /// A number below 15 or behind it a word; the link is a byte, or counted and padded text.
  void read_port(std::uint8_t segment, ByteCursor& cursor) noexcept {
    const bool is_text = (segment & 0x10U) != 0;
    const std::size_t size = is_text ? cursor.u8() : 1U;
    const bool wide = (segment & 0x0fU) == 0x0f;
    if (wide) cursor.skip(2);
    const auto link = cursor.take(size);
    if (is_text && size % 2 != 0) cursor.skip(1);
    if (!cursor.ok()) return;
    unit = is_text ? Unit::unknown() : unit.hop(link[0]);
  }

  void read_logical(std::uint8_t segment, ByteCursor& cursor) noexcept {
    enum Kind : unsigned { of_class, of_instance, of_member, of_point, of_attribute, special };
    const unsigned kind = segment >> 2U & 7U;
    const unsigned form = segment & 3U;
    if (kind == special) {  // an electronic key: its format, which is 4, and eight bytes
      sound = segment == 0x34 && cursor.u8() == 4;
      return cursor.skip(8);
    }
    if (form == 3) {
      sound = false;
      return;
    }
    if (form != 0) cursor.skip(1);
    const std::uint32_t value = form == 0 ? cursor.u8() : form == 1 ? cursor.le16() : cursor.le32();
    if (!cursor.ok()) return;
    switch (kind) {
      case of_class:
        of = static_cast<std::uint16_t>(value);
        has_class = true;
        has_instance = has_attribute = false;
        break;
      case of_instance:
        instance = value;
        has_instance = true;
        break;
      case of_member:
        if (indexes++ == 0) index = value;
        if (!symbol.empty() && symbol.view().back() != ']') symbol.add("[]");
        break;
      case of_attribute:
        attribute = static_cast<std::uint16_t>(value);
        has_attribute = true;
        break;
      default:
        break;
    }
  }

  void read_symbol(std::size_t size, ByteCursor& cursor) noexcept {
    const auto name = cursor.take(size);
    if (size % 2 != 0) cursor.skip(1);
    if (size == 0) sound = false;
    if (!cursor.ok()) return;
    if (!symbol.empty()) symbol.add('.');
    symbol.add(view_of(name));
  }
};

}  // namespace sekimori::cip
