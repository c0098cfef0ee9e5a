#pragma once

// Secure authentication: IEEE 1815-2012, clause 7, and Annex A, group 120. Users are numbers; of
// keys, challenges and their answers nothing is kept.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::dnp3 {

inline constexpr std::uint8_t kChallenge = 1;
inline constexpr std::uint8_t kChallengeReply = 2;
inline constexpr std::uint8_t kAggressive = 3;
inline constexpr std::uint8_t kKeyStatus = 5;
inline constexpr std::uint8_t kAuthenticationError = 7;
inline constexpr std::uint8_t kUserStatus = 10;
inline constexpr std::uint8_t kUpdateKeyRequest = 11;

/// What a variation of group 120 is.
[[nodiscard]] constexpr std::string_view security_name(std::uint8_t variation) noexcept {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"authentication", "challenge", "challenge-reply", "aggressive-mode",
       "session-key-status-request", "session-key-status", "session-key-change",
       "authentication-error", "user-certificate", "message-authentication", "user-status-change",
       "update-key-change-request", "update-key-change-reply", "update-key-change",
       "update-key-change-signature", "update-key-change-confirmation"});
  return variation < kNames.size() ? kNames[variation] : kNames[0];
}

/// Of a challenge, 7.5: how the answer has to be made.
[[nodiscard]] constexpr std::string_view mac_name(std::uint8_t algorithm) noexcept {
  switch (algorithm) {
    case 1:
      return "HMAC SHA-1 of 4 octets";
    case 2:
      return "HMAC SHA-1 of 10 octets";
    case 3:
      return "HMAC SHA-256 of 8 octets";
    case 4:
      return "HMAC SHA-256 of 16 octets";
    case 5:
      return "HMAC SHA-1 of 8 octets";
    case 6:
      return "AES-GMAC";
    default:
      return {};
  }
}

/// A sequence (4), the user's number, the algorithm, the reason, the challenge.
inline void say_challenge(Bytes object, const Subject& subject, Observer& out) {
  ByteCursor cursor{object};
  cursor.skip(4 + 2);
  const auto name = mac_name(cursor.u8());
  if (cursor.ok() && !name.empty())
    out.event(Event::version, SmallText{"DNP3 secure authentication, "}.add(name).view(), subject);
}

/// The answer to a challenge and a request in aggressive mode: a sequence (4), the user's number.
inline void say_user(Bytes object, std::string_view how, Observer& out) {
  ByteCursor cursor{object};
  cursor.skip(4);
  const auto user = cursor.le16();
  if (cursor.ok())
    out.event(Event::login, SmallText{"DNP3 user "}.decimal(user).add(", ").add(how).view());
}

/// A user's name where one is changed (variation 10: method, operation, sequence (4), role (2),
/// expiry (2), three lengths (2 each)) or asks for a key (11: method, two lengths).
[[nodiscard]] constexpr Bytes user_name(std::uint8_t variation, Bytes object) noexcept {
  ByteCursor cursor{object};
  if (variation == kUserStatus) cursor.skip(1 + 1 + 4 + 2 + 2);
  if (variation == kUpdateKeyRequest) cursor.skip(1);
  const auto size = cursor.le16();
  cursor.skip(variation == kUserStatus ? 2 + 2 : 2);
  return variation == kUserStatus || variation == kUpdateKeyRequest ? cursor.take(size) : Bytes{};
}

/// A sequence (4), the user's number, the association, the error.
struct AuthenticationError {
  std::uint16_t user = 0;
  std::uint8_t code = 0;

  explicit constexpr AuthenticationError(Bytes object) noexcept {
    ByteCursor cursor{object};
    cursor.skip(4);
    user = cursor.le16();
    cursor.skip(2);
    code = cursor.u8();
  }
};

inline void say_error(const AuthenticationError& error, const Subject& subject, Observer& out) {
  out.event(Event::login_rejected,
            SmallText{"DNP3 user "}.decimal(error.user).add(", error ").decimal(error.code).view(),
            subject);
}

/// The session key's status: a sequence (4), the user's number, the algorithm, the status.
inline void say_key_status(Bytes object, const Subject& subject, Observer& out) {
  constexpr std::uint8_t kAuthenticationFailed = 4;
  ByteCursor cursor{object};
  cursor.skip(4);
  const auto user = cursor.le16();
  cursor.skip(1);
  if (cursor.u8() == kAuthenticationFailed)
    out.event(Event::login_rejected,
              SmallText{"DNP3 user "}.decimal(user).add(", session key").view(), subject);
}

}  // namespace sekimori::dnp3
