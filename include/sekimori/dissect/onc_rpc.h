#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sekimori {

/// A message of ONC RPC (RFC 5531, 9), over UDP or, behind a record mark (11), over TCP.
struct OncRpc {
  enum class Flavor : std::uint32_t { none = 0, sys = 1, short_hand = 2, dh = 3, gss = 6, tls = 7 };
  enum class Kind : std::uint8_t { call, accepted, refused };

  Kind kind = Kind::call;
  std::uint32_t xid = 0;
  // Of a call:
  std::uint32_t program = 0;
  std::uint32_t version = 0;
  std::uint32_t procedure = 0;
  Flavor flavor = Flavor::none;
  Bytes machine;           ///< of AUTH_SYS: the caller's own name
  bool sealed = false;     ///< RPCSEC_GSS with integrity or privacy: arguments and results differ
  bool encrypted = false;  ///< the latter
  /// Why a call was refused: accept_stat, 100 + reject_stat, or 200 + auth_stat.
  std::uint32_t reason = 0;
};

/// How a message lies in a stream or datagram, and whether its head is that of a call to one of
/// `programs` or of any reply. `kept`: of a longer message over TCP no more is handed over.
[[nodiscard]] Extent onc_rpc_extent(ByteCursor stream, const Context& context,
                                    std::span<const std::uint32_t> programs,
                                    std::size_t kept) noexcept;

/// Reads the head; the cursor then stands at the arguments or results. Nothing where the bytes are
/// no such message or end inside its head; the cursor has then failed.
[[nodiscard]] std::optional<OncRpc> take_onc_rpc(ByteCursor& message,
                                                 const Context& context) noexcept;

/// Who must have sent it.
[[nodiscard]] std::optional<Sender> onc_rpc_sender(ByteCursor message,
                                                   const Context& context) noexcept;

/// Variable-length opaque data or a string of at most `most` bytes, with its padding (RFC
/// 4506, 4.10).
Bytes take_xdr(ByteCursor& cursor, std::size_t most) noexcept;

/// `nfs`, `mount`, ...; empty for a program without a name here (IANA, rpc-program-numbers).
[[nodiscard]] std::string_view onc_program_name(std::uint32_t program) noexcept;

}  // namespace sekimori
