#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <optional>

namespace sekimori {

/// An NTLM message as SMB, HTTP, RDP and DCE/RPC carry it ([MS-NLMP] 2.2.1).
struct NtlmMessage {
  enum class Type : std::uint8_t { negotiate = 1, challenge = 2, authenticate = 3 };

  Type type = Type::negotiate;
  bool unicode = false;    ///< the texts are UTF-16 little endian
  bool anonymous = false;  ///< authenticate without user and without proof
  Bytes domain;            ///< of the user; in a negotiate message, of the workstation
  Bytes user;
  Bytes workstation;
  Bytes netbios_computer;  ///< what a challenge says of its sender; always UTF-16
  Bytes netbios_domain;
  Bytes dns_computer;
  Bytes dns_domain;
  std::uint8_t os_major = 0;  ///< [MS-NLMP] 2.2.2.10; zero where it is not told
  std::uint8_t os_minor = 0;
  std::uint16_t os_build = 0;
};

/// The NTLM message inside `token`: bare, or within SPNEGO (RFC 4178), which is looked through and
/// not parsed. Nothing where there is none, or where a part lies outside `token`.
[[nodiscard]] std::optional<NtlmMessage> find_ntlm(Bytes token) noexcept;

/// True where a SPNEGO token carries a Kerberos AP-REQ (RFC 4121, 4.1).
[[nodiscard]] bool has_kerberos(Bytes token) noexcept;

/// Says whose names, domain and system a token tells of its sender, and that an account is used.
/// True where the token is an authenticate message, so that a later refusal is one of a login.
bool say_ntlm(Bytes token, Observer& out);

/// A name field of an NTLM message as UTF-8.
[[nodiscard]] SmallText ntlm_text(Bytes field, bool unicode) noexcept;

/// `Windows 7 / Server 2008 R2 (6.1.7601)`; empty for numbers that no Windows has.
[[nodiscard]] SmallText windows_name(unsigned major, unsigned minor, unsigned build) noexcept;

}  // namespace sekimori
