#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstddef>
#include <cstdint>
#include <optional>

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

/// The TPKT at the front of a message, walled. Where the capture kept less, what is left of it, and
/// then `message` fails.
[[nodiscard]] ByteCursor take_tpkt(ByteCursor& message) noexcept;

/// What stands at the front of a stream, for those who have yet to tell what TPKT and COTP carry.
struct TsduFront {
  Extent extent = Extent::incomplete();  ///< all TPKTs up to the one that ends the TSDU
  Cotp::Type type = Cotp::Type::other;   ///< of the first
  Bytes payload;           ///< of the first that has any: how the TSDU begins, as far as it came
  std::size_t length = 0;  ///< of the TSDU, once `extent` is a message
};
[[nodiscard]] TsduFront tsdu_front(ByteCursor stream) noexcept;

/// Gathers the data TPDUs of one direction into TSDUs (X.224, 6.3). Is to hear every TPDU; gives
/// the TSDU once its end came, and nothing of one that lacks a part. `whole`: the capture kept all
/// of the TPDU. The lowest four bits of `word`, of the flow's state, are its memory; the view holds
/// until the next call.
[[nodiscard]] std::optional<Bytes> gather_tsdu(const Cotp& cotp, bool whole, Sender sender,
                                               std::uint64_t& word, Observer& out);
inline constexpr std::uint64_t kTsduBits = 0x0f;
inline constexpr std::uint64_t kTsduBuffer = 0x54534455;  ///< key of Observer::buffer

}  // namespace sekimori
