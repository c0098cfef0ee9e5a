#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstddef>
#include <cstdint>

namespace sekimori {

inline constexpr std::size_t kTpktSize = 4;  // RFC 1006, 6
inline constexpr std::uint8_t kTpktVersion = 3;

/// The TPKT at the front of a stream (RFC 1006, 6). Foreign where it is none or holds no COTP.
[[nodiscard]] Extent tpkt_extent(ByteCursor stream) noexcept;

/// A TPDU of class 0 as RFC 1006 carries it (ITU-T X.224, 13).
struct Cotp {
  enum class Type : std::uint8_t {
    other = 0x00,
    disconnect_request = 0x80,
    disconnect_confirm = 0xc0,
    connect_confirm = 0xd0,
    connect_request = 0xe0,
    data = 0xf0,
  };

  Type type = Type::other;
  std::uint16_t destination = 0;  ///< reference; not in data
  std::uint16_t source = 0;       ///< reference; not in data
  std::uint8_t reason = 0;        ///< of a disconnect request
  bool last = true;               ///< of data: end of a TSDU
  Bytes calling;                  ///< TSAP of a connect request or confirm
  Bytes called;
  Bytes variable;  ///< the variable part, as it stands
  Bytes payload;   ///< behind the header
};

/// Reads TPKT and COTP headers of one message. The cursor fails where they are cut short; what
/// lies in `payload` may be cut too. Parameters that do not parse (RDP's cookie) leave the TSAPs
/// empty and `variable` whole.
[[nodiscard]] Cotp read_cotp(ByteCursor& message) noexcept;

}  // namespace sekimori
