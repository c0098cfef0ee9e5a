#pragma once

// The objects of a fragment: IEEE 1815-2012, 4.2.2 (headers) and Annex A (their sizes).

#include "sekimori/bytes/byte_cursor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori::dnp3 {

inline constexpr std::uint8_t kAttributes = 0;
inline constexpr std::uint8_t kCommand = 12;        // of a binary output
inline constexpr std::uint8_t kAnalogCommand = 41;  // of an analog output
inline constexpr std::uint8_t kTime = 50;
inline constexpr std::uint8_t kClass = 60;
inline constexpr std::uint8_t kFile = 70;
inline constexpr std::uint8_t kIndications = 80;
inline constexpr std::uint8_t kAuthentication = 120;

struct GroupName {
  std::uint8_t first = 0;
  std::uint8_t last = 0;
  std::string_view name = {};
};

/// What the groups are of, Annex A; events and their points bear one name.
inline constexpr auto kGroupNames = std::to_array<GroupName>({
    {0, 0, "device-attribute"},
    {1, 2, "binary-input"},
    {3, 4, "double-bit-input"},
    {10, 11, "binary-output"},
    {12, 13, "binary-output"},
    {20, 20, "counter"},
    {21, 21, "frozen-counter"},
    {22, 22, "counter"},
    {23, 23, "frozen-counter"},
    {30, 30, "analog-input"},
    {31, 31, "frozen-analog-input"},
    {32, 32, "analog-input"},
    {33, 33, "frozen-analog-input"},
    {34, 34, "analog-deadband"},
    {40, 43, "analog-output"},
    {50, 52, "time"},
    {60, 60, "class"},
    {70, 70, "file"},
    {80, 80, "internal-indication"},
    {81, 82, "device-profile"},
    {83, 83, "private-registration"},
    {85, 88, "data-set"},
    {90, 90, "application"},
    {91, 91, "request-status"},
    {101, 101, "decimal"},
    {102, 102, "integer"},
    {110, 111, "octet-string"},
    {112, 113, "virtual-terminal"},
    {120, 120, "authentication"},
    {121, 122, "security-statistic"},
});

[[nodiscard]] constexpr std::string_view group_name(std::uint8_t group) noexcept {
  const auto* const row = std::ranges::find_if(
      kGroupNames, [group](const GroupName& r) { return group >= r.first && group <= r.last; });
  return row != kGroupNames.end() ? row->name : std::string_view{"unknown-object"};
}

struct ObjectSizes {
  std::uint8_t group = 0;
  std::array<std::uint8_t, 11> bytes{};  ///< of variation 1, 2, ...; 0: none such
};

/// Annex A. Those of 1, 3, 10 and 80 in variation 1, and of 12 in variation 3, are bits.
inline constexpr auto kSizes = std::to_array<ObjectSizes>({
    {1, {0, 1}},
    {2, {1, 7, 3}},
    {3, {0, 1}},
    {4, {1, 7, 3}},
    {10, {0, 1}},
    {11, {1, 7}},
    {12, {11, 11}},
    {13, {1, 7}},
    {20, {5, 3, 5, 3, 4, 2, 4, 2}},
    {21, {5, 3, 5, 3, 11, 9, 11, 9, 4, 2, 4}},
    {22, {5, 3, 5, 3, 11, 9, 11, 9}},
    {23, {5, 3, 5, 3, 11, 9, 11, 9}},
    {30, {5, 3, 4, 2, 5, 9}},
    {31, {5, 3, 11, 9, 4, 2, 5, 9}},
    {32, {5, 3, 11, 9, 5, 9, 11, 15}},
    {33, {5, 3, 11, 9, 5, 9, 11, 15}},
    {34, {2, 4, 4}},
    {40, {5, 3, 5, 9}},
    {41, {5, 3, 5, 9}},
    {42, {5, 3, 11, 9, 5, 9, 11, 15}},
    {43, {5, 3, 11, 9, 5, 9, 11, 15}},
    {50, {6, 10, 6, 11}},
    {51, {6, 6}},
    {52, {2, 2}},
    {101, {2, 4, 8}},
    {102, {1}},
    {120, {0, 0, 6, 2}},
    {121, {7}},
    {122, {7, 13}},
});

/// One header, and the objects that it announces.
struct ObjectHeader {
  std::uint8_t group = 0;
  std::uint8_t variation = 0;
  std::uint8_t index_width = 0;  ///< of the index before each object
  std::uint8_t size_width = 0;   ///< of the size before each object
  bool has_range = false;        ///< first..first + count - 1
  bool is_all = false;           ///< no range: every point
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  [[nodiscard]] constexpr unsigned bits() const noexcept {
    if (group == 3 && variation == 1) return 2;
    const bool packed = (variation == 1 && (group == 1 || group == 10 || group == kIndications)) ||
                        (group == kCommand && variation == 3);
    return packed ? 1 : 0;
  }
  /// Of an object without a size before it; nothing where the table lacks it.
  [[nodiscard]] constexpr std::optional<std::size_t> size() const noexcept {
    // Of 110 to 113 the variation is the text's length; an object of none would have no end.
    if (group >= 110 && group <= 113)
      return variation != 0 ? std::optional<std::size_t>{variation} : std::nullopt;
    const auto* const row = std::ranges::find(kSizes, group, &ObjectSizes::group);
    if (row == kSizes.end() || variation == 0 || variation > row->bytes.size()) return std::nullopt;
    const auto size = row->bytes[variation - 1U];
    return size != 0 ? std::optional<std::size_t>{size} : std::nullopt;
  }
};

