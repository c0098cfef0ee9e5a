#pragma once

// Upon what a read or a write acts: the list of items in its parameter. An item is 0x12, its size,
// its syntax, and by syntax
//   0x10  any pointer: transport size, how many (2), data block (2), area, address in bits (3)
//   0xb0  data block: how many parts; of each bytes (1), data block (2), first byte (2)
//   0x82..0x84  NC: area and unit, column (2), line (2), module, how many lines
//   0xa2  drive: a parameter;  0xb2  a symbol's check sum.
// Sources: Wireshark's dissector, libnodave's and Snap7's clients, and real captures.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::s7comm {

inline constexpr std::uint8_t kItem = 0x12;
inline constexpr std::uint8_t kAny = 0x10;
inline constexpr std::uint8_t kDataBlockRead = 0xb0;

inline constexpr std::uint8_t kDataBlock = 0x84;
inline constexpr std::uint8_t kInstanceBlock = 0x85;

[[nodiscard]] constexpr std::string_view area_text(std::uint8_t area) noexcept {
  switch (area) {
    case 0x01:
      return "record";
    case 0x03:
      return "system information";  // of an S7-200, as the next three and the last two
    case 0x05:
      return "SM";
    case 0x06:
      return "AI";
    case 0x07:
      return "AQ";
    case 0x80:
      return "P";
    case 0x81:
      return "I";
    case 0x82:
      return "Q";
    case 0x83:
      return "M";
    case kDataBlock:
      return "DB";
    case kInstanceBlock:
      return "DI";
    case 0x86:
      return "L";
    case 0x87:
      return "V";
    case 0x1c:
    case 0x1e:
      return "C";
    case 0x1d:
    case 0x1f:
      return "T";
    default:
      return {};
  }
}

/// Counters and timers are numbered; all else is addressed by bits.
[[nodiscard]] constexpr bool is_numbered(std::uint8_t area) noexcept {
  return area >= 0x1c && area <= 0x1f;
}

/// Bytes of one element; 0 for a bit.
[[nodiscard]] constexpr std::uint32_t width_of(std::uint8_t transport) noexcept {
  switch (transport) {
    case 0x01:
      return 0;
    case 0x04:  // word, integer, date, S5 time
    case 0x05:
    case 0x09:
    case 0x0c:
      return 2;
    case 0x06:  // double word, double integer, real, time of day, time
    case 0x07:
    case 0x08:
    case 0x0a:
    case 0x0b:
      return 4;
    case 0x0f:  // date and time
      return 8;
    default:
      return 1;
  }
}

/// All items of a message together: the areas by name, and where there is one only, the range of
/// bytes in it (of numbers for counters and timers).
class Items {
 public:
  /// Takes one item off the cursor.
  void take(ByteCursor& cursor) noexcept {
    const auto mark = cursor.u8();
    auto item = cursor.nested(cursor.u8());
    const auto syntax = item.u8();
    if (!cursor.ok()) return;
    ++count_;
    if (mark != kItem) {
      fits_ = false;
      return;
    }
    switch (syntax) {
      case kAny:
        return any(item);
      case kDataBlockRead:
        return data_block_read(item);
      case 0x82:
      case 0x83:
      case 0x84:
        return nc(item);
      case 0xa2:
        return add(Place{.kind = Place::Kind::drive});
      case 0xb2:
        return add(Place{.kind = Place::Kind::symbol});
      default:
        return add(Place{.kind = Place::Kind::other, .number = syntax});
    }
  }

  void any(ByteCursor& item) noexcept {
    const auto transport = item.u8();
    const auto count = item.be16();
    const auto block = item.be16();
    const auto area = item.u8();
    const auto address = item.be24();
    if (!item.ok()) {
      fits_ = false;
      return;
    }
    span(area, block, transport, count, address);
  }

