#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstddef>
#include <cstdint>

namespace sekimori {

/// A UUID by its fields (C706, appendix A): what its text spells is what they are.
struct Uuid {
  std::uint32_t low = 0;
  std::uint16_t middle = 0;
  std::uint16_t high = 0;
  std::uint64_t rest = 0;  ///< clock and node

  friend constexpr bool operator==(const Uuid&, const Uuid&) = default;
};
[[nodiscard]] SmallText to_text(const Uuid& uuid) noexcept;

/// A PDU of connection-oriented DCE/RPC, version 5 (C706, 12.6), one fragment of a call.
struct DcePdu {
  // 12.6.3.1; auth3 is [MS-RPCE] 2.2.2.10.
  enum Type : std::uint8_t {
    request = 0,
    response = 2,
    fault = 3,
    bind = 11,
    bind_ack = 12,
    bind_nak = 13,
    alter = 14,
    alter_response = 15,
    auth3 = 16,
    shutdown = 17,
    cancel = 18,
    orphaned = 19
  };
  static constexpr std::size_t kHeader = 16;
  static constexpr std::uint8_t kFirst = 1;  // 12.6.3.1, pfc_flags
  static constexpr std::uint8_t kLast = 2;
  static constexpr std::uint8_t kHasObject = 0x80;
  static constexpr std::uint8_t kPrivacy = 6;  // [MS-RPCE] 2.2.1.1.8

  Type type = request;
  std::uint8_t flags = 0;
  bool big_endian = false;
  std::uint16_t length = 0;
  std::uint16_t auth_length = 0;
  std::uint32_t call = 0;
  // Of a request, response or fault:
  std::uint16_t context = 0;  ///< which of the bound interfaces
  std::uint16_t opnum = 0;
  std::uint32_t status = 0;  ///< of a fault
  Bytes stub;                ///< arguments or results, without padding and verifier
  bool whole = false;        ///< the fragment was not cut: stub and token are all there
  // The verifier, where the fragment is whole and has one:
  std::uint8_t auth_level = 0;
  Bytes token;

  [[nodiscard]] bool is_first() const noexcept { return (flags & kFirst) != 0; }
  [[nodiscard]] bool is_last() const noexcept { return (flags & kLast) != 0; }
  [[nodiscard]] bool is_sealed() const noexcept { return auth_level == kPrivacy; }

  [[nodiscard]] std::uint16_t u16(ByteCursor& cursor) const noexcept {
    return big_endian ? cursor.be16() : cursor.le16();
  }
  [[nodiscard]] std::uint32_t u32(ByteCursor& cursor) const noexcept {
    return big_endian ? cursor.be32() : cursor.le32();
  }
  [[nodiscard]] Uuid uuid(ByteCursor& cursor) const noexcept;
};

/// The fragment at the front of a stream.
[[nodiscard]] Extent dce_extent(ByteCursor stream) noexcept;

/// Reads a fragment's header and verifier, and of a call its own header. The cursor has failed
/// where these were cut; it then stands at the stub or, for other types, at the body.
[[nodiscard]] DcePdu take_dce_pdu(ByteCursor& message) noexcept;

}  // namespace sekimori
