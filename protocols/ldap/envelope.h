#pragma once

// The frame of a message (RFC 4511, 4.1.1): its number, its operation, and whether both can be.

#include "sekimori/dissect/ber.h"
#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include "operations.h"

#include <cstdint>

namespace sekimori::ldap {

inline constexpr bool is_response(std::uint32_t number) noexcept {
  switch (number) {
    case kBindResponse:
    case kEntry:
    case kSearchDone:
    case kModifyResponse:
    case kAddResponse:
    case kDeleteResponse:
    case kRenameResponse:
    case kCompareResponse:
    case kReference:
    case kExtendedResponse:
    case kIntermediate:
      return true;
    default:
      return false;
  }
}

constexpr std::uint32_t kNoOperation = 0xffffffff;

/// The number of an operation's tag, which tells whether it holds other elements (4.1.1).
constexpr std::uint32_t number_of(std::uint32_t tag) noexcept {
  if (tag == ber::application(kUnbind, ber::Form::primitive)) return kUnbind;
  if (tag == ber::application(kDelete, ber::Form::primitive)) return kDelete;
  if (tag == ber::application(kAbandon, ber::Form::primitive)) return kAbandon;
  const auto number = tag & 0x1fU;
  if (tag != ber::application(number) || number == kUnbind || number == kDelete ||
      number == kAbandon)
    return kNoOperation;
  const bool asks = number == kBind || number == kSearch || number == kModify || number == kAdd ||
                    number == kRename || number == kCompare || number == kExtended;
  return asks || is_response(number) ? number : kNoOperation;
}

enum class Fit : std::uint8_t { fits, cut, foreign };

/// Of a bind: 1 to 3.
inline Fit version_fits(const BerElement& version) noexcept {
  if (!version.is(ber::kInteger) || version.length != 1) return Fit::foreign;
  if (!version.is_whole()) return Fit::cut;
  return version.content[0] >= 1 && version.content[0] <= 3 ? Fit::fits : Fit::foreign;
}

/// Each operation begins with an element of one kind.
inline Fit first_fits(std::uint32_t number, const BerElement& operation) noexcept {
  switch (number) {
    case kUnbind:
      return operation.length == 0 ? Fit::fits : Fit::foreign;
    case kAbandon:
      return operation.length > 0 && operation.length <= 4 ? Fit::fits : Fit::foreign;
    case kDelete:
      if (!operation.is_whole()) return Fit::cut;
      return is_printable(view_of(operation.content)) ? Fit::fits : Fit::foreign;
    case kIntermediate:
      return Fit::fits;
    default:
      break;
  }
  BerReader inside{operation.content};
  const auto first = inside.next();
  if (inside.state() == BerReader::State::broken) return Fit::foreign;
  if (first.tag == 0) return operation.is_whole() ? Fit::foreign : Fit::cut;
  if (number == kBind) return version_fits(first);
  if (number == kExtended) return first.is(ber::context(0)) ? Fit::fits : Fit::foreign;
  const bool text = !is_response(number) || number == kEntry || number == kReference;
  if (text) return first.is(ber::kOctetString) ? Fit::fits : Fit::foreign;
  return first.is(ber::kEnumerated) && first.length == 1 ? Fit::fits : Fit::foreign;
}

struct Envelope {
  std::uint64_t id = 0;
  std::uint32_t number = kNoOperation;
  BerElement operation;
};

inline Fit open_envelope(const BerElement& message, Envelope& envelope) noexcept {
  constexpr std::uint64_t kMostId = 0x7fffffff;  // 4.1.1.1
  if (!message.is(ber::kSequence)) return Fit::foreign;
  BerReader inside{message.content};
  const auto id = inside.next();
  if (inside.state() == BerReader::State::broken) return Fit::foreign;
  if (id.tag == 0) return message.is_whole() ? Fit::foreign : Fit::cut;
  if (!id.is(ber::kInteger) || id.length == 0 || id.length > 5) return Fit::foreign;
  if (!id.is_whole()) return Fit::cut;
  envelope.id = ber_counter(id.content).value_or(kMostId + 1);
  if (envelope.id > kMostId || (id.content[0] & 0x80U) != 0) return Fit::foreign;
  envelope.operation = inside.next();
  if (inside.state() == BerReader::State::broken) return Fit::foreign;
  if (envelope.operation.tag == 0) return message.is_whole() ? Fit::foreign : Fit::cut;
  envelope.number = number_of(envelope.operation.tag);
  const auto used = id.header + id.length + envelope.operation.header + envelope.operation.length;
  if (envelope.number == kNoOperation || used > message.length) return Fit::foreign;
  if (used < message.length && message.is_whole() &&
      inside.peek() != ber::context(0, ber::Form::constructed))  // controls
    return Fit::foreign;
  return first_fits(envelope.number, envelope.operation);
}

}  // namespace sekimori::ldap