  /// `address` in bits, or the number of a counter or timer.
  void span(std::uint8_t area, std::uint16_t block, std::uint8_t transport, std::uint32_t count,
            std::uint32_t address) noexcept {
    const bool in_block = area == kDataBlock || area == kInstanceBlock;
    Place place{.area = area, .number = in_block ? block : std::uint16_t{0}};
    if (count != 0) {
      const auto width = width_of(transport);
      if (is_numbered(area)) {
        place.first = address;
        place.last = address + count - 1;
      } else {
        place.first = address / 8;
        place.last = width == 0 ? (address + count - 1) / 8 : address / 8 + count * width - 1;
      }
    }
    add(place);
  }

  [[nodiscard]] unsigned count() const noexcept { return count_; }
  [[nodiscard]] bool fits() const noexcept { return fits_; }
  [[nodiscard]] bool has_range() const noexcept { return used_ == 1 && first_ <= last_; }
  [[nodiscard]] std::uint32_t first() const noexcept { return first_; }
  [[nodiscard]] std::uint32_t last() const noexcept { return last_; }

  [[nodiscard]] SmallText name() const noexcept {
    SmallText text;
    for (std::size_t i = 0; i < used_; ++i) {
      if (i > 0) text.add(", ");
      write(places_[i], text);
    }
    if (more_) text.add(" and more");
    return text;
  }

 private:
  struct Place {
    enum class Kind : std::uint8_t { memory, nc, drive, symbol, other };

    Kind kind = Kind::memory;
    std::uint8_t area = 0;
    std::uint16_t number = 0;  // of a data block, an NC's module, an unknown syntax
    std::uint32_t first = 1;
    std::uint32_t last = 0;

    [[nodiscard]] bool is_same(const Place& other) const noexcept {
      return kind == other.kind && area == other.area && number == other.number;
    }
  };
  // Of the areas that are named; a message that mixes more is told so.
  static constexpr std::size_t kMostPlaces = 4;

  void data_block_read(ByteCursor& item) noexcept {
    for (auto left = item.u8(); left > 0 && item.ok(); --left) {
      const std::uint32_t bytes = item.u8();
      const auto block = item.be16();
      const std::uint32_t first = item.be16();
      if (item.ok()) span(kDataBlock, block, 0x02, bytes, first * 8);
    }
    fits_ = fits_ && item.ok();
  }

  void nc(ByteCursor& item) noexcept {
    Place place{.kind = Place::Kind::nc};
    place.area = static_cast<std::uint8_t>(item.u8() >> 5U);
    item.skip(4);
    place.number = item.u8();
    if (item.ok())
      add(place);
    else
      fits_ = false;
  }

  void add(const Place& place) noexcept {
    const auto used = std::span{places_}.first(used_);
    const bool known = std::ranges::any_of(used, [&](const Place& p) { return p.is_same(place); });
    if (!known && used_ == kMostPlaces) {
      more_ = true;
      return;
    }
    if (!known) places_[used_++] = place;
    if (place.first > place.last) return;
    const bool empty = first_ > last_;
    first_ = empty ? place.first : std::min(first_, place.first);
    last_ = empty ? place.last : std::max(last_, place.last);
  }

  static void write(const Place& place, SmallText& text) noexcept {
    // Areas of an NC, by their number.
    constexpr auto kNcAreas = std::to_array<std::string_view>(
        {"NCK", "mode group", "channel", "axis", "tool", "feed drive", "main drive", "MMC"});
    switch (place.kind) {
      case Place::Kind::memory: {
        const auto name = area_text(place.area);
        if (name.empty())
          text.add("area ").hex(place.area);
        else
          text.add(name);
        if (place.area == kDataBlock || place.area == kInstanceBlock) text.decimal(place.number);
        return;
      }
      case Place::Kind::nc:
        text.add(kNcAreas[place.area]).add(" module ").hex(place.number);
        return;
      case Place::Kind::drive:
        text.add("drive parameter");
        return;
      case Place::Kind::symbol:
        text.add("symbol");
        return;
      case Place::Kind::other:
        text.add("syntax ").hex(place.number);
        return;
    }
  }

  std::array<Place, kMostPlaces> places_{};
  std::size_t used_ = 0;
  unsigned count_ = 0;
  std::uint32_t first_ = 1;
  std::uint32_t last_ = 0;
  bool more_ = false;
  bool fits_ = true;
};

}  // namespace sekimori::s7comm
