#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sekimori {

// The Basic Encoding Rules of ASN.1 (ITU-T X.690), as SNMP, LDAP, Kerberos, MMS and GOOSE use them:
// definite lengths only.

/// Identifier octets (X.690, 8.1.2) of the universal types that protocols name; for others,
/// context() and application() spell them.
namespace ber {
inline constexpr std::uint32_t kBoolean = 0x01;
inline constexpr std::uint32_t kInteger = 0x02;
inline constexpr std::uint32_t kBitString = 0x03;
inline constexpr std::uint32_t kOctetString = 0x04;
inline constexpr std::uint32_t kNull = 0x05;
inline constexpr std::uint32_t kOid = 0x06;
inline constexpr std::uint32_t kEnumerated = 0x0a;
inline constexpr std::uint32_t kUtf8String = 0x0c;
inline constexpr std::uint32_t kSequence = 0x30;
inline constexpr std::uint32_t kSet = 0x31;
inline constexpr std::uint32_t kVisibleString = 0x1a;
inline constexpr std::uint32_t kGeneralString = 0x1b;

enum class Form : std::uint8_t { primitive, constructed };

/// A tag number above 30 takes further octets; it stands above the first octet here, so that every
/// tag is one comparable word: `0x1f | number << 8`.
[[nodiscard]] constexpr std::uint32_t tag(std::uint32_t leading, std::uint32_t number) noexcept {
  return number < 31 ? leading | number : leading | 0x1fU | number << 8U;
}
[[nodiscard]] constexpr std::uint32_t context(std::uint32_t number,
                                              Form form = Form::primitive) noexcept {
  return tag(form == Form::primitive ? 0x80 : 0xa0, number);
}
[[nodiscard]] constexpr std::uint32_t application(std::uint32_t number,
                                                  Form form = Form::constructed) noexcept {
  return tag(form == Form::primitive ? 0x40 : 0x60, number);
}
}  // namespace ber

/// One element: its tag, and as much of its content as there is.
struct BerElement {
  std::uint32_t tag = 0;
  std::uint64_t length = 0;  ///< of the content, as the encoding says
  std::size_t header = 0;    ///< bytes before the content
  Bytes content;

  [[nodiscard]] constexpr bool is(std::uint32_t wanted) const noexcept { return tag == wanted; }
  [[nodiscard]] constexpr bool is_whole() const noexcept { return content.size() == length; }
  [[nodiscard]] constexpr bool is_constructed() const noexcept { return (tag & 0x20U) != 0; }
};

/// Reads the elements that stand side by side in some bytes. Sticky, as ByteCursor is: the first
/// element that is not there or not of the wanted tag fails it, and all that follows.
class BerReader {
 public:
  enum class State : std::uint8_t {
    whole,
    cut,     ///< the bytes end inside an element
    broken,  ///< indefinite or overlong length, a tag of more than 24 bits
    other    ///< a tag that was not wanted
  };

  constexpr explicit BerReader(Bytes bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool ok() const noexcept { return state_ == State::whole; }
  [[nodiscard]] bool empty() const noexcept { return !ok() || at_ == bytes_.size(); }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }
  [[nodiscard]] Bytes rest() const noexcept { return ok() ? bytes_.subspan(at_) : Bytes{}; }

  /// The tag that comes next; 0 at the end and where none can be read.
  [[nodiscard]] std::uint32_t peek() const noexcept;

  /// The next element. One that the bytes cut short is handed out with what there is of it, and
  /// the reader stands at its end, failed as `cut`; nothing is handed out of a cut tag or length.
  BerElement next() noexcept;
  /// The next element, which must have `tag`.
  BerElement next(std::uint32_t tag) noexcept;
  /// The content of the next element, which must have `tag` and be all there.
  Bytes take(std::uint32_t tag) noexcept;
  /// The inside of the next element, which must have `tag`; a cut one can still be entered.
  BerReader enter(std::uint32_t tag) noexcept;
  /// The next element as a number.
  std::int64_t integer(std::uint32_t tag = ber::kInteger) noexcept;
  std::uint64_t counter(std::uint32_t tag = ber::kInteger) noexcept;

 private:
  [[nodiscard]] State read(BerElement& element) const noexcept;

  Bytes bytes_;
  std::size_t at_ = 0;
  State state_ = State::whole;
};

/// A signed number of at most eight octets (X.690, 8.3).
[[nodiscard]] std::optional<std::int64_t> ber_integer(Bytes content) noexcept;
/// A number that is never negative, whatever its first bit: at most eight octets after a zero one.
[[nodiscard]] std::optional<std::uint64_t> ber_counter(Bytes content) noexcept;

/// An object identifier.
class Oid {
 public:
  static constexpr std::size_t kMost = 32;  ///< arcs; a longer one is refused

  /// From the content of an element (X.690, 8.19).
  static std::optional<Oid> of(Bytes content) noexcept;

  [[nodiscard]] std::span<const std::uint32_t> arcs() const noexcept {
    return {arcs_.data(), size_};
  }
  [[nodiscard]] bool starts_with(std::span<const std::uint32_t> prefix) const noexcept;
  /// `1.3.6.1.2.1.1.5.0`; of its first `most` arcs.
  [[nodiscard]] SmallText text(std::size_t most = kMost) const noexcept;

 private:
  std::array<std::uint32_t, kMost> arcs_{};
  std::size_t size_ = 0;
};

}  // namespace sekimori
