#pragma once

// LOGIN7 of TDS ([MS-TDS] 2.2.6.4): who logs in to what, from where and with which program.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sekimori::tds {

[[nodiscard]] inline SmallText text_of(Bytes utf16) noexcept {
  return SmallText{}.utf16le(utf16);
}

struct Login {
  std::uint32_t version = 0;
  bool integrated = false;  ///< the account of Windows, by `token`
  Bytes host;               ///< texts are UTF-16, the lowest byte first
  Bytes user;
  Bytes secret;  ///< hidden by a fixed rule
  Bytes program;
  Bytes server;
  Bytes database;
  Bytes token;
};

/// A part of the message: where it stands from its beginning, and its size in `unit` bytes. Empty
/// where it lies outside.
[[nodiscard]] inline Bytes part_of(ByteCursor& fixed, Bytes message, std::size_t unit) noexcept {
  const std::size_t offset = fixed.le16();
  const std::size_t size = std::size_t{fixed.le16()} * unit;
  if (!fixed.ok() || offset > message.size() || size > message.size() - offset) return {};
  return message.subspan(offset, size);
}

/// Nothing where the fixed part is cut.
[[nodiscard]] inline std::optional<Login> login_of(Bytes message) noexcept {
  constexpr std::uint8_t kIntegrated = 0x80;  // OptionFlags2
  constexpr std::size_t kWide = 2;
  Login login;
  ByteCursor fixed{message};
  fixed.skip(4);  // length
  login.version = fixed.le32();
  fixed.skip(4 + 4 + 4 + 4 + 1);  // packet size, program version, process, connection, flags
  login.integrated = (fixed.u8() & kIntegrated) != 0;
  fixed.skip(2 + 4 + 4);  // type and flags, time zone, locale
  login.host = part_of(fixed, message, kWide);
  login.user = part_of(fixed, message, kWide);
  login.secret = part_of(fixed, message, kWide);
  login.program = part_of(fixed, message, kWide);
  login.server = part_of(fixed, message, kWide);
  fixed.skip(4 + 4 + 4);  // extension, library, language
  login.database = part_of(fixed, message, kWide);
  fixed.skip(6);  // the client's number
  login.token = part_of(fixed, message, 1);
  if (!fixed.ok()) return std::nullopt;
  return login;
}

/// The halves of each byte changed over, then 0xa5: whoever reads it has the secret.
inline void say_password(const Login& login, Observer& out) {
  std::array<std::uint8_t, 256> room{};
  const auto size = std::min(login.secret.size(), room.size());
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = login.secret[i] ^ 0xa5U;
    room[i] = static_cast<std::uint8_t>((byte >> 4U) | ((byte << 4U) & 0xf0U));
  }
  const auto user = text_of(login.user);
  const auto secret = text_of(Bytes{room}.first(size));
  say_cleartext_login("tds", user.bytes(), secret.bytes(), out);
}

/// All that a login tells of its sender, and whom it asks for.
inline void say_login(const Login& login, Observer& out) {
  // 0x74000004 is 7.4: the second digit is the minor one.
  SmallText version{"TDS "};
  version.decimal(login.version >> 28U).add('.').decimal((login.version >> 24U) & 0xfU);
  out.event(Event::version, version.view());
  const auto host = text_of(login.host);
  const auto program = text_of(login.program);
  const auto server = text_of(login.server);
  if (!host.empty()) out.property({}, Property::name, host.bytes(), Confidence::stated);
  if (!program.empty()) out.property({}, Property::software, program.bytes(), Confidence::stated);
  if (!server.empty()) out.event(Event::server_name, server.view());
  if (login.integrated) {
    if (has_kerberos(login.token)) out.event(Event::login, "Kerberos");
    say_ntlm(login.token, out);
  } else if (!login.user.empty()) {
    say_password(login, out);
  }
}

}  // namespace sekimori::tds
