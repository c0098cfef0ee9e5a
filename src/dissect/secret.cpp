#include "sekimori/dissect/secret.h"

#include "sekimori/bytes/text.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// Suppliers' defaults that stand in public manuals and in the field's own lists of default
// passwords (RFC 3512, 4 for SNMP's two); compared without regard to case.
constexpr auto kDefaults = std::to_array<std::string_view>({
    "admin",    "administrator", "private",   "public",     "default",  "user",      "guest",
    "operator", "siemens",       "schneider", "usersec",    "password", "1234",      "12345",
    "wago",     "ffpte",         "moxa",      "rockwell",   "abb800xa", "honeywell", "yokogawa",
    "omron",    "mitsubishi",    "hitachi",   "supervisor", "service",  "factory",   "system",
    "root",     "cisco",         "manager",   "monitor",    "write",    "sysadm",    "engineer",
});

constexpr auto kCommon = std::to_array<std::string_view>({
    "123456", "12345678", "123456789", "qwerty",   "letmein", "welcome",   "passw0rd", "p@ssw0rd",
    "abc123", "111111",   "000000",    "iloveyou", "monkey",  "dragon",    "secret",   "changeme",
    "test",   "scada",    "plc",       "hmi",      "control", "password1", "admin123", "admin1234",
});

constexpr std::size_t kShort = 8;  // characters; below it a password counts as short

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

SecretGrade grade_secret(Bytes secret, Bytes user) noexcept {
  const auto text = view_of(secret);
  const auto is_text = [&](std::string_view word) { return same(word, text); };
  if (text.empty()) return SecretGrade::empty;
  if (std::ranges::any_of(kDefaults, is_text)) return SecretGrade::known_default;
  if (!user.empty() && same(text, view_of(user))) return SecretGrade::same_as_user;
  if (std::ranges::any_of(kCommon, is_text)) return SecretGrade::common;
  return text.size() < kShort ? SecretGrade::too_short : SecretGrade::other;
}

std::string_view to_text(SecretGrade grade) noexcept {
  switch (grade) {
    case SecretGrade::empty:
      return "empty";
    case SecretGrade::known_default:
      return "default";
    case SecretGrade::same_as_user:
      return "same as user";
    case SecretGrade::too_short:
      return "short";
    case SecretGrade::common:
      return "common";
    case SecretGrade::other:
      return "not default";
  }
  return "";
}

}  // namespace sekimori
