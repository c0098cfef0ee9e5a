#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sekimori {

/// A number whose first two bits tell its width (RFC 9000, 16).
[[nodiscard]] std::uint64_t quic_number(ByteCursor& cursor) noexcept;

/// Reads the ClientHello out of the packets that open a QUIC connection. Their keys derive from a
/// constant and from the connection id that stands in them (RFC 9001, 5.2; RFC 9369, 3.3), so that
/// whoever is on the way can read them: they protect against chance, not against anybody.
class QuicInitial {
 public:
  static constexpr std::size_t kMostHello = 4096;
  static constexpr std::size_t kMostPacket = 2048;

  /// The frames in a client's packet; they live until the next call. Empty for other versions and
  /// kinds of packets, for a server's and for a client's later ones (other ids), and for one that
  /// is cut or damaged.
  [[nodiscard]] Bytes open(Bytes packet) noexcept;

  /// Of the frames of one or more packets, one behind the other, the hello as one TLS record,
  /// ready for the dissector of TLS; it lives until the next call. Empty where it is not whole.
  [[nodiscard]] Bytes client_hello(Bytes frames) noexcept;

 private:
  static constexpr std::size_t kRecordHeader = 5;  // RFC 8446, 5.1

  std::array<std::uint8_t, kMostPacket> content_{};
  std::array<std::uint8_t, kRecordHeader + kMostHello> record_{};
};

}  // namespace sekimori
