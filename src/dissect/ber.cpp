#include "sekimori/dissect/ber.h"

#include <algorithm>
#include <limits>

namespace sekimori {
namespace {

constexpr std::uint8_t kNumberBits = 0x1f;       // X.690, 8.1.2.2; all set: the long form
constexpr std::uint8_t kMore = 0x80;             // X.690, 8.1.2.4.2 and 8.19.2
constexpr std::uint32_t kLargestTag = 0xffffff;  // what fits above the first octet
constexpr std::uint8_t kLengthOctets = 4;        // of the long form; no message is longer

}  // namespace

BerReader::State BerReader::read(BerElement& element) const noexcept {
  ByteCursor cursor{bytes_.subspan(at_)};
  std::uint32_t tag = cursor.u8();
  if ((tag & kNumberBits) == kNumberBits) {
    std::uint32_t number = 0;
    std::uint8_t octet = kMore;
    while (cursor.ok() && (octet & kMore) != 0) {
      octet = cursor.u8();
      number = number << 7U | (octet & 0x7fU);
      if (number > kLargestTag) return State::broken;
    }
    tag |= number << 8U;
  }
  std::uint64_t length = cursor.u8();
  if ((length & kMore) != 0) {
    const auto octets = length & 0x7fU;
    if (octets == 0 || octets > kLengthOctets) return cursor.ok() ? State::broken : State::cut;
    length = 0;
    for (const auto octet : cursor.take(octets)) length = length << 8U | octet;
  }
  if (!cursor.ok()) return State::cut;
  element.tag = tag;
  element.header = cursor.offset();
  element.length = length;
  element.content = cursor.take(std::min<std::uint64_t>(length, cursor.remaining()));
  return element.is_whole() ? State::whole : State::cut;
}

std::uint32_t BerReader::peek() const noexcept {
  BerElement element;
  if (empty() || read(element) == State::broken) return 0;
  return element.tag;
}

BerElement BerReader::next() noexcept {
  BerElement element;
  if (!ok()) return element;
  state_ = read(element);
  if (state_ == State::broken) return {};
  at_ += element.header + element.content.size();
  return element;
}

BerElement BerReader::next(std::uint32_t tag) noexcept {
  const auto was = ok();
  const auto element = next();
  if (element.is(tag)) return element;
  // A tag of 0 was not read at all: then the state already tells why.
  if (was && (ok() || element.tag != 0)) state_ = State::other;
  return {};
}

Bytes BerReader::take(std::uint32_t tag) noexcept {
  const auto element = next(tag);
  return ok() ? element.content : Bytes{};
}

BerReader BerReader::enter(std::uint32_t tag) noexcept {
  const auto before = state_;
  const auto element = next(tag);
  BerReader inner{element.content};
  if (before != State::whole)
    inner.state_ = before;
  else if (element.tag != tag)
    inner.state_ = state_;
  return inner;
}

std::int64_t BerReader::integer(std::uint32_t tag) noexcept {
  const auto content = take(tag);
  if (!ok()) return 0;
  const auto value = ber_integer(content);
  if (!value) state_ = State::broken;
  return value.value_or(0);
}

std::uint64_t BerReader::counter(std::uint32_t tag) noexcept {
  const auto content = take(tag);
  if (!ok()) return 0;
  const auto value = ber_counter(content);
  if (!value) state_ = State::broken;
  return value.value_or(0);
}

std::optional<std::int64_t> ber_integer(Bytes content) noexcept {
  if (content.empty() || content.size() > 8) return std::nullopt;
  std::uint64_t value = (content[0] & 0x80U) != 0 ? std::numeric_limits<std::uint64_t>::max() : 0;
  for (const auto octet : content) value = value << 8U | octet;
  return static_cast<std::int64_t>(value);
}

std::optional<std::uint64_t> ber_counter(Bytes content) noexcept {
  if (content.empty()) return std::nullopt;
  if (content.size() == 9 && content[0] == 0) content = content.subspan(1);
  if (content.size() > 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const auto octet : content) value = value << 8U | octet;
  return value;
}

std::optional<Oid> Oid::of(Bytes content) noexcept {
  Oid oid;
  if (content.empty() || (content.back() & kMore) != 0) return std::nullopt;
  std::uint64_t arc = 0;
  for (const auto octet : content) {
    arc = arc << 7U | (octet & 0x7fU);
    // X.690, 8.19.4: the first two arcs share a number, which may so pass 32 bits by 80.
    if (arc > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    if ((octet & kMore) != 0) continue;
    if (oid.size_ == kMost) return std::nullopt;
    if (oid.size_ == 0) {
      const auto first = std::min<std::uint64_t>(arc / 40, 2);
      oid.arcs_[oid.size_++] = static_cast<std::uint32_t>(first);
      arc -= first * 40;
    }
    oid.arcs_[oid.size_++] = static_cast<std::uint32_t>(arc);
    arc = 0;
  }
  return oid;
}

bool Oid::starts_with(std::span<const std::uint32_t> prefix) const noexcept {
  return prefix.size() <= size_ && std::ranges::equal(prefix, arcs().first(prefix.size()));
}

SmallText Oid::text(std::size_t most) const noexcept {
  SmallText text;
  for (const auto arc : arcs().first(std::min(most, size_))) {
    if (!text.empty()) text.add('.');
    text.decimal(arc);
  }
  return text;
}

}  // namespace sekimori
