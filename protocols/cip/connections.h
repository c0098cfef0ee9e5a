#pragma once

// What a flow's two ends agreed: connections between their forward open and their close (The CIP
// Networks Library, volume 1, 3-5.5), and the mode in which each controller was last seen. Kept in
// buffers of both directions, as rows of little-endian words; the oldest row goes.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include "path.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sekimori::cip {

inline constexpr std::size_t kMostRows = 32;

/// Rows of `size` bytes in a buffer.
template <std::size_t size>
class Rows {
 public:
  using Row = std::array<std::uint8_t, size>;

  explicit Rows(StreamBuffer& buffer) noexcept : buffer_(buffer) {}

  [[nodiscard]] std::size_t count() const noexcept { return buffer_.view().size() / size; }
  [[nodiscard]] ByteCursor row(std::size_t i) const noexcept {
    return ByteCursor{buffer_.view().subspan(i * size, size)};
  }
  void add(const Row& row) {
    if (count() >= kMostRows) remove(0);
    buffer_.append(row);
  }
  void remove(std::size_t i) {
    std::array<std::uint8_t, kMostRows * size> kept{};
    const auto all = buffer_.view();
    const auto before = all.first(i * size);
    const auto behind = all.subspan((i + 1) * size);
    const auto at = std::ranges::copy(before, kept.begin()).out;
    std::ranges::copy(behind, at);
    const auto left = all.size() - size;
    buffer_.clear();
    buffer_.append(Bytes{kept}.first(left));
  }

 private:
  StreamBuffer& buffer_;
};

/// `value` in the next bytes of a row.
template <class Word, std::size_t size>
void put(std::array<std::uint8_t, size>& row, std::size_t& at, Word value) noexcept {
  for (std::size_t i = 0; i < sizeof(Word); ++i)
    row[at++] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8U * i));
}

struct Connection {
  std::uint32_t to_target = 0;  ///< the id that the originator sends with
  std::uint32_t to_originator = 0;
  std::uint16_t serial = 0;
  Unit unit = Unit::here();
};

class Connections {
 public:
  explicit Connections(Observer& out) : rows_(out.buffer(StreamBuffer::kShared | 1U)) {}

  [[nodiscard]] std::optional<Connection> find(std::uint64_t id) const noexcept {
    for (auto i = rows_.count(); i-- > 0;) {
      const auto known = read(i);
      if (known.to_target == id || known.to_originator == id) return known;
    }
    return std::nullopt;
  }
  void open(const Connection& connection) {
    close(connection.serial);
    Rows<kSize>::Row row{};
    std::size_t at = 0;
    put(row, at, connection.to_target);
    put(row, at, connection.to_originator);
    put(row, at, connection.serial);
    put(row, at, connection.unit.word());
    rows_.add(row);
  }
  void close(std::uint16_t serial) {
    for (auto i = rows_.count(); i-- > 0;)
      if (read(i).serial == serial) rows_.remove(i);
  }

 private:
  static constexpr std::size_t kSize = 12;

  [[nodiscard]] Connection read(std::size_t i) const noexcept {
    auto row = rows_.row(i);
    Connection connection;
    connection.to_target = row.le32();
    connection.to_originator = row.le32();
    connection.serial = row.le16();
    connection.unit = Unit::of_word(row.le16());
    return connection;
  }

  Rows<kSize> rows_;
};

/// The status words of Logix controllers, by unit.
class Controllers {
 public:
  explicit Controllers(Observer& out) : rows_(out.buffer(StreamBuffer::kShared | 2U)) {}

  /// What was known of the unit before; nothing where it is not known as a controller.
  [[nodiscard]] std::optional<std::uint16_t> status(Unit unit) const noexcept {
    const auto i = find(unit);
    if (i == rows_.count()) return std::nullopt;
    auto row = rows_.row(i);
    row.skip(2);
    return row.le16();
  }
  void set_status(Unit unit, std::uint16_t status) {
    const auto i = find(unit);
    if (i != rows_.count()) rows_.remove(i);
    Rows<kSize>::Row row{};
    std::size_t at = 0;
    put(row, at, unit.word());
    put(row, at, status);
    rows_.add(row);
  }

 private:
  static constexpr std::size_t kSize = 4;

  [[nodiscard]] std::size_t find(Unit unit) const noexcept {
    for (std::size_t i = 0; i < rows_.count(); ++i)
      if (rows_.row(i).le16() == unit.word()) return i;
    return rows_.count();
  }

  Rows<kSize> rows_;
};

}  // namespace sekimori::cip