[[nodiscard]] constexpr std::uint64_t little(ByteCursor& cursor, unsigned width) noexcept {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) value |= std::uint64_t{cursor.u8()} << (8 * i);
  return value;
}

/// 4.2.2, the qualifier and the range. Nothing where the bytes end or the qualifier has no meaning.
[[nodiscard]] constexpr std::optional<ObjectHeader> read_header(ByteCursor& cursor) noexcept {
  ObjectHeader header;
  header.group = cursor.u8();
  header.variation = cursor.u8();
  const auto qualifier = cursor.u8();
  if (!cursor.ok() || (qualifier & 0x80U) != 0) return std::nullopt;
  constexpr auto kWidths = std::to_array<std::uint8_t>({0, 1, 2, 4});
  const unsigned prefix = qualifier >> 4U;
  const unsigned range = qualifier & 15U;
  if (prefix == 7) return std::nullopt;
  if (prefix <= 3) header.index_width = kWidths[prefix];
  if (prefix >= 4) header.size_width = kWidths[prefix - 3];
  if (range <= 5) {  // start and stop, or virtual addresses
    const auto width = kWidths[range % 3 + 1];
    header.has_range = true;
    header.first = little(cursor, width);
    const auto last = little(cursor, width);
    if (last < header.first) return std::nullopt;
    header.count = last - header.first + 1;
  } else if (range == 6) {
    header.is_all = true;
  } else if (range <= 9) {
    header.count = little(cursor, kWidths[range - 6]);
  } else if (range == 11) {
    header.count = cursor.u8();
  } else {
    return std::nullopt;
  }
  return cursor.ok() ? std::optional{header} : std::nullopt;
}

/// Walks the headers and objects of a fragment: `while (next_header()) while (next_object())`.
class Objects {
 public:
  enum class Data : std::uint8_t { present, absent, of_time };
  enum class End : std::uint8_t { none, whole, broken, unknown };

  /// `data`: whether objects follow the headers; a request to read only names them, and one to
  /// freeze brings the time alone. What has its size before it (file blocks) is always there.
  constexpr Objects(Bytes body, Data data) noexcept : cursor_(body), has_data_(data) {}

  constexpr bool next_header() noexcept {
    while (next_object()) {
    }
    if (end_ != End::none) return false;
    if (cursor_.empty()) {
      end_ = End::whole;
      return false;
    }
    const auto header = read_header(cursor_);
    if (!header) {
      end_ = End::broken;
      return false;
    }
    header_ = *header;
    left_ = header_.count;
    next_index_ = header_.first;
    object_ = {};
    return true;
  }

  constexpr bool next_object() noexcept {
    if (left_ == 0 || end_ != End::none) return false;
    const bool bare = has_data_ != Data::present && header_.size_width == 0 &&
                      header_.group != kAuthentication &&
                      !(has_data_ == Data::of_time && header_.group == kTime);
    if (bare && header_.index_width == 0) {
      left_ = 0;
      return false;
    }
    if (!bare && header_.bits() != 0 && header_.index_width == 0) {
      object_ = cursor_.take((left_ * header_.bits() + 7) / 8);
      left_ = 0;
      if (!cursor_.ok()) end_ = End::broken;
      return false;
    }
    --left_;
    index_ = next_index_++;
    if (header_.index_width != 0) index_ = little(cursor_, header_.index_width);
    if (!bare) take_object();
    if (!cursor_.ok()) end_ = End::broken;
    return end_ == End::none;
  }

  [[nodiscard]] constexpr const ObjectHeader& header() const noexcept { return header_; }
  [[nodiscard]] constexpr std::uint64_t index() const noexcept { return index_; }
  [[nodiscard]] constexpr Bytes object() const noexcept { return object_; }
  [[nodiscard]] constexpr End end() const noexcept { return end_; }

 private:
  constexpr void take_object() noexcept {
    if (header_.size_width != 0) {
      object_ = cursor_.take(little(cursor_, header_.size_width));
    } else if (header_.group == kAttributes) {
      // The type, the length, the value; type 255 has 256 more.
      const auto rest = cursor_.rest();
      const std::size_t more = !rest.empty() && rest[0] == 255 ? 256 : 0;
      const std::size_t length = rest.size() > 1 ? rest[1] : 0;
      object_ = cursor_.take(2 + length + more);
    } else if (const auto size = header_.size()) {
      object_ = cursor_.take(*size);
    } else {
      end_ = End::unknown;
    }
  }

  ByteCursor cursor_;
  Data has_data_;
  ObjectHeader header_;
  std::uint64_t left_ = 0;
  std::uint64_t next_index_ = 0;
  std::uint64_t index_ = 0;
  Bytes object_;
  End end_ = End::none;
};

}  // namespace sekimori::dnp3
