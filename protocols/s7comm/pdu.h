#pragma once

// One S7comm message: its header, and the head of userdata.
//
//   0x32, type, 0 (2), reference (2), size of the parameter (2), size of the data (2),
//   in an answer to a job: error class, error code; then parameter and data.
//   Parameter of userdata: 00 01 12, size, method, type << 4 | group, subfunction, sequence;
//   where the size is 8, also data unit, whether more follows, error (2).
//   Data of userdata: return code, transport size, size (2), then what it is about.

#include "sekimori/bytes/byte_cursor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sekimori::s7comm {

inline constexpr std::uint8_t kProtocol = 0x32;
inline constexpr std::size_t kHeader = 10;  // up to the sizes
inline constexpr std::size_t kHeaderOfAnswer = 12;

enum class Type : std::uint8_t { job = 1, ack = 2, answer = 3, userdata = 7 };

[[nodiscard]] constexpr bool is_type(std::uint8_t type) noexcept {
  return (type >= 1 && type <= 3) || type == 7;
}

struct Pdu {
  Type type = Type::job;
  std::uint16_t reference = 0;
  std::uint16_t error = 0;  ///< class << 8 | code, of an answer to a job
  Bytes parameter;
  Bytes data;
  bool cut = false;  ///< the capture kept less than the sizes say
  bool fits = true;  ///< the sizes fill the TSDU
};

/// Nothing where no header can be read or it is another protocol's.
[[nodiscard]] inline std::optional<Pdu> read_pdu(Bytes tsdu, bool whole) noexcept {
  ByteCursor cursor{tsdu};
  const auto protocol = cursor.u8();
  const auto type = cursor.u8();
  cursor.skip(2);
  Pdu pdu;
  pdu.reference = cursor.be16();
  const std::size_t parameter = cursor.be16();
  const std::size_t data = cursor.be16();
  if (protocol != kProtocol || !is_type(type)) return std::nullopt;
  pdu.type = static_cast<Type>(type);
  if (pdu.type == Type::ack || pdu.type == Type::answer) pdu.error = cursor.be16();
  if (!cursor.ok()) return std::nullopt;
  const auto rest = cursor.rest();
  pdu.cut = !whole && rest.size() < parameter + data;
  pdu.fits = pdu.cut || rest.size() == parameter + data;
  pdu.parameter = rest.first(std::min(rest.size(), parameter));
  const auto behind = rest.subspan(pdu.parameter.size());
  pdu.data = behind.first(std::min(behind.size(), data));
  return pdu;
}

/// The head of a userdata's parameter.
struct Head {
  enum class Kind : std::uint8_t { push, request, answer, other };

  Kind kind = Kind::other;
  std::uint8_t group = 0;
  std::uint8_t sub = 0;
  std::uint8_t sequence = 0;
  std::uint8_t unit = 0;  ///< of the parts of one answer, which share it
  bool more = false;      ///< another part follows when it is asked for
  std::uint16_t error = 0;
};

[[nodiscard]] inline std::optional<Head> read_head(Bytes parameter) noexcept {
  ByteCursor cursor{parameter};
  const auto mark = cursor.be24();
  const auto size = cursor.u8();
  cursor.skip(1);
  const auto type = cursor.u8();
  Head head;
  head.sub = cursor.u8();
  head.sequence = cursor.u8();
  if (size >= 8) {
    head.unit = cursor.u8();
    head.more = cursor.u8() != 0;
    head.error = cursor.be16();
  }
  if (!cursor.ok() || mark != 0x000112) return std::nullopt;
  head.group = type & 0x0fU;
  // 3, 7 and 11 are the same three of an NC.
  switch (type >> 4U) {
    case 0:
    case 3:
      head.kind = Head::Kind::push;
      break;
    case 4:
    case 7:
      head.kind = Head::Kind::request;
      break;
    case 8:
    case 11:
      head.kind = Head::Kind::answer;
      break;
    default:
      break;
  }
  return head;
}

inline constexpr std::uint8_t kSuccess = 0xff;
inline constexpr std::uint8_t kNoObject = 0x0a;

/// The data of userdata. `content` is what came of it.
struct Envelope {
  std::uint8_t code = 0;
  std::size_t size = 0;
  bool empty = false;  ///< says that there is nothing, which is no failure
  Bytes content;
};

[[nodiscard]] inline std::optional<Envelope> read_envelope(Bytes data) noexcept {
  ByteCursor cursor{data};
  Envelope envelope;
  envelope.code = cursor.u8();
  const auto transport = cursor.u8();
  envelope.size = cursor.be16();
  if (!cursor.ok()) return std::nullopt;
  envelope.empty = envelope.code == kNoObject && transport == 0 && envelope.size == 0;
  envelope.content = cursor.rest().first(std::min(cursor.remaining(), envelope.size));
  return envelope;
}

}  // namespace sekimori::s7comm
